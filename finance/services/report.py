"""The Treasurer's report of a time, in full (Bylaws Art. VI §4): one object that screen, paper and JSON show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Min, Q, Sum

from finance.models import (
    Allocation,
    BudgetLine,
    Category,
    DisbursementPayment,
    FiscalYear,
    Institution,
    OpeningBalance,
    Rate,
)
from finance.rules.books import Account, Side
from finance.rules.dues import Charge
from finance.rules.report import Budgeted, years_before
from finance.services.books import Books, books_of, checks, disbursements_in, position_on, receipts_in
from finance.services.report_lines import (
    Budget,
    BudgetedLine,
    BudgetPart,
    CategoryLine,
    CheckLine,
    DebtorLine,
    Flow,
    FundLine,
    YearLine,
)
from finance.services.standing import debtors_on
from finance.services.statements import Followed, followed_on, outstanding_on
from nipas_admin.shared import money
from nipas_admin.shared.dated import day_before, in_words
from nipas_admin.shared.findings import Finding, plain

YEARS_COMPARED = 3


@dataclass(frozen=True)
class TreasurersReport:
    """Everything that is reported of a time. Amounts in US dollars.

    ``notes`` say what a reader should know of the figures, ``missing`` what is not recorded.
    """

    first: date
    last: date
    books: Books
    fund_names: tuple[str, ...]
    receipts: Flow
    disbursements: Flow
    funds: tuple[FundLine, ...]
    budget: Budget | None
    debtors: tuple[DebtorLine, ...]
    agencies_paid: int
    paid_by_agencies: Decimal
    spent: tuple[CheckLine, ...]
    outstanding: tuple[CheckLine, ...]
    followed: tuple[str, ...]
    years: tuple[YearLine, ...]
    checks: tuple[Finding[bool], ...]
    notes: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def title(self) -> str:
        """``Treasurer's report, 1 May 2026 to 20 November 2026``."""
        return f"Treasurer's report, {in_words(self.first)} to {in_words(self.last)}"

    @property
    def agrees(self) -> bool:
        """Do all figures agree?"""
        return all(check.value for check in self.checks)

    @property
    def banks(self) -> tuple[tuple[str, Decimal], ...]:
        """What lies in each bank on the last day; those that held nothing before and after are left out."""
        before = self.books.before.banks
        return tuple((name, amount) for name, amount in self.books.after.banks.items() if amount or before.get(name))

    @property
    def spent_total(self) -> Decimal:
        """Everything paid out in the time, less what was voided in it; refunds of credits included."""
        return money.total(line.amount for line in self.spent)

    @property
    def refunds(self) -> Decimal:
        """Of that, refunds of credits, which are no disbursements of a fund."""
        return self.spent_total - self.disbursements.total

    @property
    def not_reported(self) -> int:
        """How many of those paid wait for a meeting of the Board."""
        return sum(not line.reported and line.amount > 0 for line in self.spent)

    @property
    def outstanding_total(self) -> Decimal:
        """All checks outstanding."""
        return money.total(line.amount for line in self.outstanding)

    def as_dict(self) -> dict[str, Any]:
        """The whole report as plain data, for JSON; amounts as text."""
        return {"title": self.title, "agrees": self.agrees, **_plain(self)}


def treasurers_report(first: date, until: date) -> TreasurersReport:
    """The report of a time: first day in, ``until`` the first day out. A fixed number of queries for a year.

    Raises ValidationError for a time that ends before it begins.
    """
    if until <= first:
        raise ValidationError(f"{in_words(day_before(until))} lies before {in_words(first)}: give the first day first.")
    books, last = books_of(first, until), day_before(until)
    names = tuple(name for name in books.after.funds if _moved(books, name))
    banks = followed_on(last)
    budget, no_budget = _budget(books)
    agencies, paid = _paid(first, until)
    return TreasurersReport(
        first=first,
        last=last,
        books=books,
        fund_names=names,
        receipts=_flow(Side.RECEIPTS, books.receipts, names),
        disbursements=_flow(Side.DISBURSEMENTS, books.disbursements, names),
        funds=tuple(_fund(books, name) for name in names),
        budget=budget,
        debtors=tuple(_debtors(last)),
        agencies_paid=agencies,
        paid_by_agencies=paid,
        spent=tuple(_spent(first, until)),
        outstanding=tuple(_line(row, row.paid_on, 1) for row in _whole(outstanding_on(last, banks))),
        followed=tuple(str(bank.institution) for bank in banks),
        years=tuple(_years(books)),
        checks=tuple(checks(books)),
        notes=tuple(_notes(books)),
        missing=(*no_budget, *_missing(books, banks)),
    )


