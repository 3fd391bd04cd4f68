"""Disbursements: asked for, reviewed, approved, paid, reported; each step a record that needs the one before it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from board.models import Meeting, Motion
from finance.models.payments import CHECK_NUMBER, Payment
from finance.models.years import Category, DisbursementPolicy, FiscalYear, Fund, Institution
from finance.querysets import DisbursementPaymentQuerySet, DisbursementQuerySet
from finance.rules.spending import Course, Nature
from membership.models import Official
from membership.models.fields import choices, day, one_of, paper
from nipas_admin.shared import money
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.fields import DollarsField
from nipas_admin.shared.records import Record

USER = settings.AUTH_USER_MODEL


def person(verbose_name: str, **options: Any) -> models.ForeignKey[Any, Any]:
    """Who did a step."""
    return models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=verbose_name, **options)


class Disbursement(Record):
    """A request that funds be paid out (Bylaws Art. X). What became of it are the records of its steps."""

    fiscal_year = models.ForeignKey(FiscalYear, models.PROTECT, related_name="disbursements", editable=False)
    number = models.PositiveIntegerField(editable=False)
    nature = models.CharField(max_length=12, choices=choices(Nature), default=Nature.PURCHASE.value)
    payee = models.CharField(max_length=150)
    payee_official = models.ForeignKey(
        Official, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="payee in the register",
        help_text="Where a person of the register is paid. Members of the Board serve without compensation.",
    )  # fmt: skip
    payee_user = person("payee's account", null=True, blank=True)
    purpose = models.CharField(max_length=300, help_text="What was bought, or what the expenses were for.")
    amount = DollarsField()
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="disbursements")
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="disbursements",
        limit_choices_to={"flow": "disbursement"},
    )  # fmt: skip
    refunds = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="refunds", verbose_name="refunds payment",
        help_text="Only for the refund of a credit: the payment that is left over.",
    )  # fmt: skip
    motion = models.ForeignKey(
        Motion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Board's motion",
        help_text="Compensation needs the Board's approval (Bylaws Art. IX §2).",
    )  # fmt: skip
    voucher = paper("invoice or voucher on file")
    requested_by = person("asked for by", editable=False)
    requested_on = day("asked for on", required=True)
    declined_on = day("declined on", editable=False)
    declined_by = person("declined by", null=True, blank=True, editable=False)
    declined_because = models.CharField("declined because", max_length=300, blank=True, editable=False)
    note = models.TextField(blank=True)

    objects: ClassVar = DisbursementQuerySet.as_manager()
    FIXED = ("fiscal_year", "number", "requested_by", "requested_on")

    class Meta(Record.Meta):
        ordering = ["-requested_on", "-number"]
        constraints = [
            one_of(Nature, "disbursement_nature_known", "nature"),
            models.UniqueConstraint(fields=["fiscal_year", "number"], name="disbursement_number_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="disbursement_above_zero"),
            models.CheckConstraint(
                condition=models.Q(nature="refund", refunds__isnull=False, category__isnull=True)
                | (~models.Q(nature="refund") & models.Q(refunds__isnull=True, category__isnull=False)),
                name="disbursement_refund_names_payment",
                violation_error_message="A refund of a credit names the payment; everything else names its category.",
            ),
            models.CheckConstraint(
                condition=models.Q(declined_on__isnull=True, declined_because="")
                | (models.Q(declined_on__isnull=False, declined_by__isnull=False) & ~models.Q(declined_because="")),
                name="disbursement_declined_with_reason",
                violation_error_message="Say why it is declined.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}, {self.payee}, {money.shown(self.amount)}"

    @classmethod
    def payments_out(cls) -> DisbursementPaymentQuerySet:
        """The checks and transfers, for questions of records that are declared before them."""
        return DisbursementPayment.objects.all()

    @property
    def reference(self) -> str:
        """As printed on the voucher: ``V2026-0003``."""
        return f"V{self.fiscal_year.starts_on.year}-{self.number:04}"

    @property
    def course(self) -> Course:
        """What is recorded of its steps, for the rules."""
        review = getattr(self, "review", None)
        approval = getattr(review, "approval", None)
        paid = next((row for row in approval.payments.all() if row.voided_on is None), None) if approval else None
        report = getattr(paid, "report", None)
        return Course(
            requested_by=self.requested_by_id, requested_on=self.requested_on, payee=self.payee_user_id,
            reviewed_by=review.by_id if review else None, reviewed_on=review.on if review else None,
            approved_by=approval.by_id if approval else None, approved_on=approval.on if approval else None,
            paid_on=paid.paid_on if paid else None, reported_on=report.on if report else None,
            declined_on=self.declined_on,
        )  # fmt: skip


class DisbursementReview(Record):
    """The review by the System Manager or a Team Coordinator (Bylaws Art. X), under the policy in force."""

    disbursement = models.OneToOneField(Disbursement, models.PROTECT, related_name="review")
    by = person("reviewed by")
    capacity = models.CharField("as", max_length=60, help_text="System Manager or Team Coordinator.")
    requester = person("asked for by")
    on = day("reviewed on", required=True)
    policy = models.ForeignKey(DisbursementPolicy, models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta(Record.Meta):
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(by=models.F("requester")), name="review_by_another",
                violation_error_message="It is reviewed by another person than the one who asked for it.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Review of {self.disbursement}"


class DisbursementApproval(Record):
    """The Treasurer's approval (Bylaws Art. X). ``reviewer`` and ``payee`` are kept with it to hold people apart."""

    review = models.OneToOneField(DisbursementReview, models.PROTECT, related_name="approval")
    by = person("approved by")
    reviewer = person("reviewed by")
    payee = person("payee's account", null=True, blank=True)
    on = day("approved on", required=True)
    policy = models.ForeignKey(DisbursementPolicy, models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta(Record.Meta):
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(by=models.F("reviewer")), name="approval_by_another",
                violation_error_message="It is approved by another person than the one who reviewed it.",
            ),
            models.CheckConstraint(
                condition=models.Q(payee__isnull=True) | ~models.Q(by=models.F("payee")), name="approval_not_by_payee",
                violation_error_message="Nobody approves a payment to himself or herself (Bylaws Art. X).",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Approval of {self.review.disbursement}"


class DisbursementPayment(Record):
    """The check or transfer that pays it, signed by the Treasurer (Bylaws Art. VI §4). A lost check is voided."""

    class Method(models.TextChoices):
        """How it is paid."""

        CHECK = "check", "Check"
        TRANSFER = "transfer", "Electronic transfer"

    approval = models.ForeignKey(DisbursementApproval, models.PROTECT, related_name="payments")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="payments_out")
    paid_on = day("paid on", required=True)
    method = models.CharField(max_length=8, choices=Method.choices, default=Method.CHECK)
    check_number = models.CharField("check or reference number", max_length=30, validators=[CHECK_NUMBER])
    amount = DollarsField()
    signed_by = person("signed by")
    voided_on = day("void since", editable=False)
    void_reason = models.CharField("void because", max_length=300, blank=True, editable=False)

    objects: ClassVar = DisbursementPaymentQuerySet.as_manager()
    FIXED = ("approval", "institution", "paid_on", "method", "check_number", "amount", "signed_by")

    class Meta(Record.Meta):
        ordering = ["-paid_on", "-pk"]
        verbose_name = "check or transfer"
        verbose_name_plural = "checks and transfers"
        constraints = [
            models.UniqueConstraint(
                fields=["approval"],
                condition=models.Q(voided_on__isnull=True),
                name="disbursement_paid_once",
                violation_error_message="It has been paid already: void that check first.",
            ),
            models.UniqueConstraint(
                fields=["institution", "method", "check_number"],
                name="check_number_once",
                violation_error_message="This check number has been used on this account.",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="disbursement_payment_above_zero"),
            models.CheckConstraint(
                condition=models.Q(voided_on__isnull=True, void_reason="")
                | (models.Q(voided_on__gte=models.F("paid_on")) & ~models.Q(void_reason="")),
                name="check_void_with_reason",
                violation_error_message="Say why it is void, on a day not before it was signed.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.check_number}, {in_words(self.paid_on)}"


class DisbursementReport(Record):
    """The report of a paid disbursement to a meeting of the Board (Bylaws Art. X)."""

    payment = models.OneToOneField(DisbursementPayment, models.PROTECT, related_name="report")
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="disbursement_reports", limit_choices_to={"kind": "board"}
    )
    on = day("reported on", required=True)
    policy = models.ForeignKey(DisbursementPolicy, models.PROTECT, related_name="+")
    by = person("reported by")

    class Meta(Record.Meta):
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.payment}, reported to the {self.meeting}"
