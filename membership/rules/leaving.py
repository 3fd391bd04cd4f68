"""Leaving: Termination Notices, the Board's proceedings, and what an ending takes with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from membership.rules.facts import Notice, Terms
from nipas_admin.shared.citations import AGREEMENT, BYLAWS, READING, Citation, cites
from nipas_admin.shared.dated import day_after, in_words
from nipas_admin.shared.findings import Fact, Finding

WITHDRAWAL = (AGREEMENT.at("4.A"), BYLAWS.at("III", 10))
OBLIGATIONS = (AGREEMENT.at("4.B"), BYLAWS.at("III", 8))
DETRIMENT = (AGREEMENT.at("4.C"), BYLAWS.at("III", 9))
CHICAGO = ZoneInfo("America/Chicago")


@cites(AGREEMENT.at("4.A"), READING.at("R7"))
def day_received(at: datetime) -> date:
    """The day in Chicago on which a notice reached the Board. Raises ValueError for a moment without a time zone."""
    if at.tzinfo is None:
        raise ValueError("The moment a notice was received needs its time zone.")
    return at.astimezone(CHICAGO).date()


@cites(*WITHDRAWAL, READING.at("R6"), READING.at("R7"))
def withdrawal_effective_on(received_on: date, terms: Terms) -> date:
    """First day out: 1 May, in the terms of 2018, of the calendar year after the one in which the Board received it."""
    return date(received_on.year + 1, terms.ends_month, terms.ends_day)


@cites(*WITHDRAWAL, READING.at("R6"), READING.at("R7"), READING.at("R8"))
def withdrawal(
    received_on: date, terms: Terms, *, dated_on: date | None = None, earlier: Iterable[Notice] = ()
) -> Finding[date]:
    """The first day out that a notice brings, and why. A second notice while one runs changes nothing."""
    effective_on = withdrawal_effective_on(received_on, terms)
    because = [
        Fact(f"Termination Notice received by the Board on {in_words(received_on)}", received_on, citations=WITHDRAWAL),
        Fact(
            f"received in {received_on.year}, so participation ends on {in_words(effective_on)}, the first day out",
            effective_on,
            citations=(*WITHDRAWAL, READING.at("R6")),
        ),
    ]
    flags = []
    if dated_on and dated_on.year != received_on.year:
        flags.append(
            Fact(
                f"the letter is dated {in_words(dated_on)}; the day it was received governs",
                dated_on,
                citations=(READING.at("R7"),),
            )
        )
    running = notice_pending(received_on, earlier)
    if running is not None:
        because.append(
            Fact(
                f"a notice received on {in_words(running.received_on)} already runs; the second changes nothing",
                running.effective_on,
                citations=(READING.at("R8"),),
            )
        )
        effective_on = running.effective_on
    return Finding(effective_on, tuple(because), (), tuple(flags), (READING.at("R6"), READING.at("R7")))


@cites(*WITHDRAWAL, READING.at("R8"))
def notice_pending(day: date, notices: Iterable[Notice]) -> Notice | None:
    """The notice that runs on this day: received by then, not yet effective, not rescinded by then. None if none.

    A second notice stops running when the first takes effect: there is nothing left for it to end.
    """
    known = list(notices)
    ended_on = [n.effective_on for n in known if n.rescinded_on is None and n.effective_on <= day]
    running = [
        n
        for n in known
        if n.received_on <= day < n.effective_on
        and (n.rescinded_on is None or day < n.rescinded_on)
        and not any(n.received_on < on for on in ended_on)
    ]
    return min(running, key=lambda n: n.effective_on, default=None)


@cites(*WITHDRAWAL, READING.at("R8"))
def withdrawn_on(notices: Iterable[Notice]) -> date | None:
    """First day out by withdrawal: of the notices that were not rescinded, the first to take effect. None if none."""
    return min((n.effective_on for n in notices if n.rescinded_on is None), default=None)


@cites(AGREEMENT.at("4.A"), READING.at("R8"))
def rescission(notice: Notice, decided_on: date) -> Finding[bool]:
    """May the Board's decision of this day undo the notice? True, with a warning, only while it runs."""
    if decided_on < notice.received_on:
        fact = Fact(
            f"the Board cannot let go on {in_words(decided_on)} of a notice received on {in_words(notice.received_on)}",
            decided_on,
            citations=WITHDRAWAL,
        )
        return Finding(False, (fact,), readings=(READING.at("R8"),))
    if decided_on >= notice.effective_on:
        fact = Fact(
            f"participation ended on {in_words(notice.effective_on)}; coming back takes a new application",
            notice.effective_on,
            citations=(AGREEMENT.at("5.B"),),
        )
        return Finding(False, (fact,), readings=(READING.at("R8"),))
    fact = Fact(
        f"the Board decided on {in_words(decided_on)}, before the notice takes effect on "
        f"{in_words(notice.effective_on)}",
        decided_on,
        citations=(READING.at("R8"),),
    )
    warning = Fact(
        "the text knows no rescission; another reading holds the notice irrevocable",
        citations=(AGREEMENT.at("4.A"), READING.at("R8")),
    )
    return Finding(True, (fact,), (), (warning,), (READING.at("R8"),))


