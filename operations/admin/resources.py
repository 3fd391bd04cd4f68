"""What agencies hold, as fresh as it is on the day; confirmed and changed on a page of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.safestring import SafeString

from nipas_admin.shared.day import DayMixin, day_of
from nipas_admin.shared.pages import Button
from operations import resources
from operations.admin.pages import ReadPage
from operations.desk.page import FRESH
from operations.models import FreshnessRule, Resource
from operations.rules.freshness import Freshness


class FreshFilter(admin.SimpleListFilter):
    """How fresh it is on the day of the list."""

    title = "freshness"
    parameter_name = "fresh"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Fresh, to be confirmed, stale."""
        return [(one.value, one.label) for one in Freshness]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those as fresh as chosen."""
        known = {one.value for one in Freshness}
        return queryset.filter(freshness=self.value()) if self.value() in known else queryset


@admin.register(Resource)
class ResourceAdmin(DayMixin, ReadPage):
    """What agencies hold."""

    resource_classes = [resources.HoldingResource]
    agency_path = "agency"
    adds_at = cast("str", reverse_lazy("operations:to_confirm"))
    list_display = ["agency", "type", "quantity", "deployable", "fresh_shown", "confirmed_on"]
    list_filter = [FreshFilter, "type__category", "type", "agency__counties"]
    list_select_related = ["agency", "type"]
    search_fields = ["agency__name", "type__name", "type__key", "note"]
    search_help_text = "Agency, type or note"
    empty_list = "Nothing is recorded yet: confirm what an agency can send."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With how fresh each is on the day."""
        day = day_of(request).chosen
        rows: Any = super().get_queryset(request)
        return cast("QuerySet[Any]", rows.with_freshness_on(day, FreshnessRule.objects.schedule_on(day)))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """One line of what an agency holds."""
        fields = ["agency", "type", "quantity", "deployable", "note", "confirmed_on", "fresh_shown"]
        return [(None, {"fields": fields})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is found out."""
        return ["fresh_shown"]

    @admin.display(description="Freshness", ordering="confirmed_on")
    def fresh_shown(self, row: Any) -> SafeString:
        """Fresh, to be confirmed, stale."""
        return FRESH[Freshness(row.freshness)]

    def buttons(self, request: HttpRequest, record: Resource) -> Iterator[Button]:
        """The way to the page where it is confirmed."""
        if request.user.has_perm("operations.change_resource"):
            yield Button("Confirm or change", reverse("operations:confirm", args=[record.agency_id]), primary=True)
