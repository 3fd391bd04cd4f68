"""The Board on a day as its page shows it: the seats, the numbers a vote needs, and who sat when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.safestring import SafeString

from board.models import OfficeTerm, Seat
from board.next_steps import NextSteps, badge_of, how_filled
from board.rules import quorum, seats
from board.rules.seats import Seating, Tenure
from board.rules.terms import Base, Body, Decision
from board.services import BoardOnDay, SeatOnDay, board_on
from board.services.seats import tenures_of
from membership.models import Agency, Official
from nipas_admin.shared.citations import BYLAWS
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.day import Day
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import Button, address, may
from nipas_admin.shared.spans import AHEAD, OPEN, OVER, RUNS, Bar, Line, span_chart

YEARS_SHOWN = 12


@dataclass(frozen=True)
class SeatCard:
    """One seat as its card shows it."""

    name: str
    badge: str
    badge_label: str
    holder: str
    holder_url: str
    agency: str
    agency_url: str
    since: date | None
    runs_to: date | None
    came_in: str
    finding: Finding[Seating]
    filled_by: Fact | None
    buttons: tuple[Button, ...]
    terms_url: str


class BoardPage:
    """Everything that the page shows on one day to one person."""

    def __init__(self, request: HttpRequest, day: Day) -> None:
        self.request = request
        self.day = day

    def context(self) -> dict[str, Any]:
        """For ``board/board.html``. Where no bylaws cover the day, only ``refusal``, in words."""
        try:
            board = board_on(self.day.chosen)
        except ValidationError as refusal:
            return {"refusal": refusal.messages, "board": None}
        steps = NextSteps(self.request, board)
        cards = [self.card(one, steps) for one in board.seats]
        officers = sum(one.seat.kind.is_officer for one in board.seats)
        vacant_president = any(card.badge == "vacant" for card in cards[:1])
        return {
            "refusal": [],
            "board": board,
            "bylaws_url": address(board.bylaws) if may(self.request, "view", type(board.bylaws)) else "",
            "figures": list(self.figures(board)),
            "groups": [("Officers", cards[:officers]), ("Other members of the Board", cards[officers:])],
            "succession": board.succession if vacant_president else None,
            "chart": self.chart(board, narrow=False),
            "chart_narrow": self.chart(board, narrow=True),
        }

    def card(self, one: SeatOnDay, steps: NextSteps) -> SeatCard:
        """One seat."""
        badge, label = badge_of(one)
        holder = one.holder
        in_it = one.term if holder is not None else None
        return SeatCard(
            name=str(one.seat),
            badge=badge,
            badge_label=label,
            holder=str(holder) if holder else "",
            holder_url=address(holder) if holder and may(self.request, "view", Official) else "",
            agency=holder.agency.name if holder else "",
            agency_url=address(holder.agency) + self.day.query if holder and may(self.request, "view", Agency) else "",
            since=in_it.from_on if in_it else None,
            runs_to=in_it.until_on if in_it else None,
            came_in=in_it.get_how_display() if in_it else "",
            finding=one.finding,
            filled_by=how_filled(one, self.day.chosen),
            buttons=tuple(steps.of(one)),
            terms_url=address(one.seat) + self.day.query if may(self.request, "view", Seat) else "",
        )

    def figures(self, board: BoardOnDay) -> Iterator[tuple[str, str, str]]:
        """Label, figure and note: members in office, quorum, and the votes that carry."""
        in_office, open_seats = len(board.in_office), len(board.undetermined)
        vacant = len(board.vacant)
        note = f"of {len(board.seats)} seats" + (f"; {vacant} vacant" if vacant else "")
        note += f"; {open_seats} not determined" if open_seats else ""
        yield "Members in office", str(in_office), note
        if board.bylaws.terms is None:
            yield "Votes needed", "Not known", f"the register holds no copy of {board.bylaws.title}"
            return
        needed = quorum.quorum_needed(Body.BOARD, in_office, board.terms)
        clause = quorum.CLAUSES[Body.BOARD]
        short = "; no quorum is possible until seats are filled" if in_office + open_seats < needed else ""
        yield "Quorum of the Board", str(needed), f"members present, vacant seats or not ({clause}){short}"
        for decision, name in ((Decision.BOARD, "Majority"), (Decision.REMOVAL, "To suspend or terminate")):
            yield name, *self._votes(board, decision)

    def _votes(self, board: BoardOnDay, decision: Decision) -> tuple[str, str]:
        """The votes that carry, and of what number; without a figure where the base is known only at the vote."""
        threshold = board.terms.thresholds.get(decision)
        if threshold is None:
            return "Not known", "this version of the bylaws sets no threshold"
        base = threshold.base.label(Body.BOARD)
        numbers = {Base.ENTITLED: len(board.in_office), Base.SEATS: len(board.seats)}
        if threshold.base not in numbers:
            return str(threshold).capitalize(), f"of the {base}, known at the vote"
        number = numbers[threshold.base]
        note = f"{threshold} of {number} {base}"
        more = len(board.undetermined) if threshold.base is Base.ENTITLED else 0
        if more and threshold.needed(number + more) != threshold.needed(number):
            note += f"; {threshold.needed(number + more)} if those not determined are in office"
        return str(threshold.needed(number)), note

    def chart(self, board: BoardOnDay, *, narrow: bool) -> SafeString | None:
        """Who sat when, a row for each seat; None before anybody did."""
        lines, first, last = self._lines
        if first is None or last is None:
            return None
        start = max(first, date(self.day.chosen.year - YEARS_SHOWN, 1, 1))
        held = "; ".join(f"{one.seat}: {one.holder.name if one.holder else one.seating.label}" for one in board.seats)
        return span_chart(
            "terms-narrow" if narrow else "terms",
            "Who sat in which seat, and when",
            f"On {in_words(self.day.chosen)}: {held}.",
            lines,
            start=min(start, self.day.chosen),
            end=max(last, self.day.chosen),
            day=self.day.chosen,
            narrow=narrow,
        )

    @property
    def _lines(self) -> tuple[list[Line], date | None, date | None]:
        """The rows of the picture, its first day and its last."""
        if not hasattr(self, "_drawn"):
            terms = list(OfficeTerm.objects.begun_by(self.day.chosen).order_by("seat", "from_on"))
            tenures = tenures_of(terms, self.day.chosen)
            by_seat: dict[int, list[Tenure]] = {}
            for term in terms:
                by_seat.setdefault(term.seat_id, []).append(tenures[term.pk])
            lines = [
                Line(
                    str(seat),
                    [bar for spell in spells(by_seat.get(seat.pk, [])) for bar in bars_of(spell, self.day.chosen)],
                )
                for seat in Seat.objects.order_by("pk")
            ]
            days = [(bar.start, bar.end) for line in lines for bar in line.bars]
            self._drawn = (
                lines,
                min((start for start, _end in days), default=None),
                max((end for _start, end in days), default=None),
            )
        return self._drawn


def spells(tenures: Iterable[Tenure]) -> list[Tenure]:
    """The terms of one seat in order, those of a person who was chosen again without a day between as one."""
    joined: list[Tenure] = []
    for tenure in tenures:
        last = joined[-1] if joined else None
        if last is not None and last.ended_on == tenure.from_on and _goes_on(last, tenure):
            joined[-1] = replace(tenure, from_on=last.from_on)
        else:
            joined.append(tenure)
    return joined


def _goes_on(last: Tenure, tenure: Tenure) -> bool:
    """The same person, in the seat to the end of the term and not beyond it."""
    same = (last.holder, last.agency) == (tenure.holder, tenure.agency)
    held_over = last.until_on is not None and last.until_on < tenure.from_on
    return same and not held_over and seats.lost_on(last).by(tenure.from_on) is False


def bars_of(tenure: Tenure, day: date) -> Iterator[Bar]:
    """A term as the picture draws it: served, held over, and what of it lies ahead of the day."""
    lost = seats.lost_on(tenure)
    ends = [end for end in (tenure.ended_on, lost.latest) if end is not None and end <= day]
    left = min(ends, default=None)
    until = left or day
    who = f"{tenure.holder}, {tenure.agency}"
    said = f"{who}: from {in_words(tenure.from_on)}" + (f" until {in_words(left)}" if left else "")
    if left is None and lost.by(day) is None:
        yield Bar(tenure.from_on, until, tenure.holder, OPEN, f"{said}; not determined whether still in office")
        return
    over = tenure.until_on if tenure.until_on is not None and tenure.until_on < until else None
    yield Bar(tenure.from_on, over or until, tenure.holder, RUNS, said)
    if over is not None:
        yield Bar(over, until, "", OVER, f"{who}: holding over from {in_words(over)}")
    elif left is None and tenure.until_on is not None and tenure.until_on > day:
        yield Bar(day, tenure.until_on, "", AHEAD, f"{who}: the term runs to {in_words(tenure.until_on)}")


def terms_of_seat(seat: Seat, request: HttpRequest) -> Related:
    """Everybody who ever sat in a seat, the latest first."""
    rows = [
        Row(
            (
                f"{term.holder.name}, {term.agency.name}",
                in_words(term.from_on),
                f"{in_words(term.ended_on)}: {term.get_ended_why_display().lower()}" if term.ended_on else "",
            ),
            address(term) if may(request, "view", OfficeTerm) else "",
        )
        for term in seat.terms.select_related("holder__agency").order_by("-from_on")
    ]
    columns = [Column(title) for title in ("Holder", "From", "Left on")]
    empty = f"Nobody is recorded in this seat yet ({BYLAWS.at('IV', 1)})."
    return Related("Who sat here", columns, rows, empty)
