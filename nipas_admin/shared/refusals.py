"""What the database refuses, in words a person can act on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ProtectedError, RestrictedError

SHOWN = 3
_SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (.+)")
_SQLITE_NAMED = re.compile(r"(?:CHECK constraint failed:|UNIQUE constraint failed: index) '?([^']+)'?")


def in_words(refusal: Exception, model: type[models.Model]) -> ValidationError:
    """The refusal as a ValidationError; one already is stays as it is."""
    if isinstance(refusal, ValidationError):
        return refusal
    if isinstance(refusal, ProtectedError | RestrictedError):
        return ValidationError(_still_needed(refusal))
    if "append-only" in str(refusal):
        return ValidationError("This is kept for good: it can be neither changed nor deleted. Nothing was saved.")
    constraint = _constraint_of(refusal, model)
    if constraint is not None and constraint.violation_error_message != constraint.default_violation_error_message:
        return ValidationError(str(constraint.violation_error_message))
    if _is_unique(refusal):
        return ValidationError(
            f"{_a(model)} with the same details was saved a moment ago; look in the list. Nothing was saved here."
        )
    return ValidationError(
        f"The register refused this {model._meta.verbose_name} because it would contradict what it already holds. "
        "Nothing was saved; check the figures and the records it points to."
    )


def by_field(refusal: ValidationError) -> dict[str | None, list[ValidationError]]:
    """What was refused under the field it names, or under None for the whole."""
    if hasattr(refusal, "error_dict"):
        return {field: errors for field, errors in refusal.error_dict.items()}  # noqa: C416 - the keys' type widens
    return {None: refusal.error_list}


def _still_needed(refusal: ProtectedError | RestrictedError) -> str:
    rows: Iterable[models.Model] = getattr(refusal, "protected_objects", getattr(refusal, "restricted_objects", ()))
    named = [f"{row._meta.verbose_name} “{row}”" for row in islice(rows, SHOWN)]
    return f"Nothing was deleted, because other records point here, for example {', '.join(named)}."


def _constraint_of(refusal: Exception, model: type[models.Model]) -> models.BaseConstraint | None:
    """The constraint that the database names in its refusal, or None."""
    diagnosis = getattr(refusal.__cause__, "diag", None)
    said = str(refusal)
    for constraint in model._meta.constraints:
        if diagnosis is not None and diagnosis.constraint_name == constraint.name:
            return constraint
        if (match := _SQLITE_NAMED.search(said)) and match[1] == constraint.name:
            return constraint
        fields = getattr(constraint, "fields", ())
        columns = ", ".join(f"{model._meta.db_table}.{model._meta.get_field(name).column}" for name in fields)  # type: ignore[union-attr]
        if fields and (match := _SQLITE_UNIQUE.search(said)) and match[1] == columns:
            return constraint
    return None


def _is_unique(refusal: Exception) -> bool:
    return getattr(refusal.__cause__, "sqlstate", "") == "23505" or "UNIQUE constraint failed" in str(refusal)


def _a(model: type[models.Model]) -> str:
    name = str(model._meta.verbose_name)
    return f"{'An' if name[0].lower() in 'aeio' else 'A'} {name}"
