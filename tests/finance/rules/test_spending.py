"""Disbursements (B X, VI.4), compensation (B IX), costs between agencies (A 3.E), claims (A 3.G)."""

from dataclasses import replace

import pytest

from finance.rules.spending import (
    Course,
    Nature,
    Share,
    Step,
    cost_request,
    defense_cost,
    equal_shares,
    may_approve,
    may_compensate,
    may_review,
    next_step,
    step_of,
)
from nipas_admin.shared import money

from .terms import d, said, usd, warned

CLERK, MANAGER, TREASURER, PAYEE, COORDINATOR = 1, 2, 3, 4, 5
ASKED = Course(requested_by=CLERK, requested_on=d("2026-05-04"), payee=PAYEE)
REVIEWED = replace(ASKED, reviewed_by=MANAGER, reviewed_on=d("2026-05-06"))
APPROVED = replace(REVIEWED, approved_by=TREASURER, approved_on=d("2026-05-08"))
PAID = replace(APPROVED, paid_on=d("2026-05-11"))
REPORTED = replace(PAID, reported_on=d("2026-06-10"))


@pytest.mark.parametrize(
    ("course", "step", "following", "words"),
    [
        pytest.param(
            ASKED, Step.REQUESTED, Step.REVIEWED, "the System Manager or a Team Coordinator reviews it", id="asked for"
        ),
        pytest.param(REVIEWED, Step.REVIEWED, Step.APPROVED, "the Treasurer approves it", id="reviewed"),
        pytest.param(APPROVED, Step.APPROVED, Step.PAID, "the Treasurer signs the check", id="approved"),
        pytest.param(PAID, Step.PAID, Step.REPORTED, "it is reported to a meeting of the Board", id="paid"),
        pytest.param(REPORTED, Step.REPORTED, None, "reported: nothing is left to do", id="reported"),
        pytest.param(
            replace(ASKED, declined_on=d("2026-05-05")), Step.DECLINED, None, "declined: nothing", id="declined at once"
        ),
        pytest.param(
            replace(REVIEWED, declined_on=d("2026-05-07")), Step.DECLINED, None, "declined", id="declined after review"
        ),
    ],
)
def test_each_step_of_a_disbursement_and_the_next(course, step, following, words):
    assert step_of(course) is step
    finding = next_step(course)
    assert finding.value is following
    assert finding.missing == ()
    assert words in said(finding)
    clause = "[Bylaws Art. VI §4]" if following is Step.PAID else "[Bylaws Art. X]"
    assert said(finding).endswith(clause)


@pytest.mark.parametrize(
    ("course", "person", "refused"),
    [
        pytest.param(ASKED, MANAGER, "", id="by another person"),
        pytest.param(ASKED, PAYEE, "not reviewed by the person who is paid", id="by the payee"),
        pytest.param(ASKED, CLERK, "not reviewed by whoever asked for it", id="by whoever asked for it"),
        pytest.param(replace(ASKED, payee=None), PAYEE, "", id="the payee does not sign in"),
        pytest.param(REVIEWED, COORDINATOR, "it is reviewed: it is reviewed only when it is requested", id="once more"),
        pytest.param(APPROVED, COORDINATOR, "it is approved: it is reviewed only when", id="after approval"),
        pytest.param(
            replace(ASKED, declined_on=d("2026-05-05")), MANAGER, "it is declined", id="after it was declined"
        ),
    ],
)
def test_who_may_review(course, person, refused):
    finding = may_review(course, person)
    assert finding.value is (not refused)
    assert (refused or "it is requested, and another person asked for it") in said(finding)
    assert "[Bylaws Art. X]" in said(finding)


