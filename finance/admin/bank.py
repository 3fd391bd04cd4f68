"""The screens of the bank's statements: what matches, what does not, and whether the balance agrees."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from finance import resources
from finance.admin.pages import BookedPage
from finance.admin.payments import link
from finance.admin.shown import dollars
from finance.forms.bank import ExplainLineForm, MatchAgainForm, MatchLineForm, StatementForm, UnmatchLineForm
from finance.models import BankLine, BankStatement, DisbursementPayment
from finance.rules.books import REPORT
from finance.services import bank
from nipas_admin.shared import money
from nipas_admin.shared.badges import badge
from nipas_admin.shared.dated import day_before, in_words
from nipas_admin.shared.findings import Fact, Finding, not_determined
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import Answer, address

OPEN = Q(
    lines__deposit__isnull=True, lines__returned__isnull=True, lines__disbursement__isnull=True, lines__explained=""
)
WAYS = (("match", "Match"), ("explain", "Explain"))
LINE = ("deposit", "returned", "disbursement__approval__review__disbursement__fiscal_year")


@admin.register(BankStatement)
class BankStatementAdmin(BookedPage):
    """Statements of the bank, line by line beside the documents."""

    resource_classes = [resources.BankStatementResource]
    adds = StatementForm
    acts = (MatchAgainForm,)
    change_form_template = "finance/tables_below.html"
    list_display = ["through_shown", "institution", "from_on", "lines_shown", "open_shown", "closing_shown"]
    list_filter = ["institution", "from_on"]
    list_select_related = ["institution"]
    search_fields = ["institution__name", "file_name"]
    search_help_text = "Institution or file name"
    closing_shown = dollars("closing", "Closing balance")
    readonly_fields = ["institution", "from_on", "through_shown", "closing_shown", "file_name", "sha256_shown"]
    fieldsets = [
        (None, {"fields": ["institution", "from_on", "through_shown", "closing_shown"]}),
        ("The file", {"fields": ["file_name", "sha256_shown"]}),
    ]
    empty_list = (
        "No bank statement is read yet. Take the bank's file of a month: its lines are matched with deposits and "
        "checks, and what does not match is shown."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With how many lines, and how many are open."""
        rows: Any = super().get_queryset(request)
        return cast("QuerySet[Any]", rows.annotate(many=Count("lines"), waiting=Count("lines", filter=OPEN)))

    def badge(self, record: Any) -> tuple[str, str]:
        """Whether a line is open."""
        return _state(record)

    def answers(self, request: HttpRequest, record: Any) -> Iterable[Answer]:
        """Whether the closing balance agrees with the books, with the arithmetic."""
        found = bank.compare(record)
        waiting = found.waiting
        checks = money.total(-one.moved.amount for one in waiting if one.moved.amount < 0)
        deposits = money.total(one.moved.amount for one in waiting if one.moved.amount > 0)
        only_bank = money.total(line.amount for line in found.open_lines)
        facts = (
            Fact(
                f"the books say {money.shown(found.in_books)} on {in_words(found.day)}", found.day, citations=(REPORT,)
            ),
            Fact(f"outstanding checks and returns: {money.shown(checks)} more at the bank"),
            Fact(f"deposits in transit: {money.shown(deposits)} less at the bank"),
            Fact(f"only the bank shows: {money.shown(only_bank)}"),
            Fact(f"so the bank should say {money.shown(found.expected)}"),
        )
        if found.agrees is None:
            yield Answer(
                "Does the balance agree?", not_determined("the closing balance of the statement", because=facts)
            )
            return
        said = "It agrees" if found.agrees.value else "It does not agree"
        yield Answer("Does the balance agree?", Finding(found.agrees.value, (*found.agrees.because, *facts)), said)

    def related(self, request: HttpRequest, record: Any) -> Sequence[Related]:
        """Lines without a document, documents without a line, and what matches."""
        lines = list(record.lines.select_related("statement", *LINE))
        open_ones = [line for line in lines if not line.is_matched]
        settled = [line for line in lines if line.is_matched]
        may = request.user.has_perm(MatchLineForm.permission)
        columns = [Column("Date"), Column("Bank's text"), Column("Number"), Column("Amount", number=True)]
        waiting = bank.without_line(record)
        amounts = {one.moved.amount for one in bank.open_documents(record.institution)}
        return [
            Related(
                "Lines without a document",
                [*columns, *([Column("Settle it")] if may else [])],
                [Row((*_cells(line), *([_ways(line, amounts)] if may else [])), address(line)) for line in open_ones],
                "Every line has its document or is explained.",
            ),
            Related(
                "Documents without a line: outstanding checks, deposits in transit",
                [Column("Document"), Column("Date"), Column("Amount", number=True)],
                [_row(request, one) for one in waiting],
                "The bank shows every document up to the last day.",
            ),
            Related(
                "Matched",
                [*columns, Column("Document"), Column("How")],
                [Row((*_cells(line), said_of(line), _how(line)), address(line)) for line in settled],
                "No line is matched yet.",
            ),
        ]  # fmt: skip

    @admin.display(description="SHA-256")
    def sha256_shown(self, statement: BankStatement) -> str:
        """By which the same file is known again."""
        return statement.sha256

    @admin.display(description="Through", ordering="until_on")
    def through_shown(self, statement: BankStatement) -> str:
        """Its last day."""
        return in_words(day_before(statement.until_on))

    @admin.display(description="Lines", ordering="many")
    def lines_shown(self, statement: Any) -> str:
        """How many."""
        return str(statement.many)

    lines_shown.number = True  # type: ignore[attr-defined]

    @admin.display(description="State", ordering="waiting")
    def open_shown(self, statement: Any) -> SafeString:
        """How many lines are open."""
        return badge(*_state(statement))


