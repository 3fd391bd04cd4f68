"""What the start page says of the money: what is open, what waits for the Treasurer, what is coming up."""

from __future__ import annotations

from nipas_admin.shared.startpage import Provider


class FinanceStart(Provider):
    """Dues, invoices and what is past due."""
