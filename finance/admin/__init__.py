"""The screens of the Treasurer's room."""

from finance.admin import bank, deposits, invoices, payments, rates, reminders, runs, years

__all__ = ["bank", "deposits", "invoices", "payments", "rates", "reminders", "runs", "years"]
