"""Tables of the Treasurer's books, in and out: what the admin's import and export and the commands use."""

from finance.resources.invoices import InvoiceResource, InvoiceRunResource, ReminderResource
from finance.resources.payments import PaymentResource
from finance.resources.years import (
    BudgetLineResource,
    CategoryResource,
    DisbursementPolicyResource,
    DuesPolicyResource,
    FiscalYearResource,
    FundResource,
    InstitutionResource,
    OpeningBalanceResource,
    RateResource,
)

__all__ = [
    "BudgetLineResource",
    "CategoryResource",
    "DisbursementPolicyResource",
    "DuesPolicyResource",
    "FiscalYearResource",
    "FundResource",
    "InstitutionResource",
    "InvoiceResource",
    "InvoiceRunResource",
    "OpeningBalanceResource",
    "PaymentResource",
    "RateResource",
    "ReminderResource",
]
