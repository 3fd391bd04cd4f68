"""What SQL says of the Board's records equals what the rules and the records themselves say, over random histories."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from django.db.models import QuerySet
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from board import services
from board.models import Attendance, Motion, Objection, OfficeTerm, RollEntry, Seat, Vote
from board.rules.quorum import present_at, quorum_turns
from board.rules.seats import Tenure, tenure_on
from board.rules.terms import Office
from board.rules.votes import Tally
from tests.board import factories as make

pytestmark = pytest.mark.django_db
few = settings(
    max_examples=25,
    # No shrinking: what was drawn is printed whole.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MINUTES = range(0, 60, 10)
# A small pool about the days that decide, so that histories collide with them.
POOL = [make.DAY + timedelta(days=number) for number in range(6)]
minutes = st.sampled_from(MINUTES)
days = st.sampled_from(POOL)


def write(rows):
    """Straight into the table: history is not what is tried here."""
    rows = list(rows)
    return QuerySet(type(rows[0])).bulk_create(rows) if rows else []


@pytest.fixture
def meeting(bylaws):
    """A meeting of six agencies in session, nobody there."""
    make.agencies(6)
    return make.opened()


# --- Who is there -----------------------------------------------------------------------------------------------------


def stays_of(entry, drawn):
    """The drawn stays of one member, only the last of them still open."""
    for place, (first, last, undone) in enumerate(drawn):
        still = last < first
        if still and not undone and place < len(drawn) - 1:
            continue
        yield Attendance(
            meeting_id=entry.meeting_id, entry=entry, undone=undone, arrived_at=make.at(18, first),
            left_at=None if still else make.at(18, last),
        )  # fmt: skip


@given(drawn=st.lists(st.lists(st.tuples(minutes, minutes, st.booleans()), max_size=3), min_size=6, max_size=6))
@few
def test_who_is_there_at_a_moment(drawn, meeting):
    with transaction.atomic():
        entries = make.roll(meeting)
        rows = write(stay for entry, of_entry in zip(entries, drawn, strict=True) for stay in stays_of(entry, of_entry))
        counted = [row for row in rows if not row.undone]
        presences = [row.presence for row in counted]
        for minute in MINUTES:
            moment = make.at(18, minute)
            there = {row.pk for row in counted if row.presence.covers(moment)}
            assert set(Attendance.objects.at(moment).values_list("pk", flat=True)) == there, minute
            assert services.house_at(meeting, moment).present == present_at(presences, moment), minute
        inside = {row.entry_id: row.pk for row in counted if row.left_at is None}
        assert services.house_now(meeting).present == len(inside)
        assert services.quorum_turns(meeting) == quorum_turns(presences, 4)
        for entry in RollEntry.objects.with_presence():
            here = RollEntry.objects.as_it_stands(entry.pk, make.at(18, 20))
            left = [row.left_at for row in counted if row.entry_id == entry.pk and row.left_at]
            assert (here.present, here.stay_id) == (len(inside), inside.get(entry.pk))
            assert entry.here is (entry.pk in inside)
            assert here.left_later is any(at > make.at(18, 20) for at in left)
        transaction.set_rollback(True)


# --- Motions and votes ------------------------------------------------------------------------------------------------

motions = st.tuples(
    st.sampled_from(["pending", "carried", "failed", "withdrawn"]), st.booleans(), st.sampled_from([None, True, False])
)


@given(drawn=st.lists(motions, min_size=1, max_size=8))
@few
def test_which_motions_are_decided_count_and_wait_for_a_person(drawn, meeting):
    with transaction.atomic():
        rows = write(
            Motion(
                meeting=meeting, number=number, text="-", state=state, out_of_order=out_of_order, stands=stands,
                stands_because="" if stands is None else "-", decided_at=make.at(19), bylaws=meeting.bylaws,
            )
            for number, (state, out_of_order, stands) in enumerate(drawn, 1)
        )  # fmt: skip
        found = Motion.objects.all()
        assert set(found.effective()) == {row for row in rows if row.effective}
        assert set(found.decided()) == {row for row in rows if row.decided}
        assert set(found.waiting()) == {row for row in rows if row.decided and row.out_of_order and row.stands is None}
        transaction.set_rollback(True)


@given(choices=st.lists(st.sampled_from(["for", "against", "abstain", None]), min_size=6, max_size=6))
@few
def test_how_many_voted_for_and_against(choices, meeting):
    with transaction.atomic():
        motion = Motion.objects.create(meeting=meeting, number=1, text="-", method="roll_call")
        other = Motion.objects.create(meeting=meeting, number=2, text="-", method="roll_call")
        entries = make.roll(meeting)
        write(Vote(motion=other, entry=entry, choice="for", cast_at=make.at(19)) for entry in entries)
        write(
            Vote(motion=motion, entry=entry, choice=choice, cast_at=make.at(19))
            for entry, choice in zip(entries, choices, strict=True)
            if choice
        )
        expected = Tally(*(choices.count(choice) for choice in ("for", "against", "abstain")))
        assert Vote.objects.filter(motion=motion).tally() == expected == motion.tally
        transaction.set_rollback(True)


# --- Seats and objections ---------------------------------------------------------------------------------------------


@given(begun=st.lists(st.sets(days, max_size=4), min_size=11, max_size=11), at_large=st.integers(4, 6))
@few
def test_whose_term_a_seat_has_on_a_day(begun, at_large, bylaws):
    with transaction.atomic():
        holder = make.chief(make.agency())
        seats = list(Seat.objects.order_by("pk"))
        tenures: dict[int, list[Tenure]] = {seat.pk: [] for seat in seats}
        for seat, firsts in zip(seats, begun, strict=True):
            for first, following in pairwise([*sorted(firsts), None]):
                OfficeTerm.objects.create(
                    seat=seat, holder=holder, how="elected", from_on=first, ended_on=following,
                    ended_why="successor" if following else "",
                )  # fmt: skip
                tenures[seat.pk].append(Tenure(seat.kind, "-", "-", first, ended_on=following))
        for day in [POOL[0] - timedelta(days=1), *POOL]:
            rows = list(Seat.objects.on(day, at_large))
            assert [row.pk for row in rows] == [
                seat.pk for seat in seats if seat.kind is not Office.AT_LARGE or seat.number <= at_large
            ]
            firsts = dict(OfficeTerm.objects.values_list("pk", "from_on"))
            for row in rows:
                latest = tenure_on(tenures[row.pk], day)
                assert firsts.get(row.term_id) == (latest.from_on if latest else None), (str(row), day)
        transaction.set_rollback(True)


@given(drawn=st.lists(st.tuples(days, st.none() | days, st.none() | days), min_size=1, max_size=8))
@few
def test_which_objections_are_open(drawn, bylaws):
    with transaction.atomic():
        of = make.agency()
        rows = write(
            Objection(agency=of, received_on=received, against="-", decided_on=decided, taken_back_on=taken_back)
            for received, decided, taken_back in drawn
        )
        assert set(Objection.objects.open_on(date(2040, 1, 1))) == {row for row in rows if row.is_open}
        for day in POOL:
            expected = {
                row
                for row in rows
                if row.received_on <= day
                and all(end is None or day < end for end in (row.decided_on, row.taken_back_on))
            }
            assert set(Objection.objects.open_on(day)) == expected, day
        transaction.set_rollback(True)
