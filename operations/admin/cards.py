"""Police Alarm Assignments: versions with their lines, what is wrong with them today, drafted and approved by acts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, cast

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.safestring import SafeString

from documents.admin import RecordPage
from nipas_admin.shared import scope
from nipas_admin.shared.acts import ActForm
from nipas_admin.shared.admin import RecordTabular
from nipas_admin.shared.badges import badge
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.pages import Answer, Button, must, must_see_all
from operations import resources, services
from operations.book import start_book
from operations.forms.cards import AddNearbyForm, ApproveCardForm, DraftCardForm
from operations.models import AlarmAssignment, AlarmLine
from operations.rules.cards import ASSIGNMENTS


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


class CardStateFilter(admin.SimpleListFilter):
    """In effect, drafted, to come, or superseded."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every state."""
        return [("effect", "In effect"), ("draft", "Draft"), ("other", "To come, or superseded")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those in one state."""
        found = {
            "effect": queryset.filter(is_in_effect=True),
            "draft": queryset.filter(approved_on__isnull=True),
            "other": queryset.filter(is_in_effect=False, approved_on__isnull=False),
        }
        return found.get(self.value() or "", queryset)


@admin.action(description="Print: the book of these cards", permissions=["view"])
def print_book(page: Any, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse:
    """A run that binds the cards chosen, as far as they are in effect."""
    must(request, "operations.view_alarmassignment")
    must_see_all(request)
    keys = list(rows.order_by().values_list("pk", flat=True))
    return redirect("admin:jobs_job_change", start_book(timezone.localdate(), request.user, keys).pk)


@admin.register(AlarmAssignment)
class AlarmAssignmentAdmin(RecordPage):
    """Alarm cards."""

    resource_classes = [resources.AlarmLineResource]
    agency_path = "agency"
    change_form_template = "operations/card_page.html"
    acts = (ApproveCardForm, AddNearbyForm, DraftCardForm)
    actions = [print_book]
    inlines = [AlarmLines]
    fields = ["agency", "effective_on", "note"]
    autocomplete_fields = ["agency"]
    list_display = ["agency", "version_shown", "effective_on", "state_shown", "holds_shown"]
    list_filter = [CardStateFilter]
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

    def act_form(self, request: HttpRequest, act: type[ActForm], record: Any) -> ActForm:
        """The form of an act; those that draft know the day."""
        if act is not ApproveCardForm:
            act = cast("type[ActForm]", partial(act, today=timezone.localdate()))
        return super().act_form(request, act, record)

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With whether it is the one in effect today."""
        today = AlarmAssignment.objects.in_effect_on(timezone.localdate())
        rows = super().get_queryset(request).annotate(is_in_effect=Exists(today.filter(pk=OuterRef("pk"))))
        return cast("QuerySet[Any]", rows)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """As the room offers them; the book is for those who work for the whole body."""
        found = super().get_actions(request)
        if scope.agencies_of(request.user) is not None:
            found.pop("print_book", None)
        return found

    def get_list_display(self, request: HttpRequest) -> Any:
        """Of other agencies an agency is told nothing: not what is wrong with a card on which they stand."""
        own = scope.agencies_of(request.user)
        return self.list_display if own is None else [name for name in self.list_display if name != "holds_shown"]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list, each card in effect or drafted checked as of today: all of them in the same few queries."""
        found = super().get_changelist_instance(request)
        if scope.agencies_of(request.user) is None:
            rows = [row for row in found.result_list if row.is_in_effect or row.approved_on is None]
            checked = services.check_assignments(rows, timezone.localdate(), suggest=False)
            for row, one in zip(rows, checked, strict=True):
                row.checked = one
        return found

    @admin.display(description="Version", ordering="version")
    def version_shown(self, card: AlarmAssignment) -> str:
        """Its number."""
        return str(card.version)

    @admin.display(description="State", ordering="approved_on")
    def state_shown(self, card: AlarmAssignment) -> SafeString:
        """Where it stands."""
        return badge(*self.badge(card))

    @admin.display(description="Holds today?")
    def holds_shown(self, card: Any) -> SafeString | str:
        """Yes, or how much is wrong with it; nothing of what is not in use."""
        checked = getattr(card, "checked", None)
        if checked is None or checked.holds:
            return badge("done", "Yes") if checked else ""
        number = len(checked.faults)
        return badge("missing", f"No: {number} to look at" if number else "No: nobody on it")

    # The page

    def badge(self, record: Any) -> tuple[str, str]:
        """In effect, a draft, to come, or superseded."""
        if record.approved_on is None:
            return "open", "Draft"
        if record.is_in_effect:
            return "done", "In effect"
        if record.effective_on > timezone.localdate():
            return "notice_pending", f"From {in_words(record.effective_on)}"
        return "closed", "Superseded"

    def buttons(self, request: HttpRequest, record: AlarmAssignment) -> Iterator[Button]:
        """The acts; new agencies are added where there are some."""
        nothing = self.act_address(AddNearbyForm, record)
        shown = scope.agencies_of(request.user) is None and self._checked(request, record).suggestions
        yield from (button for button in super().buttons(request, record) if shown or button.url != nothing)

    def answers(self, request: HttpRequest, record: AlarmAssignment) -> Iterable[Answer]:
        """What is wrong with it today, and who came since; of other agencies an agency is told nothing."""
        if scope.agencies_of(request.user) is not None:
            return
        checked = self._checked(request, record)
        agreed = ASSIGNMENTS[:1]
        well = "every agency on it is active, and can send what it is asked for"
        because = tuple(Fact(f"{flag.fault.label}: {flag.text}", citations=agreed) for flag in checked.faults)
        nothing = Fact(well if checked.holds else "nobody stands on it yet", citations=agreed)
        yield Answer("Does the card hold today?", Finding(checked.holds, because or (nothing,)))
        if checked.suggestions:
            new = tuple(Fact(flag.text) for flag in checked.suggestions)
            number = len(new)
            yield Answer(
                "Who could be added?",
                Finding(number, new),
                f"{number} {'agency' if number == 1 else 'agencies'} nearby",
            )

    def _checked(self, request: HttpRequest, record: AlarmAssignment) -> services.Checked:
        """The card as of today, looked at once for one page."""
        known: dict[int, services.Checked] = request.__dict__.setdefault("_checked_cards", {})
        if record.pk not in known:
            known[record.pk] = services.check_assignments([record], timezone.localdate())[0]
        return known[record.pk]
