"""The general journal as a page and as a file: each entry with its document, on one account or on all."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import Model, Q
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from finance.models import Disbursement, OpeningBalance, Payment
from finance.rules.books import Account, Entry, Side
from finance.services.journal import HEADINGS, rows_of
from nipas_admin.shared import money, tables
from nipas_admin.shared.pages import may

ENTRIES_SHOWN = 500
MODELS: dict[str, type[Model]] = {"R": Payment, "O": OpeningBalance}
_BY_KEY = re.compile(r"(?P<kind>[RO])-(?P<key>\d+)")
_VOUCHER = re.compile(r"V(?P<year>\d{4})-(?P<number>\d+)")


@dataclass(frozen=True)
class Asked:
    """The account of which the entries are asked; blank parts fit every account."""

    side: str = ""
    name: str = ""
    fund: str = ""

    @classmethod
    def of(cls, params: QueryDict) -> Asked:
        """As the address names it; a side that is none is left out."""
        side = params.get("side", "")
        known = side if side in {one.value for one in Side} else ""
        return cls(known, params.get("name", "")[:200], params.get("fund", "")[:200])

    def fits(self, account: Account) -> bool:
        """Is it one of those asked for?"""
        fits_side = not self.side or account.side.value == self.side
        return (
            fits_side and (not self.name or account.name == self.name) and (not self.fund or account.fund == self.fund)
        )

    @property
    def anything(self) -> bool:
        """Is an account named at all?"""
        return bool(self.side or self.name or self.fund)

    def __str__(self) -> str:
        if self.side in (Side.UNDEPOSITED.value, Side.CREDITS.value):
            return str(Account(Side(self.side)))
        sides = {Side.BANK.value: "" if self.name else "Every bank", Side.OPENING.value: "Opening balance"}
        side = sides.get(self.side, self.side.capitalize())
        return ", ".join(part for part in (side, self.fund, self.name) if part) or "Every account"


@dataclass
class Listed:
    """The entries that are shown, and what all of them move on the account: debits and credits, US dollars."""

    asked: Asked
    shown: list[Entry]
    number: int = 0
    debits: Decimal = money.ZERO
    credits: Decimal = money.ZERO

    @property
    def left_out(self) -> int:
        """How many more there are than are shown."""
        return self.number - len(self.shown)

    @property
    def moved(self) -> Decimal:
        """How far the account moved, above zero on the side on which it grows."""
        grows_by_credit = self.asked.side not in (Side.BANK.value, Side.UNDEPOSITED.value, Side.DISBURSEMENTS.value)
        return self.credits - self.debits if grows_by_credit else self.debits - self.credits


def listed(journal: Iterable[Entry], asked: Asked) -> Listed:
    """The entries on the account asked for; the first of them to show, all of them summed."""
    found = Listed(asked, [])
    for entry in journal:
        debit, credit = asked.fits(entry.debit), asked.fits(entry.credit)
        if not debit and not credit:
            continue
        found.number += 1
        found.debits += entry.amount if debit else money.ZERO
        found.credits += entry.amount if credit else money.ZERO
        if found.number <= ENTRIES_SHOWN:
            found.shown.append(entry)
    return found


def with_addresses(request: HttpRequest, entries: Iterable[Entry]) -> list[tuple[Entry, str]]:
    """Each entry with the page of its document; empty where this person may not see it. One query."""
    rows = list(entries)
    vouchers = _vouchers(request, rows)
    return [(row, vouchers.get(row.document) or _address(request, row.document)) for row in rows]


def _address(request: HttpRequest, document: str) -> str:
    match = _BY_KEY.fullmatch(document)
    if match is None:
        return ""
    model = MODELS[match["kind"]]
    return _page(model, int(match["key"])) if _shows(request, model) else ""


def _vouchers(request: HttpRequest, rows: Iterable[Entry]) -> dict[str, str]:
    matches = {row.document: match for row in rows if (match := _VOUCHER.fullmatch(row.document))}
    if not matches or not _shows(request, Disbursement):
        return {}
    asked = Q(pk__in=[])
    for year in {match["year"] for match in matches.values()}:
        numbers = [int(match["number"]) for match in matches.values() if match["year"] == year]
        asked |= Q(fiscal_year__starts_on__year=year, number__in=numbers)
    found = Disbursement.objects.filter(asked).select_related("fiscal_year")
    return {row.reference: _page(Disbursement, row.pk) for row in found}


def _shows(request: HttpRequest, model: type[Model]) -> bool:
    return admin.site.is_registered(model) and may(request, "view", model)


def _page(model: type[Model], key: int) -> str:
    return reverse(f"admin:finance_{model._meta.model_name}_change", args=[key])


class _Line:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        """The text itself."""
        return text


def csv_lines(journal: Iterator[Entry]) -> Iterator[bytes]:
    """The journal as CSV, line by line: it is never in memory as a whole, and a spreadsheet runs nothing in it."""
    writer: Any = csv.writer(_Line())
    yield ("\ufeff" + writer.writerow(HEADINGS)).encode()
    for row in rows_of(journal):
        yield writer.writerow([tables.escape(cell) for cell in row]).encode()


def xlsx(journal: Iterator[Entry]) -> bytes:
    """The journal as a workbook."""
    return tables.write(tables.XLSX, HEADINGS, rows_of(journal), "General journal")
