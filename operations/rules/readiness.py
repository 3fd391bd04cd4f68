"""Readiness inquiries: who says it would come, with how many, how fast; never binding, for emergencies only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from nipas_admin.shared.citations import AGREEMENT, cites

LAWFUL_NO = AGREEMENT.at("3.B")
TEAMS = AGREEMENT.at("3.K")
HOURS = (1, 2, 4, 8, 12, 24)


class Reply(str, Enum):
    """What the chief or sheriff answered."""

    YES = "yes"
    NO = "no"
    CONDITION = "condition"

    @property
    def label(self) -> str:
        """In words."""
        return {"yes": "Yes", "no": "No", "condition": "On a condition"}[self.value]


@dataclass(frozen=True)
class Answered:
    """One reply: how many people, within how many hours; None for what was not said."""

    reply: Reply
    people: int = 0
    hours: int | None = None


@dataclass(frozen=True)
class Tally:
    """What was answered: agencies by reply, and people who could be there within each number of hours.

    ``sure`` counts those who said yes, ``conditional`` those who named a condition; both add up by hour. ``later``
    are the people of either who need more hours than the last.
    """

    asked: int
    replies: dict[Reply, int]
    sure: dict[int, int]
    conditional: dict[int, int]
    later: int = 0

    @property
    def silent(self) -> int:
        """How many have not answered."""
        return self.asked - sum(self.replies.values())


@cites(LAWFUL_NO, TEAMS)
def tally(asked: int, answers: Iterable[Answered]) -> Tally:
    """The answers added up. People whose hours are not said count at the last hour only."""
    known = list(answers)
    replies = {reply: sum(1 for one in known if one.reply is reply) for reply in Reply}

    def by_hour(reply: Reply) -> dict[int, int]:
        came = [(one.people, _hours(one)) for one in known if one.reply is reply]
        return {hour: sum(people for people, hours in came if hours <= hour) for hour in HOURS}

    later = sum(one.people for one in known if one.reply is not Reply.NO and _hours(one) > HOURS[-1])
    return Tally(asked, replies, by_hour(Reply.YES), by_hour(Reply.CONDITION), later)


def _hours(one: Answered) -> int:
    return HOURS[-1] if one.hours is None else one.hours
