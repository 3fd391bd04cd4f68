"""Incidents: opened, asked for, answered, arrived, released, closed. What is committed is committed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Sum
from django.utils.timezone import localtime

from membership.models import Agency, AgreementVersion
from membership.rules.facts import Status
from nipas_admin.shared.findings import Finding
from nipas_admin.shared.records import saved
from operations.models import (
    Aid,
    AlarmAssignment,
    AlarmLine,
    FreshnessRule,
    Incident,
    IncidentNote,
    RequestLine,
    Resource,
    ResourceType,
)
from operations.rules import incidents as rules
from operations.rules.cards import Wanted, answered, may_call, may_send
from operations.rules.freshness import Freshness
from operations.rules.incidents import Step
from operations.services.cards import Card, card_for, check_assignments, miles_between


@transaction.atomic
def open_incident(*, stricken: Agency, nature: str, requested_by: str, at: datetime, by: Any, **more: Any) -> Incident:
    """Open an incident under the next number of the year. ``more`` are its other fields: where, why, staging, radio."""
    year = localtime(at).year
    # One at a time, so that no number is given twice: under the agreement by which all of them ask. The row's key
    # stays free, for whoever writes papers that refer to it.
    AgreementVersion.objects.select_for_update(no_key=True).amended()
    last = Incident.objects.filter(year=year).order_by("-number").first()
    return saved(
        Incident(
            stricken=stricken, nature=nature, requested_by=requested_by, year=year,
            number=(last.number if last else 0) + 1, opened_at=at, opened_by=by, **more,
        )
    )  # fmt: skip


TOLD = "Learned:"
LEARNED = ("exceeds", "address", "latitude", "longitude", "staging", "radio", "hazards")


@transaction.atomic
def learn(*, incident: Incident, at: datetime, by: Any, **more: Any) -> Incident:
    """What is learned of an incident while it runs (``LEARNED``): why it exceeds, the place, staging, radio, hazards.

    What changed stands on the timeline. Raises ValidationError once it is closed, and where nothing is new.
    """
    row = _must_be_open(incident)
    changed = [name for name in LEARNED if name in more and more[name] != getattr(row, name)]
    if not changed:
        raise ValidationError("Nothing is new: type what you learned.")
    for name in changed:
        setattr(row, name, more[name])
    saved(row)
    meta: Any = Incident._meta
    said = "; ".join(f"{meta.get_field(name).verbose_name} {getattr(row, name) or 'none'}" for name in changed)
    add_note(incident=row, text=f"{TOLD} {said}"[:500], at=at, by=by)
    return row


def standing_to_call(incident: Incident) -> Finding[bool]:
    """May the stricken agency ask for aid: warned about where it is not active, never blocked (Reading R17)."""
    day = localtime(incident.opened_at).date()
    row = Agency.objects.with_status_on(day).get(pk=incident.stricken_id)
    return may_call(Status(row.status))


@transaction.atomic
def request(
    *, incident: Incident, what: ResourceType, least: int, most: int | None = None, at: datetime, note: str = ""
) -> RequestLine:
    """What the stricken agency wants: so many, or a range. Raises ValidationError for what is no longer offered."""
    _must_be_open(incident)
    if what.retired_on is not None and what.retired_on <= localtime(at).date():
        raise ValidationError({"type": f"{what} is no longer in the catalogue; choose another type."})
    return saved(RequestLine(incident=incident, type=what, least=least, most=most or least, note=note, requested_at=at))


def _must_be_open(incident: Incident) -> Incident:
    row: Incident = Incident.objects.select_for_update().get(pk=incident.pk)
    if not row.is_open:
        raise ValidationError(f"Incident {row.reference} is closed: open a new one.")
    return row


def card_of(incident: Incident, day: date, chosen: Sequence[int] = ()) -> Card:
    """The card on the fly for what is still wanted: who was asked is not asked again.

    What left by its own decision is wanted again, of others.
    """
    lines = list(incident.lines.select_related("type").prefetch_related("aid"))
    wanted, without = [], {}
    for line in lines:
        coming = sum(aid.quantity for aid in line.aid.all() if aid.step.holds or aid.counts)
        most = line.most - coming
        if most > 0:
            wanted.append(Wanted(line.pk, line.type.key, max(0, line.least - coming), most))
            without[line.pk] = [aid.agency_id for aid in line.aid.all()]
    return card_for(
        wanted, scene=incident.scene, day=day, without=without, stricken=incident.stricken_id, chosen=chosen
    )


def filled(line: RequestLine) -> Finding[bool]:
    """Is the line filled by what was accepted, and how much is still to be answered?"""
    rows = list(line.aid.all())
    waiting = sum(row.quantity for row in rows if row.step is Step.ASKED)
    left = sum(row.quantity for row in rows if row.left_itself)
    return answered(line.wanted, sum(row.quantity for row in rows if row.counts), waiting, left)


@transaction.atomic
def ask(
    *, line: RequestLine, agency: Agency, quantity: int, at: datetime, by: Any, beyond: bool = False
) -> Aid:  # fmt: skip
    """Ask an agency for one line: so many are held for this incident until it declines or does not answer.

    Two people asking for the last one at once: one holds it, the other is told. ``beyond`` asks for more than the
    register knows of, on a person's word; it is kept where it is more. Raises ValidationError.
    """
    incident = _must_be_open(line.incident)
    day = localtime(at).date()
    if at < line.requested_at:
        raise ValidationError("Nobody is asked before the stricken agency asked: give a later time.")
    found = may_send(Status(Agency.objects.with_status_on(day).get(pk=agency.pk).status))
    if not found.value:
        raise ValidationError(f"{agency}: {'; '.join(map(str, found.because))}.")
    _must_not_have_left(line, agency)
    resource = Resource.objects.select_for_update().filter(agency=agency, type=line.type).first()
    free = free_of(resource)
    if quantity > free and not beyond:
        held = resource.deployable - free if resource else 0
        elsewhere = f"; {held} are committed already" if held else ""
        raise ValidationError(
            f"{agency} has {free} {line.type} free{elsewhere}. Ask for no more, or say that it offers more itself."
        )
    stale = _is_stale(resource, day)
    miles = miles_between(incident.scene, agency)
    return saved(
        Aid(
            line=line, agency=agency, resource=resource, quantity=quantity, asked_at=at, asked_by=by, was_stale=stale,
            beyond=quantity > free, miles=None if miles is None else Decimal(str(round(miles, 1))),
        )
    )  # fmt: skip


def _must_not_have_left(line: RequestLine, agency: Agency) -> None:
    """Who left by its own decision is not asked back for the same line: the next one is."""
    before = line.aid.filter(agency=agency).first()
    if before is not None and before.left_itself:
        raise ValidationError(
            f"{agency} came and left by its own decision: ask the next agency. If it offers to come back, add what it "
            "sends as a further line."
        )


def free_of(resource: Resource | None) -> int:
    """How many of a resource no incident holds, as things stand now; none of what is not recorded."""
    if resource is None:
        return 0
    held = Aid.objects.holding().filter(resource=resource).aggregate(sum=Sum("quantity"))["sum"] or 0
    return max(0, resource.deployable - held)


def _is_stale(resource: Resource | None, day: date) -> bool:
    if resource is None:
        return True
    schedule = FreshnessRule.objects.schedule_on(day)
    return resource.freshness_on(day, schedule).value is Freshness.STALE


@transaction.atomic
def record_step(*, aid: Aid, step: Step, at: datetime, **more: Any) -> Aid:
    """Record the next step of an agency's aid: accepted, declined with its reason, en route, on scene, released …

    ``more``: ``declined_because`` and ``reason``, ``told_stricken_at``, ``position``, ``quantity`` of an acceptance
    and ``beyond`` where that is more than its list says, ``released_because``. Raises ValidationError for a step out
    of its order, and for more than is free.
    """
    _must_be_open(aid.line.incident)
    row: Aid = Aid.objects.select_for_update(of=("self",)).select_related("line__type", "agency").get(pk=aid.pk)
    found = rules.may_follow(row.course, step, at)
    if not found.value:
        raise ValidationError(f"{row.agency}: {'; '.join(map(str, found.because))}.")
    if step is Step.ACCEPTED:
        more["beyond"] = _beyond(row, more.get("quantity") or row.quantity, said=more.get("beyond", False))
    setattr(row, f"{step.value}_at", at)
    for name, value in more.items():
        setattr(row, name, value)
    if step is Step.RELEASED and not row.released_because:
        row.released_because = Aid.Released.RESOLVED
    return saved(row)


def _beyond(row: Aid, quantity: int, *, said: bool) -> bool:
    """Is what an agency accepts more than the register knows it has free? Raises ValidationError where nobody said so.

    What was asked of it is held for it; what it did not answer is free for others meanwhile.
    """
    held = row.quantity if row.step.holds else 0
    if quantity <= held:
        return row.beyond
    resource = Resource.objects.select_for_update().filter(pk=row.resource_id).first()
    free = held + free_of(resource)
    if quantity <= free:
        return False
    if not said and not (row.beyond and quantity <= row.quantity):
        meanwhile = "" if held else " by now: it was asked elsewhere meanwhile"
        raise ValidationError(
            f"{row.agency} has {free} {row.line.type} free{meanwhile}. Accept no more, or say that it sends more than "
            "is on record."
        )
    return True


@transaction.atomic
def tell_stricken(*, aid: Aid, at: datetime) -> Aid:
    """The stricken agency is told of an agency's no (Agreement §3.B). Raises ValidationError where there was none."""
    row: Aid = Aid.objects.select_for_update(of=("self",)).select_related("agency").get(pk=aid.pk)
    if row.declined_at is None:
        raise ValidationError(f"{row.agency} has not declined: there is nothing to tell.")
    if at < row.declined_at:
        raise ValidationError(f"{row.agency} declined later than that: give a later time.")
    row.told_stricken_at = at
    return saved(row)


