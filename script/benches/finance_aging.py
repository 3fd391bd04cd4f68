"""The aging of 720,000 invoices on a day against hand-written SQL that returns the same sums."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

from django.db import connection
from django.db.models import Model, QuerySet

from finance.models import Allocation, FiscalYear, Fund, Invoice, Payment
from finance.rules.receivables import Bucket
from membership.models import Agency
from nipas_admin.accounts.models import User
from nipas_admin.shared import money
from script.benches.ratio import Ratio, compare
from script.benches.register import AGENCIES, fill

YEARS = range(1987, 2027)
DAY = date(2026, 11, 22)
BATCH = 5_000

# Written for these books: sums of what is left of each invoice, in one statement.
BY_HAND = """
SELECT agency_id,
  SUM(CASE WHEN due_on >= %(d0)s THEN remains ELSE 0 END),
  SUM(CASE WHEN due_on < %(d0)s AND due_on >= %(d30)s THEN remains ELSE 0 END),
  SUM(CASE WHEN due_on < %(d30)s AND due_on >= %(d60)s THEN remains ELSE 0 END),
  SUM(CASE WHEN due_on < %(d60)s AND due_on >= %(d90)s THEN remains ELSE 0 END),
  SUM(CASE WHEN due_on < %(d90)s AND due_on >= %(d120)s THEN remains ELSE 0 END),
  SUM(CASE WHEN due_on < %(d120)s THEN remains ELSE 0 END)
FROM (
  SELECT i.agency_id, i.due_on, i.total - COALESCE(p.paid, 0) AS remains
  FROM finance_invoice i
  LEFT JOIN (
    SELECT invoice_id, SUM(amount) AS paid FROM finance_allocation
    WHERE "on" <= %(d0)s AND (undone_on IS NULL OR undone_on > %(d0)s) GROUP BY invoice_id
  ) p ON p.invoice_id = i.id
  WHERE i.issued_on <= %(d0)s AND (i.voided_on IS NULL OR i.voided_on > %(d0)s)
) AS open WHERE remains <> 0 GROUP BY agency_id
"""


def write(rows) -> None:  # type: ignore[no-untyped-def]
    """Straight into the tables; history is not what is measured here."""
    waiting = iter(rows)
    while chunk := list(islice(waiting, BATCH)):
        QuerySet[Model, Model](type(chunk[0])).bulk_create(chunk)


def fill_books() -> None:
    """Forty fiscal years of dues for every agency: half of the invoices paid, every twentieth of those in part."""
    fill()
    if Invoice.objects.exists():
        return
    by, _made = User.objects.get_or_create(username="bench", is_staff=True, is_superuser=True)
    fund = Fund.objects.get(team__isnull=True)
    agencies = list(Agency.objects.order_by("pk").values_list("pk", flat=True))
    for first in YEARS:
        start = date(first, 5, 1)
        year = FiscalYear.objects.create(starts_on=start, ends_on=date(first + 1, 5, 1), invoices_drawn=len(agencies))
        write(
            Invoice(
                fiscal_year=year, number=number, agency_id=agency, charge="annual", fund=fund, issued_on=start,
                due_on=start + timedelta(days=30 + number % 200), total=Decimal(100 + number % 9) + money.CENT * first,
            )
            for number, agency in enumerate(agencies, 1)
        )  # fmt: skip
        paid = Payment.objects.create(
            received_on=start, method="cash", payer="Bench", amount=money.MOST, received_by=by
        )
        invoices = Invoice.objects.filter(fiscal_year=year).order_by("number")
        write(
            Allocation(payment=paid, invoice_id=pk, amount=total if number % 20 else money.CENT, on=start)
            for number, (pk, total) in enumerate(invoices.values_list("pk", "total"))
            if number % 2
        )


def ours() -> dict[int, dict[Bucket, Decimal]]:
    """By the register's own query."""
    return Invoice.objects.all().aging_on(DAY)


def by_hand() -> list[tuple[int, ...]]:
    """By hand-written SQL, in cents as they are stored."""
    days = {f"d{back}": DAY - timedelta(days=back) for back in (0, 30, 60, 90, 120)}
    as_text = {name: day.isoformat() for name, day in days.items()}
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, as_text if connection.vendor == "sqlite" else days)
        return [tuple(int(value) for value in row) for row in cursor.fetchall()]


def measure() -> list[Ratio]:
    """The ratio, after checking that both come to the same."""
    fill_books()
    said = {(agency, *map(money.to_cents, sums.values())) for agency, sums in ours().items()}
    if said != set(by_hand()):
        raise AssertionError("The two agings differ.")
    mine, best, ratio = compare(ours, by_hand, rounds=3)
    number = len(YEARS) * AGENCIES
    note = f"{mine:.1f} s against {best:.1f} s"
    return [Ratio(f"aging of {number:,} invoices on a day", ratio, 1.5, note)]
