"""The course of aid, step by step, and the emergency it is asked for in (Agreement §3.A–D)."""

from itertools import pairwise

import pytest

from operations.rules.incidents import FOLLOWS, Course, Step, counts, emergency, is_silent, may_follow, step_of, waited

from .terms import said, t

MOMENT = {step: f"{step.value}_at" for step in Step}
# One way to each step.
WAY = {
    "asked": [],
    "no_answer": ["no_answer"],
    "declined": ["declined"],
    "called_off": ["called_off"],
    "accepted": ["accepted"],
    "accepted after no answer": ["no_answer", "accepted"],
    "en_route": ["accepted", "en_route"],
    "turned back on the way": ["accepted", "en_route", "declined"],
    "on_scene": ["accepted", "en_route", "on_scene"],
    "there without having left word": ["accepted", "on_scene"],
    "released": ["accepted", "en_route", "on_scene", "released"],
}
IS_AT = {
    "accepted after no answer": Step.ACCEPTED,
    "turned back on the way": Step.DECLINED,
    "there without having left word": Step.ON_SCENE,
}
MAY = {
    Step.ASKED: {"accepted", "declined", "no_answer", "called_off"},
    Step.NO_ANSWER: {"accepted", "declined"},
    Step.ACCEPTED: {"en_route", "on_scene", "declined", "called_off"},
    Step.EN_ROUTE: {"on_scene", "declined", "called_off"},
    Step.ON_SCENE: {"released"},
    Step.RELEASED: set(),
    Step.DECLINED: set(),
    Step.CALLED_OFF: set(),
}


def course(way):
    """Asked at six, and a step every ten minutes."""
    return Course(t("18:00"), **{f"{step}_at": t(f"18:{10 * place}") for place, step in enumerate(way, 1)})


@pytest.mark.parametrize("way", WAY)
def test_where_the_aid_is_and_whether_it_is_held(way):
    now = IS_AT.get(way) or Step(way)
    assert step_of(course(WAY[way])) is now
    assert now.holds is (now.value in {"asked", "accepted", "en_route", "on_scene"})
    assert course(WAY[way]).last == t(f"18:{len(WAY[way])}0")


@pytest.mark.parametrize("step", list(Step), ids=lambda step: f"then {step.label.lower()}")
@pytest.mark.parametrize("way", WAY)
def test_what_may_follow_what(way, step):
    now = IS_AT.get(way) or Step(way)
    found = may_follow(course(WAY[way]), step, t("19:00"))
    assert found.value is (step.value in MAY[now])
    assert found.citations
    if found.value:
        assert said(found).startswith(f"{now.label.lower()}, then {step.label.lower()}")
    else:
        assert f"it is {now.label.lower()}" in said(found)
        assert f"not {step.label.lower()}" in said(found)


@pytest.mark.parametrize(
    ("way", "step", "words"),
    [
        pytest.param(
            ["accepted", "en_route"],
            "released",
            "it is en route: next it can be on scene or declined or called off, not released",
            id="released before it arrived",
        ),
        pytest.param(["declined"], "accepted", "it is declined: nothing follows, not accepted", id="after a lawful no"),
        pytest.param([], "on_scene", "it is asked: next it can be accepted", id="there before it said yes"),
    ],
)
def test_what_a_step_out_of_its_order_is_told(way, step, words):
    assert words in said(may_follow(course(way), Step(step), t("19:00")))


@pytest.mark.parametrize(
    ("at", "may"),
    [
        pytest.param("18:19", False, id="a minute before what is on record"),
        pytest.param("18:20", True, id="in the same minute"),
        pytest.param("18:21", True, id="a minute later"),
    ],
)
def test_no_step_is_earlier_than_what_is_on_record(at, may):
    found = may_follow(course(["accepted", "en_route"]), Step.ON_SCENE, t(at))
    assert found.value is may
    assert ("give a later time" in said(found)) is not may


@pytest.mark.parametrize(
    ("step", "clause"),
    [
        pytest.param(Step.DECLINED, "Agreement §3.B", id="a lawful no"),
        pytest.param(Step.ON_SCENE, "Agreement §3.C", id="a position is assigned on the scene"),
        pytest.param(Step.CALLED_OFF, "Agreement §3.D", id="no longer needed"),
    ],
)
def test_each_step_names_its_clause(step, clause):
    assert clause in said(may_follow(course(["accepted"]), step, t("19:00")))


def test_every_step_is_in_the_table_and_what_ends_is_never_held():
    assert set(FOLLOWS) == set(Step)
    assert not [step for step, after in FOLLOWS.items() if not after and step.holds]


def test_no_way_comes_back_to_where_it_was():
    ways = [[Step.ASKED]]
    for way in ways:
        ways += [[*way, step] for step in FOLLOWS[way[-1]]]
    assert all(len(set(way)) == len(way) for way in ways)
    assert all(after in FOLLOWS[before] for way in ways for before, after in pairwise(way))


@pytest.mark.parametrize(
    ("why", "value", "words"),
    [
        pytest.param(" Sixty homes ", True, "exceeds its own capability: Sixty homes", id="it says why"),
        pytest.param("", None, "why the emergency exceeds", id="it says nothing"),
        pytest.param("  ", None, "why the emergency exceeds", id="it says nothing, with spaces"),
    ],
)
def test_an_emergency_says_why_it_exceeds_the_agencys_own_capability(why, value, words):
    found = emergency(why)
    assert found.value is value
    assert words in said(found)


@pytest.mark.parametrize(
    ("step", "left_itself", "fills"),
    [
        pytest.param("asked", False, False, id="asked and not answered"),
        pytest.param("no_answer", False, False, id="silent"),
        pytest.param("declined", False, False, id="a lawful no"),
        pytest.param("called_off", False, False, id="called off"),
        pytest.param("accepted", False, True, id="promised"),
        pytest.param("en_route", False, True, id="on its way"),
        pytest.param("on_scene", False, True, id="there"),
        pytest.param("released", False, True, id="released because the stricken agency can handle it"),
        pytest.param("released", True, False, id="gone by its own decision"),
    ],
)
def test_what_fills_a_line(step, left_itself, fills):
    assert counts(Step(step), left_itself=left_itself) is fills


@pytest.mark.parametrize(
    ("at", "way", "minutes", "silent"),
    [
        pytest.param("18:00", [], 0, False, id="asked this moment"),
        pytest.param("18:04", [], 4, False, id="a minute before patience ends"),
        pytest.param("18:05", [], 5, True, id="when it ends"),
        pytest.param("18:30", [], 30, True, id="long after"),
        pytest.param("17:59", [], 0, False, id="before it was asked, by another clock"),
        pytest.param("18:30", ["accepted"], None, False, id="it answered"),
        pytest.param("18:30", ["no_answer"], None, False, id="somebody wrote down that it did not answer"),
    ],
)
def test_how_long_an_agency_is_silent(at, way, minutes, silent):
    assert waited(course(way), t(at)) == minutes
    assert is_silent(course(way), t(at)) is silent
