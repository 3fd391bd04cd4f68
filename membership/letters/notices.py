"""The acknowledgement of a Termination Notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError

from membership.letters.base import Letter, Signer, signers_of
from membership.models import Agency, AgreementVersion, Official, Participation, TerminationNotice
from membership.rules import leaving, standing
from membership.rules.leaving import Consequence
from membership.services.standing import teams_on
from nipas_admin.shared.dated import day_before, in_words
from nipas_admin.shared.findings import Fact, Finding


@dataclass(frozen=True, kw_only=True)
class Acknowledgement(Letter):
    """What the Board answers to a Termination Notice: when it came in, when it takes effect, why, and what follows.

    ``ends_on`` is the first day out; None when the notice was rescinded by the day of the letter. ``ended_before``
    tells of an ending that comes before it.
    """

    agency: str
    addressee: tuple[str, ...]
    chief: Signer
    dated_on: date | None
    received_on: date
    received_by: str
    rescinded_on: date | None
    ends_on: date | None
    last_day: date | None
    because: tuple[Fact, ...]
    flags: tuple[Fact, ...]
    ended_before: str
    consequences: tuple[Consequence, ...]
    obligations: tuple[Fact, ...]


def acknowledgement(notice: TerminationNotice, day: date) -> Acknowledgement:
    """The acknowledgement as of the day. Raises ValidationError for a day before the notice was received."""
    if day < notice.received_on:
        raise ValidationError(
            f"On {in_words(day)} the notice had not come in; it was received on {in_words(notice.received_on)}. "
            "Choose that day or a later one (Agreement §4.A)."
        )
    stint = notice.participation
    agency = stint.agency
    found = effect_of(notice, day)
    rescinded = notice.rescinded_on is not None and notice.rescinded_on <= day
    ends_on = None if rescinded else found.value
    chief = signers_of(agency, day)[Official.Capacity.CHIEF]
    return Acknowledgement(
        title=f"Your Termination Notice received {in_words(notice.received_on)}",
        as_on=day,
        about=agency.name,
        agency=agency.name,
        addressee=address_of(agency, chief),
        chief=chief,
        dated_on=notice.dated_on,
        received_on=notice.received_on,
        received_by=notice.get_received_by_display().lower(),
        rescinded_on=notice.rescinded_on if rescinded else None,
        ends_on=ends_on,
        last_day=day_before(ends_on) if ends_on else None,
        because=found.because,
        flags=found.flags,
        ended_before=_ending_before(stint, ends_on) if ends_on else "",
        consequences=leaving.consequences_of_ending(ends_on, teams_on(agency, day)) if ends_on else (),
        obligations=leaving.obligations_after_ending(),
    )


def effect_of(notice: TerminationNotice, day: date) -> Finding[date]:
    """The first day out that the notice brings, beside the earlier notices of the stint as they stood on the day."""
    others = notice.participation.notices.exclude(pk=notice.pk).filter(received_on__lt=notice.received_on)
    terms = AgreementVersion.objects.adoption().terms
    return leaving.withdrawal(
        notice.received_on, terms, dated_on=notice.dated_on, earlier=[other.notice for other in others]
    )


def address_of(agency: Agency, chief: Signer) -> tuple[str, ...]:
    """The lines of an address to the agency's chief; lines that the register does not know are left out."""
    place = " ".join(part for part in (f"{agency.city}, Illinois" if agency.city else "", agency.zip_code) if part)
    name = ", ".join(part for part in (chief.name, chief.title) if part) or "Commanding Officer"
    return tuple(line for line in (name, agency.name, agency.street, place) if line)


def _ending_before(stint: Participation, ends_on: date) -> str:
    """What ended the stint before the notice could; empty when nothing did."""
    endings = standing.endings_by(stint.stint, AgreementVersion.objects.adoption(), ends_on)
    earlier = [(on, how) for on, how in endings if on < ends_on]
    return f"{earlier[0][1].label.lower()} on {in_words(earlier[0][0])}" if earlier else ""
