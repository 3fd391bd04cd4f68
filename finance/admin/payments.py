"""The screens of payments: recorded on one page, applied, undone, reversed; never typed over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from documents.admin import paper_shown
from finance import resources
from finance.admin.pages import BookedPage
from finance.admin.shown import dollars
from finance.forms.applying import PaysInvoices
from finance.forms.payments import ApplyCreditForm, AttachScanForm, ReceiveForm
from finance.forms.reversing import ReverseForm, UndoForm
from finance.models import Disbursement, Payment
from finance.rules.receivables import CUSTODY
from finance.rules.spending import Nature
from finance.services.payments import EVER
from nipas_admin.shared import money
from nipas_admin.shared.acts import ActForm
from nipas_admin.shared.badges import badge
from nipas_admin.shared.choosing import is_key
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import Answer, Button, add_address, address, may

REFERENCE_PREFIX = "r-"


def state_of(payment: Any) -> tuple[str, str]:
    """The look and the words of where a payment stands; ``credit`` is as the queryset annotated it."""
    if payment.reversed_on is not None:
        return "overdue", f"Reversed on {in_words(payment.reversed_on)}"
    if payment.category_id is not None:
        return "closed", str(payment.category)
    if payment.credit:
        return "notice_pending", f"{money.shown(payment.credit)} left"
    return "done", "Applied whole"


class PaymentStateFilter(admin.SimpleListFilter):
    """Where a payment stands."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every state."""
        return [
            ("credit", "Credit left"),
            ("whole", "Applied whole"),
            ("other", "Pays no invoice"),
            ("reversed", "Reversed"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those in one state; the queryset is annotated by the admin."""
        stands = queryset.filter(reversed_on__isnull=True)
        found = {
            "credit": stands.filter(category__isnull=True, credit__gt=money.ZERO),
            "whole": stands.filter(category__isnull=True, credit=money.ZERO),
            "other": stands.filter(category__isnull=False),
            "reversed": queryset.filter(reversed_on__isnull=False),
        }
        return found.get(self.value() or "", queryset)


class DepositedFilter(admin.SimpleListFilter):
    """Whether it was taken to the bank."""

    title = "deposited"
    parameter_name = "deposited"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Yes, or it waits."""
        return [("no", "Not yet"), ("yes", "Deposited")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those."""
        if self.value() == "no":
            return queryset.filter(deposit__isnull=True, reversed_on__isnull=True)
        return queryset.filter(deposit__isnull=False) if self.value() == "yes" else queryset


@admin.register(Payment)
class PaymentAdmin(BookedPage):
    """Money received: who paid, by what, what it paid, what is left."""

    resource_classes = [resources.PaymentResource]
    agency_path = "agency"
    adds = ReceiveForm
    acts = (ApplyCreditForm, AttachScanForm, UndoForm, ReverseForm)
    change_form_template = "finance/tables_below.html"
    list_display = ["payer", "received_on", "by_what", "amount_shown", "state_shown", "deposit_shown"]
    list_filter = [PaymentStateFilter, DepositedFilter, "method", "received_on"]
    list_select_related = ["agency", "category", "deposit"]
    search_fields = ["payer", "check_number", "agency__name", "agency__public_body"]
    search_help_text = "Name on the check, agency, check number, amount, or reference (R-00012)"
    amount_shown = dollars("amount", "Amount")
    scan_shown = paper_shown("scan", "Scan of the check")
    readonly_fields = [
        "received_on", "by_what", "payer", "agency", "amount_shown", "category", "fund", "scan_shown", "deposit_link",
        "received_by", "note", "reversed_on", "reversal", "reversal_reason",
    ]  # fmt: skip
    empty_list = (
        "No payment is recorded yet. Record each check as it comes: who pays, the number, the amount, and the invoices "
        "it pays; what is left over is credit of the agency (Bylaws Art. VI §4)."
    )

    def get_resource(self, request: HttpRequest) -> Any:
        """The table of payments, which takes none of a day that has not come."""
        resource: Any = super().get_resource(request)
        resource.today = timezone.localdate()
        return resource

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what is left of each, as things stand."""
        rows: Any = super().get_queryset(request)
        return cast("QuerySet[Any]", rows.with_credit_on(EVER))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        """As stock, and by amount or reference."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        said = search_term.strip()
        number = said.lower().removeprefix(REFERENCE_PREFIX)
        if said.lower().startswith(REFERENCE_PREFIX) and is_key(number):
            found = found | queryset.filter(pk=int(number))
        with suppress(ValueError):
            found = found | queryset.filter(amount=money.read(said))
        return found, may_repeat

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What came, and what became of it as far as anything did."""
        if obj is None:
            return [(None, {"fields": []})]
        into = ["category", "fund"] if obj.category_id else []
        papers = ["scan_shown", *(["note"] if obj.note else [])]
        reversed_ = ["reversed_on", "reversal", "reversal_reason"] if obj.reversed_on else []
        return [
            (None, {"fields": ["received_on", "by_what", "amount_shown", "payer", "agency", *into]}),
            ("On record", {"fields": [*papers, "deposit_link", "received_by"]}),
            *([("Reversed", {"fields": reversed_})] if reversed_ else []),
        ]

    # The pages of the acts that pay invoices

    def run(self, request: HttpRequest, form: ActForm, record: Any = None) -> HttpResponse:
        """As every act; where invoices are paid, with the table of those that are open."""
        answer = super().run(request, form, record)
        if not isinstance(form, PaysInvoices):
            return answer
        if isinstance(answer, TemplateResponse):
            answer.template_name = "finance/pays_invoices.html"
            below = AdminForm(cast(Any, form), getattr(form, "below", []), {}, (), self)
            address_of_table = reverse("admin:finance_payment_open_invoices")
            known = f"?{urlencode({'payment': record.pk})}" if record else ""
            answer.context_data = {
                **(answer.context_data or {}), "below": below, "table_url": address_of_table + known,
            }  # fmt: skip
        elif "another" in request.POST:
            kept = {name: request.POST.get(name, "") for name in ("received_on", "method")}
            return HttpResponseRedirect(f"{request.path}?{urlencode(kept)}")
        return answer

    def get_urls(self) -> list[Any]:
        """The stock pages, the acts, and the table of open invoices."""
        view = self.admin_site.admin_view(self.open_invoices)
        return [path("open-invoices/", view, name="finance_payment_open_invoices"), *super().get_urls()]

    @method_decorator(require_safe)
    def open_invoices(self, request: HttpRequest) -> HttpResponse:
        """The table of what is open for the agencies in the address."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form: type[PaysInvoices] = ReceiveForm
        record = None
        if "payment" in request.GET:
            form, record = ApplyCreditForm, self.get_object(request, request.GET["payment"])
            if record is None:
                raise Http404("There is no such payment.")
        filled = form(request.GET, subject=record, user=request.user, now=timezone.localtime())
        return TemplateResponse(request, "finance/_open_invoices.html", {"act": filled})

    # The page of one

    def buttons(self, request: HttpRequest, record: Any) -> Iterator[Button]:
        """What can be done; to correct it is not what one comes for."""
        applies = self.act_address(ApplyCreditForm, record)
        yield from (Button(one.label, one.url, one.url == applies) for one in super().buttons(request, record))
        if record.credit and may(request, "add", Disbursement):
            known = {"nature": Nature.REFUND.value, "refunds": record.pk, "amount": record.credit, "purpose": "Credit"}
            yield Button("Refund the credit", add_address(Disbursement, **known))

    def badge(self, record: Any) -> tuple[str, str]:
        """Where it stands."""
        return state_of(record)

    def answers(self, request: HttpRequest, record: Any) -> Iterable[Answer]:
        """What is left of it, with the arithmetic."""
        if record.category_id is not None:
            return
        came = Fact(f"{money.shown(record.amount)} came in", record.received_on, citations=(CUSTODY,))
        facts = [came]
        if record.applied:
            facts.append(Fact(f"{money.shown(record.applied)} applied to invoices"))
        if record.refunded:
            facts.append(Fact(f"{money.shown(record.refunded)} refunded"))
        if record.reversed_on is not None:
            why = f"reversed: {record.reversal_reason}"
            facts.append(Fact(why, record.reversed_on, citations=(CUSTODY,)))
        whose = f" of {record.agency}" if record.credit and record.agency else ""
        yield Answer("Left over", Finding(record.credit, tuple(facts)), f"{money.shown(record.credit)}{whose}")

    def related(self, request: HttpRequest, record: Any) -> Sequence[Related]:
        """What it paid, and the payments that look like it."""
        if record.category_id is not None:
            return []
        parts = record.allocations.select_related("invoice__fiscal_year", "invoice__agency", "invoice__team")
        rows = [
            Row(
                (part.invoice.reference, part.invoice.agency.name, part.invoice.what, money.shown(part.amount),
                 in_words(part.on), _standing(part)),
                link(request, part.invoice),
            )
            for part in parts
        ]  # fmt: skip
        columns = [
            Column("Invoice"), Column("Agency"), Column("For"), Column("Amount", number=True), Column("Applied on"),
            Column("Standing"),
        ]  # fmt: skip
        empty = "It is applied to no invoice: the whole is credit."
        return [Related("What it pays", columns, rows, empty)]

    # Columns

    @admin.display(description="By", ordering="check_number")
    def by_what(self, payment: Payment) -> str:
        """``Check 4410``."""
        return f"{payment.get_method_display()} {payment.check_number}".strip()

    @admin.display(description="State")
    def state_shown(self, payment: Any) -> SafeString:
        """The badge."""
        return badge(*state_of(payment))

    @admin.display(description="Deposit", ordering="deposit__deposited_on")
    def deposit_shown(self, payment: Payment) -> str | SafeString:
        """The day it was taken to the bank."""
        if payment.deposit is None:
            return "" if payment.reversed_on else "Not yet"
        return format_html('<span class="day">{}</span>', in_words(payment.deposit.deposited_on))

    @admin.display(description="Deposit")
    def deposit_link(self, payment: Payment) -> str | SafeString:
        """The deposit, as a link."""
        if payment.deposit is None:
            return "Never deposited" if payment.reversed_on else "Not deposited yet"
        return format_html('<a href="{}">{}</a>', address(payment.deposit), payment.deposit)


def _standing(part: Any) -> SafeString:
    if part.undone_on is None:
        return badge("done", "Stands")
    return format_html("{} {}", badge("ended", f"Undone on {in_words(part.undone_on)}"), part.undone_because)


def link(request: HttpRequest, record: Any) -> str:
    """The record's page; empty for those who may not see it."""
    return address(record) if may(request, "view", type(record)) else ""
