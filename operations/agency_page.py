"""What mutual aid shows on the page of an agency: its alarm card, and the cards on which it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest

from membership.agency_page import AgencyPart
from membership.models import Agency
from nipas_admin.shared import scope
from nipas_admin.shared.badges import badge
from nipas_admin.shared.day import Day
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import add_address, address, may
from operations.models import AlarmAssignment, AlarmLine

SHOWN = 12
COLUMNS = (Column("Card of"), Column("Level"), Column("Sends"), Column("On the day"))


class AlarmCardsPart(AgencyPart):
    """Where an agency stands on the alarm cards in effect, and that it is asked for nothing while it is not active."""

    def tables(self, request: HttpRequest, record: Agency, day: Day) -> Iterator[Related]:
        """For those who work for the whole body: an agency is told nothing of the cards of others."""
        if scope.agencies_of(request.user) is not None or not may(request, "view", AlarmAssignment):
            return
        cards = AlarmAssignment.objects.in_effect_on(day.chosen)
        own = cards.filter(agency=record).first()
        lines = AlarmLine.objects.filter(
            assignment__in=cards.order_by().values("pk"), agency=record, dropped=False
        ).select_related("assignment__agency", "type")
        found = list(lines.order_by("assignment__agency__name", "level", "order"))
        shown = [_own(own)] if own is not None else []
        if found:
            is_active = Agency.objects.active_on(day.chosen).filter(pk=record.pk).exists()
            shown += [_line(line, is_active) for line in found[:SHOWN]]
        if len(found) > SHOWN:
            shown.append(Row((f"and {len(found) - SHOWN} lines more", "", "", "")))
        may_add = own is None and may(request, "add", AlarmAssignment)
        add = add_address(AlarmAssignment, agency=record.pk) if may_add else ""
        yield Related(
            "Alarm cards",
            COLUMNS,
            shown,
            "It has no alarm card in effect, and stands on none.",
            add,
            "Add its alarm card",
        )


def _own(card: AlarmAssignment) -> Row:
    return Row((f"Itself, version {card.version}", "", "", badge("done", "In effect")), address(card))


def _line(line: Any, is_active: bool) -> Row:
    stands = badge("active", "Asked") if is_active else badge("missing", "Not asked: not active")
    cells = (line.assignment.agency.name, line.level, f"{line.quantity} {line.type}", stands)
    return Row(cells, address(line.assignment))
