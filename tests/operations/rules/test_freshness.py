"""How fresh what an agency said of its resources is: fresh, to be confirmed, stale (Agreement §3.I)."""

from datetime import date, timedelta

import pytest

from operations.rules.freshness import Freshness, Schedule, freshness, months_after, months_before, stale_from

from .terms import d, said

SIX = Schedule(6, 30)


@pytest.mark.parametrize(
    ("confirmed", "day", "expected"),
    [
        pytest.param("2026-01-15", "2026-01-14", "fresh", id="the day before it was confirmed, seen from later"),
        pytest.param("2026-01-15", "2026-01-15", "fresh", id="the day it was confirmed"),
        pytest.param("2026-01-15", "2026-06-14", "fresh", id="the day before it is due"),
        pytest.param("2026-01-15", "2026-06-15", "due", id="the day it is due, thirty days before it is stale"),
        pytest.param("2026-01-15", "2026-06-16", "due", id="the day after it is due"),
        pytest.param("2026-01-15", "2026-07-14", "due", id="the day before it is stale"),
        pytest.param("2026-01-15", "2026-07-15", "stale", id="the day it is stale, six months after"),
        pytest.param("2026-01-15", "2026-07-16", "stale", id="the day after it is stale"),
        pytest.param("2025-08-31", "2026-02-27", "due", id="31 August: the day before the last of February"),
        pytest.param("2025-08-31", "2026-02-28", "stale", id="31 August: stale on the last of February"),
        pytest.param("2027-08-31", "2028-02-28", "due", id="31 August before a leap year: not yet on 28 February"),
        pytest.param("2027-08-31", "2028-02-29", "stale", id="31 August before a leap year: stale on 29 February"),
        pytest.param(None, "2026-01-01", "stale", id="never confirmed"),
    ],
)
def test_how_fresh_it_is_on_the_day(confirmed, day, expected):
    found = freshness(confirmed and d(confirmed), d(day), SIX)
    assert found.value == Freshness(expected)
    assert [str(one) for one in found.citations] == ["Agreement §3.I"]


@pytest.mark.parametrize(
    ("confirmed", "words"),
    [
        pytest.param(
            "2026-01-15", "confirmed on 15 January 2026, to be confirmed again by 15 July 2026", id="both days"
        ),
        pytest.param(None, "never confirmed", id="never"),
    ],
)
def test_why_it_is_as_fresh_as_that(confirmed, words):
    assert words in said(freshness(confirmed and d(confirmed), d("2026-02-01"), SIX))


@pytest.mark.parametrize(
    ("schedule", "day", "expected"),
    [
        pytest.param(Schedule(1, 0), "2026-02-27", "fresh", id="no reminder before: fresh to the last day"),
        pytest.param(Schedule(1, 0), "2026-02-28", "stale", id="every month: 31 January is stale on 28 February"),
        pytest.param(Schedule(1, 365), "2026-01-31", "due", id="reminded for longer than the schedule: due at once"),
        pytest.param(Schedule(12, 30), "2027-01-30", "due", id="every year: the day before"),
        pytest.param(Schedule(12, 30), "2027-01-31", "stale", id="every year: on the day"),
    ],
)
def test_the_body_sets_how_often_it_is_confirmed(schedule, day, expected):
    assert freshness(d("2026-01-31"), d(day), schedule).value == Freshness(expected)


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        pytest.param("2025-08-31", 6, "2026-02-28", id="31 August and six months"),
        pytest.param("2023-08-31", 6, "2024-02-29", id="31 August and six months, to a leap day"),
        pytest.param("2026-08-28", 6, "2027-02-28", id="a day that every month has"),
        pytest.param("2026-12-31", 1, "2027-01-31", id="across the end of a year"),
        pytest.param("2026-10-31", 1, "2026-11-30", id="a month of thirty days"),
        pytest.param("2024-02-29", 12, "2025-02-28", id="a leap day and a year"),
        pytest.param("2026-12-15", 12, "2027-12-15", id="a December and a year"),
        pytest.param("2026-05-20", 60, "2031-05-20", id="five years"),
    ],
)
def test_so_many_months_later(day, months, after):
    assert months_after(d(day), months) == d(after)
    assert stale_from(d(day), Schedule(months)) == d(after)


@pytest.mark.parametrize("months", [1, 2, 5, 6, 7, 11, 12, 13, 18, 60])
def test_months_before_names_the_last_day_from_which_so_many_months_have_passed_on_every_day_of_five_years(months):
    for number in range(5 * 366):
        day = date(2023, 1, 1) + timedelta(days=number)
        last = months_before(day, months)
        assert months_after(last, months) <= day < months_after(last + timedelta(days=1), months), day


def test_each_degree_has_its_words():
    assert [one.label for one in Freshness] == ["Fresh", "To be confirmed", "Stale"]
