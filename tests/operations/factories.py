"""Small records for tests of mutual aid: one night, one line each. Agencies come from tests.board.factories."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from membership.models import Agency, Official
from nipas_admin.accounts.models import User
from operations import services
from operations.models import (
    Aid,
    AlarmAssignment,
    AlarmLine,
    Incident,
    ReadinessInvitation,
    RequestLine,
    Resource,
    ResourceType,
)
from operations.rules.incidents import Step
from operations.services.readiness import secret_of
from tests.board import factories as board

CHICAGO = ZoneInfo("America/Chicago")
DAY = date(2026, 8, 16)
# The scene, and a degree of latitude for seventy miles.
SCENE = (42.0, -88.0)


def at(minute: int = 0, hour: int = 18, on: date = DAY) -> datetime:
    """So many minutes into that evening, in Chicago."""
    return datetime(on.year, on.month, on.day, hour, tzinfo=CHICAGO) + timedelta(minutes=minute)


def person() -> User:
    """The telecommunicator."""
    return User.objects.filter(username="desk").first() or User.objects.create_user("desk", password=None)


def kind(key: str = "canine") -> ResourceType:
    """One type of the catalogue."""
    return ResourceType.objects.get(key=key)


def agency(miles: float | None = None) -> Agency:
    """An active agency, so many miles north of the scene; without a place where none is given."""
    row = board.agency()
    if miles is not None:
        row.latitude, row.longitude = Decimal(str(round(SCENE[0] + miles / 69, 6))), Decimal("-88")
        row.save()
    return row


def holds(of: Agency, deployable: int = 1, key: str = "canine", on: date | None = DAY) -> Resource:
    """The agency holds so many of a type, all to be deployed, confirmed on that day."""
    row = Resource(agency=of, type=kind(key), quantity=deployable, deployable=deployable, confirmed_on=on)
    row.save()
    return row


def helper(miles: float = 5.0, deployable: int = 1, key: str = "canine", on: date | None = DAY) -> Agency:
    """An active agency that far away which holds so many of a type."""
    row = agency(miles)
    holds(row, deployable, key, on)
    return row


def incident(stricken: Agency | None = None, moment: datetime | None = None, **more: Any) -> Incident:
    """An incident at the scene, of an agency of its own unless told."""
    return services.open_incident(
        stricken=stricken or agency(0), nature="Missing child", requested_by="Sgt. Halloran",
        exceeds="Four square miles of marsh", at=moment or at(), by=person(), **more,
    )  # fmt: skip


def wants(of: Incident, least: int = 1, most: int | None = None, key: str = "canine") -> RequestLine:
    """A request line."""
    return services.request(incident=of, what=kind(key), least=least, most=most, at=at())


def ask(line: RequestLine, of: Agency, quantity: int = 1, minute: int = 1, **more: Any) -> Aid:
    """The agency is asked."""
    return services.ask(line=line, agency=of, quantity=quantity, at=at(minute), by=person(), **more)


def goes(aid: Aid, *steps: str, minute: int = 2) -> Aid:
    """These steps, a minute apart."""
    for later, step in enumerate(steps):
        because = {"declined_because": Aid.Declined.LOCAL_CONDITIONS} if step == "declined" else {}
        aid = services.record_step(aid=aid, step=Step(step), at=at(minute + later), **because)
    return aid


def asked(of: Incident) -> list[tuple[str, int]]:
    """Whom the card on the fly asks, in order, and for how many."""
    card = services.card_of(of, DAY)
    return [(offer.candidate.name, offer.quantity) for line in card.filled for offer in line.offers]


def card(
    stricken: Agency, *lines: tuple[int, Agency, int], key: str = "squad", approved: bool = True
) -> AlarmAssignment:
    """An alarm card: level, agency, how many; approved by its chief unless told."""
    row = services.draft_card(agency=stricken, effective_on=date(2026, 1, 1))
    for order, (level, of, quantity) in enumerate(lines, 1):
        AlarmLine(assignment=row, level=level, order=order, agency=of, type=kind(key), quantity=quantity).save()
    chief = Official.objects.get(agency=stricken)
    return services.approve_card(card=row, on=date(2026, 1, 1), officer=chief) if approved else row


def alarm(of: Incident, assignment: AlarmAssignment, level: int = 1, minute: int = 1) -> list[tuple[str, int]]:
    """An alarm is raised: who is asked, and for how many."""
    rows = services.raise_alarm(incident=of, assignment=assignment, level=level, at=at(minute), by=person())
    return sorted((row.agency.name, row.quantity) for row in rows)


def inquiry(*agencies: Agency) -> dict[int, str]:
    """These agencies are asked whether they would come, until two hours later; the tokens of their links."""
    _inquiry, tokens = services.ask_readiness(
        title="Flood", scenario="The river", agencies=agencies, at=at(), closes_at=at(120), by=person()
    )
    return tokens


def invited(token: str) -> ReadinessInvitation:
    """The invitation of a link."""
    return ReadinessInvitation.objects.get(secret=secret_of(token))
