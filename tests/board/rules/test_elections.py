"""Elections: B V.8–9, XIII.2, R11, R16."""

from dataclasses import replace

import pytest

from board.rules.elections import (
    Round,
    Stage,
    ballots_in_order,
    election,
    nomination_in_order,
    voice_vote_allowed,
)
from board.rules.terms import Base, Decision
from board.rules.votes import depends_on_reading

from .terms import TERMS, at_least, counting, more_than_half_of, said, warned

S = Stage


def ballot(present=60, blanks=0, illegal=0, settled=(), entitled=None, **votes):
    because = "the assembly agreed" if settled else ""
    return Round(votes, present, blanks, illegal, tuple(settled), because, entitled)


FIRST = ballot(9, A=4, B=3, C=2)


@pytest.mark.parametrize(
    ("rounds", "stage", "elected", "between"),
    [
        # one ballot
        pytest.param([], S.BALLOT, "", (), id="no ballot yet"),
        pytest.param([ballot(A=31, B=29)], S.ELECTED, "A", (), id="31 of 60 cast elects"),
        pytest.param([ballot(A=30, B=20, C=10)], S.SECOND_BALLOT, "", ("A", "B"), id="30 of 60 cast does not: a second ballot"),
        pytest.param([ballot(A=30, B=29, blanks=1)], S.ELECTED, "A", (), id="a blank is no vote cast: 30 of 59 elects"),
        pytest.param([ballot(A=30, B=29, illegal=1)], S.SECOND_BALLOT, "", ("A", "B"), id="an illegal ballot is a vote cast: 30 of 60 does not"),
        pytest.param([ballot(9, A=5, B=4)], S.ELECTED, "A", (), id="5-4 elects"),
        pytest.param([ballot(9, A=3, B=2, C=2, D=2)], S.TIED, "", ("B", "C", "D"), id="3-2-2-2 of 9: tie for second place, stop"),
        pytest.param([ballot(9, A=3, B=3, C=3)], S.TIED, "", ("A", "B", "C"), id="3-3-3: all are tied, stop"),
        pytest.param([ballot(10, A=3, B=3, C=2, D=2)], S.SECOND_BALLOT, "", ("A", "B"), id="3-3-2-2: it is clear who the first two are"),
        pytest.param([ballot(8, A=4, B=4)], S.SECOND_BALLOT, "", ("A", "B"), id="two candidates tied on the first ballot: a second one"),
        pytest.param([ballot(A=1)], S.ELECTED, "A", (), id="the only candidate, by one vote cast"),
        pytest.param([ballot(A=4, illegal=5)], S.NO_MAJORITY, "", ("A",), id="the only candidate without a majority: stop"),
        pytest.param([ballot(illegal=5)], S.NO_MAJORITY, "", (), id="only illegal ballots: stop"),
        pytest.param([ballot(A=0, B=0, blanks=60)], S.BALLOT, "", (), id="only blanks: nothing was cast"),
        # the second ballot
        pytest.param([FIRST, ballot(9, A=5, B=4)], S.ELECTED, "A", (), id="second ballot: 5-4 elects"),
        pytest.param([FIRST, ballot(9, A=4, B=4, blanks=1)], S.TIED, "", ("A", "B"), id="second ballot: 4-4, stop"),
        pytest.param([FIRST, ballot(9, A=4, B=3, illegal=2)], S.NO_MAJORITY, "", ("A", "B"), id="second ballot: 4-3 of 9 cast is no majority, stop"),
        pytest.param([FIRST, ballot(9, B=5, A=2, C=2)], S.ELECTED, "B", (), id="second ballot: votes for others are illegal, and cast"),
        pytest.param([FIRST, ballot(9, A=4, B=2, C=3)], S.NO_MAJORITY, "", ("A", "B"), id="second ballot: 4 of 9 with three for one who is out"),
        pytest.param([FIRST, ballot(9, A=0, B=0, blanks=9)], S.SECOND_BALLOT, "", ("A", "B"), id="second ballot: only blanks, it is taken again"),
        pytest.param([ballot(A=0, B=0, C=0, blanks=60), FIRST], S.SECOND_BALLOT, "", ("A", "B"), id="after a ballot of blanks the next is the first that counts"),
        # what the assembly decided
        pytest.param([ballot(9, A=3, B=2, C=2, D=2, settled=["A", "C"])], S.SECOND_BALLOT, "", ("A", "C"), id="the assembly names who goes on"),
        pytest.param([ballot(9, A=3, B=2, C=2, D=2, settled=["A", "C"]), ballot(9, A=5, C=4)], S.ELECTED, "A", (), id="and the further ballot elects"),
        pytest.param([FIRST, ballot(8, A=4, B=4, settled=["B"])], S.ELECTED, "B", (), id="the assembly settles a tie by name"),
        pytest.param([FIRST, ballot(8, A=4, B=4, settled=["A", "B"]), ballot(9, A=5, B=4)], S.ELECTED, "A", (), id="the assembly orders a third ballot"),
        pytest.param([FIRST, ballot(8, A=4, B=4, settled=["A", "B"]), ballot(8, A=4, B=4)], S.TIED, "", ("A", "B"), id="the third ballot ties too"),
        pytest.param([ballot(9, A=3, B=3, C=3, settled=["A", "B", "C"]), ballot(9, A=4, B=3, C=2)], S.NO_MAJORITY, "", ("A", "B", "C"), id="three go on, and none has a majority"),
        pytest.param([ballot(9, A=4, B=3, C=2, settled=["C"])], S.SECOND_BALLOT, "", ("A", "B"), id="where the bylaws go on there is nothing to settle"),
        pytest.param([ballot(9, A=5, B=4, settled=["B"])], S.ELECTED, "A", (), id="a majority is not settled away"),
        # ballots that count for nothing
        pytest.param([ballot(9, A=5, B=4), ballot(9, A=4, B=5)], S.ELECTED, "A", (), id="a ballot after the election"),
        pytest.param([ballot(9, A=3, B=3, C=3), ballot(9, A=5, B=4)], S.TIED, "", ("A", "B", "C"), id="a ballot before the assembly decided"),
        # B XIII.2: the quorum at the ballot
        pytest.param([ballot(49, A=49, entitled=98)], S.BALLOT, "", (), id="no quorum: the ballot has no effect"),
        pytest.param([ballot(50, A=50, entitled=98)], S.ELECTED, "A", (), id="a quorum"),
        pytest.param([FIRST, ballot(49, A=49, B=0, entitled=98)], S.SECOND_BALLOT, "", ("A", "B"), id="no quorum any more at the second ballot"),
    ],
)  # fmt: skip
def test_where_an_election_stands_after_its_ballots(rounds, stage, elected, between):
    standing = election(rounds, TERMS).value
    assert (standing.stage, standing.elected, standing.between) == (stage, elected, between)


