"""Who sits on the Board on a day and why, and the acts by which a seat is filled or left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from board.models import BylawsVersion, Election, Motion, OfficeTerm, Seat
from board.models.seats import QUALIFYING
from board.rules import seats as rules
from board.rules.seats import Seating, Tenure
from board.rules.terms import BylawsTerms, Office
from membership import good_standing
from membership.models import Agency, AgreementVersion, Official
from membership.rules.continuity import active_throughout, stops_being_active
from membership.rules.continuity import good_standing as in_good_standing
from membership.services import stints_by_agency
from nipas_admin.shared.citations import BYLAWS
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Finding
from nipas_admin.shared.records import saved


@dataclass(frozen=True)
class SeatOnDay:
    """One seat on a day: its Finding, and the term and holder where somebody is in it."""

    seat: Seat
    finding: Finding[Seating]
    term: OfficeTerm | None

    @property
    def seating(self) -> Seating:
        """How it stands."""
        return self.finding.value or Seating.NOT_DETERMINED

    @property
    def holder(self) -> Official | None:
        """Who is in it; None while it is vacant or not determined."""
        return self.term.holder if self.term is not None and self.seating.filled else None

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        holder = self.holder
        return {
            "seat": str(self.seat),
            "state": self.seating.value,
            "holder": holder.name if holder else None,
            "agency": holder.agency.name if holder else None,
            "since": self.term.from_on.isoformat() if holder and self.term else None,
            "term_runs_to": self.term.until_on.isoformat() if holder and self.term and self.term.until_on else None,
            "finding": self.finding.as_dict(),
        }


@dataclass(frozen=True)
class BoardOnDay:
    """The Board on a day: every seat, and the bylaws that govern."""

    day: date
    bylaws: BylawsVersion
    terms: BylawsTerms
    seats: tuple[SeatOnDay, ...]

    @property
    def in_office(self) -> tuple[SeatOnDay, ...]:
        """The seats somebody is in: the members in office."""
        return tuple(seat for seat in self.seats if seat.seating.filled)

    @property
    def vacant(self) -> tuple[SeatOnDay, ...]:
        """The seats nobody is in."""
        return tuple(seat for seat in self.seats if seat.seating is Seating.VACANT)

    @property
    def undetermined(self) -> tuple[SeatOnDay, ...]:
        """The seats of which the register cannot say."""
        return tuple(seat for seat in self.seats if seat.seating is Seating.NOT_DETERMINED)

    def seat(self, office: Office) -> SeatOnDay:
        """The seat of an office. Raises LookupError for an office that the register has no seat for."""
        for one in self.seats:
            if one.seat.kind is office:
                return one
        raise LookupError(f"The register has no seat of {office.label}.")

    def holder(self, office: Office) -> Official | None:
        """Who holds an office; None while it is vacant."""
        return self.seat(office).holder

    @property
    def succession(self) -> Finding[bool]:
        """Does the Vice-President succeed (Bylaws Art. V §5, VI §2)?"""
        return rules.succession(self.seat(Office.PRESIDENT).seating, self.seat(Office.VICE_PRESIDENT).seating)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "on": self.day.isoformat(),
            "bylaws": self.bylaws.title,
            "in_office": len(self.in_office),
            "seats": [seat.as_dict() for seat in self.seats],
            "succession": self.succession.as_dict(),
        }


def terms_on(day: date) -> tuple[BylawsVersion, BylawsTerms]:
    """The bylaws that govern on the day, and their figures.

    Raises ValidationError, in words, where no version covers the day, or the figures of the one that does are unknown.
    """
    version: BylawsVersion = BylawsVersion.objects.governing_on(day)
    if version.terms is None:
        raise ValidationError(
            f"{version.title} governed on {in_words(day)}, and the register holds no copy of it: its figures are not "
            "known. Record the outcome by hand, with what shows it."
        )
    return version, version.terms


def board_on(day: date) -> BoardOnDay:
    """The Board on a day, each seat with its why. The same few queries whatever the history.

    Under bylaws whose figures are not known the seats are those of the register. Raises ValidationError where no
    version covers the day.
    """
    version: BylawsVersion = BylawsVersion.objects.governing_on(day)
    terms = version.terms or _terms_as_known(version)
    seats = list(Seat.objects.on(day, terms.at_large_seats))
    rows: dict[int, list[OfficeTerm]] = defaultdict(list)
    for row in OfficeTerm.objects.begun_by(day).filter(seat__in=seats):
        rows[row.seat_id].append(row)
    tenures = tenures_of([row for of_seat in rows.values() for row in of_seat], day)
    found = []
    for seat in seats:
        of_seat = rows[seat.pk]
        finding = rules.seat_on(seat.kind, [tenures[row.pk] for row in of_seat], day)
        term = max(of_seat, key=lambda row: row.from_on, default=None)
        found.append(SeatOnDay(seat, finding, term))
    return BoardOnDay(day, version, terms, tuple(found))


def _terms_as_known(version: BylawsVersion) -> BylawsTerms:
    """The stored figures of a version whose own are not known, to show its seats by."""
    version.terms_known = True
    terms = version.terms
    version.terms_known = False
    if terms is None:
        raise LookupError("A version with figures gives terms.")
    return terms


def tenures_of(terms: Sequence[OfficeTerm], day: date) -> dict[int, Tenure]:
    """The terms for the rules, with what membership says of holder and agency through the day. A few queries."""
    agencies = {row.holder.agency_id for row in terms}
    adoption = AgreementVersion.objects.adoption()
    stints = stints_by_agency(agencies)
    capacities = capacities_of(row.holder for row in terms)
    return {
        row.pk: Tenure(
            office=row.seat.kind,
            holder=row.holder.name,
            agency=row.holder.agency.name,
            from_on=row.from_on,
            until_on=row.until_on,
            ended_on=row.ended_on,
            ended_why=row.get_ended_why_display() if row.ended_why else "",
            agency_out=stops_being_active(stints[row.holder.agency_id], adoption, row.from_on, day),
            capacity_out=rules.stops_qualifying(capacities[_person(row.holder)], row.from_on, day),
        )
        for row in terms
    }


Person = tuple[int, str]


def _person(official: Official) -> Person:
    """One person at one agency, whatever the capacity: a designee who becomes chief keeps the seat."""
    return official.agency_id, official.name


def capacities_of(officials: Iterable[Official]) -> dict[Person, list[tuple[date | None, date | None]]]:
    """When each person was chief executive officer or designee of the agency. One query."""
    people = {_person(official) for official in officials}
    found: dict[Person, list[tuple[date | None, date | None]]] = {person: [] for person in people}
    wanted = Q(agency__in={agency for agency, _name in people}, name__in={name for _agency, name in people})
    for row in Official.objects.filter(wanted, capacity__in=QUALIFYING):
        if _person(row) in found:
            found[_person(row)].append((row.from_on, row.until_on))
    return found


def eligibility(official: Official, office: Office, on: date) -> Finding[bool]:
    """May this person be chosen for the office on the day (Bylaws Art. IV §1, V §1), and why."""
    _version, terms = terms_on(on)
    adoption = AgreementVersion.objects.adoption()
    stints = stints_by_agency([official.agency_id])[official.agency_id]
    first = rules.twelve_months_before(on, terms).start if office.is_officer else on
    active = active_throughout(stints, adoption, first, on)
    today = active_throughout(stints, adoption, on, on).value
    dues = good_standing.dues_of([official.agency_id], on).get(official.agency_id)
    standing = in_good_standing(today, dues, None, terms.good_standing)
    qualifies = not rules.stops_qualifying(capacities_of([official])[_person(official)], on, on).happened
    return rules.eligible(office, qualifies, active, standing, on)


def candidates_on(day: date) -> Any:
    """The officials who may sit on the Board: chief executive officers and designees, in office on the day."""
    return Official.objects.in_office_on(day).filter(capacity__in=QUALIFYING).select_related("agency")


def _lock_seats() -> None:
    """Two installations never cross: whoever comes second sees what the first left."""
    list(Seat.objects.select_for_update().order_by("pk"))


def why_not(person: Official, seat: Seat, finding: Finding[bool]) -> list[str]:
    """Why the person may not be chosen for the seat, in words with the clause: what fails first, or what is missing."""
    clause = BYLAWS.at("V", 1) if seat.kind.is_officer else BYLAWS.at("IV", 1)
    whys = map(str, finding.because[:1]) if finding.value is False else finding.missing
    return [f"{person.name} cannot be {seat} ({clause}): {why}." for why in whys]


@transaction.atomic
def install(
    *,
    seat: Seat,
    holder: Official,
    from_on: date,
    how: str,
    appointed_by: str = "",
    motion: Motion | None = None,
    election: Election | None = None,
    remainder: bool = False,
) -> OfficeTerm:
    """Put a person into a seat. Whoever held it leaves on that day; a President who leaves becomes past President.

    Raises ValidationError when the person may not be chosen, with the clause (Bylaws Art. IV §1, V §1); who succeeds is
    not chosen, and needs only what every member of the Board does.
    """
    _lock_seats()
    _version, terms = terms_on(from_on)
    chosen = how in (OfficeTerm.How.ELECTED, OfficeTerm.How.APPOINTED)
    finding = eligibility(holder, seat.kind if chosen else Office.PAST_PRESIDENT, from_on)
    if not finding.value:
        raise ValidationError(why_not(holder, seat, finding))
    before = OfficeTerm.objects.filter(seat=seat, from_on__lte=from_on).select_related("holder__agency", "seat").first()
    if before is not None and before.from_on == from_on:
        raise ValidationError(f"{before.holder.name} is {seat} from {in_words(from_on)} already.")
    until_on: date | None = rules.nominal_end(seat.kind, from_on, terms)
    if remainder and before is not None and before.until_on is not None:
        # Whoever follows one who was holding over holds over too: there is no remainder to run.
        until_on = before.until_on if before.until_on > from_on else None
    _leaves_other_seats(holder, seat, from_on, how)
    if before is not None:
        _ends_for_successor(before, from_on)
    term = OfficeTerm(
        seat=seat, holder=holder, how=how, appointed_by=appointed_by, from_on=from_on, until_on=until_on,
        remainder=remainder, motion=motion, election=election,
    )  # fmt: skip
    saved(term)
    if seat.kind is Office.PRESIDENT and before is not None:
        _past_president(before, term, terms)
    return term


def _ends_for_successor(before: OfficeTerm, on: date) -> None:
    """Close the earlier term: on the day the seat was lost, if it was, else on the day the successor comes in."""
    if before.ended_on is not None and before.ended_on <= on:
        return
    tenure = tenures_of([before], on)[before.pk]
    lost = rules.lost_on(tenure).latest
    if lost is not None and before.from_on < lost <= on:
        by_agency = tenure.agency_out.latest == lost
        before.ended_on, before.ended_why = lost, OfficeTerm.Ended.AGENCY if by_agency else OfficeTerm.Ended.CAPACITY
    else:
        before.ended_on, before.ended_why = on, OfficeTerm.Ended.SUCCESSOR
    saved(before)


def _leaves_other_seats(holder: Official, seat: Seat, on: date, how: str) -> None:
    """Nobody sits twice: one member, one vote."""
    same = Q(holder__agency=holder.agency_id, holder__name=holder.name, ended_on__isnull=True)
    for term in OfficeTerm.objects.filter(same).exclude(seat=seat).select_related("seat", "holder__agency"):
        if term.from_on < on:
            term.ended_on = on
            term.ended_why = (
                OfficeTerm.Ended.SUCCEEDED if how == OfficeTerm.How.SUCCEEDED else OfficeTerm.Ended.OTHER_SEAT
            )
            saved(term)


def _past_president(former: OfficeTerm, new: OfficeTerm, terms: BylawsTerms) -> None:
    """The President who was succeeded takes the seat of immediate past President, if still eligible (Reading R22).

    Where it is open whether the person is, the term is recorded all the same: the seat then is not determined.
    """
    on = new.from_on
    elected = new.how == OfficeTerm.How.ELECTED
    eligible = former.ended_why != OfficeTerm.Ended.DIED
    eligible = eligible and eligibility(former.holder, Office.PAST_PRESIDENT, on).value is not False
    names = (former.holder.name, new.holder.name)
    follows = rules.past_president_follows(*names, elected=elected, still_eligible=eligible)
    if follows.value is None:
        return
    seat = Seat.objects.get(office=Office.PAST_PRESIDENT.value)
    before = (
        OfficeTerm.objects.filter(seat=seat, ended_on__isnull=True).select_related("holder__agency", "seat").first()
    )
    if before is not None and before.from_on < on:
        _ends_for_successor(before, on)
    if follows.value:
        _leaves_other_seats(former.holder, seat, on, OfficeTerm.How.BY_OFFICE)
        until_on = rules.nominal_end(Office.PAST_PRESIDENT, on, terms)
        saved(OfficeTerm(seat=seat, holder=former.holder, how=OfficeTerm.How.BY_OFFICE, from_on=on, until_on=until_on))


def lost_by_agency(seat: Seat, on: date) -> bool:
    """Is the seat vacant because its last holder's agency was no longer active (Bylaws Art. IV §3–4)?"""
    last = OfficeTerm.objects.begun_by(on).filter(seat=seat).first()
    if last is None:
        return False
    return last.ended_why == OfficeTerm.Ended.AGENCY or tenures_of([last], on)[last.pk].agency_out.by(on) is True


