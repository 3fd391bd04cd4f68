"""Meetings: the list, the page of one, its agenda, and the acts from call to adjournment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from board import resources, services
from board.admin.filters import MeetingStateFilter, MeetingYearFilter
from board.admin.meeting_page import STATE_BADGES, MeetingPage, call_another, state_badge
from board.admin.motion_kinds import choose_kind
from board.admin.pages import BoardPage
from board.forms.calling import CallForm, CancelForm, PostAgendaForm, SendNoticeForm
from board.forms.house import QuickItemForm
from board.forms.meetings import (
    AdjournForm,
    ByVoiceForm,
    CallToOrderForm,
    OpenElectionForm,
    ResumeForm,
    SuspendForm,
)
from board.forms.moving import MoveForm
from board.models import AgendaItem, Meeting
from board.rules.quorum import quorum_needed
from nipas_admin.shared.acts import ActForm
from nipas_admin.shared.admin import REFUSED
from nipas_admin.shared.choosing import is_key
from nipas_admin.shared.pages import Answer, Button, address

ARRANGED = {"leave_out": True, "put_back": False}
CARRIED = {"carry_over": True, "keep": False}


@admin.register(Meeting)
class MeetingAdmin(BoardPage):
    """Meetings of the Board and of the agencies."""

    change_form_template = "board/meeting_page.html"
    acts = (
        SendNoticeForm,
        PostAgendaForm,
        CallToOrderForm,
        ResumeForm,
        AdjournForm,
        MoveForm,
        OpenElectionForm,
        ByVoiceForm,
        SuspendForm,
        CancelForm,
    )
    resource_classes = [resources.MeetingResource]
    list_display = ["called_for", "kind", "state_shown", "place", "attendance_shown", "outcome_shown"]
    list_filter = ["kind", MeetingStateFilter, MeetingYearFilter]
    search_fields = ["place", "purpose", "agenda__title", "motions__text"]
    search_help_text = "Place, agenda items, or the text of a motion"
    ordering = ["-starts_at"]
    autocomplete_fields = ["presiding", "secretary"]
    empty_list = (
        "No meeting is in the register yet. Call the first one: what waits for it comes on its agenda by itself."
    )

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The meetings with what their state and their bylaws' figures are read from."""
        rows = super().get_queryset(request).select_related("bylaws", "minutes__approved")
        return rows.prefetch_related("pauses", "bylaws__thresholds")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list, each meeting with who came and what was decided: a fixed number of queries."""
        shown = super().get_changelist_instance(request)
        keys = [meeting.pk for meeting in shown.result_list]
        decided = {
            state: Count("motions", filter=Q(motions__state=state), distinct=True) for state in ("carried", "failed")
        }
        came = Count("roll", filter=Q(roll__entitled=True, roll__attendances__undone=False), distinct=True)
        counted = Meeting.objects.filter(pk__in=keys).order_by().annotate(came=came, **decided)
        by_key = {row["pk"]: row for row in counted.values("pk", "came", "carried", "failed")}
        for meeting in shown.result_list:
            meeting.counted = by_key[meeting.pk]
        return shown

    @admin.display(description="Called for", ordering="starts_at")
    def called_for(self, meeting: Meeting) -> str:
        """Day and hour."""
        return date_format(localtime(meeting.starts_at), "DATETIME_FORMAT")

    @admin.display(description="State")
    def state_shown(self, meeting: Meeting) -> SafeString:
        """The badge."""
        return state_badge(meeting)  # type: ignore[no-any-return]

    @admin.display(description="Attendance")
    def attendance_shown(self, meeting: Any) -> str:
        """Who came of those entitled, and the quorum."""
        if meeting.called_to_order_at is None:
            return ""
        terms = meeting.bylaws.terms if meeting.bylaws is not None else None
        needed = quorum_needed(meeting.body, meeting.entitled or 0, terms) if terms is not None else None
        return str(services.Attended(meeting.counted["came"], meeting.entitled or 0, needed))

    @admin.display(description="Motions")
    def outcome_shown(self, meeting: Any) -> str:
        """How many carried, how many failed."""
        said = [f"{many} {state}" for state in ("carried", "failed") if (many := meeting.counted[state])]
        return ", ".join(said)

    # Calling

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The act: kind, day and hour, place; what follows beforehand; then called."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self.run(request, self.act_form(request, CallForm, None))

    # The page of one meeting

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Its particulars; what is recorded by hand only where no figures are known."""
        by_hand = obj is not None and obj.called_to_order_at is not None and services.terms_of(obj) is None
        return [
            (None, {"fields": ["kind", "starts_at", "place", "remote_access", "called_by", "regular", "purpose"]}),
            ("Notice and agenda", {"fields": ["notice_on", "notice_to", "agenda_posted_at"]}),
            ("In the chair", {"fields": ["presiding", "presiding_as", "secretary"]}),
            *([("Recorded by hand", {"fields": ["quorum_by_hand", "by_hand_because"]})] if by_hand else []),
            ("Note", {"fields": ["note"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Its kind always; day, hour and the business of its call once it began."""
        if obj is not None and (obj.called_to_order_at is not None or obj.cancelled_on):
            return ["kind", "starts_at", "called_by", "purpose"]
        return ["kind"]

    def meeting_of(self, record: Any) -> Meeting | None:
        """Itself: whoever mends its details stays on its page."""
        return record  # type: ignore[no-any-return]

    def badge(self, record: Meeting) -> tuple[str, str]:
        """Where it is."""
        state = Meeting.State(record.state)
        return STATE_BADGES[state], str(state.label)

    def answers(self, request: HttpRequest, record: Meeting) -> Iterable[Answer]:
        """Quorum, notice, and what is out of order."""
        return MeetingPage(request, record).answers()

    def buttons(self, request: HttpRequest, record: Meeting) -> Iterator[Button]:
        """To run it, first; then the acts; then to call another."""
        running = list(MeetingPage(request, record).buttons())
        yield from running
        for button in super().buttons(request, record):
            yield Button(button.label, button.url, button.primary and not running)
        if self.has_add_permission(request):
            yield call_another(record)

    def page_of(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """Everything beside the form."""
        return {**super().page_of(request, record), **MeetingPage(request, record).context()}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **options: Any
    ) -> Any:
        """The page, with what its question of what if needs."""
        page = super().render_change_form(request, context, *args, obj=obj, **options)
        if obj is not None and "what_if_form" in context:
            page.context_data["media"] += context["what_if_form"].media
        return page

    # Recording a motion asks first of what kind

    def act_view(self, request: HttpRequest, object_id: str, act: type[ActForm]) -> HttpResponse:
        """The page of an act; a motion's kind is chosen first."""
        if act is MoveForm and "kind" not in request.GET:
            meeting = self.get_object(request, object_id)
            if meeting is not None and request.user.has_perm(act.permission) and act.applies_to(meeting):
                return choose_kind(request, meeting)
        return super().act_view(request, object_id, act)

    # The agenda

    def get_urls(self) -> list[Any]:
        """The stock pages, the acts, and the agenda's own part."""
        ours = path("<int:pk>/agenda/", self.admin_site.admin_view(self.agenda_view), name="board_meeting_agenda")
        return [ours, *super().get_urls()]

    def agenda_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Arrange the agenda by one step, and show it: alone when the page asks for that part, else the whole page."""
        meeting = self.get_object(request, str(pk))
        if meeting is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))  # type: ignore[no-any-return]
        if not self.has_change_permission(request, meeting):
            raise PermissionDenied
        refused: list[str] = []
        form = None
        if request.method == "POST":
            try:
                form = self._arrange(request, meeting)
            except REFUSED as refusal:
                refused = list(getattr(refusal, "messages", [str(refusal)]))
        if not getattr(request, "htmx", False):
            for said in refused:
                self.message_user(request, said, messages.ERROR)
            return HttpResponseRedirect(f"{address(meeting)}#agenda")
        shown = MeetingPage(request, meeting).agenda()
        return render(
            request, "board/_agenda.html", {**shown, "refused": refused, **({"new_item": form} if form else {})}
        )

    def _arrange(self, request: HttpRequest, meeting: Meeting) -> QuickItemForm | None:
        """Do the one step asked for. Returns the form of a new item when something in it needs another look."""
        do, key = request.POST.get("do", ""), request.POST.get("item", "")
        if do == "refresh":
            services.refresh_agenda(meeting)
        elif do == "add":
            form = QuickItemForm(request.POST)
            if not form.is_valid():
                return form
            services.add_item(meeting=meeting, **form.cleaned_data)
        item = meeting.agenda.filter(pk=key).first() if is_key(key) else None
        if item is None:
            return None
        if do in [step.value for step in services.Step]:
            services.move_item(item=item, step=services.Step(do))
        elif do in ARRANGED:
            services.leave_out(item=item, left_out=ARRANGED[do])
        elif do in CARRIED:
            services.carry_over(item=item, carried=CARRIED[do])
        return None


@admin.register(AgendaItem)
class AgendaItemAdmin(BoardPage):
    """One item of an agenda, changed from the page of its meeting."""

    list_display = ["title", "meeting", "sponsor", "source", "carry_over", "dropped"]
    list_filter = ["source", "carry_over", "dropped"]
    list_select_related = ["meeting"]
    search_fields = ["title", "detail", "sponsor"]
    search_help_text = "Title, detail or sponsor"
    empty_list = "No agenda has an item yet. Call a meeting, then arrange its agenda on the meeting's page."
    fieldsets = [
        (None, {"fields": ["meeting", "title", "detail", "sponsor", "minutes_allotted", "named_in_call"]}),
        ("In the minutes", {"fields": ["minutes_text"]}),
    ]
    readonly_fields = ["meeting"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody here: items are put on the agenda of a meeting, on its page."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Whether it is named in the call matters for a special meeting only; its paragraph once it has begun."""
        special = obj is not None and obj.meeting.kind == "special"
        first = ["meeting", "title", "detail", "sponsor", "minutes_allotted", *(["named_in_call"] if special else [])]
        begun = obj is not None and obj.meeting.called_to_order_at is not None
        return [(None, {"fields": first}), *([("In the minutes", {"fields": ["minutes_text"]})] if begun else [])]

    def meeting_of(self, record: Any) -> Meeting | None:
        """The meeting on whose agenda it stands."""
        return record.meeting  # type: ignore[no-any-return]
