"""Days we know, days we half know, and what can still be said of them.

A day in the register may be exact, lie between bounds, have several candidates that disagree, or be
unknown. ``Dated`` holds every candidate; a question about it is answered True or False when all
candidates agree, and None ("not determined") when they do not. Nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def day_after(day: date) -> date:
    """The next day."""
    return day + ONE_DAY


def day_before(day: date) -> date:
    """The previous day."""
    return day - ONE_DAY


def in_words(day: date | None) -> str:
    """The day as people write it: ``4 May 2018``; ``date unknown`` for None."""
    return "date unknown" if day is None else f"{day.day} {day:%B %Y}"


@dataclass(frozen=True)
class Dated:
    """Something that happened, on a day that lies between two bounds, both included.

    ``earliest`` None: it may have happened at any time before. ``latest`` None: there is no day by
    which it is known to have happened. ``never()`` is what did not happen at all.
    """

    earliest: date | None = None
    latest: date | None = None
    happened: bool = True

    def __post_init__(self) -> None:
        if self.earliest and self.latest and self.earliest > self.latest:
            raise ValueError(f"{in_words(self.earliest)} is after {in_words(self.latest)}.")

    @classmethod
    def on(cls, day: date) -> Dated:
        """It happened on this day."""
        return cls(day, day)

    @classmethod
    def unknown(cls) -> Dated:
        """It happened; nothing is known of the day."""
        return cls(None, None)

    @classmethod
    def never(cls) -> Dated:
        """It has not happened."""
        return cls(None, None, happened=False)

    @classmethod
    def among(cls, candidates: Iterable[Dated]) -> Dated:
        """It happened on one of the candidates' days; unknown when there is no candidate."""
        known = list(candidates)
        if not known:
            return cls.unknown()
        earliest = None if any(c.earliest is None for c in known) else min(c.earliest for c in known if c.earliest)
        latest = None if any(c.latest is None for c in known) else max(c.latest for c in known if c.latest)
        return cls(earliest, latest)

    @property
    def day(self) -> date | None:
        """The one day, or None when it is not exact or did not happen."""
        return self.earliest if self.happened and self.earliest == self.latest else None

    def by(self, day: date) -> bool | None:
        """Had it happened by the end of this day? None when the candidates disagree."""
        if not self.happened:
            return False
        if self.latest is not None and self.latest <= day:
            return True
        if self.earliest is not None and self.earliest > day:
            return False
        return None

    def __str__(self) -> str:
        if not self.happened:
            return "not recorded"
        if self.earliest == self.latest:
            return in_words(self.earliest)
        if self.earliest is None:
            return f"date unknown, by {in_words(self.latest)}"
        if self.latest is None:
            return f"date unknown, not before {in_words(self.earliest)}"
        return f"between {in_words(self.earliest)} and {in_words(self.latest)}"


def last_of(events: Iterable[Dated]) -> Dated:
    """When the last of several events happened; never, if one of them has not.

    Raises ValueError when there is no event to take the last of.
    """
    all_events = list(events)
    if not all_events:
        raise ValueError("The last of no events is not a day.")
    if not all(event.happened for event in all_events):
        return Dated.never()
    earliest = [event.earliest for event in all_events if event.earliest]
    latest = [event.latest for event in all_events if event.latest]
    return Dated(max(earliest, default=None), max(latest) if len(latest) == len(all_events) else None)


def every(*answers: bool | None) -> bool | None:
    """Kleene's "and": False if any is False, None if any is open, else True."""
    if any(answer is False for answer in answers):
        return False
    return None if any(answer is None for answer in answers) else True


def some(*answers: bool | None) -> bool | None:
    """Kleene's "or": True if any is True, None if any is open, else False."""
    if any(answer is True for answer in answers):
        return True
    return None if any(answer is None for answer in answers) else False


def negation(answer: bool | None) -> bool | None:
    """Kleene's "not": what is open stays open."""
    return None if answer is None else not answer
