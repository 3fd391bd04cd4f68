"""The time that a command speaks of: ``--from 2026-05-01 --until 2026-11-20``, both days in it."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from finance.report_page import Period, current_year
from nipas_admin.shared.dated import day_after, in_words
from nipas_admin.shared.dates import check_bounds, read_day


def add_period(parser: CommandParser) -> None:
    """``--from DATE``, ``--until DATE``."""
    parser.add_argument(
        "--from", dest="first", metavar="DATE",
        help="The first day, as 2026-05-01 or 5/1/2026. The fiscal year's first day if left out.",
    )  # fmt: skip
    parser.add_argument("--until", metavar="DATE", help="The last day, which is in it. Today if left out.")


def period_asked_for(first: str | None, last: str | None) -> Period:
    """The time. Raises CommandError, in words, for a day that is none, or a time that ends before it begins."""
    today = timezone.localdate()
    end = _day("--until", last, today) or today
    start = _day("--from", first, today) or current_year(end)[0]
    if end < start:
        raise CommandError(f"--until: {in_words(end)} lies before {in_words(start)}. Give the first day first.")
    return Period(start, day_after(end))


def _day(option: str, text: str | None, today: date) -> date | None:
    if text is None:
        return None
    try:
        day = read_day(text)
        check_bounds(day, today)
    except ValidationError as error:
        raise CommandError(f"{option}: {error.messages[0]}") from None
    return day
