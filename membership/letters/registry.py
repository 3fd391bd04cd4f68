"""Every kind of paper, and the two ways to print one: as a preview, or issued and filed."""

from __future__ import annotations

from datetime import date
from typing import Any

from documents import pdf as press
from documents import services as papers
from documents.models import Paper
from membership.letters.base import Letter, LetterKind, context_of
from membership.letters.instruments import agreement
from membership.letters.notices import acknowledgement
from membership.models import Agency, TerminationNotice

KINDS = (
    LetterKind(
        key="agreement",
        label="Agreement for execution",
        record=Agency,
        permission="membership.view_agency",
        template="membership/pdf/agreement.html",
        build=agreement,
    ),
    LetterKind(
        key="acknowledgement",
        label="Acknowledgement of Termination Notice",
        record=TerminationNotice,
        permission="membership.view_terminationnotice",
        template="membership/pdf/acknowledgement.html",
        build=acknowledgement,
    ),
)

LETTERS: dict[str, LetterKind] = {kind.key: kind for kind in KINDS}


def print_letter(kind: str, record: Any, day: date, **options: Any) -> bytes:
    """The paper as PDF bytes, filed nowhere.

    Raises KeyError for an unknown kind, ValidationError when the paper would not be true, PressError when the press
    cannot run.
    """
    letter_kind = LETTERS[kind]
    template, context = to_press(letter_kind, letter_kind.build(record, day, **options))
    return press.render(template, context)


def issue_letter(kind: str, record: Any, day: date, user: Any, **options: Any) -> Paper:
    """The paper printed with a register reference of its own and filed for good, never printed anew.

    Raises as ``print_letter`` does; nothing is filed then.
    """
    letter_kind = LETTERS[kind]
    letter = letter_kind.build(record, day, **options)
    return papers.print_and_issue(
        letter_kind.template,
        context_of(letter),
        title=f"{letter_kind.label}: {letter.about}",
        as_on=letter.as_on,
        user=user,
        notice=letter.notice,
    )


def to_press(kind: LetterKind, letter: Letter, reference: str = "") -> tuple[str, dict[str, Any]]:
    """The template and the context that the press needs."""
    sheet = press.Sheet(letter.title, letter.as_on, reference, letter.notice)
    return kind.template, {**context_of(letter), "sheet": sheet}
