"""Records that people name by a number in another room: an incident on a request for its costs.

The room that gives the numbers says in ``AppConfig.ready()`` how they are found; the room that takes them down asks,
and neither knows the other::

    numbers.register(numbers.INCIDENT, incident_numbered)
    numbers.find(numbers.INCIDENT, "2026-31")
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

INCIDENT = "incident"


@dataclass(frozen=True)
class Numbered:
    """A record found by its number, as the register writes it; ``url`` is empty for those who may not see it.

    ``agency`` is the key of the agency it belongs to, ``others`` are those of the agencies that took part in it.
    """

    number: str
    title: str
    url: str
    agency: int
    on: date
    others: tuple[int, ...] = ()


Finder = Callable[[str, Any], Numbered | None]
_finders: dict[str, Finder] = {}


def register(kind: str, finder: Finder) -> None:
    """Name the function that finds records of this kind: by what was typed, for a person."""
    _finders[kind] = finder


def find(kind: str, typed: str, user: Any = None) -> Numbered | None:
    """The record that was meant; None where what was typed is not written as such a number, or nobody gives them.

    Raises LookupError, in words, where it is written so and there is no such record.
    """
    finder = _finders.get(kind)
    return finder(typed, user) if finder else None
