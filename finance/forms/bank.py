"""The bank's statements: read from a file, each line matched or explained."""

from __future__ import annotations

from typing import Any

from django import forms

from finance.forms.acts import TreasurersAct, words
from finance.models import BankLine, BankStatement, Institution
from finance.services import bank
from nipas_admin.shared import money
from nipas_admin.shared.acts import day
from nipas_admin.shared.choosing import OneRecord
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.fields import DollarsFormField

AWAY = "finance.add_bankline"


class StatementForm(TreasurersAct):
    """A statement as the bank's own file."""

    slug = "read"
    label = "Read a bank statement"
    permission = "finance.add_bankstatement"
    intro = (
        "The bank's file as CSV or Excel workbook, row 1 with the names of its columns: date, description, amount (or "
        "debit and credit), check number. Each line is matched with the deposit, the check or the returned check that "
        "it can only be; what is left is for you to match or to explain."
    )

    institution = OneRecord(queryset=Institution.objects.all(), label="Financial institution", empty_label=None)
    file = forms.FileField(
        label="The bank's file", help_text="CSV (UTF-8) or Excel workbook (.xlsx).", allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )  # fmt: skip
    closing = DollarsFormField(
        label="Closing balance", required=False, least=money.ZERO,
        help_text="As the statement prints it at its end. It is compared with the books.",
    )  # fmt: skip
    from_on = day("First day", "Blank: the day of its first line.", required=False)
    through_on = day("Last day", "Blank: the day of its last line.", required=False)

    @property
    def fieldsets(self) -> list[tuple[str | None, dict[str, Any]]]:
        """The file, and what it does not say itself."""
        return [(None, {"fields": ["institution", "file", "closing", ("from_on", "through_on")]})]

    def act(self) -> BankStatement:
        """Read it and match it."""
        data = self.cleaned_data
        return bank.read_statement(
            institution=data["institution"], data=data["file"].read(), file_name=data["file"].name,
            from_on=data["from_on"], through_on=data["through_on"], closing=data["closing"],
        )  # fmt: skip

    def said(self, record: BankStatement) -> str:
        """How many lines, and how many of them found their document."""
        rows = list(record.lines.all())
        matched = sum(row.is_matched for row in rows)
        return f"{len(rows)} lines are read; {matched} found their document, {len(rows) - matched} are open."


class MatchAgainForm(TreasurersAct):
    """What was recorded since may explain a line that was open."""

    slug = "match"
    label = "Match again"
    permission = AWAY
    intro = "Deposits, checks and returned checks recorded since are looked at again. What is matched already stays."

    @classmethod
    def applies_to(cls, subject: BankStatement) -> bool:
        """While a line is open."""
        return any(not line.is_matched for line in subject.lines.all())

    def act(self) -> BankStatement:
        """Match."""
        self.found = bank.match_statement(statement=self.subject)
        statement: BankStatement = self.subject
        return statement

    def said(self, record: BankStatement) -> str:
        """How many lines found their document."""
        return f"{self.found} more lines found their document." if self.found else "No line found its document."


class LineAct(TreasurersAct):
    """An act on one line; it leads back to the statement."""

    permission = AWAY

    @classmethod
    def applies_to(cls, subject: BankLine) -> bool:
        """While it is open."""
        return not subject.is_matched

    @property
    def line(self) -> str:
        """The line in words: ``The line of 4 May 2026, $500.00``."""
        return f"The line of {in_words(self.subject.on)}, {money.shown(self.subject.amount)},"


class MatchLineForm(LineAct):
    """A person says which document a line is."""

    slug = "match"
    label = "Match with a document"
    intro = "The documents of exactly this amount that no other line stands for, the nearest in time first."

    document = forms.ChoiceField(
        label="It is", choices=(), widget=forms.RadioSelect(),
        error_messages={
            "required": "Choose the document.", "invalid_choice": "Another line stands for this document meanwhile.",
        },
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        found = bank.candidates_for(self.subject)
        field: Any = self.fields["document"]
        field.choices = [(one.key, f"{one.what}, {in_words(one.moved.on)}") for one in found]
        if len(found) == 1:
            self.initial.setdefault("document", found[0].key)

    @classmethod
    def applies_to(cls, subject: BankLine) -> bool:
        """While it is open, and some document comes to its amount."""
        return super().applies_to(subject) and bool(bank.candidates_for(subject))

    def act(self) -> BankStatement:
        """Match it."""
        return bank.match_line(line=self.subject, key=self.cleaned_data["document"]).statement

    def said(self, record: BankStatement) -> str:
        """That it is matched."""
        return f"{self.line} is matched."


class ExplainLineForm(LineAct):
    """A person says what a line is that no document stands for."""

    slug = "explain"
    label = "Explain the line"
    intro = (
        "For what no document here stands for, such as a fee of the bank. Record the disbursement too, if it is one."
    )

    explained = words("What it is")

    def act(self) -> BankStatement:
        """Explain it."""
        return bank.explain_line(line=self.subject, explained=self.cleaned_data["explained"]).statement

    def said(self, record: BankStatement) -> str:
        """That it is explained."""
        return f"{self.line} is explained."


class UnmatchLineForm(LineAct):
    """What was matched wrongly is open again."""

    slug = "unmatch"
    label = "Take the match back"
    intro = "The line is open again, and so is the document; nothing else changes."

    @classmethod
    def applies_to(cls, subject: BankLine) -> bool:
        """Once it is matched or explained."""
        return subject.is_matched

    def act(self) -> BankStatement:
        """Take it back."""
        return bank.unmatch_line(line=self.subject).statement

    def said(self, record: BankStatement) -> str:
        """That it is open."""
        return f"{self.line} is open again."
