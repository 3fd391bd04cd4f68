"""What an agency owes for a year, and why or why not (A 3.J–K, 4.A, 6.B, B III.2.c, III.7, R17)."""

from decimal import Decimal

import pytest

from finance.rules.dues import Basis, Charge, Terms, annual_dues, decide, joining_dues, owes_dues, team_fees
from finance.rules.years import FirstYear
from membership.rules.facts import Status
from nipas_admin.shared.dated import Dated

from .terms import FLOOD, PATROL, TERMS, YEAR, agency, between, d, on, place, rate, said, usd, year_of

ANNUAL = rate(Charge.ANNUAL, "100.00")
TEAM = rate(Charge.TEAM, "2800.00", team=FLOOD)
START = rate(Charge.TEAM_START, "17000.00", team=FLOOD)
EACH = rate(Charge.TEAM, "90.00", team=PATROL, basis=Basis.OFFICER)
RATES = (ANNUAL, TEAM, START, EACH)
FIRST_DAY = "2026-05-01"
BY_MONTH, BY_DAY = Terms(FirstYear.BY_MONTH), Terms(FirstYear.BY_DAY)
UNKNOWN = Dated.unknown()


def decided(payer, day=FIRST_DAY, rates=RATES, year=YEAR, terms=TERMS, **facts):
    return list(decide(payer, rates, year, d(day), terms, **facts))


def amounts(decisions):
    return [one.owed and one.owed.amount for one in decisions]


def why(decision):
    return " | ".join(map(str, decision.because))


@pytest.mark.parametrize(
    ("payer", "owes", "words"),
    [
        pytest.param(agency(), True, "active [Agreement §3.J; Bylaws Art. III §7]", id="active"),
        pytest.param(agency(status=Status.SUSPENDED), True, "suspended: it participates still", id="suspended owes"),
        pytest.param(
            agency(notice_ends_on=d("2027-05-01")),
            True,
            "its notice takes effect only on 1 May 2027 [Agreement §4.A]",
            id="a notice that runs to a later day changes nothing",
        ),
        pytest.param(
            agency(status=Status.SUSPENDED, notice_ends_on=d("2027-05-01")),
            True,
            "only on 1 May 2027",
            id="suspended, and a notice runs",
        ),
        pytest.param(
            agency(status=Status.WITHDRAWN, ended_on=d(FIRST_DAY)),
            False,
            "withdrawn on 1 May 2026: an ending stops new dues, and keeps what is owed already [Agreement §6.B]",
            id="withdrawn on 1 May itself does not owe",
        ),
        pytest.param(
            agency(status=Status.TERMINATED, ended_on=d("2025-06-01")), False, "terminated on", id="terminated"
        ),
        pytest.param(agency(status=Status.LAPSED), False, "lapsed: an ending stops", id="lapsed, the day not known"),
        pytest.param(agency(status=Status.APPLICANT), False, "does not participate", id="an applicant"),
        pytest.param(agency(status=Status.PROSPECT), False, "owes when its participation begins", id="a prospect"),
        pytest.param(agency(status=Status.NOT_DETERMINED), None, "", id="a standing that is not determined"),
    ],
)
def test_who_owes_dues_on_a_day(payer, owes, words):
    finding = owes_dues(payer, d(FIRST_DAY))
    assert finding.value is owes
    assert words in said(finding)
    assert finding.missing == (() if owes is not None else ("whether it participates on 1 May 2026",))
    assert bool(finding.readings) is (payer.status is Status.SUSPENDED)


def test_who_does_not_owe_is_not_invoiced_and_the_reason_is_kept():
    (left,) = decided(agency(status=Status.WITHDRAWN, ended_on=d(FIRST_DAY), places=(place(),)))
    assert (left.invoiced, left.missing) == (False, ())
    assert "withdrawn on 1 May 2026" in why(left)
    (unclear,) = decided(agency(status=Status.NOT_DETERMINED))
    assert (unclear.invoiced, unclear.missing) == (False, ("whether it participates on 1 May 2026",))


