"""Who is in the room: arrivals and departures, who answers for a member, recusals."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from board.models import (
    Attendance,
    Meeting,
    RollEntry,
)
from board.querysets import AsItStands
from board.rules.quorum import House
from board.services.meetings import clock, last_vote, locked, must_be_open
from board.services.quorum import house_with
from documents.models import Paper
from membership.models import Official
from nipas_admin.shared.records import saved


def _in_session(entry: RollEntry, at: datetime) -> AsItStands:
    """The meeting locked and open, and all that a change of its roll at this moment asks about. Two queries."""
    here = RollEntry.objects.as_it_stands(entry.pk, at)
    if not here.opened:
        must_be_open(Meeting.objects.get(pk=entry.meeting_id))
    return here


@transaction.atomic
def arrive(*, entry: RollEntry, at: datetime, remote: bool = False) -> House:
    """Mark a member as present from this moment. Returns the house as it then is. The same few queries for any roll.

    Raises ValidationError when the member is not entitled, is there already, or a vote was declared after that moment.
    """
    here = _in_session(entry, at)
    if not entry.entitled:
        raise ValidationError(f"{entry.name} does not count at this meeting: {entry.settled_because}.")
    if here.stay_id is not None:
        raise ValidationError(f"{entry.name} is already marked as present.")
    _not_before(entry.meeting, here)
    if here.left_later:
        left = Attendance.objects.filter(entry=entry, undone=False).aggregate(last=Max("left_at"))["last"]
        raise ValidationError(
            f"{entry.name} left at {clock(left)}: nobody comes back before leaving. Give a later time."
        )
    try:
        Attendance(meeting_id=entry.meeting_id, entry=entry, arrived_at=at, remote=remote).save()
    except IntegrityError as error:
        raise ValidationError(f"{entry.name} is already marked as present.") from error
    return house_with(entry.meeting, here.present + 1)


@transaction.atomic
def leave(*, entry: RollEntry, at: datetime) -> House:
    """Mark a member as gone from this moment. Refused while a vote of theirs stands in a vote being taken."""
    here = _in_session(entry, at)
    stay = _stay_of(entry, here)
    _not_before(entry.meeting, here)
    if at < stay.arrived_at:
        raise ValidationError(f"{entry.name} arrived at {clock(stay.arrived_at)}: nobody leaves before arriving.")
    stay.left_at = at
    stay.save()
    return house_with(entry.meeting, here.present - 1)


@transaction.atomic
def undo_arrival(*, entry: RollEntry) -> House:
    """Take back a slip of the hand: the member never came. Refused once a vote was declared or cast in that stay."""
    here = _in_session(entry, entry.meeting.starts_at)
    stay = _stay_of(entry, here)
    declared = last_vote(entry.meeting)
    if declared is not None and declared >= stay.arrived_at:
        raise ValidationError(
            f"A vote was declared at {clock(declared)} with {entry.name} present: record that it left, instead."
        )
    stay.undone = True
    stay.save()
    return house_with(entry.meeting, here.present - 1)


def _stay_of(entry: RollEntry, here: AsItStands) -> Attendance:
    """The stay that ends. Raises ValidationError for a member who is not there, or whose vote still stands."""
    if here.stay_id is None:
        raise ValidationError(f"{entry.name} is not marked as present.")
    if here.running is not None:
        raise ValidationError(
            f"{entry.name} has voted on motion {here.running}, whose result is not declared yet: nobody is marked "
            "absent while a vote of theirs stands."
        )
    stay: Attendance = Attendance.objects.get(pk=here.stay_id)
    return stay


def _not_before(meeting: Meeting, here: AsItStands) -> None:
    if here.early:
        begun = Meeting.objects.get(pk=meeting.pk).called_to_order_at or meeting.starts_at
        raise ValidationError(f"The meeting was called to order at {clock(begun)}: give a later time.")
    declared = last_vote(meeting) if here.declared_later else None
    if declared is not None:
        raise ValidationError(
            f"A vote was declared at {clock(declared)}, with those present then: give a later time, so that its "
            "quorum stays as it was."
        )


@transaction.atomic
def represent(
    *, entry: RollEntry, representative: str, official: Official | None = None, designation: Paper | None = None
) -> RollEntry:
    """Record who answers for the member: its chief executive officer, or a designee with the paper on file."""
    meeting = locked(entry.meeting)
    must_be_open(meeting)
    if official is not None and official.agency_id != entry.agency_id:
        raise ValidationError(
            {"official": f"{official.name} is of another agency; there are no proxies (Bylaws Art. XIII §1)."}
        )
    entry = RollEntry.objects.select_related("meeting", "agency").get(pk=entry.pk)
    entry.representative = (representative or (official.name if official else "")).strip()
    entry.official = official
    entry.designation = designation or entry.designation
    return saved(entry)


@transaction.atomic
def recuse(*, entry: RollEntry, note: str) -> RollEntry:
    """Note a recusal; the member stays in the base (Reading R12)."""
    must_be_open(locked(entry.meeting))
    entry.recused = note.strip()
    return saved(entry)
