"""The books: the queries' figures equal the journal's over random histories, and what does not agree is found."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from finance import services
from finance.journal_page import Asked, csv_lines, listed, xlsx
from finance.models import (
    Allocation,
    BankLine,
    BankStatement,
    Deposit,
    Disbursement,
    DisbursementApproval,
    DisbursementPayment,
    DisbursementReview,
    Invoice,
    OpeningBalance,
    Payment,
)
from finance.rules.books import CREDITS, UNDEPOSITED, Account, Side, balances
from finance.services import books
from finance.services.books import books_of, checks_of, position_on
from finance.services.journal import journal
from finance.services.report import treasurers_report
from finance.services.statements import followed_on, outstanding_on
from nipas_admin.shared import money
from nipas_admin.shared.dated import day_after
from tests.board import factories as board
from tests.finance import factories as make

pytestmark = pytest.mark.django_db
ONE_DAY = timedelta(days=1)
LAST_OF_APRIL, MAY = date(2026, 4, 30), date(2026, 5, 1)
BEFORE, AFTER = (date(2025, 5, 1), MAY), (MAY, date(2027, 5, 1))
EVER = date(2020, 1, 1)
# About the end of a fiscal year, so that histories collide with it.
POOL = [LAST_OF_APRIL + timedelta(days=number) for number in range(-2, 4)]


def usd(text):
    return Decimal(text)


def write(row):
    """Straight into the table: neither history nor what the acts refuse is tried here."""
    return QuerySet(type(row)).bulk_create([row])[0]


@pytest.fixture
def years(db):
    """Two fiscal years, open."""
    board.bylaws_in_force()
    return make.year(2025), make.year(2026)


def opened(amount="1000.00", on=BEFORE[0]):
    return OpeningBalance.objects.create(
        fund=make.fund(), institution=make.bank(), on=on, amount=usd(amount), source="Test"
    )


def spent(amount="40.00", on=MAY, number="1", voided_on=None, refunds=None, bank=None):
    """A check with the steps before it, and perhaps voided."""
    one, two, three = (make.person(name) for name in ("clerk", "manager", "treasurer"))
    year, policy = make.year(2025), make.policy()
    number_of = Disbursement.objects.count() + 1
    row = write(
        Disbursement(
            fiscal_year=year, number=number_of, nature="refund" if refunds else "purchase", payee="Supply",
            purpose="Batteries", amount=usd(amount), fund=make.fund(), category=None if refunds else make.category(),
            refunds=refunds, requested_by=one, requested_on=EVER,
        )
    )  # fmt: skip
    review = write(DisbursementReview(disbursement=row, by=two, capacity="-", requester=one, on=EVER, policy=policy))
    approval = write(DisbursementApproval(review=review, by=three, reviewer=two, on=EVER, policy=policy))
    return write(
        DisbursementPayment(
            approval=approval, institution=bank or make.bank(), paid_on=on, check_number=str(number),
            amount=usd(amount), signed_by=three, voided_on=voided_on, void_reason="Lost" if voided_on else "",
        )
    )  # fmt: skip


def all_agree(first, until):
    return [str(fact) for check in checks_of(first, until) if not check.value for fact in check.because]


# --- Random histories -------------------------------------------------------------------------------------------------

days = st.sampled_from(POOL)
later = st.none() | days
cents = st.integers(1, 99_999).map(money.of_cents)
history = st.fixed_dictionaries(
    {
        "payments": st.lists(st.tuples(cents, days, later, later, st.booleans()), min_size=1, max_size=5),
        "invoices": st.lists(st.tuples(cents, days, later, st.sampled_from(["annual", "forward", "other"])), min_size=1,
                             max_size=4),
        "applied": st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), cents, days, later), max_size=6),
        "spent": st.lists(st.tuples(cents, days, later, st.booleans()), max_size=4),
        "opened": st.none() | st.tuples(cents, days),
    }
)  # fmt: skip


def not_before(day, *others):
    return max([day, *(other for other in others if other)]) if day else None


def tell(drawn, of, year):
    """Write the drawn history, each day not before the one it follows."""
    if drawn["opened"]:
        opened(str(drawn["opened"][0]), drawn["opened"][1])
    payments = []
    for number, (amount, received, deposited, reversed_on, other) in enumerate(drawn["payments"]):
        deposit = None
        if deposited:
            name = "Second Bank" if number % 2 else "First Bank of Bellhaven"
            deposit = Deposit.objects.create(institution=make.bank(name), deposited_on=max(received, deposited))
        back = not_before(reversed_on, received, deposit and deposit.deposited_on)
        parts = [
            (invoice, sum_, max(on, received), undone)
            for payment, invoice, sum_, on, undone in drawn["applied"]
            if payment == number and not other and (not back or max(on, received) <= back)
        ]
        payment = write(
            Payment(
                received_on=received, amount=amount, payer=f"Village {number}", check_number=f"{number}", deposit=deposit,
                category=make.category("Interest") if other else None, fund=make.fund() if other else None,
                reversed_on=back, reversal="bounced" if back else "", received_by=make.person(),
            )
        )  # fmt: skip
        payments.append((payment, parts, back))
    for number, (amount, issued, voided, charge) in enumerate(drawn["invoices"]):
        mine = [(payment, part, back) for payment, parts, back in payments for part in parts if part[0] == number]
        rows = [
            (payment, sum_, max(on, issued), not_before(undone or back, on, issued))
            for payment, (_invoice, sum_, on, undone), back in mine
        ]
        standing = any(undone is None for _payment, _sum, _on, undone in rows)
        void = None if standing else not_before(voided, issued, *(undone for *_, undone in rows))
        invoice = write(
            Invoice(
                fiscal_year=year, number=number + 1, agency=of, charge=charge, fund=make.fund(), issued_on=issued,
                due_on=issued, total=amount, voided_on=void, void_reason="Wrong" if void else "",
            )
        ) if charge == "other" or not Invoice.objects.filter(charge=charge, voided_on=None).exists() else None  # fmt: skip
        for payment, sum_, on, undone in rows if invoice else ():
            write(
                Allocation(
                    payment=payment, invoice=invoice, amount=sum_, on=on, undone_on=undone,
                    undone_because="-" if undone else "",
                )
            )  # fmt: skip
    credit = next((payment for payment, _parts, back in payments if payment.category_id is None and not back), None)
    for number, (amount, on, voided, refund) in enumerate(drawn["spent"]):
        spent(
            str(amount), on, number, not_before(voided, on),
            refunds=credit if refund and credit and credit.received_on <= on else None,
        )  # fmt: skip


@given(drawn=history)
@settings(
    max_examples=20,
    # No shrinking: what was drawn is printed whole.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_figures_by_query_equal_the_folded_journal_over_random_histories(drawn, years):
    with transaction.atomic():
        tell(drawn, board.agency(), years[0])
        for day in (LAST_OF_APRIL, MAY, POOL[-1]):
            folded, position = balances(journal(BEFORE[0], day_after(day))), position_on(day)
            assert sum(folded.values(), money.ZERO) == 0
            assert folded.get(UNDEPOSITED, money.ZERO) == position.undeposited, day
            assert -folded.get(CREDITS, money.ZERO) == position.credits, day
            for name, amount in position.banks.items():
                assert folded.get(Account(Side.BANK, name), money.ZERO) == amount, (name, day)
            of_funds = -sum((sum_ for account, sum_ in folded.items() if account.fund), money.ZERO)
            assert of_funds == position.in_funds, day
        for first, until in (BEFORE, (LAST_OF_APRIL, AFTER[1])):
            assert all_agree(first, until) == []
        transaction.set_rollback(True)


# --- A day before, on and after the end of a year ---------------------------------------------------------------------


def dues_paid(on):
    def story():
        bill = make.of_dues(board.agency(), "300.00", BEFORE[0])
        make.payment("300.00", on, pays={bill: usd("300.00")})

    return story


def credit_applied_later():
    bill = make.of_dues(board.agency(), "300.00", BEFORE[0])
    paid = make.payment("300.00", LAST_OF_APRIL)
    make.applied(paid, bill, "300.00", MAY)


def bounced_later():
    bill = make.of_dues(board.agency(), "300.00", BEFORE[0])
    paid = make.payment("300.00", LAST_OF_APRIL, pays={bill: usd("300.00")})
    make.bounced(paid, MAY)


def interest_reversed_later():
    paid = make.payment("12.34", LAST_OF_APRIL, category=make.category("Interest"), fund=make.fund())
    services.reverse_payment(payment=paid, on=MAY, reversal="mistake")


def check_of(on, voided_on=None):
    return lambda: spent("40.00", on, voided_on=voided_on)


def credit_refunded():
    paid = make.payment("300.00", LAST_OF_APRIL, agency=board.agency())
    spent("100.00", MAY, refunds=paid)


@pytest.mark.parametrize(
    ("story", "figures"),
    [
        pytest.param(dues_paid(LAST_OF_APRIL), ("300", "0", "0", "0", "0"), id="dues applied on the year's last day"),
        pytest.param(dues_paid(MAY), ("0", "0", "300", "0", "0"), id="dues applied on the next one's first day"),
        pytest.param(credit_applied_later, ("0", "0", "300", "0", "300"), id="a credit applied in the next year"),
        pytest.param(bounced_later, ("300", "0", "-300", "0", "0"), id="a check returned in the next year"),
        pytest.param(interest_reversed_later, ("12.34", "0", "-12.34", "0", "0"), id="interest reversed in the next"),
        pytest.param(check_of(LAST_OF_APRIL), ("0", "40", "0", "0", "0"), id="a check of the year's last day"),
        pytest.param(check_of(MAY), ("0", "0", "0", "40", "0"), id="a check of the next one's first day"),
        pytest.param(check_of(LAST_OF_APRIL, MAY), ("0", "40", "0", "-40", "0"), id="a check voided in the next year"),
        pytest.param(check_of(LAST_OF_APRIL, LAST_OF_APRIL), ("0", "0", "0", "0", "0"), id="voided on its own day"),
        pytest.param(credit_refunded, ("0", "0", "0", "0", "300"), id="a credit refunded, which no fund pays"),
    ],
)
def test_money_counts_in_the_year_of_its_own_day(years, story, figures):
    opened()
    story()
    first, second = books_of(*BEFORE), books_of(*AFTER)
    found = [money.total(flow.values()) for one in (first, second) for flow in (one.receipts, one.disbursements)]
    assert [*found, first.after.credits] == [usd(one) for one in figures]
    assert first.after == second.before
    assert all_agree(*BEFORE) == all_agree(*AFTER) == []


def test_what_agencies_owe_rolls_forward_to_the_aging(years):
    of = board.agency()
    first, second = make.invoice(of, "300.00", LAST_OF_APRIL), make.invoice(of, "200.00", MAY)
    make.applied(make.payment("100.00", MAY), first, "60.00", MAY)
    services.void_invoice(invoice=second, on=MAY + ONE_DAY, because="Asked twice")
    before, after = books_of(*BEFORE).receivable, books_of(*AFTER).receivable
    assert (before.opening, before.invoiced, before.closing, before.aged) == tuple(map(usd, ("0", "300", "300", "300")))
    assert (after.opening, after.invoiced, after.voided, after.applied) == tuple(map(usd, ("300", "200", "200", "60")))
    assert after.closing == after.aged == usd("240") == after.past_due
    assert (before.debtors, before.past_due) == (1, 0)


# --- What does not agree is found -------------------------------------------------------------------------------------


def raw(model, pk, **values):
    """As somebody with the database in hand would change it."""
    QuerySet(model).filter(pk=pk).update(**values)


def a_year(years):
    """An invoice paid and deposited, and an opening balance."""
    opened()
    bill = make.of_dues(board.agency(), "300.00", MAY)
    paid = make.payment("300.00", MAY + ONE_DAY, pays={bill: usd("300.00")})
    made = services.make_deposit(payments=[paid], institution=make.bank(), deposited_on=MAY + 2 * ONE_DAY)
    assert all_agree(*AFTER) == []
    return bill, paid, made


@pytest.mark.parametrize(
    ("tampered", "said"),
    [
        pytest.param(
            lambda bill, paid, made: raw(Deposit, made.pk, deposited_on=LAST_OF_APRIL), "Not deposited on 30 April 2027",
            id="a deposit dated before what is in it",
        ),
        pytest.param(
            lambda bill, paid, made: raw(Invoice, bill.pk, voided_on=MAY, void_reason="-"),
            "Receivable on 30 April 2027: $0.00 + invoiced $300.00 − void $300.00 − applied $300.00 + undone $0.00 is "
            "−$300.00, the aging $0.00: difference −$300.00",
            id="an invoice voided under a payment",
        ),
        pytest.param(
            lambda bill, paid, made: raw(Payment, paid.pk, reversed_on=MAY + 3 * ONE_DAY, reversal="mistake"),
            "Applied to invoices by 30 April 2027: in all $300.00, of payments that stand $0.00: difference $300.00",
            id="a payment reversed and what it paid left paid",
        ),
    ],
)  # fmt: skip
def test_a_figure_that_was_tampered_with_is_named(years, tampered, said):
    tampered(*a_year(years))
    assert said in " ".join(all_agree(*AFTER))


@pytest.mark.parametrize(
    ("query", "wrong", "said"),
    [
        pytest.param("receipts_in", lambda *_: {}, ["Funds on 30 April 2027", "Receipts against the journal"],
                     id="receipts left out"),
        pytest.param("disbursements_in", lambda *_: {Account(Side.DISBURSEMENTS, "Training", "General fund"): usd("1")},
                     ["Funds on 30 April 2027, General fund", "difference −$1.00"], id="a disbursement too many"),
        pytest.param("journal", lambda *_: iter(()), ["Cash against the journal", "Receipts against the journal"],
                     id="the journal left out"),
    ],
)  # fmt: skip
def test_a_wrong_query_is_found_by_the_other_way_to_its_figure(years, monkeypatch, query, wrong, said):
    a_year(years)
    monkeypatch.setattr(books, query, wrong)
    found = " ".join(all_agree(*AFTER))
    assert [words for words in said if words not in found] == []


def test_a_year_whose_figures_differ_is_not_closed(years, said):
    bill, _paid, _made = a_year(years)
    make.closed(years[0])
    raw(Invoice, bill.pk, voided_on=MAY, void_reason="-")
    assert "The figures do not agree; mend this first" in said(make.closed, years[1])


# --- The bank's statements --------------------------------------------------------------------------------------------

JUNE = date(2026, 6, 1)


def statement(closing, *lines, from_on=MAY, until_on=JUNE):
    row = BankStatement.objects.create(
        institution=make.bank(), from_on=from_on, until_on=until_on, closing=closing and usd(closing)
    )
    for on, amount, more in lines:
        BankLine.objects.create(statement=row, on=on, amount=usd(amount), **more)
    return row


def of_bank(first=MAY, until=JUNE):
    [check] = [one for one in checks_of(first, until) if make.bank().name in str(one.because[0])]
    return check


@pytest.mark.parametrize(
    ("closing", "explained", "agrees"),
    [
        pytest.param(
            "955.00", "Fee", True, id="the bank's balance, what has not cleared and an explained fee taken in"
        ),
        pytest.param("955.01", "Fee", False, id="a cent beside it"),
        pytest.param("955.00", "", False, id="a line that nobody explained"),
    ],
)
def test_the_books_agree_with_the_statement_or_it_is_said(years, closing, explained, agrees):
    opened()
    cleared, waiting = spent("40.00", MAY, "1"), spent("25.00", MAY, "2")
    paid = make.payment("300.00", MAY, agency=board.agency())
    services.make_deposit(payments=[paid], institution=make.bank(), deposited_on=JUNE - ONE_DAY)
    fee = (MAY + ONE_DAY, "-5.00", {"text": "Fee", "explained": explained})
    statement(closing, (MAY + ONE_DAY, "-40.00", {"disbursement": cleared}), fee)
    assert of_bank().value is agrees
    assert [row.pk for row in outstanding_on(JUNE, followed_on(JUNE))] == [waiting.pk]
    if not explained:
        assert "no document stands for 1 line of" in str(of_bank().because[-1])


def test_without_statements_no_check_is_called_outstanding_and_none_is_compared(years):
    spent("40.00", MAY)
    assert followed_on(JUNE) == []
    assert list(outstanding_on(JUNE, [])) == []
    opened()
    statement(None)
    assert [check for check in checks_of(MAY, JUNE) if "statement" in str(check.because[0])] == []
    assert "which of its checks have cleared is not known" not in " ".join(treasurers_report(MAY, JUNE).missing)


def check_lost():
    spent("40.00", LAST_OF_APRIL, "1", voided_on=MAY)


def payment_entered_twice():
    paid = make.payment("300.00", LAST_OF_APRIL, agency=board.agency())
    services.make_deposit(payments=[paid], institution=make.bank(), deposited_on=LAST_OF_APRIL)
    services.reverse_payment(payment=paid, on=MAY, reversal="mistake")


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(check_lost, id="a check that was voided in the next year"),
        pytest.param(payment_entered_twice, id="a payment entered by mistake and reversed in the next year"),
    ],
)
def test_what_was_corrected_later_keeps_no_year_from_agreeing_with_its_last_statement(years, story):
    opened()
    story()
    statement("1000.00", from_on=date(2026, 4, 1), until_on=MAY)
    assert of_bank(*BEFORE).value is True


@pytest.mark.parametrize(
    ("paid_on", "cleared_on", "outstanding"),
    [
        pytest.param(LAST_OF_APRIL, None, False, id="paid before the first statement, and on none: cleared before"),
        pytest.param(LAST_OF_APRIL, MAY + ONE_DAY, True, id="paid before it, and cleared only later"),
        pytest.param(MAY, None, True, id="paid on its first day"),
        pytest.param(MAY, MAY, False, id="cleared on the day"),
    ],
)
def test_which_checks_are_outstanding_on_a_day(years, paid_on, cleared_on, outstanding):
    row = spent("40.00", paid_on)
    statement("0.00", *([(cleared_on, "-40.00", {"disbursement": row})] if cleared_on else []))
    assert [one.pk for one in outstanding_on(MAY, followed_on(MAY))] == [row.pk] * outstanding


# --- The journal ------------------------------------------------------------------------------------------------------


def test_the_journal_is_in_the_order_of_days_however_long_it_is(years):
    opened()
    for on in (date(2027, 4, 30), MAY, LAST_OF_APRIL, date(2025, 6, 1)):
        make.payment("10.00", on, agency=board.agency())
    found = [entry.on for entry in journal(EVER, date(2030, 1, 1))]
    assert found == sorted(found)
    assert len(found) == 5
    assert [entry.on for entry in journal(MAY, date(2027, 4, 30))] == [MAY]


def test_the_journal_as_a_file_runs_nothing_and_names_every_account(years):
    bill = make.of_dues(board.agency(), "300.00", MAY)
    paid = make.payment("300.00", MAY, payer="=HYPERLINK(1)", pays={bill: usd("300.00")})
    text = b"".join(csv_lines(journal(*AFTER))).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Document"] for row in rows] == [paid.reference] * 2
    assert rows[0]["Text"].startswith("'=HYPERLINK(1), check")
    assert [(row["Debit"], row["Credit"], row["Amount"]) for row in rows] == [
        ("Not deposited yet", "Credits held for agencies", "300.00"),
        ("Credits held for agencies", "General fund: Annual dues", "300.00"),
    ]
    assert xlsx(journal(*AFTER)).startswith(b"PK")


@pytest.mark.parametrize(
    ("asked", "number", "moved", "named"),
    [
        pytest.param(Asked(), 2, None, "Every account", id="everything"),
        pytest.param(Asked("receipts", "Annual dues", "General fund"), 1, "300", "Receipts, General fund, Annual dues",
                     id="receipts of one category of a fund"),
        pytest.param(Asked("receipts", "Interest"), 0, "0", "Receipts, Interest", id="another category"),
        pytest.param(Asked(fund="General fund"), 1, "300", "General fund", id="a whole fund"),
        pytest.param(Asked("credits"), 2, "0", "Credits held for agencies", id="the credits, in and out"),
        pytest.param(Asked("undeposited"), 1, "300", "Not deposited yet", id="what waits for the bank"),
        pytest.param(Asked("bank"), 0, "0", "Every bank", id="the banks"),
    ],
)  # fmt: skip
def test_the_entries_on_an_account_sum_to_its_figure(years, asked, number, moved, named):
    bill = make.of_dues(board.agency(), "300.00", MAY)
    make.payment("300.00", MAY, pays={bill: usd("300.00")})
    found = listed(journal(*AFTER), asked)
    assert (found.number, str(asked)) == (number, named)
    assert moved is None or found.moved == usd(moved)


def test_the_checks_ask_as_much_of_the_database_however_much_there_is(years):
    a_year(years)

    def more(number):
        bill = make.of_dues(board.agency(), "10.00", MAY)
        make.payment("9.00", MAY, pays={bill: usd("9.00")})
        spent("1.00", MAY, f"{100 + number}")

    more(0)
    with CaptureQueriesContext(connection) as few:
        treasurers_report(*AFTER)
    for number in range(1, 8):
        more(number)
    with CaptureQueriesContext(connection) as many:
        treasurers_report(*AFTER)
    assert len(many) <= len(few)
