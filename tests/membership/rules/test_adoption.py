"""The adoption of 2018: A 5.A, R1–R4."""

from dataclasses import replace

import pytest

from membership.rules import adoption
from membership.rules.adoption import Member
from membership.rules.facts import Adoption
from nipas_admin.shared.shares import Share, more_than_half

from .terms import ADOPTED, DAY_UNKNOWN, NEVER, NOT_YET, TERMS, UNKNOWN, between, d, on


@pytest.mark.parametrize(
    ("base", "needed"), [(4, 3), (95, 72), (98, 74), (99, 75), (100, 75), (101, 76), (1, 1), (0, 1)]
)
def test_three_fourths_in_whole_numbers(base, needed):
    share = Share(3, 4)
    assert share.needed(base) == needed
    assert share.reached_by(needed, base)
    assert not share.reached_by(needed - 1, base)


@pytest.mark.parametrize(("base", "needed"), [(98, 50), (99, 50), (100, 51), (101, 51), (42, 22)])
def test_a_majority_is_more_than_half(base, needed):
    assert more_than_half(base) == needed


@pytest.mark.parametrize(("numerator", "denominator"), [(0, 4), (5, 4), (-1, 2)])
def test_a_share_is_more_than_nothing_and_no_more_than_all(numerator, denominator):
    with pytest.raises(ValueError, match="not a share"):
        Share(numerator, denominator)


FOUR = [
    Member("A", approved=on("2018-06-10")),
    Member("B", approved=on("2018-06-20")),
    Member("C", approved=on("2018-10-01")),
    Member("D"),
]


def hundred(approvals, leavers_on=None):
    """A hundred agencies, so many of which approved on 1 June 2018; two that did not leave on a day."""
    members = [Member(f"{n:03}", approved=on("2018-06-01") if n < approvals else NEVER) for n in range(100)]
    return [*members[:98], *(replace(m, ends_on=leavers_on) for m in members[98:])]


@pytest.mark.parametrize(
    ("members", "reached"),
    [
        pytest.param(FOUR, on("2018-10-01"), id="10 Jun, 20 Jun, 1 Oct, never: 1 Oct"),
        pytest.param(FOUR[:2] + FOUR[3:], NEVER, id="two of three are not three fourths"),
        pytest.param(hundred(74), NEVER, id="74 of 100 fall short"),
        pytest.param(
            hundred(74, d("2019-05-01")),
            on("2019-05-01"),
            id="two non-approvers leave on 1 May: 74 of 98 reached that day",
        ),
        pytest.param(hundred(75), on("2018-06-01"), id="75 of 100"),
        pytest.param(
            [*FOUR[:3], Member("D", ends_on=d("2018-01-01"))],
            on("2018-10-01"),
            id="an agency that left before is in no base",
        ),
        pytest.param(
            [Member("A", approved=on("2018-06-10"), ends_on=d("2018-07-01")), *FOUR[1:3]],
            on("2018-10-01"),
            id="the approval of one that has left does not count",
        ),
        pytest.param(
            [*FOUR[:2], Member("C", approved=UNKNOWN), Member("D")],
            between("2018-06-20", None),
            id="an undated approval is possible, never sure",
        ),
        pytest.param(
            [*FOUR[:2], Member("C", approved=between("2018-06-01", "2018-12-31")), Member("D")],
            between("2018-06-20", "2018-12-31"),
            id="reached by 31 Dec at the latest",
        ),
        pytest.param(
            [*FOUR[:3], Member("D", original=None)],
            on("2018-10-01"),
            id="an open agency that has not approved: three of four suffice either way",
        ),
        pytest.param(
            [*FOUR[1:3], Member("D", original=None)],
            between("2018-10-01", None),
            id="two approvers, and one of open class that has not: two of two or two of three, so possibly",
        ),
        pytest.param(
            [*FOUR[:3], Member("E", original=False)],
            on("2018-10-01"),
            id="one that is not an original agency does not count",
        ),
        pytest.param(
            [replace(FOUR[0], rescinded_on=d("2018-09-01")), *FOUR[1:]],
            NEVER,
            id="an approval rescinded before the count was reached does not count",
        ),
        pytest.param(
            [replace(FOUR[0], rescinded_on=d("2018-12-01")), *FOUR[1:]],
            on("2018-10-01"),
            id="once reached it stays reached",
        ),
        pytest.param([], NEVER, id="no agencies"),
    ],
)
def test_the_first_day_of_three_fourths(members, reached):
    assert adoption.approvals_reached_on(members, TERMS) == reached


