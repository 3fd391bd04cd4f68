"""Telecommunicators at once: what is free is committed once, the other is told; and what happens with the guard off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pytest
from django.db import connection

from operations import services
from operations.models import Aid, Incident, ReadinessInvitation
from operations.rules.readiness import Reply
from operations.services import incidents, readiness
from tests.board import factories as board
from tests.operations import factories as make
from tests.races import GUARDED, UNGUARDED, at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

Acts = Sequence[Callable[[], object]]


@pytest.fixture
def desk(transactional_db):
    """Somebody at the desk, and the bylaws in force; committed, so that each person sees it."""
    board.bylaws_in_force()
    return make.person()


def last_canine() -> Acts:
    """Two incidents want the same last canine."""
    near = make.helper()
    return [partial(make.ask, make.wants(make.incident()), near) for _desk in "ab"]


def late_yes() -> Acts:
    """An agency that did not answer says yes, while another incident asks for the same canine."""
    near = make.helper()
    silent = make.goes(make.ask(make.wants(make.incident()), near), "no_answer")
    return [
        partial(make.goes, silent, "accepted", minute=5),
        partial(make.ask, make.wants(make.incident()), near, minute=5),
    ]


def held() -> int:
    """How many of the only canine are committed."""
    return sum(Aid.objects.holding().values_list("quantity", flat=True))


ACTS = [
    pytest.param(last_canine, id="the last canine is committed twice"),
    pytest.param(late_yes, id="a late yes and another request"),
]


@pytest.mark.parametrize("acts", ACTS)
def test_the_last_one_is_committed_once_and_the_other_is_told(acts, desk, meet):
    people = acts()
    meet(GUARDED, (incidents, "free_of"))
    assert at_once(*people) == ["done", "told"]
    assert held() == 1


@pytest.mark.parametrize("acts", ACTS)
def test_without_the_lock_it_is_committed_twice(acts, desk, meet, unguarded):
    people = acts()
    meet(UNGUARDED, (incidents, "free_of"))
    outcomes = at_once(*people)
    if connection.vendor == "postgresql":
        assert (outcomes, held()) == (["done", "done"], 2)
    else:
        assert outcomes != ["done", "told"]


def openings() -> Acts:
    of = [make.agency(0), make.agency(9)]
    return [partial(make.incident, one) for one in of]


def numbers() -> list[str]:
    """The numbers given."""
    return sorted(row.reference for row in Incident.objects.all())


def test_two_incidents_opened_at_once_have_two_numbers_without_a_gap(desk, meet):
    people = openings()
    meet(GUARDED, (incidents, "saved"))
    assert at_once(*people) == ["done", "done"]
    assert numbers() == ["2026-0001", "2026-0002"]


def test_without_the_lock_one_of_the_two_meets_an_error_of_the_database(desk, meet, unguarded):
    people = openings()
    meet(UNGUARDED, (incidents, "saved"))
    outcomes = at_once(*people)
    assert outcomes[0] in ("IntegrityError", "OperationalError"), outcomes
    assert numbers() == ["2026-0001"]


def crossed_alarms() -> Acts:
    """Two cards name the same two agencies in opposite order."""
    first, second = (make.helper(deployable=2, key="squad") for _agency in "ab")
    acts = []
    for order in ((first, second), (second, first)):
        stricken = make.agency(0)
        card = make.card(stricken, *((1, one, 1) for one in order))
        acts.append(partial(make.alarm, make.incident(stricken), card))
    return acts


def test_two_alarms_over_the_same_agencies_do_not_lock_each_other_out(desk, meet):
    people = crossed_alarms()
    meet(GUARDED, (incidents, "_is_stale"))
    assert at_once(*people) == ["done", "done"]
    assert held() == 4


def test_a_link_pressed_twice_at_once_answers_once(desk, meet):
    (token,) = make.inquiry(make.agency()).values()
    invitation = services.invitation_of(token)
    known = {"invitation": invitation, "at": make.at(10), "replied_by": "Chief Vale"}
    people = [partial(services.answer, reply=Reply.NO, **known) for _press in "ab"]
    meet(GUARDED, (readiness, "saved"))
    assert at_once(*people) == ["done", "told"]
    assert ReadinessInvitation.history.filter(id=invitation.pk, history_type="~").count() == 1
