"""Minutes: written on one page, circulated, approved by a motion, then kept as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from board import resources, services
from board.admin.filters import MinutesStateFilter, MinutesYearFilter
from board.admin.pages import BoardPage
from board.admin.shown import MINUTES_BADGES, minutes_badge
from board.forms.minutes import CirculateForm, CorrectMinutesForm, MinutesForm, OpenToPublicForm
from board.models import Meeting, Minutes
from board.rules.motions import Kind
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import Answer, Button, address


@admin.register(Minutes)
class MinutesAdmin(BoardPage):
    """Minutes of meetings: begun by the call to order, never added by hand."""

    form = MinutesForm
    change_form_template = "board/record_page.html"
    acts = (CirculateForm, OpenToPublicForm, CorrectMinutesForm)
    resource_classes = [resources.MinutesResource]
    list_display = ["meeting", "state_shown", "circulated_on", "approved_shown", "public_on"]
    list_filter = [MinutesStateFilter, "meeting__kind", MinutesYearFilter]
    list_select_related = ["meeting", "approved"]
    search_fields = ["meeting__place", "meeting__agenda__title", "meeting__agenda__minutes_text", "opening", "closing"]
    search_help_text = "Place, agenda items, or words in the minutes"
    ordering = ["-meeting__starts_at"]
    empty_list = "No minutes yet. They begin with the call to order of a meeting."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The minutes with their meeting and approval."""
        rows = super().get_queryset(request).select_related("meeting__bylaws", "approved__motion__meeting")
        return rows.prefetch_related("meeting__pauses")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: they begin with the call to order."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As the role says, until they are approved: then they stay as they are."""
        return super().has_change_permission(request, obj) and not (obj is not None and obj.frozen)

    @admin.display(description="State")
    def state_shown(self, minutes: Minutes) -> SafeString:
        """The badge."""
        return minutes_badge(minutes)  # type: ignore[no-any-return]

    @admin.display(description="Approved", ordering="approved__approved_on")
    def approved_shown(self, minutes: Minutes) -> str:
        """The day, once they are."""
        return in_words(minutes.approved.approved_on) if minutes.frozen else ""

    # The page

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form; the paragraphs come from the agenda, not from the record."""
        stored = [] if obj is not None and obj.frozen else ["opening", "closing"]
        return super().get_form(request, obj, change=change, **{**kwargs, "fields": stored})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The draft in its order; of approved minutes only what is known of them."""
        if obj is None or obj.frozen or not self.has_change_permission(request, obj):
            return [(None, {"fields": ["meeting", "circulated_on", "circulated_to", "public_on"]})]
        paragraphs = MinutesForm(instance=obj).paragraphs
        return [
            (None, {"fields": ["meeting"]}),
            ("Before the first item", {"fields": ["opening"], "classes": ["paragraphs"]}),
            *([("Item by item", {"fields": paragraphs, "classes": ["paragraphs"]})] if paragraphs else []),
            ("After the last item", {"fields": ["closing"], "classes": ["paragraphs"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What acts record."""
        return ["meeting", "circulated_on", "circulated_to", "public_on"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The minutes, and the paragraphs of their items."""
        super().save_model(request, obj, form, change)
        form.write()

    def badge(self, record: Minutes) -> tuple[str, str]:
        """How far they have come."""
        state = Minutes.State(record.state)
        return MINUTES_BADGES[state], str(state.label)

    def buttons(self, request: HttpRequest, record: Minutes) -> Iterator[Button]:
        """The acts; and the motion that approves them, at the next meeting of the same body."""
        yield from super().buttons(request, record)
        coming = next_of_body(record.meeting)
        if not record.frozen and record.circulated_on and coming and request.user.has_perm("board.add_motion"):
            query = urlencode({"kind": Kind.MINUTES.value, "minutes": record.pk})
            move = reverse("admin:board_meeting_move", args=[coming.pk])
            yield Button(f"Move their approval, {in_words(coming.on)}", f"{move}?{query}")

    def answers(self, request: HttpRequest, record: Minutes) -> Iterable[Answer]:
        """Approved by whom and under which digest; and the clocks that run."""
        if record.frozen:
            approved = record.approved
            facts = (
                Fact(f"approved by {str(approved.motion)[0].lower()}{str(approved.motion)[1:]}", approved.approved_on),
                Fact(f"content kept under SHA-256 {approved.sha256}"),
            )
            yield Answer("Approved", Finding(True, facts), in_words(approved.approved_on))
        else:
            yield Answer("Approved", Finding(False, (), tuple(_wanting(record))), "Not yet")
        for clock in services.clocks_of(record.meeting):
            if clock.due_at is None:
                state = {True: "Done in time", False: "Done late", None: "Open"}[clock.done]
                yield Answer(f"{clock.what} by {clock.due}", clock.finding, state)

    def related(self, request: HttpRequest, record: Minutes) -> Sequence[Related]:
        """What the minutes say, for those who do not write them; and corrections of approved ones."""
        read_only = not self.has_change_permission(request, record)
        return [*(self._items(record) if read_only else ()), *self._corrections(record)]

    def _items(self, record: Minutes) -> Iterator[Related]:
        """Item by item: once approved, exactly what was frozen."""
        rows = [Row((title, text)) for title, text in _paragraphs(services.compose(record.meeting)["items"])]
        yield Related("What they say, item by item", [Column("Item"), Column("Paragraph")], rows, "No item.")

    def _corrections(self, record: Minutes) -> Iterator[Related]:
        rows = [
            Row((in_words(one.corrected_on), one.text, one.motion or ""), address(one.motion) if one.motion else "")
            for one in record.corrections.select_related("motion__meeting")
        ]
        if rows:
            yield Related("Corrections", [Column("On"), Column("Correction"), Column("By motion")], rows, "")


def _wanting(minutes: Minutes) -> Iterator[str]:
    if minutes.meeting.adjourned_at is None:
        yield "the end of the meeting: it is not adjourned yet"
    if minutes.circulated_on is None:
        yield "the circulation of the draft"
    yield "a motion of a later meeting"


def _paragraphs(items: list[dict[str, Any]], prefix: str = "") -> Iterator[tuple[str, str]]:
    for place, item in enumerate(items, 1):
        yield f"{prefix}{place}. {item['title']}", item["paragraph"]
        yield from _paragraphs(item["items"], f"{prefix}{place}.")


def next_of_body(meeting: Meeting) -> Meeting | None:
    """The next meeting of the same body that is not over."""
    coming = Meeting.objects.standing().of_body(meeting.kind).after(meeting).filter(adjourned_at__isnull=True)
    found: Meeting | None = coming.first()
    return found
