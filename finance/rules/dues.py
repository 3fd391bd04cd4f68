"""What an agency owes for a year and why: the rates that the Board set, and who owes them (Agreement §3.J–K)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

from finance.rules.years import DUES, FirstYear, Year, first_year_amount
from membership.rules.facts import ENDINGS, Status
from nipas_admin.shared import money
from nipas_admin.shared.citations import AGREEMENT, BYLAWS, READING, cites
from nipas_admin.shared.dated import Dated, in_words
from nipas_admin.shared.findings import Fact, Finding

OBLIGATION = AGREEMENT.at("3.J")
TEAM_FEES = (AGREEMENT.at("3.K"), BYLAWS.at("VII", 2))
COMMENCEMENT = BYLAWS.at("III", "2.c")
OUTLIVES = AGREEMENT.at("6.B")
R17 = READING.at("R17")


class Charge(str, Enum):
    """What a rate, and an invoice, is for."""

    JOINING = "joining"
    ANNUAL = "annual"
    TEAM = "team"
    TEAM_START = "team_start"

    @property
    def label(self) -> str:
        """In words: ``Annual dues``."""
        return {
            Charge.JOINING: "Joining fee",
            Charge.ANNUAL: "Annual dues",
            Charge.TEAM: "Team fee",
            Charge.TEAM_START: "Team fee to start",
        }[self]

    @property
    def of_team(self) -> bool:
        """True for what only agencies in a team owe."""
        return self in (Charge.TEAM, Charge.TEAM_START)


class Basis(str, Enum):
    """What a rate is multiplied by."""

    FLAT = "flat"
    OFFICER = "officer"


@dataclass(frozen=True)
class Rate:
    """A rate as the Board set it: US dollars, from one day until another (the first day it no longer holds).

    ``least`` and ``most`` bound the size band in sworn officers, both included; None leaves that side open.
    """

    charge: Charge
    amount: Decimal
    from_on: date
    until_on: date | None = None
    team: int | None = None
    basis: Basis = Basis.FLAT
    least: int | None = None
    most: int | None = None
    source: str = ""

    @property
    def banded(self) -> bool:
        """Does it depend on the agency's size?"""
        return self.least is not None or self.most is not None

    def covers(self, day: date) -> bool:
        """Did it hold on the day?"""
        return self.from_on <= day and (self.until_on is None or day < self.until_on)

    def fits(self, sworn: int | None) -> bool | None:
        """Is an agency of this size in its band? None when the size is not known."""
        if not self.banded:
            return True
        if sworn is None:
            return None
        return (self.least is None or self.least <= sworn) and (self.most is None or sworn <= self.most)


@dataclass(frozen=True)
class Place:
    """A place in a team on the day: whose, with how many officers, and since when."""

    team: int
    name: str
    officers: int | None = None
    since: date | None = None


@dataclass(frozen=True)
class Payer:
    """What the rules know of an agency on the day invoices are made.

    ``begun`` is the first day of its present stint as far as known; ``ended_on`` the day it left, if it did.
    """

    status: Status
    begun: Dated = field(default_factory=Dated.unknown)
    ended_on: date | None = None
    sworn: int | None = None
    places: tuple[Place, ...] = ()
    notice_ends_on: date | None = None


@dataclass(frozen=True)
class Terms:
    """The Board's settings that govern on the day."""

    first_year: FirstYear = FirstYear.FULL
    joining_covers_year: bool = True
    due_days: int = 30


@dataclass(frozen=True)
class Line:
    """One line of an invoice: what for, how many of what, and the amount in US dollars."""

    charge: Charge
    text: str
    amount: Decimal
    quantity: int = 1
    unit: Decimal = money.ZERO


@dataclass(frozen=True)
class Owed:
    """One invoice to be made: its charge, its team (None: not of a team), its lines and why."""

    charge: Charge
    team: int | None
    lines: tuple[Line, ...]
    because: tuple[Fact, ...]

    @property
    def amount(self) -> Decimal:
        """The sum of the lines."""
        return money.total(line.amount for line in self.lines)


@cites(OBLIGATION, BYLAWS.at("III", 7), *TEAM_FEES)
def rate_on(rates: Iterable[Rate], charge: Charge, day: date, *, team: int | None, sworn: int | None) -> Finding[Rate]:
    """The rate that governs on the day for an agency of this size: the latest that covers it.

    Not determined where none covers the day, or where the size decides and is not known.
    """
    ours = [rate for rate in rates if rate.charge is charge and rate.team == team and rate.covers(day)]
    if not ours:
        return Finding(None, (), (f"a rate for {charge.label.lower()} that covers {in_words(day)}",))
    latest = max(rate.from_on for rate in ours)
    current = [rate for rate in ours if rate.from_on == latest]
    fitting = [rate for rate in current if rate.fits(sworn)]
    if not fitting and any(rate.fits(sworn) is None for rate in current):
        return Finding(None, (), ("its number of sworn officers, which decides the size band",))
    if not fitting:
        return Finding(None, (), (f"a size band for {sworn} sworn officers",))
    rate = min(fitting, key=lambda one: (not one.banded, one.least or 0))
    return Finding(rate, (_set_by(rate),))


