"""What the Treasurer's room does: each act has one door here; screens, commands and letters call these."""

from finance.services.invoices import invoice_joining_dues, issue_invoice, joining_dues_of, void_invoice
from finance.services.payments import (
    PossibleDuplicate,
    apply_oldest_first,
    apply_payment,
    left_of,
    make_deposit,
    open_on,
    receive_payment,
    reverse_payment,
    undo_allocation,
)
from finance.services.runs import Plan, carry_out_run, changes_since, confirm_run, plan, prepare_run
from finance.services.standing import Debtor, credits_on, debtors_on, dues_check, send_reminder
from finance.services.years import (
    close_year,
    disbursement_policy_on,
    dues_policy_on,
    fund_of,
    general_fund,
    open_year,
    posting_year,
    year_of,
)

__all__ = [
    "Debtor",
    "Plan",
    "PossibleDuplicate",
    "apply_oldest_first",
    "apply_payment",
    "carry_out_run",
    "changes_since",
    "close_year",
    "confirm_run",
    "credits_on",
    "debtors_on",
    "disbursement_policy_on",
    "dues_check",
    "dues_policy_on",
    "fund_of",
    "general_fund",
    "invoice_joining_dues",
    "issue_invoice",
    "joining_dues_of",
    "left_of",
    "make_deposit",
    "open_on",
    "open_year",
    "plan",
    "posting_year",
    "prepare_run",
    "receive_payment",
    "reverse_payment",
    "send_reminder",
    "undo_allocation",
    "void_invoice",
    "year_of",
]
