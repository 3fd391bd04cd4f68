"""Agencies: the roll on a day, one agency's page, and the people who act for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString

from documents.admin import RecordPage
from documents.letters import LetterKind
from membership import resources
from membership.admin.filters import CountyFilter, DatesFilter, NoticeFilter, StatusFilter, TeamFilter
from membership.admin.tables import AgencyPage
from membership.models import Agency, County, Official, Representative, TeamParticipation
from membership.rules.facts import Status
from nipas_admin.shared.admin import Scoped
from nipas_admin.shared.badges import badge
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.day import DAY_VAR, DayMixin, day_of
from nipas_admin.shared.pages import Button, address


def status_badge(status: str, notice_ends_on: Any = None) -> SafeString:
    """The badge of a status; a notice that runs shows on an active agency, with its day."""
    if status == Status.ACTIVE.value and notice_ends_on:
        return badge("notice_pending", f"Notice pending, ends {in_words(notice_ends_on)}")
    return badge(status)


@admin.register(County)
class CountyAdmin(Scoped, admin.ModelAdmin[County]):
    """The counties of Illinois, only to choose from."""

    shared_with_agencies = True
    search_fields = ["name"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Not in any menu."""
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: Illinois has 102."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


@admin.register(Agency)
class AgencyAdmin(DayMixin, RecordPage):
    """The roll on a chosen day, and each agency's page."""

    agency_path = "pk"
    resource_classes = [resources.AgencyResource]
    change_form_template = "membership/agency_page.html"
    list_display = ["name", "standing", "public_body", "counties_shown", "chief_shown", "teams_shown"]
    list_filter = [
        StatusFilter,
        NoticeFilter,
        CountyFilter,
        TeamFilter,
        "kind",
        DatesFilter,
    ]
    search_fields = ["name", "public_body", "city", "ori", "approvals__number", "officials__name"]
    search_help_text = "Name, public body, city, ORI, ordinance number, or the name of an official"
    ordering = ["name"]
    autocomplete_fields = ["counties"]
    empty_list = (
        "No agency is in the register yet. Add the first one, or import them all from a table with the columns name, "
        "kind, public body, counties and ORI."
    )
    fieldsets = [
        (None, {"fields": ["name", "kind", "ori", "counties"]}),
        ("Public body", {"fields": ["public_body", "governing_body", "statute"]}),
        (
            "Where and how to reach it",
            {"fields": ["street", "city", "zip_code", "telephone", "email", "latitude", "longitude"]},
        ),
        ("Size", {"fields": ["sworn_officers", "sworn_as_of"]}),
        ("Note", {"fields": ["note"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The agencies with their status on the day."""
        rows: Any = super().get_queryset(request)
        return cast("QuerySet[Any]", rows.with_status_on(self.day_of(request)))

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list, its rows fetched with what its columns show, whatever their number."""
        shown = super().get_changelist_instance(request)
        day = self.day_of(request)
        chiefs = Official.objects.in_office_on(day).filter(capacity=Official.Capacity.CHIEF).order_by("-from_on", "pk")
        places = TeamParticipation.objects.standing_on(day).select_related("team").order_by("team__short_name")
        fetch = (
            "counties",
            Prefetch("officials", chiefs, to_attr="chiefs"),
            Prefetch("participations__teams", places, to_attr="places"),
        )
        shown.queryset = shown.queryset.prefetch_related(*fetch)
        shown.result_list = shown.result_list.prefetch_related(*fetch)
        return shown

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list; what was searched for and is one agency alone opens at once."""
        asked = request.GET.get("q", "").strip()
        if asked and not set(request.GET) - {"q", DAY_VAR} and self.has_view_permission(request):
            rows = self.get_search_results(request, self.limit(Agency.objects.all(), request), asked)[0]
            found = list(rows.distinct()[:2])
            if len(found) == 1:
                return HttpResponseRedirect(address(found[0]) + day_of(request).query)
        return super().changelist_view(request, extra_context)

    @admin.display(description="Standing", ordering="status")
    def standing(self, agency: Any) -> SafeString:
        """The badge on the day; who has left and applies again shows both."""
        drawn = status_badge(agency.status, agency.notice_ends_on)
        if agency.applying and agency.status != Status.APPLICANT.value:
            return format_html("{} {}", drawn, badge("applicant", "Applying again"))
        return drawn

    @admin.display(description="Counties")
    def counties_shown(self, agency: Agency) -> str:
        """Their names."""
        return ", ".join(county.name for county in agency.counties.all())

    @admin.display(description="Chief")
    def chief_shown(self, agency: Any) -> str:
        """Who is in office on the day."""
        return agency.chiefs[0].name if agency.chiefs else ""

    @admin.display(description="Teams")
    def teams_shown(self, agency: Agency) -> str:
        """The teams in which it has a place on the day."""
        names = {place.team.short_name for stint in agency.participations.all() for place in stint.places}
        return ", ".join(sorted(names))

    # The page of one agency

    def agency_of(self, record: Any) -> Agency | None:
        """Itself; its page needs no link to it."""
        return None

    def page_of(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """Everything beside the form: what it is, where it stands, what happened, what belongs to it."""
        page = AgencyPage(request, record, day_of(request))
        return {**super().page_of(request, record), **page.context()}

    def letters_for(self, request: HttpRequest, record: Any) -> Iterable[LetterKind]:
        """All, but the certificate only for an agency that participates on the day."""
        participates = record.status in (Status.ACTIVE.value, Status.SUSPENDED.value)
        kinds = super().letters_for(request, record)
        return [kind for kind in kinds if participates or kind.name != "membership.certificate"]

    def buttons(self, request: HttpRequest, record: Any) -> Iterator[Button]:
        """None of its own: the page knows which acts make sense."""
        return iter(())


@admin.register(Official)
class OfficialAdmin(RecordPage):
    """The people who act for agencies."""

    agency_path = "agency"
    resource_classes = [resources.OfficialResource]
    list_display = ["name", "title", "capacity", "agency", "from_on", "until_on", "telephone"]
    list_filter = ["capacity", ("until_on", admin.EmptyFieldListFilter)]
    list_select_related = ["agency"]
    search_fields = ["name", "title", "agency__name", "email"]
    search_help_text = "Name, title, agency or e-mail"
    ordering = ["name"]
    autocomplete_fields = ["agency"]
    empty_list = "Nobody is recorded yet. Each agency has a chief executive officer and a head of its authorities."
    fieldsets = [
        (None, {"fields": ["agency", "name", "title", "capacity"]}),
        ("In this capacity", {"fields": ["from_on", "until_on"]}),
        ("How to reach the person", {"fields": ["telephone", "email"]}),
    ]


@admin.register(Representative)
class RepresentativeAdmin(RecordPage):
    """Who signs in for which agency."""

    agency_path = "agency"
    list_display = ["user", "agency"]
    list_select_related = ["user", "agency"]
    search_fields = ["user__username", "user__last_name", "agency__name"]
    autocomplete_fields = ["agency"]
    empty_list = "Nobody signs in for an agency yet."
