"""The Secretary's papers: official correspondence, legal documents, and requests for minutes (Bylaws Art. VI §3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from board import resources
from board.admin.pages import BoardPage
from board.forms.registers import AnswerLetterForm, AnswerRequestForm, CorrespondenceForm, LegalDocumentForm
from board.models import Correspondence, LegalDocument, MinutesRequest
from documents.admin import paper_shown
from membership.models import Agency
from nipas_admin.shared.badges import badge
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import address


def scan_fields(page: Any, request: HttpRequest, record: Any, shown: str, upload: str, paper: str = "paper") -> Any:
    """The paper on file where there is one, and the field to choose its scan for those who may."""
    on_file = [shown] if record is not None and getattr(record, f"{paper}_id") else []
    return [*on_file, *([upload] if record is None or page.has_change_permission(request, record) else [])]


class AnswerFilter(admin.SimpleListFilter):
    """Whether a letter received still waits for its answer."""

    title = "answer"
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Those that wait, and those overdue."""
        return [("due", "Answer due"), ("overdue", "Answer overdue")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those."""
        if self.value() not in ("due", "overdue"):
            return queryset
        waiting = queryset.filter(answer_due_on__isnull=False, answered=False)
        return waiting.filter(answer_due_on__lt=timezone.localdate()) if self.value() == "overdue" else waiting


@admin.register(Correspondence)
class CorrespondenceAdmin(BoardPage):
    """Official correspondence, received and sent."""

    form = CorrespondenceForm
    resource_classes = [resources.CorrespondenceResource]
    acts = (AnswerLetterForm,)
    list_display = ["subject", "direction", "on", "party", "answer_shown"]
    list_filter = ["direction", AnswerFilter]
    list_select_related = ["agency"]
    date_hierarchy = "on"
    search_fields = ["subject", "party", "agency__name", "note"]
    search_help_text = "Subject, from or to whom, agency or note"
    autocomplete_fields = ["agency", "answers"]
    readonly_fields = ["paper_on_file"]
    radio_fields = {"direction": admin.HORIZONTAL}
    paper_on_file = paper_shown("paper", "Letter on file")
    empty_list = "No official correspondence is recorded yet. Record each letter received or sent, with its scan."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With whether it was answered."""
        answers = Correspondence.objects.filter(answers=OuterRef("pk"))
        rows: QuerySet[Any] = super().get_queryset(request).annotate(answered=Exists(answers))
        return rows

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The letter, its scan, and the answer."""
        scan = scan_fields(self, request, obj, "paper_on_file", "letter_upload")
        return [
            (None, {"fields": ["direction", "on", "party", "agency", "subject"]}),
            ("The letter", {"fields": scan}),
            ("Answers", {"fields": ["answer_due_on", "answers"]}),
            ("Note", {"fields": ["note"]}),
        ]

    def agency_of(self, record: Any) -> Agency | None:
        """None: whoever records a letter goes on to the next, not to the agency."""
        return None

    def badge(self, record: Any) -> tuple[str, str]:
        """Whether it waits for an answer."""
        return answer_of(record)

    def related(self, request: HttpRequest, record: Correspondence) -> Sequence[Related]:
        """The letters that answer it, and the one it answers."""
        rows = [Row((row.subject, "Answers this", in_words(row.on)), address(row)) for row in record.answered_by.all()]
        if record.answers is not None:
            rows.append(
                Row((record.answers.subject, "Is answered", in_words(record.answers.on)), address(record.answers))
            )
        columns = [Column("Letter"), Column(""), Column("On")]
        return [Related("Belongs to it", columns, rows, "")] if rows else []

    @admin.display(description="Answer", ordering="answer_due_on")
    def answer_shown(self, record: Any) -> str | SafeString:
        """Whether it waits for one."""
        kind, word = answer_of(record)
        return badge(kind, word) if kind else ""


def answer_of(record: Any) -> tuple[str, str]:
    """The badge of a letter's answer and its word; empty where none is expected."""
    if record.answered:
        return "done", "Answered"
    if record.answer_due_on is None:
        return "", ""
    overdue = record.answer_due_on < timezone.localdate()
    return ("overdue" if overdue else "open"), f"Answer {'was ' if overdue else ''}due {in_words(record.answer_due_on)}"


@admin.register(LegalDocument)
class LegalDocumentAdmin(BoardPage):
    """Charters, contracts and other legal documents."""

    form = LegalDocumentForm
    resource_classes = [resources.LegalDocumentResource]
    list_display = ["title", "dated_on", "parties", "in_force_until_on", "kept_where", "on_file"]
    list_filter = [("in_force_until_on", admin.EmptyFieldListFilter)]
    search_fields = ["title", "parties", "note"]
    search_help_text = "Title, parties or note"
    readonly_fields = ["paper_on_file"]
    paper_on_file = paper_shown("paper", "Document on file")
    empty_list = (
        "No charter or legal document is recorded yet. The Secretary maintains them (Bylaws Art. VI §3): record each "
        "with its scan, and where the original is kept."
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What it is, the scan, where it lies."""
        return [
            (None, {"fields": ["title", "dated_on", "parties", "in_force_until_on"]}),
            (
                "The document",
                {"fields": [*scan_fields(self, request, obj, "paper_on_file", "document_upload"), "kept_where"]},
            ),
            ("Note", {"fields": ["note"]}),
        ]

    @admin.display(description="On file", ordering="paper")
    def on_file(self, record: LegalDocument) -> str:
        """Whether its scan is here."""
        return "Yes" if record.paper_id else "No"


@admin.register(MinutesRequest)
class MinutesRequestAdmin(BoardPage):
    """Requests for minutes, and what was answered."""

    resource_classes = [resources.MinutesRequestResource]
    acts = (AnswerRequestForm,)
    list_display = ["asked_by", "asked_on", "meetings_shown", "answer_shown"]
    list_filter = [("answered_on", admin.EmptyFieldListFilter)]
    search_fields = ["asked_by", "agency__name", "answer"]
    search_help_text = "Who asked, agency or answer"
    autocomplete_fields = ["agency", "meetings"]
    readonly_fields = ["answered_on", "answer"]
    empty_list = (
        "Nobody has asked for minutes. They are available on request (Bylaws Art. IV §6): record each request and what "
        "was sent."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the meetings, in one query more."""
        return super().get_queryset(request).prefetch_related("meetings")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The request; the answer once there is one."""
        answered = (
            [("The answer", {"fields": ["answered_on", "answer"]})] if obj is not None and obj.answered_on else []
        )
        return [(None, {"fields": ["asked_on", "asked_by", "agency", "meetings"]}), *answered]

    def badge(self, record: MinutesRequest) -> tuple[str, str]:
        """Whether it is answered."""
        return ("done", "Answered") if record.answered_on else ("open", "Waits for an answer")

    @admin.display(description="Minutes of")
    def meetings_shown(self, record: MinutesRequest) -> str:
        """Which meetings."""
        return "; ".join(map(str, record.meetings.all()))

    @admin.display(description="Answer", ordering="answered_on")
    def answer_shown(self, record: MinutesRequest) -> str | SafeString:
        """What was sent and when; or that it waits."""
        if record.answered_on is None:
            return badge("open", "Waits for an answer")
        return f"{in_words(record.answered_on)}: {record.answer}"
