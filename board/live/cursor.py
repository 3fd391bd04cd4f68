"""What changed at a meeting since a page last asked, told from the history of its records."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Max, OuterRef, Subquery

from board.models import AgendaItem, Attendance, Ballot, Election, Meeting, Motion, Nominee, Pause, RollEntry, Vote


@dataclass(frozen=True)
class Cursor:
    """How far the history of a meeting had come: the latest entry of each kind that its pages show."""

    stays: int = 0
    roll: int = 0
    votes: int = 0
    floor: int = 0
    agenda: int = 0
    pauses: int = 0
    state: str = ""

    def __str__(self) -> str:
        return ".".join(str(getattr(self, field.name)) for field in fields(self))

    @classmethod
    def read(cls, text: str) -> Cursor:
        """The cursor as a page sends it back; the beginning where it is not one."""
        *numbers, state = text.split(".")
        if len(numbers) != len(fields(cls)) - 1 or not all(n.isascii() and n.isdecimal() for n in numbers):
            return cls()
        stays, roll, votes, floor, agenda, pauses = (int(number[:18]) for number in numbers)
        return cls(stays, roll, votes, floor, agenda, pauses, state)


OPENED, CLOSED, AHEAD = "open", "closed", "ahead"


def phase_of(meeting: Meeting) -> str:
    """Which of its pages a meeting has: ahead of it, open or closed."""
    if meeting.cancelled_on or meeting.adjourned_at:
        return CLOSED
    return OPENED if meeting.called_to_order_at else AHEAD


def cursor_of(meeting: Meeting) -> Cursor:
    """How far the history of the meeting has come. One query, whatever the size of the roll.

    Every act locks its meeting before it writes, so that entries of one meeting follow each other in this order.
    """
    here = OuterRef("pk")
    parts = {
        "stays": _latest(Attendance, meeting=here),
        "roll": _latest(RollEntry, meeting=here),
        "votes": _latest(Vote, motion__meeting=here),
        "motions": _latest(Motion, meeting=here),
        "elections": _latest(Election, meeting=here),
        "nominees": _latest(Nominee, election__meeting=here),
        "ballots": _latest(Ballot, election__meeting=here),
        "agenda": _latest(AgendaItem, meeting=here),
        "pauses": _latest(Pause, meeting=here),
    }
    found = Meeting.objects.filter(pk=meeting.pk).annotate(**{f"last_{key}": part for key, part in parts.items()})
    last = {
        key: value or 0 for key, value in zip(parts, found.values_list(*(f"last_{k}" for k in parts))[0], strict=True)
    }
    on_the_floor = sum(last[key] for key in ("motions", "elections", "nominees", "ballots"))
    return Cursor(
        last["stays"], last["roll"], last["votes"], on_the_floor, last["agenda"], last["pauses"], phase_of(meeting)
    )


def _latest(model: Any, **of: Any) -> Subquery:
    rows = model.history.filter(**of).order_by()
    key = next(iter(of))
    return Subquery(rows.values(key).annotate(last=Max("history_id")).values("last")[:1])


def changed_entries(meeting: Meeting, since: Cursor, now: Cursor) -> set[int]:
    """The entries of the roll of which a page that asked at ``since`` shows too little. At most three queries."""
    changed: set[int] = set()
    if now.stays != since.stays:
        rows = Attendance.history.filter(meeting=meeting, history_id__gt=since.stays)
        changed |= set(rows.values_list("entry_id", flat=True))
    if now.roll != since.roll:
        rows = RollEntry.history.filter(meeting=meeting, history_id__gt=since.roll)
        changed |= set(rows.values_list("id", flat=True))
    if now.votes != since.votes:
        rows = Vote.history.filter(motion__meeting=meeting, history_id__gt=since.votes)
        changed |= set(rows.values_list("entry_id", flat=True))
    return changed
