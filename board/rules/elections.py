"""Elections: who may be nominated, ballots by round, a majority or a second ballot, and ties that stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from board.rules.terms import Base, BylawsTerms, Decision, Threshold
from nipas_admin.shared.citations import BYLAWS, READING, cites
from nipas_admin.shared.findings import Fact, Finding

ELECTION = (BYLAWS.at("V", 9),)
R11, R16 = READING.at("R11"), READING.at("R16")


class Stage(str, Enum):
    """Where an election stands."""

    NOMINATIONS = "nominations"
    BALLOT = "ballot"
    SECOND_BALLOT = "second_ballot"
    TIED = "tied"
    ELECTED = "elected"

    @property
    def label(self) -> str:
        """In words."""
        return self.value.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Round:
    """One ballot: the votes of each candidate, blanks, and illegal ballots of entitled voters.

    ``present``: agencies there when it was taken. ``settled``: after a tie, whom the assembly's decision names: one
    for the office, or those who go on to a further ballot; ``settled_because`` is that decision.
    """

    votes: Mapping[str, int]
    present: int
    blanks: int = 0
    illegal: int = 0
    settled: tuple[str, ...] = ()
    settled_because: str = ""

    @property
    def cast(self) -> int:
        """Votes cast: illegal ballots of entitled voters count, blanks do not (Reading R11)."""
        return sum(self.votes.values()) + self.illegal

    @property
    def papers(self) -> int:
        """Every ballot handed in, blanks too."""
        return self.cast + self.blanks


@dataclass(frozen=True)
class Standing:
    """Where an election stands: the stage, who is elected, and between whom the next ballot is or the tie stands."""

    stage: Stage
    elected: str = ""
    between: tuple[str, ...] = ()


@cites(*ELECTION, BYLAWS.at("III", 6))
def ballots_in_order(ballot: Round) -> Finding[bool]:
    """Can these counts be: no more ballots than agencies present, one vote each?"""
    text = f"{ballot.papers} ballots handed in, {ballot.present} agencies present"
    fits = ballot.papers <= ballot.present
    more = "" if fits else ": more ballots than agencies that could vote"
    return Finding(fits, (Fact(text + more, citations=(*ELECTION, BYLAWS.at("III", 6))),))


@cites(*ELECTION)
def voice_vote_allowed(nominees: Mapping[str, int]) -> Finding[bool]:
    """May the election be by voice? Only when every office, given by name, has exactly one nominee."""
    contested = [f"{office} has {number} nominees" for office, number in nominees.items() if number != 1]
    if not nominees or contested:
        said = "; ".join(contested) or "nobody is nominated"
        return Finding(False, (Fact(f"{said}: the election is by ballot", citations=ELECTION),))
    return Finding(True, (Fact("every office has one nominee: the election may be by voice", citations=ELECTION),))


@cites(BYLAWS.at("V", 8))
def nomination_in_order(
    *, by_committee: bool, consented: bool, agency_active: bool | None, others: int
) -> Finding[bool]:
    """May this nomination stand: one nominee of the Committee, who consented, and others by active agencies from the floor?

    ``others``: nominees whom the Committee has presented for this office already.
    """
    clause = (BYLAWS.at("V", 8),)
    if by_committee:
        if others:
            return Finding(
                False, (Fact("the Nominating Committee presents one nominee for each office", citations=clause),)
            )
        if not consented:
            return Finding(
                False, (Fact("the Nominating Committee first obtains the nominee's consent", citations=clause),)
            )
        return Finding(True, (Fact("presented by the Nominating Committee, with consent", citations=clause),))
    if agency_active is None:
        return Finding(None, (), ("which agency nominates from the floor, and whether it is active",))
    text = (
        "nominated from the floor by an active agency"
        if agency_active
        else "only an active agency nominates from the floor"
    )
    return Finding(agency_active, (Fact(text, citations=clause),))


@cites(*ELECTION, R11, R16)
def election(rounds: Sequence[Round], terms: BylawsTerms) -> Finding[Standing]:
    """Where an election stands after these ballots, with the arithmetic of each. No tie is ever broken here.

    ``missing`` says what must happen next; flags show a result that depends on the reading (R11).
    """
    if not rounds:
        return Finding(Standing(Stage.BALLOT), (), ("a ballot",))
    because: list[Fact] = []
    flags: list[Fact] = []
    threshold = terms.thresholds[Decision.ELECTION]
    standing = Standing(Stage.BALLOT)
    for number, ballot in enumerate(rounds, 1):
        standing = _after(number, ballot, threshold, because, flags)
    missing = {
        Stage.SECOND_BALLOT: (f"a second ballot between {' and '.join(standing.between)}",),
        Stage.TIED: (
            f"a decision of the assembly: {', '.join(standing.between)} are tied, and the bylaws break no tie",
        ),
        Stage.BALLOT: ("a ballot in which votes are cast",),
    }.get(standing.stage, ())
    return Finding(standing, tuple(because), missing, tuple(flags), (R11, R16))


def _after(number: int, ballot: Round, threshold: Threshold, because: list[Fact], flags: list[Fact]) -> Standing:
    cast = ballot.cast
    base = ballot.present if threshold.base is Base.PRESENT else cast
    needed = threshold.needed(base)
    shown = ", ".join(f"{name} {votes}" for name, votes in _ranked(ballot))
    aside = f"; {ballot.blanks} blank, {ballot.illegal} illegal" if ballot.blanks or ballot.illegal else ""
    text = f"ballot {number}: {shown}{aside}; {threshold} of {base} {threshold.base.value} is {needed}"
    because.append(Fact(text, citations=(*ELECTION, R11)))
    if not cast:
        return Standing(Stage.BALLOT)
    ranked = _ranked(ballot)
    first, votes = ranked[0]
    if votes >= needed:
        because.append(Fact(f"{first} is elected with {votes} of {cast} votes cast", citations=ELECTION))
        other = threshold.needed(ballot.present)
        if threshold.base is Base.CAST and votes < other:
            said = f"counted on the {ballot.present} agencies present, {other} are needed"
            flags.append(Fact(f"depends on the reading (R11): {said}", citations=(R11,)))
        return Standing(Stage.ELECTED, first)
    return _without_majority(number, ballot, ranked, because)


def _without_majority(number: int, ballot: Round, ranked: list[tuple[str, int]], because: list[Fact]) -> Standing:
    if ballot.settled:
        because.append(Fact(f"the assembly decided: {ballot.settled_because}", citations=(R16,)))
        if len(ballot.settled) == 1:
            return Standing(Stage.ELECTED, ballot.settled[0])
        return Standing(Stage.SECOND_BALLOT, between=ballot.settled)
    if number == 1 and len(ranked) > 2:
        between = tuple(name for name, _votes in ranked[:2])
        tied = tuple(name for name, votes in ranked if votes == ranked[1][1])
        if ranked[1][1] == ranked[2][1]:
            all_tied = (
                tuple(name for name, votes in ranked if votes >= ranked[1][1]) if ranked[0][1] == ranked[1][1] else tied
            )
            because.append(Fact(f"{', '.join(all_tied)} are tied for the second ballot", citations=(*ELECTION, R16)))
            return Standing(Stage.TIED, between=all_tied)
        because.append(Fact(f"no majority: a second ballot between {' and '.join(between)}", citations=ELECTION))
        return Standing(Stage.SECOND_BALLOT, between=between)
    if number == 1 and len(ranked) == 2:
        between = tuple(name for name, _votes in ranked)
        because.append(Fact(f"no majority: a second ballot between {' and '.join(between)}", citations=ELECTION))
        return Standing(Stage.SECOND_BALLOT, between=between)
    tied = tuple(name for name, _votes in ranked)
    because.append(Fact("no majority on this ballot either", citations=(*ELECTION, R16)))
    return Standing(Stage.TIED, between=tied)


def _ranked(ballot: Round) -> list[tuple[str, int]]:
    return sorted(ballot.votes.items(), key=lambda pair: (-pair[1], pair[0]))
