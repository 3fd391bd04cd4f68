"""The Treasurer's report: what it says of a time, on the screen, on paper, as files and at the console."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.http import QueryDict
from django.test import Client
from django.utils.html import strip_tags
from pytest_django.asserts import assertRedirects

from documents.letters import print_letter
from documents.models import Paper
from finance.letters import KINDS
from finance.models import BudgetLine, OpeningBalance
from finance.report_chart import named, years_chart
from finance.report_page import period_of
from finance.services.report import treasurers_report
from nipas_admin.accounts import roles
from nipas_admin.shared import money
from nipas_admin.shared.bars import Group, bar_chart
from nipas_admin.shared.dated import day_after
from tests.board import factories as board
from tests.finance import factories as make
from tests.finance.test_books import spent
from tests.membership.factories import person
from tests.membership.reading import pages, words

KIND = {kind.key: kind for kind in KINDS}["report"]
MAY, TODAY = date(2026, 5, 1), date(2026, 6, 10)
UNTIL = day_after(TODAY)
ONE_DAY = timedelta(days=1)


def usd(text):
    return Decimal(text)


@pytest.fixture
def years(db):
    """Two fiscal years; dues paid and owed, a team's fee, interest, a check, a credit, a budget."""
    board.bylaws_in_force()
    first, second = make.year(2025), make.year(2026)
    OpeningBalance.objects.create(
        fund=make.fund(), institution=make.bank(), on=date(2025, 5, 1), amount=usd("1000.00"), source="Test"
    )
    make.rate("300.00")
    one, other = board.agencies(2)
    team = make.team("EST")
    paid, owing = make.of_dues(one, "300.00", MAY), make.of_dues(other, "300.00", MAY)
    fee = make.invoice(one, "120.00", MAY, charge="team", team=team)
    make.payment("450.00", MAY + ONE_DAY, agency=one, pays={paid: usd("300.00"), fee: usd("120.00")})
    make.payment("80.00", MAY + ONE_DAY, agency=other, pays={owing: usd("80.00")})
    make.payment("1.25", MAY, category=make.category("Interest"), fund=make.fund(), payer="Bank")
    spent("75.00", MAY + ONE_DAY, "1001")
    BudgetLine.objects.create(fiscal_year=second, fund=make.fund(), category=make.category("Annual dues"),
                              amount=usd("600.00"))  # fmt: skip
    return first, second


def report_of(first=MAY, until=UNTIL):
    return treasurers_report(first, until)


def signed_in(role):
    client = Client()
    client.force_login(person(role))
    return client


def text_of(answer):
    return " ".join(strip_tags(answer.content.decode()).split())


def address(page="", first=MAY, last=TODAY, **more):
    query = "".join(f"&{key}={value}" for key, value in more.items())
    return f"/finance/{page}?from={first}&to={last}{query}"


# --- What it says -----------------------------------------------------------------------------------------------------


def test_it_says_what_came_in_what_went_out_and_what_is_left_by_fund_and_category(years):
    found = report_of()
    assert found.agrees
    assert found.fund_names == ("General fund", "Team EST")
    assert [(line.category, *map(str, line.by_fund)) for line in found.receipts.lines] == [
        ("Annual dues", "380.00", "0.00"), ("Interest", "1.25", "0.00"), ("Team fees", "0.00", "120.00"),
    ]  # fmt: skip
    assert (found.receipts.total, found.disbursements.total) == (usd("501.25"), usd("75.00"))
    assert [(line.fund, line.opening, line.closing) for line in found.funds] == [
        ("General fund", usd("1000.00"), usd("1306.25")), ("Team EST", usd("0.00"), usd("120.00")),
    ]  # fmt: skip
    assert (found.agencies_paid, found.paid_by_agencies) == (2, usd("500.00"))
    [debtor] = found.debtors
    assert (debtor.owed, debtor.past_due, debtor.letters) == (usd("220.00"), usd("220.00"), 0)
    assert found.books.after.credits == usd("30.00")


