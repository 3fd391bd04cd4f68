"""Disbursements: each step and each refusal (B X, VI.4, IX); what the database itself refuses; two people at once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
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
