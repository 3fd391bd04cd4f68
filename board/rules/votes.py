"""The outcome of a vote: quorum at that moment, the base and the share that govern, and every other base."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from board.rules.quorum import House, quorum
from board.rules.terms import Base, BylawsTerms, Decision, Threshold
from nipas_admin.shared.citations import AGREEMENT, BYLAWS, READING, Citation, cites
from nipas_admin.shared.dated import every
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


@cites(BYLAWS.at("III", 6), BYLAWS.at("XIII", 1))
def votes_in_order(tally: Tally, house: House) -> Finding[bool]:
    """Can these counts be: no more votes and abstentions than members present, one each?"""
    given = tally.cast + tally.abstentions
    fits = given <= house.present
    text = f"{tally}; {house.present} present" + ("" if fits else f": {given} answers are more than there are members")
    return Finding(fits, (Fact(text, citations=(BYLAWS.at("III", 6), BYLAWS.at("XIII", 1))),))


@cites(
    *CLAUSES[Decision.BOARD], *CLAUSES[Decision.REMOVAL], READING.at("R9"), READING.at("R10"), READING.at("R11")
)  # fmt: skip
def counts(decision: Decision, tally: Tally, house: House, terms: BylawsTerms) -> tuple[Count, ...]:
    """The vote on every base that could be meant, the governing one first.

    Raises ValueError where the bylaws count a decision of the agencies on the seats of the Board.
    """
    threshold = terms.thresholds[decision]
    numbers = {Base.CAST: tally.cast, Base.PRESENT: house.present, Base.ENTITLED: house.entitled}
    if house.seats and (house.seats > house.entitled or threshold.base is Base.SEATS):
        numbers[Base.SEATS] = house.seats
    if threshold.base not in numbers:
        raise ValueError(
            f"{decision.label} is counted on seats of the Board, but agencies vote: mend the bylaws version."
        )
    bases = [threshold.base, *(base for base in numbers if base is not threshold.base)]
    return tuple(
        Count(base, numbers[base], threshold.needed(numbers[base]), threshold.reached_by(tally.ayes, numbers[base]))
        for base in bases
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
def outcome(
    decision: Decision, tally: Tally, house: House, terms: BylawsTerms, clauses: tuple[Citation, ...] = ()
) -> Finding[bool]:
    """Did the vote carry? False without a quorum at that moment; None while quorum or base are not determined.

    The governing base comes first; every other is shown where it would give another result, and where the governing
    one rests on a reading, the result is said to depend on it. ``clauses``: those of the motion's own kind; without
    them all that set this threshold are cited.
    """
    cited = clauses or CLAUSES[decision]
    standing = quorum(house, terms)
    votes = Fact(_votes(tally, house), citations=cited)
    of_the_base = (READINGS[decision],) if decision in READINGS else ()
    readings = (*of_the_base, *standing.readings)
    if standing.value is False:
        why = Fact("without a quorum a vote has no effect", citations=standing.citations)
        return Finding(False, (*standing.because, votes, why), (), standing.flags, readings)
    threshold = terms.thresholds[decision]
    governs, *others = counts(decision, tally, house, terms)
    because = [
        *standing.because,
        votes,
        Fact(_said(governs, threshold, tally, house), citations=(*cited, *of_the_base)),
    ]
    base = _on_the_base(governs, threshold, tally, house, because, cited)
    value = every(standing.value, base)
    differing = [count for count in others if count.carried is not governs.carried]
    if not differing:
        because.append(Fact("the result is the same on every base", citations=cited))
    flags = (*standing.flags, *_otherwise(decision, governs, differing, threshold, tally, house))
    missing = (house.open_question,) if value is None else ()
    return Finding(value, tuple(because), missing, flags, readings)


def _votes(tally: Tally, house: House) -> str:
    silent = house.present - tally.cast - tally.abstentions
    return f"{tally}; {silent} present did not answer" if silent > 0 else str(tally)


def _on_the_base(
    governs: Count, threshold: Threshold, tally: Tally, house: House, because: list[Fact], cited: tuple[Citation, ...]
) -> bool | None:
    """Carried on the governing base, with and without those of whom it is open whether they belong to it."""
    if governs.base is not Base.ENTITLED or not house.undetermined:
        return governs.carried
    most = governs.number + house.undetermined
    because.append(
        Fact(f"with the {house.undetermined} not determined, {threshold} of {most} is {threshold.needed(most)}",
             citations=cited)
    )  # fmt: skip
    return governs.carried if threshold.reached_by(tally.ayes, most) is governs.carried else None


def _said(count: Count, threshold: Threshold, tally: Tally, house: House) -> str:
    return (
        f"{threshold} of {count.number} {count.base.label(house.body)} is {count.needed}; {tally.ayes} for: "
        f"{'carried' if count.carried else 'not carried'}"
    )


def _otherwise(
    decision: Decision, governs: Count, differing: list[Count], threshold: Threshold, tally: Tally, house: House
) -> Iterator[Fact]:
    """What another base would give; where the text does not name the base, that the result depends on the reading."""
    reading = READINGS.get(decision)
    if differing and reading is not None:
        text = (
            f"depends on the reading ({reading.place}): the text leaves open of what number the share is taken; the "
            f"bylaws version counts {governs.base.label(house.body)}"
        )
        yield Fact(text, citations=(reading,))
    for count in differing:
        said = f"counted on {count.base.label(house.body)}: {_said(count, threshold, tally, house)}"
        yield Fact(said, citations=(reading,) if reading else CLAUSES[decision])


@cites(*CLAUSES[Decision.BOARD], *CLAUSES[Decision.ASSEMBLY])
def ayes_to_carry(decision: Decision, house: House, terms: BylawsTerms, against: int = 0) -> int | None:
    """How many ayes carry with this house and so many nays. None when more are needed than can still vote for it.

    Those not determined are counted in the base.
    """
    threshold = terms.thresholds[decision]
    numbers = {
        Base.PRESENT: house.present,
        Base.ENTITLED: house.entitled + house.undetermined,
        Base.SEATS: house.seats,
    }
    can = range(1, house.present - against + 1)
    first = bisect_left(
        can, True, key=lambda ayes: threshold.reached_by(ayes, numbers.get(threshold.base, ayes + against))
    )
    return can[first] if first < len(can) else None


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
    if standing.value is False:
        why = Fact("without a quorum a vote has no effect", citations=standing.citations)
        return Finding(False, (*standing.because, said, why), (), standing.flags, standing.readings)
    value = every(standing.value, carried)
    missing = standing.missing if value is None else ()
    return Finding(value, (*standing.because, said), missing, standing.flags, standing.readings)