@transaction.atomic
def close_incident(*, incident: Incident, at: datetime) -> Incident:
    """Close it. Raises ValidationError while an agency is still committed."""
    row = _must_be_open(incident)
    held = Aid.objects.holding().filter(line__incident=row).select_related("agency", "line__type")
    if waiting := "; ".join(str(one) for one in held):
        raise ValidationError(f"Still committed; release or call off first: {waiting}.")
    last = max(filter(None, (latest_of(row), row.opened_at)))
    if at < last:
        raise ValidationError("Something later is on record already: give a later time.")
    row.closed_at = at
    return saved(row)


def latest_of(incident: Incident) -> datetime | None:
    """The last moment on record of the aid and the notes; None before any."""
    names = (
        "asked_at", "accepted_at", "en_route_at", "on_scene_at", "released_at", "declined_at", "no_answer_at",
        "called_off_at",
    )  # fmt: skip
    moments = list(Aid.objects.filter(line__incident=incident).aggregate(*map(Max, names)).values())
    moments += incident.notes.aggregate(Max("at")).values()
    return max((moment for moment in moments if moment), default=None)


@transaction.atomic
def add_note(*, incident: Incident, text: str, at: datetime, by: Any) -> IncidentNote:
    """A remark on the timeline."""
    return saved(IncidentNote(incident=incident, text=text, at=at, by=by))


