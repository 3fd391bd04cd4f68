"""What lists can be narrowed by. Each asks the database one question about the day the list speaks of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from membership.models import County, SpecializedTeam, TeamParticipation
from membership.querysets import ENDED_VALUES
from membership.rules.facts import Status
from membership.undated import disagreeing_approvals, undated_approvals, undated_executions
from nipas_admin.shared.day import day_of

Choice = tuple[str, str]


class StatusFilter(SimpleListFilter):
    """Where the agency stands on the day."""

    title = "status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        """Every status."""
        return [(status.value, status.label) for status in Status]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of one status; the queryset is annotated by the admin."""
        return queryset.filter(status=self.value()) if self.value() else queryset


class StintStatusFilter(StatusFilter):
    """Where the stint stands on the day."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        """Every status a stint can have, and that it has not begun."""
        stints = [(s.value, s.label) for s in Status if s not in (Status.PROSPECT, Status.APPLICANT)]
        return [*stints, ("not_begun", "Not begun")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of one status."""
        if self.value() == "not_begun":
            return queryset.filter(status__isnull=True)
        return super().queryset(request, queryset)


class CountyFilter(SimpleListFilter):
    """The counties in which agencies lie. The stock filter would ask for every agency's status to list them."""

    title = "county"
    parameter_name = "county"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        """Every county with an agency."""
        return [
            (str(pk), name)
            for pk, name in County.objects.filter(agencies__isnull=False).distinct().values_list("pk", "name")
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those that lie, wholly or in part, in one county."""
        return queryset.filter(counties=self.value()) if (self.value() or "").isdecimal() else queryset


class NoticeFilter(SimpleListFilter):
    """Whether a Termination Notice runs, or an application."""

    title = "pending"
    parameter_name = "pending"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        """Notice, application."""
        return [("notice", "Termination Notice"), ("application", "Application")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those for which one runs on the day."""
        if self.value() == "notice":
            return queryset.filter(notice_ends_on__isnull=False).exclude(status__in=ENDED_VALUES)
        return queryset.filter(applying=True) if self.value() == "application" else queryset


class TeamFilter(SimpleListFilter):
    """The team in which the agency has a place on the day."""

    title = "team"
    parameter_name = "team"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        """Every team."""
        return [(str(pk), name) for pk, name in SpecializedTeam.objects.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those with a place in it."""
        if not (self.value() or "").isdecimal():
            return queryset
        places = TeamParticipation.objects.standing_on(day_of(request).chosen).filter(team=self.value())
        return queryset.filter(pk__in=places.values("participation__agency"))


class DatesFilter(SimpleListFilter):
    """Whose dates are not known."""

    title = "dates unknown"
    parameter_name = "dates"
    questions: dict[str, tuple[str, Callable[[], QuerySet[Any]]]] = {
        "approval": ("Approval undated", undated_approvals),
        "disagree": ("Approval: dates disagree", disagreeing_approvals),
        "execution": ("Execution undated", undated_executions),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        """Which dates."""
        return [(name, label) for name, (label, _rows) in self.questions.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those with such a paper."""
        if self.value() not in self.questions:
            return queryset
        _label, rows = self.questions[self.value() or ""]
        return queryset.filter(pk__in=rows().values("agency"))


class ApprovalDateFilter(DatesFilter):
    """Approvals without one date."""

    title = "date"
    questions = {"unknown": ("Not one day", undated_approvals), "disagree": ("Dates disagree", disagreeing_approvals)}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The papers themselves."""
        if self.value() not in self.questions:
            return queryset
        return queryset.filter(pk__in=self.questions[self.value() or ""][1]().values("pk"))


class ExecutionDateFilter(ApprovalDateFilter):
    """Executions without a date."""

    questions = {"undated": ("Signed, undated", undated_executions)}


class OpenFilter(SimpleListFilter):
    """Whether something still waits for its decision."""

    title = "decision"
    parameter_name = "open"
    field = "decision"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        """Open or decided."""
        return [("yes", "Open"), ("no", "Decided")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those without, or with, an outcome."""
        if self.value() == "yes":
            return queryset.filter(**{self.field: ""})
        return queryset.exclude(**{self.field: ""}) if self.value() == "no" else queryset


class OutcomeFilter(OpenFilter):
    """Whether a proceeding is decided."""

    field = "outcome"