class Ground(str, Enum):
    """Why the Board proceeds against an agency."""

    OBLIGATIONS = "obligations"
    DETRIMENT = "detriment"


class Outcome(str, Enum):
    """What the Board decided."""

    OPEN = ""
    TERMINATED = "terminated"
    SUSPENDED = "suspended"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class ProceedingFacts:
    """The course of one proceeding; the hearing is the opportunity to appear, used or not."""

    ground: Ground
    outcome: Outcome
    notified_on: date | None = None
    hearing_on: date | None = None
    waived_on: date | None = None
    decided_on: date | None = None
    votes_for: int | None = None
    in_office: int | None = None


@cites(*OBLIGATIONS, *DETRIMENT, READING.at("R12"))
def proceeding_in_order(facts: ProceedingFacts, terms: Terms, vote: Finding[bool] | None = None) -> Finding[bool]:
    """May the Board's decision take effect? False names the clause that is not met; None says what is missing.

    ``vote``: the outcome of the Board's own vote where the register has it, on the base that its bylaws name; without
    it the share is taken of the members in office (Reading R9).
    """
    clause = OBLIGATIONS if facts.ground is Ground.OBLIGATIONS else DETRIMENT
    wrong: list[Fact] = []
    missing: list[str] = []
    because: list[Fact] = []
    if facts.outcome is Outcome.SUSPENDED and facts.ground is Ground.OBLIGATIONS:
        wrong.append(Fact("for unmet obligations the Board may terminate, never suspend", citations=OBLIGATIONS))
    if facts.decided_on is None:
        missing.append("the day the Board decided")
    hearing = (AGREEMENT.at("4.C"), READING.at("R12"))
    if facts.notified_on is None:
        missing.append("the day the agency was notified")
    if facts.hearing_on is None and facts.waived_on is None:
        missing.append("the hearing offered to the agency, or its waiver")
    if facts.notified_on and facts.hearing_on:
        text = f"notified {in_words(facts.notified_on)}, hearing {in_words(facts.hearing_on)}"
        late = facts.notified_on >= facts.hearing_on
        (wrong if late else because).append(
            Fact(text + (": notice must come before the hearing" if late else ""), facts.hearing_on, citations=hearing)
        )
    if facts.notified_on and facts.decided_on and facts.notified_on > facts.decided_on:
        wrong.append(
            Fact(
                f"notified {in_words(facts.notified_on)}, after the vote of {in_words(facts.decided_on)}",
                facts.notified_on,
                citations=hearing,
            )
        )
    if facts.hearing_on and facts.decided_on and facts.hearing_on > facts.decided_on and facts.waived_on is None:
        wrong.append(
            Fact(
                f"decided on {in_words(facts.decided_on)}, before the hearing of {in_words(facts.hearing_on)}",
                facts.decided_on,
                citations=hearing,
            )
        )
    if facts.waived_on is not None:
        because.append(
            Fact(f"the agency waived its hearing on {in_words(facts.waived_on)}", facts.waived_on, citations=hearing)
        )
    if vote is not None:
        (because if vote.value else wrong).extend(vote.because)
        missing += vote.missing
    elif facts.outcome in (Outcome.TERMINATED, Outcome.SUSPENDED):
        _test_share(facts, terms, clause, because, wrong, missing)
    readings = (READING.at("R9"), READING.at("R12"))
    if wrong:
        return Finding(False, (*wrong, *because), tuple(missing), readings=readings)
    return Finding(None if missing else True, tuple(because), tuple(missing), readings=readings)


