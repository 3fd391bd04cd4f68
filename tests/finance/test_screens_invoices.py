"""The Treasurer's screens about asking for money: years, rates, runs, invoices; who sees them, what they refuse."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from finance import services
from finance.models import FiscalYear, Invoice, InvoiceRun, Rate
from finance.rules.dues import Charge, Line
from finance.startpage import FinanceStart
from nipas_admin.accounts import roles
from nipas_admin.jobs.models import Job
from nipas_admin.shared.records import Record
from tests.board import factories as board
from tests.finance import factories as make
from tests.membership.factories import person

pytestmark = pytest.mark.django_db
MAY, DUE, JUNE = date(2023, 5, 1), date(2023, 5, 31), date(2023, 6, 15)
RUN, INVOICE = "/finance/invoicerun/add/", "/finance/invoice/add/"
OURS = ("fiscalyear", "rate", "duespolicy", "disbursementpolicy", "fund", "category", "institution", "openingbalance",
        "budgetline", "invoicerun", "invoice")  # fmt: skip


def signed_in(role, of=None):
    client = Client()
    client.force_login(person(role, of))
    return client


def text_of(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def errors_of(answer):
    return {name: " ".join(errors) for name, errors in answer.context["act"].errors.items()}


def page_of(record, *parts):
    return reverse(f"admin:finance_{record._meta.model_name}_change", args=[record.pk]).replace(
        "change/", "/".join([*parts, ""]) if parts else "change/"
    )


@pytest.fixture
def books(db):
    """The fiscal year from 1 May 2023, open, under the bylaws of 2018, with annual dues of $500.00."""
    board.bylaws_in_force()
    make.rate("500.00")
    return make.year(2023)


@pytest.fixture
def treasurer(books):
    return signed_in(roles.TREASURER)


@pytest.fixture
def at_once(settings):
    """Work is done the moment it is asked for."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


def preview(client, **changed):
    sent = {"year": "2023-05-01", "as_on": "", "due_on": "", "annual": "on", "teams": "on", **changed}
    return client.post(RUN, {name: value for name, value in sent.items() if value is not None}, follow=True)


def asked(client, **changed):
    """The form of a single invoice for other things, as sent."""
    sent = {
        "charge": "other", "issued_on": "5/1/2023", "text_1": "Radios", "amount_1": "185", "because": "A letter.",
        **changed,
    }  # fmt: skip
    return client.post(INVOICE, sent)


# The run of the year


def test_the_preview_says_who_is_invoiced_what_and_why_and_who_is_not(treasurer):
    active, late, left = board.agencies(3)
    board.suspended(late, date(2023, 4, 1))
    board.withdrawn(left, MAY)

    page = preview(treasurer)

    run = InvoiceRun.objects.get()
    assert page.redirect_chain == [(page_of(run), 302)]
    assert [(line.agency, line.amount) for line in page.context["asked"]] == [
        (active.name, "$500.00"),
        (late.name, "$500.00"),
    ]
    assert "suspended: it participates still, and owes dues" in page.context["asked"][1].because
    [line] = page.context["left_out"]
    assert line.agency == left.name
    assert "an ending stops new dues" in line.why
    text = text_of(page)
    assert "Confirm and issue 2 invoices" in text
    assert "Sum $1,000.00" in text
    assert not Invoice.objects.exists()


def test_what_was_seen_is_confirmed_issued_and_never_issued_again(treasurer, at_once):
    board.agencies(2)
    preview(treasurer)
    run = InvoiceRun.objects.get()

    page = treasurer.post(page_of(run, "confirm"), {"record": "1"}, follow=True)

    assert "Invoices issued 2" in text_of(page)
    assert [invoice.reference for invoice in run.invoices.order_by("number")] == ["2023-0001", "2023-0002"]
    again = preview(treasurer)
    assert "there is nothing to confirm" in text_of(again)
    assert "already invoiced for FY 2023–24" in text_of(again)
    treasurer.post(page_of(InvoiceRun.objects.first(), "confirm"), {"record": "1"})
    assert Invoice.objects.count() == 2


def test_a_preview_that_the_register_overtook_is_shown_with_what_differs_and_refused(treasurer):
    leaving, _other = board.agencies(2)
    preview(treasurer)
    run = InvoiceRun.objects.get()
    board.withdrawn(leaving, MAY)

    page = treasurer.get(page_of(run))
    refused = treasurer.post(page_of(run, "confirm"), {"record": "1"})

    assert f"{leaving.name}: $500.00 in the preview, no invoice now" in text_of(page)
    assert "Confirm and issue" not in text_of(page)
    assert "Preview the run again" in text_of(refused)
    assert not Invoice.objects.exists()
    assert not Job.objects.exists()


