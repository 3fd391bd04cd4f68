"""``manage.py board --on DATE``: who sits on the Board on a day, and why a seat is vacant."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from board.services import board_on
from membership.management.commands._day import add_on, day_asked_for
from nipas_admin.shared.dated import in_words


class Command(BaseCommand):
    """Say who sits in each seat of the Board on a day, since when, and why a seat is vacant."""

    help = "Says who sits in each seat of the Board on a day, since when, and why a seat is vacant."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--on``, ``--json``."""
        add_on(parser)
        parser.add_argument("--json", action="store_true", help="Every seat with its whole Finding, as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the Board. Raises CommandError for a day that is none, or that no bylaws cover."""
        day = day_asked_for(options["on"])
        try:
            board = board_on(day)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if options["json"]:
            self.stdout.write(json.dumps(board.as_dict(), indent=2, ensure_ascii=False))
            return
        self.stdout.write(f"On {in_words(day)}, under {board.bylaws.title}: {len(board.in_office)} members in office.")
        width = max(len(str(one.seat)) for one in board.seats)
        for one in board.seats:
            who = f"{one.holder.name}, {one.holder.agency.name}" if one.holder else one.seating.label
            self.stdout.write(f"  {one.seat!s:{width}}  {who}")
            whys = one.finding.because if one.holder is None else one.finding.because[1:]
            for said in (*whys, *one.finding.missing):
                self.stdout.write(f"  {'':{width}}    {said}")
        succession = board.succession
        if succession.value is not False:
            for said in (*succession.because, *succession.missing):
                self.stdout.write(f"{said}")
