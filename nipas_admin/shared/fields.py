"""Fields that every room uses."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone

from nipas_admin.shared.dates import check_bounds, read_day


def within_the_register(day: date) -> None:
    """Validator: the day lies between 1983 and ten years from today, as of the moment it is checked."""
    check_bounds(day, timezone.localdate())  # noqa: TID251 - a typing error is measured against the day it is made


class LegalDateFormField(forms.DateField):
    """Takes a day as 2026-05-01 or 5/1/2026, and says in words what is wrong with any other."""

    default_validators = [within_the_register]

    def to_python(self, value: Any) -> date | None:
        """The day; None when left blank. Raises ValidationError."""
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value.date()
        return value if isinstance(value, date) else read_day(str(value))


class LegalDateField(models.DateField):  # type: ignore[type-arg]
    """A day in law: between 1983 and ten years ahead, never typed with a two-digit year."""

    default_validators = [within_the_register]

    def to_python(self, value: Any) -> date | None:
        """The day; None for None. Raises ValidationError, in words, for text that is not one."""
        if isinstance(value, str):
            return read_day(value)
        day: date | None = super().to_python(value)
        return day

    def formfield(self, **options: Any) -> Any:
        """A form field that reads days as strictly as the record does."""
        return super().formfield(**{"form_class": LegalDateFormField, **options})
