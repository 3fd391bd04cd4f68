"""The Treasurer's papers, each kind under the name by which documents knows it."""

from functools import partial

from documents.letters import LetterKind
from finance.letters import envelopes
from finance.letters.invoices import invoice, reminder, statement
from finance.letters.receipts import deposit_slip, receipt, voucher
from finance.letters.report import report
from finance.models import Deposit, Disbursement, FiscalYear, Invoice, Payment, Reminder
from membership.models import Agency

LEAVES = "finance/pdf/"
of_agency = partial(LetterKind, agency_path="agency")


def stands(payment: Payment) -> bool:
    """Is there something to give a receipt for?"""
    return payment.reversed_on is None


KINDS = (
    of_agency(
        "finance.invoice", "Invoice", Invoice, "finance.view_invoice", f"{LEAVES}invoice.html", invoice,
        envelope=envelopes.invoices,
    ),
    of_agency(
        "finance.reminder", "Reminder", Reminder, "finance.view_reminder", f"{LEAVES}reminder.html", reminder,
        envelope=envelopes.reminders,
    ),
    LetterKind(
        "finance.statement", "Statement", Agency, "finance.view_invoice", f"{LEAVES}statement.html", statement,
        agency_path="pk", envelope=envelopes.statements,
    ),
    of_agency(
        "finance.receipt", "Receipt", Payment, "finance.view_payment", f"{LEAVES}receipt.html", receipt, offered=stands,
        envelope=envelopes.receipts,
    ),
    LetterKind(
        "finance.deposit", "Deposit slip", Deposit, "finance.view_deposit", f"{LEAVES}deposit_slip.html", deposit_slip
    ),
    LetterKind(
        "finance.voucher", "Voucher", Disbursement, "finance.view_disbursement", f"{LEAVES}voucher.html", voucher
    ),
    LetterKind(
        "finance.report", "Treasurer's report", FiscalYear, "finance.view_fiscalyear", f"{LEAVES}report.html", report
    ),
)  # fmt: skip
