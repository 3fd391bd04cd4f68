"""Writes the Board's part of the demonstration, the same every time: no chance and no clock in it."""

from __future__ import annotations

from datetime import date
from importlib import import_module

from django.db import transaction

from board.demo.people import Cast, seat_the_first
from board.demo.secretary import POSTED_BEFORE, STANDING, Session, moment
from board.demo.stories import EVENTS, STORIES, Event, Story
from board.models import AgendaItem, Meeting
from board.rules.motions import Gathering
from board.services import call_meeting
from membership.demo.clerk import REASON

for chapter in ("annual", "board2023", "board2025", "registers"):
    import_module(f"board.demo.{chapter}")

BOARD_ROOM = "Police Training Center, 200 Mill Road, Bellhaven"
HALL = "Prairie Hall, 12 Market Square, Bellhaven"
FIRST_BOARD = date(2021, 7, 1)
FROM_AFAR = "A link is sent to those who ask the office for it."


@transaction.atomic
def load() -> str:
    """Write the Board's part beside the agencies. Returns in words what was written."""
    cast = Cast.of_the_demonstration()
    told: list[Event | Story] = [*EVENTS, *STORIES]
    seated = False
    for story in sorted(told, key=lambda one: (one.on, isinstance(one, Story))):
        if not seated and story.on > FIRST_BOARD:
            seat_the_first(cast)
            seated = True
        if isinstance(story, Event):
            story.tell(cast)
        else:
            session = Session(_call(story), cast)
            story.tell(session)
    return f"{len(STORIES)} meetings of the Board and the agencies"


def _call(story: Story) -> Meeting:
    """Call the meeting with the standing items, its notice sent and its agenda posted in good time."""
    board = story.kind is Gathering.BOARD
    starts_at = moment(story.on, story.hour)
    by_hand = story.on.year < 2020
    meeting = call_meeting(
        kind=story.kind.value, starts_at=starts_at, place=BOARD_ROOM if board else HALL,
        remote_access="" if board else FROM_AFAR, regular=story.kind is not Gathering.SPECIAL, purpose=story.purpose,
        agenda_posted_at=starts_at - POSTED_BEFORE, notice_on=(starts_at - 6 * POSTED_BEFORE).date(),
        notice_to="The members of the Board, by e-mail" if board else "All participating agencies, by mail and e-mail",
        quorum_by_hand=True if by_hand else None,
        by_hand_because="The minutes of the meeting (demonstration)" if by_hand else "",
        note=f"Invented for the demonstration register. It shows: {story.shows}",
    )  # fmt: skip
    _standing_items(meeting)
    return meeting


def _standing_items(meeting: Meeting) -> None:
    """The roll call before what has put itself on the agenda, the other standing items after it."""
    automatic = list(meeting.agenda.order_by("position"))
    for position, item in enumerate(automatic, 2):
        item.position = position
    AgendaItem.objects.bulk_update_with_history(automatic, ["position"], REASON)
    items = [
        AgendaItem(
            meeting=meeting, position=len(automatic) + 1 + turn if turn else 1, title=title, sponsor=sponsor,
            minutes_allotted=minutes,
        )
        for turn, (title, sponsor, minutes) in enumerate(STANDING)
    ]  # fmt: skip
    AgendaItem.objects.bulk_create_with_history(items, REASON)
