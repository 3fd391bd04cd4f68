"""Meetings: what a Secretary can get wrong at the door, and what is refused in words that name the clause."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from board import services
from board.models import Attendance, Meeting, Objection, OperationalPlan, PlanReview
from membership.models import Approval
from tests.board import factories as make

pytestmark = pytest.mark.django_db
DAY = make.DAY
at = make.at


@pytest.fixture
def meeting(bylaws):
    """An annual meeting of five agencies, in session since 6 PM, nobody there yet."""
    make.agencies(5)
    return make.opened()


# --- Calling ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "words"),
    [
        pytest.param(date(1988, 3, 22), "No version of the bylaws covers 22 March 1988", id="the day before the first"),
        pytest.param(date(1988, 3, 23), None, id="the day of the first version"),
        pytest.param(date(2018, 1, 1), None, id="under the version of 2009, whose figures are unknown"),
    ],
)
def test_a_meeting_is_called_only_for_a_day_that_bylaws_cover(on, words, said):
    if words:
        assert words in said(make.meeting, "board", on)
    else:
        assert make.meeting("board", on).pk


def test_a_special_meeting_is_not_called_without_naming_its_business(bylaws, said):
    assert "Art. XI §4" in said(make.meeting, "special", purpose="")


def test_two_meetings_of_one_kind_are_not_called_for_the_same_hour(bylaws, said):
    make.meeting()
    assert "already called for this hour" in said(make.meeting)


@pytest.mark.parametrize(
    ("sent_on", "words"),
    [
        pytest.param(DAY - timedelta(days=1), None, id="the day before"),
        pytest.param(DAY, None, id="the day of the meeting"),
        pytest.param(DAY + timedelta(days=1), "its notice is sent before", id="the day after"),
    ],
)
def test_notice_is_sent_before_the_meeting(sent_on, words, bylaws, said):
    send = {"meeting": make.meeting(), "on": sent_on, "to": "All agencies, by mail"}
    if words:
        assert words in said(services.send_notice, **send)
    else:
        assert services.send_notice(**send).notice_on == sent_on


def test_a_cancelled_meeting_is_not_opened_nor_noticed_and_one_in_session_is_not_cancelled(meeting, said):
    off = make.meeting(on=DAY + timedelta(days=7))
    assert "Say why" in said(services.cancel, meeting=off, on=DAY, because=" ")
    services.cancel(meeting=off, on=DAY, because="The hall is closed")
    moment = at(18, on=DAY + timedelta(days=7))
    assert "was cancelled on 20 May 2026" in said(services.call_to_order, meeting=off, at=moment)
    assert "was cancelled" in said(services.send_notice, meeting=off, on=DAY, to="All")
    assert "was cancelled" in said(services.move, meeting=off, kind="ordinary", text="To do so.")
    assert "adjourned, not cancelled" in said(services.cancel, meeting=meeting, on=DAY, because="Late")


# --- The call to order ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        pytest.param(at(23, 59, DAY - timedelta(days=1)), False, id="the last minute of the day before"),
        pytest.param(at(0, 0), True, id="the first minute of the day"),
        pytest.param(at(23, 59), True, id="the last minute of the day"),
        pytest.param(at(0, 0, DAY + timedelta(days=1)), False, id="the first minute of the day after"),
    ],
)
def test_a_meeting_opens_on_the_day_it_is_called_for(moment, opens, bylaws, said):
    make.agencies(1)
    called = make.meeting()
    if opens:
        assert services.call_to_order(meeting=called, at=moment).bylaws == bylaws
    else:
        assert "called for 20 May 2026" in said(services.call_to_order, meeting=called, at=moment)


def test_a_meeting_is_called_to_order_once(meeting, said):
    assert "already called to order at 6:00 PM" in said(services.call_to_order, meeting=meeting, at=at(18, 5))


def test_a_meeting_that_was_opened_keeps_its_kind_and_hour(meeting):
    for name, other in (("kind", "board"), ("starts_at", at(17))):
        changed = Meeting.objects.get(pk=meeting.pk)
        setattr(changed, name, other)
        with pytest.raises(ValidationError, match="stay as they were"):
            changed.full_clean()


def test_nobody_entitled_means_no_meeting(bylaws, said):
    assert "Nobody is entitled" in said(make.opened)
    assert "Nobody is entitled" in said(make.opened, "board")


def test_the_roll_is_frozen_at_the_call_to_order(bylaws):
    stays, leaves, suspended, back, withdrawn = make.agencies(5)
    make.agencies(1, joined=DAY + timedelta(days=1))
    make.suspended(suspended, DAY, DAY + timedelta(days=1))
    make.suspended(back, DAY - timedelta(days=9), DAY)
    make.withdrawn(withdrawn, DAY)
    make.withdrawn(leaves, DAY + timedelta(days=1))
    meeting = make.opened()
    make.withdrawn(stays, DAY)
    assert set(meeting.roll.values_list("agency", flat=True)) == {stays.pk, leaves.pk, back.pk}
    assert meeting.entitled == 3
    assert services.quorum_needed(meeting) == 2


def test_a_chief_represents_and_a_stranger_of_another_agency_does_not(meeting, said):
    first, second = make.roll(meeting)[:2]
    assert first.representative == make.chief(first.agency).name
    other = make.chief(second.agency)
    words = said(services.represent, entry=first, representative="", official=other)
    assert "no proxies (Bylaws Art. XIII §1)" in words


@pytest.mark.parametrize(("counts", "entitled"), [(True, 4), (False, 3)])
def test_an_agency_of_undetermined_status_is_settled_on_the_record_first(counts, entitled, bylaws, said):
    make.agencies(3)
    unknown = make.agency()
    Approval.objects.filter(agency=unknown).update_with_history(latest_on=date(2027, 1, 1))
    called = make.meeting()
    words = said(services.call_to_order, meeting=called, at=at(18), settled={unknown.pk: (True, " ")})
    assert f"Whether {unknown} is entitled is not determined" in words
    opened = services.call_to_order(meeting=called, at=at(18), settled={unknown.pk: (counts, "By the files of 2020")})
    assert opened.entitled == entitled
    entry = make.entry(opened, unknown)
    assert (entry.entitled, entry.settled_because) == (counts, "By the files of 2020")
    if not counts:
        assert "does not count at this meeting: By the files" in said(services.arrive, entry=entry, at=at(18, 1))
        motion = make.moved(opened)
        assert "does not count" in said(services.move, meeting=opened, kind="ordinary", text="-", mover=entry)
        make.arrived(opened, 3)
        make.put(motion, "roll_call")
        assert "does not count" in said(make.cast, motion, "for", [entry])


# --- Who is there -----------------------------------------------------------------------------------------------------


def test_arrivals_and_departures_are_in_order_or_refused(meeting, said):
    one = make.roll(meeting)[0]
    assert "not marked as present" in said(services.leave, entry=one, at=at(18, 5))
    assert "not marked as present" in said(services.undo_arrival, entry=one)
    assert "called to order at 6:00 PM" in said(services.arrive, entry=one, at=at(17, 59))
    assert services.arrive(entry=one, at=at(18)).present == 1
    assert "already marked as present" in said(services.arrive, entry=one, at=at(18, 1))
    assert services.leave(entry=one, at=at(18, 30)).present == 0
    assert "left at 6:30 PM" in said(services.arrive, entry=one, at=at(18, 29))
    assert services.arrive(entry=one, at=at(18, 30), remote=True).present == 1
    assert "nobody leaves before arriving" in said(services.leave, entry=one, at=at(18, 29))
    assert services.undo_arrival(entry=one).present == 0
    assert [services.house_at(meeting, at(18, minute)).present for minute in (0, 29, 30)] == [1, 1, 0]


def test_what_a_declared_vote_rests_on_does_not_change_afterwards(meeting, said):
    make.arrived(meeting, 3)
    first, *_others, last = make.roll(meeting)
    make.voted(make.moved(meeting), 2, minute=30)
    for act, entry in ((services.arrive, last), (services.leave, first)):
        assert "declared at 6:31 PM" in said(act, entry=entry, at=at(18, 30))
    assert "record that it left, instead" in said(services.undo_arrival, entry=first)
    assert services.leave(entry=first, at=at(18, 31)).present == 2


def test_nobody_is_marked_absent_while_a_vote_of_theirs_stands(meeting, said):
    make.arrived(meeting, 4)
    voter, other = make.roll(meeting)[:2]
    motion = make.put(make.moved(meeting), "roll_call")
    make.cast(motion, "for", [voter])
    for act in (lambda: services.leave(entry=voter, at=at(18, 40)), lambda: services.undo_arrival(entry=voter)):
        assert "nobody is marked absent while a vote of theirs stands" in said(act)
    services.leave(entry=other, at=at(18, 40))
    make.cast(motion, "against", make.roll(meeting)[2:4])
    services.declare(motion=motion, at=at(18, 41))
    services.leave(entry=voter, at=at(18, 42))


def test_the_quorum_is_gained_and_lost_minute_by_minute(meeting):
    entries = make.roll(meeting)
    for minute, entry in enumerate(entries[:3]):
        services.arrive(entry=entry, at=at(18, minute))
    services.leave(entry=entries[0], at=at(18, 20))
    services.arrive(entry=entries[3], at=at(18, 25))
    turns = [(turn.at, turn.present, turn.stands) for turn in services.quorum_turns(meeting)]
    assert turns == [(at(18, 2), 3, True), (at(18, 20), 2, False), (at(18, 25), 3, True)]
    assert [services.quorum_of(meeting, at(18, minute)).value for minute in (1, 2, 19, 20, 24, 25)] == [
        False, True, True, False, False, True,
    ]  # fmt: skip


def test_while_the_meeting_stands_still_nothing_happens_and_time_does_not_run_back(meeting, said):
    entry = make.roll(meeting)[0]
    services.arrive(entry=entry, at=at(18, 10))
    motion = make.moved(meeting)
    pause = {"meeting": meeting, "why": "police_work"}
    assert "Something is recorded at 6:10 PM" in said(services.suspend, at=at(18, 9), **pause)
    services.suspend(at=at(18, 20), **pause)
    for act in (
        lambda: services.arrive(entry=make.roll(meeting)[1], at=at(18, 21)),
        lambda: services.leave(entry=entry, at=at(18, 21)),
        lambda: make.put(motion, minute=21),
        lambda: services.adjourn(meeting=meeting, at=at(18, 21)),
        lambda: services.suspend(at=at(18, 21), **pause),
    ):
        assert "resume it first (Bylaws Art. XI §3)" in said(act)
    assert "recorded at 6:20 PM" in said(services.resume, meeting=meeting, at=at(18, 19))
    assert "later time" in said(services.resume, meeting=meeting, at=at(18, 20))
    services.resume(meeting=meeting, at=at(18, 45))
    assert "does not stand still" in said(services.resume, meeting=meeting, at=at(18, 46))
    assert services.arrive(entry=make.roll(meeting)[1], at=at(18, 45)).present == 2


def test_adjourning_sends_everybody_home_and_closes_the_meeting(meeting, said):
    make.arrived(meeting, 3)
    entry = make.roll(meeting)[3]
    services.arrive(entry=entry, at=at(19, 30))
    services.leave(entry=entry, at=at(20))
    motion = make.put(make.moved(meeting))
    for stop in (services.adjourn, lambda **known: services.suspend(why="recess", **known)):
        assert "declare its result, or take the motion back" in said(stop, meeting=meeting, at=at(20, 30))
    services.declare(motion=motion, at=at(20, 1), ayes=2, nays=1)
    pending = make.moved(meeting)
    assert "recorded at 8:01 PM" in said(services.adjourn, meeting=meeting, at=at(20))
    services.adjourn(meeting=meeting, at=at(20, 1))
    assert not Attendance.objects.in_the_room().filter(meeting=meeting).exists()
    for act in (
        lambda: services.arrive(entry=entry, at=at(20, 5)),
        lambda: services.represent(entry=entry, representative="Chief"),
        lambda: services.recuse(entry=entry, note="-"),
        lambda: services.suspend(meeting=meeting, at=at(20, 5), why="recess"),
        lambda: services.adjourn(meeting=meeting, at=at(20, 5)),
        lambda: make.put(pending, minute=180),
        lambda: make.moved(meeting),
    ):
        assert "adjourned" in said(act)


# --- What comes on the agenda by itself -------------------------------------------------------------------------------


def titles(of: Meeting) -> list[str]:
    return list(of.agenda.standing().order_by("position").values_list("title", flat=True))


@pytest.fixture
def held(bylaws):
    """An annual meeting held on 20 May with one item to be carried over, and a Board that has met the same day."""
    make.board(6)
    meeting = make.opened()
    make.item(meeting, "The county's letter", carry_over=True, detail="It asks for an answer.", sponsor="Secretary")
    make.item(meeting, "Coffee", position=2)
    return make.adjourned(meeting)


def test_an_item_is_carried_over_once_and_what_is_left_out_stays_out(held):
    following = make.meeting(on=DAY + timedelta(days=7))
    assert titles(following) == ["The county's letter", f"Approve: {held.minutes}"]
    carried = following.agenda.get(source="carried_over")
    assert (carried.detail, carried.sponsor, carried.came_from.meeting) == (
        "It asks for an answer.", "Secretary", held,
    )  # fmt: skip
    services.leave_out(item=carried, left_out=True)
    services.refresh_agenda(following)
    later = make.meeting(on=DAY + timedelta(days=14))
    assert titles(following) == [f"Approve: {held.minutes}"]
    assert "The county's letter" not in titles(later)


def test_an_item_carried_to_a_meeting_that_is_cancelled_comes_to_the_next(held):
    following = make.meeting(on=DAY + timedelta(days=7))
    services.cancel(meeting=following, on=DAY, because="The hall is closed")
    assert "The county's letter" in titles(make.meeting(on=DAY + timedelta(days=14)))


def test_items_stay_with_their_body(held):
    board = make.meeting("board", on=DAY + timedelta(days=7))
    assert titles(board) == []
    special = make.meeting("special", on=DAY + timedelta(days=8))
    assert "The county's letter" in titles(special)


@pytest.mark.parametrize(
    ("received_on", "there"),
    [
        pytest.param(DAY + timedelta(days=6), True, id="received the day before the meeting"),
        pytest.param(DAY + timedelta(days=7), True, id="received on its day"),
        pytest.param(DAY + timedelta(days=8), False, id="received the day after"),
    ],
)
def test_an_open_objection_is_on_the_next_agenda_of_the_agencies(received_on, there, held):
    of = make.agency()
    Objection.objects.create(agency=of, received_on=received_on, against="The new dues")
    board, annual = (make.meeting(kind, on=DAY + timedelta(days=7)) for kind in ("board", "annual"))
    assert (f"Objection of {of}" in titles(annual)) is there
    assert f"Objection of {of}" not in titles(board)


def test_an_objection_decided_or_taken_back_comes_on_no_agenda(held):
    of = make.agency()
    Objection.objects.create(agency=of, received_on=DAY, against="Dues", taken_back_on=DAY)
    Objection.objects.create(agency=of, received_on=DAY, against="Fees", decided_on=DAY, upheld=False)
    assert f"Objection of {of}" not in titles(make.meeting(on=DAY + timedelta(days=7)))


@pytest.mark.parametrize(
    ("due_on", "there"),
    [
        pytest.param(DAY + timedelta(days=7), True, id="due on the day of the meeting"),
        pytest.param(DAY + timedelta(days=8), False, id="due the day after"),
    ],
)
def test_a_plan_due_for_review_is_on_the_agenda_of_the_board(due_on, there, bylaws):
    make.board(6)
    plan = OperationalPlan.objects.create(title="Operational plan", edition="1", adopted_on=date(2025, 5, 1))
    PlanReview.objects.create(plan=plan, kind="review", due_on=due_on)
    board = make.meeting("board", on=DAY + timedelta(days=7))
    assert any(title.startswith("Operational plan, version 1: review due") for title in titles(board)) is there
    assert titles(make.meeting(on=DAY + timedelta(days=7))) == []


def test_what_comes_after_the_call_of_a_special_meeting_is_not_named_in_it(held):
    special = make.meeting("special", on=DAY + timedelta(days=7))
    before = special.agenda.get(source="carried_over")
    services.send_notice(meeting=special, on=DAY + timedelta(days=1), to="All")
    of = make.agency()
    Objection.objects.create(agency=of, received_on=DAY + timedelta(days=2), against="The new dues")
    services.refresh_agenda(special)
    after = special.agenda.get(source="objection")
    entered = services.add_item(meeting=Meeting.objects.get(pk=special.pk), title="A thought")
    assert (before.named_in_call, after.named_in_call, entered.named_in_call) == (True, False, False)


def test_a_copied_meeting_has_the_items_entered_and_their_tree(held):
    top = make.item(held, "Reports", position=3)
    make.item(held, "Treasurer", parent=top)
    copy = services.call_meeting(
        copy_of=held, kind="annual", starts_at=at(18, on=DAY + timedelta(days=7)), place="Village Hall"
    )
    below = copy.agenda.get(title="Treasurer")
    assert below.parent == copy.agenda.get(title="Reports")
    assert sorted(titles(copy)) == [f"Approve: {held.minutes}", "Coffee", "Reports", "The county's letter", "Treasurer"]


# --- As many queries for ten as for many ------------------------------------------------------------------------------


def queries_to_change_the_roll(size: int, on: date) -> list[int]:
    """How many queries an arrival, a departure and the quorum take, with so many more agencies, half of them there."""
    make.agencies(size)
    meeting = make.opened(present=size // 2, on=on)
    entry = make.roll(meeting)[-1]
    counted = []
    for act in (
        lambda: services.arrive(entry=entry, at=at(18, 30, on)),
        lambda: services.leave(entry=entry, at=at(18, 40, on)),
        lambda: services.quorum_of(Meeting.objects.get(pk=meeting.pk)),
    ):
        with CaptureQueriesContext(connection) as seen:
            act()
        counted.append(len(seen))
    return counted


def test_a_change_of_the_roll_costs_the_same_few_queries_for_10_agencies_and_for_110(bylaws):
    few, many = (queries_to_change_the_roll(size, on) for size, on in ((10, DAY), (100, DAY + timedelta(days=1))))
    assert few == many
    # A savepoint and its release, the lock, one question for all, the row, its history.
    assert few[0] == 6
