"""The answers to a readiness inquiry, added up by reply and by hour (Agreement §3.B)."""

import pytest

from operations.rules.readiness import HOURS, Answered, Reply, tally

YES, NO, MAYBE = Reply.YES, Reply.NO, Reply.CONDITION


def by_hour(*people):
    return dict(zip(HOURS, people, strict=True))


@pytest.mark.parametrize(
    ("answers", "sure", "conditional", "later"),
    [
        pytest.param([], (0,) * 6, (0,) * 6, 0, id="nobody has answered"),
        pytest.param([(YES, 3, 1)], (3, 3, 3, 3, 3, 3), (0,) * 6, 0, id="within the first hour counts at all"),
        pytest.param([(YES, 3, 0)], (3, 3, 3, 3, 3, 3), (0,) * 6, 0, id="at once counts at all"),
        pytest.param([(YES, 3, 2)], (0, 3, 3, 3, 3, 3), (0,) * 6, 0, id="on the hour counts from it"),
        pytest.param([(YES, 3, 3)], (0, 0, 3, 3, 3, 3), (0,) * 6, 0, id="between two hours counts at the next"),
        pytest.param([(YES, 3, 24)], (0, 0, 0, 0, 0, 3), (0,) * 6, 0, id="within the last hour"),
        pytest.param([(YES, 3, 25)], (0,) * 6, (0,) * 6, 3, id="later than the last hour"),
        pytest.param([(YES, 3, None)], (0, 0, 0, 0, 0, 3), (0,) * 6, 0, id="hours not said count at the last"),
        pytest.param([(YES, 3, 1), (YES, 4, 4)], (3, 3, 7, 7, 7, 7), (0,) * 6, 0, id="hours add up"),
        pytest.param([(MAYBE, 2, 4)], (0,) * 6, (0, 0, 2, 2, 2, 2), 0, id="on a condition is apart"),
        pytest.param([(MAYBE, 2, 48)], (0,) * 6, (0,) * 6, 2, id="on a condition, and later"),
        pytest.param([(NO, 5, 99)], (0,) * 6, (0,) * 6, 0, id="nobody comes after a no"),
    ],
)
def test_people_by_hour(answers, sure, conditional, later):
    found = tally(4, [Answered(*one) for one in answers])
    assert (found.sure, found.conditional, found.later) == (by_hour(*sure), by_hour(*conditional), later)


def test_agencies_by_reply_and_those_that_are_silent():
    found = tally(5, [Answered(YES, 3, 1), Answered(YES, 1, 2), Answered(NO), Answered(MAYBE, 2, 4)])
    assert found.replies == {YES: 2, NO: 1, MAYBE: 1}
    assert found.silent == 1


def test_each_reply_has_its_words():
    assert [reply.label for reply in Reply] == ["Yes", "No", "On a condition"]
