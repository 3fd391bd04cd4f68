"""Tables of the books: what comes in goes through the doors of the desk, each fault has its cell, everything goes out."""

from __future__ import annotations

import io
from datetime import date

import pytest

from finance import services
from finance.models import (
    Allocation,
    BankLine,
    BankStatement,
    BudgetLine,
    Category,
    Claim,
    CostRequest,
    Custody,
    Deposit,
    Disbursement,
    DisbursementPolicy,
    DuesPolicy,
    FiscalYear,
    Fund,
    Institution,
    Invoice,
    InvoiceRun,
    OpeningBalance,
    Payment,
    PropertyItem,
    Rate,
    Reminder,
)
from finance.resources import AllocationResource, BankLineResource, PaymentResource
from nipas_admin.shared.tables import XLSX, read, write
from tests.board import factories as board
from tests.finance import factories as make
from tests.membership import factories as members
from tests.membership.importing import administrator, bring_in, export, page_of, problems_of, rows_of, table, upload

pytestmark = pytest.mark.django_db

MAY = make.FIRST_OF_MAY
PAYMENTS = "received on,payer,agency,method,check number,amount,invoices,note"


@pytest.fixture
def treasurer(client, year):
    """Signed in, with the year from 1 May 2026 open."""
    return administrator(client)


@pytest.fixture
def elm(treasurer):
    """An agency with invoices 2026-0001 of $500.00, due on 31 May, and 2026-0002 of $300.00, due on 30 June."""
    of = board.agency()
    make.of_dues(of, "500.00")
    make.invoice(of, "300.00", due=date(2026, 6, 30))
    return of


def check(
    of, number="1001", amount="500.00", pays="2026-0001", on="2026-05-04", payer="Village of Elm", method="Check"
):
    return [on, payer, of.ori, method, number, amount, pays, ""]


def outcome_of(client, model, data, name="table.csv"):
    return upload(client, model, data, name).context["outcome"]


# --- Payments ---------------------------------------------------------------------------------------------------------


def test_payments_come_in_through_the_desk_and_pay_what_their_rows_say(treasurer, elm):
    oak = board.agency()
    make.of_dues(oak, "100.00")
    rows = [
        check(elm, amount="$1,000.00", number="77", pays="2026-0001; 2026-0003: 100.00; 2026-0002: 250.5"),
        ["5/6/2026", "", oak.name, "Cash", "", "20", "", "At the meeting"],
        check(elm, number="78", amount="60", pays="Oldest First", on="2026-05-07"),
    ]

    said = upload(treasurer, Payment, table(PAYMENTS, *rows)).content.decode()
    bring_in(treasurer, Payment, table(PAYMENTS, *rows), "may.csv")

    first, cash, last = Payment.objects.order_by("pk")
    assert "New: pays 2026-0001: $500.00; 2026-0002: $250.50; 2026-0003: $100.00; credit $149.50" in said
    assert "New: pays 2026-0002: $49.50; credit $10.50" in said
    assert (first.payer, first.check_number, str(first.amount)) == ("Village of Elm", "77", "1000.00")
    assert (cash.payer, cash.agency, cash.method, cash.note) == (oak.name, oak, "cash", "At the meeting")
    assert [str(services.left_of(one)) for one in (first, cash, last)] == ["149.50", "20.00", "10.50"]
    written = first.history.get()
    assert (written.history_change_reason, written.history_user) == ("Imported from may.csv", first.received_by)
    assert Allocation.objects.first().history.get().history_change_reason == "Imported from may.csv"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_same_file_again_and_what_was_exported_change_nothing(treasurer, elm, kind):
    rows = [check(elm), check(elm, number="1002", amount="20.00", pays=""), check(elm, "", "7.00", "", method="Cash")]
    data = table(PAYMENTS, *rows) if kind == "csv" else write(XLSX, PAYMENTS.split(","), rows)
    bring_in(treasurer, Payment, data, f"may.{kind}")

    for again in (data, export(treasurer, Payment, kind)):
        outcome = outcome_of(treasurer, Payment, again, f"again.{kind}")
        assert (outcome.new, outcome.changed, outcome.same, outcome.problems) == (0, 0, 3, [])
        assert outcome.notes == ["3 payments are already on record and left as they were: rows 2, 3, 4."]
    assert Payment.objects.count() == 3


