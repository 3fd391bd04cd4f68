"""The screens of the Treasurer's room."""

from finance.admin import (
    bank,
    belongings,
    deposits,
    disbursements,
    invoices,
    matters,
    payments,
    rates,
    reminders,
    runs,
    years,
)

__all__ = [
    "bank",
    "belongings",
    "deposits",
    "disbursements",
    "invoices",
    "matters",
    "payments",
    "rates",
    "reminders",
    "runs",
    "years",
]
