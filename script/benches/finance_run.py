"""An invoice run for 18,000 agencies, preview and all, against bulk inserting the same rows with their history."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db import transaction

from finance import services
from finance.models import FiscalYear, Invoice, InvoiceLine, InvoiceRun, Rate, RunItem
from finance.rules.years import Year
from nipas_admin.accounts.models import User
from script.benches.ratio import Ratio, seconds
from script.benches.register import AGENCIES, fill

DAY, NOON = date(2027, 5, 1), datetime(2027, 5, 1, 17, tzinfo=UTC)
ROUNDS = 3

Rows = list[tuple[RunItem, Invoice, list[InvoiceLine]]]
# How many rows, and with their history, of each kind; and what they come to.
Counted = tuple[object, ...]


def books() -> tuple[FiscalYear, User]:
    """The fiscal year, open, with a rate; and who makes the run."""
    fill()
    by, _made = User.objects.get_or_create(username="bench", is_staff=True, is_superuser=True)
    days = Year(date(2027, 5, 1), date(2028, 5, 1))
    if not Rate.objects.exists():
        Rate.objects.create(charge="annual", amount=Decimal("100.00"), from_on=date(2020, 5, 1))
    return services.open_year(day=DAY, by_hand=days, source="Bench"), by


def by_run(year: FiscalYear, by: User) -> InvoiceRun:
    """The run as the register does it: previewed, confirmed against the register, and made in chunks."""
    run = services.prepare_run(year=year, as_on=DAY, at=NOON, by=by)
    services.confirm_run(run=run, at=NOON, by=by)
    run.refresh_from_db()
    for _done, _whole in services.carry_out_run(run, NOON):
        pass
    return run


def made_by(run: InvoiceRun) -> Rows:
    """What the run wrote, in the order in which it did."""
    lines: dict[int, list[InvoiceLine]] = defaultdict(list)
    for line in InvoiceLine.objects.filter(invoice__run=run).order_by("pk"):
        lines[line.invoice_id].append(line)
    items = run.items.filter(invoice__isnull=False).select_related("invoice").order_by("pk")
    return [(item, item.invoice, lines[item.invoice.pk]) for item in items if item.invoice]


def by_hand(run: InvoiceRun, rows: Rows) -> None:
    """The least that leaves the same: every row inserted once in bulk, each entry of its history too."""
    items = [item for item, _invoice, _lines in rows]
    for item, invoice, lines in rows:
        item.run = invoice.run = run
        item.invoice = None
        for row in (item, invoice, *lines):
            row.pk = None
    RunItem.objects.bulk_create_with_history(items)
    Invoice.objects.bulk_create_with_history(invoice for _item, invoice, _lines in rows)
    for item, invoice, lines in rows:
        item.invoice = invoice
        for line in lines:
            line.invoice = invoice
    InvoiceLine.objects.bulk_create_with_history(line for _item, _invoice, lines in rows for line in lines)
    RunItem.history.bulk_history_create(items, batch_size=500, update=True)


def counted() -> Counted:
    """What is in the books."""
    kinds = (RunItem, Invoice, InvoiceLine)
    rows = [number for kind in kinds for number in (kind.objects.count(), kind.history.count())]
    return *rows, sum(Invoice.objects.values_list("total", flat=True))


def one_round(year: FiscalYear, by: User) -> tuple[float, float]:
    """Seconds of ours and of theirs, each taken back, after checking that both leave as many rows."""
    runs: list[InvoiceRun] = []
    with transaction.atomic():
        ours = seconds(lambda: runs.append(by_run(year, by)))
        rows, ours_left = made_by(runs[0]), counted()
        transaction.set_rollback(True)
    with transaction.atomic():
        run = InvoiceRun.objects.create(fiscal_year=year, as_on=DAY, due_on=DAY, prepared_by=by, prepared_at=NOON)
        theirs = seconds(lambda: by_hand(run, rows))
        if counted() != ours_left:
            raise AssertionError(f"Left are {ours_left} by the run, {counted()} by hand.")
        transaction.set_rollback(True)
    return ours, theirs


def measure() -> list[Ratio]:
    """The ratio of the least of each in a few rounds."""
    year, by = books()
    rounds = [one_round(year, by) for _round in range(ROUNDS)]
    mine, best = min(pair[0] for pair in rounds), min(pair[1] for pair in rounds)
    note = f"{mine:.1f} s against {best:.1f} s"
    return [Ratio(f"invoice run for {AGENCIES:,} agencies against bulk inserting its rows", mine / best, 2, note)]
