"""What other rooms show on the page and the papers of a record: each registers its part in ``AppConfig.ready()``.

parts.register("membership.Agency", FinancePart())

The room whose page it is asks for ``parts.of("membership.Agency")`` and knows none of the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest

from nipas_admin.shared.day import Day
from nipas_admin.shared.furniture import Related
from nipas_admin.shared.pages import Answer, Button


class Part:
    """What one room shows of a record of another on a day, to one person; override what the room has to show."""

    def answers(self, request: HttpRequest, record: Any, day: Day) -> Iterable[Answer]:
        """What its rules say of the record."""
        return ()

    def buttons(self, request: HttpRequest, record: Any, day: Day) -> Iterable[Button]:
        """Its acts, after those of the page's own room."""
        return ()

    def tables(self, request: HttpRequest, record: Any, day: Day) -> Iterable[Related]:
        """Its tables, below those of the page's own room."""
        return ()

    def printed(self, record: Any, day: date) -> Iterable[Related]:
        """Its tables in the paper of the record, for whoever may print that paper."""
        return ()


_parts: dict[str, list[Part]] = {}


def register(of_what: str, part: Part) -> None:
    """Add a part to the pages of such records. A second one of the same class replaces the first."""
    others = [other for other in _parts.get(of_what, []) if type(other) is not type(part)]
    _parts[of_what] = [*others, part]


def of(what: str) -> tuple[Part, ...]:
    """All parts of such pages, in the order in which they were registered."""
    return tuple(_parts.get(what, ()))
