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
NOTICE = AGREEMENT.at("4.A")
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
    """The rate that governs on the day for an agency of this size: the latest that fits it.

    Not determined where none covers the day, where the size decides and is not known, or where rates of one day differ.
    """
    ours = _covering(rates, charge, team, day)
    if not ours:
        return Finding(None, (), (f"a rate for {charge.label.lower()} that covers {in_words(day)}",))
    possible = [rate for rate in ours if rate.fits(sworn) is not False]
    if not possible:
        return Finding(None, (), (f"a size band for {sworn} sworn officers",))
    sure = max((rate.from_on for rate in possible if rate.fits(sworn)), default=None)
    rivals = [rate for rate in possible if sure and rate.from_on >= sure]
    if len({(rate.amount, rate.basis) for rate in rivals}) == 1:
        rate = max(rivals, key=lambda one: one.from_on)
        return Finding(rate, (_set_by(rate),))
    if sworn is None:
        return Finding(None, (), ("its number of sworn officers, which decides the size band",))
    amounts = " or ".join(money.shown(rate.amount) for rate in rivals)
    return Finding(None, (), (f"which rate for {charge.label.lower()} governs, {amounts}: both are set from one day",))


def _covering(rates: Iterable[Rate], charge: Charge, team: int | None, day: date) -> list[Rate]:
    return [rate for rate in rates if rate.charge is charge and rate.team == team and rate.covers(day)]


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
    if status in (Status.ACTIVE, Status.SUSPENDED):
        suspended = status is Status.SUSPENDED
        said = "suspended: it participates still, and owes dues" if suspended else "active"
        facts = [Fact(said, citations=(OBLIGATION, DUES))]
        if payer.notice_ends_on:
            said = f"its notice takes effect only on {in_words(payer.notice_ends_on)}"
            facts.append(Fact(said, payer.notice_ends_on, citations=(NOTICE,)))
        return Finding(True, tuple(facts), readings=(R17,) if suspended else ())
    if status in ENDINGS:
        ended = f"{status.label.lower()} on {in_words(payer.ended_on)}" if payer.ended_on else status.label.lower()
        said = f"{ended}: an ending stops new dues, and keeps what is owed already"
        return Finding(False, (Fact(said, payer.ended_on, citations=(OUTLIVES,)),))
    if status is Status.NOT_DETERMINED:
        return Finding(None, (), (f"whether it participates on {in_words(day)}",))
    return Finding(False, (Fact("does not participate: it owes when its participation begins", citations=(DUES,)),))


@cites(OBLIGATION, DUES)
def annual_dues(payer: Payer, rates: Sequence[Rate], year: Year, day: date, terms: Terms) -> Finding[Owed]:
    """The invoice for annual dues of the year, as on a day of it. None with nothing missing: the rate is zero.

    Not determined where the rate or the first day is not.
    """
    found = rate_on(rates, Charge.ANNUAL, day, team=None, sworn=payer.sworn)
    if found.value is None:
        return Finding(None, found.because, found.missing)
    amount = _for_the_year(found.value.amount, payer.begun, year, day, terms, "its participation")
    if amount.value is None:
        return Finding(None, (*found.because, *amount.because), amount.missing)
    part = "" if amount.value == found.value.amount else _part(payer.begun)
    line = Line(Charge.ANNUAL, f"Annual dues, {year}{part}", amount.value, 1, amount.value)
    return _owed(Charge.ANNUAL, None, [line], [*found.because, *amount.because])


def _part(begun: Dated) -> str:
    return f", from {in_words(begun.day)}" if begun.day else ", a part of it"


def _for_the_year(full: Decimal, begun: Dated, year: Year, day: date, terms: Terms, what: str) -> Finding[Decimal]:
    """What is owed for a year by who began by the day: determined if each day on which that may have been agrees."""
    first = max(begun.earliest or year.starts_on, year.starts_on)
    last = max(min(begun.latest or day, day), first)
    most, least = (first_year_amount(full, since, year, terms.first_year) for since in (first, last))
    if last == year.starts_on:
        return most
    began = Fact(f"{what} began{' on' if begun.day else ':'} {begun}", begun.day, citations=(DUES,))
    if most.value != least.value:
        return Finding(None, (began,), (f"the first day of {what}",))
    return Finding(most.value, (began, *most.because))


def _owed(charge: Charge, team: int | None, lines: Sequence[Line], because: Sequence[Fact]) -> Finding[Owed]:
    """The invoice of these lines; None with nothing missing where they come to nothing."""
    owed = Owed(charge, team, tuple(lines), tuple(because))
    if not owed.amount:
        said = f"{charge.label.lower()} of {money.shown(owed.amount)}: nothing to invoice"
        return Finding(None, (*because, Fact(said, citations=(OBLIGATION,))))
    return Finding(owed, owed.because)