@pytest.mark.parametrize(
    ("course", "person", "refused"),
    [
        pytest.param(REVIEWED, TREASURER, "", id="by another person"),
        pytest.param(REVIEWED, PAYEE, "not approved by the person who is paid", id="by the payee"),
        pytest.param(REVIEWED, CLERK, "not approved by whoever asked for it", id="by whoever asked for it"),
        pytest.param(REVIEWED, MANAGER, "not approved by whoever reviewed it", id="by the reviewer"),
        pytest.param(ASKED, TREASURER, "it is requested: it is approved only when it is reviewed", id="review skipped"),
        pytest.param(APPROVED, TREASURER, "it is approved: it is approved only when it is reviewed", id="once more"),
        pytest.param(PAID, TREASURER, "it is paid", id="after payment"),
        pytest.param(
            replace(REVIEWED, declined_on=d("2026-05-07")), TREASURER, "it is declined", id="after it was declined"
        ),
    ],
)
def test_who_may_approve(course, person, refused):
    finding = may_approve(course, person)
    assert finding.value is (not refused)
    assert (refused or "it is reviewed, and another person asked for it") in said(finding)
    assert "[Bylaws Art. X]" in said(finding)


def test_every_refusal_is_named_at_once():
    own = replace(ASKED, requested_by=PAYEE)
    assert [str(fact) for fact in may_approve(own, PAYEE).because] == [
        "it is requested: it is approved only when it is reviewed [Bylaws Art. X]",
        "it is not approved by the person who is paid: another person does this [Bylaws Art. X]",
        "it is not approved by whoever asked for it: another person does this [Bylaws Art. X]",
    ]


@pytest.mark.parametrize("course", [ASKED, REVIEWED], ids=["only asked for", "only reviewed"])
def test_a_check_is_not_next_before_approval(course):
    assert next_step(course).value is not Step.PAID


@pytest.mark.parametrize("course", [ASKED, REVIEWED, APPROVED], ids=["asked for", "reviewed", "approved"])
def test_a_report_is_not_next_before_payment(course):
    assert next_step(course).value is not Step.REPORTED


def test_steps_and_natures_in_words():
    assert [step.label for step in Step] == ["Requested", "Reviewed", "Approved", "Paid", "Reported", "Declined"]
    assert [nature.label for nature in Nature] == [
        "Goods or services", "Refund of expenses", "Compensation", "Refund of a credit",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("nature", "seat", "approved", "may", "words"),
    [
        pytest.param(
            Nature.COMPENSATION,
            "Treasurer",
            True,
            False,
            "sits on the Board on 4 May 2026 as Treasurer, and serves without compensation [Bylaws Art. IX §1]",
            id="a sitting member, whatever the Board approved",
        ),
        pytest.param(
            Nature.COMPENSATION, "At-large member", None, False, "as At-large member", id="an at-large member"
        ),
        pytest.param(
            Nature.COMPENSATION, "", True, True, "the Board approved it [Bylaws Art. IX §2]", id="another, approved"
        ),
        pytest.param(
            Nature.COMPENSATION, "", False, False, "the motion that is named did not carry", id="another, not carried"
        ),
        pytest.param(Nature.COMPENSATION, "", None, None, "", id="another, and no motion is named"),
        pytest.param(
            Nature.EXPENSES, "Treasurer", None, True, "refund of expenses: no compensation", id="a member's expenses"
        ),
        pytest.param(Nature.REFUND, "", None, True, "refund of a credit: no compensation", id="a credit refunded"),
        pytest.param(Nature.PURCHASE, "", None, True, "goods or services: no compensation", id="goods of a vendor"),
        pytest.param(Nature.PURCHASE, "Secretary", None, True, "goods or services", id="goods of a member"),
    ],
)
def test_who_may_be_compensated(nature, seat, approved, may, words):
    finding = may_compensate(nature, seat, d("2026-05-04"), approved)
    assert finding.value is may
    assert words in said(finding)
    assert finding.missing == (("the motion by which the Board approved this compensation",) if may is None else ())


