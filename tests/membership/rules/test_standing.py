"""Standing on a day: B III.1–2, III.11, A 2, A 4, A 5, R3, R17, R19."""

import pytest

from membership.rules import standing
from membership.rules.facts import Evidenced, Notice, Path, Request, Settlement, Status, Stint
from membership.rules.why import History, changes_ahead, days_of_change, standing_on
from nipas_admin.shared.findings import Evidence
from nipas_admin.shared.periods import Period

from .terms import (
    ADOPTED,
    DAY_BOUNDED,
    DAY_UNKNOWN,
    NEVER,
    NOT_YET,
    TERMS,
    UNKNOWN,
    between,
    complete,
    d,
    new,
    on,
    original,
)

S = Status
BY_RECITAL = Stint(
    path=Path.ORIGINAL,
    attested_on=d("2003-08-18"),
    attestation=Evidenced("ORD-03-1165", Evidence.RECITAL, "ORD-18-1868, fifth recital"),
)
NOTHING_ON_FILE = Stint(path=Path.ORIGINAL)
LEFT = complete(withdrawn_on=d("2023-05-01"))
SUSPENDED = complete(suspensions=(Period(d("2024-03-01"), d("2024-04-01")),))


@pytest.mark.parametrize(
    ("stint", "adoption", "day", "status"),
    [
        # B III.1: the Original Agreement
        pytest.param(original(), NOT_YET, "1990-03-04", None, id="the day before the head signed"),
        pytest.param(original(), NOT_YET, "1990-03-05", S.ACTIVE, id="the day the head signed"),
        pytest.param(original(chief_signed=NEVER), NOT_YET, "1990-03-05", S.ACTIVE, id="the head alone signed: participating"),
        pytest.param(original(approval=NEVER), NOT_YET, "1990-03-05", S.NOT_DETERMINED, id="the old ordinance is not on file: unknown, not absent"),
        pytest.param(original(head_signed=UNKNOWN), NOT_YET, "1995-01-01", S.NOT_DETERMINED, id="an undated signature"),
        pytest.param(original(approval=between("1983-10-17", "2003-02-18")), NOT_YET, "2003-02-17", S.NOT_DETERMINED, id="two dates that disagree: between them not determined"),
        pytest.param(original(approval=between("1983-10-17", "2003-02-18")), NOT_YET, "2003-02-18", S.ACTIVE, id="two dates that disagree: once both have passed the answer stands"),
        pytest.param(NOTHING_ON_FILE, NOT_YET, "2018-01-01", S.NOT_DETERMINED, id="nothing on file"),
        # attested participation
        pytest.param(BY_RECITAL, NOT_YET, "2003-08-17", S.NOT_DETERMINED, id="before the attested day: first day not determined"),
        pytest.param(BY_RECITAL, NOT_YET, "2003-08-18", S.ACTIVE, id="on the attested day"),
        pytest.param(original(attested_on=d("1985-01-01")), NOT_YET, "1986-01-01", S.NOT_DETERMINED, id="papers and attestation contradict each other"),
        pytest.param(original(attested_on=d("1985-01-01")), NOT_YET, "1990-03-05", S.ACTIVE, id="and agree again once the papers are complete"),
        # A 5.A, R3: complete by 4 Feb stays; later or never ends on 6 Feb 2019
        pytest.param(complete("2019-02-04"), ADOPTED, "2019-02-06", S.ACTIVE, id="complete the day before the collective date"),
        pytest.param(complete("2019-02-05"), ADOPTED, "2019-02-05", S.ACTIVE, id="complete on the collective date: in on that day"),
        pytest.param(complete("2019-02-05"), ADOPTED, "2019-02-06", S.LAPSED, id="complete on the collective date: out the day after"),
        pytest.param(original(), ADOPTED, "2019-02-04", S.ACTIVE, id="never complete: in the day before"),
        pytest.param(original(), ADOPTED, "2019-02-05", S.ACTIVE, id="never complete: in on the collective date"),
        pytest.param(original(), ADOPTED, "2019-02-06", S.LAPSED, id="never complete: out the day after"),
        pytest.param(original(amended_approval=on("2018-09-01"), amended_execution=UNKNOWN), ADOPTED, "2019-02-06", S.NOT_DETERMINED, id="executed, date unknown"),
        pytest.param(original(amended_approval=on("2019-03-01"), amended_execution=UNKNOWN), ADOPTED, "2019-02-06", S.LAPSED, id="approved too late, whatever the day of execution"),
        # the collective date happened, day unknown
        pytest.param(complete("2018-06-29"), DAY_UNKNOWN, "2026-01-01", S.ACTIVE, id="complete before the earliest possible day: in"),
        pytest.param(complete("2018-06-30"), DAY_UNKNOWN, "2018-06-30", S.ACTIVE, id="any other: in on the earliest possible day"),
        pytest.param(complete("2018-06-30"), DAY_UNKNOWN, "2018-07-01", S.NOT_DETERMINED, id="any other: not determined from the day after"),
        pytest.param(original(), DAY_UNKNOWN, "2026-01-01", S.NOT_DETERMINED, id="never complete, day without a latest: not determined"),
        pytest.param(original(), DAY_BOUNDED, "2019-06-30", S.NOT_DETERMINED, id="never complete, until the latest possible day"),
        pytest.param(original(), DAY_BOUNDED, "2019-07-01", S.LAPSED, id="never complete, the day after the latest possible day: every candidate agrees"),
        pytest.param(complete("2019-06-30"), DAY_BOUNDED, "2019-07-01", S.LAPSED, id="complete only on the latest possible day: late under every candidate"),
        # A 4
        pytest.param(LEFT, ADOPTED, "2023-04-30", S.ACTIVE, id="the last day in"),
        pytest.param(LEFT, ADOPTED, "2023-05-01", S.WITHDRAWN, id="the first day out"),
        pytest.param(complete(terminated_on=d("2023-04-01")), ADOPTED, "2023-04-01", S.TERMINATED, id="terminated by the Board"),
        pytest.param(complete(withdrawn_on=d("2023-05-01"), terminated_on=d("2023-04-01")), ADOPTED, "2024-01-01", S.TERMINATED, id="the first ending governs"),
        pytest.param(complete(withdrawn_on=d("2023-05-01"), terminated_on=d("2023-05-01")), ADOPTED, "2023-05-01", S.WITHDRAWN, id="two endings on one day: withdrawn first"),
        pytest.param(original(withdrawn_on=d("2019-02-06")), ADOPTED, "2019-02-06", S.WITHDRAWN, id="withdrawn and lapsed on one day: withdrawn"),
        pytest.param(original(terminated_on=d("2019-02-06")), ADOPTED, "2019-02-06", S.TERMINATED, id="terminated and lapsed on one day: terminated"),
        pytest.param(original(withdrawn_on=d("2019-05-01")), ADOPTED, "2019-05-01", S.LAPSED, id="lapsed before its notice took effect"),
        pytest.param(NOTHING_ON_FILE, ADOPTED, "2030-01-01", S.NOT_DETERMINED, id="an ending needs a class: open"),
        # B III.9, III.11
        pytest.param(SUSPENDED, ADOPTED, "2024-02-29", S.ACTIVE, id="the day before the suspension"),
        pytest.param(SUSPENDED, ADOPTED, "2024-03-01", S.SUSPENDED, id="suspended from 1 March"),
        pytest.param(SUSPENDED, ADOPTED, "2024-03-31", S.SUSPENDED, id="not active on 31 March"),
        pytest.param(SUSPENDED, ADOPTED, "2024-04-01", S.ACTIVE, id="back on 1 April"),
        pytest.param(complete(suspensions=(Period(d("2024-03-01")),)), ADOPTED, "2030-01-01", S.SUSPENDED, id="an open suspension lasts"),
        pytest.param(complete(suspensions=(Period(d("2024-03-01")),), withdrawn_on=d("2025-05-01")), ADOPTED, "2025-05-01", S.WITHDRAWN, id="a suspended agency can leave"),
        # R19: not an Original Participating Agency
        pytest.param(original(approval=on("2018-06-01"), head_signed=on("2018-06-01")), ADOPTED, "2019-02-04", S.ACTIVE, id="joined the Original too late: in until the collective date"),
        pytest.param(original(approval=on("2018-06-01"), head_signed=on("2018-06-01")), ADOPTED, "2019-02-05", S.NOT_DETERMINED, id="joined the Original too late: open from the collective date"),
        pytest.param(original(approval=on("2018-06-01"), settlement=Settlement.REMAINS, settled_on=d("2019-03-01"), settled_because="Board, 1 March 2019"), ADOPTED, "2020-01-01", S.ACTIVE, id="a person decided that it remains"),
        pytest.param(original(approval=on("2018-06-01"), settlement=Settlement.ENDED, settled_on=d("2019-03-01"), settled_because="Board, 1 March 2019"), ADOPTED, "2019-02-28", S.ACTIVE, id="a person decided that it ended: the day before"),
        pytest.param(original(approval=on("2018-06-01"), settlement=Settlement.ENDED, settled_on=d("2019-03-01"), settled_because="Board, 1 March 2019"), ADOPTED, "2019-03-01", S.LAPSED, id="a person decided that it ended: the first day out"),
        # A 5.B
        pytest.param(new(), ADOPTED, "2022-04-01", None, id="in force but dues unpaid: not participating"),
        pytest.param(new(), ADOPTED, "2022-04-02", S.ACTIVE, id="dues paid: participating"),
        pytest.param(new(chief_signed=NEVER), ADOPTED, "2030-01-01", None, id="new path: a missing signature is absent"),
        pytest.param(new(chief_signed=UNKNOWN), ADOPTED, "2030-01-01", S.NOT_DETERMINED, id="new path: an undated signature is open"),
        pytest.param(new(chief_signed=NEVER, attested_on=d("2025-01-01")), ADOPTED, "2025-01-01", S.ACTIVE, id="new path: attested though a paper is missing"),
        pytest.param(new(dues_paid=NEVER, dues_required=False), ADOPTED, "2022-03-10", S.ACTIVE, id="no dues required"),
        pytest.param(new(), NOT_YET, "2022-04-02", S.ACTIVE, id="the collective date ends no new stint"),
    ],
)  # fmt: skip
def test_a_stint_on_a_day(stint, adoption, day, status):
    assert standing.status_of_stint(stint, adoption, d(day)) == status


