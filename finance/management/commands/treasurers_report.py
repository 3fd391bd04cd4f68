"""``manage.py treasurers_report --from DATE --until DATE [--json | --pdf FILE]``: the report of a time."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from documents.letters import kind_of, print_letter
from documents.pdf import PressError
from finance.management.commands._period import add_period, period_asked_for
from finance.report_page import Period
from finance.services.report import TreasurersReport, treasurers_report
from nipas_admin.shared import money


class Command(BaseCommand):
    """Say what came in, what went out and what is left over a time, and whether the figures agree."""

    help = "Says what came in, what went out, what is left and what is owed over a time, and whether the figures agree."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--from``, ``--until``, ``--json``, ``--pdf``."""
        add_period(parser)
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="The whole report as JSON.")
        form.add_argument("--pdf", metavar="FILE", type=Path, help="The paper, written to this file; filed nowhere.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the report. Raises CommandError for a day that is none, and where it cannot be printed."""
        period = period_asked_for(options["first"], options["until"])
        if options["pdf"]:
            self._print(period, options["pdf"])
            return
        report = treasurers_report(period.first, period.until)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), indent=2, ensure_ascii=False))
            return
        self._say(report)

    def _print(self, period: Period, file: Path) -> None:
        options = {"first": period.first, "until": period.until}
        try:
            file.write_bytes(print_letter(kind_of("finance.report"), None, timezone.localdate(), **options))
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        except (PressError, OSError) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"Written to {file}.")

    def _say(self, report: TreasurersReport) -> None:
        self.stdout.write(report.title)
        for fund in report.funds:
            self.stdout.write(f"\n{fund.fund}")
            for name, amount in (
                ("Opening", fund.opening), ("Receipts", fund.receipts), ("Disbursements", -fund.disbursements),
                ("Closing", fund.closing),
            ):  # fmt: skip
                self._figure(name, amount)
        owed = report.books.receivable
        self.stdout.write(f"\nOwed by {owed.debtors} agencies")
        self._figure("In all", owed.aged)
        self._figure("Past due", owed.past_due)
        self.stdout.write("")
        for check in report.checks:
            said = "; ".join(fact.text for fact in check.because)
            self.stdout.write(f"{'Agrees ' if check.value else 'DIFFERS'}  {said}")
        for said in (*report.notes, *report.missing):
            self.stdout.write(f"Note     {said}")

    def _figure(self, name: str, amount: Decimal) -> None:
        self.stdout.write(f"  {name:14}{money.shown(amount):>18}")
