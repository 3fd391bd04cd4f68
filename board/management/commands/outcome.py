"""``manage.py outcome MOTION``: did it carry, and why, to the clause and the arithmetic."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from board.management.commands._meant import MOTION, motion_meant
from board.management.commands._said import in_lines
from board.services import outcome_of


class Command(BaseCommand):
    """Say how a vote came out: quorum, base, share, votes, and every other base where it would differ."""

    help = "Says whether a motion carried, and why: quorum, base, share and votes, with the clause of each."

    def add_arguments(self, parser: CommandParser) -> None:
        """``MOTION``, ``--json``."""
        parser.add_argument("motion", metavar="MOTION", help=f"{MOTION}.")
        parser.add_argument("--json", action="store_true", help="The whole Finding as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the outcome. Raises CommandError when no motion is meant."""
        motion = motion_meant(options["motion"])
        finding = outcome_of(motion)
        if options["json"]:
            about = {
                "motion": str(motion), "kind": motion.kind, "text": motion.text, "state": motion.state,
                "out_of_order": motion.out_of_order, "stands": motion.stands, "did": motion.acted or None,
            }  # fmt: skip
            self.stdout.write(json.dumps({**about, **finding.as_dict()}, indent=2, ensure_ascii=False))
            return
        self.stdout.write(f"{motion} ({motion.what.label}): {motion.get_state_display()}")
        self.stdout.write(motion.text)
        self.stdout.write("\n".join(in_lines(finding)))
        if motion.acted:
            self.stdout.write(f"\nIt took effect: {motion.acted}.")
