"""The roster of the Board: who sits in each seat on a day, and why one is vacant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from board.letters.parts import Step, steps
from board.rules.quorum import CLAUSES
from board.rules.seats import Seating
from board.rules.terms import Body
from board.services import SeatOnDay, board_on
from documents.body import body
from documents.letters import Letter
from nipas_admin.shared.citations import Citation
from nipas_admin.shared.dated import in_words


@dataclass(frozen=True)
class SeatLine:
    """One seat: its holder, or why there is none. ``reach``: telephone and e-mail."""

    seat: str
    holder: str
    agency: str
    since: str
    until: str
    reach: tuple[str, ...]
    remark: str
    why: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class BoardRoster(Letter):
    """The Board on a day. ``quorum``: how many members, by the bylaws of that day; None where they are not known."""

    bylaws: str
    seats: int
    in_office: int
    quorum: int | None
    quorum_clause: Citation
    lines: tuple[SeatLine, ...]
    succession: tuple[Step, ...]


def roster(record: None, day: date) -> BoardRoster:
    """The roster as of the day. Raises ValidationError, in words, where no bylaws surely cover the day."""
    found = board_on(day)
    return BoardRoster(
        title="Board of Officers",
        as_on=day,
        about=body().short_name,
        bylaws=found.bylaws.title,
        seats=len(found.seats),
        in_office=len(found.in_office),
        quorum=found.terms.board_quorum if found.bylaws.terms_known else None,
        quorum_clause=CLAUSES[Body.BOARD],
        lines=tuple(_line(one) for one in found.seats),
        succession=steps(found.succession.because) if found.succession.value else (),
    )


def _line(one: SeatOnDay) -> SeatLine:
    if one.holder is None or one.term is None:
        missing = tuple(Step(item) for item in one.finding.missing)
        why = (*steps(one.finding.because), *missing)
        return SeatLine(str(one.seat), "", "", "", "", (), one.seating.label, why)
    holder, term = one.holder, one.term
    over = one.seating is Seating.HOLDING_OVER
    return SeatLine(
        seat=str(one.seat),
        holder=", ".join(part for part in (holder.name, holder.title) if part),
        agency=holder.agency.name,
        since=f"{in_words(term.from_on)}, {term.get_how_display()[0].lower()}{term.get_how_display()[1:]}",
        until=in_words(term.until_on) if term.until_on else "no end recorded",
        reach=tuple(part for part in (holder.telephone, holder.email) if part),
        remark=one.seating.label if over else "",
        why=steps(one.finding.because[1:]) if over else (),
    )
