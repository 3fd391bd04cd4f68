"""The Treasurer's screens about money that comes in: payments, deposits, the bank, who owes, reminders."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from finance import services
from finance.models import Allocation, BankStatement, Deposit, Invoice, Payment, Reminder
from finance.services import bank
from membership.models import County, Participation
from nipas_admin.accounts import roles
from tests.board import factories as board
from tests.documents import scans
from tests.finance import factories as make
from tests.membership.factories import person

MAY, DUE, JUNE = date(2023, 5, 1), date(2023, 5, 31), date(2023, 6, 15)
ADD = "/finance/payment/add/"


def signed_in(role, of=None):
    client = Client()
    client.force_login(person(role, of))
    return client


def text_of(answer):
    return " ".join(unescape(strip_tags(answer.content.decode())).split())


def errors_of(answer):
    return {name: " ".join(errors) for name, errors in answer.context["act"].errors.items()}


@pytest.fixture
def books(db):
    """The fiscal year from 1 May 2023, open, under the bylaws of 2018."""
    board.bylaws_in_force()
    return make.year(2023)


@pytest.fixture
def treasurer(books):
    return signed_in(roles.TREASURER)


def invoiced(amount="500.00", due=DUE, of=None, on=MAY):
    of = of or board.agency()
    return make.invoice(of, amount, on=on, due=due)


def paid(amount="500.00", of=None, on=MAY, **more):
    return make.payment(amount, on=on, agency=of or board.agency(), **more)


def check(of, amount="500.00", others=(), **more):
    """What the page sends for a check of this agency, the invoices of these agencies being on it."""
    shown = ",".join(map(str, sorted({of.pk, *(one.pk for one in others)})))
    values = {
        "received_on": "6/15/2023", "method": "check", "check_number": "4711", "amount": amount, "agency": of.pk,
        "others": [one.pk for one in others], "shown": shown,
    }  # fmt: skip
    return {**values, **{name: value for name, value in more.items() if value is not None}}


# Recording a payment


def test_one_check_for_three_agencies_shows_their_invoices_first_and_then_pays_them(treasurer):
    first, second, third = invoiced("500.00"), invoiced("300.00"), invoiced("400.00")
    sent = check(first.agency, "1,100.00", [second.agency, third.agency])

    looked = treasurer.post(ADD, {**sent, "shown": ""})

    assert Payment.objects.count() == 0
    assert [row.invoice for row in looked.context["act"].rows] == [first, second, third]
    assert "Nothing has been recorded yet" in text_of(looked)
    ticks = {f"tick_{one.pk}": "1" for one in (first, second, third)}
    done = treasurer.post(ADD, {**sent, **ticks, f"pays_{third.pk}": "250.00"}, follow=True)
    payment = Payment.objects.get()
    assert dict(payment.allocations.values_list("invoice", "amount")) == {
        first.pk: Decimal("500.00"),
        second.pk: Decimal("300.00"),
        third.pk: Decimal("250.00"),
    }
    assert payment.payer == first.agency.body_or_name
    assert f"$50.00 is credit of {first.agency}" in text_of(done)


def test_an_agency_is_chosen_by_name_where_no_script_helps(treasurer):
    first, second = invoiced("500.00"), invoiced("300.00")
    sent = {"received_on": "6/15/2023", "method": "check", "check_number": "4711", "amount": "800.00"}
    names = {"agency_named": first.agency.name.upper(), "others_named": second.agency.name[:12]}

    looked = treasurer.post(ADD, {**sent, **names, "show": "1"})
    unclear = treasurer.post(ADD, {**sent, "agency_named": "Agency"})
    unknown = treasurer.post(ADD, {**sent, "agency_named": "Nowhere"})

    assert {row.invoice for row in looked.context["act"].rows} == {first, second}
    assert "type more of the name" in errors_of(unclear)["agency"]
    assert "No agency of the register is called “Nowhere”" in errors_of(unknown)["agency"]
    assert Payment.objects.count() == 0


def test_oldest_first_fills_the_amounts_and_records_nothing(treasurer):
    of = board.agency()
    later, sooner = invoiced("500.00", date(2023, 6, 30), of), invoiced("300.00", DUE, of)

    looked = treasurer.post(ADD, check(of, "350.00", oldest="1"))

    rows = {row.invoice: (row.ticked, row.field.value()) for row in looked.context["act"].rows}
    assert rows == {sooner: (True, "300.00"), later: (True, "50.00")}
    assert Payment.objects.count() == 0


def test_what_is_over_is_credit_and_the_next_check_starts_on_the_same_day(treasurer):
    of = board.agency()

    done = treasurer.post(ADD, check(of, "75.00", another="1"))

    assert services.left_of(Payment.objects.get()) == Decimal("75.00")
    assert done.headers["Location"] == f"{ADD}?received_on=6%2F15%2F2023&method=check"
    assert 'value="6/15/2023"' in treasurer.get(done.headers["Location"]).content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("-5.00", "below zero"),
        ("(5.00)", "below zero"),
        ("0", "at least $0.01"),
        ("0.00", "at least $0.01"),
        ("NaN", "is not an amount"),
        ("Infinity", "is not an amount"),
        ("1e5", "is not an amount"),
        ("１００", "is not an amount"),
        ("10.005", "more than two decimals"),
        ("1,00.00", "is not an amount"),
        ("ten", "is not an amount"),
        ("99999999999.00", "check the figure"),
        ("", "required"),
    ],
    ids=[
        "below zero",
        "in brackets",
        "zero",
        "zero with cents",
        "not a number",
        "infinite",
        "an exponent",
        "full-width digits",
        "three decimals",
        "a comma out of place",
        "words",
        "more than the register counts",
        "blank",
    ],
)
def test_an_amount_that_is_none_is_refused_at_its_field_and_nothing_typed_is_lost(typed, words, treasurer):
    invoice = invoiced()

    refused = treasurer.post(ADD, check(invoice.agency, typed, note="From the county"))
    part = treasurer.post(ADD, check(invoice.agency, **{f"pays_{invoice.pk}": typed or "x"}))

    assert words in errors_of(refused)["amount"]
    assert "From the county" in refused.content.decode()
    assert "4711" in refused.content.decode()
    assert list(errors_of(part)) == [f"pays_{invoice.pk}"]
    assert Payment.objects.count() == 0


@pytest.mark.parametrize("typed", ["1,000.00", "$1,000.00", "1000", "1000.0", " 1,000.00 "])
def test_an_amount_is_taken_as_people_write_it(typed, treasurer):
    treasurer.post(ADD, check(board.agency(), typed))

    assert Payment.objects.get().amount == Decimal("1000.00")


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"pays": "500.01"}, "pays", "$500.01 is more than the $500.00 open on it"),
        ({"amount": "400.00", "pays": "450.00"}, "amount", "You apply $450.00 below: $50.00 more than this"),
        ({"check_number": ""}, "check_number", "A check has a number"),
        ({"received_on": "6/15/2022"}, "received_on", "is closed and takes no postings"),
        ({"received_on": "6/15/2029"}, "received_on", "has not come yet"),
        ({"received_on": "6/15/2019"}, "received_on", "Open that year first"),
        ({"received_on": "06/15/23"}, "received_on", "four digits"),
        ({"category": "Interest", "pays": "500.00"}, "category", "pays no invoice"),
        ({"fund": "general"}, "fund", "A fund goes with what the money is for"),
        ({"agency": "", "payer": "County Clerk"}, "agency", "choose the agency whose credit it is"),
        ({"agency": ""}, "payer", "Say whose name is on the check"),
        ({"agency": "9" * 30}, "agency", "Choose an agency of the register"),
        ({"others": ["x"]}, "others", "Choose agencies of the register"),
    ],
    ids=[
        "more than is open on the invoice",
        "more than the payment",
        "a check without a number",
        "a day in a closed year",
        "a day that has not come",
        "a day in a year that has no record",
        "two digits for the year",
        "a receipt of another kind that pays an invoice",
        "a fund without what for",
        "what is left over is nobody's",
        "nobody pays",
        "an agency that is none",
        "others that are none",
    ],
)
def test_what_cannot_be_booked_is_said_at_the_field(change, field, words, treasurer):
    services.close_year(year=make.year(2022), at=make.NOON, by=make.person())
    invoice = invoiced()
    sent = check(invoice.agency)
    names = {"pays": f"pays_{invoice.pk}"}
    values = {"Interest": make.category("Interest").pk, "general": make.fund().pk}
    changes = {names.get(name, name): values.get(str(value), value) for name, value in change.items()}
    sent |= changes
    if "agency" in change:
        sent["shown"] = ""

    refused = treasurer.post(ADD, sent)

    assert words in errors_of(refused)[names.get(field, field)]
    assert Payment.objects.count() == 0


def test_a_payment_that_looks_like_another_is_shown_beside_it_and_recorded_once_confirmed(treasurer):
    of = board.agency()
    treasurer.post(ADD, check(of))
    first = Payment.objects.get()

    asked = treasurer.post(ADD, check(of, note="The second of two"))

    assert Payment.objects.count() == 1
    assert f'href="/finance/payment/{first.pk}/change/"' in asked.content.decode()
    assert "The second of two" in asked.content.decode()
    treasurer.post(ADD, check(of, note="The second of two", confirmed="on"))
    assert Payment.objects.count() == 2


def test_the_scan_stays_chosen_while_the_rest_is_corrected_and_is_filed_with_the_payment(treasurer):
    of = board.agency()

    refused = treasurer.post(ADD, check(of, "1e5", scan=scans.upload(scans.pdf())))
    token = refused.context["act"]["scan"].value()
    kept = re.search(r'name="scan-kept" value="([^"]+)"', refused.content.decode())
    assert token is not None
    assert kept is not None
    treasurer.post(ADD, check(of, **{"scan-kept": unescape(kept[1])}))

    assert Payment.objects.get().scan.title == f"Check 4711 of {of.body_or_name}"


def test_a_scan_and_a_slip_are_added_once_and_stay(treasurer):
    payment = paid()
    deposit = services.make_deposit(payments=[payment], institution=make.bank(), deposited_on=MAY)
    acts = {"scan": f"/finance/payment/{payment.pk}/scan/", "slip": f"/finance/deposit/{deposit.pk}/slip/"}

    for field, act in acts.items():
        assert field in errors_of(treasurer.post(act, {"record": "1"}))
        treasurer.post(act, {field: scans.upload(scans.pdf(note=field))})
        assert "cannot be done here" in text_of(treasurer.get(act, follow=True))

    payment.refresh_from_db()
    deposit.refresh_from_db()
    assert payment.scan.title == f"Check {payment.check_number} of Village"
    assert deposit.slip.title == f"Deposit slip {deposit.reference}"


def test_the_page_opens_with_what_its_address_says(treasurer):
    invoice, other = invoiced(), invoiced()

    page = treasurer.get(f"{ADD}?agency={invoice.agency_id}&others={other.agency_id}&others=x")

    assert {row.invoice for row in page.context["act"].rows} == {invoice, other}


def test_interest_goes_to_the_general_fund_unless_another_is_named(treasurer):
    sent = {
        "received_on": "6/15/2023", "method": "transfer", "amount": "41.17", "payer": "First Bank",
        "category": make.category("Interest").pk,
    }  # fmt: skip

    page = treasurer.post(ADD, sent, follow=True)

    payment = Payment.objects.get()
    assert (payment.category.name, payment.fund) == ("Interest", make.fund())
    assert page.context["status_label"] == "Interest"


def test_an_invoice_dated_after_the_check_waits_for_its_day(treasurer):
    invoice = invoiced(on=date(2023, 7, 1), due=date(2023, 7, 31))

    page = treasurer.post(ADD, {**check(invoice.agency), "shown": ""})

    assert "Dated 1 July 2023: apply the credit to it from that day on." in text_of(page)


def test_the_table_of_open_invoices_is_given_to_those_who_record_payments(treasurer):
    invoice, other = invoiced(), invoiced()
    table = f"/finance/payment/open-invoices/?agency={invoice.agency_id}&others={other.agency_id}"

    shown = treasurer.get(table)

    assert {row.invoice for row in shown.context["act"].rows} == {invoice, other}
    assert treasurer.get("/finance/payment/open-invoices/?agency=x").status_code == 200
    assert treasurer.get("/finance/payment/open-invoices/?payment=999").status_code == 404
    assert signed_in(roles.BOARD_MEMBER).get(table).status_code == 403


# What became of it


@pytest.mark.parametrize(
    ("make_it", "label"),
    [
        (lambda of: paid(of=of), "$500.00 left"),
        (lambda of: paid(of=of, pays={invoiced(of=of): Decimal("500.00")}), "Applied whole"),
        (lambda of: paid(of=of, pays={invoiced("450.00", of=of): Decimal("450.00")}), "$50.00 left"),
        (lambda of: make.bounced(paid(of=of), on=JUNE), "Reversed on 15 June 2023"),
    ],
    ids=["all of it is credit", "all of it is applied", "a part is left", "reversed"],
)
def test_a_payment_says_where_it_stands(make_it, label, treasurer):
    payment = make_it(board.agency())

    page = treasurer.get(f"/finance/payment/{payment.pk}/change/")

    assert page.context["status_label"] == label
    assert label in text_of(treasurer.get("/finance/payment/"))


def test_credit_is_applied_to_invoices_of_its_agency_and_of_others(treasurer):
    invoice, other = invoiced("300.00"), invoiced("400.00")
    payment = paid(of=invoice.agency)
    act = f"/finance/payment/{payment.pk}/apply/"
    assert [row.invoice for row in treasurer.get(act).context["act"].rows] == [invoice]

    sent = {"on": "6/15/2023", "others": [other.agency_id], f"tick_{invoice.pk}": "1", f"tick_{other.pk}": "1"}
    too_much = {**sent, f"pays_{invoice.pk}": "300.00", f"pays_{other.pk}": "200.01"}
    shown = {"shown": ",".join(map(str, sorted([invoice.agency_id, other.agency_id])))}
    refused = treasurer.post(act, {**too_much, **shown})
    done = treasurer.post(act, {**sent, **shown}, follow=True)

    assert "You apply $500.01, and $500.00 is left" in errors_of(refused)["__all__"]
    assert sorted(payment.allocations.values_list("amount", flat=True)) == [Decimal("200.00"), Decimal("300.00")]
    assert "$500.00 is applied to 2 invoices; nothing is left over" in text_of(done)
    assert treasurer.get(act, follow=True).redirect_chain != []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "Tick the invoices"),
        ({"on": "4/30/2023"}, "Open that year first"),
        ({"on": "6/15/2029"}, "has not come yet"),
    ],
    ids=["nothing is ticked", "a day before the books", "a day that has not come"],
)
def test_credit_that_cannot_be_applied_says_why(change, words, treasurer):
    invoice = invoiced()
    payment = paid(of=invoice.agency)

    refused = treasurer.post(
        f"/finance/payment/{payment.pk}/apply/", {"on": "6/15/2023", "shown": str(invoice.agency_id), **change}
    )

    assert words in " ".join(errors_of(refused).values())
    assert Allocation.objects.count() == 0


def test_a_part_is_undone_with_its_reason_after_its_effect_was_seen(treasurer):
    invoice = invoiced()
    payment = paid(of=invoice.agency, pays={invoice: Decimal("500.00")})
    part, act = payment.allocations.get(), f"/finance/payment/{payment.pk}/undo/"
    sent = {"part": part.pk, "on": "6/15/2023", "because": "Paid for another"}

    looked = treasurer.post(act, {**sent, "preview": "1"})
    assert f"{invoice.reference} of {invoice.agency} is open again with $500.00 more" in text_of(looked)
    assert Allocation.objects.standing().count() == 1
    treasurer.post(act, sent)

    assert Allocation.objects.standing().count() == 0
    page = treasurer.get(f"/finance/payment/{payment.pk}/change/")
    assert "Undone on 15 June 2023 Paid for another" in text_of(page)


def test_a_bounced_check_says_beforehand_what_falls_back_with_it(treasurer):
    stint = make.applicant(MAY)
    make.rate("200.00", "joining")
    invoice = services.invoice_joining_dues(participation=stint, issued_on=MAY)
    payment = paid("200.00", stint.agency, pays={invoice: Decimal("200.00")})
    act = f"/finance/payment/{payment.pk}/reverse/"
    sent = {"on": "6/15/2023", "reversal": "bounced", "because": "Lack of funds"}

    looked = text_of(treasurer.post(act, {**sent, "preview": "1"}))

    assert f"{invoice.reference} of {stint.agency} is open again with $200.00 more" in looked
    assert f"The joining dues of {stint.agency} count as unpaid".lower() in looked.lower()
    assert Participation.objects.get(pk=stint.pk).dues_paid_on == MAY
    treasurer.post(act, sent)
    assert Participation.objects.get(pk=stint.pk).dues_paid_on is None
    assert Payment.objects.get().reversal_reason == "Lack of funds"


@pytest.mark.parametrize(
    ("on", "words"),
    [("4/30/2023", "Open that year first"), ("5/1/2023", "reverse it on that day or later"), ("x", "is not a day")],
    ids=["before the books", "before it was applied", "no day"],
)
def test_a_reversal_on_a_wrong_day_is_refused_at_the_day(on, words, treasurer):
    invoice = invoiced()
    payment = paid(of=invoice.agency)
    services.apply_payment(payment=payment, pays={invoice: Decimal("500.00")}, on=JUNE)

    refused = treasurer.post(f"/finance/payment/{payment.pk}/reverse/", {"on": on, "reversal": "mistake"})

    assert words in errors_of(refused)["on"]
    assert Payment.objects.get().reversed_on is None


# Lists


@pytest.mark.parametrize(
    "words", ["Village of Rook", "4410", "500.00", "$500.00", "reference"], ids=["payer", "number", "sum", "$", "R-"]
)
def test_a_payment_is_found_by_what_people_remember(words, treasurer):
    payment = paid(payer="Village of Rookwood", check_number="4410")
    paid("75.00", payer="Somebody else", check_number="99")
    asked = payment.reference if words == "reference" else words

    assert list(treasurer.get("/finance/payment/", {"q": asked}).context["cl"].result_list) == [payment]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("state=credit", {"credit", "waits"}),
        ("state=whole", {"whole"}),
        ("state=reversed", {"reversed"}),
        ("state=other", {"interest"}),
        ("deposited=no", {"whole", "interest", "waits"}),
        ("deposited=yes", {"credit"}),
    ],
)
def test_the_list_of_payments_is_narrowed(asked, found, treasurer):
    invoice = invoiced()
    rows = {
        "credit": paid(),
        "waits": paid(),
        "whole": paid(of=invoice.agency, pays={invoice: Decimal("500.00")}),
        "reversed": make.bounced(paid(), on=JUNE),
        "interest": make.payment("5.00", on=MAY, category=make.category("Interest"), fund=make.fund()),
    }
    services.make_deposit(payments=[rows["credit"]], institution=make.bank(), deposited_on=MAY)

    listed = set(treasurer.get(f"/finance/payment/?{asked}").context["cl"].result_list)

    assert listed == {rows[name] for name in found}


@pytest.mark.parametrize("kind", ["payment", "deposit", "reminder", "bankstatement"])
def test_a_list_asks_no_more_of_many_rows_than_of_one(kind, treasurer):
    asked = []
    for more in (1, 4):
        for _row in range(more):
            _one_of_each()
        with CaptureQueriesContext(connection) as seen:
            assert treasurer.get(f"/finance/{kind}/").status_code == 200
        asked.append(len(seen))

    assert asked[0] == asked[1]


def test_a_page_asks_no_more_of_many_lines_than_of_one(treasurer):
    of, asked = board.agency(), []
    for more in (1, 4):
        invoices = [invoiced("100.00") for _line in range(more)]
        payment = paid("400.00", of, pays={invoice: Decimal("10.00") for invoice in invoices})
        deposit = services.make_deposit(
            payments=[payment, *(paid() for _other in range(more))], institution=make.bank(), deposited_on=MAY
        )
        rows = "".join(
            f"{more + 5}/2/2023,5.00\n{more + 5}/3/2023,{deposit.payments.count()}.00\n" for _line in range(more)
        )
        statement = bank.read_statement(institution=make.bank(), data=f"Date,Amount\n{rows}".encode())
        count = 0
        for record in (payment, deposit, statement):
            with CaptureQueriesContext(connection) as seen:
                assert treasurer.get(f"/finance/{record._meta.model_name}/{record.pk}/change/").status_code == 200
            count += len(seen)
        with CaptureQueriesContext(connection) as seen:
            others = "".join(f"&others={invoice.agency_id}" for invoice in invoices)
            treasurer.get(f"/finance/payment/open-invoices/?agency={of.pk}{others}")
        asked.append(count + len(seen))

    assert asked[0] == asked[1]


def test_reminders_are_printed_at_once_for_those_who_ask(treasurer):
    invoice = invoiced()

    done = treasurer.post(
        "/finance/reminder/add/",
        {"on": "6/15/2023", "how": "mail", "agencies": [invoice.agency_id], "print": "1"},
    )

    assert Reminder.objects.get().agency == invoice.agency
    assert done.headers["Location"].startswith("/jobs/job/")


def _one_of_each():
    invoice = invoiced()
    payment = paid(of=board.agency(), pays={invoice: Decimal("5.00")})
    services.make_deposit(payments=[payment], institution=make.bank(), deposited_on=MAY)
    services.send_reminder(agency=invoice.agency, on=JUNE, by=make.person())
    last = BankStatement.objects.order_by("-until_on").first()
    day = last.until_on if last else MAY
    bank.read_statement(institution=make.bank(), data=f"Date,Amount\n{day},5.00\n".encode())


# Deposits


def test_what_waits_is_ticked_and_deposited_where_the_board_approved(treasurer):
    approved = make.bank()
    late = make.bank("Second Bank", on=date(2023, 7, 1))
    first, second = paid("500.00"), paid("250.00")
    transfer = paid("40.00", method="transfer")
    page = treasurer.get("/finance/deposit/add/")
    assert page.context["act"].rows == [(first, True), (second, True), (transfer, False)]
    assert page.context["act"].total == "$750.00"

    sent = {"deposited_on": "6/15/2023", "institution": late.pk, "payments": [first.pk, second.pk]}
    refused = treasurer.post("/finance/deposit/add/", sent)
    done = treasurer.post("/finance/deposit/add/", {**sent, "institution": approved.pk}, follow=True)

    assert "is not one the Board approved" in errors_of(refused)["institution"]
    assert set(Deposit.objects.get().payments.all()) == {first, second}
    assert "$750.00 in 2 payments" in text_of(done)
    assert "Village" in text_of(done)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"payments": []}, "payments", "Tick the payments"),
        ({"payments": ["x"]}, "payments", ""),
        ({"deposited_on": "4/1/2023"}, "deposited_on", "Open that year first"),
        ({"deposited_on": "5/2/2023"}, "__all__", "came in only on 15 June 2023"),
        ({"deposited_on": "6/15/2029"}, "deposited_on", "has not come yet"),
    ],
    ids=["nothing ticked", "what is no payment", "before the books", "before it came in", "a day to come"],
)
def test_a_deposit_that_cannot_be_made_says_why(change, field, words, treasurer):
    payment = paid(on=JUNE)
    sent = {"deposited_on": "6/15/2023", "institution": make.bank().pk, "payments": [payment.pk]}

    refused = treasurer.post("/finance/deposit/add/", {**sent, **change})

    assert words in errors_of(refused)[field]
    assert Deposit.objects.count() == 0


def test_a_payment_deposited_meanwhile_is_not_deposited_again(treasurer):
    payment = paid()
    services.make_deposit(payments=[payment], institution=make.bank(), deposited_on=MAY)

    refused = treasurer.post(
        "/finance/deposit/add/",
        {"deposited_on": "6/15/2023", "institution": make.bank().pk, "payments": [payment.pk]},
    )

    assert "deposited or reversed meanwhile" in errors_of(refused)["payments"]


def test_a_deposit_recorded_wrongly_is_taken_back_until_the_bank_shows_it(treasurer):
    payment = paid()
    wrong = services.make_deposit(payments=[payment], institution=make.bank(), deposited_on=MAY)
    act = f"/finance/deposit/{wrong.pk}/take-back/"

    refused = treasurer.post(act, {"because": " "})
    done = treasurer.post(act, {"because": "The wrong day was typed."}, follow=True)

    assert "because" in errors_of(refused)
    assert done.context["status_label"] == "Taken back"
    assert f"It held {payment.reference}." in text_of(done)
    right = services.make_deposit(payments=[payment], institution=make.bank(), deposited_on=JUNE)
    bank.read_statement(institution=make.bank(), data=b"Date,Amount\n6/16/2023,500.00\n")
    page = treasurer.get(f"/finance/deposit/{right.pk}/take-back/", follow=True)
    assert "cannot be done here as things stand" in text_of(page)
    assert page.context["status_label"] == "Shown by the bank on 16 June 2023"


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda made: make.bounced(made.payments.get(), on=JUNE), "was reversed on 15 June 2023: it was made"),
        (
            lambda made: bank.read_statement(institution=make.bank(), data=b"Date,Amount\n5/2/2023,500.00\n"),
            "The bank shows",
        ),
        (lambda made: services.take_back_deposit(deposit=made, because="Wrong bank."), "taken back already"),
        (lambda made: services.close_year(year=make.year(2023), at=make.NOON, by=make.person()), "is closed"),
    ],
    ids=["its check bounced", "the bank shows it", "taken back already", "its year is closed"],
)
@pytest.mark.usefixtures("books")
def test_a_deposit_that_was_made_is_not_taken_back(prepare, words, said):
    made = services.make_deposit(payments=[paid()], institution=make.bank(), deposited_on=MAY)
    prepare(made)

    assert words in said(services.take_back_deposit, deposit=made, because="Why not.")


# The bank


def test_a_statement_is_read_matched_explained_and_taken_back(treasurer):
    made = services.make_deposit(payments=[paid()], institution=make.bank(), deposited_on=MAY)
    other = services.make_deposit(payments=[paid("75.00")], institution=make.bank(), deposited_on=MAY)
    text = b"Date,Description,Amount\n5/2/2023,DEPOSIT,500.00\n5/30/2023,DEPOSIT,75.00\n5/31/2023,FEE,-12.50\n"
    file = SimpleUploadedFile("may.csv", text, "text/csv")

    done = treasurer.post(
        "/finance/bankstatement/add/",
        {"institution": make.bank().pk, "file": file, "closing": "562.50", "from_on": "5/1/2023"},
        follow=True,
    )

    assert "3 lines are read; 1 found their document, 2 are open." in text_of(done)
    statement = BankStatement.objects.get()
    assert statement.lines.get(deposit=made).amount == Decimal("500.00")
    late, fee = statement.lines.filter(deposit__isnull=True)
    matched = treasurer.post(f"/finance/bankline/{late.pk}/match/", {"document": f"deposit:{other.pk}"}, follow=True)
    assert matched.redirect_chain[-1][0] == f"/finance/bankstatement/{statement.pk}/change/"
    page = treasurer.post(f"/finance/bankline/{fee.pk}/explain/", {"explained": "Monthly fee"}, follow=True)
    assert page.context["status_label"] == "Every line settled"
    assert "It agrees" in text_of(page)
    treasurer.post(f"/finance/bankline/{late.pk}/unmatch/", {"record": "1"})
    late.refresh_from_db()
    assert not late.is_matched
    assert treasurer.get(f"/finance/bankline/{late.pk}/match/").status_code == 200
    treasurer.post(f"/finance/bankline/{fee.pk}/unmatch/", {"record": "1"})
    page = treasurer.get(f"/finance/bankstatement/{statement.pk}/change/").content.decode()
    assert f"/finance/bankline/{late.pk}/match/" in page
    assert f"/finance/bankline/{fee.pk}/match/" not in page
    assert f"/finance/bankline/{fee.pk}/explain/" in page


def test_a_file_that_cannot_be_read_is_refused_at_its_cell(treasurer):
    file = SimpleUploadedFile("may.csv", b"Date,Description,Amount\n5/2/2023,DEPOSIT,1e5\n", "text/csv")

    refused = treasurer.post("/finance/bankstatement/add/", {"institution": make.bank().pk, "file": file})

    assert "C2 (Amount)" in errors_of(refused)["file"]
    assert BankStatement.objects.count() == 0


# Who owes, and reminders


@pytest.fixture
def debtors(books):
    """Three agencies that owe on 15 June 2023: two in Lake, one of them in Cook too, and one nowhere."""
    lake, cook = (County.objects.get(name=name) for name in ("Lake", "Cook"))
    found = []
    for counties, amount, due in (
        ([lake], "100.00", DUE),
        ([lake, cook], "200.00", date(2023, 7, 1)),
        ([], "400.00", MAY),
    ):
        invoice = invoiced(amount, due)
        invoice.agency.counties.set(counties)
        found.append(invoice)
    services.send_reminder(agency=found[0].agency, on=date(2023, 6, 5), by=make.person())
    return found


def test_who_owes_is_listed_by_region_with_the_letters_sent(treasurer, debtors):
    first, second, third = (invoice.agency for invoice in debtors)
    paid("30.00", third, pays={debtors[2]: Decimal("30.00")})

    page = treasurer.get("/finance/owes/?on=2023-06-15")

    regions = [
        (one.name, [row.debtor.agency for row in one.debtors], one.owed, one.letters) for one in page.context["regions"]
    ]
    assert regions == [
        ("Cook", [second], "$200.00", 0),
        ("Lake", [first], "$100.00", 1),
        ("County not recorded", [third], "$370.00", 0),
    ]
    assert [said for _column, said in page.context["sums"]] == [
        "$200.00",
        "$100.00",
        "$370.00",
        "$0.00",
        "$0.00",
        "$0.00",
    ]
    figures = {label: (value, note) for label, value, note in page.context["figures"]}
    assert figures["Paid for FY 2023–24"] == ("$30.00", "by 1 agency")
    assert figures["Past due"] == ("$470.00", "2 agencies")
    assert "1–30 days: $100.00" in page.context["chart"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", [1, 0, 2]),
        ("&region=Lake", [0, 1]),
        ("&region=Cook", [1]),
        ("&column=current", [1]),
        ("&column=31_60", [2]),
        ("&column=31_60&region=Lake", []),
        ("&column=nonsense&region=nowhere", [1, 0, 2]),
    ],
    ids=["all", "a county", "another", "a column", "another column", "both, and nobody", "what there is not"],
)
def test_the_table_holds_exactly_what_the_page_shows(asked, found, treasurer, debtors):
    address = f"/finance/owes/?on=2023-06-15{asked}"
    names = [debtors[place].agency.name for place in found]

    page, file = treasurer.get(address), treasurer.get(f"{address}&as=csv")

    shown = [row.debtor.agency.name for one in page.context["regions"] for row in one.debtors]
    rows = list(csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"))))
    assert (shown, [row["agency"] for row in rows]) == (names, names)
    assert all(Decimal(row["total"]) > 0 for row in rows)


def test_before_anything_was_invoiced_nobody_owes(treasurer):
    assert "Nobody owes anything on 1 May 2023" in text_of(treasurer.get("/finance/owes/?on=2023-05-01"))


def test_who_owes_asks_no_more_of_many_than_of_one(treasurer):
    asked = []
    for more in (1, 5):
        for _row in range(more):
            invoiced()
        with CaptureQueriesContext(connection) as seen:
            treasurer.get("/finance/owes/?on=2023-06-15")
        asked.append(len(seen))

    assert asked[0] == asked[1]


def test_reminders_are_recorded_for_those_ticked_and_listed(treasurer, debtors):
    first, second, third = (invoice.agency for invoice in debtors)
    page = treasurer.get("/finance/reminder/add/?on=2023-06-15")
    assert [(one.agency, one.letter, ticked) for one, ticked in page.context["act"].rows] == [(third, 1, True)]

    later = treasurer.get("/finance/reminder/add/?on=2023-07-03")
    assert [(one.agency, one.letter, ticked) for one, ticked in later.context["act"].rows] == [
        (first, 2, False),
        (second, 1, True),
        (third, 1, True),
    ]
    sent = {"on": "7/3/2023", "how": "mail", "agencies": [second.pk, third.pk]}
    done = treasurer.post("/finance/reminder/add/", sent, follow=True)

    assert "2 reminders are recorded." in text_of(done)
    assert set(done.context["cl"].result_list) == set(Reminder.objects.filter(sent_on=date(2023, 7, 3)))
    again = treasurer.post("/finance/reminder/add/", sent)
    assert "No reminder is due any more" in errors_of(again)["agencies"]
    assert Reminder.objects.count() == 3


# Who may


@pytest.mark.parametrize(
    "path", ["payment/add/", "deposit/add/", "bankstatement/add/", "reminder/add/", "payment/{}/reverse/"]
)
def test_only_the_treasurer_books(path, books):
    payment = paid()

    assert signed_in(roles.BOARD_MEMBER).get(f"/finance/{path.format(payment.pk)}").status_code == 403
    assert signed_in(roles.TREASURER).get(f"/finance/{path.format(payment.pk)}").status_code == 200


OURS = ("payment", "deposit", "bankstatement", "bankline", "reminder")


@pytest.mark.parametrize("role", roles.ROLES)
def test_every_page_answers_every_role(role, books):
    _one_of_each()
    agency = Payment.objects.get().agency
    client = signed_in(role, agency if role == roles.AGENCY_REPRESENTATIVE else None)

    for name in OURS:
        record = next(model for model in admin.site._registry if model._meta.label_lower == f"finance.{name}")
        pages = ["", "add/", *(f"{record.objects.get().pk}/{page}/" for page in ("change", "history"))]
        for page in pages:
            assert client.get(f"/finance/{name}/{page}").status_code in {200, 302, 403}, f"{name}/{page} as {role}"


@pytest.mark.parametrize("name", OURS)
def test_an_empty_list_says_how_to_begin(name, treasurer):
    screen = next(
        screen for model, screen in admin.site._registry.items() if model._meta.label_lower == f"finance.{name}"
    )

    assert screen.empty_list in text_of(treasurer.get(f"/finance/{name}/"))


def test_a_representative_does_not_see_who_owes(books):
    invoice = invoiced()

    assert signed_in(roles.AGENCY_REPRESENTATIVE, invoice.agency).get("/finance/owes/").status_code == 403
    assert signed_in(roles.BOARD_MEMBER).get("/finance/owes/?as=csv").status_code == 403
    assert signed_in(roles.BOARD_MEMBER).get("/finance/owes/").status_code == 200
    assert Invoice.objects.count() == 1
