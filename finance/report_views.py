"""The Treasurer's report and the general journal: looked at, printed, issued, and given out as files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from documents.letters import kind_of
from documents.views import printed
from finance.journal_page import Asked, csv_lines, listed, with_addresses, xlsx
from finance.models import FiscalYear
from finance.report_page import EXPORTS, Period, ReportPage, choices, period_of
from finance.report_table import HEADINGS, rows_of
from finance.services.journal import journal as journal_of
from finance.services.report import treasurers_report
from nipas_admin.shared import tables
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.day import day_of
from nipas_admin.shared.pages import framed, must, must_see_all

READS = "finance.view_fiscalyear"
PAPER = "finance.report"
ISSUES = "documents.add_paper"


def _asked(request: HttpRequest) -> Period:
    """The time asked for, of those who may read the books."""
    must(request, READS)
    must_see_all(request)
    return period_of(request.GET, day_of(request).today)


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """The report of a time on the screen."""
    period, today = _asked(request), day_of(request).today
    found = treasurers_report(period.first, period.until)
    page = {
        "title": "Treasurer's report",
        "choices": list(choices(period, today)),
        "today": today,
        "ahead": period.last > today,
        "may_issue": request.user.has_perm(ISSUES),
    }
    return framed(request, "finance/report.html", {**page, **ReportPage(request, found, period).context()})


@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest) -> HttpResponseBase:
    """The report as PDF; to post issues it under a register reference, for good. What cannot be printed is said."""
    period, day = _asked(request), day_of(request).today
    kind = kind_of(PAPER)
    must(request, kind.permission)
    record = FiscalYear.objects.filter(starts_on__lte=period.last, ends_on__gt=period.last).first()
    name = f"{_file_name('treasurers-report', period)}.pdf"
    back_to = f"{reverse('finance:report')}?{period.query}"
    return printed(request, kind, record, day, back_to, name=name, first=period.first, until=period.until)


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Every figure of the report as CSV."""
    period = _asked(request)
    must(request, EXPORTS)
    rows = rows_of(treasurers_report(period.first, period.until))
    return _file(tables.write(tables.CSV, HEADINGS, rows), "treasurers-report", period, tables.CSV)


@require_safe
def journal(request: HttpRequest) -> HttpResponseBase:
    """The general journal of a time: on the screen, or as CSV or XLSX for those who may take it with them."""
    period = _asked(request)
    kind = request.GET.get("format", "")
    entries = journal_of(period.first, period.until)
    if kind in tables.CONTENT_TYPES:
        must(request, EXPORTS)
        if kind == tables.XLSX:
            return _file(xlsx(entries), "general-journal", period, kind)
        response = StreamingHttpResponse(csv_lines(entries), content_type=tables.CONTENT_TYPES[kind])
        response["Content-Disposition"] = f'attachment; filename="{_file_name("general-journal", period)}.csv"'
        return response
    found = listed(entries, Asked.of(request.GET))
    page = {
        "title": "General journal",
        "period": period,
        "listed": found,
        "rows": with_addresses(request, found.shown),
        "report_url": f"{reverse('finance:report')}?{period.query}",
        "all_url": f"{reverse('finance:journal')}?{period.query}",
        "may_export": request.user.has_perm(EXPORTS),
        "note": f"{in_words(period.first)} to {in_words(period.last)}",
    }
    return framed(request, "finance/journal.html", page)


def _file(data: bytes, name: str, period: Period, kind: str) -> HttpResponse:
    response = HttpResponse(data, content_type=tables.CONTENT_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{_file_name(name, period)}.{kind}"'
    return response


def _file_name(name: str, period: Period) -> str:
    """``general-journal-2026-05-01-2026-11-20``."""
    return f"{name}-{period.first.isoformat()}-{period.last.isoformat()}"
