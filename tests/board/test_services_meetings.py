"""Meetings: what a Secretary can get wrong at the door, and what is refused in words that name the clause."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from board import services
from board.models import AgendaItem, Meeting, Minutes, Objection, OperationalPlan, PlanReview
from board.rules.quorum import House
from board.rules.terms import Body
from tests.board import factories as make

pytestmark = pytest.mark.django_db
DAY = make.DAY
at = make.at


@pytest.fixture
def bylaws(db):
    return make.bylaws_in_force()


@pytest.fixture
def meeting(bylaws):
    """An annual meeting of five agencies, in session since 6 PM, nobody there yet."""
    make.agencies(5)
    return make.opened()


def said(call, *arguments, **named):
    """What a refused act says."""
    with pytest.raises(ValidationError) as refusal:
        call(*arguments, **named)
    return " ".join(refusal.value.messages)


# --- Calling ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "outcome"),
    [
        pytest.param(date(1988, 3, 22), "No version of the bylaws covers 22 March 1988", id="the day before the first"),
        pytest.param(date(1988, 3, 23), None, id="the day of the first version"),
        pytest.param(date(2018, 1, 1), None, id="under the version of 2009, whose figures are unknown"),
    ],
)
def test_a_meeting_is_called_only_for_a_day_that_bylaws_cover(on, outcome):
    if outcome:
        assert outcome in said(make.meeting, "board", on)
    else:
        assert make.meeting("board", on).pk


def test_a_special_meeting_is_not_called_without_naming_its_business(bylaws):
    assert "Art. XI §4" in said(make.meeting, "special", purpose="")


def test_two_meetings_of_one_kind_are_not_called_for_the_same_hour(bylaws):
    make.meeting()
    assert "already called for this hour" in said(make.meeting)