# --- Funds, receipts, disbursements -----------------------------------------------------------------------------------


def _moved(books: Books, fund: str) -> bool:
    """Did the fund hold or move anything?"""
    flows = any(account.fund == fund for account in (*books.receipts, *books.disbursements))
    return flows or bool(books.before.funds.get(fund) or books.after.funds[fund])


def _flow(side: Side, amounts: Mapping[Account, Decimal], funds: tuple[str, ...]) -> Flow:
    lines, funds = [], tuple(name for name in funds if any(account.fund == name for account in amounts))
    for category in sorted({account.name for account in amounts}):
        by_fund = tuple(amounts.get(Account(side, category, fund), money.ZERO) for fund in funds)
        lines.append(CategoryLine(category, by_fund, money.total(by_fund)))
    sums = tuple(money.total(line.by_fund[place] for line in lines) for place in range(len(funds)))
    return Flow(side, funds, tuple(lines), sums, money.total(sums))


def _fund(books: Books, name: str) -> FundLine:
    opened = books.opened.get(name, money.ZERO)
    return FundLine(
        name, books.before.funds.get(name, money.ZERO) + opened, books.of_fund(name, Side.RECEIPTS),
        books.of_fund(name, Side.DISBURSEMENTS), books.after.funds[name],
    )  # fmt: skip


# --- The budget -------------------------------------------------------------------------------------------------------


def _budget(books: Books) -> tuple[Budget | None, tuple[str, ...]]:
    """The budget of the year in which the last day lies, or what is missing."""
    record = FiscalYear.objects.filter(starts_on__lte=books.last, ends_on__gt=books.last).first()
    if record is None:
        return None, (f"No fiscal year of the books holds {in_words(books.last)}: no budget can be compared.",)
    rows = list(BudgetLine.objects.filter(fiscal_year=record).select_related("fund", "category"))
    if not rows:
        return None, (f"No budget of {record} is recorded.",)
    year = record.year
    if books.first == year.starts_on:
        receipts, disbursements = books.receipts, books.disbursements
    else:
        receipts = receipts_in(year.starts_on, books.until)
        disbursements = disbursements_in(year.starts_on, books.until)
    planned: dict[Side, dict[Account, Decimal]] = {Side.RECEIPTS: {}, Side.DISBURSEMENTS: {}}
    for row in rows:
        side = Side.RECEIPTS if row.category.flow == Category.Flow.RECEIPT else Side.DISBURSEMENTS
        planned[side][Account(side, row.category.name, row.fund.name)] = row.amount
    order = {name: place for place, name in enumerate(books.after.funds)}
    parts = (
        _budget_part(Side.RECEIPTS, planned[Side.RECEIPTS], receipts, order),
        _budget_part(Side.DISBURSEMENTS, planned[Side.DISBURSEMENTS], disbursements, order),
    )
    return Budget(year, year.day_number(books.last), year.days, parts), ()


def _budget_part(
    side: Side, planned: Mapping[Account, Decimal], actual: Mapping[Account, Decimal], order: Mapping[str, int]
) -> BudgetPart:
    accounts = sorted({*planned, *actual}, key=lambda one: (order.get(one.fund, len(order)), one.name))
    lines = tuple(
        BudgetedLine(
            one.fund, one.name, Budgeted(planned.get(one, money.ZERO), actual.get(one, money.ZERO))
        )
        for one in accounts
    )  # fmt: skip
    whole = Budgeted(money.total(planned.values()), money.total(actual.values()))
    return BudgetPart(side, lines, whole)


# --- Agencies ---------------------------------------------------------------------------------------------------------


def _debtors(day: date) -> Iterator[DebtorLine]:
    """Who owes, county by county."""
    found = (
        DebtorLine(one.agency.pk, one.region, one.agency.name, one.owed, one.past_due, one.oldest_due_on, one.letters)
        for one in debtors_on(day)
    )
    yield from sorted(found, key=lambda line: (line.region, line.agency.casefold()))


def _paid(first: date, until: date) -> tuple[int, Decimal]:
    """How many agencies paid in the time, and how much, as it stands at its end. One query."""
    rows = Allocation.objects.filter(on__gte=first).standing_on(day_before(until))
    found = rows.aggregate(agencies=Count("invoice__agency", distinct=True), sum=Sum("amount"))
    return found["agencies"], found["sum"] or money.ZERO


