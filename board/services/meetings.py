"""What every act in a meeting asks first: the lock, whether it is open, and what is on record already."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.timezone import localtime

from board.models import (
    Election,
    Meeting,
    Motion,
)


def locked(meeting: Meeting) -> Meeting:
    """The meeting, locked so that what two clerks do in it follows one after the other."""
    return Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)  # type: ignore[no-any-return]


def clock(moment: datetime) -> str:
    """The hour in Chicago as people write it: ``6:21 PM``."""
    return f"{localtime(moment):%I:%M %p}".lstrip("0")


def must_be_open(meeting: Meeting) -> None:
    """Raises ValidationError, in words, unless the meeting is in session."""
    said = {
        Meeting.State.SCHEDULED: "The meeting has not been called to order yet.",
        Meeting.State.SUSPENDED: "The meeting is suspended: resume it first (Bylaws Art. XI §3).",
        Meeting.State.ADJOURNED: "The meeting is adjourned: its roll and its votes stay as they are.",
        Meeting.State.CANCELLED: "The meeting was cancelled.",
    }.get(Meeting.State(meeting.state))
    if said:
        raise ValidationError(said)


def must_not_be_over(meeting: Meeting) -> Meeting:
    """The meeting. Raises ValidationError, in words, once it is adjourned or cancelled."""
    if meeting.adjourned_at is not None or meeting.cancelled_on is not None:
        over = "adjourned" if meeting.adjourned_at is not None else "cancelled"
        raise ValidationError(f"The meeting was {over}: bring it to a later one.")
    return meeting


def last_vote(meeting: Meeting) -> datetime | None:
    """The last moment at which a result was declared or a ballot taken; None before the first."""
    decided = Motion.objects.filter(meeting=meeting).aggregate(last=Max("decided_at"))["last"]
    balloted = Election.objects.filter(meeting=meeting).aggregate(last=Max("ballots__taken_at"))["last"]
    return max((moment for moment in (decided, balloted) if moment), default=None)


def last_recorded(meeting: Meeting) -> datetime | None:
    """The last moment on record: the call to order, who came or left, a vote, a ballot or a pause; None before all."""
    moments = [meeting.called_to_order_at]
    for rows, *names in (
        (meeting.attendances.filter(undone=False), "arrived_at", "left_at"),
        (meeting.motions.all(), "put_at", "decided_at"),
        (Election.objects.filter(meeting=meeting), "ballots__taken_at", "decided_at"),
        (meeting.pauses.all(), "from_at", "until_at"),
    ):
        moments += rows.order_by().aggregate(*map(Max, names)).values()
    return max((moment for moment in moments if moment), default=None)


def must_follow(meeting: Meeting, at: datetime, what: str) -> None:
    """Raises ValidationError when something later is on record than the moment ``what`` happens."""
    last = last_recorded(meeting)
    if last is not None and at < last:
        raise ValidationError(f"Something is recorded at {clock(last)}: {what} at that time or later.")
