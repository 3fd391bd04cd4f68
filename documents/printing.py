"""One run that prints many papers, outside the request: as a ZIP file of PDFs, or bound into one PDF."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, Any

import pikepdf
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.text import get_valid_filename

from documents.letters import LetterKind, Order, kind_of
from documents.models import Paper, paper_storage, reference
from documents.pdf import PressError, render_many
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
    put_together = _bind if job.parameters["output"] == BOUND else _zip
    return Result(
        name=get_valid_filename(f"{job.title[:80]}.{job.parameters['output']}"),
        content=File(put_together(results)),
        remarks="\n".join([f"Left out: {len(left_out)}.", *left_out] if left_out else []),
        tidy=partial(_tidy, results),
    )


def _print(job: Job, ids: Sequence[int], left_out: list[str]) -> Generator[tuple[int, str, Callable[[], str]]]:
    """Record, title, and the act that stores it, of each paper as it leaves the press; why others are left out."""
    try:
        kind = kind_of(job.parameters["letter"])
    except LookupError as unknown:
        raise JobFailed(str(unknown)) from unknown
    as_on = date.fromisoformat(job.parameters["as_on"])
    files_them = job.parameters["file_them"]
    written: list[tuple[int, Order, int | None]] = []

    def filled() -> Iterator[tuple[str, dict[str, Any]]]:
        for pk in ids:
            try:
                order = kind.order_for(pk, as_on, job.requested_by)
            except ValidationError as untrue:
                left_out.append(" ".join(untrue.messages))
                continue
            number = draw_number() if files_them else None
            written.append((pk, order, number))
            yield order.template, order.filled(reference(number) if number else "")

    with closing(render_many(filled())) as papers:
        for position, pdf in enumerate(papers):
            pk, order, number = written[position]
            act = partial(_file, job, order, number, pdf) if number else partial(_keep, job, pk, order, pdf)
            yield pk, order.title, act


def _file(job: Job, order: Order, number: int, pdf: bytes) -> str:
    paper = issue(
        title=order.title, pdf=pdf, template=order.template, as_on=order.as_on, user=job.requested_by, number=number
    )
    return f"{FILED}{paper.pk}"


def _keep(job: Job, pk: int, order: Order, pdf: bytes) -> str:
    name = get_valid_filename(order.file_name or f"{order.title[:80]}.pdf")
    path = f"jobs/{job.pk}/parts/{pk}/{name}"
    paper_storage().delete(path)  # what an interrupted attempt left half written
    return paper_storage().save(path, ContentFile(pdf))


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


def _bind(results: Sequence[str]) -> IO[bytes]:
    """The papers as one PDF, with a bookmark for each."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - it is read after this
    with pikepdf.new() as bound:
        with bound.open_outline() as outline:
            for result in results:
                name, content = _open(result)
                outline.root.append(pikepdf.OutlineItem(name.removesuffix(".pdf").replace("_", " "), len(bound.pages)))
                with content, pikepdf.open(BytesIO(content.read())) as paper:
                    bound.pages.extend(paper.pages)
        bound.save(file, deterministic_id=True)
    file.seek(0)
    return file


def _tidy(results: Sequence[str]) -> None:
    """Delete the single papers once they are put together; filed ones stay."""
    for result in results:
        if not result.startswith(FILED):
            paper_storage().delete(result)