def test_what_a_crash_left_is_made_by_taking_it_up_again(treasurer, at_once):
    board.agencies(2)
    run = make.confirmed(make.run(FiscalYear.objects.get(), MAY))

    page = treasurer.get(page_of(run))
    assert "This run stopped at 0 of 2 invoices" in text_of(page)
    treasurer.post(page_of(run, "take-up"), {"record": "1"})

    assert run.invoices.count() == 2
    assert "cannot be done here as things stand" in text_of(treasurer.get(page_of(run, "take-up"), follow=True))


def test_while_it_runs_its_page_says_how_far_it_is_and_looks_again(treasurer):
    board.agencies(1)
    preview(treasurer)
    run = InvoiceRun.objects.get()

    page = treasurer.post(page_of(run, "confirm"), {"record": "1"}, follow=True)

    assert "The invoices are being issued: 0 of 1" in text_of(page)
    assert page["Refresh"] == "2"
    assert "Take up again" not in text_of(page)


def test_the_preview_is_narrowed_by_agency_and_to_what_is_missing(treasurer):
    first, second = board.agencies(2)
    unknown = board.agency()
    unknown.approvals.update_with_history(reason="Date lost", earliest_on=None, latest_on=None)
    preview(treasurer)
    run = InvoiceRun.objects.get()

    found = treasurer.get(page_of(run) + f"?q={first.name}")
    missing = treasurer.get(page_of(run) + "?for=missing")
    nothing = treasurer.get(page_of(run) + "?q=Nowhere%00&for=99999999999999999999")

    assert [line.agency for line in found.context["asked"]] == [first.name]
    assert [line.agency for line in missing.context["left_out"]] == [unknown.name]
    assert second.name not in text_of(missing)
    assert "No line fits" in text_of(nothing)


@pytest.mark.parametrize(("act", "kind"), [("print", "documents.print"), ("mail", "documents.mailing")])
def test_the_invoices_of_a_run_that_stand_are_printed_or_mailed_in_the_order_of_their_numbers(
    treasurer, books, act, kind
):
    board.agencies(3)
    run = make.carried_out(make.run(books, MAY))
    first, void, last = run.invoices.order_by("number")
    services.void_invoice(invoice=void, on=JUNE, because="Wrong.")

    page = treasurer.post(page_of(run, act), {"record": "1", "output": "pdf"})

    job = Job.objects.get()
    assert page.url == reverse("admin:jobs_job_change", args=[job.pk])
    assert (job.kind, job.parameters["ids"]) == (kind, [first.pk, last.pk])


BAD_RUNS = {
    "neither dues nor fees": ({"annual": None, "teams": None}, "annual", "Choose annual dues, team fees, or both"),
    "a day of another year": ({"as_on": "5/1/2024"}, "as_on", "does not lie in FY 2023–24"),
    "due before its day": ({"due_on": "4/30/2023"}, "__all__", "due on their day or later"),
    "a year nobody offered": ({"year": "2003-05-01"}, "year", "Select a valid choice"),
    "no day at all": ({"as_on": "May"}, "as_on", "“May” is not a day"),
}


@pytest.mark.parametrize(("changed", "field", "said"), BAD_RUNS.values(), ids=BAD_RUNS)
def test_a_run_that_cannot_be_is_refused_at_its_field(treasurer, changed, field, said):
    board.agencies(1)

    assert said in errors_of(preview(treasurer, **changed))[field]
    assert not InvoiceRun.objects.exists()


# Single invoices


def test_joining_dues_are_asked_for_as_the_rates_say_and_participation_follows(treasurer):
    make.rate("200.00", "joining")
    joining = make.applicant(MAY).agency

    shown = treasurer.post(
        INVOICE, {"agency": joining.pk, "charge": "joining", "issued_on": "6/15/2023", "preview": "1"}
    )
    treasurer.post(INVOICE, {"agency": joining.pk, "charge": "joining", "issued_on": "6/15/2023"})

    assert "the condition of the joining dues is met by itself" in text_of(shown)
    invoice = Invoice.objects.get()
    assert (invoice.total, invoice.due_on, invoice.participation.agency) == (Decimal("200.00"), JUNE, joining)


