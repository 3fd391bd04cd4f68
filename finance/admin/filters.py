"""What the Treasurer's lists can be narrowed by."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from finance.models import FiscalYear
from finance.rules.receivables import Bucket, InvoiceState
from nipas_admin.shared import money
from nipas_admin.shared.day import day_of

Choice = tuple[str, str]


class YearFilter(SimpleListFilter):
    """The fiscal year; ``field`` leads to it."""

    title = "fiscal year"
    parameter_name = "fiscal_year"
    field = "fiscal_year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        """Every year in the books, the latest first."""
        return [(str(year.pk), str(year)) for year in FiscalYear.objects.all()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of one year."""
        value = self.value() or ""
        return queryset.filter(**{self.field: value[:18]}) if value.isascii() and value.isdecimal() else queryset


class InvoiceStateFilter(SimpleListFilter):
    """Where an invoice stands on the day of the list."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        """Every state, and all on which something is open."""
        return [("open", "Something open"), *((state.value, state.label) for state in InvoiceState)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those in one state; the queryset is annotated by the admin."""
        if self.value() == "open":
            return queryset.filter(balance__gt=money.ZERO)
        return queryset.filter(state=self.value()) if self.value() else queryset


class PastDueFilter(SimpleListFilter):
    """How long an invoice is past due on the day of the list: the columns of the aging."""

    title = "past due"
    parameter_name = "past_due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        """Past due at all, and each column."""
        return [("yes", "Past due"), *((bucket.value, bucket.label) for bucket in Bucket)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those on which something is open, so long past due."""
        rows: Any = queryset
        if not self.value():
            return queryset
        day = day_of(request).chosen
        rows = rows.filter(balance__gt=money.ZERO)
        if self.value() == "yes":
            return rows.filter(due_on__lt=day)  # type: ignore[no-any-return]
        return rows.with_bucket_on(day).filter(bucket=self.value())  # type: ignore[no-any-return]


class RunStateFilter(SimpleListFilter):
    """How far a run is."""

    title = "state"
    parameter_name = "state"
    questions: dict[str, tuple[str, dict[str, bool]]] = {
        "previewed": ("Previewed", {"confirmed_at__isnull": True}),
        "under_way": ("Under way", {"confirmed_at__isnull": False, "finished_at__isnull": True}),
        "issued": ("Issued", {"finished_at__isnull": False}),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        """Every state."""
        return [(name, label) for name, (label, _asked) in self.questions.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those in one state."""
        found = self.questions.get(self.value() or "")
        return queryset.filter(**found[1]) if found else queryset


class YearStateFilter(SimpleListFilter):
    """Whether a fiscal year takes postings."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        """Open or closed."""
        return [("open", "Open"), ("closed", "Closed")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those."""
        return queryset.filter(closed_at__isnull=self.value() == "open") if self.value() else queryset
