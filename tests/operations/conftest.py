"""What the tests of mutual aid share: what a refused act says."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError


@pytest.fixture
def said():
    """Calls an act that is refused, and returns what it says."""

    def refused(act, *arguments, **named):
        with pytest.raises(ValidationError) as refusal:
            act(*arguments, **named)
        return " ".join(refusal.value.messages)

    return refused
