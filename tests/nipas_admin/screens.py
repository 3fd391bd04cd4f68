"""Screens on real records, built on the floor alone: what the guards are attacked through."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpResponseForbidden, HttpResponseNotFound
from django.template.response import TemplateResponse
from django.urls import path

from membership.models import Agency, County, Official, SpecializedTeam, TeamParticipation
from nipas_admin.accounts.admin import AccountAdmin
from nipas_admin.accounts.models import User
from nipas_admin.shared.admin import RecordAdmin, RecordTabular
from nipas_admin.shared.columns import key, keys
from nipas_admin.shared.resources import RecordResource
from nipas_admin.site import RegisterSite


class Screens(RegisterSite):
    """The register's site without its navigation and its start page, whose links these addresses do not hold."""

    def index(self, request, extra_context=None):
        return TemplateResponse(request, "admin/base_site.html", {**self.each_context(request), "title": "Start"})

    def rooms_for(self, request, app_list):
        return ()

    def search_for(self, request):
        return None


site = Screens(name="admin")


class AgencyResource(RecordResource):
    counties = keys("counties", County, "name")
    natural_keys = [["ori"], ["name"]]

    class Meta(RecordResource.Meta):
        model = Agency
        fields = ["ori", "name", "kind", "counties", "city", "telephone", "latitude", "longitude", "sworn_officers"]
        fields += ["sworn_as_of", "note"]


class OfficialResource(RecordResource):
    agency = key("agency", Agency, "ori", "name")
    natural_keys = [["agency", "name", "capacity", "from_on"]]

    class Meta(RecordResource.Meta):
        model = Official
        fields = ["agency", "name", "title", "capacity", "from_on", "until_on"]


class Officials(RecordTabular):
    model = Official
    agency_path = "agency"


class Places(RecordTabular):
    model = TeamParticipation
    agency_path = "participation__agency"
    fields = ["participation", "officers_committed"]


@admin.register(Agency, site=site)
class AgencyAdmin(RecordAdmin):
    agency_path = "pk"
    resource_classes = [AgencyResource]
    list_display = ["name", "city"]
    list_filter = ["kind"]
    search_fields = ["name"]
    inlines = [Officials]
    actions = ["refuse"]

    @admin.action(description="Refuse")
    def refuse(self, request, queryset):
        queryset.first().full_clean(exclude=["name"])
        first = queryset.first()
        first.ori = "WI0561200"
        first.full_clean()


@admin.register(Official, site=site)
class OfficialAdmin(RecordAdmin):
    agency_path = "agency"
    resource_classes = [OfficialResource]
    list_display = ["name", "agency"]
    search_fields = ["name"]
    autocomplete_fields = ["agency"]


@admin.register(SpecializedTeam, site=site)
class TeamAdmin(RecordAdmin):
    shared_with_agencies = True
    list_display = ["name"]
    search_fields = ["name"]
    inlines = [Places]


@admin.register(County, site=site)
class CountyAdmin(admin.ModelAdmin):
    search_fields = ["name"]


site.register(User, AccountAdmin)
urlpatterns = [path("", site.urls)]


def handler403(request, exception):
    return HttpResponseForbidden(str(exception))


def handler404(request, exception):
    return HttpResponseNotFound(str(exception))
