"""The columns of imported and exported tables: each says in words what is wrong with a cell."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from import_export.fields import Field
from import_export.widgets import ManyToManyWidget, Widget

from nipas_admin.shared.dates import read_day

AT_ONCE = 5_000
BETWEEN = "; "
_WHOLE = re.compile(r"-?[0-9]{1,18}|-?[0-9]{1,3}(,[0-9]{3}){1,5}")
_FIGURE = re.compile(r"-?([0-9]{1,18}|[0-9]{1,3}(,[0-9]{3}){1,5})(\.[0-9]{1,12})?|-?\.[0-9]{1,12}")
_YES = {"yes", "y", "true", "1"}
_NO = {"no", "n", "false", "0"}


def text_of(value: Any) -> str:
    """A cell as text, without the spaces around it; figures and days as they are written."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value).strip(" \N{NO-BREAK SPACE}")


class TextWidget(Widget):
    """Text, as it stands."""

    def __init__(self, blank: str | None = "") -> None:
        super().__init__()
        self.blank = blank

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str | None:
        """The text; what stands for blank when there is none."""
        return text_of(value) or self.blank


class DayWidget(Widget):
    """A day, written as 2026-05-01 or 5/1/2026, or a date cell."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        """The day; None when blank. Raises ValueError in words."""
        if isinstance(value, datetime):
            raise ValueError(f"“{value:%Y-%m-%d %H:%M}” has a time of day. Give the day alone.")
        if isinstance(value, date):
            return value
        if not text_of(value):
            return None
        if isinstance(value, int | float):
            raise ValueError(f"“{value}” is a number. Format the cell as a date, or write 2026-05-01.")
        try:
            return read_day(text_of(value))
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> date | None:
        """The day itself: the file writes it."""
        return value if isinstance(value, date) else None


class WholeNumberWidget(Widget):
    """A whole number."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        """The number; None when blank. Raises ValueError in words."""
        text = text_of(value)
        if not text:
            return None
        if isinstance(value, bool) or not _WHOLE.fullmatch(text):
            raise ValueError(f"“{text}” is not a whole number. Write it in digits, for example 45.")
        return int(text.replace(",", ""))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """The number itself."""
        return value


class FigureWidget(Widget):
    """A number that may have a fraction."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | None:
        """The number; None when blank. Raises ValueError in words."""
        text = text_of(value)
        if not text:
            return None
        if isinstance(value, bool) or not _FIGURE.fullmatch(text):
            raise ValueError(f"“{text}” is not a number. Write it in digits, for example 42.3334.")
        return Decimal(text.replace(",", ""))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """The number itself."""
        return value


class YesNoWidget(Widget):
    """Yes or no."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool | None:
        """True, False, or None when blank. Raises ValueError in words."""
        text = text_of(value).lower()
        if not text:
            return None
        if text in _YES | _NO:
            return text in _YES
        raise ValueError(f"“{text_of(value)}” is neither yes nor no. Write yes or no.")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """``yes``, ``no`` or nothing."""
        return text_of(value)


class ChoiceWidget(Widget):
    """One of the values of a list; read by its label or by its value, written as its label."""

    def __init__(self, choices: Iterable[tuple[Any, Any]], blank: str | None = "") -> None:
        super().__init__()
        self.blank = blank
        self.labels = {value: str(label) for value, label in choices if value not in (None, "")}
        self.values = {str(value).casefold(): value for value in self.labels}
        self.values |= {label.casefold(): value for value, label in self.labels.items()}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The value; blank for blank. Raises ValueError in words."""
        text = text_of(value)
        if not text:
            return self.blank
        if text.casefold() not in self.values:
            raise ValueError(f"“{text}” is not one of: {BETWEEN.join(self.labels.values())}.")
        return self.values[text.casefold()]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The label."""
        return self.labels.get(value, text_of(value))


class Lookup:
    """Rows of another record, found by what people call them: the first of ``keys`` that fits."""

    def __init__(self, model: type[models.Model], keys: tuple[str, ...]) -> None:
        self.model = model
        self.keys = keys
        self.found: dict[str, dict[str, list[models.Model]]] = {}
        self.rows: models.QuerySet[Any] = model._default_manager.all()

    def load(self, rows: models.QuerySet[Any], names: set[str]) -> None:
        """Fetch every row that one of the names may mean, in as few queries as will do."""
        self.rows = rows
        self.found = {key: defaultdict(list) for key in self.keys}
        for some in _batches(names):
            for key in self.keys:
                for row in rows.filter(**{f"{key}__in": some}):
                    self.found[key][text_of(getattr(row, key))].append(row)

    def find(self, name: str) -> models.Model:
        """The row of that name. Raises ValueError in words when there is none, or more than one."""
        if not self.found:
            self.load(self.rows, {name})
        for key in self.keys:
            rows = self.found[key].get(name, [])
            if len(rows) == 1:
                return rows[0]
            if rows:
                raise ValueError(
                    f"“{name}” is the {self._label(key)} of {len(rows)} records. Use another way to name it."
                )
        labels = " or ".join(self._label(key) for key in self.keys)
        what = self.model._meta.verbose_name
        raise ValueError(f"There is no {what} with the {labels} “{name}” that you may use.{self._hint(name)}")

    def name_of(self, row: models.Model) -> str:
        """What a row is called: the first of its keys that is not blank."""
        return next((text for key in self.keys if (text := text_of(getattr(row, key)))), "")

    def _label(self, key: str) -> str:
        return str(self.model._meta.get_field(key).verbose_name)  # type: ignore[union-attr]

    def _hint(self, name: str) -> str:
        if not hasattr(self, "_names"):
            self._names = [text_of(value) for row in self.rows.values_list(*self.keys) for value in row]
        near = get_close_matches(name, self._names, 1, 0.8)
        return f" Did you mean “{near[0]}”?" if near else ""


class KeyWidget(Widget):
    """Another record, by what people call it."""

    def __init__(self, lookup: Lookup) -> None:
        super().__init__()
        self.lookup = lookup

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> models.Model | None:
        """The record; None when blank. Raises ValueError in words."""
        name = text_of(value)
        return self.lookup.find(name) if name else None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """What people call it."""
        return self.lookup.name_of(value) if value is not None else ""

    def names(self, value: Any) -> list[str]:
        """The names in a cell."""
        return [text_of(value)] if text_of(value) else []


class KeysWidget(ManyToManyWidget):
    """Several other records, by what people call them, with semicolons between."""

    def __init__(self, lookup: Lookup) -> None:
        super().__init__(lookup.model)
        self.lookup = lookup

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[models.Model]:
        """The records. Raises ValueError in words."""
        return [self.lookup.find(name) for name in self.names(value)]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """What people call them."""
        return BETWEEN.join(sorted(self.lookup.name_of(row) for row in value.all())) if value is not None else ""

    def names(self, value: Any) -> list[str]:
        """The names in a cell."""
        return [name for part in text_of(value).split(";") if (name := text_of(part))]


def key(attribute: str, model: type[models.Model], *keys: str, column: str = "") -> Field:
    """A column that names another record: ``agency = key("agency", Agency, "ori", "name")``."""
    return Field(attribute, column or attribute, KeyWidget(Lookup(model, keys)))


def keys(attribute: str, model: type[models.Model], *keys: str, column: str = "") -> Field:
    """A column that names several: ``counties = keys("counties", County, "name")``."""
    return Field(attribute, column or attribute, KeysWidget(Lookup(model, keys)))


def _batches(names: set[str]) -> Iterator[list[str]]:
    rest = iter(sorted(names))
    while some := list(islice(rest, AT_ONCE)):
        yield some
