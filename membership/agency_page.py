"""What the rooms above show on the page of an agency: each registers its part in ``AppConfig.ready()``.

agency_page.register(FinancePart())
"""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from membership.models import Agency
from nipas_admin.shared.day import Day
from nipas_admin.shared.furniture import Related
from nipas_admin.shared.pages import Answer, Button


class AgencyPart:
    """What one room shows of an agency on a day, to one person; override what the room has to show."""

    def answers(self, request: HttpRequest, agency: Agency, day: Day) -> Iterable[Answer]:
        """What its rules say of the agency, beside its standing."""
        return ()

    def buttons(self, request: HttpRequest, agency: Agency, day: Day) -> Iterable[Button]:
        """Its acts, after those of membership."""
        return ()

    def tables(self, request: HttpRequest, agency: Agency, day: Day) -> Iterable[Related]:
        """Its tables, below those of membership."""
        return ()


_parts: list[AgencyPart] = []


def register(part: AgencyPart) -> None:
    """Add a part. A second one of the same class replaces the first."""
    _parts[:] = [other for other in _parts if type(other) is not type(part)] + [part]


def parts() -> tuple[AgencyPart, ...]:
    """All parts, in the order in which they were registered."""
    return tuple(_parts)
