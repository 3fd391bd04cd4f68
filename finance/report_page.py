"""What the page of the Treasurer's report shows: the time asked for, and every figure with the way to its documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from board.models import Meeting
from finance.models import BudgetLine, Disbursement, FiscalYear, Invoice, Payment
from finance.report_chart import named, years_chart
from finance.rules.books import Side
from finance.rules.receivables import Bucket
from finance.services.report import TreasurersReport
from finance.services.report_lines import CategoryLine, DebtorLine, Flow
from finance.services.years import year_of
from membership.models import Agency
from nipas_admin.shared import dates, money
from nipas_admin.shared.dated import day_after, day_before, in_words
from nipas_admin.shared.pages import may

FIRST_VAR, LAST_VAR = "from", "to"
EXPORTS = "finance.export_payment"


@dataclass(frozen=True)
class Period:
    """The time a page speaks of: first day in, ``until`` the first day out. ``problem``: why another is shown."""

    first: date
    until: date
    problem: str = ""

    @property
    def last(self) -> date:
        """Its last day."""
        return day_before(self.until)

    @property
    def query(self) -> str:
        """``from=2026-05-01&to=2026-11-20``, for an address."""
        return urlencode({FIRST_VAR: self.first.isoformat(), LAST_VAR: self.last.isoformat()})


@dataclass(frozen=True)
class Choice:
    """A time that is one press away."""

    label: str
    period: Period
    chosen: bool


def period_of(params: QueryDict, today: date) -> Period:
    """The time asked for; this fiscal year to date, with the reason, where it is left out or cannot be used."""
    first, until = current_year(today)
    asked = [params.get(name, "").strip() for name in (FIRST_VAR, LAST_VAR)]
    if not any(asked):
        return Period(first, until)
    try:
        days = [dates.read_day(text) if text else None for text in asked]
        for day in days:
            if day is not None:
                dates.check_bounds(day, today)
    except ValidationError as error:
        return Period(first, until, f"{error.messages[0]} The fiscal year to date is shown instead.")
    start, end = days[0] or _year(days[1] or today)[0], day_after(days[1] or today)
    if end <= start:
        return Period(
            first, until,
            f"{in_words(day_before(end))} lies before {in_words(start)}. Give the first day first. The fiscal year to "
            "date is shown instead.",
        )  # fmt: skip
    return Period(start, end)


def current_year(today: date) -> tuple[date, date]:
    """The fiscal year to date: its first day, and the day after today."""
    return _year(today)[0], day_after(today)


def _year(day: date) -> tuple[date, date]:
    """The fiscal year of a day, by the books or the bylaws; the calendar year where neither says."""
    known = FiscalYear.objects.filter(starts_on__lte=day, ends_on__gt=day).first()
    if known is not None:
        return known.starts_on, known.ends_on
    try:
        year = year_of(day)
    except ValidationError:
        return date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return year.starts_on, year.ends_on


def choices(period: Period, today: date) -> Iterator[Choice]:
    """This fiscal year, the last one, and since the annual meeting."""
    first, until = current_year(today)
    last_first, last_until = _year(day_before(first))
    found = [("This fiscal year to date", first, until), ("Last fiscal year", last_first, last_until)]
    meetings = Meeting.objects.standing().filter(kind="annual", adjourned_at__isnull=False).order_by("-starts_at")
    if (meeting := next((one for one in meetings[:3] if one.on <= today), None)) is not None:
        found.append(
            ("Since the last annual meeting", day_after(meeting.on), max(until, day_after(day_after(meeting.on))))
        )
    for label, start, end in found:
        yield Choice(label, Period(start, end), (start, end) == (period.first, period.until))


class ReportPage:
    """The report as one person sees it: figures lead to the journal's entries behind them."""

    def __init__(self, request: HttpRequest, report: TreasurersReport, period: Period) -> None:
        self.request, self.report, self.period = request, report, period
        self.journal = f"{reverse('finance:journal')}?{period.query}"

    def context(self) -> dict[str, Any]:
        """For ``finance/report.html``."""
        report, owed = self.report, self.report.books.receivable
        first, until = self.period.first.isoformat(), self.period.until.isoformat()
        drawn = any(line.receipts is not None for line in report.years)
        return {
            "report": report,
            "period": self.period,
            "opening": money.total(line.opening for line in report.funds),
            "flows": [self._flow(report.receipts), self._flow(report.disbursements)],
            "funds": [(line, self._entries(fund=line.fund)) for line in report.funds],
            "places": [
                *((name, amount, self._entries(Side.BANK, name)) for name, amount in report.banks),
                ("Not deposited yet", report.books.after.undeposited, self._entries(Side.UNDEPOSITED)),
            ],
            "purposes": [
                *((line.fund, line.closing, self._entries(fund=line.fund)) for line in report.funds),
                ("Credits held for agencies", report.books.after.credits, self._entries(Side.CREDITS)),
            ],
            "owed": owed,
            "aging": [(bucket, owed.aging[bucket], self._invoices(past_due=bucket)) for bucket in Bucket],
            "invoices_url": self._invoices(),
            "chart": years_chart(report) if drawn else "",
            "chart_narrow": years_chart(report, "years-narrow", narrow=True) if drawn else "",
            "years": [
                (named(line), line, f"?{Period(line.first, day_after(line.last)).query}") for line in report.years
            ],
            "debtors": self._debtors(),
            "budget_parts": self._budget_parts(),
            "moved": {
                "invoiced": self._list(Invoice, issued_on__gte=first, issued_on__lt=until),
                "voided": self._list(Invoice, voided_on__gte=first, voided_on__lt=until),
                "payments": self._list(Payment, received_on__gte=first, received_on__lt=until),
            },
            "budget_url": self._budget(),
            "spent": self._checks(report.spent),
            "outstanding": self._checks(report.outstanding),
            "journal_url": self.journal,
            "may_export": self.request.user.has_perm(EXPORTS),
        }

    def _entries(self, side: Side | None = None, name: str = "", fund: str = "", of_time: str = "") -> str:
        """The journal's entries on an account, or on all accounts of a fund; of the page's time if no other."""
        asked = {"side": side.value if side else "", "name": name, "fund": fund}
        journal = f"{reverse('finance:journal')}?{of_time or self.period.query}"
        return f"{journal}&{urlencode({key: value for key, value in asked.items() if value})}"

    def _flow(self, flow: Flow) -> dict[str, Any]:
        def cells(line: CategoryLine) -> list[tuple[Any, str]]:
            funds = zip(flow.funds, line.by_fund, strict=True)
            return [(amount, self._entries(flow.side, line.category, fund) if amount else "") for fund, amount in funds]

        lines = [(line, cells(line), self._entries(flow.side, line.category)) for line in flow.lines]
        return {
            "name": flow.side.value,
            "title": flow.side.value.capitalize(),
            "lines": lines,
            "flow": flow,
            "url": self._entries(flow.side),
        }

    def _list(self, model: type[Model], **asked: str) -> str:
        """The admin list of such records, narrowed; empty where there is none, or this person may not see it."""
        if not admin.site.is_registered(model) or not may(self.request, "view", model):
            return ""
        return f"{reverse(f'admin:finance_{model._meta.model_name}_changelist')}?{urlencode(asked)}"

    def _invoices(self, past_due: Bucket | None = None) -> str:
        """What is open on the last day, in one column of the aging or in all."""
        asked = {"on": self.report.last.isoformat(), "state": "open"}
        return self._list(Invoice, **asked, **({"past_due": past_due.value} if past_due else {}))

    def _budget(self) -> str:
        if self.report.budget is None:
            return ""
        year = FiscalYear.objects.filter(starts_on=self.report.budget.year.starts_on).first()
        return self._list(BudgetLine, fiscal_year=str(year.pk)) if year else ""

    def _budget_parts(self) -> list[dict[str, Any]]:
        """The budget's two parts; what came of each line leads to its entries from the year's first day on."""
        budget = self.report.budget
        if budget is None:
            return []
        since = Period(budget.year.starts_on, self.period.until).query
        return [
            {
                "title": part.side.value.capitalize(),
                "sum": part.sum,
                "lines": [
                    (line, self._entries(part.side, line.category, line.fund, since) if line.figures.actual else "")
                    for line in part.lines
                ],
            }
            for part in budget.parts
        ]

    def _debtors(self) -> list[tuple[DebtorLine, str]]:
        known = may(self.request, "view", Agency)
        return [
            (line, reverse("admin:membership_agency_change", args=[line.key]) if known else "")
            for line in self.report.debtors
        ]

    def _checks(self, lines: Iterable[Any]) -> list[tuple[Any, str]]:
        known = admin.site.is_registered(Disbursement) and may(self.request, "view", Disbursement)
        return [
            (line, reverse("admin:finance_disbursement_change", args=[line.key]) if known else "") for line in lines
        ]
