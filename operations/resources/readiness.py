"""Readiness inquiries as a table, to read: one row for each agency asked. Links stay out of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import Prefetch

from membership.models import Agency
from nipas_admin.shared.resources import RecordResource
from operations.models import ReadinessInquiry, ReadinessInvitation
from operations.resources.parts import clock, moment, shown

OF_ANSWER = [
    "agency", "agency_name", "reminded_at", "reply", "people", "within_hours", "condition_or_reason", "answered_at",
    "answered_by", "entered_by_coordinator",
]  # fmt: skip


class ReadinessInquiryResource(RecordResource):
    """Inquiries and what each agency answered; a person who signs in for an agency reads its own answers only."""

    team = shown("team__short_name", "team")
    asked_at = moment("asked_at", "asked_at")
    asked_by = shown("asked_by", "asked_by")
    closes_at = moment("closes_at", "answers_until")

    class Meta(RecordResource.Meta):
        model = ReadinessInquiry
        fields = ["title", "scenario", "asked_for", "team", "asked_at", "asked_by", "closes_at"]
        export_order = fields

    @property
    def followed(self) -> list[str]:
        """Attributes that hold another record."""
        return [*super().followed, "team", "asked_by"]

    def headings(self) -> list[str]:
        """The names of the columns, those of an answer last."""
        return [*super().headings(), *OF_ANSWER]

    def rows(self, queryset: models.QuerySet[Any]) -> Iterator[list[Any]]:
        """The cells of each agency asked."""
        fields = self.get_export_fields()
        own = self.rows_of(Agency).order_by().values("pk")
        asked = ReadinessInvitation.objects.filter(agency__in=own).select_related("agency").order_by("agency__name")
        for row in queryset.select_related(*self.followed).prefetch_related(Prefetch("invitations", asked)):
            cells = [self.export_field(field, row, force_native_type=True) for field in fields]
            for one in row.invitations.all():
                yield [*cells, *_of_answer(one)]


def _of_answer(one: ReadinessInvitation) -> list[Any]:
    return [
        one.agency.ori or one.agency.name, one.agency.name, clock(one.reminded_at), one.get_reply_display(), one.people,
        one.hours, one.reason, clock(one.replied_at), one.replied_by, "yes" if one.by_coordinator else "no",
    ]  # fmt: skip
