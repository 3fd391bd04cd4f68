"""The figures of a bylaws version, and which version governs: B IV.1, XV, XVIII."""

import pytest

from board.rules.terms import Base, Body, Decision, NoBylaws, Office, Threshold, Version, governing
from nipas_admin.shared.shares import Share

from .terms import NEVER, TERMS, UNKNOWN, at_least, between, d, more_than_half_of, on


def version(key, in_force, terms=TERMS):
    return Version(key, f"Bylaws of {key}", in_force, terms)


OF_2009 = version(2009, on("2009-05-20"), terms=None)
OF_2018 = version(2018, on("2019-02-05"))
PROPOSED = version(2027, NEVER)
DAY_UNKNOWN = version(2018, between("2018-06-30", "2019-06-30"))


@pytest.mark.parametrize(
    ("versions", "day", "key"),
    [
        pytest.param([OF_2009, OF_2018], "2009-05-20", 2009, id="the first day of the earlier version"),
        pytest.param([OF_2009, OF_2018], "2019-02-04", 2009, id="the day before the later version"),
        pytest.param([OF_2009, OF_2018], "2019-02-05", 2018, id="from its first day the later version governs"),
        pytest.param([OF_2018, OF_2009], "2019-02-05", 2018, id="whichever was recorded first"),
        pytest.param([OF_2018, PROPOSED], "2030-01-01", 2018, id="a version proposed and not adopted governs nothing"),
        pytest.param([OF_2009, DAY_UNKNOWN], "2018-06-29", 2009, id="the day before it can have come into force"),
        pytest.param([OF_2009, DAY_UNKNOWN], "2019-06-30", 2018, id="once it is in force on every candidate day"),
        pytest.param([version(1, on("2020-05-20")), version(2, on("2020-05-20"))], "2020-05-20", 2, id="two amendments of one day: the one recorded later"),
    ],
)  # fmt: skip
def test_the_version_that_governs_is_the_last_in_force_by_the_day(versions, day, key):
    assert governing(versions, d(day)).key == key


@pytest.mark.parametrize(
    ("versions", "day", "words"),
    [
        pytest.param([OF_2009], "2009-05-19", "No version of the bylaws covers 19 May 2009", id="the day before the first"),
        pytest.param([], "2026-05-20", "Record the version", id="none recorded"),
        pytest.param([OF_2009, DAY_UNKNOWN], "2018-06-30", "whether Bylaws of 2018 was in force on 30 June 2018", id="the first day it can have come into force"),
        pytest.param([OF_2009, DAY_UNKNOWN], "2019-06-29", "record its first day", id="the last day on which that is open"),
        pytest.param([version(1, between("2001-01-01", "2005-01-01")), version(2, on("2003-01-01"))], "2010-01-01", "which came into force last, Bylaws of 1 or Bylaws of 2", id="two whose order is open"),
        pytest.param([version(1, between(None, "2005-01-01")), version(2, on("1998-01-01"))], "2010-01-01", "which came into force last", id="one of them at any time before"),
    ],
)  # fmt: skip
def test_a_day_that_no_version_surely_covers_raises(versions, day, words):
    with pytest.raises(NoBylaws, match=words):
        governing(versions, d(day))


def test_two_whose_bounds_do_not_cross_are_in_order():
    first, second = version(1, between("2001-01-01", "2003-01-01")), version(2, between("2003-01-01", "2005-01-01"))
    assert governing([first, second], d("2005-01-01")) is second


def test_in_force_on_a_day_quite_unknown_governs_no_day():
    with pytest.raises(NoBylaws, match="No version"):
        governing([version(2018, UNKNOWN)], d("2030-01-01"))


@pytest.mark.parametrize(
    ("threshold", "number", "needed"),
    [
        pytest.param(more_than_half_of(Base.CAST), 0, 1, id="a vote with no votes cast never carries"),
        pytest.param(more_than_half_of(Base.CAST), 10, 6, id="more than half of an even number"),
        pytest.param(more_than_half_of(Base.CAST), 11, 6, id="more than half of an odd number"),
        pytest.param(at_least(2, 3, Base.CAST), 0, 1, id="nor does a share of nothing"),
        pytest.param(at_least(2, 3, Base.CAST), 3, 2, id="two thirds of three, which no decimal fraction hits"),
        pytest.param(at_least(2, 3, Base.CAST), 11, 8, id="two thirds of eleven"),
        pytest.param(at_least(3, 4, Base.CAST), 100, 75, id="three fourths reached exactly"),
        pytest.param(at_least(3, 4, Base.CAST), 101, 76, id="three fourths rounded up"),
    ],
)
def test_the_least_number_that_carries(threshold, number, needed):
    assert threshold.needed(number) == needed
    assert threshold.reached_by(needed, number)
    assert not threshold.reached_by(needed - 1, number)


def test_the_board_has_eleven_seats_four_of_them_officers():
    assert TERMS.seats == 11
    assert [office.label for office in Office if office.is_officer] == [
        "President", "Vice-President", "Secretary", "Treasurer",
    ]  # fmt: skip
    assert [office for office in Office if office.is_elected] == [Office.PRESIDENT, Office.VICE_PRESIDENT]
    assert [Office.PAST_PRESIDENT.label, Office.AT_LARGE.label] == ["Immediate past President", "At-large member"]


def test_shares_bases_and_decisions_are_said_in_words():
    assert str(more_than_half_of(Base.CAST)) == "more than half"
    assert str(at_least(2, 3, Base.CAST)) == "at least 2/3"
    assert str(Threshold(Share(2, 3), Base.CAST, exceeds=True)) == "more than 2/3"
    assert [[base.label(body) for base in Base] for body in Body] == [
        ["votes cast", "members present", "members in office", "seats of the Board"],
        ["votes cast", "active agencies present", "active agencies", "seats of the Board"],
    ]
    assert Decision.REMOVAL.label == "Suspension or termination"
