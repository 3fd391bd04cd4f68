"""The house at a moment, the figures it runs under, and whether a quorum is there."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError

from board.models import (
    Attendance,
    BylawsVersion,
    Meeting,
)
from board.rules import quorum as rules
from board.rules.quorum import House, Presence, Turn
from board.rules.terms import Body, BylawsTerms
from board.services.roll import roll_on
from board.services.seats import terms_on
from nipas_admin.shared.findings import Fact, Finding


def house_now(meeting: Meeting) -> House:
    """Those entitled and those in the room; once adjourned, those who stayed to the end. One query."""
    stays = Attendance.objects.filter(meeting=meeting)
    end = meeting.adjourned_at
    there = stays.in_the_room() if end is None else stays.filter(left_at=end, undone=False)
    return house_with(meeting, there.count())


def house_at(meeting: Meeting, moment: datetime) -> House:
    """Those entitled and those in the room at a moment of the meeting."""
    return house_with(meeting, Attendance.objects.at(moment).filter(meeting=meeting).count())


def house_with(meeting: Meeting, present: int) -> House:
    return House(meeting.body, present, meeting.entitled or 0, seats=_seats(meeting))


def _seats(meeting: Meeting) -> int:
    """All seats of the Board at its own meetings; 0 at others, and where the figures are not known."""
    if meeting.body is not Body.BOARD or meeting.bylaws is None:
        return 0
    return meeting.bylaws.seats


def house_before(meeting: Meeting, day: date | None = None) -> House:
    """The house as it would be on the day, before the call to order: nobody there yet."""
    roll = roll_on(meeting, day)
    return House(meeting.body, 0, len(roll.entitled), len(roll.undetermined), roll.seats)


def terms_of(meeting: Meeting) -> BylawsTerms | None:
    """The figures under which the meeting runs; None where they are not known. Before it opens, those of its day."""
    if meeting.bylaws is not None:
        return meeting.bylaws.terms
    try:
        return terms_on(meeting.on)[1]
    except ValidationError:
        return None


def bylaws_at(meeting: Meeting) -> BylawsVersion:
    """The version under which a motion put now is decided: one adopted at this very meeting governs from then on."""
    here = BylawsVersion.objects.filter(adopted_by__meeting=meeting, in_force_on=meeting.on).order_by("-pk").first()
    return here or meeting.bylaws or BylawsVersion.objects.governing_on(meeting.on)


def quorum_of(meeting: Meeting, at: datetime | None = None) -> Finding[bool]:
    """Is a quorum present: now, at a moment, or, before the call to order, how many would be needed; and why."""
    terms = terms_of(meeting)
    if terms is None:
        return _by_hand(meeting)
    if meeting.called_to_order_at is None:
        return rules.quorum(house_before(meeting), terms)
    return rules.quorum(house_at(meeting, at) if at else house_now(meeting), terms)


def _by_hand(meeting: Meeting) -> Finding[bool]:
    if meeting.quorum_by_hand is None:
        return Finding(None, (), ("the quorum, recorded by hand: the figures of the bylaws in force are not known",))
    said = "a quorum was present" if meeting.quorum_by_hand else "no quorum was present"
    return Finding(meeting.quorum_by_hand, (Fact(f"recorded by hand: {said} ({meeting.by_hand_because})"),))


def quorum_needed(meeting: Meeting) -> int | None:
    """How many must be there; None where the figures are not known."""
    terms = terms_of(meeting)
    if terms is None:
        return None
    house = house_now(meeting) if meeting.called_to_order_at else house_before(meeting)
    return rules.quorum_needed(meeting.body, house.entitled, terms)


def quorum_turns(meeting: Meeting) -> tuple[Turn, ...]:
    """Each moment at which the quorum was gained or lost; empty where the figures are not known.

    The adjournment, with which all who are still there leave, loses no quorum.
    """
    needed = quorum_needed(meeting) if meeting.called_to_order_at else None
    if needed is None:
        return ()
    stays = Attendance.objects.filter(meeting=meeting, undone=False).order_by().values_list("arrived_at", "left_at")
    end = meeting.adjourned_at
    presences = [Presence(arrived, None if left == end else left) for arrived, left in stays]
    return rules.quorum_turns(presences, needed)
