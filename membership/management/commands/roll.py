"""``manage.py roll --on DATE``: who participates on a day."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from membership.management.commands._day import add_on, day_asked_for
from membership.models import Agency
from membership.rules.facts import Status
from nipas_admin.shared import tables
from nipas_admin.shared.dated import in_words

ALL = "all"
COLUMNS = ("agency", "ori", "kind", "counties", "status", "notice_ends_on", "applying_again")


class Command(BaseCommand):
    """List the agencies that are active on a day, or that have another status on it."""

    help = "Lists who participates on a day: the active agencies, or those of another status."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--on``, ``--format``, ``--status``."""
        add_on(parser)
        parser.add_argument("--format", choices=["table", "json", "csv"], default="table", help="A table unless given.")
        parser.add_argument(
            "--status",
            action="append",
            choices=[ALL, *(status.value for status in Status)],
            help="The status asked for, several by repeating it; all for every agency. Active unless given.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the roll. Raises CommandError for a day that is none."""
        day = day_asked_for(options["on"])
        statuses = options["status"] or [Status.ACTIVE.value]
        rows = list(roll(day, None if ALL in statuses else statuses))
        if options["format"] == "json":
            said = {"on": day.isoformat(), "status": statuses, "count": len(rows), "agencies": rows}
            self.stdout.write(json.dumps(said, indent=2, ensure_ascii=False))
        elif options["format"] == "csv":
            cells = ([_cell(row[name]) for name in COLUMNS] for row in rows)
            self.stdout.write(tables.write(tables.CSV, COLUMNS, cells).decode("utf-8"), ending="")
        else:
            named = "every agency" if ALL in statuses else ", ".join(Status(value).label.lower() for value in statuses)
            head = f"On {in_words(day)}: {named}. {len(rows):,} of {Agency.objects.count():,} agencies."
            self.stdout.write("\n".join([head, *lines(rows)]))


def roll(day: date, statuses: Sequence[str] | None = None) -> Iterable[dict[str, Any]]:
    """The agencies of these statuses on the day, by name; None for all of them. Three queries."""
    agencies = Agency.objects.with_status_on(day).prefetch_related("counties").order_by("name")
    for agency in agencies if statuses is None else agencies.filter(status__in=statuses):
        status = Status(agency.status)
        yield {
            "agency": agency.name,
            "ori": agency.ori,
            "kind": agency.get_kind_display(),
            "counties": [county.name for county in agency.counties.all()],
            "status": status.value,
            "notice_ends_on": agency.notice_ends_on.isoformat()
            if agency.notice_ends_on and not status.has_ended
            else None,
            "applying_again": agency.applying and status is not Status.APPLICANT,
        }


def lines(rows: Sequence[dict[str, Any]]) -> Iterable[str]:
    """The rows as text in columns, with what is ahead at the end."""
    width = max((len(row["agency"]) for row in rows), default=0)
    for row in rows:
        ahead = (
            [f"notice pending, ends {in_words(date.fromisoformat(row['notice_ends_on']))}"]
            if row["notice_ends_on"]
            else []
        )
        ahead += ["applying again"] if row["applying_again"] else []
        said = Status(row["status"]).label + (f" ({'; '.join(ahead)})" if ahead else "")
        yield f"{row['ori'] or 'no ORI':9}  {row['agency']:{width}}  {', '.join(row['counties']):14}  {said}"


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else ""
    return ", ".join(value) if isinstance(value, list) else value
