"""Alarm cards: on the fly for what is asked, and the pre-planned ones with what is wrong with them on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Sum
from geopy.distance import great_circle

from membership.models import Agency, AgreementVersion, Official
from membership.rules.facts import Status
from nipas_admin.shared.records import saved
from operations.models import Aid, AlarmAssignment, AlarmLine, FreshnessRule, Resource, ResourceType
from operations.rules.cards import Assigned, Candidate, Filled, Flag, Wanted, check_card, fill_all, up_to
from operations.rules.freshness import Freshness

# So many of the nearest are looked at for each type; all of them where those do not fill it.
NEAREST = 60
NEARBY_MILES = 15.0
Scene = tuple[float, float]


@dataclass(frozen=True)
class Card:
    """An alarm card on the fly: each line filled as far as it can be, with the agencies' records by their keys.

    ``warnings`` are said above it: no place known, nothing of a type in the catalogue.
    """

    filled: tuple[Filled, ...]
    agencies: Mapping[int, Agency] = field(default_factory=dict)
    resources: Mapping[tuple[int, str], int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def miles_between(scene: Scene | None, agency: Agency) -> float | None:
    """The great-circle distance in miles; None where either place is not known."""
    if scene is None or agency.latitude is None or agency.longitude is None:
        return None
    return float(great_circle(scene, (agency.latitude, agency.longitude)).miles)


def card_for(
    wanted: Sequence[Wanted],
    *,
    scene: Scene | None,
    day: date,
    without: Mapping[int, Iterable[int]] | None = None,
    stricken: int | None = None,
    chosen: Iterable[int] = (),
) -> Card:
    """Whom to ask for each of these, in order. At most six queries, whatever the number of agencies.

    ``without`` names for a line (by its key) the agencies that were asked already. Only active agencies are asked.
    """
    of_key = {row.key: row for row in ResourceType.objects.filter(key__in={one.type for one in wanted})}
    offered = {key: row.pk for key, row in of_key.items() if row.retired_on is None or day < row.retired_on}
    sight = _Sight(scene, day, stricken, frozenset(chosen), offered)
    sight.look(offered, NEAREST)
    filled = fill_all(wanted, sight.candidates, without or {})
    if short := {
        one.wanted.type for one in filled if one.shortfall and len(sight.candidates[one.wanted.type]) >= NEAREST
    }:
        sight.look(short, None)
        filled = fill_all(wanted, sight.candidates, without or {})
    return Card(filled, sight.agencies, sight.resources, tuple(_warnings(scene, wanted, of_key, offered)))


class _Sight:
    """What can be seen from the scene of each type that is asked for: who could send how much of it."""

    def __init__(
        self, scene: Scene | None, day: date, stricken: int | None, chosen: frozenset[int], types: Mapping[str, int]
    ) -> None:
        self.scene, self.day, self.chosen, self.types = scene, day, chosen, types
        self.schedule = FreshnessRule.objects.schedule_on(day)
        active = Agency.objects.active_on(day, AgreementVersion.objects.adoption())
        self.active = (active if stricken is None else active.exclude(pk=stricken)).order_by().values("pk")
        held = Aid.objects.holding().filter(resource__type__in=list(types.values()))
        self.held = dict(held.order_by().values_list("resource").annotate(Sum("quantity")))
        self.candidates: defaultdict[str, list[Candidate]] = defaultdict(list)
        self.agencies: dict[int, Agency] = {}
        self.resources: dict[tuple[int, str], int] = {}
        self.miles: dict[int, float | None] = {}

    def look(self, keys: Iterable[str], count: int | None) -> None:
        """Put the candidates of these types in place of those seen before. One query."""
        key_of = {self.types[key]: key for key in keys}
        active = Resource.objects.filter(agency__in=self.active)
        near = active.nearest_for(key_of, self.scene, self.day, self.schedule, count, self.chosen)
        # Ranked by their keys alone, so that the database sorts no whole rows.
        rows = Resource.objects.filter(pk__in=near.order_by().values("pk")).select_related("agency")
        rows = rows.with_freshness_on(self.day, self.schedule)
        self.candidates.update({key: [] for key in key_of.values()})
        for row in rows.order_by() if key_of else ():
            agency = self.agencies.setdefault(row.agency_id, row.agency)
            if agency.pk not in self.miles:
                self.miles[agency.pk] = miles_between(self.scene, agency)
            key = key_of[row.type_id]
            self.resources[agency.pk, key] = row.pk
            committed = min(self.held.get(row.pk, 0), row.deployable)
            self.candidates[key].append(
                Candidate(
                    agency.pk, agency.name, row.deployable - committed, self.miles[agency.pk],
                    Freshness(row.freshness), committed, agency.pk in self.chosen,
                )
            )  # fmt: skip


def _warnings(
    scene: Scene | None, wanted: Sequence[Wanted], known: Mapping[str, ResourceType], offered: Mapping[str, int]
) -> Iterable[str]:
    if scene is None:
        yield (
            "No place is known, neither of the scene nor of the stricken agency, so no distance is: fresh agencies "
            "stand first, in the order of their names. Give the coordinates of the scene, or of an agency near it."
        )
    for key in sorted({one.type for one in wanted} - offered.keys()):
        if key in known:
            yield f"{known[key]} is no longer in the catalogue of resources; ask for another type."
        else:
            yield f"“{key}” is not in the catalogue of resources."


@dataclass(frozen=True)
class Checked:
    """A pre-planned card on a day: its lines, what is wrong with it, and where each agency stands."""

    assignment: AlarmAssignment
    lines: tuple[AlarmLine, ...]
    flags: tuple[Flag, ...]
    statuses: Mapping[int, Status]

    @property
    def faults(self) -> tuple[Flag, ...]:
        """What is wrong with it; none of these, and it ``holds`` where anybody stands on it."""
        return tuple(flag for flag in self.flags if not flag.fault.is_suggestion)

    @property
    def holds(self) -> bool:
        """Can it be used as it stands?"""
        return not self.faults and any(not line.dropped for line in self.lines)

    @property
    def suggestions(self) -> tuple[Flag, ...]:
        """Agencies nearby that came since the commanding officer approved it; all of them before a first approval."""
        return tuple(flag for flag in self.flags if flag.fault.is_suggestion)

    def usable(self, level: int) -> list[AlarmLine]:
        """The lines of a level and those below it that can be used: of active agencies, not left out."""
        kept = [one.assigned for one in self.lines if not one.dropped]
        wanted = {(one.level, one.order) for one in up_to(kept, level)}
        return [
            line
            for line in self.lines
            if (line.level, line.order) in wanted and self.statuses.get(line.agency_id) is Status.ACTIVE
        ]


def check_assignments(assignments: Iterable[AlarmAssignment], day: date, *, suggest: bool = True) -> list[Checked]:
    """Each card with what is wrong with it on the day, computed anew each time it is asked.

    A fixed number of queries for any number of cards; with ``suggest``, which looks for new agencies nearby, two more
    for each day on which one of them was approved, and one for each draft.
    """
    cards = list(assignments)
    lines: dict[int, list[AlarmLine]] = defaultdict(list)
    rows = AlarmLine.objects.filter(assignment__in=[card.pk for card in cards])
    for line in rows.select_related("agency", "type").order_by("level", "order"):
        lines[line.assignment_id].append(line)
    agencies = {line.agency_id for kept in lines.values() for line in kept}
    standing = Agency.objects.filter(pk__in=agencies).with_status_on(day).order_by()
    statuses = {pk: Status(status) for pk, status in standing.values_list("pk", "status")}
    deployable = {
        (agency, key): number
        for agency, key, number in Resource.objects.filter(agency__in=agencies)
        .order_by().values_list("agency", "type__key", "deployable")
    }  # fmt: skip
    nearby = _newcomers(cards, lines, day) if suggest else {}
    return [
        Checked(
            card, tuple(lines[card.pk]),
            check_card(_kept(lines[card.pk]), statuses, deployable, nearby.get(card.pk, ())),
            statuses,
        )
        for card in cards
    ]  # fmt: skip


def _newcomers(
    cards: Iterable[AlarmAssignment], lines: Mapping[int, Sequence[AlarmLine]], day: date
) -> dict[int, list[tuple[int, str, float]]]:
    """For each card, by its key, the active agencies nearby that were not active when it was approved last.

    Whom the commanding officer knew and did not name, and whom a person left out, is not suggested. For the first card
    of an agency, not approved yet, everybody nearby is.
    """
    places = list(Agency.objects.active_on(day).filter(latitude__isnull=False).order_by("name"))
    known: dict[date | None, frozenset[int]] = {None: frozenset()}
    found = {}
    for card in cards:
        approved = card.approved_on or _approved_before(card)
        if approved is not None and approved not in known:
            known[approved] = frozenset(Agency.objects.active_on(approved).order_by().values_list("pk", flat=True))
        left_out = {line.agency_id for line in lines[card.pk] if line.dropped}
        found[card.pk] = _nearby(card.agency, places, known[approved] | left_out)
    return found


def _approved_before(draft: AlarmAssignment) -> date | None:
    """The day on which the version before this draft was approved; None where there is none."""
    earlier = AlarmAssignment.objects.filter(agency=draft.agency_id, version__lt=draft.version)
    days: Any = earlier.filter(approved_on__isnull=False).order_by("-version").values_list("approved_on", flat=True)
    approved: date | None = days.first()
    return approved


def _kept(lines: Iterable[AlarmLine]) -> list[Assigned]:
    return [line.assigned for line in lines if not line.dropped]


def _nearby(stricken: Agency, places: Iterable[Agency], without: Collection[int]) -> list[tuple[int, str, float]]:
    """Active agencies within fifteen miles of the stricken one, nearest first; not those that are left out."""
    if stricken.latitude is None or stricken.longitude is None:
        return []
    here = (float(stricken.latitude), float(stricken.longitude))
    found = []
    for agency in places:
        # A degree of latitude is 69 miles: most agencies are out of reach by that alone.
        if agency.pk == stricken.pk or agency.pk in without or abs(float(agency.latitude or 0) - here[0]) > 0.25:
            continue
        miles = miles_between(here, agency)
        if miles is not None and miles <= NEARBY_MILES:
            found.append((agency.pk, agency.name, miles))
    return sorted(found, key=lambda one: one[2])


@transaction.atomic
def draft_card(*, agency: Agency, effective_on: date, note: str = "") -> AlarmAssignment:
    """A new version of an agency's card, a copy of the last one, to be changed and then approved."""
    Agency.objects.select_for_update().get(pk=agency.pk)
    last = AlarmAssignment.objects.filter(agency=agency).order_by("-version").first()
    card = saved(
        AlarmAssignment(agency=agency, version=(last.version if last else 0) + 1, effective_on=effective_on, note=note)
    )
    for line in last.lines.filter(dropped=False) if last else ():
        saved(
            AlarmLine(
                assignment=card, level=line.level, order=line.order, agency=line.agency, type=line.type,
                quantity=line.quantity, note=line.note,
            )
        )  # fmt: skip
    return card


