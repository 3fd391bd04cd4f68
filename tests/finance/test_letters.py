"""The Treasurer's papers: what each says on a day, what it refuses to say, and how it goes by e-mail."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage

from documents.letters import kind_of, print_letter
from documents.mailing import start_mailing
from documents.models import OutgoingMail
from finance import services
from finance.models import Invoice, Payment
from finance.rules.receivables import InvoiceState
from membership.models import Agency, Official
from nipas_admin.accounts.models import User
from nipas_admin.jobs.models import Job
from tests.board import factories as make
from tests.finance import factories as books
from tests.membership.reading import words

PAID_ON, BEFORE, AFTER = date(2026, 5, 20), date(2026, 5, 19), date(2026, 5, 21)


def build(name: str, record: Any, day: date = AFTER) -> Any:
    """The letter's values."""
    return kind_of(f"finance.{name}").build(record, day)


def printed(name: str, record: Any, day: date = AFTER) -> str:
    """The words of the PDF."""
    return words(print_letter(kind_of(f"finance.{name}"), record, day))


@pytest.mark.parametrize(
    ("day", "paid", "balance", "state"),
    [
        pytest.param(BEFORE, "0.00", "500.00", InvoiceState.ISSUED, id="the day before it is paid all is open"),
        pytest.param(PAID_ON, "320.00", "180.00", InvoiceState.PARTLY_PAID, id="on the day it counts"),
        pytest.param(AFTER, "320.00", "180.00", InvoiceState.PARTLY_PAID, id="and on every day after"),
    ],
)
def test_an_invoice_says_what_was_paid_by_the_day(
    agency: Agency, day: date, paid: str, balance: str, state: InvoiceState
) -> None:
    invoice = books.invoice(agency)
    books.payment("320.00", PAID_ON, agency=agency, pays={invoice: Decimal("320.00")})

    letter = build("invoice", invoice, day)

    assert (letter.paid, letter.balance, letter.state) == (Decimal(paid), Decimal(balance), state)


def test_an_invoice_prints_its_number_lines_due_date_and_what_to_return(agency: Agency) -> None:
    invoice = books.invoice(agency, "1234.50")

    said = printed("invoice", invoice)

    for part in (invoice.reference, agency.name, "Dues", "$1,234.50", "31 May 2026", "Please return this part"):
        assert part in said


def test_a_paid_invoice_and_a_void_one_say_so_and_ask_for_nothing(agency: Agency) -> None:
    paid, void = books.invoice(agency), books.invoice(agency)
    books.payment("500.00", PAID_ON, agency=agency, pays={paid: Decimal("500.00")})
    services.void_invoice(invoice=void, on=PAID_ON, because="Sent to the wrong village")

    assert "Paid" in printed("invoice", paid)
    assert "Please return" not in printed("invoice", paid)
    void.refresh_from_db()
    assert "Void since 20 May 2026: Sent to the wrong village" in printed("invoice", void)
    assert build("invoice", void, BEFORE).state is InvoiceState.ISSUED


def test_no_invoice_is_printed_for_a_day_before_its_own(agency: Agency, said: Any) -> None:
    refusal = said(build, "invoice", books.invoice(agency), date(2026, 4, 30))

    assert refusal == "2026-0001 is dated 1 May 2026: choose that day or a later one."


def test_a_reminder_keeps_the_figures_of_the_day_it_was_sent(agency: Agency) -> None:
    invoice = books.invoice(agency)
    reminder = services.send_reminder(agency=agency, on=date(2026, 6, 1), by=books.person())
    books.payment("500.00", date(2026, 6, 2), agency=agency, pays={invoice: Decimal("500.00")})

    letter = build("reminder", reminder, date(2026, 7, 1))

    assert (letter.as_on, letter.amount, letter.invoices[0].balance) == (
        date(2026, 6, 1), Decimal("500.00"), Decimal("500.00"),
    )  # fmt: skip
    assert "past due from" in printed("reminder", reminder)


def test_a_statement_carries_what_was_owed_before_and_ends_with_what_is_owed_now(agency: Agency) -> None:
    books.year(2024)
    books.year(2025)
    old = books.invoice(agency, "100.00", date(2024, 5, 1), date(2024, 5, 31))
    books.invoice(agency, "500.00")
    bounced = books.payment("100.00", date(2026, 5, 5), agency=agency, pays={old: Decimal("100.00")})
    services.reverse_payment(payment=bounced, on=date(2026, 5, 12), reversal="bounced", because="No funds")

    letter = build("statement", agency)

    assert letter.carried == Decimal("100.00")
    assert [move.balance for move in letter.movements] == [Decimal(n) for n in ("600.00", "500.00", "600.00")]
    assert (letter.balance, letter.movements[-1].balance) == (Decimal("600.00"), Decimal("600.00"))
    assert "Taken back: No funds" in printed("statement", agency)


