"""Specialized Teams and the agencies that take part in them; and the insurance that the agreement asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from documents.admin import RecordPage, paper_shown
from membership import resources
from membership.forms.records import InsuranceForm, TeamParticipationForm
from membership.models import Agency, InsuranceCertificate, SpecializedTeam, TeamParticipation
from membership.rules import insurance
from nipas_admin.shared import scope
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import Answer, address, may


@admin.register(SpecializedTeam)
class SpecializedTeamAdmin(RecordPage):
    """The teams that the Board established."""

    shared_with_agencies = True
    resource_classes = [resources.SpecializedTeamResource]
    list_display = ["name", "short_name", "established_on", "ended_on"]
    search_fields = ["name", "short_name"]
    empty_list = "The Board has established no Specialized Team yet (Bylaws Art. VII)."
    fieldsets = [
        (None, {"fields": ["name", "short_name", "established_on", "ended_on"]}),
        ("What the Board determined", {"fields": ["scope", "criteria"]}),
    ]

    def related(self, request: HttpRequest, record: SpecializedTeam) -> Sequence[Related]:
        """The agencies in it today that this person may see."""
        if not may(request, "view", TeamParticipation):
            return ()
        today = timezone.localdate()
        places = TeamParticipation.objects.standing_on(today).filter(team=record)
        seen = scope.limit(places, request.user, "participation__agency").select_related("participation__agency")
        columns = [Column("Agency"), Column("Officers committed", number=True), Column("Since")]
        rows = [
            Row((p.participation.agency.name, _blank(p.officers_committed), in_words(p.elected_on)), address(p))
            for p in seen.order_by("participation__agency__name")
        ]
        return [Related(f"Takes part in it on {in_words(today)}", columns, rows, "No agency takes part in it.")]


@admin.register(TeamParticipation)
class TeamParticipationAdmin(RecordPage):
    """Who takes part in which team."""

    form = TeamParticipationForm
    agency_path = "participation__agency"
    resource_classes = [resources.TeamParticipationResource]
    list_display = ["agency_shown", "team", "officers_committed", "elected_on", "compliant_on", "ended_on"]
    list_filter = ["team", ("ended_on", admin.EmptyFieldListFilter)]
    list_select_related = ["participation__agency", "team"]
    search_fields = ["participation__agency__name", "team__name", "team__short_name"]
    search_help_text = "Agency or team"
    autocomplete_fields = ["participation", "team"]
    readonly_fields = ["agreement_shown"]
    agreement_shown = paper_shown("agreement_paper", "Agreement on file")
    empty_list = "No agency has elected into a team yet."

    def agency_of(self, record: TeamParticipation) -> Agency:
        """The agency that takes part."""
        return record.participation.agency

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The place, then the separate agreement it rests on."""
        on_file = ["agreement_shown"] if obj is not None and obj.agreement_paper_id else []
        upload = ["agreement_upload"] if self.has_change_permission(request, obj) or obj is None else []
        return [
            (None, {"fields": ["participation", "team", "officers_committed", "elected_on", "ended_on"]}),
            ("Separate agreement", {"fields": ["agreement_on", *on_file, *upload, "compliant_on"]}),
            ("Note", {"fields": ["note"]}),
        ]

    @admin.display(description="Agency", ordering="participation__agency__name")
    def agency_shown(self, record: TeamParticipation) -> str:
        """The agency's name."""
        return record.participation.agency.name


@admin.register(InsuranceCertificate)
class InsuranceCertificateAdmin(RecordPage):
    """Certificates of insurance, and whether they meet the agreement."""

    form = InsuranceForm
    agency_path = "agency"
    resource_classes = [resources.InsuranceCertificateResource]
    list_display = ["agency", "coverage", "carrier", "from_on", "until_on", "pooled"]
    list_filter = ["coverage", "pooled"]
    date_hierarchy = "until_on"
    list_select_related = ["agency"]
    search_fields = ["agency__name", "carrier", "policy_number"]
    search_help_text = "Agency, carrier or policy number"
    autocomplete_fields = ["agency"]
    readonly_fields = ["scan_shown"]
    scan_shown = paper_shown("scan", "Scan on file")
    empty_list = "No certificate of insurance is on file yet (Agreement §3.H)."

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The policy, then the limits of its line."""
        on_file = ["scan_shown"] if obj is not None and obj.scan_id else []
        upload = ["scan_upload"] if self.has_change_permission(request, obj) or obj is None else []
        return [
            (None, {"fields": ["agency", "coverage", "carrier", "policy_number", "from_on", "until_on", "pooled"]}),
            (
                "Limits in dollars (Agreement §3.H)",
                {
                    "fields": [
                        "occurrence",
                        "personal_injury",
                        "general_aggregate",
                        "project_aggregate",
                        "contractual_liability",
                        "employers_liability",
                        "statutory",
                    ],
                    "description": "Fill in those that the certificate states; the others stay blank.",
                },
            ),
            ("On file", {"fields": [*on_file, *upload, "note"]}),
        ]

    def answers(self, request: HttpRequest, record: InsuranceCertificate) -> Iterable[Answer]:
        """Whether the agency's insurance meets the agreement today."""
        today = timezone.localdate()
        held = [row.certificate for row in record.agency.certificates.all()]
        yield Answer(f"Insurance of {record.agency} on {in_words(today)}", insurance.insured_on(held, today))


def _blank(number: int | None) -> object:
    return "" if number is None else number
