"""The screens of deposits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString

from documents.admin import paper_shown
from finance import resources
from finance.admin.pages import BookedPage
from finance.admin.payments import link, state_of
from finance.admin.shown import dollars
from finance.forms.deposits import AttachSlipForm, DepositForm, TakeBackDepositForm
from finance.models import BankLine, Deposit, Payment
from finance.querysets import NOTHING
from finance.rules.receivables import CUSTODY
from finance.services.payments import EVER
from nipas_admin.shared import money
from nipas_admin.shared.acts import ActForm
from nipas_admin.shared.badges import badge
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import Answer, Button


@admin.register(Deposit)
class DepositAdmin(BookedPage):
    """Payments taken to the bank together."""

    resource_classes = [resources.DepositResource]
    adds = DepositForm
    acts = (AttachSlipForm, TakeBackDepositForm)
    change_form_template = "finance/tables_below.html"
    list_display = ["reference_shown", "deposited_on", "institution", "payments_shown", "total_shown", "bank_shown"]
    list_filter = ["institution", "deposited_on"]
    list_select_related = ["institution"]
    search_fields = ["institution__name", "note", "payments__check_number", "payments__payer"]
    search_help_text = "Institution, check number or payer"
    total_shown = dollars("total", "Total")
    slip_shown = paper_shown("slip", "Deposit slip")
    readonly_fields = ["deposited_on", "institution", "total_shown", "slip_shown", "bank_shown", "note"]
    fieldsets = [
        (None, {"fields": ["deposited_on", "institution", "total_shown"]}),
        ("On record", {"fields": ["slip_shown", "bank_shown", "note"]}),
    ]
    empty_list = (
        "Nothing is deposited yet. Make a deposit of the payments that came in: they are ticked already; take off what "
        "stays behind (Bylaws Art. VI §4)."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With how many payments, their sum, and the day the bank shows it."""
        of_it = Payment.objects.filter(deposit=OuterRef("pk")).order_by().values("deposit")
        cleared = BankLine.objects.filter(deposit=OuterRef("pk")).values("on")[:1]
        rows = super().get_queryset(request).annotate(
            many=Subquery(of_it.annotate(many=Count("pk")).values("many")),
            total=Coalesce(Subquery(of_it.annotate(sum=Sum("amount")).values("sum")), NOTHING),
            cleared_on=Subquery(cleared),
        )  # fmt: skip
        return cast("QuerySet[Any]", rows)

    def run(self, request: HttpRequest, form: ActForm, record: Any = None) -> HttpResponse:
        """The act, with the table of what waits."""
        answer = super().run(request, form, record)
        if isinstance(form, DepositForm) and isinstance(answer, TemplateResponse):
            answer.template_name = "finance/make_deposit.html"
        return answer

    def buttons(self, request: HttpRequest, record: Any) -> Iterator[Button]:
        """To correct it is not what one comes for."""
        yield from (Button(one.label, one.url) for one in super().buttons(request, record))

    def badge(self, record: Any) -> tuple[str, str]:
        """Whether the bank shows it."""
        return _at_the_bank(record)

    def answers(self, request: HttpRequest, record: Any) -> Iterable[Answer]:
        """What went in, and what the bank took back."""
        rows = list(record.payments.all())
        facts = [Fact(f"{len(rows)} payments deposited", record.deposited_on, citations=(CUSTODY,))]
        back = [row for row in rows if row.reversed_on is not None]
        facts += [Fact(f"{row}: reversed, {row.reversal_reason}", row.reversed_on) for row in back]
        stands = record.total - money.total(row.amount for row in back)
        yield Answer("Stands", Finding(stands, tuple(facts)), money.shown(stands))

    def related(self, request: HttpRequest, record: Any) -> Sequence[Related]:
        """Its payments."""
        payments = record.payments.with_credit_on(EVER).select_related("agency", "category").order_by("received_on")
        rows = [
            Row(
                (row.payer, f"{row.get_method_display()} {row.check_number}".strip(), in_words(row.received_on),
                 money.shown(row.amount), badge(*state_of(row))),
                link(request, row),
            )
            for row in payments
        ]  # fmt: skip
        columns = [Column("Payer"), Column("By"), Column("Received on"), Column("Amount", number=True), Column("State")]
        return [Related("Payments in it", columns, rows, "No payment is in it.")]

    @admin.display(description="Deposit", ordering="pk")
    def reference_shown(self, deposit: Deposit) -> str:
        """``D-00012``."""
        return deposit.reference

    @admin.display(description="Payments", ordering="many")
    def payments_shown(self, deposit: Any) -> str:
        """How many."""
        return str(deposit.many or 0)

    payments_shown.number = True  # type: ignore[attr-defined]

    @admin.display(description="At the bank", ordering="cleared_on")
    def bank_shown(self, deposit: Any) -> SafeString:
        """The day on which a statement shows it."""
        look, said = _at_the_bank(deposit)
        return badge(look, in_words(deposit.cleared_on) if deposit.cleared_on else said)


def _at_the_bank(deposit: Any) -> tuple[str, str]:
    if not deposit.many:
        return "ended", "Taken back"
    if deposit.cleared_on is None:
        return "applicant", "Not shown yet"
    return "done", f"Shown by the bank on {in_words(deposit.cleared_on)}"