def _state(statement: Any) -> tuple[str, str]:
    many = statement.waiting
    return ("missing", f"{many} line{'' if many == 1 else 's'} open") if many else ("done", "Every line settled")


def _cells(line: BankLine) -> tuple[str, ...]:
    return in_words(line.on), line.text, line.number, money.shown(line.amount)


def _row(request: HttpRequest, one: bank.Document) -> Row:
    cells = (one.what, in_words(one.moved.on), money.shown(one.moved.amount))
    return Row(cells, _page_of(request, one.record))


def _ways(line: BankLine, amounts: Collection[Decimal]) -> SafeString:
    """The ways to settle an open line: a match only where some document comes to its amount."""
    offered = [(slug, word) for slug, word in WAYS if slug != "match" or line.amount in amounts]
    ways = [(reverse(f"admin:finance_bankline_{slug}", args=[line.pk]), word) for slug, word in offered]
    said = f" the line of {in_words(line.on)}, {money.shown(line.amount)}"
    return format_html_join(
        " · ", '<a href="{}">{}<span class="visually-hidden">{}</span></a>', ((url, word, said) for url, word in ways)
    )


def _how(line: BankLine) -> str:
    if line.explained:
        return "Explained"
    return "By hand" if line.by_hand else "By itself"


def said_of(line: BankLine) -> str:
    """The document a line is, or how it was explained; empty while it is open."""
    if line.deposit:
        return f"Deposit {line.deposit.reference}"
    if line.returned:
        return f"Returned: {line.returned}"
    if line.disbursement:
        return f"{line.disbursement}, {line.disbursement.approval.review.disbursement.payee}"
    return line.explained


def _page_of(request: HttpRequest, record: Any) -> str:
    """The page on which a document is looked at."""
    if isinstance(record, DisbursementPayment):
        record = record.approval.review.disbursement
    shown = record._meta.model in admin.site._registry
    return link(request, record) if shown else ""


@admin.register(BankLine)
class BankLineAdmin(BookedPage):
    """One line of a statement: matched, explained, or open."""

    resource_classes = [resources.BankLineResource]
    acts = (MatchLineForm, ExplainLineForm, UnmatchLineForm)
    list_display = ["on", "text", "number", "amount_shown", "document_shown", "statement"]
    list_filter = ["statement__institution", "by_hand", "on"]
    list_select_related = ["statement__institution", *LINE]
    search_fields = ["text", "number", "explained"]
    search_help_text = "The bank's text, check number, or explanation"
    amount_shown = dollars("amount", "Amount")
    readonly_fields = ["statement_link", "on", "amount_shown", "text", "number", "document_shown", "how_shown"]
    fieldsets = [(None, {"fields": [*readonly_fields]})]
    empty_list = "No line is on record: they come with the bank's statements."

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Not in any menu: a line is reached from its statement."""
        return False

    def badge(self, record: BankLine) -> tuple[str, str]:
        """Settled or open."""
        return ("done", _how(record)) if record.is_matched else ("missing", "Open")

    @admin.display(description="Document")
    def document_shown(self, line: BankLine) -> str:
        """What it is."""
        return said_of(line)

    @admin.display(description="Matched")
    def how_shown(self, line: BankLine) -> str:
        """By whom."""
        return _how(line) if line.is_matched else "Not yet"

    @admin.display(description="Statement")
    def statement_link(self, line: BankLine) -> SafeString:
        """The way back."""

        return format_html('<a href="{}">{}</a>', address(line.statement), line.statement)
