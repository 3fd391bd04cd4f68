"""Two people at once: one act is done, the other person is told why theirs is not; and what happens with the guard off."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, connections
from django.db.models import QuerySet

from membership import services
from membership.models import Participation, TerminationNotice
from membership.services import acts
from tests.membership import factories as make

pytestmark = pytest.mark.django_db(transaction=True)

# How long one person waits for the other at a step: a guard keeps the other away, without it both surely arrive.
GUARDED, UNGUARDED = 1.0, 20.0


def at_once(act: Callable[[], object]) -> list[str]:
    """Two threads do the same; what became of each: done, told (in words), or the database's own error."""
    outcomes: list[str] = []

    def one() -> None:
        try:
            act()
            outcomes.append("done")
        except ValidationError:
            outcomes.append("told")
        except DatabaseError as error:
            outcomes.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _person in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.fixture
def meet(monkeypatch):
    """Makes both people wait for each other, once, at a step inside the act; a guard lets only one arrive, who goes on."""

    def at(name: str, patience: float) -> None:
        barrier = threading.Barrier(2)
        person = threading.local()
        step = getattr(acts, name)

        def waiting(*args, **kwargs):
            if not hasattr(person, "waited"):
                person.waited = True
                with contextlib.suppress(threading.BrokenBarrierError):
                    barrier.wait(patience)
            return step(*args, **kwargs)

        monkeypatch.setattr(acts, name, waiting)

    return at


@pytest.fixture
def unguarded(monkeypatch):
    """The guard off: no row locks, and on SQLite transactions that read before they lock."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self.all())
    if connection.vendor == "sqlite":
        options = {**connection.settings_dict["OPTIONS"], "transaction_mode": "DEFERRED", "timeout": 2}
        monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)


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
    pytest.param(admission, "packet_of", id="admitting the same applicant"),
    pytest.param(notice, "preview_notice", id="recording the same notice"),
    pytest.param(decision, "saved", id="deciding the same proceeding"),
]


@pytest.mark.parametrize(("prepare", "step"), ACTS)
def test_of_two_people_at_once_one_acts_and_the_other_is_told(prepare, step, meet):
    act = prepare()
    meet(step, GUARDED)
    assert at_once(act) == ["done", "told"]


@pytest.mark.parametrize(("prepare", "step"), ACTS)
def test_with_the_guard_off_both_act_or_one_meets_an_error(prepare, step, meet, unguarded):
    act = prepare()
    meet(step, UNGUARDED)
    assert at_once(act) != ["done", "told"]


def test_after_a_race_there_is_one_row():
    stint = make.original_member()
    at_once(lambda: services.receive_notice(participation=stint, received_on=date(2016, 12, 1)))
    assert TerminationNotice.objects.count() == 1
    assert Participation.objects.get(pk=stint.pk).withdrawn_on == date(2017, 5, 1)
