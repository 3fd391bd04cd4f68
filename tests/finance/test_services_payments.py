"""Payments: one check for several agencies, credit, what is undone, what the bank returns, deposits, and duplicates."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet, Sum

from finance import services
from finance.models import Allocation, Invoice, Payment
from finance.querysets import sum_of
from finance.rules.receivables import Applied
from finance.services.payments import EVER, most_since
from membership.models import Agency, Participation
from membership.rules.facts import Status
from tests.board import factories as board
from tests.finance import factories as make

pytestmark = pytest.mark.django_db
MAY, DUE = make.FIRST_OF_MAY, make.DUE
JUNE = date(2026, 6, 1)
ONE_DAY = timedelta(days=1)


def balances(day: date = EVER) -> list[str]:
    """What is left on each invoice, in the order of their numbers."""
    return [str(row.balance) for row in Invoice.objects.with_balance_on(day).order_by("fiscal_year", "number")]


def states(day: date = EVER) -> list[str]:
    """The state of each invoice, in the order of their numbers."""
    return [row.state for row in Invoice.objects.with_state_on(day).order_by("fiscal_year", "number")]


def credit(of: Payment, day: date = EVER) -> str:
    """What is left of the payment, the same by its two ways."""
    found = Payment.objects.with_credit_on(day).get(pk=of.pk).credit
    if day == EVER:
        assert services.left_of(Payment.objects.get(pk=of.pk)) == found
    return str(found)


@pytest.fixture
def bills(year):
    """Three agencies' dues, due one after the other: $500.00, $300.33 and $0.01."""
    rows = board.agencies(3)
    amounts = ("500.00", "300.33", "0.01")
    return [
        make.of_dues(of, amount, due=DUE + n * ONE_DAY)
        for n, (of, amount) in enumerate(zip(rows, amounts, strict=True))
    ]


# --- Applied ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "parts", "left", "over"),
    [
        pytest.param("800.34", ("500.00", "300.33", "0.01"), ("0.00", "0.00", "0.00"), "0.00", id="three in full"),
        pytest.param("800.34", ("499.99", "300.33", "0.01"), ("0.01", "0.00", "0.00"), "0.01", id="a cent short"),
        pytest.param("100.00", ("60.00", "40.00"), ("440.00", "260.33", "0.01"), "0.00", id="two in part"),
        pytest.param("1000.00", ("500.00",), ("0.00", "300.33", "0.01"), "500.00", id="one, and credit"),
        pytest.param("1000.00", (), ("500.00", "300.33", "0.01"), "1000.00", id="none: all credit"),
    ],
)
def test_one_check_pays_for_several_agencies_and_the_rest_is_credit(bills, amount, parts, left, over):
    pays = {bill: Decimal(part) for bill, part in zip(bills, parts, strict=False)}
    paid = make.payment(amount, agency=bills[0].agency, pays=pays)
    assert tuple(balances()) == left
    assert credit(paid) == over
    found = services.credits_on(MAY)
    assert found == ({bills[0].agency_id: Decimal(over)} if Decimal(over) else {})


@pytest.mark.parametrize(
    ("amount", "left", "over"),
    [
        pytest.param("499.99", ["0.01", "300.33", "0.01"], "0.00", id="short of the first"),
        pytest.param("500.00", ["0.00", "300.33", "0.01"], "0.00", id="the first"),
        pytest.param("500.01", ["0.00", "300.32", "0.01"], "0.00", id="a cent into the second"),
        pytest.param("800.34", ["0.00", "0.00", "0.00"], "0.00", id="all"),
        pytest.param("800.35", ["0.00", "0.00", "0.00"], "0.01", id="a cent over"),
    ],
)
def test_the_one_due_first_is_paid_first(bills, amount, left, over):
    paid = make.payment(amount, oldest_of=[bill.agency for bill in reversed(bills)])
    assert (balances(), credit(paid)) == (left, over)


