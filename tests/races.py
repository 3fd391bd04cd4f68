"""Several people at once: one act is done, the others are told why theirs is not; and the same with the guard off."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, connections
from django.db.models import QuerySet

# How long one person waits for the other at a step: a guard keeps the other away, without it both surely arrive.
GUARDED, UNGUARDED = 1.0, 20.0


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Each act in a thread of its own; what became of each: done, told (in words), or the database's own error."""
    outcomes: list[str] = []

    def one(act: Callable[[], object]) -> None:
        try:
            act()
            outcomes.append("done")
        except ValidationError:
            outcomes.append("told")
        except DatabaseError as error:
            outcomes.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.fixture
def meet(monkeypatch):
    """Makes two people wait for each other, once, at a step inside their acts; a guard lets one arrive, who goes on."""

    def at(patience: float, *steps: tuple[object, str]) -> None:
        barrier = threading.Barrier(2)
        person = threading.local()

        def waiting(step):
            def wait(*args, **kwargs):
                if not hasattr(person, "waited"):
                    person.waited = True
                    with contextlib.suppress(threading.BrokenBarrierError):
                        barrier.wait(patience)
                return step(*args, **kwargs)

            return wait

        for room, name in steps:
            monkeypatch.setattr(room, name, waiting(getattr(room, name)))

    return at


@pytest.fixture
def unguarded(monkeypatch):
    """The guard off: no row locks, and on SQLite transactions that read before they lock."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self.all())
    if connection.vendor == "sqlite":
        options = {**connection.settings_dict["OPTIONS"], "transaction_mode": "DEFERRED", "timeout": 2}
        monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
