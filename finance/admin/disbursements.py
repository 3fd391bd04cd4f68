"""The screens of disbursements: a visible line of steps, the next one and whose it is, and the report to the Board."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from board.models import Meeting
from documents.admin import paper_shown
from finance import resources, services
from finance.admin.filters import YearFilter
from finance.admin.pages import BookedPage
from finance.admin.shown import dollars
from finance.forms.board_reports import ReportForm
from finance.forms.disbursements import (
    ApproveForm,
    AttachForm,
    CorrectForm,
    DeclineForm,
    PayForm,
    RequestForm,
    ReviewForm,
    VoidForm,
    name_of,
)
from finance.models import Disbursement, DisbursementPayment, DisbursementReport
from finance.rules.spending import DISBURSEMENTS, Nature, Step, may_approve, may_review, next_step, step_of
from nipas_admin.shared import money
from nipas_admin.shared.acts import ActForm
from nipas_admin.shared.badges import badge
from nipas_admin.shared.choosing import is_key
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact, Finding, not_determined
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import Answer, Button, address, may

LOOKS = {
    Step.REQUESTED: "open",
    Step.REVIEWED: "applicant",
    Step.APPROVED: "notice_pending",
    Step.PAID: "active",
    Step.REPORTED: "done",
    Step.DECLINED: "ended",
}
NEXT = {Step.REVIEWED: "Review", Step.APPROVED: "Approval", Step.PAID: "Payment", Step.REPORTED: "Report to the Board"}


class StepFilter(admin.SimpleListFilter):
    """Where it stands."""

    title = "step"
    parameter_name = "step"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every step."""
        return [(step.value, step.label) for step in Step]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those at one."""
        rows: Any = queryset
        return rows.at_step(self.value()) if self.value() in {step.value for step in Step} else queryset


@dataclass(frozen=True)
class Stage:
    """One of the five steps as the page shows it: ``look`` is done, next or ahead."""

    title: str
    look: str
    who: str = ""
    when: str = ""
    under: str = ""
    under_url: str = ""


def stages_of(record: Disbursement) -> list[Stage]:
    """The five steps, or as many as were taken until it was declined."""
    review = getattr(record, "review", None)
    approval = getattr(review, "approval", None)
    paid = standing_payment(record)
    report = getattr(paid, "report", None)
    found = [_stage("Asked for", record.requested_by, record.requested_on)]
    if review is not None:
        found.append(_stage("Reviewed", review.by, review.on, review.policy, f", {review.capacity}"))
    if approval is not None:
        found.append(_stage("Approved", approval.by, approval.on, approval.policy, ", Treasurer"))
    if paid is not None:
        how = f"by {paid.get_method_display().lower()} {paid.check_number}, {paid.institution}"
        found.append(Stage("Paid", "done", name_of(paid.signed_by), in_words(paid.paid_on), how))
    if report is not None:
        found.append(_stage("Reported", report.by, report.on, report.policy, f", to the {report.meeting}"))
    if record.declined_on is not None:
        why = Stage(
            "Declined", "declined", name_of(record.declined_by), in_words(record.declined_on), record.declined_because
        )
        return [*found, why]
    ahead = ["Reviewed", "Approved", "Paid", "Reported"][len(found) - 1 :]
    whose = ["System Manager or Team Coordinator", "Treasurer", "Treasurer", "to the Board"][len(found) - 1 :]
    looks = ["next", *["ahead"] * 3]
    return found + [Stage(title, look, who) for title, look, who in zip(ahead, looks, whose, strict=False)]


def _stage(title: str, by: Any, on: Any, policy: Any = None, capacity: str = "") -> Stage:
    under = (str(policy), address(policy)) if policy is not None else ("", "")
    return Stage(title, "done", f"{name_of(by)}{capacity}", in_words(on), *under)


def standing_payment(record: Disbursement) -> DisbursementPayment | None:
    """The check or transfer that stands; None while it is not paid."""
    approval = getattr(getattr(record, "review", None), "approval", None)
    return next((row for row in approval.payments.all() if row.voided_on is None), None) if approval else None


def _board_met_since(record: Disbursement) -> bool:
    """Could the Board have heard of it: was it paid, not reported yet, and did the Board meet since?"""
    paid = standing_payment(record)
    if paid is None or step_of(record.course) is not Step.PAID:
        return False
    held = Meeting.objects.standing().filter(kind="board", called_to_order_at__isnull=False)
    return held.filter(called_to_order_at__date__gte=paid.paid_on).exists()


@admin.register(Disbursement)
class DisbursementAdmin(BookedPage):
    """Disbursements: each asked for, reviewed, approved, paid and reported by an act of its own."""

    resource_classes = [resources.DisbursementResource]
    change_form_template = "finance/disbursement_page.html"
    adds = RequestForm
    acts = (ReviewForm, ApproveForm, PayForm, AttachForm, CorrectForm, VoidForm, DeclineForm)
    list_display = [
        "reference_shown", "requested_on", "payee", "purpose_shown", "amount_shown", "fund_shown", "step_shown",
        "check_shown",
    ]  # fmt: skip
    list_filter = [StepFilter, YearFilter, "fund", "category", "nature"]
    search_fields = [
        "payee", "purpose", "review__approval__payments__check_number",
    ]  # fmt: skip
    search_help_text = "Payee, what for, number (V2026-0003), check number, or amount"
    amount_shown = dollars("amount", "Amount")
    voucher_shown = paper_shown("voucher", "Invoice or voucher")
    readonly_fields = [
        "reference_shown", "nature", "payee", "payee_official", "account_shown", "purpose", "amount_shown", "fund",
        "category", "motion", "refunds_shown", "voucher_shown", "note",
    ]  # fmt: skip
    empty_list = (
        "No disbursement is recorded yet. Ask for one with its invoice or receipt: the System Manager or a Team "
        "Coordinator reviews it, the Treasurer approves and pays it, and the Board hears of it (Bylaws Art. X)."
    )

    class Media:
        css = {"all": ["finance/spending.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With all its steps, in a fixed number of queries."""
        rows: Any = super().get_queryset(request)
        return cast("QuerySet[Any]", rows.with_course().select_related("fund__team"))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        """As stock, and by amount or reference."""
        found, _may_repeat = super().get_search_results(request, queryset, search_term)
        said = search_term.strip().upper().removeprefix("V")
        year, _dash, number = said.partition("-")
        more = Q(pk__in=())
        if is_key(number) and is_key(year) and len(year) == 4:
            more |= Q(fiscal_year__starts_on__year=int(year), number=int(number))
        with suppress(ValueError):
            more |= Q(amount=money.read(said))
        return queryset.filter(more | Q(pk__in=found.values("pk"))) if said else found, False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is paid to whom for what, out of which fund, and on which papers."""
        if obj is None:
            return [(None, {"fields": []})]
        who = (["payee_official"] if obj.payee_official_id else []) + (["account_shown"] if obj.payee_user_id else [])
        into = ["refunds_shown"] if obj.refunds_id else ["category"]
        by = ["motion"] if obj.motion_id else []
        note = ["note"] if obj.note else []
        return [
            (None, {"fields": ["nature", "payee", *who, "purpose", "amount_shown"]}),
            ("Out of", {"fields": ["fund", *into, *by]}),
            ("On record", {"fields": ["voucher_shown", *note]}),
        ]

    # The list

    @admin.display(description="Number", ordering="number")
    def reference_shown(self, record: Disbursement) -> str:
        """``V2026-0003``."""
        return record.reference

    @admin.display(description="What for", ordering="purpose")
    def purpose_shown(self, record: Disbursement) -> str:
        """The beginning of what it is for."""
        return Truncator(record.purpose).chars(70)

    @admin.display(description="Fund", ordering="fund")
    def fund_shown(self, record: Disbursement) -> str:
        """The team's short name, or the fund's own."""
        return record.fund.team.short_name if record.fund.team else record.fund.name

    @admin.display(description="Step")
    def step_shown(self, record: Disbursement) -> SafeString:
        """Where it stands."""
        return badge(*self.badge(record))

    @admin.display(description="Paid by")
    def check_shown(self, record: Disbursement) -> str:
        """The check that stands."""
        paid = standing_payment(record)
        return f"{paid.get_method_display()} {paid.check_number}" if paid else ""

    # The page of one

    @admin.display(description="Payee's account")
    def account_shown(self, record: Disbursement) -> str:
        """By name."""
        return name_of(record.payee_user)

    @admin.display(description="Refunds")
    def refunds_shown(self, record: Disbursement) -> str | SafeString:
        """The payment that is left over."""
        if record.refunds is None:
            return ""
        return format_html('<a href="{}">{}, {}</a>', address(record.refunds), record.refunds.reference, record.refunds)

    def badge(self, record: Disbursement) -> tuple[str, str]:
        """Where it stands."""
        step = step_of(record.course)
        return LOOKS[step], step.label

    def buttons(self, request: HttpRequest, record: Any) -> Iterator[Button]:
        """The next step for whoever may take it, and what else may be done."""
        if _board_met_since(record) and request.user.has_perm(ReportForm.permission):
            yield Button(ReportForm.label, reverse("admin:finance_disbursementreport_add"), primary=True)
        for act in self.acts:
            if request.user.has_perm(act.permission) and self._offered(request, act, record):
                yield Button(act.label, self.act_address(act, record), act in (ReviewForm, ApproveForm, PayForm))

    def _offered(self, request: HttpRequest, act: type[ActForm], record: Disbursement) -> bool:
        """Is the act this person's, as the disbursement stands?"""
        if not act.applies_to(record):
            return False
        course, user = record.course, cast(Any, request.user)
        if act is ReviewForm:
            return bool(services.capacity_of(user) and may_review(course, user.pk).value)
        if act is ApproveForm:
            return bool(services.is_treasurer(user) and may_approve(course, user.pk).value)
        if act in (PayForm, VoidForm):
            return services.is_treasurer(user)
        if act is CorrectForm:
            return services.may_correct(record, user)
        return services.may_decline(record, user) if act is DeclineForm else True

    def answers(self, request: HttpRequest, record: Any) -> Iterable[Answer]:
        """The next step and whose it is; why this person may not take it; what the bylaws say of the payee."""
        course, user = record.course, cast(Any, request.user)
        following = next_step(course)
        if following.value is not None:
            yield Answer("Next", following, NEXT[following.value])
        if following.value is Step.REVIEWED and services.capacity_of(user):
            found = may_review(course, user.pk)
            yield Answer("May you review it?", found, "Yes" if found.value else "No")
        if following.value is Step.APPROVED and services.is_treasurer(user):
            found = may_approve(course, user.pk)
            yield Answer("May you approve it?", found, "Yes" if found.value else "No")
        yield from _of_payee(record)
        if record.refunds is not None and following.value is not None and following.value is not Step.REPORTED:
            left = services.left_of(record.refunds)
            why = Fact(f"left of {record.refunds.reference} as things stand", citations=(DISBURSEMENTS,))
            yield Answer("Left of the credit", Finding(left, (why,)), money.shown(left))

    def related(self, request: HttpRequest, record: Any) -> Sequence[Related]:
        """The checks that were void."""
        approval = getattr(getattr(record, "review", None), "approval", None)
        void = [row for row in approval.payments.all() if row.voided_on is not None] if approval else []
        rows = [
            Row((f"{row.get_method_display()} {row.check_number}", in_words(row.paid_on), in_words(row.voided_on),
                 row.void_reason))
            for row in void
        ]  # fmt: skip
        columns = [Column("Check"), Column("Paid on"), Column("Void since"), Column("Because")]
        return [Related("Void checks", columns, rows, "")] if rows else []

    def page_of(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """With the line of steps."""
        return {**super().page_of(request, record), "stages": stages_of(record)}


def _of_payee(record: Disbursement) -> Iterator[Answer]:
    """What the bylaws say of paying this person; nothing where there is nothing to say."""
    if record.nature not in (Nature.COMPENSATION.value, Nature.PURCHASE.value):
        return
    day = record.course.approved_on or record.requested_on
    try:
        found = services.compensation_of(record, day)
    except ValidationError as open_:
        found = not_determined(*open_.messages)
    if record.nature == Nature.COMPENSATION.value or found.flags:
        yield Answer("May the payee be paid for this?", found)


@admin.register(DisbursementReport)
class DisbursementReportAdmin(BookedPage):
    """What was reported to which meeting of the Board."""

    adds = ReportForm
    list_display = ["meeting", "of_shown", "payee_shown", "amount_shown", "on"]
    list_filter = ["on"]
    list_select_related = ["meeting", "payment__approval__review__disbursement__fiscal_year"]
    search_fields = ["payment__approval__review__disbursement__payee", "payment__check_number"]
    search_help_text = "Payee or check number"
    readonly_fields = ["meeting", "of_shown", "payee_shown", "amount_shown", "on", "policy", "by"]
    fieldsets = [
        (None, {"fields": ["meeting", "on", "policy", "by"]}),
        ("The disbursement", {"fields": ["of_shown", "payee_shown", "amount_shown"]}),
    ]
    empty_list = "Nothing was reported yet. Report to each meeting of the Board what was paid before (Bylaws Art. X)."

    class Media:
        css = {"all": ["finance/spending.css"]}

    def badge(self, record: DisbursementReport) -> tuple[str, str]:
        """That it is done."""
        return "done", "Reported"

    def related(self, request: HttpRequest, record: Any) -> Sequence[Related]:
        """All that the same meeting heard of."""
        same = DisbursementReport.objects.filter(meeting=record.meeting_id).order_by("payment__paid_on", "pk")
        found = list(same.select_related("payment__approval__review__disbursement__fiscal_year"))
        rows = []
        for one in found:
            row = _disbursement(one)
            url = address(row) if may(request, "view", Disbursement) else ""
            cells = (row.reference, row.payee, row.purpose, one.payment.check_number, in_words(one.payment.paid_on))
            rows.append(Row((*cells, money.shown(one.payment.amount)), url))
        whole = money.shown(money.total(one.payment.amount for one in found))
        rows.append(Row((f"{len(found)} in all", "", "", "", "", whole)))
        columns = [
            Column("Number"), Column("Payee"), Column("What for"), Column("Check"), Column("Paid on"),
            Column("Amount", number=True),
        ]  # fmt: skip
        return [Related(f"Reported to the {record.meeting}", columns, rows, "")]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The report; where nothing waits for one, the list of those that were made."""
        if self.has_add_permission(request) and not services.to_report().exists():
            self.message_user(request, "Nothing waits: all that was paid is reported to the Board (Bylaws Art. X).")
            return HttpResponseRedirect(reverse("admin:finance_disbursementreport_changelist"))
        return super().add_view(request, form_url, extra_context)

    @admin.display(description="Disbursement", ordering="payment__approval__review__disbursement__number")
    def of_shown(self, report: DisbursementReport) -> str | SafeString:
        """Its number."""
        row = _disbursement(report)
        return row.reference

    @admin.display(description="Payee", ordering="payment__approval__review__disbursement__payee")
    def payee_shown(self, report: DisbursementReport) -> str:
        """Who was paid."""
        return _disbursement(report).payee

    @admin.display(description="Amount", ordering="payment__amount")
    def amount_shown(self, report: DisbursementReport) -> str:
        """How much."""
        return money.shown(report.payment.amount)

    amount_shown.number = True  # type: ignore[attr-defined]


def _disbursement(report: DisbursementReport) -> Disbursement:
    row: Disbursement = report.payment.approval.review.disbursement
    return row
