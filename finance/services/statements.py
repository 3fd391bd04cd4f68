"""What the banks' statements show beside the books: which checks have not cleared, and whether the balances agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from finance.models import BankLine, BankStatement, DisbursementPayment, Institution
from finance.rules.books import REPORT
from finance.services.bank import compare
from nipas_admin.shared import money
from nipas_admin.shared.dated import day_before, in_words
from nipas_admin.shared.findings import Fact, Finding


@dataclass(frozen=True)
class Followed:
    """A bank whose statements are recorded: the first day of the first, and the first day after the last."""

    institution: Institution
    from_on: date
    until_on: date


def followed_on(day: date) -> list[Followed]:
    """The banks of which a statement that begins by the day is recorded, by name."""
    found: dict[int, Followed] = {}
    rows = BankStatement.objects.filter(from_on__lte=day).select_related("institution")
    for row in rows.order_by("institution__name", "from_on"):
        known = found.get(row.institution_id)
        start, end = (known.from_on, max(known.until_on, row.until_on)) if known else (row.from_on, row.until_on)
        found[row.institution_id] = Followed(row.institution, start, end)
    return list(found.values())


def outstanding_on(day: date, banks: list[Followed]) -> Any:
    """Checks and transfers of these banks that stand on the day and that no statement shows as cleared by then.

    What was paid before a bank's first statement, and shows on none, is taken to have cleared before it.
    """
    shown = Exists(BankLine.objects.filter(disbursement=OuterRef("pk")))
    followed = Q(pk__in=[])
    for bank in banks:
        followed |= Q(institution=bank.institution) & (Q(paid_on__gte=bank.from_on) | Q(shown))
    rows = DisbursementPayment.objects.outstanding_on(day).filter(followed)
    of = "approval__review__disbursement__fiscal_year"
    return rows.select_related("institution", of).order_by("paid_on", "check_number")


def bank_checks(first: date, until: date) -> Iterator[Finding[bool]]:
    """For each bank, whether the books agree with its last statement that ends in the time and names its balance.

    Lines that no document stands for and nobody explained do not agree, whatever they come to.
    """
    rows = BankStatement.objects.filter(until_on__gt=first, until_on__lte=until, closing__isnull=False)
    last = {row.institution_id: row for row in rows.select_related("institution").order_by("until_on", "pk")}
    for statement in sorted(last.values(), key=lambda row: row.institution.name):
        compared = compare(statement)
        if compared.agrees is None:
            continue
        facts = tuple(
            Fact(f"{statement.institution}: {fact.text}", citations=fact.citations) for fact in compared.agrees.because
        )
        waiting = money.total(one.moved.amount for one in compared.waiting)
        only_there = money.total(line.amount for line in compared.open_lines)
        facts += (
            Fact(
                f"the books {money.shown(compared.in_books)}, less {money.shown(waiting)} on no statement yet, with "
                f"{money.shown(only_there)} on a statement only, is {money.shown(compared.expected)}",
                citations=(REPORT,),
            ),
        )
        unexplained = [line for line in compared.open_lines if not line.is_matched]
        if unexplained:
            sum_ = money.shown(money.total(line.amount for line in unexplained))
            said = f"{statement.institution} on {in_words(day_before(statement.until_on))}: no document stands for"
            lines = "1 line" if len(unexplained) == 1 else f"{len(unexplained)} lines"
            facts += (Fact(f"{said} {lines} of its statements, {sum_} in all", citations=(REPORT,)),)
        yield Finding(bool(compared.agrees.value) and not unexplained, facts)
