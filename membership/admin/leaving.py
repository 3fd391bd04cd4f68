"""Termination Notices and the Board's proceedings: acts, each on one page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from documents.admin import RecordPage, paper_shown
from membership import resources
from membership.admin.filters import OutcomeFilter
from membership.forms.leaving import (
    CorrectNoticeForm,
    DecideForm,
    EndSuspensionForm,
    NoticeForm,
    RescindForm,
    consequences,
    what_stays,
)
from membership.forms.records import NoticeRecordForm, ProceedingForm
from membership.models import Agency, AgreementVersion, Participation, Proceeding, TerminationNotice
from membership.rules import leaving
from membership.rules.leaving import Ground
from nipas_admin.shared.acts import Effect
from nipas_admin.shared.badges import badge
from nipas_admin.shared.choosing import FindOne
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Finding, not_determined
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import Answer, Button


@admin.register(TerminationNotice)
class TerminationNoticeAdmin(RecordPage):
    """Termination Notices. One is recorded on the act's own page; afterwards only its scan and note are mended."""

    form = NoticeRecordForm
    agency_path = "participation__agency"
    resource_classes = [resources.TerminationNoticeResource]
    acts = (RescindForm, CorrectNoticeForm)
    list_display = ["agency_shown", "received_on", "received_by", "effective_on", "state", "signed_by"]
    list_filter = [("rescinded_on", admin.EmptyFieldListFilter), "received_by"]
    list_select_related = ["participation__agency"]
    date_hierarchy = "effective_on"
    search_fields = ["participation__agency__name", "participation__agency__public_body", "signed_by"]
    search_help_text = "Agency, public body, or who signed"
    readonly_fields = [
        "agency_shown",
        "received_on",
        "received_by",
        "dated_on",
        "signed_by",
        "effective_on",
        "rescinded_on",
        "scan_shown",
        "rescission_shown",
    ]
    scan_shown = paper_shown("scan", "Scan on file")
    rescission_shown = paper_shown("rescission_paper", "Rescission on file")
    empty_list = (
        "No agency has given notice. When one does, record it here: the register says on which 1 May it takes effect."
    )

    def agency_of(self, record: TerminationNotice) -> Agency:
        """The agency that gave notice."""
        return record.participation.agency

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The act: received on, by whom, the letter; its effect beforehand; then recorded."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        participation = Participation._meta.get_field("agency")
        form = NoticeForm(
            request.POST or None,
            request.FILES or None,
            subject=None,
            user=request.user,
            agencies=self.admin_site._registry[Agency].limit(Agency.objects.all(), request),  # type: ignore[attr-defined]
            agency_widget=FindOne(participation, self.admin_site),
            initial={"agency": request.GET.get("agency", "") if request.GET.get("agency", "").isdecimal() else ""},
        )
        return self.run(request, form)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What was recorded; the scan may be added later."""
        rescinded = ["rescinded_on", "rescission_shown"] if obj is not None and obj.rescinded_on else []
        upload = (
            ["scan_upload"] if obj is not None and self.has_change_permission(request, obj) and not obj.scan_id else []
        )
        return [
            (None, {"fields": ["agency_shown", "received_on", "received_by", "effective_on", *rescinded]}),
            ("The letter", {"fields": ["dated_on", "signed_by", "scan_shown", *upload]}),
            ("Note", {"fields": ["note"]}),
        ]

    def buttons(self, request: HttpRequest, record: TerminationNotice) -> Iterator[Button]:
        """Rescission and correction, neither of which is what one comes for."""
        yield from (Button(act.label, act.url) for act in super().buttons(request, record))

    def badge(self, record: TerminationNotice) -> tuple[str, str]:
        """Whether it was let go; else the day on which it takes effect."""
        if record.rescinded_on:
            return "prospect", f"Rescinded {in_words(record.rescinded_on)}"
        return "notice_pending", f"Participation ends {in_words(record.effective_on)}"

    def ahead(self, request: HttpRequest, record: TerminationNotice) -> Effect | None:
        """What falls away on the first day out, unless it was let go."""
        if record.rescinded_on:
            return None
        happens = consequences(record.effective_on, record.participation)
        return Effect("", Finding(record.effective_on), record.effective_on, happens, what_stays())

    def answers(self, request: HttpRequest, record: TerminationNotice) -> Iterable[Answer]:
        """The day it takes effect and why; and that it was let go."""
        yield Answer("First day out", self._why(record))
        if record.rescinded_on:
            yield Answer("Rescinded", leaving.rescission(record.notice, record.rescinded_on))

    def _why(self, record: TerminationNotice) -> Finding[date]:
        earlier = [n.notice for n in record.participation.notices.all() if n.pk < record.pk]
        try:
            terms = AgreementVersion.objects.terms_on(record.received_on)
        except ValidationError as open_:
            return not_determined(*open_.messages)
        return leaving.withdrawal(record.received_on, terms, dated_on=record.dated_on, earlier=earlier)

    @admin.display(description="Agency", ordering="participation__agency__name")
    def agency_shown(self, record: TerminationNotice) -> str:
        """The agency's name."""
        return record.participation.agency.name

    @admin.display(description="State", ordering="rescinded_on")
    def state(self, record: TerminationNotice) -> SafeString:
        """Rescinded or standing."""
        return badge("prospect", "Rescinded") if record.rescinded_on else badge("notice_pending", "Stands")


