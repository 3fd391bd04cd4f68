"""The eleven seats: who holds one on a day, since when, why it is vacant, and who may be chosen."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from board.rules.terms import BylawsTerms, Office
from nipas_admin.shared.citations import BYLAWS, READING, Citation, cites
from nipas_admin.shared.dated import Dated, every, in_words
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.periods import Period


class Seating(str, Enum):
    """How a seat stands on a day."""

    HELD = "held"
    HOLDING_OVER = "holding_over"
    VACANT = "vacant"
    NOT_DETERMINED = "not_determined"

    @property
    def label(self) -> str:
        """In words."""
        return self.value.replace("_", " ").capitalize()

    @property
    def filled(self) -> bool:
        """Is somebody in it?"""
        return self in (Seating.HELD, Seating.HOLDING_OVER)


CLAUSES: dict[Office, tuple[Citation, ...]] = {
    Office.PRESIDENT: (BYLAWS.at("V", 2),),
    Office.VICE_PRESIDENT: (BYLAWS.at("V", 2),),
    Office.SECRETARY: (BYLAWS.at("V", 3),),
    Office.TREASURER: (BYLAWS.at("V", 3),),
    Office.PAST_PRESIDENT: (BYLAWS.at("IV", 3),),
    Office.AT_LARGE: (BYLAWS.at("IV", 4),),
}
MEMBERSHIP = BYLAWS.at("IV", 1)


@dataclass(frozen=True)
class Tenure:
    """One term of office as recorded, with what membership says of the holder and the agency.

    ``until_on``: the nominal end, first day out. ``ended_on``: an end on record. ``agency_out``: the first day on
    which the agency was not active. ``capacity_out``: the first day on which the holder was neither its chief
    executive officer nor its designee.
    """

    office: Office
    holder: str
    agency: str
    from_on: date
    until_on: date | None = None
    ended_on: date | None = None
    ended_why: str = ""
    agency_out: Dated = Dated.never()
    capacity_out: Dated = Dated.never()


@cites(BYLAWS.at("V", 2), BYLAWS.at("V", 3), BYLAWS.at("IV", 3), BYLAWS.at("IV", 4))
def nominal_end(office: Office, from_on: date, terms: BylawsTerms) -> date:
    """The first day out of a full term that begins on this day: two years or one, in the terms of 2018."""
    return years_after(from_on, terms.years[office])


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 28 February for a leap day where that year has none."""
    return months_after(day, 12 * years)


