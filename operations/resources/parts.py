"""Columns that several tables of mutual aid share: types of the catalogue, whole numbers in words, moments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.timezone import localtime
from import_export.fields import Field
from import_export.widgets import Widget

from membership.models import Agency
from membership.resources.parts import shown
from nipas_admin.shared.columns import key, text_of
from nipas_admin.shared.resources import Outcome, Problem, RecordResource
from nipas_admin.shared.tables import Table
from operations.models import ResourceType

WRITTEN = "%Y-%m-%d %H:%M"
# So many unknown types are named one by one; more of them are said in one sentence.
ONE_BY_ONE = 5
NAMED = 3


class TypeWidget(Widget):
    """A type of the catalogue, by its short name or its name, in capitals or not. The catalogue is everybody's."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, ResourceType] = {}
        self.unknown: set[str] = set()

    def load(self) -> None:
        """Read the catalogue anew."""
        rows = list(ResourceType.objects.select_related("category"))
        self.unknown = set()
        self.known = {row.name.casefold(): row for row in rows} | {row.key.casefold(): row for row in rows}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> ResourceType | None:
        """The type; None when blank. Raises ValueError in words."""
        name = text_of(value)
        if not name:
            return None
        if not self.known:
            self.load()
        if name.casefold() not in self.known:
            self.unknown.add(name)
            raise ValueError(f"“{name}” is not in the catalogue of resources.{self._hint(name)}")
        return self.known[name.casefold()]

    def _hint(self, name: str) -> str:
        near = get_close_matches(name.casefold(), self.known, 1, 0.8) if len(self.unknown) <= ONE_BY_ONE else []
        return f" Did you mean “{self.known[near[0]].key}”?" if near else ""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Its short name."""
        return value.key if isinstance(value, ResourceType) else ""

    def said(self) -> str:
        """All that is unknown, in one sentence, and what there is instead."""
        names = sorted(self.unknown)
        first = ", ".join(f"“{name}”" for name in names[:NAMED])
        known = ", ".join(sorted({row.key for row in self.known.values()}))
        return (
            f"{len(names):,} names are not in the catalogue of resources: {first} and {len(names) - NAMED:,} more. "
            f"It has: {known or 'nothing yet'}. Use these short names, or have the types added to the catalogue first."
        )


class CatalogueResource(RecordResource):
    """A table with a column ``type``; ``following`` names what its readable columns need beside what they point to."""

    following: tuple[str, ...] = ()

    @property
    def followed(self) -> list[str]:
        """Attributes that hold another record, and those behind them."""
        return [*super().followed, "type__category", *self.following]

    @property
    def types(self) -> TypeWidget:
        """The catalogue as this table reads it."""
        widget: TypeWidget = self.fields["type"].widget
        return widget

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Read the catalogue as it is now."""
        self.types.load()
        super().before_import(dataset, **kwargs)

    def take(self, table: Table, *, dry_run: bool, user: Any = None, source: str = "") -> Outcome:
        """As every table; many unknown types are one problem, said once."""
        outcome = super().take(table, dry_run=dry_run, user=user, source=source)
        if len(self.types.unknown) > ONE_BY_ONE:
            column = str(self.fields["type"].column_name)
            rest = [one for one in outcome.problems if one.column != column or one.value not in self.types.unknown]
            rows = [one.row for one in outcome.problems if one not in rest and one.row]
            outcome.problems = [Problem(f"{self.types.said()} The first is in row {min(rows)}.", None, column), *rest]
        return outcome


def type_() -> Field:
    """The column that names a type, by short name or name."""
    return Field("type", "type", TypeWidget())


def agency(attribute: str = "agency", column: str = "") -> Field:
    """A column that names an agency, by ORI or name."""
    return key(attribute, Agency, "ori", "name", column=column)


def counted(instance: models.Model, needed: Mapping[str, str], faults: dict[str, Any]) -> None:
    """Add to the faults each whole number that is missing or below zero; ``needed``: attributes and what they say."""
    for name, what in needed.items():
        value = getattr(instance, name)
        if name in faults:
            continue
        if value is None:
            faults[name] = ValidationError(f"Say {what}, in digits; 0 for none.")
        elif value < 0:
            faults[name] = ValidationError(f"“{value}” is below zero. Say {what}: 0 or more.")


def clock(moment: datetime | None) -> str:
    """``2026-05-14 18:30`` in Chicago; blank for no moment."""
    return format(localtime(moment), WRITTEN) if moment is not None else ""


class MomentWidget(Widget):
    """A moment, to read."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """``2026-05-14 18:30``, in Chicago."""
        return clock(value)


def moment(attribute: str, column: str) -> Field:
    """A column with a moment, written and not read."""
    return Field(attribute, column, MomentWidget(), readonly=True)


__all__ = ["CatalogueResource", "TypeWidget", "agency", "clock", "counted", "moment", "shown", "type_"]