def test_approvals_and_executions_are_counted_apart():
    members = [replace(m, executed=on("2018-11-01")) for m in FOUR]
    assert adoption.executions_reached_on(members, TERMS) == on("2018-11-01")
    assert adoption.approvals_reached_on(members, TERMS) == on("2018-10-01")
    assert adoption.citation_of(Member.approved_by) == adoption.APPROVALS
    assert adoption.citation_of(Member.executed_by) == adoption.EXECUTIONS


def test_a_count_on_a_day_tells_sure_and_possible():
    members = [*FOUR[:2], Member("C", approved=UNKNOWN), Member("D", ends_on=d("2018-01-01"))]
    count = adoption.count_on(members, Member.approved_by, TERMS.adoption_share, d("2018-06-15"))
    assert (count.sure, count.possible, count.base, count.needed) == (1, 2, 3, 3)


@pytest.mark.parametrize(
    ("approvals", "executions", "earliest", "words"),
    [
        pytest.param(
            on("2018-10-01"),
            on("2018-12-01"),
            d("2019-01-30"),
            "1 December 2018 + 60 days = 30 January 2019",
            id="60 days after the later count",
        ),
        pytest.param(NEVER, on("2018-12-01"), None, "3/4 of the Approvals", id="approvals not reached"),
        pytest.param(on("2018-12-01"), NEVER, None, "3/4 of the Executions", id="executions not reached"),
        pytest.param(
            on("2018-10-01"),
            between("2018-11-01", "2018-12-01"),
            None,
            "the day the later count was reached",
            id="the later count is not exact",
        ),
    ],
)
def test_the_earliest_lawful_special_meeting(approvals, executions, earliest, words):
    finding = adoption.earliest_meeting_on(approvals, executions, TERMS)
    assert finding.value == earliest
    assert words in " ".join([*map(str, finding.because), *finding.missing])


EARLIEST = adoption.earliest_meeting_on(on("2018-10-01"), on("2018-12-01"), TERMS)
OPEN = adoption.earliest_meeting_on(on("2018-10-01"), NEVER, TERMS)


@pytest.mark.parametrize(
    ("meeting", "votes", "present", "earliest", "adopted"),
    [
        pytest.param("2019-01-29", 60, 80, EARLIEST, False, id="a meeting on 29 Jan does not count"),
        pytest.param("2019-01-30", 60, 80, EARLIEST, True, id="day 60 counts"),
        pytest.param("2019-01-31", 60, 80, EARLIEST, True, id="the day after"),
        pytest.param("2019-01-30", 40, 80, EARLIEST, False, id="half of those present is no majority"),
        pytest.param("2019-01-30", 41, 80, EARLIEST, True, id="one more than half"),
        pytest.param("2019-01-30", 0, 0, EARLIEST, False, id="a vote with no votes never carries"),
        pytest.param("2019-01-30", 60, 80, OPEN, None, id="not determined while a count is not reached"),
    ],
)
def test_the_special_meeting_adopts_the_bylaws(meeting, votes, present, earliest, adopted):
    assert adoption.bylaws_adopted(d(meeting), votes, present, earliest).value is adopted


def test_the_collective_date_is_the_last_of_the_three_events():
    assert adoption.collective_date(on("2018-10-01"), on("2018-12-01"), on("2019-02-05")) == on("2019-02-05")
    assert adoption.collective_date(on("2018-10-01"), on("2018-12-01"), NEVER) == NEVER


