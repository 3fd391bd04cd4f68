"""Days as people type them."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django import forms
from django.core.exceptions import ValidationError

from nipas_admin.shared.dates import check_bounds, last_day, read_day
from nipas_admin.shared.fields import LegalDateField, LegalDateFormField

READ = {
    "ISO": ("2026-05-01", date(2026, 5, 1)),
    "ISO without leading zeros": ("2026-5-1", date(2026, 5, 1)),
    "American": ("5/1/2026", date(2026, 5, 1)),
    "American with leading zeros": ("05/01/2026", date(2026, 5, 1)),
    "spaces around it": ("  5/1/2026 ", date(2026, 5, 1)),
    "29 February of a leap year": ("2/29/2024", date(2024, 2, 29)),
}


@pytest.mark.parametrize(("text", "day"), READ.values(), ids=READ)
def test_a_day_is_read(text, day):
    assert read_day(text) == day


REFUSED = {
    "two-digit year": ("01/02/49", "leaves the century open"),
    "two-digit year, short": ("1/2/49", "leaves the century open"),
    "two-digit year with apostrophe": ("1/2/'49", "leaves the century open"),
    "two-digit year with dashes": ("01-02-49", "leaves the century open"),
    "two-digit year first": ("49-02-01", "leaves the century open"),
    "two-digit year with dots": ("1.2.49", "leaves the century open"),
    "three-digit year": ("1/2/200", "leaves the century open"),
    "30 February": ("2/30/2018", "there is no 30 February 2018"),
    "29 February of another year": ("2023-02-29", "there is no 29 February 2023"),
    "day first": ("31/12/2025", "there is no month 31"),
    "month nought": ("0/1/2025", "there is no month 0"),
    "year nought": ("0000-01-01", "there is no 1 January 0000"),
    "ISO without dashes": ("20260501", "is not a day"),
    "ISO week": ("2026-W18-5", "is not a day"),
    "five-digit year": ("12026-05-01", "is not a day"),
    "a time too": ("2026-05-01 10:00", "is not a day"),
    "words": ("May Day", "is not a day"),
    "digits of another script": ("٢٠٢٦-٠٥-٠١", "is not a day"),
    "something endless": ("9" * 5000, "is not a day"),
}


@pytest.mark.parametrize(("text", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_day_is_refused_in_words_that_say_how_to_write_one(text, words):
    with pytest.raises(ValidationError) as refusal:
        read_day(text)

    assert words in refusal.value.messages[0]
    assert len(refusal.value.messages[0]) < 250


TODAY = date(2026, 5, 1)
BOUNDS = {
    "the day before 1983": (date(1982, 12, 31), False),
    "the first day of 1983": (date(1983, 1, 1), True),
    "ten years from today": (date(2036, 5, 1), True),
    "a day later": (date(2036, 5, 2), False),
    "year one": (date(1, 1, 1), False),
}


@pytest.mark.parametrize(("day", "inside"), BOUNDS.values(), ids=BOUNDS)
def test_the_register_takes_days_from_1983_to_ten_years_ahead(day, inside):
    if inside:
        check_bounds(day, TODAY)
    else:
        with pytest.raises(ValidationError, match="from 1 January 1983 to 1 May 2036"):
            check_bounds(day, TODAY)


def test_ten_years_from_a_leap_day_is_the_last_of_february():
    assert last_day(date(2024, 2, 29)) == date(2034, 2, 28)


def test_the_form_field_of_a_legal_date_reads_as_strictly():
    field = LegalDateField(null=True, blank=True).formfield()

    assert isinstance(field, LegalDateFormField)
    assert field.clean("5/4/2018") == date(2018, 5, 4)
    assert field.clean("") is None
    assert field.clean(datetime(2018, 5, 4)) == date(2018, 5, 4)
    for typed in ("05/04/18", "1/1/1982", "4 May 2018", "5/4/2199"):
        with pytest.raises(forms.ValidationError):
            field.clean(typed)


def test_the_model_field_reads_as_strictly_as_its_form():
    field = LegalDateField()
    with pytest.raises(ValidationError, match="century"):
        field.clean("05/04/18", None)
    with pytest.raises(ValidationError, match="outside the register"):
        field.clean(date(1982, 1, 1), None)
    assert field.clean("5/4/2018", None) == date(2018, 5, 4)


def test_a_migration_names_the_field_and_not_its_bounds():
    _name, path, _args, kwargs = LegalDateField("day", null=True).deconstruct()
    assert (path, kwargs) == ("nipas_admin.shared.fields.LegalDateField", {"verbose_name": "day", "null": True})
