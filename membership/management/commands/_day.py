"""The day that a command speaks of: ``--on 2026-05-01`` or ``--on 5/1/2026``, today when it is left out."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from nipas_admin.shared.dates import check_bounds, read_day


def add_on(parser: CommandParser) -> None:
    """``--on DATE``."""
    parser.add_argument(
        "--on", metavar="DATE", help="The day asked about, as 2026-05-01 or 5/1/2026. Today if left out."
    )


def day_asked_for(text: str | None, option: str = "--on") -> date:
    """The day given with the option; today for None. Raises CommandError, in words, for no day of the register."""
    today = timezone.localdate()
    if text is None:
        return today
    try:
        day = read_day(text)
        check_bounds(day, today)
    except ValidationError as error:
        raise CommandError(f"{option}: {error.messages[0]}") from None
    return day
