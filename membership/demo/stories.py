"""The table of what the demonstration shows: agency by agency, in the words that stand in the agency's note."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from membership.demo.clerk import Clerk

Telling = Callable[[Clerk], object]


@dataclass(frozen=True)
class Story:
    """What one agency is there to show, and how its records come about.

    ``ordinary``: it joined and adopted in order, like the many, before its story begins. ``early``: recorded while the
    adoption was still under way, before the collective date was known.
    """

    shows: str
    tell: Telling
    ordinary: bool = False
    early: bool = False


STORIES: dict[str, Story] = {}


def story(agency: str, shows: str, *, ordinary: bool = False, early: bool = False) -> Callable[[Telling], Telling]:
    """Enter a story in the table. Raises ValueError for a second one about the same agency."""

    def enter(tell: Telling) -> Telling:
        if agency in STORIES:
            raise ValueError(f"{agency} has a story already.")
        STORIES[agency] = Story(shows, tell, ordinary, early)
        return tell

    return enter
