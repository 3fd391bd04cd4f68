"""Each thing that the books store and the documents give: as it is, in order; changed behind their back, found."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection, transaction

from finance import services
from finance.models import DisbursementApproval, DisbursementReview, FiscalYear, Invoice, Payment
from finance.verification import drift_of_the_books
from nipas_admin.shared import triggers
from tests.board import factories as board
from tests.finance import factories as make

pytestmark = pytest.mark.django_db
MAY, DUE = make.FIRST_OF_MAY, make.DUE


@pytest.fixture
def books(year):
    """A little of everything, in order."""
    one, two = board.agencies(2)
    make.rate("100.00")
    make.carried_out(make.run(year))
    bill = Invoice.objects.get(agency=one)
    paid = make.payment("80.00", agency=one, pays={bill: Decimal("80.00")})
    make.undone(make.applied(make.payment("30.00"), Invoice.objects.get(agency=two), "30.00"))
    make.bounced(make.payment("5.00"))
    services.make_deposit(payments=[paid], institution=make.bank(), deposited_on=DUE)
    services.send_reminder(agency=two, on=DUE.replace(month=7, day=1), by=make.person())
    services.void_invoice(invoice=make.invoice(two), on=DUE, because="Wrong")
    stint = make.applicant()
    joining = services.invoice_joining_dues(participation=stint, issued_on=MAY)
    make.payment("100.00", pays={joining: Decimal("100.00")})
    _disbursement(year)


def _disbursement(year: FiscalYear) -> None:
    """One that was approved; straight into the tables: its acts are tried elsewhere."""
    made = year.disbursements.create(
        number=1, payee="Shop", purpose="Radios", amount=Decimal("9.00"), fund=make.fund(),
        category=make.category(), requested_by=make.person("asker"), requested_on=MAY,
    )  # fmt: skip
    FiscalYear.objects.filter(pk=year.pk).update_with_history(disbursements_drawn=1)
    review = DisbursementReview.objects.create(
        disbursement=made, by=make.person("reviewer"), capacity="System Manager", requester=make.person("asker"),
        on=MAY, policy=make.policy(),
    )  # fmt: skip
    DisbursementApproval.objects.create(
        review=review, by=make.person(), reviewer=make.person("reviewer"), on=MAY, policy=make.policy()
    )


def found() -> list[str]:
    """What drifted, in words."""
    return [str(drift) for _name, _count, drifts in drift_of_the_books() for drift in drifts]


def attack(statement: str) -> None:
    """Change a row behind the back of everything: the triggers that would refuse it are gone."""
    with connection.cursor() as cursor:
        for name, table in triggers._standing(connection).items():
            if f"UPDATE {table} " not in statement:
                continue
            on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
            cursor.execute(f'DROP TRIGGER "{name}"{on}')
        cursor.execute(statement)
        assert cursor.rowcount == 1, cursor.rowcount


def test_books_in_order_are_in_order(books):
    assert found() == []
    assert {name: count for name, count, _drift in drift_of_the_books()} == {
        "invoices": 4, "payments": 4, "lines of invoice runs": 2, "reminders": 1, "disbursements": 1, "fiscal years": 1,
    }  # fmt: skip


# What is changed, by which statement, and what is said of it.
ATTACKS = {
    "a total": (
        "UPDATE finance_invoice SET total = 10001 WHERE number = 4",
        "its total is stored as $100.01; its lines come to $100.00",
    ),
    "a line": (
        "UPDATE finance_invoiceline SET amount = 9999 WHERE id = (SELECT MAX(id) FROM finance_invoiceline)",
        "its total is stored as $100.00; its lines come to $99.99",
    ),
    "more applied than the invoice comes to": (
        "UPDATE finance_allocation SET amount = 10001 WHERE amount = 10000",
        "$100.01 is applied to it; it comes to $100.00",
    ),
    "applied to a void invoice": (
        "UPDATE finance_invoice SET voided_on = '2026-06-01', void_reason = '-' WHERE number = 1",
        "$80.00 is applied to it; it is void and takes nothing",
    ),
    "more applied than came in": (
        "UPDATE finance_payment SET amount = 7999 WHERE amount = 8000",
        "$80.00 of it is applied, $0.00 refunded; $79.99 of it is there",
    ),
    "applied of a reversed payment": (
        "UPDATE finance_payment SET reversed_on = '2026-06-01', reversal = 'bounced' WHERE amount = 8000",
        "$80.00 of it is applied, $0.00 refunded; $0.00 of it is there",
    ),
    "joining dues paid, and no day of it": (
        "UPDATE membership_participation SET dues_paid_on = NULL WHERE id = (SELECT MAX(id) FROM membership_participation)",
        "no day of payment is stored; what was applied to 2026-0004 paid them on 1 May 2026",
    ),
    "the amount of a line of a run": (
        "UPDATE finance_runitem SET amount = 9900 WHERE id = (SELECT MIN(id) FROM finance_runitem)",
        "it is stored as Annual dues, $99.00; 2026-0001, ",
    ),
    "the charge of a line of a run": (
        "UPDATE finance_runitem SET charge = 'team' WHERE id = (SELECT MIN(id) FROM finance_runitem)",
        "it is stored as Team fee, $100.00; 2026-0001, ",
    ),
    "a finished run with a line that is not made": (
        "UPDATE finance_runitem SET invoice_id = NULL WHERE id = (SELECT MIN(id) FROM finance_runitem)",
        "it is stored as to be invoiced; its run is finished",
    ),
    "what a reminder asks for": (
        "UPDATE finance_reminder SET amount = 1",
        "it asks for $0.01; the invoices it names come to $100.00",
    ),
    "who asked, kept with the review": (
        "UPDATE finance_disbursementreview SET requester_id = (SELECT id FROM accounts_user WHERE username = 'treasurer')",
        "treasurer is stored as who asked for it; asker asked for it",
    ),
    "who reviewed, kept with the approval": (
        "UPDATE finance_disbursementapproval SET reviewer_id = (SELECT id FROM accounts_user WHERE username = 'asker')",
        "asker is stored as the reviewer",
    ),
    "who is paid, kept with the approval": (
        "UPDATE finance_disbursementapproval SET payee_id = (SELECT id FROM accounts_user WHERE username = 'asker')",
        "asker as the payee's account; reviewer reviewed it, and the payee's account is nobody",
    ),
    "a number drawn and not used": (
        "UPDATE finance_fiscalyear SET invoices_drawn = 5",
        "FY 2026–27: 5 numbers of invoices are stored as drawn; 4 invoices bear numbers, the last 4",
    ),
    "a gap in the numbers": (
        "UPDATE finance_invoice SET number = 9 WHERE number = 3",
        "4 numbers of invoices are stored as drawn; 4 invoices bear numbers, the last 9",
    ),
    "a gap in the numbers of disbursements": (
        "UPDATE finance_disbursement SET number = 2",
        "1 numbers of disbursements are stored as drawn",
    ),
    "a closing that nobody recorded": (
        "UPDATE finance_fiscalyear SET closed_at = '2027-06-01', closed_by_id = (SELECT MIN(id) FROM accounts_user)",
        "it is stored as closed; its history shows no closing",
    ),
}


def test_what_was_changed_behind_the_books_is_found(books):
    missed = {}
    for changed, (statement, line) in ATTACKS.items():
        with transaction.atomic():
            attack(statement)
            if not any(line in drift for drift in found()):
                missed[changed] = found()
            transaction.set_rollback(True)
    assert missed == {}


def test_joining_dues_with_another_day_of_payment_are_a_remark(books):
    attack(
        "UPDATE membership_participation SET dues_paid_on = '2026-05-02' "
        "WHERE id = (SELECT MAX(id) FROM membership_participation)"
    )
    (drift,) = [drift for _name, _count, drifts in drift_of_the_books() for drift in drifts]
    assert drift.remark
    assert "stored as paid on 2 May 2026; what was applied to 2026-0004 paid them on 1 May 2026" in str(drift)


# --- Closed years -----------------------------------------------------------------------------------------------------


def reopened_unseen(post) -> None:
    """What a program that forgot to ask would do: post as if the year were open, and close it again, unseen."""

    def straight(at: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE finance_fiscalyear SET {at}")

    straight("closed_at = NULL, closed_by_id = NULL")
    post()
    straight("closed_at = '2027-06-01', closed_by_id = (SELECT MIN(id) FROM accounts_user)")


@pytest.mark.parametrize(
    ("post", "line"),
    [
        pytest.param(lambda: make.invoice(board.agency()), "it is stored as dated 1 May 2026", id="an invoice"),
        pytest.param(make.payment, "it is stored as received on 1 May 2026", id="a payment"),
        pytest.param(
            lambda: make.bounced(Payment.objects.get(amount=Decimal("80.00"))), "reversed on 31 May 2026",
            id="a reversal",
        ),
        pytest.param(
            lambda: services.void_invoice(invoice=Invoice.objects.get(number=2), on=DUE, because="-"),
            "void since 31 May 2026", id="a void",
        ),
    ],
)  # fmt: skip
def test_what_was_posted_in_a_closed_year_is_found_by_its_history(books, post, line):
    make.closed(FiscalYear.objects.get())
    assert found() == []
    reopened_unseen(post)
    (first, *_more) = [drift for drift in found() if "was closed before" in drift]
    assert any(line in drift for drift in found()), first


def test_what_a_closed_year_left_is_in_order_when_a_later_year_ends_it(books):
    make.closed(FiscalYear.objects.get())
    later = make.year(2027).starts_on
    services.void_invoice(invoice=Invoice.objects.get(number=2), on=later, because="Never paid")
    make.bounced(Payment.objects.get(amount=Decimal("80.00")), later)
    assert found() == []
