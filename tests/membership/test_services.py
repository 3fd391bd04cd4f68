"""Legal acts: what each door lets through, what it refuses in which words, and what it leaves behind."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from membership import services
from membership.models import AgreementVersion, Application, Participation, TerminationNotice
from membership.rules.facts import Status
from tests.membership import factories as make

pytestmark = pytest.mark.django_db


def words(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return " ".join(error.value.messages)


def status(stint: Participation, day: date) -> Status:
    return services.standing_of(stint.agency, day).status


# --- Termination Notices ----------------------------------------------------------------------------------------------


def test_a_notice_fixes_its_day_and_ends_participation_on_it():
    stint = make.original_member()
    notice = services.receive_notice(participation=stint, received_on=date(2017, 12, 31))
    assert notice.effective_on == date(2018, 5, 1)
    stint.refresh_from_db()
    assert stint.withdrawn_on == date(2018, 5, 1)
    assert status(stint, date(2018, 4, 30)) is Status.ACTIVE
    assert status(stint, date(2018, 5, 1)) is Status.WITHDRAWN


@pytest.mark.parametrize(
    ("received_on", "said"),
    [
        pytest.param(date(2003, 8, 17), "did not participate yet", id="the day before it joined"),
        pytest.param(date(2018, 5, 1), "has already left", id="the first day out"),
    ],
)
def test_a_notice_needs_an_agency_that_participates(received_on, said):
    stint = make.original_member()
    services.receive_notice(participation=stint, received_on=date(2017, 6, 1))
    stint.refresh_from_db()
    with pytest.raises(ValidationError) as error:
        services.receive_notice(participation=stint, received_on=received_on)
    assert said in words(error)
    assert TerminationNotice.objects.count() == 1


def test_a_second_notice_is_recorded_and_changes_nothing():
    stint = make.original_member()
    services.receive_notice(participation=stint, received_on=date(2016, 12, 1))
    services.receive_notice(participation=stint, received_on=date(2017, 1, 15))
    stint.refresh_from_db()
    assert stint.withdrawn_on == date(2017, 5, 1)


def test_the_same_notice_twice_is_refused():
    stint = make.original_member()
    services.receive_notice(participation=stint, received_on=date(2016, 12, 1))
    with pytest.raises(ValidationError) as error:
        services.receive_notice(participation=stint, received_on=date(2016, 12, 1))
    assert "already recorded" in words(error)


def test_seeing_a_notices_effect_records_nothing():
    stint = make.original_member()
    assert services.preview_notice(stint, received_on=date(2016, 12, 31)).value == date(2017, 5, 1)
    assert not TerminationNotice.objects.exists()


def test_a_rescinded_notice_ends_nothing_and_a_later_one_does():
    stint = make.original_member()
    notice = services.receive_notice(participation=stint, received_on=date(2016, 12, 1))
    services.rescind_notice(notice=notice, decided_on=date(2017, 4, 30))
    stint.refresh_from_db()
    assert stint.withdrawn_on is None
    services.receive_notice(participation=stint, received_on=date(2017, 5, 2))
    stint.refresh_from_db()
    assert stint.withdrawn_on == date(2018, 5, 1)
    with pytest.raises(ValidationError, match="already rescinded"):
        services.rescind_notice(notice=notice, decided_on=date(2017, 4, 30))


def test_a_notice_is_refused_in_words_while_it_is_open_which_figures_govern():
    stint = make.original_member()
    for edition, changes in (("original", {"ends_month": 7}), ("amended", {"collective_state": "happened"})):
        version = AgreementVersion.objects.get(edition=edition)
        for name, value in changes.items():
            setattr(version, name, value)
        version.save()
    with pytest.raises(ValidationError, match="their figures differ"):
        services.receive_notice(participation=stint, received_on=date(2016, 12, 1))
    assert not TerminationNotice.objects.exists()


@pytest.mark.parametrize("decided_on", [date(2016, 11, 30), date(2017, 5, 1)])
def test_a_rescission_outside_the_notices_run_is_refused(decided_on):
    notice = services.receive_notice(participation=make.original_member(), received_on=date(2016, 12, 1))
    with pytest.raises(ValidationError, match="cannot be rescinded"):
        services.rescind_notice(notice=notice, decided_on=decided_on)
    notice.refresh_from_db()
    assert notice.rescinded_on is None


@pytest.mark.parametrize(
    ("received_on", "ends"),
    [
        pytest.param(date(2016, 12, 31), date(2017, 5, 1), id="the last day of the year"),
        pytest.param(date(2017, 1, 1), date(2018, 5, 1), id="the first day of the next: a year later"),
    ],
)
def test_a_day_of_receipt_recorded_wrongly_is_put_right_with_its_reason(received_on, ends):
    notice = services.receive_notice(participation=make.original_member(), received_on=date(2015, 6, 1))
    corrected = services.correct_notice(notice=notice, received_on=received_on, because="the stamp on the letter")
    assert corrected.effective_on == ends
    assert Participation.objects.get(pk=notice.participation_id).withdrawn_on == ends
    assert corrected.history.latest().history_change_reason == "Corrected: the stamp on the letter"
    assert [past.received_on for past in corrected.history.all()] == [received_on, date(2015, 6, 1)]


@pytest.mark.parametrize(
    ("received_on", "because", "said"),
    [
        pytest.param(date(2016, 12, 1), " ", "Say how the right day is known", id="no reason"),
        pytest.param(date(2003, 8, 17), "the stamp", "did not participate yet", id="before it joined"),
    ],
)
def test_a_correction_without_reason_or_sense_is_refused(received_on, because, said):
    notice = services.receive_notice(participation=make.original_member(), received_on=date(2015, 6, 1))
    with pytest.raises(ValidationError, match=said):
        services.correct_notice(notice=notice, received_on=received_on, because=because)
    notice.refresh_from_db()
    assert notice.received_on == date(2015, 6, 1)


# --- Proceedings ------------------------------------------------------------------------------------------------------

HEARD = {"notified_on": date(2016, 2, 1), "hearing_on": date(2016, 3, 1), "opened_on": date(2016, 1, 15), "reason": "-"}
VOTE = {"decided_on": date(2016, 3, 1), "votes_for": 8, "votes_against": 3, "in_office": 11}


def test_a_termination_takes_effect_the_day_after_the_vote():
    stint = make.original_member()
    proceeding = make.proceeding(stint, ground="obligations", **HEARD)
    services.decide_proceeding(proceeding=proceeding, outcome="terminated", **VOTE)
    stint.refresh_from_db()
    assert stint.terminated_on == date(2016, 3, 2)
    assert status(stint, date(2016, 3, 1)) is Status.ACTIVE
    assert status(stint, date(2016, 3, 2)) is Status.TERMINATED


def test_a_suspension_lasts_until_its_first_day_back():
    stint = make.original_member()
    proceeding = make.proceeding(stint, ground="detriment", **HEARD)
    services.decide_proceeding(proceeding=proceeding, outcome="suspended", named_on=date(2016, 4, 1), **VOTE)
    assert status(stint, date(2016, 12, 31)) is Status.SUSPENDED
    services.end_suspension(proceeding=proceeding, back_on=date(2016, 5, 1))
    assert [status(stint, day) for day in (date(2016, 3, 31), date(2016, 4, 30), date(2016, 5, 1))] == [
        Status.ACTIVE,
        Status.SUSPENDED,
        Status.ACTIVE,
    ]


@pytest.mark.parametrize(
    ("facts", "decision", "said"),
    [
        pytest.param({"notified_on": None}, {}, "the day the agency was notified", id="not notified"),
        pytest.param({"hearing_on": date(2016, 3, 2)}, {}, "before the hearing of 2 March 2016", id="decided before its hearing"),
        pytest.param({}, {"votes_for": 7}, "2/3 is 8", id="7 of 11"),
        pytest.param({}, {"votes_for": None}, "the votes for", id="votes not given"),
        pytest.param({}, {"named_on": date(2016, 2, 29)}, "before the vote", id="a day before the vote"),
        pytest.param({}, {"outcome": "suspended"}, "never suspend", id="obligations do not suspend"),
    ],
)  # fmt: skip
def test_a_decision_without_its_conditions_is_refused_and_changes_nothing(facts, decision, said):
    stint = make.original_member()
    proceeding = make.proceeding(stint, ground="obligations", **{**HEARD, **facts})
    with pytest.raises(ValidationError) as error:
        services.decide_proceeding(proceeding=proceeding, **{"outcome": "terminated", **VOTE, **decision})
    assert said in words(error)
    proceeding.refresh_from_db()
    stint.refresh_from_db()
    assert (proceeding.outcome, stint.terminated_on) == ("", None)


def test_a_proceeding_is_decided_once_and_only_a_suspension_has_a_day_back():
    proceeding = make.proceeding(make.original_member(), ground="detriment", **HEARD)
    services.decide_proceeding(proceeding=proceeding, outcome="dismissed", decided_on=date(2016, 3, 1))
    with pytest.raises(ValidationError, match="already decided"):
        services.decide_proceeding(proceeding=proceeding, outcome="terminated", **VOTE)
    with pytest.raises(ValidationError, match="Only a suspension"):
        services.end_suspension(proceeding=proceeding, back_on=date(2016, 6, 1))


def test_an_agency_that_has_left_cannot_be_terminated():
    stint = make.original_member()
    services.receive_notice(participation=stint, received_on=date(2014, 6, 1))
    proceeding = make.proceeding(stint, ground="obligations", **HEARD)
    with pytest.raises(ValidationError, match="does not participate"):
        services.decide_proceeding(proceeding=proceeding, outcome="terminated", **VOTE)


# --- Joining ----------------------------------------------------------------------------------------------------------


def applicant(**changes: object) -> Application:
    application = make.complete_application(make.agency(), make.original_member().agency, date(2017, 2, 1))
    for name, value in changes.items():
        setattr(application, name, value)
    application.save()
    return application


def test_an_approved_agency_participates_once_its_joining_dues_are_paid():
    stint = services.admit(application=applicant(), decided_on=date(2017, 3, 10))
    assert status(stint, date(2017, 3, 10)) is Status.APPLICANT
    services.pay_joining_dues(participation=stint, paid_on=date(2017, 4, 2))
    assert status(stint, date(2017, 4, 1)) is Status.APPLICANT
    assert status(stint, date(2017, 4, 2)) is Status.ACTIVE
    with pytest.raises(ValidationError, match="already paid"):
        services.pay_joining_dues(participation=stint, paid_on=date(2017, 4, 3))


def test_where_no_dues_are_required_the_boards_approval_is_the_last_event():
    stint = services.admit(application=applicant(), decided_on=date(2017, 3, 10), dues_required=False)
    assert status(stint, date(2017, 3, 10)) is Status.ACTIVE
    with pytest.raises(ValidationError, match="No joining dues"):
        services.pay_joining_dues(participation=stint, paid_on=date(2017, 4, 2))


def test_an_incomplete_packet_is_refused_as_an_act_and_recordable_as_out_of_order():
    application = applicant(ordinance_copy=False)
    with pytest.raises(ValidationError) as error:
        services.admit(application=application, decided_on=date(2017, 3, 10))
    assert "Missing: c) copy of the ordinance" in words(error)
    assert services.admit(application=application, decided_on=date(2017, 3, 10), out_of_order=True) is None
    application.refresh_from_db()
    assert application.out_of_order
    assert services.standing_of(application.agency, date(2017, 4, 1)).status is Status.APPLICANT


@pytest.mark.parametrize(
    ("stands", "then"),
    [
        pytest.param(True, Status.ACTIVE, id="it stands: participation from the day of the vote"),
        pytest.param(False, Status.APPLICANT, id="it does not stand: the application is open again"),
    ],
)
def test_a_vote_out_of_order_waits_for_a_persons_decision(stands, then):
    application = applicant(ordinance_copy=False)
    services.admit(application=application, decided_on=date(2017, 3, 10), out_of_order=True)
    with pytest.raises(ValidationError, match="Say why"):
        services.settle_vote(application=application, stands=stands, because=" ")
    services.settle_vote(application=application, stands=stands, because="Board, 1 April 2017", dues_required=False)
    assert services.standing_of(application.agency, date(2017, 3, 10)).status is then
    assert "Board, 1 April 2017" in application.history.latest().history_change_reason
    with pytest.raises(ValidationError, match="Only a vote recorded as out of order"):
        services.settle_vote(application=application, stands=stands, because="again")


def test_a_disapproval_out_of_order_that_stands_closes_the_application():
    application = applicant(ordinance_copy=False)
    services.close_application(
        application=application, decision="disapproved", decided_on=date(2017, 3, 10), out_of_order=True
    )
    assert services.standing_of(application.agency, date(2017, 3, 10)).status is Status.APPLICANT
    services.settle_vote(application=application, stands=True, because="Board, 1 April 2017")
    assert services.standing_of(application.agency, date(2017, 3, 10)).status is Status.PROSPECT


def test_the_packet_is_a_condition_of_disapproval_too():
    with pytest.raises(ValidationError, match="condition of disapproval"):
        services.close_application(
            application=applicant(executed_copy=False), decision="disapproved", decided_on=date(2017, 3, 10)
        )
    closed = services.close_application(application=applicant(), decision="disapproved", decided_on=date(2017, 3, 10))
    assert services.standing_of(closed.agency, date(2017, 3, 9)).status is Status.APPLICANT
    assert services.standing_of(closed.agency, date(2017, 3, 10)).status is Status.PROSPECT
    with pytest.raises(ValidationError, match="already decided"):
        services.admit(application=closed, decided_on=date(2017, 3, 11))


def test_a_recommender_that_is_not_active_does_not_recommend():
    left = make.original_member()
    services.receive_notice(participation=left, received_on=date(2015, 6, 1))
    with pytest.raises(ValidationError, match="was not"):
        services.admit(application=applicant(recommender=left.agency), decided_on=date(2017, 3, 10))


def back_again(papers_on: date) -> Application:
    stint = make.original_member()
    services.receive_notice(participation=stint, received_on=date(2015, 6, 1))
    return Application.objects.create(
        agency=stint.agency, letter_on=papers_on, recommender=make.original_member().agency, recommended_on=papers_on,
        approval=make.approval(stint.agency, papers_on, edition="amended"), execution=make.execution(stint.agency, papers_on, "amended"),
        ordinance_copy=True, executed_copy=True,
    )  # fmt: skip


def test_who_left_comes_back_with_fresh_papers_only():
    with pytest.raises(ValidationError, match="fresh papers"):
        services.admit(application=back_again(date(2016, 4, 30)), decided_on=date(2017, 3, 10))
    stint = services.admit(application=back_again(date(2016, 5, 1)), decided_on=date(2017, 3, 10), dues_required=False)
    assert stint.number == 2
    assert status(stint, date(2017, 3, 9)) is Status.WITHDRAWN
    assert status(stint, date(2017, 3, 10)) is Status.ACTIVE


def test_an_agency_that_participates_cannot_be_admitted_again():
    stint = make.original_member()
    application = make.complete_application(stint.agency, make.original_member().agency, date(2017, 2, 1))
    with pytest.raises(ValidationError, match="stints never overlap"):
        services.admit(application=application, decided_on=date(2017, 3, 10))


# --- Papers -----------------------------------------------------------------------------------------------------------


def test_a_chosen_date_governs_and_needs_its_reason():
    approval = make.approval(make.agency(), date(2018, 5, 4), date(2018, 6, 4), edition="amended")
    assert (approval.earliest_on, approval.latest_on) == (date(2018, 5, 4), date(2018, 6, 4))
    with pytest.raises(ValidationError, match="Say why"):
        services.choose_date(approval=approval, on=date(2018, 6, 4), because="  ")
    services.choose_date(approval=approval, on=date(2018, 6, 4), because="The clerk filed it by the day of passage.")
    approval.refresh_from_db()
    assert (approval.earliest_on, approval.latest_on) == (date(2018, 6, 4), date(2018, 6, 4))
    assert approval.finding().value == date(2018, 6, 4)


def test_new_papers_are_linked_to_the_one_original_stint_they_serve():
    stint = make.original_member()
    first = make.approval(stint.agency, date(2018, 6, 1), edition="amended")
    signed = make.execution(stint.agency, date(2018, 6, 5), edition="amended")
    services.restate(stint.agency)
    stint.refresh_from_db()
    assert (stint.amended_approval, stint.amended_execution) == (first, signed)
    make.approval(stint.agency, date(2018, 7, 1), edition="amended", rescinds=first)
    services.restate(stint.agency)
    stint.refresh_from_db()
    assert stint.amended_approval == first, "rescind-and-replace breaks nothing"


def test_an_approval_rescinded_without_replacement_no_longer_serves():
    stint = make.original_member()
    first = make.approval(stint.agency, date(2018, 6, 1), edition="amended")
    services.restate(stint.agency)
    make.approval(stint.agency, date(2018, 7, 1), edition="amended", rescinds=first, approves=False)
    services.restate(stint.agency)
    stint.refresh_from_db()
    assert stint.amended_approval is None


def test_a_persons_decision_is_kept_with_its_reason():
    stint = make.original_member(joined=date(2018, 6, 1))
    version = AgreementVersion.objects.amended()
    version.collective_state, version.collective_on = "known", date(2019, 2, 5)
    version.save()
    assert status(stint, date(2019, 2, 4)) is Status.ACTIVE
    assert status(stint, date(2019, 2, 5)) is Status.NOT_DETERMINED
    with pytest.raises(ValidationError, match="its day and its reason"):
        services.settle(participation=stint, settlement="remains", on=date(2019, 3, 1), because=" ")
    services.settle(participation=stint, settlement="remains", on=date(2019, 3, 1), because="Board, 1 March 2019")
    assert status(stint, date(2019, 2, 5)) is Status.ACTIVE


def test_a_place_in_a_team_left_open_in_a_stint_that_ended_is_not_a_place():
    stint = make.original_member()
    make.in_team(stint, elected_on=date(2005, 1, 1))
    assert services.teams_on(stint.agency, date(2017, 4, 30)) == ["Emergency Services Team"]
    services.receive_notice(participation=stint, received_on=date(2016, 12, 1))
    assert services.teams_on(stint.agency, date(2017, 4, 30)) == ["Emergency Services Team"]
    assert services.teams_on(stint.agency, date(2017, 5, 1)) == []


@pytest.mark.parametrize(
    ("papers", "said"),
    [
        pytest.param({"approved": (date(2018, 5, 4), date(2018, 6, 4))}, "which date governs", id="dates that disagree"),
        pytest.param({"signed": date(2018, 5, 30)}, "signed before the Approval of 4 June 2018", id="signed before it was approved"),
        pytest.param({}, "", id="papers in order"),
    ],
)  # fmt: skip
def test_what_is_odd_about_the_papers_is_told_with_the_standing(papers, said):
    stint = make.original_member()
    make.approval(stint.agency, *papers.get("approved", (date(2018, 6, 4),)), edition="amended")
    make.execution(stint.agency, papers.get("signed", date(2018, 6, 5)), edition="amended")
    services.restate(stint.agency)
    version = AgreementVersion.objects.amended()
    version.collective_state, version.collective_on = "known", date(2019, 2, 5)
    version.save()
    flags = services.standing_of(stint.agency, date(2019, 2, 5)).finding.flags
    assert [said in str(flag) for flag in flags] == ([True] if said else [])
    before = services.standing_of(stint.agency, date(2019, 2, 4)).finding.flags
    assert before == (), "the papers of the amended agreement do not matter yet"


def test_a_repeal_of_the_old_ordinance_ends_nothing():
    agency = make.agency()
    first = make.approval(agency, date(1990, 3, 1))
    make.approval(agency, date(2010, 3, 1), rescinds=first, approves=False)
    stint = Participation.objects.create(
        agency=agency, path="original", execution=make.execution(agency, date(1990, 3, 5))
    )
    services.restate(agency)
    stint.refresh_from_db()
    assert stint.approval == first
    assert status(stint, date(2015, 1, 1)) is Status.ACTIVE


# --- Adoption ---------------------------------------------------------------------------------------------------------


def test_the_adoption_counts_by_day_and_says_who_is_missing_what():
    stints = [make.original_member(f"Agency {letter}") for letter in "ABCD"]
    for stint, day in zip(stints, (date(2018, 6, 10), date(2018, 6, 20), date(2018, 10, 1)), strict=False):
        make.approval(stint.agency, day, edition="amended")
        make.execution(stint.agency, date(2018, 12, 1), edition="amended")
        services.restate(stint.agency)
    progress = services.adoption_progress(date(2018, 12, 1))
    assert (progress.approvals.sure, progress.approvals.base, progress.approvals.needed) == (3, 4, 3)
    assert progress.approvals_reached.day == date(2018, 10, 1)
    assert progress.meeting.value == date(2019, 1, 30)
    assert progress.approval_steps == ((date(2018, 6, 10), 1), (date(2018, 6, 20), 2), (date(2018, 10, 1), 3))
    assert [(who.agency, who.missing) for who in progress.wanting] == [("Agency D", ("Approval", "Execution"))]


@pytest.mark.parametrize("agencies", [1, 21])
def test_the_adoption_takes_the_same_few_queries_for_any_number_of_agencies(agencies, django_assert_max_num_queries):
    for _number in range(agencies):
        make.original_member()
    with django_assert_max_num_queries(6):
        services.adoption_progress(date(2018, 12, 1))


def test_the_nearest_active_agencies_are_told_in_miles():
    here = make.agency(latitude="42.000000", longitude="-88.000000")
    near, far = make.original_member("Near"), make.original_member("Far")
    for stint, latitude in ((near, "42.100000"), (far, "42.500000")):
        stint.agency.latitude, stint.agency.longitude = latitude, "-88.000000"
        stint.agency.save()
    found = services.nearest_active(here, date(2017, 1, 1))
    assert [agency.name for agency, _miles in found] == ["Near", "Far"]
    assert found[0][1] == pytest.approx(6.9, abs=0.1)
    assert services.nearest_active(make.agency(), date(2017, 1, 1)) == []