ON_RECORD = {
    "the same check": (["2026-05-04", "Village of Elm", "1001", "500.00", ""], 0, "already on record"),
    "the same check, its payer written otherwise": (["2026-05-04", "VILLAGE  of Elm", "1001", "500", ""], 0, "already"),
    "the same check of another day": (
        ["2026-05-05", "Village of Elm", "1001", "500.00", ""], 0, "is already on record as R-",
    ),
    "another check of the same day": (["2026-05-04", "Village of Elm", "1002", "500.00", ""], 1, ""),
    "the same number for another amount": (["2026-05-04", "Village of Elm", "1001", "499.99", ""], 1, ""),
    "the same number of another payer": (["2026-05-04", "Village of Oak", "1001", "500.00", ""], 1, ""),
    "the same check, confirmed to be another": (["2026-05-04", "Village of Elm", "1001", "500.00", "yes"], 1, ""),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "new", "note"), ON_RECORD.values(), ids=ON_RECORD)
def test_a_check_on_record_is_said_to_be_there_and_left_out_unless_confirmed(treasurer, elm, cells, new, note):
    make.payment("500.00", date(2026, 5, 4), payer="Village of Elm", check_number="1001", agency=elm)
    day, payer, number, amount, confirmed = cells
    data = table(f"{PAYMENTS},confirmed", [*check(elm, number, amount, "", day, payer), confirmed])

    for more, told in ((new, note), (0, "already on record")):
        outcome = outcome_of(treasurer, Payment, data)
        assert (outcome.new, outcome.same, outcome.problems) == (more, 1 - more, [])
        assert told in " ".join(outcome.notes)
        bring_in(treasurer, Payment, data)
    assert Payment.objects.count() == 1 + new


def test_a_returned_check_that_comes_again_is_new_on_another_day_only(treasurer, elm):
    make.bounced(make.payment("500.00", MAY, payer="Village of Elm", check_number="1001", agency=elm))

    same = outcome_of(treasurer, Payment, table(PAYMENTS, check(elm, on="2026-05-01")))
    later = outcome_of(treasurer, Payment, table(PAYMENTS, check(elm, on="2026-06-02")))

    assert ((same.new, same.same), (later.new, later.same)) == ((0, 1), (1, 0))


TWICE = {
    "a check twice": (["1001", "Check"], "", "Row 3: It repeats row 2: the same payer, check number and amount."),
    "cash twice on a day": (["", "Cash"], "", "Row 3: It repeats row 2: the same payer, day, method and amount."),
    "a check twice, confirmed": (["1001", "Check"], "yes", None),
    "cash twice on a day, confirmed": (["", "Cash"], "yes", None),
}


@pytest.mark.parametrize(("cells", "confirmed", "said"), TWICE.values(), ids=TWICE)
def test_a_payment_twice_in_one_file_is_refused_unless_confirmed(treasurer, elm, cells, confirmed, said):
    number, method = cells
    row = check(elm, number, "10.00", "", method=method)
    data = table(f"{PAYMENTS},confirmed", [*row, ""], [*row, confirmed])

    if said:
        [problem] = problems_of(upload(treasurer, Payment, data))
        assert problem.startswith(said)
        return
    bring_in(treasurer, Payment, data)
    again = outcome_of(treasurer, Payment, data)
    assert (again.new, again.same, Payment.objects.count()) == (0, 2, 2)


AMOUNTS = {
    "below zero": ("-5.00", "“-5.00” is below zero."),
    "in brackets": ("(5.00)", "“(5.00)” is below zero."),
    "zero": ("0.00", "Give an amount of at least $0.01."),
    "no number": ("NaN", "“NaN” is not an amount in dollars and cents."),
    "without end": ("Infinity", "“Infinity” is not an amount in dollars and cents."),
    "an exponent": ("1e5", "“1e5” is not an amount in dollars and cents."),
    "full-width digits": ("５００", "“５００” is not an amount in dollars and cents."),
    "three decimals": ("1.234", "“1.234” has more than two decimals"),
    "commas out of place": ("1,00.00", "“1,00.00” is not an amount in dollars and cents."),
    "blank": ("", "Give what was received."),
    "more than is counted": ("99999999999", "“99999999999” is more than $9,999,999,999.99"),
}


