"""What NIPAS asks for: the invoice, the reminder and the statement of an agency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from documents.letters import Letter
from finance.letters.parts import Owed, addressee, owed, treasurer_on
from finance.models import Allocation, Invoice, Payment, Reminder
from finance.rules.receivables import BUCKETS, Bucket, InvoiceState, balance_on, bucket_of, paid_on, state_on
from finance.services import credits_on
from membership.letters.parts import Signer
from membership.models import Agency
from nipas_admin.shared import money
from nipas_admin.shared.dated import in_words


@dataclass(frozen=True)
class LineSaid:
    """One line of an invoice."""

    text: str
    quantity: int
    unit: Decimal
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class InvoiceLetter(Letter):
    """An invoice as it stands on the day; ``why`` are the facts it rests on. Amounts are US dollars."""

    agency: str
    addressee: tuple[str, ...]
    reference: str
    fiscal_year: str
    issued_on: date
    due_on: date
    lines: tuple[LineSaid, ...]
    total: Decimal
    paid: Decimal
    balance: Decimal
    state: InvoiceState
    voided_on: date | None
    void_reason: str
    why: tuple[str, ...]
    treasurer: Signer

    @property
    def is_void(self) -> bool:
        """True when nothing is to be paid on it any more."""
        return self.state is InvoiceState.VOID


def invoice(row: Invoice, day: date) -> InvoiceLetter:
    """The invoice as of the day. Raises ValidationError for a day before its own."""
    if day < row.issued_on:
        raise ValidationError(f"{row.reference} is dated {in_words(row.issued_on)}: choose that day or a later one.")
    bill = row.bill
    return InvoiceLetter(
        title=f"Invoice {row.reference}",
        as_on=day,
        about=f"{row.agency.name} {row.reference}",
        agency=row.agency.name,
        addressee=addressee(row.agency, row.issued_on),
        reference=row.reference,
        fiscal_year=str(row.fiscal_year),
        issued_on=row.issued_on,
        due_on=row.due_on,
        lines=tuple(LineSaid(one.text, one.quantity, one.unit, one.amount) for one in row.lines.all()),
        total=row.total,
        paid=paid_on(bill, day),
        balance=balance_on(bill, day),
        state=state_on(bill, day),
        voided_on=row.voided_on if row.voided_on and row.voided_on <= day else None,
        void_reason=row.void_reason,
        why=tuple(row.because),
        treasurer=treasurer_on(row.issued_on),
    )


@dataclass(frozen=True, kw_only=True)
class ReminderLetter(Letter):
    """A reminder of what is past due, as it was sent. Amounts are US dollars."""

    agency: str
    addressee: tuple[str, ...]
    level: int
    sent_on: date
    invoices: tuple[Owed, ...]
    amount: Decimal
    treasurer: Signer


def reminder(row: Reminder, day: date) -> ReminderLetter:
    """The reminder with the balances of the day it was sent; later payments do not change it."""
    said = [
        Owed(
            item.invoice.reference, item.invoice.what, item.invoice.issued_on, item.invoice.due_on, item.invoice.total,
            item.invoice.total - item.balance, item.balance, True,
        )
        for item in row.items.select_related("invoice__fiscal_year", "invoice__team")
    ]  # fmt: skip
    return ReminderLetter(
        title={1: "Reminder", 2: "Second reminder", 3: "Last reminder"}[row.level],
        as_on=row.sent_on,
        about=f"{row.agency.name} reminder {row.level}",
        agency=row.agency.name,
        addressee=addressee(row.agency, row.sent_on),
        level=row.level,
        sent_on=row.sent_on,
        invoices=tuple(said),
        amount=row.amount,
        treasurer=treasurer_on(row.sent_on),
    )


@dataclass(frozen=True)
class Movement:
    """One line of a statement: what happened on the day, and what was owed after it. Amounts are US dollars."""

    on: date
    text: str
    asked: Decimal | None
    paid: Decimal | None
    balance: Decimal


@dataclass(frozen=True, kw_only=True)
class StatementLetter(Letter):
    """What an agency was asked for, what it paid, and what it owes on the day, by age. Amounts are US dollars."""

    agency: str
    addressee: tuple[str, ...]
    since: date
    carried: Decimal
    movements: tuple[Movement, ...]
    open: tuple[Owed, ...]
    ages: tuple[tuple[str, Decimal], ...]
    balance: Decimal
    credit: Decimal
    treasurer: Signer


def statement(agency: Agency, day: date) -> StatementLetter:
    """The agency's statement as of the day, from a year before it. Raises ValidationError when there is nothing."""
    rows = Invoice.objects.filter(agency=agency, issued_on__lte=day).select_related("fiscal_year", "team")
    invoices = list(rows.prefetch_related("allocations__payment").order_by("issued_on", "number"))
    if not invoices and not Payment.objects.filter(agency=agency, received_on__lte=day).exists():
        raise ValidationError(f"{agency} has been invoiced for nothing by {in_words(day)}: there is no statement.")
    since = day.replace(year=day.year - 1, day=min(day.day, 28))
    moved = sorted((move for row in invoices for move in _moves(row, day)), key=lambda move: (move[0], move[1]))
    balance = carried = money.total(amount for on, _text, amount in moved if on < since)
    movements = []
    for on, text, amount in moved:
        if on < since:
            continue
        balance += amount
        asked, paid = (amount, None) if amount > 0 else (None, -amount)
        movements.append(Movement(on, text, asked, paid, balance))
    still = [row for row in invoices if balance_on(row.bill, day)]
    ages = dict.fromkeys(Bucket, money.ZERO)
    for row in still:
        ages[bucket_of(row.due_on, day)] += balance_on(row.bill, day)
    return StatementLetter(
        title=f"Statement of {agency.name}",
        as_on=day,
        about=agency.name,
        agency=agency.name,
        addressee=addressee(agency, day),
        since=since,
        carried=carried,
        movements=tuple(movements),
        open=tuple(owed(row, day) for row in still),
        ages=tuple((bucket.label, ages[bucket]) for bucket, _most in BUCKETS),
        balance=money.total(ages.values()),
        credit=credits_on(day, [agency.pk]).get(agency.pk, money.ZERO),
        treasurer=treasurer_on(day),
    )


def _moves(row: Invoice, day: date) -> list[tuple[date, str, Decimal]]:
    """What changed what is owed on an invoice, by the day: asked above zero, paid below."""
    moves = [(row.issued_on, f"Invoice {row.reference}: {row.what}", row.total)]
    if row.voided_on and row.voided_on <= day:
        moves.append((row.voided_on, f"Invoice {row.reference} is void", -row.total))
    for part in row.allocations.all():
        if part.on <= day:
            moves.append((part.on, _paid_by(part, row), -part.amount))
        if part.undone_on and part.undone_on <= day:
            moves.append((part.undone_on, f"Taken back: {part.undone_because}", part.amount))
    return moves


def _paid_by(part: Allocation, row: Invoice) -> str:
    number = f" {part.payment.check_number}" if part.payment.check_number else ""
    return f"{part.payment.get_method_display()}{number} on {row.reference}"