def test_annual_dues_of_one_agency_are_asked_for_once_what_was_missing_is_known(treasurer):
    of = board.agency()
    approvals = of.approvals.all()
    known = approvals.get().earliest_on
    approvals.update_with_history(reason="Date lost", earliest_on=None, latest_on=None)
    sent = {"agency": of.pk, "charge": "annual", "issued_on": "5/1/2023"}

    refused = treasurer.post(INVOICE, sent)
    approvals.update_with_history(reason="Date found", earliest_on=known, latest_on=known)
    treasurer.post(INVOICE, sent)
    twice = treasurer.post(INVOICE, sent)

    assert "missing: whether it participates on 1 May 2023" in errors_of(refused)["__all__"]
    assert Invoice.objects.get().total == Decimal("500.00")
    assert "already invoiced for FY 2023–24" in errors_of(twice)["__all__"]


BAD_INVOICES = {
    "below zero": ({"amount_1": "-5"}, "amount_1", "is below zero"),
    "zero": ({"amount_1": "0.00"}, "amount_1", "at least $0.01"),
    "no number": ({"amount_1": "NaN"}, "amount_1", "not an amount in dollars and cents"),
    "an exponent": ({"amount_1": "1e5"}, "amount_1", "not an amount in dollars and cents"),
    "full-width digits": ({"amount_1": "１００"}, "amount_1", "not an amount in dollars and cents"),
    "three decimals": ({"amount_1": "1.005"}, "amount_1", "more than two decimals"),
    "a line without its amount": ({"amount_1": ""}, "amount_1", "Give the amount of this line"),
    "an amount without its line": ({"text_1": ""}, "text_1", "Say what this amount is for"),
    "nothing asked for": ({"text_1": "", "amount_1": "", "because": ""}, "text_1", "type at least one line"),
    "no reason": ({"because": " "}, "because", "Say what the typed amount rests on"),
    "a team fee of no team": ({"charge": "team"}, "team", "Choose the team"),
    "a day in no year of the books": ({"issued_on": "5/1/2022"}, "__all__", "No fiscal year of the books holds"),
    "due before its day": ({"due_on": "4/30/2023"}, "__all__", "due on its day or later"),
    "joining dues of who joined": (
        {"charge": "joining", "text_1": "", "amount_1": "", "because": ""}, "agency", "was not admitted",
    ),
    "no agency": ({"agency": "x"}, "agency", "valid choice"),
}  # fmt: skip


@pytest.mark.parametrize(("changed", "field", "said"), BAD_INVOICES.values(), ids=BAD_INVOICES)
def test_an_invoice_that_cannot_be_is_refused_at_its_field(treasurer, changed, field, said):
    of = board.agency()

    answer = asked(treasurer, **{"agency": of.pk, **changed})

    assert said in errors_of(answer)[field]
    assert not Invoice.objects.exists()


def test_a_closed_year_takes_no_invoice(treasurer, books):
    services.close_year(year=books, at=make.NOON, by=make.person())

    assert "is closed" in errors_of(asked(treasurer, agency=board.agency().pk))["__all__"]


def test_a_wrong_invoice_is_made_void_with_its_reason_and_its_effect_said_before(treasurer):
    invoice = make.invoice(board.agency(), "185.00", MAY, DUE)
    url = page_of(invoice, "void")

    shown = treasurer.post(url, {"on": "6/15/2023", "because": "Wrong agency.", "preview": "1"})
    nameless = treasurer.post(url, {"on": "6/15/2023", "because": ""})
    early = treasurer.post(url, {"on": "4/30/2023", "because": "Wrong agency."})
    assert Invoice.objects.get().voided_on is None
    treasurer.post(url, {"on": "6/15/2023", "because": "Wrong agency."})

    assert "owes $185.00 today, this invoice included" in text_of(shown)
    assert "because" in errors_of(nameless)
    assert errors_of(early)
    assert Invoice.objects.get().voided_on == JUNE
    page = text_of(treasurer.get(page_of(invoice) + "?on=2023-06-15"))
    assert "Void" in page
    assert "Wrong agency." in page


