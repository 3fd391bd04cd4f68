"""The import of ten thousand payments, each on its invoice, against full_clean() and save() of the same rows."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from script.benches.import_agencies import undone
from script.benches.ratio import Ratio, seconds

ROWS = 10_000
AGENCIES = 500
DAY = date(2032, 5, 3)
HEADINGS = ["received_on", "payer", "agency", "method", "check_number", "amount", "invoices", "note"]


def books() -> None:
    """So many agencies in a fiscal year of their own, and for each row an invoice to pay."""
    from finance.models import Invoice
    from finance.rules.years import Year
    from finance.services import general_fund, open_year
    from membership.models import Agency

    first = DAY.replace(day=1)
    year = open_year(day=DAY, by_hand=Year(first, first.replace(year=first.year + 1)), source="The bench")
    agencies = Agency.objects.bulk_create_with_history(
        Agency(name=f"Bench {n:03} Police Department", ori=f"IL8{n:06}", kind="municipal", public_body=f"Village {n}")
        for n in range(AGENCIES)
    )
    Invoice.objects.bulk_create_with_history(
        Invoice(
            fiscal_year=year, number=n + 1, agency=agencies[n % AGENCIES], charge="other", fund=general_fund(),
            issued_on=DAY, due_on=DAY + timedelta(days=30), total=Decimal("500.00"),
        )
        for n in range(ROWS)
    )  # fmt: skip


def rows() -> list[list[str]]:
    """A check for each invoice, some for less."""
    return [
        [
            DAY.isoformat(), f"Village {n % AGENCIES}", f"IL8{n % AGENCIES:06}", "check", str(100_000 + n),
            "500.00" if n % 3 else "250.50", f"{DAY.year}-{n + 1:04}", "As measured",
        ]
        for n in range(ROWS)
    ]  # fmt: skip


def as_csv() -> bytes:
    """The same as a file."""
    text = io.StringIO()
    csv.writer(text).writerows([HEADINGS, *rows()])
    return text.getvalue().encode()


def by_import() -> None:
    """Read the file, tell what is on record, receive every payment and apply it, with its history."""
    from finance.resources import PaymentResource
    from nipas_admin.shared.tables import read

    data = as_csv()
    outcome = PaymentResource().take(read(io.BytesIO(data), len(data)), dry_run=False, user=person())
    if outcome.problems or outcome.new != ROWS:
        raise AssertionError(f"{outcome.new} new; {outcome.problems[:3]}")


def by_hand() -> None:
    """The least a person would write: find the agency and the invoice, check and save the payment and its part."""
    from finance.models import Allocation, Invoice, Payment
    from membership.models import Agency

    by, day = person(), DAY
    agencies = {agency.ori: agency for agency in Agency.objects.all()}
    invoices = {invoice.number: invoice for invoice in Invoice.objects.filter(fiscal_year__starts_on__year=day.year)}
    for row in rows():
        said = dict(zip(HEADINGS, row, strict=True))
        payment = Payment(
            received_on=day, payer=said["payer"], agency=agencies[said["agency"]], method="check",
            check_number=said["check_number"], amount=Decimal(said["amount"]), received_by=by, note=said["note"],
        )  # fmt: skip
        payment.full_clean()
        payment.save()
        invoice = invoices[int(said["invoices"].partition("-")[2])]
        part = Allocation(payment=payment, invoice=invoice, amount=payment.amount, on=day)
        part.full_clean()
        part.save()


def person() -> object:
    """Who records them."""
    from nipas_admin.accounts.models import User

    return User.objects.get_or_create(username="bench")[0]


def measure() -> list[Ratio]:
    """Time against the least a person would write. Everything is taken back."""
    with transaction.atomic():
        books()
        # So many rows need no warm-up and no second round.
        mine, best = seconds(undone(by_import)), seconds(undone(by_hand))
        transaction.set_rollback(True)
    note = f"{mine:.1f} s against {best:.1f} s"
    return [Ratio(f"import of {ROWS:,} payments against saving each", mine / best, 2, note)]