@pytest.mark.parametrize(
    ("begun", "full", "by_month", "by_day"),
    [
        pytest.param(on("1990-03-05"), "100.00", "100.00", "100.00", id="in since 1990"),
        pytest.param(on("2026-05-01"), "100.00", "100.00", "100.00", id="in since the first day"),
        pytest.param(on("2026-06-01"), "100.00", "91.67", "91.51", id="in since 1 June"),
        pytest.param(on("2027-04-30"), "100.00", "8.33", "0.27", id="in since the last day"),
        pytest.param(UNKNOWN, "100.00", None, None, id="since when is not known"),
        pytest.param(between(None, "2026-05-01"), "100.00", "100.00", "100.00", id="in by the first day"),
        pytest.param(between("2020-01-01", "2026-05-31"), "100.00", "100.00", None, id="in by May: the same by month"),
        pytest.param(between("2026-05-31", "2026-06-01"), "100.00", None, None, id="in May or in June"),
        pytest.param(between("2026-06-02", "2026-06-30"), "100.00", "91.67", None, id="some day in June"),
    ],
)
def test_the_dues_of_a_year(begun, full, by_month, by_day):
    for terms, amount in ((TERMS, full), (BY_MONTH, by_month), (BY_DAY, by_day)):
        finding = annual_dues(agency(begun), RATES, YEAR, d("2027-04-30"), terms)
        assert (finding.value and finding.value.amount) == (amount and usd(amount))
        assert finding.missing == (() if amount else ("the first day of its participation",))


def test_who_participates_on_the_day_began_by_then():
    begun = between("2026-05-31", "2026-06-01")
    assert annual_dues(agency(begun), RATES, YEAR, d("2026-05-31"), BY_DAY).value.amount == usd("91.78")
    finding = annual_dues(agency(begun), RATES, YEAR, d("2026-06-01"), BY_DAY)
    assert finding.missing == ("the first day of its participation",)
    assert "its participation began: between 31 May 2026 and 1 June 2026" in said(finding)


def test_an_agency_of_an_unknown_day_owes_the_year_whole_on_its_first_day():
    for terms in (TERMS, BY_MONTH, BY_DAY):
        assert annual_dues(agency(UNKNOWN), RATES, YEAR, d(FIRST_DAY), terms).value.amount == usd("100.00")
    assert annual_dues(agency(UNKNOWN), RATES, YEAR, d("2026-05-31"), BY_MONTH).value.amount == usd("100.00")
    assert annual_dues(agency(UNKNOWN), RATES, YEAR, d("2026-06-01"), BY_MONTH).value is None


def test_a_line_says_from_when_a_part_of_the_year_is_asked_for():
    def text(begun, terms=BY_MONTH):
        return annual_dues(agency(begun), RATES, YEAR, d("2027-04-30"), terms).value.lines[0].text

    assert text(on("1990-03-05")) == "Annual dues, FY 2026–27"
    assert text(on("2026-06-02")) == "Annual dues, FY 2026–27, from 2 June 2026"
    assert text(on("2026-06-02"), TERMS) == "Annual dues, FY 2026–27"
    assert text(between("2026-06-02", "2026-06-30")) == "Annual dues, FY 2026–27, a part of it"


@pytest.mark.parametrize(
    ("day", "owed"),
    [
        pytest.param("2026-05-01", "150.00", id="asked on its first day"),
        pytest.param("2026-10-31", "150.00", id="asked the day before a new rate"),
        pytest.param("2026-11-01", "175.00", id="asked on the day of a new rate"),
    ],
)
def test_the_rate_is_that_of_the_day(day, owed):
    rates = (ANNUAL, rate(Charge.ANNUAL, "150.00", "2026-05-01"), rate(Charge.ANNUAL, "175.00", "2026-11-01"))
    rates += (rate(Charge.ANNUAL, "200.00", "2027-05-01"),)
    assert annual_dues(agency(), rates, YEAR, d(day), TERMS).value.amount == usd(owed)


def test_without_a_rate_nothing_is_invoiced_and_it_is_said():
    (dues,) = decided(agency(), rates=())
    assert (dues.owed, dues.missing) == (None, ("a rate for annual dues that covers 1 May 2026",))
    (_, fees) = decided(agency(places=(place(),)), rates=(ANNUAL,))
    assert fees.missing == ("Flood Team: a rate for team fee that covers 1 May 2026",)
    assert fees.team == FLOOD


def test_a_rate_of_nothing_makes_no_invoice():
    free = (rate(Charge.ANNUAL, "0.00"), rate(Charge.TEAM, "0.00", team=FLOOD), rate(Charge.JOINING, "0.00"))
    decisions = decided(agency(places=(place(),)), rates=free)
    assert amounts(decisions) == [None, None]
    assert [one.missing for one in decisions] == [(), ()]
    assert "annual dues of $0.00: nothing to invoice" in why(decisions[0])
    joining = joining_dues(agency(), free, YEAR, d(FIRST_DAY), TERMS)
    assert (joining.value, joining.missing) == (None, ())
    both = joining_dues(agency(), free, YEAR, d(FIRST_DAY), Terms(joining_covers_year=False))
    assert (both.value, both.missing) == (None, ())


