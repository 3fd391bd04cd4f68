"""Motions: from being moved to what their outcome does in the register, and everything that is refused on the way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from board import services
from board.models import BylawsVersion, Meeting, Motion, Objection, OfficeTerm, Vote
from board.rules.terms import Decision
from membership.models import Agency, AgreementVersion, Application, Participation, Proceeding
from membership.services import restate
from tests.board import factories as make
from tests.membership import factories as members

pytestmark = pytest.mark.django_db
DAY = make.DAY
at = make.at


@pytest.fixture
def board(bylaws):
    """A Board meeting of nine members in office, eight of them there."""
    make.board(9)
    return make.opened("board", 8)


@pytest.fixture
def annual(bylaws):
    """An annual meeting of ten agencies, eight of them there."""
    make.agencies(10)
    return make.opened(present=8)


# --- Being moved ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meeting", "kind", "clause"),
    [
        ("annual", "admission", "Art. III §4"),
        ("annual", "termination_obligations", "Art. III §8"),
        ("special", "removal_detriment", "Art. III §9"),
        ("board", "bylaws_amendment", "Art. XV"),
        ("annual", "adoption", "Agreement §5.A.5"),
        ("board", "dissolution", "Art. XVII §1"),
        ("board", "objection", "Art. IV §8"),
        ("annual", "appointment", "Art. IV §4"),
        ("annual", "dues", "Art. III §7"),
        ("special", "compensation", "Art. IX §2"),
        ("annual", "disbursement_policy", "Art. X"),
    ],
)
def test_a_motion_of_each_kind_is_decided_where_its_clause_says(meeting, kind, clause, bylaws, said):
    words = said(make.moved, make.meeting(meeting), kind)
    assert clause in words
    assert "not at this" in words


def test_a_special_meeting_does_only_the_business_its_call_names(bylaws, said):
    make.agencies(3)
    special = make.opened("special", 2)
    assert "Art. XI §4" in said(make.moved, special, item=None)
    later = services.add_item(meeting=special, title="A thought")
    assert "Art. XI §4" in said(make.moved, special, item=later)
    assert make.voted(make.moved(special), 2).state == "carried"


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("admission", "application"),
        ("termination_obligations", "proceeding"),
        ("removal_detriment", "proceeding"),
        ("appointment", "who is appointed"),
        ("minutes", "the minutes to approve"),
        ("amend_motion", "the motion that it would change"),
    ],
)
def test_a_motion_names_what_it_is_about(kind, field, board, said):
    assert field in said(make.moved, board, kind)


def test_mover_and_seconder_are_two_members_of_this_roll(board, annual, said):
    one, two = make.roll(board)[:2]
    stranger = make.roll(annual)[0]
    assert "seconded by another" in said(make.moved, board, mover=one, seconder=one)
    assert "on the roll of this meeting" in said(make.moved, board, mover=one, seconder=stranger)
    assert make.moved(board, mover=one, seconder=two).number == 1
    assert make.moved(board).number == 2


def test_days_that_cannot_be_are_refused_when_the_motion_is_made(board, said):
    case = members.proceeding(make.stint(make.agency()))
    known = {"kind": "removal_detriment", "proceeding": case, "proposes": "suspended"}
    assert "Reading R20" in said(make.moved, board, named_on=DAY - timedelta(days=1), **known)
    assert "after the first day out" in said(make.moved, board, back_on=DAY + timedelta(days=1), **known)
    assert make.moved(board, named_on=DAY, back_on=DAY + timedelta(days=1), **known).pk
    owed = members.proceeding(make.stint(make.agency()), ground="obligations")
    known = {"kind": "termination_obligations", "proceeding": owed, "proposes": "suspended"}
    assert "never suspend (Bylaws Art. III §8)" in said(make.moved, board, **known)


# --- The quorum at the moment of the vote -----------------------------------------------------------------------------


@pytest.mark.parametrize(("present", "carried"), [(5, None), (6, True)])
def test_the_board_votes_with_six_and_not_with_five(present, carried, bylaws, said):
    make.board(9)
    motion = make.moved(make.opened("board", present))
    if carried:
        assert make.voted(motion, 5, 1).state == "carried"
    else:
        words = said(make.put, motion)
        assert "No quorum: 5 of 9 members in office present; quorum is 6" in words
        assert "record it as out of order" in words


@pytest.mark.parametrize(("agencies", "present", "quorate"), [(98, 49, False), (98, 50, True), (99, 50, True)])
def test_the_agencies_vote_with_more_than_half_of_those_active(agencies, present, quorate, bylaws, said):
    make.agencies(agencies)
    motion = make.moved(make.opened(present=present))
    if quorate:
        assert make.put(motion).state == "voting"
    else:
        assert "more than half of 98 is 50" in said(make.put, motion)


def test_a_quorum_lost_before_the_result_is_declared_carries_nothing(board, said):
    motion = make.put(make.moved(board))
    for entry in make.roll(board)[:3]:
        services.leave(entry=entry, at=at(18, 30))
    motion = services.declare(motion=motion, at=at(18, 31), ayes=5, nays=0)
    assert motion.state == "failed"
    assert "without a quorum a vote has no effect" in str(services.outcome_of(motion).because)


def test_a_vote_without_quorum_can_be_recorded_and_still_has_no_effect(bylaws, said):
    make.board(9)
    meeting = make.opened("board", 5)
    motion = make.put(make.moved(meeting), out_of_order=True, because="Taken all the same")
    motion = services.declare(motion=motion, at=at(18, 31), ayes=5, nays=0)
    assert (motion.state, motion.out_of_order) == ("failed", True)
    assert services.settle_motion(motion=motion, stands=True, because="-", at=at(19)).acted_at is None


# --- The vote ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ayes", "nays", "abstentions", "words"),
    [
        pytest.param(5, 3, None, None, id="as many as are present"),
        pytest.param(5, 3, 1, "more than there are members", id="one more than are present"),
        pytest.param(9, 0, None, "more than there are members", id="more ayes than are present"),
        pytest.param(-1, 3, None, "never below zero", id="a negative number"),
        pytest.param(5, None, None, "Give the votes for and against", id="no nays given"),
    ],
)
def test_a_count_fits_those_present(ayes, nays, abstentions, words, board, said):
    motion = make.put(make.moved(board))
    counted = {"motion": motion, "at": at(18, 31), "ayes": ayes, "nays": nays, "abstentions": abstentions}
    if words:
        assert words in said(services.declare, **counted)
        assert Motion.objects.get(pk=motion.pk).state == "voting"
    else:
        assert services.declare(**counted).abstentions == 0


@pytest.mark.parametrize(
    ("ayes", "nays", "carried"),
    [
        pytest.param(5, 3, False, id="half of ten there is not more than half"),
        pytest.param(6, 4, True, id="six of ten"),
    ],
)
def test_the_agencies_decide_by_more_than_half_of_those_present(ayes, nays, carried, bylaws):
    make.agencies(10)
    motion = make.voted(make.moved(make.opened(present=10)), ayes, nays)
    assert (motion.state == "carried") is carried


def test_only_members_in_the_room_vote_each_once_while_the_vote_is_taken(board, annual, said):
    entries = make.roll(board)
    motion = make.moved(board)
    assert "No roll-call vote is being taken" in said(make.cast, motion, "for", entries[:1])
    make.put(motion, "roll_call")
    assert "not in the room" in said(make.cast, motion, "for", [entries[8]])
    assert "not on the roll of this meeting" in said(make.cast, motion, "for", make.roll(annual)[:1])
    services.cast(motion=motion, entry=entries[0], choice="for", at=at(18, 32))
    words = said(services.cast, motion=motion, entry=entries[0], choice="against", at=at(18, 33))
    assert "already recorded: for, at 6:32 PM" in words
    assert "not a valid choice" in said(make.cast, motion, "perhaps", [entries[1]])
    services.leave(entry=entries[7], at=at(18, 34))
    assert "not in the room" in said(make.cast, motion, "for", [entries[7]])
    assert services.change_vote(motion=motion, entry=entries[0], choice="against", at=at(18, 35)).choice == "against"
    assert "has not voted yet" in said(
        services.change_vote, motion=motion, entry=entries[1], choice="for", at=at(18, 35)
    )
    make.cast(motion, "for", entries[1:6])
    services.declare(motion=motion, at=at(18, 40))
    for late in (services.cast, services.change_vote):
        words = said(late, motion=motion, entry=entries[6], choice="for", at=at(18, 41))
        assert "declared" in words or "No roll-call vote" in words
    assert str(Motion.objects.get(pk=motion.pk).tally) == "5 for, 1 against, 0 abstained"


def test_one_motion_is_voted_on_at_a_time_and_decided_once(board, said):
    first, second = make.moved(board), make.moved(board)
    make.put(first)
    assert "Another motion is being voted on" in said(make.put, second)
    assert "is not pending: voting" in said(make.put, first)
    services.declare(motion=first, at=at(18, 31), ayes=5, nays=3)
    assert "No vote is being taken" in said(services.declare, motion=first, at=at(18, 32), ayes=5, nays=3)
    assert "already carried" in said(services.withdraw, motion=first)
    make.put(second, minute=32)
    services.withdraw(motion=second)
    assert "No vote is being taken" in said(services.declare, motion=second, at=at(18, 33), ayes=5, nays=3)
    assert services.outcome_of(Motion.objects.get(pk=second.pk)).missing == ("a vote: the motion was withdrawn",)


def test_a_result_is_not_declared_before_what_it_rests_on(board, said):
    motion = make.put(make.moved(board), minute=30)
    words = said(services.declare, motion=motion, at=at(18, 29), ayes=5, nays=3)
    assert "recorded at 6:30 PM: declare the result at that time or later" in words


def test_a_vote_by_voice_rests_on_what_was_declared(board, said):
    motion = make.put(make.moved(board), "voice")
    assert "what the presiding officer declared" in said(services.declare, motion=motion, at=at(18, 31))
    assert services.declare(motion=motion, at=at(18, 31), carried=True).state == "carried"
    dissolve = make.moved(make.opened("annual", hour=12, on=DAY), "dissolution")
    assert "needs a count" in said(services.put, motion=dissolve, at=at(12, 30), method="voice")


def test_a_result_that_hangs_on_its_base_says_so(bylaws):
    """Five of six there, eleven in office: not carried by the members in office, carried by those present (R10)."""
    make.board(11)
    motion = make.voted(make.moved(make.opened("board", 6)), 5, 1)
    flags = " ".join(map(str, services.outcome_of(motion).flags))
    assert motion.state == "failed"
    assert "depends on the reading (R10)" in flags


# --- Out of order: no effect until a person decides -------------------------------------------------------------------


def test_a_vote_held_out_of_order_by_a_clerk_alone_needs_a_reason(board, said):
    motion = make.moved(board)
    assert "say what is" in said(make.put, motion, out_of_order=True)
    motion = make.put(motion, out_of_order=True, because="Nobody had the floor")
    motion = services.declare(motion=motion, at=at(18, 31), ayes=8, nays=0)
    assert (motion.state, motion.effective) == ("carried", False)
    assert "until a person decides: Nobody had the floor" in str(services.outcome_of(motion).flags[-1])


@pytest.fixture
def incomplete(board):
    """An application without recommendation, before the Board."""
    return members.application(members.agency("Millbrook"), date(2026, 3, 2))


def test_an_admission_out_of_order_waits_then_dates_from_its_vote(board, incomplete, said):
    motion = make.moved(board, "admission", application=incomplete)
    words = said(make.put, motion)
    assert "Missing" in words
    assert "record it as out of order" in words
    motion = make.put(motion, out_of_order=True)
    motion = services.declare(motion=motion, at=at(18, 31), ayes=8, nays=0)
    assert not Participation.objects.filter(agency=incomplete.agency).exists()
    assert "Say why" in said(services.settle_motion, motion=motion, stands=True, because=" ", at=at(19))
    later = at(9, on=DAY + timedelta(days=30))
    motion = services.settle_motion(motion=motion, stands=True, because="Cured since", at=later)
    assert Participation.objects.get(agency=incomplete.agency).board_approved_on == DAY
    assert motion.acted_at == later
    assert "waits for a person's decision" in said(
        services.settle_motion, motion=motion, stands=False, because="-", at=later
    )


def test_an_admission_out_of_order_that_does_not_stand_leaves_the_application_open(board, incomplete):
    motion = make.put(make.moved(board, "admission", application=incomplete), out_of_order=True)
    motion = services.declare(motion=motion, at=at(18, 31), ayes=8, nays=0)
    services.settle_motion(motion=motion, stands=False, because="The packet never came", at=at(19))
    assert not Participation.objects.filter(agency=incomplete.agency).exists()
    assert Application.objects.get(pk=incomplete.pk).decision == ""


def test_a_vote_in_order_waits_for_nobody(board, said):
    motion = make.voted(make.moved(board), 8)
    assert "waits for a person's decision" in said(
        services.settle_motion, motion=motion, stands=True, because="-", at=at(19)
    )


# --- What the outcome does --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ayes", "admitted"), [(4, False), (5, True)])
def test_an_admission_that_carries_admits(ayes, admitted, board, said):
    """Nine in office: five."""
    of = members.agency("Millbrook")
    application = members.complete_application(of, make.agency(), date(2026, 3, 2))
    motion = make.voted(make.moved(board, "admission", application=application), ayes, 8 - ayes)
    assert Participation.objects.filter(agency=of, board_approved_on=DAY).exists() is admitted
    assert bool(motion.acted) is admitted
    if admitted:
        assert "took effect already" in said(services.carry_out, motion=motion, at=at(19))
        again = make.moved(board, "admission", application=application)
        assert "was decided on 20 May 2026" in said(make.put, again, minute=40)


@pytest.fixture
def case(bylaws):
    """A proceeding for detriment, notified and heard."""
    return members.proceeding(make.stint(make.agency()))


def removal(meeting, case, proposes="terminated", **known):
    return make.moved(meeting, "removal_detriment", proceeding=case, proposes=proposes, **known)


@pytest.mark.parametrize(("ayes", "removed"), [(5, False), (6, True)])
def test_a_termination_takes_two_thirds_and_ends_participation(ayes, removed, board, case):
    """Nine in office: six. None named: from the day after the vote (Reading R20)."""
    make.voted(removal(board, case), ayes, 8 - ayes)
    of = case.participation.agency
    days = [DAY, DAY + timedelta(days=1)]
    assert [Agency.objects.active_on(day).filter(pk=of.pk).exists() for day in days] == [True, not removed]


def test_a_termination_is_counted_on_the_base_that_the_bylaws_name(bylaws, board, case):
    """Nine in office, five for and two against: not two thirds of those in office, but of the votes cast."""
    bylaws.thresholds.filter(decision="removal").update_with_history(base="cast")
    motion = make.voted(removal(board, case), 5, 2)
    assert motion.acted.endswith("terminated")


def test_a_suspension_has_its_days(board, case):
    first, back = DAY + timedelta(days=12), DAY + timedelta(days=42)
    make.voted(removal(board, case, "suspended", named_on=first, back_on=back), 6, 2)
    of = case.participation.agency
    days = [first - timedelta(days=1), first, back - timedelta(days=1), back]
    assert [Agency.objects.active_on(day).filter(pk=of.pk).exists() for day in days] == [True, False, False, True]


@pytest.mark.parametrize(
    ("known", "words"),
    [
        pytest.param({"notified_on": None}, "the day the agency was notified", id="not notified"),
        pytest.param({"hearing_on": None}, "the hearing offered", id="not heard"),
        pytest.param({"hearing_on": DAY}, None, id="heard on the day of the vote"),
        pytest.param({"hearing_on": DAY + timedelta(days=1)}, "before the hearing", id="hearing after the vote"),
        pytest.param({"ground": "obligations"}, "on another ground", id="begun on the other ground"),
        pytest.param({"hearing_on": None, "waived_on": date(2026, 3, 9)}, None, id="hearing waived"),
    ],
)
def test_nobody_is_removed_without_notice_and_hearing(known, words, board, said):
    case = members.proceeding(make.stint(make.agency()), **known)
    motion = removal(board, case)
    if words:
        assert words in said(make.put, motion)
    else:
        assert make.voted(motion, 6).acted


def test_a_removal_out_of_order_stands_once_the_waiver_is_on_record(board, said):
    case = members.proceeding(make.stint(make.agency()), hearing_on=None)
    motion = make.put(removal(board, case), out_of_order=True)
    motion = services.declare(motion=motion, at=at(18, 31), ayes=8, nays=0)
    later = at(9, on=DAY + timedelta(days=9))
    assert "the hearing offered" in said(
        services.settle_motion, motion=motion, stands=True, because="The chief agreed", at=later
    )
    assert Motion.objects.get(pk=motion.pk).stands is None
    Proceeding.objects.filter(pk=case.pk).update_with_history(waived_on=DAY - timedelta(days=1))
    services.settle_motion(motion=motion, stands=True, because="The chief had waived", at=later)
    assert Proceeding.objects.get(pk=case.pk).effective_on == DAY + timedelta(days=1)


def test_ending_an_agency_takes_its_seat_from_that_day_and_says_so_before(bylaws):
    terms = make.board(9)
    board, of = make.opened("board", 8), terms[4].holder.agency
    case = members.proceeding(make.stint(of))
    assert services.seat_names_held_by(of, DAY) == [f"the seat At-large member 1 ({terms[4].holder.name})"]
    make.voted(removal(board, case), 6, 2)
    seats = [len(services.board_on(day).in_office) for day in (DAY, DAY + timedelta(days=1))]
    assert seats == [9, 8]
    assert len(make.roll(board)) == 9


# Bylaws


def draft(title="Bylaws of 2026", **figures):
    version = services.draft_amendment(title=title, source=BylawsVersion.objects.get(title="Amended bylaws of 2018"))
    for name, value in figures.items():
        setattr(version, name, value)
    version.save()
    return version


@pytest.mark.parametrize(
    ("sent_on", "recommended_on", "words"),
    [
        pytest.param(date(2026, 5, 4), DAY, None, id="16 days before"),
        pytest.param(date(2026, 5, 5), DAY, None, id="15 days before"),
        pytest.param(date(2026, 5, 6), DAY, "20 May 2026 less 15 days is 5 May 2026", id="14 days before"),
        pytest.param(None, DAY, "the day the text was sent to all", id="not sent"),
        pytest.param(date(2026, 5, 5), None, "the Board's recommendation", id="no recommendation"),
        pytest.param(date(2026, 5, 5), DAY + timedelta(days=1), "after the meeting", id="recommended too late"),
    ],
)
def test_an_amendment_of_the_bylaws_is_sent_and_recommended_first(sent_on, recommended_on, words, annual, said):
    motion = make.moved(
        annual, "bylaws_amendment", proposed_bylaws=draft(), sent_on=sent_on, recommended_on=recommended_on
    )
    if words:
        assert words in said(make.put, motion)
    else:
        make.voted(motion, 5, 3)
        assert BylawsVersion.objects.governing_on(DAY).title == "Bylaws of 2026"
        assert BylawsVersion.objects.governing_on(DAY - timedelta(days=1)).title == "Amended bylaws of 2018"


def amendment(meeting, version):
    return make.moved(
        meeting, "bylaws_amendment", proposed_bylaws=version, sent_on=date(2026, 5, 1), recommended_on=date(2026, 5, 1)
    )


def test_motions_put_after_an_amendment_run_under_the_new_bylaws_and_the_roll_under_the_old(annual):
    """Under the new version two thirds of those present decide: 5 of 8 no longer carry."""
    version = draft()
    version.thresholds.filter(decision="assembly").update_with_history(numerator=2, denominator=3, exceeds=False)
    before = make.voted(make.moved(annual), 5, 3, minute=10)
    make.voted(amendment(annual, version), 5, 3, minute=20)
    after = make.voted(make.moved(annual), 5, 3, minute=30)
    assert [motion.state for motion in (before, after)] == ["carried", "failed"]
    assert [motion.bylaws.title for motion in (before, after)] == ["Amended bylaws of 2018", "Bylaws of 2026"]
    assert Meeting.objects.get(pk=annual.pk).bylaws.title == "Amended bylaws of 2018"
    assert services.outcome_of(Motion.objects.get(pk=before.pk)).value is True


def test_an_amendment_may_name_a_later_day_and_is_not_adopted_twice(annual, said):
    version = draft()
    first = amendment(annual, version)
    first.named_on = DAY + timedelta(days=30)
    first.save()
    second = amendment(annual, version)
    make.voted(first, 8, minute=10)
    assert BylawsVersion.objects.governing_on(DAY).title == "Amended bylaws of 2018"
    assert BylawsVersion.objects.governing_on(DAY + timedelta(days=30)).title == "Bylaws of 2026"
    assert "in force already" in said(make.put, second, minute=20)


def test_a_version_without_a_threshold_decides_nothing_of_that_kind(annual, said):
    version = draft()
    version.thresholds.get(decision="dissolution").delete_as(members.person("superuser"))
    make.voted(amendment(annual, version), 8, minute=10)
    assert Decision.DISSOLUTION not in BylawsVersion.objects.get(pk=version.pk).terms.thresholds
    words = said(make.put, make.moved(annual, "dissolution"), minute=20)
    assert "do not say how many votes carry this: Dissolution" in words


@pytest.mark.parametrize(("on", "adopts"), [(date(2018, 10, 29), False), (date(2018, 10, 30), True)])
def test_the_amended_bylaws_are_adopted_60_days_after_the_later_count_by_hand(on, adopts, db, said):
    """Three of four original agencies approve and sign by 31 August 2018; the version of 2009 is not known."""
    for number in range(4):
        of = members.original_member().agency
        if number < 3:
            day = date(2018, 8, 31)
            members.approval(of, day, edition="amended")
            members.execution(of, day, edition="amended")
            restate(of)
    meeting = make.opened("special", on=on)
    version = BylawsVersion.objects.get(title="Amended bylaws of 2018")
    motion = make.moved(meeting, "adoption", proposed_bylaws=version)
    assert "record the outcome by hand" in said(make.put, motion)
    if not adopts:
        assert "before the earliest lawful day, 30 October 2018" in said(make.put, motion, "by_hand")
        return
    motion = make.put(motion, "by_hand")
    result = {"motion": motion, "at": at(18, 40, on), "carried": True}
    assert "what shows the outcome" in said(services.declare, **result)
    services.declare(by_hand_because="Minutes of the day, page 2", **result)
    assert AgreementVersion.objects.amended().collective.day == on
    assert BylawsVersion.objects.governing_on(on) == version
    following = make.moved(meeting, text="Thanks.")
    assert "figures are known: count the vote" in said(make.put, following, "by_hand", minute=50)
    make.arrived(meeting, 3, at(18, 45, on))
    assert make.voted(following, 2, 1, minute=50).bylaws == version


@pytest.mark.parametrize(("ahead", "roll"), [(False, 4), (True, 3)])
def test_only_original_agencies_are_on_the_roll_that_adopts_the_bylaws(ahead, roll, db):
    """Three participated before 1 May 2018, one joined later: it counts at any other meeting (Reading R4)."""
    on = date(2018, 12, 3)
    for _number in range(3):
        members.original_member()
    members.new_member(joined=date(2018, 9, 3))
    meeting = make.meeting("special", on=on)
    if ahead:
        make.moved(meeting, "adoption", proposed_bylaws=BylawsVersion.objects.get(title="Amended bylaws of 2018"))
    assert len(services.roll_on(meeting).entitled) == roll
    services.call_to_order(meeting=meeting, at=at(18, 0, on))
    assert meeting.roll.count() == roll


def test_the_outcome_by_hand_under_unknown_bylaws_says_what_it_rests_on(db, said):
    members.original_member()
    meeting = make.opened(on=date(2017, 5, 10))
    motion = make.put(make.moved(meeting), "by_hand")
    result = {"motion": motion, "at": at(18, 40, date(2017, 5, 10))}
    assert "what the presiding officer declared" in said(services.declare, by_hand_because="-", **result)
    motion = services.declare(carried=False, by_hand_because="The Secretary's letter", **result)
    finding = services.outcome_of(motion)
    assert finding.value is False
    assert "recorded by hand as lost: The Secretary's letter" in str(finding.because[0])
    assert services.quorum_of(meeting).value is None
    assert services.quorum_needed(meeting) is None


# Dissolution, objection, minutes, appointment, amendment to a motion


@pytest.mark.parametrize(("ayes", "dissolved"), [(7, False), (8, True)])
def test_dissolution_takes_three_quarters_of_all_active_and_sixty_days(ayes, dissolved, annual):
    """Ten active: eight, though only eight are there."""
    motion = make.voted(make.moved(annual, "dissolution"), ayes, 8 - ayes)
    assert hasattr(motion, "dissolution") is dissolved
    if dissolved:
        assert motion.dissolution.by_on == date(2026, 7, 19)
        assert motion.dissolution.steps.count() == 5


@pytest.mark.parametrize(
    ("ayes", "upheld"),
    [pytest.param(4, False, id="a tie fails"), pytest.param(5, True, id="five of eight there uphold it")],
)
def test_an_objection_is_upheld_by_a_majority_of_those_present(ayes, upheld, annual, said):
    objection = Objection.objects.create(agency=make.agency(), received_on=DAY, against="The new dues")
    make.voted(make.moved(annual, "objection", objection=objection), ayes, 8 - ayes)
    objection.refresh_from_db()
    assert (objection.upheld, objection.decided_on) == (upheld, DAY)
    assert objection.set_aside_on == (DAY if upheld else None)
    again = make.moved(annual, "objection", objection=objection)
    assert "was voted on or taken back on 20 May 2026" in said(make.put, again, minute=40)


def test_an_objection_received_after_the_meeting_waits_for_the_next(annual, said):
    objection = Objection.objects.create(agency=make.agency(), received_on=DAY + timedelta(days=1), against="Dues")
    assert "after this meeting" in said(make.put, make.moved(annual, "objection", objection=objection))


@pytest.mark.parametrize(
    ("office", "meeting", "words"),
    [
        ("secretary", "board", None),
        ("vice_president", "board", None),
        ("president", "board", "Art. V §5"),
        ("past_president", "board", "Art. IV §3"),
        ("at_large", "board", "Art. IV §4"),
        ("at_large", "special", "the bylaws are silent"),
    ],
)
def test_an_appointment_is_approved_where_its_office_is_filled_so(office, meeting, words, bylaws, said):
    make.board(9)
    new = make.chief(make.agency())
    opened = make.opened(meeting, 8)
    motion = make.moved(opened, "appointment", seat=make.seat(office), nominee=new)
    if words:
        assert words in said(make.put, motion)
    else:
        make.voted(motion, 5, 3)
        term = OfficeTerm.objects.get(holder=new)
        assert (term.how, term.appointed_by, term.motion) == ("appointed", "president_and_board", motion)


def test_a_special_meeting_replaces_an_at_large_member_whose_agency_was_suspended(bylaws):
    term = make.board(9)[5]
    make.suspended(term.holder.agency, date(2026, 5, 1))
    special = make.opened("special", 6)
    new = make.chief(make.agency())
    make.voted(make.moved(special, "appointment", seat=term.seat, nominee=new), 5, 1)
    term.refresh_from_db()
    filled = OfficeTerm.objects.get(holder=new)
    assert (term.ended_on, term.ended_why) == (date(2026, 5, 1), "agency")
    assert (filled.remainder, filled.until_on, filled.appointed_by) == (True, term.until_on, "meeting")


@pytest.mark.parametrize(
    ("payee", "words"),
    [
        pytest.param("Chief of the Board", "serves without compensation", id="a sitting member"),
        pytest.param("A. Bookkeeper", None, id="somebody else"),
        pytest.param("", "who is to be paid", id="nobody named"),
    ],
)
def test_no_member_of_the_board_is_compensated(payee, words, bylaws, said):
    terms = make.board(9)
    payee = terms[2].holder.name.lower() if words and payee else payee
    motion = make.moved(make.opened("board", 8), "compensation", payee=payee)
    if words:
        assert words in said(make.put, motion)
    else:
        assert make.voted(motion, 5).state == "carried"


def test_an_amendment_to_a_motion_is_decided_first_and_changes_its_words(board, said):
    main = make.moved(board, text="To buy two radios.")
    change = make.moved(board, "amend_motion", text="To buy three radios.", amends=main)
    dropped = make.moved(board, "amend_motion", text="To buy none.", amends=main)
    assert f"amendment to it, motion {change.number}, is decided first" in said(make.put, main)
    make.voted(change, 5, 3, minute=10)
    services.withdraw(motion=dropped)
    make.voted(main, 5, 3, minute=20)
    assert Motion.objects.get(pk=main.pk).text == "To buy three radios."
    late = make.moved(board, "amend_motion", text="To buy four.", amends=main)
    assert "no longer pending" in said(make.put, late, minute=30)


def test_a_refused_act_leaves_the_vote_undeclared(board, said):
    """The seat is taken from this day by an act recorded meanwhile: the appointment cannot be done, nor declared."""
    motion = make.put(make.moved(board, "appointment", seat=make.seat("secretary"), nominee=make.chief(make.agency())))
    services.install(
        seat=make.seat("secretary"), holder=make.chief(make.agency()), from_on=DAY, how="appointed",
        appointed_by="president_and_board",
    )  # fmt: skip
    assert "is Secretary from 20 May 2026 already" in said(
        services.declare, motion=motion, at=at(18, 31), ayes=8, nays=0
    )
    assert Motion.objects.get(pk=motion.pk).state == "voting"


# --- As many queries for ten votes as for a hundred -------------------------------------------------------------------


def test_a_vote_and_its_outcome_cost_the_same_queries_for_10_and_100(bylaws):
    counted = []
    for size, on in ((10, DAY), (100, DAY + timedelta(days=1))):
        make.agencies(size)
        meeting = make.opened(present=size, on=on)
        motion = make.put(make.moved(meeting), "roll_call")
        entries = make.roll(meeting)[:size]
        Vote.objects.bulk_create_with_history(
            Vote(motion=motion, entry=entry, choice="for", cast_at=at(18, 31, on)) for entry in entries[1:]
        )
        acts = (
            (services.cast, {"motion": motion, "entry": entries[0], "choice": "for", "at": at(18, 32, on)}),
            (services.declare, {"motion": motion, "at": at(18, 33, on)}),
            (lambda **known: services.outcome_of(Motion.objects.get(**known)), {"pk": motion.pk}),
        )
        for act, named in acts:
            with CaptureQueriesContext(connection) as seen:
                act(**named)
            counted.append(len(seen))
    assert counted[:3] == counted[3:]
