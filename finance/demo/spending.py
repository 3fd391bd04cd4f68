"""The disbursements of the demonstration: every year the same kinds, each through its steps (Bylaws Art. X)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from board.demo.board2023 import MANAGER
from board.models import Meeting
from finance.demo.house import House
from finance.demo.people import People
from finance.models import (
    Disbursement,
    DisbursementApproval,
    DisbursementPayment,
    DisbursementPolicy,
    DisbursementReport,
    DisbursementReview,
    FiscalYear,
)
from membership.demo.clerk import REASON

# Fund, category, payee, purpose, dollars in the first year, month and day.
YEARLY = (
    (
        "General fund",
        "Insurance and bonds",
        "Prairie States Insurance",
        "Liability policy and bonds",
        "6120.00",
        (6, 5),
    ),
    (
        "General fund",
        "Administration",
        "Bellhaven Office Services",
        "Office, telephone and postage",
        "4310.40",
        (7, 12),
    ),
    ("General fund", "Training", "Northern Police Academy", "Command training, two days", "5850.00", (9, 20)),
    ("General fund", "Meetings", "Prairie Hall", "Hall of the annual meeting", "1275.00", (4, 9)),
    ("General fund", "Equipment", "Signal & Radio Supply", "Radio batteries and chargers", "3940.75", (11, 3)),
    ("PRT", "Equipment", "Midland Protective", "Helmets and plates", "2460.00", (10, 8)),
    ("PRT", "Training", "Northern Police Academy", "Range days", "1900.00", (2, 17)),
    ("CMT", "Training", "Northern Police Academy", "Formation training", "1980.00", (3, 11)),
)
# Since the dues of 2024 the manager is paid and a truck is leased.
SINCE = date(2024, 5, 1)
HALF = Decimal("14400.00")


@dataclass(frozen=True)
class Bought:
    """One disbursement of a year, paid. ``pay``: it is compensation, which the Board approved (Bylaws Art. IX §2)."""

    fund: str
    category: str
    payee: str
    purpose: str
    amount: Decimal
    on: date
    pay: bool = False


def bought_in(year: FiscalYear) -> Iterator[Bought]:
    """What was bought in a year: a little dearer each year."""
    grown = year.starts_on.year - 2017
    for fund, category, payee, purpose, amount, (month, day) in YEARLY:
        on = date(year.starts_on.year + (month < 5), month, day)
        dearer = Decimal(amount) + Decimal("37.25") * grown
        yield Bought(fund, category, payee, purpose, dearer, on)
    if year.starts_on >= SINCE:
        for month in (8, 11):
            on = date(year.starts_on.year, month, 6)
            yield Bought("General fund", "Professional services", MANAGER, "Half a year's services", HALF, on, pay=True)
        on = date(year.starts_on.year, 9, 3)
        yield Bought(
            "General fund", "Vehicles", "Fox Valley Leasing", "Lease of the equipment truck", Decimal("4850.00"), on
        )


def spend(house: House, who: People, year: FiscalYear, until: date, checks: Iterator[int]) -> None:
    """Ask for, review, approve, pay and report what was bought in the year by the day, in one go."""
    wanted = [one for one in bought_in(year) if one.on < until]
    wanted.sort(key=lambda one: one.on)
    policies: list[DisbursementPolicy] = list(DisbursementPolicy.objects.order_by("from_on"))

    def policy(day: date) -> DisbursementPolicy:
        return next(one for one in reversed(policies) if one.from_on <= day)

    asked = Disbursement.objects.bulk_create_with_history(
        [
            Disbursement(
                fiscal_year=year, number=number, payee=one.payee, purpose=one.purpose, amount=one.amount,
                fund=house.funds[one.fund], category=house.categories[one.category],
                nature="compensation" if one.pay else "purchase", motion=house.pay if one.pay else None,
                requested_by=who.asks(one.fund),
                requested_on=one.on - timedelta(days=12),
            )
            for number, one in enumerate(wanted, 1)
        ],
        REASON,
    )  # fmt: skip
    year.disbursements_drawn = len(asked)
    FiscalYear.objects.filter(pk=year.pk).update_with_history(reason=REASON, disbursements_drawn=len(asked))
    reviews = DisbursementReview.objects.bulk_create_with_history(
        [
            DisbursementReview(
                disbursement=row, by=who.reviews(one.fund)[0], capacity=who.reviews(one.fund)[1],
                requester=row.requested_by,
                on=one.on - timedelta(days=7), policy=policy(one.on - timedelta(days=7)),
            )
            for row, one in zip(asked, wanted, strict=True)
        ],
        REASON,
    )  # fmt: skip
    approvals = DisbursementApproval.objects.bulk_create_with_history(
        [
            DisbursementApproval(
                review=row, by=who.treasurer, reviewer=row.by, on=one.on - timedelta(days=2),
                policy=policy(one.on - timedelta(days=2)),
            )
            for row, one in zip(reviews, wanted, strict=True)
        ],
        REASON,
    )  # fmt: skip
    paid = DisbursementPayment.objects.bulk_create_with_history(
        [
            DisbursementPayment(
                approval=row, institution=house.bank, paid_on=one.on,
                check_number=str(next(checks)), amount=one.amount, signed_by=who.treasurer,
            )
            for row, one in zip(approvals, wanted, strict=True)
        ],
        REASON,
    )  # fmt: skip
    _report(who, paid, policy)


def _report(who: People, paid: list[DisbursementPayment], policy: Callable[[date], DisbursementPolicy]) -> None:
    """Each to the first meeting of the Board after it; the last ones wait for a meeting."""
    meetings = list(Meeting.objects.filter(kind="board", adjourned_at__isnull=False).order_by("starts_at"))
    reports = []
    for row in paid:
        meeting = next((one for one in meetings if one.on >= row.paid_on), None)
        if meeting is not None:
            reports.append(
                DisbursementReport(
                    payment=row, meeting=meeting, on=meeting.on, by=who.treasurer,
                    policy=policy(meeting.on),
                )
            )  # fmt: skip
    DisbursementReport.objects.bulk_create_with_history(reports, REASON)
