"""Two people at once: one act is done, the other person is told why theirs is not; and what happens with the guard off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from membership import services
from membership.models import Participation, Proceeding, TerminationNotice
from tests.membership import factories as make
from tests.races import GUARDED, UNGUARDED, at_once

pytestmark = pytest.mark.django_db(transaction=True)


def admission() -> Callable[[], object]:
    application = make.complete_application(make.agency(), make.original_member().agency, date(2017, 2, 1))
    return lambda: services.admit(application=application, decided_on=date(2017, 3, 10))


def notice() -> Callable[[], object]:
    stint = make.original_member()
    return lambda: services.receive_notice(participation=stint, received_on=date(2016, 12, 1))


def decision() -> Callable[[], object]:
    proceeding = make.proceeding(
        make.original_member(), ground="obligations", opened_on=date(2016, 1, 15), reason="-",
        notified_on=date(2016, 2, 1), hearing_on=date(2016, 3, 1),
    )  # fmt: skip
    return lambda: services.decide_proceeding(
        proceeding=proceeding, outcome="terminated", decided_on=date(2016, 3, 1), votes_for=8, in_office=11
    )


ACTS = [
    pytest.param(admission, Participation, id="admitting the same applicant"),
    pytest.param(notice, TerminationNotice, id="recording the same notice"),
    pytest.param(decision, Proceeding, id="deciding the same proceeding"),
]


# Both meet where the row is written: with the guard off they surely come as far, and what follows is up to the database.
@pytest.mark.parametrize(("prepare", "row"), ACTS)
def test_of_two_people_at_once_one_acts_and_the_other_is_told(prepare, row, meet):
    act = prepare()
    meet(GUARDED, (row, "save"))
    assert at_once(act, act) == ["done", "told"]


@pytest.mark.parametrize(("prepare", "row"), ACTS)
def test_with_the_guard_off_both_act_or_one_meets_an_error(prepare, row, meet, unguarded):
    act = prepare()
    meet(UNGUARDED, (row, "save"))
    assert at_once(act, act) != ["done", "told"]


def test_after_a_race_there_is_one_row():
    stint = make.original_member()
    act = partial(services.receive_notice, participation=stint, received_on=date(2016, 12, 1))
    at_once(act, act)
    assert TerminationNotice.objects.count() == 1
    assert Participation.objects.get(pk=stint.pk).withdrawn_on == date(2017, 5, 1)
