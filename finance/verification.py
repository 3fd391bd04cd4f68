"""Do the books still hold what their documents give? Totals, numbers, what is copied, and closed years, again.

Each check is a query that returns only what drifted, so that forty years of books are verified as fast as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Max, Min, Model, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from finance.models import (
    Allocation,
    Deposit,
    Disbursement,
    DisbursementApproval,
    DisbursementPayment,
    DisbursementReview,
    FiscalYear,
    Invoice,
    InvoiceLine,
    Payment,
    Reminder,
    ReminderItem,
    RunItem,
)
from finance.querysets import NOTHING, dollars
from finance.rules.dues import Charge
from finance.services.payments import EVER
from membership.verification import Drift, Verified
from nipas_admin.shared import money
from nipas_admin.shared.dated import in_words

# Every day that a posting bears, by its record.
POSTED: tuple[tuple[type[Model], str, str], ...] = (
    (Invoice, "issued_on", "dated"),
    (Invoice, "voided_on", "void since"),
    (Payment, "received_on", "received on"),
    (Payment, "reversed_on", "reversed on"),
    (Allocation, "on", "applied on"),
    (Allocation, "undone_on", "undone on"),
    (Deposit, "deposited_on", "deposited on"),
    (DisbursementPayment, "paid_on", "paid on"),
    (DisbursementPayment, "voided_on", "void since"),
)


def drift_of_the_books() -> Iterator[Verified]:
    """For each kind of record of the Treasurer's room that is verified: its name, how many, and the drift."""
    yield "invoices", Invoice.objects.count(), [*_totals(), *_overpaid(), *_joining()]
    yield "payments", Payment.objects.count(), list(_overdrawn())
    yield "lines of invoice runs", RunItem.objects.count(), list(_run_items())
    yield "reminders", Reminder.objects.count(), list(_reminders())
    yield "disbursements", Disbursement.objects.count(), list(_copies())
    yield "fiscal years", FiscalYear.objects.count(), [*_numbers(), *_closed()]


def _drift(row: Model, stored: str, computed: str, *, remark: bool = False) -> Drift:
    return Drift(row._meta.label_lower, row.pk, str(row), stored, computed, remark)


def _sum_of(rows: Any, key: str, amount: str = "amount") -> Any:
    """The sum of the rows that point to the outer one; $0.00 of none."""
    sums = rows.filter(**{key: OuterRef("pk")}).order_by().values(key).annotate(sum=Sum(amount))
    return Coalesce(Subquery(sums.values("sum")), NOTHING)


# Invoices and payments


def _totals() -> Iterator[Drift]:
    rows = Invoice.objects.annotate(given=_sum_of(InvoiceLine.objects.all(), "invoice")).exclude(given=F("total"))
    for row in rows.select_related("fiscal_year", "agency").order_by("pk"):
        stored, given = money.shown(row.total), money.shown(row.given)
        yield _drift(row, f"its total is stored as {stored}", f"its lines come to {given}")


def _overpaid() -> Iterator[Drift]:
    """More applied than the invoice comes to, or anything to one that is void."""
    applied = _sum_of(Allocation.objects.standing(), "invoice")
    rows = Invoice.objects.annotate(applied=applied)
    wrong = Q(applied__gt=F("total")) | Q(voided_on__isnull=False, applied__gt=NOTHING)
    for row in rows.filter(wrong).select_related("fiscal_year", "agency").order_by("pk"):
        takes = "it is void and takes nothing" if row.voided_on else f"it comes to {money.shown(row.total)}"
        yield _drift(row, f"{money.shown(row.applied)} is applied to it", f"{takes} (Bylaws Art. VI §4)")


def _joining() -> Iterator[Drift]:
    """Joining dues that are paid, against the day of payment that membership holds.

    Another day is a remark: it may rest on other grounds.
    """
    rows = Invoice.objects.with_state_on(EVER).filter(
        charge=Charge.JOINING.value, participation__isnull=False, state="paid"
    )
    last = Max("allocations__on", filter=Q(allocations__undone_on__isnull=True))
    for row in rows.annotate(paid_on=last).exclude(participation__dues_paid_on=F("paid_on")).order_by("pk"):
        stored = row.participation.dues_paid_on
        said = f"its joining dues are stored as paid on {in_words(stored)}" if stored else "no day of payment is stored"
        given = f"what was applied to {row.reference} paid them on {in_words(row.paid_on)} (Bylaws Art. III §2.c.iv)"
        yield _drift(row.participation, said, given, remark=stored is not None)


