"""The acts by which participation begins or is settled: dates, dues, applications, what the texts leave open."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget

from documents.forms import ActWithPapers, ScanField
from documents.models import Paper
from membership import services
from membership.models import AgreementVersion, Application, Approval, Participation
from membership.rules import standing
from membership.rules.facts import Settlement
from membership.rules.instruments import Event
from nipas_admin.shared.acts import ActForm, day
from nipas_admin.shared.dated import in_words


class ChooseDateForm(ActForm):
    """Which of the dates that disagree governs an Approval (Reading R18)."""

    slug = "choose-date"
    label = "Choose the date that governs"
    permission = "membership.change_approval"
    intro = "Every date stays on the record with its source. The one you choose counts from now on."

    chosen_on = forms.TypedChoiceField(label="Date", coerce=date.fromisoformat, widget=forms.RadioSelect(), choices=())
    chosen_because = forms.CharField(
        label="Because",
        max_length=300,
        widget=AdminTextInputWidget(),
        help_text="The reason goes on the record, for example: the clerk's certificate bears this day.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        sources = _days_said(self.subject)
        self.fields["chosen_on"].choices = [  # type: ignore[attr-defined]
            (on.isoformat(), f"{in_words(on)} ({'; '.join(said)})") for on, said in sources.items()
        ]
        self.initial.setdefault("chosen_on", self.subject.chosen_on)
        self.initial.setdefault("chosen_because", self.subject.chosen_because)

    @classmethod
    def applies_to(cls, subject: Approval) -> bool:
        """Where sources give more than one day."""
        return len(_days_said(subject)) > 1

    def act(self) -> Approval:
        """Choose the date."""
        data = self.cleaned_data
        return services.choose_date(approval=self.subject, on=data["chosen_on"], because=data["chosen_because"])

    def said(self, record: Approval) -> str:
        """The day that counts."""
        return f"{record.label} now counts from {in_words(record.chosen_on)}."


def _days_said(approval: Approval) -> dict[date, list[str]]:
    """Each exact day that a source gives for passage or approval, with the sources."""
    days: dict[date, list[str]] = {}
    for said in approval.statements():
        if said.when.day and said.event is not Event.PRESENTED:
            days.setdefault(said.when.day, []).append(": ".join(filter(None, (said.source, said.event.label))))
    return dict(sorted(days.items()))


class SettleForm(ActForm):
    """What a person decides where the texts give a stint no ending (Reading R19)."""

    slug = "settle"
    label = "Decide where the texts are silent"
    permission = "membership.change_participation"
    intro = (
        "It is not, or not surely, an Original Participating Agency, and the texts give it no clear ending "
        "(Reading R19). A person decides, once, on the record."
    )

    settlement = forms.ChoiceField(
        label="This agency",
        choices=[
            ("", "Choose"),
            (Settlement.REMAINS.value, "remains a participating agency"),
            (Settlement.ENDED.value, "ended"),
        ],
    )
    settled_on = day("Day of the decision, or first day out", "If it ended: the first day out.")
    settled_because = forms.CharField(label="Because", max_length=300, widget=AdminTextInputWidget())

    @classmethod
    def applies_to(cls, subject: Participation) -> bool:
        """An original stint whose agency is not surely an Original Participating Agency, not decided yet."""
        if subject.path != "original" or subject.settlement:
            return False
        adoption = AgreementVersion.objects.adoption()
        return adoption.collective.happened and (
            standing.original_participating_agency(subject.stint, adoption.terms) is not True
        )

    def act(self) -> Participation:
        """Settle the stint."""
        data = self.cleaned_data
        return services.settle(
            participation=self.subject,
            settlement=data["settlement"],
            on=data["settled_on"],
            because=data["settled_because"],
        )

    def said(self, record: Participation) -> str:
        """What was decided."""
        return f"The decision is recorded: {record.agency} {record.get_settlement_display().lower()}."


class PayDuesForm(ActForm):
    """The joining dues came in (Bylaws Art. III §2.c.iv)."""

    slug = "joining-dues"
    label = "Record payment of joining dues"
    permission = "membership.change_participation"
    intro = (
        "A new agency participates from the last of Approval, Execution, Board approval and this payment (Reading R5)."
    )

    dues_paid_on = day("Paid on")

    @classmethod
    def applies_to(cls, subject: Participation) -> bool:
        """While dues are required of a new agency and not paid."""
        return subject.path == "new" and subject.dues_required and subject.dues_paid_on is None

    def act(self) -> Participation:
        """Record the payment."""
        return services.pay_joining_dues(participation=self.subject, paid_on=self.cleaned_data["dues_paid_on"])

    def said(self, record: Participation) -> str:
        """That it is on record."""
        return f"The joining dues of {record.agency} are recorded as paid on {in_words(record.dues_paid_on)}."


class _Decision(ActWithPapers):
    """What the acts on an application have in common."""

    permission = "membership.change_application"

    decided_on = day("Decided on")
    scan = ScanField(label="Paper of the decision", required=False)

    @classmethod
    def applies_to(cls, subject: Application) -> bool:
        """While it is open."""
        return not subject.decision

    def decision_paper(self) -> Paper | None:
        """The paper of the decision, filed; None when none was chosen."""
        return self.paper("scan", f"Decision: {self.subject}", dated_on=self.cleaned_data["decided_on"])


class AdmitForm(_Decision):
    """The Board approves an application (Agreement §5.B, Bylaws Art. III §4)."""

    slug = "approve"
    label = "Board approves"
    intro = "Opens a stint of participation. It begins with the last of Approval, Execution, Board approval and dues."

    dues_required = forms.BooleanField(label="Joining dues are required", required=False, initial=True)
    dues_paid_on = day("Joining dues paid on", "Blank while they are not paid.", required=False)
    out_of_order = forms.BooleanField(
        label="The Board voted though the packet was not complete",
        required=False,
        help_text="Recorded as out of order: without effect until a person decides.",
    )

    def act(self) -> Application:
        """Admit the agency, or record the vote as out of order."""
        data = self.cleaned_data
        names = ("decided_on", "dues_required", "dues_paid_on", "out_of_order")
        services.admit(
            application=self.subject, board_paper=self.decision_paper(), **{name: data[name] for name in names}
        )
        return Application.objects.get(pk=self.subject.pk)

    def said(self, record: Application) -> str:
        """Whether a stint was opened."""
        if record.participation is None:
            return "The vote is recorded as out of order. It has no effect until a person decides."
        return f"The Board's approval of {in_words(record.decided_on)} is recorded, and the stint is opened."


class DisapproveForm(_Decision):
    """The Board disapproves an application (Bylaws Art. III §4)."""

    slug = "disapprove"
    label = "Board disapproves"
    intro = "The complete packet is a condition of disapproval too (Bylaws Art. III §4)."
    decision = Application.Decision.DISAPPROVED

    out_of_order = forms.BooleanField(
        label="The Board voted though the packet was not complete",
        required=False,
        help_text="Recorded as out of order: the application stays pending.",
    )

    def act(self) -> Application:
        """Close the application."""
        return services.close_application(
            application=self.subject,
            decision=self.decision,
            decided_on=self.cleaned_data["decided_on"],
            paper=self.decision_paper(),
            out_of_order=self.cleaned_data.get("out_of_order", False),
        )

    def said(self, record: Application) -> str:
        """How it ended."""
        return f"Recorded: {record.get_decision_display().lower()} on {in_words(record.decided_on)}."


class TakeBackForm(DisapproveForm):
    """The agency takes its application back."""

    slug = "take-back"
    label = "Agency takes it back"
    intro = "Closes the application. The agency may apply again at any time."
    decision = Application.Decision.TAKEN_BACK

    out_of_order = None  # type: ignore[assignment]


class SettleVoteForm(ActForm):
    """What becomes of a vote that was taken out of order."""

    slug = "settle-vote"
    label = "Decide about the vote"
    permission = "membership.change_application"
    intro = (
        "The Board voted though the packet was not complete (Bylaws Art. III §4). "
        "A person decides, once, on the record, what becomes of the vote."
    )

    stands = forms.TypedChoiceField(
        label="The vote",
        choices=[
            ("", "Choose"),
            ("yes", "stands, from its own day"),
            ("no", "does not stand; the application is open"),
        ],
        coerce=lambda answer: answer == "yes",
    )
    dues_required = forms.BooleanField(label="Joining dues are required", required=False, initial=True)
    because = forms.CharField(
        label="Because", max_length=200, widget=AdminTextInputWidget(), help_text="Kept in history."
    )

    @classmethod
    def applies_to(cls, subject: Application) -> bool:
        """While the vote waits."""
        return subject.out_of_order

    def act(self) -> Application:
        """Settle the vote."""
        data = self.cleaned_data
        return services.settle_vote(
            application=self.subject,
            stands=data["stands"],
            because=data["because"],
            dues_required=data["dues_required"],
        )

    def said(self, record: Application) -> str:
        """What follows."""
        if not record.decision:
            return "The decision is recorded: the vote does not stand, and the application is open again."
        return f"The decision is recorded: the vote of {in_words(record.decided_on)} stands."
