"""Elections: who may be nominated, ballots by round, a majority or a second ballot, and ties that stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from board.rules.quorum import House, quorum
from board.rules.terms import Base, Body, BylawsTerms, Decision
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
    NO_MAJORITY = "no_majority"
    ELECTED = "elected"

    @property
    def label(self) -> str:
        """In words."""
        return self.value.replace("_", " ").capitalize()

    @property
    def stopped(self) -> bool:
        """True where the bylaws go no further: the assembly decides, and a person records it (Reading R16)."""
        return self in (Stage.TIED, Stage.NO_MAJORITY)


@dataclass(frozen=True)
class Round:
    """One ballot: the votes of each candidate, blanks, and illegal ballots of entitled voters.

    ``present``: agencies there when it was taken, of all that were ``entitled``; without the latter the quorum is not
    tested here. ``settled``: where the ballot decided nothing, whom the assembly's decision names: one for the office,
    or those who go on to a further ballot; ``settled_because`` is that decision.
    """

    votes: Mapping[str, int]
    present: int
    blanks: int = 0
    illegal: int = 0
    settled: tuple[str, ...] = ()
    settled_because: str = ""
    entitled: int | None = None

    @property
    def cast(self) -> int:
        """Votes cast: illegal ballots of entitled voters count, blanks do not (Reading R11)."""
        return sum(self.votes.values()) + self.illegal

    @property
    def papers(self) -> int:
        """Every ballot handed in, blanks too."""
        return self.cast + self.blanks

    @property
    def ranked(self) -> list[tuple[str, int]]:
        """Candidates with their votes, most first; those with as many by name."""
        return sorted(self.votes.items(), key=lambda pair: (-pair[1], pair[0]))

    def between(self, names: tuple[str, ...]) -> Round:
        """The ballot as it counts where only these could be voted for: votes for others are illegal ballots."""
        strays = sum(votes for name, votes in self.votes.items() if name not in names)
        kept = {name: self.votes.get(name, 0) for name in names}
        return replace(self, votes=kept, illegal=self.illegal + strays)


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
    """May this nomination stand: the Committee's one nominee, who consented, or an active agency's from the floor?

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


@cites(*ELECTION, BYLAWS.at("XIII", 2), R11, R16)
def election(rounds: Sequence[Round], terms: BylawsTerms) -> Finding[Standing]:
    """Where an election stands after these ballots, with the arithmetic of each. No tie is ever broken here.

    ``missing`` says what must happen next; flags show a result that depends on the reading (R11), and ballots that
    count for nothing. Raises ValueError where the bylaws count an election on a number that no ballot tells.
    """
    standing = Standing(Stage.BALLOT)
    because: list[Fact] = []
    flags: list[Fact] = []
    for number, ballot in enumerate(rounds, 1):
        if standing.stage is Stage.ELECTED or standing.stage.stopped:
            after = "the election" if standing.stage is Stage.ELECTED else "a ballot on which the assembly must decide"
            flags.append(Fact(f"ballot {number} came after {after} and counts for nothing", citations=ELECTION))
            break
        standing = _after(number, ballot, standing, terms, because, flags)
    return Finding(standing, tuple(because), tuple(_next(standing)), tuple(flags), (R11, R16))


def _next(standing: Standing) -> Iterator[str]:
    names = standing.between
    if standing.stage is Stage.BALLOT:
        yield "a ballot in which votes are cast"
    elif standing.stage is Stage.SECOND_BALLOT:
        yield f"a further ballot between {' and '.join(names)}"
    elif standing.stage is Stage.TIED:
        yield f"a decision of the assembly: {', '.join(names)} are tied, and the bylaws break no tie"
    elif standing.stage is Stage.NO_MAJORITY:
        yield "a decision of the assembly: nobody has a majority, and the bylaws name no further ballot"


def _numbers(ballot: Round) -> dict[Base, int]:
    """What the share can be taken of, as far as the ballot tells."""
    numbers = {Base.CAST: ballot.cast, Base.PRESENT: ballot.present}
    return numbers if ballot.entitled is None else numbers | {Base.ENTITLED: ballot.entitled}


