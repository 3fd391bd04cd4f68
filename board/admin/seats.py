"""The seats of the Board, and the terms of office of those who sat in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from board import resources
from board.board_page import terms_of_seat
from board.forms.seats import CorrectTermForm, EndTermForm, InstallForm, SucceedForm, TermForm
from board.models import OfficeTerm, Seat
from board.next_steps import NextSteps, badge_of, how_filled
from board.services import BoardOnDay, SeatOnDay, board_on
from documents.admin import RecordPage
from membership.models import Agency
from nipas_admin.shared.badges import badge
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.day import DayChangeList, DayMixin, day_of
from nipas_admin.shared.findings import Fact, Finding, not_determined
from nipas_admin.shared.furniture import Related
from nipas_admin.shared.pages import Answer, Button


class SeatList(DayChangeList):
    """The seats, each as it stands on the day."""

    def get_results(self, request: HttpRequest) -> None:
        """The rows, each with how it stands: the same few queries whatever the history."""
        super().get_results(request)
        found = _seats_on(request)
        for seat in self.result_list:
            seat.found = found.get(seat.pk)


def _board(request: HttpRequest) -> BoardOnDay | None:
    """The Board on the day of the request; None where no bylaws cover it."""
    try:
        return board_on(day_of(request).chosen)
    except ValidationError:
        return None


def _seats_on(request: HttpRequest) -> dict[int, SeatOnDay]:
    board = _board(request)
    return {one.seat.pk: one for one in board.seats} if board else {}


@admin.register(Seat)
class SeatAdmin(DayMixin, RecordPage):
    """The eleven seats: who is in each on a day, why, and what comes next. Seats are not added: the bylaws set them."""

    resource_classes = [resources.SeatResource]
    acts = (SucceedForm,)
    list_display = ["name", "standing", "holder_shown", "agency_shown", "since", "runs_to"]
    list_display_links = ["name"]
    search_fields = ["office"]
    fieldsets = [(None, {"fields": ["office"]})]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: Bylaws Art. IV §1 sets the seats."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: what changes is who sits in them."""
        return False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DayChangeList]:
        """The list that knows the Board of the day."""
        return SeatList

    def get_resource(self, request: HttpRequest) -> Any:
        """The table of the seats, on the day of the list."""
        resource: Any = super().get_resource(request)
        resource.day = day_of(request).chosen
        return resource

    def buttons(self, request: HttpRequest, record: Seat) -> Iterator[Button]:
        """What comes next for the seat as it stands."""
        board = _board(request)
        if board is None:
            return
        steps = NextSteps(request, board)
        for one in board.seats:
            if one.seat.pk == record.pk:
                yield from steps.of(one)

    def answers(self, request: HttpRequest, record: Seat) -> Iterable[Answer]:
        """How it stands on the day and why; how it is filled while it is vacant."""
        day = day_of(request).chosen
        try:
            board = board_on(day)
        except ValidationError as open_:
            yield Answer("On this day", not_determined(*open_.messages))
            return
        for one in board.seats:
            if one.seat.pk == record.pk:
                yield Answer(f"On {in_words(day)}", one.finding)
                filled = how_filled(one, day)
                if filled is not None:
                    so = Fact("as the bylaws say", citations=filled.citations)
                    yield Answer("How it is filled", Finding(filled.text, (so,)), capfirst(filled.text))

    def related(self, request: HttpRequest, record: Seat) -> Sequence[Related]:
        """Everybody who ever sat in it."""
        return [terms_of_seat(record, request)]

    @admin.display(description="Seat", ordering="pk")
    def name(self, seat: Seat) -> str:
        """Its name."""
        return str(seat)

    @admin.display(description="Standing")
    def standing(self, seat: Any) -> SafeString:
        """Its badge on the day."""
        return badge(*badge_of(seat.found)) if seat.found else badge("not_determined")

    @admin.display(description="Holder")
    def holder_shown(self, seat: Any) -> str:
        """Who is in it."""
        return seat.found.holder.name if seat.found and seat.found.holder else ""

    @admin.display(description="Agency")
    def agency_shown(self, seat: Any) -> str:
        """The holder's agency."""
        return seat.found.holder.agency.name if seat.found and seat.found.holder else ""

    @admin.display(description="Since")
    def since(self, seat: Any) -> str:
        """Since when the holder is in it."""
        return in_words(seat.found.term.from_on) if seat.found and seat.found.holder else ""

    @admin.display(description="Term runs to")
    def runs_to(self, seat: Any) -> str:
        """When the term would end."""
        until = seat.found.term.until_on if seat.found and seat.found.holder else None
        return in_words(until) if until else ""