@admin.register(Proceeding)
class ProceedingAdmin(RecordPage):
    """The Board's proceedings. They are decided by an act, which tests notice, hearing and vote."""

    form = ProceedingForm
    agency_path = "participation__agency"
    resource_classes = [resources.ProceedingResource]
    acts = (DecideForm, EndSuspensionForm)
    list_display = [
        "agency_shown",
        "ground",
        "opened_on",
        "hearing_on",
        "outcome_shown",
        "effective_on",
        "suspended_until_on",
    ]
    list_filter = [OutcomeFilter, "ground", "outcome"]
    list_select_related = ["participation__agency"]
    search_fields = ["participation__agency__name", "participation__agency__public_body", "reason"]
    search_help_text = "Agency, public body or reason"
    autocomplete_fields = ["participation"]
    notification_shown = paper_shown("notification", "Notification on file")
    decision_shown = paper_shown("decision_paper", "Decision on file")
    decided = [
        "outcome",
        "decided_on",
        "votes_for",
        "votes_against",
        "in_office",
        "decision_shown",
        "named_on",
        "effective_on",
        "suspended_until_on",
    ]
    empty_list = "The Board has opened no proceeding."

    def agency_of(self, record: Proceeding) -> Agency:
        """The agency it is against."""
        return record.participation.agency

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What it is about, notice and hearing; then the decision."""
        changes = obj is None or (self.has_change_permission(request, obj) and not obj.outcome)
        on_file = ["notification_shown"] if obj is not None and obj.notification_id else []
        return [
            (None, {"fields": ["participation", "ground", "opened_on", "reason"]}),
            (
                "Notice and hearing",
                {
                    "fields": [
                        "notified_on",
                        *on_file,
                        *(["notification_upload"] if changes else []),
                        "hearing_on",
                        "waived_on",
                    ],
                    "description": "The agency is notified, may appear, then the Board decides (Agreement §4.C).",
                },
            ),
            *([("The Board's decision", {"fields": self.decided})] if obj is not None and obj.outcome else []),
            ("Note", {"fields": ["note"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The decision always; all but the note once it is decided."""
        shown = ["notification_shown", *self.decided]
        if obj is None:
            return shown
        if not obj.outcome:
            return ["participation", *shown]
        return ["participation", "ground", "opened_on", "reason", "notified_on", "hearing_on", "waived_on", *shown]

    def answers(self, request: HttpRequest, record: Proceeding) -> Iterable[Answer]:
        """Whether the Board's decision may take effect, as far as notice and hearing go."""
        try:
            terms = AgreementVersion.objects.terms_on(record.decided_on or record.opened_on)
            found = leaving.proceeding_in_order(record.facts, terms)
        except ValidationError as open_:
            found = not_determined(*open_.messages)
        yield Answer("Notice, hearing and vote in order?", found)

    def related(self, request: HttpRequest, record: Proceeding) -> Sequence[Related]:
        """While it is open: the votes needed, for each number of members in office."""
        if record.outcome:
            return ()
        terms = AgreementVersion.objects.adoption().terms
        what = "terminate" if record.ground == Ground.OBLIGATIONS else "suspend or terminate"
        rows = [Row((in_office, leaving.two_thirds_of_board(in_office, terms))) for in_office in (11, 10, 9, 8, 7, 6)]
        columns = [Column("Board members in office"), Column(f"Votes needed to {what}", number=True)]
        return [Related("Two thirds of the Board (Reading R9)", columns, rows, "")]

    @admin.display(description="Agency", ordering="participation__agency__name")
    def agency_shown(self, record: Proceeding) -> str:
        """The agency's name."""
        return record.participation.agency.name

    @admin.display(description="Outcome", ordering="outcome")
    def outcome_shown(self, record: Proceeding) -> str:
        """What was decided, or that it is open."""
        return record.get_outcome_display() or "Open"
