"""The certificate that an agency participates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError

from documents.letters import Letter
from membership.letters.parts import Signer, in_short, secretary_on, with_article
from membership.models import Agency
from membership.rules.facts import Status
from membership.rules.standing import clauses_of
from membership.services import Standing, standing_of
from nipas_admin.shared.citations import Citation
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact


@dataclass(frozen=True, kw_only=True)
class ParticipationCertificate(Letter):
    """That an agency participates on a day, whether it is active or suspended, and on what this rests.

    ``ends_on`` is the first day out under a notice that runs, or None.
    """

    agency: str
    public_body: str
    is_suspended: bool
    ends_on: date | None
    because: tuple[Fact, ...]
    clauses: tuple[Citation, ...]
    readings: tuple[Citation, ...]
    secretary: Signer


def certificate(agency: Agency, day: date) -> ParticipationCertificate:
    """The certificate for the day. Raises ValidationError, with the why, unless the agency participates on it."""
    found = standing_of(agency, day)
    if found.status not in (Status.ACTIVE, Status.SUSPENDED):
        raise ValidationError(_why_not(found))
    return ParticipationCertificate(
        title=f"Certificate of Participation: {agency.name}",
        as_on=day,
        about=agency.name,
        agency=agency.name,
        public_body=with_article(agency.public_body),
        is_suspended=found.status is Status.SUSPENDED,
        ends_on=found.notice_ends_on,
        because=found.finding.because,
        clauses=clauses_of(found.status),
        readings=found.finding.readings,
        secretary=secretary_on(day),
    )


def _why_not(found: Standing) -> list[str]:
    """Why nothing can be certified, and what would change it."""
    day = in_words(found.day)
    if found.status is Status.NOT_DETERMINED:
        refusal = f"Whether {found.agency} participates on {day} is not determined, so it cannot be certified."
        return [refusal, *(f"Missing: {item}." for item in found.finding.missing)]
    refusal = (
        f"{found.agency} does not participate on {day} ({found.status.label.lower()}); there is nothing to certify."
    )
    return [refusal, *(f"Because: {fact}." for fact in in_short(found.status, found.finding.because))]
