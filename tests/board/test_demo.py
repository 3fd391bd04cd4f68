"""The Board's part of the demonstration, read off the bylaws by hand: what each invented meeting is there to show."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.utils import timezone

from board.demo.load import STORIES
from board.models import (
    ApprovedMinutes,
    BylawsVersion,
    Election,
    Meeting,
    Minutes,
    Motion,
    Objection,
    OperationalPlan,
    PlanReview,
)
from board.rules.votes import depends_on_reading
from board.services import (
    board_on,
    clocks_of,
    compose,
    outcome_of,
    preconditions,
    quorum_of,
    quorum_turns,
    settle_motion,
)
from board.services.elections import standing_of
from board.services.registers import nominating_committee_on
from board.verification import drift_of_the_board
from membership.demo.places import places
from membership.models import Agency, Proceeding
from membership.services import standing_of as standing_of_agency
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.records import Record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

TODAY = date(2026, 12, 1)
KEYS = {place.name: place.key for place in places()}


def held(kind, on):
    return next(meeting for meeting in Meeting.objects.filter(kind=kind) if meeting.on == date.fromisoformat(on))


def motion_of(kind, on, number):
    return Motion.objects.get(meeting=held(kind, on), number=number)


# Who sits, worked out by hand: the seat, and on each day the agency of its holder, or why nobody sits.
SEATS = """
President: 2021-05-12 vacant, 2021-05-13 Bellhaven, 2023-05-10 Bellhaven, 2023-05-11 Bramblewood, 2026-01-05 Bramblewood
President: 2026-01-06 vacant, 2026-01-12 vacant, 2026-01-13 Loon Landing, 2027-05-07 Loon Landing
Vice-President: 2023-05-10 Meadowmere, 2023-05-11 Thornmere, 2025-05-08 Loon Landing, 2026-01-12 Loon Landing
Vice-President: 2026-01-13 vacant, 2026-02-09 vacant, 2026-02-10 Marlow County
Secretary: 2023-06-12 Prairie Lantern (over), 2023-06-13 Prairie Lantern, 2026-12-01 Prairie Lantern
Treasurer: 2023-06-12 Sandhill Railway (over), 2023-06-13 Oxbow Prairie, 2026-06-09 Oxbow Prairie
Treasurer: 2026-06-10 Oxbow Prairie (over), 2026-12-01 Oxbow Prairie (over)
Immediate past President: 2023-05-10 Alder Crossing, 2023-05-11 Bellhaven, 2025-05-10 Bellhaven
Immediate past President: 2025-05-11 Bellhaven (over), 2026-01-12 Bellhaven (over), 2026-01-13 Bramblewood
At-large member 2: 2025-03-02 White Egret, 2025-03-03 White Egret, 2026-12-01 White Egret
At-large member 4: 2026-05-13 South Amberfield (over), 2026-05-14 East Harrow, 2026-09-08 East Harrow
At-large member 4: 2026-09-09 vacant, 2026-12-31 vacant, 2027-01-01 vacant
At-large member 5: 2022-05-31 Heath End (over), 2022-06-01 vacant, 2023-05-11 Great Sedge, 2024-12-31 Timberlea
At-large member 5: 2025-01-01 vacant, 2025-02-12 vacant, 2025-02-13 Millstead
At-large member 6: 2026-09-30 Tallstem, 2026-10-01 vacant, 2026-12-01 vacant
"""


@pytest.mark.parametrize("line", [pytest.param(line, id=line[:60]) for line in SEATS.strip().splitlines()])
def test_each_seat_is_held_as_the_bylaws_give_it_by_hand(line):
    seat, days = line.split(": ")
    found = []
    for day in [said.split(" ")[0] for said in days.split(", ")]:
        one = next(one for one in board_on(date.fromisoformat(day)).seats if str(one.seat) == seat)
        holder = KEYS[one.holder.agency.name] if one.holder else one.seating.value
        found.append(f"{day} {holder}" + (" (over)" if one.seating.value == "holding_over" else ""))
    assert ", ".join(found) == days


@pytest.mark.parametrize(
    ("on", "in_office"),
    [
        pytest.param("2022-06-14", 10, id="one at-large member resigned"),
        pytest.param("2023-09-12", 11, id="eleven when Winterberry was suspended"),
        pytest.param("2024-12-10", 11, id="eleven when Timberlea was terminated"),
        pytest.param("2025-01-01", 10, id="ten when its own seat fell vacant"),
        pytest.param("2026-01-13", 10, id="ten after the succession"),
        pytest.param("2026-02-10", 11, id="eleven with the new Vice-President"),
        pytest.param("2026-12-01", 9, id="nine today: one agency suspended, one chief retired"),
    ],
)
def test_so_many_are_in_office(on, in_office):
    assert len(board_on(date.fromisoformat(on)).in_office) == in_office


def test_who_succeeds_serves_the_remainder_and_who_is_appointed_too():
    for office in ("president", "vice_president"):
        term = next(one.term for one in board_on(TODAY).seats if one.seat.office == office)
        assert (term.remainder, term.until_on) == (True, date(2027, 5, 8))


def test_a_seat_lost_stays_lost_when_the_suspension_ends():
    agency = Agency.objects.get(name="East Harrow Police Department")
    assert standing_of_agency(agency, date(2027, 1, 1)).status.value == "active"
    seat = next(one for one in board_on(date(2027, 1, 1)).seats if one.seat.number == 4)
    assert "vacant since 9 September 2026" in " ".join(map(str, seat.finding.because))


# The votes, each with its arithmetic by hand: what is said of it


@pytest.mark.parametrize(
    ("kind", "on", "number", "state", "part"),
    [
        pytest.param("special", "2019-02-05", 1, "carried", "recorded by hand as carried", id="the adoption, by hand"),
        pytest.param("special", "2019-02-05", 2, "carried", "more than half of 66 active agencies present is 34",
                     id="after the adoption the new bylaws govern"),
        pytest.param("board", "2023-09-12", 2, "carried", "at least 2/3 of 11 members in office is 8; 8 for",
                     id="suspended by exactly two thirds"),
        pytest.param("board", "2024-04-09", 2, "failed", "more than half of 11 members in office is 6; 3 for",
                     id="an admission refused"),
        pytest.param("annual", "2024-05-09", 2, "carried", "more than half of 60 active agencies present is 31; 34 for",
                     id="an objection upheld"),
        pytest.param("board", "2024-12-10", 2, "carried", "at least 2/3 of 11 members in office is 8; 9 for",
                     id="a termination by more than two thirds"),
        pytest.param("board", "2026-03-10", 2, "failed", "more than half of 11 members in office is 6; 5 for",
                     id="five of six present, eleven in office"),
        pytest.param("annual", "2026-05-14", 2, "failed", "more than half of 60 active agencies present is 31; 30 for",
                     id="an objection fails on a tie"),
        pytest.param("annual", "2026-05-14", 3, "failed", "30 for, 20 against, 10 abstained",
                     id="abstentions count against"),
        pytest.param("board", "2026-09-08", 2, "carried", "8 for, 2 against, 0 abstained; 1 present did not answer",
                     id="a member recused stays in the base"),
    ],
)  # fmt: skip
def test_each_vote_came_out_as_the_arithmetic_by_hand_gives(kind, on, number, state, part):
    motion = motion_of(kind, on, number)
    assert motion.state == state
    assert part in " ".join(str(fact) for fact in outcome_of(motion).because)


def test_only_the_vote_of_march_2026_and_few_others_depend_on_the_reading():
    depends = {
        str(motion)
        for motion in Motion.objects.decided().exclude(method__in=["voice", "by_hand"])
        if depends_on_reading(outcome_of(motion))
    }
    assert "Motion 2, Board meeting, 10 March 2026" in depends
    assert all("Board meeting" in name for name in depends)


@pytest.mark.parametrize(
    ("key", "outcome", "effective_on", "votes"),
    [
        pytest.param("Winterberry", "suspended", date(2023, 9, 13), (8, 3, 11), id="Winterberry"),
        pytest.param("Timberlea", "terminated", date(2025, 1, 1), (9, 1, 11), id="Timberlea"),
        pytest.param("Rushmoor", "suspended", date(2026, 6, 10), (9, 0, 11), id="Rushmoor"),
        pytest.param("East Harrow", "suspended", date(2026, 9, 9), (8, 2, 11), id="East Harrow"),
    ],
)
def test_the_motion_did_what_the_proceeding_says(key, outcome, effective_on, votes):
    name = next(name for name, short in KEYS.items() if short == key)
    proceeding = Proceeding.objects.get(participation__agency__name=name)
    assert (proceeding.outcome, proceeding.effective_on) == (outcome, effective_on)
    assert (proceeding.votes_for, proceeding.votes_against, proceeding.in_office) == votes
    motion = proceeding.motions.get()
    assert motion.acted_at is not None
    assert (motion.ayes, motion.nays, motion.entitled) == votes


def test_the_bylaws_that_govern_change_on_the_day_of_their_adoption():
    days = ["2009-05-20", "2019-02-04", "2019-02-05", "2025-05-07", "2025-05-08", "2026-12-01"]
    found = [BylawsVersion.objects.governing_on(date.fromisoformat(day)) for day in days]
    assert [(version.title[-4:], version.terms_known, version.notice_days) for version in found] == [
        ("2009", False, 15), ("2009", False, 15), ("2018", True, 15), ("2018", True, 15), ("2025", True, 20),
        ("2025", True, 20),
    ]  # fmt: skip
    amendment, lot = motion_of("annual", "2025-05-08", 3), motion_of("annual", "2025-05-08", 4)
    assert (amendment.bylaws.title, lot.bylaws.title) == ("Amended bylaws of 2018", "Bylaws as amended in 2025")
    assert "was sent on 17 April 2025; 8 May 2025 less 15 days is 23 April 2025" in str(preconditions(amendment))


# Elections


def test_a_second_ballot_between_the_first_two_elected_the_president_of_2023():
    election = Election.objects.whole().get(meeting=held("annual", "2023-05-11"), seat__office="president")
    because = [str(fact) for fact in standing_of(election).because]
    assert any("1 blank, 1 illegal" in said and "57 votes cast is 29" in said for said in because)
    assert any("no majority: a second ballot between" in said for said in because)
    assert KEYS[election.winner.official.agency.name] == "Bramblewood"


def test_the_tie_of_2025_was_settled_by_the_assembly_on_the_record():
    election = Election.objects.whole().get(meeting=held("annual", "2025-05-08"), seat__office="vice_president")
    because = [str(fact) for fact in standing_of(election).because]
    assert any("are tied for the second ballot" in said for said in because)
    assert any("the assembly decided: By motion 4 the agencies resolved on a lot" in said for said in because)
    assert KEYS[election.winner.official.agency.name] == "Loon Landing"


def test_every_nominating_committee_is_in_order_on_the_day_it_was_created():
    from board.models import Committee

    rows = Committee.objects.filter(kind="nominating")
    assert {row.name[-4:]: nominating_committee_on(row, row.created_on).value for row in rows} == {
        "2023": True, "2025": True, "2027": True,
    }  # fmt: skip


# Meetings


def test_the_meetings_are_those_of_the_table_each_with_what_it_shows():
    notes = {(row.kind, row.on): row.note for row in Meeting.objects.all()}
    assert len(notes) == len(STORIES) == 33
    for story in STORIES:
        assert notes[story.kind.value, story.on].endswith(f"It shows: {story.shows}")


def test_a_meeting_is_there_in_every_state_that_lasts():
    states = {meeting.state for meeting in Meeting.objects.prefetch_related("pauses")}
    assert states == {"scheduled", "adjourned", "cancelled"}
    paused = held("board", "2024-10-08").pauses.get()
    assert (paused.why, paused.until_at - paused.from_at) == ("police_work", timezone.timedelta(minutes=75))


def test_the_quorum_of_july_2025_was_lost_and_regained():
    turns = quorum_turns(held("board", "2025-07-08"))
    assert [(f"{timezone.localtime(turn.at):%H:%M}", turn.present, turn.stands) for turn in turns] == [
        ("10:02", 7, True), ("10:31", 5, False), ("10:52", 6, True),
    ]  # fmt: skip


def test_the_roll_of_an_annual_meeting_holds_those_settled_on_the_record():
    meeting = held("annual", "2026-05-14")
    settled = {KEYS[row.agency.name]: row.entitled for row in meeting.roll.exclude(settled_because="")}
    assert settled == {
        "Stonecrop": True, "Vesper Hill": True, "Bluestem": True, "Thistledown": True, "Tamarack Bluff": True,
        "Cedar Fork": False, "Juniper Hills": False, "Quarrytown": False, "Amberfield": False,
    }  # fmt: skip
    assert meeting.entitled == 74
    assert "60 of 74 active agencies present; more than half of 74 is 38" in str(
        quorum_of(meeting, motion_of("annual", "2026-05-14", 3).decided_at).because[0]
    )


@pytest.mark.parametrize(
    ("kind", "on", "sources"),
    [
        pytest.param("board", "2026-12-08", {"carried_over": 2, "minutes": 2, "plan": 1}, id="the next Board meeting"),
        pytest.param("annual", "2027-05-13", {"carried_over": 1, "minutes": 1, "objection": 1}, id="the next AGM"),
    ],
)
def test_what_waits_has_put_itself_on_the_next_agenda(kind, on, sources):
    found = [item.source for item in held(kind, on).agenda.exclude(source="entered")]
    assert {source: found.count(source) for source in found} == sources


# What waits and what was settled


def test_one_vote_out_of_order_waits_and_one_was_held_to_stand():
    (waiting,) = Motion.objects.waiting()
    assert (waiting.kind, waiting.state, waiting.acted_at) == ("admission", "carried", None)
    (settled,) = Motion.objects.filter(stands__isnull=False)
    assert (settled.kind, settled.stands, settled.minutes.frozen) == ("minutes", True, True)


def test_the_waiting_vote_admits_once_a_person_lets_it_stand_as_far_as_its_papers_go():
    (waiting,) = Motion.objects.waiting()
    moment = timezone.make_aware(timezone.datetime(2026, 12, 1, 9, 0))
    settled = settle_motion(motion=waiting, stands=True, because="The ordinance has come in.", at=moment)
    settled.application.refresh_from_db()
    assert settled.acted == "Grange Hollow Police Department is approved as a participating agency"
    assert (settled.application.out_of_order, settled.application.decision) == (False, "approved")


def test_objections_upheld_failed_and_open():
    found = {KEYS[row.agency.name]: (row.upheld, row.set_aside_on, row.is_open) for row in Objection.objects.all()}
    assert found == {
        "Briar Glen": (True, date(2024, 5, 9), False),
        "White Egret": (False, None, False),
        "Wheatmere": (None, None, True),
    }


def test_the_hearing_of_cranewood_is_awaited():
    motion = motion_of("board", "2027-01-12", 1)
    assert (motion.state, motion.proposes) == ("pending", "terminated")
    assert preconditions(motion).value is True


def test_an_admission_was_voted_and_waits_for_the_dues():
    motion = motion_of("board", "2026-05-12", 2)
    stint = motion.application.participation
    assert (stint.board_approved_on, stint.dues_paid_on) == (date(2026, 5, 12), None)


# Minutes and the Secretary's registers


def test_minutes_are_there_in_each_state():
    by_day = {row.meeting.on: row.state for row in Minutes.objects.exclude(meeting__kind="annual")}
    assert (by_day[date(2026, 11, 10)], by_day[date(2026, 10, 13)]) == ("draft", "circulated")
    assert {state for on, state in by_day.items() if on < date(2026, 10, 1)} == {"approved"}
    assert held("annual", "2026-05-14").minutes.state == "circulated"
    corrected = held("board", "2024-10-08").minutes
    assert "A barricade in Meadowmere" in corrected.corrections.get().text
    assert "A barricade in Loon Landing" in corrected.approved.content


def test_frozen_minutes_say_what_the_records_say_when_composed_anew():
    frozen = ApprovedMinutes.objects.get(minutes__meeting=held("annual", "2025-05-08"))
    data = compose(frozen.minutes.meeting)
    assert data == frozen.data
    assert [motion["number"] for item in data["items"] for below in item["items"] for motion in below["motions"]]
    assert len(data["attendance"]) == 80


def test_the_clock_of_the_draft_runs():
    due = {clock.what: clock.done for clock in clocks_of(held("board", "2026-11-10"))}
    assert due == {"Post the agenda": True, "Approve the minutes": None}


def test_a_review_of_the_plan_is_overdue():
    plan = OperationalPlan.objects.in_use_on(TODAY).with_next_due().get(title="Operational plan")
    assert (plan.edition, plan.due_on) == ("3", date(2026, 10, 14))
    assert PlanReview.objects.filter(plan=plan, done_on__isnull=False).get().done_on == date(2025, 10, 14)
    assert plan.due_on < TODAY, in_words(plan.due_on)


# All of it


def test_everything_stored_is_what_the_rules_give():
    checked = {name: (count, drift) for name, count, drift in drift_of_the_board()}
    assert {name: drift for name, (_count, drift) in checked.items() if drift} == {}
    assert checked["decided motions"][0] >= 60
    assert checked["approved minutes"][0] >= 25


def test_every_record_passes_its_own_checks_and_has_its_history():
    models = [model for model in apps.get_app_config("board").get_models() if issubclass(model, Record)]
    with_history = {model: set(model.history.values_list(model._meta.pk.attname, flat=True)) for model in models}
    for model in models:
        for row in model.objects.all():
            assert row.pk in with_history[model], row
            if model.__name__ not in ("RollEntry", "Attendance", "Vote", "DecisionThreshold"):
                row.full_clean()
