"""``manage.py receivables --on DATE``: who owes on a day, by region, how long past due, and what letters were sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from finance.rules.receivables import Bucket
from finance.services import Debtor, debtors_on
from membership.management.commands._day import add_on, day_asked_for
from nipas_admin.shared import money, tables
from nipas_admin.shared.dated import in_words

COLUMNS = (
    "region", "agency", "ori", "owed", "past_due", *(bucket.value for bucket in Bucket), "oldest_due_on", "letters",
    "last_letter_on", "next_letter", "credit",
)  # fmt: skip


class Command(BaseCommand):
    """List the agencies that owe on a day, by their counties: what the page “Who owes” shows."""

    help = (
        "Lists who owes on a day, by county: how much in each column of the aging, the letters sent, and which is next."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """``--on``, and ``--json`` or ``--csv``."""
        add_on(parser)
        as_what = parser.add_mutually_exclusive_group()
        as_what.add_argument("--json", action="store_true", help="Every debtor and the totals, as JSON.")
        as_what.add_argument("--csv", action="store_true", help="A row for each debtor, amounts as 1234.50.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the list. Raises CommandError for a day that is none."""
        day = day_asked_for(options["on"])
        rows = sorted(debtors_on(day), key=lambda debtor: (debtor.region, debtor.agency.name))
        if options["json"]:
            said = {
                "on": day.isoformat(),
                "count": len(rows),
                "totals": totals(rows),
                "debtors": list(map(as_row, rows)),
            }
            self.stdout.write(json.dumps(said, indent=2, ensure_ascii=False))
        elif options["csv"]:
            cells = ([row[name] for name in COLUMNS] for row in map(as_row, rows))
            self.stdout.write(tables.write(tables.CSV, COLUMNS, cells).decode("utf-8"), ending="")
        else:
            self.stdout.write("\n".join(lines(rows, day)))


def as_row(debtor: Debtor) -> dict[str, Any]:
    """A debtor under the names of the columns: amounts as ``1234.50``, days as ``2026-05-01``, None for none."""
    return {
        "region": debtor.region,
        "agency": debtor.agency.name,
        "ori": debtor.agency.ori,
        "owed": f"{debtor.owed:f}",
        "past_due": f"{debtor.past_due:f}",
        **{bucket.value: f"{amount:f}" for bucket, amount in debtor.aging.items()},
        "oldest_due_on": debtor.oldest_due_on.isoformat(),
        "letters": debtor.letters,
        "last_letter_on": debtor.last_letter_on.isoformat() if debtor.last_letter_on else None,
        "next_letter": debtor.letter,
        "credit": f"{debtor.credit:f}",
    }


def totals(rows: Sequence[Debtor]) -> dict[str, str]:
    """What they owe together: in all, past due, in each column, and what is left of their payments."""
    sums = {
        "owed": money.total(row.owed for row in rows),
        "past_due": money.total(row.past_due for row in rows),
        **{bucket.value: money.total(row.aging[bucket] for row in rows) for bucket in Bucket},
        "credit": money.total(row.credit for row in rows),
    }
    return {name: f"{amount:f}" for name, amount in sums.items()}


def lines(rows: Sequence[Debtor], day: date) -> Iterator[str]:
    """The list as text, region by region, each with its sum."""
    if not rows:
        yield f"On {in_words(day)} nobody owes anything."
        return
    owed, late = money.total(row.owed for row in rows), money.total(row.past_due for row in rows)
    count = "1 agency owes" if len(rows) == 1 else f"{len(rows):,} agencies owe"
    yield f"On {in_words(day)}: {count} {money.shown(owed)}, of which {money.shown(late)} is past due."
    name = max(len(row.agency.name) for row in rows)
    figure = max(len(money.shown(owed)), len("Over 120 days"))
    head = [f"{'':{name + 2}}", *(f"{label:>{figure}}" for label in ("Owed", *(bucket.label for bucket in Bucket)))]
    yield "  ".join([*head, "Letters"])
    for region, of in groupby(rows, key=lambda row: row.region):
        debtors = list(of)
        yield f"{region}: {money.shown(money.total(row.owed for row in debtors))}"
        for row in debtors:
            amounts = [row.owed, *(row.aging[bucket] for bucket in Bucket)]
            cells = [f"{money.shown(amount) if amount else '':>{figure}}" for amount in amounts]
            yield "  ".join([f"  {row.agency.name:{name}}", *cells, _letters(row)])


def _letters(row: Debtor) -> str:
    sent = f"{row.letters} sent" + (f", the last on {in_words(row.last_letter_on)}" if row.last_letter_on else "")
    return f"{sent}; number {row.letter} is due" if row.letter else sent