def test_the_page_of_an_invoice_shows_its_lines_what_was_undone_and_the_reminders(treasurer):
    of = board.agency()
    each, start = Decimal("180.00"), Decimal("2250.00")
    lines = [Line(Charge.TEAM, "CMT, 2 officers", each * 2, 2, each), Line(Charge.TEAM_START, "Start", start, 1, start)]
    invoice = services.issue_invoice(agency=of, charge="other", lines=lines, issued_on=MAY, due_on=DUE)
    paid = make.payment("60.00", JUNE, agency=of)
    make.undone(make.applied(paid, invoice, "60.00", JUNE), JUNE)
    services.send_reminder(agency=of, on=JUNE, by=make.person())

    page = treasurer.get(page_of(invoice) + "?on=2023-06-15")
    text = text_of(page)

    assert "CMT, 2 officers 2 $180.00 $360.00" in text
    assert "Total $2,610.00" in text
    assert "Undone 15 June 2023: Wrong invoice" in text
    assert "Reminder 1 15 June 2023 $2,610.00" in text
    assert "15 days past due" in text
    assert "Record a payment" in text
    assert "nothing is owed on it before" in text_of(treasurer.get(page_of(invoice) + "?on=2023-04-30"))


def test_what_the_address_says_is_filled_in_beforehand(treasurer):
    of = board.agency()

    page = treasurer.get(f"{INVOICE}?agency={of.pk}&charge=joining").content.decode()

    assert f'<option value="{of.pk}" selected' in page
    assert '<option value="joining" selected' in page


def test_nobody_types_over_an_invoice(treasurer):
    invoice = make.invoice(board.agency(), "185.00", MAY, DUE)

    assert treasurer.post(page_of(invoice), {"total": "1.00"}).status_code == 403
    assert 'name="total"' not in treasurer.get(page_of(invoice)).content.decode()


# The list of invoices


@pytest.fixture
def three(books):
    """An invoice paid, one partly paid, one not, all due on 31 May 2023."""
    rows = [
        make.of_dues(of, amount, MAY, DUE) for of, amount in zip(board.agencies(3), ("100", "200", "300"), strict=True)
    ]
    make.payment("150.00", date(2023, 5, 20), pays={rows[0]: Decimal("100.00"), rows[1]: Decimal("50.00")})
    return rows


def listed(client, query):
    return [row.reference for row in client.get(f"/finance/invoice/{query}").context["cl"].result_list]


LISTS = {
    "on the due date nothing is late": ("?on=2023-05-31&past_due=yes", []),
    "the day after, what is open is": ("?on=2023-06-01&past_due=yes", ["2023-0003", "2023-0002"]),
    "thirty days late": ("?on=2023-06-30&past_due=1_30", ["2023-0003", "2023-0002"]),
    "thirty-one days late": ("?on=2023-07-01&past_due=31_60", ["2023-0003", "2023-0002"]),
    "partly paid": ("?on=2023-06-01&state=partly_paid", ["2023-0002"]),
    "before the check came": ("?on=2023-05-19&state=issued", ["2023-0003", "2023-0002", "2023-0001"]),
    "something open": ("?on=2023-06-01&state=open", ["2023-0003", "2023-0002"]),
    "by number": ("?q=2023-0002", ["2023-0002"]),
    "by the number alone": ("?q=3", ["2023-0003"]),
    "by the exact amount": ("?q=$200.00", ["2023-0002"]),
    "by another amount": ("?q=$200.01", []),
    "by a year that is none": ("?fiscal_year=abc", ["2023-0003", "2023-0002", "2023-0001"]),
}


@pytest.mark.parametrize(("query", "found"), LISTS.values(), ids=LISTS)
def test_the_list_is_as_on_the_day_and_finds_by_number_agency_or_amount(treasurer, three, query, found):
    assert listed(treasurer, query) == found


def test_the_list_finds_an_agency_and_says_where_each_invoice_stands(treasurer, three):
    page = treasurer.get(f"/finance/invoice/?q={three[1].agency.name}&on=2023-06-01")

    assert "Partly paid, 1 day past due" in text_of(page)
    assert "$150.00" in text_of(page)


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as asked_for:
        assert client.get(url).status_code == 200
    return len(asked_for)


def test_lists_and_the_preview_ask_as_often_for_many_rows_as_for_few(treasurer, books):
    def counts():
        run = make.run(books, MAY)
        for of in board.agencies(1):
            make.invoice(of, "185.00", MAY, DUE)
        urls = [page_of(run), "/finance/invoice/", "/finance/invoicerun/", "/finance/rate/", "/finance/fiscalyear/"]
        return {url.replace(str(run.pk), "n"): queries_of(treasurer, url) for url in urls}

    board.agencies(2)
    few = counts()
    board.agencies(6)
    for n in range(4):
        make.rate("600.00", from_on=date(2021, 5, 1 + n))
        make.year(2024 + n) if n < 2 else None

    assert counts() == few


