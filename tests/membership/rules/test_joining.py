"""Joining: B III.3–6, A 5.B, B III.2.c, R5, R21; half-open periods and Allen's thirteen relations."""

from dataclasses import replace

import pytest

from membership.rules import joining
from membership.rules.joining import Packet
from membership.rules.standing import agreement_in_force_on, papers_complete_on
from nipas_admin.shared.periods import Period

from .terms import ADOPTED, NEVER, UNKNOWN, d, new, on, original


@pytest.mark.parametrize(
    ("ori", "eligible"),
    [("IL0561200", True), ("il0561200", True), ("WI0561200", False), ("", None)],
)
def test_only_illinois_agencies_may_participate(ori, eligible):
    finding = joining.eligible(ori)
    assert finding.value is eligible
    assert bool(finding.missing) is (eligible is None)


FULL = Packet(d("2026-02-01"), "Larkfield Police Department", d("2026-02-03"), True, None, True, True)


@pytest.mark.parametrize(
    ("changes", "complete", "missing"),
    [
        pytest.param({}, True, [], id="everything is in"),
        pytest.param({"letter_on": None}, False, ["a)"], id="no letter of request"),
        pytest.param({"recommender": "", "recommended_on": None}, False, ["b)"], id="no recommendation"),
        pytest.param({"recommender_good": False}, False, ["b)"], id="the recommender was not in good standing"),
        pytest.param({"recommender_good": None}, None, ["b)"], id="the recommender's standing is open"),
        pytest.param(
            {"recommender_good": None, "ordinance_copy": False},
            False,
            ["c)", "b)"],
            id="open standing and something missing",
        ),
        pytest.param({"ordinance_copy": False}, False, ["c)"], id="no ordinance"),
        pytest.param({"executed_copy": False}, False, ["d)"], id="no executed agreement"),
        pytest.param({"other_wanted": "Use-of-force policy"}, False, ["e)"], id="other materials asked for and not in"),
        pytest.param(
            {"other_wanted": "Use-of-force policy", "other_received": True}, True, [], id="other materials in"
        ),
    ],
)
def test_the_packet_is_complete_or_says_what_is_missing(changes, complete, missing):
    finding = joining.packet_complete(replace(FULL, **changes))
    assert finding.value is complete
    assert [item[:2] for item in finding.missing] == missing


def test_a_recommender_that_lost_its_standing_by_the_vote_is_a_warning():
    finding = joining.packet_complete(replace(FULL, recommender_good_at_vote=False))
    assert finding.value is True
    assert "has lost it since" in str(finding.flags[0])


@pytest.mark.parametrize(
    ("stint", "in_force", "participating"),
    [
        pytest.param(new(), "2022-03-10", "2022-04-02", id="in force 10 Mar, participating 2 Apr"),
        pytest.param(
            new(dues_required=False, dues_paid=NEVER), "2022-03-10", "2022-03-10", id="no dues required: three events"
        ),
        pytest.param(new(dues_paid=on("2022-02-01")), "2022-03-10", "2022-03-10", id="dues paid ahead"),
        pytest.param(new(dues_paid=NEVER), "2022-03-10", None, id="dues not paid: in force, not participating"),
        pytest.param(new(board_approved=NEVER), None, None, id="the Board has not approved"),
        pytest.param(new(chief_signed=UNKNOWN), None, None, id="an undated signature"),
    ],
)
def test_a_new_agency_has_two_dates(stint, in_force, participating):
    assert agreement_in_force_on(stint).day == (in_force and d(in_force))
    assert papers_complete_on(stint).day == (participating and d(participating))
    assert joining.admission(stint).value == (participating and d(participating))


def test_admission_says_where_the_two_dates_differ_what_is_missing_and_what_is_odd():
    said = [str(fact) for fact in joining.admission(new()).because]
    assert any("agreement in force from 10 March 2022; participation waits for the dues" in text for text in said)
    unpaid = joining.admission(new(dues_paid=NEVER, chief_signed=UNKNOWN))
    assert unpaid.missing == (
        "payment of joining dues [Bylaws Art. III §2.c.iv]",
        "the day of signature of the commanding officer [Agreement §5.B.2]",
    )
    early = joining.admission(new(board_approved=on("2022-03-04")))
    assert "the Board approved on 4 March 2022, before the Execution of 5 March 2022" in str(early.flags[0])
    assert joining.admission(new(board_approved=on("2022-03-05"))).flags == ()


