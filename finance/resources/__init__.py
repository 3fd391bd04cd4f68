"""Tables of the Treasurer's books, in and out: what the admin's import and export and the commands use."""

from finance.resources.deposits import (
    AllocationResource,
    BankLineResource,
    BankStatementResource,
    DepositResource,
)
from finance.resources.invoices import InvoiceResource, InvoiceRunResource, ReminderResource
from finance.resources.matters import ClaimResource, CostRequestResource, PropertyItemResource
from finance.resources.payments import PaymentResource
from finance.resources.spending import DisbursementResource
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
    "AllocationResource",
    "BankLineResource",
    "BankStatementResource",
    "BudgetLineResource",
    "CategoryResource",
    "ClaimResource",
    "CostRequestResource",
    "DepositResource",
    "DisbursementPolicyResource",
    "DisbursementResource",
    "DuesPolicyResource",
    "FiscalYearResource",
    "FundResource",
    "InstitutionResource",
    "InvoiceResource",
    "InvoiceRunResource",
    "OpeningBalanceResource",
    "PaymentResource",
    "PropertyItemResource",
    "RateResource",
    "ReminderResource",
]
