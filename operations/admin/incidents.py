"""Incidents: open ones first; an incident is run at its desk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, cast

from django.contrib import admin
from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from nipas_admin.shared import parts, scope
from nipas_admin.shared.badges import badge
from nipas_admin.shared.day import day_of
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.numbers import INCIDENT
from nipas_admin.shared.pages import Button
from operations import resources
from operations.admin.pages import ReadPage
from operations.models import Aid, Incident, RequestLine
from operations.numbers import REFERENCE, numbered


class OpenFilter(admin.SimpleListFilter):
    """Open or closed."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The two states."""
        return [("open", "Open"), ("closed", "Closed")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those in the state."""
        if self.value() not in {"open", "closed"}:
            return queryset
        return queryset.filter(closed_at__isnull=self.value() == "open")


@admin.register(Incident)
class IncidentAdmin(ReadPage):
    """Incidents."""

    resource_classes = [resources.IncidentResource]
    change_form_template = "operations/incident_page.html"
    adds_at = cast("str", reverse_lazy("operations:new"))
    list_display = ["reference_shown", "stricken", "nature", "filled_shown", "state_shown", "opened_shown"]
    list_filter = [OpenFilter, "year"]
    list_select_related = ["stricken"]
    search_fields = ["stricken__name", "nature", "address"]
    search_help_text = "Number (2026-0031), agency, what happened or place"
    ordering = [F("closed_at").desc(nulls_first=True), "-opened_at"]
    empty_list = "No incident yet: open one when an agency calls for aid."

    def limit(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """For those who sign in for an agency the incidents that concern it."""
        agencies = scope.agencies_of(request.user)
        if agencies is None:
            return rows
        return rows.filter(pk__in=Incident.objects.concerning(agencies).order_by().values("pk"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With whether a line is short of what was asked at least."""
        came = (
            Aid.objects.accepted().filter(line=OuterRef("pk")).order_by().values("line").annotate(sum=Sum("quantity"))
        )
        lines = RequestLine.objects.filter(incident=OuterRef("pk"))
        short = lines.annotate(came=Coalesce(Subquery(came.values("sum")), 0, output_field=IntegerField()))
        rows = super().get_queryset(request)
        found: QuerySet[Any] = rows.annotate(
            has_lines=Exists(lines), is_short=Exists(short.filter(came__lt=F("least")))
        )
        return found

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        """As stock, and by number."""
        if match := REFERENCE.fullmatch(search_term.strip()):
            return queryset.filter(year=int(match[1]), number=int(match[2])), False
        return super().get_search_results(request, queryset, search_term)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is known of it; the note, in which others may be named, only to the body and the agency in need."""
        fields = [
            "reference_shown", "stricken", "nature", "exceeds", "requested_by", "authority", "address", "staging",
            "radio", "hazards", "opened_shown", "closed_shown",
        ]  # fmt: skip
        agencies = scope.agencies_of(request.user)
        if agencies is None or (obj is not None and obj.stricken_id in agencies):
            fields.append("note")
        return [(None, {"fields": fields})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All of it."""
        return ["reference_shown", "opened_shown", "closed_shown"]

    @admin.display(description="Number", ordering="number")
    def reference_shown(self, incident: Incident) -> str:
        """``2026-0031``."""
        return incident.reference

    @admin.display(description="Filled")
    def filled_shown(self, incident: Any) -> SafeString | str:
        """Filled or short."""
        if not incident.has_lines:
            return ""
        return badge("missing", "Short") if incident.is_short else badge("done", "Filled")

    @admin.display(description="State", ordering="closed_at")
    def state_shown(self, incident: Incident) -> SafeString:
        """Open or closed."""
        return badge("open" if incident.is_open else "closed")

    @admin.display(description="Opened", ordering="opened_at")
    def opened_shown(self, incident: Incident) -> str:
        """Day and minute."""
        return date_format(localtime(incident.opened_at), "j M Y, H:i")

    @admin.display(description="Closed")
    def closed_shown(self, incident: Incident) -> str:
        """Day and minute."""
        return date_format(localtime(incident.closed_at), "j M Y, H:i") if incident.closed_at else "Still open"

    def agency_of(self, record: Incident) -> Any:
        """None: the stricken agency stands in its field, and another agency's page may be closed to the reader."""
        return None

    def badge(self, record: Incident) -> tuple[str, str]:
        """Open or closed."""
        return ("open", "") if record.is_open else ("closed", "")

    def buttons(self, request: HttpRequest, record: Incident) -> Iterator[Button]:
        """The way to its desk."""
        if scope.agencies_of(request.user) is None:
            yield Button("Alarm desk", reverse("operations:desk", args=[record.pk]), primary=True)

    def related(self, request: HttpRequest, record: Incident) -> Sequence[Related]:
        """Who was asked: for an agency its own part; all of it only where it is the stricken one."""
        rows = Aid.objects.filter(line__incident=record).select_related("agency", "line__type").order_by("line", "pk")
        agencies = scope.agencies_of(request.user)
        if agencies is not None and record.stricken_id not in agencies:
            rows = rows.filter(agency__in=agencies)
        shown = [
            Row((aid.agency, aid.quantity, aid.line.type, aid.step.label, f"{localtime(aid.asked_at):%H:%M}"))
            for aid in rows
        ]
        columns = [
            Column("Agency"),
            Column("How many", number=True),
            Column("Of"),
            Column("Where it is"),
            Column("Asked"),
        ]
        aid = Related("Aid", columns, shown, "Nobody was asked yet.")
        known = numbered(record, request.user)
        of_rooms = (part.tables(request, known, day_of(request)) for part in parts.of(INCIDENT))
        return [aid, *chain.from_iterable(of_rooms)]
