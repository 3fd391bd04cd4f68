"""What the rooms above add to the demonstration: each registers its part in ``AppConfig.ready()``.

A part is written after the agencies, in the same transaction, and says in words what it wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.utils.module_loading import import_string

Part = Callable[[], str]

_parts: list[str] = []


def register(part: str) -> None:
    """Add a part, a function named by its dotted path: it is imported only when a demonstration is loaded."""
    if part not in _parts:
        _parts.append(part)


def write() -> Iterator[str]:
    """Write each part, in the order registered, and say what it wrote: ``31 meetings``."""
    for path in _parts:
        part: Part = import_string(path)
        yield part()
