"""What is owed on a day: what is left of an invoice, how long it is past due, and whether an agency owes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from finance.rules.years import DUES
from nipas_admin.shared import money
from nipas_admin.shared.citations import BYLAWS, READING, cites
from nipas_admin.shared.dated import day_after, in_words
from nipas_admin.shared.findings import Fact, Finding

CUSTODY = BYLAWS.at("VI", 4)
R13 = READING.at("R13")


@dataclass(frozen=True)
class Applied:
    """A part of a payment applied to an invoice on a day, in US dollars, until it was undone."""

    amount: Decimal
    on: date
    undone_on: date | None = None

    def counts_on(self, day: date) -> bool:
        """Did it stand at the end of the day?"""
        return self.on <= day and (self.undone_on is None or day < self.undone_on)


@dataclass(frozen=True)
class Bill:
    """An invoice as the rules see it; amounts in US dollars."""

    reference: str
    total: Decimal
    issued_on: date
    due_on: date
    voided_on: date | None = None
    applied: tuple[Applied, ...] = ()


class InvoiceState(str, Enum):
    """Where an invoice stands on a day."""

    NOT_YET = "not_yet"
    ISSUED = "issued"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    VOID = "void"

    @property
    def label(self) -> str:
        """In words: ``Partly paid``."""
        return self.value.replace("_", " ").capitalize()


class Bucket(str, Enum):
    """How long past due: the columns of an aging."""

    CURRENT = "current"
    TO_30 = "1_30"
    TO_60 = "31_60"
    TO_90 = "61_90"
    TO_120 = "91_120"
    OVER_120 = "over_120"

    @property
    def label(self) -> str:
        """In words: ``1–30 days``."""
        return {Bucket.CURRENT: "Current", Bucket.OVER_120: "Over 120 days"}.get(
            self, f"{self.value.replace('_', '–')} days"
        )


# Each column by its most days past due; None: no end.
BUCKETS: tuple[tuple[Bucket, int | None], ...] = (
    (Bucket.CURRENT, 0),
    (Bucket.TO_30, 30),
    (Bucket.TO_60, 60),
    (Bucket.TO_90, 90),
    (Bucket.TO_120, 120),
    (Bucket.OVER_120, None),
)


@cites(CUSTODY)
def paid_on(bill: Bill, day: date) -> Decimal:
    """What had been applied to the invoice by the end of the day, in US dollars."""
    return money.total(part.amount for part in bill.applied if part.counts_on(day))


@cites(CUSTODY)
def balance_on(bill: Bill, day: date) -> Decimal:
    """What was left to pay at the end of the day, in US dollars; nothing before it is issued or once it is void."""
    return bill.total - paid_on(bill, day) if state_on(bill, day) in OPEN else money.ZERO


@cites(CUSTODY)
def state_on(bill: Bill, day: date) -> InvoiceState:
    """Where the invoice stood at the end of the day."""
    if day < bill.issued_on:
        return InvoiceState.NOT_YET
    if bill.voided_on is not None and bill.voided_on <= day:
        return InvoiceState.VOID
    paid = paid_on(bill, day)
    if paid >= bill.total:
        return InvoiceState.PAID
    return InvoiceState.PARTLY_PAID if paid else InvoiceState.ISSUED


OPEN = (InvoiceState.ISSUED, InvoiceState.PARTLY_PAID)


@cites(DUES)
def days_past_due(due_on: date, day: date) -> int:
    """How many days past due: 0 through the due date, 1 on the day after it."""
    return max(0, (day - due_on).days)


@cites(DUES)
def bucket_of(due_on: date, day: date) -> Bucket:
    """The column of the aging in which an invoice stands on the day."""
    late = days_past_due(due_on, day)
    return next(bucket for bucket, most in BUCKETS if most is None or late <= most)


@cites(BYLAWS.at("V", 1), BYLAWS.at("III", "4.b"), R13)
def nothing_past_due(bills: Iterable[Bill], day: date) -> Finding[bool]:
    """Has the agency no dues past due on the day: from the day after an invoice's due date while anything is left?"""
    late = [bill for bill in bills if balance_on(bill, day) and days_past_due(bill.due_on, day)]
    if not late:
        fact = Fact(f"nothing past due on {in_words(day)}", day, citations=(DUES, R13))
        return Finding(True, (fact,), readings=(R13,))
    facts = tuple(
        Fact(
            f"{bill.reference}: {money.shown(balance_on(bill, day))} past due since {in_words(day_after(bill.due_on))}",
            day_after(bill.due_on),
            citations=(DUES, R13),
        )
        for bill in sorted(late, key=lambda bill: (bill.due_on, bill.reference))
    )
    return Finding(False, facts, readings=(R13,))


@dataclass(frozen=True)
class Letters:
    """The Board's setting for reminders: the days past due from which each level may be sent, first to last."""

    after: tuple[int, ...] = (1, 31, 61)


@cites(DUES)
def next_letter(late: int, sent: int, letters: Letters) -> int | None:
    """The level of the next reminder for the oldest invoice, so many days past due, after so many were sent.

    None when it is too soon, or every level was sent.
    """
    if sent >= len(letters.after) or late < letters.after[sent]:
        return None
    return sent + 1


@cites(CUSTODY)
def oldest_first(amount: Decimal, owed: Sequence[tuple[int, date, Decimal]]) -> list[tuple[int, Decimal]]:
    """A payment spread over invoices (key, due date, balance), the one due first paid first, as far as it goes.

    Returns key and amount of each part above zero; what is left over is credit.
    """
    parts: list[tuple[int, Decimal]] = []
    for key, _due_on, balance in sorted(owed, key=lambda one: (one[1], one[0])):
        part = min(amount, balance)
        if part > 0:
            parts.append((key, part))
            amount -= part
    return parts


@cites(CUSTODY)
def may_apply(amount: Decimal, balance: Decimal, left: Decimal, reference: str) -> Finding[bool]:
    """May this much of a payment, of which so much is left, be applied to an invoice with this balance?"""
    refusals = []
    if amount <= 0:
        refusals.append("apply more than zero; what was applied wrongly is undone, never entered as a negative")
    if amount > balance:
        refusals.append(f"{money.shown(amount)} is more than the {money.shown(balance)} open on {reference}")
    if amount > left:
        refusals.append(f"{money.shown(amount)} is more than the {money.shown(left)} left of the payment")
    said = f"{money.shown(balance)} is open on {reference}, {money.shown(left)} is left of the payment"
    return Finding(not refusals, tuple(Fact(text, citations=(CUSTODY,)) for text in (*refusals, said)))
