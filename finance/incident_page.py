"""What the Treasurer's books show on the page and in the report of an incident: costs and claims (A 3.E, 3.G)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from finance.looks import costs_state
from finance.models import Claim, CostRequest
from nipas_admin.shared import money, scope
from nipas_admin.shared.badges import badge
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.day import Day
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.numbers import Numbered
from nipas_admin.shared.pages import add_address, address, may
from nipas_admin.shared.parts import Part

NO_COSTS = (
    "No agency asked for costs. Aid is given without reimbursement; unusual or burdensome costs may be asked of the "
    "stricken agency (Agreement §3.E)."
)
COLUMNS = (
    Column("Asked by"), Column("Submitted"), Column("Asked", number=True), Column("Granted", number=True),
    Column("State"),
)  # fmt: skip


class CostsOfIncident(Part):
    """The requests for costs that carry an incident's number, and the claims that do."""

    def tables(self, request: HttpRequest, record: Numbered, day: Day) -> Iterator[Related]:
        """Both, for those who may see them: an agency those that concern it."""
        if may(request, "view", CostRequest):
            own = scope.agencies_of(request.user)
            rows = _costs(record)
            rows = rows if own is None else rows.filter(Q(aiding__in=own) | Q(stricken__in=own))
            add = _add(record) if may(request, "add", CostRequest) else ""
            shown = [Row((*_cells(row), badge(*costs_state(row))), address(row)) for row in rows]
            yield Related("Costs", COLUMNS, shown, NO_COSTS, add, "Request costs")
        if may(request, "view", Claim) and scope.agencies_of(request.user) is None:
            claims = Claim.objects.filter(incident=record.number)
            shown = [Row((row.title, in_words(row.filed_on)), address(row)) for row in claims]
            if shown:
                yield Related("Claims", (Column("Claim"), Column("Filed")), shown, "")

    def printed(self, record: Numbered, day: date) -> Iterator[Related]:
        """The requests submitted by the day."""
        rows = [Row((*_cells(row), costs_state(row)[1])) for row in _costs(record).filter(submitted_on__lte=day)]
        yield Related("Costs", COLUMNS, rows, NO_COSTS)


def _costs(incident: Numbered) -> QuerySet[CostRequest]:
    rows: QuerySet[CostRequest] = CostRequest.objects.filter(incident=incident.number).select_related("aiding")
    return rows.order_by("aiding__name", "submitted_on", "pk")


def _cells(row: CostRequest) -> Sequence[object]:
    granted = "" if row.granted is None else money.shown(row.granted)
    return row.aiding.name, in_words(row.submitted_on), money.shown(row.amount), granted


def _add(incident: Numbered) -> str:
    """The page that takes a request down, with what is known of it; the aiding agency where only one came."""
    known: dict[str, Any] = {
        "stricken": incident.agency, "incident": incident.number, "incident_on": incident.on.isoformat()
    }  # fmt: skip
    if len(incident.others) == 1:
        known["aiding"] = incident.others[0]
    return add_address(CostRequest, **known)
