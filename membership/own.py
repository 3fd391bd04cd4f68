"""The agencies that a person signs in for, each with its status on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from membership.models import Agency
from nipas_admin.shared import scope


def own_agencies_on(user: Any, day: date) -> list[Any]:
    """Those agencies by name, with ``status`` as in law on the day; none for those who work for the whole body.

    Asked once in a request: two queries.
    """
    if not hasattr(user, "_own_agencies"):
        user._own_agencies = {}
    known: dict[date, list[Any]] = user._own_agencies
    if day not in known:
        own = scope.agencies_of(user)
        known[day] = list(Agency.objects.filter(pk__in=own).with_status_on(day).order_by("name")) if own else []
    return known[day]
