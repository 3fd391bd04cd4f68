"""The records of the Treasurer's books."""

from finance.models.invoices import Invoice, InvoiceLine, InvoiceRun, Reminder, ReminderItem, RunItem
from finance.models.matters import Claim, ClaimCost, CostRequest, Custody, PropertyItem
from finance.models.payments import Allocation, BankLine, BankStatement, Deposit, Payment
from finance.models.spending import (
    Disbursement,
    DisbursementApproval,
    DisbursementPayment,
    DisbursementReport,
    DisbursementReview,
)
from finance.models.years import (
    BudgetLine,
    Category,
    DisbursementPolicy,
    DuesPolicy,
    FiscalYear,
    Fund,
    Institution,
    OpeningBalance,
    Rate,
)

__all__ = [
    "Allocation",
    "BankLine",
    "BankStatement",
    "BudgetLine",
    "Category",
    "Claim",
    "ClaimCost",
    "CostRequest",
    "Custody",
    "Deposit",
    "Disbursement",
    "DisbursementApproval",
    "DisbursementPayment",
    "DisbursementPolicy",
    "DisbursementReport",
    "DisbursementReview",
    "DuesPolicy",
    "FiscalYear",
    "Fund",
    "Institution",
    "Invoice",
    "InvoiceLine",
    "InvoiceRun",
    "OpeningBalance",
    "Payment",
    "PropertyItem",
    "Rate",
    "Reminder",
    "ReminderItem",
    "RunItem",
]