def _set_by(rate: Rate) -> Fact:
    each = " for each officer committed" if rate.basis is Basis.OFFICER else ""
    clauses = TEAM_FEES if rate.charge.of_team else (OBLIGATION, DUES)
    return Fact(f"rate of {money.shown(rate.amount)}{each}", rate.from_on, source=rate.source, citations=clauses)


@cites(DUES, OBLIGATION, OUTLIVES, R17)
def owes_dues(payer: Payer, day: date) -> Finding[bool]:
    """Does an agency owe new dues on the day: active or suspended, whatever notice runs; not before, not after.

    A notice that runs to a later day changes nothing; an agency that ends on the day is out on it.
    """
    status = payer.status
    if status is Status.ACTIVE:
        facts = [Fact("active", citations=(OBLIGATION, DUES))]
        if payer.notice_ends_on:
            said = f"its notice takes effect only on {in_words(payer.notice_ends_on)}"
            facts.append(Fact(said, payer.notice_ends_on, citations=(AGREEMENT.at("4.A"),)))
        return Finding(True, tuple(facts))
    if status is Status.SUSPENDED:
        fact = Fact("suspended: it participates still, and owes dues", citations=(DUES,))
        return Finding(True, (fact,), (), (), (R17,))
    if status in ENDINGS:
        ended = f"{status.label.lower()} on {in_words(payer.ended_on)}" if payer.ended_on else status.label.lower()
        said = f"{ended}: an ending stops new dues, and keeps what is owed already"
        return Finding(False, (Fact(said, payer.ended_on, citations=(OUTLIVES,)),))
    if status is Status.NOT_DETERMINED:
        return Finding(None, (), (f"whether it participates on {in_words(day)}",))
    return Finding(False, (Fact("does not participate: it owes when its participation begins", citations=(DUES,)),))


@cites(OBLIGATION, BYLAWS.at("III", 7), *TEAM_FEES)
def annual_dues(payer: Payer, rates: Sequence[Rate], year: Year, day: date, terms: Terms) -> Finding[Owed]:
    """The invoice for annual dues of the year, as on the day. Not determined where the rate or the first day is not."""
    found = rate_on(rates, Charge.ANNUAL, day, team=None, sworn=payer.sworn)
    if found.value is None:
        return Finding(None, found.because, found.missing)
    first = _first_day_in(payer.begun, year, terms)
    if first.value is None:
        return Finding(None, found.because, first.missing)
    amount = first_year_amount(found.value.amount, first.value, year, terms.first_year)
    owed = amount.value or money.ZERO
    line = Line(Charge.ANNUAL, f"Annual dues, {year}", owed, 1, owed)
    because = (*found.because, *first.because, *amount.because)
    return Finding(Owed(Charge.ANNUAL, None, (line,), because), because)


def _first_day_in(begun: Dated, year: Year, terms: Terms) -> Finding[date]:
    """The day from which the year counts for the agency; its first day where the agency was in before."""
    before = begun.by(year.starts_on)
    if before or (before is None and terms.first_year is FirstYear.FULL):
        return Finding(year.starts_on)
    if begun.day is None:
        return Finding(None, (), ("the first day of its participation, which lies in this year",))
    return Finding(begun.day, (Fact(f"participating since {in_words(begun.day)}", begun.day, citations=(DUES,)),))


@cites(*TEAM_FEES, OBLIGATION)
def team_fees(
    payer: Payer, place: Place, rates: Sequence[Rate], year: Year, day: date, terms: Terms, *, starts: bool
) -> Finding[Owed]:
    """The invoice for one team: its fee for the year, and what it costs to start where the place ``starts`` now."""
    found = rate_on(rates, Charge.TEAM, day, team=place.team, sworn=payer.sworn)
    if found.value is None:
        return Finding(None, found.because, tuple(f"{place.name}: {item}" for item in found.missing))
    rate = found.value
    if rate.basis is Basis.OFFICER and place.officers is None:
        return Finding(None, found.because, (f"how many officers it commits to {place.name}",))
    quantity = (place.officers or 0) if rate.basis is Basis.OFFICER else 1
    since = place.since if place.since and place.since in year else year.starts_on
    amount = first_year_amount(rate.amount * quantity, since, year, terms.first_year)
    owed = amount.value or money.ZERO
    counted = f", {quantity} officer{'' if quantity == 1 else 's'}" if rate.basis is Basis.OFFICER else ""
    lines = [Line(Charge.TEAM, f"{place.name}: team fee, {year}{counted}", owed, quantity, rate.amount)]
    because = [*found.because, Fact(f"in {place.name}{counted}", place.since, citations=TEAM_FEES), *amount.because]
    if starts:
        start = rate_on(rates, Charge.TEAM_START, day, team=place.team, sworn=payer.sworn)
        if start.value is not None:
            lines.append(Line(Charge.TEAM_START, f"{place.name}: to start", start.value.amount, 1, start.value.amount))
            because += start.because
    return Finding(Owed(Charge.TEAM, place.team, tuple(lines), tuple(because)), tuple(because))


