"""Fields that every room uses."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable
from django.utils import timezone

from nipas_admin.shared import money
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


class DollarsFormField(forms.Field):
    """Takes an amount as 1234.50 or $1,234.50, and says in words what is wrong with any other."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "US dollars, for example 1,234.50.")
        self.least: Decimal = options.pop("least", money.CENT)
        super().__init__(**options)
        self.widget.attrs.update(
            {"inputmode": "decimal", "autocomplete": "off", "class": "dollars", "maxlength": str(money.LONGEST)}
        )

    def to_python(self, value: Any) -> Any:
        """The amount; None when left blank. Raises ValidationError."""
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            amount = money.read(str(value), below_zero=self.least < 0)
        except ValueError as refusal:
            raise ValidationError(str(refusal)) from refusal
        if amount < self.least:
            raise ValidationError(f"Give an amount of at least {money.shown(self.least)}.")
        return amount

    def prepare_value(self, value: Any) -> Any:
        """As it is typed: ``1234.50``."""
        return str(value.quantize(money.CENT)) if isinstance(value, Decimal) else value


class DollarsField(models.BigIntegerField):  # type: ignore[type-arg]
    """US dollars: a Decimal with two places in Python, whole cents in the database, so that SQL sums them exactly."""

    description = "US dollars and cents"
    _pyi_private_set_type: Decimal | int | Combinable  # type: ignore[assignment]
    _pyi_private_get_type: Decimal  # type: ignore[assignment]

    def __init__(self, *args: Any, least: Decimal = money.CENT, **options: Any) -> None:
        self.least = least
        super().__init__(*args, **options)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        """Cents as stored, in dollars."""
        return None if value is None else money.of_cents(int(value))

    def to_python(self, value: Any) -> Any:
        """The amount; None for None. Raises ValidationError, in words, for what is not whole cents."""
        if value is None:
            return None
        try:
            if isinstance(value, str):
                return money.read(value, below_zero=self.least < 0)
            return money.of_cents(money.to_cents(value))
        except (ValueError, TypeError, ArithmeticError) as refusal:
            raise ValidationError(str(refusal)) from refusal

    def get_prep_value(self, value: Any) -> int | None:
        """Dollars, in cents. Raises ValueError for what is not whole cents, ValidationError for text that is none."""
        if value is None or hasattr(value, "resolve_expression"):
            return value  # type: ignore[no-any-return]
        return money.to_cents(self.to_python(value) if isinstance(value, str) else value)

    def validate(self, value: Any, model_instance: Any) -> None:
        """Refuse what is below the least amount, or more than the register counts."""
        super().validate(value, model_instance)
        if value is not None and value < self.least:
            raise ValidationError(f"Give an amount of at least {money.shown(self.least)}.")
        if value is not None and value > money.MOST:
            raise ValidationError(f"{money.shown(value)} is more than {money.shown(money.MOST)}; check the figure.")

    def value_to_string(self, obj: Any) -> str:
        """As a serializer writes it."""
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **options: Any) -> Any:
        """A form field that reads amounts as strictly as the record does."""
        options.pop("widget", None)
        defaults = {"form_class": DollarsFormField, "least": self.least}
        return models.Field.formfield(self, **{**defaults, **options})
