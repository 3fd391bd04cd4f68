"""The Treasurer's report as one table: a figure to a row, for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from finance.services.report import TreasurersReport
from finance.services.report_lines import Flow

HEADINGS = ("Part", "Line", "Fund", "Amount", "Note")
Row = tuple[str, str, str, Any, str]


def rows_of(report: TreasurersReport) -> Iterator[Row]:
    """Every figure of the report, part by part, and whether they agree."""
    for line in report.funds:
        yield "Funds", "Opening balance", line.fund, line.opening, ""
        yield "Funds", "Receipts", line.fund, line.receipts, ""
        yield "Funds", "Disbursements", line.fund, line.disbursements, ""
        yield "Funds", "Closing balance", line.fund, line.closing, ""
    yield from _flow("Receipts", report.receipts)
    yield from _flow("Disbursements", report.disbursements)
    after, owed = report.books.after, report.books.receivable
    for name, amount in report.banks:
        yield "Cash", name, "", amount, ""
    yield "Cash", "Not deposited yet", "", after.undeposited, ""
    yield "Cash", "Credits held for agencies", "", after.credits, ""
    for part in report.budget.parts if report.budget else ():
        for one in part.lines:
            name = f"{part.side.value.capitalize()}: {one.category}"
            yield "Budget", name, one.fund, one.figures.budget, f"{report.budget.year}, budget" if report.budget else ""
            yield "Budget", name, one.fund, one.figures.actual, "Actual"
    for name, amount in (
        ("Opening", owed.opening), ("Invoiced", owed.invoiced), ("Voided", -owed.voided), ("Applied", -owed.applied),
        ("Undone", owed.undone), ("Closing", owed.closing),
    ):  # fmt: skip
        yield "Receivable", name, "", amount, ""
    for bucket, amount in owed.aging.items():
        yield "Aging", bucket.label, "", amount, ""
    for debtor in report.debtors:
        yield "Owes", debtor.agency, "", debtor.owed, f"{debtor.region}; {debtor.letters} letters"
    for spent in report.spent:
        yield "Paid out", f"{spent.reference}, {spent.payee}", spent.fund, spent.amount, spent.step
    for out in report.outstanding:
        yield "Outstanding", f"{out.number}, {out.payee}", out.fund, out.amount, ""
    for check in report.checks:
        said = "; ".join(fact.text for fact in check.because)
        yield "Checks", "Agrees" if check.value else "Differs", "", "", said


def _flow(part: str, flow: Flow) -> Iterator[Row]:
    for line in flow.lines:
        for fund, amount in zip(flow.funds, line.by_fund, strict=True):
            if amount:
                yield part, line.category, fund, amount, ""
