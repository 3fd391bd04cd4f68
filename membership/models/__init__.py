"""The records of membership."""

from membership.models.agencies import Agency, County, Official, Representative
from membership.models.instruments import AgreementVersion, Approval, ApprovalDate, Execution
from membership.models.insurance import InsuranceCertificate
from membership.models.leaving import Proceeding, TerminationNotice
from membership.models.participation import Application, Participation
from membership.models.teams import SpecializedTeam, TeamParticipation

__all__ = [
    "Agency",
    "AgreementVersion",
    "Application",
    "Approval",
    "ApprovalDate",
    "County",
    "Execution",
    "InsuranceCertificate",
    "Official",
    "Participation",
    "Proceeding",
    "Representative",
    "SpecializedTeam",
    "TeamParticipation",
    "TerminationNotice",
]
