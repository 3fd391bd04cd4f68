"""Whom to ask for what, in which order, and why not for more; and what is wrong with a card (Agreement §2, §3.A–D)."""

import pytest

from membership.rules.facts import Status
from operations.rules.cards import (
    Assigned,
    Fault,
    Wanted,
    answered,
    check_card,
    fill,
    fill_all,
    may_call,
    may_send,
    up_to,
)

from .terms import asked, has, said, wanted

# --- One line ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "candidates", "expected", "shortfall"),
    [
        pytest.param(wanted(3), [has("A", 1), has("B", 1, 9)], [("A", 1), ("B", 1)], 1, id="three asked, two exist"),
        pytest.param(wanted(2), [has("A", 1), has("B", 1, 9)], [("A", 1), ("B", 1)], 0, id="as many as there are"),
        pytest.param(wanted(1), [has("A", 1), has("B", 1, 9)], [("A", 1)], 0, id="fewer than there are: the nearest"),
        pytest.param(wanted(4), [has("A", 3), has("B", 5, 9)], [("A", 3), ("B", 1)], 0, id="no more than one has free"),
        pytest.param(wanted(2), [has("B", 1, 9), has("A", 1, 3)], [("A", 1), ("B", 1)], 0, id="near before far"),
        pytest.param(
            wanted(2), [has("A", 1, 3, stale=True), has("B", 1, 90)], [("B", 1), ("A", 1)], 0, id="fresh before stale"
        ),
        pytest.param(
            wanted(1), [has("A", 1, 3), has("B", 1, 90, chosen=True)], [("B", 1)], 0, id="the chosen one first"
        ),
        pytest.param(
            wanted(2),
            [has("A", 1, 3), has("B", 1, 90, stale=True, chosen=True)],
            [("B", 1), ("A", 1)],
            0,
            id="the chosen one first, though far and stale",
        ),
        pytest.param(
            wanted(2), [has("A", 1, None), has("B", 1, 99)], [("B", 1), ("A", 1)], 0, id="unknown distance last"
        ),
        pytest.param(
            wanted(2), [has("B", 1, 0.0), has("A", 1, None)], [("B", 1), ("A", 1)], 0, id="at the scene itself"
        ),
        pytest.param(
            wanted(2), [has("B", 1, None), has("A", 1, None)], [("A", 1), ("B", 1)], 0, id="no place known: by name"
        ),
        pytest.param(wanted(2), [has("B", 1), has("A", 1)], [("A", 1), ("B", 1)], 0, id="equally far: by name"),
        pytest.param(
            wanted(1), [has("A", 0, elsewhere=2), has("B", 1, 9)], [("B", 1)], 0, id="what is held is not asked"
        ),
        pytest.param(wanted(1), [], [], 1, id="nobody has any"),
        pytest.param(wanted(15, 20), [has("A", 17)], [("A", 17)], 0, id="a range: seventeen of 15–20 is no shortfall"),
        pytest.param(wanted(15, 20), [has("A", 40)], [("A", 20)], 0, id="a range: at most twenty"),
        pytest.param(wanted(15, 20), [has("A", 14)], [("A", 14)], 1, id="a range: one short of the least"),
        pytest.param(Wanted(1, "canine", 0, 3), [], [], 0, id="what had to come is coming: no shortfall"),
    ],
)
def test_who_is_asked_for_one_line(line, candidates, expected, shortfall):
    found = fill(line, candidates)
    assert (asked(found), found.shortfall) == (expected, shortfall)
    assert found.quantity == sum(quantity for _name, quantity in expected)
    assert bool(found.because) is bool(shortfall)


@pytest.mark.parametrize(
    ("line", "candidates", "words"),
    [
        pytest.param(wanted(3), [has("A", 1), has("B", 1)], ["2 of 3: none left"], id="none left"),
        pytest.param(wanted(15, 20), [], ["0 of 15–20: none left"], id="none at all, of a range"),
        pytest.param(
            wanted(3),
            [has("A", 1), has("B", 0, elsewhere=2)],
            ["1 of 3: none left", "2 committed already (B, 2)"],
            id="committed elsewhere",
        ),
        pytest.param(
            wanted(9),
            [has(name, 0, elsewhere=1) for name in "EDCBA"],
            ["0 of 9: none left", "5 committed already (A, 1; B, 1; C, 1; and 2 more)"],
            id="committed elsewhere by many: the nearest three are named",
        ),
    ],
)
def test_why_no_more_can_be_asked(line, candidates, words):
    found = fill(line, candidates)
    assert [fact.text for fact in found.because] == words
    assert "Agreement §3.D" in str(found.because[0])