def p(start, end=None):
    return Period(d(f"2020-01-{start:02}"), end and d(f"2020-01-{end:02}"))


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        pytest.param(p(1, 5), p(10, 20), False, id="before"),
        pytest.param(p(1, 10), p(10, 20), False, id="meets: the first day out is the first day in"),
        pytest.param(p(1, 11), p(10, 20), True, id="overlaps"),
        pytest.param(p(10, 15), p(10, 20), True, id="starts"),
        pytest.param(p(12, 15), p(10, 20), True, id="during"),
        pytest.param(p(15, 20), p(10, 20), True, id="finishes"),
        pytest.param(p(10, 20), p(10, 20), True, id="equals"),
        pytest.param(p(1, 20), p(10, 20), True, id="finished by"),
        pytest.param(p(1, 25), p(10, 20), True, id="contains"),
        pytest.param(p(10, 25), p(10, 20), True, id="started by"),
        pytest.param(p(19, 25), p(10, 20), True, id="overlapped by"),
        pytest.param(p(20, 25), p(10, 20), False, id="met by"),
        pytest.param(p(25, 28), p(10, 20), False, id="after"),
        pytest.param(p(1), p(10, 20), True, id="an open stint overlaps all that follows"),
        pytest.param(p(20), p(10, 20), False, id="an open stint that begins when the other ends"),
    ],
)
def test_stints_never_overlap(first, second, overlap):
    assert first.overlaps(second) is second.overlaps(first) is overlap
    assert (joining.overlapping([first, second]) is not None) is overlap


def test_a_period_knows_its_days_and_refuses_to_be_empty():
    assert [d(f"2020-01-{n:02}") in p(10, 12) for n in (9, 10, 11, 12)] == [False, True, True, False]
    assert str(p(10, 12)) == "from 10 January 2020 until 12 January 2020"
    assert str(p(10)) == "from 10 January 2020"
    with pytest.raises(ValueError, match="cannot end on"):
        p(10, 10)


@pytest.mark.parametrize(
    ("stint", "lasted"),
    [
        pytest.param(new(), Period(d("2022-04-02")), id="still open"),
        pytest.param(new(withdrawn_on=d("2023-05-01")), Period(d("2022-04-02"), d("2023-05-01")), id="until its first day out"),
        pytest.param(new(dues_paid=NEVER), None, id="not begun"),
        pytest.param(new(chief_signed=UNKNOWN), None, id="no sure first day"),
        pytest.param(new(withdrawn_on=d("2022-04-02")), None, id="ended on its first day: no day is sure"),
        pytest.param(original(), Period(d("1990-03-05"), d("2019-02-06")), id="lapsed"),
        pytest.param(original(approval=on("2018-06-01")), Period(d("2018-06-01"), d("2018-06-02")), id="open from the collective date: its first day only"),
        pytest.param(original(approval=on("2019-06-01")), None, id="begun when it was already open"),
    ],
)  # fmt: skip
def test_the_days_on_which_a_stint_surely_stood(stint, lasted):
    assert joining.surely_lasted(stint, ADOPTED) == lasted


@pytest.mark.parametrize(
    ("lapsed", "approved", "serves"),
    [
        pytest.param(True, on("2018-12-01"), True, id="a straggler's late papers may serve"),
        pytest.param(False, on("2023-04-30"), False, id="who left: a paper of the day before does not"),
        pytest.param(False, on("2023-05-01"), True, id="a paper of the first day out is fresh"),
        pytest.param(False, UNKNOWN, None, id="an undated paper: not determined"),
    ],
)
def test_whether_papers_serve_for_coming_back(lapsed, approved, serves):
    assert joining.papers_serve_again(lapsed, approved, d("2023-05-01")).value is serves


def test_each_active_agency_has_one_vote_cast_by_its_chief_or_designee():
    assert (joining.votes_of(True), joining.votes_of(False)) == (1, 0)
    assert joining.casts_the_vote(["clerk", "designee"])
    assert joining.casts_the_vote(["chief"])
    assert not joining.casts_the_vote(["clerk", "head"])


@pytest.mark.parametrize(
    "judgement", [joining.capability_and_proximity, joining.detrimental, joining.immunities_law_and_venue]
)
def test_what_is_left_to_people_is_registered_and_says_so(judgement):
    assert judgement().endswith(".")
