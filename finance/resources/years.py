"""What the books rest on, as tables: fiscal years, funds, categories, banks, rates, policies, the budget."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from import_export.fields import Field

from finance import services
from finance.models import (
    BudgetLine,
    Category,
    DisbursementPolicy,
    DuesPolicy,
    FiscalYear,
    Fund,
    Institution,
    OpeningBalance,
    Rate,
)
from finance.resources.parts import BooksResource, day_of, dollars, fiscal_year, motion, said_in, shown, team
from nipas_admin.shared.columns import DayWidget, key


class FiscalYearResource(BooksResource):
    """Fiscal years: by their first day."""

    about = (
        "A row is a fiscal year that is opened. Its days may be left to the bylaws of the time: give starts_on alone; "
        "where those are not on file, give both days and the source that shows them. One in the books stays as it is."
    )
    natural_keys = [("starts_on",)]
    name = shown("year", "name")
    last_day = Field("year__last_day", "last_day", DayWidget(), readonly=True)
    closed_on = day_of("closed_at", "closed_on")
    closed_by = shown("closed_by", "closed_by")
    invoiced = dollars("invoiced", readonly=True)
    open = dollars("open", readonly=True)
    received = dollars("received", readonly=True)
    following = ("closed_by",)

    class Meta(BooksResource.Meta):
        model = FiscalYear
        fields = [
            "name", "starts_on", "last_day", "ends_on", "source", "invoiced", "open", "received", "closed_on",
            "closed_by", "note",
        ]  # fmt: skip
        export_order = fields
        import_order = fields

    def import_instance(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        """Write the cells to the row in memory; the bylaws give the days of a new year that are left blank."""
        super().import_instance(instance, row if instance._state.adding else said_in(row), **kwargs)
        if instance._state.adding and instance.starts_on and not instance.ends_on and not instance.source.strip():
            try:
                year = services.year_of(instance.starts_on)
            except ValidationError as refusal:
                raise ValidationError({"starts_on": refusal.messages}) from refusal
            instance.ends_on = year.ends_on
            if year.starts_on != instance.starts_on:
                raise ValidationError(
                    {"starts_on": f"By the bylaws of the time {year} begins on {year.starts_on} (Bylaws Art. XIV)."}
                )

    def validate_instance(self, instance: Any, import_validation_errors: Any = None, **kwargs: Any) -> None:
        """A year in the books keeps its days and its source: postings and reports rest on them."""
        faults = dict(import_validation_errors or {})
        if not faults and not instance._state.adding:
            faults = {
                cell.column: ValidationError("This year is in the books: what it is stays as it was opened.")
                for cell in self.cells
                if cell.changed and cell.column != "note"
            }
        super().validate_instance(instance, faults, **kwargs)

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        """Open the year by the act that opens years."""
        if not is_create:
            instance.save()
            return
        by_hand = instance.year if instance.source.strip() else None
        opened = services.open_year(
            day=instance.starts_on, by_hand=by_hand, source=instance.source, reason=self.reason,
            by=getattr(instance, "_history_user", None),
        )  # fmt: skip
        instance.pk = opened.pk
        if instance.note:
            opened.note = instance.note
            opened._change_reason = self.reason
            opened.save()


class FundResource(BooksResource):
    """Funds: by name."""

    natural_keys = [("name",)]
    team = team()

    class Meta(BooksResource.Meta):
        model = Fund
        fields = ["name", "team", "note"]
        export_order = fields
        import_order = fields


class CategoryResource(BooksResource):
    """Categories: by name."""

    natural_keys = [("name",)]

    class Meta(BooksResource.Meta):
        model = Category
        fields = ["name", "flow", "charge"]
        export_order = fields
        import_order = fields


class InstitutionResource(BooksResource):
    """Financial institutions: by name. The motions that approved them are shown only."""

    natural_keys = [("name",)]
    motion = motion("motion")
    following = ("motion__meeting",)

    class Meta(BooksResource.Meta):
        model = Institution
        fields = ["name", "account", "approved_on", "until_on", "motion"]
        export_order = fields
        import_order = fields


class OpeningBalanceResource(BooksResource):
    """Opening balances: by fund."""

    about = (
        "A row is what a fund held on the first day of the first fiscal year in the register, with the statement that "
        "shows it. Import the institutions first. Every later balance follows from the documents."
    )
    natural_keys = [("fund",)]
    fund = key("fund", Fund, "name")
    institution = key("institution", Institution, "name")

    class Meta(BooksResource.Meta):
        model = OpeningBalance
        fields = ["fund", "institution", "on", "amount", "source"]
        export_order = fields
        import_order = fields


class RateResource(BooksResource):
    """Rates: by charge, team, first day and lower bound of the size band. Motions are shown only."""

    about = (
        "A row is what the Board asks for one thing from one day on: the charge, the team it is for (short name), "
        "dollars, whether flat or for each officer committed, and of a size band its first and last number of sworn "
        "officers. Say in the source what shows the rate."
    )
    natural_keys = [("charge", "team", "from_on", "least_officers")]
    may_lack = ("team", "least_officers")
    team = team()
    motion = motion("motion")
    following = ("motion__meeting",)

    class Meta(BooksResource.Meta):
        model = Rate
        fields = [
            "charge", "team", "amount", "basis", "least_officers", "most_officers", "from_on", "until_on", "motion",
            "source",
        ]  # fmt: skip
        export_order = fields
        import_order = fields


class DuesPolicyResource(BooksResource):
    """Dues policies: by first day."""

    natural_keys = [("from_on",)]
    motion = motion("motion")
    following = ("motion__meeting",)

    class Meta(BooksResource.Meta):
        model = DuesPolicy
        fields = [
            "from_on", "first_year", "joining_covers_year", "due_days", "first_letter", "second_letter",
            "third_letter", "motion", "source",
        ]  # fmt: skip
        export_order = fields
        import_order = fields


class DisbursementPolicyResource(BooksResource):
    """Disbursement policies: by first day. The paper is added on the policy's page."""

    natural_keys = [("from_on",)]
    motion = motion("motion")
    following = ("motion__meeting",)

    class Meta(BooksResource.Meta):
        model = DisbursementPolicy
        fields = ["title", "from_on", "text", "motion", "source"]
        export_order = fields
        import_order = fields


class BudgetLineResource(BooksResource):
    """The budget: by fiscal year, fund and category."""

    about = (
        "A row is what the Board budgeted for a fiscal year (2026-27) in one fund and category. Receipts and "
        "disbursements are told apart by the category."
    )
    natural_keys = [("fiscal_year", "fund", "category")]
    fiscal_year = fiscal_year()
    fund = key("fund", Fund, "name")
    category = key("category", Category, "name")
    flow = shown("category__get_flow_display", "flow")
    motion = motion("motion")
    following = ("fiscal_year", "motion__meeting")

    class Meta(BooksResource.Meta):
        model = BudgetLine
        fields = ["fiscal_year", "fund", "category", "flow", "amount", "motion"]
        export_order = fields
        import_order = fields
