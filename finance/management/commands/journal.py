"""``manage.py journal --from DATE --until DATE [--csv]``: the general journal, for the auditor."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from finance.journal_page import csv_lines
from finance.management.commands._period import add_period, period_asked_for
from finance.services.journal import journal
from nipas_admin.shared import money


class Command(BaseCommand):
    """Write the general journal of a time: every document's entries in the order of days."""

    help = "Writes the general journal of a time: date, document, text, debit, credit and amount of every entry."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--from``, ``--until``, ``--csv``."""
        add_period(parser)
        parser.add_argument("--csv", action="store_true", help="As CSV, which a spreadsheet opens.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the entries. Raises CommandError for a day that is none."""
        period = period_asked_for(options["first"], options["until"])
        entries = journal(period.first, period.until)
        if options["csv"]:
            for line in csv_lines(entries):
                self.stdout.write(line.decode(), ending="")
            return
        for one in entries:
            self.stdout.write(f"{one.on.isoformat()}  {one.document:11}  {money.shown(one.amount):>14}  {one.text}")
            self.stdout.write(f"{'':25}debit {one.debit}, credit {one.credit}")
