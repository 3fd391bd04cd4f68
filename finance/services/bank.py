"""The bank's statements: read once, matched with the documents, and compared with the books (Bylaws Art. VI §4)."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from finance.models import (
    BankLine,
    BankStatement,
    Deposit,
    DisbursementPayment,
    Institution,
    OpeningBalance,
    Payment,
)
from finance.querysets import sum_of
from finance.rules import books
from finance.rules.books import Moved, reconciled
from finance.services.bank_files import StatementLine, read_file
from nipas_admin.shared import money
from nipas_admin.shared.dated import day_after, day_before, in_words
from nipas_admin.shared.findings import Finding
from nipas_admin.shared.records import saved

FOREVER = date.max


@dataclass(frozen=True)
class Document:
    """A record that the bank should show: ``field`` is the one of a line that points to it, ``moved`` what it moves."""

    field: str
    record: Any
    moved: Moved
    what: str

    @property
    def key(self) -> str:
        """What it is called among all: ``deposit:12``."""
        return self.moved.key


# --- Reading ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def read_statement(
    *,
    institution: Institution,
    data: bytes,
    file_name: str = "",
    from_on: date | None = None,
    through_on: date | None = None,
    closing: Decimal | None = None,
) -> BankStatement:
    """Take up a statement of the bank from its file, and match what plainly can be only one document.

    ``from_on`` and ``through_on`` are its first and last day; those of its lines where they are not given. Raises
    ValidationError: at ``file`` naming the cell, or where the file or its days are on record already.
    """
    Institution.objects.select_for_update().get(pk=institution.pk)
    digest = hashlib.sha256(data).hexdigest()
    if known := BankStatement.objects.filter(institution=institution, sha256=digest).first():
        raise ValidationError({"file": f"This file has been read already: it is the statement “{known}”."})
    try:
        lines = read_file(io.BytesIO(data), len(data))
    except ValidationError as refusal:
        raise ValidationError({"file": refusal.messages}) from None
    first = from_on or min(line.on for line in lines)
    last = through_on or max([first, *(line.on for line in lines)])
    _must_hold(lines, first, last)
    _must_not_overlap(institution, first, last)
    statement = saved(
        BankStatement(
            institution=institution, from_on=first, until_on=day_after(last), closing=closing,
            file_name=file_name[:200], sha256=digest,
        )
    )  # fmt: skip
    BankLine.objects.bulk_create_with_history(
        [
            BankLine(statement=statement, on=line.on, amount=line.amount, text=line.text, number=line.number)
            for line in lines
        ],
        reason=f"Read from {file_name}" if file_name else "Read from the bank's file",
    )
    match_statement(statement=statement)
    return statement


def _must_hold(lines: Iterable[StatementLine], first: date, last: date) -> None:
    if last < first:
        raise ValidationError({"through_on": "A statement ends on the day it begins, or later."})
    for line in lines:
        if not first <= line.on <= last:
            raise ValidationError(
                {"file": f"Row {line.row} is dated {in_words(line.on)}, outside {in_words(first)} to {in_words(last)}."}
            )


def _must_not_overlap(institution: Institution, first: date, last: date) -> None:
    other = institution.statements.filter(from_on__lte=last, until_on__gt=first).order_by("from_on").first()
    if other is not None:
        raise ValidationError(
            f"The days from {in_words(other.from_on)} through {in_words(day_before(other.until_on))} are on record "
            f"from another statement of {institution}. Ask the bank for the days before or after them."
        )


# --- Documents --------------------------------------------------------------------------------------------------------


def documents_of(institution: Institution, until: date = FOREVER) -> list[Document]:
    """What the bank should show, dated before ``until``: deposits, checks returned after one, checks and transfers out.

    A payment entered by mistake was never in the deposit; a check that was void by then never clears. Four queries.
    """
    deposits = Deposit.objects.filter(institution=institution, deposited_on__lt=until).order_by("deposited_on", "pk")
    found = []
    for deposit in deposits.prefetch_related("payments"):
        taken = [row for row in deposit.payments.all() if row.reversal != Payment.Reversal.MISTAKE]
        amount = money.total(row.amount for row in taken)
        if amount:
            moved = Moved(f"deposit:{deposit.pk}", amount, deposit.deposited_on)
            found.append(Document("deposit", deposit, moved, f"Deposit {deposit.reference}"))
    returned = Payment.objects.filter(
        deposit__institution=institution, deposit__deposited_on__lt=until, reversal=Payment.Reversal.BOUNCED
    ).select_related("deposit")
    for payment in returned.order_by("deposit__deposited_on", "pk"):
        # The bank returns it some days after the deposit, whenever we hear of it.
        moved = Moved(f"returned:{payment.pk}", -payment.amount, payment.deposit.deposited_on, payment.check_number)
        what = f"Check {payment.check_number} of {payment.payer}, returned"
        found.append(Document("returned", payment, moved, what))
    stood = Q(voided_on__isnull=True) | Q(voided_on__gte=until)
    out = DisbursementPayment.objects.filter(stood, institution=institution, paid_on__lt=until)
    related = "approval__review__disbursement__fiscal_year"
    for paid in out.select_related(related).order_by("paid_on", "pk"):
        moved = Moved(f"disbursement:{paid.pk}", -paid.amount, paid.paid_on, paid.check_number)
        payee = paid.approval.review.disbursement.payee
        found.append(Document("disbursement", paid, moved, f"{paid.get_method_display()} {paid.check_number}, {payee}"))
    return found


def document_of(line: BankLine) -> str:
    """What stands for the line: ``deposit:12``; empty where nothing does."""
    for field in ("deposit", "returned", "disbursement"):
        if (key := getattr(line, f"{field}_id")) is not None:
            return f"{field}:{key}"
    return ""


def _matched(institution: Institution, before: date = FOREVER) -> set[str]:
    """The documents that a line dated before this day stands for."""
    lines = BankLine.objects.filter(_has_document(), statement__institution=institution, on__lt=before)
    return {document_of(line) for line in lines}


def _has_document() -> Q:
    return Q(deposit__isnull=False) | Q(returned__isnull=False) | Q(disbursement__isnull=False)


def _first_day(institution: Institution) -> date | None:
    """The first day of its first statement on record."""
    first: date | None = institution.statements.order_by("from_on").values_list("from_on", flat=True).first()
    return first


def without_line(statement: BankStatement) -> list[Document]:
    """Documents up to the statement's last day that no line dated by then stands for.

    What is older than the first statement on record is taken as cleared before it, unless a line shows otherwise.
    """
    institution, until = statement.institution, statement.until_on
    first = _first_day(institution) or statement.from_on
    by_then, ever = _matched(institution, until), _matched(institution)
    return [
        one
        for one in documents_of(institution, until)
        if one.key not in by_then and (one.moved.on >= first or one.key in ever)
    ]


# --- Matching ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def match_statement(*, statement: BankStatement) -> int:
    """Match the statement's open lines with the documents; what could be several is left to a person.

    Returns how many lines were matched.
    """
    institution = Institution.objects.select_for_update().get(pk=statement.institution_id)
    lines = [line for line in statement.lines.all() if not line.is_matched]
    taken = _matched(institution)
    open_ones = {one.key: one for one in documents_of(institution, statement.until_on) if one.key not in taken}
    found = books.match(
        [books.BankLine(line.pk, line.on, line.amount, line.number) for line in lines],
        [one.moved for one in open_ones.values()],
    )
    matched = []
    for line in lines:
        if key := found.get(line.pk):
            setattr(line, open_ones[key].field, open_ones[key].record)
            matched.append(line)
    BankLine.objects.bulk_update_with_history(matched, ["deposit", "returned", "disbursement"], "Matched by the books")
    return len(matched)


def open_documents(institution: Institution) -> list[Document]:
    """The documents that no line stands for."""
    taken = _matched(institution)
    return [one for one in documents_of(institution) if one.key not in taken]


def candidates_for(line: BankLine) -> list[Document]:
    """The documents of this amount that no line stands for, the nearest in time first."""
    found = [one for one in open_documents(line.statement.institution) if one.moved.amount == line.amount]
    return sorted(found, key=lambda one: (abs(one.moved.on - line.on), one.key))


@transaction.atomic
def match_line(*, line: BankLine, key: str) -> BankLine:
    """Match a line by hand with the document of this key. Raises ValidationError where it does not fit any more."""
    line = _locked(line)
    if line.is_matched:
        raise ValidationError(f"The line of {in_words(line.on)} is settled already. Take that back first.")
    chosen = next((one for one in candidates_for(line) if one.key == key), None)
    if chosen is None:
        raise ValidationError(
            {
                "document": f"Choose a document of {money.shown(line.amount)} that no other line stands for. Where the "
                "bank and the record differ, correct the record, or explain the line."
            }
        )
    setattr(line, chosen.field, chosen.record)
    line.by_hand = True
    return saved(line)


@transaction.atomic
def explain_line(*, line: BankLine, explained: str) -> BankLine:
    """Say what a line is for which no document here stands, such as a fee. Raises ValidationError without words."""
    line = _locked(line)
    if line.is_matched:
        raise ValidationError(f"The line of {in_words(line.on)} is settled already. Take that back first.")
    if not explained.strip():
        raise ValidationError({"explained": "Say what this line is: it stays on record with it."})
    line.explained, line.by_hand = explained.strip(), True
    return saved(line)


@transaction.atomic
def unmatch_line(*, line: BankLine) -> BankLine:
    """Take back what a person said of a line, or what it was matched with: it is open again."""
    line = _locked(line)
    if not line.is_matched:
        raise ValidationError(f"The line of {in_words(line.on)} is open: there is nothing to take back.")
    line.deposit = line.returned = line.disbursement = None
    line.explained, line.by_hand = "", False
    return saved(line)


def _locked(line: BankLine) -> BankLine:
    Institution.objects.select_for_update().get(statements=line.statement_id)
    return BankLine.objects.select_for_update(of=("self",)).select_related("statement__institution").get(pk=line.pk)


# --- The statement and the books --------------------------------------------------------------------------------------


def balance_in_books(institution: Institution, day: date) -> Decimal:
    """What the books say is in the account at the end of the day, in US dollars. Four queries."""
    opened = OpeningBalance.objects.filter(institution=institution, on__lte=day)
    deposited = Payment.objects.filter(deposit__institution=institution, deposit__deposited_on__lte=day)
    back = deposited.filter(reversed_on__lte=day)
    out = DisbursementPayment.objects.standing_on(day).filter(institution=institution)
    return sum_of(opened) + sum_of(deposited) - sum_of(back) - sum_of(out)


@dataclass(frozen=True)
class Compared:
    """A statement beside the books at the end of its last day, in US dollars.

    ``waiting`` are the documents that the bank does not show yet, ``open_lines`` what it shows and is not in the
    books by then. ``agrees`` is None where the closing balance is not recorded.
    """

    day: date
    in_books: Decimal
    waiting: Sequence[Document]
    open_lines: Sequence[BankLine]
    agrees: Finding[bool] | None

    @property
    def expected(self) -> Decimal:
        """The closing balance that follows: the books, less what the bank does not show, with what only it shows."""
        not_yet = money.total(one.moved.amount for one in self.waiting)
        return self.in_books - not_yet + money.total(line.amount for line in self.open_lines)


def _mistakes_of(institution: Institution, day: date) -> list[Document]:
    """Payments that the books of the day held by mistake: the bank never shows them, and they were reversed since."""
    rows = Payment.objects.filter(
        deposit__institution=institution, deposit__deposited_on__lte=day, reversed_on__gt=day,
        reversal=Payment.Reversal.MISTAKE,
    ).select_related("deposit")  # fmt: skip
    return [
        Document(
            "payment", row, Moved(f"payment:{row.pk}", row.amount, row.deposit.deposited_on),
            f"{row.reference}, entered by mistake",
        )
        for row in rows.order_by("pk")
    ]  # fmt: skip


def compare(statement: BankStatement) -> Compared:
    """The statement's closing balance beside what the books lead one to expect."""
    day = day_before(statement.until_on)
    not_yet_in_books = ~_has_document() | Q(returned__reversed_on__gt=day)
    lines = BankLine.objects.filter(not_yet_in_books, statement__institution=statement.institution, on__lte=day)
    waiting = [one for one in without_line(statement) if not (one.field == "returned" and one.record.reversed_on > day)]
    waiting += _mistakes_of(statement.institution, day)
    found = Compared(day, balance_in_books(statement.institution, day), waiting, list(lines), None)
    if statement.closing is None:
        return found
    agrees = reconciled(
        f"Balance of {in_words(day)}",
        ("the bank says", statement.closing),
        ("by the books, less what the bank does not show yet, with what only the bank shows", found.expected),
    )
    return Compared(day, found.in_books, waiting, found.open_lines, agrees)
