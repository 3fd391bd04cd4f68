"""Columns that several tables of the books share: amounts, fiscal years, invoices, and who did something."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.timezone import localtime
from import_export.fields import Field
from import_export.widgets import Widget

from board.resources.parts import motion
from finance.models import FiscalYear, Invoice
from membership.models import Agency, SpecializedTeam
from membership.resources.parts import AgencyOwned, shown
from nipas_admin.shared import columns, money
from nipas_admin.shared.columns import key, text_of
from nipas_admin.shared.fields import DollarsField

REFERENCE = re.compile(r"([0-9]{4})[-\N{EN DASH}]([0-9]{1,6})", re.ASCII)
YEAR = re.compile(r"(?:FY ?)?([0-9]{4})(?:[-\N{EN DASH}/]([0-9]{2}|[0-9]{4}))?", re.ASCII | re.IGNORECASE)


class DollarsWidget(Widget):
    """US dollars and cents: read as people type them, written as 1234.50."""

    def __init__(self, *, below_zero: bool = False) -> None:
        super().__init__()
        self.below_zero = below_zero

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | None:
        """The amount; None when blank. Raises ValueError in words."""
        text = text_of(value)
        return money.read(text, below_zero=self.below_zero) if text else None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """``1234.50``: a figure for the file, and the same as text beside what it was before."""
        if value is None:
            return "" if not kwargs.get("force_native_type") else None
        amount = value.quantize(money.CENT)
        return amount if kwargs.get("force_native_type") else f"{amount:f}"


def dollars(attribute: str, column: str = "", *, readonly: bool = False, below_zero: bool = False) -> Field:
    """A column that holds an amount."""
    return Field(attribute, column or attribute, DollarsWidget(below_zero=below_zero), readonly=readonly)


class YearWidget(Widget):
    """A fiscal year, by what it is called: FY 2026–27, 2026-27 or 2026."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[int, list[FiscalYear]] = {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> FiscalYear | None:
        """The year; None when blank. Raises ValueError in words."""
        text = text_of(value)
        if not text:
            return None
        found = YEAR.fullmatch(text)
        if found is None:
            raise ValueError(f"“{text}” names no fiscal year. Write it as 2026-27.")
        if not self.known:
            for year in FiscalYear.objects.all():
                self.known.setdefault(year.starts_on.year, []).append(year)
        years = self.known.get(int(found[1]), [])
        if found[2]:
            years = [year for year in years if str(year.year.last_day.year).endswith(found[2])]
        if len(years) != 1:
            open_ = ", ".join(str(year) for rows in sorted(self.known.items()) for year in rows[1])
            raise ValueError(f"The books have no one fiscal year {text}. They have: {open_ or 'none'}. Open it first.")
        return years[0]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """What it is called."""
        return str(value) if value is not None else ""


def fiscal_year(attribute: str = "fiscal_year", *, readonly: bool = False) -> Field:
    """A column that names a fiscal year."""
    return Field(attribute, attribute, YearWidget(), readonly=readonly)


def agency() -> Field:
    """The column that names the agency, by ORI or name."""
    return key("agency", Agency, "ori", "name")


def team(*, readonly: bool = False) -> Field:
    """The column that names a team, by its short name."""
    column = key("team", SpecializedTeam, "short_name")
    column.readonly = readonly
    return column


class DayOfWidget(Widget):
    """The day, in Chicago, of a moment: to read."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> date | None:
        """The day itself: the file writes it."""
        return localtime(value).date() if isinstance(value, datetime) else None


def day_of(attribute: str, column: str) -> Field:
    """A column with the day of a moment, written and not read."""
    return Field(attribute, column, DayOfWidget(), readonly=True)


def reference_of(text: str) -> tuple[int, int] | None:
    """The year and number in ``2026-0014``; None when it is no reference."""
    found = REFERENCE.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else None


def invoices_of(rows: models.QuerySet[Any], references: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Invoice]:
    """The invoices of these years and numbers, a few hundred at a time."""
    by_year: dict[int, list[int]] = {}
    for year, number in sorted(set(references)):
        by_year.setdefault(year, []).append(number)
    found: dict[tuple[int, int], Invoice] = {}
    for year, numbers in by_year.items():
        of_year = rows.filter(Q(fiscal_year__starts_on__year=year)).select_related("fiscal_year", "agency")
        for start in range(0, len(numbers), columns.AT_ONCE):
            for invoice in of_year.filter(number__in=numbers[start : start + columns.AT_ONCE]):
                found[year, invoice.number] = invoice
    return found


def said_in(row: dict[str, Any]) -> dict[str, Any]:
    """The cells that are not blank: of a record that stays as it is, a blank cell says nothing."""
    return {column: value for column, value in row.items() if text_of(value)}


class BooksResource(AgencyOwned):
    """A table of the books; ``following`` names what its readable columns need beside what they point to."""

    following: tuple[str, ...] = ()
    fetching: tuple[str, ...] = ()

    @classmethod
    def field_from_django_field(cls, field_name: str, django_field: Any, readonly: bool) -> Field:
        """The column for a field of the model: amounts as dollars and cents."""
        if isinstance(django_field, DollarsField):
            return dollars(field_name, readonly=readonly, below_zero=django_field.least < 0)
        return super().field_from_django_field(field_name, django_field, readonly)

    @property
    def followed(self) -> list[str]:
        """Attributes that hold another record, and those behind them."""
        return [*super().followed, *self.following]

    @property
    def several(self) -> list[str]:
        """Attributes that hold several other records."""
        return [*super().several, *self.fetching]


__all__ = [
    "BooksResource",
    "DollarsWidget",
    "YearWidget",
    "agency",
    "day_of",
    "dollars",
    "fiscal_year",
    "invoices_of",
    "motion",
    "reference_of",
    "said_in",
    "shown",
    "team",
]
