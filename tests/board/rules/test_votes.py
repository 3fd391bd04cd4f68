"""The outcome of a vote: A 4.B–C, B III.4, III.8–9, IV.8, XIII.2–4, XV, XVII, R9, R10."""

import pytest

from board.rules.terms import Base, Decision
from board.rules.votes import (
    Tally,
    ayes_to_carry,
    counts,
    declared_by_voice,
    depends_on_reading,
    outcome,
    votes_in_order,
)
from nipas_admin.shared.citations import AGREEMENT, BYLAWS

from .terms import TERMS, agencies, at_least, board, counting, more_than_half_of, said, warned

D = Decision


@pytest.mark.parametrize(
    ("decision", "tally", "house", "carried", "depends"),
    [
        # B XIII.4, R10: more than half of the members in office
        pytest.param(D.BOARD, Tally(6, 0), board(6), True, False, id="Board: six of six present, of eleven"),
        pytest.param(D.BOARD, Tally(5, 1), board(6), False, True, id="Board: 5-1 with six present fails on members in office, passes on present and on cast"),
        pytest.param(D.BOARD, Tally(6, 5), board(11), True, False, id="Board: 6-5 of eleven"),
        pytest.param(D.BOARD, Tally(5, 4, 2), board(11), False, True, id="Board: 5-4 with two abstaining passes on cast only"),
        pytest.param(D.BOARD, Tally(5, 5), board(10), False, False, id="Board: a tie fails on every base"),
        pytest.param(D.BOARD, Tally(5, 2), board(7, 9), True, True, id="Board: five of nine in office carries, of eleven seats it does not"),
        pytest.param(D.BOARD, Tally(6, 1), board(7, 9), True, False, id="Board: six of nine in office carries on eleven seats too"),
        # A 4.B–C, R9: two thirds of the members in office
        pytest.param(D.REMOVAL, Tally(8, 3), board(11), True, False, id="two thirds: 8 of eleven"),
        pytest.param(D.REMOVAL, Tally(7, 4), board(11), False, False, id="two thirds: 7-4 of eleven fails on every base"),
        pytest.param(D.REMOVAL, Tally(7, 3, 1), board(11), False, True, id="two thirds: 7-3 with one abstaining passes on votes cast"),
        pytest.param(D.REMOVAL, Tally(7, 3), board(10, 10), True, True, id="two thirds: 7 of ten in office, but not of eleven seats"),
        pytest.param(D.REMOVAL, Tally(8, 2), board(10, 10), True, False, id="two thirds: 8 of ten in office, and of eleven seats"),
        pytest.param(D.REMOVAL, Tally(6, 4), board(10, 10), False, False, id="two thirds: 6 of ten in office fails"),
        pytest.param(D.REMOVAL, Tally(6, 3), board(9, 9), True, True, id="two thirds: 6 of nine in office, but not of eleven seats"),
        pytest.param(D.REMOVAL, Tally(5, 0), board(6, 9), False, True, id="two thirds: 5 of nine in office fails, of five cast it passes"),
        # B XIII.3, XV, IV.8: more than half of the active agencies present; the text names the base
        pytest.param(D.ASSEMBLY, Tally(30, 20, 10), agencies(60), False, False, id="agencies: 60 present, 30-20-10 fails, an abstention counts against"),
        pytest.param(D.ASSEMBLY, Tally(31, 20, 9), agencies(60), True, False, id="agencies: 60 present, 31 carries"),
        pytest.param(D.ASSEMBLY, Tally(30, 30), agencies(60), False, False, id="agencies: a tie fails"),
        pytest.param(D.ASSEMBLY, Tally(30, 0), agencies(60), False, False, id="agencies: half of those present stay silent"),
        pytest.param(D.ASSEMBLY, Tally(0, 0, 60), agencies(60), False, False, id="agencies: all abstain"),
        pytest.param(D.ASSEMBLY, Tally(26, 24), agencies(50), True, False, id="agencies: at the least quorum"),
        pytest.param(D.AMENDMENT, Tally(30, 29), agencies(59), True, False, id="bylaws: more than half of those present"),
        pytest.param(D.AMENDMENT, Tally(30, 30), agencies(60), False, False, id="bylaws: half of those present"),
        pytest.param(D.OBJECTION, Tally(25, 25), agencies(50), False, False, id="objection: a tie fails, the action stands"),
        pytest.param(D.OBJECTION, Tally(26, 24), agencies(50), True, False, id="objection: upheld"),
        # B XVII: three fourths of all active agencies
        pytest.param(D.DISSOLUTION, Tally(73, 0), agencies(98, 98), False, False, id="dissolution: 73 of 98"),
        pytest.param(D.DISSOLUTION, Tally(74, 24), agencies(98, 98), True, False, id="dissolution: 74 of 98"),
        pytest.param(D.DISSOLUTION, Tally(74, 25), agencies(99, 99), False, False, id="dissolution: 74 of 99"),
        pytest.param(D.DISSOLUTION, Tally(75, 24), agencies(99, 99), True, False, id="dissolution: 75 of 99"),
        pytest.param(D.DISSOLUTION, Tally(75, 0), agencies(75, 100), True, False, id="dissolution: 75 of 100, those absent count against"),
        pytest.param(D.DISSOLUTION, Tally(75, 26), agencies(101, 101), False, False, id="dissolution: 75 of 101"),
        pytest.param(D.DISSOLUTION, Tally(76, 25), agencies(101, 101), True, False, id="dissolution: 76 of 101"),
        # without a quorum
        pytest.param(D.BOARD, Tally(5, 0), board(5), False, False, id="Board: no quorum, no effect"),
        pytest.param(D.ASSEMBLY, Tally(49, 0), agencies(49), False, False, id="agencies: no quorum, no effect"),
    ],
)  # fmt: skip
def test_whether_a_vote_carried_and_whether_that_depends_on_a_reading(decision, tally, house, carried, depends):
    finding = outcome(decision, tally, house, TERMS)
    assert finding.value is carried
    assert depends_on_reading(finding) is depends
    assert not finding.missing


