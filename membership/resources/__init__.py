"""Tables of membership, in and out: what the admin's import and export and the commands use, one truth for all."""

from membership.resources.agencies import AgencyResource, OfficialResource
from membership.resources.instruments import AgreementVersionResource, ApprovalResource, ExecutionResource
from membership.resources.participation import (
    ApplicationResource,
    InsuranceCertificateResource,
    ParticipationResource,
    ProceedingResource,
    SpecializedTeamResource,
    TeamParticipationResource,
    TerminationNoticeResource,
)

__all__ = [
    "AgencyResource",
    "AgreementVersionResource",
    "ApplicationResource",
    "ApprovalResource",
    "ExecutionResource",
    "InsuranceCertificateResource",
    "OfficialResource",
    "ParticipationResource",
    "ProceedingResource",
    "SpecializedTeamResource",
    "TeamParticipationResource",
    "TerminationNoticeResource",
]
