"""What the Board's lists can be narrowed by."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from board.models import Meeting, Minutes, Motion, Pause

Choice = tuple[str, str]
STANDS_STILL = Exists(Pause.objects.filter(meeting=OuterRef("pk"), until_at__isnull=True))


class MeetingStateFilter(SimpleListFilter):
    """Where a meeting is: the twin, in SQL, of ``Meeting.state``."""

    title = "state"
    parameter_name = "state"
    open_ones = Q(called_to_order_at__isnull=False, adjourned_at__isnull=True)
    questions = {
        Meeting.State.SCHEDULED.value: Q(called_to_order_at__isnull=True, cancelled_on__isnull=True),
        Meeting.State.IN_SESSION.value: open_ones & ~Q(STANDS_STILL),
        Meeting.State.SUSPENDED.value: open_ones & Q(STANDS_STILL),
        Meeting.State.ADJOURNED.value: Q(adjourned_at__isnull=False),
        Meeting.State.CANCELLED.value: Q(cancelled_on__isnull=False),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        """Every state."""
        return [(state.value, str(state.label)) for state in Meeting.State]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those in one state."""
        asked = self.questions.get(self.value() or "")
        return queryset if asked is None else queryset.filter(asked)


class MeetingYearFilter(SimpleListFilter):
    """The year for which a meeting was called."""

    title = "year"
    parameter_name = "year"
    moment = "starts_at"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        """Every year with a meeting, latest first."""
        years = Meeting.objects.order_by().datetimes("starts_at", "year", order="DESC")
        return [(str(moment.year), str(moment.year)) for moment in years]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of one year."""
        year = self.value() or ""
        known = year.isdecimal() and 1983 <= int(year[:5]) <= 9998
        return queryset.filter(**{f"{self.moment}__year": int(year)}) if known else queryset


class MotionYearFilter(MeetingYearFilter):
    """The year of the meeting at which a motion was made."""

    moment = "meeting__starts_at"


class OutcomeFilter(SimpleListFilter):
    """What became of a motion."""

    title = "outcome"
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        """Every state, and votes out of order."""
        states = [(state.value, str(state.label)) for state in Motion.State]
        return [*states, ("waiting", "Out of order, waits for a decision"), ("out_of_order", "Out of order, all")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of one outcome."""
        if self.value() == "waiting":
            return queryset.filter(pk__in=Motion.objects.waiting().values("pk"))
        if self.value() == "out_of_order":
            return queryset.filter(out_of_order=True)
        return queryset.filter(state=self.value()) if self.value() else queryset


class MinutesStateFilter(SimpleListFilter):
    """How far minutes have come."""

    title = "state"
    parameter_name = "state"
    questions = {
        Minutes.State.DRAFT.value: Q(approved__isnull=True, circulated_on__isnull=True),
        Minutes.State.CIRCULATED.value: Q(approved__isnull=True, circulated_on__isnull=False),
        Minutes.State.APPROVED.value: Q(approved__isnull=False),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        """Every state."""
        return [(state.value, str(state.label)) for state in Minutes.State]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those in one state."""
        asked = self.questions.get(self.value() or "")
        return queryset if asked is None else queryset.filter(asked)


class MinutesYearFilter(MeetingYearFilter):
    """The year of the meeting whose minutes they are."""

    moment = "meeting__starts_at"
