"""The bank's file of a statement: its columns found by their names, its figures read exactly.

Banks name their columns as they please, and write what leaves an account with a minus, in brackets, or in a column of
its own. Every refusal is an Unreadable that names the cell, as a spreadsheet does: C7.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO, TypeVar

from django.core.exceptions import ValidationError
from openpyxl.utils import get_column_letter

from nipas_admin.shared import money, tables
from nipas_admin.shared.dates import read_day
from nipas_admin.shared.tables import Line, Table, Unreadable

Value = TypeVar("Value")
LONGEST_TEXT, LONGEST_NUMBER = 200, 30

# What each column is called, the likelier name first.
NAMES: Mapping[str, Sequence[str]] = {
    "date": (
        "date", "posted", "posting date", "post date", "posted date", "date posted", "transaction date", "process date",
        "effective date",
    ),
    "text": ("description", "transaction description", "details", "memo", "text", "narrative", "payee", "name"),
    "amount": ("amount", "transaction amount", "amount (usd)", "net amount"),
    "debit": ("debit", "debits", "debit amount", "amount debit", "withdrawal", "withdrawals", "withdrawal amount"),
    "credit": ("credit", "credits", "credit amount", "amount credit", "deposit", "deposits", "deposit amount"),
    "number": (
        "check number", "check #", "check no", "check no.", "check or slip #", "check", "serial number", "number",
        "reference number", "reference",
    ),
}  # fmt: skip
HOW = "Name the columns in row 1: date, description, amount (or debit and credit), and check number."


@dataclass(frozen=True)
class StatementLine:
    """One line of a statement as the bank wrote it: ``amount`` in US dollars, below zero for what left the account."""

    row: int
    on: date
    amount: Decimal
    text: str = ""
    number: str = ""


def read_file(file: BinaryIO, size: int) -> list[StatementLine]:
    """The lines of a statement in a CSV or XLSX file, in its order; those of $0.00 move nothing and are left out.

    Raises Unreadable, naming the cell and what to write in it.
    """
    table = tables.read(file, size)
    place = _columns(table)
    lines = [_line(table, line, place) for line in table.lines]
    found = [line for line in lines if line.amount]
    if not found:
        raise Unreadable("Every amount in the file is $0.00. Is this the right file?")
    return found


def _columns(table: Table) -> dict[str, int]:
    """Where each column stands. Raises Unreadable where one is missing that every statement has."""
    known = {" ".join(name.casefold().split()): place for place, name in enumerate(table.headings)}
    found = {
        what: next(known[name] for name in names if name in known)
        for what, names in NAMES.items()
        if any(name in known for name in names)
    }
    if "amount" in found:
        found.pop("debit", None), found.pop("credit", None)
    there = ", ".join(table.headings[:12])
    if "date" not in found:
        raise Unreadable(f"No column of the file is called Date. {HOW} The file has: {there}.")
    if not found.keys() & {"amount", "debit", "credit"}:
        raise Unreadable(f"No column of the file is called Amount, nor Debit and Credit. {HOW} The file has: {there}.")
    return found


def _line(table: Table, line: Line, place: Mapping[str, int]) -> StatementLine:
    def cell(what: str, read: Callable[[Any], Value], blank: Value) -> Value:
        """The value in this column; ``blank`` where there is no such column. Raises Unreadable, naming the cell."""
        if what not in place:
            return blank
        try:
            return read(line.cells[place[what]])
        except (ValueError, ValidationError) as refusal:
            said = " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
            at = f"{get_column_letter(place[what] + 1)}{line.number}"
            raise Unreadable(f"{at} ({table.headings[place[what]]}): {said}") from None

    amount = cell("amount", _amount, money.ZERO)
    debit, credit = cell("debit", _amount_or_blank, None), cell("credit", _credit, None)
    if "amount" not in place:
        if debit is None and credit is None:
            raise Unreadable(f"Row {line.number} has neither a debit nor a credit. Give one of them.")
        if debit and credit:
            raise Unreadable(f"Row {line.number} has both a debit and a credit. A line moves money one way.")
        amount = (credit or money.ZERO) - abs(debit or money.ZERO)
    text = cell("text", _text, "")
    return StatementLine(
        line.number, cell("date", _day, date.min), amount, text[:LONGEST_TEXT], cell("number", _number, "")
    )


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else read_day(_text(value))


def _amount(value: Any) -> Decimal:
    """The amount in a cell: ``$1,234.50``, ``-420.00``, ``(420.00)``, ``420.00-``, ``+15.00``. Raises ValueError."""
    text = _text(value).removeprefix("+").replace("$-", "-$").replace("$(", "($")
    if text.endswith("-"):
        text = f"-{text[:-1]}"
    return money.read(text, below_zero=True)


def _amount_or_blank(value: Any) -> Decimal | None:
    return _amount(value) if _text(value) else None


def _credit(value: Any) -> Decimal | None:
    amount = _amount_or_blank(value)
    if amount is not None and amount < 0:
        raise ValueError(f"“{_text(value)}” is below zero. What left the account belongs in the column of debits.")
    return amount


def _text(value: Any) -> str:
    return " ".join(str("" if value is None else value).split())


def _number(value: Any) -> str:
    """The number of a check; a blank or zero, which banks write for none, is none. Raises ValueError."""
    text = _text(value).removeprefix("#").strip()
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"“{text[:LONGEST_NUMBER]}…” is too long for the number of a check.")
    return text if text.strip("0") else ""
