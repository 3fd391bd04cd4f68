"""Questions about the books, in SQL: what is owed on a day, what is past due, what is left of a payment.

The twins of ``finance.rules``: tests/finance/test_parity.py holds each equal to its rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.db.models import Case, CharField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Lower

from finance.rules.receivables import BUCKETS, Bucket, InvoiceState
from nipas_admin.shared import money
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.fields import DollarsField
from nipas_admin.shared.records import BATCH, RecordQuerySet

NOTHING = Value(money.ZERO, DollarsField())
NOT_OWED = dict.fromkeys(Bucket, money.ZERO)


def dollars(expression: Any) -> Any:
    """An expression over amounts, itself an amount."""
    return ExpressionWrapper(expression, DollarsField())


def sum_of(rows: Any, field: str = "amount") -> Decimal:
    """The sum of a column; $0.00 of no rows. One query."""
    found: Decimal = rows.aggregate(sum=Coalesce(Sum(field), NOTHING))["sum"]
    return found


def _sum_of_each(rows: Any, field: str) -> Any:
    """The sum of a column over the rows that belong to the outer row; $0.00 of none."""
    one = rows.order_by().annotate(_all=Value(1)).values("_all").annotate(sum=Sum(field))
    return Coalesce(Subquery(one.values("sum"), output_field=DollarsField()), NOTHING)


def _invoice_stands(day: date, prefix: str = "") -> Q:
    """Was the invoice, reached through ``prefix``, issued by the day and not void by then?"""
    void = f"{prefix}voided_on"
    return Q(**{f"{prefix}issued_on__lte": day}) & (Q(**{f"{void}__isnull": True}) | Q(**{f"{void}__gt": day}))


def _payment_stands(day: date) -> Q:
    """Was the payment received by the day and not reversed by then?"""
    return Q(received_on__lte=day) & (Q(reversed_on__isnull=True) | Q(reversed_on__gt=day))


class DatedQuerySet(RecordQuerySet[Any]):
    """What the Board set from one day on; ``since`` of the model names that day."""

    def governing_on(self, day: date) -> Any:
        """The one in force on the day: the last to begin by then; None where there is none."""
        since = self.model.since
        return self.filter(**{f"{since}__lte": day}).order_by(f"-{since}", "-pk").first()

    def in_force_on(self, day: date) -> DatedQuerySet:
        """Those that had begun and had not ended."""
        open_end = Q(until_on__isnull=True) | Q(until_on__gt=day)
        return self.filter(open_end, **{f"{self.model.since}__lte": day})


class FiscalYearQuerySet(RecordQuerySet[Any]):
    """Fiscal years."""

    def of_day(self, day: date) -> Any:
        """The year in which the day lies. Raises ValidationError, saying what to do, where none is open for it."""
        year = self.filter(starts_on__lte=day, ends_on__gt=day).first()
        if year is None:
            raise ValidationError(
                f"No fiscal year of the books holds {in_words(day)}. Open that year first (Bylaws Art. XIV)."
            )
        return year

    def with_figures_on(self, day: date) -> FiscalYearQuerySet:
        """Annotates, in US dollars as at the end of the day, ``invoiced`` for the year, what is ``open`` of it, and
        ``received`` within the year, whatever for.
        """
        invoice = self.model._meta.get_field("invoices").related_model
        allocation = invoice._meta.get_field("allocations").related_model
        payment = allocation._meta.get_field("payment").related_model
        asked = invoice.objects.standing_on(day).filter(fiscal_year=OuterRef("pk"))
        of_standing = allocation.objects.standing_on(day).filter(_invoice_stands(day, "invoice__"))
        paid = of_standing.filter(invoice__fiscal_year=OuterRef("pk"))
        came_in = payment.objects.standing_on(day).filter(
            received_on__gte=OuterRef("starts_on"), received_on__lt=OuterRef("ends_on")
        )
        rows = self.annotate(invoiced=_sum_of_each(asked, "total"), received=_sum_of_each(came_in, "amount"))
        annotated: FiscalYearQuerySet = rows.annotate(open=dollars(F("invoiced") - _sum_of_each(paid, "amount")))
        return annotated


class RateQuerySet(RecordQuerySet[Any]):
    """Rates."""

    def covering(self, day: date) -> RateQuerySet:
        """Those that hold on the day, superseded ones included."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gt=day), from_on__lte=day)


