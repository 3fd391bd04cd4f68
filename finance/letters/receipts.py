"""What was received and paid out: the receipt, the deposit slip and the disbursement voucher."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from documents.letters import Letter
from finance.letters.parts import addressee, treasurer_on
from finance.models import Deposit, Disbursement, Payment
from finance.rules.spending import next_step, step_of
from membership.letters.parts import Signer
from nipas_admin.shared import money
from nipas_admin.shared.dated import in_words


@dataclass(frozen=True)
class Part:
    """What a payment was applied to: the invoice, of whom, for what, and how much in US dollars."""

    reference: str
    agency: str
    what: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Receipt(Letter):
    """What was received from whom, and what it pays. Amounts are US dollars."""

    reference: str
    payer: str
    addressee: tuple[str, ...]
    received_on: date
    method: str
    amount: Decimal
    parts: tuple[Part, ...]
    credit: Decimal
    category: str
    treasurer: Signer


def receipt(row: Payment, day: date) -> Receipt:
    """The receipt as of the day. Raises ValidationError for a payment not in by then, or reversed."""
    if day < row.received_on:
        raise ValidationError(
            f"{row.reference} came in on {in_words(row.received_on)}: choose that day or a later one."
        )
    if row.reversed_on is not None:
        raise ValidationError(
            f"{row.reference} was reversed on {in_words(row.reversed_on)} ({row.reversal_reason}): no receipt is given."
        )
    standing = row.allocations.standing_on(day).select_related(
        "invoice__fiscal_year", "invoice__agency", "invoice__team"
    )
    parts = tuple(
        Part(part.invoice.reference, part.invoice.agency.name, part.invoice.what, part.amount)
        for part in standing.order_by("invoice__agency__name", "invoice__number")
    )
    left = Payment.objects.with_credit_on(day).get(pk=row.pk).credit
    number = f" {row.check_number}" if row.check_number else ""
    return Receipt(
        title=f"Receipt {row.reference}",
        as_on=day,
        about=f"{row.payer} {row.reference}",
        reference=row.reference,
        payer=row.payer,
        addressee=addressee(row.agency, day) if row.agency else (row.payer,),
        received_on=row.received_on,
        method=f"{row.get_method_display()}{number}",
        amount=row.amount,
        parts=parts,
        credit=left,
        category=str(row.category or ""),
        treasurer=treasurer_on(row.received_on),
    )


@dataclass(frozen=True)
class Taken:
    """One payment of a deposit, in US dollars."""

    reference: str
    payer: str
    method: str
    number: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class DepositSlip(Letter):
    """What was taken to the bank together. Amounts are US dollars."""

    reference: str
    institution: str
    deposited_on: date
    payments: tuple[Taken, ...]
    total: Decimal
    by_method: tuple[tuple[str, Decimal], ...]
    treasurer: Signer


def deposit_slip(row: Deposit, day: date) -> DepositSlip:
    """The slip of a deposit, payment by payment in the order of their numbers."""
    taken = tuple(
        Taken(one.reference, one.payer, one.get_method_display(), one.check_number, one.amount)
        for one in row.payments.order_by("method", "pk")
    )
    methods = dict.fromkeys(one.method for one in taken)
    return DepositSlip(
        title=f"Deposit slip {row.reference}",
        as_on=row.deposited_on,
        about=f"deposit {row.reference}",
        reference=row.reference,
        institution=str(row.institution),
        deposited_on=row.deposited_on,
        payments=taken,
        total=money.total(one.amount for one in taken),
        by_method=tuple(
            (method, money.total(one.amount for one in taken if one.method == method)) for method in methods
        ),
        treasurer=treasurer_on(row.deposited_on),
    )


@dataclass(frozen=True)
class Done:
    """One step of a disbursement: what was done, by whom, when, under which policy."""

    step: str
    by: str
    on: date
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Voucher(Letter):
    """A disbursement with each of its steps (Bylaws Art. X). The amount is US dollars."""

    reference: str
    payee: str
    purpose: str
    nature: str
    fund: str
    category: str
    amount: Decimal
    state: str
    steps: tuple[Done, ...]
    ahead: tuple[str, ...]
    treasurer: Signer


def voucher(row: Disbursement, day: date) -> Voucher:
    """The voucher as of the day, with the steps done by then. Raises ValidationError for a day before the request."""
    if day < row.requested_on:
        raise ValidationError(f"{row.reference} was asked for on {in_words(row.requested_on)}: choose a later day.")
    row = Disbursement.objects.with_course().get(pk=row.pk)
    course = row.course
    return Voucher(
        title=f"Disbursement voucher {row.reference}",
        as_on=day,
        about=f"{row.payee} {row.reference}",
        reference=row.reference,
        payee=row.payee,
        purpose=row.purpose,
        nature=row.get_nature_display(),
        fund=row.fund.name,
        category=str(row.category or ""),
        amount=row.amount,
        state=step_of(course).label,
        steps=tuple(one for one in _done(row) if one.on <= day),
        ahead=tuple(fact.text for fact in next_step(course).because),
        treasurer=treasurer_on(day),
    )


def _done(row: Disbursement) -> list[Done]:
    """The steps on record, in their order."""
    done = [Done("Asked for", name(row.requested_by), row.requested_on)]
    review = getattr(row, "review", None)
    if review is not None:
        done.append(Done("Reviewed", name(review.by), review.on, f"{review.capacity}; {review.policy}"))
    approval = getattr(review, "approval", None)
    if approval is not None:
        done.append(Done("Approved", name(approval.by), approval.on, f"Treasurer; {approval.policy}"))
        for paid in approval.payments.order_by("paid_on", "pk"):
            said = f"{paid.get_method_display()} {paid.check_number}, {paid.institution}"
            done.append(Done("Paid", name(paid.signed_by), paid.paid_on, said))
            if paid.voided_on:
                done.append(Done("Void", "", paid.voided_on, f"{paid.check_number}: {paid.void_reason}"))
            report = getattr(paid, "report", None)
            if report is not None:
                done.append(Done("Reported", name(report.by), report.on, str(report.meeting)))
    if row.declined_on:
        done.append(Done("Declined", name(row.declined_by), row.declined_on, row.declined_because))
    return done


def name(person: object) -> str:
    """A person's full name, or the user name where none is recorded; empty for nobody."""
    full = getattr(person, "get_full_name", None)
    return (full() if full else "") or (str(person) if person else "")
