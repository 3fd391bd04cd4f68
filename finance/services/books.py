"""The figures of the books on a day or over a time, each reached by its own query, and whether they agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from finance.models import (
    Allocation,
    Deposit,
    DisbursementPayment,
    Fund,
    Institution,
    Invoice,
    OpeningBalance,
    Payment,
)
from finance.querysets import sum_of
from finance.rules.books import CREDITS, UNDEPOSITED, Account, Side, balances, reconciled
from finance.rules.receivables import Bucket
from finance.rules.report import agreeing
from finance.services.journal import category_names, journal
from finance.services.statements import bank_checks
from nipas_admin.shared import money
from nipas_admin.shared.dated import day_before, in_words
from nipas_admin.shared.findings import Finding

OUT = "approval__review__disbursement"
Amounts = dict[str, Decimal]


@dataclass(frozen=True)
class Position:
    """Where the money lies at the end of a day, and what it is for; US dollars, by the names of banks and funds."""

    banks: Mapping[str, Decimal]
    undeposited: Decimal
    credits: Decimal
    funds: Mapping[str, Decimal]

    @property
    def in_banks(self) -> Decimal:
        """In all banks together."""
        return money.total(self.banks.values())

    @property
    def in_funds(self) -> Decimal:
        """In all funds together."""
        return money.total(self.funds.values())

    @property
    def by_place(self) -> Decimal:
        """All cash, by where it lies."""
        return self.in_banks + self.undeposited

    @property
    def by_purpose(self) -> Decimal:
        """All cash, by what it is for."""
        return self.in_funds + self.credits


@dataclass(frozen=True)
class Receivable:
    """What agencies owed before the time, what moved it, and its aging on the last day; US dollars."""

    opening: Decimal
    invoiced: Decimal
    voided: Decimal
    applied: Decimal
    undone: Decimal
    aging: Mapping[Bucket, Decimal]
    debtors: int

    @property
    def closing(self) -> Decimal:
        """What they owe after it, rolled forward."""
        return self.opening + self.invoiced - self.voided - self.applied + self.undone

    @property
    def aged(self) -> Decimal:
        """What they owe by the aging."""
        return money.total(self.aging.values())

    @property
    def past_due(self) -> Decimal:
        """Of that, what is past due."""
        return self.aged - self.aging[Bucket.CURRENT]


@dataclass(frozen=True)
class Undeposited:
    """What came in and was taken to the bank over a time, US dollars."""

    received: Decimal
    reversed: Decimal
    deposited: Decimal


@dataclass(frozen=True)
class Books:
    """The figures of a time: first day in, ``until`` the first day out. Accounts are those of the journal."""

    first: date
    until: date
    before: Position
    after: Position
    opened: Mapping[str, Decimal]
    receipts: Mapping[Account, Decimal]
    disbursements: Mapping[Account, Decimal]
    receivable: Receivable
    undeposited: Undeposited
    applied: Decimal
    applied_of_standing: Decimal

    @property
    def last(self) -> date:
        """The last day."""
        return day_before(self.until)

    def of_fund(self, fund: str, side: Side) -> Decimal:
        """The receipts, or the disbursements, of a fund."""
        flow = self.receipts if side is Side.RECEIPTS else self.disbursements
        return money.total(amount for account, amount in flow.items() if account.fund == fund)


def books_of(first: date, until: date) -> Books:
    """The figures of a time; a fixed number of queries, whatever the number of documents."""
    last = day_before(until)
    rows, applied = OpeningBalance.objects.filter(on__gte=first, on__lt=until), Allocation.objects.standing_on(last)
    return Books(
        first, until, position_on(day_before(first)), position_on(last), _sums(rows, "fund__name"),
        receipts_in(first, until), disbursements_in(first, until), _receivable(first, until),
        _undeposited(first, until), sum_of(applied), sum_of(applied.filter(_stands("payment", last))),
    )  # fmt: skip


def _stands(payment: str, day: date) -> Q:
    """Rows whose payment stands on the day."""
    return Q(**{f"{payment}__reversed_on__isnull": True}) | Q(**{f"{payment}__reversed_on__gt": day})


# --- On a day ---------------------------------------------------------------------------------------------------------


def position_on(day: date) -> Position:
    """Where the money lies at the end of the day, and what it is for."""
    received, applied = Payment.objects.standing_on(day), Allocation.objects.standing_on(day)
    paid, opened = DisbursementPayment.objects.standing_on(day), OpeningBalance.objects.filter(on__lte=day)
    refunded = paid.filter(**{f"{OUT}__refunds__isnull": False})
    waits = Q(deposit__isnull=True) | Q(deposit__deposited_on__gt=day)
    deposited = received.filter(deposit__deposited_on__lte=day)
    in_banks = _together(
        (1, _sums(opened, "institution")), (1, _sums(deposited, "deposit__institution")),
        (-1, _sums(paid, "institution")),
    )  # fmt: skip
    in_funds = _together(
        (1, _sums(opened, "fund__name")), (1, _sums(applied, "invoice__fund__name")),
        (1, _sums(received.filter(category__isnull=False), "fund__name")),
        (-1, _sums(paid.filter(**{f"{OUT}__refunds__isnull": True}), f"{OUT}__fund__name")),
    )  # fmt: skip
    return Position(
        {str(row): in_banks.get(row.pk, money.ZERO) for row in Institution.objects.all()},
        sum_of(received.filter(waits)),
        sum_of(received.for_invoices()) - sum_of(applied) - sum_of(refunded),
        {name: in_funds.get(name, money.ZERO) for name in Fund.objects.values_list("name", flat=True)},
    )


def _sums(rows: Any, key: str) -> dict[Any, Decimal]:
    """The sum of ``amount`` by a key. One query."""
    return dict(rows.order_by().values_list(key).annotate(Sum("amount")))


def _together(*parts: tuple[int, Mapping[Any, Decimal]]) -> dict[Any, Decimal]:
    found: dict[Any, Decimal] = defaultdict(lambda: money.ZERO)
    for sign, amounts in parts:
        for key, amount in amounts.items():
            found[key] += sign * amount
    return dict(found)


# --- Over a time ------------------------------------------------------------------------------------------------------


def receipts_in(first: date, until: date) -> dict[Account, Decimal]:
    """What came in by fund and category: what paid invoices by the day it was applied, the rest by its own day.

    What was undone or reversed in the time is taken off. Two queries, and the names of the categories.
    """
    names, found = category_names(), defaultdict[Account, Decimal](lambda: money.ZERO)
    applied = _moved(Allocation.objects, "on", "undone_on", first, until, "invoice__fund__name", "invoice__charge")
    for (fund, charge), amount in applied:
        found[Account(Side.RECEIPTS, names[charge], fund)] += amount
    other = Payment.objects.filter(category__isnull=False)
    for (fund, category), amount in _moved(
        other, "received_on", "reversed_on", first, until, "fund__name", "category__name"
    ):
        found[Account(Side.RECEIPTS, category, fund)] += amount
    return dict(found)


def disbursements_in(first: date, until: date) -> dict[Account, Decimal]:
    """What went out by fund and category, less checks voided in the time; refunds of credits are none. One query."""
    rows = DisbursementPayment.objects.filter(**{f"{OUT}__category__isnull": False})
    moved = _moved(rows, "paid_on", "voided_on", first, until, f"{OUT}__fund__name", f"{OUT}__category__name")
    return {Account(Side.DISBURSEMENTS, category, fund): amount for (fund, category), amount in moved}


def _moved(
    rows: Any, came: str, went: str, first: date, until: date, *keys: str
) -> Iterator[tuple[tuple[str, ...], Decimal]]:
    """By keys: what came in the time, less what went again in it. One query."""
    came_in = Q(**{f"{came}__gte": first, f"{came}__lt": until})
    went_in = Q(**{f"{went}__gte": first, f"{went}__lt": until})
    found = rows.filter(came_in | went_in).order_by().values_list(*keys)
    for *key, more, less in found.annotate(more=Sum("amount", filter=came_in), less=Sum("amount", filter=went_in)):
        yield tuple(key), (more or money.ZERO) - (less or money.ZERO)


def _receivable(first: date, until: date) -> Receivable:
    before = Invoice.objects.aging_on(day_before(first))
    after = Invoice.objects.aging_on(day_before(until))
    aging = {bucket: money.total(row[bucket] for row in after.values()) for bucket in Bucket}
    return Receivable(
        money.total(amount for row in before.values() for amount in row.values()),
        sum_of(Invoice.objects.filter(issued_on__gte=first, issued_on__lt=until), "total"),
        sum_of(Invoice.objects.filter(voided_on__gte=first, voided_on__lt=until), "total"),
        sum_of(Allocation.objects.filter(on__gte=first, on__lt=until)),
        sum_of(Allocation.objects.filter(undone_on__gte=first, undone_on__lt=until)),
        aging, len(after),
    )  # fmt: skip


def _undeposited(first: date, until: date) -> Undeposited:
    came = Payment.objects.filter(received_on__gte=first, received_on__lt=until)
    back = Payment.objects.filter(Q(deposit__isnull=True), reversed_on__gte=first, reversed_on__lt=until)
    deposits = Deposit.objects.filter(deposited_on__gte=first, deposited_on__lt=until)
    return Undeposited(sum_of(came), sum_of(back), sum_of(deposits, "payments__amount"))


# --- Whether they agree -----------------------------------------------------------------------------------------------


def checks_of(first: date, until: date) -> list[Finding[bool]]:
    """Whether the figures of the time (first day in, first day out) agree, each check with its arithmetic.

    Every figure of the queries is held against another way to reach it, the journal's among them.
    """
    return list(checks(books_of(first, until)))


def checks(books: Books) -> Iterator[Finding[bool]]:
    """The checks of these figures. What the banks' statements show is checked where there are statements."""
    before, after, on = books.before, books.after, in_words(books.last)
    yield reconciled(
        f"Cash on {on}", ("in banks and not deposited yet", after.by_place),
        ("in the funds and held as credits", after.by_purpose),
    )  # fmt: skip
    flows = _together(
        (1, before.funds), (1, books.opened), (1, _by_fund(books.receipts)), (-1, _by_fund(books.disbursements))
    )
    yield from agreeing(
        f"Funds on {on}", ("opening, receipts and disbursements come to", flows), ("what stands then", after.funds)
    )
    yield from _against_the_journal(books)
    owed, moved = books.receivable, books.undeposited
    yield reconciled(
        f"Receivable on {on}",
        (
            f"{money.shown(owed.opening)} + invoiced {money.shown(owed.invoiced)} − void {money.shown(owed.voided)} − "
            f"applied {money.shown(owed.applied)} + undone {money.shown(owed.undone)} is",
            owed.closing,
        ),
        ("the aging", owed.aged),
    )
    rolled = before.undeposited + moved.received - moved.reversed - moved.deposited
    yield reconciled(
        f"Not deposited on {on}",
        (
            f"{money.shown(before.undeposited)} + received {money.shown(moved.received)} − reversed before a deposit "
            f"{money.shown(moved.reversed)} − deposits {money.shown(moved.deposited)} is",
            rolled,
        ),
        ("payments in no deposit then", after.undeposited),
    )
    yield reconciled(
        f"Applied to invoices by {on}", ("in all", books.applied), ("of payments that stand", books.applied_of_standing)
    )
    yield from bank_checks(books.first, books.until)


