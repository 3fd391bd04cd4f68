"""How numbers and states of invoices and of requests for costs look, the same on every page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from finance.models import CostRequest
from finance.rules.receivables import OPEN, InvoiceState, days_past_due
from nipas_admin.shared.badges import badge
from nipas_admin.shared.dated import in_words


def in_one_line(text: str) -> SafeString:
    """A number or a day that is never broken at its hyphen or blank."""
    return format_html('<span class="day">{}</span>', text)


LOOKS = {
    InvoiceState.NOT_YET: "prospect",
    InvoiceState.ISSUED: "open",
    InvoiceState.PARTLY_PAID: "notice_pending",
    InvoiceState.PAID: "done",
    InvoiceState.VOID: "ended",
}


def state_of(invoice: Any, day: date) -> tuple[str, str]:
    """The look and the words of where an invoice stands; ``state`` is as the queryset annotated it for the day."""
    state = InvoiceState(invoice.state)
    if state is InvoiceState.NOT_YET:
        return LOOKS[state], f"From {in_words(invoice.issued_on)}"
    late = days_past_due(invoice.due_on, day) if state in OPEN else 0
    if not late:
        return LOOKS[state], state.label
    past = f"{late} {'day' if late == 1 else 'days'} past due"
    return "overdue", f"Partly paid, {past}" if state is InvoiceState.PARTLY_PAID else past.capitalize()


def state_badge(invoice: Any, day: date) -> SafeString:
    """The badge of where an invoice stands on the day."""
    return badge(*state_of(invoice, day))


def costs_state(request: CostRequest) -> tuple[str, str]:
    """The look and the words of where a request for costs stands."""
    if request.decided_on is None:
        return "open", "Waits for the decision"
    if not request.granted:
        return "closed", "Nothing granted"
    if request.paid_on is not None:
        return "done", "Paid"
    return "notice_pending", "Granted" if request.granted == request.amount else "Granted in part"
