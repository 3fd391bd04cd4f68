"""``manage.py quorum MEETING --at MOMENT``: was a quorum present, and why."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.timezone import localtime

from board.management.commands._meant import MEETING, meeting_meant, moment_meant
from board.management.commands._said import in_lines
from board.services import quorum_of, quorum_turns

ANSWERS = {True: "a quorum is present", False: "no quorum is present", None: "not determined"}


class Command(BaseCommand):
    """Say whether a quorum is present, or was at a moment of the meeting, and when it was gained and lost.

    Of a meeting that is over, without a moment: whether one was ever gained.
    """

    help = "Says whether a quorum was present at a meeting, at a moment or as it stands, and why."

    def add_arguments(self, parser: CommandParser) -> None:
        """``MEETING``, ``--at``, ``--json``."""
        parser.add_argument("meeting", metavar="MEETING", help=f"{MEETING}.")
        parser.add_argument("--at", metavar="MOMENT", help="2026-05-14 19:42, or 19:42 on its day, in Chicago.")
        parser.add_argument("--json", action="store_true", help="The whole Finding as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the Finding. Raises CommandError when no meeting or no moment of it is meant."""
        meeting = meeting_meant(options["meeting"])
        turns = quorum_turns(meeting)
        at = moment_meant(options["at"], meeting) if options["at"] is not None else None
        if at is None and meeting.adjourned_at is not None:
            at = next((turn.at for turn in turns if turn.stands), meeting.called_to_order_at)
        finding = quorum_of(meeting, at)
        if options["json"]:
            about = {"meeting": str(meeting), "at": _iso(at) if at else None}
            moments = [{"at": _iso(turn.at), "present": turn.present, "stands": turn.stands} for turn in turns]
            said = {**about, **finding.as_dict(), "turns": moments}
            self.stdout.write(json.dumps(said, indent=2, ensure_ascii=False))
            return
        when = f", {localtime(at):%H:%M}" if at else ""
        self.stdout.write(f"{meeting}{when}: {ANSWERS[finding.value]}")
        self.stdout.write("\n".join(in_lines(finding)))
        if turns:
            self.stdout.write("\nGained and lost:")
        for turn in turns:
            word = "gained" if turn.stands else "lost"
            self.stdout.write(f"  - {localtime(turn.at):%H:%M}: {word}, {turn.present} present")


def _iso(moment: datetime) -> str:
    return localtime(moment).isoformat(timespec="minutes")
