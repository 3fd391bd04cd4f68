"""Invoices, runs and reminders as tables. Only balances brought forward come in: acts issue all other invoices."""

from __future__ import annotations

from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db import models
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.widgets import Widget

from finance import services
from finance.models import Invoice, InvoiceRun, Reminder
from finance.resources.parts import (
    BooksResource,
    agency,
    day_of,
    dollars,
    fiscal_year,
    invoices_of,
    reference_of,
    said_in,
    shown,
    team,
)
from finance.rules.dues import Charge, Line
from finance.rules.receivables import InvoiceState
from nipas_admin.shared import money
from nipas_admin.shared.columns import DayWidget, TextWidget, text_of

FORWARD = "forward"
KEPT = "An invoice stays as it was issued. Void it on its page, with the reason, and bring the right one forward."


class StateWidget(Widget):
    """Where an invoice stands, to read."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """In words."""
        return InvoiceState(value).label if value else ""


class LinesWidget(Widget):
    """The lines of an invoice, to read."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """``Annual dues, FY 2026–27: $500.00``, with semicolons between."""
        return "; ".join(map(str, value.all())) if value is not None else ""


class ReasonsWidget(Widget):
    """Why it was issued, to read."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The reasons, with semicolons between."""
        return "; ".join(map(str, value or ()))


class InvoiceLoader(BaseInstanceLoader):
    """Finds the invoices a table speaks of: by reference, or the balance brought forward of an agency and a year."""

    def __init__(self, resource: InvoiceResource, dataset: tablib.Dataset) -> None:
        super().__init__(resource, dataset)
        rows = dataset.dict
        wanted = [found for row in rows if (found := reference_of(text_of(row.get("reference"))))]
        self.named = invoices_of(resource.get_queryset(), wanted) if wanted else {}
        forward = resource.get_queryset().filter(charge=FORWARD, voided_on__isnull=True)
        related = forward.select_related("fiscal_year", "agency", "team")
        self.forward = {(row.agency_id, row.fiscal_year_id): row for row in related}

    def get_instance(self, row: dict[str, Any]) -> models.Model | None:
        """The stored invoice; None when it is new."""
        if reference := text_of(row.get("reference")):
            found = reference_of(reference)
            return self.named.get(found) if found else None
        try:
            owes, year = (self.resource.fields[name].clean(row) for name in ("agency", "fiscal_year"))
        except ValueError:
            return None
        return self.forward.get((owes.pk, year.pk)) if owes and year else None