def _by_fund(flow: Mapping[Account, Decimal]) -> Amounts:
    found: Amounts = defaultdict(lambda: money.ZERO)
    for account, amount in flow.items():
        found[account.fund] += amount
    return found


def _against_the_journal(books: Books) -> Iterator[Finding[bool]]:
    """What the queries say, and what the journal's entries come to, account by account."""
    folded = balances(journal(books.first, books.until))
    before, after = _held(books.before), _held(books.after)
    moved = {account: amount for account, amount in folded.items() if account.side in (Side.BANK, Side.UNDEPOSITED)}
    credits_ = folded.get(CREDITS, money.ZERO)
    yield from agreeing(
        "Cash against the journal", ("at the start with every entry since", _together((1, before), (1, moved))),
        ("by the queries", after),
    )  # fmt: skip
    yield reconciled(
        "Credits against the journal", ("at the start with every entry since", books.before.credits - credits_),
        ("by the queries", books.after.credits),
    )  # fmt: skip
    for name, side, sign, flow in (
        ("Receipts", Side.RECEIPTS, -1, books.receipts),
        ("Disbursements", Side.DISBURSEMENTS, 1, books.disbursements),
    ):
        said = {account: sign * amount for account, amount in folded.items() if account.side is side}
        yield from agreeing(f"{name} against the journal", ("every entry", said), ("by the queries", flow))


def _held(position: Position) -> dict[Account, Decimal]:
    return {
        UNDEPOSITED: position.undeposited,
        **{Account(Side.BANK, name): amount for name, amount in position.banks.items()},
    }
