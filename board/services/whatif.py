"""What if: how many more for a quorum, how many ayes carry, and what changes when some agencies withdraw."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from board.models import Meeting
from board.rules import quorum as quorum_rules
from board.rules import votes
from board.rules.quorum import House
from board.rules.terms import Body, BylawsTerms, Decision
from board.services.quorum import bylaws_at, house_before, house_now, terms_of
from board.services.roll import roll_on
from nipas_admin.shared.findings import Finding


@dataclass(frozen=True)
class Needed:
    """How many ayes carry one kind of decision in one house; None when more are needed than are there."""

    decision: Decision
    rule: str
    ayes: int | None


@dataclass(frozen=True)
class WhatIf:
    """A house and what it can do."""

    house: House
    quorum: Finding[bool]
    needed: int
    wanting: int
    ayes: tuple[Needed, ...]


OF_BODY = {
    Body.BOARD: (Decision.BOARD, Decision.REMOVAL),
    Body.ASSEMBLY: (
        Decision.ASSEMBLY,
        Decision.AMENDMENT,
        Decision.OBJECTION,
        Decision.DISSOLUTION,
        Decision.ELECTION,
    ),
}


def what_if(
    meeting: Meeting, *, present: int | None = None, without: Collection[int] = (), against: int = 0
) -> WhatIf | None:
    """What the house could do with so many present (None: as it is), and without these agencies, by primary key.

    None where the figures of the bylaws are not known. ``against``: nays expected, where votes cast are the base.
    """
    opened = meeting.called_to_order_at is not None
    terms = bylaws_at(meeting).terms if opened else terms_of(meeting)
    if terms is None:
        return None
    house = house_now(meeting) if opened else house_before(meeting)
    if without:
        house = _without(meeting, house, without)
    if present is not None:
        house = replace(house, present=min(present, house.entitled + house.undetermined))
    return _said(house, terms, against)


def _without(meeting: Meeting, house: House, without: Collection[int]) -> House:
    if meeting.called_to_order_at is not None:
        gone = meeting.roll.filter(agency__in=without, entitled=True)
        there = gone.with_presence().filter(here=True).count()
        return replace(house, entitled=house.entitled - gone.count(), present=house.present - there)
    roll = roll_on(meeting)
    entitled = sum(entry.agency_id not in without for entry in roll.entitled)
    undetermined = sum(entry.agency_id not in without for entry in roll.undetermined)
    return replace(house, entitled=entitled, undetermined=undetermined)


def _said(house: House, terms: BylawsTerms, against: int) -> WhatIf:
    return WhatIf(
        house=house,
        quorum=quorum_rules.quorum(house, terms),
        needed=quorum_rules.quorum_needed(house.body, house.entitled, terms),
        wanting=quorum_rules.wanting_for_quorum(house, terms),
        ayes=tuple(
            Needed(decision, _rule(decision, house, terms), votes.ayes_to_carry(decision, house, terms, against))
            for decision in OF_BODY[house.body]
            if decision in terms.thresholds
        ),
    )


def _rule(decision: Decision, house: House, terms: BylawsTerms) -> str:
    threshold = terms.thresholds[decision]
    return f"{threshold} of {threshold.base.label(house.body)}"
