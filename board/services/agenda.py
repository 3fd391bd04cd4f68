"""The agenda as a tree: in its order, with the hour of each item, and the acts that arrange it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.core.exceptions import ValidationError
from django.db import transaction

from board.models import AgendaItem, Meeting
from board.services.course import refresh_coming
from board.services.meetings import locked
from nipas_admin.shared.records import saved


class Step(str, Enum):
    """Where an item of the agenda may be moved, one step at a time."""

    UP = "up"
    DOWN = "down"
    IN = "in"
    OUT = "out"


@dataclass(frozen=True)
class Line:
    """One item as the agenda shows it: its number in the tree (``2.1``), how deep it lies, and when it is due.

    ``at`` is None where no time is allotted to anything before it; ``steps`` are the moves that lead somewhere.
    """

    item: AgendaItem
    number: str
    depth: int
    at: datetime | None
    steps: frozenset[str]


def outline(meeting: Meeting) -> list[Line]:
    """The items not left out, in order. One query."""
    below: dict[int | None, list[AgendaItem]] = {}
    for item in _standing(meeting):
        below.setdefault(item.parent_id, []).append(item)
    timed = any(item.minutes_allotted for items in below.values() for item in items)
    clock = meeting.called_to_order_at or meeting.starts_at

    def branch(parent: int | None, prefix: str, depth: int) -> Iterator[Line]:
        nonlocal clock
        siblings = below.get(parent, [])
        for place, item in enumerate(siblings):
            number = f"{prefix}{place + 1}"
            yield Line(item, number, depth, clock if timed else None, _steps(place, len(siblings), depth))
            begun = clock
            yield from branch(item.pk, f"{number}.", depth + 1)
            if clock == begun:  # its own time counts where nothing below it takes any
                clock += timedelta(minutes=item.minutes_allotted or 0)

    return list(branch(None, "", 0))


def _standing(meeting: Meeting) -> list[AgendaItem]:
    rows = meeting.agenda.standing().select_related("objection", "minutes_of", "plan", "came_from__meeting")
    return list(rows.order_by("position", "pk"))


def _steps(place: int, of: int, depth: int) -> frozenset[str]:
    possible = {Step.UP: place > 0, Step.DOWN: place < of - 1, Step.IN: place > 0, Step.OUT: depth > 0}
    return frozenset(step.value for step, leads in possible.items() if leads)


def agenda_is_open(meeting: Meeting) -> bool:
    """May the agenda still be arranged: not of a cancelled meeting, nor once the minutes are approved?"""
    minutes = getattr(meeting, "minutes", None)
    return not meeting.cancelled_on and not (minutes is not None and minutes.frozen)


def _arranging(item: AgendaItem) -> AgendaItem:
    """The item, its meeting locked. Raises ValidationError when its agenda is closed."""
    meeting = locked(item.meeting)
    if not agenda_is_open(meeting):
        raise ValidationError("This agenda is closed: the meeting was cancelled, or its minutes are approved.")
    found: AgendaItem = AgendaItem.objects.select_related("meeting", "parent").get(pk=item.pk)
    return found


@transaction.atomic
def move_item(*, item: AgendaItem, step: Step) -> AgendaItem:
    """Move an item one step: among its siblings, under the one before it, or out beside the one it lies under.

    A step that leads nowhere changes nothing.
    """
    item = _arranging(item)
    siblings = [row for row in _standing(item.meeting) if row.parent_id == item.parent_id]
    place = next((place for place, row in enumerate(siblings) if row.pk == item.pk), None)
    if place is None:
        raise ValidationError("The item is left out: put it back on the agenda first.")
    if step in (Step.UP, Step.DOWN):
        other = place + (1 if step is Step.DOWN else -1)
        if 0 <= other < len(siblings):
            siblings[place], siblings[other] = siblings[other], siblings[place]
            _number(siblings)
    elif step is Step.IN and place > 0:
        above = siblings[place - 1]
        children = [row for row in _standing(item.meeting) if row.parent_id == above.pk]
        siblings[place].parent = above
        _number([*children, siblings[place]])
    elif step is Step.OUT and item.parent is not None:
        above = item.parent
        level = [row for row in _standing(item.meeting) if row.parent_id == above.parent_id]
        after = next((place for place, row in enumerate(level) if row.pk == above.pk), len(level) - 1) + 1
        siblings[place].parent = above.parent
        _number([*level[:after], siblings[place], *level[after:]])
    return AgendaItem.objects.get(pk=item.pk)


def _number(items: list[AgendaItem]) -> None:
    """Write the items' places as they now stand; those that did not move are left alone."""
    stored = {row.pk: (row.position, row.parent_id) for row in AgendaItem.objects.filter(pk__in=[i.pk for i in items])}
    for position, item in enumerate(items, 1):
        item.position = position
        if stored[item.pk] != (position, item.parent_id):
            saved(item)


@transaction.atomic
def add_item(*, meeting: Meeting, **fields: object) -> AgendaItem:
    """Put an item at the end of the agenda; ``fields`` are those of the AgendaItem.

    At a special meeting whose call is out it is not named in the call, unless the fields say that it is.
    """
    meeting = locked(meeting)
    if not agenda_is_open(meeting):
        raise ValidationError("This agenda is closed: the meeting was cancelled, or its minutes are approved.")
    last = max((row.position for row in meeting.agenda.filter(parent__isnull=True)), default=0)
    return saved(AgendaItem(meeting=meeting, position=last + 1, **{"named_in_call": not meeting.call_is_out, **fields}))


@transaction.atomic
def post_agenda(*, meeting: Meeting, at: datetime) -> Meeting:
    """Record when the agenda was posted. Raises ValidationError for an hour after the call to order."""
    meeting = locked(meeting)
    if meeting.called_to_order_at is not None and at > meeting.called_to_order_at:
        raise ValidationError({"at": "The meeting was called to order before: an agenda is posted ahead of it."})
    meeting.agenda_posted_at = at
    return saved(meeting)


@transaction.atomic
def leave_out(*, item: AgendaItem, left_out: bool) -> AgendaItem:
    """Take an item, and what lies under it, off the agenda; or put it back."""
    item = _arranging(item)
    if left_out and item.motions.exists():
        raise ValidationError(f"“{item}” has a motion: it stays on the agenda. Carry it over if it is not finished.")
    for row in [item, *_under(item)]:
        row.dropped = left_out
        saved(row)
    if not left_out and item.parent is not None and item.parent.dropped:
        item.parent = None
        saved(item)
    return item


def _under(item: AgendaItem) -> Iterator[AgendaItem]:
    for child in AgendaItem.objects.filter(parent=item).select_related("meeting"):
        yield child
        yield from _under(child)


@transaction.atomic
def carry_over(*, item: AgendaItem, carried: bool) -> AgendaItem:
    """Mark an item as not finished: it stands on the next agenda of the same body by itself; or take the mark back."""
    item = _arranging(item)
    if not carried and item.carried_to.exists():
        raise ValidationError(f"“{item}” already stands on a later agenda: leave it out there.")
    item.carry_over = carried
    saved(item)
    if carried:
        refresh_coming()
    return item
