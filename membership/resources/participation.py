"""Stints, places in teams, and what happens to stints, as tables.

Notices, proceedings and applications go out only: each is a legal act with a door of its own.
"""

from __future__ import annotations

from import_export.fields import Field

from membership.models import (
    Agency,
    Application,
    Approval,
    Execution,
    InsuranceCertificate,
    Participation,
    Proceeding,
    SpecializedTeam,
    TeamParticipation,
    TerminationNotice,
)
from membership.resources.instruments import of_approval, of_execution
from membership.resources.parts import AgencyOwned, OfStint, Ordinal, Own, shown
from nipas_admin.shared.columns import key
from nipas_admin.shared.resources import RecordResource


class ParticipationResource(AgencyOwned):
    """Stints: by agency and number. Endings come from notices and proceedings, and are shown only."""

    about = (
        "A row is a stint of participation. Approval and execution are named as in their own tables; left out, the "
        "register points an original stint at the papers that serve it. Endings come from notices and proceedings."
    )
    restates = True
    natural_keys = [("agency", "stint")]
    may_lack = ("stint",)
    agency = key("agency", Agency, "ori", "name")
    agency_name = shown("agency__name", "agency_name")
    stint = Field("number", "stint", Ordinal())
    approval = Own("approval", Approval, of_approval)
    execution = Own("execution", Execution, of_execution)
    amended_approval = Own("amended_approval", Approval, of_approval)
    amended_execution = Own("amended_execution", Execution, of_execution)
    withdrawn_on = shown("withdrawn_on", "withdrawn_on")
    terminated_on = shown("terminated_on", "terminated_on")

    class Meta(RecordResource.Meta):
        model = Participation
        fields = [
            "agency", "agency_name", "stint", "path", "attested_on", "attested_by", "attested_evidence", "approval",
            "execution", "board_approved_on", "dues_required", "dues_paid_on", "amended_approval", "amended_execution",
            "withdrawn_on", "terminated_on", "settlement", "settled_on", "settled_because", "note",
        ]  # fmt: skip
        export_order = fields
        import_order = fields


class SpecializedTeamResource(RecordResource):
    """Specialized Teams: by short name."""

    natural_keys = [("short_name",)]

    class Meta(RecordResource.Meta):
        model = SpecializedTeam
        fields = ["short_name", "name", "scope", "criteria", "established_on", "ended_on"]
        export_order = fields
        import_order = fields


def _stint() -> Field:
    return Field("participation__number", "stint", Ordinal(), readonly=True)


class TeamParticipationResource(AgencyOwned):
    """Places in teams: by agency, stint, team and the day elected in."""

    about = "A row is an agency's place in a team during one stint. Teams go by their short names."
    natural_keys = [("participation", "team", "elected_on")]
    may_lack = ("stint", "elected_on")
    participation = OfStint()
    agency_name = shown("participation__agency__name", "agency_name")
    stint = _stint()
    team = key("team", SpecializedTeam, "short_name")

    class Meta(RecordResource.Meta):
        model = TeamParticipation
        fields = [
            "participation", "agency_name", "stint", "team", "officers_committed", "elected_on", "ended_on",
            "agreement_on", "compliant_on", "note",
        ]  # fmt: skip
        export_order = fields
        import_order = fields


class InsuranceCertificateResource(AgencyOwned):
    """Certificates of insurance: by agency, coverage, carrier, policy number and first day."""

    natural_keys = [("agency", "coverage", "carrier", "policy_number", "from_on")]
    may_lack = ("policy_number",)
    agency = key("agency", Agency, "ori", "name")
    agency_name = shown("agency__name", "agency_name")

    class Meta(RecordResource.Meta):
        model = InsuranceCertificate
        fields = [
            "agency", "agency_name", "coverage", "carrier", "policy_number", "from_on", "until_on", "occurrence",
            "personal_injury", "general_aggregate", "project_aggregate", "employers_liability", "contractual_liability",
            "statutory", "pooled", "note",
        ]  # fmt: skip
        export_order = fields
        import_order = fields


class TerminationNoticeResource(AgencyOwned):
    """Termination Notices, to read."""

    participation = OfStint()
    agency_name = shown("participation__agency__name", "agency_name")
    stint = _stint()

    class Meta(RecordResource.Meta):
        model = TerminationNotice
        fields = [
            "participation", "agency_name", "stint", "dated_on", "received_on", "received_by", "signed_by",
            "effective_on", "rescinded_on", "note",
        ]  # fmt: skip
        export_order = fields


class ProceedingResource(AgencyOwned):
    """Proceedings of the Board, to read."""

    participation = OfStint()
    agency_name = shown("participation__agency__name", "agency_name")
    stint = _stint()

    class Meta(RecordResource.Meta):
        model = Proceeding
        fields = [
            "participation", "agency_name", "stint", "ground", "opened_on", "reason", "notified_on", "hearing_on",
            "waived_on", "outcome", "decided_on", "votes_for", "votes_against", "in_office", "named_on",
            "effective_on", "suspended_until_on", "note",
        ]  # fmt: skip
        export_order = fields


class ApplicationResource(AgencyOwned):
    """Applications, to read."""

    agency = key("agency", Agency, "ori", "name")
    agency_name = shown("agency__name", "agency_name")
    recommender = key("recommender", Agency, "ori", "name")

    class Meta(RecordResource.Meta):
        model = Application
        fields = [
            "agency", "agency_name", "letter_on", "recommender", "recommended_on", "ordinance_copy", "executed_copy",
            "other_wanted", "other_received", "decision", "decided_on", "out_of_order", "note",
        ]  # fmt: skip
        export_order = fields
