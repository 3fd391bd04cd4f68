"""The Treasurer's report as a paper, for the Board and the annual meeting (Bylaws Art. VI §4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString

from documents.body import body
from documents.letters import Letter
from finance.letters.parts import treasurer_on
from finance.models import FiscalYear
from finance.report_chart import named, years_chart
from finance.rules.receivables import Bucket
from finance.services.report import TreasurersReport, treasurers_report
from finance.services.report_lines import DebtorLine, YearLine
from membership.letters.parts import Signer
from nipas_admin.shared import money
from nipas_admin.shared.dated import day_after, in_words

MOST_COLUMNS = 4


@dataclass(frozen=True)
class Summary:
    """The few figures of the first lines; what is taken off stands below zero. US dollars."""

    opening: Decimal
    spent: Decimal
    voided: Decimal
    applied: Decimal


@dataclass(frozen=True, kw_only=True)
class ReportPaper(Letter):
    """The report on paper. ``wide``: the funds need the length of the sheet. ``regions``: who owes, by county."""

    report: TreasurersReport
    summary: Summary
    wide: bool
    chart: SafeString
    years: tuple[tuple[str, YearLine], ...]
    ages: tuple[Bucket, ...]
    regions: tuple[tuple[str, tuple[DebtorLine, ...]], ...]
    treasurer: Signer


def report(
    record: FiscalYear | None, day: date, *, first: date | None = None, until: date | None = None
) -> ReportPaper:
    """The report of a fiscal year up to the day, or of the time given; signed by the Treasurer of the day.

    Raises ValidationError, in words, for a year that has not begun.
    """
    if record is not None and (first is None or until is None):
        if day < record.starts_on:
            raise ValidationError(f"{record} begins on {in_words(record.starts_on)}: there is nothing to report yet.")
        first, until = record.starts_on, min(day_after(day), record.ends_on)
    if first is None or until is None:
        raise ValidationError("Say which time the report is of: its first day and its last.")
    found = treasurers_report(first, until)
    return ReportPaper(
        title="Treasurer's report",
        as_on=found.last,
        about=body().short_name,
        report=found,
        summary=Summary(
            money.total(line.opening for line in found.funds),
            -found.disbursements.total,
            -found.books.receivable.voided,
            -found.books.receivable.applied,
        ),
        wide=max(len(found.receipts.funds), len(found.disbursements.funds)) > MOST_COLUMNS,
        chart=years_chart(found),
        years=tuple((named(line), line) for line in found.years),
        ages=tuple(Bucket),
        regions=tuple(_by_region(found)),
        treasurer=treasurer_on(day),
    )


def _by_region(found: TreasurersReport) -> Iterator[tuple[str, tuple[DebtorLine, ...]]]:
    for region, lines in groupby(found.debtors, key=lambda line: line.region):
        yield region, tuple(lines)
