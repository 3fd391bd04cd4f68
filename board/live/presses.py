"""One press of a key: somebody came, left or voted. It is named by the moment it was made, and counts once.

A page keeps each press until the register acknowledged it, and sends it again when the network failed. What carries
the same moment for the same member is the same press, however often it comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime

from board import services
from board.models import Attendance, Meeting, Motion, RollEntry, Vote
from nipas_admin.shared.choosing import is_key

ARRIVALS = ("arrive", "afar")
VOTES = ("for", "against", "abstain")
ACTS = (*ARRIVALS, "leave", "back", *VOTES)
AHEAD = timedelta(minutes=1)
WAITS = timedelta(hours=12)


@dataclass(frozen=True)
class Press:
    """What was pressed: for which member, which act, at which moment.

    ``stay``: when the stay began that is taken back. ``change``: the page already showed a vote of this member.
    """

    entry: int
    act: str
    at: datetime
    motion: int | None = None
    stay: datetime | None = None
    change: bool = False

    @classmethod
    def read(cls, data: Mapping[str, str], now: datetime) -> Press:
        """The press as a page sends it. Raises ValidationError, in words, for what is none."""
        entry, act, motion = data.get("entry", ""), data.get("act", ""), data.get("motion", "")
        at, stay = _moment(data.get("at", "")), _moment(data.get("stay", ""))
        if not is_key(entry) or act not in ACTS or at is None or (motion and not is_key(motion)):
            raise ValidationError("This press cannot be read. Reload the page and press again.")
        if at > now + AHEAD:
            raise ValidationError("The clock of this device is ahead. Reload the page and press again.")
        if at < now - WAITS:
            raise ValidationError("This press waited for more than twelve hours: record it by hand.")
        return cls(int(entry), act, at, int(motion) if motion else None, stay, data.get("change") == "1")


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def recorded(press: Press, entry: RollEntry) -> bool:
    """Was this very press recorded before? One query."""
    stays = Attendance.objects.filter(entry=entry)
    if press.act in ARRIVALS:
        return stays.filter(arrived_at=press.at).exists()
    if press.act in VOTES:
        return Vote.objects.filter(entry=entry, motion=press.motion, cast_at=press.at).exists()
    if press.act == "back" and press.stay is not None:
        return (stays.filter(arrived_at=press.stay, undone=True) | stays.filter(left_at=press.at)).exists()
    return stays.filter(left_at=press.at).exists()


def record(press: Press, meeting: Meeting, entry: RollEntry) -> None:
    """Do what was pressed, once. Raises ValidationError, in words, when it cannot be done."""
    if recorded(press, entry):
        return
    try:
        _do(press, meeting, entry)
    except ValidationError:
        # The same press may have come twice at once: then the other one did it.
        if not recorded(press, entry):
            raise


def _do(press: Press, meeting: Meeting, entry: RollEntry) -> None:
    if press.act in ARRIVALS:
        services.arrive(entry=entry, at=press.at, remote=press.act == "afar")
    elif press.act == "leave":
        services.leave(entry=entry, at=press.at)
    elif press.act == "back":
        here = Attendance.objects.in_the_room().filter(entry=entry)
        if press.stay is not None and not here.filter(arrived_at=press.stay).exists():
            raise ValidationError(f"{entry.name}: somebody else changed this meanwhile. Look, and press again.")
        services.press_again(entry=entry, at=press.at)
    else:
        _vote(press, meeting, entry)


def _vote(press: Press, meeting: Meeting, entry: RollEntry) -> None:
    motion = Motion.objects.select_related("meeting").filter(meeting=meeting, pk=press.motion).first()
    if motion is None:
        raise ValidationError("No roll-call vote is being taken.")
    act = services.change_vote if press.change else services.cast
    act(motion=motion, entry=entry, choice=press.act, at=press.at)
