"""The time that a command speaks of: ``--from 2026-05-01 --until 2026-11-20``, both days in it."""

from __future__ import annotations

from django.core.management.base import CommandError, CommandParser

from finance.report_page import Period, current_year
from membership.management.commands._day import day_asked_for
from nipas_admin.shared.dated import day_after, in_words


def add_period(parser: CommandParser) -> None:
    """``--from DATE``, ``--until DATE``."""
    parser.add_argument(
        "--from", dest="first", metavar="DATE",
        help="The first day, as 2026-05-01 or 5/1/2026. The fiscal year's first day if left out.",
    )  # fmt: skip
    parser.add_argument("--until", metavar="DATE", help="The last day, which is in it. Today if left out.")


def period_asked_for(first: str | None, last: str | None) -> Period:
    """The time. Raises CommandError, in words, for a day that is none, or a time that ends before it begins."""
    end = day_asked_for(last, "--until")
    start = day_asked_for(first, "--from") if first is not None else current_year(end)[0]
    if end < start:
        raise CommandError(f"--until: {in_words(end)} lies before {in_words(start)}. Give the first day first.")
    return Period(start, day_after(end))
