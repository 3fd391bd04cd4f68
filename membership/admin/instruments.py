"""The agreement's versions, and the ordinances, resolutions and signatures by which agencies enter it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from documents.admin import RecordPage, paper_shown
from membership import resources, services
from membership.admin.filters import ApprovalDateFilter, ExecutionDateFilter
from membership.forms.joining import ChooseDateForm
from membership.forms.records import ApprovalForm, ExecutionForm
from membership.models import AgreementVersion, Approval, ApprovalDate, Execution
from nipas_admin.shared.admin import RecordTabular
from nipas_admin.shared.badges import badge
from nipas_admin.shared.pages import Answer


@admin.register(AgreementVersion)
class AgreementVersionAdmin(RecordPage):
    """The two agreements: their figures, and what is known of the day the amended one took effect."""

    shared_with_agencies = True
    resource_classes = [resources.AgreementVersionResource]
    list_display = ["title", "edition", "collective_shown", "text_shown"]
    readonly_fields = ["edition", "supersedes"]
    fieldsets = [
        (None, {"fields": ["title", "edition", "supersedes"]}),
        (
            "Collective date (Agreement §5.A)",
            {
                "fields": [
                    "collective_state",
                    "collective_on",
                    "collective_not_before_on",
                    "collective_not_after_on",
                    "collective_source",
                ],
                "description": "The day the last of the three collective events happened. Where its day is not known, "
                "give the bounds that are.",
            },
        ),
        ("Withdrawals (§4.A)", {"fields": [("ends_month", "ends_day")]}),
        (
            "Adoption (§5.A)",
            {
                "fields": [
                    "original_before_on",
                    ("adoption_numerator", "adoption_denominator"),
                    "adoption_meeting_days",
                ],
            },
        ),
        ("Suspension and termination (§4.B–C)", {"fields": [("board_numerator", "board_denominator")]}),
        (
            "Text",
            {
                "fields": ["text"],
                "description": "Without the body's own text, papers print the specimen and say so on every page.",
            },
        ),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: there is the Original and the Amended Agreement."""
        return False

    @admin.display(description="Collective date")
    def collective_shown(self, version: AgreementVersion) -> str:
        """What is known of it."""
        if version.edition == AgreementVersion.Edition.ORIGINAL:
            return ""
        return str(version.collective) if version.collective.happened else version.get_collective_state_display()

    @admin.display(description="Text")
    def text_shown(self, version: AgreementVersion) -> str:
        """Whether the body loaded its own."""
        return "Loaded" if version.official else "Specimen"


class InstrumentPage(RecordPage):
    """What an agency passes or signs: of the amended agreement unless said otherwise, and in force once saved."""

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The amended agreement, unless the address says otherwise."""
        amended = AgreementVersion.objects.filter(edition="amended").values_list("pk", flat=True).first()
        return {"agreement": amended, **super().get_changeform_initial_data(request)}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save, then let the agency's stint rest on the papers that serve it."""
        super().save_related(request, form, formsets, change)
        services.restate(form.instance.agency)


class ApprovalDateInline(RecordTabular):
    """Every date that a source gives, each with its source."""

    model = ApprovalDate
    agency_path = "approval__agency"
    extra = 1
    fields = ["event", "on", "source", "evidence", "not_before_on", "not_after_on"]
    verbose_name = "date that a source gives"
    verbose_name_plural = "dates, each with its source"
    show_change_link = False


