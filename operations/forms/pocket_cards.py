"""An order of pocket cards, and the acts on it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError

from nipas_admin.shared.acts import ActForm, day
from nipas_admin.shared.choosing import SeveralRecords
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.forms import RecordForm
from operations import services
from operations.models import PocketCardOrder


class OrderForm(RecordForm):
    """An order. Its page says which day is ``today``."""

    today: date

    class Meta:
        model = PocketCardOrder
        fields = ["agency", "quantity", "ordered_on", "deliver_to", "note"]

    def clean_ordered_on(self) -> date:
        """Nobody ordered tomorrow."""
        ordered_on: date = self.cleaned_data["ordered_on"]
        if ordered_on > self.today:
            raise ValidationError(f"{in_words(ordered_on)} is still to come: give the day on which it was ordered.")
        return ordered_on


class SendForm(ActForm):
    """The cards are sent."""

    slug = "send"
    label = "Record as sent"
    permission = "operations.change_pocketcardorder"
    intro = "The cards are on their way to the agency, free of charge. An order that is sent stays as it is."
    on = day("Sent on")

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.initial.setdefault("on", today)

    @classmethod
    def applies_to(cls, subject: PocketCardOrder) -> bool:
        """While it waits."""
        return subject.sent_on is None

    def clean_on(self) -> date:
        """They are sent, not going to be."""
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise ValidationError(f"{in_words(on)} is still to come: record it on the day they are sent.")
        return on

    def act(self) -> PocketCardOrder:
        """Record it."""
        return services.send_orders(orders=[self.subject], on=self.cleaned_data["on"])[0]

    def said(self, record: PocketCardOrder) -> str:
        """That they are sent."""
        return f"{record}: sent on {in_words(record.sent_on)}."


class SendSeveralForm(SendForm):
    """Several orders are sent at once; those chosen in the list are ticked."""

    label = "Record orders as sent"
    intro = "Tick what is on its way, free of charge. An order that is sent stays as it is."
    orders = SeveralRecords(
        queryset=PocketCardOrder.objects.none(), label="Orders that wait", widget=forms.CheckboxSelectMultiple(),
        error_messages={
            "required": "Tick the orders that were sent.",
            "invalid_choice": "One of these orders was sent meanwhile. Look at what is left.",
        },
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        orders: Any = self.fields["orders"]
        orders.queryset = PocketCardOrder.objects.waiting().select_related("agency").order_by("ordered_on", "pk")

    def act(self) -> PocketCardOrder:
        """Record them."""
        sent = services.send_orders(orders=self.cleaned_data["orders"], on=self.cleaned_data["on"])
        return sent[0]

    def said(self, record: PocketCardOrder) -> str:
        """How many."""
        orders = self.cleaned_data["orders"]
        cards = sum(order.quantity for order in orders)
        return f"{len(orders)} {'order' if len(orders) == 1 else 'orders'} sent: {cards:,} pocket cards."


class TakeBackSendingForm(ActForm):
    """They were not sent after all."""

    slug = "not-sent"
    label = "Take back “sent”"
    permission = "operations.change_pocketcardorder"
    intro = "For an order that was recorded as sent by mistake: it waits again. Why is kept in its history."
    because = forms.CharField(
        label="Because", max_length=200, widget=AdminTextInputWidget(),
        help_text="For example: the parcel of another agency was meant.",
    )  # fmt: skip

    @classmethod
    def applies_to(cls, subject: PocketCardOrder) -> bool:
        """Once it is sent."""
        return subject.sent_on is not None

    def act(self) -> PocketCardOrder:
        """Take it back."""
        return services.take_back_sending(order=self.subject, because=self.cleaned_data["because"])

    def said(self, record: PocketCardOrder) -> str:
        """That it waits."""
        return f"{record}: waits again."