def test_what_is_bought_of_a_member_is_flagged():
    finding = may_compensate(Nature.PURCHASE, "Secretary", d("2026-05-04"), None)
    assert "sits on the Board on 4 May 2026 as Secretary: goods may be paid for" in warned(finding)
    assert not may_compensate(Nature.EXPENSES, "Secretary", d("2026-05-04"), None).flags
    assert not may_compensate(Nature.PURCHASE, "", d("2026-05-04"), None).flags


@pytest.mark.parametrize(
    ("amount", "named", "shares"),
    [
        pytest.param(
            "10,000.00",
            ["Zion", "Alsip", "Morton Grove"],
            [("Alsip", "3,333.34"), ("Morton Grove", "3,333.33"), ("Zion", "3,333.33")],
            id="$10,000.00 among three: the extra cent to the first by name",
        ),
        pytest.param(
            "10,000.01",
            ["Zion", "Alsip", "Morton Grove"],
            [("Alsip", "3,333.34"), ("Morton Grove", "3,333.34"), ("Zion", "3,333.33")],
            id="a cent more: to the second",
        ),
        pytest.param(
            "10,000.02",
            ["Zion", "Alsip", "Morton Grove"],
            [("Alsip", "3,333.34"), ("Morton Grove", "3,333.34"), ("Zion", "3,333.34")],
            id="two cents more: alike",
        ),
        pytest.param("10,000.00", ["Alsip"], [("Alsip", "10,000.00")], id="one agency bears it all"),
        pytest.param(
            "0.01",
            ["deer Park", "Crete"],
            [("Crete", "0.01"), ("deer Park", "0.00")],
            id="names are ordered as people do",
        ),
    ],
)
def test_what_nipas_must_pay_is_shared_equally(amount, named, shares):
    finding = equal_shares(usd(amount), named)
    assert finding.value == tuple(Share(name, usd(part)) for name, part in shares)
    assert money.total(share.amount for share in finding.value) == usd(amount)
    assert "[Agreement §3.G.2]" in said(finding)


def test_shares_show_their_arithmetic():
    assert "$10,000.00 among 3: $3,333.34 + $3,333.33 + $3,333.33" in said(
        equal_shares(usd("10,000.00"), ["A", "B", "C"])
    )


def test_shares_are_open_while_no_agency_is_named():
    finding = equal_shares(usd("10,000.00"), [])
    assert (finding.value, finding.missing) == (None, ("the agencies named as parties",))


def test_the_stricken_agency_bears_the_cost_of_defense_alone():
    finding = defense_cost(usd("4,200.00"), "Zion")
    assert finding.value == Share("Zion", usd("4,200.00"))
    assert said(finding) == "$4,200.00 of defense falls to Zion alone [Agreement §3.G.1]"
    assert defense_cost(usd("4,200.00"), "").missing == ("the Stricken Agency",)


@pytest.mark.parametrize(
    ("decided_on", "granted", "value", "words"),
    [
        pytest.param(None, None, None, "", id="not decided yet"),
        pytest.param(None, "300.00", None, "", id="an amount without a decision"),
        pytest.param("2026-09-01", None, None, "", id="a decision without an amount"),
        pytest.param(
            "2026-09-01", "0.00", "0.00", "$0.00 of $500.00 granted on 1 September 2026", id="nothing granted"
        ),
        pytest.param("2026-09-01", "300.00", "300.00", "$300.00 of $500.00 granted", id="a part granted"),
        pytest.param("2026-09-01", "500.00", "500.00", "$500.00 of $500.00 granted", id="all granted"),
        pytest.param("2026-09-01", "500.01", "500.01", "$500.01 of $500.00 granted", id="a cent more than asked"),
    ],
)
def test_what_the_corporate_authorities_granted_of_costs(decided_on, granted, value, words):
    finding = cost_request(usd("500.00"), decided_on and d(decided_on), granted and usd(granted), "Zion")
    assert finding.value == (value and usd(value))
    assert words in said(finding)
    assert finding.missing == (() if value else ("the decision of the corporate authorities of Zion",))
    assert warned(finding) == ("more is granted than was asked [Agreement §3.E]" if granted == "500.01" else "")
