"""Orders of pocket cards: sent, one or several at once, and a mistaken "sent" taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from nipas_admin.shared.dated import in_words
from nipas_admin.shared.records import saved
from operations.models import PocketCardOrder


@transaction.atomic
def send_orders(*, orders: Iterable[PocketCardOrder], on: date) -> list[PocketCardOrder]:
    """The cards of these orders were sent on the day: all of them, or none. Returns them, the oldest order first.

    Raises ValidationError for a day before one of them was ordered, and for one that was sent already.
    """
    rows = PocketCardOrder.objects.select_for_update(of=("self",)).filter(pk__in=[order.pk for order in orders])
    sent = list(rows.select_related("agency").order_by("ordered_on", "pk"))
    if not sent:
        raise ValidationError("Choose the orders that were sent.")
    for row in sent:
        if row.sent_on is not None:
            raise ValidationError(f"{row}: sent on {in_words(row.sent_on)} already. Nothing was recorded.")
        if on < row.ordered_on:
            said = f"{row.agency} ordered on {in_words(row.ordered_on)}: cards are sent on that day or later."
            raise ValidationError({"on": said})
        row.sent_on = on
        saved(row)
    return sent


@transaction.atomic
def take_back_sending(*, order: PocketCardOrder, because: str) -> PocketCardOrder:
    """These cards were not sent after all: the order waits again; why is kept in its history."""
    locked = PocketCardOrder.objects.select_for_update(of=("self",)).select_related("agency")
    row: PocketCardOrder = locked.get(pk=order.pk)
    if row.sent_on is None:
        raise ValidationError("These cards were not sent yet: there is nothing to take back.")
    if not because.strip():
        raise ValidationError({"because": "Say why, for whoever looks for the cards."})
    was, row.sent_on = row.sent_on, None
    return saved(row, reason=f"Not sent on {in_words(was)} after all: {because.strip()}")
