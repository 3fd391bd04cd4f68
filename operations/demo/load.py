"""Writes what the agencies of the demonstration hold, their alarm cards, some incidents and an inquiry."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction

from membership.demo.clerk import REASON, keep
from membership.demo.places import places
from membership.models import Agency, Official
from nipas_admin.accounts.models import User
from nipas_admin.accounts.roles import TELECOMMUNICATOR
from operations.demo import stories
from operations.models import (
    AlarmAssignment,
    AlarmLine,
    DispatchCenter,
    FreshnessRule,
    PocketCard,
    Resource,
    ResourceType,
)
from operations.services import miles_between

DAY = date(2026, 11, 20)
EFFECTIVE = date(2025, 6, 1)
# What agencies of each size hold of a type: so many sworn officers for one unit, and of those the part that can leave.
HELD = {
    "officer": (1, 8),
    "supervisor": (6, 4),
    "squad": (3, 4),
    "canine": (22, 1),
    "negotiator": (25, 1),
    "evidence-technician": (15, 2),
    "command-vehicle": (60, 1),
    "drone": (30, 1),
    "light-tower": (28, 1),
    "van": (35, 1),
    "translator-es": (9, 2),
    "translator-pl": (26, 1),
}
# Levels of a card: how many agencies at each, and what each sends.
LEVELS = ((1, 4, "squad", 1), (2, 6, "officer", 2), (3, 8, "officer", 2))


@transaction.atomic
def load() -> str:
    """Write mutual aid beside the agencies. Returns in words what was written."""
    keep(FreshnessRule(from_on=date(2019, 5, 1), source="Demonstration"))
    _dispatch()
    by_name = {agency.name: agency for agency in Agency.objects.all()}
    agencies = {place.key: by_name[place.name] for place in places()}
    active = list(Agency.objects.active_on(DAY).order_by("name"))
    resources = _resources(active)
    cards = _cards(active)
    desk = _desk()
    stories.tell(agencies, desk)
    return f"{resources:,} resources, {cards} alarm cards"


def _desk() -> User:
    """Who answered the calls: an account that nobody can sign in with."""
    user = get_user_model().objects.create_user(
        "alarm-desk", password=None, is_active=False, first_name="Alarm", last_name="Desk"
    )
    user.groups.add(Group.objects.get(name=TELECOMMUNICATOR))
    return user


def _dispatch() -> None:
    keep(
        DispatchCenter(
            name="Prairie Central Dispatch", role=DispatchCenter.Role.PRIMARY, telephone="847-555-0100",
            radio="ALARM 1", from_on=date(2015, 1, 5),
        )
    )  # fmt: skip
    keep(
        DispatchCenter(
            name="Fox River Dispatch", role=DispatchCenter.Role.BACKUP, telephone="331-555-0111", radio="ALARM 2",
            from_on=date(2015, 1, 5),
        )
    )  # fmt: skip
    keep(
        PocketCard(
            from_on=date(2025, 1, 6),
            steps="Decide that the emergency exceeds what your agency can handle.\nCall dispatch; if nobody answers, "
            "the back-up.\nSay who you are and for which agency you ask.\nSay what happened and exactly what you "
            "need.\nName a staging area and a radio channel.\nKeep command; give each unit its position.\nRelease "
            "units as soon as you can.",
            have_ready="Your name, rank and agency\nWhat happened, where, since when\nHow many of what you need\n"
            "Staging area and way in\nRadio channel\nHazards",
        )
    )


def _resources(active: list[Agency]) -> int:
    """What each agency holds by its size; most confirmed lately, some due, some stale."""
    types = {row.key: row for row in ResourceType.objects.all()}
    rows = []
    for turn, agency in enumerate(active):
        sworn = agency.sworn_officers or 20
        confirmed = DAY - timedelta(days=(turn * 37) % 230)
        for key, (per, part) in HELD.items():
            quantity = sworn // per
            deployable = max(1, quantity // part) if quantity else 0
            if quantity:
                rows.append(
                    Resource(
                        agency=agency, type=types[key], quantity=quantity, deployable=min(quantity, deployable),
                        confirmed_on=confirmed,
                    )
                )  # fmt: skip
    return len(Resource.objects.bulk_create_with_history(rows, REASON))


def _cards(active: list[Agency]) -> int:
    """A card for every third agency: the nearest ones by level, approved by its chief."""
    types = {row.key: row for row in ResourceType.objects.all()}
    chiefs = {
        official.agency_id: official
        for official in Official.objects.in_office_on(EFFECTIVE).filter(capacity=Official.Capacity.CHIEF)
    }
    stricken = [agency for agency in active[::3] if agency.pk in chiefs]
    cards = AlarmAssignment.objects.bulk_create_with_history(
        [
            AlarmAssignment(
                agency=agency, version=1, effective_on=EFFECTIVE, approved_on=EFFECTIVE - timedelta(days=14),
                approved_by=chiefs[agency.pk],
            )
            for agency in stricken
        ],
        REASON,
    )  # fmt: skip
    lines = []
    for card in cards:
        near = _nearest(card.agency, active)
        for level, many, key, quantity in LEVELS:
            taken, near = near[:many], near[many:]
            lines += [
                AlarmLine(assignment=card, level=level, order=order, agency=agency, type=types[key], quantity=quantity)
                for order, agency in enumerate(taken, 1)
            ]
    AlarmLine.objects.bulk_create_with_history(lines, REASON)
    return len(cards)


def _nearest(of: Agency, active: list[Agency]) -> list[Agency]:
    here = (float(of.latitude or 0), float(of.longitude or 0))
    away = [(miles_between(here, agency) or 0.0, agency.name, agency) for agency in active if agency.pk != of.pk]
    return [agency for _miles, _name, agency in sorted(away, key=lambda one: one[:2])]
