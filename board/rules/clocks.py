"""The clocks of the Open Meetings Act. Whether it binds the body is for its counsel: these only warn."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from nipas_admin.shared.citations import Citation, cites
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact, Finding

AGENDA = Citation("Open Meetings Act", "5 ILCS 120/2.02")
MINUTES = Citation("Open Meetings Act", "5 ILCS 120/2.06")
AGENDA_HOURS = 48
APPROVAL_DAYS = 30
PUBLIC_DAYS = 10


@cites(AGENDA)
def agenda_due_at(starts_at: datetime) -> datetime:
    """The last moment to post the agenda: 48 elapsed hours before, whatever the clocks do in between.

    Raises ValueError for a moment without a time zone.
    """
    if starts_at.tzinfo is None:
        raise ValueError("The hour of a meeting needs its time zone.")
    due = starts_at.astimezone(UTC) - timedelta(hours=AGENDA_HOURS)
    return due.astimezone(starts_at.tzinfo)


@cites(MINUTES)
def minutes_due_on(met_on: date, second_regular_on: date | None) -> Finding[date]:
    """The day by which the minutes are to be approved: the later of 30 days and the second following regular meeting.

    While that meeting is not scheduled the thirtieth day is given, and what is missing is said.
    """
    thirtieth = met_on + timedelta(days=APPROVAL_DAYS)
    because = [
        Fact(f"{in_words(met_on)} + {APPROVAL_DAYS} days = {in_words(thirtieth)}", thirtieth, citations=(MINUTES,))
    ]
    if second_regular_on is None:
        return Finding(thirtieth, tuple(because), ("the second regular meeting after it, which is not scheduled yet",))
    text = f"the second regular meeting after it is on {in_words(second_regular_on)}"
    because.append(Fact(text, second_regular_on, citations=(MINUTES,)))
    return Finding(max(thirtieth, second_regular_on), tuple(because))


@cites(MINUTES)
def minutes_public_on(approved_on: date) -> date:
    """The day by which approved minutes are to be open to the public: within 10 days of approval."""
    return approved_on + timedelta(days=PUBLIC_DAYS)


@cites(AGENDA)
def agenda_clock(due_at: datetime, posted_at: datetime | None) -> Finding[bool]:
    """Was the agenda posted in time, at the last moment or before? None while it is not posted."""
    due = Fact(f"{AGENDA_HOURS} elapsed hours before the meeting", due_at.date(), citations=(AGENDA,))
    if posted_at is None:
        return Finding(None, (due,), ("the hour the agenda was posted",))
    early = due_at.astimezone(UTC) - posted_at.astimezone(UTC)
    in_time = early >= timedelta(0)
    hours, minutes = divmod(abs(early) // timedelta(minutes=1), 60)
    text = f"posted {hours} h {minutes} min {'before' if in_time else 'after'} that"
    posted = Fact(text, posted_at.astimezone(due_at.tzinfo).date(), citations=(AGENDA,))
    return Finding(in_time, (due, posted))


@cites(MINUTES)
def public_clock(approved_on: date) -> Finding[date]:
    """The day by which approved minutes are to be open to the public, with its arithmetic."""
    by = minutes_public_on(approved_on)
    return Finding(
        by, (Fact(f"{in_words(approved_on)} + {PUBLIC_DAYS} days = {in_words(by)}", by, citations=(MINUTES,)),)
    )
