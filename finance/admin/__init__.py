"""The screens of the Treasurer's room."""

from finance.admin import rates, years

__all__ = ["rates", "years"]
