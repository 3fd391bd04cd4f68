"""Elections: nominees, ballots, second ballots, ties that stop, and installation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from board import services
from board.models import Ballot, BylawsVersion, Election, Nominee, OfficeTerm
from board.rules.elections import Stage
from membership.models import Official
from tests.board import factories as make
from tests.membership import factories as members

pytestmark = pytest.mark.django_db
DAY = make.DAY
at = make.at


@pytest.fixture
def meeting(bylaws):
    """An annual meeting of ten agencies, nine of them there, and a President in office since January."""
    make.agencies(8)
    make.board(2)
    return make.opened(present=9)


def chiefs(of, number):
    return [make.chief(entry.agency) for entry in make.roll(of)[:number]]


def stage(of: Election) -> Stage:
    return services.standing_of(Election.objects.whole().get(pk=of.pk)).value.stage


# --- Nominees ---------------------------------------------------------------------------------------------------------


def test_only_president_and_vice_president_are_elected_and_only_at_the_annual_meeting(meeting, said):
    board = make.meeting("board")
    assert "Bylaws Art. V §2" in said(services.open_election, meeting=meeting, seat=make.seat("secretary"))
    assert "Bylaws Art. V §9" in said(services.open_election, meeting=board, seat=make.seat())
    services.open_election(meeting=meeting, seat=make.seat())
    assert "already elects to this office" in said(services.open_election, meeting=meeting, seat=make.seat())


def test_the_committee_presents_one_nominee_who_consented(meeting, said):
    election, _none = make.election(meeting)
    one, two = chiefs(meeting, 2)
    by = {"election": election, "by": "committee"}
    assert "consent" in said(services.nominate, official=one, **by)
    services.nominate(official=one, consented_on=date(2026, 4, 1), **by)
    assert "one nominee for each office" in said(services.nominate, official=two, consented_on=date(2026, 4, 1), **by)


def test_from_the_floor_an_active_agency_nominates_and_consent_is_no_condition(meeting, said):
    election, _none = make.election(meeting)
    one, two = chiefs(meeting, 2)
    by = {"election": election, "by": "floor"}
    assert "which agency nominates from the floor" in said(services.nominate, official=one, **by)
    other = make.opened("annual", hour=12)
    assert "not on the roll of this meeting" in said(
        services.nominate, official=one, nominated_by=make.roll(other)[0], **by
    )
    entry = make.roll(meeting)[3]
    services.nominate(official=one, nominated_by=entry, **by)
    assert "already nominated" in said(services.nominate, official=one, nominated_by=entry, **by)
    same = Official.objects.create(agency=one.agency, capacity="designee", name=one.name, from_on=date(2015, 1, 1))
    assert "already nominated" in said(services.nominate, official=same, nominated_by=entry, **by)
    services.nominate(official=two, nominated_by=entry, **by)


@pytest.mark.parametrize(
    ("suspended_on", "back_on", "words"),
    [
        pytest.param(date(2025, 5, 1), date(2025, 5, 20), None, id="back twelve months to the day"),
        pytest.param(date(2025, 5, 1), date(2025, 5, 21), "20 May 2025", id="one day suspended within twelve months"),
    ],
)
def test_an_officer_is_of_an_agency_active_for_twelve_months(suspended_on, back_on, words, bylaws, said):
    make.agencies(3)
    of = make.agency()
    make.suspended(of, suspended_on, back_on)
    meeting = make.opened(present=4)
    if words:
        refused = said(make.election, meeting, "president", make.chief(of))
        assert words in refused
        assert "Bylaws Art. V §1" in refused
    else:
        election, (nominee,) = make.election(meeting, "president", make.chief(of))
        assert services.eligibility_of(nominee).value is True
        assert stage(election) is Stage.BALLOT


def test_a_clerk_of_an_agency_is_not_elected(meeting, said):
    clerk = Official.objects.create(
        agency=make.roll(meeting)[0].agency, capacity="clerk", name="Kim Clerk", from_on=date(2015, 1, 1)
    )
    assert "neither chief executive officer nor official designee" in said(make.election, meeting, "president", clerk)


def test_a_name_is_taken_back_before_a_ballot_and_not_after(meeting, said):
    election, nominees = make.election(meeting, "president", *chiefs(meeting, 3))
    services.decline(nominee=nominees[2])
    make.ballot(election, 5, 4)
    assert "stays on it" in said(services.decline, nominee=nominees[1])
    entry = make.roll(meeting)[5]
    assert "elected: the election is decided" in said(
        services.nominate, election=election, official=make.chief(entry.agency), by="floor", nominated_by=entry
    )


# --- Ballots ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("votes", "blanks", "illegal", "where", "between"),
    [
        pytest.param((5, 4), 0, 0, Stage.ELECTED, (), id="5-4 elects"),
        pytest.param((4, 4), 1, 0, Stage.SECOND_BALLOT, (0, 1), id="4-4 and a blank goes to a second ballot"),
        pytest.param((4, 2), 3, 0, Stage.ELECTED, (), id="blanks do not count: 4 of 6"),
        pytest.param((4, 2), 0, 2, Stage.SECOND_BALLOT, (0, 1), id="illegal ballots count: 4 of 8"),
        pytest.param((4, 3, 2), 0, 0, Stage.SECOND_BALLOT, (0, 1), id="the first two go on"),
        pytest.param((3, 2, 2, 2), 0, 0, Stage.TIED, (1, 2, 3), id="3-2-2-2 stops"),
        pytest.param((3, 3, 3), 0, 0, Stage.TIED, (0, 1, 2), id="3-3-3 stops"),
        pytest.param((0, 0), 9, 0, Stage.BALLOT, (), id="nobody voted for"),
    ],
)
def test_a_ballot_elects_by_a_majority_of_votes_cast_or_leads_on(votes, blanks, illegal, where, between, meeting):
    election, nominees = make.election(meeting, "president", *chiefs(meeting, len(votes)))
    make.ballot(election, *votes, blanks=blanks, illegal=illegal)
    standing = services.standing_of(Election.objects.whole().get(pk=election.pk)).value
    assert standing.stage is where
    if where is Stage.ELECTED:
        assert standing.elected == nominees[0].official.name
    else:
        assert set(standing.between) == {nominees[place].official.name for place in between}


def test_a_second_ballot_is_between_two_and_elects_and_installs(meeting, said):
    one, two, three = chiefs(meeting, 3)
    election, nominees = make.election(meeting, "president", one, two, three)
    before = OfficeTerm.objects.get(seat__office="president")
    make.ballot(election, 4, 3, 2)
    election = Election.objects.whole().get(pk=election.pk)
    stray = {"election": election, "at": at(18, 45), "votes": {nominees[0].pk: 4, nominees[2].pk: 4}}
    assert f"between {one.name}, {two.name} only" in said(services.take_ballot, **stray)
    make.ballot(election, 4, 5, minute=45)
    term = OfficeTerm.objects.get(seat__office="president", ended_on__isnull=True)
    assert (term.holder, term.how, term.from_on, term.until_on) == (two, "elected", DAY, date(2028, 5, 20))
    assert term.election == election
    before.refresh_from_db()
    assert (before.ended_on, before.ended_why) == (DAY, "successor")
    assert OfficeTerm.objects.get(seat__office="past_president").holder == before.holder
    assert "is already elected" in said(make.ballot, election)


@pytest.mark.parametrize(
    ("votes", "extra", "words"),
    [
        pytest.param((5, 5), {}, "more ballots than agencies", id="ten ballots of nine there"),
        pytest.param((5, 4), {"blanks": 1}, "more ballots than agencies", id="the tenth is blank"),
        pytest.param((5, 4), {"illegal": 1}, "more ballots than agencies", id="the tenth is illegal"),
        pytest.param((5, -1), {}, "never below zero", id="a negative count"),
        pytest.param((5, 4), {"minute": -1}, "recorded at 6:00 PM", id="before the call to order"),
    ],
)
def test_a_ballot_that_cannot_be_is_refused_and_leaves_nothing(votes, extra, words, meeting, said):
    election, _nominees = make.election(meeting, "president", *chiefs(meeting, 2))
    assert words in said(make.ballot, election, *votes, **extra)
    assert not Ballot.objects.filter(election=election).exists()


def test_no_ballot_without_quorum_nominee_or_meeting_in_session(meeting, said):
    empty, _none = make.election(meeting, "vice_president")
    assert "Nobody is nominated (Bylaws Art. V §8)" in said(make.ballot, empty)
    election, _nominees = make.election(meeting, "president", *chiefs(meeting, 2))
    for entry in make.roll(meeting)[:4]:
        services.leave(entry=entry, at=at(18, 5))
    assert "No quorum: 5 of 10" in said(make.ballot, election, 3, 2)
    services.suspend(meeting=meeting, at=at(18, 6), why="police_work")
    assert "resume it first" in said(make.ballot, election, 3, 2)


def test_a_tie_waits_until_a_person_records_what_the_assembly_decided(meeting, said):
    election, nominees = make.election(meeting, "president", *chiefs(meeting, 4))
    ballot = make.ballot(election, 3, 2, 2, 2)
    election = Election.objects.whole().get(pk=election.pk)
    assert services.candidates_next(election) == []
    taken = {"election": election, "at": at(18, 45), "votes": {nominees[0].pk: 5}}
    assert "the bylaws break no tie" in said(services.take_ballot, **taken)
    settle = {"ballot": ballot, "at": at(18, 50)}
    assert "Say what the assembly decided" in said(services.settle_tie, nominees=nominees[:2], because="", **settle)
    assert "Choose among" in said(services.settle_tie, nominees=[], because="By lot", **settle)
    _other, (stranger,) = make.election(meeting, "vice_president", make.chief(make.roll(meeting)[6].agency))
    assert "nominees for this office" in said(
        services.settle_tie, nominees=[nominees[0], stranger], because="By lot", **settle
    )
    services.settle_tie(nominees=nominees[:2], because="By lot, drawn by the tellers", **settle)
    assert stage(election) is Stage.SECOND_BALLOT
    assert "Nothing is tied" in said(services.settle_tie, nominees=nominees[:1], because="-", **settle)
    last = make.ballot(election, 4, 4, minute=55)
    assert stage(election) is Stage.TIED
    services.settle_tie(ballot=last, nominees=nominees[1:2], because="Chosen by voice", at=at(19))
    assert OfficeTerm.objects.get(seat__office="president", from_on=DAY).holder == nominees[1].official


def test_two_nominees_of_one_name_are_counted_apart(bylaws):
    make.agencies(3)
    one, two = (make.chief(make.agency()) for _nominee in range(2))
    Official.objects.filter(pk__in=[one.pk, two.pk]).update_with_history(name="Pat Smith")
    meeting = make.opened(present=5)
    one.refresh_from_db(), two.refresh_from_db()
    election, _nominees = make.election(meeting, "president", one, two)
    make.ballot(election, 2, 3)
    assert OfficeTerm.objects.get(seat__office="president").holder == two


# --- By voice, by hand ------------------------------------------------------------------------------------------------


def test_a_vote_by_voice_only_when_every_office_has_one_nominee(meeting, said):
    one, two, three = chiefs(meeting, 3)
    make.election(meeting, "president", one)
    _second, (_two, extra) = make.election(meeting, "vice_president", two, three)
    assert "Vice-President has 2 nominees" in said(services.elect_by_voice, meeting=meeting, at=at(18, 30))
    services.decline(nominee=extra)
    services.elect_by_voice(meeting=meeting, at=at(18, 30))
    held = OfficeTerm.objects.filter(from_on=DAY, seat__office__in=["president", "vice_president"])
    assert set(held.values_list("seat__office", "holder")) == {("president", one.pk), ("vice_president", two.pk)}


def test_without_any_nominee_nobody_is_elected_by_voice(meeting, said):
    assert "nobody is nominated" in said(services.elect_by_voice, meeting=meeting, at=at(18, 30))


def test_under_unknown_bylaws_an_election_is_declared_by_hand_with_its_source(db, said):
    members.original_member()
    person = members.official(members.original_member().agency, name="Pat Chief")
    meeting = make.opened(on=date(2017, 5, 10))
    election, (nominee,) = make.election(meeting, "president", person)
    assert "record the result by hand" in said(make.ballot, election, 1)
    result = {"election": election, "winner": nominee, "at": at(19, on=date(2017, 5, 10))}
    assert "what shows the result" in said(services.declare_by_hand, because=" ", **result)
    services.declare_by_hand(because="Minutes of 2017", **result)
    finding = services.standing_of(Election.objects.whole().get(pk=election.pk))
    assert finding.value.elected == "Pat Chief"
    assert "Minutes of 2017" in str(finding.because[0])


def test_an_election_under_known_bylaws_is_not_declared_by_hand(meeting, said):
    election, (nominee,) = make.election(meeting, "president", *chiefs(meeting, 1))
    assert "record the ballots" in said(
        services.declare_by_hand, election=election, winner=nominee, because="-", at=at(19)
    )


def test_bylaws_that_do_not_say_how_many_elect_elect_nobody(meeting, said):
    election, _nominees = make.election(meeting, "president", *chiefs(meeting, 2))
    version = BylawsVersion.objects.get(pk=meeting.bylaws_id)
    version.thresholds.get(decision="election").delete_as(members.person("superuser"))
    assert "do not say how many votes elect" in said(make.ballot, election, 5, 4)


def test_an_election_is_not_opened_nor_a_name_put_forward_once_the_meeting_is_over(meeting, said):
    election, _none = make.election(meeting, "president")
    make.adjourned(meeting)
    assert "was adjourned" in said(services.open_election, meeting=meeting, seat=make.seat("vice_president"))
    known = {"election": election, "official": chiefs(meeting, 1)[0], "by": "committee", "consented_on": DAY}
    assert "was adjourned" in said(services.nominate, **known)
    assert not Nominee.objects.filter(election=election).exists()


def test_the_vice_president_elected_president_leaves_the_other_seat(meeting):
    vice = OfficeTerm.objects.get(seat__office="vice_president")
    election, _nominees = make.election(meeting, "president", vice.holder)
    make.ballot(election, 9)
    vice.refresh_from_db()
    assert (vice.ended_on, vice.ended_why) == (DAY, "other_seat")
    board = services.board_on(DAY)
    assert [str(seat.seat) for seat in board.in_office] == ["President", "Immediate past President"]
    assert services.board_on(DAY - timedelta(days=1)).vacant[-1].seating.filled is False
