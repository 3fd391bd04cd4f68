"""How the Treasurer's papers go by e-mail: to whom, and what the mail says."""

from __future__ import annotations

from datetime import date

from documents.body import body
from documents.letters import Envelope
from finance.letters.parts import e_mail_of, treasurer_on
from finance.models import Invoice, Payment, Reminder
from membership.models import Agency
from nipas_admin.shared.dated import in_words


def invoices(row: Invoice, day: date) -> Envelope:
    """Invoices of one day to one agency travel together."""
    return Envelope(
        e_mail_of(row.agency, day),
        f"finance.invoice:{row.issued_on.isoformat()}",
        f"{body().short_name}: invoices of {in_words(row.issued_on)}, due {in_words(row.due_on)}",
        _said(day, f"Attached is what {body().name} asks of {row.agency} for {row.fiscal_year}."),
    )


def reminders(row: Reminder, day: date) -> Envelope:
    """A reminder goes alone."""
    return Envelope(
        e_mail_of(row.agency, day), f"finance.reminder:{row.pk}", f"{body().short_name}: reminder of what is past due",
        _said(day, f"Attached is a reminder of what is past due from {row.agency}."),
    )  # fmt: skip


def statements(agency: Agency, day: date) -> Envelope:
    """The statement of one day."""
    return Envelope(
        e_mail_of(agency, day), f"finance.statement:{day.isoformat()}",
        f"{body().short_name}: statement of {in_words(day)}",
        _said(day, f"Attached is the statement of {agency} as of {in_words(day)}."),
    )  # fmt: skip


def receipts(row: Payment, day: date) -> Envelope:
    """A receipt goes to the agency that paid; other payers have no address here."""
    return Envelope(
        e_mail_of(row.agency, day) if row.agency else "", f"finance.receipt:{row.pk}",
        f"{body().short_name}: receipt {row.reference}",
        _said(day, f"Attached is the receipt for what {row.payer} paid on {in_words(row.received_on)}. Thank you."),
    )  # fmt: skip


def _said(day: date, text: str) -> str:
    treasurer = treasurer_on(day)
    signed = "\n".join(part for part in (treasurer.name, "Treasurer", body().name) if part)
    return f"{text}\n\nPlease answer this mail if anything is not right.\n\n{signed}\n"