@pytest.mark.parametrize(("in_office", "needed"), [(11, 8), (10, 7), (9, 6)])
def test_two_thirds_of_the_board_by_base(in_office, needed):
    found = {count.base: count.needed for count in counts(D.REMOVAL, Tally(6, 0), board(6, in_office), TERMS)}
    assert found[Base.ENTITLED] == needed
    assert found.get(Base.SEATS) == (None if in_office == 11 else 8)


def test_a_vote_that_depends_on_its_reading_shows_every_other_base_with_its_arithmetic():
    finding = outcome(D.BOARD, Tally(5, 1), board(6), TERMS)
    assert "more than half of 11 members in office is 6; 5 for: not carried [Bylaws Art. XIII §4; Reading R10]" in said(
        finding
    )
    assert warned(finding).split(" | ") == [
        "depends on the reading (R10): the text leaves open of what number the share is taken; the bylaws version "
        "counts members in office [Reading R10]",
        "counted on votes cast: more than half of 6 votes cast is 4; 5 for: carried [Reading R10]",
        "counted on members present: more than half of 6 members present is 4; 5 for: carried [Reading R10]",
    ]  # fmt: skip
    assert [reading.place for reading in finding.readings] == ["R10"]


def test_where_the_text_names_the_base_another_one_is_shown_and_is_no_reading():
    finding = outcome(D.ASSEMBLY, Tally(30, 20, 10), agencies(60), TERMS)
    assert "30 for, 20 against, 10 abstained" in said(finding)
    assert "more than half of 60 active agencies present is 31; 30 for: not carried [Bylaws Art. XIII §3]" in said(
        finding
    )
    assert warned(finding) == (
        "counted on votes cast: more than half of 50 votes cast is 26; 30 for: carried [Bylaws Art. XIII §3]"
    )
    assert finding.readings == ()


