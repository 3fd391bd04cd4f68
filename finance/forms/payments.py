"""Payments received, and the credit of one applied later."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from documents.forms import ActWithPapers, ScanField
from finance import services
from finance.forms.acts import TreasurersAct, lines, words
from finance.forms.applying import CHOOSE, PaysInvoices, not_ahead, open_for_postings, others
from finance.models import Category, Fund, Payment
from finance.rules.receivables import CUSTODY
from membership.models import Agency
from nipas_admin.shared import money
from nipas_admin.shared.acts import day
from nipas_admin.shared.choosing import FindOne, OneRecord
from nipas_admin.shared.fields import DollarsFormField


class ReceiveForm(PaysInvoices, ActWithPapers):
    """Money received, once and as it came (Bylaws Art. VI §4)."""

    slug = "receive"
    label = "Record a payment"
    permission = "finance.add_payment"
    day_field = "received_on"

    received_on = day("Received on")
    method = forms.ChoiceField(label="Method", choices=Payment.Method.choices)
    check_number = forms.CharField(
        label="Check or reference number", required=False, max_length=30,
        widget=forms.TextInput(attrs={"class": "vTextField short", "autocomplete": "off", "autofocus": True}),
    )  # fmt: skip
    amount = DollarsFormField(label="Amount")
    agency = OneRecord(
        queryset=Agency.objects.none(), label="Agency that pays", required=False, error_messages=CHOOSE,
        help_text="Type two letters of its name. What is left over is its credit.",
    )  # fmt: skip
    payer = words(
        "Name on the check", "Blank: the agency's public body. Anyone else who pays is named here.",
        required=False, most=150,
    )  # fmt: skip
    others = others("One check for several agencies: add each, and its open invoices appear below.")
    category = OneRecord(
        queryset=Category.objects.filter(flow="receipt", charge=""), label="For", required=False,
        empty_label="It pays invoices, or is credit",
        help_text="Only for money that pays no invoice: interest, a sale, a gift.",
    )  # fmt: skip
    fund = OneRecord(
        queryset=Fund.objects.all(), label="Fund", required=False, empty_label="The general fund",
        help_text="Where money that pays no invoice goes.",
    )  # fmt: skip
    scan = ScanField(label="Scan of the check", required=False)
    note = lines("Note", rows=2)
    confirmed = forms.BooleanField(label="This is another payment: record it too", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("received_on", self.now.date())
        agency: Any = self.fields["agency"]
        agency.queryset = Agency.objects.all()
        agency.widget = FindOne(Payment._meta.get_field("agency"), admin.site)
        agency.widget.choices = agency.choices
        self.duplicates: Sequence[Payment] = ()

    @property
    def fieldsets(self) -> list[tuple[str | None, dict[str, Any]]]:
        """What is on the check; the rest stands below the invoices."""
        return [
            (None, {"fields": [("received_on", "method"), ("check_number", "amount"), "agency", "payer", "others"]}),
        ]

    @property
    def below(self) -> list[tuple[str | None, dict[str, Any]]]:
        """What stands below the invoices."""
        return [
            ("The check", {"fields": ["scan", "note"]}),
            ("Money that pays no invoice", {"fields": ["category", "fund"], "classes": ["collapse"]}),
        ]

    @property
    def there_is(self) -> Decimal | None:
        """The amount of the check, as far as it was typed soundly."""
        try:
            amount: Decimal | None = self.fields["amount"].clean(self["amount"].value())
        except ValidationError:
            return None
        return amount

    def clean(self) -> dict[str, Any]:
        """A check has a number, somebody pays, a receipt for something else pays no invoice, no cent is nobody's."""
        cleaned = super().clean()
        not_ahead(self, "received_on", self.now.date())
        open_for_postings(self, "received_on", "a payment")
        if cleaned.get("method") == Payment.Method.CHECK and not cleaned.get("check_number"):
            self._at("check_number", "A check has a number. Choose another method for money that came without one.")
        if not cleaned.get("agency") and not cleaned.get("payer"):
            self._at("payer", "Say whose name is on the check, or choose the agency that pays.")
        amount, applied = cleaned.get("amount"), money.total(self.pays.values())
        if amount is not None and applied > amount:
            over = money.shown(applied - amount)
            self.add_error("amount", f"You apply {money.shown(applied)} below: {over} more than this.")
        if cleaned.get("category"):
            if self.pays:
                self.add_error("category", "Money for this pays no invoice: take off the ticks, or leave this blank.")
        elif cleaned.get("fund"):
            self.add_error("fund", "A fund goes with what the money is for. Choose that too, or leave the fund blank.")
        elif amount is not None and not cleaned.get("agency") and applied < amount and "agency" not in self.errors:
            self.add_error(
                "agency",
                f"{money.shown(amount - applied)} is left over: choose the agency whose credit it is, or say below "
                "what the money is for.",
            )
        return cleaned

    def _at(self, field: str, said: str) -> None:
        if field not in self.errors:
            self.add_error(field, said)

    def act(self) -> Payment:
        """Record it and apply it."""
        data = self.cleaned_data
        agency, category = data["agency"], data["category"]
        payer = data["payer"] or agency.body_or_name
        return services.receive_payment(
            received_on=data["received_on"], amount=data["amount"], payer=payer, agency=agency,
            method=data["method"], check_number=data["check_number"], pays=self.pays, category=category,
            fund=(data["fund"] or services.general_fund()) if category else None,
            scan=self.paper("scan", f"Check {data['check_number']} of {payer}".replace("  ", " "),
                            received_on=data["received_on"]),
            confirmed=data["confirmed"], note=data["note"], by=self.user,
        )  # fmt: skip

    def refuse(self, refusal: ValidationError) -> None:
        """A payment that looks like another is asked about, beside that other."""
        if isinstance(refusal, services.PossibleDuplicate):
            self.duplicates = refusal.payments
            self.add_error("confirmed", "Look at the payment on record, then say whether this is another one.")
            return
        super().refuse(refusal)

    def said(self, record: Payment) -> str:
        """What it paid, and what is left over."""
        applied, left = money.total(self.pays.values()), services.left_of(record)
        paid = f", {money.shown(applied)} applied to {_invoices(len(self.pays))}" if self.pays else ""
        over = f"; {money.shown(left)} is credit of {record.agency}" if left and record.agency else ""
        return f"{record.reference} is recorded: {money.shown(record.amount)} of {record.payer}{paid}{over}."


