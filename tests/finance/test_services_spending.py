"""Disbursements: each step and each refusal (B X, VI.4, IX); what the database itself refuses; two people at once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import QuerySet

from board.models import Motion
from finance import services
from finance.models import (
    Disbursement,
    DisbursementApproval,
    DisbursementPayment,
    DisbursementPolicy,
    DisbursementReport,
    DisbursementReview,
    FiscalYear,
)
from finance.rules.spending import Step, step_of
from finance.services import spending
from nipas_admin.accounts import roles
from nipas_admin.shared import triggers
from tests.board import factories as board
from tests.finance import factories as make
from tests.races import GUARDED, UNGUARDED, at_once

ASKED, REVIEWED, APPROVED, PAID = (date(2026, 5, day) for day in (4, 6, 8, 11))
DAY = timedelta(days=1)
HELD = board.DAY


# --- Who does what, and the steps, each in one line ---------------------------------------------------------------------


def someone(name, *held):
    person = make.person(name)
    person.groups.set(Group.objects.filter(name__in=held))
    return type(person).objects.get(pk=person.pk)


def clerk():
    return someone("clerk")


def manager():
    return someone("manager", roles.SYSTEM_MANAGER)


def coordinator():
    return someone("coordinator", roles.TEAM_COORDINATOR)


def treasurer():
    return someone("treasurer", roles.TREASURER)


def asked(amount="250.00", on=ASKED, **more):
    known = {"payee": "Signal & Radio Supply", "purpose": "Batteries", "category": make.category(), **more}
    known.setdefault("requested_by", clerk())
    return services.request_disbursement(amount=Decimal(amount), requested_on=on, **known)


def reviewed(row=None, on=REVIEWED, **more):
    row = row or asked(**more)
    make.policy()
    services.review(disbursement=row, by=manager(), on=on)
    return row


def approved(row=None, on=APPROVED, **more):
    row = reviewed(row, **more)
    services.approve(disbursement=row, by=treasurer(), on=on)
    return row


def check(row, number="1001", on=PAID, **more):
    known = {"institution": make.bank(), "signed_by": treasurer(), **more}
    return services.pay(disbursement=row, paid_on=on, check_number=number, **known)


def paid(row=None, **more):
    return check(row or approved(), **more)


def board_meeting(on=HELD):
    board.board(1)
    return board.opened("board", on=on)


def reported(*payments, meeting=None):
    return services.report_to_board(payments=payments, meeting=meeting or board_meeting(), by=treasurer())


def refund(of, amount):
    return asked(amount, nature="refund", category=None, refunds=of, payee="")


def again(row):
    return Disbursement.objects.with_course().get(pk=row.pk)


def step(row):
    return step_of(again(row).course)


# --- Every step -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_five_steps_are_five_records_each_under_the_policy_of_its_day(year):
    first = make.policy()
    later = DisbursementPolicy.objects.create(title="Two quotes", from_on=APPROVED)
    row = asked()
    seen = [step(row)]
    services.review(disbursement=row, by=manager(), on=REVIEWED)
    seen.append(step(row))
    services.approve(disbursement=row, by=treasurer(), on=APPROVED)
    seen.append(step(row))
    payment = check(row)
    seen.append(step(row))
    [report] = reported(payment)
    seen.append(step(row))
    row = again(row)

    assert seen == [Step.REQUESTED, Step.REVIEWED, Step.APPROVED, Step.PAID, Step.REPORTED]
    assert (row.review.policy, row.review.approval.policy, report.policy) == (first, later, later)
    assert (row.review.capacity, row.review.requester, row.review.approval.reviewer) == (
        "System Manager", clerk(), manager(),
    )  # fmt: skip
    assert (payment.amount, report.on, row.reference) == (row.amount, HELD, "V2026-0001")


@pytest.mark.django_db
def test_numbers_run_without_gaps_and_one_refused_is_drawn_again(year, said):
    make.year(2027)
    first = asked()
    assert "at least $0.01" in said(asked, "0.00")
    with transaction.atomic():
        asked()
        transaction.set_rollback(True)
    rows = [first, asked(), asked(on=date(2027, 5, 1))]
    assert [row.reference for row in rows] == ["V2026-0001", "V2026-0002", "V2027-0001"]
    assert list(FiscalYear.objects.order_by("starts_on").values_list("disbursements_drawn", flat=True)) == [2, 1]


# --- Every refusal ------------------------------------------------------------------------------------------------------

db = pytest.mark.django_db


@db
@pytest.mark.parametrize(
    ("done", "by", "words"),
    [
        pytest.param(asked, clerk, "It is not reviewed by whoever asked for it", id="by whoever asked for it"),
        pytest.param(asked, treasurer, "by the System Manager or a Team Coordinator", id="by the Treasurer"),
        pytest.param(
            lambda: asked(payee_user=manager()), manager, "not reviewed by the person who is paid", id="by the payee"
        ),
        pytest.param(reviewed, coordinator, "It is reviewed: it is reviewed only when it is requested", id="twice"),
        pytest.param(approved, coordinator, "It is approved", id="after the approval"),
    ],
)
def test_a_review_is_refused(year, said, done, by, words):
    row = done()
    make.policy()
    refusal = said(services.review, disbursement=row, by=by(), on=REVIEWED)
    assert words in refusal
    assert "Bylaws Art. X" in refusal


@db
@pytest.mark.parametrize(
    ("role", "capacity"),
    [(manager, "System Manager"), (coordinator, "Team Coordinator")],
)
def test_it_is_reviewed_as_what_the_reviewer_is_there_for(year, role, capacity):
    make.policy()
    assert services.review(disbursement=asked(), by=role(), on=ASKED).capacity == capacity


@db
@pytest.mark.parametrize(
    ("done", "by", "words"),
    [
        pytest.param(asked, treasurer, "It is requested: it is approved only when it is reviewed", id="not reviewed"),
        pytest.param(reviewed, manager, "not approved by whoever reviewed it", id="by the reviewer"),
        pytest.param(
            lambda: reviewed(requested_by=treasurer()), treasurer, "not approved by whoever asked for it",
            id="by whoever asked for it",
        ),
        pytest.param(
            lambda: reviewed(payee_user=treasurer()), treasurer, "not approved by the person who is paid",
            id="by the payee",
        ),
        pytest.param(reviewed, coordinator, "It is approved by the Treasurer (Bylaws Art. X)", id="by a coordinator"),
        pytest.param(approved, treasurer, "It is approved: it is approved only when", id="twice"),
    ],
)  # fmt: skip
def test_an_approval_is_refused(year, said, done, by, words):
    assert words in said(services.approve, disbursement=done(), by=by(), on=APPROVED)


@db
@pytest.mark.parametrize(
    ("act", "first"),
    [
        pytest.param(lambda on: reviewed(on=on), ASKED, id="the review"),
        pytest.param(lambda on: approved(on=on), REVIEWED, id="the approval"),
        pytest.param(lambda on: paid(on=on) if on != APPROVED - DAY else check(approved(), on=on), APPROVED, id="pay"),
    ],
)
def test_each_step_comes_on_the_day_of_the_one_before_or_later(year, said, act, first):
    assert f"on {first.day} May 2026: this comes then or later" in said(act, first - DAY)


@db
@pytest.mark.parametrize("first", [REVIEWED, APPROVED], ids=["no review", "no approval"])
def test_without_a_policy_in_force_no_step_is_taken(year, said, first):
    make.policy(first + DAY)
    row = asked()
    assert "No disbursement policy of the Board is in force" in said(
        services.review, disbursement=row, by=manager(), on=first
    )


@db
@pytest.mark.parametrize(
    ("done", "more", "words"),
    [
        pytest.param(asked, {}, "is requested: it is paid only when it is approved", id="not reviewed"),
        pytest.param(reviewed, {}, "is reviewed: it is paid only when it is approved", id="not approved"),
        pytest.param(lambda: _done(paid), {}, "is paid: it is paid only when", id="paid already"),
        pytest.param(approved, {"signed_by": None}, "signed by the Treasurer (Bylaws Art. VI §4)", id="not by the Treasurer"),
        pytest.param(
            approved, {"bank": PAID + DAY}, "none that the Board had approved on 11 May 2026", id="a bank approved a day later"
        ),
        pytest.param(approved, {"on": date(2027, 5, 1)}, "No fiscal year of the books holds", id="a year not open"),
        pytest.param(approved, {"number": "10 01"}, "digits, letters and hyphens only", id="no check number"),
    ],
)  # fmt: skip
def test_a_payment_is_refused(year, said, done, more, words):
    row = done()
    if "signed_by" in more:
        more = {"signed_by": manager()}
    if "bank" in more:
        more = {"institution": make.bank("Second Bank", on=more["bank"])}
    assert words in said(check, row, **more)


def _done(act):
    return act().approval.review.disbursement


@db
def test_a_check_number_is_used_once_on_an_account(year, said):
    paid()
    other = approved()
    assert "This check number has been used on this account" in said(check, other)
    assert check(other, number="1002").pk


@db
def test_a_lost_check_is_void_and_it_is_paid_anew(year, said):
    lost = paid()
    row = again(_done(lambda: lost))
    assert "Say why" in said(services.void_payment, payment=lost, on=PAID, because=" ")
    assert "void it then or later" in said(services.void_payment, payment=lost, on=PAID - DAY, because="Lost")
    services.void_payment(payment=lost, on=PAID + DAY, because="Lost in the mail")
    assert "is void since 12 May 2026" in said(services.void_payment, payment=lost, on=PAID + DAY, because="Again")
    assert step(row) is Step.APPROVED
    assert "has been used" in said(check, row)
    check(row, number="1002", on=PAID + DAY)
    assert step(row) is Step.PAID
    assert again(row).review.approval.payments.count() == 2


@db
def test_a_closed_year_takes_neither_a_check_nor_a_void_one(year, said):
    last = date(2027, 4, 30)
    row, payment = approved(), paid()
    make.closed(year)
    for refused in (
        said(check, row, number="1002", on=last),
        said(services.void_payment, payment=payment, on=last, because="Lost"),
        said(asked, on=last),
    ):
        assert "is closed and takes no postings" in refused


@db
@pytest.mark.parametrize(
    ("done", "by", "words"),
    [
        pytest.param(asked, clerk, "", id="by whoever asked for it"),
        pytest.param(asked, coordinator, "", id="by a reviewer"),
        pytest.param(asked, treasurer, "", id="by the Treasurer at once"),
        pytest.param(reviewed, treasurer, "", id="by the Treasurer after the review"),
        pytest.param(approved, treasurer, "", id="by the Treasurer after the approval"),
        pytest.param(reviewed, clerk, "declined by the Treasurer", id="by whoever asked, too late"),
        pytest.param(reviewed, manager, "declined by the Treasurer", id="by the reviewer, too late"),
        pytest.param(lambda: _done(paid), treasurer, "is paid: it cannot be declined. Void the check", id="paid"),
    ],
)
def test_it_is_declined_before_it_is_paid_by_those_whose_step_it_is(year, said, done, by, words):
    row = done()
    known = {"disbursement": row, "by": by(), "on": PAID + DAY, "because": "No purpose of NIPAS"}
    if words:
        assert words in said(services.decline, **known)
        return
    assert "Say why" in said(services.decline, **{**known, "because": ""})
    assert "then or later" in said(services.decline, **{**known, "on": ASKED - DAY})
    services.decline(**known)
    assert step(row) is Step.DECLINED
    assert "it cannot be declined." in said(services.decline, **known)
    assert "It is declined" in said(services.review, disbursement=row, by=manager(), on=PAID)


@db
def test_a_request_is_corrected_before_the_review_by_whoever_asked_or_the_treasurer(year, said):
    row = asked()
    services.correct_request(disbursement=row, by=clerk(), amount=Decimal("260.00"))
    assert again(row).amount == Decimal("260.00")
    services.correct_request(disbursement=row, by=treasurer(), payee="Radio Supply")
    assert "corrected by whoever asked" in said(services.correct_request, disbursement=row, by=manager(), payee="X")
    with pytest.raises(TypeError, match="requested_by"):
        services.correct_request(disbursement=row, by=clerk(), requested_by=manager())
    reviewed(row)
    assert "corrected only when it is requested" in said(
        services.correct_request, disbursement=row, by=clerk(), payee="X"
    )


# --- Compensation (B IX) --------------------------------------------------------------------------------------------------


def motion(payee="Pat Reed", kind="compensation", state="carried", on=HELD - timedelta(days=16)):
    made = board.moved(board_meeting(on), kind, payee=payee)
    Motion.objects.filter(pk=made.pk).update_with_history(
        state=state, decided_at=board.at(19, on=on), bylaws=made.meeting.bylaws
    )
    return Motion.objects.get(pk=made.pk)


def salary(**more):
    return asked("14,400.00".replace(",", ""), nature="compensation", payee=more.pop("payee", "Pat Reed"), **more)


@db
@pytest.mark.parametrize(
    ("more", "words"),
    [
        pytest.param(dict, "Name the motion by which the Board approved", id="without a motion"),
        pytest.param(lambda: {"motion": motion()}, "", id="with the motion that carried"),
        pytest.param(lambda: {"motion": motion(state="failed")}, "did not carry", id="with a motion that failed"),
        pytest.param(lambda: {"motion": motion(kind="ordinary")}, "approves no compensation", id="with another motion"),
        pytest.param(
            lambda: {"motion": motion(payee="Kim Dale")}, "approved to pay “Kim Dale”", id="of another person"
        ),
        pytest.param(lambda: {"motion": motion(on=ASKED + DAY)}, "only on 5 May 2026", id="approved a day later"),
        pytest.param(lambda: {"motion": motion(on=ASKED)}, "", id="approved the same day"),
    ],
)
def test_compensation_needs_the_boards_approval(year, said, more, words):
    known = more()
    if not words:
        assert salary(**known).pk
        return
    refusal = said(salary, **known)
    assert words in refusal


@db
@pytest.mark.parametrize("by", ["record", "name", "account"])
def test_whoever_sits_on_the_board_is_never_compensated(year, said, by):
    sitting = board.term(board.chief(board.agency()), "treasurer").holder
    account = make.person("sits")
    account.first_name, account.last_name = sitting.name.split(" ", 1)
    account.save()
    known = {
        "record": {"payee_official": sitting, "payee": "J. Doe"},
        "name": {"payee": f" {sitting.name.upper()} "},
        "account": {"payee": "J. Doe", "payee_user": account},
    }[by]
    refusal = said(salary, **known)
    assert "as Treasurer, and serves without compensation (Bylaws Art. IX §1)" in refusal
    assert asked(nature="expenses", **known).pk
    assert services.compensation_of(asked(**known), ASKED).flags


@db
@pytest.mark.parametrize("act", ["approve", "pay"])
def test_who_comes_on_the_board_before_the_money_goes_out_is_not_compensated(year, said, act):
    later = board.chief(board.agency())
    row = salary(payee=later.name, payee_official=later, motion=motion(payee=later.name))
    row = reviewed(row) if act == "approve" else approved(row)
    board.term(later, "secretary", from_on=APPROVED if act == "approve" else PAID)
    refused = (
        said(services.approve, disbursement=row, by=treasurer(), on=APPROVED) if act == "approve" else said(check, row)
    )
    assert "as Secretary, and serves without compensation" in refused


# --- Refunds of a credit --------------------------------------------------------------------------------------------------


@db
@pytest.mark.parametrize(
    ("asked_for", "words"),
    [
        pytest.param("299.99", "", id="a cent less than is left"),
        pytest.param("300.00", "", id="all that is left"),
        pytest.param("300.01", "$300.00 is left of R-", id="a cent more"),
    ],
)
def test_no_more_of_a_credit_is_asked_for_than_is_left(agency, said, asked_for, words):
    came = make.payment("500.00", agency=agency)
    make.applied(came, make.of_dues(agency, "200.00"), "200.00")
    if words:
        assert words in said(refund, came, asked_for)
        return
    paid(approved(refund(came, asked_for)))
    assert services.left_of(came) == Decimal("300.00") - Decimal(asked_for)


@db
def test_what_was_applied_meanwhile_is_not_refunded(agency, said):
    came = make.payment("500.00", agency=agency)
    row = approved(refund(came, "500.00"))
    part = make.applied(came, make.of_dues(agency, "200.00"), "0.01", PAID)
    assert "$499.99 is left of R-" in said(check, row)
    make.undone(part, PAID + DAY)
    assert "$499.99 is left" in said(check, row, on=PAID)
    assert check(row, on=PAID + DAY).amount == Decimal("500.00")


@db
def test_a_refund_goes_to_whoever_paid_and_is_no_cost(agency):
    row = refund(make.payment("500.00", agency=agency), "10.00")
    assert (row.payee, row.category, row.fund) == ("Village", None, make.fund())


@db
def test_a_payment_is_not_refunded_before_it_came(agency, said):
    came = make.payment("500.00", on=PAID + DAY, agency=agency)
    assert "refund it then or later" in said(check, approved(refund(came, "10.00")))


# --- The report to the Board ------------------------------------------------------------------------------------------------


@db
def test_all_that_was_paid_is_reported_at_once_or_nothing(year, said):
    first, second = paid(), paid(number="1002")
    assert list(services.to_report()) == [first, second]
    meeting = board_meeting()
    late = paid(number="1003", on=HELD + DAY)
    refusal = said(reported, first, second, late, meeting=meeting)
    assert "V2026-0003 was paid on 21 May 2026, after the Board meeting" in refusal
    assert not DisbursementReport.objects.exists()
    reported(first, second, meeting=meeting)
    assert list(services.to_report()) == [late]
    assert "was reported to the Board meeting, 20 May 2026 already" in said(reported, first, meeting=meeting)


@db
@pytest.mark.parametrize(
    ("meeting", "words"),
    [
        pytest.param(lambda: board.meeting("board"), "was not held", id="a meeting that was not held"),
        pytest.param(lambda: (board.agency(), board.opened("annual"))[1], "none of the Board", id="the annual meeting"),
    ],
)
def test_it_is_reported_to_a_meeting_of_the_board_that_was_held(year, said, meeting, words):
    assert words in said(reported, paid(), meeting=meeting())


@db
def test_a_void_check_is_not_reported_and_the_one_that_pays_it_anew_is(year, said):
    lost = paid()
    meeting = board_meeting()
    reported(lost, meeting=meeting)
    services.void_payment(payment=lost, on=HELD, because="Lost")
    anew = check(_done(lambda: lost), number="1002", on=HELD)
    spoiled = paid(number="1003")
    services.void_payment(payment=spoiled, on=PAID, because="Spoiled")
    assert list(services.to_report()) == [anew]
    assert "which is void since" in said(reported, spoiled, meeting=meeting)
    reported(anew, meeting=meeting)


# --- The database itself --------------------------------------------------------------------------------------------------


def of_review(**more):
    row = asked(payee_user=coordinator())
    known = {"disbursement": row, "by": manager(), "capacity": "-", "requester": clerk(), "on": REVIEWED}
    return DisbursementReview(**{**known, "policy": make.policy(), **more})


def of_approval(row=None, **more):
    row = reviewed(row, payee_user=coordinator()) if row is None else row
    review = DisbursementReview.objects.get(disbursement=row)
    known = {"review": review, "by": treasurer(), "reviewer": review.by, "payee": row.payee_user, "on": APPROVED}
    return DisbursementApproval(**{**known, "policy": make.policy(), **more})


def of_payment(row=None, **more):
    row = row or approved()
    known = {"institution": make.bank(), "paid_on": PAID, "check_number": "1", "amount": row.amount}
    approval = DisbursementApproval.objects.get(review__disbursement=row)
    return DisbursementPayment(**{**known, "approval": approval, "signed_by": treasurer(), **more})


def of_report(of=None, **more):
    of = of or paid()
    known = {"payment": of, "meeting": board_meeting(), "on": HELD, "policy": make.policy(), "by": treasurer()}
    return DisbursementReport(**{**known, **more})


def declined(row):
    services.decline(disbursement=row, by=treasurer(), on=PAID, because="No")
    return row


def void(of):
    return services.void_payment(payment=of, on=PAID, because="Lost")


ATTACKS = {
    "a review by whoever asked for it": lambda: of_review(by=clerk()),
    "a review that names another as the one who asked": lambda: of_review(by=clerk(), requester=manager()),
    "a review by the payee": lambda: of_review(by=coordinator()),
    "a review before the request": lambda: of_review(on=ASKED - DAY),
    "a review of what was declined": lambda: of_review(disbursement=declined(asked())),
    "a second review": lambda: of_review(disbursement=reviewed()),
    "an approval by the reviewer": lambda: of_approval(by=manager()),
    "an approval that names another as the reviewer": lambda: of_approval(by=manager(), reviewer=clerk()),
    "an approval by the payee": lambda: of_approval(by=coordinator()),
    "an approval that leaves the payee out": lambda: of_approval(by=coordinator(), payee=None),
    "an approval by whoever asked for it": lambda: of_approval(by=clerk()),
    "an approval before the review": lambda: of_approval(on=REVIEWED - DAY),
    "an approval of what was declined": lambda: of_approval(declined(reviewed())),
    "a second approval": lambda: of_approval(approved()),
    "a check of another amount": lambda: of_payment(amount=Decimal("250.01")),
    "a check before the approval": lambda: of_payment(paid_on=APPROVED - DAY),
    "a check for what was declined": lambda: of_payment(declined(approved())),
    "a second check": lambda: of_payment(_done(paid), check_number="2"),
    "a check number used before": lambda: (paid(), of_payment(check_number="1001"))[1],
    "a report of a void check": lambda: of_report(void(paid())),
    "a report before the payment": lambda: of_report(on=PAID - DAY),
}
SOUND = {"a review": of_review, "an approval": of_approval, "a check": of_payment, "a report": of_report}


@db
@pytest.mark.parametrize("row", ATTACKS.values(), ids=ATTACKS)
def test_the_database_refuses_what_no_service_would_write(year, row):
    attack = row()
    with pytest.raises(IntegrityError), transaction.atomic():
        QuerySet(type(attack)).bulk_create([attack])


@db
@pytest.mark.parametrize("row", SOUND.values(), ids=SOUND)
def test_the_database_takes_what_is_in_order(year, row):
    attack = row()
    QuerySet(type(attack)).bulk_create([attack])
    assert type(attack).objects.count() == 1


def execute(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


STATEMENTS = {
    "another payee after the review": (reviewed, "UPDATE finance_disbursement SET payee = 'Somebody'"),
    "another amount after the review": (reviewed, "UPDATE finance_disbursement SET amount = 1"),
    "the payee's account taken off after the review": (
        lambda: reviewed(payee_user=coordinator()), "UPDATE finance_disbursement SET payee_user_id = NULL",
    ),
    "somebody else who asked": (asked, "UPDATE finance_disbursement SET requested_by_id = requested_by_id + 1"),
    "what was declined taken back": (
        lambda: declined(asked()),
        "UPDATE finance_disbursement SET declined_on = NULL, declined_because = ''",
    ),
    "declining what was paid": (
        paid,
        "UPDATE finance_disbursement SET declined_on = '2026-05-11', declined_because = '-', "
        "declined_by_id = requested_by_id",
    ),
    "a void check that stands again": (
        lambda: void(paid()), "UPDATE finance_disbursementpayment SET voided_on = NULL, void_reason = ''",
    ),
    "another reviewer": (reviewed, "UPDATE finance_disbursementreview SET by_id = by_id + 1"),
    "another amount of a check": (paid, "UPDATE finance_disbursementpayment SET amount = 1"),
    "no approval": (approved, "DELETE FROM finance_disbursementapproval"),
}  # fmt: skip


@db
@pytest.mark.parametrize(("done", "sql"), STATEMENTS.values(), ids=STATEMENTS)
def test_the_database_keeps_what_was_reviewed_approved_and_paid(year, done, sql):
    done()
    with pytest.raises(IntegrityError):
        execute(sql)


@db
def test_without_the_guards_the_same_row_goes_in(year):
    attack = of_review(by=clerk(), requester=manager())
    for name, table in triggers._standing(connection).items():
        if table == "finance_disbursementreview":
            execute(f'DROP TRIGGER "{name}"' + (f' ON "{table}"' if connection.vendor == "postgresql" else ""))
    QuerySet(DisbursementReview).bulk_create([attack])
    assert DisbursementReview.objects.get().by == clerk()
    assert any("finance_disbursementreview" in missing for missing in triggers.missing_triggers())
    triggers.create_missing()
    assert triggers.missing_triggers() == []


@db
def test_a_record_says_in_words_which_copy_is_wrong(year, said):
    assert "another person" in said(of_review(by=clerk()).full_clean)
    assert "himself or herself" in said(of_approval(by=coordinator()).full_clean)


# --- Two people at once ---------------------------------------------------------------------------------------------------

races = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def ready():
    board.bylaws_in_force()
    make.year()
    make.policy()


def approvals():
    row = reviewed()
    others = [treasurer(), someone("other", roles.TREASURER)]
    return [partial(services.approve, disbursement=row, by=by, on=APPROVED) for by in others]


def payments():
    row, bank, by = approved(), make.bank(), treasurer()
    known = {"disbursement": row, "institution": bank, "paid_on": PAID, "signed_by": by}
    return [partial(services.pay, check_number=number, **known) for number in ("1001", "1002")]


def refunds():
    came = make.payment("500.00", agency=board.agency())
    rows = [approved(refund(came, "300.00")) for _clerk in range(2)]
    bank, by = make.bank(), treasurer()
    return [
        partial(
            services.pay, disbursement=row, check_number=row.reference, institution=bank, paid_on=PAID, signed_by=by
        )
        for row in rows
    ]


RACES = [
    pytest.param(approvals, (spending, "_must_be_treasurer"), DisbursementApproval, 1, id="two approve"),
    pytest.param(payments, (spending, "_must_be_treasurer"), DisbursementPayment, 1, id="two pay"),
    pytest.param(refunds, (spending, "free_on"), DisbursementPayment, 1, id="the same credit is refunded twice"),
]


@races
@pytest.mark.parametrize(("prepare", "at", "rows", "left"), RACES)
def test_of_two_at_once_one_acts_and_the_other_is_told(prepare, at, rows, left, meet):
    ready()
    acts = prepare()
    meet(GUARDED, at)
    assert at_once(*acts) == ["done", "told"]
    assert rows.objects.count() == left


@races
def test_with_the_guard_off_the_same_credit_is_refunded_twice_or_one_meets_an_error(meet, unguarded):
    ready()
    acts = refunds()
    meet(UNGUARDED, (spending, "free_on"))
    assert at_once(*acts) != ["done", "told"]


@races
def test_with_the_guard_off_a_constraint_still_keeps_one_check(meet, unguarded):
    ready()
    acts = payments()
    meet(UNGUARDED, (DisbursementPayment, "save"))
    found = at_once(*acts)
    assert found != ["done", "told"]
    assert DisbursementPayment.objects.count() <= 1


if connection.vendor == "sqlite":

    def rebuilt():
        """As a migration rebuilds a table on SQLite; it is put back as it was."""
        with transaction.atomic():
            execute("CREATE TABLE new__disbursement AS SELECT * FROM finance_disbursement")
            execute("DROP TABLE finance_disbursement")
            execute("ALTER TABLE new__disbursement RENAME TO finance_disbursement")
            transaction.set_rollback(True)

    @db
    @pytest.mark.parametrize("plan", [[], ["a migration"]], ids=["guards left on", "guards taken off beforehand"])
    def test_a_migration_takes_the_guards_off_beforehand_or_no_table_could_be_rebuilt(plan):
        triggers.before_migrate(apps.get_app_config("finance"), plan=plan)
        if plan:
            rebuilt()
            return
        with pytest.raises(OperationalError, match="error in trigger"):
            rebuilt()
