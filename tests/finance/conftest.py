"""What the tests of the books share: an open fiscal year, an agency, and what a refused act says."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from tests.board import factories as board
from tests.finance import factories as make


@pytest.fixture
def year(db):
    """The fiscal year from 1 May 2026, open, under the bylaws of 2018."""
    board.bylaws_in_force()
    return make.year()


@pytest.fixture
def agency(year):
    """An active agency, and that year open."""
    return board.agency()


@pytest.fixture
def said():
    """Calls an act that is refused, and returns what it says."""

    def refused(act, *arguments, **named):
        with pytest.raises(ValidationError) as refusal:
            act(*arguments, **named)
        return " ".join(refusal.value.messages)

    return refused
