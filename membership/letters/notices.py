"""The acknowledgement of a Termination Notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError

from membership.letters.base import Letter, Signer, signers_of
from membership.models import Agency, AgreementVersion, Official, TerminationNotice
from membership.rules import leaving, standing
from membership.rules.facts import Adoption, Stint
from membership.rules.leaving import Consequence
from nipas_admin.shared.citations import Citation
from nipas_admin.shared.dated import day_before, in_words
from nipas_admin.shared.findings import Fact


@dataclass(frozen=True, kw_only=True)
class Acknowledgement(Letter):
    """What the Board answers to a Termination Notice: when it came in, when it takes effect, why, and what follows.

    ``ends_on`` is the first day out, None when the notice was rescinded by the day of the letter. ``earlier`` is
    what ended participation before the notice could, or None.
    """

    agency: str
    addressee: tuple[str, ...]
    chief: Signer
    dated_on: date | None
    received_on: date
    received_by: str
    clauses: tuple[Citation, ...]
    because: tuple[Fact, ...]
    rescinded_on: date | None
    ends_on: date | None
    last_day: date | None
    earlier: Fact | None
    consequences: tuple[Consequence, ...]
    obligations: tuple[Fact, ...]


def acknowledgement(notice: TerminationNotice, day: date) -> Acknowledgement:
    """The acknowledgement as of the day. Raises ValidationError for a day before the notice was received."""
    if day < notice.received_on:
        raise ValidationError(
            f"On {in_words(day)} this notice had not come in: it was received on {in_words(notice.received_on)}. "
            "Choose that day or a later one (Agreement §4.A)."
        )
    stint = notice.participation
    agency = stint.agency
    adoption = AgreementVersion.objects.adoption()
    others = stint.notices.exclude(pk=notice.pk).filter(received_on__lt=notice.received_on)
    found = leaving.withdrawal(
        notice.received_on, adoption.terms, dated_on=notice.dated_on, earlier=[other.notice for other in others]
    )
    rescinded_on = notice.rescinded_on if notice.rescinded_on and notice.rescinded_on <= day else None
    ends_on = None if rescinded_on else found.value
    teams = stint.teams.standing_on(day).order_by("team__name").values_list("team__name", flat=True)
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
        because=(*found.because, *found.flags),
        rescinded_on=rescinded_on,
        ends_on=ends_on,
        last_day=day_before(ends_on) if ends_on else None,
        earlier=_earlier_ending(stint.stint, adoption, ends_on) if ends_on else None,
        consequences=leaving.consequences_of_ending(ends_on, teams) if ends_on else (),
        obligations=leaving.obligations_after_ending(),
    )


def address_of(agency: Agency, chief: Signer) -> tuple[str, ...]:
    """The lines of an address to the agency's chief; lines that the register does not know are left out."""
    name = ", ".join(part for part in (chief.name, chief.title) if part) or chief.capacity
    city = f"{agency.city}, Illinois" if agency.city else ""
    return tuple(line for line in (name, agency.name, agency.street, f"{city} {agency.zip_code}".strip()) if line)


def _earlier_ending(stint: Stint, adoption: Adoption, ends_on: date) -> Fact | None:
    on, how = standing.endings_by(stint, adoption, ends_on)[0]
    return Fact(f"{how.label} on {in_words(on)}", on, citations=standing.clauses_of(how)) if on < ends_on else None
