"""Payments: received as they came, applied to invoices, deposited, reversed. Nothing is ever edited or paid twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from documents.models import Paper
from finance.models import Allocation, Category, Deposit, DisbursementPayment, Fund, Institution, Invoice, Payment
from finance.querysets import sum_of
from finance.rules.dues import Charge
from finance.rules.receivables import Applied, balance_on, may_apply, oldest_first
from finance.services.years import posting_year
from membership.models import Agency, Participation
from membership.services import pay_joining_dues, take_back_joining_dues
from nipas_admin.shared import money
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.records import saved

# As things stand now, whatever day was entered.
EVER = date.max


class PossibleDuplicate(ValidationError):
    """The same payer, number and amount are on record; ``payments`` are those found. Confirm it, or leave it."""

    def __init__(self, payments: Sequence[Payment]) -> None:
        self.payments = payments
        known = "; ".join(f"{one.reference} of {in_words(one.received_on)}" for one in payments)
        super().__init__(
            f"A payment of this payer with this number and amount is on record already ({known}). If this is another "
            "one, confirm it; if it is the same, there is nothing to do.",
            code="duplicate",
        )


@transaction.atomic
def receive_payment(
    *,
    received_on: date,
    amount: Decimal,
    payer: str = "",
    agency: Agency | None = None,
    method: str = "check",
    check_number: str = "",
    pays: Mapping[Invoice, Decimal] | None = None,
    oldest_of: Iterable[Agency] = (),
    category: Category | None = None,
    fund: Fund | None = None,
    scan: Paper | None = None,
    confirmed: bool = False,
    note: str = "",
    by: Any,
) -> Payment:
    """Record money received, and apply it: to the invoices of ``pays``, or to the oldest open ones of these agencies.

    What is left over is credit of ``agency``. Raises PossibleDuplicate unless ``confirmed``, ValidationError otherwise.
    """
    posting_year(received_on, "a payment")
    amount = _dollars(amount)
    payer = " ".join(payer.split()) or (agency.name if agency else "")
    like = list(Payment.objects.like(payer, check_number, amount)) if check_number and not confirmed else []
    if like:
        raise PossibleDuplicate(like)
    payment = Payment(
        received_on=received_on, amount=amount, payer=payer, agency=agency, method=method, check_number=check_number,
        category=category, fund=fund, scan=scan, confirmed=confirmed, note=note, received_by=by,
    )  # fmt: skip
    saved(payment)
    agencies = list(oldest_of)
    if category is not None and (pays or agencies):
        raise ValidationError("A receipt with a category of its own pays no invoice: leave the category blank.")
    if pays:
        apply_payment(payment=payment, pays=pays, on=received_on)
    elif agencies:
        apply_oldest_first(payment=payment, agencies=agencies, on=received_on)
    return payment


@transaction.atomic
def apply_payment(*, payment: Payment, pays: Mapping[Invoice, Decimal], on: date) -> list[Allocation]:
    """Apply parts of a payment to invoices on a day. Two people at once: one is done, the other is told what is left.

    Raises ValidationError, naming the invoice, for more than is open on it or left of the payment.
    """
    posting_year(on, "applying a payment")
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    _must_stand(payment, on)
    wanted = {invoice.pk: _dollars(amount) for invoice, amount in pays.items()}
    invoices = list(
        Invoice.objects.select_for_update(of=("self",)).filter(pk__in=wanted).select_related("fiscal_year", "agency")
        .order_by("pk")
    )  # fmt: skip
    parts, refusals, rows = _parts_of(payment), [], []
    left, free = payment.amount - standing(parts), payment.amount - most_since(parts, on)
    for invoice in invoices:
        amount, bill = wanted[invoice.pk], invoice.bill
        if invoice.issued_on > on:
            refusals.append(f"{invoice.reference} is dated {in_words(invoice.issued_on)}: apply it from that day on.")
            continue
        found = may_apply(amount, balance_on(bill, EVER), left, bill.reference)
        if not found.value:
            *reasons, _arithmetic = found.because
            refusals += [f"{fact.text}." for fact in reasons]
            continue
        if amount > min(free, bill.total - most_since(bill.applied, on)):  # it fits today, and did not on the day
            refusals.append(f"{bill.reference}: {_from_when_it_fits([*parts, *bill.applied])}")
            continue
        left, free = left - amount, free - amount
        rows.append(Allocation(payment=payment, invoice=invoice, amount=amount, on=on))
    if refusals:
        raise ValidationError([f"Nothing was applied. {refusals[0]}", *refusals[1:]])
    for row in rows:
        saved(row)
    for invoice in invoices:
        _joining_dues_paid(invoice)
    return rows


def _dollars(amount: Decimal) -> Decimal:
    """The amount, once it surely is whole cents. Raises ValidationError, in words, where it is not."""
    whole: Decimal = Payment._meta.get_field("amount").to_python(amount)
    return whole


def standing(parts: Iterable[Applied]) -> Decimal:
    """What stands applied now, in US dollars."""
    return money.total(part.amount for part in parts if part.undone_on is None)


def most_since(parts: Iterable[Applied], on: date) -> Decimal:
    """The most that stood applied at the end of any day from this one on, in US dollars.

    What was undone later still took its place until then: another part dated before that day would stand beside it.
    """
    known = list(parts)
    days = {on, *(part.on for part in known if part.on > on)}
    return max(money.total(part.amount for part in known if part.counts_on(day)) for day in days)


def _parts_of(payment: Payment) -> list[Applied]:
    """What a payment went into, allocations and refunds alike."""
    return [
        *(Applied(row.amount, row.on, row.undone_on) for row in payment.allocations.all()),
        *(Applied(row.amount, row.paid_on, row.voided_on) for row in _refunds_of(payment)),
    ]


def _from_when_it_fits(parts: Iterable[Applied]) -> str:
    last = max(part.undone_on for part in parts if part.undone_on)
    return f"another part stood in its place until {in_words(last)}. Apply it on that day or later."


def apply_oldest_first(*, payment: Payment, agencies: Sequence[Agency], on: date) -> list[Allocation]:
    """Apply what is left of a payment to the open invoices of these agencies, the one due first first."""
    with transaction.atomic():
        posting_year(on, "applying a payment")
        payment = Payment.objects.select_for_update().get(pk=payment.pk)
        rows = Invoice.objects.filter(agency__in=agencies, issued_on__lte=on).select_for_update(of=("self",))
        list(rows.order_by("pk"))
        owed = {row.pk: row for row in Invoice.objects.filter(agency__in=agencies, issued_on__lte=on).open_on(EVER)}
        parts = oldest_first(left_of(payment), [(pk, row.due_on, row.balance) for pk, row in owed.items()])
        return apply_payment(payment=payment, pays={owed[pk]: amount for pk, amount in parts}, on=on) if parts else []


def left_of(payment: Payment) -> Decimal:
    """What is left of a payment as things stand now, in US dollars: its credit."""
    if payment.reversed_on is not None or payment.category_id is not None:
        return money.ZERO
    left: Decimal = payment.amount - standing(_parts_of(payment))
    return left


def _refunds_of(payment: Payment) -> Any:
    return DisbursementPayment.objects.filter(approval__review__disbursement__refunds=payment)


def open_on(invoice: Invoice) -> Decimal:
    """What is open on an invoice as things stand now, in US dollars."""
    if invoice.voided_on is not None:
        return money.ZERO
    return invoice.total - sum_of(invoice.allocations.standing())  # type: ignore[no-any-return]


def _must_stand(payment: Payment, on: date) -> None:
    if payment.reversed_on is not None:
        raise ValidationError(f"{payment.reference} was reversed on {in_words(payment.reversed_on)}: nothing is left.")
    if payment.category_id is not None:
        raise ValidationError(f"{payment.reference} is a receipt for {payment.category}, not a payment of invoices.")
    if on < payment.received_on:
        raise ValidationError(
            {"on": f"{payment.reference} came in on {in_words(payment.received_on)}: apply it on that day or later."}
        )


def _stint_of(invoice: Invoice) -> Participation | None:
    """The stint that waits for these joining dues; None for any other invoice."""
    return invoice.participation if invoice.charge == Charge.JOINING.value else None


def _joining_dues_paid(invoice: Invoice) -> None:
    """When joining dues are paid in full, participation may begin; a day that is on record already stays."""
    stint = _stint_of(invoice)
    if stint is not None and stint.dues_paid_on is None and open_on(invoice) <= 0:
        pay_joining_dues(participation=stint, paid_on=invoice.allocations.standing().latest("on").on)


def _joining_dues_taken_back(invoice: Invoice, undone: Allocation) -> None:
    """When a part that made joining dues paid falls away, they are not; a day recorded on other grounds stays."""
    stint = _stint_of(invoice)
    if stint is None or stint.dues_paid_on is None or open_on(invoice) <= 0:
        return
    if stint.dues_paid_on == max([undone.on, *invoice.allocations.standing().values_list("on", flat=True)]):
        take_back_joining_dues(participation=stint)


@transaction.atomic
def undo_allocation(*, allocation: Allocation, on: date, because: str) -> Allocation:
    """Take a part of a payment off an invoice: it is credit again. Raises ValidationError without a reason."""
    posting_year(on, "undoing what was applied")
    payment = Payment.objects.select_for_update().get(pk=allocation.payment_id)
    Invoice.objects.select_for_update().get(pk=allocation.invoice_id)
    row: Allocation = Allocation.objects.select_related("invoice__fiscal_year").get(pk=allocation.pk)
    if row.undone_on is not None:
        raise ValidationError(f"This was undone on {in_words(row.undone_on)}.")
    if not because.strip():
        raise ValidationError({"because": "Say why it is undone: the reason stays on record."})
    row.payment, row.undone_on, row.undone_because = payment, on, because
    saved(row)
    _joining_dues_taken_back(row.invoice, row)
    return row


@transaction.atomic
def reverse_payment(*, payment: Payment, on: date, reversal: str, because: str = "") -> Payment:
    """Reverse a payment that the bank returned or that was entered by mistake; what it paid is open again."""
    posting_year(on, "a reversal")
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if payment.reversed_on is not None:
        raise ValidationError(f"{payment.reference} was reversed on {in_words(payment.reversed_on)} already.")
    if refunded := sum_of(_refunds_of(payment).filter(voided_on__isnull=True)):
        raise ValidationError(
            f"{money.shown(refunded)} of {payment.reference} was refunded. Void that check first, then reverse it."
        )
    deposited = [payment.deposit.deposited_on] if payment.deposit else []
    last = max(
        [*deposited, *(day for part in _parts_of(payment) for day in (part.on, part.undone_on) if day)], default=on
    )
    if on < last:
        raise ValidationError(
            {"on": f"{payment.reference} stood until {in_words(last)}: reverse it on that day or later."}
        )
    why = because.strip() or payment.Reversal(reversal).label
    for row in list(payment.allocations.standing().order_by("invoice")):
        undo_allocation(allocation=row, on=on, because=why)
    payment.reversed_on, payment.reversal, payment.reversal_reason = on, reversal, why
    return saved(payment)


@transaction.atomic
def make_deposit(
    *,
    payments: Sequence[Payment],
    institution: Institution,
    deposited_on: date,
    slip: Paper | None = None,
    note: str = "",
) -> Deposit:
    """Take payments to the bank together. Raises ValidationError for one deposited already, reversed, or not yet in."""
    posting_year(deposited_on, "a deposit")
    if not payments:
        raise ValidationError("Choose the payments that are deposited.")
    if not Institution.objects.in_force_on(deposited_on).filter(pk=institution.pk).exists():
        raise ValidationError(
            {"institution": f"{institution} is not one the Board approved by {in_words(deposited_on)} (Art. VI §4)."}
        )
    keys = [payment.pk for payment in payments]
    rows = list(Payment.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    refused = [
        f"{row.reference} {why}."
        for row in rows
        for why in ([f"is in {row.deposit} already"] if row.deposit_id else [])
        + ([f"was reversed on {in_words(row.reversed_on)}"] if row.reversed_on else [])
        + ([f"came in only on {in_words(row.received_on)}"] if row.received_on > deposited_on else [])
    ]
    if refused:
        raise ValidationError(refused)
    deposit = saved(Deposit(institution=institution, deposited_on=deposited_on, slip=slip, note=note))
    Payment.objects.filter(pk__in=keys).update_with_history(reason=str(deposit), deposit=deposit)
    return deposit