def _test_share(
    facts: ProceedingFacts,
    terms: Terms,
    clause: tuple[Citation, ...],
    because: list[Fact],
    wrong: list[Fact],
    missing: list[str],
) -> None:
    if facts.votes_for is None or facts.in_office is None:
        missing.append("the votes for and the number of Board members in office")
        return
    needed = terms.board_share.needed(facts.in_office)
    text = f"{facts.votes_for} for, of {facts.in_office} members in office; {terms.board_share} is {needed}"
    carried = terms.board_share.reached_by(facts.votes_for, facts.in_office)
    (because if carried else wrong).append(Fact(text, facts.decided_on, citations=(*clause, READING.at("R9"))))


@cites(*OBLIGATIONS, *DETRIMENT, READING.at("R20"))
def decision_effective_on(decided_on: date, named_on: date | None) -> date:
    """First day of a termination or suspension: the day the motion names, none named the day after the vote.

    Raises ValueError when the named day lies before the vote.
    """
    if named_on is None:
        return day_after(decided_on)
    if named_on < decided_on:
        raise ValueError(
            f"A decision of {in_words(decided_on)} cannot take effect on {in_words(named_on)}, before the vote "
            "(Reading R20)."
        )
    return named_on


@cites(AGREEMENT.at("4.B"), AGREEMENT.at("4.C"), READING.at("R9"))
def two_thirds_of_board(in_office: int, terms: Terms) -> int:
    """Votes needed to suspend or terminate: two thirds, in the terms of 2018, of the members in office."""
    return terms.board_share.needed(in_office)


@cites(AGREEMENT.at("6.B"))
def obligations_after_ending() -> tuple[Fact, ...]:
    """What outlives participation: dues owed, cost requests, claims and shares. An ending stops new dues only."""
    clause = (AGREEMENT.at("6.B"),)
    return (
        Fact("dues, cost requests, claims and shares already owed remain owed; no new dues arise", citations=clause),
    )


@dataclass(frozen=True)
class Consequence:
    """One thing that happens by itself on a day, with the clauses that make it happen."""

    on: date
    text: str
    citations: tuple[Citation, ...]

    def as_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        return {"on": self.on.isoformat(), "text": self.text, "citations": [str(c) for c in self.citations]}


@cites(AGREEMENT.at("4.A"), AGREEMENT.at("6.B"), BYLAWS.at("III", 11), BYLAWS.at("VII", 4))
def consequences_of_ending(
    ends_on: date, teams: Iterable[str], seats: Iterable[str] | None = None
) -> tuple[Consequence, ...]:
    """What falls away on the first day out, known beforehand, undone if the ending is; and what stays owed.

    ``seats``: the Board seats that its people hold, by name; None while nobody can say which.
    """
    active = BYLAWS.at("III", 11)
    things = [
        Consequence(ends_on, "participation ends: no vote, not counted for quorum", (active, BYLAWS.at("XIII", 2)))
    ]
    things += [Consequence(ends_on, f"its place in {team} ends", (BYLAWS.at("VII", 4),)) for team in teams]
    held = ["a Board seat held by its chief or designee"] if seats is None else seats
    things += [Consequence(ends_on, f"{seat} falls vacant", (BYLAWS.at("IV", 1),)) for seat in held]
    things += [
        Consequence(ends_on, "it is no longer sent or called on Police Alarm Assignments", (AGREEMENT.at("2"),)),
        Consequence(ends_on, "no new dues arise; what is owed stays owed", (AGREEMENT.at("6.B"),)),
        Consequence(ends_on, "its own pages close to changes", (active,)),
    ]
    return tuple(things)


@cites(AGREEMENT.at("4.A"))
def last_day_to_leave_next(day: date, terms: Terms) -> Finding[date]:
    """The last day on which a notice still ends participation at the next possible date, seen from this day."""
    last = date(day.year, 12, 31)
    ends = withdrawal_effective_on(day, terms)
    fact = Fact(
        f"a notice received by {in_words(last)} ends participation on {in_words(ends)}; a day later, on "
        f"{in_words(withdrawal_effective_on(last + timedelta(days=1), terms))}",
        last,
        citations=WITHDRAWAL,
    )
    return Finding(last, (fact,))
