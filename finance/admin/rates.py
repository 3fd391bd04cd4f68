"""What the Board set, and what the books rest on: rates, policies, funds, categories, banks, the budget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from documents.admin import paper_shown
from finance import resources
from finance.admin.filters import YearFilter
from finance.admin.pages import TreasurersPage
from finance.admin.shown import dollars
from finance.forms.years import PolicyForm, RateForm
from finance.models import (
    BudgetLine,
    Category,
    DisbursementPolicy,
    DuesPolicy,
    Fund,
    Institution,
    OpeningBalance,
    Rate,
)
from finance.rules.dues import Basis
from nipas_admin.shared import money
from nipas_admin.shared.badges import badge
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.furniture import Column, Related, Row


def _held(since: date, until: date | None, day: date) -> tuple[str, str]:
    """The look and the word of what holds from one day until another."""
    if day < since:
        return "prospect", f"From {in_words(since)}"
    return ("ended", f"Until {in_words(until)}") if until is not None and until <= day else ("active", "In force")


def governing(day: date) -> set[int]:
    """The rates that ask for something on the day: those that cover it and that no later one replaces. One query."""
    covering = list(Rate.objects.covering(day).select_related("motion__meeting"))
    return {row.pk for row in covering if not _replaced(row, covering)}


def _replaced(row: Rate, others: Sequence[Rate]) -> bool:
    """Does a later rate for the same thing stand in its place, whatever the size of the agency?"""
    later = [
        other.rate
        for other in others
        if (other.charge, other.team_id) == (row.charge, row.team_id) and other.from_on > row.from_on
    ]
    edges = {row.least_officers or 0} | {rate.least or 0 for rate in later} | {(rate.most or 0) + 1 for rate in later}
    sizes = [size for size in edges if row.rate.fits(size)]
    return all(any(rate.fits(size) for rate in later) for size in sizes)


class InForceFilter(admin.SimpleListFilter):
    """Whether a rate governs today."""

    title = "in force"
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Today, or no longer or not yet."""
        return [("today", "Today"), ("not", "Not today")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those."""
        if self.value() not in ("today", "not"):
            return queryset
        held = governing(timezone.localdate())
        return queryset.filter(pk__in=held) if self.value() == "today" else queryset.exclude(pk__in=held)


@admin.register(Rate)
class RateAdmin(TreasurersPage):
    """Rates: what the Board asks, from one day until another, by size band and for each officer where it says so."""

    resource_classes = [resources.RateResource]
    form = RateForm
    list_display = ["what", "amount_shown", "basis", "band", "from_on", "state_shown", "set_by"]
    list_filter = [InForceFilter, "charge", "team", "basis"]
    list_select_related = ["team", "motion__meeting"]
    search_fields = ["source", "team__name", "team__short_name"]
    search_help_text = "Team, or the source that shows the rate"
    autocomplete_fields = ["team", "motion"]
    amount_shown = dollars("amount", "Dollars")
    empty_list = (
        "No rate is recorded yet, so nothing can be invoiced. Add the annual dues first, then the joining fee and the "
        "team fees, each with the motion that set it (Agreement §3.J–K, Bylaws Art. III §7)."
    )
    fieldsets = [
        (None, {"fields": ["charge", "team", "amount", "basis"]}),
        (
            "Only for agencies of some size",
            {
                "fields": [("least_officers", "most_officers")],
                "description": "For size bands: a rate of its own for each band. Blank: for all agencies.",
            },
        ),
        ("From when, and who set it", {"fields": ["from_on", "until_on", "motion", "source"]}),
    ]

    @admin.display(description="For", ordering="charge")
    def what(self, rate: Rate) -> str:
        """The charge and its team."""
        label: str = rate.get_charge_display()
        return f"{label}, {rate.team.short_name}" if rate.team else label

    @admin.display(description="Size")
    def band(self, rate: Rate) -> str:
        """The size band in words."""
        least, most = rate.least_officers, rate.most_officers
        if least is None and most is None:
            return "Any"
        if most is None:
            return f"{least} officers or more"
        return f"Up to {most} officers" if least is None else f"{least} to {most} officers"

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list; each rate knows whether it governs today."""
        shown = super().get_changelist_instance(request)
        held = governing(timezone.localdate())
        for rate in shown.result_list:
            rate.governs = rate.pk in held
        return shown

    @admin.display(description="State", ordering="from_on")
    def state_shown(self, rate: Any) -> SafeString:
        """Whether it governs today."""
        return badge(*_state(rate, governs=rate.governs))

    @admin.display(description="Set by")
    def set_by(self, rate: Rate) -> str:
        """The motion, or the source."""
        return str(rate.motion) if rate.motion else rate.source

    def badge(self, record: Rate) -> tuple[str, str]:
        """Whether it governs today."""
        return _state(record, governs=record.pk in governing(timezone.localdate()))

    def related(self, request: HttpRequest, record: Rate) -> Sequence[Related]:
        """The other rates for the same thing, earlier and later."""
        others = Rate.objects.filter(charge=record.charge, team=record.team_id).exclude(pk=record.pk)
        rows = [
            Row((in_words(one.from_on), money.shown(one.amount), _basis(one), self.band(one), one.source))
            for one in others.order_by("-from_on", "least_officers")
        ]
        columns = [
            Column("From"), Column("Dollars", number=True), Column("Basis"), Column("Size"), Column("Source")
        ]  # fmt: skip
        return [Related("Other rates for this", columns, rows, "There is no other.")]


def _state(rate: Rate, *, governs: bool) -> tuple[str, str]:
    """The look and the word of a rate today."""
    held = _held(rate.from_on, rate.until_on, timezone.localdate())
    return ("ended", "Replaced") if held[0] == "active" and not governs else held


def _basis(rate: Rate) -> str:
    return "For each officer" if rate.basis == Basis.OFFICER.value else "Flat"


@admin.register(DuesPolicy)
class DuesPolicyAdmin(TreasurersPage):
    """How dues are asked for: the first year, when they are due, when reminders may be sent."""

    resource_classes = [resources.DuesPolicyResource]
    list_display = ["from_on", "first_year", "joining_covers_year", "due_days", "reminders", "motion"]
    list_filter = ["first_year"]
    list_select_related = ["motion__meeting"]
    search_fields = ["source"]
    autocomplete_fields = ["motion"]
    empty_list = (
        "The Board set nothing yet, and the register counts so: the joining fee covers the first year, which is owed "
        "in full; invoices are due after 30 days; reminders may go out 1, 31 and 61 days past due."
    )
    fieldsets = [
        (None, {"fields": ["from_on", "motion", "source"]}),
        ("The first year of an agency", {"fields": ["first_year", "joining_covers_year"]}),
        ("When invoices are due", {"fields": ["due_days"]}),
        ("When reminders may be sent", {"fields": [("first_letter", "second_letter", "third_letter")]}),
    ]

    @admin.display(description="Reminders, days past due")
    def reminders(self, policy: DuesPolicy) -> str:
        """From when each may be sent."""
        return f"{policy.first_letter}, {policy.second_letter}, {policy.third_letter}"


@admin.register(DisbursementPolicy)
class DisbursementPolicyAdmin(TreasurersPage):
    """The Board's policy under which disbursements are reviewed and approved."""

    resource_classes = [resources.DisbursementPolicyResource]
    form = PolicyForm
    list_display = ["title", "from_on", "motion", "source"]
    list_select_related = ["motion__meeting"]
    search_fields = ["title", "text", "source"]
    autocomplete_fields = ["motion"]
    readonly_fields = ["paper_on_file"]
    paper_on_file = paper_shown("policy_paper", "Policy on file")
    empty_list = "No policy is recorded yet, and without one no disbursement can be approved (Bylaws Art. X)."

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What it says, the paper, who set it."""
        upload = ["policy_upload"] if obj is None or self.has_change_permission(request, obj) else []
        shown = ["paper_on_file"] if obj is not None and obj.policy_paper_id else []
        return [
            (None, {"fields": ["title", "from_on", "text"]}),
            ("The paper", {"fields": [*shown, *upload]}),
            ("Who set it", {"fields": ["motion", "source"]}),
        ]


@admin.register(Fund)
class FundAdmin(TreasurersPage):
    """Funds: the general fund, and one for each team with fees."""

    resource_classes = [resources.FundResource]
    list_display = ["name", "team", "note"]
    list_select_related = ["team"]
    search_fields = ["name", "note"]
    autocomplete_fields = ["team"]
    empty_list = "There is no fund yet. Add the general fund; that of a team is made with its first invoice."
    fieldsets = [(None, {"fields": ["name", "team", "note"]})]


@admin.register(Category)
class CategoryAdmin(TreasurersPage):
    """Categories: what the report, the budget and the journal group money by."""

    resource_classes = [resources.CategoryResource]
    list_display = ["name", "flow", "charge"]
    list_filter = ["flow"]
    search_fields = ["name"]
    empty_list = "There is no category yet. Add what money comes in for and goes out for, as the report is to show it."
    fieldsets = [(None, {"fields": ["name", "flow", "charge"]})]


@admin.register(Institution)
class InstitutionAdmin(TreasurersPage):
    """Banks and other institutions that the Board approved for deposits."""

    resource_classes = [resources.InstitutionResource]
    list_display = ["name", "account", "approved_on", "state_shown", "motion"]
    list_select_related = ["motion__meeting"]
    search_fields = ["name", "account"]
    autocomplete_fields = ["motion"]
    empty_list = (
        "No institution is recorded yet. Money is deposited only where the Board approved it (Bylaws Art. VI §4)."
    )
    fieldsets = [
        (None, {"fields": ["name", "account"]}),
        ("Approved by the Board", {"fields": ["approved_on", "motion", "until_on"]}),
    ]

    @admin.display(description="State", ordering="until_on")
    def state_shown(self, institution: Institution) -> SafeString:
        """Whether it takes deposits today."""
        return badge(*self.badge(institution))

    def badge(self, record: Institution) -> tuple[str, str]:
        """Whether it takes deposits today."""
        return _held(record.approved_on, record.until_on, timezone.localdate())


@admin.register(OpeningBalance)
class OpeningBalanceAdmin(TreasurersPage):
    """What each fund held when the register's books began; all later balances follow from documents."""

    resource_classes = [resources.OpeningBalanceResource]
    list_display = ["fund", "institution", "on", "amount_shown", "source"]
    list_filter = ["institution"]
    list_select_related = ["fund", "institution"]
    search_fields = ["fund__name", "source"]
    amount_shown = dollars("amount", "Balance")
    empty_list = (
        "No opening balance is recorded. Add one for each fund, on the first day of the first fiscal year in the "
        "register, with the statement that shows it; every later balance then follows by itself."
    )
    fieldsets = [(None, {"fields": ["fund", "institution", "on", "amount", "source"]})]


@admin.register(BudgetLine)
class BudgetLineAdmin(TreasurersPage):
    """The budget: what the Board expected of a year, by fund and category."""

    resource_classes = [resources.BudgetLineResource]
    list_display = ["category", "flow", "fund", "fiscal_year", "amount_shown", "motion"]
    list_filter = [YearFilter, "fund", "category__flow"]
    list_select_related = ["category", "fund", "fiscal_year", "motion__meeting"]
    search_fields = ["category__name", "fund__name"]
    autocomplete_fields = ["motion"]
    amount_shown = dollars("amount", "Budgeted")
    empty_list = (
        "No budget is recorded yet. Add a line for each fund and category; the report sets the actual beside it."
    )
    fieldsets = [(None, {"fields": ["fiscal_year", "fund", "category", "amount", "motion"]})]

    @admin.display(description="In or out", ordering="category__flow")
    def flow(self, line: BudgetLine) -> str:
        """Receipts or disbursements."""
        return line.category.get_flow_display()
