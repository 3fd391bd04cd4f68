"""Active without a break, and good standing: B III.4.b, III.11, IV.1, V.1, R13."""

import pytest

from membership.rules.continuity import GoodStanding, active_throughout, good_standing, stops_being_active
from nipas_admin.shared.dated import Dated
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.periods import Period

from .terms import (
    ADOPTED,
    DAY_BOUNDED,
    DAY_UNKNOWN,
    NEVER,
    NOT_YET,
    between,
    complete,
    d,
    new,
    on,
    original,
)

MARCH = Period(d("2026-03-01"), d("2026-04-01"))
ONE_DAY = Period(d("2026-03-03"), d("2026-03-04"))
SUSPENDED = complete(suspensions=(MARCH,))
LEFT = complete(withdrawn_on=d("2026-05-01"))
TOO_LATE = original(approval=on("2018-06-01"))


@pytest.mark.parametrize(
    ("stints", "adoption", "first", "by", "stops"),
    [
        pytest.param([complete()], ADOPTED, "2025-05-14", "2026-05-14", NEVER, id="active throughout"),
        pytest.param([], ADOPTED, "2025-05-14", "2026-05-14", on("2025-05-14"), id="never took part"),
        pytest.param([LEFT], ADOPTED, "2025-05-14", "2026-04-30", NEVER, id="asked through the last day in"),
        pytest.param([LEFT], ADOPTED, "2025-05-14", "2026-05-01", on("2026-05-01"), id="asked through the first day out"),
        pytest.param([LEFT], ADOPTED, "2026-06-01", "2026-07-01", on("2026-06-01"), id="out from the start"),
        pytest.param([complete(terminated_on=d("2026-03-10"))], ADOPTED, "2025-05-14", "2026-05-14", on("2026-03-10"), id="terminated"),
        pytest.param([SUSPENDED], ADOPTED, "2025-05-14", "2026-02-28", NEVER, id="through the day before a suspension"),
        pytest.param([SUSPENDED], ADOPTED, "2025-05-14", "2026-12-31", on("2026-03-01"), id="a suspension that ended in between"),
        pytest.param([SUSPENDED], ADOPTED, "2026-03-31", "2026-12-31", on("2026-03-31"), id="from its last day"),
        pytest.param([SUSPENDED], ADOPTED, "2026-04-01", "2026-12-31", NEVER, id="from the first day back"),
        pytest.param([complete(suspensions=(ONE_DAY,))], ADOPTED, "2025-05-14", "2026-05-14", on("2026-03-03"), id="a suspension of one day"),
        pytest.param([LEFT, new(number=2, dues_paid=on("2026-05-01"))], ADOPTED, "2025-05-14", "2027-05-14", NEVER, id="back on the very day it would have been out"),
        pytest.param([new()], ADOPTED, "2022-04-01", "2026-01-01", on("2022-04-01"), id="the day before it began"),
        pytest.param([new()], ADOPTED, "2022-04-02", "2026-01-01", NEVER, id="from the day it began"),
        # the adoption of 2018
        pytest.param([original()], ADOPTED, "2018-01-01", "2019-02-05", NEVER, id="a straggler through the collective date"),
        pytest.param([original()], ADOPTED, "2018-01-01", "2030-01-01", on("2019-02-06"), id="a straggler is out the day after"),
        pytest.param([original()], NOT_YET, "2018-01-01", "2030-01-01", NEVER, id="before there is a collective date"),
        pytest.param([original()], DAY_BOUNDED, "2018-01-01", "2030-01-01", between("2018-07-01", "2019-07-01"), id="the collective date lies between bounds"),
        pytest.param([original()], DAY_UNKNOWN, "2018-01-01", "2030-01-01", between("2018-07-01", None), id="its latest day is open: so is whether it stopped"),
        pytest.param([TOO_LATE], ADOPTED, "2018-07-01", "2030-01-01", between("2019-02-05", None), id="joined too late to be an original agency"),
        pytest.param([original(attested_on=d("2022-07-13"))], ADOPTED, "2022-07-13", "2022-07-14", between("2022-07-13", None), id="attested after it lapsed by the papers"),
        # papers half known
        pytest.param([complete(approval=between("1983-10-17", "2003-02-18"))], ADOPTED, "2003-02-17", "2010-01-01", between("2003-02-17", None), id="the day before the last candidate of its first day"),
        pytest.param([complete(approval=between("1983-10-17", "2003-02-18"))], ADOPTED, "2003-02-18", "2010-01-01", NEVER, id="once every candidate has passed"),
        pytest.param([complete(approval=between("1983-10-17", "2003-02-18"), attested_on=d("1995-01-01"))], ADOPTED, "1995-01-01", "2010-01-01", NEVER, id="attested from a day on"),
        pytest.param([original(attested_on=d("2020-01-01"), withdrawn_on=d("2026-05-01"))], DAY_UNKNOWN, "2020-01-01", "2026-12-31", between("2020-01-02", "2026-05-01"), id="open after the attested day, surely out in the end"),
    ],
)  # fmt: skip
def test_the_first_day_on_which_an_agency_is_not_active(stints, adoption, first, by, stops):
    assert stops_being_active(stints, adoption, d(first), d(by)) == stops


