"""Meetings in session with a roll of any size, for measuring only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from board.models import Attendance, BylawsVersion, Meeting, Motion, RollEntry, Vote
from membership.models import Agency

BEGUN = datetime(2026, 5, 20, 23, tzinfo=UTC)


def bylaws() -> BylawsVersion:
    """The bylaws of 2018, in force."""
    version: BylawsVersion = BylawsVersion.objects.get(title="Amended bylaws of 2018")
    version.adopted_on = version.in_force_on = date(2019, 2, 5)
    version.state = BylawsVersion.InForce.KNOWN
    version.save()
    return version


def session(size: int, present: int) -> Meeting:
    """An annual meeting in session: so many entitled agencies, so many of them in the room; a few statements."""
    begun = BEGUN + timedelta(days=Meeting.objects.count())
    known = Agency.objects.count()
    agencies = insert(Agency(name=f"Agency {known + n:05}") for n in range(size))
    (meeting,) = insert(
        [Meeting(kind="annual", starts_at=begun, place="-", called_to_order_at=begun, bylaws=bylaws(), entitled=size)]
    )
    roll = insert(RollEntry(meeting=meeting, agency=agency, name=agency.name) for agency in agencies)
    insert(Attendance(meeting=meeting, entry=entry, arrived_at=begun) for entry in roll[:present])
    return Meeting.objects.get(pk=meeting.pk)


def absent(meeting: Meeting) -> list[RollEntry]:
    """The members of the roll who are not in the room."""
    return list(meeting.roll.with_presence().filter(here=False).select_related("meeting"))


def voted(meeting: Meeting) -> Motion:
    """A motion on which everybody on the roll voted by roll call, two of three for it; declared."""
    rows = list(meeting.roll.all())
    ayes, nays = sum(n % 3 > 0 for n in range(len(rows))), sum(n % 3 == 0 for n in range(len(rows)))
    at = meeting.called_to_order_at or meeting.starts_at
    (motion,) = insert(
        [
            Motion(
                meeting=meeting, number=1, text="-", method="roll_call", state="carried", bylaws=meeting.bylaws,
                put_at=at, decided_at=at, present=len(rows), entitled=len(rows), seats=0, ayes=ayes, nays=nays,
                abstentions=0,
            )
        ]
    )  # fmt: skip
    insert(
        Vote(motion=motion, entry=entry, choice="for" if n % 3 else "against", cast_at=at)
        for n, entry in enumerate(rows)
    )
    whole = Motion.objects.select_related("meeting", "bylaws").prefetch_related("bylaws__thresholds")
    return whole.get(pk=motion.pk)  # type: ignore[no-any-return]


def insert(rows: Iterable[Any]) -> list[Any]:
    """Straight into the table; history is not what is measured here."""
    rows = list(rows)
    return QuerySet(type(rows[0])).bulk_create(rows, batch_size=900)
