"""The clocks of the Open Meetings Act: 5 ILCS 120/2.02 and 2.06."""

from datetime import datetime, timedelta

import pytest

from board.rules.clocks import agenda_clock, agenda_due_at, minutes_due_on, minutes_public_on, public_clock

from .terms import at, d, said


@pytest.mark.parametrize(
    ("starts", "due"),
    [
        pytest.param("2026-05-20 10:00", "2026-05-18 10:00", id="two days before, at the same hour"),
        pytest.param("2026-03-09 10:00", "2026-03-07 09:00", id="in spring an hour of the clock is lost"),
        pytest.param("2026-11-02 10:00", "2026-10-31 11:00", id="in fall an hour of the clock is gained"),
        pytest.param("2026-03-08 01:30", "2026-03-06 01:30", id="before the clocks change in spring nothing is lost"),
        pytest.param("2026-03-10 10:00", "2026-03-08 10:00", id="after the clocks changed nothing is lost"),
    ],
)
def test_the_agenda_is_posted_48_elapsed_hours_before(starts, due):
    found = agenda_due_at(at(starts))
    assert found.replace(tzinfo=None) == at(due).replace(tzinfo=None)
    assert at(starts).timestamp() - found.timestamp() == timedelta(hours=48).total_seconds()


@pytest.mark.parametrize(
    ("posted", "in_time", "words"),
    [
        pytest.param("2026-10-31 10:59", True, "posted 0 h 1 min before that", id="a minute before the last moment"),
        pytest.param("2026-10-31 11:00", True, "posted 0 h 0 min before that", id="at the last moment"),
        pytest.param("2026-10-31 11:01", False, "posted 0 h 1 min after that", id="a minute late"),
        pytest.param(
            "2026-11-01 12:00", False, "posted 26 h 0 min after that", id="the night of 25 hours counts in full"
        ),
        pytest.param(None, None, "48 elapsed hours before the meeting", id="not posted yet"),
    ],
)
def test_whether_the_agenda_was_posted_in_time(posted, in_time, words):
    finding = agenda_clock(agenda_due_at(at("2026-11-02 10:00")), posted and at(posted))
    assert finding.value is in_time
    assert words in said(finding)
    assert bool(finding.missing) is (in_time is None)


def test_an_hour_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        agenda_due_at(datetime(2026, 5, 20, 10, 0))


@pytest.mark.parametrize(
    ("second", "due"),
    [
        pytest.param("2026-06-18", "2026-06-19", id="the second meeting a day before the thirtieth day"),
        pytest.param("2026-06-19", "2026-06-19", id="both on one day"),
        pytest.param("2026-06-20", "2026-06-20", id="the second meeting a day after the thirtieth day"),
        pytest.param("2026-09-16", "2026-09-16", id="the second meeting in fall"),
    ],
)
def test_minutes_are_approved_by_the_later_of_thirty_days_and_the_second_regular_meeting(second, due):
    finding = minutes_due_on(d("2026-05-20"), d(second))
    assert finding.value == d(due)
    assert "20 May 2026 + 30 days = 19 June 2026" in said(finding)
    assert finding.missing == ()


def test_while_the_second_meeting_is_not_called_the_thirtieth_day_is_given_and_the_gap_is_told():
    finding = minutes_due_on(d("2026-05-20"), None)
    assert finding.value == d("2026-06-19")
    assert finding.missing == ("the second regular meeting after it, which is not scheduled yet",)


def test_approved_minutes_are_open_to_the_public_within_ten_days():
    assert minutes_public_on(d("2026-06-19")) == public_clock(d("2026-06-19")).value == d("2026-06-29")
    assert "19 June 2026 + 10 days = 29 June 2026" in said(public_clock(d("2026-06-19")))
