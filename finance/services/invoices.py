"""Invoices one at a time: issued under the next number of the year, and voided with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from finance.models import FiscalYear, Fund, Invoice, InvoiceLine, Rate
from finance.rules.dues import Charge, Line, Owed, Payer, joining_dues
from finance.services.years import dues_policy_on, fund_of, posting_year
from membership.models import Agency, Participation, SpecializedTeam
from membership.rules.facts import Status
from nipas_admin.shared import money
from nipas_admin.shared.dated import Dated, in_words
from nipas_admin.shared.findings import Finding
from nipas_admin.shared.records import saved


def draw_numbers(year: FiscalYear, how_many: int) -> int:
    """The first of so many consecutive numbers. The year is locked by the caller; a number drawn and rolled back
    is drawn again, so that none is ever missing.
    """
    first: int = year.invoices_drawn + 1
    year.invoices_drawn += how_many
    FiscalYear.objects.filter(pk=year.pk).update_with_history(
        reason="Invoice numbers drawn", invoices_drawn=year.invoices_drawn
    )
    return first


@transaction.atomic
def issue_invoice(
    *, agency: Agency, charge: str, lines: Sequence[Line], issued_on: date, due_on: date | None = None,
    team: SpecializedTeam | None = None, fund: Fund | None = None, participation: Participation | None = None,
    because: Sequence[str] = (), note: str = "", reason: str = "", by: Any = None,
) -> Invoice:  # fmt: skip
    """Issue an invoice with these lines, due after the Board's days unless a day is given. Raises ValidationError.

    ``reason`` and ``by`` go into its history.
    """
    year = posting_year(issued_on, "an invoice")
    terms, _letters = dues_policy_on(issued_on)
    invoice = Invoice(
        fiscal_year=year, number=draw_numbers(year, 1), agency=agency, charge=charge, team=team,
        fund=fund or fund_of(team), participation=participation, issued_on=issued_on,
        due_on=due_on or issued_on + timedelta(days=terms.due_days), total=money.total(line.amount for line in lines),
        because=list(because), note=note,
    )  # fmt: skip
    saved(invoice, reason=reason, by=by)
    for position, line in enumerate(lines, 1):
        saved(
            InvoiceLine(
                invoice=invoice, position=position, text=line.text, quantity=line.quantity,
                unit=line.unit or line.amount, amount=line.amount,
            ),
            reason=reason,
            by=by,
        )  # fmt: skip
    return invoice


def joining_dues_of(participation: Participation, day: date) -> Finding[Owed]:
    """What the agency owes at the commencement of this stint, were it invoiced on the day."""
    year = FiscalYear.objects.of_day(day)
    terms, _letters = dues_policy_on(day)
    payer = Payer(Status.APPLICANT, Dated.on(day), sworn=participation.agency.sworn_officers)
    rates = [row.rate for row in Rate.objects.covering(day).select_related("motion__meeting")]
    return joining_dues(payer, rates, year.year, day, terms)


@transaction.atomic
def invoice_joining_dues(*, participation: Participation, issued_on: date, due_on: date | None = None) -> Invoice:
    """Invoice what is due at the commencement of participation (Bylaws Art. III §2.c.iv, §7)."""
    if not participation.dues_required:
        raise ValidationError("No joining dues are required of this agency.")
    if participation.dues_paid_on:
        raise ValidationError(f"The joining dues were paid on {in_words(participation.dues_paid_on)}.")
    owed = joining_dues_of(participation, issued_on)
    if owed.value is None and not owed.missing:
        raise ValidationError(
            "Nothing is due at commencement by the Board's rates: record that no joining dues are required."
        )
    if owed.value is None:
        raise ValidationError(
            f"What is due is not determined; missing: {'; '.join(owed.missing)} (Bylaws Art. III §7)."
        )
    return issue_invoice(
        agency=participation.agency, charge=Charge.JOINING.value, lines=owed.value.lines, issued_on=issued_on,
        due_on=due_on or issued_on, participation=participation, because=[str(fact) for fact in owed.value.because],
    )  # fmt: skip


@transaction.atomic
def void_invoice(*, invoice: Invoice, on: date, because: str) -> Invoice:
    """Void a wrong invoice, with the reason; its number stays used. What was applied to it is undone before."""
    posting_year(on, "voiding an invoice")
    invoice = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if invoice.voided_on is not None:
        raise ValidationError(f"{invoice.reference} is void since {in_words(invoice.voided_on)}.")
    if not because.strip():
        raise ValidationError({"because": "Say why it is void: the reason stays on record with it."})
    if paid := list(invoice.allocations.standing()):
        raise ValidationError(
            f"{money.shown(money.total(row.amount for row in paid))} of payments is applied to {invoice.reference}. "
            "Undo that first: it becomes credit, and nothing is lost."
        )
    if (last := max((row.undone_on for row in invoice.allocations.all()), default=on)) > on:
        raise ValidationError(
            {"on": f"A payment was applied to {invoice.reference} until {in_words(last)}: void it then or later."}
        )
    invoice.voided_on, invoice.void_reason = on, because
    return saved(invoice)
