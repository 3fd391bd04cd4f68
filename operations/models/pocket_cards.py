"""Orders of pocket cards: which agency wants how many, and when they were sent. They are free."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from membership.models import Agency
from membership.models.fields import day
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.records import Record
from operations.querysets import PocketCardOrderQuerySet

CARDS_ON_A_SHEET = 10
KEPT = ("agency_id", "quantity", "ordered_on", "deliver_to", "sent_on", "note")
MOST = MaxValueValidator(2_000, "An order is for up to 2,000 cards; check the figure.")


class PocketCardOrder(Record):
    """So many pocket cards for the supervisors of one agency, free of charge."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="pocket_card_orders")
    quantity = models.PositiveIntegerField("cards", validators=[MinValueValidator(1, "Order at least one."), MOST])
    ordered_on = day("ordered on", required=True)
    deliver_to = models.CharField("send to", max_length=200, blank=True, help_text="A person or desk at the agency.")
    sent_on = day("sent on")
    note = models.TextField(blank=True)

    objects: ClassVar = PocketCardOrderQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["-ordered_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1), name="pocket_card_order_at_least_one",
                violation_error_message="Order at least one.",
            ),
            models.CheckConstraint(
                condition=models.Q(sent_on__isnull=True) | models.Q(sent_on__gte=models.F("ordered_on")),
                name="pocket_card_order_sent_after_ordered",
                violation_error_message="Cards are sent on the day they were ordered, or later.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        cards = "pocket card" if self.quantity == 1 else "pocket cards"
        return f"{self.quantity} {cards} for {self.agency}, ordered {in_words(self.ordered_on)}"

    def clean(self) -> None:
        """What was sent stays as it was; a mistaken "sent" is taken back, and nothing else with it."""
        was = type(self).objects.filter(pk=self.pk, sent_on__isnull=False).first() if self.pk else None
        changed = [name for name in KEPT if was is not None and getattr(was, name) != getattr(self, name)]
        if changed and (changed != ["sent_on"] or self.sent_on is not None):
            raise ValidationError(
                "These cards were sent, and an order that was sent stays as it is: take the sending back first, or add "
                "another order."
            )

    @property
    def sheets(self) -> int:
        """So many sheets of ten cards are printed for it; the last one may be more than it takes."""
        return -(-self.quantity // CARDS_ON_A_SHEET)
