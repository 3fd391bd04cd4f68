"""Invoice runs: who is invoiced what and why, who is not and why not, confirmed as seen, and made once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from finance import services
from finance.models import DuesPolicy, FiscalYear, Invoice, InvoiceLine, Rate
from membership.models import Agency, Approval, Participation
from membership.services import receive_notice
from tests.board import factories as board
from tests.finance import factories as make
from tests.membership import factories as members

pytestmark = pytest.mark.django_db
MAY, DUE = make.FIRST_OF_MAY, make.DUE
MARCH = date(2027, 3, 10)
ONE_DAY = timedelta(days=1)


@pytest.fixture
def dues(year):
    """Annual dues of $100.00 from 2020 on."""
    return make.rate("100.00")


def previewed(year: FiscalYear, as_on: date = MAY, **more) -> list[tuple[str, str]]:
    """What each line of a preview says: the amount, and why."""
    lines = make.run(year, as_on, **more).items.select_related("agency")
    return [(str(line.amount) if line.invoiced else "", line.why) for line in lines]


# --- Who, and why -----------------------------------------------------------------------------------------------------


def withdrawn(on: date):
    def made() -> None:
        board.withdrawn(board.agency(), on)

    return made


def notice_received(on: date):
    def made() -> None:
        receive_notice(participation=board.stint(board.agency()), received_on=on)

    return made


def suspended() -> None:
    board.suspended(board.agency(), date(2026, 4, 1))


def applying() -> None:
    members.application(members.agency(), date(2026, 4, 2))


def undated() -> None:
    Approval.objects.filter(agency=board.agency()).update_with_history(earliest_on=None, latest_on=None)


def joined(on: date):
    def made() -> None:
        board.agency(on)

    return made


def invoiced_by_hand() -> None:
    make.of_dues(board.agency())


def joining_fee_invoiced() -> None:
    make.rate("200.00", "joining")
    services.invoice_joining_dues(participation=make.applicant(MAY), issued_on=MAY)
    Participation.objects.all().update_with_history(dues_paid_on=MAY)


def joining_fee_paid_in_the_year() -> None:
    make.rate("200.00", "joining")
    make.year(2025)
    bill = services.invoice_joining_dues(participation=make.applicant(board.JOINED), issued_on=MAY - ONE_DAY)
    make.payment("200.00", on=MAY, pays={bill: Decimal("200.00")})


def began_by_june(policy: str):
    def made() -> None:
        DuesPolicy.objects.create(from_on=date(2020, 5, 1), first_year=policy)
        papers = Approval.objects.filter(agency=board.agency())
        papers.update_with_history(earliest_on=None, latest_on=date(2026, 6, 1))

    return made


def voided() -> None:
    services.void_invoice(invoice=make.of_dues(board.agency()), on=MAY, because="Wrong rate")


def free() -> None:
    board.agency()
    Rate.objects.all().update_with_history(amount=Decimal("0.00"))


def no_rate() -> None:
    board.agency()
    Rate.objects.all().update_with_history(until_on=MAY)


def banded(sworn: int | None):
    def made() -> None:
        make.rate("60.00", from_on=MAY, most_officers=10)
        make.rate("90.00", from_on=MAY, least_officers=11)
        Agency.objects.filter(pk=board.agency().pk).update_with_history(sworn_officers=sworn)

    return made


def first_year(policy: str, on: date):
    def made() -> None:
        DuesPolicy.objects.create(from_on=date(2020, 5, 1), first_year=policy)
        board.agency(on)

    return made


# Who it is, the day of the run, what is invoiced (empty: nothing), and what the reason says.
CASES = [
    pytest.param(joined(board.JOINED), MAY, "100.00", "active", id="active"),
    pytest.param(suspended, MAY, "100.00", "suspended: it participates still, and owes dues", id="suspended"),
    pytest.param(withdrawn(MAY), MAY, "", "withdrawn on 1 May 2026", id="left on 1 May"),
    pytest.param(withdrawn(MAY + ONE_DAY), MAY, "100.00", "active", id="leaves on 2 May"),
    pytest.param(notice_received(date(2025, 12, 31)), MAY, "", "withdrawn on 1 May 2026", id="notice of last year"),
    pytest.param(
        notice_received(date(2026, 1, 2)), MAY, "100.00", "takes effect only on 1 May 2027", id="notice for next year"
    ),
    pytest.param(applying, MAY, "", "it owes when its participation begins", id="applies"),
    pytest.param(undated, MAY, "", "not determined; missing: whether it participates on 1 May 2026", id="undated"),
    pytest.param(joined(MAY), MAY, "100.00", "active", id="joined on 1 May"),
    pytest.param(
        first_year("full", MARCH), MARCH, "100.00", "its participation began on 10 March 2027",
        id="joined in March, the full year",
    ),
    pytest.param(
        first_year("by_month", MARCH), MARCH, "16.67", "2 of 12 months of $100.00 is $16.67",
        id="joined in March, by the month",
    ),
    pytest.param(
        first_year("by_day", MARCH), MARCH, "14.25", "52 of 365 days of $100.00 is $14.25",
        id="joined in March, by the day",
    ),
    pytest.param(
        first_year("by_month", date(2026, 4, 30)), MARCH, "100.00", "active", id="joined on 30 April, by the month"
    ),
    pytest.param(invoiced_by_hand, MAY, "", "already invoiced for FY 2026–27", id="invoiced already"),
    pytest.param(voided, MAY, "100.00", "active", id="its invoice is void"),
    pytest.param(joining_fee_invoiced, MAY, "", "covers the year", id="the joining fee covers the year"),
    pytest.param(
        joining_fee_paid_in_the_year, MAY, "", "covers the year", id="the joining fee was asked in April, paid in May"
    ),
    pytest.param(
        began_by_june("full"), date(2026, 7, 1), "100.00", "active", id="began on a day not known, the full year"
    ),
    pytest.param(
        began_by_june("by_month"), date(2026, 7, 1), "", "missing: the first day of its participation",
        id="began on a day not known, by the month",
    ),
    pytest.param(free, MAY, "", "annual dues of $0.00: nothing to invoice", id="a rate of zero"),
    pytest.param(
        no_rate, MAY, "", "missing: a rate for annual dues that covers 1 May 2026", id="no rate that covers the day"
    ),
    pytest.param(no_rate, MAY + ONE_DAY, "", "that covers 2 May 2026", id="no rate that covers a later day"),
    pytest.param(banded(10), MAY, "60.00", "rate of $60.00", id="ten officers"),
    pytest.param(banded(11), MAY, "90.00", "rate of $90.00", id="eleven officers"),
    pytest.param(banded(None), MAY, "", "its number of sworn officers, which decides", id="officers unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("make_one", "as_on", "amount", "why"), CASES)
def test_the_preview_says_who_is_invoiced_what_and_why_and_who_is_not(year, dues, make_one, as_on, amount, why):
    make_one()
    ((shown, said),) = previewed(year, as_on)
    assert shown == amount
    assert why in said


def test_who_left_long_ago_and_who_never_asked_are_not_listed(year, dues):
    board.withdrawn(board.agency(), date(2025, 4, 29))
    board.withdrawn(board.agency(), date(2025, 4, 30))
    board.agency(MAY + ONE_DAY)
    members.agency("Larkfield Police Department")
    ((_amount, said),) = previewed(year)
    assert "withdrawn on 30 April 2025" in said


@pytest.mark.parametrize(
    ("rates", "officers", "since", "amount", "why"),
    [
        pytest.param([("2800.00", "team", "flat")], 2, board.JOINED, "2800.00", "in EST", id="flat"),
        pytest.param([("50.00", "team", "officer")], 3, board.JOINED, "150.00", "3 officers", id="for each officer"),
        pytest.param(
            [("50.00", "team", "officer")], None, board.JOINED, "", "missing: how many officers it commits to EST",
            id="officers not known",
        ),
        pytest.param([], 2, board.JOINED, "", "missing: EST: a rate for team fee", id="no rate"),
        pytest.param(
            [("2800.00", "team", "flat"), ("17000.00", "team_start", "flat")], 2, MAY, "19800.00", "in EST",
            id="its first year, with what it costs to start",
        ),
        pytest.param(
            [("2800.00", "team", "flat"), ("17000.00", "team_start", "flat")], 2, MAY - ONE_DAY, "2800.00", "in EST",
            id="its second year",
        ),
    ],
)  # fmt: skip
def test_team_fees_are_invoiced_to_those_in_the_team(year, rates, officers, since, amount, why):
    for dollars, charge, basis in rates:
        make.rate(dollars, charge, team=make.team(), basis=basis)
    make.in_team(board.agency(), make.team(), officers, since)
    ((shown, said),) = previewed(year, annual=False)
    assert shown == amount
    assert why in said


def test_a_place_in_a_team_ends_with_the_stint_in_which_it_was_taken(year):
    make.rate("2800.00", "team", team=make.team())
    of = board.agency()
    make.in_team(of, make.team())
    board.withdrawn(of, date(2024, 5, 1))
    first = board.stint(of)
    Participation.objects.create(
        agency=of, number=2, path="new", approval=first.approval, execution=first.execution,
        board_approved_on=date(2025, 1, 6), dues_paid_on=date(2025, 1, 6),
    )  # fmt: skip
    assert previewed(year, annual=False) == [("", "in no team [Agreement §3.K; Bylaws Art. VII §2]")]


def test_an_agency_in_two_teams_gets_an_invoice_for_each_and_one_for_its_dues(year, dues):
    of = board.agency()
    for name in ("EST", "MFF"):
        make.rate("2800.00", "team", team=make.team(name))
        make.in_team(of, make.team(name))
    make.carried_out(make.run(year))
    rows = Invoice.objects.order_by("number")
    assert [row.what for row in rows] == ["Annual dues", "Team fee, EST", "Team fee, MFF"]
    assert [row.fund.team for row in rows] == [None, make.team("EST"), make.team("MFF")]


# --- Made once --------------------------------------------------------------------------------------------------------


@pytest.fixture
def run(year, dues):
    """The preview of a run for three agencies."""
    board.agencies(3)
    return make.run(year)


def test_a_run_makes_what_the_preview_shows_and_a_second_one_makes_nothing(run, said):
    assert not Invoice.objects.exists()
    make.confirmed(run)
    run.refresh_from_db()
    assert list(services.carry_out_run(run, make.NOON)) == [(0, 3), (3, 3)]
    assert list(services.carry_out_run(run, make.NOON)) == [(3, 3)]
    run.refresh_from_db()
    assert run.finished_at == make.NOON
    rows = Invoice.objects.order_by("number").prefetch_related("lines")
    assert [(row.reference, str(row.total), row.issued_on, row.due_on) for row in rows] == [
        (f"2026-000{n}", "100.00", MAY, DUE) for n in (1, 2, 3)
    ]
    assert [line.text for row in rows for line in row.lines.all()] == ["Annual dues, FY 2026–27"] * 3
    assert set(rows) == {item.invoice for item in run.items.select_related("invoice__fiscal_year")}
    assert rows[0].because == run.items.get(invoice=rows[0]).because != []
    assert rows[0].history.get().history_change_reason == str(run)

    again = make.run(run.fiscal_year)
    assert not again.items.filter(invoiced=True).exists()
    assert "Nobody is to be invoiced" in said(make.confirmed, again)


def test_a_run_is_neither_made_before_it_is_confirmed_nor_confirmed_twice(run, said):
    assert "not confirmed yet" in said(list, services.carry_out_run(run, make.NOON))
    make.confirmed(run)
    assert "was confirmed already" in said(make.confirmed, run)


def test_of_two_previews_only_one_is_under_way_and_the_other_is_seen_anew(run, said):
    other = make.run(run.fiscal_year)
    make.confirmed(run)
    assert "Another run of this year is under way" in said(make.confirmed, other)
    run.refresh_from_db()
    make.carried_out(run)
    assert "$100.00 in the preview, no invoice now" in said(make.confirmed, other)


def leaves(first: Agency) -> None:
    board.withdrawn(first, MAY)


def is_invoiced(first: Agency) -> None:
    make.of_dues(first, "100.00")


def pays_more(first: Agency) -> None:
    make.rate("120.00", from_on=MAY)


def joins(first: Agency) -> None:
    board.agency(MAY)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(leaves, ": $100.00 in the preview, no invoice now", id="one left"),
        pytest.param(is_invoiced, ": $100.00 in the preview, no invoice now", id="one was invoiced by hand"),
        pytest.param(pays_more, ": $100.00 in the preview, $120.00 now", id="the rate changed"),
        pytest.param(joins, ": no invoice in the preview, $100.00 now", id="one joined"),
    ],
)
def test_what_changed_since_the_preview_is_named_and_the_run_refused(run, said, change, words):
    first = run.items.first().agency
    change(first)
    refusal = said(make.confirmed, run)
    assert "The register has changed since this preview" in refusal
    assert words in refusal
    if change is not joins:
        assert first.name in refusal
    run.refresh_from_db()
    assert run.confirmed_at is None


def test_what_changes_nothing_of_the_amounts_does_not_stand_in_the_way(run):
    Agency.objects.update_with_history(sworn_officers=12)
    assert make.confirmed(run).confirmed_at == make.NOON


@pytest.mark.parametrize("charge", ["annual", "joining"])
def test_an_invoice_by_hand_between_confirmation_and_making_is_respected(run, charge):
    make.confirmed(run)
    of = run.items.last().agency
    by_hand = make.invoice(of, "99.00", charge=charge)
    run.refresh_from_db()
    made = make.carried_out(run)
    assert made.finished_at == make.NOON
    assert list(Invoice.objects.filter(agency=of)) == [by_hand]
    item = run.items.get(agency=of)
    assert (item.invoiced, item.amount, item.invoice) == (False, None, None)
    assert item.why.endswith("meanwhile invoiced for FY 2026–27 by another way")
    assert list(Invoice.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]


def test_a_run_dated_outside_the_year_or_due_before_its_day_is_refused(run, said):
    year = run.fiscal_year
    assert "does not lie in FY 2026–27" in said(make.run, year, MAY - ONE_DAY)
    assert "does not lie in FY 2026–27" in said(make.run, year, date(2027, 5, 1))
    assert "due on their day or later" in said(make.run, year, MAY, due_on=MAY - ONE_DAY)
    assert "Choose annual dues, team fees, or both" in said(make.run, year, annual=False, teams=False)


def test_as_many_queries_for_twenty_agencies_as_for_ten(year, dues):
    asked = []
    for number in (1, 10, 20):
        board.agencies(number)
        with CaptureQueriesContext(connection) as queries:
            make.carried_out(make.run(year))
        asked.append(len(queries))
    assert asked[1] == asked[2]
    assert Invoice.objects.count() == 31


def test_a_line_with_thirds_of_a_dollar_keeps_its_cents(year):
    DuesPolicy.objects.create(from_on=date(2020, 5, 1), first_year="by_month")
    make.rate("100.00")
    board.agency(date(2026, 9, 1))
    make.carried_out(make.run(year, date(2026, 9, 1)))
    line = InvoiceLine.objects.get()
    assert (line.amount, line.unit, line.invoice.total) == (Decimal("66.67"),) * 3