@pytest.mark.parametrize(
    ("stint", "is_original"),
    [
        pytest.param(
            original(head_signed=on("2018-04-30"), chief_signed=on("2018-04-30")), True, id="executed on 30 April 2018"
        ),
        pytest.param(
            original(head_signed=on("2018-05-01"), chief_signed=on("2018-05-01")),
            None,
            id="joined on 1 May itself: the texts conflict",
        ),
        pytest.param(
            original(head_signed=on("2018-05-02"), chief_signed=on("2018-05-02")), False, id="joined on 2 May"
        ),
        pytest.param(original(chief_signed=NEVER), None, id="the head alone signed: not determined"),
        pytest.param(original(chief_signed=UNKNOWN), None, id="the chief's signature is undated"),
        pytest.param(
            original(chief_signed=on("2018-05-02")),
            None,
            id="the chief signed too late, yet it participated: the texts conflict",
        ),
        pytest.param(
            original(approval=between("1983-10-17", "2003-02-18")), True, id="two dates, both before: the answer stands"
        ),
        pytest.param(original(approval=UNKNOWN), None, id="date unknown"),
        pytest.param(
            original(approval=UNKNOWN, attested_on=d("2003-08-18")), True, id="date unknown, but attested before"
        ),
        pytest.param(original(approval=UNKNOWN, attested_on=d("2018-04-30")), True, id="attested on the last day"),
        pytest.param(original(approval=UNKNOWN, attested_on=d("2018-05-01")), None, id="attested on 1 May"),
        pytest.param(
            original(withdrawn_on=d("2018-05-01")), False, id="a notice of 2017: out on 1 May, not an original agency"
        ),
        pytest.param(
            original(withdrawn_on=d("2019-05-01")), True, id="a notice of 2018: still participating on 1 May 2018"
        ),
        pytest.param(original(terminated_on=d("2018-04-30")), False, id="terminated before"),
        pytest.param(
            original(suspensions=(Period(d("2018-04-01"), d("2018-06-01")),)),
            True,
            id="suspended on 1 May: still a participating agency",
        ),
        pytest.param(NOTHING_ON_FILE, None, id="nothing on file"),
        pytest.param(new(), False, id="a new agency"),
    ],
)
def test_who_is_an_original_participating_agency(stint, is_original):
    assert standing.original_participating_agency(stint, TERMS) is is_original


