"""The lines of the Treasurer's report. Amounts in US dollars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from finance.rules.books import Side
from finance.rules.report import Budgeted
from finance.rules.years import Year


@dataclass(frozen=True)
class CategoryLine:
    """What came in, or went out, for one thing: by fund in the order of the flow's funds, and together."""

    category: str
    by_fund: tuple[Decimal, ...]
    total: Decimal


@dataclass(frozen=True)
class Flow:
    """The receipts, or the disbursements, of the time by category and fund; ``funds`` are those that moved."""

    side: Side
    funds: tuple[str, ...]
    lines: tuple[CategoryLine, ...]
    by_fund: tuple[Decimal, ...]
    total: Decimal


@dataclass(frozen=True)
class FundLine:
    """A fund from its opening to its closing balance."""

    fund: str
    opening: Decimal
    receipts: Decimal
    disbursements: Decimal
    closing: Decimal


@dataclass(frozen=True)
class BudgetedLine:
    """One line of the budget, or of what was not budgeted, and what came of it."""

    fund: str
    category: str
    figures: Budgeted


@dataclass(frozen=True)
class BudgetPart:
    """The receipts, or the disbursements, of a year's budget."""

    side: Side
    lines: tuple[BudgetedLine, ...]
    sum: Budgeted


@dataclass(frozen=True)
class Budget:
    """The budget of the year in which the time ends, against what came of it from the year's first day on.

    ``days`` of the year's ``of_days`` have passed: the budget is always that of the whole year.
    """

    year: Year
    days: int
    of_days: int
    parts: tuple[BudgetPart, ...]

    @property
    def whole_year(self) -> bool:
        """Has the year ended?"""
        return self.days == self.of_days


@dataclass(frozen=True)
class DebtorLine:
    """An agency that owes on the last day: its counties, what, how much of it past due, how many letters it got.

    ``key`` is the agency's.
    """

    key: int
    region: str
    agency: str
    owed: Decimal
    past_due: Decimal
    oldest_due_on: date
    letters: int


@dataclass(frozen=True)
class CheckLine:
    """A check or transfer: paid in the time, voided in it, or outstanding. Voided ones count below zero.

    ``step`` says whether it was reported to the Board, and at which meeting. ``key`` is its disbursement.
    """

    on: date
    number: str
    reference: str
    payee: str
    purpose: str
    fund: str
    category: str
    amount: Decimal
    step: str
    reported: bool
    key: int


@dataclass(frozen=True)
class YearLine:
    """The same days of one year; figures are None where the register's books had not begun."""

    first: date
    last: date
    receipts: Decimal | None
    disbursements: Decimal | None
    closing: Decimal | None
