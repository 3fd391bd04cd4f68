"""The journal of the documents, their reversals, what reconciles, and what the bank shows (B VI.4)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.rules.books import (
    CREDITS,
    UNDEPOSITED,
    Account,
    AppliedTo,
    BankLine,
    Moved,
    Opened,
    Received,
    Side,
    Spent,
    balances,
    entries,
    match,
    reconciled,
)
from nipas_admin.shared import money

from .terms import d, said, usd

BANK = Account(Side.BANK, "Prairie Bank")
DUES = Account(Side.RECEIPTS, "Annual dues", "General fund")
INTEREST = Account(Side.RECEIPTS, "Interest", "General fund")
RADIOS = Account(Side.DISBURSEMENTS, "Radios", "Flood Team")
OPENING = Account(Side.OPENING, fund="General fund")

OPENED = Opened("Opening", "General fund", "Prairie Bank", usd("5,000.00"), d("2026-05-01"))
CHECK = Received("R-00012", "Village of Zion", usd("100.00"), d("2026-05-20"))
DEPOSITED = replace(CHECK, deposited_on=d("2026-05-22"), bank="Prairie Bank")
PART = AppliedTo("R-00012", "2026-0014", usd("80.00"), d("2026-05-20"), DUES)
SPENT = Spent("V2026-0003", "Lake Radio", usd("420.00"), d("2026-06-01"), "Prairie Bank", RADIOS)
JUNE = d("2026-06-10")


def journal(*documents):
    def of(kind):
        return [document for document in documents if isinstance(document, kind)]

    return list(entries(of(Opened), of(Received), of(AppliedTo), of(Spent)))


@pytest.mark.parametrize(
    ("document", "moves"),
    [
        pytest.param(OPENED, [("2026-05-01", BANK, OPENING)], id="an opening balance"),
        pytest.param(CHECK, [("2026-05-20", UNDEPOSITED, CREDITS)], id="a payment not deposited yet"),
        pytest.param(
            replace(CHECK, into=INTEREST),
            [("2026-05-20", UNDEPOSITED, INTEREST)],
            id="a receipt that pays no invoice",
        ),
        pytest.param(
            DEPOSITED,
            [("2026-05-20", UNDEPOSITED, CREDITS), ("2026-05-22", BANK, UNDEPOSITED)],
            id="a payment that was deposited",
        ),
        pytest.param(
            replace(CHECK, reversed_on=JUNE),
            [("2026-05-20", UNDEPOSITED, CREDITS), ("2026-06-10", CREDITS, UNDEPOSITED)],
            id="a payment reversed before it was deposited",
        ),
        pytest.param(
            replace(DEPOSITED, reversed_on=JUNE),
            [("2026-05-20", UNDEPOSITED, CREDITS), ("2026-05-22", BANK, UNDEPOSITED), ("2026-06-10", CREDITS, BANK)],
            id="a deposited check that bounced",
        ),
        pytest.param(
            replace(DEPOSITED, into=INTEREST, reversed_on=d("2026-05-22")),
            [("2026-05-20", UNDEPOSITED, INTEREST), ("2026-05-22", BANK, UNDEPOSITED), ("2026-05-22", INTEREST, BANK)],
            id="a receipt that bounced on the day of its deposit",
        ),
        pytest.param(
            replace(DEPOSITED, reversed_on=d("2026-05-21")),
            [("2026-05-20", UNDEPOSITED, CREDITS), ("2026-05-21", CREDITS, UNDEPOSITED)],
            id="a payment reversed the day before: it never reached the bank",
        ),
        pytest.param(PART, [("2026-05-20", CREDITS, DUES)], id="a part applied to an invoice"),
        pytest.param(
            replace(PART, undone_on=JUNE),
            [("2026-05-20", CREDITS, DUES), ("2026-06-10", DUES, CREDITS)],
            id="a part that was undone",
        ),
        pytest.param(SPENT, [("2026-06-01", RADIOS, BANK)], id="a disbursement"),
        pytest.param(
            replace(SPENT, voided_on=JUNE),
            [("2026-06-01", RADIOS, BANK), ("2026-06-10", BANK, RADIOS)],
            id="a check that was voided",
        ),
        pytest.param(replace(SPENT, account=CREDITS), [("2026-06-01", CREDITS, BANK)], id="a credit refunded"),
    ],
)
def test_what_each_document_moves(document, moves):
    made = journal(document)
    assert [(entry.on, entry.debit, entry.credit) for entry in made] == [(d(day), *rest) for day, *rest in moves]
    assert {(entry.document, entry.amount) for entry in made} == {(document.document, document.amount)}
    assert all(entry.text for entry in made)
    assert money.total(balances(made).values()) == 0


@pytest.mark.parametrize(
    "document",
    [
        replace(CHECK, reversed_on=JUNE),
        replace(DEPOSITED, reversed_on=JUNE),
        replace(DEPOSITED, reversed_on=d("2026-05-21")),
        replace(DEPOSITED, into=INTEREST, reversed_on=JUNE),
        replace(PART, undone_on=JUNE),
        replace(SPENT, voided_on=JUNE),
    ],
    ids=["not deposited", "bounced", "never deposited", "another receipt", "undone", "voided"],
)
def test_a_reversal_leaves_every_account_as_it_was(document):
    assert set(balances(journal(document)).values()) == {Decimal(0)}


def test_the_balances_of_the_documents_together():
    refund = Spent("V2026-0004", "Village of Zion", usd("20.00"), JUNE, "Prairie Bank", CREDITS)
    found = balances(journal(OPENED, DEPOSITED, PART, SPENT, refund))
    assert found == {
        BANK: usd("4,660.00"),
        OPENING: usd("-5,000.00"),
        UNDEPOSITED: usd("0.00"),
        CREDITS: usd("0.00"),
        DUES: usd("-80.00"),
        RADIOS: usd("420.00"),
    }
    assert balances([]) == {}


def test_what_is_said_of_a_reversal():
    texts = [entry.text for entry in journal(
        replace(DEPOSITED, reversed_on=JUNE), replace(PART, undone_on=JUNE), replace(SPENT, voided_on=JUNE), OPENED
    )]  # fmt: skip
    assert texts == [
        "Opening balance", "Village of Zion", "Deposited", "Reversed: Village of Zion", "2026-0014",
        "Undone: 2026-0014", "Lake Radio", "Void: Lake Radio",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("account", "name"),
    [
        (BANK, "Prairie Bank"),
        (UNDEPOSITED, "Not deposited yet"),
        (CREDITS, "Credits held for agencies"),
        (OPENING, "General fund: opening balance"),
        (DUES, "General fund: Annual dues"),
        (RADIOS, "Flood Team: Radios"),
    ],
)
def test_accounts_in_words(account, name):
    assert str(account) == name


days = st.dates(d("2020-05-01"), d("2026-04-30"))
some_day = st.none() | days
cents = st.integers(1, 10**9).map(money.of_cents)
accounts = st.sampled_from([DUES, INTEREST, RADIOS, CREDITS])
documents = st.lists(
    st.builds(Opened, st.just("O"), st.just("General fund"), st.just("Prairie Bank"), cents, days)
    | st.builds(
        Received,
        st.just("R"),
        st.just("Zion"),
        cents,
        days,
        st.none() | accounts,
        some_day,
        st.just("Prairie Bank"),
        some_day,
    )
    | st.builds(AppliedTo, st.just("R"), st.just("2026-0014"), cents, days, accounts, some_day)
    | st.builds(Spent, st.just("V"), st.just("Lake Radio"), cents, days, st.just("Prairie Bank"), accounts, some_day),
    max_size=8,
)


@given(documents)
def test_the_journal_always_sums_to_zero(made):
    assert money.total(balances(journal(*made)).values()) == 0


@pytest.mark.parametrize(
    ("left", "right", "agree", "words"),
    [
        pytest.param("10.00", "10.00", True, "difference $0.00", id="the same"),
        pytest.param("10.00", "9.99", False, "difference $0.01", id="a cent more"),
        pytest.param("9.99", "10.00", False, "difference −$0.01", id="a cent less"),
    ],
)
def test_two_figures_reconcile_or_the_difference_is_said(left, right, agree, words):
    finding = reconciled("Dues", ("by the invoices", usd(left)), ("by the journal", usd(right)))
    assert finding.value is agree
    assert said(finding) == f"Dues: by the invoices ${left}, by the journal ${right}: {words} [Bylaws Art. VI §4]"


# What the bank shows.

DEPOSIT = Moved("D-00007", usd("300.00"), d("2026-05-22"))
SIGNED = Moved("V2026-0003", usd("-420.00"), d("2026-06-01"), "1024")


def line(key, amount, on, number=""):
    return BankLine(key, d(on), usd(amount), number)


@pytest.mark.parametrize(
    ("on", "number", "matched"),
    [
        pytest.param("2026-05-21", "", False, id="the day before the deposit"),
        pytest.param("2026-05-22", "", True, id="the day of the deposit"),
        pytest.param("2026-06-01", "", True, id="day 10"),
        pytest.param("2026-06-02", "", False, id="day 11"),
        pytest.param("2026-05-23", "88213", True, id="the bank's own number"),
    ],
)
def test_a_deposit_clears_within_ten_days(on, number, matched):
    assert match([line(1, "300.00", on, number)], [DEPOSIT]) == ({1: "D-00007"} if matched else {})


@pytest.mark.parametrize(
    ("amount", "on", "number", "matched"),
    [
        pytest.param("-420.00", "2026-05-31", "1024", False, id="the day before it was signed"),
        pytest.param("-420.00", "2026-06-01", "1024", True, id="the day it was signed"),
        pytest.param("-420.00", "2026-12-01", "1024", True, id="its number decides, half a year later"),
        pytest.param("-420.00", "2026-06-05", "0001024", True, id="its number filled with zeros"),
        pytest.param("-420.00", "2026-06-05", "1025", False, id="another number"),
        pytest.param("-420.00", "2026-06-11", "", True, id="no number, day 10"),
        pytest.param("-420.00", "2026-06-12", "", False, id="no number, day 11"),
        pytest.param("-420.01", "2026-06-05", "1024", False, id="its number and a cent more"),
        pytest.param("420.00", "2026-06-05", "1024", False, id="its number, and money that came in"),
    ],
)
def test_a_check_clears_by_its_number(amount, on, number, matched):
    assert match([line(1, amount, on, number)], [SIGNED]) == ({1: "V2026-0003"} if matched else {})


@pytest.mark.parametrize(
    ("lines", "expected", "matched"),
    [
        pytest.param([], [DEPOSIT], {}, id="no line"),
        pytest.param([line(1, "300.00", "2026-05-23")], [], {}, id="no document"),
        pytest.param(
            [line(1, "300.00", "2026-05-23")],
            [DEPOSIT, replace(DEPOSIT, key="D-00008")],
            {},
            id="two deposits of one amount and one line: open",
        ),
        pytest.param(
            [line(1, "300.00", "2026-05-23"), line(2, "300.00", "2026-05-25")],
            [DEPOSIT],
            {},
            id="one deposit and two lines: open",
        ),
        pytest.param(
            [line(1, "300.00", "2026-05-23"), line(2, "-420.00", "2026-06-02", "1024")],
            [SIGNED, DEPOSIT],
            {1: "D-00007", 2: "V2026-0003"},
            id="a deposit and a check",
        ),
        pytest.param(
            [line(1, "-420.00", "2026-06-02", "1024"), line(2, "-420.00", "2026-06-03", "1025")],
            [SIGNED, replace(SIGNED, key="V2026-0004", number="1025")],
            {1: "V2026-0003", 2: "V2026-0004"},
            id="two checks of one amount, each by its number",
        ),
        pytest.param(
            [line(1, "-420.00", "2026-06-02", "1024"), line(2, "-420.00", "2026-06-03")],
            [SIGNED, replace(SIGNED, key="V2026-0004", number="")],
            {1: "V2026-0003", 2: "V2026-0004"},
            id="the number settles one line, and leaves one for the other",
        ),
        pytest.param(
            [line(1, "-420.00", "2026-06-02"), line(2, "-420.00", "2026-06-03")],
            [SIGNED, replace(SIGNED, key="V2026-0004", number="1025")],
            {},
            id="two checks of one amount without their numbers: open",
        ),
        pytest.param(
            [line(1, "-420.00", "2026-06-02", "1024"), line(2, "-420.00", "2026-06-03", "1024")],
            [SIGNED],
            {},
            id="one check shown twice: open",
        ),
        pytest.param(
            [line(1, "-420.00", "2026-06-02", "000")],
            [replace(SIGNED, number="")],
            {1: "V2026-0003"},
            id="a transfer without a number",
        ),
    ],
)
def test_what_is_ambiguous_stays_open(lines, expected, matched):
    assert match(lines, expected) == matched


def test_a_line_of_a_statement_stands_for_one_document_at_most():
    near = [replace(DEPOSIT, key=f"D-{n}", on=DEPOSIT.on - timedelta(days=n)) for n in (0, 11)]
    assert match(iter([line(1, "300.00", "2026-05-22")]), iter(near)) == {1: "D-0"}
