"""Short ways to write what a row of a table needs: days, amounts, the fiscal year of 2026, agencies and rates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from finance.rules.dues import Charge, Payer, Place, Rate, Terms
from finance.rules.years import Year, fiscal_year
from membership.rules.facts import Status
from nipas_admin.shared.dated import Dated
from nipas_admin.shared.findings import Finding


def d(text: str) -> date:
    """A day, as ``2026-05-01``."""
    return date.fromisoformat(text)


def on(text: str) -> Dated:
    """Something that happened on the day."""
    return Dated.on(d(text))


def between(first: str | None, last: str | None) -> Dated:
    """Something that happened between two days."""
    return Dated(first and d(first), last and d(last))


def usd(text: str) -> Decimal:
    """An amount, as ``2,800.00``."""
    return Decimal(text.replace(",", ""))


def year_of(text: str) -> Year:
    """The fiscal year of a day, beginning 1 May."""
    return fiscal_year(d(text), 5, 1)


YEAR = year_of("2026-05-01")
TERMS = Terms()
FLOOD, PATROL = 1, 2  # two teams by their keys


def rate(charge: Charge, amount: str, from_on: str = "2000-05-01", **facts: object) -> Rate:
    """A rate as the Board set it."""
    return Rate(charge, usd(amount), d(from_on), **facts)  # type: ignore[arg-type]


def agency(begun: Dated | None = None, status: Status = Status.ACTIVE, **facts: object) -> Payer:
    """An agency that has been in since 1990, unless told otherwise."""
    return Payer(status, begun or on("1990-03-05"), **facts)  # type: ignore[arg-type]


def place(team: int = FLOOD, name: str = "Flood Team", **facts: object) -> Place:
    """A place in a team since 2010, unless told otherwise."""
    return Place(team, name, **{"since": d("2010-05-01"), **facts})  # type: ignore[arg-type]


def said(finding: Finding) -> str:
    """Why, in one line."""
    return " | ".join(map(str, finding.because))


def warned(finding: Finding) -> str:
    """The warnings, in one line."""
    return " | ".join(map(str, finding.flags))