class InvoiceQuerySet(RecordQuerySet[Any]):
    """Invoices."""

    def standing_on(self, day: date) -> InvoiceQuerySet:
        """Those issued by the day and not void by then."""
        return self.filter(_invoice_stands(day))

    def dues(self) -> InvoiceQuerySet:
        """Those for dues and fees, what was brought forward included: not other charges (Reading R13)."""
        return self.exclude(charge="other")

    def with_balance_on(self, day: date) -> InvoiceQuerySet:
        """Annotates ``paid`` and ``balance`` in US dollars, as at the end of the day."""
        applied = self.model._meta.get_field("allocations").related_model.objects.standing_on(day)
        paid = applied.filter(invoice=OuterRef("pk")).order_by().values("invoice").annotate(sum=Sum("amount"))
        rows = self.annotate(paid=Coalesce(Subquery(paid.values("sum")), NOTHING))
        left = Case(
            When(_invoice_stands(day), then=dollars(F("total") - F("paid"))),
            default=NOTHING,
            output_field=DollarsField(),
        )
        annotated: InvoiceQuerySet = rows.annotate(balance=left)
        return annotated

    def with_state_on(self, day: date) -> InvoiceQuerySet:
        """Annotates ``paid``, ``balance`` and ``state`` (an InvoiceState value), as at the end of the day."""
        rows: InvoiceQuerySet = self.with_balance_on(day).annotate(
            state=Case(
                When(issued_on__gt=day, then=Value(InvoiceState.NOT_YET.value)),
                When(voided_on__lte=day, then=Value(InvoiceState.VOID.value)),
                When(paid__gte=F("total"), then=Value(InvoiceState.PAID.value)),
                When(paid__gt=NOTHING, then=Value(InvoiceState.PARTLY_PAID.value)),
                default=Value(InvoiceState.ISSUED.value),
                output_field=CharField(),
            )
        )
        return rows

    def open_on(self, day: date) -> InvoiceQuerySet:
        """Those on which something is left to pay, with ``balance``, the one due first first."""
        return self.with_balance_on(day).filter(balance__gt=NOTHING).order_by("due_on", "pk")

    def past_due_on(self, day: date) -> InvoiceQuerySet:
        """Those past due: from the day after the due date (Reading R13)."""
        return self.open_on(day).filter(due_on__lt=day)

    def with_bucket_on(self, day: date) -> InvoiceQuerySet:
        """Annotates ``bucket`` (a Bucket value): the column of the aging in which the invoice stands."""
        rows: InvoiceQuerySet = self.annotate(bucket=_bucket("due_on", day))
        return rows

    def aging_on(self, day: date) -> dict[int, dict[Bucket, Decimal]]:
        """What each agency owes in each column on the day, by its key; agencies that owe nothing are left out.

        Two queries, whatever the number of invoices: what was invoiced, less what was applied.
        """
        applied = self.model._meta.get_field("allocations").related_model.objects.standing_on(day)
        if self.query.where:  # of some invoices only
            applied = applied.filter(invoice__in=self.order_by().values("pk"))
        applied = applied.filter(_invoice_stands(day, "invoice__"))
        found: dict[int, dict[Bucket, Decimal]] = {}
        for agency, bucket, amount in _sums(self.standing_on(day), "agency", "total", "due_on", day):
            found.setdefault(agency, NOT_OWED.copy())[Bucket(bucket)] = amount
        for agency, bucket, amount in _sums(applied, "invoice__agency", "amount", "invoice__due_on", day):
            found[agency][Bucket(bucket)] -= amount
        return {agency: sums for agency, sums in found.items() if any(sums.values())}


def _bucket(due: str, day: date) -> Case:
    """The column of the aging (a Bucket value) by the due date in this field."""
    cases = [
        When(**{f"{due}__gte": day - timedelta(days=most)}, then=Value(bucket.value))
        for bucket, most in BUCKETS
        if most is not None
    ]
    return Case(*cases, default=Value(Bucket.OVER_120.value), output_field=CharField())


def _sums(rows: Any, agency: str, amount: str, due: str, day: date) -> Any:
    """Agency, column of the aging and sum of each. One query."""
    return rows.order_by().annotate(aged=_bucket(due, day)).values_list(agency, "aged").annotate(sum=Sum(amount))


class RunItemQuerySet(RecordQuerySet[Any]):
    """Lines of invoice runs."""

    def to_make(self) -> RunItemQuerySet:
        """Those to be invoiced that are not yet."""
        return self.filter(invoiced=True, invoice__isnull=True)

    def link_with_history(self, items: Sequence[Any], reason: str) -> None:
        """Write the invoice of each of these lines, with history, in one transaction.

        One short statement for each row: a CASE with as many branches takes as long as all else that a run writes.
        """
        with transaction.atomic(using=self.db):
            with connections[self.db].cursor() as cursor:
                statement = "UPDATE finance_runitem SET invoice_id = %s WHERE id = %s"
                cursor.executemany(statement, [(item.invoice_id, item.pk) for item in items])
            self._history.bulk_history_create(items, batch_size=BATCH, update=True, default_change_reason=reason)