@pytest.mark.parametrize(
    ("rounds", "words", "missing"),
    [
        pytest.param([], "", "a ballot in which votes are cast", id="no ballot yet"),
        pytest.param([FIRST], "ballot 1: A 4, B 3, C 2; more than half of 9 votes cast is 5", "a further ballot between A and B", id="second ballot"),
        pytest.param([FIRST], "no majority: a second ballot between A and B", "further ballot", id="why"),
        pytest.param([ballot(9, A=3, B=2, C=2, D=2)], "A goes on; B, C, D are tied for the second ballot", "B, C, D are tied, and the bylaws break no tie", id="tie for second place"),
        pytest.param([ballot(9, A=3, B=3, C=3)], "A, B, C are tied for the second ballot [Bylaws Art. V §9; Reading R16]", "a decision of the assembly", id="all tied"),
        pytest.param([FIRST, ballot(8, A=4, B=4)], "A, B are tied on this ballot too", "A, B are tied", id="tie on the second ballot"),
        pytest.param([FIRST, ballot(9, A=4, B=3, illegal=2)], "ballot 2: A 4, B 3; 0 blank, 2 illegal; more than half of 9 votes cast is 5", "nobody has a majority, and the bylaws name no further ballot", id="no majority on the second"),
        pytest.param([FIRST, ballot(8, A=4, B=4, settled=["B"])], "the assembly decided: the assembly agreed [Reading R16]", "", id="settled"),
        pytest.param([ballot(49, A=49, entitled=98)], "49 of 98 active agencies present; more than half of 98 is 50", "a ballot", id="no quorum"),
        pytest.param([ballot(A=0, B=0, blanks=60)], "no votes were cast", "a ballot in which votes are cast", id="only blanks"),
        pytest.param([ballot(illegal=5)], "ballot 1: nobody; 0 blank, 5 illegal", "nobody has a majority", id="only illegal ballots"),
    ],
)  # fmt: skip
def test_an_election_shows_each_ballot_and_what_comes_next(rounds, words, missing):
    finding = election(rounds, TERMS)
    assert words in said(finding)
    assert missing in " | ".join(finding.missing)
    assert bool(missing) is bool(finding.missing)
    assert [reading.place for reading in finding.readings] == ["R11", "R16"]


@pytest.mark.parametrize(
    ("base", "votes", "elected", "flag"),
    [
        pytest.param(Base.CAST, {"A": 31, "B": 29}, True, "", id="31 of 60 cast and of 60 present"),
        pytest.param(Base.CAST, {"A": 30, "B": 20}, True, "more than half of 60 active agencies present is 31", id="30 of 50 cast, not of 60 present"),
        pytest.param(Base.PRESENT, {"A": 30, "B": 20}, False, "more than half of 50 votes cast is 26", id="a version that counts those present"),
        pytest.param(Base.PRESENT, {"A": 31, "B": 20}, True, "", id="a version that counts those present, reached"),
        pytest.param(Base.ENTITLED, {"A": 49, "B": 1}, False, "more than half of 50 votes cast is 26", id="a version that counts all active agencies"),
        pytest.param(Base.ENTITLED, {"A": 50, "B": 1}, True, "", id="a version that counts all active agencies, reached"),
    ],
)  # fmt: skip
def test_an_election_that_depends_on_the_reading_says_so(base, votes, elected, flag):
    terms = counting(Decision.ELECTION, more_than_half_of(base))
    finding = election([Round(votes, 60, entitled=98)], terms)
    assert (finding.value.stage is Stage.ELECTED) is elected
    assert flag in warned(finding)
    assert bool(finding.flags) is bool(flag)
    assert depends_on_reading(finding) is bool(flag)


