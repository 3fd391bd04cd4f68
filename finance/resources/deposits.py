"""What was applied, deposited and shown by the bank, as tables to read: each comes about by an act."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import Count, Sum
from import_export.fields import Field

from finance.models import Allocation, BankLine, BankStatement, Deposit
from finance.resources.parts import BooksResource, shown
from nipas_admin.shared import money
from nipas_admin.shared.columns import DayWidget


class AllocationResource(BooksResource):
    """What payments were applied to, to read; what was undone says when and why."""

    payment = shown("payment__reference", "payment")
    payer = shown("payment__payer", "payer")
    invoice = shown("invoice__reference", "invoice")
    agency_name = shown("invoice__agency__name", "agency_name")
    undone_because = shown("undone_because", "undone_because")
    following = ("payment", "invoice__fiscal_year", "invoice__agency")

    class Meta(BooksResource.Meta):
        model = Allocation
        fields = ["payment", "payer", "invoice", "agency_name", "amount", "on", "undone_on", "undone_because"]
        export_order = fields


class DepositResource(BooksResource):
    """Deposits, to read: a row for each payment in it."""

    reference = shown("reference", "reference")
    institution = shown("institution", "institution")
    following = ("institution",)

    class Meta(BooksResource.Meta):
        model = Deposit
        fields = ["reference", "institution", "deposited_on", "note"]
        export_order = fields

    def headings(self) -> list[str]:
        """The names of the columns, those of a payment last."""
        return [*super().headings(), "payment", "received_on", "payer", "check_number", "amount"]

    def rows(self, queryset: models.QuerySet[Any]) -> Iterator[list[Any]]:
        """The rows, whatever their number in the same few queries."""
        fields = self.get_export_fields()
        for deposit in queryset.select_related("institution").prefetch_related("payments"):
            cells = [self.export_field(field, deposit, force_native_type=True) for field in fields]
            for row in sorted(deposit.payments.all(), key=lambda row: row.pk):
                yield [*cells, row.reference, row.received_on, row.payer, row.check_number, row.amount]


class BankStatementResource(BooksResource):
    """Statements of the banks, to read: their days, their closing balance and how much their lines come to."""

    institution = shown("institution", "institution")
    following = ("institution",)

    class Meta(BooksResource.Meta):
        model = BankStatement
        fields = ["institution", "from_on", "until_on", "closing", "file_name"]
        export_order = fields

    def headings(self) -> list[str]:
        """The names of the columns, the figures last."""
        return [*super().headings(), "lines", "amount"]

    def rows(self, queryset: models.QuerySet[Any]) -> Iterator[list[Any]]:
        """The rows, whatever their number in the same few queries."""
        fields = self.get_export_fields()
        statements = list(queryset.select_related("institution"))
        lines = BankLine.objects.filter(statement__in=[one.pk for one in statements]).order_by()
        figures = {
            statement: (count, amount)
            for statement, count, amount in lines.values_list("statement").annotate(Count("pk"), Sum("amount"))
        }
        for statement in statements:
            cells = [self.export_field(field, statement, force_native_type=True) for field in fields]
            yield [*cells, *figures.get(statement.pk, (0, money.ZERO))]


class BankLineResource(BooksResource):
    """Lines of the banks' statements, to read, each with the document that stands for it."""

    institution = shown("statement__institution", "institution")
    from_on = Field("statement__from_on", "statement_from", DayWidget(), readonly=True)
    deposit = shown("deposit__reference", "deposit")
    disbursement = shown("disbursement__approval__review__disbursement__reference", "disbursement")
    returned = shown("returned__reference", "check_returned")
    following = (
        "statement__institution", "deposit", "disbursement__approval__review__disbursement__fiscal_year", "returned",
    )  # fmt: skip

    class Meta(BooksResource.Meta):
        model = BankLine
        fields = [
            "institution", "from_on", "on", "amount", "text", "number", "deposit", "disbursement", "returned",
            "by_hand", "explained",
        ]  # fmt: skip
        export_order = fields