@transaction.atomic
def succeed(*, on: date) -> OfficeTerm:
    """The Vice-President succeeds to the vacant office of President for the remainder of the term (Art. V §5, VI §2).

    Raises ValidationError while there is a President, and where both offices are vacant: then a person must decide.
    """
    board = board_on(on)
    finding = board.succession
    if not finding.value:
        raise ValidationError([f"{why}." for why in (*map(str, finding.because), *finding.missing)])
    successor = board.holder(Office.VICE_PRESIDENT)
    if successor is None:
        raise ValidationError("There is no Vice-President to succeed (Bylaws Art. VI §2).")
    president = board.seat(Office.PRESIDENT).seat
    return install(seat=president, holder=successor, from_on=on, how=OfficeTerm.How.SUCCEEDED, remainder=True)


@transaction.atomic
def end_term(*, term: OfficeTerm, ended_on: date, why: str, note: str = "") -> OfficeTerm:
    """Record that a holder left the seat before a successor came: resigned, died, or for another reason."""
    _lock_seats()
    term = OfficeTerm.objects.select_related("holder__agency", "seat").get(pk=term.pk)
    if term.ended_on is not None:
        raise ValidationError(f"This term already ended on {in_words(term.ended_on)}.")
    term.ended_on, term.ended_why = ended_on, why
    term.note = "\n".join(part for part in (term.note, note.strip()) if part)
    return saved(term)