def test_the_disbursements_are_listed_for_the_board_with_their_step(years):
    spent("20.00", MAY, "1002", voided_on=TODAY)
    paid = make.payment("60.00", MAY, agency=board.agency())
    spent("60.00", TODAY, "1003", refunds=paid)
    found = report_of()
    assert [(line.number, str(line.amount), line.category, line.step) for line in found.spent] == [
        ("1002", "20.00", "Training", "Void since 10 June 2026"),
        ("1001", "75.00", "Training", "Not reported yet"),
        ("1002", "-20.00", "Training", "Void: Lost"),
        ("1003", "60.00", "Refund of a credit", "Not reported yet"),
    ]
    assert (found.spent_total, found.refunds, found.not_reported) == (usd("135.00"), usd("60.00"), 2)


@pytest.mark.parametrize(
    ("until", "days", "whole"),
    [
        pytest.param(day_after(MAY), 1, False, id="the first day of the year"),
        pytest.param(date(2027, 4, 30), 364, False, id="the day before its last"),
        pytest.param(date(2027, 5, 1), 365, True, id="its last day"),
    ],
)
def test_the_budget_says_how_much_of_its_year_has_passed(years, until, days, whole):
    budget = report_of(until=until).budget
    assert (budget.days, budget.of_days, budget.whole_year) == (days, 365, whole)


def test_the_budget_is_compared_from_the_first_day_of_its_year_whatever_time_is_reported(years):
    found = report_of(TODAY, UNTIL)
    assert found.receipts.total == money.ZERO
    receipts = found.budget.parts[0]
    assert [(line.category, str(line.figures.budget), str(line.figures.actual)) for line in receipts.lines] == [
        ("Annual dues", "600.00", "380.00"), ("Interest", "0.00", "1.25"), ("Team fees", "0.00", "120.00"),
    ]  # fmt: skip
    assert (receipts.sum.variance, receipts.sum.percent) == (usd("-98.75"), 83)


def test_three_years_are_compared_and_those_before_the_books_are_not_invented(years):
    before, last, this = report_of().years
    assert (before.first, before.receipts) == (date(2024, 5, 1), None)
    assert (last.last, last.receipts, last.closing) == (date(2025, 6, 10), usd("0.00"), usd("1000.00"))
    assert (this.receipts, this.disbursements, this.closing) == (usd("501.25"), usd("75.00"), usd("1426.25"))
    assert named(this) == "1 May – 10 Jun 2026"


def test_what_is_missing_and_what_to_note_is_said_in_words(years):
    spent("5.00", MAY, "7", bank=make.bank("Old Bank"))
    said = " ".join([*report_of().notes, *report_of().missing])
    assert "Old Bank stands at −$5.00: more was paid from it than was deposited there." in said
    assert "No statement of First Bank of Bellhaven is recorded" in said
    empty = report_of(date(2020, 1, 1), date(2020, 1, 2)).missing
    assert [one.split()[0:3] for one in empty] == [
        ["No", "fiscal", "year"], ["No", "opening", "balance"], ["No", "rate", "of"],
    ]  # fmt: skip
    assert "No budget of FY 2025–26 is recorded." in report_of(date(2025, 5, 1), MAY).missing


def test_a_time_that_ends_before_it_begins_is_refused(years, said):
    assert "10 June 2026 lies before 11 June 2026" in said(report_of, UNTIL, UNTIL)


