"""A person's private calendar (RFC 5545): every meeting, and every day by which something is to be done.

Calendar programs cannot sign in, so the address itself is the key: long, random, and known only to the person. The
register keeps its SHA-256; a new address makes the old one unknown.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery, Sum
from django.urls import reverse
from django.utils.timezone import localtime
from icalendar import Calendar, Component, Event

from board.models import CalendarAddress, Meeting
from nipas_admin.shared import scope, startpage

CHICAGO = ZoneInfo("America/Chicago")
PRODUCT = "-//NIPAS Register//Meetings and deadlines//EN"
TOKEN_BYTES = 32
USUAL_LENGTH = timedelta(hours=2)
LONGEST_SUMMARY = 200
# As the law set the clocks of Chicago since 1976; the library's own table begins each summer an hour late.
TIME_ZONE = """BEGIN:VTIMEZONE
TZID:America/Chicago
BEGIN:DAYLIGHT
TZNAME:CDT
TZOFFSETFROM:-0600
TZOFFSETTO:-0500
DTSTART:19760425T020000
RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=-1SU;UNTIL=19860427T080000Z
END:DAYLIGHT
BEGIN:DAYLIGHT
TZNAME:CDT
TZOFFSETFROM:-0600
TZOFFSETTO:-0500
DTSTART:19870405T020000
RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=20060402T080000Z
END:DAYLIGHT
BEGIN:DAYLIGHT
TZNAME:CDT
TZOFFSETFROM:-0600
TZOFFSETTO:-0500
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:CST
TZOFFSETFROM:-0500
TZOFFSETTO:-0600
DTSTART:19761031T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20061029T070000Z
END:STANDARD
BEGIN:STANDARD
TZNAME:CST
TZOFFSETFROM:-0500
TZOFFSETTO:-0600
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
END:STANDARD
END:VTIMEZONE
"""


# The address


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def has_address(user: Any) -> bool:
    """Did this person make an address?"""
    return CalendarAddress.objects.filter(user=user.pk).exists()


def made_at(user: Any) -> datetime | None:
    """When the person's address was made; None without one."""
    moment: datetime | None = CalendarAddress.objects.filter(user=user.pk).values_list("made_at", flat=True).first()
    return moment


def make_address(user: Any) -> str:
    """The token of a new address for this person. It is kept nowhere; the old one is forgotten."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    CalendarAddress.objects.update_or_create(user_id=user.pk, defaults={"token_sha256": _digest(token)})
    return token


def person_of(token: str) -> Any:
    """Whose address it is; None for an unknown one, and for a person who may no longer sign in.

    Found by the digest and compared in constant time: how long the answer takes says nothing of other addresses.
    """
    digest = _digest(token)
    row = CalendarAddress.objects.select_related("user").filter(token_sha256=digest).first()
    known = hmac.compare_digest(row.token_sha256 if row is not None else "0" * len(digest), digest)
    if row is None or not known or not (row.user.is_active and row.user.is_staff):
        return None
    return row.user


# The calendar


@dataclass(frozen=True)
class Drawn:
    """The calendar as sent: its bytes, what tells one state from another, and since when it reads so."""

    content: bytes
    etag: str
    changed_at: datetime


def draw(user: Any, today: date, site: str) -> Drawn:
    """What this person may see as a calendar; ``site`` begins the links. Drawn anew each day, alike within one."""
    drawn_at = datetime.combine(today, time(), CHICAGO)
    meetings = list(_meetings(user))
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", "NIPAS")
    calendar.add("x-wr-calname", "NIPAS")
    calendar.add("x-wr-timezone", CHICAGO.key)
    calendar.add("refresh-interval", timedelta(days=1), parameters={"value": "DURATION"})
    calendar.add_component(Component.from_ical(TIME_ZONE))
    for meeting in meetings:
        calendar.add_component(_event_of(meeting, site))
    for deadline in _deadlines(user, today, {(_page(meeting), meeting.on) for meeting in meetings}):
        calendar.add_component(deadline.event(drawn_at, site))
    content = calendar.to_ical()
    changed_at = max([drawn_at, *(meeting.changed_at for meeting in meetings)])
    return Drawn(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"', changed_at)


def _meetings(user: Any) -> Iterable[Any]:
    """Every meeting, with when its record last changed and how often; none for those who see one agency's rows."""
    if scope.agencies_of(user) is not None or not user.has_perm("board.view_meeting"):
        return ()
    latest = Meeting.history.filter(id=OuterRef("pk")).order_by("-history_date").values("history_date")[:1]
    rows = Meeting.objects.annotate(changed_at=Subquery(latest), minutes_planned=Sum("agenda__minutes_allotted"))
    found: Iterable[Any] = rows.prefetch_related("pauses").order_by("starts_at", "pk")
    return found


