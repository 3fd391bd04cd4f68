"""What was entered wrongly or came back: parts of payments undone, payments reversed, each with its reason."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from finance.models import Allocation, Invoice, Payment
from finance.querysets import sum_of
from finance.services.payments import open_on, parts_of, refunds_of, stint_of
from finance.services.years import posting_year
from membership.services import take_back_joining_dues
from nipas_admin.shared import money
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.records import saved


def _joining_dues_taken_back(invoice: Invoice, undone: Allocation) -> None:
    """When a part that made joining dues paid falls away, they are not; a day recorded on other grounds stays."""
    stint = stint_of(invoice)
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
    if refunded := sum_of(refunds_of(payment).filter(voided_on__isnull=True)):
        raise ValidationError(
            f"{money.shown(refunded)} of {payment.reference} was refunded. Void that check first, then reverse it."
        )
    deposited = [payment.deposit.deposited_on] if payment.deposit else []
    last = max(
        [*deposited, *(day for part in parts_of(payment) for day in (part.on, part.undone_on) if day)], default=on
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
