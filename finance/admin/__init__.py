"""The screens of the Treasurer's room."""

from finance.admin import invoices, rates, runs, years

__all__ = ["invoices", "rates", "runs", "years"]
