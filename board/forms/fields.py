"""The few kinds of field that the acts of the Board share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime, AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.http import QueryDict

from nipas_admin.shared.acts import ActForm
from nipas_admin.shared.fields import LegalDateFormField, within_the_register

MOST_NAMED = 4


class MomentField(forms.SplitDateTimeField):
    """A day and an hour in Chicago, read as strictly as the register's days."""

    widget = AdminSplitDateTime

    def __init__(self, **options: Any) -> None:
        missing = "Give the day and the hour, for example 5/1/2026 and 6:30 PM."
        super().__init__(error_messages={"required": missing}, **options)
        hour = forms.TimeField(error_messages={"invalid": "Write the hour as 18:30 or 6:30 PM."})
        self.fields = (LegalDateFormField(validators=[within_the_register]), hour)
        for field in self.fields:
            field.required = False


def moment(label: str, help_text: str = "", *, required: bool = True) -> MomentField:
    """A moment to be typed."""
    return MomentField(label=label, help_text=help_text, required=required)


def words(label: str, help_text: str = "", *, required: bool = True, most: int = 300) -> forms.CharField:
    """A line of text."""
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=most, widget=AdminTextInputWidget()
    )


def lines(label: str, help_text: str = "", *, required: bool = True, rows: int = 4) -> forms.CharField:
    """A text of several lines."""
    widget = AdminTextareaWidget(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, required=required, widget=widget)


class TypedName(forms.TextInput):
    """A field in which a few letters of a name find it, without a list of a hundred to scroll through."""

    template_name = "board/typed_name.html"
    names: Iterable[str] = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The names to choose from, under an address of their own."""
        context = super().get_context(name, value, attrs)
        context["names"] = self.names
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}_names"
        return context


class ByName(forms.CharField):
    """One of some records, by the name it is called here: the whole of it, or as much as only one of them has."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=TypedName(attrs={"class": "vTextField", "autocomplete": "off"}), **options)
        self.rows: dict[str, Any] = {}

    def offer(self, rows: Iterable[Any]) -> None:
        """Let one of these be chosen."""
        self.rows = {str(row): row for row in rows}
        self.widget.names = list(self.rows)

    def clean(self, value: Any) -> Any:
        """The record, or None when blank. Raises ValidationError, naming those that fit, when it is not one of them."""
        typed = super().clean(value)
        if not typed:
            return None
        if typed in self.rows:
            return self.rows[typed]
        fitting = [name for name in self.rows if typed.casefold() in name.casefold()]
        if len(fitting) == 1:
            return self.rows[fitting[0]]
        if not fitting:
            raise ValidationError(f"Nobody on the roll of this meeting is called “{typed}”.")
        more = ", and more" if len(fitting) > MOST_NAMED else ""
        raise ValidationError(f"“{typed}” fits {', '.join(fitting[:MOST_NAMED])}{more}: type more of the name.")


class BoardAct(ActForm):
    """An act of the Board's room. ``now`` fills in its hour and day; ``asked`` is what the address says beforehand."""

    def __init__(self, *args: Any, now: datetime, asked: QueryDict | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = now
        self.asked = asked or QueryDict()
        self.initial.setdefault("at", now.replace(second=0, microsecond=0))
        self.initial.setdefault("on", now.date())
        for name, value in self.asked.items():
            if name in self.fields and value:
                self.initial[name] = value
