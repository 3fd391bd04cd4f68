"""The papers that rooms write: what each kind is, and the ways to print one.

A room declares its kinds and registers them in ``AppConfig.ready()``; the register then offers each on the page of the
record it is for, prints it for a selection in the list, and files what is issued::

    KINDS = (LetterKind("board.agenda", "Agenda", Meeting, "board.view_meeting", "board/pdf/agenda.html", agenda),)
    letters.register(*KINDS)                   # in AppConfig.ready()
    letter_addresses("board")                  # among the room's urlpatterns (documents.views)

    kind.build(meeting, day)                   # the values, or ValidationError in words why it cannot be printed
    print_letter(kind, meeting, day)           # the PDF's bytes; a preview, kept nowhere
    issue_letter(kind, meeting, day, user)     # printed under a register reference and filed for good: a Paper
    printing.print_many(kind, ids, day, user)  # a run outside the request: its Job ends in a ZIP file of PDFs

Which records a person may see (``kind.records_for(user)``) is for the caller of the first three to ask; a run asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.text import slugify

from documents import pdf as press
from documents import services as papers
from documents.models import Paper
from nipas_admin.shared import scope

LONGEST_ABOUT = 100


@dataclass(frozen=True)
class Order:
    """One paper ordered from the press: the template, what it is filled with, and what it says of itself.

    ``file_name`` is what the PDF is saved under; empty means its title.
    """

    template: str
    title: str
    as_on: date
    context: Mapping[str, Any] = field(default_factory=dict)
    notice: str = ""
    file_name: str = ""

    def filled(self, reference: str = "") -> dict[str, Any]:
        """The whole context of the template, under this register reference if the paper is to be filed."""
        return {**self.context, "sheet": press.Sheet(self.title, self.as_on, reference, self.notice)}


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A paper ready to print: plain values that its template shows and never asks further.

    ``about`` is whom or what it concerns, as its file is named; ``notice`` stands at the foot of every page.
    """

    title: str
    as_on: date
    about: str
    notice: str = ""


@dataclass(frozen=True)
class Envelope:
    """Where a letter goes by e-mail, and what the mail says. ``to`` is empty where no address is known.

    Letters to one address on one ``occasion`` travel together, and are queued once.
    """

    to: str
    occasion: str
    subject: str
    body: str


def always(record: Any) -> bool:
    """For a kind that is offered on every record's page."""
    return True


@dataclass(frozen=True)
class LetterKind:
    """A kind of paper. ``name`` is the room's and its own, ``board.agenda``.

    ``record`` is the model it is printed for, None for the whole register. ``agency_path`` leads from that record to
    its agency (``pk`` on the agency itself); without one a person who signs in for an agency cannot print it, unless
    it is ``shared_with_agencies``, whatever the record. ``permission`` lets a person print it.
    ``build(record, day, **options)`` returns the ``Letter`` as the register stands in law on the day, and raises
    ValidationError, in words, when the paper would not be true. ``offered(record)`` keeps it from the page of a record
    for which it plainly would be refused. ``envelope(record, day)`` says how it is sent by e-mail; None: it is not.
    """

    name: str
    label: str
    record: type[Model] | None
    permission: str
    template: str
    build: Callable[..., Letter]
    agency_path: str = ""
    shared_with_agencies: bool = False
    offered: Callable[[Any], bool] = always
    envelope: Callable[[Any, date], Envelope] | None = None

    @property
    def room(self) -> str:
        """The room that writes it: ``board``."""
        return self.name.partition(".")[0]

    @property
    def key(self) -> str:
        """Its name within the room: ``agenda``."""
        return self.name.partition(".")[2]

    def address(self, record: Any = None) -> str:
        """Where it is looked at, and issued by posting."""
        return reverse(f"{self.room}:letter", args=[self.key, *([record.pk] if record else [])])

    def filename(self, letter: Letter) -> str:
        """What the PDF is saved under: ``mchenry-police-department-agreement-2018-05-04.pdf``."""
        return slugify(f"{slugify(letter.about)[:LONGEST_ABOUT]} {self.key} {letter.as_on.isoformat()}") + ".pdf"

    def records_for(self, user: Any) -> QuerySet[Any]:
        """The records for which this person may print it. Raises LookupError for a paper of the whole register."""
        if self.record is None:
            raise LookupError(f"{self.label} is a paper of the whole register, not of one record.")
        rows = self.record._default_manager.all()
        may_print = user.has_perm(self.permission)
        return scope.limit(rows, user, self.agency_path, self.shared_with_agencies) if may_print else rows.none()

    def may_be_for(self, user: Any, record: Any = None) -> bool:
        """May this person print it for this record, or, without one, for any? As ``records_for``, asked of nothing."""
        if not user.has_perm(self.permission):
            return False
        if scope.agencies_of(user) is None or self.shared_with_agencies:
            return True
        return bool(self.agency_path) and (record is None or scope.may_hold(record, user, self.agency_path))

    def order(self, letter: Letter) -> Order:
        """What the press needs of a letter: its template is filled with the letter's values by name."""
        return Order(self.template, letter.title, letter.as_on, vars(letter), letter.notice, self.filename(letter))

    def order_for(self, pk: int, day: date, user: Any) -> Order:
        """The order for one record. Raises ValidationError when this person may not print it, or it is not true."""
        record = self.records_for(user).filter(pk=pk).first()
        if record is None:
            raise ValidationError(f"{self.label}: one of the records chosen is not among those you may see.")
        return self.order(self.build(record, day))


_kinds: dict[str, LetterKind] = {}


def register(*kinds: LetterKind) -> None:
    """Let the register print these kinds. The last one registered under a name counts."""
    _kinds.update({kind.name: kind for kind in kinds})


def kind_of(name: str) -> LetterKind:
    """The kind of this name. Raises LookupError, naming those there are, when nobody registered it."""
    if name not in _kinds:
        raise LookupError(f"No letter is called {name}; there are {', '.join(sorted(_kinds)) or 'none'}.")
    return _kinds[name]


def kinds_for(model: type[Model], user: Any) -> list[LetterKind]:
    """The kinds that are printed for records of the model and that this person may print."""
    return [kind for kind in _kinds.values() if kind.record is model and kind.may_be_for(user)]


def print_letter(kind: LetterKind, record: Any, day: date, **options: Any) -> bytes:
    """The paper as PDF bytes, filed nowhere.

    Raises ValidationError when the paper would not be true, PressError when the press cannot run.
    """
    order = kind.order(kind.build(record, day, **options))
    return press.render(order.template, order.filled())


def issue_letter(kind: LetterKind, record: Any, day: date, user: Any, **options: Any) -> Paper:
    """The paper printed with a register reference of its own and filed for good, never printed anew.

    Raises as ``print_letter`` does; nothing is filed then.
    """
    order = kind.order(kind.build(record, day, **options))
    return papers.print_and_issue(
        order.template, order.context, title=order.title, as_on=order.as_on, user=user, notice=order.notice
    )
