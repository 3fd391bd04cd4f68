"""The acts of the register of papers: file a scan, issue a paper. Bytes are stored once and never rewritten."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.utils.text import Truncator
from django.utils.timezone import localtime

from documents import pdf as press
from documents.access import papers_visible_to
from documents.kept import let_go
from documents.models import Paper, PaperNumber, paper_storage, path_of, reference
from documents.scans import Scan, examine, sha256_of
from nipas_admin.shared.dated import in_words


@transaction.atomic
def file_scan(
    *,
    uploaded: File[bytes],
    title: str,
    user: Any,
    dated_on: date | None = None,
    received_on: date | None = None,
    note: str = "",
) -> Paper:
    """The uploaded paper, filed; or the paper that already holds the same bytes, unchanged.

    Raises ValidationError when the file is no sound scan, or when its bytes belong to a paper the user may not see.
    """
    scan = examine(uploaded)
    on_file = already_filed(scan, user)
    if on_file:
        return on_file
    paper = Paper(
        number=draw_number(),
        kind=Paper.Kind.SCAN,
        title=Truncator(title).chars(200),
        original_name=_bare(uploaded.name or "")[-200:],
        dated_on=dated_on,
        received_on=received_on,
        note=note,
    )
    transaction.on_commit(lambda: let_go(uploaded))
    return _file(paper, scan, uploaded, user)


def already_filed(scan: Scan, user: Any) -> Paper | None:
    """The paper that holds these bytes, or None. Raises ValidationError when it is one the user may not see."""
    paper = Paper.objects.with_bytes(scan.sha256)
    if paper and not papers_visible_to(user).filter(pk=paper.pk).exists():
        raise ValidationError(
            "This file is already in the register, among papers you may not open. Ask the Secretary to attach it.",
            code="filed_elsewhere",
        )
    return paper


def said_of_duplicate(paper: Paper) -> str:
    """What to tell a person whose upload was already on file."""
    return (
        f"This file is already in the register as {paper}, filed {in_words(localtime(paper.filed_at).date())}. "
        "It was not stored a second time."
    )


def draw_number() -> int:
    """The number of the next paper, drawn once; print it on the paper before ``issue`` files it."""
    return PaperNumber.objects.create().pk


@transaction.atomic
def issue(
    *,
    title: str,
    pdf: bytes,
    template: str,
    as_on: date,
    user: Any,
    number: int | None = None,
    content_sha256: str = "",
) -> Paper:
    """A PDF that the register printed, filed for good under ``number`` (drawn here when none was).

    Raises ValidationError when the bytes are no sound PDF.
    """
    uploaded: ContentFile[bytes] = ContentFile(pdf)
    scan = examine(uploaded)
    paper = Paper(
        number=number or draw_number(),
        kind=Paper.Kind.ISSUED,
        title=Truncator(title).chars(200),
        dated_on=as_on,
        template=template,
        content_sha256=content_sha256,
    )
    return _file(paper, scan, uploaded, user)


def print_and_issue(
    template: str, context: Mapping[str, Any], *, title: str, as_on: date, user: Any, notice: str = ""
) -> Paper:
    """Print the template with a reference of its own and file it. The template finds its ``sheet`` in the context.

    Raises PressError when it cannot be printed.
    """
    number = draw_number()
    sheet = press.Sheet(title=title, as_on=as_on, reference=reference(number), notice=notice)
    html = press.html_of(template, {**context, "sheet": sheet})
    return issue(
        title=title,
        pdf=press.print_html(html),
        template=template,
        as_on=as_on,
        user=user,
        number=number,
        content_sha256=hashlib.sha256(html.encode()).hexdigest(),
    )


def _file(paper: Paper, scan: Scan, content: File[bytes], user: Any) -> Paper:
    """Store the bytes, then the row; or return the paper that someone else filed with them in the same moment."""
    paper.sha256, paper.size, paper.media_type, paper.pages = scan.sha256, scan.size, scan.media_type, scan.pages
    paper.file.name = _store(path_of(paper), content, scan.sha256)
    paper._history_user = user
    paper.full_clean(validate_unique=False, validate_constraints=False)  # the database decides who was first
    try:
        with transaction.atomic():
            paper.save()
    except IntegrityError:
        on_file = already_filed(scan, user)
        if on_file is None:
            raise
        return on_file
    return paper


def _store(path: str, content: File[bytes], sha256: str) -> str:
    """The path, with the bytes stored under it. A leftover of an upload that broke off is replaced."""
    storage = paper_storage()
    if storage.exists(path):
        with storage.open(path) as stored:
            if sha256_of(stored) == sha256:
                return path
        storage.delete(path)
    content.seek(0)
    written = storage.save(path, content)
    if written != path:  # another upload of the same bytes was quicker
        storage.delete(written)
    return path


def _bare(name: str) -> str:
    """The last part of what the sender calls the file, without what cannot be printed."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable()).strip()
