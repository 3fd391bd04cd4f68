"""Taking payments to the bank."""

from __future__ import annotations

from typing import Any

from django import forms

from documents.forms import ActWithPapers, ScanField
from finance import services
from finance.forms.acts import TreasurersAct, lines, words
from finance.forms.applying import not_ahead, open_for_postings
from finance.models import Deposit, Institution, Payment
from nipas_admin.shared import money
from nipas_admin.shared.acts import day
from nipas_admin.shared.choosing import OneRecord, SeveralRecords

CARRIED = (Payment.Method.CHECK, Payment.Method.CASH, Payment.Method.OTHER)


class DepositForm(TreasurersAct, ActWithPapers):
    """Payments are deposited in an institution that the Board approved (Bylaws Art. VI §4)."""

    slug = "deposit"
    label = "Make a deposit"
    permission = "finance.add_deposit"

    deposited_on = day("Deposited on")
    institution = OneRecord(
        queryset=Institution.objects.all(), label="Financial institution", empty_label=None,
        help_text="Only one that the Board had approved by the day (Bylaws Art. VI §4).",
    )  # fmt: skip
    slip = ScanField(label="Scan of the deposit slip", required=False)
    note = lines("Note", rows=2)
    payments = SeveralRecords(
        queryset=Payment.objects.none(), widget=forms.CheckboxSelectMultiple(),
        error_messages={
            "required": "Tick the payments that are deposited.",
            "invalid_choice": "One of these payments was deposited or reversed meanwhile. Look at what is left.",
        },
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        today = self.now.date()
        self.initial.setdefault("deposited_on", today)
        bank: Any = self.fields["institution"]
        bank.queryset = Institution.objects.in_force_on(today) if not self.is_bound else Institution.objects.all()
        if last := Deposit.objects.order_by("-deposited_on", "-pk").first():
            self.initial.setdefault("institution", last.institution_id)
        waiting = Payment.objects.undeposited().select_related("agency").order_by("received_on", "pk")
        payments: Any = self.fields["payments"]
        payments.queryset = waiting
        self.waiting = list(waiting)

    @property
    def fieldsets(self) -> list[tuple[str | None, dict[str, Any]]]:
        """Where and when; the payments stand in a table of their own."""
        return [(None, {"fields": [("deposited_on", "institution"), "slip", "note"]})]

    @property
    def rows(self) -> list[tuple[Payment, bool]]:
        """The payments that wait, and whether each is ticked: at first what is carried to the bank.

        A transfer comes in on a line of its own: it is a deposit of its own, and is left unticked.
        """
        if self.is_bound:
            sent: Any = self.data
            ticked = set(sent.getlist("payments"))
            return [(payment, str(payment.pk) in ticked) for payment in self.waiting]
        carried = {payment.pk for payment in self.waiting if payment.method in CARRIED}
        return [(payment, payment.pk in carried) for payment in self.waiting]

    @property
    def transfers(self) -> bool:
        """Is there one among them that came straight to the bank?"""
        return any(payment.method not in CARRIED for payment in self.waiting)

    @property
    def total(self) -> str:
        """What is ticked, in words."""
        return money.shown(money.total(payment.amount for payment, ticked in self.rows if ticked))

    def clean(self) -> dict[str, Any]:
        """Its year is open, the day has come, and everything was in by then."""
        cleaned = super().clean() or self.cleaned_data
        not_ahead(self, "deposited_on", self.now.date())
        open_for_postings(self, "deposited_on", "a deposit")
        return cleaned

    def act(self) -> Deposit:
        """Make it."""
        data = self.cleaned_data
        title = f"Deposit slip of {data['deposited_on']:%Y-%m-%d}"
        return services.make_deposit(
            payments=list(data["payments"]), institution=data["institution"], deposited_on=data["deposited_on"],
            slip=self.paper("slip", title, dated_on=data["deposited_on"]), note=data["note"],
        )  # fmt: skip

    def said(self, record: Deposit) -> str:
        """How much of how many."""
        payments = self.cleaned_data["payments"]
        total = money.shown(money.total(payment.amount for payment in payments))
        return f"{record.reference} is recorded: {total} in {_checks(len(payments))} to {record.institution}."


class AttachSlipForm(TreasurersAct, ActWithPapers):
    """The slip that the bank stamped, added after the deposit was recorded."""

    slug = "slip"
    label = "Add the slip"
    permission = "finance.add_deposit"

    slip = ScanField(label="Scan of the deposit slip")

    @classmethod
    def applies_to(cls, subject: Deposit) -> bool:
        """While none is on file."""
        return subject.slip_id is None

    def act(self) -> Deposit:
        """File it and attach it."""
        deposit: Deposit = self.subject
        slip = self.paper("slip", f"Deposit slip {deposit.reference}", dated_on=deposit.deposited_on)
        return services.attach_slip(deposit=deposit, slip=slip) if slip else deposit

    def said(self, record: Deposit) -> str:
        """That it is on file."""
        return f"The slip of {record.reference} is on file."


class TakeBackDepositForm(TreasurersAct):
    """A deposit that was never made so is taken back: another day, bank, or other payments."""

    slug = "take-back"
    label = "Take the deposit back"
    permission = "finance.add_deposit"
    intro = (
        "For a deposit that was recorded wrongly: its payments wait again, to be deposited as it really was. It stays "
        "on record, empty, with the reason. Once the bank shows it, it was made, and stands."
    )

    because = words("Because", "For example: the wrong bank was chosen.")

    @classmethod
    def applies_to(cls, subject: Deposit) -> bool:
        """While it holds payments and no statement shows it."""
        return subject.payments.exists() and not subject.bank_lines.exists()

    def act(self) -> Deposit:
        """Take it back."""
        return services.take_back_deposit(deposit=self.subject, because=self.cleaned_data["because"])

    def said(self, record: Deposit) -> str:
        """That its payments wait."""
        return f"{record.reference} is taken back. Its payments wait to be deposited."


def _checks(count: int) -> str:
    return f"{count} payment{'' if count == 1 else 's'}"