# --- The time that is asked for ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "first", "last", "problem"),
    [
        pytest.param("", "2026-05-01", "2026-06-10", "", id="nothing asked: the fiscal year to date"),
        pytest.param("from=2025-05-01&to=2026-04-30", "2025-05-01", "2026-04-30", "", id="another year"),
        pytest.param("from=6/10/2026&to=6/10/2026", "2026-06-10", "2026-06-10", "", id="one day"),
        pytest.param("from=2026-05-05", "2026-05-05", "2026-06-10", "", id="no last day: until today"),
        pytest.param("to=2026-04-30", "2025-05-01", "2026-04-30", "", id="no first day: from its year's first"),
        pytest.param("from=2026-06-11&to=2026-06-10", "2026-05-01", "2026-06-10", "lies before", id="backwards"),
        pytest.param("from=soon", "2026-05-01", "2026-06-10", "“soon”", id="no day"),
        pytest.param("from=1492-01-01", "2026-05-01", "2026-06-10", "outside the register", id="out of bounds"),
    ],
)
def test_which_time_a_page_speaks_of(years, asked, first, last, problem):
    found = period_of(QueryDict(asked), TODAY)
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)
    assert problem in found.problem
    assert bool(found.problem) is bool(problem)


# --- The page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status", "exports"),
    [
        pytest.param(roles.TREASURER, 200, True, id="the Treasurer"),
        pytest.param(roles.BOARD_MEMBER, 200, False, id="a member of the Board"),
        pytest.param(roles.SECRETARY, 200, False, id="the Secretary"),
        pytest.param(roles.AUDITOR, 200, True, id="an auditor"),
        pytest.param(roles.TEAM_COORDINATOR, 403, False, id="a Team Coordinator"),
        pytest.param(roles.TELECOMMUNICATOR, 403, False, id="a telecommunicator"),
    ],
)
def test_who_reads_the_report_and_who_takes_the_figures_with_them(years, role, status, exports):
    client = signed_in(role)
    assert client.get(address("report/")).status_code == status
    assert client.get(address("journal/")).status_code == status
    taken = {client.get(url).status_code for url in (address("report/figures/"), address("journal/", format="csv"))}
    assert taken == ({200} if exports else {403})


def test_the_page_shows_every_part_and_each_figure_leads_to_its_entries(years):
    client = signed_in(roles.TREASURER)
    page = client.get(address("report/"))
    text = text_of(page)
    for said in ("1 May 2026 to 10 June 2026", "All figures agree", "$1,426.25", "2 agencies paid $500.00",
                 "Budget of FY 2026–27", "the first 41 of its 365 days", "1 waits for a meeting of the Board"):  # fmt: skip
        assert said in text, said
    links = re.findall(r'href="(/finance/journal/\?[^"]+)">\$380.00<', page.content.decode())
    entries = client.get(links[0].replace("&amp;", "&"))
    assert entries.context["listed"].moved == usd("380.00")
    assert entries.context["rows"][0][1].startswith("/finance/payment/")
    assert "style=" not in years_chart(report_of())


def test_a_figure_that_differs_stands_at_the_head_of_the_page(years, monkeypatch):
    from finance.services import books

    monkeypatch.setattr(books, "disbursements_in", lambda first, until: {})
    text = text_of(signed_in(roles.BOARD_MEMBER).get(address("report/")))
    assert "Figures differ" in text
    assert "Not all figures agree" in text
    assert "Disbursements against the journal" in text


def test_the_figures_as_csv_and_the_journal_as_a_workbook(years):
    client = signed_in(roles.AUDITOR)
    figures = client.get(address("report/figures/"))
    assert figures["Content-Disposition"] == 'attachment; filename="treasurers-report-2026-05-01-2026-06-10.csv"'
    assert "Receipts,Annual dues,General fund,380.00," in figures.content.decode("utf-8-sig")
    assert client.get(address("journal/", format="xlsx")).content.startswith(b"PK")
    streamed = b"".join(client.get(address("journal/", format="csv")).streaming_content).decode("utf-8-sig")
    assert streamed.splitlines()[0] == "Date,Document,Text,Debit,Credit,Amount"


# --- The paper --------------------------------------------------------------------------------------------------------


def test_the_paper_says_the_same_and_is_signed_by_the_treasurer(years):
    board.board()
    pdf = print_letter(KIND, None, TODAY, first=MAY, until=UNTIL)
    text = words(pdf)
    for said in ("Treasurer's report", "1 May 2026 to 10 June 2026", "In the funds on 10 June 2026 $1,426.25",
                 "Disbursements −$75.00", "Who owes on 10 June 2026", "difference $0.00", "Page 1 of"):  # fmt: skip
        assert said in text, said
    signer = KIND.build(None, TODAY, first=MAY, until=UNTIL).treasurer
    assert signer.name
    assert any(signer.name in page and "Agrees" in page for page in pages(pdf))


