"""What every table goes through on its way in and out: all of it or nothing, every fault in words.

A resource only declares::

    class OfficialResource(RecordResource):
        agency = key("agency", Agency, "ori", "name")
        natural_keys = [("agency", "name", "capacity", "from_on")]

        class Meta(RecordResource.Meta):
            model = Official
            fields = ["agency", "name", "title", "capacity", "from_on", "until_on"]
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as given
from typing import Any, ClassVar

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ImproperlyConfigured, ValidationError
from django.db import DatabaseError, models
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import ModelResource
from import_export.results import RowResult

from nipas_admin.shared import columns
from nipas_admin.shared.columns import KeysWidget, KeyWidget, text_of
from nipas_admin.shared.refusals import in_words
from nipas_admin.shared.tables import Table

logger = logging.getLogger(__name__)

SHOWN = 200
NEW, CHANGED, SAME = RowResult.IMPORT_TYPE_NEW, RowResult.IMPORT_TYPE_UPDATE, RowResult.IMPORT_TYPE_SKIP
RowsOf = Callable[[type[models.Model]], models.QuerySet[Any]]


@dataclass(frozen=True)
class Problem:
    """What is wrong and where; ``row`` None: with the table as a whole; ``column`` empty: with the row as a whole."""

    message: str
    row: int | None = None
    column: str = ""
    value: str = ""

    def __str__(self) -> str:
        where = ", ".join(part for part in (f"Row {self.row}" if self.row else "", self.column) if part)
        return f"{where}: {self.message}" if where else self.message


@dataclass(frozen=True)
class Cell:
    """A cell before and after; ``before`` is empty for a new row."""

    column: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """True when it says something else than before."""
        return self.before != self.after


@dataclass(frozen=True)
class Change:
    """A row that the import adds or changes; ``note`` says what comes of it where its cells do not."""

    row: int
    kind: str
    title: str
    cells: tuple[Cell, ...]
    note: str = ""


@dataclass
class Outcome:
    """What an import did, or would do. With problems, nothing was written. Only the first changes are described.

    ``notes`` say how the table was read, where that is not plain.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    problems: list[Problem] = given(default_factory=list)
    notes: list[str] = given(default_factory=list)
    changes: list[Change] = given(default_factory=list)

    @property
    def good(self) -> bool:
        """True when nothing stands against it."""
        return not self.problems


class RecordLoader(BaseInstanceLoader):
    """Finds the stored rows that a table speaks of by their natural keys, in a few queries for the whole table."""

    def __init__(self, resource: RecordResource, dataset: tablib.Dataset) -> None:
        super().__init__(resource, dataset)
        rows = dataset.dict
        self.stored = [(fields, self._load(fields, rows)) for fields in resource.key_fields(dataset.headers)]

    def _load(self, fields: list[Field], rows: list[dict[str, Any]]) -> dict[tuple[Any, ...], models.Model]:
        first = fields[0]
        values = {value for row in rows if (value := _clean(first, row)) not in (None, "")}
        stored = {}
        queryset = self.resource.get_queryset().select_related(*self.resource.followed)
        queryset = queryset.prefetch_related(*self.resource.several)
        ordered = list(values)
        for start in range(0, len(ordered), columns.AT_ONCE):
            some = ordered[start : start + columns.AT_ONCE]
            for instance in queryset.filter(**{f"{first.attribute}__in": some}):
                stored[tuple(field.get_value(instance) for field in fields)] = instance
        return stored

    def get_instance(self, row: dict[str, Any]) -> models.Model | None:
        """The stored row, or None when it is new."""
        for fields, stored in self.stored:
            key = tuple(_clean(field, row) for field in fields)
            if key[0] not in (None, "") and key in stored:
                return stored[key]
        return None


def _clean(field: Field, row: dict[str, Any]) -> Any:
    """The value of a cell, or None when it holds none that can be read: the row's own turn will say so."""
    try:
        return field.clean(row)
    except ValueError:
        return None


def all_rows(model: type[models.Model]) -> models.QuerySet[Any]:
    """Every row: for commands, which work for the whole body."""
    return model._default_manager.all()


def anything(row: models.Model) -> bool:
    """Whoever runs a command may write any row."""
    return True