def test_a_result_that_is_the_same_on_every_base_says_so():
    finding = outcome(D.REMOVAL, Tally(8, 3), board(11), TERMS)
    assert "the result is the same on every base" in said(finding)
    assert finding.flags == ()
    assert "the result is the same" not in said(outcome(D.BOARD, Tally(5, 1), board(6), TERMS))


def test_a_vote_without_a_quorum_says_why_it_has_no_effect():
    finding = outcome(D.BOARD, Tally(4, 0), board(4, 5), TERMS)
    assert "4 of 5 members in office present; quorum is 6" in said(finding)
    assert "without a quorum a vote has no effect [Bylaws Art. IV §7; Reading R14]" in said(finding)
    assert "no quorum is possible" in warned(finding)
    assert [reading.place for reading in finding.readings] == ["R10", "R14"]


def test_members_who_are_there_and_do_not_answer_are_told():
    assert "30 for, 20 against, 4 abstained; 6 present did not answer" in said(
        outcome(D.ASSEMBLY, Tally(30, 20, 4), agencies(60), TERMS)
    )
    assert "did not answer" not in said(outcome(D.ASSEMBLY, Tally(30, 20, 10), agencies(60), TERMS))


def test_the_clauses_of_the_motion_are_cited_rather_than_all_that_share_its_threshold():
    own = (AGREEMENT.at("4.B"), BYLAWS.at("III", 8))
    assert "Bylaws Art. III §9" in said(outcome(D.REMOVAL, Tally(8, 3), board(11), TERMS))
    cited = said(outcome(D.REMOVAL, Tally(8, 3), board(11), TERMS, own))
    assert "Agreement §4.B; Bylaws Art. III §8; Reading R9" in cited
    assert "§9" not in cited


@pytest.mark.parametrize(
    ("decision", "tally", "house", "carried", "words"),
    [
        pytest.param(D.DISSOLUTION, Tally(74, 0), agencies(90, 98, 2), None, "with the 2 not determined, at least 3/4 of 100 is 75", id="three fourths of 98, not of 100"),
        pytest.param(D.DISSOLUTION, Tally(75, 0), agencies(90, 98, 2), True, "at least 3/4 of 100 is 75", id="three fourths of 98 and of 100"),
        pytest.param(D.DISSOLUTION, Tally(73, 0), agencies(90, 98, 2), False, "at least 3/4 of 100 is 75", id="neither of 98 nor of 100"),
        pytest.param(D.BOARD, Tally(6, 4), board(10, 11, 0), True, "more than half of 11", id="nobody is undetermined"),
        pytest.param(D.BOARD, Tally(5, 2), board(7, 9, 1), None, "with the 1 not determined, more than half of 10 is 6", id="five of nine members in office, perhaps of ten"),
        pytest.param(D.ASSEMBLY, Tally(26, 24), agencies(50, 98, 2), None, "more than half of 100 is 51", id="carried, but the quorum is open"),
        pytest.param(D.ASSEMBLY, Tally(25, 25), agencies(50, 98, 2), False, "not carried", id="the quorum is open, but it fails either way"),
    ],
)  # fmt: skip
def test_those_not_determined_leave_the_result_open_only_where_they_matter(decision, tally, house, carried, words):
    finding = outcome(decision, tally, house, TERMS)
    assert finding.value is carried
    assert words in said(finding)
    assert finding.missing == ((house.open_question,) if carried is None else ())


def test_a_version_may_count_on_the_seats_of_the_board():
    terms = counting(D.BOARD, more_than_half_of(Base.SEATS))
    assert outcome(D.BOARD, Tally(5, 2), board(7, 9), terms).value is False
    assert outcome(D.BOARD, Tally(6, 1), board(7, 9), terms).value is True
    assert counts(D.BOARD, Tally(6, 5), board(11), terms)[0].base is Base.SEATS


