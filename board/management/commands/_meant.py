"""The meeting or the motion that a command speaks of: its number in the register, or what a person would type."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils import timezone

from board.models import Meeting, Motion
from board.rules.motions import Gathering
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.dates import check_bounds, read_day

MEETING = "annual:2026-05-14, board:3/10/2026, or its number in the register"
MOTION = "annual:2026-05-14/3, which is motion 3 of that meeting, or its number in the register"
KINDS = [gathering.value for gathering in Gathering]
NEAR = 3


def meeting_meant(text: str) -> Meeting:
    """The meeting of this kind on this day, or of this number. Raises CommandError, naming the nearest, for none."""
    asked = text.strip().lower()
    rows = Meeting.objects.select_related("bylaws").prefetch_related("bylaws__thresholds")
    if re.fullmatch(r"[0-9]{1,9}", asked):
        found: Meeting | None = rows.filter(pk=int(asked)).first()
        if found is None:
            raise CommandError(f"No meeting has the number {asked} in the register. Type {MEETING}.")
        return found
    kind, _, day = asked.partition(":")
    if kind not in KINDS or not day:
        raise CommandError(f"“{text}” names no meeting. Type {MEETING}. The kinds are: {', '.join(KINDS)}.")
    on = _day(day)
    start = datetime.combine(on, time.min, timezone.get_default_timezone())
    of_kind = rows.filter(kind=kind)
    matches: list[Meeting] = list(
        of_kind.filter(starts_at__gte=start, starts_at__lt=start + timedelta(days=1)).order_by("starts_at")
    )
    if len(matches) > 1:
        hours = ", ".join(f"{one.pk} at {timezone.localtime(one.starts_at):%H:%M}" for one in matches)
        raise CommandError(
            f"{len(matches)} meetings of this kind were called for {in_words(on)}: type the number, {hours}."
        )
    if not matches:
        near = sorted(sorted((one.on for one in of_kind), key=lambda met: abs(met - on))[:NEAR])
        known = ", ".join(f"{kind}:{met.isoformat()}" for met in near)
        advice = f"The nearest are {known}." if near else "The register holds no meeting of this kind."
        raise CommandError(f"No {Gathering(kind).label} was called for {in_words(on)}. {advice}")
    (meeting,) = matches
    return meeting


def motion_meant(text: str) -> Motion:
    """The motion of this number, in the register or of a meeting. Raises CommandError, in words, for none."""
    asked = text.strip()
    rows = Motion.objects.select_related("meeting__bylaws", "bylaws").prefetch_related("bylaws__thresholds")
    if re.fullmatch(r"[0-9]{1,9}", asked):
        found: Motion | None = rows.filter(pk=int(asked)).first()
        if found is None:
            raise CommandError(f"No motion has the number {asked} in the register. Type {MOTION}.")
        return found
    meeting_text, _, number = asked.rpartition("/")
    if not meeting_text or not re.fullmatch(r"[0-9]{1,4}", number):
        raise CommandError(f"“{text}” names no motion. Type {MOTION}.")
    meeting = meeting_meant(meeting_text)
    motion: Motion | None = rows.filter(meeting=meeting, number=int(number)).first()
    if motion is None:
        count = meeting.motions.count()
        held = f"its motions are 1 to {count}" if count > 1 else "it has one motion" if count else "it has no motions"
        raise CommandError(f"There is no motion {number} of the {meeting}: {held}.")
    return motion


def moment_meant(text: str, meeting: Meeting) -> datetime:
    """The moment ``2026-05-14 19:42`` or ``19:42`` in Chicago, while the meeting was on. Raises CommandError."""
    day, _, clock = text.strip().rpartition(" ")
    if not re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", clock):
        raise CommandError(f"--at: “{text}” is no moment. Type it as 2026-05-14 19:42, or 19:42 on the meeting's day.")
    hour, minute = map(int, clock.split(":"))
    if hour > 23 or minute > 59:
        raise CommandError(f"--at: “{clock}” is no hour. The day runs from 00:00 to 23:59.")
    on = _day(day, "--at: ") if day else meeting.on
    at = datetime.combine(on, time(hour, minute), timezone.get_default_timezone())
    if meeting.called_to_order_at is None:
        raise CommandError(f"--at: the {meeting} has not been called to order. Leave --at out.")
    # The minute named belongs to the meeting from its call to order on, whatever the second.
    if at + timedelta(minutes=1) <= meeting.called_to_order_at or (meeting.adjourned_at and at > meeting.adjourned_at):
        until = f" to {_shown(meeting.adjourned_at)}" if meeting.adjourned_at else " on"
        raise CommandError(f"--at: the {meeting} was held from {_shown(meeting.called_to_order_at)}{until}.")
    return max(at, meeting.called_to_order_at)


def _shown(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def _day(text: str, what: str = "") -> date:
    try:
        day = read_day(text)
        check_bounds(day, timezone.localdate())
    except ValidationError as error:
        raise CommandError(f"{what}{error.messages[0]}") from None
    return day
