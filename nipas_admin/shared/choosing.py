"""Choosing another record in a form, safe from what is no key: Django's own fields fail on it instead of refusing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError

LONGEST_KEY = 18


def is_key(value: Any) -> bool:
    """Can this be the key of a row? Both databases take 18 digits, and neither takes 20."""
    text = str(getattr(value, "pk", value))
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY


def called(record: Any) -> str:
    """What a record is called where it is chosen among many: ``in_full`` where it says so, else as everywhere."""
    return str(getattr(record, "in_full", record))


class OneRecord(forms.ModelChoiceField[Any]):
    """One record; what is no key is an invalid choice."""

    def label_from_instance(self, obj: Any) -> str:
        """What it is called among many."""
        return called(obj)

    def to_python(self, value: Any) -> Any:
        """The record, or None. Raises ValidationError."""
        if value in self.empty_values or is_key(value):
            return super().to_python(value)
        raise ValidationError(
            self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(value)[:40]}
        )


class SeveralRecords(forms.ModelMultipleChoiceField[Any]):
    """Several records; what is no key is an invalid choice."""

    def _check_values(self, value: Any) -> Any:
        for key in value if isinstance(value, list | tuple) else ():
            if not is_key(key):
                raise ValidationError(
                    self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": str(key)[:40]}
                )
        return super()._check_values(value)  # type: ignore[misc]


class Finder(AutocompleteJsonView):
    """What the search of a choice answers: each record by what it is called among many."""

    def get_queryset(self) -> Any:
        """The rows, with what their names are made of."""
        rows: Any = super().get_queryset()
        follow = self.model_admin.list_select_related
        return rows.select_related(*follow) if isinstance(follow, list | tuple) else rows

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        """Its key and what it is called."""
        return {**super().serialize_result(obj, to_field_name), "text": called(obj)}


class FindOne(AutocompleteSelect):
    """Type to find a record."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        """The one chosen, when it can be one."""
        return super().optgroups(name, [key for key in value if is_key(key)], attr)


class FindSeveral(AutocompleteSelectMultiple):
    """Type to find records."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        """Those chosen that can be."""
        return super().optgroups(name, [key for key in value if is_key(key)], attr)