def _after(
    number: int, ballot: Round, before: Standing, terms: BylawsTerms, because: list[Fact], flags: list[Fact]
) -> Standing:
    """The standing after one ballot; as before, where the ballot has no effect."""
    if before.between:
        ballot = ballot.between(before.between)
    threshold = terms.thresholds[Decision.ELECTION]
    label = threshold.base.label(Body.ASSEMBLY)
    numbers = _numbers(ballot)
    if threshold.base not in numbers:
        raise ValueError(f"Elections are counted on {label}, which the ballot does not tell: mend the bylaws version.")
    base = numbers[threshold.base]
    needed = threshold.needed(base)
    shown = ", ".join(f"{name} {votes}" for name, votes in ballot.ranked) or "nobody"
    aside = f"; {ballot.blanks} blank, {ballot.illegal} illegal" if ballot.blanks or ballot.illegal else ""
    share = f"{threshold} of {base} {label} is {needed}"
    because.append(Fact(f"ballot {number}: {shown}{aside}; {share}", citations=(*ELECTION, R11)))
    if ballot.entitled is not None:
        quorate = quorum(House(Body.ASSEMBLY, ballot.present, ballot.entitled), terms)
        because += quorate.because
        if not quorate.value:
            because.append(Fact("without a quorum a ballot has no effect", citations=quorate.citations))
            return before
    if not ballot.cast:
        because.append(Fact("no votes were cast", citations=ELECTION))
        return before
    first, votes = ballot.ranked[0] if ballot.votes else ("", 0)
    for other in (Base.CAST, Base.PRESENT):
        if threshold.reached_by(votes, numbers[other]) is not (votes >= needed):
            said = f"{threshold} of {numbers[other]} {other.label(Body.ASSEMBLY)} is {threshold.needed(numbers[other])}"
            flags.append(Fact(f"depends on the reading (R11): {said}", citations=(R11,)))
    if votes >= needed and [*ballot.votes.values()].count(votes) == 1:
        because.append(Fact(f"{first} is elected with {votes} votes", citations=ELECTION))
        return Standing(Stage.ELECTED, first)
    standing = _without_majority(ballot, before, because)
    if not (standing.stage.stopped and ballot.settled):
        return standing
    because.append(Fact(f"the assembly decided: {ballot.settled_because}", citations=(R16,)))
    if len(ballot.settled) == 1:
        return Standing(Stage.ELECTED, ballot.settled[0])
    return Standing(Stage.SECOND_BALLOT, between=ballot.settled)


def _without_majority(ballot: Round, before: Standing, because: list[Fact]) -> Standing:
    """A second ballot between the first two, if there has been none and it is clear who they are; else stop."""
    ranked = ballot.ranked
    names = tuple(name for name, _votes in ranked)
    level = [votes for _name, votes in ranked]
    if before.stage is Stage.SECOND_BALLOT or len(names) < 2:
        if len(names) > 1 and level[0] == level[1]:
            tied = tuple(name for name, votes in ranked if votes == level[0])
            because.append(Fact(f"{', '.join(tied)} are tied on this ballot too", citations=(*ELECTION, R16)))
            return Standing(Stage.TIED, between=tied)
        because.append(Fact("no majority, and no second ballot is left to take", citations=(*ELECTION, R16)))
        return Standing(Stage.NO_MAJORITY, between=names)
    if len(names) > 2 and level[1] == level[2]:
        tied = tuple(name for name, votes in ranked if votes == level[1])
        ahead = "" if names[0] in tied else f"{names[0]} goes on; "
        because.append(Fact(f"{ahead}{', '.join(tied)} are tied for the second ballot", citations=(*ELECTION, R16)))
        return Standing(Stage.TIED, between=tied)
    because.append(Fact(f"no majority: a second ballot between {names[0]} and {names[1]}", citations=ELECTION))
    return Standing(Stage.SECOND_BALLOT, between=names[:2])
