"""The course of a meeting: called, copied, its agenda filled, cancelled, suspended, resumed, adjourned."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from board.models import (
    AgendaItem,
    Attendance,
    Meeting,
    Minutes,
    Motion,
    Objection,
    OperationalPlan,
    Pause,
)
from board.rules.motions import Gathering
from board.rules.terms import Body
from board.services.meetings import clock, last_vote, locked, must_be_open, must_follow
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.records import saved


@transaction.atomic
def call_meeting(*, copy_of: Meeting | None = None, **fields: Any) -> Meeting:
    """Call a meeting and begin its agenda: what the last one like it had, and what waits for a meeting of this body.

    ``fields`` are those of the Meeting. Raises ValidationError when no bylaws cover the day.
    """
    meeting = Meeting(copied_from=copy_of, **fields)
    saved(meeting)
    if copy_of is not None:
        _copy_agenda(copy_of, meeting)
    refresh_coming()
    return meeting


def _copy_agenda(source: Meeting, meeting: Meeting) -> None:
    copies: dict[int, AgendaItem] = {}
    # What was not finished comes by itself.
    entered = source.agenda.standing().filter(source=AgendaItem.Source.ENTERED, carry_over=False)
    items = entered.order_by("parent_id", "position", "pk")
    for item in sorted(items, key=_depth):
        copy = AgendaItem(
            meeting=meeting, parent=copies.get(item.parent_id or 0), position=item.position, title=item.title,
            detail=item.detail, minutes_allotted=item.minutes_allotted, sponsor=item.sponsor,
        )  # fmt: skip
        copies[item.pk] = saved(copy)


def _depth(item: AgendaItem) -> tuple[int, int, int]:
    depth, above = 0, item.parent
    while above is not None:
        depth, above = depth + 1, above.parent
    return depth, item.position, item.pk


def refresh_coming() -> None:
    """Put what waits on the agenda of the next meeting of each body; called whenever something begins to wait."""
    for kind in (Gathering.BOARD.value, Gathering.ANNUAL.value):
        of_body = Meeting.objects.standing().of_body(kind)
        coming = of_body.filter(called_to_order_at__isnull=True)
        last_held = of_body.filter(called_to_order_at__isnull=False).aggregate(last=Max("starts_at"))["last"]
        next_one = coming.filter(**{"starts_at__gt": last_held} if last_held else {}).order_by("starts_at").first()
        if next_one is not None:
            refresh_agenda(next_one)


@transaction.atomic
def refresh_agenda(meeting: Meeting, *, opening: bool = False) -> list[AgendaItem]:
    """Put on the agenda what belongs there by itself and is not there yet; what was left out stays out.

    Items carried over from the last meeting of the same body, open objections (Bylaws Art. IV §8), minutes to
    approve, and operational plans that are due. Returns what was added. Nothing happens once called to order. What
    comes on the agenda of a special meeting after its call, or as it opens, is not named in the call.
    """
    meeting = locked(meeting)
    if meeting.called_to_order_at is not None or meeting.cancelled_on:
        return []
    wanted: list[AgendaItem] = []
    same = Meeting.objects.standing().of_body(meeting.kind)
    held = same.filter(called_to_order_at__isnull=False, starts_at__lt=meeting.starts_at)
    known = meeting.agenda.all()
    carried = AgendaItem.objects.standing().waiting().filter(meeting__in=held)
    for item in carried.select_related("meeting").order_by("meeting__starts_at", "position"):
        wanted.append(
            AgendaItem(title=item.title, detail=item.detail, sponsor=item.sponsor, came_from=item,
                       source=AgendaItem.Source.CARRIED_OVER)
        )  # fmt: skip
    if meeting.body is Body.ASSEMBLY:
        here = known.filter(objection__isnull=False).values("objection")
        for objection in Objection.objects.open_on(meeting.on).exclude(pk__in=here).select_related("agency"):
            title = f"Objection of {objection.agency}"
            wanted.append(
                AgendaItem(title=title[:200], detail=objection.against, sponsor=objection.agency.name[:120],
                           objection=objection, source=AgendaItem.Source.OBJECTION)
            )  # fmt: skip
    here = known.filter(minutes_of__isnull=False).values("minutes_of")
    for minutes in (
        Minutes.objects.unapproved().filter(meeting__in=held.filter(adjourned_at__isnull=False)).exclude(pk__in=here)
    ):
        wanted.append(
            AgendaItem(title=f"Approve: {minutes}"[:200], minutes_of=minutes, source=AgendaItem.Source.MINUTES)
        )
    if meeting.body is Body.BOARD:
        here = known.filter(plan__isnull=False).values("plan")
        due = OperationalPlan.objects.in_use_on(meeting.on).with_next_due().filter(due_on__lte=meeting.on)
        for plan in due.exclude(pk__in=here):
            wanted.append(
                AgendaItem(title=f"{plan}: review due {in_words(plan.due_on)}"[:200], plan=plan,
                           source=AgendaItem.Source.PLAN)
            )  # fmt: skip
    last = known.filter(parent__isnull=True).aggregate(last=Max("position"))["last"] or 0
    for offset, item in enumerate(wanted, 1):
        item.meeting, item.position = meeting, last + offset
        item.named_in_call = not (meeting.call_is_out or (opening and meeting.gathering is Gathering.SPECIAL))
        saved(item)
    return wanted


@transaction.atomic
def send_notice(*, meeting: Meeting, on: date, to: str) -> Meeting:
    """Record that the notice was sent, and to whom. Raises ValidationError for a day after the meeting."""
    meeting = locked(meeting)
    if meeting.cancelled_on:
        raise ValidationError(f"This meeting was cancelled on {in_words(meeting.cancelled_on)}.")
    if on > meeting.on:
        raise ValidationError({"on": f"The meeting is on {in_words(meeting.on)}: its notice is sent before."})
    meeting.notice_on, meeting.notice_to = on, to
    return saved(meeting)


@transaction.atomic
def cancel(*, meeting: Meeting, on: date, because: str) -> Meeting:
    """Cancel a meeting that was not called to order yet."""
    meeting = locked(meeting)
    if meeting.called_to_order_at is not None:
        raise ValidationError("A meeting that was called to order is adjourned, not cancelled.")
    if not because.strip():
        raise ValidationError({"because": "Say why: those who were invited will ask."})
    meeting.cancelled_on, meeting.cancelled_because = on, because.strip()
    return saved(meeting)


@transaction.atomic
def suspend(*, meeting: Meeting, at: datetime, why: str, note: str = "") -> Meeting:
    """Let the meeting stand still: for law-enforcement activities (Bylaws Art. XI §3), or a recess."""
    meeting = locked(meeting)
    must_be_open(meeting)
    if meeting.motions.filter(state=Motion.State.VOTING).exists():
        raise ValidationError("A vote is being taken: declare its result, or take the motion back, first.")
    must_follow(meeting, at, "suspend it")
    saved(Pause(meeting=meeting, why=why, from_at=at, note=note))
    return meeting


@transaction.atomic
def resume(*, meeting: Meeting, at: datetime) -> Meeting:
    """Let the meeting go on."""
    meeting = locked(meeting)
    pause = meeting.pauses.filter(until_at__isnull=True).first()
    if pause is None:
        raise ValidationError("The meeting does not stand still.")
    must_follow(meeting, at, "resume")
    pause.until_at = at
    saved(pause)
    return meeting


@transaction.atomic
def adjourn(*, meeting: Meeting, at: datetime) -> Meeting:
    """Adjourn: everybody still there leaves, and roll and votes stay as they are."""
    meeting = locked(meeting)
    must_be_open(meeting)
    if meeting.motions.filter(state=Motion.State.VOTING).exists():
        raise ValidationError("A vote is being taken: declare its result, or take the motion back, first.")
    stays = list(Attendance.objects.in_the_room().filter(meeting=meeting))
    late = max((stay.arrived_at for stay in stays), default=at)
    last = max(moment for moment in (late, last_vote(meeting), at) if moment)
    if at < last:
        raise ValidationError(f"Something is recorded at {clock(last)}: adjourn at that time or later.")
    for stay in stays:
        stay.left_at = at
    Attendance.objects.bulk_update_with_history(stays, ["left_at"], reason="Adjourned")
    meeting.adjourned_at = at
    saved(meeting)
    refresh_coming()
    return meeting