class OpenTermFilter(admin.SimpleListFilter):
    """Whether the term has ended."""

    title = "term"
    parameter_name = "term"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Open or ended."""
        return [("open", "Not ended"), ("ended", "Ended")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those."""
        return queryset.filter(ended_on__isnull=self.value() == "open") if self.value() else queryset


@admin.register(OfficeTerm)
class OfficeTermAdmin(RecordPage):
    """Terms of office, by seat. One begins on the act's own page; a successor or an act ends it."""

    form = TermForm
    resource_classes = [resources.OfficeTermResource]
    acts = (EndTermForm, CorrectTermForm)
    list_display = ["seat_shown", "holder_shown", "agency_shown", "from_on", "until_on", "ended_shown"]
    list_filter = [OpenTermFilter, "seat__office", "how", "ended_why"]
    list_select_related = ["seat", "holder__agency"]
    search_fields = ["holder__name", "holder__agency__name"]
    search_help_text = "Holder or agency"
    readonly_fields = [
        "seat_shown", "holder_shown", "agency_shown", "how", "from_on", "until_on", "remainder", "ended_on",
        "ended_why", "motion", "election",
    ]  # fmt: skip
    empty_list = (
        "Nobody's term is recorded yet. Appoint or install whoever sits on the Board today; import the terms of "
        "earlier years from a table with the columns seat, agency, holder, from_on and ended_on."
    )

    def agency_of(self, record: OfficeTerm) -> Agency:
        """The holder's agency."""
        return record.holder.agency

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The act: seat, person, day; whether the person may be chosen and who leaves; then recorded."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        known = {name: request.GET[name] for name in InstallForm.base_fields if request.GET.get(name)}
        if not known.get("seat", "0").isdecimal():
            del known["seat"]
        return self.run(request, InstallForm(request.POST or None, subject=None, user=request.user, initial=known))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The term; its end once there is one; how it came about."""
        ended = [("Its end", {"fields": ["ended_on", "ended_why"]})] if obj is not None and obj.ended_on else []
        rests_on = [name for name in ("motion", "election") if obj is not None and getattr(obj, f"{name}_id")]
        appointed = ["appointed_by"] if obj is not None and obj.how == OfficeTerm.How.APPOINTED else []
        return [
            (None, {"fields": ["seat_shown", "holder_shown", "agency_shown", "from_on", "until_on", "remainder"]}),
            ("How the holder came in", {"fields": ["how", *appointed, *rests_on]}),
            *ended,
            ("Note", {"fields": ["note"]}),
        ]

    def buttons(self, request: HttpRequest, record: OfficeTerm) -> Iterator[Button]:
        """To end it and to correct it, neither of which is what one comes for."""
        yield from (Button(button.label, button.url) for button in super().buttons(request, record))

    def badge(self, record: OfficeTerm) -> tuple[str, str]:
        """Ended, with the day; else nothing: the day decides."""
        return ("ended", f"Left on {in_words(record.ended_on)}") if record.ended_on else ("", "")

    def answers(self, request: HttpRequest, record: OfficeTerm) -> Iterable[Answer]:
        """How the seat stands today, while the term has not ended."""
        if record.ended_on is not None:
            return
        day = day_of(request).chosen
        one = _seats_on(request).get(record.seat_id)
        if one is not None and one.term is not None and one.term.pk == record.pk:
            yield Answer(f"The seat on {in_words(day)}", one.finding)

    @admin.display(description="Seat", ordering="seat")
    def seat_shown(self, term: OfficeTerm) -> str:
        """Which seat."""
        return str(term.seat)

    @admin.display(description="Holder", ordering="holder__name")
    def holder_shown(self, term: OfficeTerm) -> str:
        """Who."""
        return term.holder.name

    @admin.display(description="Agency", ordering="holder__agency__name")
    def agency_shown(self, term: OfficeTerm) -> str:
        """Of which agency."""
        return term.holder.agency.name

    @admin.display(description="Left on", ordering="ended_on")
    def ended_shown(self, term: OfficeTerm) -> str:
        """When the holder left, and why."""
        return f"{in_words(term.ended_on)}: {term.get_ended_why_display().lower()}" if term.ended_on else ""