@pytest.mark.parametrize(
    ("stints", "adoption", "active", "words"),
    [
        pytest.param([complete()], ADOPTED, True, "active on every day from 14 May 2025 through 13 May 2026", id="every day of the twelve months"),
        pytest.param([complete(suspensions=(ONE_DAY,))], ADOPTED, False, "suspended, not active, on 3 March 2026", id="one day's suspension breaks it"),
        pytest.param([complete(suspensions=(Period(d("2025-05-13"), d("2025-05-14")),))], ADOPTED, True, "active on every day", id="a suspension that ended before the first day"),
        pytest.param([complete(suspensions=(Period(d("2025-05-13"), d("2025-05-15")),))], ADOPTED, False, "not active, on 14 May 2025", id="a suspension that covers the first day"),
        pytest.param([complete(withdrawn_on=d("2026-05-13"))], ADOPTED, False, "withdrawn, not active, on 13 May 2026", id="out on the last day"),
        pytest.param([complete(withdrawn_on=d("2026-05-14"))], ADOPTED, True, "active on every day", id="out the day after"),
        pytest.param([new(dues_paid=on("2025-05-14"))], ADOPTED, True, "active on every day", id="began on the first day"),
        pytest.param([new(dues_paid=on("2025-05-15"))], ADOPTED, False, "prospect, not active, on 14 May 2025", id="began a day too late"),
        pytest.param([original()], DAY_UNKNOWN, None, "", id="whether it lapsed is open"),
    ],
)  # fmt: skip
def test_active_on_every_day_of_a_time(stints, adoption, active, words):
    finding = active_throughout(stints, adoption, d("2025-05-14"), d("2026-05-13"))
    assert finding.value is active
    assert words in " ".join(map(str, finding.because))
    assert bool(finding.missing) is (active is None)


def test_what_would_settle_an_open_time_is_said():
    assert active_throughout([original()], DAY_UNKNOWN, d("2025-05-14"), d("2026-05-13")).missing == (
        "its status on 14 May 2025, which lies in the time from 14 May 2025 through 13 May 2026",
    )


PAID = Finding(True, (Fact("nothing past due"),))
PAST_DUE = Finding(False, (Fact("an invoice is past due since 2 May 2026"),))
UNSEEN = Finding(None, (), ("the payments of 2026",))
INSURED = Finding(True, (Fact("insured"),), (), (Fact("a pool: text silent"),))
SHORT = Finding(False, (Fact("no automobile liability"),))
G = GoodStanding


@pytest.mark.parametrize(
    ("rule", "active", "dues", "insured", "good", "words"),
    [
        pytest.param(G.DUES, True, PAID, None, True, "active [Bylaws Art. III §11] | nothing past due", id="active, nothing past due"),
        pytest.param(G.DUES, True, PAST_DUE, None, False, "past due since 2 May 2026", id="active, dues past due"),
        pytest.param(G.DUES, False, PAID, None, False, "not active", id="paid, and not active"),
        pytest.param(G.DUES, None, PAID, None, None, "nothing past due", id="paid, its status open"),
        pytest.param(G.DUES, True, UNSEEN, None, None, "active", id="active, the dues open"),
        pytest.param(G.DUES, None, PAST_DUE, None, False, "past due", id="one no settles it"),
        pytest.param(G.DUES, True, PAID, SHORT, True, "nothing past due", id="insurance is not asked by this rule"),
        pytest.param(G.DUES, True, None, None, True, "active", id="no dues are kept here"),
        pytest.param(G.ACTIVE, True, PAST_DUE, SHORT, True, "active", id="a rule that asks for nothing but being active"),
        pytest.param(G.ACTIVE, None, PAID, None, None, "", id="that rule, the status open"),
        pytest.param(G.EVERYTHING, True, PAID, INSURED, True, "insured", id="everything, and all is there"),
        pytest.param(G.EVERYTHING, True, PAID, SHORT, False, "no automobile liability", id="everything, and insurance falls short"),
        pytest.param(G.EVERYTHING, True, PAID, None, True, "nothing past due", id="everything, and no insurance is kept here"),
    ],
)  # fmt: skip
def test_good_standing_is_what_the_bylaws_version_makes_it(rule, active, dues, insured, good, words):
    finding = good_standing(active, dues, insured, rule)
    assert finding.value is good
    assert words in " | ".join(map(str, finding.because))
    assert bool(finding.missing) is (good is None)
    assert [reading.place for reading in finding.readings] == ["R13"]


def test_what_was_not_asked_is_flagged_and_warnings_are_passed_on():
    assert [fact.text for fact in good_standing(True, None, None, G.EVERYTHING).flags] == [
        "dues were not asked: this register keeps none",
        "insurance was not asked: this register keeps none",
    ]
    assert [fact.text for fact in good_standing(True, PAID, INSURED, G.EVERYTHING).flags] == ["a pool: text silent"]


def test_the_day_of_a_loss_is_as_well_known_as_the_facts():
    assert stops_being_active([original()], DAY_BOUNDED, d("2018-01-01"), d("2018-12-31")) == Dated(
        d("2018-07-01"), None
    )
