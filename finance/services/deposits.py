"""Payments taken to the bank: deposited together, taken back only before the bank shows it (Bylaws Art. VI §4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from documents.models import Paper
from finance.models import Deposit, Institution, Payment
from finance.services.years import posting_year
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.records import saved


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


@transaction.atomic
def take_back_deposit(*, deposit: Deposit, because: str) -> Deposit:
    """Take back a deposit that was never made so: its payments wait for another, and it stays on record, empty.

    Raises ValidationError once the bank shows it or one of its payments was reversed, or without a reason.
    """
    posting_year(deposit.deposited_on, "taking back a deposit")
    Institution.objects.select_for_update().get(pk=deposit.institution_id)
    deposit = Deposit.objects.select_for_update().get(pk=deposit.pk)
    rows = list(Payment.objects.select_for_update().filter(deposit=deposit).order_by("pk"))
    if not rows:
        raise ValidationError(f"{deposit.reference} holds no payment: it was taken back already.")
    if not because.strip():
        raise ValidationError({"because": "Say why it is taken back: the reason stays on record."})
    if line := deposit.bank_lines.first():
        raise ValidationError(f"The bank shows {deposit.reference} on {in_words(line.on)}: it was made.")
    if gone := next((row for row in rows if row.reversed_on), None):
        raise ValidationError(f"{gone.reference} in it was reversed on {in_words(gone.reversed_on)}: it was made.")
    Payment.objects.filter(deposit=deposit).update_with_history(reason=f"Taken back: {because}"[:300], deposit=None)
    held = ", ".join(row.reference for row in rows)
    deposit.note = f"{deposit.note}\nTaken back: {because.strip()} It held {held}.".strip()
    return saved(deposit)


@transaction.atomic
def attach_slip(*, deposit: Deposit, slip: Paper) -> Deposit:
    """The slip of a deposit that came without one; the one it has stays."""
    row = Deposit.objects.select_for_update().get(pk=deposit.pk)
    if row.slip_id is not None:
        raise ValidationError({"slip": f"{row.reference} has its slip on file, which stays."})
    row.slip = slip
    return saved(row)
