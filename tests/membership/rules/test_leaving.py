"""Leaving: A 4.A–C, B III.8–10, R6–R9, R12, R20."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from membership.rules import leaving
from membership.rules.facts import Notice
from membership.rules.leaving import Ground, Outcome, ProceedingFacts
from nipas_admin.shared.findings import Fact, Finding

from .terms import TERMS, d


@pytest.mark.parametrize(
    ("received", "effective"),
    [
        pytest.param("2025-12-31", "2026-05-01", id="received 31 Dec 2025 ends 1 May 2026"),
        pytest.param("2026-01-01", "2027-05-01", id="received 1 Jan 2026 ends 1 May 2027"),
        pytest.param("2026-04-30", "2027-05-01", id="received 30 Apr 2026 ends 1 May 2027"),
        pytest.param("2026-05-01", "2027-05-01", id="received on a 1 May ends the next one"),
        pytest.param("2028-02-29", "2029-05-01", id="received on a leap day"),
    ],
)
def test_a_notice_ends_participation_on_1_may_of_the_year_after_it_was_received(received, effective):
    assert leaving.withdrawal_effective_on(d(received), TERMS) == d(effective)
    assert leaving.withdrawal(d(received), TERMS).value == d(effective)


def test_the_first_day_out_follows_the_terms_of_the_version():
    assert leaving.withdrawal_effective_on(d("2025-12-31"), replace(TERMS, ends_month=7, ends_day=15)) == d(
        "2026-07-15"
    )


@pytest.mark.parametrize(
    ("at", "day"),
    [
        pytest.param(
            datetime(2025, 12, 31, 23, 50, tzinfo=ZoneInfo("America/Chicago")),
            "2025-12-31",
            id="31 Dec 23:50 in Chicago is that year's",
        ),
        pytest.param(datetime(2026, 1, 1, 5, 50, tzinfo=ZoneInfo("UTC")), "2025-12-31", id="the same moment in UTC"),
        pytest.param(
            datetime(2026, 1, 1, 6, 0, tzinfo=ZoneInfo("UTC")), "2026-01-01", id="midnight in Chicago is the new year's"
        ),
        pytest.param(
            datetime(2026, 7, 1, 4, 59, tzinfo=ZoneInfo("UTC")), "2026-06-30", id="in summer the clock is an hour ahead"
        ),
    ],
)
def test_a_notice_is_received_on_the_day_it_is_in_chicago(at, day):
    assert leaving.day_received(at) == d(day)


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        leaving.day_received(datetime(2025, 12, 31, 23, 50))


def test_a_letter_of_the_year_before_is_flagged_and_does_not_govern():
    finding = leaving.withdrawal(d("2026-01-02"), TERMS, dated_on=d("2025-12-30"))
    assert finding.value == d("2027-05-01")
    assert "the letter is dated 30 December 2025" in str(finding.flags[0])
    assert leaving.withdrawal(d("2026-01-02"), TERMS, dated_on=d("2026-01-01")).flags == ()


RUNNING = Notice(d("2025-06-01"), d("2026-05-01"))


def test_a_second_notice_while_one_runs_changes_nothing():
    finding = leaving.withdrawal(d("2026-02-01"), TERMS, earlier=[RUNNING])
    assert finding.value == d("2026-05-01")
    assert "a notice received on 1 June 2025 already runs" in str(finding.because[-1])


RESCINDED = replace(RUNNING, rescinded_on=d("2026-03-01"))


@pytest.mark.parametrize(
    ("notice", "day", "pending"),
    [
        pytest.param(RUNNING, "2025-05-31", False, id="the day before it was received"),
        pytest.param(RUNNING, "2025-06-01", True, id="the day it was received"),
        pytest.param(RUNNING, "2026-04-30", True, id="the last day in"),
        pytest.param(RUNNING, "2026-05-01", False, id="the first day out"),
        pytest.param(RESCINDED, "2026-02-28", True, id="the day before it was rescinded"),
        pytest.param(RESCINDED, "2026-03-01", False, id="the day it was rescinded"),
    ],
)
def test_a_notice_runs_from_receipt_until_it_takes_effect_or_is_rescinded(notice, day, pending):
    assert (leaving.notice_pending(d(day), [notice]) is not None) is pending


@pytest.mark.parametrize(
    ("earlier", "day", "pending"),
    [
        pytest.param(RUNNING, "2026-04-30", "2026-05-01", id="while both run the first one's day counts"),
        pytest.param(
            RUNNING, "2026-05-01", None, id="once the first took effect nothing is left for the second to end"
        ),
        pytest.param(RESCINDED, "2026-03-01", "2027-05-01", id="the first was rescinded: the second runs"),
        pytest.param(
            Notice(d("2024-02-01"), d("2025-05-01")), "2026-05-01", "2027-05-01", id="the first ended an earlier stint"
        ),
    ],
)
def test_a_second_notice_runs_only_while_there_is_something_to_end(earlier, day, pending):
    running = leaving.notice_pending(d(day), [Notice(d("2026-02-01"), d("2027-05-01")), earlier])
    assert (running and running.effective_on.isoformat()) == pending


def test_the_first_notice_that_was_not_rescinded_ends_participation():
    later = Notice(d("2026-02-01"), d("2027-05-01"))
    assert leaving.withdrawn_on([later, RUNNING]) == d("2026-05-01")
    assert leaving.withdrawn_on([later, RESCINDED]) == d("2027-05-01")
    assert leaving.withdrawn_on([]) is None


@pytest.mark.parametrize(
    ("decided", "may"),
    [
        pytest.param("2025-05-31", False, id="before it was received"),
        pytest.param("2025-06-01", True, id="on the day it was received"),
        pytest.param("2026-04-30", True, id="the day before it takes effect"),
        pytest.param("2026-05-01", False, id="on the day it takes effect"),
    ],
)
def test_a_rescission_counts_only_while_the_notice_runs_and_carries_a_warning(decided, may):
    finding = leaving.rescission(RUNNING, d(decided))
    assert finding.value is may
    assert bool(finding.flags) is may


TERMINATED = ProceedingFacts(
    ground=Ground.OBLIGATIONS, outcome=Outcome.TERMINATED, notified_on=d("2024-02-01"), hearing_on=d("2024-03-01"),
    decided_on=d("2024-03-01"), votes_for=8, in_office=11,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "in_order", "words"),
    [
        pytest.param({}, True, "8 for, of 11 members in office; 2/3 is 8", id="8 of 11 carries"),
        pytest.param({"votes_for": 7}, False, "7 for, of 11", id="7 of 11 fails"),
        pytest.param({"votes_for": 7, "in_office": 10}, True, "2/3 is 7", id="7 of 10 carries"),
        pytest.param({"votes_for": 6, "in_office": 9}, True, "2/3 is 6", id="6 of 9 carries"),
        pytest.param({"votes_for": 5, "in_office": 9}, False, "2/3 is 6", id="5 of 9 fails"),
        pytest.param({"notified_on": None}, None, "the day the agency was notified", id="not notified"),
        pytest.param(
            {"notified_on": d("2024-02-29")},
            True,
            "notified 29 February 2024",
            id="notified the day before the hearing",
        ),
        pytest.param(
            {"notified_on": d("2024-03-01")},
            False,
            "notice must come before the hearing",
            id="notified on the day of the hearing",
        ),
        pytest.param(
            {"hearing_on": d("2024-03-02")},
            False,
            "before the hearing of 2 March 2024",
            id="decided the day before the hearing",
        ),
        pytest.param({"hearing_on": None}, None, "the hearing offered", id="no hearing offered"),
        pytest.param(
            {"hearing_on": None, "waived_on": d("2024-02-20")}, True, "waived its hearing", id="hearing waived"
        ),
        pytest.param(
            {"notified_on": d("2024-03-02"), "hearing_on": None, "waived_on": d("2024-03-02")},
            False,
            "after the vote",
            id="notified after the vote",
        ),
        pytest.param(
            {"outcome": Outcome.SUSPENDED}, False, "never suspend", id="obligations: may terminate, never suspend"
        ),
        pytest.param(
            {"outcome": Outcome.SUSPENDED, "ground": Ground.DETRIMENT}, True, "8 for", id="detriment: may suspend"
        ),
        pytest.param({"votes_for": None}, None, "the votes for", id="votes not recorded"),
        pytest.param({"decided_on": None}, None, "the day the Board decided", id="not decided"),
        pytest.param(
            {"outcome": Outcome.DISMISSED, "votes_for": None}, True, "notified", id="a dismissal needs no share"
        ),
    ],
)
def test_the_board_may_act_only_after_notice_hearing_and_two_thirds(changes, in_order, words):
    finding = leaving.proceeding_in_order(replace(TERMINATED, **changes), TERMS)
    assert finding.value is in_order
    assert words in " ".join([*map(str, finding.because), *finding.missing])


@pytest.mark.parametrize("carried", [True, False])
def test_the_outcome_of_the_board_s_own_vote_stands_for_the_share(carried):
    """On another base, which the bylaws may name, 7 of 11 in office can carry and 8 can fail."""
    vote = Finding(carried, (Fact("counted on votes cast"),))
    finding = leaving.proceeding_in_order(replace(TERMINATED, votes_for=7 if carried else 8), TERMS, vote)
    assert finding.value is carried
    assert "counted on votes cast" in [fact.text for fact in finding.because]


@pytest.mark.parametrize(("in_office", "needed"), [(11, 8), (10, 7), (9, 6), (6, 4)])
def test_two_thirds_of_the_members_in_office(in_office, needed):
    assert leaving.two_thirds_of_board(in_office, TERMS) == needed


@pytest.mark.parametrize(
    ("named", "first_day"),
    [
        pytest.param(None, "2024-03-02", id="none named: the day after the vote"),
        pytest.param("2024-03-01", "2024-03-01", id="the day of the vote named"),
        pytest.param("2024-06-30", "2024-06-30", id="a later day named"),
    ],
)
def test_the_first_day_of_a_decision(named, first_day):
    assert leaving.decision_effective_on(d("2024-03-01"), named and d(named)) == d(first_day)


def test_a_decision_never_takes_effect_before_the_vote():
    with pytest.raises(ValueError, match="before the vote"):
        leaving.decision_effective_on(d("2024-03-01"), d("2024-02-29"))


def test_what_falls_away_is_known_beforehand_with_its_clauses():
    things = leaving.consequences_of_ending(d("2026-05-01"), ["Dive Team"])
    assert {thing.on for thing in things} == {d("2026-05-01")}
    assert any("Dive Team" in thing.text for thing in things)
    assert all(thing.as_dict()["citations"] for thing in things)
    assert "remain owed" in leaving.obligations_after_ending()[0].text


def test_the_last_day_to_leave_at_the_next_date():
    finding = leaving.last_day_to_leave_next(d("2026-11-22"), TERMS)
    assert finding.value == d("2026-12-31")
    assert "ends participation on 1 May 2027; a day later, on 1 May 2028" in finding.because[0].text