def test_an_agency_that_was_asked_for_nothing_has_no_statement(agency: Agency, said: Any) -> None:
    assert "there is no statement" in said(build, "statement", agency)


def test_a_receipt_says_what_one_check_pays_for_several_agencies_and_what_is_left(agency: Agency) -> None:
    other = make.agency()
    mine, theirs = books.invoice(agency), books.invoice(other, "300.00")
    payment = books.payment("850.00", PAID_ON, agency=agency, pays={mine: Decimal("500.00"), theirs: Decimal("300.00")})

    letter = build("receipt", payment)

    assert {(part.agency, part.amount) for part in letter.parts} == {
        (agency.name, Decimal("500.00")), (other.name, Decimal("300.00")),
    }  # fmt: skip
    assert letter.credit == Decimal("50.00")
    assert "Held as credit" in printed("receipt", payment)


def test_no_receipt_is_given_for_a_check_that_bounced(agency: Agency, said: Any) -> None:
    payment = books.payment("10.00", PAID_ON, agency=agency)
    payment = services.reverse_payment(payment=payment, on=AFTER, reversal="bounced")

    assert "no receipt is given" in said(build, "receipt", payment)


def test_a_deposit_slip_sums_its_payments_by_their_kind(agency: Agency) -> None:
    taken = [
        books.payment("10.10", PAID_ON),
        books.payment("20.20", PAID_ON),
        books.payment("5.05", PAID_ON, method="cash"),
    ]
    deposit = services.make_deposit(payments=taken, institution=books.bank(), deposited_on=AFTER)

    letter = build("deposit", deposit)

    assert (letter.total, dict(letter.by_method)) == (
        Decimal("35.35"), {"Check": Decimal("30.30"), "Cash": Decimal("5.05")},
    )  # fmt: skip
    assert "$35.35" in printed("deposit", deposit)


# --- By e-mail --------------------------------------------------------------------------------------------------------


@pytest.fixture
def mailer(settings: Any, tmp_path: Any) -> User:
    """A Treasurer whose work is done at once; papers lie in a folder of the test, and mail waits."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    local = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": local}
    settings.MAIL_IS_SENT = False
    return User.objects.create_superuser("mailer", password=None)


def contact(agency: Agency, address: str) -> None:
    """The agency's dues contact."""
    Official.objects.create(
        agency=agency, capacity="dues", name="Finance Director", email=address, from_on=date(2020, 1, 6)
    )


def mail(user: User, *rows: Invoice) -> Job:
    """What came of mailing these invoices."""
    job = start_mailing(kind_of("finance.invoice"), [row.pk for row in rows], AFTER, user)
    job.refresh_from_db()
    return job


def test_the_invoices_of_an_agency_travel_in_one_mail_and_who_has_no_address_is_named(
    agency: Agency, mailer: User
) -> None:
    contact(agency, "dues@village.example")
    other = make.agency()
    rows = [books.invoice(agency), books.invoice(agency, "20.00"), books.invoice(other)]

    job = mail(mailer, *rows)

    sent = OutgoingMail.objects.get()
    assert (sent.to, sent.papers.count()) == ("dues@village.example", 2)
    assert "Put into the outbox: 1." in job.error
    assert f"{rows[2]}: no e-mail address is known. Print it and send it by mail." in job.error
    assert all(default_storage.exists(str(paper.file.name)) for paper in sent.papers.all())


def test_invoices_mailed_once_are_not_queued_again(agency: Agency, mailer: User) -> None:
    contact(agency, "dues@village.example")
    row = books.invoice(agency)

    first, second = mail(mailer, row), mail(mailer, row)

    assert OutgoingMail.objects.count() == 1
    assert first.pk != second.pk
    assert "Queued before: 1." in second.error


def test_a_paper_that_is_not_mailed_is_refused_in_words(agency: Agency, mailer: User) -> None:
    with pytest.raises(ValidationError, match="Deposit slip is not sent by e-mail"):
        start_mailing(kind_of("finance.deposit"), [1], AFTER, mailer)


def test_receipts_go_to_the_agency_that_paid_and_to_nobody_else(agency: Agency) -> None:
    contact(agency, "dues@village.example")
    kind = kind_of("finance.receipt")
    theirs, strangers = books.payment("5.00", PAID_ON, agency=agency), books.payment("5.00", PAID_ON)

    assert kind.envelope is not None
    assert [kind.envelope(Payment.objects.get(pk=row.pk), AFTER).to for row in (theirs, strangers)] == [
        "dues@village.example", "",
    ]  # fmt: skip
