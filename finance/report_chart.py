"""Three years side by side as a picture: what came in, what went out, what was left."""

from __future__ import annotations

from decimal import Decimal

from django.utils.safestring import SafeString

from finance.services.report import TreasurersReport
from finance.services.report_lines import YearLine
from nipas_admin.shared import money
from nipas_admin.shared.bars import Group, bar_chart
from nipas_admin.shared.dated import in_words

KINDS = ("Receipts", "Disbursements", "Left in the funds")
TITLE = "Receipts, disbursements and what was left, three years"


def years_chart(report: TreasurersReport, name: str = "years", *, narrow: bool = False) -> SafeString:
    """The picture of the report's years, in whole dollars; ``narrow`` draws it for a phone, in thousands."""
    groups = [
        Group(named(line), [whole_dollars(one) for one in (line.receipts, line.disbursements, line.closing)])
        for line in report.years
    ]
    said = "; ".join(map(_said, report.years))
    return bar_chart(name, TITLE, f"{said}.", KINDS, groups, _thousands if narrow else _shown, narrow=narrow)


def named(line: YearLine) -> str:
    """The time of a year in short: ``1 May 2025 – 30 Apr 2026``, ``1 May – 20 Nov 2026``."""
    first, last = line.first, line.last
    if first.year == last.year:
        return f"{first.day} {first:%b} – {last.day} {last:%b %Y}"
    return f"{first.day} {first:%b %Y} – {last.day} {last:%b %Y}"


def whole_dollars(amount: Decimal | None) -> int | None:
    """The amount to the nearest dollar; None for None."""
    return None if amount is None else (money.to_cents(amount) + 50) // 100


def _shown(dollars: int) -> str:
    return f"{'−' if dollars < 0 else ''}${abs(dollars):,}"


def _thousands(dollars: int) -> str:
    return f"{'−' if dollars < 0 else ''}${(abs(dollars) + 500) // 1000:,}k"


def _said(line: YearLine) -> str:
    when = f"{in_words(line.first)} to {in_words(line.last)}"
    if line.receipts is None:
        return f"{when}: not in the register"
    figures = zip(KINDS, (line.receipts, line.disbursements, line.closing), strict=True)
    return f"{when}: {', '.join(f'{kind.lower()} {money.shown(amount)}' for kind, amount in figures)}"
