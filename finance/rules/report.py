"""The Treasurer's report: the same days of earlier years, figures that must agree, and what is left of a budget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from finance.rules.books import REPORT, reconciled
from nipas_admin.shared import money
from nipas_admin.shared.citations import cites
from nipas_admin.shared.findings import Finding


@cites(REPORT)
def years_before(day: date, years: int) -> date:
    """The same day so many years before; 29 February becomes 1 March where there is none.

    For the first day of a time and for the first day after it alike: what ended with February still does.
    """
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


@cites(REPORT)
def agreeing(
    name: str, left: tuple[str, Mapping[Any, Decimal]], right: tuple[str, Mapping[Any, Decimal]]
) -> Iterator[Finding[bool]]:
    """Do two ways of reaching the same figures agree, account by account?

    One finding on their sum where all do; else one for each account that differs, by its name.
    """
    (how, ones), (other_how, others) = left, right
    keys = sorted({*ones, *others}, key=str)
    wrong = [key for key in keys if ones.get(key, money.ZERO) != others.get(key, money.ZERO)]
    for key in wrong:
        one, other = ones.get(key, money.ZERO), others.get(key, money.ZERO)
        yield reconciled(f"{name}, {key}", (how, one), (other_how, other))
    if not wrong:
        yield reconciled(name, (how, money.total(ones.values())), (other_how, money.total(others.values())))


@dataclass(frozen=True)
class Budgeted:
    """What was budgeted and what came of it so far, in US dollars."""

    budget: Decimal
    actual: Decimal

    @property
    def variance(self) -> Decimal:
        """Actual less budget: above zero where more came in, or went out, than was budgeted."""
        return self.actual - self.budget

    @property
    def percent(self) -> int | None:
        """The actual in whole percent of the budget, rounded down; None where nothing was budgeted."""
        if self.budget <= 0 or self.actual < 0:
            return None
        return money.to_cents(self.actual) * 100 // money.to_cents(self.budget)
