"""The table of the meetings: when each was held and what it shows, in the words that stand in the meeting's note."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from board.demo.people import Cast
from board.demo.secretary import Session
from board.rules.motions import Gathering


@dataclass(frozen=True)
class Story:
    """One meeting: its kind and hour, what it is there to show, and how its records come about."""

    kind: Gathering
    on: date
    hour: str
    shows: str
    tell: Callable[[Session], object]
    purpose: str = ""


@dataclass(frozen=True)
class Event:
    """What happened between meetings."""

    on: date
    tell: Callable[[Cast], object]


STORIES: list[Story] = []
EVENTS: list[Event] = []


def meeting(
    kind: Gathering, on: date, shows: str, *, hour: str = "10:00", purpose: str = ""
) -> Callable[[Callable[[Session], object]], Callable[[Session], object]]:
    """Enter a meeting in the table."""

    def enter(tell: Callable[[Session], object]) -> Callable[[Session], object]:
        STORIES.append(Story(kind, on, hour, shows, tell, purpose))
        return tell

    return enter


def event(on: date) -> Callable[[Callable[[Cast], object]], Callable[[Cast], object]]:
    """Enter what happened on a day, before any meeting of that day."""

    def enter(tell: Callable[[Cast], object]) -> Callable[[Cast], object]:
        EVENTS.append(Event(on, tell))
        return tell

    return enter
