"""What the Secretary does from one page while the meeting runs, beside votes and ballots."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from board.models import AgendaItem, Attendance, RollEntry
from board.rules.quorum import House
from board.services.meetings import last_vote, locked
from board.services.presence import leave, undo_arrival
from nipas_admin.shared.records import saved


@transaction.atomic
def press_again(*, entry: RollEntry, at: datetime) -> House:
    """Pressed again: the arrival was a slip and is undone; once a vote was declared with the member there, it left.

    Raises ValidationError when the member is not in the room, or a vote of theirs stands in a vote being taken.
    """
    meeting = locked(entry.meeting)
    stay = Attendance.objects.in_the_room().filter(entry=entry).first()
    declared = last_vote(meeting)
    if stay is not None and declared is not None and declared >= stay.arrived_at:
        return leave(entry=entry, at=at)
    return undo_arrival(entry=entry)


@transaction.atomic
def write_paragraph(*, item: AgendaItem, text: str, carry_over: bool, seen: int | None) -> AgendaItem:
    """Keep the Secretary's paragraph of an item, and whether the item goes on the next agenda.

    ``seen``: the version of the item that the writer started from. Raises ValidationError when somebody wrote since,
    so that nothing is overwritten, and when the minutes are approved.
    """
    locked(item.meeting)
    item = AgendaItem.objects.select_related("meeting").get(pk=item.pk)
    if (item.minutes_text, item.carry_over) == (text, carry_over):
        return item
    if seen is not None and item.version != seen:
        raise ValidationError(
            "Somebody else changed this item meanwhile. Your words are still here and not kept: copy what you need, "
            "then open the item again."
        )
    item.minutes_text, item.carry_over = text, carry_over
    return saved(item)
