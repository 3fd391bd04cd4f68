"""The business of a meeting as its minutes tell it: items, motions, votes and elections, from plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from board.letters.parts import Step, hour, nominated, on_a_reading, stored_steps
from board.models import Motion, Vote
from documents.markdown import to_html

Stored = Mapping[str, Any]

CARRIED = Motion.State.CARRIED.label
RESULTS: Mapping[str, str] = {
    CARRIED: "The motion carried",
    Motion.State.FAILED.label: "The motion failed",
    Motion.State.WITHDRAWN.label: "The motion was withdrawn",
    Motion.State.PENDING.label: "The motion was not put to a vote",
    Motion.State.VOTING.label: "The vote is being taken",
}
VOTED: Mapping[str, str] = {
    Vote.Choice.FOR.label: "For",
    Vote.Choice.AGAINST.label: "Against",
    Vote.Choice.ABSTAIN.label: "Abstained",
}


@dataclass(frozen=True)
class VotesAlike:
    """Those who voted alike in a roll call."""

    choice: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class MotionMinuted:
    """A motion as the minutes tell it. ``result`` is a sentence, and ``aside`` stands beside it.

    ``amends`` is the number of the motion that it would change, ``amended_by`` of the one that changed it.
    """

    number: int
    kind: str
    amends: int | None
    amended_by: int | None
    moved_by: str
    seconded_by: str
    text: str
    method: str
    tally: str
    declared: str
    result: str
    aside: str
    votes: tuple[VotesAlike, ...]
    because: tuple[Step, ...]
    flags: tuple[Step, ...]
    did: str


@dataclass(frozen=True)
class ElectionMinuted:
    """An election. ``rows`` are the tellers' reports: a label, and its figure on each ballot that ``ballots`` heads."""

    office: str
    nominees: tuple[str, ...]
    ballots: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    result: str
    aside: str
    because: tuple[Step, ...]
    flags: tuple[Step, ...]


@dataclass(frozen=True)
class ItemMinuted:
    """One item of business under its number; what hangs on none has no number."""

    number: str
    depth: int
    title: str
    sponsor: str
    paragraph: SafeString
    carried_over: bool
    motions: tuple[MotionMinuted, ...]
    elections: tuple[ElectionMinuted, ...]


def business(said: Stored) -> Iterator[ItemMinuted]:
    """Every item in its order, numbered as on the agenda; then the motions and elections that hang on none."""
    amended = {row["amends"]: row["number"] for row in _motions(said) if row["amends"] and row["state"] == CARRIED}
    yield from _branch(said["items"], "", 0, amended)
    if said["motions"] or said["elections"]:
        title = "Other business" if said["items"] else "Business"
        yield ItemMinuted("", 0, title, "", SafeString(), False, *_decided(said, amended))


def _motions(below: Stored) -> Iterator[Stored]:
    yield from below["motions"]
    for item in below["items"]:
        yield from _motions(item)


Amended = Mapping[int, int]


def _branch(items: Sequence[Stored], above: str, depth: int, amended: Amended) -> Iterator[ItemMinuted]:
    for place, item in enumerate(items, 1):
        number = f"{above}.{place}" if above else str(place)
        paragraph, over = to_html(item["paragraph"]), item["carried_over"]
        yield ItemMinuted(number, depth, item["title"], item["sponsor"], paragraph, over, *_decided(item, amended))
        yield from _branch(item["items"], number, depth + 1, amended)


def _decided(on: Stored, amended: Amended) -> tuple[tuple[MotionMinuted, ...], tuple[ElectionMinuted, ...]]:
    motions = tuple(_motion(row, amended.get(row["number"])) for row in on["motions"])
    return motions, tuple(_election(row) for row in on["elections"])


def _motion(said: Stored, amended_by: int | None) -> MotionMinuted:
    flags = stored_steps(said["finding"]["flags"])
    decided = said["declared"] is not None
    return MotionMinuted(
        number=said["number"],
        kind=said["kind"],
        amends=said["amends"],
        amended_by=amended_by,
        moved_by=said["moved_by"] or "",
        seconded_by=said["seconded_by"] or "",
        text=said["text"],
        method=(said["method"] or "").lower() if decided else "",
        tally=said["tally"] or "",
        declared=hour(said["declared"]),
        result=RESULTS[said["state"]],
        aside="out of order" if said["out_of_order"] else on_a_reading(flags),
        votes=tuple(_alike(said["votes"])),
        because=stored_steps(said["finding"]["because"]),
        flags=flags,
        did=said["did"] or "",
    )


def _alike(votes: Sequence[Stored]) -> Iterator[VotesAlike]:
    for choice in Vote.Choice:
        names = tuple(vote["name"] for vote in votes if vote["choice"] == choice.label)
        if names:
            yield VotesAlike(VOTED[choice.label], names)


def _election(said: Stored) -> ElectionMinuted:
    flags = stored_steps(said["flags"])
    elected, ballots = said["elected"], said["ballots"]
    return ElectionMinuted(
        office=said["office"],
        nominees=tuple(f"{row['name']}, {row['agency']} ({nominated(row['by'])})" for row in said["nominees"]),
        ballots=tuple(f"Ballot {row['number']}, {hour(row['taken'])}" for row in ballots),
        rows=tuple(_rows([row["name"] for row in said["nominees"]], ballots)) if ballots else (),
        result=f"{elected} was elected {said['office']}" if elected else f"No result: {'; '.join(said['missing'])}",
        aside=on_a_reading(flags),
        because=stored_steps(said["because"]),
        flags=flags,
    )


def _rows(names: Sequence[str], ballots: Sequence[Stored]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The tellers' report: votes of each nominee, a dash where they did not stand, then what else was handed in."""
    votes = [{count["name"]: count["votes"] for count in ballot["votes"]} for ballot in ballots]
    for name in names:
        yield name, tuple(str(of_ballot.get(name, "–")) for of_ballot in votes)
    for label, key in (("Illegal, counted as cast", "illegal"), ("Blank, not counted", "blanks")):
        yield label, tuple(str(ballot[key]) for ballot in ballots)
    handed_in = (
        sum(of.values()) + ballot["illegal"] + ballot["blanks"] for of, ballot in zip(votes, ballots, strict=True)
    )
    yield "Ballots handed in", tuple(map(str, handed_in))
    yield "Agencies present", tuple(str(ballot["present"]) for ballot in ballots)
