"""A year of meetings to print from, held through the services, and the Board's papers read back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from board import services
from board.letters import KINDS
from board.models import BylawsVersion, Election, Meeting, Motion, OfficeTerm
from documents.letters import print_letter
from tests.board import factories as make
from tests.board.factories import DAY, at
from tests.membership.reading import words

LETTERS = {kind.key: kind for kind in KINDS}
BOARD_DAY, LATER, COMING = date(2026, 6, 10), date(2026, 7, 1), date(2026, 9, 9)
LINES = "\n".join(f"{n}. Line {n} of the plan reads as sent." for n in range(1, 31))


@dataclass
class Year:
    """What was held and what is to come, and each paper once printed."""

    annual: Meeting
    board: Meeting
    special: Meeting
    election: Election
    dues: Motion
    stray: Motion
    amendment: Motion
    printed: dict[tuple[str, int | None, date], str] = field(default_factory=dict)

    def read(self, kind: str, record: Any, day: date = LATER) -> str:
        """The words of a paper, printed once for all who read it."""
        key = (kind, record and record.pk, day)
        if key not in self.printed:
            self.printed[key] = words(print_letter(LETTERS[kind], record, day))
        return self.printed[key]


def build(kind: str, record: Any, day: date = LATER) -> Any:
    """The values of a paper, not printed."""
    return LETTERS[kind].build(record, day)


def refused(kind: str, record: Any, day: date = LATER) -> str:
    """The words with which a paper is refused."""
    with pytest.raises(ValidationError) as refusal:
        build(kind, record, day)
    return " ".join(refusal.value.messages)


def hold_a_year() -> Year:
    """An annual meeting of 35 agencies with a second ballot and a lost quorum, a Board meeting after it, and a call."""
    make.bylaws_in_force()
    make.board()
    candidates = [make.chief(of) for of in make.agencies(24)[:3]]
    for official, name in zip(candidates, ("Ada Stone", "Ben Marsh", "Cy Holm"), strict=True):
        official.name = name
        official.save()
    annual = make.meeting(on=DAY)
    elections = make.item(annual, "Election of officers")
    reports = make.item(annual, "Reports", position=2)
    plan = make.item(annual, "Operational plan", parent=reports, sponsor="The System Manager")
    make.item(annual, "Uniforms", position=3, carry_over=True)
    draft = services.draft_amendment(
        title="Bylaws as amended in 2026", source=BylawsVersion.objects.get(adopted_on=make.ADOPTED)
    )
    amendment = services.move(
        meeting=annual, kind="bylaws_amendment", text="That Article XIV read as sent.", proposed_bylaws=draft,
        sent_on=date(2026, 5, 5), recommended_on=DAY,
    )  # fmt: skip
    election = services.open_election(meeting=annual, seat=make.seat("president"), item=elections)
    services.nominate(election=election, official=candidates[0], by="committee", consented_on=date(2026, 4, 1))
    seats = {term.seat.office: term.holder for term in OfficeTerm.objects.select_related("seat", "holder")}
    services.call_to_order(
        meeting=annual, at=at(18, 2), presiding=seats["president"], presiding_as="President",
        secretary=seats["secretary"],
    )  # fmt: skip
    annual.refresh_from_db()
    make.arrived(annual, 19, at(18, 3))
    entries = make.roll(annual)
    services.arrive(entry=entries[19], at=at(18, 4), remote=True)
    for official in candidates[1:]:
        services.nominate(election=election, official=official, by="floor", nominated_by=entries[0])
    motion = make.moved(annual, text=LINES, item=plan, mover=entries[0], seconder=entries[1])
    services.put(motion=motion, at=at(18, 20), method="roll_call")
    make.cast(motion, "for", entries[:12], minute=18)
    make.cast(motion, "against", entries[12:17], minute=18)
    make.cast(motion, "abstain", entries[17:19], minute=18)
    services.declare(motion=motion, at=at(18, 25))
    make.ballot(election, 8, 7, 3, minute=30, blanks=1, illegal=1)
    make.ballot(election, 12, 8, minute=40)
    services.suspend(meeting=annual, at=at(18, 50), why="police_work", note="A call from Elmwood")
    services.resume(meeting=annual, at=at(18, 55))
    for entry in entries[:10]:
        services.leave(entry=entry, at=at(19, 0))
    services.arrive(entry=entries[0], at=at(19, 5))
    stray = services.move(meeting=annual, text="To record thanks.", mover=entries[0], seconder=entries[11])
    services.put(motion=stray, at=at(19, 10), method="counted", out_of_order=True)
    services.declare(motion=stray, at=at(19, 11), ayes=10, nays=0)
    reports.minutes_text = "The *Treasurer* reported in full.\n\n- dues,\n- deposits."
    reports.save()
    annual.minutes.opening = "The President welcomed the **new members**."
    annual.minutes.save()
    annual = services.adjourn(meeting=Meeting.objects.get(pk=annual.pk), at=at(20, 10))
    board, dues = _board_meeting(annual)
    special = make.meeting(
        "special", on=COMING, purpose="To fill the seat of an at-large member.", remote_access="Telephone 312-555-0100"
    )
    make.item(special, "At-large member", position=2, minutes_allotted=20, sponsor="The Board")
    make.item(special, "Good of the order", position=3, named_in_call=False)
    services.send_notice(meeting=special, on=LATER, to="all participating agencies, by e-mail")
    return Year(annual, board, special, Election.objects.whole().get(pk=election.pk), dues, stray, amendment)


def _board_meeting(annual: Meeting) -> tuple[Meeting, Motion]:
    """Seven of eleven, who vote 5 to 2 on the dues and approve the minutes of the annual meeting by voice."""
    services.circulate(minutes=annual.minutes, on=date(2026, 6, 1), to="all, by e-mail")
    board = make.opened("board", present=7, on=BOARD_DAY, hour=9)
    members = make.roll(board)[:7]
    dues = make.moved(board, "dues", "That the dues be $500.00 a year.", mover=members[0], seconder=members[1])
    make.put(dues, "roll_call", 5)
    make.cast(dues, "for", members[:5], minute=5)
    make.cast(dues, "against", members[5:], minute=5)
    dues = services.declare(motion=dues, at=at(9, 6, on=BOARD_DAY))
    approval = make.moved(board, "minutes", "To approve the minutes as circulated.", minutes=annual.minutes)
    make.put(approval, "voice", 10)
    services.declare(motion=approval, at=at(9, 11, on=BOARD_DAY), carried=True)
    return make.adjourned(board, 1), dues
