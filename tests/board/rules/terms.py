"""The terms of 2018, under which every table of this folder is worked out, and short ways to write what a row needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from board.rules.quorum import House
from board.rules.terms import APPOINTED, ELECTED, Base, Body, BylawsTerms, Decision, Office, Threshold
from membership.rules.continuity import GoodStanding
from nipas_admin.shared.dated import Dated
from nipas_admin.shared.findings import Finding
from nipas_admin.shared.shares import Share

CHICAGO = ZoneInfo("America/Chicago")
NEVER, UNKNOWN = Dated.never(), Dated.unknown()


def more_than_half_of(base: Base) -> Threshold:
    """More than half of a base."""
    return Threshold(Share(1, 2), base, exceeds=True)


def at_least(numerator: int, denominator: int, base: Base) -> Threshold:
    """At least a share of a base."""
    return Threshold(Share(numerator, denominator), base)


TERMS = BylawsTerms(
    board_quorum=6,
    at_large_seats=6,
    notice_days=15,
    eligibility_months=12,
    dissolution_days=60,
    nominating_members=3,
    fiscal_month=5,
    fiscal_day=1,
    good_standing=GoodStanding.DUES,
    years={**dict.fromkeys(ELECTED, 2), **dict.fromkeys(APPOINTED, 1), Office.PAST_PRESIDENT: 2, Office.AT_LARGE: 1},
    thresholds={
        Decision.BOARD: more_than_half_of(Base.ENTITLED),
        Decision.ASSEMBLY: more_than_half_of(Base.PRESENT),
        Decision.REMOVAL: at_least(2, 3, Base.ENTITLED),
        Decision.AMENDMENT: more_than_half_of(Base.PRESENT),
        Decision.OBJECTION: more_than_half_of(Base.PRESENT),
        Decision.DISSOLUTION: at_least(3, 4, Base.ENTITLED),
        Decision.ELECTION: more_than_half_of(Base.CAST),
    },
)


def counting(decision: Decision, threshold: Threshold) -> BylawsTerms:
    """The terms of 2018 with another threshold for one kind of decision, as a later version may have it."""
    return replace(TERMS, thresholds={**TERMS.thresholds, decision: threshold})


def board(present: int, in_office: int = 11, undetermined: int = 0) -> House:
    """A meeting of the Board of eleven seats."""
    return House(Body.BOARD, present, in_office, undetermined, seats=11)


def agencies(present: int, active: int = 98, undetermined: int = 0) -> House:
    """A meeting of the agencies."""
    return House(Body.ASSEMBLY, present, active, undetermined)


def d(text: str) -> date:
    """A day, as ``2026-05-20``."""
    return date.fromisoformat(text)


def on(text: str) -> Dated:
    """Something that happened on the day."""
    return Dated.on(d(text))


def between(first: str | None, last: str | None) -> Dated:
    """Something that happened between two days."""
    return Dated(first and d(first), last and d(last))


def at(text: str) -> datetime:
    """A moment in Chicago, as ``2026-05-20 10:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO)


def said(finding: Finding) -> str:
    """Why, in one line."""
    return " | ".join(map(str, finding.because))


def warned(finding: Finding) -> str:
    """The warnings, in one line."""
    return " | ".join(map(str, finding.flags))
