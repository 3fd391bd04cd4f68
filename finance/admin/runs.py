"""Invoice runs: the preview of who is invoiced what and who is not, its confirmation, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString

from finance import resources
from finance.admin.filters import RunStateFilter, YearFilter
from finance.admin.pages import BookedPage
from finance.admin.shown import dollars, state_of_run, why_shown
from finance.forms.acts import as_facts
from finance.forms.runs import ConfirmRunForm, MailRunForm, PrepareRunForm, PrintRunForm, TakeUpForm
from finance.models import Invoice, InvoiceRun, RunItem
from finance.running import work_on
from finance.services import changes_since
from nipas_admin.shared import money
from nipas_admin.shared.badges import badge
from nipas_admin.shared.pages import Button, address, may

MOST_ROWS = 500
MOST_CHANGES = 10
SECONDS_BETWEEN_LOOKS = 2
ANNUAL, NOT_DETERMINED = "annual", "missing"


@dataclass(frozen=True)
class Line:
    """A line of the preview: whom, what for, the amount, why (in a sentence, and with the clauses), and the invoice
    once it is made.
    """

    agency: str
    agency_url: str
    what: str
    lines: Sequence[str]
    amount: str
    because: str
    why: SafeString
    missing: Sequence[str]
    invoice: str = ""
    invoice_url: str = ""


@admin.register(InvoiceRun)
class InvoiceRunAdmin(BookedPage):
    """Runs of invoices. One begins with a preview, which issues nothing; confirmed, it issues what was seen."""

    resource_classes = [resources.InvoiceRunResource]
    change_form_template = "finance/run_page.html"
    adds = PrepareRunForm
    acts = (ConfirmRunForm, TakeUpForm, PrintRunForm, MailRunForm)
    list_display = ["title", "fiscal_year", "as_on", "due_on", "count_shown", "sum_shown", "state_shown", "prepared_by"]
    list_filter = [RunStateFilter, YearFilter]
    list_select_related = ["fiscal_year", "prepared_by"]
    sum_shown = dollars("sum", "Sum")
    empty_list = (
        "No invoice run yet. Its preview shows which agencies are invoiced what and why, and which are not; only then "
        "is anything issued."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The runs with how many invoices they make, and their sum."""
        wanted = Q(items__invoiced=True)
        rows: Any = super().get_queryset(request).select_related("fiscal_year", "prepared_by", "confirmed_by")
        annotated: QuerySet[Any] = rows.annotate(
            count=Count("items", filter=wanted), sum=Sum("items__amount", filter=wanted)
        )
        return annotated

    @admin.display(description="Run", ordering="prepared_at")
    def title(self, run: InvoiceRun) -> str:
        """What it asks for."""
        return ", ".join(
            word for word, on in (("Annual dues", run.annual), ("team fees", run.teams)) if on
        ).capitalize()

    @admin.display(description="Invoices", ordering="count")
    def count_shown(self, run: Any) -> int:
        """How many it makes."""
        return int(run.count)

    count_shown.number = True  # type: ignore[attr-defined]

    @admin.display(description="State", ordering="finished_at")
    def state_shown(self, run: InvoiceRun) -> SafeString:
        """How far it is."""
        return badge(*state_of_run(run))

    def badge(self, record: InvoiceRun) -> tuple[str, str]:
        """How far it is."""
        return state_of_run(record)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Its days; the page shows all of it in its own way."""
        return [(None, {"fields": ["fiscal_year", "as_on", "due_on"]})]

    def buttons(self, request: HttpRequest, record: InvoiceRun) -> Iterator[Button]:
        """The acts that make sense, but the confirmation: the page has its button below the figures."""
        confirm = self.act_address(ConfirmRunForm, record)
        yield from (button for button in super().buttons(request, record) if button.url != confirm)
        if record.finished_at is not None and may(request, "view", Invoice):
            yield Button(
                "See the invoices", reverse("admin:finance_invoice_changelist") + f"?run__id__exact={record.pk}"
            )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page; it looks again by itself while the invoices are being made."""
        response = super().change_view(request, object_id, form_url, extra_context)
        if (getattr(response, "context_data", None) or {}).get("looks_again"):
            response["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
        return response

    def page_of(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """The figures, the two tables, and what is to be done."""
        under_way = record.confirmed_at is not None and record.finished_at is None
        job = work_on(record) if under_way else None
        may_confirm = record.confirmed_at is None and request.user.has_perm(ConfirmRunForm.permission)
        changes = changes_since(record) if may_confirm else []
        return {
            **super().page_of(request, record),
            **Preview(request, record).context(),
            "run": record,
            "job": job,
            "job_url": address(job) if job and self._sees(request, job) else "",
            "looks_again": job is not None and not job.is_finished,
            "made": record.items.filter(invoice__isnull=False).count() if under_way else record.count,
            "changes": changes[:MOST_CHANGES],
            "more_changes": max(0, len(changes) - MOST_CHANGES),
            "confirm_url": self.act_address(ConfirmRunForm, record) if may_confirm and record.count else "",
            "again_url": self._again(record) if may_confirm else "",
        }

    def _again(self, run: InvoiceRun) -> str:
        """Where the same is previewed anew."""
        query = f"?year={run.fiscal_year.starts_on}&as_on={run.as_on}&due_on={run.due_on}"
        return reverse("admin:finance_invoicerun_add") + query

    def _sees(self, request: HttpRequest, job: Any) -> bool:
        return job.requested_by_id == request.user.pk or request.user.has_perm("jobs.view_job")


class Preview:
    """The lines of a run: what is asked of whom, who is not asked, narrowed by what the address says."""

    def __init__(self, request: HttpRequest, run: Any) -> None:
        self.run = run
        self.query = request.GET.get("q", "").replace("\0", "").strip()[:100]
        self.what = request.GET.get("for", "")
        self.links = may(request, "view", Invoice)

    def context(self) -> dict[str, Any]:
        """For ``finance/run_page.html``. Five queries, whatever the number of agencies."""
        asked, left = self._rows(invoiced=True), self._rows(invoiced=False)
        funds = self._funds()
        without, open_ = self._without()
        return {
            "sum": money.shown(self.run.sum or money.ZERO),
            "funds": funds,
            "without": without,
            "undetermined": open_,
            "asked": asked[:MOST_ROWS],
            "left_out": left[:MOST_ROWS],
            "cut": len(asked) > MOST_ROWS or len(left) > MOST_ROWS,
            "query": self.query,
            "what": self.what,
            "choices": self._choices(funds),
            "narrowed": bool(self.query or self.what),
        }

    def _rows(self, *, invoiced: bool) -> list[Line]:
        items: Any = self.run.items.filter(invoiced=invoiced).select_related("agency", "team", "invoice__fiscal_year")
        if self.query:
            items = items.filter(agency__name__icontains=self.query)
        if self.what == ANNUAL:
            items = items.filter(team__isnull=True)
        elif self.what == NOT_DETERMINED:
            items = items.exclude(missing=[])
        elif self.what.isascii() and self.what.isdecimal():
            items = items.filter(team=self.what[:18])
        order = ("agency__name", "pk")
        return [self._line(item) for item in items.order_by(*order)[: MOST_ROWS + 1]]

    def _line(self, item: RunItem) -> Line:
        label: str = item.get_charge_display()
        made = item.invoice
        return Line(
            agency=item.agency.name,
            agency_url=address(item.agency),
            what=f"{label}, {item.team.short_name}" if item.team else label,
            lines=[line["text"] for line in item.lines],
            amount=money.shown(item.amount),
            because="; ".join(fact.text for fact in as_facts(item.because)),
            why=why_shown(item.because),
            missing=item.missing,
            invoice=made.reference if made else "",
            invoice_url=address(made) if made and self.links else "",
        )

    def _funds(self) -> list[tuple[str, str, int, str]]:
        """By team (its key, name, how many invoices and their sum), the general fund first."""
        rows = self.run.items.filter(invoiced=True).order_by("team__name")
        found = rows.values_list("team", "team__name").annotate(count=Count("pk"), sum=Sum("amount"))
        listed = [
            (str(team or ""), name or "General fund", count, money.shown(sum_)) for team, name, count, sum_ in found
        ]
        return sorted(listed, key=lambda one: bool(one[0]))

    def _without(self) -> tuple[int, int]:
        """How many lines ask for nothing, and for how many of them that is not determined."""
        rows = self.run.items.filter(invoiced=False).aggregate(
            all=Count("pk"), missing=Count("pk", filter=~Q(missing=[]))
        )
        return rows["all"], rows["missing"]

    def _choices(self, funds: Sequence[tuple[str, str, int, str]]) -> list[tuple[str, str]]:
        """What the lines can be narrowed to."""
        teams = [(team, name) for team, name, _count, _sum in funds if team]
        return [("", "All"), (ANNUAL, "Annual dues"), *teams, (NOT_DETERMINED, "Not determined")]
