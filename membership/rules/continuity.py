"""Active without a break: for how long an agency stayed active, and whether it is in good standing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from enum import Enum

from membership.rules.facts import Adoption, Status, Stint
from membership.rules.standing import ACTIVE, begins, governing_stint, lapse_day
from nipas_admin.shared.citations import BYLAWS, READING, cites
from nipas_admin.shared.dated import Dated, day_after, every, in_words
from nipas_admin.shared.findings import Fact, Finding

R13 = READING.at("R13")


class GoodStanding(str, Enum):
    """What good standing asks beyond being active (Reading R13): a setting of the bylaws version."""

    ACTIVE = "active"
    DUES = "dues"
    EVERYTHING = "everything"


def _changes(stints: Sequence[Stint], adoption: Adoption) -> Iterator[date]:
    collective = adoption.collective
    for stint in stints:
        begun = begins(stint)
        days = [begun.earliest, begun.latest, stint.attested_on, stint.withdrawn_on, stint.terminated_on]
        days += [stint.settled_on, lapse_day(stint, adoption), collective.earliest, collective.latest]
        if stint.attested_on:
            days.append(day_after(stint.attested_on))
        if collective.earliest:
            days.append(day_after(collective.earliest))
        for period in stint.suspensions:
            days += [period.start, period.end]
        yield from (day for day in days if day)


def _statuses(stints: Sequence[Stint], adoption: Adoption, first: date, last: date) -> Iterator[tuple[date, Status]]:
    """The status on the first day, and on each later day through the last on which it could have changed."""
    days = sorted({first, *(day for day in _changes(stints, adoption) if first < day <= last)})
    yield from ((day, _status(stints, adoption, day)) for day in days)


def _status(stints: Sequence[Stint], adoption: Adoption, day: date) -> Status:
    governing = governing_stint(stints, adoption, day)
    return governing[1] if governing else Status.PROSPECT


@cites(ACTIVE, BYLAWS.at("IV", 1))
def stops_being_active(stints: Sequence[Stint], adoption: Adoption, first: date, by: date) -> Dated:
    """The first day from ``first`` through ``by`` on which the agency is not active; never while it stays so.

    Where a status in between is not determined, the day lies between that one and the first on which it surely is
    not; where there is no such first day, the latest is None, and whether it stopped at all is open.
    """
    earliest = None
    for day, status in _statuses(stints, adoption, first, by):
        if status is Status.ACTIVE:
            continue
        earliest = earliest or day
        if status is not Status.NOT_DETERMINED:
            return Dated(earliest, day)
    return Dated(earliest, None) if earliest else Dated.never()


@cites(ACTIVE, BYLAWS.at("V", 1))
def active_throughout(stints: Sequence[Stint], adoption: Adoption, first: date, last: date) -> Finding[bool]:
    """Was the agency active on every day from the first through the last? None where a status is not determined."""
    stopped = stops_being_active(stints, adoption, first, last)
    clause = (ACTIVE,)
    span = f"from {in_words(first)} through {in_words(last)}"
    if not stopped.happened:
        return Finding(True, (Fact(f"active on every day {span}", first, citations=clause),))
    if stopped.latest is None:
        return Finding(None, (), (f"its status on {in_words(stopped.earliest)}, which lies in the time {span}",))
    on = stopped.latest
    status = _status(stints, adoption, on).label.lower()
    return Finding(False, (Fact(f"{status}, not active, on {in_words(on)}, {span}", on, citations=clause),))


@cites(BYLAWS.at("III", "4.b"), BYLAWS.at("V", 1), R13)
def good_standing(
    active: bool | None, dues: Finding[bool] | None, insured: Finding[bool] | None, rule: GoodStanding
) -> Finding[bool]:
    """Is the agency in good standing: active, nothing past due, and insured where the rule asks for that?

    ``dues`` or ``insured`` None: the register keeps none, which is said as a flag and counts for nothing.
    """
    clause = (BYLAWS.at("V", 1), R13)
    asked = [_active(active)]
    flags: list[Fact] = []
    if rule is not GoodStanding.ACTIVE:
        if dues is None:
            flags.append(Fact("dues were not asked: this register keeps none", citations=clause))
        else:
            asked.append(dues)
    if rule is GoodStanding.EVERYTHING:
        if insured is None:
            flags.append(Fact("insurance was not asked: this register keeps none", citations=clause))
        else:
            asked.append(insured)
    value = every(*(finding.value for finding in asked))
    missing = tuple(item for finding in asked for item in finding.missing) if value is None else ()
    flags += [flag for finding in asked for flag in finding.flags]
    return Finding(value, tuple(fact for finding in asked for fact in finding.because), missing, tuple(flags), (R13,))


def _active(active: bool | None) -> Finding[bool]:
    if active is None:
        return Finding(None, (), ("whether it is active",))
    return Finding(active, (Fact("active" if active else "not active", citations=(ACTIVE,)),))
