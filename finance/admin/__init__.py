"""The screens of the Treasurer's room."""

from finance.admin import (
    bank,
    deposits,
    disbursements,
    invoices,
    matters,
    payments,
    property,
    rates,
    reminders,
    runs,
    years,
)

__all__ = [
    "bank",
    "deposits",
    "disbursements",
    "invoices",
    "matters",
    "payments",
    "property",
    "rates",
    "reminders",
    "runs",
    "years",
]
