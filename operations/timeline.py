"""An incident from its call to its end: what happened when, and where everybody comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.timezone import localtime

from membership.models import Agency
from operations.map import Mark, Place
from operations.models import Aid, Incident
from operations.rules.incidents import Step


@dataclass(frozen=True)
class Event:
    """One moment of an incident."""

    at: datetime
    text: str


def events_of(incident: Incident) -> list[Event]:
    """Everything on record, in the order of time."""
    return sorted(_events(incident), key=lambda event: event.at)


def _events(incident: Incident) -> Iterator[Event]:
    yield Event(incident.opened_at, f"{incident.requested_by} asked for aid: {incident.nature}")
    for line in incident.lines.select_related("type").prefetch_related("aid__agency"):
        yield Event(line.requested_at, f"Wanted: {line}{f' ({line.note})' if line.note else ''}")
        for aid in line.aid.all():
            yield from _of_aid(aid, str(line.type))
    for note in incident.notes.all():
        yield Event(note.at, note.text)
    if incident.closed_at:
        yield Event(incident.closed_at, "Incident closed")


def _of_aid(aid: Aid, what: str) -> Iterator[Event]:
    who = f"{aid.agency}: {aid.quantity} {what.lower()}"
    declined = f"{aid.get_declined_because_display()}{f' ({aid.reason})' if aid.reason else ''}"
    again = f"{f' ({aid.reason})' if aid.reason else ''}; as many are wanted again" if aid.left_itself else ""
    for moment, said in (
        (aid.asked_at, f"asked{', beyond its list, on its own word' if aid.beyond else ''}"),
        (aid.accepted_at, "accepted"),
        (aid.declined_at, f"declined: {declined}"),
        (aid.told_stricken_at, "the stricken agency was told of the no"),
        (aid.no_answer_at, "no answer"),
        (aid.en_route_at, "en route"),
        (aid.on_scene_at, f"on scene{f', {aid.position}' if aid.position else ''}"),
        (aid.called_off_at, "called off"),
        (aid.released_at, f"released: {aid.get_released_because_display().lower()}{again}"),
    ):
        if moment:
            yield Event(moment, f"{who}, {said}")


MARKS = {
    Step.ASKED: Mark.ASKED,
    Step.ACCEPTED: Mark.COMING,
    Step.EN_ROUTE: Mark.COMING,
    Step.ON_SCENE: Mark.THERE,
    Step.RELEASED: Mark.THERE,
}


def places_of(incident: Incident) -> list[Place]:
    """The scene and who was asked, for the map: each agency once, as far as it came; empty where no scene is known."""
    scene = incident.scene
    if scene is None:
        return []
    asked: dict[int, list[Aid]] = defaultdict(list)
    for line in incident.lines.prefetch_related("aid__agency", "aid__line__type"):
        for aid in line.aid.all():
            if aid.agency.latitude is not None and aid.agency.longitude is not None:
                asked[aid.agency_id].append(aid)
    title = incident.address or incident.stricken.name
    return [Place(title, *scene, Mark.SCENE, "the scene", named=True), *map(_place_of, asked.values())]


def _place_of(asked: Sequence[Aid]) -> Place:
    order = list(Mark)
    mark = max((MARKS.get(aid.step, Mark.AGENCY) for aid in asked), key=order.index)
    said = "; ".join(f"{aid.quantity} {aid.line.type}, {aid.step.label.lower()}" for aid in asked)
    agency = asked[0].agency
    here = float(agency.latitude or 0), float(agency.longitude or 0)
    return Place(agency.name, *here, mark, said, named=mark is not Mark.AGENCY)


def agencies_around(incident: Incident, places: Sequence[Place]) -> list[Place]:
    """The agencies that were active when the incident began and are near these places, to lie beneath them."""
    if not places:
        return []
    latitudes = [place.latitude for place in places]
    longitudes = [place.longitude for place in places]
    # More than any map of these places shows.
    margin = 0.3 + max(latitudes) - min(latitudes) + max(longitudes) - min(longitudes)
    near = Q(
        latitude__range=(min(latitudes) - margin, max(latitudes) + margin),
        longitude__range=(min(longitudes) - margin, max(longitudes) + margin),
    )
    return list(agencies_on(localtime(incident.opened_at).date(), near).values())


def agencies_on(day: date, near: Q | None = None) -> dict[int, Place]:
    """The agencies active on the day whose place is known, by their keys. One query."""
    rows = Agency.objects.active_on(day).filter(near or Q(), latitude__isnull=False, longitude__isnull=False)
    return {
        pk: Place(name, float(latitude), float(longitude))
        for pk, name, latitude, longitude in rows.order_by("name").values_list("pk", "name", "latitude", "longitude")
    }
