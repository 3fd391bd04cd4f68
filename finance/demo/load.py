"""Writes the Treasurer's part of the demonstration, the same every time: no chance and no clock in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Sum

from finance import services
from finance.demo import stories
from finance.demo.house import House, budget, house
from finance.demo.people import People, people
from finance.demo.spending import spend
from finance.models import Allocation, Deposit, FiscalYear, Invoice, Payment
from finance.rules.years import Year
from membership.demo.clerk import REASON
from nipas_admin.shared import money

CHICAGO = ZoneInfo("America/Chicago")
FIRST, LAST = 2017, 2026
# The last year that is closed, and the day up to which the books are kept.
CLOSED_THROUGH = 2024
KEPT_UNTIL = date(2026, 11, 20)
# The dues of this year were set only in June, after the annual meeting had set the earlier ones aside.
RUN_ON = {2024: date(2024, 6, 17)}
DEPOSIT_DAYS = ((6, 30), (8, 15), (11, 15), (4, 15))


@transaction.atomic
def load() -> str:
    """Write the books beside the agencies and the meetings. Returns in words what was written."""
    who, board = people(), house()
    checks, numbers = count(1001), count(20_001)
    for first in range(FIRST, LAST + 1):
        year = services.open_year(day=date(first, 5, 1), by_hand=_by_hand(first), source=_source(first))
        _invoice(year, who)
        if first < LAST:
            _pay_the_past(year, who, numbers)
            _deposit(year, board)
        budget(board, year, _income(year))
        spend(board, who, year, KEPT_UNTIL, checks)
    stories.tell(board, who)
    for year in FiscalYear.objects.filter(starts_on__year__lte=CLOSED_THROUGH).order_by("starts_on"):
        services.close_year(year=year, at=_noon(year.ends_on + timedelta(days=30)), by=who.treasurer)
    return f"{LAST - FIRST + 1} fiscal years with {Invoice.objects.count():,} invoices"


def _by_hand(first: int) -> Year | None:
    """Before the bylaws of which the register knows the figures, the years are opened by hand."""
    return Year(date(first, 5, 1), date(first + 1, 5, 1)) if first < 2019 else None


def _source(first: int) -> str:
    return "Demonstration: the treasurer's binder" if first < 2019 else ""


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), CHICAGO)


def _invoice(year: FiscalYear, who: People) -> None:
    """The year's run, as the Treasurer does it: previewed, confirmed, made."""
    as_on = RUN_ON.get(year.starts_on.year, year.starts_on)
    run = services.prepare_run(year=year, as_on=as_on, at=_noon(as_on), by=who.treasurer)
    run = services.confirm_run(run=run, at=_noon(as_on), by=who.treasurer)
    for _done, _whole in services.carry_out_run(run, _noon(as_on)):
        pass


def _income(year: FiscalYear) -> dict[str, Decimal]:
    """What the year's invoices ask for, by fund."""
    asked = Invoice.objects.filter(fiscal_year=year).order_by().values_list("fund__name", "fund__team__short_name")
    found: dict[str, Decimal] = defaultdict(lambda: money.ZERO)
    for name, team, total in asked.annotate(sum=Sum("total")):
        found[team or name] += total
    return found


def _pay_the_past(year: FiscalYear, who: People, numbers: Iterator[int]) -> None:
    """One check from each agency for all it owes, most in time, some late; a few stay owing (``stories.OWING``)."""
    by_agency: dict[int, list[Invoice]] = defaultdict(list)
    for invoice in Invoice.objects.filter(fiscal_year=year).select_related("agency").order_by("agency__name", "number"):
        if (invoice.agency.name, year.starts_on.year) not in stories.OWING:
            by_agency[invoice.agency_id].append(invoice)
    payments, parts = [], []
    for turn, invoices in enumerate(by_agency.values()):
        agency = invoices[0].agency
        on = invoices[0].issued_on + timedelta(days=9 + (turn * 7 + year.starts_on.year) % 45)
        payments.append(
            Payment(
                received_on=on, check_number=str(next(numbers)), payer=agency.body_or_name, agency=agency,
                amount=money.total(invoice.total for invoice in invoices), received_by=who.treasurer,
            )
        )  # fmt: skip
        parts.append(invoices)
    kept = Payment.objects.bulk_create_with_history(payments, REASON)
    Allocation.objects.bulk_create_with_history(
        [
            Allocation(payment=payment, invoice=invoice, amount=invoice.total, on=payment.received_on)
            for payment, invoices in zip(kept, parts, strict=True)
            for invoice in invoices
        ],
        REASON,
    )


def _deposit(year: FiscalYear, board: House) -> None:
    """What came in is taken to the bank four times a year."""
    for month, day in DEPOSIT_DAYS:
        on = date(year.starts_on.year + (month < 5), month, day)
        waiting = Payment.objects.undeposited().filter(received_on__lte=on)
        if waiting.exists():
            deposit = Deposit.objects.bulk_create_with_history(
                [Deposit(institution=board.bank, deposited_on=on)], REASON
            )[0]
            waiting.update_with_history(reason=REASON, deposit=deposit)