def test_oldest_first_keeps_to_the_agencies_named_and_to_what_was_issued_by_the_day(bills):
    later = make.invoice(bills[1].agency, "9.00", on=JUNE, due=JUNE)
    paid = make.payment("900.00", on=MAY, oldest_of=[bills[1].agency])
    assert balances() == ["500.00", "0.00", "0.01", "9.00"]
    services.apply_oldest_first(payment=paid, agencies=[bills[1].agency], on=JUNE)
    assert (services.open_on(later), credit(paid)) == (Decimal("0.00"), "590.67")
    assert services.apply_oldest_first(payment=paid, agencies=[bills[1].agency], on=JUNE) == []


def test_credit_is_applied_later_and_counts_from_that_day(bills):
    paid = make.payment("600.00", agency=bills[0].agency, pays={bills[0]: Decimal("500.00")})
    make.applied(paid, bills[1], "100.00", JUNE)
    assert [credit(paid, day) for day in (MAY - ONE_DAY, MAY, DUE, JUNE)] == ["0.00", "100.00", "100.00", "0.00"]
    assert balances(DUE) == ["0.00", "300.33", "0.01"]
    assert balances(JUNE) == ["0.00", "200.33", "0.01"]
    assert states(JUNE) == ["paid", "partly_paid", "issued"]


@pytest.mark.parametrize(
    ("amount", "on", "words"),
    [
        pytest.param("500.01", MAY, "$500.01 is more than the $500.00 open on 2026-0001.", id="above the balance"),
        pytest.param("0.00", MAY, "apply more than zero", id="nothing"),
        pytest.param("-1.00", MAY, "apply more than zero", id="below zero"),
        pytest.param("0.005", MAY, "not a whole number of cents", id="half a cent"),
        pytest.param("NaN", MAY, "not a whole number of cents", id="no number"),
        pytest.param("500.00", MAY - ONE_DAY, "No fiscal year", id="in no year of the books"),
    ],
)
def test_too_much_and_nothing_are_refused_and_nothing_is_applied(bills, said, amount, on, words):
    paid = make.payment("700.00")
    assert words in said(services.apply_payment, payment=paid, pays={bills[0]: Decimal(amount)}, on=on)
    assert not Allocation.objects.exists()


def test_more_than_is_left_of_the_payment_is_refused_whole(bills, said):
    pays = {bills[0]: Decimal("500.00"), bills[1]: Decimal("300.33")}
    words = said(make.payment, "800.32", pays=pays)
    assert words == "Nothing was applied. $300.33 is more than the $300.32 left of the payment."
    assert not Payment.objects.exists()


def test_every_invoice_that_takes_no_more_is_named(bills, said):
    void = services.void_invoice(invoice=bills[2], on=MAY, because="Wrong")
    words = said(make.payment, "900.00", pays={bills[0]: Decimal("501.00"), void: Decimal("0.01")})
    assert "open on 2026-0001." in words
    assert "$0.01 is more than the $0.00 open on 2026-0003." in words


def test_a_payment_is_applied_neither_before_it_came_nor_before_the_invoice(bills, said):
    paid = make.payment(on=DUE)
    later = make.invoice(bills[0].agency, on=JUNE, due=JUNE)
    assert "came in on 31 May 2026" in said(make.applied, paid, bills[0], "1.00", DUE - ONE_DAY)
    assert "2026-0004 is dated 1 June 2026" in said(make.applied, paid, later, "1.00", DUE)
    assert make.applied(paid, later, "1.00", JUNE).on == JUNE


# --- Undone -----------------------------------------------------------------------------------------------------------


def test_what_was_applied_wrongly_is_undone_with_a_reason_and_applied_elsewhere(bills, said):
    paid = make.payment()
    part = make.applied(paid, bills[0], "500.00")
    assert "Say why" in said(make.undone, part, because=" ")
    assert "not before it was applied" in said(
        make.undone, make.applied(make.payment(), bills[1], "1.00", DUE), DUE - ONE_DAY
    )
    make.undone(part, DUE)
    assert "This was undone on 31 May 2026." in said(make.undone, part)
    make.applied(paid, bills[1], "299.33", DUE)
    assert balances(DUE - ONE_DAY) == ["0.00", "300.33", "0.01"]
    assert balances() == ["500.00", "0.00", "0.01"]
    assert credit(paid) == "200.67"


