"""Small records for tests of the books: fixed days, one line each. Agencies come from tests.board.factories."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from finance import services
from finance.models import (
    Category,
    DisbursementPolicy,
    FiscalYear,
    Fund,
    Institution,
    Invoice,
    Payment,
    Rate,
)
from finance.rules.dues import Charge, Line
from finance.rules.years import Year
from membership.models import Agency, SpecializedTeam
from nipas_admin.accounts.models import User

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
