"""Small records for tests of the books: fixed days, one line each. Agencies come from tests.board.factories."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from finance import services
from finance.models import (
    Allocation,
    Category,
    DisbursementPolicy,
    FiscalYear,
    Fund,
    Institution,
    Invoice,
    InvoiceRun,
    Payment,
    Rate,
)
from finance.rules.dues import Charge, Line
from finance.rules.years import Year
from membership.models import Agency, Participation, SpecializedTeam, TeamParticipation
from nipas_admin.accounts.models import User
from tests.board import factories as board

CHICAGO = ZoneInfo("America/Chicago")
FIRST_OF_MAY = date(2026, 5, 1)
DUE = date(2026, 5, 31)
NOON = datetime(2026, 5, 1, 12, tzinfo=CHICAGO)
_numbers = count(1)


def person(name: str = "treasurer") -> User:
    """Somebody who signs in."""
    known = User.objects.filter(username=name).first()
    return known or User.objects.create_user(username=name, password=None)


def year(first: int = 2026) -> FiscalYear:
    """The fiscal year that begins on 1 May of this calendar year, open."""
    days = Year(date(first, 5, 1), date(first + 1, 5, 1))
    return services.open_year(day=days.starts_on, by_hand=days, source="Test")


def rate(amount: str, charge: str = "annual", from_on: date = date(2020, 5, 1), **more: Any) -> Rate:
    """A rate of so many dollars."""
    row = Rate(charge=charge, amount=Decimal(amount), from_on=from_on, source="Test", **more)
    row.full_clean()
    row.save()
    return row


def team(short_name: str = "EST") -> SpecializedTeam:
    """A Specialized Team."""
    known = SpecializedTeam.objects.filter(short_name=short_name).first()
    return known or SpecializedTeam.objects.create(name=f"Team {short_name}", short_name=short_name)


def invoice(of: Agency, amount: str = "500.00", on: date = FIRST_OF_MAY, due: date = DUE, **more: Any) -> Invoice:
    """An invoice of one line, of kind “other” unless ``charge`` says what for; its fiscal year must be open."""
    dollars = Decimal(amount)
    line = Line(Charge.ANNUAL, "Dues", dollars, 1, dollars)
    return services.issue_invoice(
        agency=of, charge=more.pop("charge", "other"), lines=[line], issued_on=on, due_on=due, **more
    )


def payment(amount: str = "500.00", on: date = FIRST_OF_MAY, **more: Any) -> Payment:
    """A check received, with a number of its own."""
    values: dict[str, Any] = {"payer": "Village", "check_number": f"{next(_numbers)}", "by": person(), **more}
    return services.receive_payment(received_on=on, amount=Decimal(amount), **values)


def bank(name: str = "First Bank of Bellhaven", on: date = date(2020, 1, 6)) -> Institution:
    """A financial institution that the Board approved."""
    return Institution.objects.get_or_create(name=name, defaults={"approved_on": on})[0]


def fund() -> Fund:
    """The general fund."""
    return services.general_fund()


def category(name: str = "Training") -> Category:
    """One of the categories that are there from the start."""
    return Category.objects.get(name=name)


def policy(from_on: date = date(2020, 5, 1)) -> DisbursementPolicy:
    """The Board's disbursement policy."""
    return DisbursementPolicy.objects.get_or_create(from_on=from_on, defaults={"title": "Disbursement policy"})[0]


def of_dues(of: Agency, amount: str = "500.00", on: date = FIRST_OF_MAY, due: date = DUE) -> Invoice:
    """Annual dues, invoiced by hand."""
    return invoice(of, amount, on, due, charge="annual")


def applied(to: Payment, of: Invoice, amount: str, on: date = FIRST_OF_MAY) -> Allocation:
    """A part of the payment, applied to the invoice."""
    return services.apply_payment(payment=to, pays={of: Decimal(amount)}, on=on)[0]


def undone(of: Allocation, on: date = DUE, because: str = "Wrong invoice") -> Allocation:
    """Taken off again."""
    return services.undo_allocation(allocation=of, on=on, because=because)


def bounced(of: Payment, on: date = DUE) -> Payment:
    """Returned by the bank."""
    return services.reverse_payment(payment=of, on=on, reversal="bounced")


def run(of: FiscalYear, as_on: date = FIRST_OF_MAY, **more: Any) -> InvoiceRun:
    """The preview of a run."""
    return services.prepare_run(year=of, as_on=as_on, at=NOON, by=person(), **more)


def confirmed(of: InvoiceRun) -> InvoiceRun:
    """Confirmed as seen."""
    return services.confirm_run(run=of, at=NOON, by=person())


def carried_out(of: InvoiceRun) -> InvoiceRun:
    """Confirmed unless it was, and made to the end."""
    of = of if of.confirmed_at else confirmed(of)
    list(services.carry_out_run(of, NOON))
    of.refresh_from_db()
    return of


def closed(of: FiscalYear) -> FiscalYear:
    """Closed for good."""
    return services.close_year(year=of, at=NOON, by=person())


def applicant(agreed_on: date = FIRST_OF_MAY) -> Participation:
    """An agency whose agreement is in force from this day, and which waits only for its joining dues."""
    stint = Participation.objects.get(agency=board.agency(agreed_on))
    stint.dues_paid_on = None
    stint.save()
    return stint


def in_team(of: Agency, the_team: SpecializedTeam, officers: int | None = 2, since: date = date(2020, 1, 6)) -> None:
    """A place in a team."""
    TeamParticipation.objects.create(
        participation=board.stint(of), team=the_team, officers_committed=officers, elected_on=since
    )
