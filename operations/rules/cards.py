"""Alarm cards: who is asked for what in which order, what cannot be filled and why, and whether a card still holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from membership.rules.facts import Status
from nipas_admin.shared.citations import AGREEMENT, BYLAWS, READING, cites
from nipas_admin.shared.findings import Fact, Finding
from operations.rules.freshness import Freshness

ASSIGNMENTS = (AGREEMENT.at("3.A"), AGREEMENT.at("2"))
REQUEST = AGREEMENT.at("3.D")
LAWFUL_NO = AGREEMENT.at("3.B")
R17 = READING.at("R17")
STRICKEN = AGREEMENT.at("2")
SENDING = BYLAWS.at("III", "11")
# So many agencies that hold what is missing are named.
NAMED = 3


@dataclass(frozen=True)
class Wanted:
    """One line of a request: so many of a type, at least and at most."""

    key: int
    type: str
    least: int
    most: int

    @property
    def said(self) -> str:
        """In words: ``15–20``, ``3``; ``up to 3`` where what had to come is coming already."""
        if self.least == self.most:
            return str(self.most)
        return f"{self.least}–{self.most}" if self.least else f"up to {self.most}"


@dataclass(frozen=True)
class Candidate:
    """What one agency could send: free now, how far from the scene in miles (None: not known), and how fresh.

    ``elsewhere`` is what it holds beyond that, committed to incidents already. ``chosen``: a person wants this one.
    """

    agency: int
    name: str
    free: int
    miles: float | None
    freshness: Freshness
    elsewhere: int = 0
    chosen: bool = False


@dataclass(frozen=True)
class Offer:
    """One line of a card: ask this agency for so many."""

    candidate: Candidate
    quantity: int


@dataclass(frozen=True)
class Filled:
    """How far one line is filled: the offers in order, how many they come to, and why no more."""

    wanted: Wanted
    offers: tuple[Offer, ...]
    shortfall: int
    because: tuple[Fact, ...] = field(default=())

    @property
    def quantity(self) -> int:
        """How many the offers come to."""
        return sum(offer.quantity for offer in self.offers)


def rank(candidate: Candidate) -> tuple[bool, bool, bool, float, str]:
    """The order in which agencies are asked: those chosen by a person, fresh before stale, near before far, by name."""
    miles = candidate.miles
    stale = candidate.freshness is Freshness.STALE
    return (not candidate.chosen, stale, miles is None, miles or 0.0, candidate.name)


@cites(*ASSIGNMENTS, REQUEST)
def fill(wanted: Wanted, candidates: Iterable[Candidate]) -> Filled:
    """Whom to ask for one line, in order, never for more than an agency has free; and what nobody can send, and why."""
    offers: list[Offer] = []
    left = wanted.most
    ranked = sorted(candidates, key=rank)
    for candidate in ranked:
        take = min(left, candidate.free)
        if take > 0:
            offers.append(Offer(candidate, take))
            left -= take
    shortfall = max(0, wanted.least - (wanted.most - left))
    because = []
    if shortfall:
        because.append(Fact(f"{wanted.most - left} of {wanted.said}: none left", citations=(REQUEST,)))
        because += _held(ranked)
    return Filled(wanted, tuple(offers), shortfall, tuple(because))


def _held(ranked: Sequence[Candidate]) -> list[Fact]:
    """What is committed already, with the first few agencies that it belongs to."""
    held = [one for one in ranked if one.elsewhere]
    if not held:
        return []
    names = "; ".join(f"{one.name}, {one.elsewhere}" for one in held[:NAMED])
    more = f"; and {len(held) - NAMED} more" if len(held) > NAMED else ""
    said = f"{sum(one.elsewhere for one in held)} committed already ({names}{more})"
    return [Fact(said, citations=(LAWFUL_NO,))]


@cites(*ASSIGNMENTS, REQUEST)
def fill_all(
    wanted: Iterable[Wanted], candidates: Mapping[str, Sequence[Candidate]], without: Mapping[int, Iterable[int]]
) -> tuple[Filled, ...]:
    """Each line in turn, from what the lines before it leave of the candidates of its type.

    ``without`` names for a line, by its key, the agencies that are not asked for it again.
    """
    left = {type_: list(of_type) for type_, of_type in candidates.items()}
    found = []
    for one in wanted:
        asked = frozenset(without.get(one.key, ()))
        of_type = left.get(one.type, [])
        line = fill(one, (candidate for candidate in of_type if candidate.agency not in asked))
        taken = {offer.candidate.agency: offer.quantity for offer in line.offers}
        left[one.type] = [replace(each, free=each.free - taken.get(each.agency, 0)) for each in of_type]
        found.append(line)
    return tuple(found)


@cites(REQUEST)
def answered(wanted: Wanted, accepted: int, waiting: int = 0, left: int = 0) -> Finding[bool]:
    """Is the line filled by what was accepted?

    ``waiting`` is what was asked and is not answered yet; ``left`` what came and went by its own decision, which is
    not among what was accepted.
    """
    said = f"{accepted} of {wanted.said}{f', {left} left by their own decision' if left else ''}"
    if accepted >= wanted.least:
        return Finding(True, (Fact(f"filled, {said}", citations=(REQUEST,)),))
    open_ = f", {waiting} asked and not answered" if waiting else ""
    return Finding(False, (Fact(f"not filled, {said}{open_}", citations=(REQUEST,)),))


class Fault(str, Enum):
    """What is wrong with a card."""

    NOT_ACTIVE = "not_active"
    NOT_DETERMINED = "not_determined"
    HOLE = "hole"
    CANNOT = "cannot"
    NEW_NEARBY = "new_nearby"

    @property
    def label(self) -> str:
        """In words."""
        return {
            Fault.NOT_ACTIVE: "Dropped from use",
            Fault.NOT_DETERMINED: "Not determined",
            Fault.HOLE: "Nobody left to ask",
            Fault.CANNOT: "Cannot send as much",
            Fault.NEW_NEARBY: "New nearby",
        }[self]

    @property
    def is_suggestion(self) -> bool:
        """Is nothing wrong with the card, and yet something to think about?"""
        return self is Fault.NEW_NEARBY


@dataclass(frozen=True)
class Assigned:
    """One line of a Police Alarm Assignment: at which level, in which order, who sends how many of what."""

    level: int
    order: int
    agency: int
    name: str
    type: str
    quantity: int


@dataclass(frozen=True)
class Flag:
    """Something a person should look at on a card: which line, or which agency or level."""

    fault: Fault
    text: str
    level: int | None = None
    agency: int | None = None


@cites(*ASSIGNMENTS)
def check_card(
    lines: Sequence[Assigned],
    statuses: Mapping[int, Status],
    deployable: Mapping[tuple[int, str], int],
    nearby: Iterable[tuple[int, str, float]] = (),
) -> tuple[Flag, ...]:
    """What is wrong with a card on a day: agencies not active, levels with nobody left, more asked than anyone has.

    Levels add up: what an agency sends at a higher level it sends beside what it sends at the lower ones.
    ``nearby`` are active agencies close to the stricken one (key, name, miles): those on no line are suggested.
    """
    flags: list[Flag] = []
    asked: Counter[tuple[int, str]] = Counter()
    for line in sorted(lines, key=lambda line: (line.level, line.order)):
        asked[line.agency, line.type] += line.quantity
        status = statuses.get(line.agency, Status.PROSPECT)
        if status is Status.NOT_DETERMINED:
            said = f"{line.name}: whether it participates is not determined"
            flags.append(Flag(Fault.NOT_DETERMINED, said, line.level, line.agency))
        elif status is not Status.ACTIVE:
            said = f"{line.name} is {status.label.lower()}, not active: it is asked for nothing"
            flags.append(Flag(Fault.NOT_ACTIVE, said, line.level, line.agency))
        elif (has := deployable.get((line.agency, line.type), 0)) < (whole := asked[line.agency, line.type]):
            said = f"{line.name} can deploy {has} of {whole} ({line.type})"
            flags.append(Flag(Fault.CANNOT, said, line.level, line.agency))
    for level in sorted({line.level for line in lines}):
        left = [one for one in lines if one.level == level and statuses.get(one.agency) is Status.ACTIVE]
        if not left:
            flags.append(Flag(Fault.HOLE, f"level {level}: no agency on it is active", level))
    on_card = {line.agency for line in lines}
    for agency, name, miles in nearby:
        if agency not in on_card:
            flags.append(Flag(Fault.NEW_NEARBY, f"{name}, {miles:.1f} miles away, is on no line", agency=agency))
    return tuple(flags)


@cites(*ASSIGNMENTS)
def up_to(lines: Iterable[Assigned], level: int) -> list[Assigned]:
    """The lines of a level and of those below it, in the order in which they are asked: levels add up."""
    return sorted((line for line in lines if line.level <= level), key=lambda line: (line.level, line.order))


@cites(R17, STRICKEN, REQUEST)
def may_call(status: Status) -> Finding[bool]:
    """May an agency in this standing ask for aid? Warned about where it is not active, never blocked."""
    if status is Status.ACTIVE:
        return Finding(True, (Fact("active", citations=(REQUEST,)),))
    because = (Fact("a call for aid is never blocked", citations=(R17,)),)
    if status is Status.SUSPENDED:
        said = "suspended, not active: its call for aid is answered all the same"
        return Finding(True, because, (), (Fact(said, citations=(REQUEST, R17)),), (R17,))
    if status is Status.NOT_DETERMINED:
        said = "whether it participates is not determined: its call for aid is answered all the same"
    else:
        said = f"{status.label.lower()}, no Participating Agency: whoever comes does so outside the Agreement"
    return Finding(True, because, (), (Fact(said, citations=(STRICKEN,)),), (R17,))


@cites(SENDING, R17)
def may_send(status: Status) -> Finding[bool]:
    """May an agency in this standing be asked to send aid? Only an active one."""
    if status is Status.ACTIVE:
        return Finding(True, (Fact("active", citations=(SENDING,)),))
    if status is Status.NOT_DETERMINED:
        said = "whether it participates is not determined: it is not asked until that is settled"
        return Finding(False, (Fact(said, citations=(SENDING,)),))
    said = f"{status.label.lower()}, not active: it is not asked"
    readings = (R17,) if status is Status.SUSPENDED else ()
    return Finding(False, (Fact(said, citations=(SENDING, *readings)),), (), (), readings)