@pytest.mark.parametrize(
    ("day", "last"),
    [
        pytest.param(MAY, "2026-05-01", id="the year's first day"),
        pytest.param(date(2027, 4, 30), "2027-04-30", id="its last day"),
        pytest.param(date(2027, 5, 1), "2027-04-30", id="after it"),
    ],
)
def test_the_paper_of_a_fiscal_year_reaches_to_the_day(years, day, last):
    found = KIND.build(years[1], day)
    assert (found.report.first, found.as_on.isoformat()) == (MAY, last)


def test_a_year_that_has_not_begun_and_a_time_not_given_are_refused(years, said):
    assert "begins on 1 May 2026" in said(KIND.build, years[1], date(2026, 4, 30))
    assert "Say which time" in said(KIND.build, None, TODAY)


def test_the_paper_is_looked_at_and_issued_for_good(years):
    client = signed_in(roles.TREASURER)
    look = client.get(address("report/paper/"))
    assert look["Content-Type"] == "application/pdf"
    assert b"".join(look.streaming_content).startswith(b"%PDF-")
    assert not Paper.objects.exists()
    issued = client.post(address("report/paper/"))
    filed = Paper.objects.get()
    assertRedirects(issued, f"/documents/paper/{filed.pk}/change/", fetch_redirect_response=False)
    assert filed.title == "Treasurer's report"
    assert signed_in(roles.BOARD_MEMBER).post(address("report/paper/")).status_code == 403
    assert Paper.objects.count() == 1


# --- At the console ---------------------------------------------------------------------------------------------------


def console(*words, **options):
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def test_the_commands_write_the_same_report_and_the_journal(years, tmp_path):
    time = ("--from", "2026-05-01", "--until", "6/10/2026")
    said = console("treasurers_report", *time)
    assert "Treasurer's report, 1 May 2026 to 10 June 2026" in said
    assert re.search(r"Closing +\$1,306\.25", said)
    data = json.loads(console("treasurers_report", *time, "--json"))
    assert (data["agrees"], data["receipts"]["total"]) == (True, "501.25")
    file = tmp_path / "report.pdf"
    console("treasurers_report", *time, "--pdf", str(file))
    assert file.read_bytes().startswith(b"%PDF-")
    rows = console("journal", *time, "--csv").splitlines()
    assert rows[0] == "\ufeffDate,Document,Text,Debit,Credit,Amount"
    assert len(rows) == 8
    assert "debit Not deposited yet, credit Credits held for agencies" in console("journal", *time)


@pytest.mark.parametrize(
    ("time", "said"),
    [
        pytest.param(("--from", "2026-06-11", "--until", "2026-06-10"), "lies before 11 June 2026", id="backwards"),
        pytest.param(("--until", "01/02/49"), "--until: “01/02/49” leaves the century open", id="a century left open"),
    ],
)
def test_a_command_refuses_a_time_that_is_none(years, time, said):
    with pytest.raises(CommandError, match=re.escape(said)):
        call_command("journal", *time)


# --- The picture ------------------------------------------------------------------------------------------------------


def test_the_picture_tells_its_figures_in_words_and_leaves_out_what_is_not_known():
    groups = [Group("2024", [None, None]), Group("2025", [100, -40])]
    drawn = bar_chart("p", "Title", "Said.", ["In", "Out"], groups, str)
    assert '<title id="p-title">Title</title><desc id="p-desc">Said.</desc>' in drawn
    assert drawn.count('class="bar b1"') == 2  # one in the legend, one for 2025
    assert "Not in the register" in drawn
    with pytest.raises(ValueError, match="no figure"):
        bar_chart("p", "Title", "Said.", ["In"], [Group("2024", [None])], str)