def test_a_version_that_counts_agencies_on_seats_of_the_board_is_refused():
    with pytest.raises(ValueError, match="mend the bylaws version"):
        outcome(D.ASSEMBLY, Tally(31, 0), agencies(60), counting(D.ASSEMBLY, more_than_half_of(Base.SEATS)))


@pytest.mark.parametrize(
    ("tally", "fits"),
    [
        pytest.param(Tally(3, 2), True, id="one did not answer"),
        pytest.param(Tally(3, 2, 1), True, id="all answered"),
        pytest.param(Tally(4, 2, 1), False, id="one more than there are"),
        pytest.param(Tally(0, 0, 7), False, id="abstentions count too"),
    ],
)
def test_no_more_votes_than_members_present(tally, fits):
    finding = votes_in_order(tally, board(6))
    assert finding.value is fits
    assert ("7 answers are more than there are members" in said(finding)) is not fits


TWO_THIRDS_CAST = counting(D.REMOVAL, at_least(2, 3, Base.CAST))


@pytest.mark.parametrize(
    ("decision", "house", "terms", "against", "ayes"),
    [
        pytest.param(D.ASSEMBLY, agencies(60), TERMS, 0, 31, id="more than half of 60 present"),
        pytest.param(D.ASSEMBLY, agencies(60), TERMS, 29, 31, id="29 are against: all others must be for it"),
        pytest.param(D.ASSEMBLY, agencies(60), TERMS, 30, None, id="30 are against: it cannot carry"),
        pytest.param(D.REMOVAL, board(8), TERMS, 0, 8, id="all eight present are needed"),
        pytest.param(D.REMOVAL, board(7), TERMS, 0, None, id="seven present cannot reach eight"),
        pytest.param(D.DISSOLUTION, agencies(74, 98), TERMS, 0, 74, id="three fourths of 98"),
        pytest.param(D.DISSOLUTION, agencies(74, 98, 2), TERMS, 0, None, id="three fourths of 100, those not determined counted"),
        pytest.param(D.REMOVAL, board(9), TWO_THIRDS_CAST, 0, 1, id="on votes cast nobody against: one aye"),
        pytest.param(D.REMOVAL, board(9), TWO_THIRDS_CAST, 3, 6, id="on votes cast, three against"),
        pytest.param(D.REMOVAL, board(9), TWO_THIRDS_CAST, 4, None, id="on votes cast, four against are too many"),
        pytest.param(D.BOARD, board(9, 9), counting(D.BOARD, more_than_half_of(Base.SEATS)), 0, 6, id="more than half of eleven seats"),
        pytest.param(D.BOARD, board(0), TERMS, 0, None, id="nobody is there"),
    ],
)  # fmt: skip
def test_how_many_ayes_carry(decision, house, terms, against, ayes):
    assert ayes_to_carry(decision, house, terms, against) == ayes
    if ayes is not None:
        assert outcome(decision, Tally(ayes, against), house, terms).value is not False
        assert outcome(decision, Tally(ayes - 1, against), house, terms).value is not True


@pytest.mark.parametrize(
    ("house", "carried", "value", "words"),
    [
        pytest.param(board(6), True, True, "declared carried by the presiding officer", id="carried by voice"),
        pytest.param(board(6), False, False, "declared lost by the presiding officer", id="lost by voice"),
        pytest.param(board(5), True, False, "without a quorum a vote has no effect", id="by voice without a quorum"),
        pytest.param(agencies(50, 98, 2), True, None, "nobody was counted", id="carried by voice while the quorum is open"),
        pytest.param(agencies(50, 98, 2), False, False, "nobody was counted", id="lost by voice, whatever the quorum"),
    ],
)  # fmt: skip
def test_a_vote_by_voice_is_what_was_declared_with_a_quorum(house, carried, value, words):
    finding = declared_by_voice(house, TERMS, carried=carried)
    assert finding.value is value
    assert words in said(finding)
    assert bool(finding.missing) is (value is None)
