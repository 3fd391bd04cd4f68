"""Days as people type them, and the only days the register takes."""

from __future__ import annotations

import calendar
import re
from datetime import date

from django.core.exceptions import ValidationError

from nipas_admin.shared.dated import in_words

FIRST_DAY = date(1983, 1, 1)
YEARS_AHEAD = 10

HOW_TO_WRITE = "Write it as 5/1/2026 or 2026-05-01."
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_AMERICAN = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_TWO_DIGITS = re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}/[0-9]{1,2}/'?[0-9]{1,3}")
_MONTHS = list(calendar.month_name)[1:]


def last_day(today: date) -> date:
    """The last day the register takes: ten years from today."""
    year = today.year + YEARS_AHEAD
    return date(year, 2, 28) if (today.month, today.day) == (2, 29) else today.replace(year=year)


def read_day(text: str) -> date:
    """The day written as 2026-05-01 or 5/1/2026. Raises ValidationError, in words, for anything else.

    Two-digit years are refused: 01/02/49 could be meant for either century.
    """
    text = text.strip()
    if match := _ISO.fullmatch(text):
        year, month, day = map(int, match.groups())
    elif match := _AMERICAN.fullmatch(text):
        month, day, year = map(int, match.groups())
    elif _TWO_DIGITS.fullmatch(text):
        raise ValidationError(f"“{text}” leaves the century open. Give the year four digits: 5/1/2026 or 2026-05-01.")
    else:
        raise ValidationError(f"“{_short(text)}” is not a day. {HOW_TO_WRITE}")
    try:
        return date(year, month, day)
    except ValueError:
        named = f"{day} {_MONTHS[month - 1]} {year:04}" if 1 <= month <= 12 else f"month {month}"
        raise ValidationError(f"“{text}” is not a day: there is no {named}.") from None


def check_bounds(day: date, today: date) -> None:
    """Raises ValidationError for a day before 1983 or more than ten years ahead."""
    if not FIRST_DAY <= day <= last_day(today):
        raise ValidationError(
            f"{in_words(day)} is outside the register: its days run from {in_words(FIRST_DAY)} to "
            f"{in_words(last_day(today))}. Check the year."
        )


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"
