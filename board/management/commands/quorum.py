"""``manage.py quorum MEETING --at MOMENT``: was a quorum present, and why."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localtime

from board.management.commands._meant import MEETING, meeting_meant, moment_meant
from board.management.commands._said import in_lines
from board.services import quorum_of, quorum_turns


class Command(BaseCommand):
    """Say whether a quorum is present, or was at a moment of the meeting, and when it was gained and lost."""

    help = "Says whether a quorum was present at a meeting, at a moment or as it stands, and why."

    def add_arguments(self, parser: CommandParser) -> None:
        """``MEETING``, ``--at``, ``--json``."""
        parser.add_argument("meeting", metavar="MEETING", help=f"{MEETING}.")
        parser.add_argument("--at", metavar="MOMENT", help="2026-05-14 19:42, or 19:42 on its day, in Chicago.")
        parser.add_argument("--json", action="store_true", help="The whole Finding as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the Finding. Raises CommandError when no meeting or no moment of it is meant."""
        meeting = meeting_meant(options["meeting"])
        at = moment_meant(options["at"], meeting) if options["at"] is not None else None
        if at is None and meeting.adjourned_at is not None:
            turns = quorum_turns(meeting)
            at = next((turn.at for turn in turns if turn.stands), meeting.called_to_order_at)
        try:
            finding = quorum_of(meeting, at)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        moments = [
            {"at": localtime(turn.at).isoformat(), "present": turn.present, "stands": turn.stands}
            for turn in quorum_turns(meeting)
        ]
        if options["json"]:
            about = {"meeting": str(meeting), "at": localtime(at).isoformat() if at else None}
            self.stdout.write(
                json.dumps({**about, **finding.as_dict(), "turns": moments}, indent=2, ensure_ascii=False)
            )
            return
        when = f", {localtime(at):%H:%M}" if at else ""
        answer = {True: "a quorum is present", False: "no quorum is present", None: "not determined"}[finding.value]
        self.stdout.write(f"{meeting}{when}: {answer}")
        self.stdout.write("\n".join(in_lines(finding)))
        if moments:
            self.stdout.write("\nGained and lost:")
            for turn in quorum_turns(meeting):
                word = "gained" if turn.stands else "lost"
                self.stdout.write(f"  - {localtime(turn.at):%H:%M}: {word}, {turn.present} present")