def _page(record: Any) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def _event_of(meeting: Any, site: str) -> Event:
    starts = localtime(meeting.called_to_order_at or meeting.starts_at, CHICAGO)
    planned = timedelta(minutes=meeting.minutes_planned) if meeting.minutes_planned else USUAL_LENGTH
    ends = localtime(meeting.adjourned_at, CHICAGO) if meeting.adjourned_at else starts + planned
    event = _event(f"meeting-{meeting.pk}", meeting.gathering.label, meeting.changed_at, site + _page(meeting))
    event.add("dtstart", starts)
    event.add("dtend", max(ends, starts + timedelta(minutes=1)))
    event.add("location", meeting.place)
    event.add("status", "CANCELLED" if meeting.cancelled_on else "CONFIRMED")
    said = [
        Meeting.State(meeting.state).label + (f": {meeting.cancelled_because}" if meeting.cancelled_on else ""),
        f"Business named in the call: {meeting.purpose} (Bylaws Art. XI §4)" if meeting.purpose else "",
        f"From afar: {meeting.remote_access}" if meeting.remote_access else "",
        site + _page(meeting),
    ]
    event.add("description", "\n".join(filter(None, said)))
    return event


@dataclass(frozen=True)
class Deadline:
    """A day by which something is to be done, or on which something takes effect by itself."""

    key: str
    on: date
    title: str
    why: str
    url: str

    def event(self, drawn_at: datetime, site: str) -> Event:
        """It as an event of the whole day, which takes no time from anybody."""
        link = site + self.url if self.url else ""
        event = _event(self.key, self.title, drawn_at, link)
        event.add("dtstart", self.on)
        event.add("dtend", self.on + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        event.add("description", "\n".join(filter(None, (self.why, link))))
        return event


def _deadlines(user: Any, today: date, meetings: set[tuple[str, date]]) -> Iterator[Deadline]:
    """What every room has coming, and what it needs by a day; a meeting itself is not said twice."""
    seen: Counter[str] = Counter()
    for provider in startpage.providers():
        room = type(provider).__name__
        coming = [(item.on, item.label, item.why, item.url) for item in provider.coming(user, today)]
        needed = [(item.on, item.title, item.why, item.url) for item in provider.needs(user, today) if item.on]
        for on, title, why, url in sorted((*coming, *needed)):
            if (url, on) in meetings or on is None:
                continue
            what = hashlib.sha256(f"{room}|{title}|{url}".encode()).hexdigest()[:24]
            seen[what] += 1
            yield Deadline(f"deadline-{what}-{seen[what]}", on, title, why, url)


def _event(key: str, summary: str, changed_at: datetime, link: str) -> Event:
    event = Event()
    event.add("uid", f"{key}@nipas-register")
    event.add("dtstamp", changed_at.astimezone(ZoneInfo("UTC")))
    event.add("last-modified", changed_at.astimezone(ZoneInfo("UTC")))
    event.add("summary", summary[:LONGEST_SUMMARY])
    if link:
        event.add("url", link)
    return event