# --- Several lines ----------------------------------------------------------------------------------------------------


def test_two_lines_of_one_type_never_ask_an_agency_for_more_than_it_has():
    candidates = {"canine": [has("A", 3, 1), has("B", 2, 9)]}
    found = fill_all([wanted(2, key=1), wanted(4, key=2)], candidates, {})
    assert [asked(one) for one in found] == [[("A", 2)], [("A", 1), ("B", 2)]]
    assert [one.shortfall for one in found] == [0, 1]


def test_who_was_asked_for_a_line_is_not_asked_for_it_again_but_may_be_for_another():
    candidates = {"canine": [has("A", 3, 1), has("B", 2, 9)]}
    found = fill_all([wanted(1, key=1), wanted(1, key=2)], candidates, {1: [ord("A")]})
    assert [asked(one) for one in found] == [[("B", 1)], [("A", 1)]]


def test_a_type_that_nobody_has_is_a_shortfall_beside_one_that_is_filled():
    found = fill_all([wanted(1, type="boat"), wanted(1, key=2)], {"canine": [has("A", 1)]}, {})
    assert [(asked(one), one.shortfall) for one in found] == [([], 1), ([("A", 1)], 0)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param(wanted(3), "3", id="so many"),
        pytest.param(wanted(15, 20), "15–20", id="a range"),
        pytest.param(Wanted(1, "canine", 0, 3), "up to 3", id="enough are coming, more may"),
    ],
)
def test_how_much_is_wanted_in_words(line, words):
    assert line.said == words


@pytest.mark.parametrize(
    ("line", "accepted", "waiting", "filled", "words"),
    [
        pytest.param(wanted(15, 20), 14, 0, False, "not filled, 14 of 15–20", id="one short of the least"),
        pytest.param(wanted(15, 20), 15, 0, True, "filled, 15 of 15–20", id="the least"),
        pytest.param(wanted(15, 20), 17, 0, True, "filled, 17 of 15–20", id="seventeen of 15–20"),
        pytest.param(wanted(15, 20), 20, 0, True, "filled, 20 of 15–20", id="the most"),
        pytest.param(wanted(15, 20), 21, 0, True, "filled, 21 of 15–20", id="more than the most came"),
        pytest.param(wanted(3), 2, 1, False, "not filled, 2 of 3, 1 asked and not answered", id="one still to answer"),
        pytest.param(wanted(3), 0, 0, False, "not filled, 0 of 3", id="nobody yet"),
    ],
)
def test_whether_a_line_is_filled(line, accepted, waiting, filled, words):
    found = answered(line, accepted, waiting)
    assert found.value is filled
    assert [fact.text for fact in found.because] == [words]


# --- Pre-planned cards ------------------------------------------------------------------------------------------------

A, B, C = 1, 2, 3
ACTIVE = {A: Status.ACTIVE, B: Status.ACTIVE, C: Status.ACTIVE}


def line(agency, level=1, order=1, quantity=1, type="squad"):
    return Assigned(level, order, agency, f"Agency {agency}", type, quantity)