@pytest.mark.parametrize(
    ("stint", "begins"),
    [
        pytest.param(original(), on("1990-03-05"), id="from the papers"),
        pytest.param(BY_RECITAL, between(None, "2003-08-18"), id="attested: by that day"),
        pytest.param(
            original(head_signed=UNKNOWN, attested_on=d("2003-08-18")),
            between("1990-03-01", "2003-08-18"),
            id="not before the approval, by the attested day",
        ),
        pytest.param(
            original(head_signed=between("1990-03-05", "1995-01-01"), attested_on=d("2003-08-18")),
            between("1990-03-05", "1995-01-01"),
            id="papers say more than the attestation",
        ),
        pytest.param(
            original(attested_on=d("1985-01-01")), on("1990-03-05"), id="contradicted: the papers' day is shown"
        ),
        pytest.param(new(dues_paid=NEVER), NEVER, id="not yet"),
    ],
)
def test_the_first_day_as_far_as_it_is_known(stint, begins):
    assert standing.begins(stint) == begins


@pytest.mark.parametrize(
    ("stints", "requests", "day", "status", "applying"),
    [
        pytest.param([], [], "2026-01-01", S.PROSPECT, False, id="no facts: a prospect"),
        pytest.param([], [Request(d("2026-01-01"))], "2025-12-31", S.PROSPECT, False, id="the day before its letter"),
        pytest.param([], [Request(d("2026-01-01"))], "2026-01-01", S.APPLICANT, True, id="from its letter"),
        pytest.param(
            [], [Request(d("2026-01-01"), d("2026-02-01"))], "2026-01-31", S.APPLICANT, True, id="until it is refused"
        ),
        pytest.param([], [Request(d("2026-01-01"), d("2026-02-01"))], "2026-02-01", S.PROSPECT, False, id="refused"),
        pytest.param(
            [new()],
            [Request(d("2022-02-01"), None, new())],
            "2022-04-01",
            S.APPLICANT,
            True,
            id="approved, dues unpaid: still an applicant",
        ),
        pytest.param([new()], [Request(d("2022-02-01"), None, new())], "2022-04-02", S.ACTIVE, False, id="admitted"),
        pytest.param(
            [LEFT],
            [Request(d("2024-01-01"))],
            "2024-01-01",
            S.WITHDRAWN,
            True,
            id="who left and applies keeps the old status",
        ),
        pytest.param(
            [LEFT, new(number=2, dues_paid=on("2025-01-01"))], [], "2025-01-01", S.ACTIVE, False, id="came back"
        ),
        pytest.param(
            [LEFT, new(number=2, withdrawn_on=None, terminated_on=d("2025-06-01"))],
            [],
            "2025-06-01",
            S.TERMINATED,
            False,
            id="of two that ended the later stint",
        ),
        pytest.param(
            [NOTHING_ON_FILE, new(number=2)],
            [],
            "2022-04-02",
            S.ACTIVE,
            False,
            id="one that stands governs over one not determined",
        ),
        pytest.param(
            [LEFT, Stint(Path.ORIGINAL, number=2)],
            [],
            "2025-01-01",
            S.NOT_DETERMINED,
            False,
            id="one not determined governs over one that ended",
        ),
    ],
)
def test_an_agency_on_a_day(stints, requests, day, status, applying):
    assert standing.status_on(stints, requests, ADOPTED, d(day)) is status
    assert standing.applying_on(requests, d(day)) is applying


