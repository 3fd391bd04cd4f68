"""The acknowledgement of a Termination Notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError

from documents.letters import Letter
from membership.letters.parts import Signer, secretary_on, signers_of
from membership.models import Agency, AgreementVersion, Official, TerminationNotice
from membership.rules import leaving, standing
from membership.rules.facts import Adoption, Stint
from membership.rules.leaving import Consequence
from membership.services import what_ends
from nipas_admin.shared.citations import Citation
from nipas_admin.shared.dated import day_before, in_words
from nipas_admin.shared.findings import Fact, Finding


@dataclass(frozen=True, kw_only=True)
class Acknowledgement(Letter):
    """What the Board answers to a Termination Notice: when it came in, when it takes effect, why, and what follows.

    ``ends_on`` is the first day out under the notice. ``rescinded_on`` is the day it was let go, None unless by the day
    of the letter. ``earlier`` is what ended participation before the notice could, or None.
    """

    agency: str
    addressee: tuple[str, ...]
    chief: Signer
    dated_on: date | None
    received_on: date
    received_by: str
    clauses: tuple[Citation, ...]
    ends_on: date
    last_day: date
    rescinded_on: date | None
    earlier: Fact | None
    because: tuple[Fact, ...]
    falls_away_on: date | None
    consequences: tuple[Consequence, ...]
    obligations: tuple[Fact, ...]
    secretary: Signer


def acknowledgement(notice: TerminationNotice, day: date) -> Acknowledgement:
    """The acknowledgement as of the day. Raises ValidationError for a day before the notice was received."""
    if day < notice.received_on:
        raise ValidationError(
            f"On {in_words(day)} this notice had not come in: it was received on {in_words(notice.received_on)}. "
            "Choose that day or a later one (Agreement §4.A)."
        )
    stint, agency = notice.participation, notice.participation.agency
    adoption = AgreementVersion.objects.adoption()
    found = _effect(notice)
    ends_on = found.value or notice.effective_on
    rescinded_on = notice.rescinded_on if notice.rescinded_on and notice.rescinded_on <= day else None
    earlier = None if rescinded_on else _ending_before(ends_on, stint.stint, adoption)
    why = leaving.rescission(notice.notice, rescinded_on) if rescinded_on else found
    falls_away_on = None if rescinded_on else earlier.on if earlier else ends_on
    chief = signers_of(agency, day)[Official.Capacity.CHIEF]
    return Acknowledgement(
        title=f"Termination Notice of {agency.name}, received on {in_words(notice.received_on)}",
        as_on=day,
        about=agency.name,
        agency=agency.name,
        addressee=address_of(agency, chief),
        chief=chief,
        dated_on=notice.dated_on,
        received_on=notice.received_on,
        received_by=notice.get_received_by_display().lower(),
        clauses=leaving.WITHDRAWAL,
        ends_on=ends_on,
        last_day=day_before(ends_on),
        rescinded_on=rescinded_on,
        earlier=earlier,
        because=(*why.because, *why.flags),
        falls_away_on=falls_away_on,
        consequences=what_ends(agency, falls_away_on) if falls_away_on else (),
        obligations=leaving.obligations_after_ending(),
        secretary=secretary_on(day),
    )


def address_of(agency: Agency, chief: Signer) -> tuple[str, ...]:
    """The lines of an address to the agency's chief; lines that the register does not know are left out."""
    name = ", ".join(part for part in (chief.name, chief.title) if part) or chief.capacity
    city = f"{agency.city}, Illinois" if agency.city else ""
    return tuple(line for line in (name, agency.name, agency.street, f"{city} {agency.zip_code}".strip()) if line)


def _effect(notice: TerminationNotice) -> Finding[date]:
    """The first day out under the notice and why, beside the notices that came in before it."""
    others = notice.participation.notices.filter(received_on__lt=notice.received_on)
    terms = AgreementVersion.objects.terms_on(notice.received_on)
    return leaving.withdrawal(
        notice.received_on, terms, dated_on=notice.dated_on, earlier=[other.notice for other in others]
    )


def _ending_before(ends_on: date, stint: Stint, adoption: Adoption) -> Fact | None:
    endings = standing.endings_by(stint, adoption, day_before(ends_on))
    return next((Fact(how.label.lower(), on, citations=standing.clauses_of(how)) for on, how in endings), None)