@pytest.mark.parametrize(
    ("to", "on", "refused"),
    [
        pytest.param(0, DUE - ONE_DAY, True, id="another payment on the invoice, the day before"),
        pytest.param(0, DUE, False, id="another payment on the invoice, that day"),
        pytest.param(1, DUE - ONE_DAY, True, id="this payment on another invoice, the day before"),
        pytest.param(1, DUE, False, id="this payment on another invoice, that day"),
    ],
)
def test_no_part_takes_a_place_that_another_held_until_it_was_undone(bills, said, to, on, refused):
    paid = make.payment()
    make.undone(make.applied(paid, bills[0], "500.00"), DUE)
    of = paid if to else make.payment()
    if refused:
        words = said(make.applied, of, bills[to], "300.00", on)
        assert words.endswith("stood in its place until 31 May 2026. Apply it on that day or later.")
    else:
        make.applied(of, bills[to], "300.00", on)
    for row in Invoice.objects.with_balance_on(DUE - ONE_DAY):
        assert row.balance >= 0
    for row in Payment.objects.with_credit_on(DUE - ONE_DAY):
        assert row.credit >= 0


def test_the_most_that_stood_since_a_day_counts_what_was_undone_later_and_what_came_later():
    one, two, three = (Decimal(n) for n in (100, 20, 3))
    parts = [Applied(one, MAY, DUE), Applied(two, DUE), Applied(three, DUE + ONE_DAY, JUNE + ONE_DAY)]
    assert [most_since(parts, MAY + n * ONE_DAY) for n in (0, 29, 30, 31, 32)] == [100, 100, 23, 23, 20]
    assert most_since([], MAY) == 0


# --- Reversed ---------------------------------------------------------------------------------------------------------


def test_a_bounced_check_opens_again_whatever_it_paid_from_that_day_on(bills):
    pays = {bill: bill.total for bill in bills}
    paid = make.payment("900.00", agency=bills[0].agency, pays=pays)
    make.bounced(paid, DUE)
    assert balances(DUE - ONE_DAY) == ["0.00", "0.00", "0.00"]
    assert balances(DUE) == ["500.00", "300.33", "0.01"]
    assert (credit(paid, DUE - ONE_DAY), credit(paid)) == ("99.66", "0.00")
    paid.refresh_from_db()
    assert (paid.reversal, paid.reversal_reason) == ("bounced", "The bank returned it")
    assert set(paid.allocations.values_list("undone_because", flat=True)) == {"The bank returned it"}


def test_a_payment_is_reversed_once_and_then_pays_nothing(bills, said):
    paid = make.bounced(make.payment(), DUE)
    assert "was reversed on 31 May 2026 already" in said(make.bounced, paid)
    assert "nothing is left" in said(make.applied, paid, bills[0], "1.00", DUE)


@pytest.mark.parametrize("use", ["undone", "deposited", "applied"])
def test_a_payment_is_not_reversed_before_the_last_day_on_which_it_was_used(bills, said, use):
    paid = make.payment()
    if use == "deposited":
        services.make_deposit(payments=[paid], institution=make.bank(), deposited_on=DUE)
    else:
        part = make.applied(paid, bills[0], "1.00", MAY if use == "undone" else DUE)
        if use == "undone":
            make.undone(part, DUE)
    assert "stood until 31 May 2026" in said(make.bounced, paid, DUE - ONE_DAY)
    assert make.bounced(paid, DUE).reversed_on == DUE


