"""Who owes on a day, and the reminders: three levels, each when the Board's setting lets it go, each on record."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from finance import services
from finance.models import DuesPolicy, Reminder
from finance.rules.receivables import Bucket
from tests.board import factories as board
from tests.finance import factories as make

pytestmark = pytest.mark.django_db
DUE = make.DUE


def late(days: int) -> date:
    """So many days past due."""
    return DUE + timedelta(days=days)


def reminded(of, days: int) -> Reminder:
    return services.send_reminder(agency=of, on=late(days), by=make.person())


@pytest.mark.parametrize(
    ("sent", "days", "level"),
    [
        pytest.param([], 0, None, id="on the due date"),
        pytest.param([], 1, 1, id="the day after"),
        pytest.param([1], 1, None, id="the day after, a second one"),
        pytest.param([1], 30, None, id="thirty days past due"),
        pytest.param([1], 31, 2, id="thirty-one days past due"),
        pytest.param([], 90, 1, id="late, and none was sent yet"),
        pytest.param([1, 31], 60, None, id="sixty days past due"),
        pytest.param([1, 31], 61, 3, id="sixty-one days past due"),
        pytest.param([1, 31, 61], 400, None, id="after the third"),
    ],
)
def test_a_reminder_goes_out_when_its_level_is_due_and_not_before(agency, said, sent, days, level):
    make.of_dues(agency)
    for day in sent:
        reminded(agency, day)
    if level is None:
        words = "owes nothing past due" if not days else "No reminder is due"
        assert words in said(reminded, agency, days)
    else:
        assert reminded(agency, days).level == level


def test_the_board_may_set_other_days(agency, said):
    DuesPolicy.objects.create(from_on=date(2020, 5, 1), first_letter=10, second_letter=20, third_letter=30)
    make.of_dues(agency)
    assert "No reminder is due" in said(reminded, agency, 9)
    assert [reminded(agency, day).level for day in (10, 20, 30)] == [1, 2, 3]


def test_a_reminder_names_what_is_past_due_and_what_stood_open(agency):
    bill = make.of_dues(agency)
    make.payment("200.00", pays={bill: Decimal("200.00")})
    make.invoice(agency, "30.00", due=late(5))
    made = reminded(agency, 5)
    assert (made.amount, [(item.invoice, item.balance) for item in made.items.all()]) == (
        Decimal("300.00"), [(bill, Decimal("300.00"))],
    )  # fmt: skip


def test_a_new_invoice_begins_anew_when_the_old_one_is_paid(agency):
    bill = make.of_dues(agency)
    reminded(agency, 1)
    make.payment(on=late(2), pays={bill: bill.total})
    make.invoice(agency, "30.00", due=late(5))
    assert reminded(agency, 6).level == 1


def test_who_owes_is_listed_by_column_with_letters_and_credit(agency):
    other = board.agency()
    make.of_dues(agency)
    make.invoice(agency, "30.00", due=late(40))
    make.payment("7.00", agency=agency)
    make.payment("1.00", agency=other)
    reminded(agency, 1)
    (debtor,) = services.debtors_on(late(35))
    assert (debtor.agency, debtor.owed, debtor.past_due) == (agency, Decimal("530.00"), Decimal("500.00"))
    assert (debtor.aging[Bucket.CURRENT], debtor.aging[Bucket.TO_60]) == (Decimal("30.00"), Decimal("500.00"))
    assert (debtor.oldest_due_on, debtor.letters, debtor.letter, debtor.credit) == (DUE, 1, 2, Decimal("7.00"))
    assert debtor.region == "County not recorded"
    assert services.debtors_on(late(35), [other.pk]) == []


def test_as_many_queries_for_twelve_who_owe_as_for_two(year):
    asked = []
    for number in (2, 10):
        for one in board.agencies(number):
            make.of_dues(one)
        with CaptureQueriesContext(connection) as queries:
            assert services.debtors_on(late(1))
        asked.append(len(queries))
    assert asked[0] == asked[1]
