"""Years and single invoices: opened, closed in order, numbered without gaps, one for each thing, voided with a reason."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from board.models import BylawsVersion
from finance import services
from finance.models import DuesPolicy, FiscalYear, Fund, Invoice, InvoiceLine
from finance.rules.books import reconciled
from finance.rules.dues import Charge, Line
from finance.rules.years import Year
from finance.services import books as checked
from membership.models import Agency, Participation
from tests.board import factories as board
from tests.finance import factories as make

pytestmark = pytest.mark.django_db
MAY, DUE = make.FIRST_OF_MAY, make.DUE
DAY_BEFORE = date(2026, 4, 30)
BY_HAND = Year(date(1994, 1, 1), date(1995, 1, 1))


# --- Years ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "name"),
    [
        pytest.param(DAY_BEFORE, "FY 2025–26", id="the last day of April"),
        pytest.param(MAY, "FY 2026–27", id="the first of May"),
        pytest.param(date(2027, 4, 30), "FY 2026–27", id="a year less a day later"),
        pytest.param(date(2024, 2, 29), "FY 2023–24", id="a leap day"),
    ],
)
def test_a_year_is_opened_by_the_bylaws_of_its_day_and_once(db, day, name):
    board.bylaws_in_force()
    opened = services.open_year(day=day)
    assert str(opened) == name
    assert services.open_year(day=day) == opened
    assert FiscalYear.objects.count() == 1


def test_without_the_figures_of_the_bylaws_a_year_is_opened_by_hand_and_says_what_shows_it(db, said):
    BylawsVersion.objects.exclude(title="Amended bylaws of 2018").update_with_history(
        "", in_force_on=date(1983, 1, 1), state="known"
    )
    assert "are not known (Bylaws Art. XIV)" in said(services.open_year, day=date(1994, 6, 1))
    assert "what shows the first day" in said(services.open_year, day=date(1994, 6, 1), by_hand=BY_HAND)
    opened = services.open_year(day=date(1994, 6, 1), by_hand=BY_HAND, source="Report of 1994")
    assert (str(opened), opened.source) == ("FY 1994", "Report of 1994")


@pytest.mark.parametrize(
    ("day", "by_hand", "words"),
    [
        pytest.param(
            date(1996, 1, 1), BY_HAND, "FY 1994 does not hold 1 January 1996", id="a year that does not hold the day"
        ),
        pytest.param(
            DAY_BEFORE, Year(date(2025, 5, 2), date(2026, 5, 2)), "years follow one another",
            id="a year that overlaps the next by a day",
        ),
        pytest.param(date(2027, 5, 1), Year(date(2027, 4, 30), date(2028, 4, 30)), "years follow one another",
                     id="a year that overlaps the one before by a day"),
    ],
)  # fmt: skip
def test_a_year_by_hand_is_refused_when_it_does_not_fit(year, said, day, by_hand, words):
    assert words in said(services.open_year, day=day, by_hand=by_hand, source="-")


def test_a_year_that_only_touches_the_next_is_opened(year):
    assert make.year(2025).ends_on == year.starts_on


def test_nothing_is_posted_in_a_year_that_nobody_opened(agency, said):
    words = said(make.invoice, agency, on=DAY_BEFORE, due=MAY)
    assert words == "No fiscal year of the books holds 30 April 2026. Open that year first (Bylaws Art. XIV)."


# --- Closing ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def books(agency):
    """An invoice, a payment partly applied, and an undeposited check, all in a year that is then closed."""
    bill = make.of_dues(agency)
    paid = make.payment(agency=agency)
    part = make.applied(paid, bill, "200.00")
    prepared = make.run(bill.fiscal_year)
    make.closed(bill.fiscal_year)
    return bill, paid, part, prepared


# Every act that posts, dated on the last day of the closed year, which is 30 April 2027.
LAST = date(2027, 4, 30)
POSTINGS = [
    pytest.param(lambda bill, paid, part, run: make.invoice(bill.agency, on=LAST, due=LAST), id="an invoice"),
    pytest.param(lambda bill, paid, part, run: make.payment("1.00", on=LAST), id="a payment"),
    pytest.param(lambda bill, paid, part, run: make.applied(paid, bill, "1.00", LAST), id="applying a payment"),
    pytest.param(
        lambda bill, paid, part, run: services.apply_oldest_first(payment=paid, agencies=[bill.agency], on=LAST),
        id="applying a payment oldest first",
    ),
    pytest.param(lambda bill, paid, part, run: make.undone(part, LAST), id="undoing what was applied"),
    pytest.param(lambda bill, paid, part, run: make.bounced(paid, LAST), id="a reversal"),
    pytest.param(
        lambda bill, paid, part, run: services.void_invoice(invoice=bill, on=LAST, because="-"), id="voiding an invoice"
    ),
    pytest.param(
        lambda bill, paid, part, run: services.make_deposit(
            payments=[paid], institution=make.bank(), deposited_on=LAST
        ),
        id="a deposit",
    ),
    pytest.param(lambda bill, paid, part, run: make.run(bill.fiscal_year, LAST), id="the preview of a run"),
    pytest.param(lambda bill, paid, part, run: make.confirmed(run), id="the confirmation of a run"),
]


@pytest.mark.parametrize("act", POSTINGS)
def test_a_closed_year_refuses_every_posting(books, said, act):
    for record in books:
        record.refresh_from_db()
    assert "FY 2026–27 is closed and takes no" in said(act, *books)


def test_what_a_closed_year_left_open_is_paid_undone_and_reversed_in_the_next(books):
    bill, paid, part, _run = books
    make.year(2027)
    later = date(2027, 5, 1)
    make.applied(paid, bill, "300.00", later)
    make.undone(part, later)
    make.bounced(paid, later)
    assert services.open_on(bill) == Decimal("500.00")


def test_years_are_closed_once_and_in_their_order(year, said):
    later = make.year(2027)
    assert "Close FY 2026–27 first" in said(make.closed, later)
    make.closed(year)
    assert make.closed(later).closed_by == make.person()
    assert "is closed already" in said(make.closed, year)


def test_a_year_is_not_closed_while_a_run_is_under_way(agency, said):
    make.rate("500.00")
    run = make.confirmed(make.run(make.year()))
    assert "let it finish first" in said(make.closed, run.fiscal_year)
    make.carried_out(run)
    assert make.closed(make.year()).is_closed


def test_a_year_whose_figures_do_not_agree_is_not_closed(year, said, monkeypatch):
    wrong = reconciled("General fund", ("left", Decimal("1.00")), ("right", Decimal("2.00")))
    monkeypatch.setattr(checked, "checks_of", lambda first, until: [wrong])
    assert "difference −$1.00" in said(make.closed, year)


# --- Numbers ----------------------------------------------------------------------------------------------------------


def test_numbers_run_without_gaps_in_each_year_and_one_rolled_back_is_drawn_again(agency):
    make.year(2027)
    first = make.invoice(agency)
    with transaction.atomic():
        make.invoice(agency)
        transaction.set_rollback(True)
    second, of_next_year = make.invoice(agency), make.invoice(agency, on=date(2027, 5, 1), due=date(2027, 6, 1))
    assert [one.reference for one in (first, second, of_next_year)] == ["2026-0001", "2026-0002", "2027-0001"]
    assert list(FiscalYear.objects.order_by("starts_on").values_list("invoices_drawn", flat=True)) == [2, 1]


def test_an_invoice_refused_by_its_own_checks_draws_no_number(agency, said):
    assert "on its day or later" in said(make.invoice, agency, due=DAY_BEFORE)
    assert "at least $0.01" in said(make.invoice, agency, "0.00")
    assert make.invoice(agency).number == 1


# --- One for each thing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "twice"),
    [
        pytest.param(("annual", ""), ("annual", ""), True, id="annual dues twice"),
        pytest.param(("annual", ""), ("joining", ""), False, id="annual dues and a joining fee"),
        pytest.param(("team", "EST"), ("team", "EST"), True, id="one team twice"),
        pytest.param(("team", "EST"), ("team", "MFF"), False, id="two teams"),
        pytest.param(("forward", ""), ("forward", ""), True, id="a balance brought forward twice"),
        pytest.param(("other", ""), ("other", ""), False, id="two others"),
    ],
)  # fmt: skip
def test_one_invoice_for_each_agency_kind_team_and_year_also_by_the_database(agency, said, first, second, twice):
    def issue(charge, team, of=agency):
        return make.invoice(of, charge=charge, team=make.team(team) if team else None)

    issue(*first)
    attacked = [issue(*second, of=board.agency())]
    for row in attacked:
        row.pk, row.agency, row.number = None, agency, 77
    if not twice:
        assert issue(*second).pk
        return
    assert "has been invoiced for this" in said(issue, *second)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuerySet(Invoice).bulk_create(attacked)


def test_the_database_keeps_a_number_once_and_an_invoice_as_it_was_written(agency):
    row = make.invoice(agency)
    line = InvoiceLine.objects.get(invoice=row)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuerySet(Invoice).bulk_create([Invoice(
            fiscal_year=row.fiscal_year, number=1, agency=agency, charge="other", fund=row.fund, issued_on=MAY,
            due_on=MAY, total=Decimal("1.00"),
        )])  # fmt: skip
    for statement in (
        f"UPDATE finance_invoice SET total = 1 WHERE id = {row.pk}",
        f"DELETE FROM finance_invoice WHERE id = {row.pk}",
        f"UPDATE finance_invoiceline SET amount = 1 WHERE id = {line.pk}",
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_an_invoice_is_due_when_the_board_set_and_sums_its_lines(agency):
    lines = [Line(Charge.ANNUAL, f"Part {n}", Decimal("33.33"), 3, Decimal("11.11")) for n in range(3)]
    before = services.issue_invoice(agency=agency, charge="other", lines=lines, issued_on=MAY)
    DuesPolicy.objects.create(from_on=MAY, due_days=45)
    after = services.issue_invoice(agency=agency, charge="other", lines=lines, issued_on=MAY)
    assert (before.due_on - MAY, after.due_on - MAY) == (timedelta(days=30), timedelta(days=45))
    assert after.total == Decimal("99.99")
    assert [line.amount for line in after.lines.all()] == [Decimal("33.33")] * 3


def test_a_team_invoice_belongs_to_the_fund_of_its_team(agency):
    of_team = make.invoice(agency, charge="team", team=make.team())
    assert of_team.fund == Fund.objects.get(team=make.team())
    assert make.invoice(agency).fund == make.fund()


# --- Void -------------------------------------------------------------------------------------------------------------


def test_a_wrong_invoice_is_voided_with_a_reason_and_invoiced_anew(agency, said):
    wrong = make.of_dues(agency)
    assert "Say why it is void" in said(services.void_invoice, invoice=wrong, on=MAY, because=" ")
    assert "not before its own" in said(
        services.void_invoice, invoice=make.invoice(agency, on=DUE), on=MAY, because="Too early"
    )
    voided = services.void_invoice(invoice=wrong, on=DUE, because="Wrong rate")
    assert (voided.voided_on, voided.void_reason) == (DUE, "Wrong rate")
    assert "is void since 31 May 2026" in said(services.void_invoice, invoice=wrong, on=DUE, because="Again")
    assert make.of_dues(agency).number == 3


def test_an_invoice_is_voided_only_once_its_payments_are_taken_off(agency, said):
    bill = make.of_dues(agency)
    part = make.applied(make.payment(agency=agency), bill, "200.00")
    words = said(services.void_invoice, invoice=bill, on=DUE, because="Wrong")
    assert words.startswith("$200.00 of payments is applied to 2026-0001. Undo that first")
    make.undone(part, DUE)
    day_before = DUE - timedelta(days=1)
    assert "until 31 May 2026" in said(services.void_invoice, invoice=bill, on=day_before, because="Wrong")
    assert services.void_invoice(invoice=bill, on=DUE, because="Wrong").voided_on == DUE
    assert services.open_on(bill) == Decimal("500.00")  # as it was read; the one on record is void
    assert services.open_on(Invoice.objects.get()) == Decimal("0.00")


# --- Joining dues -----------------------------------------------------------------------------------------------------


@pytest.fixture
def stint(year):
    """An agency whose agreement is in force, which waits for its joining dues."""
    return make.applicant()


@pytest.mark.parametrize(
    ("rates", "policy", "lines"),
    [
        pytest.param([("200.00", "joining"), ("100.00", "annual")], {}, ["200.00"], id="the joining fee covers the year"),
        pytest.param(
            [("200.00", "joining"), ("100.00", "annual")], {"joining_covers_year": False}, ["200.00", "100.00"],
            id="the joining fee beside the dues",
        ),
        pytest.param([("100.00", "annual")], {}, ["100.00"], id="no joining fee: the dues of the year"),
    ],
)  # fmt: skip
def test_what_is_due_at_commencement_is_invoiced(stint, rates, policy, lines):
    for amount, charge in rates:
        make.rate(amount, charge)
    if policy:
        DuesPolicy.objects.create(from_on=MAY, **policy)
    made = services.invoice_joining_dues(participation=stint, issued_on=MAY)
    assert [str(line.amount) for line in made.lines.all()] == lines
    assert (made.charge, made.participation, made.due_on) == ("joining", stint, MAY)
    assert any("commencement" in why for why in made.because)


def test_joining_dues_are_invoiced_once_and_only_where_they_are_due(stint, said):
    def again():
        return said(services.invoice_joining_dues, participation=Participation.objects.get(), issued_on=MAY)

    assert "not determined; missing: a rate for annual dues" in again()
    make.rate("100.00")
    services.invoice_joining_dues(participation=stint, issued_on=MAY)
    assert "has been invoiced for this" in again()
    Participation.objects.all().update_with_history(dues_paid_on=MAY)
    assert "were paid on 1 May 2026" in again()
    Participation.objects.all().update_with_history(dues_paid_on=None, dues_required=False)
    assert "No joining dues are required" in again()
    assert Agency.objects.get().invoices.count() == 1
