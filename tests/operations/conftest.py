"""What the tests of mutual aid share: the bylaws of 2018 in force, and what a refused act says."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from tests.board import factories as board


@pytest.fixture
def bylaws(db):
    """The bylaws of 2018, in force from 5 February 2019."""
    return board.bylaws_in_force()


@pytest.fixture
def said():
    """Calls an act that is refused, and returns what it says."""

    def refused(act, *arguments, **named):
        with pytest.raises(ValidationError) as refusal:
            act(*arguments, **named)
        return " ".join(refusal.value.messages)

    return refused
