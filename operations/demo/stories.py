"""The incidents and the inquiry of the demonstration, through the same doors that the alarm desk uses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from membership.models import Agency, SpecializedTeam
from nipas_admin.accounts.models import User
from nipas_admin.shared.records import saved
from operations import services
from operations.models import Aid, AlarmAssignment, Incident, PocketCardOrder, ResourceType
from operations.rules.incidents import Step
from operations.rules.readiness import Reply

CHICAGO = ZoneInfo("America/Chicago")
MINUTE = timedelta(minutes=1)


def tell(at: Mapping[str, Agency], desk: User) -> None:
    """Everything that is told."""
    types = {row.key: row for row in ResourceType.objects.all()}
    _missing_child(at, desk, types)
    _flood(at, desk)
    _barricade(at, desk, types)
    _inquiry(desk)
    _pocket_cards(at)


def moment(on: date, hour: int, minute: int = 0) -> datetime:
    """A moment in Chicago."""
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=CHICAGO)


def _ask_all(incident: Incident, at: datetime, desk: User) -> list[Aid]:
    """Ask everybody whom the card on the fly names."""
    card = services.card_of(incident, at.date())
    lines = {line.pk: line for line in incident.lines.all()}
    return [
        services.ask(
            line=lines[filled.wanted.key], agency=card.agencies[offer.candidate.agency], quantity=offer.quantity,
            at=at, by=desk,
        )
        for filled in card.filled
        for offer in filled.offers
    ]  # fmt: skip


def _goes(aid: Aid, at: datetime, *, home: datetime | None = None) -> None:
    """It accepts, drives and arrives; and goes home."""
    services.record_step(aid=aid, step=Step.ACCEPTED, at=at + 2 * MINUTE)
    services.record_step(aid=aid, step=Step.EN_ROUTE, at=at + 6 * MINUTE)
    services.record_step(aid=aid, step=Step.ON_SCENE, at=at + 24 * MINUTE, position="North search line")
    if home:
        services.record_step(aid=aid, step=Step.RELEASED, at=home)


def _missing_child(at: Mapping[str, Agency], desk: User, types: Mapping[str, ResourceType]) -> None:
    """Filled, though one agency lawfully declined and one did not answer: the next ones were asked. Closed."""
    start = moment(date(2026, 8, 16), 18, 42)
    incident = services.open_incident(
        stricken=at["Heron Marsh"], nature="Missing child, 6 years", requested_by="Sgt. Halloran, on scene",
        exceeds="Search of four square miles of marsh before dark", at=start, by=desk, address="Heron Marsh preserve",
        latitude=Decimal("42.311000"), longitude=Decimal("-88.011000"), staging="Preserve visitor center",
        radio="ALARM 3", hazards="Deep water at the north end",
    )  # fmt: skip
    services.request(incident=incident, what=types["officer"], least=15, most=20, at=start, note="Search line")
    services.request(incident=incident, what=types["canine"], least=2, at=start, note="Tracking")
    asked = _ask_all(incident, start + 2 * MINUTE, desk)
    home = moment(date(2026, 8, 16), 22, 15)
    for turn, aid in enumerate(asked):
        if turn == 1:
            services.record_step(
                aid=aid, step=Step.DECLINED, at=start + 5 * MINUTE, declined_because=Aid.Declined.LOCAL_CONDITIONS,
                reason="Two of three cars at a fatal crash", told_stricken_at=start + 6 * MINUTE,
            )  # fmt: skip
        elif turn == 3:
            services.record_step(aid=aid, step=Step.NO_ANSWER, at=start + 12 * MINUTE)
        else:
            _goes(aid, start + 2 * MINUTE, home=home)
    for aid in _ask_all(incident, start + 13 * MINUTE, desk):
        _goes(aid, start + 13 * MINUTE, home=home)
    services.add_note(incident=incident, text="Child found well at the boathouse.", at=home - 20 * MINUTE, by=desk)
    services.close_incident(incident=incident, at=home + 10 * MINUTE)


def _flood(at: Mapping[str, Agency], desk: User) -> None:
    """Called by alarm level from a card: two levels, one after the other. Closed."""
    card = AlarmAssignment.objects.select_related("agency").order_by("agency__name").first()
    if card is None:
        return
    start = moment(date(2026, 4, 18), 3, 10)
    incident = services.open_incident(
        stricken=card.agency, nature="River over its banks", requested_by="Lt. Voss",
        exceeds="Evacuation of sixty homes by night", at=start, by=desk, staging="High school", radio="ALARM 2",
    )  # fmt: skip
    home = moment(date(2026, 4, 18), 9, 30)
    for level, began in ((1, start + MINUTE), (2, start + 40 * MINUTE)):
        for aid in services.raise_alarm(incident=incident, assignment=card, level=level, at=began, by=desk):
            _goes(aid, began, home=home)
    services.close_incident(incident=incident, at=home + 5 * MINUTE)


def _barricade(at: Mapping[str, Agency], desk: User, types: Mapping[str, ResourceType]) -> None:
    """Still open: three canines asked, what there is on its way, the rest a shortfall with its reason."""
    start = moment(date(2026, 11, 20), 2, 5)
    incident = services.open_incident(
        stricken=at["Larkfield"], nature="Armed person barricaded", requested_by="Cmdr. Ostrowski",
        exceeds="Perimeter and evacuation of an apartment block", at=start, by=desk,
        authority=Incident.Authority.DESIGNEE, staging="Fire station 4", radio="ALARM 1",
        hazards="Gunfire from the third floor",
    )  # fmt: skip
    services.request(incident=incident, what=types["officer"], least=12, at=start, note="Perimeter")
    services.request(incident=incident, what=types["negotiator"], least=1, most=2, at=start)
    services.request(incident=incident, what=types["armored"], least=1, at=start)
    for turn, aid in enumerate(_ask_all(incident, start + MINUTE, desk)):
        if turn % 3 == 0:
            _goes(aid, start + MINUTE)
        elif turn % 3 == 1:
            services.record_step(aid=aid, step=Step.ACCEPTED, at=start + 4 * MINUTE)


def _inquiry(desk: User) -> None:
    """The agencies of a team were asked whether they would come; most answered."""
    team = SpecializedTeam.objects.get(short_name="PRT")
    asked = moment(date(2026, 10, 12), 9)
    inquiry, _tokens = services.ask_readiness(
        title="Shortage of officers in the city", asked_for="A neighboring mutual-aid body", team=team, at=asked,
        scenario="Special teams might be asked for in an emergency in the city, never for patrol.",
        closes_at=moment(date(2026, 10, 14), 17), by=desk,
    )  # fmt: skip
    for turn, invitation in enumerate(inquiry.invitations.select_related("agency")):
        at = asked + timedelta(hours=1 + turn)
        by = f"Chief of {invitation.agency.city or invitation.agency.name}"
        if turn % 5 == 4:
            continue
        if turn % 5 == 3:
            services.answer(
                invitation=invitation, reply=Reply.NO, at=at, replied_by=by, reason="No officers to spare this month"
            )
        elif turn % 5 == 2:
            services.answer(
                invitation=invitation, reply=Reply.CONDITION, at=at, replied_by=by, people=2, hours=4,
                reason="Only where an officer is under direct duress",
            )  # fmt: skip
        else:
            services.answer(invitation=invitation, reply=Reply.YES, at=at, replied_by=by, people=3, hours=1 + turn % 2)


def _pocket_cards(at: Mapping[str, Agency]) -> None:
    """Orders of pocket cards: two were sent, two wait."""
    orders = [
        saved(PocketCardOrder(agency=at[key], quantity=cards, ordered_on=on, deliver_to=to))
        for key, cards, on, to in (
            ("Heron Marsh", 60, date(2026, 9, 1), "Records desk"),
            ("Prairie Lantern", 25, date(2026, 9, 3), ""),
            ("Summerlea", 40, date(2026, 11, 9), "Deputy chief"),
            ("Larkfield", 125, date(2026, 11, 17), "Training sergeant"),
        )
    ]
    services.send_orders(orders=orders[:2], on=date(2026, 9, 8))
