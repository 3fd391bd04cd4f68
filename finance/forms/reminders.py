"""Reminders sent to those who are past due."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from finance import services
from finance.forms.acts import TreasurersAct
from finance.forms.applying import not_ahead
from finance.models import Reminder
from finance.services import Debtor
from nipas_admin.shared.acts import day

TOO_SOON = timedelta(days=30)


class RemindForm(TreasurersAct):
    """Who is past due gets the next letter; each is on record with its level and what stood open."""

    slug = "send"
    label = "Send reminders"
    permission = "finance.add_reminder"
    intro = (
        "Each agency gets the next of three letters once the Board's setting allows it. The record keeps every invoice "
        "that was past due on the day (Agreement §3.J, Bylaws Art. III §7)."
    )

    on = day("Sent on")
    how = forms.ChoiceField(label="Sent by", choices=Reminder.How.choices)
    agencies = forms.MultipleChoiceField(
        choices=(), widget=forms.CheckboxSelectMultiple(),
        error_messages={
            "required": "Tick the agencies that are reminded.",
            "invalid_choice": "No reminder is due any more to one of these agencies. Look at who is left.",
        },
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.due = [one for one in services.debtors_on(self.day_asked()) if one.letter is not None]
        field: Any = self.fields["agencies"]
        field.choices = [(str(one.agency.pk), one.agency.name) for one in self.due]
        self.sent: list[Reminder] = []

    @property
    def fieldsets(self) -> list[tuple[str | None, dict[str, Any]]]:
        """When and how; who stands in a table of its own."""
        return [(None, {"fields": [("on", "how")]})]

    def day_asked(self) -> date:
        """The day that was typed; today while it is none."""
        try:
            asked: date | None = self.fields["on"].clean(self["on"].value())
        except ValidationError:
            return self.now.date()
        return asked or self.now.date()

    @property
    def rows(self) -> list[tuple[Debtor, bool]]:
        """Who is to be reminded, and whether it is ticked: at first who had no letter within thirty days."""
        if self.is_bound:
            sent: Any = self.data
            ticked = set(sent.getlist("agencies"))
            return [(one, str(one.agency.pk) in ticked) for one in self.due]
        day_ = self.day_asked()
        return [(one, one.last_letter_on is None or day_ - one.last_letter_on >= TOO_SOON) for one in self.due]

    def clean(self) -> dict[str, Any]:
        """A letter is on record as sent once it is."""
        cleaned = super().clean() or self.cleaned_data
        not_ahead(self, "on", self.now.date())
        return cleaned

    def act(self) -> Reminder:
        """Record each; all of them or none. Returns the first."""
        data = self.cleaned_data
        chosen = set(data["agencies"])
        self.sent = [
            services.send_reminder(agency=one.agency, on=data["on"], how=data["how"], by=self.user)
            for one in self.due
            if str(one.agency.pk) in chosen
        ]
        return self.sent[0]

    def said(self, record: Reminder) -> str:
        """How many."""
        many = len(self.sent)
        return f"{many} reminder{'' if many == 1 else 's'} {'is' if many == 1 else 'are'} recorded."
