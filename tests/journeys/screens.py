"""One screen of every kind: what stock admin, history, import and our own furniture can put on a page."""

from __future__ import annotations

from datetime import date

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from membership.models import Agency, County, Official
from nipas_admin.shared import svg
from nipas_admin.shared.admin import RecordAdmin, RecordStacked, RecordTabular
from nipas_admin.shared.badges import STATUSES, badge
from nipas_admin.shared.citations import AGREEMENT, READING
from nipas_admin.shared.day import DayMixin, day_of
from nipas_admin.shared.findings import Evidence, Fact, Finding, not_determined
from nipas_admin.shared.furniture import Column, Moment, Related, Row, in_order
from nipas_admin.shared.resources import RecordResource
from nipas_admin.site import RegisterSite

site = RegisterSite(name="admin")


class AgencyResource(RecordResource):
    natural_keys = [["ori"], ["name"]]

    class Meta(RecordResource.Meta):
        model = Agency
        fields = ["ori", "name", "city"]


class OfficialRows(RecordTabular):
    model = Official
    agency_path = "agency"
    extra = 1
    fields = ["name", "title", "capacity", "from_on", "until_on"]


class OfficialCards(RecordStacked):
    model = Official
    agency_path = "agency"
    extra = 1
    fields = ["name", "capacity"]


@admin.register(Agency, site=site)
class AgencyScreens(DayMixin, RecordAdmin):
    agency_path = "pk"
    resource_classes = [AgencyResource]
    list_display = ["name", "standing", "city", "sworn_officers"]
    list_filter = ["kind", "counties"]
    search_fields = ["name"]
    search_help_text = "Name, town or ORI"
    filter_horizontal = ["counties"]
    inlines = [OfficialRows, OfficialCards]
    list_per_page = 5
    readonly_fields = ["statute"]
    fieldsets = [
        (None, {"fields": ["name", "kind", "counties", "statute"]}),
        (
            "Where",
            {"fields": [("street", "city"), "sworn_as_of"], "classes": ["collapse"], "description": "As written."},
        ),
    ]

    @admin.display(description="Status")
    def standing(self, agency):
        return badge(STATUSES[agency.pk % len(STATUSES)])


@admin.register(Official, site=site)
class OfficialScreens(RecordAdmin):
    agency_path = "agency"
    list_display = ["name", "agency", "from_on"]
    autocomplete_fields = ["agency"]
    date_hierarchy = "from_on"
    search_fields = ["name"]
    empty_list = "Officials of the agencies stand here. Add the chief executive officer first."


@admin.register(County, site=site)
class CountyScreens(admin.ModelAdmin):
    search_fields = ["name"]


site.register(Group, GroupAdmin)

WHY = Fact("Approved by ORD-18-1868", date(2018, 6, 4), Evidence.ON_FILE, "scan", (AGREEMENT.at("5.A.1"),))


def furniture(request):
    """A record page with every part of the furniture on it."""
    day = day_of(request)
    timeline, undated = in_order(
        [
            Moment(date(2018, 6, 4), "Approved", "ORD-18-1868", "/"),
            Moment(date(2030, 5, 1), "Ends"),
            Moment(None, "Signed"),
        ],
        day.chosen,
    )
    columns = [Column("Name"), Column("Officers", number=True)]
    lines = [
        svg.Series("Approvals", [(date(2018, 6, 4), 3), (date(2018, 9, 1), 4)]),
        svg.Series("Executions", [(date(2018, 7, 1), 2)]),
    ]
    context = {
        "title": "McHenry Police Department",
        "status": "notice_pending",
        "status_label": "Notice pending, ends 1 May 2030",
        "day": day,
        "timeline": timeline,
        "undated": undated,
        "known": Finding("Active", (WHY,), (), (WHY,), (READING.at("R18"),)),
        "unknown": not_determined("the day of execution", because=[WHY]),
        "related": Related("Officials", columns, [Row(["Mary Jones", 42], "/")], "None.", "/", "Add official"),
        "happens": ["Its team seats end."],
        "keeps": ["What it owes stays owed."],
        "ends_on": date(2030, 5, 1),
        "chart": svg.step_chart("adoption", "Adoption", "3 of 4", lines, [svg.Threshold("3 of 4 needed", 3)]),
        "strip": svg.year_strip(day.today, [(day.today, "Today")]),
        "statuses": STATUSES,
    }
    return render(request, "journeys/furniture.html", {**site.each_context(request), **context})


def live(request):
    """A page that asks for parts of itself; an answer tries to bring code along, and one act is refused."""
    if not request.htmx:
        return render(request, "journeys/live.html", {"title": "Roll call", **site.each_context(request)})
    if request.POST["arrived"] == "Nowhere":
        return HttpResponse("Nowhere is not on the roll.", status=422)
    return HttpResponse("McHenry is here.<script>document.title = 'answer'</script>")


def refuse(request):
    raise PermissionDenied("Only the Secretary may choose the governing date.")


urlpatterns = [path("furniture/", furniture), path("live/", live), path("refuse/", refuse), path("", site.urls)]
handler403 = "nipas_admin.site.permission_denied"
handler404 = "nipas_admin.site.page_not_found"