def months_after(day: date, months: int) -> date:
    """The same day so many months later (earlier if negative); the month's last day where it has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@cites(MEMBERSHIP, BYLAWS.at("IV", 3), BYLAWS.at("IV", 4), BYLAWS.at("V", 2), BYLAWS.at("V", 3))
def lost_on(tenure: Tenure) -> Dated:
    """The day the seat was lost, for good: agency or holder no longer qualifies. Never while both do."""
    losses = [out for out in (tenure.agency_out, tenure.capacity_out) if out.happened]
    if not losses:
        return Dated.never()
    earliest = (
        None if any(out.earliest is None for out in losses) else min(out.earliest for out in losses if out.earliest)
    )
    sure = [out.latest for out in losses if out.latest]
    return Dated(earliest, min(sure) if sure else None)


@cites(MEMBERSHIP, BYLAWS.at("IV", 3), BYLAWS.at("IV", 4), BYLAWS.at("V", 2), BYLAWS.at("V", 3), READING.at("R22"))
def seat_on(office: Office, tenures: Sequence[Tenure], day: date) -> Finding[Seating]:
    """How a seat stands on a day, and why; ``tenures`` are all that were ever recorded in it.

    The value is never None: *not determined* is a Seating, and ``missing`` says what would settle it.
    """
    clause = CLAUSES[office]
    tenure = tenure_on(tenures, day)
    if tenure is None:
        return Finding(Seating.VACANT, (Fact("nobody is recorded in this seat by then", citations=clause),))
    since = Fact(
        f"{tenure.holder}, {tenure.agency}, since {in_words(tenure.from_on)}", tenure.from_on, citations=clause
    )
    lost = lost_on(tenure)
    ended = tenure.ended_on
    if lost.by(day) and not (ended and lost.latest and ended < lost.latest):
        return Finding(Seating.VACANT, (since, *_losses(tenure, day)))
    if ended is not None and ended <= day:
        why = Fact(
            f"left the seat on {in_words(ended)}: {tenure.ended_why or 'no reason recorded'}", ended, citations=clause
        )
        return Finding(Seating.VACANT, (since, why))
    if lost.by(day) is None:
        return Finding(Seating.NOT_DETERMINED, (since,), tuple(_open(tenure, day)))
    if tenure.until_on is not None and tenure.until_on <= day:
        return Finding(Seating.HOLDING_OVER, (since, _over(tenure, tenure.until_on)))
    until = f"the term runs to {in_words(tenure.until_on)}" if tenure.until_on else "no end of the term is recorded"
    return Finding(Seating.HELD, (since, Fact(until, tenure.until_on, citations=clause)))


def tenure_on(tenures: Sequence[Tenure], day: date) -> Tenure | None:
    """The latest term that had begun by the day; None before the first."""
    return max((t for t in tenures if t.from_on <= day), key=lambda t: t.from_on, default=None)


def _over(tenure: Tenure, until: date) -> Fact:
    if tenure.office is Office.PAST_PRESIDENT:
        text = f"two years ended on {in_words(until)}; stays while the President who succeeded is in office"
        return Fact(text, until, citations=(BYLAWS.at("IV", 3), READING.at("R22")))
    return Fact(
        f"holding over since {in_words(until)}, until a successor is in", until, citations=CLAUSES[tenure.office]
    )


def _losses(tenure: Tenure, day: date) -> Iterable[Fact]:
    clause = (MEMBERSHIP, *CLAUSES[tenure.office])
    if tenure.agency_out.by(day):
        on = tenure.agency_out.latest
        yield Fact(f"vacant since {in_words(on)}: {tenure.agency} was no longer active", on, citations=clause)
    if tenure.capacity_out.by(day):
        on = tenure.capacity_out.latest
        text = f"{tenure.holder} was neither chief executive officer nor designee of {tenure.agency}"
        yield Fact(f"vacant since {in_words(on)}: {text}", on, citations=(MEMBERSHIP,))


def _open(tenure: Tenure, day: date) -> Iterable[str]:
    if tenure.agency_out.by(day) is None:
        yield f"whether {tenure.agency} was active on every day through {in_words(day)}"
    if tenure.capacity_out.by(day) is None:
        yield f"whether {tenure.holder} was chief executive officer or designee on every day through {in_words(day)}"


@cites(MEMBERSHIP)
def stops_qualifying(capacities: Iterable[tuple[date | None, date | None]], first: date, by: date) -> Dated:
    """The first day from ``first`` through ``by`` not covered by a capacity as chief executive officer or designee.

    Each capacity runs from its first day (None: unknown, taken as begun) until its first day out (None: it lasts).
    Never while every day is covered: a designee who becomes chief keeps the seat.
    """
    day = first
    for start, end in sorted(capacities, key=lambda pair: pair[0] or date.min):
        if (start is None or start <= day) and (end is None or end > day):
            if end is None:
                return Dated.never()
            day = end
    return Dated.on(day) if day <= by else Dated.never()


@cites(BYLAWS.at("V", 1))
def twelve_months_before(chosen_on: date, terms: BylawsTerms) -> Period:
    """The time before an election or appointment through which the agency must have been active."""
    return Period(months_after(chosen_on, -terms.eligibility_months), chosen_on)


@cites(BYLAWS.at("V", 1), MEMBERSHIP, READING.at("R13"))
def eligible(
    office: Office, qualifies: bool | None, active: Finding[bool], standing: Finding[bool], chosen_on: date
) -> Finding[bool]:
    """May this person be chosen on the day: chief executive officer or designee of an agency that qualifies?

    For the four Officers the agency must have been active for the whole time before, and in good standing; for the
    other seats it must be active. What fails comes first.
    """
    asked = sorted(
        (_capacity(office, qualifies, chosen_on), active, *((standing,) if office.is_officer else ())),
        key=lambda finding: finding.value is not False,
    )
    value = every(*(finding.value for finding in asked))
    return Finding(
        value,
        tuple(fact for finding in asked for fact in finding.because),
        tuple(item for finding in asked for item in finding.missing) if value is None else (),
        tuple(flag for finding in asked for flag in finding.flags),
        tuple(dict.fromkeys(reading for finding in asked for reading in finding.readings)),
    )


def _capacity(office: Office, qualifies: bool | None, on: date) -> Finding[bool]:
    if qualifies is None:
        return Finding(None, (), ("whether the person is chief executive officer or designee",))
    clause = (MEMBERSHIP, BYLAWS.at("V", 1)) if office.is_officer else (MEMBERSHIP,)
    either = "chief executive officer or official" if qualifies else "neither chief executive officer nor official"
    return Finding(qualifies, (Fact(f"{either} designee of the agency on {in_words(on)}", on, citations=clause),))


@cites(BYLAWS.at("V", 5), BYLAWS.at("VI", 2), READING.at("R15"))
def succession(president: Seating, vice_president: Seating) -> Finding[bool]:
    """Does the Vice-President succeed? False while there is a President; None where both are vacant, or it is open."""
    r15 = READING.at("R15")
    clause = (BYLAWS.at("V", 5), BYLAWS.at("VI", 2), r15)
    if president.filled:
        return Finding(False, (Fact("the office of President is filled", citations=clause),))
    if president is Seating.NOT_DETERMINED:
        return Finding(None, (), ("whether the office of President is vacant",), readings=(r15,))
    vacant = Fact("the office of President is vacant", citations=clause)
    if vice_president.filled:
        follows = Fact("the Vice-President succeeds for the remainder of the term", citations=clause)
        return Finding(True, (vacant, follows), readings=(r15,))
    if vice_president is Seating.NOT_DETERMINED:
        return Finding(None, (vacant,), ("whether the office of Vice-President is vacant",), readings=(r15,))
    both = "a decision of the body: President and Vice-President are both vacant, and the bylaws name nobody else"
    return Finding(None, (vacant,), (both,))


@cites(BYLAWS.at("VI", 1), BYLAWS.at("VI", 2), BYLAWS.at("IV", 6), BYLAWS.at("XIII", 1))
def presides(president: bool, vice_president: bool) -> Finding[Office]:
    """Who presides, of those who are there: the President, in absence the Vice-President.

    None where neither is: the meeting then chooses a presiding officer for itself (Robert's Rules).
    """
    if president:
        return Finding(Office.PRESIDENT, (Fact("the President presides", citations=(BYLAWS.at("VI", 1),)),))
    absent = Fact("the President is absent", citations=(BYLAWS.at("VI", 2),))
    if vice_president:
        in_place = Fact("the Vice-President presides in the absence of the President", citations=(BYLAWS.at("VI", 2),))
        return Finding(Office.VICE_PRESIDENT, (absent, in_place))
    both = Fact("President and Vice-President are absent", citations=(BYLAWS.at("VI", 2), BYLAWS.at("XIII", 1)))
    return Finding(None, (both,), ("a presiding officer for this meeting, whom it chooses",))


@cites(BYLAWS.at("IV", 3), BYLAWS.at("IV", 4), BYLAWS.at("V", 5), BYLAWS.at("V", 6), BYLAWS.at("V", 7))
def how_filled(office: Office, *, agency_out: bool) -> Fact:
    """How a vacant seat is filled; ``agency_out``: because the holder's agency was suspended or terminated."""
    words = {
        Office.PRESIDENT: ("the Vice-President succeeds for the remainder of the term", ("V", 5)),
        Office.VICE_PRESIDENT: ("the President appoints, the Board approves", ("V", 6)),
        Office.SECRETARY: ("the President appoints, the Board approves", ("V", 7)),
        Office.TREASURER: ("the President appoints, the Board approves", ("V", 7)),
        Office.PAST_PRESIDENT: ("vacant until another President is elected", ("IV", 3)),
        Office.AT_LARGE: (
            "a special meeting may appoint for the remainder of the year, or the President at the annual meeting"
            if agency_out
            else "the President appoints at the annual meeting; on this cause of a vacancy the bylaws are silent",
            ("IV", 4),
        ),
    }
    text, (article, section) = words[office]
    return Fact(text, citations=(BYLAWS.at(article, section),))


@cites(BYLAWS.at("IV", 3), READING.at("R22"))
def past_president_follows(former: str, new: str, *, elected: bool, still_eligible: bool | None) -> Finding[bool]:
    """Does the President who leaves take the seat of immediate past President when this one comes in?

    None where the seat stays as it is: a President was re-elected, so that nobody left; or it is open whether the one
    who left still qualifies, and ``missing`` says so.
    """
    clause = (BYLAWS.at("IV", 3), READING.at("R22"))
    if former == new:
        same = Fact(f"{new} was re-elected: the same past President stays", citations=clause)
        return Finding(None, (same,), readings=(READING.at("R22"),))
    if still_eligible is None:
        return Finding(None, (), (f"whether {former} still qualifies for a seat",), readings=(READING.at("R22"),))
    if still_eligible:
        return Finding(True, (Fact(f"{new} succeeded {former}", citations=clause),), readings=(READING.at("R22"),))
    waits = "until another President is elected" + ("" if elected else "; succession is no election")
    text = f"{former} no longer qualifies: the seat stays vacant {waits}"
    return Finding(False, (Fact(text, citations=clause),), readings=(READING.at("R22"),))


@cites(BYLAWS.at("V", 8))
def nominating_committee(members: Sequence[tuple[str, bool, bool]], terms: BylawsTerms) -> Finding[bool]:
    """Is the Nominating Committee in order? Each member: name, sits on the Board, is an Officer."""
    clause = (BYLAWS.at("V", 8),)
    wrong = [
        Fact(f"{name} is not a current member of the Board", citations=clause) for name, sits, _o in members if not sits
    ]
    wrong += [Fact(f"{name} is an Officer", citations=clause) for name, _s, officer in members if officer]
    names = [name for name, _sits, _officer in members]
    wrong += [
        Fact(f"{name} is named twice", citations=clause) for name in dict.fromkeys(names) if names.count(name) > 1
    ]
    if len(members) != terms.nominating_members:
        wrong.append(
            Fact(f"it has {len(members)} members; the bylaws ask for {terms.nominating_members}", citations=clause)
        )
    if wrong:
        return Finding(False, tuple(wrong))
    return Finding(True, (Fact(f"{len(members)} members of the Board, none an Officer", citations=clause),))