def test_a_payment_already_recorded_is_never_changed_nor_deleted(bills):
    paid = make.payment()
    part = make.applied(paid, bills[0], "1.00")
    for statement in (
        f"UPDATE finance_payment SET amount = 1 WHERE id = {paid.pk}",
        f"DELETE FROM finance_payment WHERE id = {paid.pk}",
        f"UPDATE finance_allocation SET amount = 2 WHERE id = {part.pk}",
        f"DELETE FROM finance_allocation WHERE id = {part.pk}",
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


# --- Joining dues -----------------------------------------------------------------------------------------------------


@pytest.fixture
def joining(year):
    """The joining dues of an agency that waits only for them, invoiced at $100.00."""
    stint = make.applicant()
    make.rate("100.00")
    return services.invoice_joining_dues(participation=stint, issued_on=MAY)


def status(of: Agency, day: date) -> str:
    return Agency.objects.with_status_on(day).get(pk=of.pk).status


def test_joining_dues_paid_complete_participation_on_that_day_and_not_before(joining):
    paid = make.payment("60.00", on=MAY, pays={joining: Decimal("60.00")})
    assert Participation.objects.get().dues_paid_on is None
    rest = make.payment("40.00", on=DUE, pays={joining: Decimal("40.00")})
    assert Participation.objects.get().dues_paid_on == DUE
    by_day = [status(joining.agency, day) for day in (MAY, DUE - ONE_DAY, DUE, JUNE)]
    assert by_day == [Status.PROSPECT.value] * 2 + [Status.ACTIVE.value] * 2
    make.bounced(paid, JUNE)
    assert Participation.objects.get().dues_paid_on is None
    assert status(joining.agency, JUNE) == Status.PROSPECT.value
    make.payment("60.00", on=JUNE, pays={joining: Decimal("60.00")})
    assert Participation.objects.get().dues_paid_on == JUNE
    assert rest.allocations.standing().exists()


def test_a_day_of_payment_recorded_on_other_grounds_stays(joining):
    Participation.objects.all().update_with_history(dues_paid_on=MAY)
    part = make.payment("60.00", on=DUE, pays={joining: Decimal("60.00")}).allocations.get()
    assert Participation.objects.get().dues_paid_on == MAY
    make.undone(part, DUE)
    assert Participation.objects.get().dues_paid_on == MAY


def test_undoing_a_part_that_did_not_complete_the_dues_takes_nothing_back(joining):
    part = make.payment("60.00", pays={joining: Decimal("60.00")}).allocations.get()
    make.undone(part)
    assert Participation.objects.get().dues_paid_on is None


# --- Duplicates -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payer", "number", "amount", "twice"),
    [
        pytest.param("Village of Larkfield", "1001", "500.00", True, id="the same"),
        pytest.param("  VILLAGE of  larkfield ", "1001", "500.00", True, id="the same in other capitals and spaces"),
        pytest.param("Village of Larkfield", "1002", "500.00", False, id="another number"),
        pytest.param("Village of Larkfield", "1001", "500.01", False, id="a cent more"),
        pytest.param("City of Bellhaven", "1001", "500.00", False, id="another payer"),
    ],
)
def test_the_same_payer_number_and_amount_is_refused_unless_confirmed(year, said, payer, number, amount, twice):
    known = make.payment(payer="Village of Larkfield", check_number="1001")
    again = {"payer": payer, "check_number": number}
    if not twice:
        assert make.payment(amount, **again).pk
        return
    with pytest.raises(services.PossibleDuplicate) as refusal:
        make.payment(amount, **again)
    assert refusal.value.payments == [known]
    assert f"({known.reference} of 1 May 2026)" in refusal.value.messages[0]
    assert make.payment(amount, **again, confirmed=True).confirmed
    with pytest.raises(IntegrityError), transaction.atomic():
        QuerySet(Payment).bulk_create([Payment(
            payer="village of LARKFIELD", check_number="1001", amount=known.amount, received_on=JUNE,
            received_by=known.received_by,
        )])  # fmt: skip


def test_a_check_that_bounced_may_come_again_and_cash_without_a_number_as_often_as_it_does(year):
    make.bounced(make.payment(check_number="1001"))
    assert make.payment(check_number="1001").pk
    for _again in range(2):
        assert make.payment(check_number="", method="cash").pk


# --- Other receipts ---------------------------------------------------------------------------------------------------