@transaction.atomic
def add_nearby(
    *, card: AlarmAssignment, agencies: Iterable[Agency], level: int, what: ResourceType, quantity: int, on: date
) -> AlarmAssignment:
    """These agencies come at the end of a level, each with so many of what is named.

    Returns the draft that names them, the one that is open or a new one in effect from ``on``; its commanding officer
    approves it.
    """
    Agency.objects.select_for_update().get(pk=card.agency_id)
    drafts = AlarmAssignment.objects.filter(agency=card.agency_id, approved_on__isnull=True)
    draft = drafts.order_by("-version").first() or draft_card(agency=card.agency, effective_on=on)
    taken = AlarmLine.objects.filter(assignment=draft, level=level).aggregate(last=Max("order"))["last"] or 0
    for order, agency in enumerate(agencies, taken + 1):
        saved(AlarmLine(assignment=draft, level=level, order=order, agency=agency, type=what, quantity=quantity))
    return draft


@transaction.atomic
def approve_card(*, card: AlarmAssignment, on: date, officer: Official, paper: Any = None) -> AlarmAssignment:
    """The commanding officer's approval, which puts the version into use from its day."""
    card = AlarmAssignment.objects.select_for_update().get(pk=card.pk)
    if card.approved_on is not None:
        raise ValidationError("This version is approved already: draft a new one to change it.")
    if not card.lines.exists():
        raise ValidationError("A card with no lines helps nobody: enter who sends what first.")
    if officer.capacity != Official.Capacity.CHIEF or officer.in_office_on(on) is False:
        raise ValidationError({"officer": f"{officer} is not the commanding officer on that day (Agreement §2)."})
    card.approved_on, card.approved_by, card.approval_paper = on, officer, paper
    return saved(card)
