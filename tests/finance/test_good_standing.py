"""Good standing, end to end: from an invoice to whether an agency's chief may be chosen for an office (Reading R13)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from board.rules.terms import Office
from board.services import eligibility
from finance import services
from finance.models import Invoice
from membership import good_standing
from tests.board import factories as board
from tests.finance import factories as make

pytestmark = pytest.mark.django_db
DUE = make.DUE
THE_DAY_AFTER = DUE + timedelta(days=1)
LATER = date(2026, 7, 1)


def nothing(bill: Invoice) -> None:
    pass


def paid(on: date, amount: str = "500.00") -> Callable[[Invoice], object]:
    return lambda bill: make.payment(amount, on=on, pays={bill: Decimal(amount)})


def bounced(bill: Invoice) -> None:
    make.bounced(make.payment(on=DUE, pays={bill: bill.total}), THE_DAY_AFTER)


def voided(on: date) -> Callable[[Invoice], object]:
    return lambda bill: services.void_invoice(invoice=bill, on=on, because="Wrong rate")


# What happens to an invoice of $500.00 due on 31 May, the day asked about, and whether nothing is past due.
CASES = [
    pytest.param(nothing, DUE, True, id="on the due date"),
    pytest.param(nothing, THE_DAY_AFTER, False, id="the day after"),
    pytest.param(paid(THE_DAY_AFTER), THE_DAY_AFTER, True, id="the day after, paid that day"),
    pytest.param(paid(LATER), THE_DAY_AFTER, False, id="the day after, paid later"),
    pytest.param(paid(LATER), LATER, True, id="on the day on which it was paid late"),
    pytest.param(paid(DUE, "499.99"), THE_DAY_AFTER, False, id="the day after, paid but for a cent"),
    pytest.param(bounced, DUE, True, id="on the due date, before the check came back"),
    pytest.param(bounced, THE_DAY_AFTER, False, id="on the day on which the check came back"),
    pytest.param(voided(THE_DAY_AFTER), THE_DAY_AFTER, True, id="void that day"),
    pytest.param(voided(LATER), THE_DAY_AFTER, False, id="void later"),
]


@pytest.mark.parametrize(("happens", "day", "in_good_standing"), CASES)
def test_dues_past_due_keep_an_agency_from_good_standing_and_its_chief_from_office(
    agency, happens, day, in_good_standing
):
    happens(make.of_dues(agency))
    assert good_standing.dues_of([agency.pk], day)[agency.pk].value is in_good_standing
    chosen = eligibility(board.chief(agency), Office.PRESIDENT, day)
    assert chosen.value is in_good_standing
    assert any("past due" in str(fact) for fact in chosen.because)


def test_the_answer_names_each_invoice_past_due_and_what_is_left_of_it(agency):
    make.payment("200.00", pays={make.of_dues(agency): Decimal("200.00")})
    make.invoice(agency, "30.00", charge="forward", due=DUE + timedelta(days=1))
    finding = good_standing.dues_of([agency.pk], LATER)[agency.pk]
    assert [fact.text for fact in finding.because] == [
        "2026-0001: $300.00 past due since 1 June 2026",
        "2026-0002: $30.00 past due since 2 June 2026",
    ]
    assert "R13" in str(finding.readings[0])


def test_a_suspended_agency_that_paid_is_out_of_good_standing_by_its_suspension_alone(agency):
    make.payment(pays={make.of_dues(agency): Decimal("500.00")})
    board.suspended(agency, DUE)
    assert good_standing.dues_of([agency.pk], THE_DAY_AFTER)[agency.pk].value is True
    assert eligibility(board.chief(agency), Office.AT_LARGE, THE_DAY_AFTER).value is False


def test_an_agency_that_left_owes_what_it_owed(agency):
    make.of_dues(agency)
    board.withdrawn(agency, DUE)
    assert good_standing.dues_of([agency.pk], LATER)[agency.pk].value is False


def test_as_many_queries_for_thirty_agencies_as_for_three(agency, django_assert_num_queries):
    for number in (3, 27):
        for one in board.agencies(number):
            make.of_dues(one)
        keys = [agency.pk, *Invoice.objects.values_list("agency", flat=True)]
        with django_assert_num_queries(2):
            found = good_standing.dues_of(keys, LATER)
    assert [finding.value for finding in found.values()].count(False) == 30


def test_other_charges_past_due_keep_nobody_from_good_standing(agency):
    make.invoice(agency, "185.00")

    assert services.dues_check([agency.pk], DUE + timedelta(days=30))[agency.pk].value is True