def why(stint, day, adoption=ADOPTED, **history):
    stints = (stint,) if stint else ()
    finding = standing_on(History(stints, **history), adoption, d(day))
    return (
        finding,
        " | ".join([*map(str, finding.because)]),
        " | ".join(finding.missing),
        " | ".join(map(str, finding.flags)),
    )


@pytest.mark.parametrize(
    ("stint", "adoption", "day", "because", "missing", "flags"),
    [
        pytest.param(BY_RECITAL, NOT_YET, "2010-01-01", "attested as participating on 18 August 2003 (recital: ORD-18-1868, fifth recital)", "", "not all on file", id="attested by recital"),
        pytest.param(BY_RECITAL, NOT_YET, "2000-01-01", "", "the Approval by which it began: not on file", "", id="before the attested day"),
        pytest.param(BY_RECITAL, DAY_UNKNOWN, "2020-01-01", "it came; date unknown, not before 30 June 2018", "the collective date of the amended agreement (Agreement §5.A)", "", id="the collective day is unknown"),
        pytest.param(original(amended_approval=on("2018-06-04"), amended_execution=UNKNOWN), ADOPTED, "2020-01-01", "an Original Participating Agency", "the Execution of the amended agreement: date of it unknown", "", id="executed, undated"),
        pytest.param(original(amended_approval=on("2018-06-04")), DAY_UNKNOWN, "2020-01-01", "amended agreement approved by its corporate authorities: 4 June 2018", "the Execution of the amended agreement: not recorded", "", id="not executed"),
        pytest.param(original(chief_signed=NEVER), ADOPTED, "2020-01-01", "whether it is an Original Participating Agency is not determined", "whether it had approved", "only the head signed", id="head alone"),
        pytest.param(original(approval=on("2018-05-01"), head_signed=on("2018-05-01"), chief_signed=on("2018-05-01")), ADOPTED, "2020-01-01", "", "whether it had approved", "joined on 1 May 2018 itself", id="joined on the edge"),
        pytest.param(original(approval=on("2018-06-01")), ADOPTED, "2020-01-01", "not an Original Participating Agency", "the texts give it no ending", "", id="joined too late"),
        pytest.param(original(approval=on("2018-06-01"), settlement=Settlement.REMAINS, settled_on=d("2019-03-01"), settled_because="Board, 1 March 2019"), ADOPTED, "2020-01-01", "remains a participating agency: Board, 1 March 2019", "", "", id="settled"),
        pytest.param(original(approval=on("2018-06-01"), settlement=Settlement.ENDED, settled_on=d("2019-03-01"), settled_because="Board, 1 March 2019"), ADOPTED, "2020-01-01", "ended by decision; first day out 1 March 2019", "", "", id="settled as ended"),
        pytest.param(original(), ADOPTED, "2020-01-01", "lapsed: the amended agreement was not approved and executed in time; first day out 6 February 2019", "", "", id="lapsed"),
        pytest.param(complete("2019-02-05"), ADOPTED, "2020-01-01", "lapsed", "", "completed on the collective date itself", id="completed on the day itself"),
        pytest.param(LEFT, ADOPTED, "2024-01-01", "withdrawn by Termination Notice; first day out 1 May 2023", "", "", id="withdrawn"),
        pytest.param(complete(withdrawn_on=d("2023-05-01"), terminated_on=d("2023-05-01")), ADOPTED, "2023-05-01", "terminated by the Board; first day out 1 May 2023", "", "", id="several endings on one day are all shown"),
        pytest.param(SUSPENDED, ADOPTED, "2024-03-15", "suspended from 1 March 2024 until 1 April 2024", "", "still owes dues", id="suspended"),
        pytest.param(original(attested_on=d("1985-01-01")), NOT_YET, "1986-01-01", "attested", "which is right", "", id="contradiction"),
        pytest.param(new(chief_signed=UNKNOWN, dues_required=False, dues_paid=NEVER), ADOPTED, "2025-01-01", "no joining dues are required", "the day of signature of the commanding officer", "", id="undated signature of a new agency"),
        pytest.param(new(attested_on=d("2025-01-01"), chief_signed=NEVER, dues_paid=UNKNOWN), ADOPTED, "2024-01-01", "approved by the Board: 10 March 2022", "the signature of the commanding officer by which it began: not on file | the day of payment of joining dues", "", id="attested later"),
        pytest.param(new(attested_on=d("2025-01-01"), board_approved=NEVER), ADOPTED, "2024-01-01", "commanding officer signed: 4 March 2022", "the Board's approval by which it began: not on file", "", id="attested later, the Board's approval not on file"),
        pytest.param(original(attested_on=d("2022-07-13")), ADOPTED, "2020-01-01", "amended agreement, collective date: 5 February 2019", "which is right: by the papers it lapsed", "", id="attested after it lapsed by the papers: the two conflict"),
        pytest.param(new(), ADOPTED, "2025-01-01", "participating by Agreement §5.B from 2 April 2022", "", "", id="new agency"),
        pytest.param(original(approval=between("1983-10-17", "2003-02-18")), NOT_YET, "2003-02-18", "participating by 18 February 2003; the first day is not determined", "", "", id="first day open"),
    ],
)  # fmt: skip
def test_the_finding_says_why_and_what_is_missing(stint, adoption, day, because, missing, flags):
    _finding, said, wanting, warned = why(stint, day, adoption)
    assert because in said
    assert missing in wanting
    assert bool(missing) is bool(wanting)
    assert flags in warned