@transaction.atomic
def correct_term(
    *, term: OfficeTerm, from_on: date, until_on: date | None, ended_on: date | None, ended_why: str, because: str
) -> OfficeTerm:
    """Mend the days of a term that were recorded wrongly; what they were stays in history, with the reason."""
    _lock_seats()
    term = OfficeTerm.objects.select_related("holder__agency", "seat").get(pk=term.pk)
    if ended_on is None and ended_why:
        raise ValidationError({"ended_on": "Give the day the holder left, or leave the reason blank as well."})
    term.from_on, term.until_on, term.ended_on, term.ended_why = from_on, until_on, ended_on, ended_why
    term._change_reason = because.strip()
    return saved(term)


def seats_held_by(agency: Agency, day: date) -> list[SeatOnDay]:
    """The seats that the agency's people hold on the day: vacant from the day it stops being active."""
    in_place = Q(ended_on__isnull=True) | Q(ended_on__gt=day)
    held = OfficeTerm.objects.filter(in_place, holder__agency=agency, from_on__lte=day)
    if not held.exists():
        return []
    return [seat for seat in board_on(day).seats if seat.holder is not None and seat.holder.agency_id == agency.pk]


def seat_names_held_by(agency: Agency, day: date) -> list[str]:
    """The seats that the agency's people hold on the day, each by name; none where no bylaws cover it."""
    try:
        held = seats_held_by(agency, day)
    except ValidationError:
        return []
    return [f"the seat {one.seat} ({one.holder.name})" for one in held if one.holder is not None]
