"""What the partials of record pages are given: moments of a timeline, tables of related records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from nipas_admin.shared.dated import in_words


@dataclass(frozen=True)
class Moment:
    """One line of a timeline. ``on`` None: its day is not exact; ``when`` then says what is known of it."""

    on: date | None
    title: str
    detail: str = ""
    url: str = ""
    when: str = ""
    ahead: bool = False

    @property
    def words(self) -> str:
        """When it was or will be, in words."""
        return self.when or in_words(self.on)


def in_order(moments: Iterable[Moment], day: date) -> tuple[list[Moment], list[Moment]]:
    """The dated moments, oldest first, those after the day marked as ahead; and the undated ones, as given."""
    given = list(moments)
    dated = sorted((moment for moment in given if moment.on), key=lambda moment: moment.on or date.max)
    return (
        [replace(moment, ahead=moment.on is not None and moment.on > day) for moment in dated],
        [moment for moment in given if not moment.on],
    )


@dataclass(frozen=True)
class Column:
    """A column of a related table; figures are set to the right."""

    title: str
    number: bool = False


@dataclass(frozen=True)
class Row:
    """A related record: its cells in the order of the columns, and its page."""

    cells: Sequence[object]
    url: str = ""


@dataclass(frozen=True)
class Related:
    """A compact table of related records, with the way to add one; ``empty`` says what would be here."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    empty: str
    add_url: str = ""
    add_label: str = "Add"

    @property
    def lines(self) -> list[tuple[str, list[tuple[Column, object]]]]:
        """Each row as its address and its cells with their columns. Raises ValueError when a cell is missing."""
        return [(row.url, list(zip(self.columns, row.cells, strict=True))) for row in self.rows]
