"""Approval (A 5.A.1, R18) and Execution (A 5.A.2)."""

import pytest

from membership.rules import instruments
from membership.rules.instruments import DateStatement, Event, Ordinance, Signature
from nipas_admin.shared.dated import Dated
from nipas_admin.shared.findings import Evidence

from .terms import NEVER, UNKNOWN, between, d, on


def said(event, when, source="text"):
    return DateStatement(Event(event), on(when) if isinstance(when, str) else when, source)


@pytest.mark.parametrize(
    ("statements", "due", "chosen", "expected"),
    [
        pytest.param(
            [said("adopted", "2018-06-12")],
            False,
            None,
            on("2018-06-12"),
            id="a single date serves as passage and approval",
        ),
        pytest.param(
            [said("passed", "2018-06-12")],
            False,
            None,
            on("2018-06-12"),
            id="passage alone serves as both when no separate approval is due",
        ),
        pytest.param(
            [said("approved", "2018-06-14")], False, None, on("2018-06-14"), id="approval alone serves as both"
        ),
        pytest.param(
            [said("passed", "2018-06-12"), said("approved", "2018-06-14")],
            False,
            None,
            on("2018-06-14"),
            id="passed and approved on different days: the later",
        ),
        pytest.param(
            [said("approved", "2018-06-10"), said("passed", "2018-06-12")],
            False,
            None,
            on("2018-06-12"),
            id="approved before it was passed: still the later",
        ),
        pytest.param(
            [said("passed", "2018-06-12")],
            True,
            None,
            between("2018-06-12", None),
            id="a separate approval that is due but missing leaves the day open",
        ),
        pytest.param(
            [said("passed", "2018-06-12"), said("approved", "2018-06-14")],
            True,
            None,
            on("2018-06-14"),
            id="a separate approval that is due and there",
        ),
        pytest.param(
            [said("adopted", "2018-05-04"), said("heading", "2018-06-04", "archive")],
            False,
            None,
            between("2018-05-04", "2018-06-04"),
            id="heading and text disagree: both are candidates",
        ),
        pytest.param(
            [said("adopted", "2018-05-04"), said("heading", "2018-06-04", "archive")],
            False,
            d("2018-06-04"),
            on("2018-06-04"),
            id="the day a person chose governs",
        ),
        pytest.param(
            [said("heading", "2018-06-13")], False, None, on("2018-06-13"), id="an archive heading alone serves"
        ),
        pytest.param(
            [said("presented", "2018-06-01"), said("executed", "2018-06-20")],
            False,
            None,
            UNKNOWN,
            id="presented and executed are recorded, not used",
        ),
        pytest.param(
            [said("adopted", between("2018-01-01", "2018-12-31"))],
            False,
            None,
            between("2018-01-01", "2018-12-31"),
            id="only the year is known",
        ),
        pytest.param([], False, None, UNKNOWN, id="no date at all"),
    ],
)
def test_the_day_of_an_approval(statements, due, chosen, expected):
    assert instruments.approval_candidates(statements, separate_approval_due=due, chosen_on=chosen) == expected


def test_disagreeing_dates_are_shown_each_with_its_source_until_a_person_chooses():
    statements = [said("heading", "2018-06-04", "archive heading of the city"), said("adopted", "2018-05-04", "text")]
    finding = instruments.approval_on(statements)
    assert finding.value is None
    assert finding.missing == (
        "which date governs: archive heading of the city: archive heading 4 June 2018, text: passed and approved 4 May 2018",
    )
    chosen = instruments.approval_on(
        statements, chosen_on=d("2018-06-04"), chosen_because="the archive files by date of passage"
    )
    assert chosen.value == d("2018-06-04")
    assert "4 June 2018 was chosen: the archive files by date of passage" in str(chosen.because[-1])
    assert len(chosen.because) == 3


@pytest.mark.parametrize(
    ("statements", "options", "value", "missing"),
    [
        pytest.param([said("adopted", "2018-06-12")], {}, d("2018-06-12"), (), id="one date"),
        pytest.param(
            [said("passed", "2018-06-12")],
            {"separate_approval_due": True},
            None,
            ("passage and approval are separate",),
            id="approval due",
        ),
        pytest.param(
            [], {"cites_itself": True}, None, ("cites itself",), id="a recital that cites itself proves nothing"
        ),
        pytest.param([], {}, None, ("the day of passage and approval (date unknown)",), id="nothing known"),
        pytest.param(
            [said("adopted", between("2018-01-01", "2018-12-31"))],
            {},
            None,
            ("between 1 January 2018 and 31 December 2018",),
            id="a year",
        ),
    ],
)
def test_the_finding_of_an_approval(statements, options, value, missing):
    finding = instruments.approval_on(statements, **options)
    assert finding.value == value
    assert len(finding.missing) == len(missing)
    assert all(part in whole for part, whole in zip(missing, finding.missing, strict=True))


