"""What a person may do with an outgoing mail: cancel it, let it be tried again, decide what became of it."""

from __future__ import annotations

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget

from documents.mail import outbox
from documents.models import OutgoingMail
from nipas_admin.shared.acts import ActForm

SENT, AGAIN = "sent", "again"
CHANGE = "documents.change_outgoingmail"
State = OutgoingMail.State


class DecideForm(ActForm):
    """What became of a mail of which the register does not know whether it went out."""

    slug = "decide"
    label = "Decide what became of it"
    permission = CHANGE
    intro = (
        "The register does not know whether this mail went out, and does not send it again by itself. Ask a receiver, "
        "or have the mail server's log searched for the Message-ID."
    )

    decision = forms.ChoiceField(
        label="What became of it",
        widget=forms.RadioSelect,
        choices=[(SENT, "It was sent: leave it"), (AGAIN, "It was not sent: send it again")],
        error_messages={"required": "Choose whether it was sent or is to be sent again."},
    )
    because = forms.CharField(
        label="How you know",
        max_length=500,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        error_messages={"required": outbox.HOW_DO_YOU_KNOW},
    )

    @classmethod
    def applies_to(cls, subject: OutgoingMail) -> bool:
        """While nobody knows."""
        return subject.state == State.NOT_KNOWN

    def act(self) -> OutgoingMail:
        """Write the decision down."""
        because = self.cleaned_data["because"]
        if self.cleaned_data["decision"] == SENT:
            return outbox.was_sent(mail=self.subject, because=because, user=self.user)
        mail = outbox.send_again(mail=self.subject, because=because, user=self.user)
        outbox.start_sending(user=self.user)
        return mail

    def said(self, record: OutgoingMail) -> str:
        """What was decided."""
        return "On record as sent." if record.state == State.SENT else "It waits to be sent again."


class TryAgainForm(ActForm):
    """A mail that failed waits again."""

    slug = "try-again"
    label = "Try again"
    permission = CHANGE
    intro = (
        "The mail is sent again as it is, to the same addresses. If an address was wrong, cancel this mail, correct "
        "the address where it is kept, and send the paper anew from there."
    )

    @classmethod
    def applies_to(cls, subject: OutgoingMail) -> bool:
        """Once it failed."""
        return subject.state == State.FAILED

    def act(self) -> OutgoingMail:
        """Let it wait, and start sending."""
        mail = outbox.try_again(mail=self.subject, user=self.user)
        outbox.start_sending(user=self.user)
        return mail

    def said(self, record: OutgoingMail) -> str:
        """What is next."""
        return "It waits to be sent again."


class CancelForm(ActForm):
    """A mail that has not gone out never will."""

    slug = "cancel"
    label = "Cancel this mail"
    permission = CHANGE
    intro = "It will never be sent. To send the paper after all, send it anew from its own record."

    because = forms.CharField(label="Why", max_length=500, required=False, help_text="It stays in the mail's history.")

    @classmethod
    def applies_to(cls, subject: OutgoingMail) -> bool:
        """While it waits, and after it failed."""
        return subject.state in (State.WAITING, State.FAILED)

    def act(self) -> OutgoingMail:
        """Cancel it."""
        return outbox.cancel(mail=self.subject, because=self.cleaned_data["because"], user=self.user)

    def said(self, record: OutgoingMail) -> str:
        """That it is done."""
        return "Canceled. It will not be sent."
