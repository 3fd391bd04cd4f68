"""Minutes: composed of what is recorded, approved at a later meeting, and from then on the same through every door."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from board import services
from board.models import AgendaItem, ApprovedMinutes, Meeting, Minutes, MinutesCorrection, Motion
from tests.board import factories as make

pytestmark = pytest.mark.django_db
DAY = make.DAY
NEXT = DAY + timedelta(days=28)
at = make.at


@pytest.fixture
def held(bylaws):
    """A Board meeting of 20 May: eight there, one who comes late, a vote and a paragraph; adjourned at 9 PM."""
    make.board(9)
    meeting = make.opened("board", 8)
    item = make.item(meeting, "Radios", minutes_text="The Treasurer **reported**.")
    motion = make.put(make.moved(meeting, text="To buy two radios.", item=item), "roll_call")
    entries = make.roll(meeting)
    make.cast(motion, "for", entries[:6])
    make.cast(motion, "against", entries[6:8])
    services.declare(
        motion=motion,
        at=at(18, 31),
    )
    services.arrive(entry=entries[8], at=at(18, 45), remote=True)
    return make.adjourned(meeting)


@pytest.fixture
def following(held):
    """The Board meeting four weeks later, in session."""
    return make.opened("board", 8, on=NEXT)


def approval(meeting: Meeting, minutes: Minutes) -> Motion:
    return make.moved(meeting, "minutes", minutes=minutes, text="To approve the minutes.")


@pytest.fixture
def approved(held, following):
    """The minutes of 20 May, circulated, and approved four weeks later."""
    minutes = services.circulate(minutes=held.minutes, on=DAY + timedelta(days=6), to="All members")
    make.voted(approval(following, minutes), 8)
    return Minutes.objects.get(pk=minutes.pk)


def test_the_minutes_say_who_was_there_and_how_each_vote_came_out(held):
    data = services.compose(held)
    (item,) = [item for item in data["items"] if item["title"] == "Radios"]
    (motion,) = item["motions"]
    assert (motion["tally"], motion["state"]) == ("6 for, 2 against, 0 abstained", "Carried")
    assert "more than half of 9 members in office is 5; 6 for: carried" in str(motion["finding"])
    assert [vote["choice"] for vote in motion["votes"]].count("Against") == 2
    stays = [stay for member in data["attendance"] for stay in member["stays"]]
    assert len(stays) == 9
    assert {"arrived": "2026-05-20T18:45-05:00", "left": "2026-05-20T21:00-05:00", "remote": True} in stays
    assert data["quorum"]["needed"] == 6


@pytest.mark.parametrize(
    ("circulated_on", "words"),
    [
        pytest.param(None, "the day the draft minutes of 20 May 2026 were circulated", id="never"),
        pytest.param(NEXT - timedelta(days=1), None, id="the day before"),
        pytest.param(NEXT, None, id="on the day"),
        pytest.param(NEXT + timedelta(days=1), "after this meeting", id="the day after"),
    ],
)
def test_minutes_are_circulated_before_they_are_approved(circulated_on, words, held, following, said):
    minutes = held.minutes
    if circulated_on:
        services.circulate(minutes=minutes, on=circulated_on, to="All members")
    motion = approval(following, minutes)
    if words:
        assert words in said(make.put, motion)
    else:
        assert make.voted(motion, 8).acted == f"{minutes} are approved"


def test_minutes_of_a_meeting_in_session_are_neither_circulated_nor_approved(following, said):
    assert "not adjourned" in said(services.circulate, minutes=following.minutes, on=NEXT, to="All")
    motion = approval(following, following.minutes)
    assert "approved at a later meeting" in said(make.put, motion)


def test_a_draft_is_not_circulated_before_its_meeting(held, said):
    assert "The meeting was on 20 May 2026" in said(
        services.circulate, minutes=held.minutes, on=DAY - timedelta(days=1), to="All"
    )


def test_only_a_motion_about_them_that_carried_approves_minutes(held, following, said):
    minutes = services.circulate(minutes=held.minutes, on=DAY, to="All")
    lost = make.voted(approval(following, minutes), 3, 5, minute=10)
    other = make.voted(make.moved(following), 8, minute=20)
    for motion in (lost, other):
        assert "by a motion about them that carried" in said(services.approve, minutes=minutes, motion=motion)
    assert Minutes.objects.get(pk=minutes.pk).state == "circulated"


def test_approval_freezes_the_content_under_its_digest(approved, held):
    kept = approved.approved
    assert approved.state == "approved"
    assert kept.approved_on == NEXT
    assert kept.sha256 == hashlib.sha256(kept.content.encode()).hexdigest()
    assert services.compose(held) == kept.data


def test_approved_minutes_are_changed_by_no_door(approved, held, following, said):
    before = services.compose(held)
    item = AgendaItem.objects.get(meeting=held, title="Radios")
    item.minutes_text = "Something else."
    with pytest.raises(ValidationError, match="Record a correction"):
        item.full_clean()
    new = AgendaItem(meeting=held, title="Never was")
    with pytest.raises(ValidationError, match="Record a correction"):
        new.full_clean()
    approved.opening = "Once upon a time"
    with pytest.raises(ValidationError, match="Record a correction"):
        approved.full_clean()
    assert "approved already" in said(services.circulate, minutes=approved, on=NEXT, to="All")
    again = Motion.objects.get(approved_minutes__minutes=approved)
    assert "approved already" in said(services.approve, minutes=approved, motion=again)
    assert "approved already" in said(make.put, approval(following, approved), minute=50)
    assert "closed" in said(services.add_item, meeting=held, title="Never was")
    # Past every check of the program, what was frozen is still what is shown.
    AgendaItem.objects.filter(pk=item.pk).update_with_history(minutes_text="Something else.")
    assert services.compose(held) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE board_approvedminutes SET content = '{}'",
        "UPDATE board_approvedminutes SET sha256 = ''",
        "UPDATE board_approvedminutes SET approved_on = '2020-01-01'",
        "DELETE FROM board_approvedminutes",
        "DELETE FROM board_historicalapprovedminutes",
    ],
)
def test_the_database_itself_keeps_approved_minutes(statement, approved):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert ApprovedMinutes.objects.get(minutes=approved).data["meeting"]["on"] == "2026-05-20"


def test_a_correction_stands_beside_approved_minutes_only(approved, following):
    before = approved.approved.content
    correction = MinutesCorrection(minutes=approved, corrected_on=NEXT, text="For “two” read “three”.")
    correction.full_clean()
    correction.save()
    assert ApprovedMinutes.objects.get(minutes=approved).content == before
    draft = MinutesCorrection(minutes=following.minutes, corrected_on=NEXT, text="-")
    with pytest.raises(ValidationError, match="change the draft itself"):
        draft.full_clean()
    lost = make.voted(make.moved(following), 2, 6, minute=50)
    with pytest.raises(ValidationError, match="a motion that carried"):
        MinutesCorrection(minutes=approved, corrected_on=NEXT, text="-", motion=lost).full_clean()


def test_minutes_approved_out_of_order_are_frozen_when_a_person_lets_the_vote_stand(held, following):
    motion = make.put(approval(following, held.minutes), out_of_order=True)
    services.declare(motion=motion, at=at(18, 40, NEXT), ayes=8, nays=0)
    assert Minutes.objects.get(pk=held.minutes.pk).state == "draft"
    services.settle_motion(motion=motion, stands=True, because="Everybody had read them", at=at(9, on=date(2026, 7, 1)))
    assert Minutes.objects.get(pk=held.minutes.pk).approved.approved_on == NEXT


def test_what_hangs_on_an_item_left_out_is_still_in_the_minutes(bylaws):
    make.board(6)
    meeting = make.opened("board", 6)
    item = make.item(meeting, "Radios")
    make.voted(make.moved(meeting, text="To buy two radios.", item=item), 6)
    AgendaItem.objects.filter(pk=item.pk).update_with_history(dropped=True)
    assert [motion["text"] for motion in services.compose(meeting)["motions"]] == ["To buy two radios."]


# --- The clocks of the Open Meetings Act ------------------------------------------------------------------------------


def clocks(meeting: Meeting) -> dict[str, bool | None]:
    return {clock.what: clock.done for clock in services.clocks_of(Meeting.objects.get(pk=meeting.pk))}


def test_the_clocks_run_warn_and_can_be_turned_off(approved, held, settings):
    """Posted 48 hours before, approved by the thirtieth day, open to the public on the eleventh day: one too late."""
    Meeting.objects.filter(pk=held.pk).update_with_history(agenda_posted_at=at(18, on=DAY - timedelta(days=2)))
    Minutes.objects.filter(pk=approved.pk).update_with_history(public_on=NEXT + timedelta(days=11))
    settings.OPEN_MEETINGS_CLOCKS = True
    assert clocks(held) == {
        "Post the agenda": True, "Approve the minutes": True, "Open the minutes to the public": False,
    }  # fmt: skip
    Minutes.objects.filter(pk=approved.pk).update_with_history(public_on=NEXT + timedelta(days=10))
    Meeting.objects.filter(pk=held.pk).update_with_history(agenda_posted_at=at(18, 1, DAY - timedelta(days=2)))
    assert list(clocks(held).values()) == [False, True, True]
    settings.OPEN_MEETINGS_CLOCKS = False
    assert clocks(held) == {}
