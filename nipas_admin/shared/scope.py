"""Whose rows a person may see. A person who signs in for an agency sees that agency's rows and no others.

The floor knows no agency: the room that does names, in ``AppConfig.ready()``, the function that answers which
agencies a person represents::

    scope.set_provider(agencies_of)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

Rows = TypeVar("Rows", bound=Model)
Provider = Callable[[Any], Iterable[int]]

ITSELF = "pk"


def _nobody(user: Any) -> Iterable[int]:
    return ()


_provider: list[Provider] = [_nobody]


def set_provider(provider: Provider) -> None:
    """Name the function that gives the primary keys of the agencies a person represents."""
    _provider[:] = [provider]


def agencies_of(user: Any) -> frozenset[int] | None:
    """The agencies a person is limited to, perhaps none; None for those who work for the whole body.

    Whoever cannot be recognized is limited to nothing.
    """
    if not getattr(user, "is_limited_to_agencies", True):
        return None
    if not hasattr(user, "_agencies"):
        user._agencies = frozenset(_provider[0](user)) if user.is_authenticated else frozenset()
    known: frozenset[int] = user._agencies
    return known


def limit(rows: QuerySet[Rows], user: Any, agency_path: str, shared: bool = False) -> QuerySet[Rows]:
    """The rows this person may see.

    ``agency_path`` leads from a row to its agency (``agency``, ``participation__agency``, ``pk`` on the agency
    itself); empty means the rows belong to no agency, and then only ``shared`` ones are seen by those who are limited.
    """
    agencies = agencies_of(user)
    if agencies is None or shared:
        return rows
    return rows.filter(**{f"{agency_path}__in": agencies}) if agency_path else rows.none()


def may_hold(row: Model, user: Any, agency_path: str) -> bool:
    """May this person write this row, as it now stands in memory? A new agency is nobody's yet."""
    agencies = agencies_of(user)
    if agencies is None:
        return True
    if not agency_path:
        return False
    *way, last = agency_path.split("__")
    holder: Any = row
    for step in way:
        holder = getattr(holder, step, None)
    key = last if last == ITSELF else f"{last}_id"
    return getattr(holder, key, None) in agencies
