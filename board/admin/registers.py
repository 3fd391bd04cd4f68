"""What the Board keeps beside its meetings: objections, committees, operational plans, staff, a dissolution."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.utils import timezone
from django.utils.safestring import SafeString

from board import resources, services
from board.admin.pages import BoardPage
from board.forms.registers import MembersFormSet, ObjectionForm, PlanForm, ReviewForm, TakeBackForm
from board.models import (
    Committee,
    CommitteeMember,
    Dissolution,
    DissolutionStep,
    Meeting,
    Objection,
    OperationalPlan,
    PlanReview,
    StaffAppointment,
)
from documents.admin import paper_shown
from nipas_admin.shared.admin import RecordTabular
from nipas_admin.shared.badges import badge
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.day import day_of
from nipas_admin.shared.findings import not_determined
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import Answer, address, may


class StateFilter(admin.SimpleListFilter):
    """Whether something still waits."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Open or settled."""
        return [("open", "Waits for the vote"), ("settled", "Voted on or taken back")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those."""
        waiting = {"decided_on__isnull": True, "taken_back_on__isnull": True}
        if self.value() == "open":
            return queryset.filter(**waiting)
        return queryset.exclude(**waiting) if self.value() == "settled" else queryset


@admin.register(Objection)
class ObjectionAdmin(BoardPage):
    """Objections of agencies to rules or actions of the Board."""

    form = ObjectionForm
    resource_classes = [resources.ObjectionResource]
    acts = (TakeBackForm,)
    list_display = ["title", "received_on", "against_shown", "state_shown"]
    list_filter = [StateFilter, "upheld"]
    list_select_related = ["agency"]
    search_fields = ["agency__name", "against", "reason"]
    search_help_text = "Agency, what it objects to, or its reason"
    autocomplete_fields = ["agency", "motion"]
    readonly_fields = ["letter_shown", "decided_on", "upheld", "set_aside_on", "taken_back_on"]
    letter_shown = paper_shown("letter", "Letter on file")
    empty_list = (
        "No agency has objected. Record an objection the day it comes: it goes on the agenda of the next annual or "
        "special meeting by itself (Bylaws Art. IV §8)."
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What it is against, the letter, and what became of it."""
        upload = ["letter_upload"] if obj is None or self.has_change_permission(request, obj) else []
        shown = ["letter_shown"] if obj is not None and obj.letter_id else []
        settled = []
        if obj is not None and obj.decided_on:
            settled = [("The vote", {"fields": ["decided_on", "upheld", *(["set_aside_on"] if obj.upheld else [])]})]
        elif obj is not None and obj.taken_back_on:
            settled = [("Taken back", {"fields": ["taken_back_on"]})]
        return [
            (None, {"fields": ["agency", "received_on", "against", "motion", "reason"]}),
            ("The letter", {"fields": [*shown, *upload]}),
            *settled,
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What the vote set; and all of it once it is settled."""
        settled = obj is not None and not obj.is_open
        return [*self.readonly_fields, *(["agency", "received_on", "against", "motion", "reason"] if settled else [])]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save; an open objection goes on the next agenda by itself."""
        super().save_related(request, form, formsets, change)
        services.refresh_coming()

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """To its own page, which says on which agenda it is."""
        return HttpResponseRedirect(address(obj))

    def badge(self, record: Objection) -> tuple[str, str]:
        """Where it stands."""
        return state_of(record)

    def answers(self, request: HttpRequest, record: Objection) -> Iterable[Answer]:
        """Where it stands, and the outcome of the vote with its arithmetic."""
        yield Answer("Where it stands", services.standing_of_objection(record))
        for motion in record.motions.filter(state__in=["carried", "failed"]).select_related("meeting", "bylaws"):
            yield _vote(motion)

    def related(self, request: HttpRequest, record: Objection) -> Sequence[Related]:
        """On which agendas it stands or stood."""
        items = record.agenda_items.filter(dropped=False).select_related("meeting").order_by("-meeting__starts_at")
        rows = [
            Row(
                (str(item.meeting), Meeting.State(item.meeting.state).label, item.title),
                address(item.meeting) if may(request, "view", Meeting) else "",
            )
            for item in items
        ]
        empty = "It is on no agenda yet: it goes on the next annual or special meeting that is called."
        columns = [Column("Meeting"), Column("State"), Column("Item")]
        return [Related("Agendas", columns, rows, empty if record.is_open else "It was on no agenda.")]

    @admin.display(description="Objection of", ordering="agency__name")
    def title(self, record: Objection) -> str:
        """The agency."""
        return record.agency.name

    @admin.display(description="Objects to", ordering="against")
    def against_shown(self, record: Objection) -> str:
        """The beginning of what it is against."""
        text: str = record.against
        return text if len(text) <= 100 else f"{text[:99].rstrip()}…"

    @admin.display(description="State", ordering="decided_on")
    def state_shown(self, record: Objection) -> SafeString:
        """Where it stands."""
        return badge(*state_of(record))


def _vote(motion: Any) -> Answer:
    """The outcome of a vote, with its arithmetic."""
    outcome = services.outcome_of(motion)
    return Answer(f"Vote of {in_words(motion.meeting.on)}", outcome, "Carried" if outcome.value else "Not carried")


def state_of(record: Objection) -> tuple[str, str]:
    """The badge of an objection and its word."""
    if record.taken_back_on:
        return "closed", "Taken back"
    if record.decided_on is None:
        return "open", "Waits for the vote"
    return ("done", "Upheld") if record.upheld else ("closed", "Not upheld")


class MemberInline(RecordTabular):
    """Who is on the committee."""

    model = CommitteeMember
    formset = MembersFormSet
    fields = ["official", "chairs", "from_on", "until_on"]
    autocomplete_fields = ["official"]
    verbose_name_plural = "members"
    show_change_link = False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """The field, without the little buttons that open one form upon another."""
        field: Any = super().formfield_for_dbfield(db_field, request, **options)
        for name in ("add", "change", "view"):
            if hasattr(getattr(field, "widget", None), f"can_{name}_related"):
                setattr(field.widget, f"can_{name}_related", False)
        return field


@admin.register(Committee)
class CommitteeAdmin(BoardPage):
    """Committees, each with its members; the Nominating Committee held to Bylaws Art. V §8."""

    resource_classes = [resources.CommitteeResource]
    change_form_template = "board/wide_page.html"
    inlines = [MemberInline]
    list_display = ["name", "kind", "members_shown", "created_on", "dissolved_on"]
    list_filter = ["kind", ("dissolved_on", admin.EmptyFieldListFilter)]
    search_fields = ["name", "purpose", "members__official__name"]
    search_help_text = "Name, purpose or a member"
    empty_list = (
        "There is no committee yet. The President creates committees (Bylaws Art. XII), and before each election the "
        "Nominating Committee: three members of the Board, none an Officer (Art. V §8)."
    )
    fieldsets = [
        (None, {"fields": ["name", "kind", "purpose"]}),
        ("Created and dissolved", {"fields": ["created_on", "created_by", "dissolved_on"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the members' names, in one query more."""
        return super().get_queryset(request).prefetch_related("members__official")

    def answers(self, request: HttpRequest, record: Committee) -> Iterable[Answer]:
        """Of the Nominating Committee: whether it is in order on the day."""
        if record.kind != Committee.Kind.NOMINATING or record.dissolved_on is not None:
            return
        day = day_of(request).chosen
        try:
            found = services.nominating_committee_on(record, day)
        except ValidationError as open_:
            found = not_determined(*open_.messages)
        yield Answer("In order for nominations?", found)

    @admin.display(description="Members")
    def members_shown(self, record: Committee) -> str:
        """Those on it today."""
        today = timezone.localdate()
        on_it = [row for row in record.members.all() if _covers(row.from_on, row.until_on, today)]
        return ", ".join(f"{row.official.name}{' (chair)' if row.chairs else ''}" for row in on_it)


def _covers(start: date, end: date | None, day: date) -> bool:
    return start <= day and (end is None or end > day)


class ReviewInline(RecordTabular):
    """Reviews and tests, done and due."""

    model = PlanReview
    fields = ["kind", "due_on", "done_on", "result"]
    show_change_link = False


class DueFilter(admin.SimpleListFilter):
    """Whether a review or test is overdue."""

    title = "review"
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Overdue, or in use at all."""
        return [("overdue", "Overdue"), ("in_use", "In use")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those."""
        rows: Any = queryset
        today = timezone.localdate()
        if self.value() == "overdue":
            rows = rows.in_use_on(today).filter(due_on__lte=today)
        elif self.value() == "in_use":
            rows = rows.in_use_on(today)
        return cast("QuerySet[Any]", rows)


@admin.register(OperationalPlan)
class OperationalPlanAdmin(BoardPage):
    """The operational plan and what goes with it: versions, reviews, tests, and when the next is due."""

    form = PlanForm
    resource_classes = [resources.OperationalPlanResource]
    change_form_template = "board/wide_page.html"
    acts = (ReviewForm,)
    inlines = [ReviewInline]
    list_display = ["title", "kind", "edition", "adopted_on", "next_due", "replaced_on"]
    list_filter = [DueFilter, "kind"]
    search_fields = ["title", "edition"]
    autocomplete_fields = ["motion"]
    readonly_fields = ["paper_on_file"]
    paper_on_file = paper_shown("paper", "Document on file")
    empty_list = (
        "No operational plan is recorded yet. Add the version in use, with the document: the register then says when "
        "it is to be reviewed and tested (Agreement §3.I, Bylaws Art. IV §9)."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the next day due."""
        rows: Any = super().get_queryset(request)
        return cast("QuerySet[Any]", rows.with_next_due())

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Which version it is, the document, how often it is reviewed."""
        upload = ["document_upload"] if obj is None or self.has_change_permission(request, obj) else []
        shown = ["paper_on_file"] if obj is not None and obj.paper_id else []
        return [
            (None, {"fields": ["kind", "title", "edition", "adopted_on", "motion", "replaced_on"]}),
            ("The document", {"fields": [*shown, *upload]}),
            ("Reviews and tests", {"fields": ["review_months"]}),
            ("Note", {"fields": ["note"]}),
        ]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save; a plan in use always has a day for its next review, which goes on an agenda by itself."""
        super().save_related(request, form, formsets, change)
        services.schedule_review(plan=form.instance)
        services.refresh_coming()

    def answers(self, request: HttpRequest, record: OperationalPlan) -> Iterable[Answer]:
        """When the next review or test is due, while it is in use."""
        if record.replaced_on is None:
            yield Answer("Next review or test due", services.next_review_of(record))

    def badge(self, record: Any) -> tuple[str, str]:
        """Replaced; else whether a review is overdue."""
        if record.replaced_on:
            return "ended", f"Replaced {in_words(record.replaced_on)}"
        overdue = record.due_on is not None and record.due_on <= timezone.localdate()
        return ("overdue", "Review overdue") if overdue else ("active", "In use")

    @admin.display(description="Next due", ordering="due_on")
    def next_due(self, record: Any) -> str | SafeString:
        """The day of the next review or test."""
        if record.replaced_on or record.due_on is None:
            return ""
        overdue = record.due_on <= timezone.localdate()
        return badge("overdue", f"Overdue since {in_words(record.due_on)}") if overdue else in_words(record.due_on)


@admin.register(StaffAppointment)
class StaffAppointmentAdmin(BoardPage):
    """System Manager, Team Coordinators and other staff, appointed and discharged by the Board."""

    resource_classes = [resources.StaffAppointmentResource]
    list_display = ["name", "post", "from_on", "until_on"]
    list_filter = ["post", ("until_on", admin.EmptyFieldListFilter)]
    search_fields = ["name", "duties"]
    autocomplete_fields = ["appointed_by", "discharged_by"]
    empty_list = (
        "No staff is recorded yet. The Board appoints and discharges the System Manager and the Team Coordinators "
        "(Bylaws Art. VIII)."
    )
    fieldsets = [
        (None, {"fields": ["name", "post", "duties"]}),
        ("Appointed and discharged by the Board", {"fields": ["from_on", "appointed_by", "until_on", "discharged_by"]}),
    ]


class StepInline(RecordTabular):
    """The steps of the winding up."""

    model = DissolutionStep
    fields = ["step", "done_on", "note"]
    readonly_fields = ["step"]
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: the bylaws set the steps."""
        return False


@admin.register(Dissolution)
class DissolutionAdmin(BoardPage):
    """A dissolution that the agencies voted: its last day, and how far the winding up has come."""

    resource_classes = [resources.DissolutionResource]
    change_form_template = "board/wide_page.html"
    inlines = [StepInline]
    list_display = ["title", "voted_on", "by_on", "steps_left"]
    list_select_related = ["motion__meeting"]
    readonly_fields = ["motion", "voted_on", "by_on"]
    fieldsets = [(None, {"fields": ["motion", "voted_on", "by_on"]})]
    empty_list = (
        "The agencies have not voted to dissolve. Such a vote, three quarters of all active agencies, opens the steps "
        "here by itself (Bylaws Art. XVII)."
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: the vote opens it."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the steps, in one query more."""
        return super().get_queryset(request).prefetch_related("steps")

    def answers(self, request: HttpRequest, record: Dissolution) -> Iterable[Answer]:
        """The last day and the vote."""
        yield Answer("Dissolved by", services.last_day_of(record))
        yield _vote(record.motion)

    @admin.display(description="Dissolution", ordering="voted_on")
    def title(self, record: Dissolution) -> str:
        """Its name."""
        return str(record)

    @admin.display(description="Steps left")
    def steps_left(self, record: Dissolution) -> str:
        """How many are to be done."""
        steps = list(record.steps.all())
        return f"{sum(step.done_on is None for step in steps)} of {len(steps)}"
