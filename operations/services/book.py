"""The book of all alarm cards: which cards stand in it, and who has none."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from membership.models import Agency
from operations.models import AlarmAssignment


@dataclass(frozen=True)
class Book:
    """What stands in the book on a day, by name of agency.

    ``left_out`` are the drafts, the versions that take effect later, and those that were chosen and are superseded;
    ``without`` the active agencies that have no card in effect.
    """

    cards: tuple[AlarmAssignment, ...]
    left_out: tuple[AlarmAssignment, ...]
    without: tuple[Agency, ...]


def book_on(day: date, only: Collection[int] | None = None) -> Book:
    """The book as of the day: of all agencies; with ``only``, of these versions as far as they are in effect."""
    rows = AlarmAssignment.objects.select_related("agency", "approved_by__agency").order_by("agency__name", "version")
    if only is not None:
        rows = rows.filter(pk__in=only)
    cards = tuple(rows.in_effect_on(day))
    kept = {card.pk for card in cards}
    others = [row for row in rows if row.pk not in kept]
    # What was superseded is missed only where it was chosen.
    left_out = [row for row in others if only is not None or row.approved_on is None or row.effective_on > day]
    active = Agency.objects.active_on(day).exclude(pk__in=[card.agency_id for card in cards]).order_by("name")
    return Book(cards, tuple(left_out), tuple(active) if only is None else ())
