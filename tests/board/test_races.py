"""Clerks at once: one act is done, the other clerk is told why theirs is not; and what happens with the guard off."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from board import services
from board.live import presses
from board.live.cursor import cursor_of
from board.live.views import REFUSAL
from board.models import ApprovedMinutes, Attendance, Meeting, Minutes, Motion, OfficeTerm, RollEntry, Vote
from board.services import minutes, presence, roll, seats, voting
from membership.models import Participation
from tests.board import factories as make
from tests.membership import factories as members
from tests.races import GUARDED, UNGUARDED, at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

DAY = make.DAY
at = make.at


def in_session(present: int = 8):
    make.bylaws_in_force()
    make.board(9)
    return make.opened("board", present)


def votes() -> Sequence[Callable[[], object]]:
    meeting = in_session()
    motion, entry = make.put(make.moved(meeting), "roll_call"), make.roll(meeting)[0]
    known = {"motion": motion, "entry": entry, "at": at(18, 31)}
    return [partial(services.cast, choice=choice, **known) for choice in ("for", "against")]


def arrivals() -> Sequence[Callable[[], object]]:
    entry = make.roll(in_session())[8]
    return [lambda: services.arrive(entry=entry, at=at(18, 5))] * 2


def puts() -> Sequence[Callable[[], object]]:
    meeting = in_session()
    return [partial(make.put, make.moved(meeting)) for _clerk in range(2)]


def openings() -> Sequence[Callable[[], object]]:
    make.bylaws_in_force()
    make.agencies(3)
    called = make.meeting()
    return [lambda: services.call_to_order(meeting=called, at=at(18))] * 2


def installations() -> Sequence[Callable[[], object]]:
    make.bylaws_in_force()
    known = {"seat": make.seat("secretary"), "from_on": DAY, "how": "appointed", "appointed_by": "president_and_board"}
    return [partial(services.install, holder=make.chief(make.agency()), **known) for _clerk in range(2)]


def declarations() -> Sequence[Callable[[], object]]:
    application = members.complete_application(members.agency(), members.original_member().agency, date(2026, 3, 2))
    meeting = in_session()
    of = make.agency()
    application.recommender = of
    application.save()
    motion = make.put(make.moved(meeting, "admission", application=application))
    return [lambda: services.declare(motion=motion, at=at(18, 31), ayes=8, nays=0)] * 2


def approvals() -> Sequence[Callable[[], object]]:
    held = make.adjourned(in_session())
    of = services.circulate(minutes=Minutes.objects.get(meeting=held), on=DAY, to="All")
    motion = make.moved(make.opened("board", 8, on=DAY + timedelta(days=7)), "minutes", minutes=of)
    Motion.objects.filter(pk=motion.pk).update_with_history(state="carried", decided_at=at(18), bylaws=held.bylaws)
    motion.refresh_from_db()
    return [lambda: services.approve(minutes=of, motion=motion)] * 2


# What is done at once, the step inside at which both would be, the rows that are left, and how many.
ACTS = [
    pytest.param(votes, (voting, "_may_vote"), Vote, 1, id="the same vote"),
    pytest.param(arrivals, (presence, "_not_before"), Attendance, 9, id="the same arrival"),
    pytest.param(puts, (voting, "bylaws_at"), Motion, 2, id="two motions put to the vote"),
    pytest.param(openings, (roll, "roll_on"), RollEntry, 3, id="the call to order"),
    pytest.param(installations, (seats, "eligibility"), OfficeTerm, 1, id="two people into one seat"),
    pytest.param(declarations, (voting, "must_follow"), Participation, 12, id="the result of an admission"),
    pytest.param(approvals, (minutes, "compose"), ApprovedMinutes, 1, id="the approval of minutes"),
]


@pytest.mark.parametrize(("prepare", "step", "rows", "left"), ACTS)
def test_of_two_clerks_at_once_one_acts_and_the_other_is_told(prepare, step, rows, left, meet):
    acts = prepare()
    meet(GUARDED, step)
    assert at_once(*acts) == ["done", "told"]
    assert rows.objects.count() == left


# With the guard off both surely come as far as writing: what follows is up to the database.
@pytest.mark.parametrize(("prepare", "step"), [(openings, (Meeting, "save")), (approvals, (ApprovedMinutes, "save"))])
def test_with_the_guard_off_both_act_or_one_meets_an_error(prepare, step, meet, unguarded):
    acts = prepare()
    meet(UNGUARDED, step)
    assert at_once(*acts) != ["done", "told"]


def test_with_the_lock_off_a_constraint_still_keeps_one_vote(meet, unguarded):
    acts = votes()
    meet(UNGUARDED, (voting, "_may_vote"))
    assert at_once(*acts).count("done") == 1
    assert Vote.objects.count() == 1


# --- A vote cast while the result is declared -------------------------------------------------------------------------


def cast_while_declared(patience: float, meet) -> tuple[list[str], bool]:
    """What became of the two, and whether the result declared is that of the votes recorded."""
    meeting = in_session()
    motion, entries = make.put(make.moved(meeting), "roll_call"), make.roll(meeting)
    make.cast(motion, "for", entries[:4])
    # The one has seen that the vote is being taken, the other has counted.
    meet(patience, (voting, "_may_vote"), (voting, "outcome_of"))
    outcomes = at_once(
        lambda: services.cast(motion=motion, entry=entries[4], choice="for", at=at(18, 31)),
        lambda: services.declare(motion=motion, at=at(18, 32)),
    )
    motion.refresh_from_db()
    counted = Vote.objects.filter(motion=motion).count()
    return outcomes, motion.ayes == counted and (motion.state == "carried") is (counted == 5)


def test_a_vote_cast_while_the_result_is_declared_counts_or_is_told(meet):
    outcomes, same = cast_while_declared(GUARDED, meet)
    assert outcomes in (["done", "done"], ["done", "told"])
    assert same


def test_with_the_guard_off_a_vote_is_left_out_of_its_result_or_meets_an_error(meet, unguarded):
    outcomes, same = cast_while_declared(UNGUARDED, meet)
    assert not same or set(outcomes) - {"done", "told"}


# --- Four clerks, 110 agencies ----------------------------------------------------------------------------------------


def test_four_clerks_press_110_votes_at_once_and_nobody_sees_an_error_page(monkeypatch):
    """The first two also press ten of the same, a moment apart: each vote stands once, the later clerk is told."""
    monkeypatch.setattr(presses, "WAITS", timedelta(days=36_500))
    day = date(2021, 5, 20)
    make.bylaws_in_force()
    make.agencies(110)
    meeting = make.opened(present=110, on=day)
    motion, entries = make.put(make.moved(meeting), "roll_call"), make.roll(meeting)
    address = reverse("board:live_press", args=[meeting.pk])
    secretary, answers = members.person("Secretary"), []

    def clerk(number: int, share: Sequence[RollEntry]) -> Callable[[], object]:
        client = Client(raise_request_exception=False)
        client.force_login(secretary)
        moment = at(18, 31, day) + timedelta(seconds=number)

        def press_all() -> None:
            pressed = {"act": "for", "motion": motion.pk, "at": moment.isoformat(), "since": str(cursor_of(meeting))}
            for entry in share:
                answer = client.post(address, {**pressed, "entry": entry.pk})
                answers.append(answer.status_code)
                pressed["since"] = re.search('id="since" value="([^"]+)"', answer.content.decode())[1]

        return press_all

    shares = entries[:30], entries[20:50], entries[50:80], entries[80:]
    assert at_once(*(clerk(number, share) for number, share in enumerate(shares))) == ["done"] * 4
    assert sorted(answers) == sorted([200] * 110 + [REFUSAL] * 10)
    assert Vote.objects.filter(motion=motion).values("entry").distinct().count() == 110
    assert services.declare(motion=motion, at=at(18, 32, day)).ayes == 110
