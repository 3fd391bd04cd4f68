"""What is owed on a day, how long past due, who is in good standing, and what a payment pays (B III.7, VI.4, R13)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.rules.receivables import (
    Applied,
    Bill,
    Bucket,
    InvoiceState,
    Letters,
    balance_on,
    bucket_of,
    days_past_due,
    may_apply,
    next_letter,
    nothing_past_due,
    oldest_first,
    paid_on,
    state_on,
)
from nipas_admin.shared import money

from .terms import d, said, usd

BILL = Bill("2026-0014", usd("100.00"), d("2026-05-01"), d("2026-05-31"))


def bill(*applied, **facts):
    parts = tuple(Applied(usd(amount), d(on), undone and d(undone)) for amount, on, undone in applied)
    return replace(BILL, applied=parts, **facts)


@pytest.mark.parametrize(
    ("invoice", "day", "state", "balance"),
    [
        pytest.param(bill(), "2026-04-30", "not_yet", "0.00", id="the day before it is issued"),
        pytest.param(bill(), "2026-05-01", "issued", "100.00", id="the day it is issued"),
        pytest.param(bill(("40.00", "2026-05-20", None)), "2026-05-19", "issued", "100.00", id="the day before a part"),
        pytest.param(bill(("40.00", "2026-05-20", None)), "2026-05-20", "partly_paid", "60.00", id="the day of a part"),
        pytest.param(
            bill(("40.00", "2026-05-20", None), ("59.99", "2026-05-21", None)),
            "2026-05-21",
            "partly_paid",
            "0.01",
            id="a cent short",
        ),
        pytest.param(
            bill(("40.00", "2026-05-20", None), ("60.00", "2026-05-21", None)),
            "2026-05-21",
            "paid",
            "0.00",
            id="paid to the cent",
        ),
        pytest.param(
            bill(("100.00", "2026-05-01", None)), "2026-05-01", "paid", "0.00", id="paid the day it is issued"
        ),
        pytest.param(
            bill(("100.00", "2026-05-20", "2026-06-10")),
            "2026-06-09",
            "paid",
            "0.00",
            id="the day before a check bounces",
        ),
        pytest.param(
            bill(("100.00", "2026-05-20", "2026-06-10")), "2026-06-10", "issued", "100.00", id="the day a check bounces"
        ),
        pytest.param(
            bill(("100.00", "2026-05-20", "2026-06-10"), ("100.00", "2026-06-12", None)),
            "2026-06-12",
            "paid",
            "0.00",
            id="paid anew",
        ),
        pytest.param(
            bill(("100.00", "2026-05-20", "2026-05-20")),
            "2026-05-20",
            "issued",
            "100.00",
            id="applied and undone on one day",
        ),
        pytest.param(bill(voided_on=d("2026-06-15")), "2026-06-14", "issued", "100.00", id="the day before it is void"),
        pytest.param(bill(voided_on=d("2026-06-15")), "2026-06-15", "void", "0.00", id="the day it is void"),
        pytest.param(bill(total=usd("0.00")), "2026-05-01", "paid", "0.00", id="nothing asked for is nothing owed"),
    ],
)
def test_where_an_invoice_stands_on_a_day(invoice, day, state, balance):
    assert state_on(invoice, d(day)) is InvoiceState(state)
    assert balance_on(invoice, d(day)) == usd(balance)
    if state in ("partly_paid", "paid"):
        assert paid_on(invoice, d(day)) + balance_on(invoice, d(day)) == invoice.total


def test_states_and_columns_in_words():
    assert [state.label for state in InvoiceState] == ["Not yet", "Issued", "Partly paid", "Paid", "Void"]
    assert [bucket.label for bucket in Bucket] == [
        "Current", "1–30 days", "31–60 days", "61–90 days", "91–120 days", "Over 120 days",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("late", "past_due", "bucket"),
    [
        pytest.param(-31, 0, Bucket.CURRENT, id="a month before the due date"),
        pytest.param(0, 0, Bucket.CURRENT, id="on the due date"),
        pytest.param(1, 1, Bucket.TO_30, id="the day after it"),
        pytest.param(30, 30, Bucket.TO_30, id="30 days past due"),
        pytest.param(31, 31, Bucket.TO_60, id="31 days past due"),
        pytest.param(60, 60, Bucket.TO_60, id="60 days past due"),
        pytest.param(61, 61, Bucket.TO_90, id="61 days past due"),
        pytest.param(90, 90, Bucket.TO_90, id="90 days past due"),
        pytest.param(91, 91, Bucket.TO_120, id="91 days past due"),
        pytest.param(120, 120, Bucket.TO_120, id="120 days past due"),
        pytest.param(121, 121, Bucket.OVER_120, id="121 days past due"),
        pytest.param(4000, 4000, Bucket.OVER_120, id="years past due"),
    ],
)
def test_the_column_of_the_aging(late, past_due, bucket):
    day = BILL.due_on + timedelta(days=late)
    assert days_past_due(BILL.due_on, day) == past_due
    assert bucket_of(BILL.due_on, day) is bucket


@pytest.mark.parametrize(
    ("bills", "day", "good"),
    [
        pytest.param([], "2026-06-01", True, id="nothing invoiced"),
        pytest.param([bill()], "2026-05-30", True, id="the day before the due date"),
        pytest.param([bill()], "2026-05-31", True, id="the due date"),
        pytest.param([bill()], "2026-06-01", False, id="the day after the due date"),
        pytest.param([bill(("99.99", "2026-05-31", None))], "2026-06-01", False, id="a cent is left"),
        pytest.param([bill(("100.00", "2026-06-01", None))], "2026-06-01", True, id="paid a day late, from that day"),
        pytest.param([bill(("100.00", "2026-05-20", "2026-06-10"))], "2026-06-09", True, id="a check not yet bounced"),
        pytest.param([bill(("100.00", "2026-05-20", "2026-06-10"))], "2026-06-10", False, id="a check that bounced"),
        pytest.param([bill(voided_on=d("2026-06-02"))], "2026-06-01", False, id="the day before it is void"),
        pytest.param([bill(voided_on=d("2026-06-02"))], "2026-06-02", True, id="the day it is void"),
        pytest.param(
            [bill(("100.00", "2026-05-20", None)), bill(due_on=d("2026-06-30"))],
            "2026-06-30",
            True,
            id="one paid, one due today",
        ),
        pytest.param(
            [bill(("100.00", "2026-05-20", None)), bill(due_on=d("2026-06-30"))],
            "2026-07-01",
            False,
            id="one paid, one late",
        ),
    ],
)
def test_good_standing_as_far_as_dues_go(bills, day, good):
    finding = nothing_past_due(bills, d(day))
    assert finding.value is good
    assert [str(reading) for reading in finding.readings] == ["Reading R13"]
    assert "[Bylaws Art. III §7; Reading R13]" in said(finding)


def test_what_is_past_due_is_named_the_oldest_first():
    late = [
        bill(reference="2026-0020"),
        bill(reference="2025-0009", due_on=d("2025-05-31")),
        bill(("40.00", "2026-05-20", None)),
    ]
    facts = [str(fact).partition(" [")[0] for fact in nothing_past_due(late, d("2026-06-01")).because]
    assert facts == [
        "2025-0009: $100.00 past due since 1 June 2025",
        "2026-0014: $60.00 past due since 1 June 2026",
        "2026-0020: $100.00 past due since 1 June 2026",
    ]
    assert "nothing past due on 31 May 2025" in said(nothing_past_due([], d("2025-05-31")))


@pytest.mark.parametrize(
    ("late", "sent", "level"),
    [
        pytest.param(0, 0, None, id="on the due date"),
        pytest.param(1, 0, 1, id="the day after it: the first"),
        pytest.param(200, 0, 1, id="late for long and never reminded: still the first"),
        pytest.param(30, 1, None, id="30 days late after one letter"),
        pytest.param(31, 1, 2, id="31 days late after one letter: the second"),
        pytest.param(60, 2, None, id="60 days late after two letters"),
        pytest.param(61, 2, 3, id="61 days late after two letters: the third"),
        pytest.param(200, 3, None, id="three were sent: there is no fourth"),
    ],
)
def test_which_reminder_comes_next(late, sent, level):
    assert next_letter(late, sent, Letters()) == level


def test_the_days_of_reminders_are_the_boards_to_set():
    assert next_letter(14, 0, Letters((15, 45, 75))) is None
    assert next_letter(15, 0, Letters((15, 45, 75))) == 1


OWED = [
    (3, d("2026-05-31"), usd("100.00")),
    (1, d("2025-05-31"), usd("80.00")),
    (2, d("2026-05-31"), usd("50.00")),
]


@pytest.mark.parametrize(
    ("amount", "parts"),
    [
        pytest.param("0.00", [], id="nothing"),
        pytest.param("79.99", [(1, "79.99")], id="a cent less than the oldest"),
        pytest.param("80.00", [(1, "80.00")], id="just the oldest"),
        pytest.param("80.01", [(1, "80.00"), (2, "0.01")], id="a cent more than the oldest"),
        pytest.param("130.00", [(1, "80.00"), (2, "50.00")], id="two, and of one due date the first entered"),
        pytest.param("230.00", [(1, "80.00"), (2, "50.00"), (3, "100.00")], id="all three"),
        pytest.param("500.00", [(1, "80.00"), (2, "50.00"), (3, "100.00")], id="more than all: the rest is credit"),
    ],
)
def test_a_payment_goes_to_what_was_due_first(amount, parts):
    assert oldest_first(usd(amount), OWED) == [(key, usd(part)) for key, part in parts]


def test_an_invoice_with_nothing_left_takes_no_part():
    assert oldest_first(usd("10.00"), [(1, d("2025-05-31"), usd("0.00")), *OWED[2:]]) == [(2, usd("10.00"))]


cents = st.integers(0, 10**9).map(money.of_cents)
invoices = st.lists(st.tuples(st.dates(), cents), max_size=6)


@given(cents, invoices)
def test_oldest_first_never_exceeds_the_payment_nor_a_balance(amount, owed):
    rows = [(key, due, balance) for key, (due, balance) in enumerate(owed)]
    parts = dict(oldest_first(amount, rows))
    assert money.total(parts.values()) == min(amount, money.total(balance for _, balance in owed))
    assert all(0 < part <= owed[key][1] for key, part in parts.items())


@pytest.mark.parametrize(
    ("amount", "balance", "left", "refusals"),
    [
        pytest.param("0.00", "100.00", "100.00", ["more than zero"], id="nothing"),
        pytest.param("-0.01", "100.00", "100.00", ["never entered as a negative"], id="below zero"),
        pytest.param("0.01", "100.00", "100.00", [], id="a cent"),
        pytest.param("99.99", "100.00", "99.99", [], id="all that is left of the payment"),
        pytest.param(
            "100.00", "100.00", "99.99", ["more than the $99.99 left of the payment"], id="a cent more than is left"
        ),
        pytest.param("100.00", "100.00", "300.00", [], id="all that is open on the invoice"),
        pytest.param(
            "100.01", "100.00", "300.00", ["more than the $100.00 open on 2026-0014"], id="a cent more than is open"
        ),
        pytest.param(
            "100.01",
            "100.00",
            "50.00",
            ["$100.00 open on 2026-0014", "$50.00 left of the payment"],
            id="more than both",
        ),
    ],
)
def test_what_may_be_applied_to_an_invoice(amount, balance, left, refusals):
    finding = may_apply(usd(amount), usd(balance), usd(left), "2026-0014")
    assert finding.value is (not refusals)
    facts = [str(fact) for fact in finding.because]
    assert len(facts) == len(refusals) + 1
    assert all(words in fact for words, fact in zip(refusals, facts, strict=False))
    assert all("[Bylaws Art. VI §4]" in fact for fact in facts)
