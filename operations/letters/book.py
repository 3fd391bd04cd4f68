"""The pages around the alarm cards of a book: its cover with the contents, and what is not in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from documents.letters import Order
from nipas_admin.shared.dated import in_words
from operations.letters.cards import Number
from operations.models import AlarmAssignment
from operations.services import Book

COVER, END = "operations/pdf/book.html", "operations/pdf/book_end.html"


def cover(book: Book, pages: Mapping[int, int], numbers: tuple[Number, ...], day: date) -> Order:
    """The first pages: whom to call, and on which page each card begins. ``pages`` are counted from the cover."""
    entries = [(card, pages.get(card.pk, 0)) for card in book.cards]
    context = {"entries": entries, "numbers": numbers, "left_out": len(book.left_out), "without": len(book.without)}
    return Order(COVER, "Book of alarm cards", day, {**context, "as_on": day})


def end(book: Book, day: date) -> Order | None:
    """The last pages: agencies without a card, and versions that are left out; None where there are neither."""
    if not book.left_out and not book.without:
        return None
    left_out = [(row.agency.name, row.version, _why(row, day)) for row in book.left_out]
    context = {"without": [agency.name for agency in book.without], "left_out": left_out, "as_on": day}
    return Order(END, "Not in the book of alarm cards", day, context)


def _why(row: AlarmAssignment, day: date) -> str:
    if row.approved_on is None:
        return "a draft"
    return f"in effect from {in_words(row.effective_on)} on" if row.effective_on > day else "superseded"
