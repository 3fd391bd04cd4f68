"""The book of alarm cards as one PDF, printed outside the request: cover, cards in order of names, who has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

from django.core.files.base import File

from documents.letters import kind_of
from documents.pdf import Binding, PressError, html_of
from nipas_admin.jobs import services as jobs
from nipas_admin.jobs.handlers import JobFailed, Progress, Result, Work, handler
from nipas_admin.jobs.models import Job
from nipas_admin.shared.dated import in_words
from operations.letters.book import cover, end
from operations.letters.cards import card_of, numbers_on
from operations.services import Book, book_on, check_assignments

KIND = "operations.book"


def start_book(day: date, user: Any, only: Sequence[int] | None = None) -> Job:
    """The work that prints the book as of the day; with ``only``, of these versions as far as they are in effect."""
    title = f"Book of alarm cards, as of {in_words(day)}"
    return jobs.start(KIND, title=title, user=user, as_on=day.isoformat(), only=list(only) if only else None)


@handler(KIND)
def print_book(job: Job) -> Work:
    """Print it. Each card keeps its own page numbers; its foot says where in the book it stands."""
    day = date.fromisoformat(job.parameters["as_on"])
    book = book_on(day, job.parameters["only"])
    if not book.cards:
        raise JobFailed(f"No alarm card is in effect on {in_words(day)}: there is nothing to print.")
    try:
        binding = Binding(job.title)
        yield from _bind(binding, book, day)
        content = BytesIO(binding.pdf())
    except PressError as refusal:
        raise JobFailed(str(refusal)) from refusal
    left_out = [f"{row}: left out" for row in book.left_out]
    return Result(f"book-of-alarm-cards-{day.isoformat()}.pdf", File(content), "\n".join(left_out))


def _bind(binding: Binding, book: Book, day: date) -> Work:
    numbers, kind, whole = numbers_on(day), kind_of("operations.card"), len(book.cards)
    # The cover is as long with its page numbers as without them.
    draft = cover(book, {}, numbers, day)
    page = 1 + Binding("").add(html_of(draft.template, draft.filled()))
    begins: dict[int, int] = {}
    for done, checked in enumerate(check_assignments(book.cards, day, suggest=False), start=1):
        card = checked.assignment
        begins[card.pk] = page
        letter = replace(card_of(checked, numbers, day), notice=f"In the book from page {page}")
        order = kind.order(letter)
        page += binding.add(html_of(order.template, order.filled()), bookmark=card.agency.name)
        yield Progress(done, whole, card.agency.name)
    first, last = cover(book, begins, numbers, day), end(book, day)
    binding.add(html_of(first.template, first.filled()), bookmark="Contents", first=True)
    if last is not None:
        binding.add(html_of(last.template, last.filled()))
    return None
