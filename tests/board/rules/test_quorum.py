"""Quorum: B IV.7, XIII.2, R14."""

import pytest

from board.rules.quorum import Presence, Turn, present_at, quorum, quorum_needed, quorum_turns, wanting_for_quorum
from board.rules.terms import Body

from .terms import TERMS, agencies, at, board, said, warned


@pytest.mark.parametrize(
    ("active", "needed"),
    [(98, 50), (99, 50), (100, 51), (101, 51), (42, 22), (1, 1), (0, 1)],
    ids=lambda number: str(number),
)
def test_more_than_half_of_the_active_agencies(active, needed):
    assert quorum_needed(Body.ASSEMBLY, active, TERMS) == needed
    assert quorum(agencies(needed, active), TERMS).value is True
    assert quorum(agencies(needed - 1, active), TERMS).value is False


@pytest.mark.parametrize(
    ("house", "stands", "words"),
    [
        pytest.param(board(5), False, "5 of 11 members in office present; quorum is 6", id="five of eleven"),
        pytest.param(board(6), True, "6 of 11 members in office present; quorum is 6", id="six of eleven"),
        pytest.param(board(5, 9), False, "quorum is 6, vacant seats or not", id="five of nine in office: the number stays six"),
        pytest.param(board(6, 6), True, "6 of 6 members in office present", id="six in office, all there"),
        pytest.param(agencies(49), False, "49 of 98 active agencies present; more than half of 98 is 50", id="half of the agencies"),
        pytest.param(agencies(50), True, "more than half of 98 is 50", id="one more than half"),
    ],
)  # fmt: skip
def test_a_quorum_says_its_arithmetic_and_its_clause(house, stands, words):
    finding = quorum(house, TERMS)
    assert finding.value is stands
    assert words in said(finding)
    assert str(finding.citations[0]) in ("Bylaws Art. IV §7", "Bylaws Art. XIII §2")


def test_vacant_seats_leave_the_number_as_it_is_by_a_reading():
    assert [reading.place for reading in quorum(board(6, 10), TERMS).readings] == ["R14"]
    assert quorum(board(6, 11), TERMS).readings == ()


def test_a_board_too_small_for_its_quorum_is_told_so():
    assert "members in office: 5; no quorum is possible" in warned(quorum(board(5, 5), TERMS))
    assert quorum(board(6, 6), TERMS).flags == ()


@pytest.mark.parametrize(
    ("house", "stands"),
    [
        pytest.param(agencies(49, 98, 2), False, id="below the least number either way"),
        pytest.param(agencies(50, 98, 2), None, id="enough for 98, not for 100"),
        pytest.param(agencies(51, 98, 2), True, id="enough either way"),
        pytest.param(agencies(50, 98, 1), True, id="one more agency changes nothing: 99 needs 50 too"),
        pytest.param(board(6, 10, 1), True, id="the Board's number does not hang on who is in office"),
    ],
)
def test_agencies_whose_status_is_open_count_only_where_they_matter(house, stands):
    finding = quorum(house, TERMS)
    assert finding.value is stands
    assert bool(finding.missing) is (stands is None)


def test_what_would_settle_an_open_base_is_said_in_words():
    assert quorum(agencies(50, 98, 2), TERMS).missing == (
        "whether 2 more agencies, whose status is not determined, are active",
    )
    assert "with the 2 not determined, more than half of 100 is 51" in said(quorum(agencies(50, 98, 2), TERMS))
    assert "not determined" not in said(quorum(agencies(50, 98, 1), TERMS))
    assert agencies(1, 1, 1).open_question == "whether 1 more agency, whose status is not determined, is active"
    assert board(1, 9, 1).open_question == "whether 1 more member, whose seat is not determined, is in office"
    assert board(1, 9, 2).open_question == "whether 2 more members, whose seats are not determined, are in office"


@pytest.mark.parametrize(
    ("house", "wanting"),
    [
        pytest.param(agencies(42), 8, id="eight short"),
        pytest.param(agencies(49), 1, id="one short"),
        pytest.param(agencies(50), 0, id="a quorum"),
        pytest.param(agencies(60), 0, id="more than a quorum"),
        pytest.param(agencies(50, 98, 2), 1, id="those not determined are counted in the base"),
        pytest.param(board(5), 1, id="the Board, one short"),
    ],
)
def test_how_many_more_must_come(house, wanting):
    assert wanting_for_quorum(house, TERMS) == wanting


EARLY, LATE = Presence(at("2026-05-20 10:00"), at("2026-05-20 11:00")), Presence(at("2026-05-20 10:30"))


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        pytest.param("2026-05-20 09:59", 0, id="before anyone came"),
        pytest.param("2026-05-20 10:00", 1, id="at the minute of arrival"),
        pytest.param("2026-05-20 10:59", 2, id="the minute before the first leaves"),
        pytest.param("2026-05-20 11:00", 1, id="at the minute of leaving one is out"),
    ],
)
def test_who_is_there_at_a_moment(moment, there):
    assert present_at([EARLY, LATE], at(moment)) == there


def test_the_quorum_is_gained_and_lost_at_named_moments():
    back = Presence(at("2026-05-20 11:30"))
    assert quorum_turns([back, LATE, EARLY], 2) == (
        Turn(at("2026-05-20 10:30"), 2, True),
        Turn(at("2026-05-20 11:00"), 1, False),
        Turn(at("2026-05-20 11:30"), 2, True),
    )


def test_one_who_leaves_as_another_comes_costs_no_quorum():
    relief = Presence(at("2026-05-20 11:00"))
    assert quorum_turns([EARLY, relief], 1) == (Turn(at("2026-05-20 10:00"), 1, True),)
    assert quorum_turns([], 1) == ()
