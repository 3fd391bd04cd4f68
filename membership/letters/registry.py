"""Every kind of paper, and the ways to print it: as a preview, issued and filed, or many in one run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from documents import letters, printing
from documents import pdf as press
from documents import services as papers
from documents.letters import Order
from documents.models import Paper
from membership.letters.base import Letter, LetterKind
from membership.letters.certificates import certificate
from membership.letters.instruments import agreement, ordinance, resolution
from membership.letters.notices import acknowledgement
from membership.letters.roster import roster
from membership.models import Agency, TerminationNotice
from nipas_admin.jobs.models import Job
from nipas_admin.shared import scope
from nipas_admin.shared.dated import in_words

PREFIX = "membership."
VIEW_AGENCY = "membership.view_agency"
VIEW_NOTICE = "membership.view_terminationnotice"
LEAVES = "membership/pdf/"

KINDS = (
    LetterKind("agreement", "Agreement for execution", Agency, VIEW_AGENCY, f"{LEAVES}agreement.html", agreement),
    LetterKind("ordinance", "Model ordinance", Agency, VIEW_AGENCY, f"{LEAVES}model.html", ordinance),
    LetterKind("resolution", "Model resolution", Agency, VIEW_AGENCY, f"{LEAVES}model.html", resolution),
    LetterKind(
        "certificate", "Certificate of participation", Agency, VIEW_AGENCY, f"{LEAVES}certificate.html", certificate
    ),
    LetterKind("roster", "Roster", None, VIEW_AGENCY, f"{LEAVES}roster.html", roster, agency_path=""),
    LetterKind(
        "acknowledgement",
        "Acknowledgement of Termination Notice",
        TerminationNotice,
        VIEW_NOTICE,
        f"{LEAVES}acknowledgement.html",
        acknowledgement,
        agency_path="participation__agency",
    ),
)

LETTERS: dict[str, LetterKind] = {kind.key: kind for kind in KINDS}


def print_letter(kind: str, record: Any, day: date, **options: Any) -> bytes:
    """The paper as PDF bytes, filed nowhere.

    Raises KeyError for an unknown kind, ValidationError when the paper would not be true, PressError when the press
    cannot run.
    """
    order = order_for(LETTERS[kind], LETTERS[kind].build(record, day, **options))
    return press.render(order.template, order.filled())


def issue_letter(kind: str, record: Any, day: date, user: Any, **options: Any) -> Paper:
    """The paper printed with a register reference of its own and filed for good, never printed anew.

    Raises as ``print_letter`` does; nothing is filed then.
    """
    order = order_for(LETTERS[kind], LETTERS[kind].build(record, day, **options))
    return papers.print_and_issue(
        order.template, order.context, title=order.title, as_on=order.as_on, user=user, notice=order.notice
    )


def print_many(
    kind: str, ids: Sequence[int], day: date, user: Any, *, output: str = printing.AS_ZIP, file_them: bool = False
) -> Job:
    """One run that prints the paper for each of these records, outside the request; its job shows the progress.

    ``output``: ``AS_ZIP``, or ``BOUND`` for one PDF. With ``file_them`` each paper is issued and filed. Papers that
    would not be true are left out and named. Raises KeyError for an unknown kind.
    """
    title = f"{LETTERS[kind].label}, {len(ids)} {'paper' if len(ids) == 1 else 'papers'}, as of {in_words(day)}"
    return printing.start_printing(
        PREFIX + kind, ids, title=title, as_on=day, user=user, output=output, file_them=file_them
    )


def order_for(kind: LetterKind, letter: Letter) -> Order:
    """What the press needs of a letter: its template is filled with the letter's values by name."""
    return Order(kind.template, letter.title, letter.as_on, vars(letter), letter.notice, kind.filename(letter))


def register_builders() -> None:
    """Let the press's runs print each kind that is for one record."""
    for kind in KINDS:
        if kind.record is not None:
            letters.register(PREFIX + kind.key, partial(_ordered, kind, kind.record))


def _ordered(kind: LetterKind, model: type[Model], pk: int, day: date, user: Any) -> Order:
    """The order for one record. Raises ValidationError when this person may not print it, or it would not be true."""
    rows = model._default_manager.filter(pk=pk)
    record = scope.limit(rows, user, kind.agency_path).first() if user.has_perm(kind.permission) else None
    if record is None:
        raise ValidationError(f"{kind.label}: one of the records chosen is not among those you may see.")
    return order_for(kind, kind.build(record, day))