@pytest.mark.parametrize(
    ("invoiced", "owed", "words"),
    [
        pytest.param((), [usd("100.00"), usd("2800.00")], "active", id="nothing yet"),
        pytest.param(
            ((Charge.ANNUAL, None),), [None, usd("2800.00")], "already invoiced for FY 2026–27", id="its dues"
        ),
        pytest.param(
            ((Charge.JOINING, None),),
            [None, usd("2800.00")],
            "joined in FY 2026–27: what it was invoiced at commencement covers the year",
            id="at commencement, this year",
        ),
        pytest.param(((Charge.TEAM, FLOOD),), [usd("100.00"), None], "active", id="its team fee"),
        pytest.param(((Charge.TEAM, PATROL),), [usd("100.00"), usd("2800.00")], "active", id="another team's fee"),
        pytest.param(((Charge.ANNUAL, None), (Charge.TEAM, FLOOD)), [None, None], "already", id="all of it"),
    ],
)
def test_nothing_is_invoiced_twice_in_a_year(invoiced, owed, words):
    decisions = decided(agency(places=(place(),)), invoiced=frozenset(invoiced))
    assert amounts(decisions) == owed
    assert words in why(decisions[0])
    if owed[1] is None:
        assert "Flood Team: already invoiced for FY 2026–27" in why(decisions[1])
        assert decisions[1].team == FLOOD


def test_only_what_is_wanted_is_decided():
    payer = agency(places=(place(), place(PATROL, "Patrol Team", officers=3)))
    assert amounts(decided(payer, wanted=frozenset((Charge.ANNUAL,)))) == [usd("100.00")]
    assert amounts(decided(payer, wanted=frozenset((Charge.TEAM,)))) == [usd("2800.00"), usd("270.00")]
    (none,) = decided(agency(), wanted=frozenset((Charge.TEAM,)))
    assert (none.owed, none.missing) == (None, ())
    assert why(none) == "in no team [Agreement §3.K; Bylaws Art. VII §2]"


@pytest.mark.parametrize(
    ("officers", "owed", "text"),
    [
        pytest.param(0, None, "", id="none committed: nothing to invoice"),
        pytest.param(1, "90.00", "Patrol Team: team fee, FY 2026–27, 1 officer", id="one officer"),
        pytest.param(4, "360.00", "Patrol Team: team fee, FY 2026–27, 4 officers", id="four officers"),
    ],
)
def test_a_team_fee_for_each_officer_committed(officers, owed, text):
    at = place(PATROL, "Patrol Team", officers=officers)
    finding = team_fees(agency(), at, RATES, YEAR, d(FIRST_DAY), TERMS, starts=False)
    assert (finding.value and finding.value.amount) == (owed and usd(owed))
    assert finding.missing == ()
    if finding.value:
        (line,) = finding.value.lines
        assert (line.text, line.quantity, line.unit) == (text, officers, usd("90.00"))


def test_a_number_of_officers_that_is_not_known_leaves_the_fee_open():
    finding = team_fees(agency(), place(PATROL, "Patrol Team"), RATES, YEAR, d(FIRST_DAY), TERMS, starts=False)
    assert (finding.value, finding.missing) == (None, ("how many officers it commits to Patrol Team",))
    flat = team_fees(agency(), place(), RATES, YEAR, d(FIRST_DAY), TERMS, starts=False)
    assert flat.value.amount == usd("2800.00")


@pytest.mark.parametrize(
    ("since", "terms", "owed"),
    [
        pytest.param("2026-05-01", BY_MONTH, "2800.00", id="by the month, from the first day"),
        pytest.param("2026-11-01", BY_MONTH, "1400.00", id="by the month, from 1 November"),
        pytest.param("2026-11-01", TERMS, "2800.00", id="the full year, from 1 November"),
    ],
)
def test_a_place_that_begins_within_the_year_follows_the_first_year_policy(since, terms, owed):
    finding = team_fees(agency(), place(since=d(since)), RATES, YEAR, d("2027-04-30"), terms, starts=False)
    assert (finding.value and finding.value.amount) == (owed and usd(owed))
    assert finding.missing == ()


def test_a_place_of_an_unknown_day_is_asked_about_only_where_it_matters():
    at = place(since=None)
    assert team_fees(agency(), at, RATES, YEAR, d("2026-12-01"), TERMS, starts=False).value.amount == usd("2800.00")
    finding = team_fees(agency(), at, RATES, YEAR, d("2026-12-01"), BY_MONTH, starts=False)
    assert finding.missing == ("the first day of its place in Flood Team",)


