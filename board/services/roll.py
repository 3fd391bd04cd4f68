"""The entitled roll: as it would be on a day, and as the call to order freezes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localtime

from board.models import BylawsVersion, Meeting, Minutes, Motion, RollEntry
from board.rules.motions import Kind
from board.rules.terms import Body
from board.services.course import refresh_agenda
from board.services.meetings import clock, locked
from board.services.seats import board_on
from membership.models import Agency, Official
from membership.rules.facts import Status
from membership.services import original_agencies
from nipas_admin.shared.dated import every, in_words
from nipas_admin.shared.records import saved


@dataclass(frozen=True)
class Roll:
    """Who would be entitled on a day: those who surely are, and those whose status is not determined."""

    entitled: tuple[RollEntry, ...]
    undetermined: tuple[RollEntry, ...]
    seats: int = 0


def roll_on(meeting: Meeting, day: date | None = None) -> Roll:
    """The roll of the meeting as it would be frozen: active agencies, or Board members in office, on the day.

    At a meeting that is to adopt the amended bylaws, the motion being on record beforehand, only Original
    Participating Agencies count (Agreement §5.A.5, Reading R4). Entries are not saved. Raises ValidationError where no
    bylaws cover the day.
    """
    day = day or meeting.on
    if meeting.body is Body.BOARD:
        board = board_on(day)
        return Roll(
            tuple(_seat_entry(meeting, one) for one in board.in_office),
            tuple(_seat_entry(meeting, one) for one in board.undetermined),
            board.terms.seats,
        )
    rows: Any = Agency.objects.all()
    statuses = (Status.ACTIVE.value, Status.NOT_DETERMINED.value)
    found = rows.with_status_on(day).filter(status__in=statuses).order_by("name")
    original = original_agencies() if _is_to_adopt(meeting) else None
    entitled: list[RollEntry] = []
    undetermined: list[RollEntry] = []
    for agency in found:
        counts = None if agency.status != Status.ACTIVE.value else True
        if original is not None:
            counts = every(counts, original.get(agency.pk, False))
        if counts is not False:
            entry = RollEntry(meeting=meeting, agency=agency, name=agency.name)
            (entitled if counts else undetermined).append(entry)
    return Roll(tuple(entitled), tuple(undetermined))


def _is_to_adopt(meeting: Meeting) -> bool:
    """Is the adoption of the amended bylaws among the motions recorded ahead of the meeting?"""
    motions = meeting.motions.filter(kind=Kind.ADOPTION.value) if meeting.pk else Motion.objects.none()
    return motions.exclude(state=Motion.State.WITHDRAWN).exists()


def _seat_entry(meeting: Meeting, one: Any) -> RollEntry:
    holder = one.term.holder
    return RollEntry(
        meeting=meeting, agency=holder.agency, seat=one.seat, name=f"{holder.name}, {one.seat}",
        representative=holder.name, official=holder,
    )  # fmt: skip


Settled = Mapping[int, tuple[bool, str]]


@transaction.atomic
def call_to_order(
    *,
    meeting: Meeting,
    at: datetime,
    presiding: Official | None = None,
    presiding_as: str = "",
    secretary: Official | None = None,
    settled: Settled | None = None,
) -> Meeting:
    """Call the meeting to order: its bylaws and its entitled roll are fixed from here on.

    ``settled`` says, by agency's primary key, whether an agency of undetermined status counts, and why: the Secretary
    settles it on the record beforehand. Raises ValidationError, naming them, while one is open.
    """
    meeting = locked(meeting)
    if meeting.called_to_order_at is not None:
        raise ValidationError(f"This meeting was already called to order at {clock(meeting.called_to_order_at)}.")
    if meeting.cancelled_on:
        raise ValidationError(f"This meeting was cancelled on {in_words(meeting.cancelled_on)}.")
    refresh_agenda(meeting, opening=True)
    if localtime(at).date() != meeting.on:
        raise ValidationError(
            f"This meeting is called for {in_words(meeting.on)}. If it was put off, change the hour it is called for "
            "first: the day decides who is entitled (Bylaws Art. XIII §2)."
        )
    meeting.called_to_order_at = at
    meeting.bylaws = BylawsVersion.objects.governing_on(meeting.on)
    roll = roll_on(meeting)
    entries = [*roll.entitled, *_settled(roll.undetermined, settled or {})]
    if not any(entry.entitled for entry in entries):
        raise ValidationError(
            "Nobody is entitled to vote on this day: there is no active agency, or no Board member in office."
        )
    meeting.entitled = sum(entry.entitled for entry in entries)
    meeting.presiding, meeting.presiding_as, meeting.secretary = presiding, presiding_as, secretary
    saved(meeting)
    people = (
        representatives_on((entry.agency_id for entry in entries), meeting.on) if meeting.body is Body.ASSEMBLY else {}
    )
    for entry in entries:
        official = people.get(entry.agency_id)
        if official is not None:
            entry.official, entry.representative = official, official.name
    RollEntry.objects.bulk_create_with_history(entries, reason="Roll frozen at the call to order")
    Minutes.objects.get_or_create(meeting=meeting)
    return meeting


def representatives_on(agencies: Iterable[int], day: date) -> dict[int, Official]:
    """The chief executive officer of each agency on the day, by its primary key. One query."""
    rows = Official.objects.in_office_on(day).filter(agency__in=list(agencies), capacity=Official.Capacity.CHIEF)
    return {row.agency_id: row for row in rows.order_by("from_on", "pk")}


def _settled(open_ones: tuple[RollEntry, ...], settled: Settled) -> list[RollEntry]:
    wanting = [entry for entry in open_ones if not settled.get(entry.agency_id, (False, ""))[1].strip()]
    if wanting:
        raise ValidationError(
            [
                f"Whether {entry.name} is entitled is not determined. Settle it on the record before the call to "
                "order: count it or not, and say why (Bylaws Art. XIII §2)."
                for entry in wanting
            ]
        )
    for entry in open_ones:
        entry.entitled, entry.settled_because = settled[entry.agency_id]
    return list(open_ones)
