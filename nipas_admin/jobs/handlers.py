"""What kinds of work there are. Each room registers its own::

    @handler("documents.print")
    def print_papers(job: Job) -> Work:
        papers = Paper.objects.filter(pk__in=job.parameters["ids"])
        yield from each(job, papers, key=lambda paper: paper.reference, act=stamp)
        return Result("papers.zip", ContentFile(…))

A handler is a generator: each ``Progress`` it yields is shown, and between two of them the work can be canceled.
It may be started again after its worker died, so it does through ``each`` (or ``step``) whatever must happen once.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from django.core.files.base import File
from django.db import transaction

from nipas_admin.jobs.models import Job, JobStep

Item = TypeVar("Item")


class JobFailed(Exception):
    """The work cannot be done; the message tells the person who asked for it why, and what to do."""


@dataclass(frozen=True)
class Progress:
    """How far the work is. ``total`` None: not known yet."""

    done: int
    total: int | None = None
    message: str = ""


@dataclass(frozen=True)
class Result:
    """The file that came of the work.

    ``name`` is what it is saved under; ``remarks`` tell the person what could not be done; ``tidy`` is called once the
    file is kept.
    """

    name: str
    content: File[Any]
    remarks: str = ""
    tidy: Callable[[], None] = lambda: None


Work = Generator[Progress, None, Result | None]
Handler = Callable[[Job], Work]
Registered = TypeVar("Registered", bound=Handler)

_handlers: dict[str, Handler] = {}


def handler(kind: str) -> Callable[[Registered], Registered]:
    """Register the function that does this kind of work. Raises ValueError when another one already does."""

    def register(function: Registered) -> Registered:
        known = _handlers.setdefault(kind, function)
        if known is not function and known.__qualname__ != function.__qualname__:
            raise ValueError(f"{kind} is already done by {known.__qualname__}.")
        _handlers[kind] = function
        return function

    return register


def handler_of(kind: str) -> Handler:
    """The function that does this kind of work. Raises JobFailed when there is none."""
    try:
        return _handlers[kind]
    except KeyError:
        raise JobFailed(f"The register no longer knows how to do this work ({kind}). Start it anew.") from None


def each(
    job: Job,
    items: Sequence[Item],
    *,
    key: Callable[[Item], str],
    act: Callable[[Item], str | None],
    message: Callable[[Item], str] = str,
) -> Generator[Progress]:
    """Act on every item once, in a transaction of its own; items done before an interruption are passed over."""
    for number, item in enumerate(items, start=1):
        step(job, key(item), partial(act, item))
        yield Progress(number, len(items), message(item))


def step(job: Job, key: str, act: Callable[[], str | None]) -> str:
    """Do one part of the work unless it is done; either way, what the act returned when it was done.

    The note that it is done and what the act writes to the database are one transaction.
    """
    with transaction.atomic():
        noted, is_new = JobStep.objects.get_or_create(job=job, key=key)
        if is_new:
            noted.result = act() or ""
            noted.save(update_fields=["result"])
    return noted.result
