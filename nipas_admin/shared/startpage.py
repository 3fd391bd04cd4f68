"""What the start page says, told by the apps: where we stand, what needs a person, what is coming up.

An app registers one provider in ``AppConfig.ready()``: ``startpage.register(MembershipStart())``. Each method
gets the person and the day and answers only what that person may see. The clock is read by the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser


@dataclass(frozen=True)
class Figure:
    """One figure of the first line: ``Figure("Active agencies", "98", url, "of 105 on the roll")``."""

    label: str
    value: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Need:
    """Something a person must do, by ``on`` (None: no date): what, why by which clause, and the one button."""

    on: date | None
    title: str
    why: str
    url: str
    button: str


@dataclass(frozen=True)
class Marker:
    """A date ahead, for the year strip and the calendar; ``why`` names the clause."""

    on: date
    label: str
    url: str = ""
    why: str = ""


@dataclass(frozen=True)
class QuickLink:
    """A frequent task, by its name: ``QuickLink("Record a Termination Notice", url)``.

    The one that cannot wait is ``primary``: a large button above all else. ``key`` opens it with Alt.
    """

    label: str
    url: str
    primary: bool = False
    key: str = ""


class Provider:
    """What one app tells the start page; override what the app has to say."""

    def figures(self, user: AbstractUser, day: date) -> Iterable[Figure]:
        """Where we stand on the day."""
        return ()

    def needs(self, user: AbstractUser, day: date) -> Iterable[Need]:
        """What waits for this person."""
        return ()

    def coming(self, user: AbstractUser, day: date) -> Iterable[Marker]:
        """Dates ahead."""
        return ()

    def links(self, user: AbstractUser, day: date) -> Iterable[QuickLink]:
        """This person's frequent tasks."""
        return ()


_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Add a provider. A second one of the same class replaces the first."""
    _providers[:] = [other for other in _providers if type(other) is not type(provider)] + [provider]


def providers() -> tuple[Provider, ...]:
    """All providers, in the order in which they were registered."""
    return tuple(_providers)


def one_year_after(day: date) -> date:
    """The same day a year later; 28 February for a leap day."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


@dataclass(frozen=True)
class StartPage:
    """Everything the start page shows to one person on one day."""

    day: date
    figures: tuple[Figure, ...]
    needs: tuple[Need, ...]
    coming: tuple[Marker, ...]
    links: tuple[QuickLink, ...]

    @property
    def at_once(self) -> list[QuickLink]:
        """What cannot wait."""
        return [link for link in self.links if link.primary]

    @property
    def often(self) -> list[QuickLink]:
        """The other frequent tasks."""
        return [link for link in self.links if not link.primary]

    @property
    def waiting(self) -> list[tuple[Need, bool]]:
        """Each need, and whether its date has passed."""
        return [(need, need.on is not None and need.on < self.day) for need in self.needs]


def start_page(user: AbstractUser, day: date) -> StartPage:
    """The page: needs soonest first, undated ones last; markers of the twelve months from the day."""
    until = one_year_after(day)
    needs = [need for provider in _providers for need in provider.needs(user, day)]
    coming = [marker for provider in _providers for marker in provider.coming(user, day)]
    return StartPage(
        day,
        tuple(figure for provider in _providers for figure in provider.figures(user, day)),
        tuple(sorted(needs, key=lambda need: (need.on or date.max, need.title))),
        tuple(sorted((m for m in coming if day <= m.on < until), key=lambda m: (m.on, m.label))),
        tuple(link for provider in _providers for link in provider.links(user, day)),
    )