@pytest.mark.parametrize(
    ("complete", "when", "value", "words", "flagged"),
    [
        pytest.param(
            on("2019-02-04"),
            ADOPTED,
            d("2019-02-05"),
            "complete: 4 February 2019",
            False,
            id="complete by 4 Feb: in force 5 Feb",
        ),
        pytest.param(
            on("2019-02-05"),
            ADOPTED,
            None,
            "participation ended on 6 February 2019",
            True,
            id="complete on the day itself: late, flagged",
        ),
        pytest.param(
            on("2019-02-06"),
            ADOPTED,
            None,
            "participation ended on 6 February 2019",
            False,
            id="complete the day after: late",
        ),
        pytest.param(NEVER, ADOPTED, None, "participation ended on 6 February 2019", False, id="never complete"),
        pytest.param(UNKNOWN, ADOPTED, None, "whether both were complete", False, id="undated: not determined"),
        pytest.param(on("2019-02-04"), NOT_YET, None, "it has not come", False, id="no collective date yet"),
        pytest.param(
            on("2018-06-29"),
            DAY_UNKNOWN,
            None,
            "the collective date",
            False,
            id="day unknown, complete before it can have been: in, the day open",
        ),
        pytest.param(
            on("2018-07-01"),
            DAY_UNKNOWN,
            None,
            "whether both were complete",
            False,
            id="day unknown, complete later: not determined",
        ),
        pytest.param(
            on("2019-07-01"),
            Adoption(TERMS, between("2018-06-30", "2019-06-30")),
            None,
            "the day after the collective date",
            False,
            id="complete after it must have been",
        ),
    ],
)
def test_the_effect_on_an_original_agency(complete, when, value, words, flagged):
    finding = adoption.effect_on_original(complete, when)
    assert finding.value == value
    assert words in " ".join([*map(str, finding.because), *finding.missing])
    assert bool(finding.flags) is flagged


@pytest.mark.parametrize(
    ("day", "when", "governs"),
    [
        pytest.param("2019-02-04", ADOPTED, True, id="the day before the collective date"),
        pytest.param("2019-02-05", ADOPTED, False, id="the collective date"),
        pytest.param("2018-06-29", DAY_UNKNOWN, True, id="before it can have been"),
        pytest.param("2018-06-30", DAY_UNKNOWN, None, id="from the day it can have been"),
        pytest.param("2030-01-01", NOT_YET, True, id="not yet"),
    ],
)
def test_the_original_agreement_governs_until_the_collective_date(day, when, governs):
    assert adoption.original_still_governs(when, d(day)) is governs


SUMMER = replace(TERMS, ends_month=7, ends_day=15)


@pytest.mark.parametrize(
    ("original", "when", "day", "ends"),
    [
        pytest.param(SUMMER, ADOPTED, "2019-02-04", (7, 15), id="the day before the collective date: the Original Agreement's figures"),
        pytest.param(SUMMER, ADOPTED, "2019-02-05", (5, 1), id="from the collective date: the new ones"),
        pytest.param(SUMMER, NOT_YET, "2030-01-01", (7, 15), id="no collective date yet"),
        pytest.param(SUMMER, DAY_UNKNOWN, "2018-06-29", (7, 15), id="before it can have been"),
        pytest.param(TERMS, DAY_UNKNOWN, "2018-06-30", (5, 1), id="open which governs, but both say the same"),
        pytest.param(SUMMER, ADOPTED, "1983-01-01", (7, 15), id="the first day that a version covers"),
    ],
)  # fmt: skip
def test_the_figures_of_leaving_are_those_of_the_day(original, when, day, ends):
    found = adoption.terms_on(original, d("1983-01-01"), when, d(day))
    assert (found.ends_month, found.ends_day) == ends


@pytest.mark.parametrize(
    ("original", "day", "words"),
    [
        pytest.param(TERMS, "1982-12-31", "No version of the agreement covers 31 December 1982", id="before the first version"),
        pytest.param(SUMMER, "2018-06-30", "their figures differ", id="open which governs, and they differ"),
    ],
)  # fmt: skip
def test_a_day_that_no_version_surely_covers_raises(original, day, words):
    with pytest.raises(adoption.NoTerms, match=words):
        adoption.terms_on(original, d("1983-01-01"), DAY_UNKNOWN, d(day))
