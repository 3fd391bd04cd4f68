"""Who tells whether an agency owes nothing: the room that keeps dues registers its check here.

Membership keeps no money. ``register(past_due_check)`` is called in the ``AppConfig.ready()`` of the room that does,
with a function that answers for many agencies in a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from nipas_admin.shared.findings import Finding

DuesCheck = Callable[[Iterable[int], date], Mapping[int, Finding[bool]]]

_check: list[DuesCheck] = []


def register(check: DuesCheck) -> None:
    """Name the function that says, by agency's primary key, whether no dues are past due on a day."""
    _check[:] = [check]


def dues_of(agencies: Iterable[int], day: date) -> Mapping[int, Finding[bool]]:
    """Whether each agency has nothing past due on the day; empty where no room keeps dues."""
    return _check[0](agencies, day) if _check else {}