@cites(COMMENCEMENT, DUES, OBLIGATION)
def joining_dues(payer: Payer, rates: Sequence[Rate], year: Year, day: date, terms: Terms) -> Finding[Owed]:
    """What is due at commencement: the joining fee, which covers the first year unless the Board set otherwise.

    With no joining fee set, the annual dues of the first year. Not determined where neither rate covers the day.
    """
    fee = rate_on(rates, Charge.JOINING, day, team=None, sworn=payer.sworn)
    lines: list[Line] = []
    because: list[Fact] = []
    if fee.value is not None:
        lines.append(Line(Charge.JOINING, "Joining fee", fee.value.amount, 1, fee.value.amount))
        because += fee.because
    if fee.value is None or not terms.joining_covers_year:
        annual = annual_dues(_from(payer, day), rates, year, day, terms)
        if annual.value is None:
            return Finding(None, (*because, *annual.because), annual.missing)
        lines += annual.value.lines
        because += annual.because
    because.append(Fact("due at the commencement of participation", day, citations=(COMMENCEMENT, DUES)))
    return Finding(Owed(Charge.JOINING, None, tuple(lines), tuple(because)), tuple(because))


def _from(payer: Payer, day: date) -> Payer:
    return Payer(payer.status, Dated.on(day), None, payer.sworn, payer.places)


@dataclass(frozen=True)
class Decided:
    """Whether one agency is invoiced for one thing: ``owed`` when it is; the reason either way, or what is missing."""

    owed: Owed | None
    because: tuple[Fact, ...] = ()
    missing: tuple[str, ...] = ()
    team: int | None = None

    @property
    def invoiced(self) -> bool:
        """True when an invoice is to be made."""
        return self.owed is not None


@cites(OBLIGATION, DUES, *TEAM_FEES)
def decide(
    payer: Payer,
    rates: Sequence[Rate],
    year: Year,
    day: date,
    terms: Terms,
    *,
    invoiced: frozenset[tuple[Charge, int | None]] = frozenset(),
    started: frozenset[int] = frozenset(),
    wanted: frozenset[Charge] = frozenset((Charge.ANNUAL, Charge.TEAM)),
) -> Iterator[Decided]:
    """For each thing an agency may owe in the year, whether it is invoiced now, and why or why not.

    ``invoiced`` is what it has been invoiced already for this year; a joining fee may stand for the year's dues.
    ``started`` are the teams whose starting fee it was charged once.
    """
    owes = owes_dues(payer, day)
    if not owes.value:
        yield Decided(None, owes.because, owes.missing)
        return
    if Charge.ANNUAL in wanted:
        yield _annual(payer, rates, year, day, terms, owes, invoiced)
    if Charge.TEAM not in wanted:
        return
    for place in payer.places:
        if (Charge.TEAM, place.team) in invoiced:
            fact = Fact(f"{place.name}: already invoiced for {year}", citations=TEAM_FEES)
            yield Decided(None, (fact,), team=place.team)
            continue
        fees = team_fees(payer, place, rates, year, day, terms, starts=_starts(place, year, started))
        yield Decided(fees.value, (*owes.because, *fees.because), fees.missing, place.team)


def _starts(place: Place, year: Year, started: frozenset[int]) -> bool:
    """Is this the first year of the place, and was its start not charged yet?"""
    return place.since is not None and place.since in year and place.team not in started


def _annual(
    payer: Payer, rates: Sequence[Rate], year: Year, day: date, terms: Terms, owes: Finding[bool],
    invoiced: frozenset[tuple[Charge, int | None]],
) -> Decided:  # fmt: skip
    if (Charge.ANNUAL, None) in invoiced:
        return Decided(None, (Fact(f"already invoiced for {year}", citations=(DUES,)),))
    if (Charge.JOINING, None) in invoiced:
        said = f"joined in {year}: what it was invoiced at commencement covers the year"
        return Decided(None, (Fact(said, payer.begun.day, citations=(DUES, COMMENCEMENT)),))
    annual = annual_dues(payer, rates, year, day, terms)
    return Decided(annual.value, (*owes.because, *annual.because), annual.missing)
