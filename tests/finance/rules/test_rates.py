"""The rate that governs: by day, by size, by team (A 3.J–K, B III.7, B VII.2)."""

import pytest

from finance.rules.dues import Basis, Charge, rate_on

from .terms import FLOOD, PATROL, d, rate, said

FIRST = rate(Charge.ANNUAL, "100.00", "2000-05-01", source="minutes of 12 April 2000")
SECOND = rate(Charge.ANNUAL, "150.00", "2020-05-01", until_on=d("2026-05-01"))
SMALL = rate(Charge.ANNUAL, "80.00", "2020-05-01", most=20)
MIDDLE = rate(Charge.ANNUAL, "160.00", "2020-05-01", least=21, most=50)
LARGE = rate(Charge.ANNUAL, "240.00", "2020-05-01", least=51)
BANDS = (FIRST, SMALL, MIDDLE, LARGE)


def governing(rates, day, charge=Charge.ANNUAL, team=None, sworn=None):
    return rate_on(rates, charge, d(day), team=team, sworn=sworn)


@pytest.mark.parametrize(
    ("day", "found"),
    [
        pytest.param("2000-04-30", None, id="the day before the first rate"),
        pytest.param("2000-05-01", FIRST, id="the day of the first rate"),
        pytest.param("2020-04-30", FIRST, id="the last day of the first rate"),
        pytest.param("2020-05-01", SECOND, id="the day a later rate begins"),
        pytest.param("2026-04-30", SECOND, id="the last day of the later rate"),
        pytest.param("2026-05-01", FIRST, id="the later rate is over: the one that was never ended holds"),
    ],
)
@pytest.mark.parametrize("rates", [(FIRST, SECOND), (SECOND, FIRST)], ids=["in order", "in the other order"])
def test_the_rate_of_a_day(rates, day, found):
    finding = governing(rates, day)
    assert finding.value == found
    assert finding.missing == (() if found else ("a rate for annual dues that covers 30 April 2000",))


@pytest.mark.parametrize(
    ("sworn", "found"),
    [
        pytest.param(0, SMALL, id="none"),
        pytest.param(19, SMALL, id="19"),
        pytest.param(20, SMALL, id="20, the most of the first band"),
        pytest.param(21, MIDDLE, id="21, the least of the second band"),
        pytest.param(50, MIDDLE, id="50, the most of the second band"),
        pytest.param(51, LARGE, id="51, the least of the third band"),
        pytest.param(5000, LARGE, id="5,000: the third band is open above"),
    ],
)
def test_the_rate_of_an_agency_of_so_many_sworn_officers(sworn, found):
    assert governing(BANDS, "2026-05-01", sworn=sworn).value == found


def test_a_size_that_is_not_known_leaves_the_rate_open():
    finding = governing(BANDS, "2026-05-01")
    assert finding.value is None
    assert finding.missing == ("its number of sworn officers, which decides the size band",)


def test_a_size_that_is_not_known_matters_also_beside_a_rate_for_all():
    finding = governing((FIRST, LARGE), "2026-05-01")
    assert finding.missing == ("its number of sworn officers, which decides the size band",)


def test_a_size_that_is_not_known_does_not_matter_where_every_rate_is_the_same():
    same = rate(Charge.ANNUAL, "100.00", "2020-05-01", least=51)
    assert governing((FIRST, same), "2026-05-01").value == same
    later = rate(Charge.ANNUAL, "90.00", "2021-05-01")
    assert governing((*BANDS, later), "2026-05-01").value == later


def test_a_band_that_is_set_anew_leaves_the_others_as_they_were():
    raised = rate(Charge.ANNUAL, "300.00", "2024-05-01", least=51)
    assert governing((*BANDS, raised), "2026-05-01", sworn=51).value == raised
    assert governing((*BANDS, raised), "2026-05-01", sworn=50).value == MIDDLE


def test_a_size_for_which_no_band_is_set_leaves_the_rate_open():
    finding = governing((SMALL, LARGE), "2026-05-01", sworn=21)
    assert finding.value is None
    assert finding.missing == ("a size band for 21 sworn officers",)


def test_of_two_rates_from_one_day_neither_is_chosen():
    rival = rate(Charge.ANNUAL, "170.00", "2020-05-01", least=40, most=60)
    finding = governing((*BANDS, rival), "2026-05-01", sworn=50)
    assert finding.value is None
    assert finding.missing == ("which rate for annual dues governs, $160.00 or $170.00: both are set from one day",)
    assert governing((*BANDS, rival), "2026-05-01", sworn=39).value == MIDDLE


def test_a_rate_is_for_one_charge_and_one_team():
    flood = rate(Charge.TEAM, "2800.00", team=FLOOD)
    patrol = rate(Charge.TEAM, "90.00", team=PATROL, basis=Basis.OFFICER)
    start = rate(Charge.TEAM_START, "17000.00", team=FLOOD)
    rates = (FIRST, flood, patrol, start)
    assert governing(rates, "2026-05-01", Charge.TEAM, FLOOD).value == flood
    assert governing(rates, "2026-05-01", Charge.TEAM, PATROL).value == patrol
    assert governing(rates, "2026-05-01", Charge.TEAM_START, FLOOD).value == start
    assert governing(rates, "2026-05-01", Charge.TEAM_START, PATROL).value is None
    assert governing(rates, "2026-05-01", Charge.JOINING).value is None
    assert governing(rates, "2026-05-01").value == FIRST


def test_the_rate_says_where_it_comes_from():
    assert said(governing((FIRST,), "2026-05-01")) == (
        "rate of $100.00 (minutes of 12 April 2000) [Agreement §3.J; Bylaws Art. III §7]"
    )
    each = rate(Charge.TEAM, "90.00", team=PATROL, basis=Basis.OFFICER)
    assert said(governing((each,), "2026-05-01", Charge.TEAM, PATROL)) == (
        "rate of $90.00 for each officer committed [Agreement §3.K; Bylaws Art. VII §2]"
    )


@pytest.mark.parametrize(
    ("sworn", "fits"),
    [
        pytest.param(20, False, id="one below the band"),
        pytest.param(21, True, id="its least"),
        pytest.param(50, True, id="its most"),
        pytest.param(51, False, id="one above the band"),
        pytest.param(None, None, id="a size not known"),
    ],
)
def test_whether_a_size_fits_a_band(sworn, fits):
    assert MIDDLE.fits(sworn) is fits
    assert FIRST.fits(sworn) is True


def test_charges_in_words():
    assert [charge.label for charge in Charge] == ["Joining fee", "Annual dues", "Team fee", "Team fee to start"]
    assert [charge.of_team for charge in Charge] == [False, False, True, True]
