"""The report of what was paid to a meeting of the Board (Bylaws Art. X)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from board.models import Meeting
from finance import services
from finance.forms.acts import TreasurersAct
from finance.models import DisbursementPayment, DisbursementReport
from nipas_admin.shared import money
from nipas_admin.shared.choosing import OneRecord, SeveralRecords
from nipas_admin.shared.dated import in_words


class Reported(SeveralRecords):
    """Checks and transfers, each with what a Board asks of it."""

    def label_from_instance(self, obj: Any) -> str:
        """Number, payee, what for, how much, when and by which check."""
        row = obj.approval.review.disbursement
        return (
            f"{row.reference} {row.payee}: {money.shown(obj.amount)}, {row.purpose}, paid {in_words(obj.paid_on)} "
            f"({obj.get_method_display().lower()} {obj.check_number})"
        )


class ReportForm(TreasurersAct):
    """What was paid is reported to a meeting of the Board (Bylaws Art. X)."""

    slug = "report"
    label = "Report to the Board"
    permission = "finance.add_disbursementreport"
    intro = "What was paid and reported to no meeting yet. Take out the tick where the Board did not hear of it."

    meeting = OneRecord(queryset=Meeting.objects.none(), label="Meeting", empty_label="Choose")
    payments = Reported(
        queryset=DisbursementPayment.objects.none(), label="Paid", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick what was reported."},
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        held = Meeting.objects.standing().filter(kind="board", called_to_order_at__isnull=False).order_by("-starts_at")
        fields["meeting"].queryset = held
        fields["payments"].queryset = waiting = services.to_report()
        if "meeting" not in self.asked and (latest := held.first()) is not None:
            self.initial["meeting"] = latest.pk
        self.initial.setdefault("payments", self._by(waiting, held))

    def _by(self, waiting: Iterable[Any], held: Any) -> list[int]:
        """What had been paid by the day of the meeting shown."""
        key = str(self.initial.get("meeting", ""))
        meeting = held.filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None
        return [row.pk for row in waiting if meeting is None or row.paid_on <= meeting.on]

    def act(self) -> DisbursementReport:
        """Record it."""
        data = self.cleaned_data
        return services.report_to_board(payments=data["payments"], meeting=data["meeting"], by=self.user)[0]

    def said(self, record: DisbursementReport) -> str:
        """How many, and how much."""
        rows = list(self.cleaned_data["payments"])
        amount = money.shown(money.total(row.amount for row in rows))
        number = f"{len(rows)} disbursement{'' if len(rows) == 1 else 's'}"
        return f"{number} of {amount} reported to the {record.meeting}."
