"""When an operational plan is due for review or test."""

from __future__ import annotations

from datetime import date

import pytest

from board.rules.plans import next_review

ADOPTED = date(2024, 2, 29)

DUE = {
    "twelve months after the adoption, in a year without that day": (None, 12, None, date(2025, 2, 28), "adopted"),
    "six months after the last one": (date(2025, 8, 31), 6, None, date(2026, 2, 28), "last reviewed or tested"),
    "the day that was set, whatever the interval": (date(2025, 8, 31), 6, date(2025, 10, 1), date(2025, 10, 1), "set"),
}


@pytest.mark.parametrize(("last", "months", "set_for", "due", "because"), DUE.values(), ids=DUE)
def test_the_next_review_is_due(last, months, set_for, due, because):
    found = next_review(ADOPTED, last, months, set_for)

    assert found.value == due
    assert found.because[0].text.startswith(because)
    assert [str(citation) for citation in found.citations] == ["Agreement §3.I", "Bylaws Art. IV §9"]
