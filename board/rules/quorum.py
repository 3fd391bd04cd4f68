"""Quorum: how many must be there, how many are, and at which minute it was gained or lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from board.rules.terms import Body, BylawsTerms
from nipas_admin.shared.citations import BYLAWS, READING, Citation, cites
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.shares import more_than_half

CLAUSES: dict[Body, Citation] = {Body.BOARD: BYLAWS.at("IV", 7), Body.ASSEMBLY: BYLAWS.at("XIII", 2)}
R14 = READING.at("R14")


@dataclass(frozen=True)
class House:
    """Who is entitled and who is there, at one moment.

    ``entitled``: active agencies, or Board members in office; ``undetermined`` more may be, and are not among those
    present. ``seats``: all seats of the Board, vacant ones too; 0 for an assembly.
    """

    body: Body
    present: int
    entitled: int
    undetermined: int = 0
    seats: int = 0

    @property
    def who(self) -> str:
        """Those entitled, in words."""
        return "members in office" if self.body is Body.BOARD else "active agencies"

    @property
    def open_question(self) -> str:
        """What would settle the number of those entitled, in words."""
        one = self.undetermined == 1
        if self.body is Body.BOARD:
            more = (
                "1 more member, whose seat is not determined, is"
                if one
                else (f"{self.undetermined} more members, whose seats are not determined, are")
            )
            return f"whether {more} in office"
        more = (
            "1 more agency, whose status is not determined, is"
            if one
            else (f"{self.undetermined} more agencies, whose status is not determined, are")
        )
        return f"whether {more} active"


@cites(BYLAWS.at("IV", 7), BYLAWS.at("XIII", 2), R14)
def quorum_needed(body: Body, entitled: int, terms: BylawsTerms) -> int:
    """How many must be present: for the Board the fixed number (Reading R14), for the agencies more than half."""
    return terms.board_quorum if body is Body.BOARD else more_than_half(entitled)


@cites(BYLAWS.at("IV", 7), BYLAWS.at("XIII", 2), R14)
def quorum(house: House, terms: BylawsTerms) -> Finding[bool]:
    """Is a quorum present? Computed with and without those whose status is not determined; None where that differs."""
    return _of_board(house, terms) if house.body is Body.BOARD else _of_agencies(house, terms)


def _of_board(house: House, terms: BylawsTerms) -> Finding[bool]:
    """The number stands, however many seats are vacant; with fewer in office there is no way to a quorum."""
    needed = quorum_needed(house.body, house.entitled, terms)
    vacant = house.entitled < house.seats
    clause = (CLAUSES[house.body], R14) if vacant else (CLAUSES[house.body],)
    said = f"{house.present} of {house.entitled} {house.who} present; quorum is {needed}"
    because = [Fact(said + (", vacant seats or not" if vacant else ""), citations=clause)]
    flags = []
    if house.entitled < needed:
        text = f"members in office: {house.entitled}; no quorum is possible until seats are filled"
        flags.append(Fact(text, citations=clause))
    return Finding(house.present >= needed, tuple(because), (), tuple(flags), clause[1:])


def _of_agencies(house: House, terms: BylawsTerms) -> Finding[bool]:
    clause = (CLAUSES[house.body],)
    needed = quorum_needed(house.body, house.entitled, terms)
    all_of_them = house.entitled + house.undetermined
    most = quorum_needed(house.body, all_of_them, terms)
    text = f"{house.present} of {house.entitled} {house.who} present; more than half of {house.entitled} is {needed}"
    because = [Fact(text, citations=clause)]
    if most > needed:
        more = f"with the {house.undetermined} not determined, more than half of {all_of_them} is {most}"
        because.append(Fact(more, citations=clause))
    if needed <= house.present < most:
        return Finding(None, tuple(because), (house.open_question,))
    return Finding(house.present >= most, tuple(because))


@cites(BYLAWS.at("IV", 7), BYLAWS.at("XIII", 2))
def wanting_for_quorum(house: House, terms: BylawsTerms) -> int:
    """How many more must come; 0 when a quorum is present. Those not determined are counted as active."""
    return max(0, quorum_needed(house.body, house.entitled + house.undetermined, terms) - house.present)


@dataclass(frozen=True)
class Presence:
    """One stay in the room: from its first moment until its end, or still there."""

    arrived_at: datetime
    left_at: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        """Was the member there at this moment? The moment of leaving is out."""
        return self.arrived_at <= moment and (self.left_at is None or moment < self.left_at)


@dataclass(frozen=True)
class Turn:
    """A moment at which the quorum was gained or lost, and how many were there then."""

    at: datetime
    present: int
    stands: bool


def present_at(presences: Iterable[Presence], moment: datetime) -> int:
    """How many were there at the moment."""
    return sum(presence.covers(moment) for presence in presences)


@cites(BYLAWS.at("XIII", 2), BYLAWS.at("IV", 7))
def quorum_turns(presences: Sequence[Presence], needed: int) -> tuple[Turn, ...]:
    """Each moment at which the quorum was gained or lost, in order."""
    steps: dict[datetime, int] = {}
    for presence in presences:
        steps[presence.arrived_at] = steps.get(presence.arrived_at, 0) + 1
        if presence.left_at is not None:
            steps[presence.left_at] = steps.get(presence.left_at, 0) - 1
    turns: list[Turn] = []
    present, stood = 0, False
    for at in sorted(steps):
        present += steps[at]
        if (present >= needed) is not stood:
            stood = not stood
            turns.append(Turn(at, present, stood))
    return tuple(turns)