def test_every_line_is_its_quantity_times_its_unit():
    for since in ("2010-05-01", "2026-12-24"):
        at = place(PATROL, "Patrol Team", officers=7, since=d(since))
        for terms in (TERMS, BY_MONTH, BY_DAY):
            owed = team_fees(agency(), at, RATES, YEAR, d("2027-01-01"), terms, starts=False).value
            assert [line.amount for line in owed.lines] == [line.quantity * line.unit for line in owed.lines]
    assert owed.lines[0].text == "Patrol Team: team fee, FY 2026–27, 7 officers, from 24 December 2026"


def test_dues_and_fees_to_start_are_asked_for_once_each():
    at = place(since=d(FIRST_DAY))
    invoices = (
        annual_dues(agency(), RATES, YEAR, d(FIRST_DAY), TERMS),
        team_fees(agency(), at, RATES, YEAR, d(FIRST_DAY), TERMS, starts=True),
        joining_dues(agency(), (FEE, ANNUAL), YEAR, d(FIRST_DAY), Terms(joining_covers_year=False)),
    )
    lines = [line for invoice in invoices for line in invoice.value.lines]
    assert [(line.quantity, line.unit) for line in lines] == [(1, line.amount) for line in lines]
    assert [line.charge for line in lines] == [
        Charge.ANNUAL, Charge.TEAM, Charge.TEAM_START, Charge.JOINING, Charge.ANNUAL,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("since", "started", "starts"),
    [
        pytest.param("2026-04-30", (), False, id="since the day before the year"),
        pytest.param("2026-05-01", (), True, id="since the first day of the year"),
        pytest.param("2027-04-30", (), True, id="since the last day of the year"),
        pytest.param("2026-05-01", (FLOOD,), False, id="charged once already"),
        pytest.param("2026-05-01", (PATROL,), True, id="another team's start was charged"),
        pytest.param(None, (), False, id="since when is not known"),
    ],
)
def test_the_fee_to_start_is_asked_for_once_in_the_first_year(since, started, starts):
    payer = agency(places=(place(since=since and d(since)),))
    (_, fees) = decided(payer, "2027-04-30", started=frozenset(started))
    assert fees.owed.amount == usd("19800.00" if starts else "2800.00")
    assert [line.charge for line in fees.owed.lines] == [Charge.TEAM, Charge.TEAM_START][: 1 + starts]


@pytest.mark.parametrize(
    ("since", "started", "told"),
    [
        pytest.param(None, (), True, id="since when is not known"),
        pytest.param(None, (FLOOD,), False, id="since when is not known, and charged once already"),
        pytest.param("2020-05-01", (), False, id="not new"),
        pytest.param(FIRST_DAY, (), False, id="new, and charged"),
    ],
)
def test_a_fee_to_start_that_is_left_out_for_want_of_a_day_is_told(since, started, told):
    payer = agency(places=(place(since=since and d(since)),))
    (_, fees) = decided(payer, FIRST_DAY, started=frozenset(started))
    assert any("no fee to start, for the day on which it elected in" in str(fact) for fact in fees.because) is told
    (_, without) = decided(payer, FIRST_DAY, rates=(ANNUAL, TEAM), started=frozenset(started))
    assert not any("no fee to start" in str(fact) for fact in without.because)


def test_a_fee_to_start_that_depends_on_an_unknown_size_leaves_the_invoice_open():
    by_size = (
        rate(Charge.TEAM_START, "9000.00", team=FLOOD, most=20),
        rate(Charge.TEAM_START, "17000.00", team=FLOOD, least=21),
    )
    at = place(since=d(FIRST_DAY))
    finding = team_fees(agency(), at, (TEAM, *by_size), YEAR, d(FIRST_DAY), TERMS, starts=True)
    assert finding.missing == ("Flood Team: its number of sworn officers, which decides the size band",)
    known = team_fees(agency(sworn=20), at, (TEAM, *by_size), YEAR, d(FIRST_DAY), TERMS, starts=True)
    assert known.value.amount == usd("11800.00")
    assert team_fees(agency(), at, (TEAM,), YEAR, d(FIRST_DAY), TERMS, starts=True).value.amount == usd("2800.00")


# What is owed at commencement (B III.2.c): a joining fee, or the dues of the first year, or both.

FEE = rate(Charge.JOINING, "200.00")