@pytest.mark.parametrize(
    ("chain", "serving"),
    [
        pytest.param([Ordinance(1, on("1983-10-17"))], 1, id="one paper"),
        pytest.param(
            [Ordinance(1, on("1983-10-17")), Ordinance(2, on("1993-03-23"), rescinds=1)],
            1,
            id="rescind-and-replace breaks nothing: the first day counts",
        ),
        pytest.param(
            [Ordinance(1, on("2018-06-01")), Ordinance(2, on("2018-07-01"), rescinds=1, approves=False)],
            None,
            id="rescinded without a replacement",
        ),
        pytest.param(
            [
                Ordinance(1, on("2018-06-01")),
                Ordinance(2, on("2018-07-01"), rescinds=1),
                Ordinance(3, on("2018-08-01"), rescinds=2, approves=False),
            ],
            None,
            id="the replacement is itself rescinded",
        ),
        pytest.param(
            [
                Ordinance(1, on("2018-06-01")),
                Ordinance(2, on("2018-07-01"), rescinds=1, approves=False),
                Ordinance(3, on("2018-09-01")),
            ],
            3,
            id="approved anew after an outright rescission",
        ),
        pytest.param(
            [Ordinance(1, UNKNOWN), Ordinance(2, on("2018-09-01"))], 2, id="of two papers the one surely first"
        ),
        pytest.param([], None, id="no paper"),
    ],
)
def test_which_paper_of_a_chain_serves(chain, serving):
    found = instruments.approval_serving(chain)
    assert (found and found.key) == serving


def signature(text, who="Mayor"):
    return Signature(who, signed=text is not None, on=d(text) if text else None)


@pytest.mark.parametrize(
    ("head", "chief", "expected"),
    [
        pytest.param(
            signature("2018-03-03"), signature("2018-02-20"), on("2018-03-03"), id="head 3 Mar, chief 20 Feb: 3 Mar"
        ),
        pytest.param(signature("2018-02-20"), signature("2018-03-03"), on("2018-03-03"), id="in either order"),
        pytest.param(signature("2018-03-03"), signature("2018-03-03"), on("2018-03-03"), id="one day for both"),
        pytest.param(signature(""), signature(""), UNKNOWN, id="signed but undated: executed, date unknown"),
        pytest.param(
            signature("2018-03-03"), signature(""), between("2018-03-03", None), id="one dated: not before that day"
        ),
        pytest.param(signature("2018-03-03"), signature(None), NEVER, id="one signature: not executed"),
        pytest.param(signature(None), signature(None), NEVER, id="no signature"),
    ],
)
def test_the_day_of_an_execution(head, chief, expected):
    assert instruments.execution_candidates(head, chief) == expected
    assert instruments.execution_on(head, chief).value == expected.day


def test_an_execution_says_what_is_missing_and_what_is_odd():
    undated = instruments.execution_on(signature("", "the Mayor"), signature(None, "the Chief"))
    assert undated.missing == ("the signature of the Chief", "the day the Mayor signed")
    early = instruments.execution_on(signature("2018-05-01"), signature("2018-05-02"), on("2018-06-04"))
    assert early.value == d("2018-05-02")
    assert [str(flag) for flag in early.flags] == [
        "signed before the Approval of 4 June 2018 [Agreement §5.A.2; Agreement §5.A.1]"
    ]
    same_day = instruments.execution_on(signature("2018-06-04"), signature("2018-06-04"), on("2018-06-04"))
    assert same_day.flags == ()
    stranger = instruments.execution_on(
        Signature("A. Former", True, d("2018-06-05"), in_office=False), signature("2018-06-05")
    )
    assert stranger.value == d("2018-06-05")
    assert "A. Former was not in office on 5 June 2018" in str(stranger.flags[0])


def test_under_the_original_agreement_the_head_alone_suffices():
    assert instruments.participating_under_the_original(on("1990-03-01"), on("1990-03-05")) == on("1990-03-05")
    assert instruments.participating_under_the_original(on("1990-03-01"), NEVER) == NEVER


def test_a_statement_reads_as_its_source_and_its_day():
    assert str(said("adopted", "2018-05-04")) == "text: passed and approved 4 May 2018"
    assert str(DateStatement(Event.PASSED, Dated.unknown(), "", Evidence.REPORTED)) == "passed date unknown"
