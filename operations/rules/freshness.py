"""How fresh what an agency said of its resources is: confirmed on a schedule, shown as stale, never silently used."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from nipas_admin.shared.citations import AGREEMENT, cites
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact, Finding

PLAN = AGREEMENT.at("3.I")
MONTHS = 12


class Freshness(str, Enum):
    """How much what was confirmed can be relied on."""

    FRESH = "fresh"
    DUE = "due"
    STALE = "stale"

    @property
    def label(self) -> str:
        """In words: ``Fresh``."""
        return {"fresh": "Fresh", "due": "To be confirmed", "stale": "Stale"}[self.value]


@dataclass(frozen=True)
class Schedule:
    """How often resources are confirmed: every so many months, reminded so many days before."""

    months: int = 6
    due_days: int = 30


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last day of a shorter month."""
    month = day.month - 1 + months
    year, month = day.year + month // MONTHS, month % MONTHS + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def months_before(day: date, months: int) -> date:
    """The latest day of which ``months_after`` is not after this one."""
    month = day.month - 1 - months
    year, month = day.year + month // MONTHS, month % MONTHS + 1
    last = calendar.monthrange(year, month)[1]
    whole = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month, last if whole else min(day.day, last))


@cites(PLAN)
def stale_from(confirmed_on: date, schedule: Schedule) -> date:
    """The first day on which what was confirmed is stale."""
    return months_after(confirmed_on, schedule.months)


@cites(PLAN)
def freshness(confirmed_on: date | None, day: date, schedule: Schedule) -> Finding[Freshness]:
    """How fresh it is on the day: stale from the day the schedule ends, due in the days before; stale if never."""
    if confirmed_on is None:
        return Finding(Freshness.STALE, (Fact("never confirmed", citations=(PLAN,)),))
    stale = stale_from(confirmed_on, schedule)
    said = f"confirmed on {in_words(confirmed_on)}, to be confirmed again by {in_words(stale)}"
    because = (Fact(said, confirmed_on, citations=(PLAN,)),)
    if day >= stale:
        return Finding(Freshness.STALE, because)
    due = day >= stale - timedelta(days=schedule.due_days)
    return Finding(Freshness.DUE if due else Freshness.FRESH, because)
