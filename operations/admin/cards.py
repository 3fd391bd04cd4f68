"""Police Alarm Assignments: versions with their lines, what is wrong with them today, drafted and approved by acts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from documents.admin import RecordPage
from nipas_admin.shared import scope
from nipas_admin.shared.admin import RecordTabular
from nipas_admin.shared.badges import badge
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.pages import Answer
from operations import resources, services
from operations.forms.cards import ApproveCardForm, DraftCardForm
from operations.models import AlarmAssignment, AlarmLine


class AlarmLines(RecordTabular):
    """The lines of a card, open while it is a draft."""

    model = AlarmLine
    agency_path = "assignment__agency"
    fields = ["level", "order", "agency", "type", "quantity", "note", "dropped"]
    autocomplete_fields = ["agency", "type"]
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Those who may, to a draft."""
        return super().has_add_permission(request, obj) and _is_draft(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Those who may, in a draft."""
        return super().has_change_permission(request, obj) and _is_draft(obj)


def _is_draft(card: Any) -> bool:
    return card is None or card.approved_on is None


@admin.register(AlarmAssignment)
class AlarmAssignmentAdmin(RecordPage):
    """Alarm cards."""

    resource_classes = [resources.AlarmLineResource]
    agency_path = "agency"
    change_form_template = "operations/card_page.html"
    acts = (ApproveCardForm, DraftCardForm)
    inlines = [AlarmLines]
    fields = ["agency", "effective_on", "note"]
    autocomplete_fields = ["agency"]
    list_display = ["agency", "version_shown", "effective_on", "approved_on", "state_shown"]
    list_filter = [("approved_on", admin.EmptyFieldListFilter)]
    list_select_related = ["agency", "approved_by"]
    search_fields = ["agency__name"]
    search_help_text = "Agency"
    empty_list = "No alarm card yet: add one, then have its commanding officer approve it."

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Those who may, while it is a draft."""
        return super().has_change_permission(request, obj) and _is_draft(obj)

    def save_model(self, request: HttpRequest, obj: AlarmAssignment, form: Any, change: bool) -> None:
        """A new card takes the agency's next version."""
        if not change:
            last = AlarmAssignment.objects.filter(agency=obj.agency).order_by("-version").first()
            obj.version = (last.version if last else 0) + 1
        super().save_model(request, obj, form, change)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> Any:
        """To its lines."""
        return self.response_post_save_change(request, obj)

    @admin.display(description="Version", ordering="version")
    def version_shown(self, card: AlarmAssignment) -> str:
        """Its number."""
        return str(card.version)

    @admin.display(description="State")
    def state_shown(self, card: AlarmAssignment) -> SafeString:
        """Approved or a draft."""
        return badge("done", "Approved") if card.approved_on else badge("open", "Draft")

    def badge(self, record: AlarmAssignment) -> tuple[str, str]:
        """Approved or a draft."""
        return ("done", "Approved") if record.approved_on else ("open", "Draft")

    def answers(self, request: HttpRequest, record: AlarmAssignment) -> Iterable[Answer]:
        """What is wrong with it today; of other agencies an agency is told nothing."""
        if scope.agencies_of(request.user) is not None:
            return
        flags = services.check_assignments([record], timezone.localdate())[0].flags
        because = tuple(Fact(f"{flag.fault.label}: {flag.text}") for flag in flags)
        question = "Does the card hold today?"
        yield Answer(question, Finding(not flags, because or (Fact("nothing is wrong with it"),)))
