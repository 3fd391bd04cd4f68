"""Stints of participation, and the applications that lead to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from documents.admin import RecordPage, paper_shown
from membership import resources, services
from membership.admin.filters import OpenFilter, StintStatusFilter
from membership.forms.joining import AdmitForm, DisapproveForm, PayDuesForm, SettleForm, SettleVoteForm, TakeBackForm
from membership.forms.records import ApplicationForm, ParticipationForm
from membership.models import Agency, Application, Participation
from membership.rules import joining
from membership.rules.facts import Path
from nipas_admin.shared import scope
from nipas_admin.shared.badges import badge
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.day import DayMixin
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import Answer, address, may


@admin.register(Participation)
class ParticipationAdmin(DayMixin, RecordPage):
    """Stints, with their status on a chosen day."""

    form = ParticipationForm
    agency_path = "agency"
    resource_classes = [resources.ParticipationResource]
    acts = (PayDuesForm, SettleForm)
    list_display = ["agency", "number", "path", "status_shown", "withdrawn_on", "terminated_on"]
    list_filter = [StintStatusFilter, "path", "settlement"]
    list_select_related = ["agency"]
    search_fields = ["agency__name", "agency__public_body", "agency__ori"]
    search_help_text = "Agency, public body or ORI"
    autocomplete_fields = ["agency", "approval", "execution", "amended_approval", "amended_execution"]
    board_shown = paper_shown("board_paper", "Board's decision on file")
    empty_list = "No participation is recorded yet. A stint opens when the Board approves an application."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The stints with their status on the day."""
        rows: Any = super().get_queryset(request)
        return cast("QuerySet[Any]", rows.with_status_on(self.day_of(request)))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """How it began, by path; what ended it is not typed here."""
        on_file = ["board_shown"] if obj is not None and obj.board_paper_id else []
        upload = ["board_upload"] if self.has_change_permission(request, obj) or obj is None else []
        new = (
            "By Agreement §5.B",
            {"fields": ["board_approved_on", *on_file, *upload, "dues_required", "dues_paid_on"]},
        )
        amended = ("Under the amended agreement", {"fields": ["amended_approval", "amended_execution"]})
        endings = ("withdrawn_on", "terminated_on", "settlement", "settled_on", "settled_because")
        known = [name for name in endings if obj is not None and getattr(obj, name)]
        own = {None: [amended, new], Path.NEW.value: [new], Path.ORIGINAL.value: [amended]}[obj.path if obj else None]
        return [
            (None, {"fields": ["agency", "number", "path"]}),
            ("How it began", {"fields": ["approval", "execution"]}),
            (
                "Attested",
                {
                    "fields": ["attested_on", "attested_by", "attested_evidence"],
                    "description": "A document that shows it as participating, where its own papers are not on file.",
                    "classes": [] if obj is None or obj.attested_on else ["collapse"],
                },
            ),
            *own,
            *([("How it ended", {"fields": known})] if known else []),
            ("Note", {"fields": ["note"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What acts decide. A payment once recorded may be corrected."""
        decided = ["withdrawn_on", "terminated_on", "settlement", "settled_on", "settled_because", "board_shown"]
        if obj is None:
            return decided
        return ["agency", "number", "path", *decided, *([] if obj.dues_paid_on else ["dues_paid_on"])]

    def badge(self, record: Any) -> tuple[str, str]:
        """Its status on the day."""
        return (record.status, "") if record.status else ("prospect", "Not begun")

    def answers(self, request: HttpRequest, record: Participation) -> Iterable[Answer]:
        """Why the agency stands as it does; of a new agency, from which day it participates."""
        if record.path == Path.NEW:
            yield Answer("Participating from", joining.admission(record.stint))
        found = services.standing_of(record.agency, self.day_of(request)).finding
        yield Answer("The agency stands", found)

    @admin.display(description="Standing", ordering="status")
    def status_shown(self, record: Any) -> SafeString | str:
        """The badge on the day."""
        return badge(record.status) if record.status else "Not begun"


@admin.register(Application)
class ApplicationAdmin(RecordPage):
    """Applications: the checklist of Bylaws Art. III §4 and the Board's decision."""

    form = ApplicationForm
    agency_path = "agency"
    resource_classes = [resources.ApplicationResource]
    acts = (AdmitForm, DisapproveForm, TakeBackForm, SettleVoteForm)
    list_display = ["agency", "letter_on", "packet_shown", "decision_shown", "recommender"]
    list_filter = [OpenFilter, "decision", "out_of_order"]
    list_select_related = ["agency", "recommender"]
    search_fields = ["agency__name", "agency__public_body", "recommender__name"]
    search_help_text = "Agency, public body or recommender"
    autocomplete_fields = ["agency", "recommender", "approval", "execution"]
    letter_shown = paper_shown("letter", "Letter on file")
    recommendation_shown = paper_shown("recommendation", "Recommendation on file")
    decision_paper_shown = paper_shown("decision_paper", "Decision on file")
    empty_list = (
        "No agency has applied yet. Open an application from the agency's page when its letter of request comes in."
    )
    outcome = ["decision", "decided_on", "out_of_order", "decision_paper_shown", "participation"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The packet, piece by piece, as Bylaws Art. III §4 lists it."""
        open_ = (obj is None or not obj.decision) and (obj is None or self.has_change_permission(request, obj))
        letter = ["letter_shown"] if obj is not None and obj.letter_id else []
        recommended = ["recommendation_shown"] if obj is not None and obj.recommendation_id else []
        return [
            (None, {"fields": ["agency"]}),
            ("a) Letter of request", {"fields": ["letter_on", *letter, *(["letter_upload"] if open_ else [])]}),
            (
                "b) Recommendation",
                {
                    "fields": [
                        "recommender",
                        "recommended_on",
                        *recommended,
                        *(["recommendation_upload"] if open_ else []),
                    ]
                },
            ),
            ("c) Ordinance or resolution", {"fields": ["ordinance_copy", "approval"]}),
            ("d) Executed agreement", {"fields": ["executed_copy", "execution"]}),
            ("e) Other materials", {"fields": ["other_wanted", "other_received"]}),
            *([("The Board's decision", {"fields": self.outcome})] if obj is not None and obj.decision else []),
            ("Note", {"fields": ["note"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The decision always; the packet once it is decided."""
        shown = ["letter_shown", "recommendation_shown", *self.outcome]
        if obj is None:
            return shown
        if not obj.decision:
            return ["agency", *shown]
        packet = ["agency", "letter_on", "recommender", "recommended_on", "ordinance_copy", "approval", "executed_copy"]
        return [*packet, "execution", "other_wanted", "other_received", *shown]

    def answers(self, request: HttpRequest, record: Application) -> Iterable[Answer]:
        """Whether the packet is complete, whether the agency may participate, and what the Board weighs."""
        packet = services.packet_of(record)
        value = "" if packet.value is None else "Complete" if packet.value else "Not complete"
        yield Answer("Packet (Bylaws Art. III §4)", packet, value)
        yield Answer("May it participate? (Bylaws Art. III §3)", record.agency.eligible())

    def related(self, request: HttpRequest, record: Application) -> Sequence[Related]:
        """The nearest active agencies on the day of the letter, for those who may see other agencies."""
        if record.decision or not may(request, "view", Agency) or scope.agencies_of(request.user) is not None:
            return ()
        near = services.nearest_active(record.agency, record.letter_on)
        return [
            Related(
                f"Nearest active agencies on {in_words(record.letter_on)}",
                [Column("Agency"), Column("Miles", number=True)],
                [Row((other.name, f"{miles:.1f}"), address(other)) for other, miles in near],
                self._no_distance(record.agency),
            )
        ]

    def _no_distance(self, agency: Agency) -> str:
        if agency.latitude is None:
            return (
                f"Give the latitude and longitude of {agency} to see how near active agencies are (Bylaws Art. III §5)."
            )
        return "No active agency has its latitude and longitude recorded."

    @admin.display(description="Packet")
    def packet_shown(self, record: Application) -> SafeString:
        """How many of its five pieces are wanting; how the recommender stands is on the application's own page."""
        pieces = record.packet(True)
        found = joining.packet_complete(pieces)
        return badge("done", "All in") if found.value else badge("missing", f"{len(found.missing)} missing")

    @admin.display(description="Decision", ordering="decision")
    def decision_shown(self, record: Application) -> str:
        """How it ended and when, or that it is open."""
        said = record.get_decision_display() or "Open"
        when = f", {in_words(record.decided_on)}" if record.decided_on else ""
        return f"{said}{when}{', out of order' if record.out_of_order else ''}"
