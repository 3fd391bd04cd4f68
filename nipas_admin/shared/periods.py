"""Half-open periods: the first day is in, the last named day is out, the end may be open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from nipas_admin.shared.dated import in_words


@dataclass(frozen=True, order=True)
class Period:
    """From ``start`` (first day in) until ``end`` (first day out, or None while it is open).

    Raises ValueError when the end is not after the start: an empty period is a mistake, not a period.
    """

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"A period from {in_words(self.start)} cannot end on {in_words(self.end)}.")

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: Period) -> bool:
        """True when some day lies in both. Periods that only meet do not overlap."""
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)

    def __str__(self) -> str:
        return f"from {in_words(self.start)}" + (f" until {in_words(self.end)}" if self.end else "")
