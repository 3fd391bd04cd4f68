"""The demonstration register, read off rules.md by hand: what each invented agency is on the days that decide."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.apps import apps

from membership.demo.places import INSIDE, places
from membership.demo.stories import STORIES
from membership.models import Agency, AgreementVersion, Approval, Execution, Official, Participation
from membership.rules import standing
from membership.rules.facts import Status
from membership.rules.leaving import notice_pending
from membership.services import adoption_progress, standing_of
from membership.services.standing import history_of
from nipas_admin.shared.dated import Dated
from nipas_admin.shared.records import Record
from tests.membership.conftest import KEYS, TODAY, day

# Each agency, what it shows, and the status that the rules give it on the days that decide, worked out by hand.
STANDINGS = """
Blackthorn: a straggler that approved and never executed is active on the collective date and lapses the day after
    1991-03-17 prospect, 1991-03-18 active, 2019-02-05 active, 2019-02-06 lapsed
Wildrye: a straggler that did nothing lapses the day after the collective date
    2019-02-05 active, 2019-02-06 lapsed, 2026-12-01 lapsed
Sparrow Lake: complete on the collective date itself is late
    2019-02-05 active, 2019-02-06 lapsed
Otter Ford: complete on the day before the collective date is in time
    2019-02-05 active, 2019-02-06 active, 2026-12-01 active
Glenharrow: a straggler lapses before its notice takes effect, and stays lapsed
    2019-02-05 active, 2019-02-06 lapsed, 2019-05-01 lapsed
Snowberry: terminated and lapsed on one day is labelled terminated
    2019-02-05 active, 2019-02-06 terminated
Hawkstead: a straggler comes back on its late papers, on the day its dues are paid
    2019-02-05 active, 2019-02-06 lapsed, 2019-05-14 lapsed, 2019-06-02 lapsed, 2019-06-03 active, 2026-12-01
    active
Cedar Fork: the head alone signed: participating, and open from the collective date whether it is an original agency
    1990-10-14 prospect, 1990-10-15 active, 2019-02-04 active, 2019-02-05 not_determined, 2026-12-01
    not_determined
Juniper Hills: joined on 1 May 2018 itself: open from the collective date
    2018-04-30 prospect, 2018-05-01 active, 2019-02-04 active, 2019-02-05 not_determined
Quarrytown: joined the Original Agreement too late: open from the collective date until a person decides
    2018-06-10 prospect, 2018-06-11 active, 2019-02-04 active, 2019-02-05 not_determined, 2026-12-01
    not_determined
Fernley: joined too late and settled: it remains
    2018-07-16 active, 2019-02-06 active, 2026-12-01 active
Upper Fernley: joined too late and settled: it ended on 1 May 2019
    2018-08-13 active, 2019-04-30 active, 2019-05-01 lapsed
Dunmere: a notice received in 2017 ends it on 1 May 2018
    2018-04-30 active, 2018-05-01 withdrawn, 2019-02-06 withdrawn
New Cardiff: attested by recital: active from the day attested, open before
    2003-08-17 not_determined, 2003-08-18 active, 2019-02-06 active
Pebble Run: attested by a report: active from the day attested, open before
    2010-05-19 not_determined, 2010-05-20 active, 2026-12-01 active
Swallowtail: attested by inference: active from the day attested, open before
    2016-05-01 not_determined, 2016-05-02 active, 2026-12-01 active
Stonecrop: a recital that cites itself proves nothing on any day
    2003-01-01 not_determined, 2018-05-01 not_determined, 2026-12-01 not_determined
Vesper Hill: an undated first ordinance leaves the beginning open from the signature on
    1985-06-02 prospect, 1985-06-03 not_determined, 2026-12-01 not_determined
Kingsmere: two dates for the first resolution: determined from the later one on
    1986-11-02 prospect, 1986-11-03 not_determined, 2004-02-15 not_determined, 2004-02-16 active, 2026-12-01
    active
Foxfield: two dates for the amended approval, both in time, do not matter
    1987-07-20 active, 2018-06-01 active, 2019-02-06 active, 2026-12-01 active
Amberfield: two dates on both sides of the collective date leave it open
    2019-02-05 active, 2019-02-06 not_determined, 2026-12-01 not_determined
Brightwater: the same two dates, one of them chosen: determined
    2019-02-05 active, 2019-02-06 active, 2026-12-01 active
Bluestem: executed on a day unknown is open from the day after the collective date
    2019-02-05 active, 2019-02-06 not_determined
Thistledown: approved on a day unknown is open from the day after the collective date
    2019-02-05 active, 2019-02-06 not_determined
Tamarack Bluff: a separate approval due and missing leaves it open
    2019-02-05 active, 2019-02-06 not_determined
Heron Marsh: passed and approved on different days, both in time
    2019-02-06 active