@admin.register(Approval)
class ApprovalAdmin(InstrumentPage):
    """Ordinances and resolutions, every date with its source, and the day that counts."""

    form = ApprovalForm
    change_form_template = "membership/approval_page.html"
    agency_path = "agency"
    resource_classes = [resources.ApprovalResource]
    acts = (ChooseDateForm,)
    inlines = [ApprovalDateInline]
    list_display = ["paper", "agency", "edition", "when_shown", "evidence"]
    list_filter = [ApprovalDateFilter, "agreement__edition", "kind", "evidence"]
    list_select_related = ["agency", "agreement"]
    search_fields = ["number", "agency__name", "agency__public_body", "source"]
    search_help_text = "Number, agency, public body or source"
    autocomplete_fields = ["agency", "rescinds"]
    readonly_fields = ["scan_shown", "chosen_on", "chosen_because"]
    scan_shown = paper_shown("scan", "Scan on file")
    empty_list = "No ordinance or resolution is recorded yet. Record the first from its agency's page, with its scan."
    radio_fields = {"kind": admin.HORIZONTAL}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The paper first, its scan beside it; the vote and the signatures after."""
        on_file = ["scan_shown"] if obj is not None and obj.scan_id else []
        chosen = ["chosen_on", "chosen_because"] if obj is not None and obj.chosen_on else []
        upload = ["scan_upload"] if self.has_change_permission(request, obj) or obj is None else []
        return [
            (None, {"fields": ["agency", "agreement", "kind", "number", *chosen]}),
            ("On file", {"fields": [*on_file, *upload, "evidence", "source"]}),
            (
                "What it says",
                {"fields": ["approves", "rescinds", "separate_approval_due", "cites_itself", "effect_clause"]},
            ),
            (
                "The vote",
                {"fields": [("aye", "nay", "abstain", "not_voting", "absent"), "named_votes"], "classes": ["collapse"]},
            ),
            ("Signatures and note", {"fields": ["signed_by", "attested_by", "note"], "classes": ["collapse"]}),
        ]

    def answers(self, request: HttpRequest, record: Approval) -> Iterable[Answer]:
        """The day of passage and approval."""
        yield Answer("Passed and approved", record.finding())

    @admin.display(description="Paper", ordering="number")
    def paper(self, record: Approval) -> str:
        """Kind and number."""
        return record.label

    @admin.display(description="Agreement", ordering="agreement__edition")
    def edition(self, record: Approval) -> str:
        """Original or amended."""
        return record.agreement.get_edition_display().partition(" ")[0]

    @admin.display(description="Passed and approved", ordering="latest_on")
    def when_shown(self, record: Approval) -> str | SafeString:
        """The day, or what is known of it."""
        if record.when.day:
            return str(record.when)
        disagree = record.when.earliest and record.when.latest
        if disagree:
            return badge("missing", f"Dates disagree, {record.when}")
        return badge("not_determined", capfirst(str(record.when)))


@admin.register(Execution)
class ExecutionAdmin(InstrumentPage):
    """The signed agreements."""

    form = ExecutionForm
    agency_path = "agency"
    resource_classes = [resources.ExecutionResource]
    list_display = ["agency", "edition", "when_shown", "head_shown", "chief_shown", "evidence"]
    list_filter = [ExecutionDateFilter, "agreement__edition", "head_signed", "chief_signed", "evidence"]
    list_select_related = ["agency", "agreement", "head", "chief"]
    search_fields = ["agency__name", "agency__public_body", "head_name", "chief_name", "head__name", "chief__name"]
    search_help_text = "Agency, public body, or who signed"
    autocomplete_fields = ["agency", "head", "chief"]
    readonly_fields = ["scan_shown"]
    scan_shown = paper_shown("scan", "Scan on file")
    empty_list = "No signed agreement is recorded yet. Record the first from its agency's page, with its scan."

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The form, then the two signatures, then the paper."""
        on_file = ["scan_shown"] if obj is not None and obj.scan_id else []
        upload = ["scan_upload"] if self.has_change_permission(request, obj) or obj is None else []
        return [
            (None, {"fields": ["agency", "agreement", "form_dated_on"]}),
            ("Head of the corporate authorities", {"fields": ["head_signed", "head", "head_name", "head_signed_on"]}),
            ("Commanding officer", {"fields": ["chief_signed", "chief", "chief_name", "chief_signed_on"]}),
            ("On file", {"fields": [*on_file, *upload, "evidence", "source"]}),
            ("Attest, seal and note", {"fields": ["attested_by", "sealed", "note"], "classes": ["collapse"]}),
        ]

    def answers(self, request: HttpRequest, record: Execution) -> Iterable[Answer]:
        """The day of Execution."""
        served = record.agency.approvals.filter(agreement=record.agreement, approves=True).order_by("latest_on", "pk")
        yield Answer("Executed", record.finding(served.first()))

    @admin.display(description="Agreement", ordering="agreement__edition")
    def edition(self, record: Execution) -> str:
        """Original or amended."""
        return record.agreement.get_edition_display().partition(" ")[0]

    @admin.display(description="Head of the corporate authorities")
    def head_shown(self, record: Execution) -> str:
        """Who signed and when."""
        return _signed(record.head_signature)

    @admin.display(description="Commanding officer")
    def chief_shown(self, record: Execution) -> str:
        """Who signed and when."""
        return _signed(record.chief_signature)

    @admin.display(description="Executed")
    def when_shown(self, record: Execution) -> str | SafeString:
        """The day, or what is wanting."""
        if record.when.day:
            return str(record.when)
        if record.when.happened:
            return badge("not_determined", capfirst(str(record.when)))
        return badge("missing", "Not signed by both")


def _signed(signature: Any) -> str:
    return f"{capfirst(signature.who)}, {signature.when}" if signature.signed else "Not signed"