# Years and rates


def test_a_year_is_opened_by_the_bylaws_of_the_day_or_by_hand_with_its_source(treasurer):
    url = "/finance/fiscalyear/add/"
    by_hand = {"on": "6/15/1994", "starts_on": "5/1/1994", "ends_on": "5/1/1995"}

    shown = treasurer.post(url, {"on": "6/15/2024", "preview": "1"})
    treasurer.post(url, {"on": "6/15/2024"})
    unknown = treasurer.post(url, {"on": "6/15/1994"})
    sourceless = treasurer.post(url, by_hand)
    treasurer.post(url, {**by_hand, "source": "Report of 1994"})
    twice = treasurer.post(url, {"on": "6/15/2024"})
    half = treasurer.post(url, {"on": "6/15/1995", "starts_on": "5/1/1995"})

    assert "1 May 2024 through 30 April 2025" in text_of(shown)
    assert [str(year) for year in FiscalYear.objects.all()] == ["FY 2024–25", "FY 2023–24", "FY 1994–95"]
    assert errors_of(unknown)
    assert "Say what shows the first day" in errors_of(sourceless)["source"]
    assert "is in the books already" in errors_of(twice)["on"]
    assert "give both days" in errors_of(half)["ends_on"]


def test_a_year_is_closed_only_when_it_is_over_and_those_before_it_are(treasurer, books):
    later = make.year(2024)
    ahead = make.year(2030)

    early = treasurer.post(page_of(ahead, "close"), {"record": "1"})
    order = treasurer.post(page_of(later, "close"), {"record": "1"})
    done = treasurer.post(page_of(books, "close"), {"record": "1"}, follow=True)

    assert "close it when it is over" in errors_of(early)["__all__"]
    assert "Close FY 2023–24 first" in errors_of(order)["__all__"]
    assert "FY 2023–24 is closed" in text_of(done)


BAD_RATES = {
    "nobody set it": ({"source": ""}, "Name the Board's motion"),
    "dues of a team": ({"team": "a team"}, "A team fee names its team"),
    "a team fee of no team": ({"charge": "team"}, "A team fee names its team"),
    "dues for each officer": ({"basis": "officer"}, "Only a yearly team fee counts officers"),
    "a band upside down": ({"least_officers": "9", "most_officers": "5"}, "from fewer officers to more"),
    "the same again": ({"from_on": "5/1/2020"}, "already set for agencies of this size"),
    "over before it began": ({"until_on": "4/30/2023"}, "A rate ends after it began"),
    "below zero": ({"amount": "(5.00)"}, "is below zero"),
}


@pytest.mark.parametrize(("changed", "said"), BAD_RATES.values(), ids=BAD_RATES)
def test_a_rate_that_cannot_be_is_refused_in_words(treasurer, changed, said):
    sent = {"charge": "annual", "amount": "450", "basis": "flat", "from_on": "5/1/2023", "source": "Minutes", **changed}
    if "team" in changed:
        sent["team"] = make.team().pk

    assert said in text_of(treasurer.post("/finance/rate/add/", sent))
    assert Rate.objects.count() == 1


def test_a_rate_that_later_ones_replace_for_every_size_is_said_to_be_replaced(treasurer):
    make.rate("400.00", from_on=date(2021, 5, 1), most_officers=30)
    assert [row.governs for row in treasurer.get("/finance/rate/").context["cl"].result_list] == [True, True]

    make.rate("900.00", from_on=date(2021, 5, 1), least_officers=31)

    rows = treasurer.get("/finance/rate/").context["cl"].result_list
    assert {row.amount for row in rows if row.governs} == {Decimal("400.00"), Decimal("900.00")}
    assert len(treasurer.get("/finance/rate/?in_force=today").context["cl"].result_list) == 2
    assert "Replaced" in text_of(treasurer.get(page_of(Rate.objects.get(amount=Decimal("500.00")))))


# Who sees what


