"""When an operational plan is due for review or test. The agreement asks for it; the interval is the Board's choice."""

from __future__ import annotations

from datetime import date

from board.rules.seats import months_after
from nipas_admin.shared.citations import AGREEMENT, BYLAWS, cites
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact, Finding

CLAUSES = (AGREEMENT.at("3.I"), BYLAWS.at("IV", 9))


@cites(*CLAUSES)
def next_review(adopted_on: date, last_done_on: date | None, months: int, set_for: date | None) -> Finding[date]:
    """The day of the next review or test: the day set for it, else so many months after the last, or the adoption."""
    if set_for is not None:
        return Finding(set_for, (Fact(f"set for {in_words(set_for)}", set_for, citations=CLAUSES),))
    start = last_done_on or adopted_on
    what = "last reviewed or tested" if last_done_on else "adopted"
    due = months_after(start, months)
    text = f"{what} on {in_words(start)}; every {months} months: {in_words(due)}"
    return Finding(due, (Fact(text, due, citations=CLAUSES),))