Kestrel Park: only the month is known, and the whole month is in time
    2019-02-06 active
Larkfield: rescind-and-replace breaks nothing
    2019-02-06 active, 2026-12-01 active
Longmarsh: an approval rescinded without replacement does not count
    2018-11-19 active, 2019-02-05 active, 2019-02-06 lapsed
Wheatmere: repealing the ordinance ends nothing
    2022-03-13 active, 2022-03-14 active, 2026-12-01 active
Plum Thicket: executed before approved counts
    2019-02-06 active
Elderfield: signed by one no longer in office counts
    2019-02-06 active
Walnut Shore: the form's one date counts for both signatures
    2019-02-06 active
Oakhollow: a notice of 1996 ended it on 1 May 1997
    1997-04-30 active, 1997-05-01 withdrawn, 2018-05-01 withdrawn
Fallowdale: received 31 December 2025: active on 30 April, out on 1 May 2026
    2025-12-31 active, 2026-04-30 active, 2026-05-01 withdrawn
Copper Bend: received 1 January 2026: out on 1 May 2027
    2026-05-01 active, 2027-04-30 active, 2027-05-01 withdrawn
Reedmarsh: received 30 April 2026: out on 1 May 2027
    2026-05-01 active, 2027-04-30 active, 2027-05-01 withdrawn
Barley Mill: dated 30 December 2025 and received 2 January 2026: out on 1 May 2027
    2026-05-01 active, 2027-04-30 active, 2027-05-01 withdrawn
Goldfinch: a running notice leaves it active until it ends
    2026-12-01 active, 2027-05-01 withdrawn
Sedgewater: a second notice while one runs changes nothing
    2026-04-30 active, 2026-05-01 withdrawn, 2027-05-01 withdrawn
Mossbank: a notice rescinded before its day ends nothing
    2025-04-30 active, 2025-05-01 active, 2026-12-01 active
Wrenfield: the first notice let go, the second one ends it a year later
    2026-05-01 active, 2027-04-30 active, 2027-05-01 withdrawn
Rookwood: left and came back: two stints
    2021-04-30 active, 2021-05-01 withdrawn, 2023-05-09 withdrawn, 2023-05-31 withdrawn, 2023-06-01 active
Painted Prairie: left and came back twice: three stints
    1985-05-20 active, 2004-04-30 active, 2004-05-01 withdrawn, 2006-04-02 withdrawn, 2006-04-03 active,
    2019-02-06 active, 2021-04-30 active, 2021-05-01 withdrawn, 2023-04-30 withdrawn, 2023-05-01 active
Birch Hollow: who left and applies again keeps the old status
    2021-04-30 active, 2021-05-01 withdrawn, 2026-12-01 withdrawn
Turnstone: suspended 1 to 31 March, back on 1 April
    2022-02-28 active, 2022-03-01 suspended, 2022-03-31 suspended, 2022-04-01 active
Rushmoor: no day named: suspended from the day after the vote, open
    2026-06-09 active, 2026-06-10 suspended, 2026-12-01 suspended
East Harrow: suspended until 1 January, the first day back
    2026-09-08 active, 2026-09-09 suspended, 2026-12-31 suspended, 2027-01-01 active
Winterberry: an open suspension that the Board ended
    2023-09-12 active, 2023-09-13 suspended, 2023-11-30 suspended, 2023-12-01 active
Timberlea: terminated on the day that the motion of the Board named
    2024-12-31 active, 2025-01-01 terminated, 2026-12-01 terminated
Yarrow: terminated on the day the motion named
    2021-03-31 active, 2021-04-01 terminated
Silver Willow: terminated the day after the vote
    2020-10-13 active, 2020-10-14 terminated
Whisper Creek: terminated after it waived its hearing
    2022-06-14 active, 2022-06-15 terminated
Coralton: a dismissed proceeding changes nothing
    2021-07-14 active, 2026-12-01 active
Cranewood: an open proceeding changes nothing
    2026-12-01 active
Hollis Grove: withdrawn and terminated on one day is labelled withdrawn
    2022-04-30 active, 2022-05-01 withdrawn
Warblerton: an applicant from its letter until its dues are paid
    2019-06-16 prospect, 2019-06-17 applicant, 2019-08-13 applicant, 2019-09-02 applicant, 2019-09-03 active
Aspen Ridge: in force on the Board's day, participating only when its dues are paid
    2022-03-10 applicant, 2022-04-01 applicant, 2022-04-02 active
Tamarack Park: no dues required: participating on the Board's day
    2021-06-07 applicant, 2021-06-08 active
Cherry Knoll: dues unpaid: the agreement is in force and it does not participate
    2026-05-12 applicant, 2026-12-01 applicant
