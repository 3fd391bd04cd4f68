"""What the Treasurer's books show on the page of an agency: what it owes, its invoices and its payments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from finance.looks import in_one_line, state_badge
from finance.models import Invoice, Payment
from finance.rules.years import DUES
from finance.services import credits_on, dues_check
from membership.agency_page import AgencyPart
from membership.models import Agency
from nipas_admin.shared import money
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.day import DAY_VAR, Day
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import Answer, add_address, address, may

LATEST = 10


class FinancePart(AgencyPart):
    """What an agency owes on the day, what it was invoiced and what it paid."""

    def answers(self, request: HttpRequest, agency: Agency, day: Day) -> Iterator[Answer]:
        """What it owes, and whether that keeps it from good standing (Reading R13)."""
        if not may(request, "view", Invoice):
            return
        owed = list(_invoices(agency).open_on(day.chosen))
        if not owed and not _invoices(agency).exists():
            return
        facts = [
            Fact(
                f"{one.reference}, {one.what.lower()}: {money.shown(one.balance)}, due {in_words(one.due_on)}",
                one.due_on,
                citations=(DUES,),
            )
            for one in owed
        ]
        if credit := credits_on(day.chosen, [agency.pk]).get(agency.pk):
            facts.append(Fact(f"{money.shown(credit)} of its payments is applied to nothing: it is credit"))
        whole = money.total(one.balance for one in owed)
        when = "today" if day.is_today else f"on {day.words}"
        yield Answer(f"Owes {when}", Finding(whole, tuple(facts)), money.shown(whole))
        yield Answer("Nothing past due?", dues_check([agency.pk], day.chosen)[agency.pk])

    def tables(self, request: HttpRequest, agency: Agency, day: Day) -> Iterator[Related]:
        """Its latest invoices and payments, each with the way to all of them."""
        if may(request, "view", Invoice):
            yield self._invoices(request, agency, day)
        if may(request, "view", Payment):
            yield self._payments(agency, day)

    def _invoices(self, request: HttpRequest, agency: Agency, day: Day) -> Related:
        rows = _invoices(agency).filter(issued_on__lte=day.chosen).with_state_on(day.chosen)
        listed = list(rows.order_by("-issued_on", "-number")[: LATEST + 1])
        shown = [
            Row(
                (
                    in_one_line(one.reference), one.what, in_one_line(in_words(one.due_on)), money.shown(one.total),
                    money.shown(one.balance),
                    state_badge(one, day.chosen),
                ),
                address(one) + day.query,
            )
            for one in listed[:LATEST]
        ]  # fmt: skip
        if len(listed) > LATEST:
            shown.append(Row(("All its invoices", *[""] * 5), _list("invoice", f"agency__id__exact={agency.pk}", day)))
        columns = [
            Column("Invoice"), Column("For"), Column("Due"), Column("Total", number=True), Column("Open", number=True),
            Column("State"),
        ]  # fmt: skip
        add = add_address(Invoice, agency=agency.pk) if may(request, "add", Invoice) else ""
        return Related("Invoices", columns, shown, "It was not invoiced yet.", add, "Issue an invoice")

    def _payments(self, agency: Agency, day: Day) -> Related:
        paid = Payment.objects.filter(Q(agency=agency) | Q(allocations__invoice__agency=agency))
        rows = paid.filter(received_on__lte=day.chosen).with_credit_on(day.chosen)
        listed = list(rows.order_by("-received_on", "-pk").distinct()[: LATEST + 1])
        shown = [
            Row(
                (
                    in_one_line(one.reference),
                    in_one_line(in_words(one.received_on)),
                    _by_what(one),
                    money.shown(one.amount),
                    _standing(one),
                ),
                address(one),
            )
            for one in listed[:LATEST]
        ]
        if len(listed) > LATEST:
            shown.append(Row(("All its payments", *[""] * 4), _list("payment", f"agency__id__exact={agency.pk}", day)))
        columns = [
            Column("Payment"), Column("Received"), Column("By"), Column("Amount", number=True), Column("Standing")
        ]  # fmt: skip
        return Related("Payments", columns, shown, "It paid nothing yet.")


def _invoices(agency: Agency) -> Any:
    return Invoice.objects.filter(agency=agency).select_related("fiscal_year", "team")


def _by_what(payment: Payment) -> str:
    return f"{payment.get_method_display()} {payment.check_number}".strip()


def _standing(payment: Any) -> str:
    if payment.reversed_on:
        return f"Reversed on {in_words(payment.reversed_on)}"
    if payment.category_id is not None:
        return "Pays no invoice"
    return f"{money.shown(payment.credit)} is credit" if payment.credit else "Applied"


def _list(model: str, query: str, day: Day) -> str:
    on = "" if day.is_today or model != "invoice" else f"&{DAY_VAR}={day.chosen.isoformat()}"
    return f"{reverse(f'admin:finance_{model}_changelist')}?{query}{on}"
