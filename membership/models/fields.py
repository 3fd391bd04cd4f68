"""The few kinds of field that membership's records share."""

from __future__ import annotations

from enum import Enum
from typing import Any

from django.db import models

from nipas_admin.shared.fields import LegalDateField
from nipas_admin.shared.findings import Evidence

EVIDENCE = [(grade.value, grade.label) for grade in Evidence]


def day(verbose_name: str, help_text: str = "", *, required: bool = False, **options: Any) -> LegalDateField:
    """A day in law; unknown unless required."""
    return LegalDateField(verbose_name, null=not required, blank=not required, help_text=help_text, **options)


def paper(verbose_name: str, help_text: str = "") -> models.ForeignKey[Any, Any]:
    """A pointer to the paper on file."""
    return models.ForeignKey(
        "documents.Paper",
        models.PROTECT,
        verbose_name=verbose_name,
        null=True,
        blank=True,
        related_name="+",
        help_text=help_text,
    )


def evidence(default: Evidence = Evidence.ON_FILE) -> models.CharField[Any, Any]:
    """How well the fact is known."""
    return models.CharField(
        "evidence",
        max_length=10,
        choices=EVIDENCE,
        default=default.value,
        help_text="On file: we hold the paper. Recital: another instrument says so. Reported: a report says so. "
        "Inferred: it follows from something else.",
    )


def source() -> models.CharField[Any, Any]:
    """Where the fact was read."""
    return models.CharField(
        "source", max_length=300, blank=True, help_text="Where this was read: a paper, a page, an address."
    )


def choices(kind: type[Enum]) -> list[tuple[str, str]]:
    """The choices of an enum of the rules, in its order, with its words."""
    return [
        (member.value, getattr(member, "label", member.value.replace("_", " ").capitalize()))
        for member in kind
        if member.value
    ]


def one_of(kind: type[Enum], name: str, field: str, *, blank: bool = False) -> models.CheckConstraint:
    """The column holds one of the enum's values."""
    values = [value for value, _label in choices(kind)] + ([""] if blank else [])
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": values}), name=name)


def ends_after(start: str, end: str, name: str, message: str) -> models.CheckConstraint:
    """A half-open period: its end, when known, comes after its start."""
    condition = (
        models.Q(**{f"{end}__isnull": True})
        | models.Q(**{f"{start}__isnull": True})
        | models.Q(**{f"{end}__gt": models.F(start)})
    )
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=message)


def once(
    fields: list[str], day: str, name: str, message: str
) -> tuple[models.UniqueConstraint, models.UniqueConstraint]:
    """One row for these fields and this day, and one where the day is unknown: databases differ on equal NULLs."""
    unknown = models.Q(**{f"{day}__isnull": True})
    return (
        models.UniqueConstraint(fields=[*fields, day], name=name, violation_error_message=message),
        models.UniqueConstraint(
            fields=fields, condition=unknown, name=f"{name}_undated", violation_error_message=message
        ),
    )