def test_no_tie_is_broken_even_where_a_version_lets_half_of_the_votes_elect():
    half = counting(Decision.ELECTION, at_least(1, 2, Base.CAST))
    assert election([ballot(8, A=4, B=4)], half).value.stage is Stage.SECOND_BALLOT
    assert election([ballot(8, A=4, B=4), ballot(8, A=4, B=4)], half).value.stage is Stage.TIED
    assert election([ballot(8, A=4, B=3, blanks=1)], half).value.elected == "A"


def test_a_base_that_no_ballot_tells_is_refused():
    with pytest.raises(ValueError, match="seats of the Board, which the ballot does not tell"):
        election([FIRST], counting(Decision.ELECTION, more_than_half_of(Base.SEATS)))
    with pytest.raises(ValueError, match="active agencies, which the ballot does not tell"):
        election([FIRST], counting(Decision.ELECTION, more_than_half_of(Base.ENTITLED)))


def test_a_ballot_that_counts_for_nothing_is_told():
    assert "ballot 2 came after the election and counts for nothing" in warned(
        election([ballot(9, A=5, B=4), ballot(9, A=4, B=5)], TERMS)
    )
    assert "ballot 2 came after a ballot on which the assembly must decide" in warned(
        election([ballot(9, A=3, B=3, C=3), ballot(9, A=5, B=4)], TERMS)
    )


def test_a_stage_says_whether_the_bylaws_go_on():
    assert {stage for stage in Stage if stage.stopped} == {S.TIED, S.NO_MAJORITY}
    assert S.SECOND_BALLOT.label == "Second ballot"


@pytest.mark.parametrize(
    ("count", "fits"),
    [
        pytest.param(ballot(60, A=30, B=28, blanks=1), True, id="one fewer than there are"),
        pytest.param(ballot(60, A=30, B=28, blanks=1, illegal=1), True, id="as many as there are"),
        pytest.param(ballot(60, A=30, B=28, blanks=2, illegal=1), False, id="one more, a blank"),
    ],
)
def test_no_more_ballots_than_agencies_present(count, fits):
    finding = ballots_in_order(count)
    assert finding.value is fits
    assert ("more ballots than agencies" in said(finding)) is not fits


@pytest.mark.parametrize(
    ("nominees", "allowed"),
    [
        pytest.param({"President": 1, "Vice-President": 1}, True, id="one nominee for every office"),
        pytest.param({"President": 1, "Vice-President": 2}, False, id="one office is contested: all by ballot"),
        pytest.param({"President": 1, "Vice-President": 0}, False, id="nobody for one office"),
        pytest.param({}, False, id="no office"),
    ],
)
def test_a_voice_vote_only_where_every_office_has_one_nominee(nominees, allowed):
    finding = voice_vote_allowed(nominees)
    assert finding.value is allowed
    assert ("nobody is nominated" in said(finding)) is (nominees == {})


PRESENTED = {"by_committee": True, "consented": True, "agency_active": None, "others": 0}
FROM_THE_FLOOR = {"by_committee": False, "consented": False, "agency_active": True, "others": 1}


@pytest.mark.parametrize(
    ("facts", "may", "words"),
    [
        pytest.param(PRESENTED, True, "presented by the Nominating Committee, with consent", id="the Committee's nominee, who consented"),
        pytest.param({**PRESENTED, "consented": False}, False, "first obtains the nominee's consent", id="the Committee's nominee without consent"),
        pytest.param({**PRESENTED, "others": 1}, False, "one nominee for each office", id="a second nominee of the Committee"),
        pytest.param(FROM_THE_FLOOR, True, "nominated from the floor by an active agency", id="from the floor, without consent"),
        pytest.param({**FROM_THE_FLOOR, "agency_active": False}, False, "only an active agency", id="from the floor by an agency that is not active"),
        pytest.param({**FROM_THE_FLOOR, "agency_active": None}, None, "", id="from the floor, by an agency of open status"),
    ],
)  # fmt: skip
def test_who_may_be_nominated_by_whom(facts, may, words):
    finding = nomination_in_order(**facts)
    assert finding.value is may
    assert words in said(finding)
    assert bool(finding.missing) is (may is None)


def test_candidates_are_ranked_by_votes_and_then_by_name():
    assert replace(FIRST, votes={"C": 2, "B": 3, "A": 3}).ranked == [("A", 3), ("B", 3), ("C", 2)]
