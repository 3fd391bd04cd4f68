"""One run that prints many papers, outside the request: as a ZIP file of PDFs, or bound into one PDF."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.text import get_valid_filename

from documents.letters import LetterKind, Order, kind_of
from documents.models import Paper, paper_storage, reference
from documents.pdf import Binding, PressError, html_of, print_each
from documents.services import draw_number, issue
from nipas_admin.jobs import services as jobs
from nipas_admin.jobs.handlers import JobFailed, Progress, Result, Work, handler, step
from nipas_admin.jobs.models import Job
from nipas_admin.shared.dated import in_words

KIND = "documents.print"
AS_ZIP, BOUND = "zip", "pdf"
FILED = "filed as "


def start_printing(
    letter: str,
    ids: Sequence[int],
    *,
    title: str,
    as_on: date,
    user: Any,
    output: str = AS_ZIP,
    file_them: bool = False,
) -> Job:
    """A job that prints the letter for each record, in this order. Raises LookupError for an unknown letter.

    ``output``: ``AS_ZIP`` or ``BOUND``. With ``file_them`` each paper is also issued and filed under its own reference.
    """
    kind_of(letter)
    asked = {
        "letter": letter,
        "ids": list(dict.fromkeys(ids)),
        "as_on": as_on.isoformat(),
        "output": output,
        "file_them": file_them,
    }
    return jobs.start(KIND, title=title, user=user, **asked)


def print_many(
    kind: LetterKind, ids: Sequence[int], day: date, user: Any, *, output: str = AS_ZIP, file_them: bool = False
) -> Job:
    """One run that prints the paper for each of these records, outside the request; its job shows the progress.

    ``output``: ``AS_ZIP``, or ``BOUND`` for one PDF. With ``file_them`` each paper is issued and filed. Papers that
    would not be true are left out and named.
    """
    title = f"{kind.label}, {len(ids)} {'paper' if len(ids) == 1 else 'papers'}, as of {in_words(day)}"
    return start_printing(kind.name, ids, title=title, as_on=day, user=user, output=output, file_them=file_them)


@handler(KIND)
def print_papers(job: Job) -> Work:
    """Print what is not printed yet, then put it together. Papers that would not be true are left out, and named."""
    ids = job.parameters["ids"]
    printed = dict(job.steps.values_list("key", "result"))
    left_out: list[str] = []
    yield Progress(len(printed), len(ids))
    try:
        with closing(_print(job, [pk for pk in ids if str(pk) not in printed], left_out)) as parts:
            for pk, title, keep in parts:
                printed[str(pk)] = step(job, str(pk), keep)
                yield Progress(len(printed) + len(left_out), len(ids), title)
    except PressError as refusal:
        raise JobFailed(str(refusal)) from refusal
    if not printed:
        raise JobFailed("Nothing was printed:\n" + "\n".join(left_out))
    results = [printed[str(pk)] for pk in ids if str(pk) in printed]
    put_together = (yield from _bind(job, results)) if job.parameters["output"] == BOUND else _zip(results)
    return Result(
        name=get_valid_filename(f"{job.title[:80]}.{job.parameters['output']}"),
        content=File(put_together),
        remarks="\n".join([f"Left out: {len(left_out)}.", *left_out] if left_out else []),
        tidy=partial(_tidy, results),
    )


@dataclass(frozen=True)
class _Filled:
    """One order with its template filled in; ``number`` is its reference's, None for a paper that is not filed."""

    pk: int
    order: Order
    number: int | None
    html: str


def _print(job: Job, ids: Sequence[int], left_out: list[str]) -> Generator[tuple[int, str, Callable[[], str]]]:
    """Record, title, and the act that stores it, of each paper in turn; why others are left out.

    A paper to be bound is kept as it was filled in, and goes to the press with all others at the end.
    """
    try:
        kind = kind_of(job.parameters["letter"])
    except LookupError as unknown:
        raise JobFailed(str(unknown)) from unknown
    as_on = date.fromisoformat(job.parameters["as_on"])
    files_them, binds = job.parameters["file_them"], job.parameters["output"] == BOUND
    written: list[_Filled] = []

    def filled() -> Iterator[_Filled]:
        for pk in ids:
            try:
                order = kind.order_for(pk, as_on, job.requested_by)
            except ValidationError as untrue:
                left_out.append(" ".join(untrue.messages))
                continue
            number = draw_number() if files_them else None
            html = html_of(order.template, order.filled(reference(number) if number else ""))
            written.append(_Filled(pk, order, number, html))
            yield written[-1]

    if binds and not files_them:
        for paper in filled():
            yield paper.pk, paper.order.title, partial(_keep, job, paper, "html", paper.html.encode())
        return
    with closing(print_each(paper.html for paper in filled())) as papers:
        for position, pdf in enumerate(papers):
            paper = written[position]
            yield paper.pk, paper.order.title, partial(_store, job, paper, pdf)


def _store(job: Job, paper: _Filled, pdf: bytes) -> str:
    """Keep what is put together at the end, and file the paper if it is to be filed."""
    if not paper.number:
        return _keep(job, paper, "pdf", pdf)
    order = paper.order
    filed = issue(
        title=order.title,
        pdf=pdf,
        template=order.template,
        as_on=order.as_on,
        user=job.requested_by,
        number=paper.number,
    )
    is_bound_too = job.parameters["output"] == BOUND
    return _keep(job, paper, "html", paper.html.encode()) if is_bound_too else f"{FILED}{filed.pk}"


def _keep(job: Job, paper: _Filled, ending: str, content: bytes) -> str:
    stem = (paper.order.file_name or paper.order.title[:80]).removesuffix(".pdf")
    path = f"jobs/{job.pk}/parts/{paper.pk}/{get_valid_filename(f'{stem}.{ending}')}"
    paper_storage().delete(path)  # what an interrupted attempt left half written
    return paper_storage().save(path, ContentFile(content))


def _open(result: str) -> tuple[str, File[bytes]]:
    """The file name of a printed paper and its bytes."""
    if result.startswith(FILED):
        paper = Paper.objects.get(pk=result.removeprefix(FILED))
        return paper.download_name, paper_storage().open(str(paper.file.name))
    return PurePosixPath(result).name, paper_storage().open(result)


def _zip(results: Sequence[str]) -> IO[bytes]:
    """The papers as a ZIP file; papers of one name are told apart by a number."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - it is read after this
    taken: dict[str, int] = {}
    with zipfile.ZipFile(file, "w") as archive:
        for result in results:
            name, content = _open(result)
            taken[name] = taken.get(name, 0) + 1
            stem, dot, ending = name.rpartition(".")
            unique = name if taken[name] == 1 else f"{stem}-{taken[name]}{dot}{ending}"
            with content:
                archive.writestr(zipfile.ZipInfo(unique), content.read())
    file.seek(0)
    return file


def _bind(job: Job, results: Sequence[str]) -> Generator[Progress, None, IO[bytes]]:
    """The papers printed as one PDF, with a bookmark for each."""
    binding, papers = Binding(job.title), job.parameters["ids"]
    try:
        for number, result in enumerate(results, start=1):
            with paper_storage().open(result) as kept:
                binding.add(kept.read().decode())
            yield Progress(len(papers) - len(results) + number, len(papers), "Binding")
        return BytesIO(binding.pdf())
    except PressError as refusal:
        raise JobFailed(str(refusal)) from refusal


def _tidy(results: Sequence[str]) -> None:
    """Delete the single papers once they are put together; filed ones stay."""
    for result in results:
        if not result.startswith(FILED):
            paper_storage().delete(result)