def test_a_receipt_of_its_own_category_pays_no_invoice_and_is_no_credit(bills, said):
    own = {"category": make.category("Interest"), "fund": make.fund()}
    assert "pays no invoice" in said(make.payment, pays={bills[0]: Decimal("1.00")}, **own)
    interest = make.payment("12.34", **own)
    assert (credit(interest), services.credits_on(DUE)) == ("0.00", {})
    assert "a receipt for Interest" in said(make.applied, interest, bills[0], "1.00")
    assert "both its category and its fund" in said(make.payment, category=make.category("Interest"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"payer": ""}, "cannot be blank", id="nobody's"),
        pytest.param({"check_number": ""}, "A check has a number.", id="a check without a number"),
        pytest.param({"check_number": "10 01"}, "digits, letters and hyphens", id="a number with a space"),
        pytest.param({"amount": "0.00"}, "at least $0.01", id="nothing"),
        pytest.param({"amount": "-5.00"}, "at least $0.01", id="below zero"),
        pytest.param({"amount": "0.005"}, "not a whole number of cents", id="half a cent"),
        pytest.param({"amount": "NaN"}, "not a whole number of cents", id="no number"),
    ],
)
def test_what_is_no_payment_is_refused(year, said, changes, words):
    assert words in said(make.payment, changes.pop("amount", "1.00"), **changes)


# --- Deposits ---------------------------------------------------------------------------------------------------------


def deposit(*payments, on=DUE, **more):
    return services.make_deposit(
        payments=payments, institution=more.pop("institution", None) or make.bank(), deposited_on=on, **more
    )


@pytest.mark.parametrize(
    ("on", "approved"),
    [
        pytest.param(DUE - ONE_DAY, False, id="the day before the Board approved it"),
        pytest.param(DUE, True, id="the day on which it did"),
        pytest.param(JUNE - ONE_DAY, True, id="the last day"),
        pytest.param(JUNE, False, id="the first day it holds our money no longer"),
    ],
)
def test_money_is_taken_to_an_institution_that_the_board_approved_on_the_day(year, said, on, approved):
    bank = make.bank("Second Bank", DUE)
    bank.until_on = JUNE
    bank.save()
    paid = make.payment()
    if approved:
        made = deposit(paid, institution=bank, on=on)
        assert list(made.payments.all()) == [paid]
    else:
        assert "is not one the Board approved" in said(deposit, paid, institution=bank, on=on)


def test_a_payment_is_deposited_once_after_it_came_and_while_it_stands(year, said):
    first, second, gone, later = (make.payment(on=on) for on in (MAY, MAY, MAY, JUNE))
    made = deposit(first)
    make.bounced(gone)
    words = said(deposit, first, second, gone, later)
    assert f"{first.reference} is in Deposit of 31 May 2026, {made.reference} already." in words
    assert f"{gone.reference} was reversed on 31 May 2026." in words
    assert f"{later.reference} came in only on 1 June 2026." in words
    assert "Choose the payments" in said(deposit)
    assert set(Payment.objects.undeposited()) == {second, later}


# --- Cents ------------------------------------------------------------------------------------------------------------


def test_amounts_with_cents_sum_exactly(year):
    of = board.agency()
    amounts = [f"{n}.{n:02}" for n in range(1, 60)] + ["9999999999.99", "0.01"]
    pays = {make.invoice(of, amount): Decimal(amount) for amount in amounts}
    whole = sum(pays.values())
    assert whole == Decimal("10000001787.70")
    for bill, amount in list(pays.items())[::2]:
        make.payment(str(amount), pays={bill: amount})
    assert sum_of(Invoice.objects.all(), "total") == whole
    assert Invoice.objects.aggregate(Sum("total"))["total__sum"] == whole
    paid = sum_of(Allocation.objects.all())
    assert sum(row.balance for row in Invoice.objects.open_on(EVER)) == whole - paid
    assert sum(sum(sums.values()) for sums in Invoice.objects.all().aging_on(DUE).values()) == whole - paid
