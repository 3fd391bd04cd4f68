"""The oddities of the demonstration register: what is flagged, what is missing, and what each paper counts for."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from membership.models import Agency, AgreementVersion, Proceeding, TeamParticipation
from membership.rules import insurance, joining, standing
from membership.rules.facts import Status
from membership.services import decide_proceeding, packet_of, standing_of
from tests.membership.conftest import KEYS, TODAY, day


@pytest.mark.parametrize(
    ("key", "on", "part"),
    [
        pytest.param("Cedar Fork", "2019-02-05", "only the head signed", id="the head alone signed"),
        pytest.param("Juniper Hills", "2018-05-01", "the two texts conflict", id="joined on 1 May 2018"),
        pytest.param(
            "Sparrow Lake", "2019-02-06", "completed on the collective date itself", id="completed on the day"
        ),
        pytest.param("Rushmoor", "2026-12-01", "in no quorum base", id="suspended"),
        pytest.param("New Cardiff", "2019-02-06", "not all on file", id="first instruments lost"),
    ],
)
def test_what_is_odd_about_a_standing_is_flagged_with_it(agency, key, on, part):
    flags = [str(flag) for flag in standing_of(agency(key), day(on)).finding.flags]
    assert any(part in flag for flag in flags), flags


@pytest.mark.parametrize(
    ("key", "part"),
    [
        pytest.param("Quarrytown", "the texts give it no ending", id="adrift: a decision is missing"),
        pytest.param(
            "Bluestem", "Execution of the amended agreement: date of it unknown", id="the date of execution is missing"
        ),
        pytest.param(
            "Thistledown", "Approval of the amended agreement: date of it unknown", id="the date of approval is missing"
        ),
        pytest.param("Stonecrop", "by which it began", id="the original instruments are missing"),
        pytest.param(
            "Cedar Fork",
            "whether it had approved, and head and commanding officer had executed",
            id="the class is open",
        ),
    ],
)
def test_what_is_not_determined_says_what_is_missing(agency, key, part):
    finding = standing_of(agency(key), TODAY).finding
    assert any(part in item for item in finding.missing), finding.missing


def test_dates_that_disagree_are_kept_with_their_sources_until_a_person_chooses(agency):
    open_one = agency("Amberfield").approvals.get(agreement__edition="amended")
    chosen = agency("Brightwater").approvals.get(agreement__edition="amended")
    sources = "text: passed and approved 21 January 2019, archive heading: archive heading 18 February 2019"
    assert open_one.finding().missing == (f"which date governs: {sources}",)
    assert chosen.finding().value == date(2019, 1, 21)
    assert [str(fact) for fact in chosen.finding().because][-1].startswith(
        "21 January 2019 was chosen: The minutes of 21 January"
    )


@pytest.mark.parametrize(
    ("key", "value", "missing"),
    [
        pytest.param("Vesper Hill", None, "the day of passage and approval (date unknown)", id="undated"),
        pytest.param(
            "Stonecrop",
            None,
            "the original instrument: the recital cites itself, which proves nothing",
            id="cites itself",
        ),
        pytest.param("Larkfield", date(1984, 9, 10), None, id="dated"),
    ],
)
def test_original_approvals(agency, key, value, missing):
    finding = agency(key).approvals.get(agreement__edition="original").finding()
    assert (finding.value, finding.missing) == (value, (missing,) if missing else ())


@pytest.mark.parametrize(
    ("key", "value", "missing"),
    [
        pytest.param("Heron Marsh", date(2018, 9, 18), False, id="passed on the 4th, approved on the 18th: the later"),
        pytest.param("Tamarack Bluff", None, True, id="passed only, a separate approval due"),
        pytest.param("Kestrel Park", None, True, id="the month only"),
    ],
)
def test_amended_approvals(agency, key, value, missing):
    finding = agency(key).approvals.get(agreement__edition="amended").finding()
    assert (finding.value, bool(finding.missing)) == (value, missing)


@pytest.mark.parametrize(
    ("key", "on", "flag"),
    [
        pytest.param(
            "Plum Thicket", date(2018, 5, 21), "signed before the Approval of 4 June 2018", id="signed before approved"
        ),
        pytest.param("Elderfield", date(2018, 6, 20), "was not in office on 20 June 2018", id="signed out of office"),
        pytest.param("Walnut Shore", date(2018, 7, 16), None, id="one date on the form"),
        pytest.param("Bluestem", None, None, id="signed by both, undated"),
    ],
)
def test_executions(agency, key, on, flag):
    execution = agency(key).executions.get(agreement__edition="amended")
    finding = execution.finding(agency(key).approvals.get(agreement__edition="amended"))
    assert finding.value == on
    assert [flag in str(found) for found in finding.flags] == ([True] if flag else [])


def test_the_board_before_the_execution_is_flagged(agency):
    stint = agency("Heatherton").participations.get().stint
    finding = joining.admission(stint)
    assert finding.value == date(2020, 4, 2)
    assert [str(flag) for flag in finding.flags] == [
        "the Board approved on 10 March 2020, before the Execution of 24 March 2020 [Bylaws Art. III §4.d]"
    ]


def test_in_force_and_participating_are_two_days(agency):
    stint = agency("Aspen Ridge").participations.get().stint
    assert standing.agreement_in_force_on(stint).day == date(2022, 3, 10)
    assert standing.begins(stint).day == date(2022, 4, 2)
    unpaid = agency("Cherry Knoll").participations.get().stint
    assert standing.agreement_in_force_on(unpaid).day == date(2026, 5, 12)
    assert not standing.begins(unpaid).happened


@pytest.mark.parametrize(
    ("key", "complete", "missing"),
    [
        pytest.param("Harrow Valley", True, "", id="complete"),
        pytest.param("Linden Ferry", False, "b) letter of recommendation", id="the letter only"),
        pytest.param(
            "Sandhill",
            None,
            "b) whether Bluestem Police Department was active",
            id="the recommender's standing is open",
        ),
        pytest.param("Grange Hollow", False, "c) copy of the ordinance", id="voted out of order"),
        pytest.param("Birch Hollow", False, "c) copy of the ordinance", id="applying again"),
    ],
)
def test_packets(agency, key, complete, missing):
    finding = packet_of(agency(key).applications.get())
    assert finding.value is complete
    assert any(item.startswith(missing) for item in finding.missing) if missing else not finding.missing


def test_a_recommender_that_lost_its_standing_by_the_vote_is_warned_of(agency):
    finding = packet_of(agency("Willowmarsh").applications.get())
    assert finding.value is True
    assert "has lost it since" in str(finding.flags[0])


def test_a_vote_out_of_order_opened_no_stint(agency):
    application = agency("Grange Hollow").applications.get()
    assert (application.out_of_order, application.decision, application.participation) == (True, "approved", None)


def test_who_applies_again_shows_both(agency):
    row = Agency.objects.with_status_on(TODAY).get(name=KEYS["Birch Hollow"])
    assert (row.status, row.applying) == ("withdrawn", True)


def test_several_endings_on_one_day_are_all_there(agency):
    adoption = AgreementVersion.objects.adoption()
    both = {
        key: standing.endings_by(agency(key).participations.get().stint, adoption, TODAY)
        for key in ("Hollis Grove", "Snowberry")
    }
    assert both["Hollis Grove"] == ((date(2022, 5, 1), Status.WITHDRAWN), (date(2022, 5, 1), Status.TERMINATED))
    assert both["Snowberry"] == ((date(2019, 2, 6), Status.TERMINATED), (date(2019, 2, 6), Status.LAPSED))


@pytest.mark.parametrize(
    ("outcome", "named_on", "refused"),
    [
        pytest.param("terminated", date(2026, 5, 1), False, id="terminated on the day its notice takes effect"),
        pytest.param("terminated", date(2026, 5, 2), True, id="terminated a day after it left"),
        pytest.param("suspended", date(2026, 4, 30), False, id="suspended on its last day"),
        pytest.param("suspended", date(2026, 5, 1), True, id="suspended on the day it left"),
    ],
)
def test_the_board_acts_only_on_who_participates_until_then(agency, outcome, named_on, refused):
    proceeding = Proceeding.objects.create(
        participation=agency("Fallowdale").participations.get(), ground="detriment", opened_on=date(2026, 1, 13),
        reason="Conduct.", notified_on=date(2026, 1, 20), hearing_on=date(2026, 3, 10),
    )  # fmt: skip
    decision = {"decided_on": date(2026, 3, 10), "votes_for": 8, "in_office": 11}
    expected = pytest.raises(ValidationError, match="does not participate") if refused else nullcontext()
    with expected:
        decide_proceeding(proceeding=proceeding, outcome=outcome, named_on=named_on, **decision)
    proceeding.refresh_from_db()
    assert proceeding.effective_on == (None if refused else named_on)


def test_a_notice_takes_its_team_places_with_it(agency):
    consequences = [str(consequence.text) for consequence in standing_of(agency("Goldfinch"), TODAY).consequences]
    assert "its place in Crowd Management Team ends" in consequences
    assert "its place in Prairie Response Team ends" in consequences


def test_places_in_teams(agency):
    left = TeamParticipation.objects.get(participation__agency__name=KEYS["Hazelbrook"])
    assert (left.elected_on, left.ended_on) == (date(2015, 4, 13), date(2023, 7, 1))
    unknown = TeamParticipation.objects.get(participation__agency__name=KEYS["Eagle's Rest"])
    assert (unknown.elected_on, unknown.agreement_on, unknown.officers_committed) == (None, None, None)


@pytest.mark.parametrize(
    ("key", "on", "compliant", "part"),
    [
        pytest.param("Ashgrove", "2026-12-01", True, "", id="compliant"),
        pytest.param("Ashgrove", "2027-04-30", True, "", id="compliant on the last day"),
        pytest.param("Ashgrove", "2027-05-01", None, "", id="not determined when the certificates have run out"),
        pytest.param(
            "Clearbourne", "2026-12-01", False, "each occurrence is $500,000.00, needed $1,000,000.00", id="short"
        ),
        pytest.param("Maple Harbor", "2026-12-01", True, "by a pool or self-insurance", id="pooled, flagged"),
        pytest.param("Pinemere", "2026-12-31", True, "", id="1 January to 1 January covers 31 December"),
        pytest.param("Pinemere", "2027-01-01", None, "", id="1 January to 1 January does not cover 1 January"),
        pytest.param("Fenwick Park", "2026-12-01", None, "", id="what is not stated is not determined"),
        pytest.param("Summerlea", "2026-12-01", True, "", id="a project aggregate serves in place of the general one"),
        pytest.param("Rosehaven", "2026-12-01", None, "", id="no certificate is not determined"),
        pytest.param("Quail Crossing", "2026-12-01", None, "", id="certificates that ran out"),
    ],
)
def test_insurance(agency, key, on, compliant, part):
    finding = insurance.insured_on([row.certificate for row in agency(key).certificates.all()], day(on))
    assert finding.value is compliant
    assert part in " ".join(str(fact) for fact in (*finding.because, *finding.flags))


@pytest.mark.parametrize(
    ("key", "statute"),
    [
        pytest.param("Larkfield", "65 ILCS 5/1-4-6", id="municipal"),
        pytest.param("Marlow County", "55 ILCS 5/5-1002", id="county"),
        pytest.param("Tamarack Park", "745 ILCS 10/2-302", id="named by itself"),
        pytest.param("Bellhaven University", "", id="still to be named"),
    ],
)
def test_the_statute_that_indemnifies_its_officers(agency, key, statute):
    assert agency(key).indemnified_by == statute


def test_without_an_ori_eligibility_is_not_determined_and_with_one_every_agency_is_of_illinois(agency):
    assert agency("Waterways").eligible().value is None
    assert {row.eligible().value for row in Agency.objects.exclude(ori="")} == {True}
