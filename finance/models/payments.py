"""Money that comes in: payments, what they pay, deposits, and the bank's statements."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower

from finance.models.invoices import Invoice
from finance.models.years import Category, Fund, Institution
from finance.querysets import AllocationQuerySet, PaymentQuerySet
from membership.models import Agency
from membership.models.fields import day, ends_after, paper
from nipas_admin.shared import money
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.fields import DollarsField
from nipas_admin.shared.records import Record

CHECK_NUMBER = RegexValidator(r"^[0-9A-Za-z-]+$", "A check number has digits, letters and hyphens only.")


class Deposit(Record):
    """Payments taken to the bank together, in an institution that the Board approved (Bylaws Art. VI §4)."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="deposits")
    deposited_on = day("deposited on", required=True)
    slip = paper("deposit slip on file")
    note = models.TextField(blank=True)

    class Meta(Record.Meta):
        ordering = ["-deposited_on", "-pk"]

    def __str__(self) -> str:
        return f"Deposit of {in_words(self.deposited_on)}, {self.reference}"

    @property
    def reference(self) -> str:
        """As printed on the slip: ``D-00012``."""
        return f"D-{self.pk:05}"


class Payment(Record):
    """Money received, once and as it came: never edited, only reversed. What it pays are its allocations."""

    class Method(models.TextChoices):
        """How it came."""

        CHECK = "check", "Check"
        TRANSFER = "transfer", "Electronic transfer"
        CASH = "cash", "Cash"
        CARD = "card", "Card"
        OTHER = "other", "Other"

    class Reversal(models.TextChoices):
        """Why it was reversed."""

        BOUNCED = "bounced", "The bank returned it"
        MISTAKE = "mistake", "Entered by mistake"

    received_on = day("received on", required=True)
    method = models.CharField(max_length=10, choices=Method.choices, default=Method.CHECK)
    check_number = models.CharField("check or reference number", max_length=30, blank=True, validators=[CHECK_NUMBER])
    payer = models.CharField(max_length=150, help_text="Whose name is on the check.")
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="payments", verbose_name="agency that pays",
        help_text="Whose credit it is, as far as it pays no invoice. Blank for anyone else.",
    )  # fmt: skip
    amount = DollarsField()
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="payments", limit_choices_to={"flow": "receipt"},
        help_text="Only for money that pays no invoice: interest, a sale, a gift.",
    )  # fmt: skip
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, blank=True, related_name="payments")
    scan = paper("scan of the check")
    deposit = models.ForeignKey(Deposit, models.PROTECT, null=True, blank=True, related_name="payments")
    confirmed = models.BooleanField("second payment confirmed", default=False, editable=False)
    reversed_on = day("reversed on", editable=False)
    reversal = models.CharField(max_length=8, choices=Reversal.choices, blank=True, default="", editable=False)
    reversal_reason = models.CharField("reversed because", max_length=300, blank=True, editable=False)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name="recorded by"
    )
    note = models.TextField(blank=True)

    objects: ClassVar = PaymentQuerySet.as_manager()
    FIXED = ("received_on", "method", "check_number", "payer", "agency", "amount", "category", "fund", "received_by")

    class Meta(Record.Meta):
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("payer"), "check_number", "amount",
                condition=models.Q(confirmed=False, reversed_on__isnull=True) & ~models.Q(check_number=""),
                name="payment_once",
                violation_error_message="A payment of this payer with this number and amount is on record already.",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_above_zero"),
            models.CheckConstraint(
                condition=models.Q(category__isnull=True, fund__isnull=True)
                | models.Q(category__isnull=False, fund__isnull=False),
                name="payment_category_with_fund",
                violation_error_message="A receipt that pays no invoice names both its category and its fund.",
            ),
            models.CheckConstraint(
                condition=~models.Q(method="check") | ~models.Q(check_number=""), name="payment_check_has_number",
                violation_error_message="A check has a number.",
            ),
            models.CheckConstraint(
                condition=models.Q(reversed_on__isnull=True, reversal="")
                | (models.Q(reversed_on__gte=models.F("received_on")) & ~models.Q(reversal="")),
                name="payment_reversed_with_reason",
                violation_error_message="A payment is reversed for a reason, on the day it came in or later.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        number = f" {self.check_number}" if self.check_number else ""
        return f"{self.get_method_display()}{number} of {self.payer}, {money.shown(self.amount)}"

    @property
    def reference(self) -> str:
        """As printed on the receipt: ``R-00012``."""
        return f"R-{self.pk:05}"


class Allocation(Record):
    """A part of a payment applied to an invoice on a day. Undone when it was wrong or the payment was reversed."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="allocations")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="allocations")
    amount = DollarsField()
    on = day("applied on", required=True)
    undone_on = day("undone on", editable=False)
    undone_because = models.CharField("undone because", max_length=300, blank=True, editable=False)

    objects: ClassVar = AllocationQuerySet.as_manager()
    FIXED = ("payment", "invoice", "amount", "on")

    class Meta(Record.Meta):
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="allocation_above_zero"),
            models.CheckConstraint(
                condition=models.Q(undone_on__isnull=True, undone_because="")
                | (models.Q(undone_on__gte=models.F("on")) & ~models.Q(undone_because="")),
                name="allocation_undone_with_reason",
                violation_error_message="Say why it is undone, on a day not before it was applied.",
            ),
        ]

    def __str__(self) -> str:
        return f"{money.shown(self.amount)} of {self.payment} on {self.invoice}"


class BankStatement(Record):
    """A statement of the bank for a time, line by line."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="statements")
    from_on = day("from", required=True)
    until_on = day("until", "The first day after it.", required=True)
    closing = DollarsField("closing balance", null=True, blank=True, least=money.ZERO)
    file_name = models.CharField(max_length=200, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)

    class Meta(Record.Meta):
        ordering = ["-from_on"]
        constraints = [
            ends_after("from_on", "until_on", "bank_statement_ends_after_start", "A statement ends after it began."),
            models.UniqueConstraint(
                fields=["institution", "sha256"], condition=~models.Q(sha256=""), name="bank_statement_file_once",
                violation_error_message="This file has been read already.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.institution}, from {in_words(self.from_on)}"


class BankLine(Record):
    """One line of a statement: deposits above zero, what left the account below. Matched to one document."""

    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="lines")
    on = day("on", required=True)
    amount = DollarsField(least=-money.MOST)
    text = models.CharField(max_length=200, blank=True)
    number = models.CharField("check number", max_length=30, blank=True)
    deposit = models.ForeignKey(Deposit, models.PROTECT, null=True, blank=True, related_name="bank_lines")
    disbursement = models.ForeignKey(
        "finance.DisbursementPayment", models.PROTECT, null=True, blank=True, related_name="bank_lines"
    )
    returned = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="bank_lines", verbose_name="check returned"
    )
    by_hand = models.BooleanField("matched by a person", default=False, editable=False)
    explained = models.CharField(
        "explained",
        max_length=300,
        blank=True,
        help_text="What it is, where no document here stands for it.",
    )

    class Meta(Record.Meta):
        ordering = ["statement", "on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=[name], condition=models.Q(**{f"{name}__isnull": False}), name=f"bank_line_one_per_{name}",
                violation_error_message="This is matched to another line already.",
            )
            for name in ("deposit", "disbursement", "returned")
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{in_words(self.on)}: {money.shown(self.amount)} {self.text}".strip()

    @property
    def is_matched(self) -> bool:
        """True when a document stands for it, or a person explained it."""
        return bool(self.deposit_id or self.disbursement_id or self.returned_id or self.explained)