class RecordResource(ModelResource):
    """Columns of a record, in and out, and how a row of a table is told to be a row already stored.

    ``natural_keys``: lists of column names, tried in order; the first that fits a stored row names it.
    ``about``: what a person should know before filling in the table, shown where it is uploaded.
    ``on_row`` is called after each row that was looked at.
    """

    natural_keys: ClassVar[Sequence[Sequence[str]]] = ()
    about: ClassVar[str] = ""

    class Meta:
        clean_model_instances = True
        use_transactions = True
        skip_unchanged = True
        report_skipped = True
        skip_diff = True
        instance_loader_class = RecordLoader

    def __init__(self, rows_of: RowsOf = all_rows, may_hold: Callable[[models.Model], bool] = anything) -> None:
        super().__init__()
        self.rows_of = rows_of
        self.may_hold = may_hold
        self.on_row: Callable[[], None] = lambda: None

    @classmethod
    def field_from_django_field(cls, field_name: str, django_field: Any, readonly: bool) -> Field:
        """The column for a field of the model. Raises ImproperlyConfigured for a relation that is not declared."""
        if django_field.is_relation:
            raise ImproperlyConfigured(f"{cls.__name__}: declare {field_name} with key() or keys(), never by number.")
        return Field(field_name, field_name, _widget(django_field), django_field.default, readonly)

    @property
    def followed(self) -> list[str]:
        """Attributes that hold another record."""
        return [field.attribute for field in self.fields.values() if isinstance(field.widget, KeyWidget)]

    @property
    def several(self) -> list[str]:
        """Attributes that hold several other records."""
        return [field.attribute for field in self.fields.values() if isinstance(field.widget, KeysWidget)]

    # Out

    def headings(self) -> list[str]:
        """The names of the columns."""
        return [str(heading) for heading in self.get_export_headers()]

    def rows(self, queryset: models.QuerySet[Any]) -> Iterator[list[Any]]:
        """The cells of each row: figures and days as themselves, everything else as text."""
        fields = self.get_export_fields()
        for instance in queryset.select_related(*self.followed).prefetch_related(*self.several):
            yield [self.export_field(field, instance, force_native_type=True) for field in fields]

    # In

    def taken(self) -> list[str]:
        """The names of the columns that are read."""
        return [str(column.column_name) for column in self.get_import_fields() if not column.readonly]

    def take(self, table: Table, *, dry_run: bool, user: Any = None, source: str = "") -> Outcome:
        """Write every row of the table, or none of them when there is a problem. A dry run writes nothing.

        ``source`` is kept as the reason in each row's history.
        """
        self.outcome = Outcome(problems=list(self._problems_of_headings(table.headings)))
        if not self.outcome.good:
            return self.outcome
        known = {_plain(column.column_name): column.column_name for column in self.get_import_fields()}
        dataset = tablib.Dataset(*(line.cells for line in table.lines))
        dataset.headers = [known[_plain(heading)] for heading in table.headings]
        self.numbers = [line.number for line in table.lines]
        self.seen: dict[tuple[str, ...], int] = {}
        self.reason = f"Imported from {source}" if source else "Imported"
        self.import_data(dataset, dry_run=dry_run, rollback_on_validation_errors=True, user=user)
        return self.outcome

    def _problems_of_headings(self, headings: list[str]) -> Iterator[Problem]:
        known = {_plain(column.column_name): column.column_name for column in self.get_import_fields()}
        said: dict[str, str] = {}
        for heading in headings:
            if _plain(heading) not in known:
                yield Problem(f"The column “{heading}” is not known. The columns are: {', '.join(known.values())}.")
            elif _plain(heading) in said:
                yield Problem(f"The columns “{said[_plain(heading)]}” and “{heading}” are the same. Keep one of them.")
            said[_plain(heading)] = heading
        if not self.key_fields([known.get(_plain(heading), "") for heading in headings]):
            needed = ", or ".join(_and([self.fields[name].column_name for name in key]) for key in self.natural_keys)
            yield Problem(f"The table must say which record each row is: it needs {needed}.")

    def key_fields(self, headings: Iterable[str]) -> list[list[Field]]:
        """The natural keys whose columns are all there."""
        given = set(headings)
        keys = [[self.fields[name] for name in key] for key in self.natural_keys]
        return [key for key in keys if all(field.column_name in given for field in key)]

    def get_queryset(self) -> models.QuerySet[Any]:
        """The stored rows that may be changed."""
        return self.rows_of(self._meta.model)

    def get_import_id_fields(self) -> list[str]:
        """None of the library's: rows are found by their natural keys."""
        return []

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        """Find at once every record that the table names."""
        for field in self.fields.values():
            if isinstance(field.widget, KeyWidget | KeysWidget) and field.column_name in dataset.headers:
                names = {name for cell in dataset[field.column_name] for name in field.widget.names(cell)}
                field.widget.lookup.load(self.rows_of(field.widget.lookup.model), names)

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        """Refuse a row that repeats an earlier one."""
        self.cells: list[Cell] = []
        number = self.numbers[kwargs["row_number"] - 1]
        for fields in self.key_fields(row):
            key = tuple(text_of(row[field.column_name]).casefold() for field in fields)
            if key[0]:
                first = self.seen.setdefault((fields[0].column_name, *key), number)
                if first != number:
                    raise ValidationError(f"It repeats row {first}. Keep one of them.")

    def import_instance(self, instance: models.Model, row: dict[str, Any], **kwargs: Any) -> None:
        """Write the cells to the row in memory, and note what changes."""
        new = instance._state.adding
        fields = [field for field in self.get_import_fields() if field.column_name in row]
        before = ["" if new else text_of(field.export(instance)) for field in fields]
        faults: dict[str, ValidationError] = {}
        after = []
        for field in fields:
            try:
                if isinstance(field.widget, KeysWidget):
                    after.append(columns.BETWEEN.join(sorted(map(field.widget.lookup.name_of, field.clean(row)))))
                else:
                    field.save(instance, row)
                    after.append(text_of(field.export(instance)))
            except ValueError as error:
                faults[field.attribute] = ValidationError(str(error))
                after.append(text_of(row[field.column_name]))
        self.cells = [Cell(field.column_name, *cell) for field, *cell in zip(fields, before, after, strict=True)]
        if faults:
            raise ValidationError(faults)

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        """True when the row says what is stored already."""
        unchanged = not instance._state.adding and not any(cell.changed for cell in self.cells)
        return unchanged and not import_validation_errors

    def validate_instance(self, instance: models.Model, import_validation_errors: Any = None, **kwargs: Any) -> None:
        """Check the row as the form would, and that it is one this person may write."""
        faults = dict(import_validation_errors or {})
        try:
            instance.clean_fields(exclude=faults)
        except ValidationError as error:
            faults = error.update_error_dict(faults)
        # A row with a faulty cell is not whole: its own clean() could not rely on what it reads.
        for check in () if faults else (self._check_scope, *_whole_row_checks(instance)):
            try:
                check(instance)
            except ValidationError as error:
                faults = error.update_error_dict(faults)
        if faults:
            raise ValidationError(faults)

    def _check_scope(self, instance: models.Model) -> None:
        if not self.may_hold(instance):
            raise ValidationError("This row is not of your agency. You may import the rows of your own agency only.")

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Let history say where the row came from."""
        instance._change_reason = self.reason
        if kwargs.get("user") is not None:
            instance._history_user = kwargs["user"]

    def after_import_row(self, row: dict[str, Any], row_result: RowResult, **kwargs: Any) -> None:
        """Count the row, and describe it while there is room."""
        kind = row_result.import_type
        self.outcome.new += kind == NEW
        self.outcome.changed += kind == CHANGED
        self.outcome.same += kind == SAME
        if kind != SAME and len(self.outcome.changes) < SHOWN:
            number = self.numbers[kwargs["row_number"] - 1]
            self.outcome.changes.append(Change(number, kind, row_result.object_repr, tuple(self.cells)))

    def import_row(self, row: dict[str, Any], instance_loader: Any, **kwargs: Any) -> RowResult:
        """Take one row; its faults go to the outcome in words."""
        result = super().import_row(row, instance_loader, **kwargs)
        self.on_row()
        number = self.numbers[kwargs["row_number"] - 1]
        if result.validation_error:
            self.outcome.problems += self._problems(result.validation_error, row, number)
        for error in result.errors:
            self.outcome.problems += self._problems(self._in_words(error.error), row, number)
        return result

    def after_import(self, dataset: tablib.Dataset, result: Any, **kwargs: Any) -> None:
        """Nothing: the library would set the table's sequence back under the feet of others."""

    def handle_import_error(self, result: Any, error: Exception, raise_errors: bool = False) -> None:
        """A fault of the program, not of the table: it is not for the person who imports to mend."""
        raise error

    def _in_words(self, error: Exception) -> ValidationError:
        if isinstance(error, DatabaseError | models.ProtectedError):
            return in_words(error, self._meta.model)
        logger.error("A row could not be imported.", exc_info=error)
        return ValidationError("This row could not be taken in, and it is not the row's fault. Tell the administrator.")

    def _problems(self, error: ValidationError, row: dict[str, Any], number: int) -> Iterator[Problem]:
        by_attribute = {field.attribute: field.column_name for field in self.fields.values()}
        said = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for attribute, messages in said.items():
            column = by_attribute.get(attribute, "")
            for message in messages:
                yield Problem(message, number, column, text_of(row.get(column, "")))


def _whole_row_checks(instance: models.Model) -> tuple[Callable[[models.Model], None], ...]:
    model = type(instance)
    return model.clean, model.validate_unique, model.validate_constraints


def _and(names: list[str]) -> str:
    """``a column “a”``, or ``the columns “a”, “b” and “c”``."""
    quoted = [f"“{name}”" for name in names]
    if len(quoted) == 1:
        return f"a column {quoted[0]}"
    return f"the columns {', '.join(quoted[:-1])} and {quoted[-1]}"


def _plain(heading: str) -> str:
    return heading.strip().casefold().replace(" ", "_")


def _widget(field: models.Field[Any, Any]) -> Any:
    """The column's reader and writer for a field of a model."""
    if field.choices:
        return columns.ChoiceWidget(field.flatchoices, None if field.null else "")
    if isinstance(field, models.BooleanField):
        return columns.YesNoWidget()
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return columns.DayWidget()
    if isinstance(field, models.DecimalField | models.FloatField):
        return columns.FigureWidget()
    if isinstance(field, models.IntegerField):
        return columns.WholeNumberWidget()
    return columns.TextWidget(None if field.null else "")