@pytest.mark.parametrize(("typed", "said"), AMOUNTS.values(), ids=AMOUNTS)
def test_an_amount_that_is_none_is_named_by_its_cell(treasurer, elm, typed, said):
    problems = problems_of(upload(treasurer, Payment, table(PAYMENTS, check(elm, amount=typed, pays=""))))
    assert [problem.partition(said)[0] for problem in problems] == ["Row 2, amount: "], problems
    assert not Payment.objects.exists()


BAD = {
    "a day no year holds": ({"on": "1999-05-04"}, "received_on: No fiscal year of the books holds 4 May 1999."),
    "a day that is none": ({"on": "2026-02-30"}, "received_on: “2026-02-30”"),
    "an unknown invoice": ({"pays": "2026-0099"}, "invoices: The books have no invoice 2026-0099 that you may use."),
    "no invoice at all": ({"pays": "dues"}, "invoices: “dues” names no invoice. Write 2026-0014"),
    "an invoice twice": ({"pays": "2026-0001; 2026-0001"}, "invoices: 2026-0001 stands there twice."),
    "more than is open": ({"amount": "500.01"}, "invoices: Nothing was applied. $500.01 is more than the $500.00 open on"),
    "more than is open, by amounts": (
        {"amount": "900", "pays": "2026-0001: 500.01"}, "invoices: Nothing was applied. $500.01 is more than the $500.00",
    ),
    "more than the check": (
        {"amount": "100", "pays": "2026-0001: 100.01"}, "invoices: Nothing was applied. $100.01 is more than the $100.00",
    ),
    "nothing left for the second": (
        {"pays": "2026-0001; 2026-0002"}, "invoices: Nothing can go to 2026-0002: $300.00 is open on it, and $0.00 is",
    ),
    "a part of nothing": ({"pays": "2026-0001: 0"}, "invoices: Nothing was applied. apply more than zero"),
    "a part below zero": ({"pays": "2026-0001: -5"}, "invoices: “-5” is below zero."),
    "an invoice of a later day": ({"on": "2026-05-01", "pays": "2026-0003"}, "invoices: Nothing was applied. 2026-0003 is"),
    "a check without a number": ({"number": ""}, "check_number: A check has a number."),
    "a number nobody writes": ({"number": "10/01"}, "check_number: A check number has digits, letters and hyphens only."),
    "a way nobody pays": ({"method": "Barter"}, "method: “Barter” is not one of: Check;"),
    "nobody": ({"payer": "", "agency": ""}, "payer: Say whose name is on the check"),
    "an unknown agency": ({"agency": "IL0000000"}, "agency: There is no agency with the ORI or name “IL0000000”"),
    "money left that is nobody's": (
        {"agency": "", "amount": "600", "pays": "2026-0001: 500"}, "agency: $100.00 is left over: give the agency whose",
    ),
    "the oldest of nobody": ({"agency": "", "pays": "oldest first"}, "agency: Say whose oldest invoices it pays."),
}  # fmt: skip


@pytest.mark.parametrize(("change", "said"), BAD.values(), ids=BAD)
def test_a_bad_payment_is_named_by_row_and_cell_and_none_is_recorded(treasurer, elm, change, said):
    make.invoice(elm, "50.00", date(2026, 5, 20))
    given = {"on": "2026-05-04", "payer": "Village of Elm", "agency": elm.ori, "method": "Check", "number": "1001",
             "amount": "500.00", "pays": "2026-0001", "note": "", **change}  # fmt: skip
    good = check(elm, number="1", amount="10.00", pays="")

    problems = problems_of(upload(treasurer, Payment, table(PAYMENTS, good, list(given.values()))))

    assert len(problems) == 1, problems
    assert problems[0].startswith(f"Row 3, {said}"), problems
    assert not Payment.objects.exists()


def test_two_rows_that_together_pay_more_than_is_open_are_told_so_at_the_second(treasurer, elm):
    rows = [check(elm, "1", "300.00"), check(elm, "2", "300.00")]
    [problem] = problems_of(upload(treasurer, Payment, table(PAYMENTS, *rows)))
    assert problem.startswith(
        "Row 3, invoices: Nothing was applied. $300.00 is more than the $200.00 open on 2026-0001"
    )


def test_a_closed_year_takes_no_payment_by_table_either(treasurer, elm):
    before = make.year(2025)
    make.closed(before)
    [problem] = problems_of(upload(treasurer, Payment, table(PAYMENTS, check(elm, pays="", on="2026-04-30"))))
    assert problem.startswith(
        "Row 2, received_on: FY 2025–26 is closed and takes no postings: a payment on 30 April 2026"
    )


