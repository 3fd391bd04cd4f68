"""The form of every record: it knows which state it was filled in from, and loses nothing when that was overtaken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models, transaction
from django.template.loader import render_to_string

from nipas_admin.shared.dated import in_words
from nipas_admin.shared.records import Record
from nipas_admin.shared.refusals import by_field

VERSION = "row_version"


class VersionField(forms.CharField):
    """The state the form was filled in from: hidden, and never a change of its own."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Never."""
        return False


@dataclass(frozen=True)
class Difference:
    """A field where what was typed is not what is stored now.

    ``kept`` is False where the person had left the field as it was: the form then takes over what is stored.
    """

    label: str
    typed: str
    stored: str
    by: str
    at: datetime | None
    kept: bool


class RecordForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that refuses to overwrite what somebody else saved since it was opened.

    It then shows itself again with everything that was typed, and beside it what is stored now, by whom and since
    when. Fields the person had not touched take over what is stored. Saving again is accepted.
    """

    refusal: ValidationError | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[VERSION] = VersionField(required=False)
        self.initial[VERSION] = self.instance.version

    def full_clean(self) -> None:
        """Check what was typed, then whether the record is still the one it was typed for."""
        super().full_clean()
        if not self.is_bound or not hasattr(self, "cleaned_data"):
            return
        if self.refusal is not None:
            self._add_refusal(self.refusal)
        if self.instance.pk is not None and not self.instance._state.adding and self.has_changed():
            self._check_version()

    def _add_refusal(self, refusal: ValidationError) -> None:
        """What saving itself refused, at the field it names or above the form."""
        for name, errors in by_field(refusal).items():
            self.add_error(name if name in self.fields else None, errors)

    def _check_version(self) -> None:
        model = type(self.instance)
        with transaction.atomic():
            stored = model._base_manager.select_for_update().get(pk=self.instance.pk)
        if self.cleaned_data.get(VERSION) == str(stored.version):
            return
        self._hold(VERSION, stored.version)
        differences = self._differences(stored)
        page = {"what": model._meta.verbose_name, "differences": differences, "files": self._files_to_choose_again()}
        self.add_error(None, ValidationError(render_to_string("admin/nipas/conflict.html", page), code="overtaken"))

    def _differences(self, stored: Record) -> list[Difference]:
        """Every field where typed and stored differ; fields left untouched now hold what is stored."""
        entries = list(stored.history.filter(**_since(self.cleaned_data.get(VERSION))).order_by("history_id"))
        opened = entries[0] if entries and str(entries[0].history_id) == self.cleaned_data.get(VERSION) else None
        found = []
        for name, field in self.fields.items():
            typed = self[name].data
            if (
                name == VERSION
                or field.disabled
                or not field.has_changed(self.get_initial_for_field(field, name), typed)
            ):
                continue
            try:
                column = stored._meta.get_field(name)
            except FieldDoesNotExist:
                continue
            kept = opened is None or field.has_changed(_opened_with(opened, column), typed)
            if not kept:
                self._hold(name, self.get_initial_for_field(field, name))
            by, at = _last_change(entries, column)
            found.append(
                Difference(
                    label=str(self[name].label),
                    typed=_words(self.cleaned_data.get(name, typed), field),
                    stored=_words(_value(stored, column), field),
                    by=by,
                    at=at,
                    kept=kept,
                )
            )
        return found

    def _hold(self, name: str, value: Any) -> None:
        """Show this value in the field, whatever was sent."""
        self.fields[name].bound_data = lambda data, initial: value  # type: ignore[method-assign]

    def _files_to_choose_again(self) -> list[str]:
        """Labels of the fields whose file a browser cannot send twice by itself."""
        sent = [name for name in self.fields if self.add_prefix(name) in self.files]
        return [str(self[name].label) for name in sent if not getattr(self.fields[name], "keeps_file", False)]


def _since(opened: str | None) -> dict[str, Any]:
    return {"history_id__gte": int(opened)} if opened and opened.isdecimal() and len(opened) < 19 else {}


def _opened_with(entry: Any, column: Any) -> Any:
    """The field's value in a history entry, as a form takes it for its initial value."""
    if isinstance(column, models.ManyToManyField):
        links = getattr(entry, column.name).all()
        return [getattr(link, f"{column.m2m_reverse_field_name()}_id") for link in links]
    return getattr(entry, column.attname)


def _last_change(entries: list[Any], column: Any) -> tuple[str, datetime | None]:
    """Who last changed the field in these entries, oldest first, and when; the latest entry's when none did."""
    changed = entries[-1] if entries else None
    if not isinstance(column, models.ManyToManyField):
        for before, after in pairwise(entries):
            if getattr(before, column.attname) != getattr(after, column.attname):
                changed = after
    if changed is None:
        return "", None
    return str(changed.history_user or "the system"), changed.history_date


def _value(row: Record, column: Any) -> Any:
    value = getattr(row, column.name)
    return value.all() if isinstance(column, models.ManyToManyField) else value


def _words(value: Any, field: forms.Field) -> str:
    """A value as people read it; ``blank`` for nothing."""
    if value is None or value == "":
        return "blank"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date) and not isinstance(value, datetime):
        return in_words(value)
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return ", ".join(str(item) for item in value) or "blank"
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        labels: dict[Any, Any] = dict(list(field.choices))  # type: ignore[arg-type]
        return str(labels.get(value, value))
    return str(value)
