"""The screens of the register of property: what NIPAS owns, who keeps it where, how it left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from documents.admin import paper_shown
from finance import resources, services
from finance.admin.pages import TreasurersPage
from finance.admin.shown import dollars
from finance.forms.property import DisposeForm, HandOverForm, PropertyForm
from finance.models import Custody, PropertyItem
from membership.models import Agency
from nipas_admin.shared import scope
from nipas_admin.shared.badges import badge
from nipas_admin.shared.choosing import is_key
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import Answer, address, may

DISPOSED = ["disposed_on", "disposal", "disposed_to", "proceeds_shown", "motion", "disposal_shown"]


class OursFilter(admin.SimpleListFilter):
    """Whether it is still ours, and whether anybody keeps it."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Kept, with nobody, or gone."""
        return [("kept", "In custody"), ("open", "With nobody recorded"), ("gone", "Disposed of")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those."""
        kept = Custody.objects.filter(until_on__isnull=True).values("item")
        ours = queryset.filter(disposed_on__isnull=True)
        found = {
            "kept": ours.filter(pk__in=kept),
            "open": ours.exclude(pk__in=kept),
            "gone": queryset.filter(disposed_on__isnull=False),
        }
        return found.get(self.value() or "", queryset)


class KeptByFilter(admin.SimpleListFilter):
    """The agency whose people keep it now."""

    title = "agency that keeps it"
    parameter_name = "kept_by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every agency that keeps something, of those whose rows this person may see."""
        seen = scope.limit(Agency.objects.all(), request.user, "pk")
        keeping = seen.filter(property_kept__until_on__isnull=True, property_kept__isnull=False).distinct()
        return [(str(agency.pk), agency.name) for agency in keeping.order_by("name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """What one keeps."""
        key = self.value() or ""
        held = Custody.objects.filter(until_on__isnull=True, agency=int(key)) if is_key(key) else None
        return queryset.filter(pk__in=held.values("item")) if held is not None else queryset


@admin.register(PropertyItem)
class PropertyItemAdmin(TreasurersPage):
    """What NIPAS owns: title stays with NIPAS, wherever it is."""

    resource_classes = [resources.PropertyItemResource]
    form = PropertyForm
    acts = (HandOverForm, DisposeForm)
    list_display = ["tag", "name", "kind", "serial", "custodian_shown", "where_shown", "cost_shown", "state_shown"]
    list_filter = [OursFilter, "kind", KeptByFilter]
    search_fields = ["tag", "name", "kind", "serial", "custody__custodian", "custody__place", "custody__agency__name"]
    search_help_text = "Tag, name, serial number, who keeps it or kept it, or where"
    cost_shown = dollars("cost", "Cost")
    proceeds_shown = dollars("proceeds", "For how much")
    purchase_shown = paper_shown("purchase_paper", "Purchase on file")
    disposal_shown = paper_shown("disposal_paper", "Disposal on file")
    readonly_fields = ["purchase_shown", *DISPOSED]
    empty_list = (
        "Nothing is on the register of property yet. Add each thing that NIPAS owns with its tag, then hand it over to "
        "whoever keeps it: title stays with NIPAS (Bylaws Art. XVI)."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With who keeps and kept each, the latest first, in two queries more."""
        rows = Custody.objects.select_related("agency").order_by("-from_on")
        return super().get_queryset(request).prefetch_related(Prefetch("custody", rows))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What it is, what it cost, how it left."""
        upload = ["purchase_upload"] if obj is None or self.has_change_permission(request, obj) else []
        shown = ["purchase_shown"] if obj is not None and obj.purchase_paper_id else []
        left = [("Disposed of", {"fields": DISPOSED})] if obj is not None and obj.disposed_on else []
        return [
            (None, {"fields": ["tag", "name", "kind", "serial"]}),
            ("How it came", {"fields": ["acquired_on", "cost", *shown, *upload]}),
            *left,
            ("Note", {"fields": ["note"]}),
        ]

    def badge(self, record: PropertyItem) -> tuple[str, str]:
        """Kept, with nobody, or gone."""
        if record.disposed_on:
            return "ended", record.get_disposal_display()
        return ("active", "In custody") if _now(record) else ("missing", "With nobody recorded")

    def answers(self, request: HttpRequest, record: PropertyItem) -> Iterable[Answer]:
        """Who keeps it, and whose it is."""
        yield Answer("Who keeps it?", services.holder_of(record, list(record.custody.all())))

    def related(self, request: HttpRequest, record: PropertyItem) -> Sequence[Related]:
        """Who kept it, the latest first."""
        see = may(request, "view", Agency)
        rows = [
            Row(
                (row.custodian, ", ".join(part for part in (str(row.agency or ""), row.place) if part),
                 in_words(row.from_on), in_words(row.until_on) if row.until_on else "Still there"),
                address(row.agency) if row.agency and see else "",
            )
            for row in record.custody.all()
        ]  # fmt: skip
        columns = [Column("Who"), Column("Where"), Column("From"), Column("Until")]
        return [Related("Custody", columns, rows, "Nobody is recorded. Hand it over to whoever keeps it.")]

    @admin.display(description="Custodian")
    def custodian_shown(self, record: PropertyItem) -> str:
        """Who keeps it now, with the agency."""
        row = _now(record)
        return ", ".join([row.custodian, *([row.agency.name] if row.agency else [])]) if row else ""

    @admin.display(description="Where")
    def where_shown(self, record: PropertyItem) -> str:
        """Where it is now."""
        row = _now(record)
        return row.place if row else ""

    @admin.display(description="State", ordering="disposed_on")
    def state_shown(self, record: PropertyItem) -> SafeString:
        """Kept, with nobody, or gone."""
        return badge(*self.badge(record))


def _now(record: PropertyItem) -> Custody | None:
    """Who keeps it; None for nobody."""
    return next((row for row in record.custody.all() if row.until_on is None), None)
