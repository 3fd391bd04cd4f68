"""The books: what each document moves between accounts, and whether the figures of a report agree (Bylaws Art. VI §4).

The journal is never stored: it is what the documents say, entry by entry, and sums to nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

from nipas_admin.shared import money
from nipas_admin.shared.citations import BYLAWS, cites
from nipas_admin.shared.findings import Fact, Finding

REPORT = BYLAWS.at("VI", 4)
CLEARS_WITHIN = timedelta(days=10)


class Side(str, Enum):
    """What kind of account."""

    BANK = "bank"
    UNDEPOSITED = "undeposited"
    CREDITS = "credits"
    OPENING = "opening"
    RECEIPTS = "receipts"
    DISBURSEMENTS = "disbursements"


@dataclass(frozen=True, order=True)
class Account:
    """Where money lies or what it was for: a bank, a fund's category, the credits held for agencies."""

    side: Side
    name: str = ""
    fund: str = ""

    def __str__(self) -> str:
        if self.side is Side.UNDEPOSITED:
            return "Not deposited yet"
        if self.side is Side.CREDITS:
            return "Credits held for agencies"
        if self.side is Side.OPENING:
            return f"{self.fund}: opening balance"
        return f"{self.fund}: {self.name}" if self.fund else self.name


UNDEPOSITED = Account(Side.UNDEPOSITED)
CREDITS = Account(Side.CREDITS)


@dataclass(frozen=True)
class Entry:
    """One entry of the journal: its day, its document, the account debited and the one credited, US dollars."""

    on: date
    document: str
    text: str
    debit: Account
    credit: Account
    amount: Decimal


@dataclass(frozen=True)
class Received:
    """A payment as the journal sees it. ``into`` is the account of a receipt that pays no invoice; None otherwise."""

    document: str
    payer: str
    amount: Decimal
    received_on: date
    into: Account | None = None
    deposited_on: date | None = None
    bank: str = ""
    reversed_on: date | None = None


@dataclass(frozen=True)
class AppliedTo:
    """A part of a payment applied to an invoice: the account of what it pays."""

    document: str
    text: str
    amount: Decimal
    on: date
    account: Account
    undone_on: date | None = None


@dataclass(frozen=True)
class Spent:
    """A disbursement that was paid: ``account`` is what for, or the credits where a credit was refunded."""

    document: str
    payee: str
    amount: Decimal
    paid_on: date
    bank: str
    account: Account
    voided_on: date | None = None


@dataclass(frozen=True)
class Opened:
    """A fund's first balance in the register, in a bank."""

    document: str
    fund: str
    bank: str
    amount: Decimal
    on: date


@cites(REPORT)
def entries(
    opened: Iterable[Opened], received: Iterable[Received], applied: Iterable[AppliedTo], spent: Iterable[Spent]
) -> Iterator[Entry]:
    """The general journal of these documents, document by document. Every entry debits what it credits."""
    for first in opened:
        yield Entry(
            first.on, first.document, "Opening balance", Account(Side.BANK, first.bank),
            Account(Side.OPENING, fund=first.fund), first.amount,
        )  # fmt: skip
    for payment in received:
        yield from _of_payment(payment)
    for part in applied:
        yield Entry(part.on, part.document, part.text, CREDITS, part.account, part.amount)
        if part.undone_on:
            yield Entry(part.undone_on, part.document, f"Undone: {part.text}", part.account, CREDITS, part.amount)
    for paid in spent:
        bank = Account(Side.BANK, paid.bank)
        yield Entry(paid.paid_on, paid.document, paid.payee, paid.account, bank, paid.amount)
        if paid.voided_on:
            yield Entry(paid.voided_on, paid.document, f"Void: {paid.payee}", bank, paid.account, paid.amount)


def _of_payment(payment: Received) -> Iterator[Entry]:
    into, lies = payment.into or CREDITS, UNDEPOSITED
    yield Entry(payment.received_on, payment.document, payment.payer, lies, into, payment.amount)
    if payment.deposited_on and not (payment.reversed_on and payment.reversed_on < payment.deposited_on):
        lies = Account(Side.BANK, payment.bank)
        yield Entry(payment.deposited_on, payment.document, "Deposited", lies, UNDEPOSITED, payment.amount)
    if payment.reversed_on:
        yield Entry(payment.reversed_on, payment.document, f"Reversed: {payment.payer}", into, lies, payment.amount)


@cites(REPORT)
def balances(journal: Iterable[Entry]) -> dict[Account, Decimal]:
    """Debits less credits of each account; together they come to zero."""
    sums: dict[Account, Decimal] = {}
    for entry in journal:
        sums[entry.debit] = sums.get(entry.debit, money.ZERO) + entry.amount
        sums[entry.credit] = sums.get(entry.credit, money.ZERO) - entry.amount
    return sums


@cites(REPORT)
def reconciled(name: str, left: tuple[str, Decimal], right: tuple[str, Decimal]) -> Finding[bool]:
    """Do two figures, reached by different ways, agree? Each comes with the words of how it was reached."""
    (how, one), (other_how, other) = left, right
    said = f"{name}: {how} {money.shown(one)}, {other_how} {money.shown(other)}"
    if one == other:
        return Finding(True, (Fact(f"{said}: difference $0.00", citations=(REPORT,)),))
    return Finding(False, (Fact(f"{said}: difference {money.shown(one - other)}", citations=(REPORT,)),))


@dataclass(frozen=True)
class Moved:
    """What the register expects on a bank statement: a deposit above zero, a check or transfer below."""

    key: str
    amount: Decimal
    on: date
    number: str = ""


@dataclass(frozen=True)
class BankLine:
    """One line of a bank statement: deposits above zero, checks below."""

    key: int
    on: date
    amount: Decimal
    number: str = ""


@cites(REPORT)
def match(lines: Iterable[BankLine], expected: Iterable[Moved]) -> dict[int, str]:
    """Which line of the statement is which document: same amount, cleared from its day to ten days after.

    Where both bear a number it decides, however late a check clears. A line that could be several documents, or a
    document that could be several lines, is left open.
    """
    left, waiting = list(lines), list(expected)
    found = _sole(left, waiting, _by_number)
    settled = set(found.values())
    left = [line for line in left if line.key not in found]
    return found | _sole(left, [moved for moved in waiting if moved.key not in settled], _by_day)


def _sole(
    lines: Iterable[BankLine], waiting: Sequence[Moved], same: Callable[[BankLine, Moved], bool]
) -> dict[int, str]:
    """The lines that can be one document only, which can be no other line."""
    found = {line.key: [moved.key for moved in waiting if same(line, moved)] for line in lines}
    claims = Counter(key for keys in found.values() for key in keys)
    return {line: keys[0] for line, keys in found.items() if len(keys) == 1 and claims[keys[0]] == 1}


def _by_number(line: BankLine, moved: Moved) -> bool:
    """Is it the check of that number? Banks fill it with zeros."""
    if not line.number or not moved.number or line.amount != moved.amount or line.on < moved.on:
        return False
    return line.number.lstrip("0") == moved.number.lstrip("0")


def _by_day(line: BankLine, moved: Moved) -> bool:
    """May it be this, although it does not bear its number? Never where both bear one."""
    if line.amount != moved.amount or (line.number and moved.number):
        return False
    return moved.on <= line.on <= moved.on + CLEARS_WITHIN