def test_a_finding_outside_participation_tells_of_what_is_open():
    assert "no participation and no open application" in why(None, "2026-01-01")[1]
    assert (
        "its request to participate is dated 1 January 2026"
        in why(None, "2026-01-02", requests=(Request(d("2026-01-01")),))[1]
    )
    assert "participation begins later: 2 April 2022" in why(new(), "2022-01-01")[1]
    waiting = new(dues_paid=NEVER)
    assert (
        "approved by the Board: 10 March 2022"
        in why(waiting, "2022-05-01", requests=(Request(d("2022-01-01"), None, waiting),))[1]
    )


def test_a_running_notice_and_a_new_application_are_told():
    running = Notice(d("2026-02-01"), d("2027-05-01"))
    finding, said, _missing, _flags = why(complete(withdrawn_on=d("2027-05-01")), "2026-11-22", notices=(running,))
    assert finding.value is Status.ACTIVE
    assert "participation ends on 1 May 2027, and until then it is active" in said
    assert "it has applied again" in why(LEFT, "2024-01-01", requests=(Request(d("2023-12-01")),))[1]


def test_what_lies_ahead_is_told_day_by_day():
    history = History(
        (complete(withdrawn_on=d("2027-05-01"), suspensions=(Period(d("2026-12-01"), d("2027-01-01")),)),),
        notices=(Notice(d("2026-02-01"), d("2027-05-01")),),
    )
    ahead = changes_ahead(history, ADOPTED, d("2026-11-22"), list(days_of_change(history, ADOPTED)))
    assert ahead == ((d("2026-12-01"), S.SUSPENDED), (d("2027-01-01"), S.ACTIVE), (d("2027-05-01"), S.WITHDRAWN))
    refused = History(requests=(Request(d("2026-01-01"), d("2027-02-01")),))
    assert changes_ahead(refused, ADOPTED, d("2026-11-22"), list(days_of_change(refused, ADOPTED))) == (
        (d("2027-02-01"), S.PROSPECT),
    )


