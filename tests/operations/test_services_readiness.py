"""Readiness inquiries: answered by a link once and in time, corrected by the coordinator, added up."""

import pytest

from operations import services
from operations.rules.readiness import Reply
from tests.board import factories as board
from tests.operations import factories as make

pytestmark = pytest.mark.django_db
at = make.at


def reply(token, minute=10, **known):
    known = {"reply": Reply.YES, "people": 3, "hours": 1, "replied_by": "Chief Vale", **known}
    return services.answer(invitation=services.invitation_of(token), at=at(minute), **known)


@pytest.fixture
def tokens(bylaws):
    """The links of two agencies."""
    return list(make.inquiry(make.agency(), make.agency()).values())


def test_a_link_is_used_once_and_the_coordinator_may_correct_it(tokens, said):
    assert reply(tokens[0]).get_reply_display() == "Yes"
    assert "used already" in said(reply, tokens[0], reply=Reply.NO)
    corrected = reply(tokens[0], 200, reply=Reply.NO, people=None, hours=None, by_coordinator=True)
    assert (corrected.reply, corrected.people, corrected.by_coordinator) == ("no", None, True)


@pytest.mark.parametrize(
    ("minute", "in_time"),
    [pytest.param(119, True, id="a minute before"), pytest.param(120, False, id="on the minute it closes")],
)
def test_a_link_expires_when_the_inquiry_closes(minute, in_time, tokens, said):
    if in_time:
        assert reply(tokens[0], minute).reply == "yes"
    else:
        assert "time to answer has passed" in said(reply, tokens[0], minute)


@pytest.mark.parametrize("change", [lambda token: token[:-1], lambda token: token[::-1], lambda token: ""])
def test_a_forged_link_leads_nowhere(change, tokens, said):
    assert "leads nowhere" in said(services.invitation_of, change(tokens[0]))
    assert "leads nowhere" in said(services.invitation_of, make.invited(tokens[0]).secret)


@pytest.mark.parametrize(
    ("known", "words"),
    [
        pytest.param({"people": None}, "Say how many", id="nobody named"),
        pytest.param({"people": 0}, "Say how many", id="none would come"),
        pytest.param({"people": -2}, "greater than or equal to 0", id="fewer than none"),
        pytest.param({"hours": None}, "within how many hours", id="no hours"),
        pytest.param({"reply": Reply.CONDITION}, "Name the condition", id="a condition without its words"),
        pytest.param({"replied_by": " "}, "Say who answers", id="nobody answers"),
    ],
)
def test_an_answer_that_says_too_little_is_refused(known, words, tokens, said):
    assert words in said(reply, tokens[0], **known)


def test_answers_add_up(tokens):
    reply(tokens[0], hours=0)
    found = services.tally_of(make.invited(tokens[0]).inquiry)
    assert (found.sure[1], found.silent, found.replies[Reply.YES]) == (3, 1, 1)


def test_only_active_agencies_are_asked_and_somebody_is(bylaws, said):
    suspended = make.agency()
    board.suspended(suspended, make.DAY)
    assert "Only active agencies are asked" in said(make.inquiry, suspended, make.agency())
    assert "Nobody would be asked" in said(make.inquiry)


def test_the_silent_are_reminded_and_those_who_answered_are_not(tokens, said):
    reply(tokens[0])
    inquiry = make.invited(tokens[0]).inquiry
    assert services.remind(inquiry=inquiry, at=at(60)) == 1
    assert [make.invited(token).reminded_at for token in tokens] == [None, at(60)]
    assert services.remind(inquiry=inquiry, at=at(119)) == 1
    assert "nobody is reminded any more" in said(services.remind, inquiry=inquiry, at=at(120))
    assert make.invited(tokens[1]).reminded_at == at(119)
    reply(tokens[1], 119)
    assert services.remind(inquiry=inquiry, at=at(119)) == 0


def test_a_new_link_is_for_the_silent_and_the_old_one_leads_nowhere(tokens, said):
    answered = reply(tokens[0])
    renewed = services.renew_links(inquiry=answered.inquiry, at=at(60))
    (token,) = renewed.values()
    assert "leads nowhere" in said(services.invitation_of, tokens[1])
    assert "used already" in said(reply, tokens[0], 61)
    assert (reply(token, 61).reply, make.invited(token).reminded_at) == ("yes", at(60))
    assert services.renew_links(inquiry=answered.inquiry, at=at(62)) == {}
    assert "nobody is reminded" in said(services.renew_links, inquiry=answered.inquiry, at=at(120))
