"""The Treasurer's report: the same days of earlier years, figures that agree, what is left of a budget (B VI.4)."""

import pytest

from finance.rules.report import Budgeted, agreeing, years_before

from .terms import d, said, usd


@pytest.mark.parametrize(
    ("day", "years", "before"),
    [
        pytest.param("2026-05-01", 0, "2026-05-01", id="no year before"),
        pytest.param("2026-05-01", 1, "2025-05-01", id="the year before"),
        pytest.param("2026-05-01", 2, "2024-05-01", id="two years before"),
        pytest.param("2024-02-28", 1, "2023-02-28", id="the day before a leap day"),
        pytest.param("2024-02-29", 1, "2023-03-01", id="a leap day, and no such day the year before"),
        pytest.param("2024-02-29", 4, "2020-02-29", id="a leap day, and a leap day four years before"),
        pytest.param("2024-03-01", 1, "2023-03-01", id="the day after a leap day"),
    ],
)
def test_the_same_day_of_an_earlier_year(day, years, before):
    assert years_before(d(day), years) == d(before)


JOURNAL = {"Dues": usd("100.00"), "Team fees": usd("40.00")}


def checks(other):
    return list(agreeing("Receipts", ("by the journal", JOURNAL), ("by the payments", other)))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(dict(JOURNAL), id="the same"),
        pytest.param({**JOURNAL, "Interest": usd("0.00")}, id="an account without money on one side only"),
    ],
)
def test_figures_that_agree_are_said_once_with_their_sum(other):
    (finding,) = checks(other)
    assert finding.value is True
    assert "Receipts: by the journal $140.00, by the payments $140.00: difference $0.00" in said(finding)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        pytest.param(
            {**JOURNAL, "Dues": usd("100.01")},
            ["Receipts, Dues: by the journal $100.00, by the payments $100.01: difference −$0.01"],
            id="a cent in one account",
        ),
        pytest.param(
            {"Dues": usd("140.00")},
            [
                "Receipts, Dues: by the journal $100.00",
                "Receipts, Team fees: by the journal $40.00, by the payments $0.00",
            ],
            id="the same sum, and another account",
        ),
        pytest.param(
            {**JOURNAL, "Interest": usd("5.00")},
            ["Receipts, Interest: by the journal $0.00, by the payments $5.00: difference −$5.00"],
            id="an account that only one side knows",
        ),
    ],
)
def test_figures_that_do_not_agree_are_named(other, words):
    found = checks(other)
    assert [finding.value for finding in found] == [False] * len(words)
    assert all(part in said(finding) for part, finding in zip(words, found, strict=True))


@pytest.mark.parametrize(
    ("budget", "actual", "variance", "percent"),
    [
        pytest.param("100.00", "0.00", "-100.00", 0, id="nothing yet"),
        pytest.param("100.00", "99.99", "-0.01", 99, id="a cent less: rounded down"),
        pytest.param("100.00", "100.00", "0.00", 100, id="to the cent"),
        pytest.param("100.00", "100.99", "0.99", 100, id="a little more: rounded down"),
        pytest.param("100.00", "101.00", "1.00", 101, id="one in a hundred more"),
        pytest.param("0.00", "20.00", "20.00", None, id="nothing budgeted"),
        pytest.param("0.01", "0.01", "0.00", 100, id="a cent budgeted"),
        pytest.param("100.00", "-0.01", "-100.01", None, id="less than nothing, after a reversal"),
    ],
)
def test_what_came_of_a_budget(budget, actual, variance, percent):
    line = Budgeted(usd(budget), usd(actual))
    assert line.variance == usd(variance)
    assert line.percent == percent
