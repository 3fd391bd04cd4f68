"""The outcome of a vote: quorum at that moment, the base and the share that govern, and every other base."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from board.rules.quorum import House, quorum
from board.rules.terms import Base, Body, BylawsTerms, Decision, Threshold
from nipas_admin.shared.citations import AGREEMENT, BYLAWS, READING, Citation, cites
from nipas_admin.shared.findings import Fact, Finding

CLAUSES: dict[Decision, tuple[Citation, ...]] = {
    Decision.BOARD: (BYLAWS.at("XIII", 4),),
    Decision.ASSEMBLY: (BYLAWS.at("XIII", 3),),
    Decision.REMOVAL: (AGREEMENT.at("4.B"), AGREEMENT.at("4.C"), BYLAWS.at("III", 8), BYLAWS.at("III", 9)),
    Decision.AMENDMENT: (BYLAWS.at("XV", 1),),
    Decision.OBJECTION: (BYLAWS.at("IV", 8),),
    Decision.DISSOLUTION: (BYLAWS.at("XVII", 1),),
    Decision.ELECTION: (BYLAWS.at("V", 9),),
}
# Where the text does not say of what the share is taken, the base rests on a reading.
READINGS: dict[Decision, Citation] = {
    Decision.BOARD: READING.at("R10"),
    Decision.REMOVAL: READING.at("R9"),
    Decision.ELECTION: READING.at("R11"),
}


@dataclass(frozen=True)
class Tally:
    """Votes for and against, and abstentions; an abstention is not a vote cast."""

    ayes: int
    nays: int
    abstentions: int = 0

    @property
    def cast(self) -> int:
        """Votes for and against."""
        return self.ayes + self.nays

    def __str__(self) -> str:
        return f"{self.ayes} for, {self.nays} against, {self.abstentions} abstained"


@dataclass(frozen=True)
class Count:
    """A vote counted on one base."""

    base: Base
    number: int
    needed: int
    carried: bool


@cites(*CLAUSES[Decision.BOARD], *CLAUSES[Decision.REMOVAL], READING.at("R9"), READING.at("R10"), READING.at("R11"))
def counts(decision: Decision, tally: Tally, house: House, terms: BylawsTerms) -> tuple[Count, ...]:
    """The vote on every base that could be meant, the governing one first."""
    threshold = terms.thresholds[decision]
    numbers = {
        Base.CAST: tally.cast,
        Base.PRESENT: house.present,
        Base.ENTITLED: house.entitled,
    }
    if house.body is Body.BOARD and house.seats > house.entitled:
        numbers[Base.SEATS] = house.seats
    bases = [threshold.base, *(base for base in numbers if base is not threshold.base)]
    return tuple(
        Count(base, number, threshold.needed(number), threshold.reached_by(tally.ayes, number))
        for base in bases
        if (number := numbers.get(base, house.seats)) or base is threshold.base
    )


@cites(
    *CLAUSES[Decision.BOARD],
    *CLAUSES[Decision.ASSEMBLY],
    *CLAUSES[Decision.REMOVAL],
    *CLAUSES[Decision.AMENDMENT],
    *CLAUSES[Decision.OBJECTION],
    *CLAUSES[Decision.DISSOLUTION],
    READING.at("R9"),
    READING.at("R10"),
)
def outcome(decision: Decision, tally: Tally, house: House, terms: BylawsTerms) -> Finding[bool]:
    """Did the vote carry? False without a quorum at that moment; None while the quorum itself is not determined.

    The governing base comes first; every other is shown where it would give another result, and where the governing
    one rests on a reading, the result is said to depend on it.
    """
    standing = quorum(house, terms)
    votes = Fact(str(tally), citations=CLAUSES[decision])
    readings = (READINGS[decision],) if decision in READINGS else ()
    if not standing.value:
        why = Fact("without a quorum a vote has no effect", citations=standing.citations)
        said = (*standing.because, votes) if standing.value is None else (*standing.because, votes, why)
        return Finding(standing.value, said, standing.missing, readings=readings)
    threshold = terms.thresholds[decision]
    governs, *others = counts(decision, tally, house, terms)
    because = [*standing.because, votes, _arithmetic(decision, governs, threshold, tally, house.body)]
    differing = [count for count in others if count.carried is not governs.carried]
    if not differing:
        because.append(Fact("the result is the same on every base", citations=CLAUSES[decision]))
    flags = tuple(_otherwise(decision, differing, threshold, tally, house.body))
    return Finding(governs.carried, tuple(because), (), flags, readings)


def _said(count: Count, threshold: Threshold, tally: Tally, body: Body) -> str:
    return (
        f"{threshold} of {count.number} {count.base.label(body)} is {count.needed}; {tally.ayes} for: "
        f"{'carried' if count.carried else 'not carried'}"
    )


def _arithmetic(decision: Decision, count: Count, threshold: Threshold, tally: Tally, body: Body) -> Fact:
    reading = (READINGS[decision],) if decision in READINGS else ()
    return Fact(_said(count, threshold, tally, body), citations=(*CLAUSES[decision], *reading))


def _otherwise(
    decision: Decision, differing: list[Count], threshold: Threshold, tally: Tally, body: Body
) -> Iterator[Fact]:
    if not differing:
        return
    reading = READINGS.get(decision)
    if reading is not None:
        number = reading.place
        yield Fact(
            f"depends on the reading ({number}): the text does not say of what number the share is taken",
            citations=(reading,),
        )
    for count in differing:
        said = f"counted on {count.base.label(body)}: {_said(count, threshold, tally, body)}"
        yield Fact(said, citations=(reading,) if reading else CLAUSES[decision])


@cites(*CLAUSES[Decision.BOARD], *CLAUSES[Decision.ASSEMBLY])
def ayes_to_carry(decision: Decision, house: House, terms: BylawsTerms, against: int = 0) -> int | None:
    """How many ayes carry with this house; on votes cast, against that many nays. None when more than are present."""
    threshold = terms.thresholds[decision]
    if threshold.base is Base.CAST:
        needed = next(
            ayes for ayes in range(1, house.present + against + 2) if threshold.reached_by(ayes, ayes + against)
        )
    else:
        number = {Base.PRESENT: house.present, Base.ENTITLED: house.entitled, Base.SEATS: house.seats}[threshold.base]
        needed = threshold.needed(number)
    return needed if needed <= house.present else None


def depends_on_reading(found: Finding[bool]) -> bool:
    """Would another reading of the base give another result?"""
    return any(fact.text.startswith("depends on the reading") for fact in found.flags)


@cites(BYLAWS.at("XIII", 1), BYLAWS.at("XIII", 3), BYLAWS.at("XIII", 4))
def declared_by_voice(house: House, terms: BylawsTerms, *, carried: bool) -> Finding[bool]:
    """The outcome of a vote by voice: what the presiding officer declared, if a quorum was present."""
    standing = quorum(house, terms)
    said = Fact(
        f"declared {'carried' if carried else 'lost'} by the presiding officer on a vote by voice; nobody was counted",
        citations=(BYLAWS.at("XIII", 1),),
    )
    if standing.value:
        return Finding(carried, (*standing.because, said))
    why = (Fact("without a quorum a vote has no effect", citations=standing.citations),) if standing.determined else ()
    return Finding(standing.value, (*standing.because, said, *why), standing.missing)
