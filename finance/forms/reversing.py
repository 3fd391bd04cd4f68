"""What was booked wrongly or did not hold: a part undone, a payment reversed. Nothing is edited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from finance import services
from finance.forms.acts import TreasurersAct, words
from finance.forms.applying import not_ahead, open_for_postings
from finance.models import Allocation, Payment
from finance.rules.dues import Charge
from finance.rules.receivables import CUSTODY
from nipas_admin.shared import money
from nipas_admin.shared.acts import Effect, day
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact, Finding


class UndoForm(TreasurersAct):
    """A part of a payment is taken off an invoice: it is credit again."""

    slug = "undo"
    label = "Undo a part"
    permission = "finance.add_allocation"
    previews = True
    intro = "What was applied to the wrong invoice is taken off it, with the reason. The money stays: it is credit."

    part = forms.ModelChoiceField(
        queryset=Allocation.objects.none(), label="Which part", empty_label=None, widget=forms.RadioSelect(),
        error_messages={"invalid_choice": "This part does not stand any more.", "required": "Choose the part."},
    )  # fmt: skip
    on = day("Undone on")
    because = words("Because")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        part: Any = self.fields["part"]
        part.queryset = standing_parts(self.subject)
        part.label_from_instance = said_of_part
        if not self.is_bound and len(found := list(part.queryset[:2])) == 1:
            self.initial.setdefault("part", found[0].pk)

    @classmethod
    def applies_to(cls, subject: Payment) -> bool:
        """While a part stands."""
        return subject.reversed_on is None and subject.allocations.standing().exists()

    def clean(self) -> dict[str, Any]:
        """Its year is open, the day has come."""
        cleaned = super().clean() or self.cleaned_data
        not_ahead(self, "on", self.now.date())
        open_for_postings(self, "on", "undoing what was applied")
        return cleaned

    def effect(self) -> Effect:
        """What is open again."""
        self.rehearse()
        part = self.cleaned_data["part"]
        finding = Finding(True, (Fact(said_of_part(part), part.on, citations=(CUSTODY,)),))
        happens = [f"{money.shown(part.amount)} is credit of {self.subject.agency or self.subject.payer} again"]
        return Effect(
            "May it be undone?", finding, self.cleaned_data["on"], [*open_again([part]), *happens], KEPT, "Yes"
        )

    def act(self) -> Payment:
        """Undo it."""
        data = self.cleaned_data
        services.undo_allocation(allocation=data["part"], on=data["on"], because=data["because"])
        payment: Payment = self.subject
        return payment

    def refuse(self, refusal: ValidationError) -> None:
        """A day before it was applied stands at the day."""
        super().refuse(_at_the_day(refusal, "undone_on"))

    def said(self, record: Payment) -> str:
        """What is credit again."""
        part = self.cleaned_data["part"]
        return f"{money.shown(part.amount)} is off {part.invoice.reference}, and credit again."


class ReverseForm(TreasurersAct):
    """A payment is reversed: the bank returned it, or it was entered by mistake."""

    slug = "reverse"
    label = "Reverse the payment"
    permission = "finance.add_payment"
    previews = True
    intro = "A payment is never edited or deleted. Reversed, it stays on record with the reason, and counts no more."

    reversal = forms.ChoiceField(
        label="Why", choices=Payment.Reversal.choices, widget=forms.RadioSelect(),
        error_messages={"required": "Say why it is reversed."},
    )  # fmt: skip
    on = day("Reversed on", "The day the bank returned it, or the mistake was seen. As 5/1/2026 or 2026-05-01.")
    because = words("What happened", "For example: returned for lack of funds.", required=False)

    @classmethod
    def applies_to(cls, subject: Payment) -> bool:
        """One that stands."""
        return subject.reversed_on is None

    def clean(self) -> dict[str, Any]:
        """Its year is open, the day has come."""
        cleaned = super().clean() or self.cleaned_data
        not_ahead(self, "on", self.now.date())
        open_for_postings(self, "on", "a reversal")
        return cleaned

    def effect(self) -> Effect:
        """Which invoices are open again, and what falls back with them."""
        parts = list(standing_parts(self.subject))
        left = services.left_of(self.subject)
        self.rehearse()
        fact = Fact(f"{self.subject} came in", self.subject.received_on, citations=(CUSTODY,))
        happens = list(open_again(parts))
        if left:
            happens.append(f"{money.shown(left)} of credit is gone")
        kept = [f"{self.subject.deposit} stays as it was made"] if self.subject.deposit else []
        on = self.cleaned_data["on"]
        return Effect("May it be reversed?", Finding(True, (fact,)), on, happens, [*KEPT, *kept], "Yes")

    def act(self) -> Payment:
        """Reverse it."""
        data = self.cleaned_data
        return services.reverse_payment(
            payment=self.subject, on=data["on"], reversal=data["reversal"], because=data["because"]
        )

    def refuse(self, refusal: ValidationError) -> None:
        """A day before it came in stands at the day."""
        super().refuse(_at_the_day(refusal, "reversed_on"))

    def said(self, record: Payment) -> str:
        """That it counts no more."""
        return f"{record.reference} is reversed. What it paid is open again."


KEPT = ("The payment, its scan and the reason stay on record", "The invoices keep their numbers and due dates")


def _at_the_day(refusal: ValidationError, name: str) -> ValidationError:
    """What the record refuses of its day, at the field of the form."""
    if hasattr(refusal, "error_dict") and name in refusal.error_dict:
        return ValidationError({"on": refusal.error_dict[name]})
    return refusal


def standing_parts(payment: Payment) -> QuerySet[Allocation]:
    """The parts of a payment that stand, with what their words need."""
    related = ("invoice__fiscal_year", "invoice__agency", "invoice__team", "invoice__participation")
    rows: QuerySet[Allocation] = payment.allocations.standing().select_related(*related)
    return rows


def said_of_part(part: Allocation) -> str:
    """``$500.00 on 2026-0014, Alder Police Department, since 4 May 2026``."""
    return f"{money.shown(part.amount)} on {part.invoice}, since {in_words(part.on)}"


def open_again(parts: Sequence[Allocation]) -> Iterator[str]:
    """What is open again without these parts, and whose participation then waits again."""
    for part in parts:
        invoice = part.invoice
        due = f"due {in_words(invoice.due_on)}"
        yield f"{invoice.reference} of {invoice.agency} is open again with {money.shown(part.amount)} more, {due}"
        stint = invoice.participation
        if invoice.charge == Charge.JOINING.value and stint is not None and stint.dues_paid_on is not None:
            yield (
                f"the joining dues of {invoice.agency} count as unpaid: its participation, which needs them, falls back"
                " to before they were paid (Bylaws Art. III §2.c.iv)"
            )
