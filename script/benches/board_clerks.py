"""110 agencies' votes recorded by four clerks at once: every vote in its row, and nobody meets an error."""

from __future__ import annotations

import threading
from datetime import timedelta

from django.db import connections

from board import services
from board.models import Motion, RollEntry, Vote
from script.benches.meetings import insert, session
from script.benches.ratio import Ratio, seconds

AGENCIES, CLERKS = 110, 4


def measure() -> list[Ratio]:
    """The rows left, which should be as many as agencies, and the errors met, of which there should be none."""
    meeting = session(AGENCIES, AGENCIES)
    at = (meeting.called_to_order_at or meeting.starts_at) + timedelta(minutes=30)
    insert(
        [
            Motion(
                meeting=meeting,
                number=1,
                text="-",
                method="roll_call",
                state="voting",
                bylaws=meeting.bylaws,
                put_at=at,
            )
        ]
    )
    motion = Motion.objects.select_related("meeting").get(meeting=meeting)
    entries = list(meeting.roll.select_related("meeting"))
    errors: list[Exception] = []

    def clerk(share: list[RollEntry]) -> None:
        try:
            for entry in share:
                services.cast(motion=motion, entry=entry, choice="for", at=at)
        except Exception as error:  # whatever a clerk would meet is what is counted
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=clerk, args=(entries[number::CLERKS],)) for number in range(CLERKS)]

    def all_at_once() -> None:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    took = seconds(all_at_once)
    rows = Vote.objects.filter(motion=motion).count()
    return [
        Ratio(f"rows of {AGENCIES} votes recorded by {CLERKS} clerks at once", rows, AGENCIES, f"{took:.1f} s", True),
        Ratio("errors that they met", len(errors), 0, "; ".join(map(repr, errors[:1]))),
    ]