def _invoices(count: int) -> str:
    return f"{count} invoice{'' if count == 1 else 's'}"


class ApplyCreditForm(PaysInvoices):
    """What is left of a payment is applied to open invoices."""

    slug = "apply"
    label = "Apply the credit"
    permission = "finance.add_allocation"

    on = day("Applied on")
    others = others("The agency's own open invoices stand below. Add another agency to see its invoices too.")

    def chosen(self) -> list[int]:
        """The agency whose credit it is, those whose invoices the payment pays already, and those added."""
        own = {self.subject.agency_id, *self.subject.allocations.values_list("invoice__agency", flat=True)} - {None}
        return list(dict.fromkeys([*sorted(own), *super().chosen()]))

    @classmethod
    def applies_to(cls, subject: Payment) -> bool:
        """While something is left."""
        return services.left_of(subject) > 0

    @property
    def there_is(self) -> Decimal:
        """What is left of it now."""
        return services.left_of(self.subject)

    @property
    def holder(self) -> str:
        """Whose credit the rest stays."""
        return str(self.subject.agency or self.subject.payer)

    def clean(self) -> dict[str, Any]:
        """Something is ticked, and it is no more than there is."""
        cleaned = super().clean()
        not_ahead(self, "on", self.now.date())
        open_for_postings(self, "on", "applying a payment")
        applied, left = money.total(self.pays.values()), self.there_is
        if applied > left:
            said = f"You apply {money.shown(applied)}, and {money.shown(left)} is left of the payment"
            raise ValidationError(f"{said} ({CUSTODY}).")
        if not self.pays and not self.errors and self.invoices:
            raise ValidationError("Tick the invoices to which the credit is applied.")
        if not self.invoices:
            raise ValidationError("None of these agencies has an open invoice. Add the agency whose invoice it pays.")
        return cleaned

    def act(self) -> Payment:
        """Apply it."""
        services.apply_payment(payment=self.subject, pays=self.pays, on=self.cleaned_data["on"])
        payment: Payment = self.subject
        return payment

    def said(self, record: Payment) -> str:
        """How much went where."""
        applied, left = money.total(self.pays.values()), services.left_of(record)
        rest = f"{money.shown(left)} is still credit" if left else "nothing is left over"
        return f"{money.shown(applied)} is applied to {_invoices(len(self.pays))}; {rest}."


class AttachScanForm(TreasurersAct, ActWithPapers):
    """The scan of a check, added after the payment was recorded."""

    slug = "scan"
    label = "Add the scan"
    permission = "finance.add_payment"

    scan = ScanField(label="Scan of the check")

    @classmethod
    def applies_to(cls, subject: Payment) -> bool:
        """While none is on file."""
        return subject.scan_id is None

    def act(self) -> Payment:
        """File it and attach it."""
        payment: Payment = self.subject
        scan = self.paper("scan", f"{payment.get_method_display()} {payment.check_number} of {payment.payer}")
        return services.attach_scan(payment=payment, scan=scan) if scan else payment

    def said(self, record: Payment) -> str:
        """That it is on file."""
        return f"The scan of {record.reference} is on file."
