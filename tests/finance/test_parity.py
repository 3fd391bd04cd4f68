"""The keystone: what SQL says of the books on a day equals what the rules say, over random histories."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.db import transaction
from django.db.models import QuerySet
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from finance import services
from finance.models import (
    Allocation,
    Disbursement,
    DisbursementApproval,
    DisbursementPayment,
    DisbursementReport,
    DisbursementReview,
    Invoice,
    Payment,
)
from finance.rules.receivables import (
    Applied,
    balance_on,
    bucket_of,
    days_past_due,
    nothing_past_due,
    paid_on,
    state_on,
)
from finance.rules.spending import Step, step_of
from nipas_admin.shared import money
from tests.board import factories as board
from tests.finance import factories as make

pytestmark = pytest.mark.django_db
few = settings(
    max_examples=20,
    # No shrinking: what was drawn is printed whole.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MAY = make.FIRST_OF_MAY
# Days on which histories collide: those of documents, and about the edges of the columns of an aging.
HAPPENS = [MAY + timedelta(days=number) for number in (0, 1, 30, 31, 60)]
ASKED = [MAY + timedelta(days=number) for number in (-1, 0, 1, 30, 31, 60, 61, 62, 91, 121, 122, 152, 182)]
days = st.sampled_from(HAPPENS)
cents = st.integers(1, 99_999).map(money.of_cents)
# A day on which something begins, and one on which it ends, if ever.
spans = st.tuples(days, st.none() | days).map(lambda pair: pair if None in pair else tuple(sorted(pair)))
# One for each place in a history: of most kinds an agency has one in a year.
CHARGES = ("annual", "joining", "forward", "team_start", "other", "other", "other")
invoices = st.fixed_dictionaries(
    {
        "agency": st.integers(0, 2),
        "total": cents,
        "span": spans,
        "due_after": st.sampled_from([0, 1, 30]),
        "parts": st.lists(st.tuples(st.integers(1, 3), spans), max_size=3),
    }
)
payments = st.fixed_dictionaries(
    {
        "agency": st.none() | st.integers(0, 2),
        "amount": cents,
        "span": spans,
        "own": st.booleans(),
        "parts": st.lists(st.tuples(st.integers(1, 3), spans), max_size=2),
        "refunds": st.lists(spans, max_size=1),
    }
)


def write(kind, rows):
    """Straight into the table: history is not what is tried here."""
    return QuerySet(kind).bulk_create(list(rows))


def part_of(amount: Decimal, weight: int) -> Decimal:
    """A part so small that three of them are never more than the whole; a cent at least."""
    return max(money.CENT, money.of_cents(money.to_cents(amount) * weight // 9))


@pytest.fixture
def agencies(year):
    """Three agencies, and a payment large enough for everything."""
    make.person()
    return board.agencies(3)


def bills(year, agencies, drawn):
    """The invoices drawn, with what was applied to them."""
    fund = make.fund()
    rows = write(
        Invoice,
        (
            Invoice(
                fiscal_year=year, number=number, agency=agencies[one["agency"]], charge=CHARGES[number - 1],
                fund=fund, issued_on=one["span"][0], due_on=one["span"][0] + timedelta(days=one["due_after"]),
                total=max(one["total"], money.of_cents(9)), voided_on=one["span"][1],
                void_reason="-" if one["span"][1] else "",
            )
            for number, one in enumerate(drawn, 1)
        ),
    )  # fmt: skip
    source = Payment.objects.create(
        received_on=MAY, method="cash", payer="-", amount=money.MOST, received_by=make.person()
    )
    write(
        Allocation,
        (
            Allocation(
                payment=source, invoice=row, amount=part_of(row.total, weight), on=on, undone_on=undone_on,
                undone_because="-" if undone_on else "",
            )
            for row, one in zip(rows, drawn, strict=True)
            for weight, (on, undone_on) in one["parts"]
        ),
    )  # fmt: skip
    found = Invoice.objects.select_related("fiscal_year").prefetch_related("allocations")
    return {row.pk: row for row in found}


@given(drawn=st.lists(invoices, max_size=len(CHARGES)))
@few
def test_what_is_owed_past_due_and_in_which_column(drawn, year, agencies):
    with transaction.atomic():
        rows = bills(year, agencies, drawn)
        for day in ASKED:
            given_by_rules = {pk: row.bill for pk, row in rows.items()}
            found = list(Invoice.objects.with_state_on(day).with_bucket_on(day))
            assert {row.pk: (row.paid, row.balance, row.state, row.bucket) for row in found} == {
                pk: (
                    paid_on(bill, day), balance_on(bill, day), state_on(bill, day).value,
                    bucket_of(bill.due_on, day).value,
                )
                for pk, bill in given_by_rules.items()
            }, day  # fmt: skip
            still = [pk for pk, bill in given_by_rules.items() if balance_on(bill, day)]
            still.sort(key=lambda pk: (rows[pk].due_on, pk))
            assert [row.pk for row in Invoice.objects.open_on(day)] == still, day
            late = [pk for pk in still if days_past_due(rows[pk].due_on, day)]
            assert [row.pk for row in Invoice.objects.past_due_on(day)] == late, day

            aging = defaultdict(lambda: defaultdict(lambda: money.ZERO))
            for pk in still:
                aging[rows[pk].agency_id][bucket_of(rows[pk].due_on, day)] += balance_on(given_by_rules[pk], day)
            assert {
                agency: {bucket: amount for bucket, amount in sums.items() if amount}
                for agency, sums in Invoice.objects.all().aging_on(day).items()
            } == aging, day
        transaction.set_rollback(True)


@given(drawn=st.lists(invoices, max_size=len(CHARGES)), day=st.sampled_from(ASKED))
@few
def test_who_owes_and_who_is_in_good_standing(drawn, day, year, agencies):
    with transaction.atomic():
        rows = bills(year, agencies, drawn)
        expected = {
            agency.pk: [row for row in rows.values() if row.agency_id == agency.pk and balance_on(row.bill, day)]
            for agency in agencies
        }
        assert {one.agency.pk: (one.owed, one.past_due, one.oldest_due_on) for one in services.debtors_on(day)} == {
            agency: (
                money.total(balance_on(row.bill, day) for row in owed),
                money.total(balance_on(row.bill, day) for row in owed if days_past_due(row.due_on, day)),
                min(row.due_on for row in owed),
            )
            for agency, owed in expected.items()
            if owed
        }
        dues: dict[int, Decimal] = defaultdict(lambda: money.ZERO)
        for row in (one for owed in expected.values() for one in owed if one.charge != "other"):
            dues[row.agency_id] += balance_on(row.bill, day)
        some = Invoice.objects.dues().aging_on(day)
        assert {agency: money.total(sums.values()) for agency, sums in some.items()} == dues
        asked = services.dues_check([agency.pk for agency in agencies], day)
        assert {agency: str(finding.value) + str(finding.because) for agency, finding in asked.items()} == {
            agency.pk: str(known.value) + str(known.because)
            for agency in agencies
            for known in [
                nothing_past_due(
                    [row.bill for row in rows.values() if row.agency_id == agency.pk and row.charge != "other"], day
                )
            ]
        }
        transaction.set_rollback(True)


@given(drawn=st.lists(payments, max_size=5))
@few
def test_what_is_left_of_payments_and_whose_credit_it_is(drawn, year, agencies):
    with transaction.atomic():
        rows = write(
            Payment,
            (
                Payment(
                    received_on=one["span"][0], reversed_on=one["span"][1], reversal="bounced" if one["span"][1] else "",
                    method="cash", payer="-", amount=max(one["amount"], money.of_cents(9)), received_by=make.person(),
                    agency=None if one["agency"] is None else agencies[one["agency"]],
                    category=make.category("Interest") if one["own"] else None, fund=make.fund() if one["own"] else None,
                )
                for one in drawn
            ),
        )  # fmt: skip
        bill = make.invoice(agencies[0], "9999999.99")
        used: dict[int, list[Applied]] = defaultdict(list)
        for row, one in zip(rows, drawn, strict=True):
            for weight, (on, undone_on) in one["parts"]:
                used[row.pk].append(Applied(part_of(row.amount, weight), on, undone_on))
                write(Allocation, [Allocation(
                    payment=row, invoice=bill, amount=part_of(row.amount, weight), on=on, undone_on=undone_on,
                    undone_because="-" if undone_on else "",
                )])  # fmt: skip
            for number, (paid, voided_on) in enumerate(one["refunds"]):
                used[row.pk].append(Applied(money.CENT, paid, voided_on))
                _refund(year, row, 10 * row.pk + number, paid, voided_on)
        for day in ASKED:
            left = {
                row.pk: row.amount - money.total(part.amount for part in used[row.pk] if part.counts_on(day))
                if row.category_id is None
                and row.received_on <= day
                and not (row.reversed_on and row.reversed_on <= day)
                else money.ZERO
                for row in rows
            }
            assert dict(Payment.objects.with_credit_on(day).values_list("pk", "credit")) == left, day
            whose: dict[int, Decimal] = defaultdict(lambda: money.ZERO)
            for row in rows:
                if row.agency_id and left[row.pk]:
                    whose[row.agency_id] += left[row.pk]
            assert services.credits_on(day) == whose, day
        transaction.set_rollback(True)


# --- Disbursements ----------------------------------------------------------------------------------------------------


def _asked(year, number, **more):
    known = more or {"category": make.category()}
    return Disbursement.objects.create(
        fiscal_year=year, number=number, payee="Shop", purpose="-", amount=money.CENT, fund=make.fund(),
        requested_by=make.person("asker"), requested_on=MAY, **known,
    )  # fmt: skip


def _approved(disbursement, up_to="approved"):
    by = {"on": MAY, "policy": make.policy()}
    review = DisbursementReview.objects.create(
        disbursement=disbursement, by=make.person("reviewer"), capacity="-", requester=make.person("asker"), **by
    )
    if up_to == "reviewed":
        return None
    return DisbursementApproval.objects.create(review=review, by=make.person(), reviewer=make.person("reviewer"), **by)


def _paid(approval, number, on=MAY, voided_on=None):
    return DisbursementPayment.objects.create(
        approval=approval, institution=make.bank(), paid_on=on, check_number=str(number), amount=money.CENT,
        signed_by=make.person(), voided_on=voided_on, void_reason="-" if voided_on else "",
    )  # fmt: skip


def _refund(year, payment, number, on, voided_on):
    _paid(_approved(_asked(year, number, nature="refund", refunds=payment)), number, on, voided_on)


# Whether each check of a disbursement was reported, and is void; at most one of them is not void, the last.
FIRST = list(product([False, True], repeat=2))
CHECKS = [
    [],
    *([one] for one in FIRST),
    *([(reported, True), last] for reported, _void in FIRST[::2] for last in FIRST),
]


def test_at_which_step_a_disbursement_stands(year):
    met = board.meeting("board", on=MAY)
    histories = [("requested", []), ("reviewed", []), *(("approved", checks) for checks in CHECKS)]
    for number, ((far, checks), declined) in enumerate(product(histories, [False, True]), 1):
        made = _asked(year, number)
        approval = None if far == "requested" else _approved(made, far)
        for place, (reported, void) in enumerate(checks):
            paid = _paid(approval, 100 * number + place)
            if reported:
                DisbursementReport.objects.create(
                    payment=paid, meeting=met, on=MAY, policy=make.policy(), by=make.person()
                )
            if void:
                paid.voided_on, paid.void_reason = MAY, "-"
                paid.save()
        if declined and all(void for _reported, void in checks):
            made.declined_on, made.declined_because, made.declined_by = MAY, "-", make.person()
            made.save()
    steps = defaultdict(set)
    for row in Disbursement.objects.with_course():
        steps[step_of(row.course)].add(row.pk)
    assert set(steps) == set(Step)
    for step, known in steps.items():
        assert set(Disbursement.objects.at_step(step.value).values_list("pk", flat=True)) == known, step