@pytest.mark.parametrize(
    ("lines", "statuses", "deployable", "nearby", "faults"),
    [
        pytest.param([line(A)], ACTIVE, {(A, "squad"): 1}, [], [], id="nothing is wrong"),
        pytest.param([], ACTIVE, {}, [], [], id="a card with no lines has no levels to fill"),
        pytest.param(
            [line(A), line(B, order=2)],
            {**ACTIVE, A: Status.SUSPENDED},
            {(B, "squad"): 1},
            [],
            [("not_active", 1, A, "Agency 1 is suspended, not active: it is asked for nothing")],
            id="one is suspended, another is left at the level",
        ),
        pytest.param(
            [line(A)],
            {A: Status.WITHDRAWN},
            {},
            [],
            [
                ("not_active", 1, A, "Agency 1 is withdrawn, not active: it is asked for nothing"),
                ("hole", 1, None, "level 1: no agency on it is active"),
            ],
            id="the only one withdrew: a hole",
        ),
        pytest.param(
            [line(A), line(B, level=2)],
            {A: Status.ACTIVE},
            {(A, "squad"): 1},
            [],
            [
                ("not_active", 2, B, "Agency 2 is prospect, not active: it is asked for nothing"),
                ("hole", 2, None, "level 2: no agency on it is active"),
            ],
            id="one that the register does not know in that standing",
        ),
        pytest.param(
            [line(A), line(B, order=2)],
            {**ACTIVE, A: Status.NOT_DETERMINED},
            {(B, "squad"): 1},
            [],
            [("not_determined", 1, A, "Agency 1: whether it participates is not determined")],
            id="one is not determined",
        ),
        pytest.param(
            [line(A, quantity=3)],
            ACTIVE,
            {(A, "squad"): 2},
            [],
            [("cannot", 1, A, "Agency 1 can deploy 2 of 3 (squad)")],
            id="one has fewer than the card says",
        ),
        pytest.param([line(A, quantity=2)], ACTIVE, {(A, "squad"): 2}, [], [], id="one has exactly as many"),
        pytest.param(
            [line(A)], ACTIVE, {(A, "canine"): 9}, [], [("cannot", 1, A, "Agency 1 can deploy 0 of 1 (squad)")],
            id="one has only something else",
        ),
        pytest.param(
            [line(A, level=2, quantity=2), line(A, quantity=2)],
            ACTIVE,
            {(A, "squad"): 3},
            [],
            [("cannot", 2, A, "Agency 1 can deploy 3 of 4 (squad)")],
            id="levels add up: one has enough for the first, not for both",
        ),
        pytest.param(
            [line(A)],
            ACTIVE,
            {(A, "squad"): 1},
            [(A, "Agency 1", 2.0), (B, "Agency 2", 3.25)],
            [("new_nearby", None, B, "Agency 2, 3.2 miles away, is on no line")],
            id="one nearby is on no line",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_card(lines, statuses, deployable, nearby, faults):
    flags = check_card(lines, statuses, deployable, nearby)
    assert [(flag.fault.value, flag.level, flag.agency, flag.text) for flag in flags] == faults


def test_each_fault_has_its_words():
    assert [fault.label for fault in Fault] == [
        "Dropped from use", "Not determined", "Nobody left to ask", "Cannot send as much", "New nearby",
    ]  # fmt: skip
    assert [fault for fault in Fault if fault.is_suggestion] == [Fault.NEW_NEARBY]


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        pytest.param(0, [], id="below the first level"),
        pytest.param(1, [A, B], id="the first level, in its order"),
        pytest.param(2, [A, B, C], id="the second adds to the first"),
        pytest.param(3, [A, B, C, A], id="the third adds to both"),
        pytest.param(9, [A, B, C, A], id="above the last level"),
    ],
)
def test_levels_add_up(level, expected):
    lines = [line(A, level=3), line(C, level=2), line(B, order=2), line(A)]
    assert [one.agency for one in up_to(lines, level)] == expected


# --- Who may call, and who is asked -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "warning", "readings"),
    [
        pytest.param(Status.ACTIVE, "", [], id="active: nothing to say"),
        pytest.param(Status.SUSPENDED, "suspended, not active", ["Reading R17"], id="suspended: warned about"),
        pytest.param(
            Status.NOT_DETERMINED, "not determined: its call", ["Reading R17"], id="not determined: warned about"
        ),
        pytest.param(
            Status.WITHDRAWN,
            "withdrawn, no Participating Agency",
            ["Reading R17"],
            id="withdrawn: outside the Agreement",
        ),
        pytest.param(
            Status.PROSPECT, "prospect, no Participating Agency", ["Reading R17"], id="never in: outside the Agreement"
        ),
    ],
)
def test_a_call_for_aid_is_warned_about_and_never_blocked(status, warning, readings):
    found = may_call(status)
    assert found.value is True
    assert found.because
    assert warning in "; ".join(flag.text for flag in found.flags)
    assert bool(found.flags) is bool(warning)
    assert [str(one) for one in found.readings] == readings


@pytest.mark.parametrize(
    ("status", "asked", "words"),
    [
        pytest.param(Status.ACTIVE, True, "active [Bylaws Art. III §11]", id="active"),
        pytest.param(Status.SUSPENDED, False, "suspended, not active: it is not asked", id="suspended"),
        pytest.param(Status.TERMINATED, False, "terminated, not active: it is not asked", id="terminated"),
        pytest.param(Status.APPLICANT, False, "applicant, not active: it is not asked", id="not in yet"),
        pytest.param(Status.NOT_DETERMINED, False, "not determined: it is not asked until", id="not determined"),
    ],
)
def test_only_an_active_agency_is_asked_for_aid(status, asked, words):
    found = may_send(status)
    assert found.value is asked
    assert words in said(found)
    assert [str(one) for one in found.readings] == (["Reading R17"] if status is Status.SUSPENDED else [])