@cites(*TEAM_FEES, OBLIGATION)
def team_fees(
    payer: Payer, place: Place, rates: Sequence[Rate], year: Year, day: date, terms: Terms, *, starts: bool | None
) -> Finding[Owed]:
    """The invoice for one team: its fee for the year, and what it costs to start where the place ``starts`` now.

    ``starts`` None: it is not known whether the place is new; the fee to start is left out and that is said. Not
    determined where a rate, the officers or the first day is not. None with nothing missing: it comes to nothing.
    """
    found = rate_on(rates, Charge.TEAM, day, team=place.team, sworn=payer.sworn)
    if found.value is None:
        return Finding(None, found.because, tuple(f"{place.name}: {item}" for item in found.missing))
    rate = found.value
    if rate.basis is Basis.OFFICER and place.officers is None:
        return Finding(None, found.because, (f"how many officers it commits to {place.name}",))
    quantity = (place.officers or 0) if rate.basis is Basis.OFFICER else 1
    since = Dated.on(place.since) if place.since else Dated.unknown()
    full = rate.amount * quantity
    amount = _for_the_year(full, since, year, day, terms, f"its place in {place.name}")
    if amount.value is None:
        return Finding(None, (*found.because, *amount.because), amount.missing)
    counted = f", {quantity} officer{'' if quantity == 1 else 's'}" if rate.basis is Basis.OFFICER else ""
    text = f"{place.name}: team fee, {year}{counted}"
    if amount.value == full:
        lines = [Line(Charge.TEAM, text, full, quantity, rate.amount)]
    else:  # a part of the year: one sum, not so many times the rate
        lines = [Line(Charge.TEAM, f"{text}{_part(since)}", amount.value, 1, amount.value)]
    because = [*found.because, Fact(f"in {place.name}{counted}", place.since, citations=TEAM_FEES), *amount.because]
    to_start = _covering(rates, Charge.TEAM_START, place.team, day)
    if to_start and starts is None:
        said = "no fee to start, for the day on which it elected in is not on file: invoice that apart if it is new"
        because.append(Fact(said, citations=TEAM_FEES))
    elif to_start and starts:
        start = rate_on(rates, Charge.TEAM_START, day, team=place.team, sworn=payer.sworn)
        if start.value is None:
            return Finding(None, tuple(because), tuple(f"{place.name}: {item}" for item in start.missing))
        lines.append(Line(Charge.TEAM_START, f"{place.name}: to start", start.value.amount, 1, start.value.amount))
        because += start.because
    return _owed(Charge.TEAM, place.team, lines, because)


@cites(COMMENCEMENT, DUES, OBLIGATION)
def joining_dues(payer: Payer, rates: Sequence[Rate], year: Year, day: date, terms: Terms) -> Finding[Owed]:
    """What is due at commencement: the joining fee, which covers the first year unless the Board set otherwise.

    With no joining fee set, the annual dues of the first year. Not determined where neither rate covers the day.
    The day lies in the year. None with nothing missing: nothing is required.
    """
    lines: list[Line] = []
    because: list[Fact] = []
    if has_fee := bool(_covering(rates, Charge.JOINING, None, day)):
        fee = rate_on(rates, Charge.JOINING, day, team=None, sworn=payer.sworn)
        if fee.value is None:
            return Finding(None, fee.because, fee.missing)
        lines.append(Line(Charge.JOINING, "Joining fee", fee.value.amount, 1, fee.value.amount))
        because += fee.because
    if not has_fee or not terms.joining_covers_year:
        annual = annual_dues(_from(payer, day), rates, year, day, terms)
        if annual.missing:
            return Finding(None, (*because, *annual.because), annual.missing)
        lines += annual.value.lines if annual.value else ()
        because += annual.because
    because.append(Fact("due at the commencement of participation", day, citations=(COMMENCEMENT, DUES)))
    return _owed(Charge.JOINING, None, lines, because)


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
    """For each thing an agency may owe in the year, whether it is invoiced on a day of it, and why or why not.

    ``invoiced`` is what it has been invoiced already for this year; a joining fee stands for the dues of the year in
    which the agency begins. ``started`` are the teams whose starting fee it was charged once.
    """
    owes = owes_dues(payer, day)
    if not owes.value:
        yield Decided(None, owes.because, owes.missing)
        return
    if Charge.ANNUAL in wanted:
        yield _annual(payer, rates, year, day, terms, owes, invoiced)
    if Charge.TEAM not in wanted:
        return
    if not payer.places and Charge.ANNUAL not in wanted:
        yield Decided(None, (Fact("in no team", citations=TEAM_FEES),))
    for place in payer.places:
        if (Charge.TEAM, place.team) in invoiced:
            fact = Fact(f"{place.name}: already invoiced for {year}", citations=TEAM_FEES)
            yield Decided(None, (fact,), team=place.team)
            continue
        fees = team_fees(payer, place, rates, year, day, terms, starts=_starts(place, year, started))
        yield Decided(fees.value, (*owes.because, *fees.because), fees.missing, place.team)


def _starts(place: Place, year: Year, started: frozenset[int]) -> bool | None:
    """Is this the first year of the place, and was its start not charged yet? None when its first day is not known."""
    if place.team in started:
        return False
    return None if place.since is None else place.since in year


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