@pytest.mark.parametrize(
    ("rates", "terms", "owed"),
    [
        pytest.param((FEE, ANNUAL), TERMS, "200.00", id="a joining fee covers the first year"),
        pytest.param((FEE, ANNUAL), Terms(joining_covers_year=False), "300.00", id="unless the Board set otherwise"),
        pytest.param((FEE,), TERMS, "200.00", id="a joining fee alone"),
        pytest.param((ANNUAL,), TERMS, "100.00", id="no joining fee: the dues of the year"),
        pytest.param((ANNUAL,), BY_MONTH, "50.00", id="no joining fee: its dues by the month from 1 November"),
        pytest.param((FEE, ANNUAL), BY_MONTH, "200.00", id="a joining fee is never cut"),
        pytest.param(
            (FEE, ANNUAL), Terms(FirstYear.BY_MONTH, joining_covers_year=False), "250.00", id="beside it the dues are"
        ),
    ],
)
def test_what_is_due_at_commencement(rates, terms, owed):
    finding = joining_dues(agency(status=Status.APPLICANT), rates, YEAR, d("2026-11-01"), terms)
    assert finding.value.charge is Charge.JOINING
    assert finding.value.amount == usd(owed)
    assert "due at the commencement of participation [Bylaws Art. III §2.c; Bylaws Art. III §7]" in said(finding)


@pytest.mark.parametrize(
    ("rates", "terms", "missing"),
    [
        pytest.param((), TERMS, "a rate for annual dues that covers 1 November 2026", id="no rate at all"),
        pytest.param(
            (FEE,), Terms(joining_covers_year=False), "a rate for annual dues that covers", id="no rate for the dues"
        ),
        pytest.param(
            (rate(Charge.JOINING, "200.00", most=20), ANNUAL),
            TERMS,
            "its number of sworn officers",
            id="a joining fee by a size that is not known is not passed over",
        ),
    ],
)
def test_what_is_due_at_commencement_is_open_without_its_rate(rates, terms, missing):
    finding = joining_dues(agency(status=Status.APPLICANT), rates, YEAR, d("2026-11-01"), terms)
    assert finding.value is None
    assert missing in finding.missing[0]


# Rates that are on record, billed as they were.


def test_elgin_1993_pays_200_the_first_year_and_100_each_year_after():
    rates = (rate(Charge.JOINING, "200.00", "1993-01-01"), rate(Charge.ANNUAL, "100.00", "1993-01-01"))
    first, payer = year_of("1993-09-01"), agency(on("1993-09-01"))
    assert joining_dues(payer, rates, first, d("1993-09-01"), TERMS).value.amount == usd("200.00")
    joined = frozenset([(Charge.JOINING, None)])
    assert amounts(decided(payer, "1993-10-01", rates, first, invoiced=joined)) == [None]
    for day in ("1994-05-01", "1995-05-01", "1996-05-01"):
        assert amounts(decided(payer, day, rates, year_of(day))) == [usd("100.00")]


@pytest.mark.parametrize(
    ("begun", "yearly", "start", "first"),
    [
        pytest.param("2001-07-01", "2800.00", "17000.00", "19800.00", id="Schaumburg 2001"),
        pytest.param("2000-07-01", "3600.00", "22000.00", "25600.00", id="Waukegan 2000"),
    ],
)
def test_a_team_is_paid_for_each_year_and_once_to_start(begun, yearly, start, first):
    rates = (
        rate(Charge.TEAM, yearly, "1999-05-01", team=FLOOD),
        rate(Charge.TEAM_START, start, "1999-05-01", team=FLOOD),
    )
    wanted = frozenset((Charge.TEAM,))
    payer = agency(places=(place(since=d(begun)),))
    (fees,) = decided(payer, begun, rates, year_of(begun), wanted=wanted)
    assert [line.amount for line in fees.owed.lines] == [usd(yearly), usd(start)]
    assert fees.owed.amount == usd(first)
    for day in ("2002-05-01", "2003-05-01"):
        assert amounts(decided(payer, day, rates, year_of(day), wanted=wanted, started=frozenset((FLOOD,)))) == [
            usd(yearly)
        ]


def test_an_invoice_says_why():
    dues, fees = decided(agency(places=(place(),)))
    assert why(dues) == (
        "active [Agreement §3.J; Bylaws Art. III §7] | rate of $100.00 [Agreement §3.J; Bylaws Art. III §7]"
        " | $100.00 for FY 2026–27 [Bylaws Art. III §7]"
    )
    assert "in Flood Team [Agreement §3.K; Bylaws Art. VII §2]" in why(fees)
    assert dues.owed.lines[0].amount == dues.owed.amount == Decimal("100.00")
