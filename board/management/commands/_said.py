"""A Finding at the console: its why, what is missing, what is flagged, and the readings it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nipas_admin.shared.findings import Finding


def in_lines(finding: Finding[Any]) -> Iterator[str]:
    """The parts of the Finding as text, each under its title; those that are empty left out."""
    parts = (
        ("Because", [str(fact) for fact in finding.because]),
        ("Missing", list(finding.missing)),
        ("Flagged", [str(fact) for fact in finding.flags]),
        ("Readings", [str(reading) for reading in finding.readings]),
    )
    for title, said in parts:
        if said:
            yield ""
            yield f"{title}:"
            yield from (f"  - {line}" for line in said)
