"""The figures of the books on a day or over a time, each reached by its own query, and whether they agree."""

from __future__ import annotations

from datetime import date

from nipas_admin.shared.findings import Finding


def checks_of(first: date, until: date) -> list[Finding[bool]]:
    """Whether the figures of the time (first day in, first day out) agree, each check with its arithmetic."""
    return []