Heatherton: approved by the Board before the chief signed
    2020-03-10 applicant, 2020-03-24 applicant, 2020-04-01 applicant, 2020-04-02 active
Willowmarsh: its recommender lost its standing by the vote
    2021-05-31 applicant, 2021-06-01 active
Harrow Valley: an applicant with a complete packet
    2026-09-13 prospect, 2026-09-14 applicant
Linden Ferry: an applicant with its letter only
    2026-10-04 prospect, 2026-10-05 applicant
Sandhill: an applicant whose recommender is not determined
    2026-06-15 applicant
Grange Hollow: a vote out of order has no effect
    2025-10-14 applicant, 2026-12-01 applicant
Twin Sycamores: an applicant until it is disapproved
    2024-02-05 applicant, 2024-04-08 applicant, 2024-04-09 prospect
Violet Glen: an applicant until it takes its letter back
    2023-04-30 applicant, 2023-05-01 prospect
Yewdale: a prospect that never asked
    1999-01-01 prospect, 2026-12-01 prospect
"""


def told():
    """Each story as a parameter: the agency and the status on each day, named by its sentence."""
    for key, sentence, days in re.findall(r"^(\S.*?): (.*)\n((?: +.*\n)+)", STANDINGS, re.MULTILINE):
        expected = dict(said.split() for said in " ".join(days.split()).split(", "))
        yield pytest.param(key, expected, id=sentence)


@pytest.mark.parametrize(("key", "expected"), list(told()))
def test_each_story_has_the_status_that_the_rules_give_by_hand(agency, key, expected):
    found = {text: standing_of(agency(key), day(text)).status.value for text in expected}
    assert found == expected


def test_every_story_about_participation_is_told_in_the_table_above():
    in_the_table = {row.values[0] for row in told()}
    elsewhere = {
        "Sorrel Bluff",
        "Bellhaven University",
        "Hazelbrook",
        "Eagle's Rest",
        "St. Aldric College",
        "Waterways",
        "Ashgrove",
        "Clearbourne",
        "Maple Harbor",
        "Pinemere",
        "Fenwick Park",
        "Summerlea",
        "Rosehaven",
        "Quail Crossing",
        "White Egret",
        "Tallstem",
    }
    assert in_the_table | elsewhere == set(STORIES)
    assert not in_the_table & elsewhere


def test_every_status_is_there_today(agency):
    counts = {
        status.value: Agency.objects.with_status_on(TODAY).filter(status=status.value).count() for status in Status
    }
    assert counts == {
        "prospect": 5, "applicant": 5, "active": 67, "suspended": 2, "withdrawn": 6, "terminated": 5, "lapsed": 6,
        "not_determined": 9,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "on", "ends"),
    [
        pytest.param("Copper Bend", "2026-01-01", "2027-05-01", id="pending from the day it was received"),
        pytest.param("Copper Bend", "2025-12-31", None, id="not pending before"),
        pytest.param("Fallowdale", "2026-04-30", "2026-05-01", id="pending on the last day"),
        pytest.param("Fallowdale", "2026-05-01", None, id="no longer pending on the first day out"),
        pytest.param("Barley Mill", "2026-01-01", None, id="not pending between the letter's date and its receipt"),
        pytest.param("Sedgewater", "2026-03-01", "2026-05-01", id="with two running, the first one's day counts"),
        pytest.param("Mossbank", "2025-03-17", "2025-05-01", id="pending until the Board let it go"),
        pytest.param("Mossbank", "2025-03-18", None, id="not pending from the Board's day"),
        pytest.param("Wrenfield", "2026-04-13", "2026-05-01", id="the first one's day until it is let go"),
        pytest.param("Wrenfield", "2026-04-14", "2027-05-01", id="the second one's day from then on"),
    ],
)
def test_a_running_notice_shows_the_day_it_ends(agency, key, on, ends):
    assert standing_of(agency(key), day(on)).notice_ends_on == (ends and day(ends))


def test_the_three_fourths_were_reached_by_the_registers_own_counts(agency):
    # 83 agencies are or may be original ones; three fourths of 83 is 62.25, so 63.
    dates = ["2018-10-14", "2018-10-15", "2018-12-02", "2018-12-03"]
    counts = {on: adoption_progress(day(on)) for on in dates}
    assert {counts[on].approvals.base for on in dates} == {83}
    assert {counts[on].approvals.needed for on in dates} == {63}
    assert counts["2018-10-14"].approvals.possible < 63 <= counts["2018-10-15"].approvals.sure
    assert counts["2018-12-02"].executions.possible < 63 <= counts["2018-12-03"].executions.sure
    progress = counts["2018-12-03"]
    assert progress.approvals_reached == Dated.on(date(2018, 10, 15))
    assert progress.executions_reached == Dated.on(date(2018, 12, 3))
    # 3 December and 60 days: 28 more days of December, 31 of January, and the first of February.
    assert progress.meeting.value == date(2019, 2, 1)
    assert progress.collective == Dated.on(date(2019, 2, 5))


def test_the_counts_agree_with_a_count_of_the_papers_themselves(agency):
    """The adoption counted again without the rules, from the days on the papers."""
    signed = Execution.objects.filter(agreement__edition="amended", head_signed=True, chief_signed=True)
    by_december = signed.filter(head_signed_on__lte=date(2018, 12, 3), chief_signed_on__lte=date(2018, 12, 3))
    assert by_december.values("agency").distinct().count() == 68 == adoption_progress(date(2018, 12, 3)).executions.sure
    approved = Approval.objects.filter(agreement__edition="amended", approves=True, latest_on__lte=date(2018, 10, 15))
    rescinded = approved.filter(rescinded_by__approves=False, rescinded_by__latest_on__lte=date(2018, 10, 15))
    standing_approvals = approved.exclude(pk__in=rescinded).values("agency").distinct().count()
    assert standing_approvals == 67 == adoption_progress(date(2018, 10, 15)).approvals.sure


@pytest.mark.parametrize(
    ("on", "ends"),
    [
        pytest.param(date(2026, 4, 30), date(2026, 5, 1), id="both run: the first one ends it"),
        pytest.param(date(2026, 5, 1), None, id="the first took effect: the second runs no more"),
        pytest.param(date(2026, 12, 1), None, id="nor later"),
    ],
)
def test_a_second_notice_stops_running_when_the_first_takes_effect(agency, on, ends):
    row = Agency.objects.with_status_on(on).get(name=KEYS["Sedgewater"])
    assert row.notice_ends_on == ends
    running = notice_pending(on, history_of(agency("Sedgewater")).notices)
    assert (running and running.effective_on) == ends


def test_sql_and_rules_agree_on_every_agency_on_every_day_that_decides(agency):
    days = [
        "1985-06-03", "1991-03-18", "2004-05-01", "2018-04-30", "2018-05-01", "2018-11-19", "2019-02-04", "2019-02-05",
        "2019-02-06", "2019-05-01", "2021-05-01", "2022-03-31", "2022-05-01", "2026-04-30", "2026-05-01", "2026-12-01",
        "2027-05-01",
    ]  # fmt: skip
    adoption = AgreementVersion.objects.adoption()
    histories = {agency.name: history_of(agency) for agency in Agency.objects.all()}
    for on in map(day, days):
        in_sql = {row.name: (row.status, row.applying) for row in Agency.objects.with_status_on(on)}
        by_rule = {
            name: (standing.status_on(h.stints, h.requests, adoption, on).value, standing.applying_on(h.requests, on))
            for name, h in histories.items()
        }
        assert in_sql == by_rule, on
        pending = {row.name: row.notice_ends_on for row in Agency.objects.with_status_on(on)}
        running = {name: notice_pending(on, h.notices) for name, h in histories.items()}
        assert pending == {name: notice and notice.effective_on for name, notice in running.items()}, on


# What the demonstration is made of


def test_there_are_105_agencies_in_five_real_counties_all_marked_as_invented(agency):
    rows = list(Agency.objects.prefetch_related("counties"))
    assert len(rows) == 105
    assert {county.name for row in rows for county in row.counties.all()} == {
        "Cook",
        "Lake",
        "DuPage",
        "Kane",
        "McHenry",
    }
    assert {row.note.split(";")[0] for row in rows} == {"Invented for the demonstration register"}
    assert {row.kind for row in rows} == set(Agency.Kind.values)


def test_each_agency_lies_inside_its_county_and_rings_nobody(agency):
    for place in places():
        south, north, west, east = map(float, INSIDE[place.county])
        row = Agency.objects.get(name=place.name)
        assert south <= row.latitude <= north, row
        assert west <= row.longitude <= east, row
        assert row.telephone[6:12] == "555-01", row
        assert row.email.endswith(".example"), row
    assert len({place.telephone for place in places()}) == 105


def test_every_record_passes_its_own_checks_and_has_its_history(agency):
    models = [model for model in apps.get_app_config("membership").get_models() if issubclass(model, Record)]
    for model in models:
        for row in model.objects.all():
            row.full_clean()
            assert row.history.exists() or model is AgreementVersion, row
    assert Participation.objects.count() == 100
    assert Official.objects.count() >= 3 * 105


def test_signers_of_the_amended_agreement_were_in_office_but_for_one(agency):
    rows = Execution.objects.filter(agreement__edition="amended").select_related("head", "chief", "agency")
    out = [row.agency.name for row in rows if False in (row.head_signature.in_office, row.chief_signature.in_office)]
    assert out == [KEYS["Elderfield"]]
