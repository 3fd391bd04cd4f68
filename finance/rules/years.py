"""The fiscal year (Bylaws Art. XIV), and how much of it a first year is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from nipas_admin.shared import money
from nipas_admin.shared.citations import AGREEMENT, BYLAWS, cites
from nipas_admin.shared.dated import day_before, in_words
from nipas_admin.shared.findings import Fact, Finding

FISCAL_YEAR = BYLAWS.at("XIV")
DUES = BYLAWS.at("III", 7)
MONTHS = 12


@dataclass(frozen=True, order=True)
class Year:
    """A fiscal year, half open: ``starts_on`` is its first day, ``ends_on`` the first day of the next."""

    starts_on: date
    ends_on: date

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day < self.ends_on

    @property
    def last_day(self) -> date:
        """Its last day: 30 April."""
        return day_before(self.ends_on)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.ends_on - self.starts_on).days

    def day_number(self, day: date) -> int:
        """Which day of the year it is, the first being 1. Raises ValueError for a day outside."""
        if day not in self:
            raise ValueError(f"{in_words(day)} does not lie in {self}.")
        return (day - self.starts_on).days + 1

    def __str__(self) -> str:
        if self.last_day.year == self.starts_on.year:
            return f"FY {self.starts_on.year}"
        return f"FY {self.starts_on.year}–{self.last_day.year % 100:02}"


@cites(FISCAL_YEAR)
def fiscal_year(day: date, first_month: int, first_day: int) -> Year:
    """The fiscal year in which a day lies, when each begins on this day of this month (1 May)."""
    start = date(day.year, first_month, first_day)
    if day < start:
        start = start.replace(year=day.year - 1)
    return Year(start, start.replace(year=start.year + 1))


class FirstYear(str, Enum):
    """What is owed for a year that had begun when an agency joined: a dated setting of the Board."""

    FULL = "full"
    BY_MONTH = "by_month"
    BY_DAY = "by_day"

    @property
    def label(self) -> str:
        """In words: ``by the month``."""
        return {"full": "the full year", "by_month": "by the month", "by_day": "by the day"}[self.value]


@cites(DUES, AGREEMENT.at("3.J"))
def first_year_amount(amount: Decimal, since: date, year: Year, policy: FirstYear) -> Finding[Decimal]:
    """What is owed for a year of which the agency was in only from ``since``; the month it joined in counts whole.

    Raises ValueError for a day after the year.
    """
    if since >= year.ends_on:
        raise ValueError(f"{in_words(since)} lies after {year}.")
    if policy is FirstYear.FULL or since <= year.starts_on:
        return Finding(amount, (Fact(f"{money.shown(amount)} for {year}", citations=(DUES,)),))
    if policy is FirstYear.BY_MONTH:
        left, whole, unit = _months_left(since, year), MONTHS, "months"
    else:
        left, whole, unit = (year.ends_on - since).days, year.days, "days"
    owed = money.share(amount, left, whole)
    said = (
        f"first year, from {in_words(since)}: {left} of {whole} {unit} of {money.shown(amount)} is {money.shown(owed)}"
    )
    return Finding(owed, (Fact(said, since, citations=(DUES,)),))


def _months_left(since: date, year: Year) -> int:
    """How many months of the year are left, the one begun included; months run from the year's first day."""
    start = year.starts_on
    gone = (since.year - start.year) * MONTHS + since.month - start.month - (since.day < start.day)
    return MONTHS - gone
