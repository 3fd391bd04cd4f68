"""A sign-in sheet recorded at once: the same stays as one by one, and nothing at all where one line cannot be."""

from __future__ import annotations

import pytest

from board import services
from board.models import Attendance
from board.services.sheets import Stay, record_attendance
from tests.board import factories as make

pytestmark = pytest.mark.django_db
at = make.at


@pytest.fixture
def meeting(bylaws):
    """An annual meeting of five agencies, in session since 6 PM, nobody there yet."""
    make.agencies(5)
    return make.opened()


def test_a_sheet_gives_the_quorum_of_every_minute_and_its_history(meeting):
    first, second, third, *_ = make.roll(meeting)
    sheet = [
        Stay(first, at(18, 1)),
        Stay(second, at(18, 2), at(18, 20)),
        Stay(second, at(18, 30), remote=True),
        Stay(third, at(18, 2)),
    ]
    assert record_attendance(meeting=meeting, stays=sheet).present == 3
    turns = [(turn.at, turn.present, turn.stands) for turn in services.quorum_turns(meeting)]
    assert turns == [(at(18, 2), 3, True), (at(18, 20), 2, False), (at(18, 30), 3, True)]
    assert {row.history.get().history_type for row in Attendance.objects.all()} == {"+"}


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        pytest.param([(0, (17, 59), None)], "called to order, or a vote declared, at 6:00 PM", id="before the call"),
        pytest.param([(0, (18, 5), (18, 4))], "nobody leaves before arriving", id="left before arriving"),
        pytest.param([(0, (18, 1), None), (0, (18, 9), None)], "is there twice at once", id="twice on the sheet"),
        pytest.param([(0, (18, 1), (18, 9)), (0, (18, 8), None)], "is there twice at once", id="stays that overlap"),
        pytest.param([(4, (18, 9), None)], "is there twice at once", id="there already"),
    ],
)
def test_a_sheet_with_one_line_that_cannot_be_writes_nothing(meeting, said, lines, words):
    roll = make.roll(meeting)
    services.arrive(entry=roll[4], at=at(18, 1))
    sheet = [Stay(roll[1], at(18, 1))]
    sheet += [Stay(roll[place], at(*came), at(*left) if left else None) for place, came, left in lines]
    assert words in said(record_attendance, meeting=meeting, stays=sheet)
    assert Attendance.objects.count() == 1


def test_back_in_the_minute_of_leaving_is_no_overlap(meeting):
    first, *_ = make.roll(meeting)
    record_attendance(meeting=meeting, stays=[Stay(first, at(18, 1), at(18, 9)), Stay(first, at(18, 9))])
    assert Attendance.objects.count() == 2


def test_a_sheet_comes_too_late_for_a_vote_that_was_declared(meeting, said):
    make.arrived(meeting, 4)
    make.voted(make.moved(meeting), ayes=4, minute=30)
    late = make.roll(meeting)[4]
    assert "so that its quorum stays as it was" in said(
        record_attendance, meeting=meeting, stays=[Stay(late, at(18, 10))]
    )


def test_nobody_of_another_roll_is_recorded(meeting, said):
    stranger = make.roll(make.opened(hour=20, kind="special", purpose="To do so."))[0]
    words = said(record_attendance, meeting=meeting, stays=[Stay(stranger, at(18, 5))])
    assert "is not on the roll of this meeting" in words
