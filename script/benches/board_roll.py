"""A change of the roll, with the quorum said anew: as many queries for 10 agencies as for 18,000, and what it costs."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from board import services
from board.models import Attendance, Meeting, RollEntry
from board.rules.quorum import quorum
from board.rules.terms import BylawsTerms
from script.benches.meetings import absent, session
from script.benches.ratio import Ratio, compare

SIZES = (10, 110, 18_000)
COUNT = "SELECT COUNT(*) FROM board_attendance WHERE meeting_id = %s AND left_at IS NULL AND NOT undone"


def arrive(entry: RollEntry, at: datetime, terms: BylawsTerms) -> None:
    """By the register's own door: locked, checked, with history, and the quorum with its why."""
    quorum(services.arrive(entry=entry, at=at), terms)


def bare(meeting: Meeting, entry: RollEntry, at: datetime) -> int:
    """The bare insert, which for a record is the row with its history, and one count; in one transaction."""
    with transaction.atomic():
        Attendance(meeting=meeting, entry=entry, arrived_at=at).save()
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [meeting.pk])
            return int(cursor.fetchone()[0])


def measure() -> list[Ratio]:
    """The ratio at the greater sizes, after checking that the number of queries is the same at all of them."""
    found, queries = [], []
    for size in SIZES:
        meeting = session(size, size // 3)
        entries, at, terms = iter(absent(meeting)), meeting.called_to_order_at, services.terms_of(meeting)
        if terms is None or at is None:
            raise AssertionError("The meeting of the bench has begun, and its bylaws have figures.")
        with CaptureQueriesContext(connection) as seen:
            arrive(next(entries), at, terms)
        queries.append(len(seen))
        if size == SIZES[0]:  # too few to measure by
            continue
        mine, best, ratio = compare(
            lambda: arrive(next(entries), at, terms),  # noqa: B023 - called at once
            lambda: bare(meeting, next(entries), at),  # noqa: B023
        )
        note = f"{mine * 1e3:.2f} ms against {best * 1e3:.2f} ms, {queries[-1]} queries"
        found.append(Ratio(f"roll-call change with quorum, {size:,} entitled", ratio, 1.5, note))
    if len(set(queries)) > 1:
        raise AssertionError(f"The number of queries grows with the roll: {queries}.")
    return found
