"""What to do about a seat as it stands: which act or meeting comes next, under which clause."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst

from board.models import Meeting, Motion, OfficeTerm
from board.rules import seats as rules
from board.rules.motions import Gathering, Kind
from board.rules.seats import Seating
from board.rules.terms import Office
from board.services import BoardOnDay, SeatOnDay
from board.services.seats import lost_by_agency
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact
from nipas_admin.shared.pages import Button, add_address, address, may

BADGES = {
    Seating.HELD: "held",
    Seating.HOLDING_OVER: "holding_over",
    Seating.VACANT: "vacant",
    Seating.NOT_DETERMINED: "not_determined",
}


def badge_of(one: SeatOnDay) -> tuple[str, str]:
    """The badge of a seat on a day and its word."""
    if one.seating is Seating.HOLDING_OVER and one.term is not None and one.term.until_on is not None:
        return BADGES[one.seating], f"Holding over since {in_words(one.term.until_on)}"
    return BADGES[one.seating], one.seating.label


def how_filled(one: SeatOnDay, day: date) -> Fact | None:
    """How the vacant seat is filled, with the clause; None while somebody is in it or it is open."""
    if one.seating is not Seating.VACANT:
        return None
    return rules.how_filled(one.seat.kind, agency_out=lost_by_agency(one.seat, day))


class NextSteps:
    """The next step for each seat of one Board, for one person; the same few queries for all seats."""

    def __init__(self, request: HttpRequest, board: BoardOnDay) -> None:
        self.request = request
        self.board = board
        self.may_fill = may(request, "add", OfficeTerm)
        waiting = Motion.objects.filter(kind=Kind.APPOINTMENT.value, state__in=["pending", "voting"])
        self.waiting = {motion.seat_id: motion for motion in waiting.select_related("meeting")}

    def of(self, one: SeatOnDay) -> Iterator[Button]:
        """The acts that make sense for the seat as it stands, the likeliest first."""
        motion = self.waiting.get(one.seat.pk)
        if motion is not None and may(self.request, "view", Motion):
            yield Button(f"Approve: {motion}", address(motion), primary=True)
            return
        if one.seating is Seating.HOLDING_OVER:
            yield from self._successor(one)
        if one.seating is not Seating.VACANT:
            return
        if one.seat.kind is Office.PRESIDENT:
            yield from self._succession(one)
        elif one.seat.kind is not Office.PAST_PRESIDENT:
            yield from self._vacancy(one)

    def _successor(self, one: SeatOnDay) -> Iterator[Button]:
        if one.seat.kind.is_elected:
            yield from self._meeting(Gathering.ANNUAL, "Elect at the annual meeting")
        elif one.seat.kind is not Office.PAST_PRESIDENT and self.may_fill:
            yield Button("Appoint a successor", self._appoint(one))

    def _succession(self, one: SeatOnDay) -> Iterator[Button]:
        if self.board.succession.value and self.may_fill:
            yield Button("Record the succession", reverse("admin:board_seat_succeed", args=[one.seat.pk]), primary=True)

    def _vacancy(self, one: SeatOnDay) -> Iterator[Button]:
        if one.seat.kind is Office.VICE_PRESIDENT and self.board.holder(Office.PRESIDENT) is None:
            return  # nobody is there to appoint: the body must decide
        by_agency = one.seat.kind is Office.AT_LARGE and lost_by_agency(one.seat, self.board.day)
        if self.may_fill:
            known = {"appointed_by": OfficeTerm.AppointedBy.MEETING.value} if by_agency else {}
            yield Button("Appoint", self._appoint(one, remainder="on", **known), primary=True)
        if one.seat.kind is not Office.AT_LARGE:
            yield from self._meeting(Gathering.BOARD, "Approve at a Board meeting")
        elif by_agency:
            purpose = f"To replace the {str(one.seat).lower()} for the remainder of the year"
            yield from self._meeting(Gathering.SPECIAL, "Call a special meeting", purpose=purpose)

    def _appoint(self, one: SeatOnDay, **known: Any) -> str:
        by = OfficeTerm.AppointedBy
        who = by.PRESIDENT if one.seat.kind is Office.AT_LARGE else by.PRESIDENT_AND_BOARD
        known = {"how": OfficeTerm.How.APPOINTED.value, "appointed_by": who.value, **known}
        return add_address(OfficeTerm, seat=one.seat.pk, **known)

    def _meeting(self, kind: Gathering, label: str, **known: str) -> Iterator[Button]:
        """The next meeting of the kind that is called, or the page that calls one."""
        if not hasattr(self, "_called"):
            coming = {"called_to_order_at__isnull": True, "starts_at__date__gte": self.board.day}
            called = Meeting.objects.standing().filter(**coming).order_by("-starts_at")
            self._called = {meeting.kind: meeting for meeting in called}
        meeting = self._called.get(kind.value)
        if meeting is not None and may(self.request, "view", Meeting) and not known:
            yield Button(f"{capfirst(label.partition(' ')[0])} at the {meeting}", address(meeting))
        elif may(self.request, "add", Meeting):
            yield Button(label, add_address(Meeting, kind=kind.value, **known))