def _overdrawn() -> Iterator[Drift]:
    """More applied and refunded than came in, or anything of what was reversed or pays no invoice."""
    out = DisbursementPayment.objects.filter(voided_on__isnull=True)
    rows = Payment.objects.annotate(
        used=_sum_of(Allocation.objects.standing(), "payment"),
        refunded=_sum_of(out, "approval__review__disbursement__refunds"),
    )
    spent = Q(used__gt=NOTHING) | Q(refunded__gt=NOTHING)
    nothing_there = Q(reversed_on__isnull=False) | Q(category__isnull=False)
    wrong = Q(used__gt=dollars(F("amount") - F("refunded"))) | (nothing_there & spent)
    for row in rows.filter(wrong).order_by("pk"):
        there = money.ZERO if row.reversed_on or row.category_id else row.amount
        used = f"{money.shown(row.used)} of it is applied, {money.shown(row.refunded)} refunded"
        yield _drift(row, used, f"{money.shown(there)} of it is there to be used (Bylaws Art. VI §4)")


# Runs and reminders


def _run_items() -> Iterator[Drift]:
    same_team = Q(invoice__team=F("team")) | Q(invoice__team__isnull=True, team__isnull=True)
    whose = Q(invoice__agency=F("agency"), invoice__charge=F("charge"), invoice__run=F("run")) & same_team
    rows = RunItem.objects.select_related("agency", "invoice__agency", "invoice__fiscal_year", "invoice__team")
    for row in rows.filter(invoice__isnull=False).exclude(whose & Q(invoice__total=F("amount"))).order_by("pk"):
        one = row.invoice
        says = f"{one} is for {one.what}, {money.shown(one.total)}" if one else ""
        yield _drift(row, f"it is stored as {row.get_charge_display()}, {money.shown(row.amount)}", says)
    for row in rows.to_make().filter(run__finished_at__isnull=False).order_by("pk"):
        yield _drift(row, "it is stored as to be invoiced", "its run is finished, and no invoice was made")


def _reminders() -> Iterator[Drift]:
    named = _sum_of(ReminderItem.objects.all(), "reminder", "balance")
    rows = Reminder.objects.annotate(given=named).exclude(given=F("amount"))
    for row in rows.select_related("agency").order_by("pk"):
        stored, given = money.shown(row.amount), money.shown(row.given)
        yield _drift(row, f"it asks for {stored}", f"the invoices it names come to {given}")


# Disbursements


def _copies() -> Iterator[Drift]:
    """Who asked, who reviewed and who is paid, as kept with each step to hold people apart (Bylaws Art. X)."""
    reviews = DisbursementReview.objects.exclude(requester=F("disbursement__requested_by"))
    for review in reviews.select_related("disbursement__fiscal_year", "requester").order_by("pk"):
        asked = f"{review.disbursement.requested_by} asked for it (Bylaws Art. X)"
        yield _drift(review, f"{review.requester} is stored as who asked for it", asked)
    same_payee = Q(payee=F("review__disbursement__payee_user")) | Q(
        payee__isnull=True, review__disbursement__payee_user__isnull=True
    )
    approvals = DisbursementApproval.objects.exclude(Q(reviewer=F("review__by")) & same_payee)
    for approval in approvals.select_related("review__disbursement__fiscal_year").order_by("pk"):
        payee = approval.review.disbursement.payee_user
        yield _drift(
            approval,
            f"{approval.reviewer} is stored as the reviewer and {approval.payee or 'nobody'} as the payee's account",
            f"{approval.review.by} reviewed it, and the payee's account is {payee or 'nobody'} (Bylaws Art. X)",
        )


# Years


def _numbers() -> Iterator[Drift]:
    """Numbers of each year run from 1 to the last one drawn, none missing."""
    for name, drawn in (("invoices", "invoices_drawn"), ("disbursements", "disbursements_drawn")):
        rows = FiscalYear.objects.annotate(held=Count(name), last=Coalesce(Max(f"{name}__number"), 0))
        for row in rows.exclude(held=F(drawn), last=F(drawn)).order_by("starts_on"):
            stored = f"{getattr(row, drawn)} numbers of {name} are stored as drawn"
            yield _drift(row, stored, f"{row.held} {name} bear numbers, the last {row.last}")


def _closed() -> Iterator[Drift]:
    """Postings dated in a closed year that were recorded after its closing was (Bylaws Art. VI §4)."""
    for year in FiscalYear.objects.filter(closed_at__isnull=False).order_by("starts_on"):
        closings = year.history.filter(closed_at__isnull=False)
        recorded_at = closings.aggregate(first=Min("history_date"))["first"]
        if recorded_at is None:
            yield _drift(year, "it is stored as closed", "its history shows no closing")
            continue
        for model, field, said in POSTED:
            in_year = {f"{field}__gte": year.starts_on, f"{field}__lt": year.ends_on}
            first = model.history.filter(**in_year).order_by().values("id").annotate(first=Min("history_date"))  # type: ignore[attr-defined]
            for row in model._default_manager.filter(pk__in=first.filter(first__gt=recorded_at).values("id")):
                day = in_words(getattr(row, field))
                yield _drift(row, f"it is stored as {said} {day}", f"{year} was closed before this was recorded")
