"""Incidents as a table, to read: one row for each agency asked, with every moment of its aid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import Prefetch, Q

from membership.models import Agency
from nipas_admin.shared.resources import RecordResource
from operations.models import Aid, Incident, RequestLine
from operations.resources.parts import agency, clock, moment, shown

MOMENTS = (
    "asked_at", "accepted_at", "en_route_at", "on_scene_at", "released_at", "declined_at", "no_answer_at",
    "called_off_at", "told_stricken_at",
)  # fmt: skip
OF_LINE = ["type", "at_least", "at_most", "exactly", "asked_for_at"]
OF_AID = [
    "aiding_agency", "aiding_name", "quantity", "miles", "stale_when_asked", "beyond_its_list",
    "step", *MOMENTS, "asked_by", "position",
    "released_because", "declined_because", "in_words",
]  # fmt: skip


class IncidentResource(RecordResource):
    """Incidents: what was asked for, who was asked, who came. Written by acts, so they go out only.

    A person who signs in for an agency reads of others only who came to its own aid.
    """

    reference = shown("reference", "reference")
    stricken = agency("stricken")
    stricken_name = shown("stricken__name", "stricken_name")
    opened_at = moment("opened_at", "opened_at")
    closed_at = moment("closed_at", "closed_at")
    card = shown("assignment", "alarm_card")

    class Meta(RecordResource.Meta):
        model = Incident
        fields = [
            "reference", "stricken", "stricken_name", "nature", "exceeds", "requested_by", "authority", "address",
            "latitude", "longitude", "staging", "radio", "hazards", "opened_at", "closed_at", "card", "level", "note",
        ]  # fmt: skip
        export_order = fields

    @property
    def followed(self) -> list[str]:
        """Attributes that hold another record, and those behind them."""
        return [*super().followed, "assignment__agency"]

    def headings(self) -> list[str]:
        """The names of the columns, those of a line and of its aid last."""
        return [*super().headings(), *OF_LINE, *OF_AID]

    def rows(self, queryset: models.QuerySet[Any]) -> Iterator[list[Any]]:
        """The cells: a row for each agency asked; one for a line that asks nobody, one for an incident with no line."""
        fields = self.get_export_fields()
        own = self.rows_of(Agency).order_by().values("pk")
        asked = Aid.objects.filter(Q(agency__in=own) | Q(line__incident__stricken__in=own))
        asked = asked.select_related("agency", "asked_by").order_by("asked_at", "pk")
        lines = RequestLine.objects.select_related("type").order_by("pk").prefetch_related(Prefetch("aid", asked))
        for row in queryset.select_related(*self.followed).prefetch_related(Prefetch("lines", lines)):
            cells = [self.export_field(field, row, force_native_type=True) for field in fields]
            for line in row.lines.all() or [None]:
                for aid in (line.aid.all() if line else ()) or [None]:
                    yield [*cells, *_of_line(line), *_of_aid(aid)]


def _of_line(line: RequestLine | None) -> list[Any]:
    if line is None:
        return [""] * len(OF_LINE)
    return [line.type.key, line.least, line.most, line.note, clock(line.requested_at)]


def _of_aid(aid: Aid | None) -> list[Any]:
    if aid is None:
        return [""] * len(OF_AID)
    return [
        aid.agency.ori or aid.agency.name, aid.agency.name, aid.quantity, aid.miles, "yes" if aid.was_stale else "no",
        "yes" if aid.beyond else "no",
        aid.step.label, *(clock(getattr(aid, name)) for name in MOMENTS), str(aid.asked_by), aid.position,
        aid.get_released_because_display(), aid.get_declined_because_display(), aid.reason,
    ]  # fmt: skip
