"""The general journal, derived from the documents: what an auditor reads, in the order of days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from finance.models import Allocation, Category, DisbursementPayment, OpeningBalance, Payment
from finance.rules.books import CREDITS, Account, AppliedTo, Entry, Opened, Received, Side, Spent, entries
from finance.rules.dues import Charge

HEADINGS = ("Date", "Document", "Text", "Debit", "Credit", "Amount")
# What invoices bring in that are for no charge of the Board's.
OTHER_CHARGES = {"forward": "Earlier years", "other": "Other receipts"}
# So much of the journal is in memory at once, however long it is.
AT_ONCE = timedelta(days=366)
ROWS = 2_000


def journal(first: date, until: date) -> Iterator[Entry]:
    """The entries of a time (first day in, first day out), in the order of day and document."""
    names = category_names()
    while first < until:
        end = min(until, first + AT_ONCE)
        found = entries(_opened(first, end), _received(first, end), _applied(first, end, names), _spent(first, end))
        yield from sorted((one for one in found if first <= one.on < end), key=lambda one: (one.on, one.document))
        first = end


def rows_of(journal: Iterator[Entry]) -> Iterator[tuple[Any, ...]]:
    """The journal as rows under ``HEADINGS``, amounts as figures."""
    for one in journal:
        yield one.on, one.document, one.text, str(one.debit), str(one.credit), one.amount


def category_names() -> dict[str, str]:
    """The category under which each kind of invoice brings money in, by the invoice's ``charge``. One query."""
    known = dict(Category.objects.exclude(charge="").values_list("charge", "name"))
    return {**OTHER_CHARGES, **{one.value: one.label for one in Charge}, **known}


def _within(first: date, until: date, *fields: str) -> Q:
    """Those of which one of these days lies in the time."""
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__gte": first, f"{field}__lt": until})
    return found


def _opened(first: date, until: date) -> Iterator[Opened]:
    for row in OpeningBalance.objects.filter(_within(first, until, "on")).select_related("fund", "institution"):
        yield Opened(f"O-{row.pk:05}", row.fund.name, str(row.institution), row.amount, row.on)


def _received(first: date, until: date) -> Iterator[Received]:
    rows = Payment.objects.filter(_within(first, until, "received_on", "deposit__deposited_on", "reversed_on"))
    rows = rows.select_related("category", "fund", "deposit__institution").order_by("pk")
    for row in rows.iterator(ROWS):
        into = Account(Side.RECEIPTS, row.category.name, row.fund.name) if row.category else None
        number = f" {row.check_number}" if row.check_number else ""
        yield Received(
            row.reference, f"{row.payer}, {row.get_method_display().lower()}{number}", row.amount, row.received_on,
            into, row.deposit.deposited_on if row.deposit else None,
            str(row.deposit.institution) if row.deposit else "", row.reversed_on,
        )  # fmt: skip


def _applied(first: date, until: date, names: dict[str, str]) -> Iterator[AppliedTo]:
    rows = Allocation.objects.filter(_within(first, until, "on", "undone_on"))
    rows = rows.select_related("payment", "invoice__fiscal_year", "invoice__agency", "invoice__fund").order_by("pk")
    for row in rows.iterator(ROWS):
        account = Account(Side.RECEIPTS, names[row.invoice.charge], row.invoice.fund.name)
        yield AppliedTo(
            row.payment.reference, f"Invoice {row.invoice}", row.amount, row.on, account, row.undone_on
        )  # fmt: skip


def _spent(first: date, until: date) -> Iterator[Spent]:
    rows = DisbursementPayment.objects.filter(_within(first, until, "paid_on", "voided_on")).order_by("pk")
    of = "approval__review__disbursement"
    rows = rows.select_related("institution", f"{of}__fiscal_year", f"{of}__fund", f"{of}__category")
    for row in rows.iterator(ROWS):
        asked = row.approval.review.disbursement
        account = Account(Side.DISBURSEMENTS, asked.category.name, asked.fund.name) if asked.category else CREDITS
        said = f"{asked.payee}, {row.get_method_display().lower()} {row.check_number}"
        yield Spent(asked.reference, said, row.amount, row.paid_on, str(row.institution), account, row.voided_on)
