"""Fiscal years: what was invoiced, received and is open in each, opened and closed by acts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from finance import resources
from finance.admin.filters import YearStateFilter
from finance.admin.pages import BookedPage
from finance.admin.shown import dollars, state_of_run, state_of_year
from finance.forms.years import CloseYearForm, OpenYearForm, figures_agree
from finance.models import Allocation, FiscalYear, Invoice
from nipas_admin.shared import money
from nipas_admin.shared.badges import badge
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import Answer, address


@admin.register(FiscalYear)
class FiscalYearAdmin(BookedPage):
    """Fiscal years, 1 May through 30 April. Nothing is posted to a year that is closed."""

    resource_classes = [resources.FiscalYearResource]
    adds = OpenYearForm
    acts = (CloseYearForm,)
    list_display = ["name", "state_shown", "invoiced_shown", "open_shown", "received_shown", "closed_shown"]
    list_filter = [YearStateFilter]
    list_select_related = ["closed_by"]
    search_fields = ["source", "note"]
    empty_list = "No fiscal year is open yet. Open this one: invoices and payments are posted to it (Bylaws Art. XIV)."
    invoiced_shown = dollars("invoiced", "Invoiced")
    open_shown = dollars("open", "Open of it")
    received_shown = dollars("received", "Received in the year")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The years with their figures of today."""
        rows: Any = super().get_queryset(request)
        return cast("QuerySet[Any]", rows.with_figures_on(timezone.localdate()))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Its days, its figures, and how it was closed."""
        source = ["source"] if obj is not None and obj.source else []
        note = ["note"] if obj is not None and obj.note else []
        closed = ["closed_shown"] if obj is not None and obj.is_closed else []
        return [
            (None, {"fields": ["starts_on", "last_day", *source, *closed, *note]}),
            ("Today", {"fields": ["invoiced_shown", "open_shown", "received_shown"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All of it."""
        return [*super().get_readonly_fields(request, obj), "last_day", "closed_shown", *FIGURES]

    @admin.display(description="Fiscal year", ordering="starts_on")
    def name(self, year: FiscalYear) -> str:
        """``FY 2026–27``."""
        return str(year)

    @admin.display(description="Last day")
    def last_day(self, year: FiscalYear) -> str:
        """``30 April 2027``."""
        return in_words(year.year.last_day)

    @admin.display(description="State", ordering="closed_at")
    def state_shown(self, year: FiscalYear) -> SafeString:
        """Open or closed."""
        return badge(*state_of_year(year))

    @admin.display(description="Closed", ordering="closed_at")
    def closed_shown(self, year: FiscalYear) -> str:
        """By whom and when."""
        if year.closed_at is None:
            return ""
        return f"{date_format(localtime(year.closed_at), 'DATE_FORMAT')} by {year.closed_by}"

    def badge(self, record: FiscalYear) -> tuple[str, str]:
        """Open or closed."""
        return state_of_year(record)

    def answers(self, request: HttpRequest, record: FiscalYear) -> Iterable[Answer]:
        """Whether its figures agree."""
        found = figures_agree(record)
        if found.because or found.missing:
            yield Answer("Do the figures of the year agree?", found)

    def related(self, request: HttpRequest, record: FiscalYear) -> Sequence[Related]:
        """What was invoiced, by what for; the runs; the budget."""
        return [_by_charge(record), _runs(record)]


FIGURES = ("invoiced_shown", "open_shown", "received_shown")


def _by_charge(year: FiscalYear) -> Related:
    """What was invoiced for the year, by charge and team. Two queries."""
    today = timezone.localdate()
    standing = Invoice.objects.standing_on(today).filter(fiscal_year=year).order_by("charge", "team__short_name")
    kind = ("charge", "team", "team__short_name")
    applied = Allocation.objects.standing_on(today).filter(invoice__in=standing.values("pk")).order_by()
    paid = {
        (charge, team): amount
        for charge, team, amount in applied.values_list("invoice__charge", "invoice__team").annotate(sum=Sum("amount"))
    }
    labels = dict(Invoice._meta.get_field("charge").flatchoices)
    rows = []
    for charge, team, short, count, total in standing.values_list(*kind).annotate(count=Count("pk"), sum=Sum("total")):
        less = paid.get((charge, team), money.ZERO)
        query = f"?fiscal_year={year.pk}&charge__exact={charge}" + (f"&team__id__exact={team}" if team else "")
        label = f"{labels[charge]}, {short}" if short else labels[charge]
        rows.append(
            Row(
                (label, count, *(money.shown(amount) for amount in (total, less, total - less))),
                reverse("admin:finance_invoice_changelist") + query,
            )
        )
    columns = [Column("For")] + [Column(name, number=True) for name in ("Invoices", "Invoiced", "Paid", "Open")]
    return Related("Invoiced for this year", columns, rows, "Nothing is invoiced for this year yet.")


def _runs(year: FiscalYear) -> Related:
    rows = [Row((in_words(run.as_on), str(run), badge(*state_of_run(run))), address(run)) for run in year.runs.all()]
    columns = [Column("Dated"), Column("Run"), Column("State")]
    return Related("Invoice runs", columns, rows, "No run of this year yet: invoice it from the start page.")
