"""The bank's statements: read from the files that banks give, matched with the documents, compared with the books."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from finance import services
from finance.models import BankLine, BankStatement, OpeningBalance, Payment
from finance.services import bank
from finance.services.bank_files import read_file
from nipas_admin.shared import tables
from tests.board import factories as board
from tests.finance import factories as make

MAY_4, MAY_6 = date(2026, 5, 4), date(2026, 5, 6)
HEAD = "Date,Description,Amount,Check Number\n"


def lines_of(text: str) -> list[tuple[date, Decimal, str, str]]:
    data = text.encode()
    return [(line.on, line.amount, line.text, line.number) for line in read_file(io.BytesIO(data), len(data))]


# The file


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Date,Amount\n5/4/2026,420.00\n", "420.00"),
        ("Date,Amount\n5/4/2026,-420.00\n", "-420.00"),
        ("Date,Amount\n5/4/2026,(420.00)\n", "-420.00"),
        ('Date,Amount\n5/4/2026,"($1,420.00)"\n', "-1420.00"),
        ("Date,Amount\n5/4/2026,-$420.00\n", "-420.00"),
        ("Date,Amount\n5/4/2026,$-420.00\n", "-420.00"),
        ("Date,Amount\n5/4/2026,420.00-\n", "-420.00"),
        ("Date,Amount\n5/4/2026,+420.00\n", "420.00"),
        ("Date,Debit,Credit\n5/4/2026,420.00,\n", "-420.00"),
        ("Date,Debit,Credit\n5/4/2026,-420.00,\n", "-420.00"),
        ("Date,Debit,Credit\n5/4/2026,,420.00\n", "420.00"),
        ("Date,Debit,Credit\n5/4/2026,0.00,420.00\n", "420.00"),
        ("Posting Date,Withdrawals,Deposits\n2026-05-04,420.00,\n", "-420.00"),
        ("DATE , Amount\n5/4/2026,420.00\n".replace(" ,", ","), "420.00"),
    ],
    ids=[
        "a deposit",
        "a minus for what left",
        "brackets for what left",
        "dollars and thousands in brackets",
        "a minus before the dollar sign",
        "a minus after the dollar sign",
        "a minus behind",
        "a plus",
        "a debit",
        "a debit that has its minus already",
        "a credit",
        "a debit of zero beside a credit",
        "other names for the columns",
        "names in capitals",
    ],
)
def test_an_amount_is_read_as_banks_write_it(text, amount):
    assert [(on, found) for on, found, _text, _number in lines_of(text)] == [(MAY_4, Decimal(amount))]


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1024", "1024"), ("001024", "001024"), ("#1024", "1024"), ("", ""), ("0", ""), ("0000", "")],
    ids=["a number", "filled with zeros", "with its sign", "blank", "zero for none", "zeros for none"],
)
def test_the_number_of_a_check_is_read(typed, number):
    assert lines_of(f"{HEAD}5/4/2026,CHECK,-250.00,{typed}\n") == [(MAY_4, Decimal("-250.00"), "CHECK", number)]


def test_an_excel_workbook_is_read_too_and_lines_of_nothing_are_left_out():
    rows = [[MAY_4, "Deposit", 1500, ""], [MAY_6, "Notice", 0, ""]]
    data = tables.write(tables.XLSX, ["Date", "Description", "Amount", "Check #"], rows)

    found = read_file(io.BytesIO(data), len(data))

    assert [(line.on, line.amount, line.text) for line in found] == [(MAY_4, Decimal("1500.00"), "Deposit")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{HEAD}5/4/2026,ok,10.00,\n5/5/2026,bad,1e5,\n", ["C3 (Amount)", "“1e5” is not an amount"]),
        (f"{HEAD}5/4/2026,bad,NaN,\n", ["C2 (Amount)", "“NaN”"]),
        (f"{HEAD}5/4/2026,bad,１０.00,\n", ["C2 (Amount)"]),
        (f"{HEAD}5/4/2026,bad,10.005,\n", ["C2 (Amount)", "more than two decimals"]),
        (f"{HEAD}5/4/2026,bad,,\n", ["C2 (Amount)", "Give an amount"]),
        (f"{HEAD}05/04/26,bad,10.00,\n", ["A2 (Date)", "century"]),
        (f"{HEAD}2026-02-30,bad,10.00,\n", ["A2 (Date)"]),
        (f"{HEAD},bad,10.00,\n", ["A2 (Date)"]),
        (f"{HEAD}5/4/2026,bad,10.00,{'9' * 31}\n", ["D2 (Check Number)", "too long"]),
        ("Date,Debit,Credit\n5/4/2026,,\n", ["Row 2", "neither a debit nor a credit"]),
        ("Date,Debit,Credit\n5/4/2026,5.00,5.00\n", ["Row 2", "both a debit and a credit"]),
        ("Date,Debit,Credit\n5/4/2026,,-5.00\n", ["C2 (Credit)", "below zero"]),
        ("When,Amount\n5/4/2026,5.00\n", ["No column of the file is called Date", "When, Amount"]),
        ("Date,Sum\n5/4/2026,5.00\n", ["called Amount, nor Debit and Credit", "Date, Sum"]),
        ("Date,Amount\n5/4/2026,0.00\n", ["Every amount in the file is $0.00"]),
        ("Date;Amount\n5/4/2026;5.00\n", ["separated by semicolons"]),
        ("", ["empty"]),
    ],
    ids=[
        "an exponent",
        "not a number",
        "full-width digits",
        "three decimals",
        "no amount",
        "two digits for the year",
        "a day that is none",
        "no day",
        "a number that is too long",
        "neither debit nor credit",
        "both",
        "a credit below zero",
        "no date",
        "no amount column",
        "nothing moved",
        "semicolons",
        "an empty file",
    ],
)
def test_what_cannot_be_read_is_named_by_its_cell(text, words):
    with pytest.raises(ValidationError) as refusal:
        lines_of(text)

    said = " ".join(refusal.value.messages)
    assert [word for word in words if word not in said] == []


# Reading and matching


def read(text: str, **more) -> BankStatement:
    return bank.read_statement(institution=make.bank(), data=text.encode(), file_name="may.csv", **more)


def deposit(*amounts: str, on: date = MAY_4):
    of = board.agency()
    payments = [make.payment(amount, on=on, agency=of, payer="Village of Larkfield") for amount in amounts]
    return services.make_deposit(payments=payments, institution=make.bank(), deposited_on=on)


def bounced(made, on: date = MAY_6) -> Payment:
    payment = made.payments.get()
    return services.reverse_payment(payment=payment, on=on, reversal=Payment.Reversal.BOUNCED)


@pytest.mark.usefixtures("year")
def test_a_deposit_is_matched_by_its_sum_and_the_rest_is_left_open():
    made = deposit("500.00", "250.00")

    statement = read(f"{HEAD}5/6/2026,DEPOSIT,750.00,\n5/7/2026,FEE,-12.50,\n")

    assert [(line.deposit, line.is_matched, line.by_hand) for line in statement.lines.all()] == [
        (made, True, False),
        (None, False, False),
    ]
    assert bank.without_line(statement) == []


@pytest.mark.usefixtures("year")
def test_what_the_bank_does_not_show_yet_is_listed_from_its_first_statement_on():
    deposit("500.00")
    waits = deposit("250.00", on=MAY_6)

    statement = read(f"{HEAD}5/5/2026,DEPOSIT,500.00,\n", through_on=date(2026, 5, 31))

    assert [one.record for one in bank.without_line(statement)] == [waits]


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("5/4/2026,RETURNED,-500.00,", True),
        ("5/14/2026,RETURNED,-500.00,", True),
        ("5/15/2026,RETURNED,-500.00,", False),
        ("5/15/2026,RETURNED,-500.00,777", True),
        ("5/6/2026,RETURNED,-499.99,777", False),
        ("5/6/2026,CHECK,-500.00,778", False),
    ],
    ids=[
        "on the day of the deposit",
        "ten days after it",
        "eleven days after it",
        "later, with its number",
        "another amount",
        "another number",
    ],
)
def test_a_returned_check_is_matched_after_its_deposit(line, found):
    of = board.agency()
    payment = make.payment("500.00", on=MAY_4, agency=of, check_number="777")
    bounced(services.make_deposit(payments=[payment], institution=make.bank(), deposited_on=MAY_4))

    statement = read(f"{HEAD}{line}\n")

    assert (statement.lines.get().returned_id == payment.pk) is found


@pytest.mark.usefixtures("year")
def test_two_deposits_of_one_sum_are_left_to_a_person(said):
    first, second = deposit("500.00"), deposit("500.00")
    statement = read(f"{HEAD}5/5/2026,DEPOSIT,500.00,\n")
    line = statement.lines.get()
    assert not line.is_matched

    assert {one.record for one in bank.candidates_for(line)} == {first, second}
    bank.match_line(line=line, key=f"deposit:{second.pk}")

    line.refresh_from_db()
    assert (line.deposit, line.by_hand) == (second, True)
    assert "settled already" in said(bank.match_line, line=line, key=f"deposit:{first.pk}")
    bank.unmatch_line(line=line)
    line.refresh_from_db()
    assert not line.is_matched
    assert "nothing to take back" in said(bank.unmatch_line, line=line)


@pytest.mark.usefixtures("year")
def test_a_line_is_matched_only_with_what_comes_to_its_amount(said):
    made = deposit("500.00")
    line = read(f"{HEAD}5/5/2026,DEPOSIT,480.00,\n").lines.get()

    assert "Choose a document of $480.00" in said(bank.match_line, line=line, key=f"deposit:{made.pk}")


@pytest.mark.usefixtures("year")
def test_a_document_recorded_later_is_found_when_matched_again():
    statement = read(f"{HEAD}5/5/2026,DEPOSIT,500.00,\n5/5/2026,FEE,-5.00,\n")
    fee = statement.lines.get(amount=Decimal("-5.00"))
    bank.explain_line(line=fee, explained="The bank's monthly fee")
    made = deposit("500.00")

    assert bank.match_statement(statement=statement) == 1
    assert bank.match_statement(statement=statement) == 0

    assert statement.lines.get(deposit=made).amount == Decimal("500.00")
    fee.refresh_from_db()
    assert fee.explained == "The bank's monthly fee"


@pytest.mark.usefixtures("year")
def test_a_line_is_explained_in_words(said):
    line = read(f"{HEAD}5/5/2026,FEE,-5.00,\n").lines.get()

    assert "Say what this line is" in said(bank.explain_line, line=line, explained="  ")


@pytest.mark.usefixtures("year")
def test_a_file_is_read_once_and_a_day_is_in_one_statement_only(said):
    text = f"{HEAD}5/4/2026,DEPOSIT,500.00,\n5/29/2026,FEE,-5.00,\n"
    read(text)

    assert "read already" in said(read, text)
    assert "on record from another statement" in said(read, f"{HEAD}5/29/2026,FEE,-7.00,\n")
    read(f"{HEAD}5/30/2026,FEE,-7.00,\n")
    assert (BankStatement.objects.count(), BankLine.objects.count()) == (2, 3)


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({"from_on": date(2026, 5, 5)}, "Row 2 is dated 4 May 2026, outside"),
        ({"through_on": date(2026, 5, 3), "from_on": date(2026, 5, 1)}, "Row 2 is dated 4 May 2026"),
        ({"through_on": date(2026, 4, 1), "from_on": date(2026, 5, 1)}, "ends on the day it begins, or later"),
    ],
    ids=["before its first day", "after its last day", "an end before its beginning"],
)
def test_a_line_outside_the_days_of_its_statement_is_refused(days, words, said):
    assert words in said(read, f"{HEAD}5/4/2026,DEPOSIT,500.00,\n", **days)


# The balance


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(
    ("closing", "agrees"),
    [("1487.50", True), ("1487.49", False), (None, None)],
    ids=["to the cent", "a cent less", "not recorded"],
)
def test_the_closing_balance_is_compared_with_the_books(closing, agrees):
    OpeningBalance.objects.create(
        fund=make.fund(), institution=make.bank(), on=make.FIRST_OF_MAY, amount=Decimal("1000.00"), source="Statement"
    )
    deposit("500.00")
    deposit("250.00", on=MAY_6)
    statement = read(
        f"{HEAD}5/5/2026,DEPOSIT,500.00,\n5/5/2026,FEE,-12.50,\n",
        through_on=MAY_6,
        closing=Decimal(closing) if closing else None,
    )

    found = bank.compare(statement)

    assert (found.in_books, found.expected) == (Decimal("1750.00"), Decimal("1487.50"))
    assert (found.agrees.value if found.agrees else None) is agrees


@pytest.mark.usefixtures("year")
def test_a_return_that_the_books_learn_of_later_is_no_difference():
    bounced(deposit("500.00"), on=date(2026, 6, 2))

    statement = read(f"{HEAD}5/5/2026,DEPOSIT,500.00,\n5/8/2026,RETURNED,-500.00,\n", closing=Decimal("0.00"))

    found = bank.compare(statement)
    assert found.in_books == Decimal("500.00")
    assert found.agrees is not None
    assert found.agrees.value is True


@pytest.mark.usefixtures("year")
def test_an_entry_made_by_mistake_was_never_in_its_deposit():
    made = deposit("500.00", "40.00")
    wrong = made.payments.get(amount=Decimal("40.00"))
    services.reverse_payment(payment=wrong, on=MAY_4, reversal=Payment.Reversal.MISTAKE)

    statement = read(f"{HEAD}5/5/2026,DEPOSIT,500.00,\n", closing=Decimal("500.00"))

    assert statement.lines.get().deposit == made
    assert bank.compare(statement).agrees.value is True