@transaction.atomic
def raise_alarm(*, incident: Incident, assignment: AlarmAssignment, level: int, at: datetime, by: Any) -> list[Aid]:
    """Ask everybody on the pre-planned card up to the level: levels add up, who was asked already is left out.

    What the card names and nobody can send is asked for all the same, and stays open for others. Raises
    ValidationError for the card of another agency, for a draft, and for a level that the card does not have.
    """
    incident = _must_be_open(incident)
    day = localtime(at).date()
    _must_be_its_card(incident, assignment, level, day)
    checked = check_assignments([assignment], day, suggest=False)[0]
    before = set(Aid.objects.filter(line__incident=incident).values_list("agency", "line__type"))
    raised = (incident.level or 0) if incident.assignment_id is not None else 0
    planned = [line for line in checked.lines if line.level <= level and not line.dropped]
    lower = {(line.agency_id, line.type_id) for line in planned if line.level <= raised}
    # What lower levels left unfilled is open on their lines already. Who was asked by hand is left out.
    new = [
        line
        for line in planned
        if line.level > raised
        and ((line.agency_id, line.type_id) not in before or (line.agency_id, line.type_id) in lower)
    ]
    usable = {line.pk for line in checked.usable(level)}
    # Alarms that are raised at once hold what they ask for in the same order.
    keys = {line.agency_id for line in new if line.pk in usable}
    list(Resource.objects.select_for_update().filter(agency__in=keys).order_by("pk"))
    asked = []
    for what, of_type in groupby(sorted(new, key=lambda line: line.type_id), key=lambda line: line.type):
        lines = list(of_type)
        asked += _ask_planned(incident, what, lines, usable, at, by)
    incident.assignment, incident.level = assignment, max(level, incident.level or 0)
    saved(incident)
    return asked


def _must_be_its_card(incident: Incident, card: AlarmAssignment, level: int, day: date) -> None:
    if card.agency_id != incident.stricken_id:
        raise ValidationError(f"This is the card of {card.agency}; the stricken agency is {incident.stricken}.")
    if card.approved_on is None or card.effective_on > day:
        raise ValidationError(f"{card} is not in effect on this day: its commanding officer has to approve it first.")
    levels = sorted(set(card.lines.values_list("level", flat=True)))
    if level not in levels:
        raise ValidationError(f"The card has no level {level}; it has {', '.join(map(str, levels)) or 'none'}.")


def _ask_planned(
    incident: Incident, what: ResourceType, planned: list[AlarmLine], usable: Collection[int], at: datetime, by: Any
) -> list[Aid]:
    """One request line for what the card names of a type, and its agencies asked: for no more than they have free."""
    highest = max(one.level for one in planned)
    total = sum(one.quantity for one in planned)
    note = f"By the alarm card, level {highest}"
    row = RequestLine(incident=incident, type=what, least=total, most=total, note=note, requested_at=at)
    line = saved(row)
    quantities: Counter[Agency] = Counter()
    for one in planned:
        if one.pk in usable:
            quantities[one.agency] += one.quantity
    asked = []
    for agency, quantity in quantities.items():
        resource = Resource.objects.filter(agency=agency, type=what).first()
        # What is on the card and in nobody's list is asked for on the word of the card.
        take = quantity if resource is None else min(quantity, free_of(resource))
        if take:
            asked.append(ask(line=line, agency=agency, quantity=take, at=at, by=by, beyond=resource is None))
    return asked