# --- Checks and transfers ---------------------------------------------------------------------------------------------


def _whole(rows: Any) -> Any:
    of = "approval__review__disbursement"
    return rows.select_related(
        "institution", f"{of}__fiscal_year", f"{of}__fund", f"{of}__category", "report__meeting"
    )  # fmt: skip


def _spent(first: date, until: date) -> list[CheckLine]:
    """What was paid in the time, and below zero what was voided in it, in the order of days. One query."""
    paid, voided = Q(paid_on__gte=first, paid_on__lt=until), Q(voided_on__gte=first, voided_on__lt=until)
    lines = []
    for row in _whole(DisbursementPayment.objects.filter(paid | voided)).order_by("pk"):
        if first <= row.paid_on < until:
            lines.append(_line(row, row.paid_on, 1))
        if row.voided_on and first <= row.voided_on < until:
            lines.append(_line(row, row.voided_on, -1))
    return sorted(lines, key=lambda line: (line.on, line.number))


def _line(row: DisbursementPayment, on: date, sign: int) -> CheckLine:
    asked, report = row.approval.review.disbursement, getattr(row, "report", None)
    if sign < 0:
        step = f"Void: {row.void_reason}"
    elif report is not None:
        step = f"Reported on {in_words(report.on)}"
    else:
        step = f"Void since {in_words(row.voided_on)}" if row.voided_on else "Not reported yet"
    category = asked.category.name if asked.category else "Refund of a credit"
    number = row.check_number if row.method == row.Method.CHECK else f"Transfer {row.check_number}"
    return CheckLine(
        on, number, asked.reference, asked.payee, asked.purpose, asked.fund.name, category, sign * row.amount, step,
        report is not None or row.voided_on is not None, asked.pk,
    )  # fmt: skip


# --- Three years ------------------------------------------------------------------------------------------------------


def _years(books: Books) -> Iterator[YearLine]:
    """The same days two years before, one year before, and these."""
    begun = FiscalYear.objects.aggregate(Min("starts_on"))["starts_on__min"]
    for back in range(YEARS_COMPARED - 1, 0, -1):
        first, until = years_before(books.first, back), years_before(books.until, back)
        last = day_before(until)
        if begun is None or first < begun:
            yield YearLine(first, last, None, None, None)
            continue
        receipts = money.total(receipts_in(first, until).values())
        disbursements = money.total(disbursements_in(first, until).values())
        yield YearLine(first, last, receipts, disbursements, position_on(last).in_funds)
    yield YearLine(
        books.first, books.last, money.total(books.receipts.values()), money.total(books.disbursements.values()),
        books.after.in_funds,
    )  # fmt: skip


# --- What to know, and what is missing --------------------------------------------------------------------------------


def _notes(books: Books) -> Iterator[str]:
    for name, amount in books.after.funds.items():
        if amount < 0:
            yield f"{name} stands at {money.shown(amount)}: more was paid out of it than it held."
    left = {str(row): row.until_on for row in Institution.objects.filter(until_on__lte=books.last)}
    for name, amount in books.after.banks.items():
        if amount < 0:
            yield f"{name} stands at {money.shown(amount)}: more was paid from it than was deposited there."
        elif amount and name in left:
            yield (
                f"{money.shown(amount)} stand in the books of {name}, which no longer holds our money since "
                f"{in_words(left[name])}."
            )


def _missing(books: Books, banks: Iterable[Followed]) -> Iterator[str]:
    followed = {str(bank.institution): bank for bank in banks}
    if not OpeningBalance.objects.filter(on__lte=books.last).exists():
        yield "No opening balance is recorded: the balances count from nothing."
    for name, amount in books.after.banks.items():
        bank = followed.get(name)
        if bank is None and amount:
            yield f"No statement of {name} is recorded: which of its checks have cleared is not known."
        elif bank is not None and bank.until_on < books.until and amount:
            until = in_words(day_before(bank.until_on))
            yield f"The statements of {name} reach to {until}: what cleared after it is not known."
    if not Rate.objects.covering(books.last).filter(charge=Charge.ANNUAL.value).exists():
        yield f"No rate of annual dues is recorded for {in_words(books.last)}."


# --- As data ----------------------------------------------------------------------------------------------------------


def _plain(value: Any) -> Any:
    if isinstance(value, Finding):
        return value.as_dict()
    if isinstance(value, Account):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key.value if isinstance(key, Enum) else str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return plain(value)