def test_a_representative_sees_what_the_own_agency_was_invoiced_and_nothing_else(three):
    ours, theirs = three[0], three[1]
    client = signed_in(roles.AGENCY_REPRESENTATIVE, ours.agency)

    assert listed(client, "?on=2023-06-01") == [ours.reference]
    page = text_of(client.get(page_of(ours)))
    assert "Void it" not in page
    assert "Village" not in page.split("Paid on it")[1]
    assert client.get(page_of(theirs)).status_code == 302
    assert client.get(page_of(ours, "void")).status_code == 403
    assert client.get(INVOICE).status_code == 403
    assert client.get("/finance/invoicerun/").status_code == 403
    assert client.get("/finance/rate/").status_code == 403
    own = text_of(client.get(f"/membership/agency/{ours.agency_id}/change/?on=2023-06-01"))
    assert ours.reference in own
    assert "Owes on 1 June 2023 $0.00" in own
    start = client.get("/")
    assert "Invoice the year" not in text_of(start)
    [books] = [room for room in start.context["rooms"] if room.title == "Treasurer"]
    assert {client.get(link.url).status_code for link in books.links} == {200}
    assert "Invoices" in [link.label for link in books.links]


@pytest.mark.parametrize("role", roles.ROLES)
def test_every_page_answers_every_role(three, role):
    run = make.run(FiscalYear.objects.get(), MAY)
    client = signed_in(role, three[0].agency if role == roles.AGENCY_REPRESENTATIVE else None)
    for name in OURS:
        model = next(model for model in admin.site._registry if model._meta.label_lower == f"finance.{name}")
        pages = [f"/finance/{name}/", f"/finance/{name}/add/"]
        if (record := model._base_manager.first()) is not None:
            pages += [page_of(record), page_of(record, "history")]
            assert issubclass(model, Record)
        for page in pages:
            assert client.get(page).status_code in {200, 302, 403}, f"{page} as {role}"
    for page in (page_of(run, "confirm"), page_of(run, "take-up"), page_of(run, "print"), page_of(run, "mail"), "/"):
        assert client.get(page).status_code in {200, 302, 403}, f"{page} as {role}"
    if role != roles.TREASURER:
        assert client.post(page_of(run, "confirm"), {"record": "1"}).status_code in {302, 403}
        assert not InvoiceRun.objects.filter(confirmed_at__isnull=False).exists()


@pytest.mark.parametrize("name", [name for name in OURS if name not in {"fund", "category"}])
def test_an_empty_list_says_what_would_be_there(db, name):
    text = text_of(signed_in("superuser").get(f"/finance/{name}/"))

    assert (
        admin.site._registry[
            next(m for m in admin.site._registry if m._meta.label_lower == f"finance.{name}")
        ].empty_list
        in text
    )


def test_an_agencys_page_shows_what_it_owes_its_invoices_and_its_payments(treasurer, three):
    of = three[1].agency

    page = text_of(treasurer.get(f"/membership/agency/{of.pk}/change/?on=2023-06-01"))

    assert "Owes on 1 June 2023 $150.00" in page
    assert "2023-0002: $150.00 past due since 1 June 2023" in page
    assert "Partly paid, 1 day past due" in page
    assert "Check" in page.rpartition("Payments")[2]


def test_the_start_page_says_what_is_open_what_must_be_asked_for_and_what_comes(treasurer, three):
    board.agency()
    user = person(roles.TREASURER)
    start = FinanceStart()

    figures = {figure.label: (figure.value, figure.note) for figure in start.figures(user, date(2023, 6, 1))}
    needs = [need.title for need in start.needs(user, date(2023, 6, 1))]
    coming = {marker.on: marker.label for marker in start.coming(user, date(2023, 5, 25))}

    assert figures == {"Open on invoices": ("$450", "on 2 invoices"), "Past due": ("$450", "by 2 agencies")}
    assert needs == ["Annual dues of FY 2023–24"]  # of the fourth agency
    assert coming == {
        DUE: "2 invoices due: $450.00",
        date(2024, 4, 30): "Last day of FY 2023–24",
        date(2024, 5, 1): "Invoice the year",
    }
    assert not list(start.needs(person(roles.BOARD_MEMBER), date(2023, 6, 1)))


def test_the_start_page_asks_to_finish_a_run_and_to_invoice_who_was_admitted(treasurer):
    board.agencies(2)
    joining = make.applicant(MAY).agency
    run = make.run(FiscalYear.objects.get(), MAY)
    start, user = FinanceStart(), person(roles.TREASURER)

    previewed = [need.title for need in start.needs(user, MAY)]
    make.confirmed(run)
    unfinished = [need.title for need in start.needs(user, MAY)]

    assert f"{run} is previewed, not confirmed" in previewed
    assert f"Joining dues of {joining}" in previewed
    assert f"{run} is unfinished" in unfinished
