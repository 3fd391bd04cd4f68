"""Treasurers at once: one act is done, the other is told why theirs is not; and what happens with the guard off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection

from finance import services
from finance.models import Allocation, FiscalYear, Invoice, InvoiceRun, Payment
from finance.services import books, invoices, payments, runs, years
from tests.board import factories as board
from tests.finance import factories as make
from tests.races import GUARDED, UNGUARDED, at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
MAY = make.FIRST_OF_MAY


@pytest.fixture
def agency(transactional_db):
    """An active agency, and FY 2026–27 open; committed, so that each person sees it."""
    board.bylaws_in_force()
    make.year()
    make.person()
    return board.agency()


def overpaid() -> list[Invoice]:
    """The invoices to which more is applied than they come to."""
    return [row for row in Invoice.objects.with_balance_on(date.max) if row.balance < 0]


# --- One invoice, one payment -----------------------------------------------------------------------------------------


def two_checks(of):
    """Two treasurers apply a check of their own to the same invoice, the whole of it."""
    bill = make.of_dues(of)
    return [
        partial(services.apply_payment, payment=make.payment(), pays={bill: Decimal("500.00")}, on=MAY) for _ in "ab"
    ]


def one_check(of):
    """Two treasurers apply the same check to two invoices, the whole of it."""
    paid = make.payment()
    return [
        partial(services.apply_payment, payment=paid, pays={make.invoice(of): Decimal("500.00")}, on=MAY) for _ in "ab"
    ]


def in_two_years(of):
    """Two treasurers pay the same invoice in different fiscal years, so that only its own lock holds them apart."""
    bill = make.of_dues(of)
    days = [MAY, make.year(2027).starts_on]
    return [
        partial(services.apply_payment, payment=make.payment(), pays={bill: Decimal("500.00")}, on=day) for day in days
    ]


@pytest.mark.parametrize("prepare", [two_checks, one_check, in_two_years])
def test_of_two_who_pay_at_once_one_is_done_and_the_other_is_told_what_is_left(agency, prepare, meet):
    acts = prepare(agency)
    meet(GUARDED, (payments, "may_apply"))
    assert at_once(*acts) == ["done", "told"]
    assert Allocation.objects.count() == 1
    assert not overpaid()


def test_with_the_guard_off_the_invoice_is_paid_twice_or_one_meets_an_error(agency, meet, unguarded):
    """PostgreSQL shows the double payment; SQLite, which lets one write at a time, shows the other its error."""
    acts = two_checks(agency)
    meet(UNGUARDED, (payments, "saved"))
    outcomes = at_once(*acts)
    if connection.vendor == "postgresql":
        assert outcomes == ["done", "done"]
        assert [str(row.balance) for row in overpaid()] == ["-500.00"]
    else:
        assert outcomes == ["OperationalError", "done"]


# --- Runs -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def two_runs(agency):
    """Two previews of the same run, for two agencies."""
    make.rate("100.00")
    board.agency()
    return [make.run(FiscalYear.objects.get()) for _ in "ab"]


def test_of_two_runs_of_a_year_confirmed_and_made_at_once_one_is_made(two_runs, meet):
    meet(GUARDED, (runs, "changes_since"))
    assert at_once(*(partial(make.carried_out, run) for run in two_runs)) == ["done", "told"]
    assert sorted(Invoice.objects.values_list("number", flat=True)) == [1, 2]
    assert InvoiceRun.objects.filter(finished_at__isnull=False).count() == 1


def test_one_run_taken_up_by_two_at_once_is_made_once(two_runs, meet):
    run = make.confirmed(two_runs[0])
    meet(GUARDED, (runs, "_make"))
    assert at_once(*[lambda: list(services.carry_out_run(run, make.NOON))] * 2) == ["done", "done"]
    assert sorted(Invoice.objects.values_list("number", flat=True)) == [1, 2]
    assert Invoice.objects.values("agency").distinct().count() == 2


def test_with_the_guard_off_a_constraint_still_keeps_each_agency_to_one_invoice(two_runs, meet, unguarded):
    run = make.confirmed(two_runs[0])
    meet(UNGUARDED, (runs, "draw_numbers"))
    assert at_once(*[lambda: list(services.carry_out_run(run, make.NOON))] * 2) != ["done", "done"]
    assert sorted(Invoice.objects.values_list("number", flat=True)) == [1, 2]


# --- Numbers ----------------------------------------------------------------------------------------------------------


def two_invoices(of) -> Sequence[Callable[[], object]]:
    return [partial(make.invoice, of)] * 2


def test_two_who_draw_a_number_at_once_get_two_that_follow(agency, meet):
    meet(GUARDED, (invoices, "draw_numbers"))
    assert at_once(*two_invoices(agency)) == ["done", "done"]
    assert sorted(Invoice.objects.values_list("number", flat=True)) == [1, 2]
    assert FiscalYear.objects.get().invoices_drawn == 2


def test_with_the_guard_off_one_of_two_who_draw_a_number_meets_an_error(agency, meet, unguarded):
    meet(UNGUARDED, (invoices, "draw_numbers"))
    assert at_once(*two_invoices(agency)) != ["done", "done"]


# --- The same check ---------------------------------------------------------------------------------------------------


def same_check(on: Sequence[date]) -> Sequence[Callable[[], object]]:
    return [partial(make.payment, payer="Village of Larkfield", check_number="1001", on=day) for day in on]


def test_of_two_who_record_the_same_check_at_once_one_is_told_that_it_is_there(agency, meet):
    meet(GUARDED, (payments, "saved"))
    assert at_once(*same_check([MAY, MAY])) == ["done", "told"]
    assert Payment.objects.count() == 1


def test_with_the_guard_off_the_database_still_keeps_the_check_once(agency, meet, unguarded):
    meet(UNGUARDED, (Payment, "save"))
    assert at_once(*same_check([MAY, MAY])).count("done") == 1
    assert Payment.objects.count() == 1


# --- Closing a year ---------------------------------------------------------------------------------------------------


def closing_and_paying(patience: float, meet, monkeypatch) -> tuple[list[str], bool]:
    """What became of the two, and whether the figures by which the year was closed hold every payment in it."""
    year, counted = FiscalYear.objects.get(), []
    monkeypatch.setattr(books, "checks_of", lambda _first, _until: counted.append(Payment.objects.count()) or [])
    # The one has taken the figures, the other has seen that the year is open.
    meet(patience, (years, "saved"), (payments, "saved"))
    outcomes = at_once(partial(make.closed, year), make.payment)
    year.refresh_from_db()
    return outcomes, not year.is_closed or counted == [Payment.objects.count()]


def test_a_payment_posted_while_the_year_is_closed_is_in_its_figures_or_is_told(agency, meet, monkeypatch):
    outcomes, whole = closing_and_paying(GUARDED, meet, monkeypatch)
    assert outcomes in (["done", "done"], ["done", "told"])
    assert whole


def test_with_the_guard_off_a_payment_slips_into_a_closed_year_or_meets_an_error(agency, meet, monkeypatch, unguarded):
    outcomes, whole = closing_and_paying(UNGUARDED, meet, monkeypatch)
    assert not whole or set(outcomes) - {"done", "told"}
