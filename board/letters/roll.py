"""The sheet on which those who come to a meeting sign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError

from board.letters.parts import QuorumSaid, at_hour, must_stand, named, quorum_said
from board.models import Meeting, RollEntry
from board.rules.seats import Seating
from board.rules.terms import Body
from board.services import board_on, roll_on
from board.services.roll import representatives_on
from documents.letters import Letter
from nipas_admin.shared.dated import in_words

SETTLE = "Not determined: settle it before the call to order"


@dataclass(frozen=True)
class RollLine:
    """One line to sign on. ``note`` says why nobody signs here, or what is to be settled first."""

    name: str
    represented_by: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class RollSheet(Letter):
    """The roll of a meeting. ``frozen``: as it was fixed at the call to order, else as the register knows it today."""

    kind: str
    hour: str
    place: str
    of_board: bool
    frozen: bool
    quorum: QuorumSaid
    lines: tuple[RollLine, ...]


def roll_sheet(meeting: Meeting, day: date) -> RollSheet:
    """The sheet. Raises ValidationError for a meeting that was cancelled or is over."""
    must_stand(meeting)
    if meeting.adjourned_at is not None:
        raise ValidationError(f"{meeting} is adjourned: who was there stands in its minutes.")
    of_board, frozen = meeting.body is Body.BOARD, meeting.called_to_order_at is not None
    if frozen:
        lines = tuple(_line(entry) for entry in meeting.roll.select_related("agency").order_by("name", "pk"))
    else:
        lines = tuple(_seats(meeting) if of_board else _agencies(meeting))
    return RollSheet(
        title=f"Roll-call sheet: {named(meeting)}, {in_words(meeting.on)}",
        as_on=day,
        about=str(meeting),
        kind=named(meeting),
        hour=at_hour(meeting.starts_at),
        place=meeting.place,
        of_board=of_board,
        frozen=frozen,
        quorum=quorum_said(meeting),
        lines=lines,
    )


def _line(entry: RollEntry) -> RollLine:
    note = "" if entry.entitled else f"Not counted: {entry.settled_because}"
    return RollLine(entry.name, entry.agency.name if entry.seat_id else entry.representative, note)


def _agencies(meeting: Meeting) -> Iterator[RollLine]:
    """Who would be on the roll, those of undetermined status among them, by name."""
    roll = roll_on(meeting)
    entries = sorted((*roll.entitled, *roll.undetermined), key=lambda entry: entry.name.casefold())
    people = representatives_on((entry.agency_id for entry in entries), meeting.on)
    for entry in entries:
        official = people.get(entry.agency_id)
        note = SETTLE if entry in roll.undetermined else ""
        yield RollLine(entry.name, official.name if official else "", note)


def _seats(meeting: Meeting) -> Iterator[RollLine]:
    """Every seat of the Board, vacant ones too."""
    for one in board_on(meeting.on).seats:
        if one.term is None or one.seating is Seating.VACANT:
            yield RollLine(str(one.seat), "", "Vacant")
        else:
            note = "" if one.seating.filled else SETTLE
            yield RollLine(f"{one.term.holder.name}, {one.seat}", one.term.holder.agency.name, note)