def test_every_status_has_a_label_and_clauses():
    assert Status.NOT_DETERMINED.label == "Not determined"
    assert {status for status in Status if status.has_ended} == {S.WITHDRAWN, S.TERMINATED, S.LAPSED}
    assert all(standing.clauses_of(status) for status in Status)


@pytest.mark.parametrize(
    ("stint", "day", "readings"),
    [
        pytest.param(complete(), "2020-01-01", [], id="a plain original agency depends on no reading"),
        pytest.param(original(chief_signed=NEVER), "2018-06-01", ["R19"], id="who is an original agency at the edge"),
        pytest.param(new(), "2025-01-01", ["R5"], id="in force before it participates"),
        pytest.param(new(dues_required=False, dues_paid=NEVER), "2025-01-01", [], id="one date only"),
        pytest.param(LEFT, "2024-01-01", ["R6", "R7"], id="withdrawn"),
        pytest.param(complete(terminated_on=d("2023-04-01")), "2024-01-01", ["R20"], id="terminated"),
        pytest.param(original(), "2020-01-01", ["R3"], id="lapsed"),
        pytest.param(SUSPENDED, "2024-03-15", ["R17"], id="suspended"),
    ],
)
def test_a_result_that_depends_on_a_reading_says_so(stint, day, readings):
    assert [reading.place for reading in why(stint, day)[0].readings] == readings