def test_no_payment_comes_in_of_a_day_that_has_not_come(treasurer, elm):
    resource = PaymentResource()
    resource.today = date(2026, 5, 3)
    data = table(PAYMENTS, check(elm), check(elm, "1002", "1.00", "", "2026-05-03")).encode()
    outcome = resource.take(read(io.BytesIO(data), len(data)), dry_run=True, user=make.person())
    assert [str(problem) for problem in outcome.problems] == [
        "Row 2, received_on: 4 May 2026 has not come yet. Give the day on which it came in.",
    ]  # fmt: skip


def test_what_pays_no_invoice_comes_in_with_its_category(treasurer, elm):
    head = "received_on,payer,method,amount,category"
    bring_in(treasurer, Payment, table(head, ["2026-05-04", "First Bank", "transfer", "3.17", "Interest"]))
    row = Payment.objects.get()
    assert (str(row.category), row.fund, str(row.amount)) == ("Interest", make.fund(), "3.17")


def test_only_who_may_import_payments_sees_the_way_in(client, elm):
    client.force_login(members.person("Board Member"))
    assert client.get(page_of(Payment, "import")).status_code == 403


def test_the_treasurer_may_bring_in_payments_balances_and_years(client, year):
    client.force_login(members.person("Treasurer"))
    for model in (Payment, Invoice, FiscalYear, OpeningBalance, Rate, BudgetLine, PropertyItem, Institution):
        assert client.get(page_of(model, "import")).status_code == 200, model
    for model in (Deposit, Reminder, Disbursement):
        assert client.get(page_of(model, "import")).status_code == 403, model


# --- Everything else that comes in ------------------------------------------------------------------------------------

