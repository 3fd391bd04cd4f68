"""The Secretary's registers as tables: objections, committees, plans, staff, letters, documents, requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from import_export.fields import Field

from board import services
from board.models import (
    Committee,
    Correspondence,
    Dissolution,
    LegalDocument,
    MinutesRequest,
    Objection,
    OperationalPlan,
    StaffAppointment,
)
from board.resources.parts import meeting_name, motion, shown
from membership.models import Agency
from membership.resources.parts import AgencyOwned
from nipas_admin.shared.columns import DayWidget, key
from nipas_admin.shared.resources import RecordResource


class ObjectionResource(RecordResource):
    """Objections, to read: each is recorded with its letter, and goes on an agenda."""

    agency = key("agency", Agency, "ori", "name")
    agency_name = shown("agency__name", "agency_name")
    motion = motion("motion")

    class Meta(RecordResource.Meta):
        model = Objection
        fields = [
            "agency", "agency_name", "received_on", "against", "motion", "reason", "decided_on", "upheld",
            "set_aside_on", "taken_back_on",
        ]  # fmt: skip
        export_order = fields

    @property
    def followed(self) -> list[str]:
        """Attributes that hold another record."""
        return [*super().followed, "motion__meeting"]


class CommitteeResource(RecordResource):
    """Committees, to read: a row for each member, and one for a committee without any."""

    class Meta(RecordResource.Meta):
        model = Committee
        fields = ["name", "kind", "purpose", "created_on", "created_by", "dissolved_on"]
        export_order = fields

    def headings(self) -> list[str]:
        """The names of the columns, those of a member last."""
        return [*super().headings(), "member", "agency", "chairs", "from_on", "until_on"]

    def rows(self, queryset: models.QuerySet[Any]) -> Iterator[list[Any]]:
        """The rows, whatever their number in the same few queries."""
        fields = self.get_export_fields()
        for committee in queryset.prefetch_related("members__official__agency"):
            cells = [self.export_field(field, committee, force_native_type=True) for field in fields]
            for row in committee.members.all() or [None]:
                if row is None:
                    yield [*cells, *[""] * 5]
                    continue
                chairs = "yes" if row.chairs else "no"
                person = row.official
                yield [*cells, person.name, person.agency.name, chairs, row.from_on, row.until_on]


class OperationalPlanResource(RecordResource):
    """Operational plans: by title and version."""

    about = "A row is one version of one document. A version in use is given a day for its next review by itself."
    natural_keys = [("title", "edition")]
    due_on = Field("due_on", "next_due_on", DayWidget(), readonly=True)
    motion = motion("motion")

    class Meta(RecordResource.Meta):
        model = OperationalPlan
        fields = ["title", "edition", "kind", "adopted_on", "review_months", "replaced_on", "due_on", "motion", "note"]
        export_order = fields
        import_order = fields

    @property
    def followed(self) -> list[str]:
        """Attributes that hold another record."""
        return [*super().followed, "motion__meeting"]

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Give it a day for its next review."""
        services.schedule_review(plan=instance)
        super().after_save_instance(instance, row, **kwargs)


class StaffAppointmentResource(RecordResource):
    """Staff: by name, post and first day."""

    natural_keys = [("name", "post", "from_on")]
    appointed_by = motion("appointed_by")
    discharged_by = motion("discharged_by")

    class Meta(RecordResource.Meta):
        model = StaffAppointment
        fields = ["name", "post", "duties", "from_on", "until_on", "appointed_by", "discharged_by"]
        export_order = fields
        import_order = fields

    @property
    def followed(self) -> list[str]:
        """Attributes that hold another record."""
        return [*super().followed, "appointed_by__meeting", "discharged_by__meeting"]


class CorrespondenceResource(RecordResource):
    """Official correspondence: by day, direction, party and subject."""

    about = (
        "A row is a letter, received or sent, told by its day, its direction, from or to whom, and its subject. Scans "
        "are added on the letter's own page."
    )
    natural_keys = [("on", "direction", "party", "subject")]
    agency = key("agency", Agency, "ori", "name")
    answers = shown("answers", "answers")

    class Meta(RecordResource.Meta):
        model = Correspondence
        fields = ["on", "direction", "party", "agency", "subject", "answer_due_on", "answers", "note"]
        export_order = fields
        import_order = fields

    @property
    def followed(self) -> list[str]:
        """Attributes that hold another record."""
        return [*super().followed, "answers"]


class LegalDocumentResource(AgencyOwned):
    """Charters and legal documents: by title and day."""

    natural_keys = [("title", "dated_on")]
    may_lack = ("dated_on",)

    class Meta(RecordResource.Meta):
        model = LegalDocument
        fields = ["title", "dated_on", "parties", "in_force_until_on", "kept_where", "note"]
        export_order = fields
        import_order = fields


class MinutesRequestResource(RecordResource):
    """Requests for minutes and their answers, to read."""

    agency = shown("agency__name", "agency")

    class Meta(RecordResource.Meta):
        model = MinutesRequest
        fields = ["asked_on", "asked_by", "agency", "answered_on", "answer"]
        export_order = fields

    def headings(self) -> list[str]:
        """The names of the columns, the meetings last."""
        return [*super().headings(), "meetings"]

    def rows(self, queryset: models.QuerySet[Any]) -> Iterator[list[Any]]:
        """The rows, whatever their number in the same few queries."""
        fields = self.get_export_fields()
        for request in queryset.select_related("agency").prefetch_related("meetings"):
            cells = [self.export_field(field, request, force_native_type=True) for field in fields]
            yield [*cells, "; ".join(meeting_name(meeting) for meeting in request.meetings.all())]


class DissolutionResource(RecordResource):
    """Dissolutions, to read: a row for each step."""

    class Meta(RecordResource.Meta):
        model = Dissolution
        fields = ["voted_on", "by_on"]
        export_order = fields

    def headings(self) -> list[str]:
        """The names of the columns, those of a step last."""
        return [*super().headings(), "step", "done_on", "note"]

    def rows(self, queryset: models.QuerySet[Any]) -> Iterator[list[Any]]:
        """The rows."""
        for dissolution in queryset.prefetch_related("steps"):
            for step in dissolution.steps.all():
                yield [dissolution.voted_on, dissolution.by_on, str(step), step.done_on, step.note]