ATTESTED_LATER = Stint(path=Path.ORIGINAL, attested_on=d("2022-07-13"))


@pytest.mark.parametrize(
    ("stint", "adoption", "day", "lapsed"),
    [
        pytest.param(ATTESTED_LATER, ADOPTED, "2022-07-13", False, id="attested on the day: it cannot have lapsed"),
        pytest.param(ATTESTED_LATER, ADOPTED, "2030-01-01", False, id="attested after the collective date: it stays"),
        pytest.param(original(attested_on=d("2022-07-13")), ADOPTED, "2020-01-01", None, id="papers say it lapsed, a later attestation that it stood"),
        pytest.param(BY_RECITAL, DAY_UNKNOWN, "2020-01-01", None, id="attested before the collective date says nothing of it"),
        pytest.param(Stint(path=Path.ORIGINAL, attested_on=d("2018-07-01")), DAY_UNKNOWN, "2018-07-01", False, id="attested on a day between the bounds"),
        pytest.param(Stint(path=Path.ORIGINAL, attested_on=d("2018-07-01")), DAY_UNKNOWN, "2018-07-02", None, id="the day after, between the bounds"),
    ],
)  # fmt: skip
def test_attested_participation_rules_out_an_earlier_lapse(stint, adoption, day, lapsed):
    assert standing.lapsed_by(stint, adoption, d(day)) is lapsed


def test_nobody_straggles_before_there_is_a_collective_date():
    assert standing.straggled_by(NEVER, NEVER, d("2030-01-01")) is False


def test_a_day_on_which_nothing_changes_is_not_told():
    twice = History(
        (LEFT,), notices=(Notice(d("2022-02-01"), d("2023-05-01")), Notice(d("2022-12-01"), d("2024-05-01")))
    )
    assert changes_ahead(twice, ADOPTED, d("2023-01-01"), list(days_of_change(twice, ADOPTED))) == (
        (d("2023-05-01"), S.WITHDRAWN),
    )