class InvoiceResource(BooksResource):
    """Invoices as they stand on the day of the list; balances brought forward come in, by agency and fiscal year."""

    about = (
        "What agencies owe from before the register comes in here, one row for each agency and fiscal year: agency, "
        "fiscal_year (2026-27), dated_on and due_on, amount, note. Each becomes an invoice “Balance brought forward” "
        "with the next number of that year, which must be open. All other invoices are issued by a run or one by one; "
        "rows that give their reference are compared and never changed."
    )
    natural_keys = [("reference",), ("agency", "fiscal_year")]
    reference = Field("reference", "reference", TextWidget(), readonly=True)
    agency = agency()
    agency_name = shown("agency__name", "agency_name")
    team = team(readonly=True)
    fiscal_year = fiscal_year()
    dated_on = Field("issued_on", "dated_on", DayWidget())
    due_on = Field("due_on", "due_on", DayWidget())
    total = dollars("total", "amount")
    lines = Field("lines", "lines", LinesWidget(), readonly=True)
    paid = dollars("paid", readonly=True)
    balance = dollars("balance", "open", readonly=True)
    state = Field("state", "state", StateWidget(), readonly=True)
    voided_on = Field("voided_on", "void_since", DayWidget(), readonly=True)
    void_reason = shown("void_reason", "void_because")
    because = Field("because", "why", ReasonsWidget(), readonly=True)
    following = ("fiscal_year",)
    fetching = ("lines",)

    class Meta(BooksResource.Meta):
        model = Invoice
        instance_loader_class = InvoiceLoader
        fields = [
            "reference", "agency", "agency_name", "charge", "team", "fiscal_year", "dated_on", "due_on", "total",
            "paid", "balance", "state", "voided_on", "void_reason", "lines", "because", "note",
        ]  # fmt: skip
        export_order = fields
        import_order = fields

    def key_fields(self, headings: Any) -> list[list[Field]]:
        """The natural keys whose columns are all there; of a row that gives its reference, that alone."""
        keys = super().key_fields(headings)
        return keys[:1] if isinstance(headings, dict) and text_of(headings.get("reference")) else keys

    def import_instance(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        """Write the cells to the row in memory; what is new is a balance brought forward, due on its day if not said.

        Raises ValidationError for a reference that the books do not have.
        """
        reference = text_of(row.get("reference"))
        if reference and instance._state.adding:
            raise ValidationError(
                {"reference": f"The books have no invoice {reference}. Leave the cell blank for new ones."}
            )
        if instance._state.adding:
            instance.number = 0
            if not text_of(row.get("charge")):
                row["charge"] = FORWARD
        else:
            row = said_in(row)
        super().import_instance(instance, row, **kwargs)
        if instance._state.adding:
            instance.due_on = instance.due_on or instance.issued_on
            instance.fund = services.general_fund()

    def validate_instance(self, instance: Any, import_validation_errors: Any = None, **kwargs: Any) -> None:
        """New: a balance brought forward, dated in its year, which is open. On record: as it was issued."""
        faults = dict(import_validation_errors or {})
        if not faults and not instance._state.adding:
            faults = {cell.column: ValidationError(KEPT) for cell in self.cells if cell.changed}
            raise ValidationError({self.fields_by_column[name]: fault for name, fault in faults.items()})
        if not faults:
            faults = self._faults(instance)
        super().validate_instance(instance, faults, **kwargs)

    @property
    def fields_by_column(self) -> dict[str, str]:
        """The attribute behind each column."""
        return {field.column_name: field.attribute for field in self.fields.values()}

    def _faults(self, instance: Any) -> dict[str, ValidationError]:
        if instance.charge != FORWARD:
            said = "Only balances brought forward come in by a table: issue others by a run, or one by one."
            return {"charge": ValidationError(said)}
        if not instance.fiscal_year_id or not instance.issued_on:
            return {}
        if instance.fiscal_year.is_closed:
            said = f"{instance.fiscal_year} is closed and takes no invoices (Bylaws Art. VI §4)."
            return {"fiscal_year": ValidationError(said)}
        if instance.issued_on not in instance.fiscal_year.year:
            said = f"It does not lie in {instance.fiscal_year}: an invoice bears a day of its year (Bylaws Art. XIV)."
            return {"issued_on": ValidationError(said)}
        return {}

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        """Issue it by the act that issues invoices."""
        text = f"Balance brought forward, {instance.fiscal_year}"
        issued = services.issue_invoice(
            agency=instance.agency, charge=FORWARD, lines=[Line(Charge.ANNUAL, text, instance.total)],
            issued_on=instance.issued_on, due_on=instance.due_on, fund=instance.fund, note=instance.note,
            reason=self.reason, by=getattr(instance, "_history_user", None),
        )  # fmt: skip
        instance.pk, instance.number = issued.pk, issued.number


class InvoiceRunResource(BooksResource):
    """Invoice runs, to read: how many invoices, and how much."""

    fiscal_year = fiscal_year(readonly=True)
    prepared_by = shown("prepared_by", "previewed_by")
    prepared_on = day_of("prepared_at", "previewed_on")
    confirmed_by = shown("confirmed_by", "confirmed_by")
    confirmed_on = day_of("confirmed_at", "confirmed_on")
    finished_on = day_of("finished_at", "finished_on")
    following = ("fiscal_year", "prepared_by", "confirmed_by")

    class Meta(BooksResource.Meta):
        model = InvoiceRun
        fields = [
            "fiscal_year", "as_on", "due_on", "annual", "teams", "prepared_on", "prepared_by", "confirmed_on",
            "confirmed_by", "finished_on",
        ]  # fmt: skip
        export_order = fields

    def headings(self) -> list[str]:
        """The names of the columns, the figures last."""
        return [*super().headings(), "invoices", "amount"]

    def rows(self, queryset: models.QuerySet[Any]) -> Any:
        """The rows, whatever their number in the same few queries."""
        queryset = queryset.order_by(*queryset.query.order_by or self._meta.model._meta.ordering)
        made = Invoice.objects.filter(run__in=queryset.order_by().values("pk")).order_by().values_list("run")
        figures = {run: (count, sum_) for run, count, sum_ in made.annotate(models.Count("pk"), models.Sum("total"))}
        runs = list(queryset.select_related(*self.followed))
        fields = self.get_export_fields()
        for run in runs:
            cells = [self.export_field(field, run, force_native_type=True) for field in fields]
            yield [*cells, *figures.get(run.pk, (0, money.ZERO))]


class NamedInvoicesWidget(Widget):
    """The invoices a reminder names, to read."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """``2026-0014: 500.00``, with semicolons between."""
        rows = value.all() if value is not None else ()
        return "; ".join(f"{row.invoice.reference}: {row.balance:f}" for row in rows)


class ReminderResource(BooksResource):
    """Reminders, to read."""

    agency = agency()
    agency_name = shown("agency__name", "agency_name")
    items = Field("items", "invoices", NamedInvoicesWidget(), readonly=True)
    sent_by = shown("sent_by", "sent_by")
    following = ("sent_by",)
    fetching = ("items__invoice__fiscal_year",)

    class Meta(BooksResource.Meta):
        model = Reminder
        fields = ["agency", "agency_name", "level", "sent_on", "how", "amount", "items", "sent_by"]
        export_order = fields