SIMPLE = {
    "rates": (
        Rate, "charge,team,amount,basis,least_officers,most_officers,from_on,until_on,source",
        [["Annual dues", "", "1,200.50", "Flat", "", "10", "2026-05-01", "", "Minutes"],
         ["Annual dues", "", "2400", "Flat", "11", "", "2026-05-01", "", "Minutes"],
         ["Team fee", "EST", "$400.00", "For each officer committed", "", "", "2026-05-01", "", "Minutes"]],
    ),
    "funds": (Fund, "name,team,note", [["Radio fund", "", ""], ["Team", "EST", "Fees"]]),
    "categories": (Category, "name,flow,charge", [["Radio sales", "Receipts", ""]]),
    "institutions": (Institution, "name,account,approved_on,until_on", [["First Bank", "1234", "2020-01-06", ""]]),
    "dues policies": (
        DuesPolicy, "from_on,first_year,joining_covers_year,due_days,first_letter,second_letter,third_letter,source",
        [["2026-05-01", "By the month", "yes", "45", "1", "31", "61", "Minutes"]],
    ),
    "disbursement policies": (DisbursementPolicy, "title,from_on,text,source", [["Policy", "2020-05-01", "", "Minutes"]]),
    "budget": (
        BudgetLine, "fiscal_year,fund,category,amount",
        [["2026-27", "General fund", "Training", "1,000.00"], ["FY 2026–27", "General fund", "Annual dues", "0"]],
    ),
    "opening balances": (
        OpeningBalance, "fund,institution,on,amount,source",
        [["General fund", "First Bank of Bellhaven", "2026-05-01", "12,345.67", "Statement of April 2026"]],
    ),
    "property": (
        PropertyItem, "tag,name,kind,acquired_on,cost,custodian,place,kept_from",
        [["R-1", "Radio", "Radio", "2020-01-06", "450", "Sgt. Moss", "Station 1", "2020-02-01"], ["R-2", "Van"] + [""] * 6],
    ),
    "fiscal years": (
        FiscalYear, "starts_on,ends_on,source", [["1993-05-01", "1994-05-01", "Report of 1994"], ["2027-05-01", "", ""]],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("model", "headings", "rows"), SIMPLE.values(), ids=SIMPLE)
def test_what_comes_in_goes_out_and_changes_nothing_when_it_comes_back(model, headings, rows, treasurer):
    make.team()
    make.bank()
    before = model.objects.count()

    bring_in(treasurer, model, table(headings, *rows), "books.csv")
    exported = export(treasurer, model)
    again = outcome_of(treasurer, model, exported)
    file = outcome_of(treasurer, model, table(headings, *rows))

    count = before + len(rows)
    assert model.objects.count() == count
    assert (again.new, again.changed, again.same, again.problems) == (0, 0, count, [])
    assert (file.new, file.changed, file.same, file.problems) == (0, 0, len(rows), [])
    assert model.history.filter(history_change_reason="Imported from books.csv").count() == len(rows)


def test_amounts_go_out_as_plain_decimals(treasurer):
    make.rate("1234.50")
    assert rows_of(export(treasurer, Rate))[0]["amount"] == "1234.50"


def test_property_comes_in_with_who_keeps_it_and_is_handed_over_on_its_page_only(treasurer):
    model, headings, rows = SIMPLE["property"]
    bring_in(treasurer, model, table(headings, *rows))
    changed = [*rows[0][:5], "Sgt. Ash", *rows[0][6:]]

    [problem] = problems_of(upload(treasurer, model, table(headings, changed)))

    assert (Custody.objects.get().custodian, Custody.objects.get().from_on) == ("Sgt. Moss", date(2020, 2, 1))
    assert problem.startswith("Row 2, custodian: It is handed over on its page")


FORWARD = "agency,fiscal_year,dated_on,due_on,amount,note"


def test_what_was_owed_before_the_register_comes_in_as_invoices_and_is_aged_by_its_due_date(treasurer):
    ash, elm = board.agency(), board.agency()
    make.year(2025)
    rows = [
        [ash.ori, "2025-26", "2025-05-01", "2025-05-31", "1,250.00", "Ledger, page 4"],
        [elm.name, "2026", "5/1/2026", "", "80", ""],
    ]
    bring_in(treasurer, Invoice, table(FORWARD, *rows), "owed.csv")

    first, second = Invoice.objects.order_by("pk")
    assert [str(one) for one in (first.reference, first.what, first.total)] == [
        "2025-0001", "Balance brought forward", "1250.00",
    ]  # fmt: skip
    assert (second.reference, second.due_on) == ("2026-0001", date(2026, 5, 1))
    assert first.history.get().history_change_reason == "Imported from owed.csv"
    assert [(one.agency, str(one.past_due)) for one in services.debtors_on(date(2026, 5, 1))] == [
        (ash, "1250.00"), (elm, "0.00"),
    ]  # fmt: skip
    for again in (table(FORWARD, *rows), export(treasurer, Invoice)):
        outcome = outcome_of(treasurer, Invoice, again)
        assert (outcome.new, outcome.changed, outcome.same, outcome.problems) == (0, 0, 2, [])


BAD_ROWS = {
    "a balance of no agency": (Invoice, FORWARD, ["IL0000000", "2026", "2026-05-01", "", "5", ""], "Row 2, agency: There is no"),
    "a balance in no year": (Invoice, FORWARD, ["ORI", "1999", "2026-05-01", "", "5", ""],
                             "Row 2, fiscal_year: The books have no one fiscal year 1999. They have: FY 2026–27."),
    "a balance dated in another year": (Invoice, FORWARD, ["ORI", "2026", "2026-04-30", "", "5", ""],
                                        "Row 2, dated_on: It does not lie in FY 2026–27"),
    "a balance due before its day": (Invoice, FORWARD, ["ORI", "2026", "2026-05-02", "2026-05-01", "5", ""],
                                     "Row 2: An invoice is due on its day or later."),
    "a balance of nothing": (Invoice, FORWARD, ["ORI", "2026", "2026-05-01", "", "0", ""], "Row 2, amount: Give an amount of"),
    "a balance already on record, of another amount": (
        Invoice, FORWARD, ["FORWARD", "2026", "2026-05-01", "2026-05-31", "5", ""],
        "Row 2, amount: An invoice stays as it was issued. Void it",
    ),
    "dues by table": (Invoice, f"{FORWARD},charge", ["ORI", "2026", "2026-05-01", "", "5", "", "Annual dues"],
                      "Row 2, charge: Only balances brought forward come in by a table"),
    "a reference the books lack": (Invoice, f"reference,{FORWARD}", ["2026-0099", "ORI", "2026", "2026-05-01", "", "5", ""],
                                   "Row 2, reference: The books have no invoice 2026-0099."),
    "a rate of a charge there is not": (Rate, "charge,amount,from_on", ["Tax", "5", "2026-05-01"],
                                        "Row 2, charge: “Tax” is not one of: Joining fee; Annual dues;"),
    "a rate below zero": (Rate, "charge,amount,from_on", ["Annual dues", "-5", "2026-05-01"], "Row 2, amount: “-5” is below zero."),
    "a team fee of no team": (Rate, "charge,team,amount,from_on", ["Team fee", "", "5", "2026-05-01"],
                              "Row 2: A team fee names its team; dues and joining fees name none."),
    "dues for each officer": (Rate, "charge,amount,basis,from_on", ["Annual dues", "5", "For each officer committed", "2026-05-01"],
                              "Row 2, basis: Only a yearly team fee counts officers committed (Agreement §3.K)."),
    "size bands that meet": (Rate, "charge,amount,from_on,least_officers", ["Annual dues", "5", "2020-05-01", "3"],
                             "Row 2: “Annual dues: $100.00 from 1 May 2020” is already set for agencies of this size"),
    "a budget of no category": (BudgetLine, "fiscal_year,fund,category,amount", ["2026", "General fund", "Beer", "5"],
                                "Row 2, category: There is no category with the name “Beer”"),
    "a balance of a fund nobody has": (OpeningBalance, "fund,institution,on,amount,source",
                                       ["Slush fund", "First Bank of Bellhaven", "2026-05-01", "5", "x"],
                                       "Row 2, fund: There is no fund with the name “Slush fund”"),
    "a balance below zero": (OpeningBalance, "fund,institution,on,amount,source",
                             ["General fund", "First Bank of Bellhaven", "2026-05-01", "(5)", "x"],
                             "Row 2, amount: “(5)” is below zero."),
    "a year that overlaps": (FiscalYear, "starts_on,ends_on,source", ["2026-01-01", "2026-12-31", "x"],
                             "Row 2: FY 2026–27 runs from 1 May 2026: years follow one another."),
    "a year that the bylaws begin elsewhere": (FiscalYear, "starts_on", ["2028-01-01"],
                                               "Row 2, starts_on: By the bylaws of the time FY 2027–28 begins on"),
    "a year whose bylaws are not on file": (FiscalYear, "starts_on", ["1993-05-01"], "Row 2, starts_on: "),
    "a year in the books, changed": (FiscalYear, "starts_on,ends_on", ["2026-05-01", "2027-04-01"],
                                     "Row 2, ends_on: This year is in the books"),
    "property kept by nobody from a day": (PropertyItem, "tag,name,kept_from", ["R-1", "Radio", "2026-05-01"],
                                           "Row 2, custodian: Name the person who keeps it."),
    "property disposed of, nobody says how": (PropertyItem, "tag,name,disposed_on", ["R-1", "Radio", "2026-05-01"],
                                              "Row 2: Say on which day and how it was disposed of"),
}  # fmt: skip


@pytest.mark.parametrize(("model", "headings", "cells", "said"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_is_named_by_row_and_cell_and_nothing_is_written(model, headings, cells, said, treasurer):
    make.bank()
    make.rate("100.00")
    owed = make.invoice(board.agency(), "75.00", charge="forward")
    names = {"ORI": board.agency().ori, "FORWARD": owed.agency.ori}
    before = model.objects.count()

    problems = problems_of(upload(treasurer, model, table(headings, [names.get(cell, cell) for cell in cells])))

    assert any(problem.startswith(said) for problem in problems), problems
    assert model.objects.count() == before


# --- Out --------------------------------------------------------------------------------------------------------------

LISTS = [
    BankLine, BankStatement, BudgetLine, Category, Claim, CostRequest, Deposit, Disbursement,
    DisbursementPolicy, DuesPolicy, FiscalYear, Fund, Institution, Invoice, InvoiceRun, OpeningBalance, Payment,
    PropertyItem, Rate, Reminder,
]  # fmt: skip


@pytest.fixture
def books(treasurer, elm):
    """Something in each list."""
    user = make.person()
    paid = make.payment("600.00", MAY, payer="Village of Elm", check_number="77", agency=elm, oldest_of=[elm])
    deposit = services.make_deposit(payments=[paid], institution=make.bank(), deposited_on=date(2026, 5, 5))
    statement = BankStatement.objects.create(
        institution=make.bank(), from_on=MAY, until_on=date(2026, 6, 1), closing="600.00"
    )
    BankLine.objects.create(statement=statement, on=date(2026, 5, 6), amount="600.00", text="Deposit", deposit=deposit)
    BankLine.objects.create(statement=statement, on=date(2026, 5, 7), amount="-4.50", text="=Fee")
    make.rate("100.00")
    make.policy()
    DuesPolicy.objects.create(from_on=date(2020, 5, 1))
    make.run(FiscalYear.objects.get())
    services.send_reminder(agency=elm, on=date(2026, 8, 1), by=user)
    OpeningBalance.objects.create(fund=make.fund(), institution=make.bank(), on=MAY, amount="10.00", source="Report")
    BudgetLine.objects.create(
        fiscal_year=FiscalYear.objects.get(), fund=make.fund(), category=make.category(), amount="1000.50"
    )
    oak = board.agency()
    CostRequest.objects.create(aiding=elm, stricken=oak, submitted_on=MAY, amount="75.00", description="Fuel")
    claim = Claim.objects.create(title="A v. B", filed_on=MAY, stricken=oak)
    claim.named.add(elm)
    claim.costs.create(kind="defense", on=MAY, amount="1000.00", text="Counsel")
    thing = PropertyItem.objects.create(tag="R-1", name="Radio", cost="450.00")
    services.hand_over(item=thing, custodian="Sgt. Moss", on=MAY, agency=oak)
    Disbursement.objects.create(
        fiscal_year=FiscalYear.objects.get(), number=1, payee="Radio Shop", purpose="Radio", amount="450.00",
        fund=make.fund(), category=make.category(), requested_by=user, requested_on=MAY,
    )  # fmt: skip
    return treasurer


def test_every_list_goes_out_as_recorded_with_amounts_as_plain_decimals(books):
    out = {model: rows_of(export(books, model)) for model in LISTS}

    owed = {row["reference"]: row for row in rows_of(export(books, Invoice, on="2026-07-01"))}
    assert [(owed[key]["amount"], owed[key]["paid"], owed[key]["open"], owed[key]["state"]) for key in sorted(owed)] == [
        ("500.00", "500.00", "0.00", "Paid"), ("300.00", "100.00", "200.00", "Partly paid"),
    ]  # fmt: skip
    assert owed["2026-0001"]["lines"] == "Dues: $500.00"
    [paid] = out[Payment]
    assert (paid["invoices"], paid["credit"], paid["deposit"]) == (
        "2026-0001: 500.00; 2026-0002: 100.00", "0.00", Deposit.objects.get().reference,
    )  # fmt: skip
    assert [row["amount"] for row in out[Deposit]] == ["600.00"]
    assert (out[BankStatement][0]["closing"], out[BankStatement][0]["lines"], out[BankStatement][0]["amount"]) == (
        "600.00", "2", "595.50",
    )  # fmt: skip
    assert out[Reminder][0]["invoices"] == "2026-0002: 200.00"
    assert (out[Claim][0]["named"], out[Claim][0]["cost_amount"]) == (Claim.objects.get().named.get().name, "1000.00")
    assert (out[PropertyItem][0]["custodian"], out[PropertyItem][0]["kept_from"]) == ("Sgt. Moss", "2026-05-01")
    assert (out[Disbursement][0]["reference"], out[Disbursement][0]["step"]) == ("V2026-0001", "Requested")
    assert (out[BudgetLine][0]["fiscal_year"], out[BudgetLine][0]["amount"]) == ("FY 2026–27", "1000.50")
    assert out[FiscalYear][0]["invoiced"] == "800.00"
    assert out[InvoiceRun][0]["amount"] == "0.00"
    assert out[CostRequest][0]["stricken"] == board.Agency.objects.get(pk=CostRequest.objects.get().stricken_id).ori


def test_a_line_of_the_bank_that_looks_like_a_formula_goes_out_as_text(books):
    lines = list(BankLineResource().rows(BankLine.objects.order_by("pk")))
    allocations = list(AllocationResource().rows(Allocation.objects.order_by("pk")))
    assert [str(line[3]) for line in lines] == ["600.00", "-4.50"]
    assert lines[0][6] == Deposit.objects.get().reference
    assert [(row[2], str(row[4])) for row in allocations] == [("2026-0001", "500.00"), ("2026-0002", "100.00")]


def test_exports_ask_as_much_of_the_database_for_many_rows_as_for_few(books, django_assert_max_num_queries):
    for model in (Payment, Invoice, Deposit, Disbursement, Claim, PropertyItem, Reminder):
        with django_assert_max_num_queries(16):
            export(books, model)
