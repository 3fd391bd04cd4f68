"""The fiscal year (B XIV) and how much of it a first year is (B III.7, A 3.J)."""

import pytest

from finance.rules.years import FirstYear, Year, first_year_amount, fiscal_year

from .terms import YEAR, d, said, usd, year_of


@pytest.mark.parametrize(
    ("day", "name", "number"),
    [
        pytest.param("2026-04-30", "FY 2025–26", 365, id="30 April is the last day of the year before"),
        pytest.param("2026-05-01", "FY 2026–27", 1, id="1 May is the first day"),
        pytest.param("2026-05-02", "FY 2026–27", 2, id="2 May is the second"),
        pytest.param("2026-12-31", "FY 2026–27", 245, id="the calendar year ends inside"),
        pytest.param("2027-01-01", "FY 2026–27", 246, id="the calendar year begins inside"),
        pytest.param("2024-02-29", "FY 2023–24", 305, id="a leap day"),
        pytest.param("2024-04-30", "FY 2023–24", 366, id="a year with a leap day has 366"),
        pytest.param("2023-04-30", "FY 2022–23", 365, id="the year before it has 365"),
        pytest.param("2025-04-30", "FY 2024–25", 365, id="the year after it has 365"),
        pytest.param("2000-04-30", "FY 1999–00", 366, id="over the turn of the century"),
    ],
)
def test_the_fiscal_year_of_a_day(day, name, number):
    year = fiscal_year(d(day), 5, 1)
    assert str(year) == name
    assert d(day) in year
    assert year.day_number(d(day)) == number


def test_years_meet_without_a_gap():
    before, year = year_of("2026-04-30"), year_of("2026-05-01")
    assert before.ends_on == year.starts_on == d("2026-05-01")
    assert before.last_day == d("2026-04-30")
    assert (before.days, year_of("2024-04-30").days) == (365, 366)
    assert before < year


@pytest.mark.parametrize("day", ["2026-04-30", "2027-05-01"])
def test_a_day_outside_has_no_number_in_the_year(day):
    assert d(day) not in YEAR
    with pytest.raises(ValueError, match=r"does not lie in FY 2026–27\."):
        YEAR.day_number(d(day))


def test_the_year_follows_the_bylaws_in_force():
    assert str(fiscal_year(d("2026-06-30"), 7, 1)) == "FY 2025–26"
    assert str(fiscal_year(d("2026-12-31"), 1, 1)) == "FY 2026"


@pytest.mark.parametrize(
    ("since", "full", "by_month", "by_day"),
    [
        pytest.param("2020-01-01", "120.00", "120.00", "120.00", id="in for years"),
        pytest.param("2026-04-30", "120.00", "120.00", "120.00", id="joined the day before the year"),
        pytest.param("2026-05-01", "120.00", "120.00", "120.00", id="joined on its first day"),
        pytest.param("2026-05-02", "120.00", "120.00", "119.67", id="joined on its second day: 364 of 365 days"),
        pytest.param("2026-05-31", "120.00", "120.00", "110.14", id="joined on the last day of May"),
        pytest.param("2026-06-01", "120.00", "110.00", "109.81", id="joined on 1 June: eleven months"),
        pytest.param("2026-12-31", "120.00", "50.00", "39.78", id="joined on 31 December: five months"),
        pytest.param("2027-01-01", "120.00", "40.00", "39.45", id="joined on 1 January: four months"),
        pytest.param("2027-03-31", "120.00", "20.00", "10.19", id="joined on 31 March: two months"),
        pytest.param("2027-04-01", "120.00", "10.00", "9.86", id="joined on 1 April: one month"),
        pytest.param("2027-04-30", "120.00", "10.00", "0.33", id="joined on its last day: one month, one day"),
    ],
)
def test_what_a_first_year_costs(since, full, by_month, by_day):
    owed = {policy: first_year_amount(usd("120.00"), d(since), YEAR, policy).value for policy in FirstYear}
    assert owed == {FirstYear.FULL: usd(full), FirstYear.BY_MONTH: usd(by_month), FirstYear.BY_DAY: usd(by_day)}


@pytest.mark.parametrize(
    ("since", "owed"),
    [
        pytest.param("2024-02-28", "63.00", id="the day before the leap day: 63 of 366"),
        pytest.param("2024-02-29", "62.00", id="the leap day: 62 of 366"),
        pytest.param("2024-03-01", "61.00", id="the day after it: 61 of 366"),
    ],
)
def test_a_leap_year_counts_366_days(since, owed):
    finding = first_year_amount(usd("366.00"), d(since), year_of("2024-02-29"), FirstYear.BY_DAY)
    assert finding.value == usd(owed)
    assert "of 366 days" in said(finding)


def test_the_share_of_a_year_is_rounded_to_the_nearest_cent_and_shows_its_arithmetic():
    finding = first_year_amount(usd("100.00"), d("2026-09-15"), YEAR, FirstYear.BY_MONTH)
    assert finding.value == usd("66.67")
    assert "from 15 September 2026: 8 of 12 months of $100.00 is $66.67 [Bylaws Art. III §7]" in said(finding)
    assert first_year_amount(usd("0.06"), d("2027-04-01"), YEAR, FirstYear.BY_MONTH).value == usd("0.01")
    assert first_year_amount(usd("0.05"), d("2027-04-01"), YEAR, FirstYear.BY_MONTH).value == usd("0.00")


def test_months_run_from_the_first_day_of_the_year():
    year = Year(d("2026-05-15"), d("2027-05-15"))
    amounts = [
        first_year_amount(usd("12.00"), d(day), year, FirstYear.BY_MONTH).value
        for day in ("2026-06-14", "2026-06-15", "2026-06-16")
    ]
    assert amounts == [usd("12.00"), usd("11.00"), usd("11.00")]


@pytest.mark.parametrize("policy", FirstYear)
def test_nothing_is_worked_out_for_a_year_that_was_over(policy):
    with pytest.raises(ValueError, match="1 May 2027 lies after FY 2026–27"):
        first_year_amount(usd("120.00"), d("2027-05-01"), YEAR, policy)


def test_the_policies_in_words():
    assert [policy.label for policy in FirstYear] == ["the full year", "by the month", "by the day"]
