"""The alarm card of one agency, and the pocket cards of supervisors."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q, Sum

from documents.letters import Letter
from membership.models import Agency
from membership.rules.facts import Status
from nipas_admin.shared.dated import in_words
from operations.models import AlarmAssignment, DispatchCenter, PocketCard, Resource
from operations.models.pocket_cards import CARDS_ON_A_SHEET
from operations.services import Checked, check_assignments, miles_between


@dataclass(frozen=True)
class Number:
    """Whom to call: which one, its name, and its numbers."""

    role: str
    name: str
    telephone: str
    other: str
    radio: str


def numbers_on(day: date) -> tuple[Number, ...]:
    """The dispatch centers that answer on the day, the primary one first."""
    open_end = Q(until_on__isnull=True) | Q(until_on__gt=day)
    rows = DispatchCenter.objects.filter(open_end, from_on__lte=day).order_by("-role")
    return tuple(
        Number(row.get_role_display(), row.name, row.telephone, row.other_telephone, row.radio) for row in rows
    )


@dataclass(frozen=True)
class Sends:
    """One line of a level: who sends what; ``flag`` says why it is not asked."""

    order: int
    agency: str
    telephone: str
    what: str
    quantity: int
    miles: str
    note: str
    flag: str


@dataclass(frozen=True)
class Level:
    """One alarm level with its lines."""

    number: int
    lines: tuple[Sends, ...]


@dataclass(frozen=True, kw_only=True)
class AlarmCard(Letter):
    """A Police Alarm Assignment as of a day: levels, who is asked in which order, and what is wrong with it."""

    key: int
    agency: str
    version: int
    effective_on: date
    approved_on: date | None
    approved_by: str
    levels: tuple[Level, ...]
    flags: tuple[str, ...]
    numbers: tuple[Number, ...]
    draft: bool


def alarm_card(row: AlarmAssignment, day: date) -> AlarmCard:
    """The card as of the day; agencies not active that day are shown as dropped, with why."""
    return card_of(check_assignments([row], day, suggest=False)[0], numbers_on(day), day)


def card_of(checked: Checked, numbers: tuple[Number, ...], day: date) -> AlarmCard:
    """A card that was looked at as of the day, with whom to call."""
    row = checked.assignment
    here = _place(row.agency)
    levels: dict[int, list[Sends]] = defaultdict(list)
    for line in checked.lines:
        if line.dropped:
            continue
        status = checked.statuses.get(line.agency_id, Status.PROSPECT)
        miles = miles_between(here, line.agency)
        levels[line.level].append(
            Sends(
                line.order, line.agency.name, line.agency.telephone, line.type.name, line.quantity,
                "" if miles is None else f"{miles:.1f}", line.note,
                "" if status is Status.ACTIVE else f"not asked: {status.label.lower()}",
            )
        )  # fmt: skip
    return AlarmCard(
        title=f"Police Alarm Assignments: {row.agency.name}",
        as_on=day,
        about=row.agency.name,
        notice="" if row.approved_on else "Draft: not approved by the commanding officer",
        key=row.pk,
        agency=row.agency.name,
        version=row.version,
        effective_on=row.effective_on,
        approved_on=row.approved_on,
        approved_by=str(row.approved_by or ""),
        levels=tuple(Level(number, tuple(lines)) for number, lines in sorted(levels.items())),
        flags=tuple(flag.text for flag in checked.faults),
        numbers=numbers,
        draft=row.approved_on is None,
    )


def _place(agency: Agency) -> tuple[float, float] | None:
    if agency.latitude is None or agency.longitude is None:
        return None
    return float(agency.latitude), float(agency.longitude)


@dataclass(frozen=True)
class Available:
    """What active agencies can deploy together, by type."""

    what: str
    quantity: int


@dataclass(frozen=True, kw_only=True)
class PocketCards(Letter):
    """Ten pocket cards on a sheet, the front on the first page and the back on the second."""

    steps: tuple[str, ...]
    have_ready: tuple[str, ...]
    numbers: tuple[Number, ...]
    resources: tuple[Available, ...]
    copies: tuple[int, ...]


def pocket_card(record: None, day: date) -> PocketCards:
    """The pocket card as of the day. Raises ValidationError while nobody has written its text."""
    row = PocketCard.objects.filter(from_on__lte=day).order_by("-from_on").first()
    if row is None:
        raise ValidationError(f"No text of the pocket card is in force on {in_words(day)}. Write it first.")
    active = Agency.objects.active_on(day).order_by().values("pk")
    rows = Resource.objects.filter(agency__in=active, type__on_pocket_card=True, deployable__gt=0)
    sums = rows.order_by("type__category__position", "type__name").values_list("type__category__position", "type__name")
    return PocketCards(
        title="Pocket cards",
        as_on=day,
        about="pocket cards",
        steps=_lines(row.steps),
        have_ready=_lines(row.have_ready),
        numbers=numbers_on(day),
        resources=tuple(Available(name, total) for _position, name, total in sums.annotate(total=Sum("deployable"))),
        copies=tuple(range(CARDS_ON_A_SHEET)),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
