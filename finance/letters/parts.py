"""What the Treasurer's papers share: whom they are sent to, who signs, and how amounts are set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from board.letters.parts import officer
from board.rules.terms import Office
from finance.models import Invoice
from finance.rules.receivables import balance_on, paid_on
from membership.letters.notices import address_of
from membership.letters.parts import Signer
from membership.models import Agency, Official


def addressee(agency: Agency, day: date) -> tuple[str, ...]:
    """Whom the agency's money papers are sent to: its dues contact on the day, or its chief."""
    people = Official.objects.in_office_on(day).filter(agency=agency)
    by_capacity = {one.capacity: one for one in people.order_by("from_on", "pk")}
    one = by_capacity.get(Official.Capacity.DUES) or by_capacity.get(Official.Capacity.CHIEF)
    return address_of(agency, Signer("Finance Department", one.name if one else "", one.title if one else ""))


def e_mail_of(agency: Agency, day: date) -> str:
    """The address to which the agency's invoices are sent; empty where the register knows none."""
    people = Official.objects.in_office_on(day).filter(agency=agency).exclude(email="")
    by_capacity = {one.capacity: one.email for one in people.order_by("from_on", "pk")}
    dues, chief = by_capacity.get(Official.Capacity.DUES), by_capacity.get(Official.Capacity.CHIEF)
    return dues or chief or agency.email


def treasurer_on(day: date) -> Signer:
    """The Treasurer, who signs; without a name where the office is vacant."""
    return officer(Office.TREASURER, day)


@dataclass(frozen=True)
class Owed:
    """One invoice in a list: what it is, and what was paid and is open on the day, in US dollars."""

    reference: str
    what: str
    issued_on: date
    due_on: date
    total: Decimal
    paid: Decimal
    balance: Decimal
    past_due: bool


def owed(invoice: Invoice, day: date) -> Owed:
    """The invoice as it stands on the day."""
    bill = invoice.bill
    return Owed(
        invoice.reference, invoice.what, invoice.issued_on, invoice.due_on, invoice.total, paid_on(bill, day),
        balance_on(bill, day), invoice.due_on < day,
    )  # fmt: skip
