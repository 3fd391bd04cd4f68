"""Invoices as they stand on a day, and the page of one with all that was paid on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, cast

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from finance import resources
from finance.admin.filters import InvoiceStateFilter, PastDueFilter, YearFilter
from finance.admin.pages import BookedPage
from finance.admin.shown import dollars
from finance.forms.acts import as_facts
from finance.forms.invoices import IssueForm, VoidForm
from finance.looks import in_one_line, state_badge, state_of
from finance.models import Invoice, InvoiceRun, Payment, Reminder
from finance.rules.years import DUES
from nipas_admin.shared import money
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.day import DayMixin, day_of
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import Answer, Button, add_address, address, may

REFERENCE = re.compile(r"(?P<year>[0-9]{4})-(?P<number>[0-9]{1,6})", re.ASCII)
NUMBER = re.compile(r"[0-9]{1,6}", re.ASCII)


@admin.register(Invoice)
class InvoiceAdmin(DayMixin, BookedPage):
    """Invoices on a chosen day. They are issued by a run or one by one; a wrong one is made void, never edited."""

    resource_classes = [resources.InvoiceResource]
    agency_path = "agency"
    adds = IssueForm
    acts = (VoidForm,)
    list_display = [
        "reference_shown", "agency", "what_for", "due_on", "total_shown", "paid_shown", "open_shown", "state_shown",
    ]  # fmt: skip
    list_filter = [InvoiceStateFilter, PastDueFilter, YearFilter, "charge", "team"]
    list_select_related = ["agency", "fiscal_year", "team"]
    search_fields = ["agency__name"]
    search_help_text = "Number, agency, or the exact amount"
    total_shown = dollars("total", "Total")
    paid_shown = dollars("paid", "Paid")
    open_shown = dollars("balance", "Open")
    empty_list = (
        "Nothing is invoiced yet. Record the rates the Board set, then invoice all agencies of a fiscal year at once: "
        "start page, “Invoice the year”."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The invoices with what was paid and is open on the day."""
        rows: Any = super().get_queryset(request)
        return cast("QuerySet[Any]", rows.with_state_on(self.day_of(request)))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        """By number or exact amount where that is what was typed; else by agency."""
        term = search_term.strip()
        if match := REFERENCE.fullmatch(term):
            named = Q(fiscal_year__starts_on__year=int(match["year"]), number=int(match["number"]))
            return queryset.filter(named), False
        try:
            asked = Q(total=money.read(term))
        except ValueError:
            return super().get_search_results(request, queryset, search_term)
        if NUMBER.fullmatch(term):
            asked |= Q(number=int(term))
        return queryset.filter(asked), False

    # The list

    @admin.display(description="Invoice", ordering="pk")
    def reference_shown(self, invoice: Invoice) -> SafeString:
        """``2026-0014``."""
        return in_one_line(invoice.reference)

    @admin.display(description="For", ordering="charge")
    def what_for(self, invoice: Invoice) -> str:
        """``Team fee, PRT``."""
        return invoice.what

    @admin.display(description="State", ordering="balance")
    def state_shown(self, invoice: Invoice) -> SafeString:
        """Where it stands: the badge of the day."""
        return state_badge(invoice, invoice.shown_on)  # type: ignore[attr-defined]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list; each row knows the day it is shown for."""
        shown = super().get_changelist_instance(request)
        day = self.day_of(request)
        for invoice in shown.result_list:
            invoice.shown_on = day
        return shown

    # The page

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Whom, what for, when; how it came about; why it is void."""
        if obj is None:
            return [(None, {"fields": ["agency"]})]
        joining = ["participation"] if obj.participation_id and may(request, "view", type(obj.participation)) else []
        by_run = ["run"] if obj.run_id and may(request, "view", InvoiceRun) else []
        office = [name for name in ("note",) if obj.note and may(request, "add", Invoice)]
        void = [("Void", {"fields": ["voided_on", "void_reason"]})] if obj.voided_on else []
        return [
            (None, {"fields": ["agency", "what_for", "fiscal_year", "issued_on", "due_on", "total_shown"]}),
            *void,
            ("In the books", {"fields": ["fund", *joining, *by_run, *office]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All of it."""
        return [
            *super().get_readonly_fields(request, obj),
            "what_for",
            "total_shown",
            "voided_on",
            "void_reason",
            "run",
        ]

    def badge(self, record: Invoice) -> tuple[str, str]:
        """Where it stands on the day of the page."""
        return state_of(record, record.shown_on)  # type: ignore[attr-defined]

    def page_of(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """Everything beside the form, on the day of the page."""
        record.shown_on = day_of(request).chosen
        return super().page_of(request, record)

    def buttons(self, request: HttpRequest, record: Any) -> Iterator[Button]:
        """To record what pays it, while something is open; then what one comes for seldom."""
        if record.balance and may(request, "add", Payment):
            yield Button("Record a payment", add_address(Payment, agency=record.agency_id), primary=True)
        yield from (Button(button.label, button.url) for button in super().buttons(request, record))

    def answers(self, request: HttpRequest, record: Any) -> Iterable[Answer]:
        """What is open and how that comes about; why it was invoiced."""
        day = day_of(request).chosen
        if not hasattr(record, "balance"):
            record = self.get_queryset(request).get(pk=record.pk)
        found = Finding(record.balance, tuple(_steps(record, day)))
        yield Answer(f"Open on {in_words(day)}", found, money.shown(record.balance))
        if record.because:
            yield Answer(
                "Why it was invoiced", Finding(record.total, as_facts(record.because)), money.shown(record.total)
            )

    def related(self, request: HttpRequest, record: Invoice) -> Sequence[Related]:
        """Its lines, what was paid on it, and the reminders that named it."""
        return [_lines(record), _payments(request, record), *_reminders(request, record)]


def _steps(invoice: Any, day: date) -> Iterable[Fact]:
    """How the open amount comes about, step by step."""
    if day < invoice.issued_on:
        yield Fact(f"it is dated {in_words(invoice.issued_on)}: nothing is owed on it before", invoice.issued_on)
        return
    yield Fact(f"{money.shown(invoice.total)} invoiced", invoice.issued_on, citations=(DUES,))
    for part in invoice.allocations.standing_on(day).order_by("on", "pk"):
        yield Fact(f"{money.shown(part.amount)} paid on {in_words(part.on)}", part.on)
    if invoice.voided_on is not None and invoice.voided_on <= day:
        yield Fact(f"void since {in_words(invoice.voided_on)}: {invoice.void_reason}", invoice.voided_on)
    elif invoice.balance:
        yield Fact(f"due on {in_words(invoice.due_on)}, past due from the day after", invoice.due_on, citations=(DUES,))


def _lines(invoice: Invoice) -> Related:
    """Its lines; how many of what only where there is one of several."""
    lines = list(invoice.lines.order_by("position"))
    counted = any(line.quantity > 1 for line in lines)
    rows = []
    for line in lines:
        each = (line.quantity, money.shown(line.unit)) if counted else ()
        rows.append(Row((line.text, *each, money.shown(line.amount))))
    if len(rows) > 1:
        rows.append(Row(("Total", *(("", "") if counted else ()), money.shown(invoice.total))))
    number = [Column("Number", number=True), Column("Each", number=True)] if counted else []
    return Related("What it asks for", [Column("Line"), *number, Column("Dollars", number=True)], rows, "No lines.")


def _payments(request: HttpRequest, invoice: Invoice) -> Related:
    """What was applied to it; what was undone stays to be seen, with why."""
    links = may(request, "view", Payment)
    parts = list(invoice.allocations.select_related("payment").order_by("on", "pk"))
    undone = any(part.undone_on for part in parts)
    rows = []
    for part in parts:
        number, on = in_one_line(part.payment.reference), in_one_line(in_words(part.on))
        cells = [number, *([part.payment.payer] if links else []), on, money.shown(part.amount)]
        if undone:
            cells.append(f"Undone {in_words(part.undone_on)}: {part.undone_because}" if part.undone_on else "Stands")
        rows.append(Row(cells, _payment_page(part.payment) if links else ""))
    whose = [Column("From")] if links else []
    columns = [Column("Payment"), *whose, Column("Applied"), Column("Dollars", number=True)]
    empty = "Nothing has been paid on it."
    return Related("Paid on it", columns + ([Column("Standing")] if undone else []), rows, empty)


def _payment_page(payment: Payment) -> str:
    return address(payment) if admin.site.is_registered(Payment) else ""


def _reminders(request: HttpRequest, invoice: Invoice) -> Iterable[Related]:
    """The reminders that named it, where the role shows them and there are any."""
    items = list(invoice.reminders.select_related("reminder").order_by("-reminder__sent_on"))
    if not items or not may(request, "view", Reminder):
        return
    rows = [
        Row((f"Reminder {item.reminder.level}", in_words(item.reminder.sent_on), money.shown(item.balance)))
        for item in items
    ]
    yield Related("Reminders", [Column("Reminder"), Column("Sent"), Column("Open then", number=True)], rows, "")
