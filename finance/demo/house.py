"""What the Board of the demonstration set: bank, funds, rates, policies, budget; each from its day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from board.models import Motion
from finance.models import (
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
from finance.services import fund_of, general_fund
from membership.demo.clerk import keep
from membership.models import SpecializedTeam

BEGINS = date(2017, 5, 1)
BINDER = "Demonstration: the treasurer's binder"
# Charge, team, dollars, from, what else.
RATES: tuple[tuple[str, str, str, date, dict[str, Any]], ...] = (
    ("joining", "", "600.00", BEGINS, {}),
    ("annual", "", "400.00", BEGINS, {}),
    ("annual", "", "450.00", date(2021, 5, 1), {}),
    ("annual", "", "900.00", date(2024, 5, 1), {"most_officers": 30}),
    ("annual", "", "1200.00", date(2024, 5, 1), {"least_officers": 31}),
    ("team", "PRT", "700.00", BEGINS, {}),
    ("team", "PRT", "850.00", date(2022, 5, 1), {}),
    ("team_start", "PRT", "4500.00", BEGINS, {}),
    ("team", "CMT", "180.00", BEGINS, {"basis": "officer"}),
    ("team_start", "CMT", "2250.00", BEGINS, {}),
)
OPENING = {"General fund": "64210.55", "PRT": "31400.00", "CMT": "12875.25"}
# Category, and the share of a year's income of the fund that is budgeted for it, in hundredths.
BUDGET = {
    "general": {"Administration": 24, "Insurance and bonds": 18, "Training": 20, "Equipment": 16, "Meetings": 7,
                "Professional services": 8},
    "team": {"Equipment": 45, "Training": 35, "Vehicles": 15},
}  # fmt: skip


@dataclass(frozen=True)
class House:
    """What the stories need at hand."""

    bank: Institution
    teams: dict[str, SpecializedTeam]
    funds: dict[str, Fund]
    categories: dict[str, Category]
    pay: Motion


def house() -> House:
    """Write what the Board set."""
    bank = keep(Institution(name="Fox Valley Credit Union", account="7731", approved_on=BEGINS))
    keep(Institution(name="Farmers Bank of Bellhaven", account="0415", approved_on=BEGINS, until_on=date(2022, 5, 1)))
    teams = {team.short_name: team for team in SpecializedTeam.objects.all()}
    funds = {"General fund": general_fund(), **{name: fund_of(team) for name, team in teams.items()}}
    for name, amount in OPENING.items():
        keep(
            OpeningBalance(
                fund=funds[name], institution=bank, on=BEGINS, amount=Decimal(amount),
                source="Demonstration: the bank statement of 30 April 2017",
            )
        )  # fmt: skip
    dues, pay = _motion("dues", date(2024, 6, 11)), Motion.objects.get(kind="compensation")
    for charge, team, amount, from_on, more in RATES:
        keep(
            Rate(
                charge=charge, team=teams.get(team), amount=Decimal(amount), from_on=from_on, source=BINDER,
                motion=dues if from_on == date(2024, 5, 1) else None, **more,
            )
        )  # fmt: skip
    keep(DuesPolicy(from_on=BEGINS, source=BINDER))
    keep(DuesPolicy(from_on=date(2024, 5, 1), first_year="by_month", source=BINDER))
    keep(DisbursementPolicy(title="Policy of the treasurer's binder", from_on=BEGINS, source=BINDER))
    keep(
        DisbursementPolicy(
            title="Two quotes above $2,500", from_on=date(2023, 11, 14),
            motion=_motion("disbursement_policy", date(2023, 11, 14)),
            text="No disbursement above $2,500 is approved without two quotes.",
        )
    )  # fmt: skip
    return House(bank, teams, funds, {row.name: row for row in Category.objects.all()}, pay)


def _motion(kind: str, on: date) -> Motion:
    found: Motion = Motion.objects.get(kind=kind, meeting__starts_at__date=on)
    return found


def budget(of: House, year: FiscalYear, income: dict[str, Decimal]) -> None:
    """The year's budget: what comes in as last asked, and what goes out, in whole tens of dollars."""
    lines = []
    for name, fund in of.funds.items():
        receipts = "Annual dues" if name == "General fund" else "Team fees"
        plan = {receipts: income[name]} if income[name] else {}
        shares = BUDGET["general" if name == "General fund" else "team"]
        plan |= {category: income[name] * share // 1000 * 10 for category, share in shares.items() if income[name]}
        lines += [
            BudgetLine(fiscal_year=year, fund=fund, category=of.categories[category], amount=amount)
            for category, amount in plan.items()
            if amount
        ]
    BudgetLine.objects.bulk_create_with_history(lines)
