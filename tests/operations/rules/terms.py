"""Short ways to write what a row of these tables needs."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from nipas_admin.shared.findings import Finding
from operations.rules.cards import Candidate, Filled, Wanted
from operations.rules.freshness import Freshness

CHICAGO = ZoneInfo("America/Chicago")


def d(text: str) -> date:
    """A day."""
    return date.fromisoformat(text)


def t(clock: str) -> datetime:
    """A moment of the night of 16 August 2026 in Chicago."""
    return datetime.fromisoformat(f"2026-08-16 {clock}").replace(tzinfo=CHICAGO)


def said(finding: Finding[object]) -> str:
    """All that a finding says."""
    return "; ".join(map(str, (*finding.because, *finding.missing, *finding.flags)))


def wanted(least: int, most: int | None = None, key: int = 1, type: str = "canine") -> Wanted:
    """One line of a request."""
    return Wanted(key, type, least, most or least)


def has(name: str, free: int, miles: float | None = 5.0, stale: bool = False, **more: object) -> Candidate:
    """An agency that could send so many; its key is its first letter's."""
    freshness = Freshness.STALE if stale else Freshness.FRESH
    return Candidate(ord(name[0]), name, free, miles, freshness, **more)


def asked(filled: Filled) -> list[tuple[str, int]]:
    """Whom the offers ask, in order, and for how many."""
    return [(offer.candidate.name, offer.quantity) for offer in filled.offers]
