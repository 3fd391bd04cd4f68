"""The day a list or a record page speaks of: chosen in the address as ``?on=2026-05-01``, today by default.

``DayMixin`` goes in front of an admin class whose ``get_queryset`` then asks ``self.day_of(request)``. The day is
kept through filters, sorting, search and pages, and handed on to the record that a list row opens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode

from nipas_admin.shared import dates
from nipas_admin.shared.dated import in_words

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.http import QueryDict

    Base = ModelAdmin[Any]
else:
    Base = object

DAY_VAR = "on"


@dataclass(frozen=True)
class Day:
    """The day chosen; ``problem`` says in words why what was asked for could not be used, or is empty."""

    chosen: date
    today: date
    problem: str = ""

    @property
    def is_today(self) -> bool:
        """True when the page speaks of today."""
        return self.chosen == self.today

    @property
    def is_ahead(self) -> bool:
        """True for a day that has not come yet."""
        return self.chosen > self.today

    @property
    def words(self) -> str:
        """``1 May 2026``."""
        return in_words(self.chosen)

    @property
    def query(self) -> str:
        """``?on=2026-05-01`` to append to an address; empty for today."""
        return "" if self.is_today else "?" + urlencode({DAY_VAR: self.chosen.isoformat()})

    @property
    def earliest(self) -> date:
        """The first day that can be asked for."""
        return dates.FIRST_DAY

    @property
    def latest(self) -> date:
        """The last day that can be asked for."""
        return dates.last_day(self.today)


def day_asked_for(params: QueryDict, today: date) -> Day:
    """The day asked for as ``2026-05-01`` or ``5/1/2026``; today, with the reason, when it cannot be used."""
    asked = params.get(DAY_VAR, "").strip()
    if not asked:
        return Day(today, today)
    try:
        chosen = dates.read_day(asked)
        dates.check_bounds(chosen, today)
    except ValidationError as error:
        return Day(today, today, f"{error.messages[0]} Today is shown instead.")
    return Day(chosen, today)


def day_of(request: HttpRequest) -> Day:
    """The day this request speaks of. The one place where pages read the clock."""
    return day_asked_for(request.GET, timezone.localdate())


class DayChangeList(ChangeList):
    """A list that knows ``on`` is a day and not a filter, and opens records on the same day."""

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """The filters asked for, without the day."""
        return {key: value for key, value in super().get_filters_params(params).items() if key != DAY_VAR}

    def get_results(self, request: HttpRequest) -> None:
        """The rows, and the day they speak of as ``cl.day``."""
        self.day = day_of(request)
        super().get_results(request)

    def url_for_result(self, result: Any) -> str:
        """The record's page, on the day the list speaks of."""
        return super().url_for_result(result) + self.day.query


class DayMixin(Base):
    """An admin whose list and record pages speak of a chosen day; the pages show its chooser by themselves."""

    def day_of(self, request: HttpRequest) -> date:
        """The day chosen in this request's address, today when none is."""
        return day_of(request).chosen

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """The list class that understands the day."""
        return DayChangeList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with the day in its context."""
        return super().changelist_view(request, {"day": day_of(request), **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The record, with the day in its context."""
        return super().change_view(request, object_id, form_url, {"day": day_of(request), **(extra_context or {})})