class AllocationQuerySet(RecordQuerySet[Any]):
    """What payments were applied to."""

    def standing(self) -> AllocationQuerySet:
        """Those not undone."""
        return self.filter(undone_on__isnull=True)

    def standing_on(self, day: date) -> AllocationQuerySet:
        """Those that stood at the end of the day."""
        return self.filter(Q(undone_on__isnull=True) | Q(undone_on__gt=day), on__lte=day)


class PaymentQuerySet(RecordQuerySet[Any]):
    """Payments."""

    def standing_on(self, day: date) -> PaymentQuerySet:
        """Those received by the day and not reversed by then."""
        return self.filter(_payment_stands(day))

    def for_invoices(self) -> PaymentQuerySet:
        """Those that pay invoices or are credit: not the other receipts."""
        return self.filter(category__isnull=True)

    def undeposited(self) -> PaymentQuerySet:
        """Those that stand and were taken to no bank yet."""
        return self.filter(deposit__isnull=True, reversed_on__isnull=True)

    def with_credit_on(self, day: date) -> PaymentQuerySet:
        """Annotates ``applied``, ``refunded`` and ``credit`` in US dollars: what was left at the end of the day."""
        allocations = self.model._meta.get_field("allocations").related_model.objects.standing_on(day)
        applied = allocations.filter(payment=OuterRef("pk")).order_by().values("payment").annotate(sum=Sum("amount"))
        paid_out = self.model._meta.get_field("refunds").related_model.payments_out().standing_on(day)
        back = paid_out.filter(approval__review__disbursement__refunds=OuterRef("pk")).order_by()
        refunded = back.values("approval__review__disbursement__refunds").annotate(sum=Sum("amount"))
        rows = self.annotate(
            applied=Coalesce(Subquery(applied.values("sum")), NOTHING),
            refunded=Coalesce(Subquery(refunded.values("sum")), NOTHING),
        )
        standing = _payment_stands(day) & Q(category__isnull=True)
        left = dollars(F("amount") - F("applied") - F("refunded"))
        annotated: PaymentQuerySet = rows.annotate(
            credit=Case(When(standing, then=left), default=NOTHING, output_field=DollarsField())
        )
        return annotated

    def numbered(self, numbers: Iterable[str]) -> PaymentQuerySet:
        """Payments that stand with one of these check numbers, given in small letters."""
        rows: PaymentQuerySet = self.annotate(lower_number=Lower("check_number"))
        return rows.filter(lower_number__in=numbers, reversed_on__isnull=True)

    def like(self, payer: str, check_number: str, amount: Decimal) -> PaymentQuerySet:
        """Payments that stand of the same payer, number and amount."""
        return self.filter(
            payer__iexact=payer.strip(), check_number__iexact=check_number, amount=amount, reversed_on__isnull=True
        )


class DisbursementQuerySet(RecordQuerySet[Any]):
    """Disbursements."""

    def with_course(self) -> DisbursementQuerySet:
        """With all that ``course`` reads, in two queries."""
        rows: DisbursementQuerySet = self.select_related(
            "fiscal_year", "review__approval", "fund", "category"
        ).prefetch_related("review__approval__payments__report")
        return rows

    def at_step(self, step: str) -> DisbursementQuerySet:
        """Those that stand at the step (a Step value): the twin of ``step_of``."""
        declined = Q(declined_on__isnull=False)
        paid = Exists(self.model.payments_out().filter(
            approval__review__disbursement=OuterRef("pk"), voided_on__isnull=True
        ))  # fmt: skip
        reported = Exists(self.model.payments_out().filter(
            approval__review__disbursement=OuterRef("pk"), voided_on__isnull=True, report__isnull=False
        ))  # fmt: skip
        approved, reviewed = Q(review__approval__isnull=False), Q(review__isnull=False)
        found: dict[str, Q] = {
            "declined": declined,
            "reported": ~declined & Q(reported),
            "paid": ~declined & Q(paid) & ~Q(reported),
            "approved": ~declined & approved & ~Q(paid),
            "reviewed": ~declined & reviewed & ~approved,
            "requested": ~declined & ~reviewed,
        }
        return self.filter(found[step])


class DisbursementPaymentQuerySet(RecordQuerySet[Any]):
    """Checks and transfers."""

    def standing_on(self, day: date) -> DisbursementPaymentQuerySet:
        """Those paid by the day and not void by then."""
        return self.filter(Q(voided_on__isnull=True) | Q(voided_on__gt=day), paid_on__lte=day)

    def outstanding_on(self, day: date) -> DisbursementPaymentQuerySet:
        """Those that stand on the day and that no bank statement shows as cleared by then."""
        cleared = self.model._meta.get_field("bank_lines").related_model.objects.filter(
            disbursement=OuterRef("pk"), on__lte=day
        )
        return self.standing_on(day).filter(~Exists(cleared))
