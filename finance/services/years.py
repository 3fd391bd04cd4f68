"""Fiscal years: opened by the bylaws of the day, posted to while open, closed when the figures agree."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from board.models import BylawsVersion
from finance.models import DisbursementPolicy, DuesPolicy, FiscalYear, Fund
from finance.rules.dues import Terms
from finance.rules.receivables import Letters
from finance.rules.years import Year, fiscal_year
from membership.models import SpecializedTeam
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.records import saved


def year_of(day: date) -> Year:
    """The fiscal year of a day by the bylaws that govern on it; no record of it need exist.

    Raises ValidationError, saying what to do, where the figures of those bylaws are not known.
    """
    bylaws = BylawsVersion.objects.governing_on(day)
    if bylaws.terms is None:
        raise ValidationError(
            f"The fiscal year of {in_words(day)} is not determined: the figures of {bylaws.title} are not known "
            "(Bylaws Art. XIV). Open the year by hand and say what shows its first day."
        )
    return fiscal_year(day, bylaws.terms.fiscal_month, bylaws.terms.fiscal_day)


@transaction.atomic
def open_year(
    *, day: date, by_hand: Year | None = None, source: str = "", reason: str = "", by: Any = None
) -> FiscalYear:
    """The record of the fiscal year in which the day lies, opened now if it was not.

    ``by_hand`` gives its days where the bylaws of the time are not on file; ``source`` then says what shows them.
    ``reason`` and ``by`` go into its history. Raises ValidationError, saying what is missing.
    """
    known = FiscalYear.objects.filter(starts_on__lte=day, ends_on__gt=day).first()
    if known is not None:
        return known  # type: ignore[no-any-return]
    if by_hand is not None and not source.strip():
        raise ValidationError({"source": "Say what shows the first day of this fiscal year (Bylaws Art. XIV)."})
    year = by_hand or year_of(day)
    if day not in year:
        raise ValidationError(f"{year} does not hold {in_words(day)} (Bylaws Art. XIV).")
    return saved(FiscalYear(starts_on=year.starts_on, ends_on=year.ends_on, source=source), reason=reason, by=by)


def posting_year(day: date, what: str) -> FiscalYear:
    """The open fiscal year of the day, locked until the transaction ends: postings and closing never cross.

    Raises ValidationError where the year is closed, or has no record.
    """
    year: FiscalYear = FiscalYear.objects.select_for_update().of_day(day)
    if year.is_closed:
        raise ValidationError(
            f"{year} is closed and takes no postings: {what} on {in_words(day)} would change what was reported "
            "(Bylaws Art. VI §4). Date it in an open year, or correct it there by reversing."
        )
    return year


@transaction.atomic
def close_year(*, year: FiscalYear, at: datetime, by: Any) -> FiscalYear:
    """Close the year for good. Raises ValidationError while an earlier one is open, a run is under way,
    or the figures of the year do not agree.
    """
    from finance.services.books import checks_of

    year = FiscalYear.objects.select_for_update().get(pk=year.pk)
    if year.is_closed:
        raise ValidationError(f"{year} is closed already.")
    earlier = FiscalYear.objects.filter(starts_on__lt=year.starts_on, closed_at__isnull=True).order_by("starts_on")
    if first := earlier.first():
        raise ValidationError(f"Close {first} first: years are closed in their order.")
    if year.runs.filter(confirmed_at__isnull=False, finished_at__isnull=True).exists():
        raise ValidationError("An invoice run of this year is under way: let it finish first.")
    wrong = [
        fact.text for check in checks_of(year.starts_on, year.ends_on) if not check.value for fact in check.because
    ]
    if wrong:
        raise ValidationError(["The figures do not agree; mend this first:", *wrong])
    year.closed_at, year.closed_by = at, by
    return saved(year)


def dues_policy_on(day: date) -> tuple[Terms, Letters]:
    """The Board's settings on the day; where it set none, the defaults: full first year, 30 days, three reminders."""
    policy = DuesPolicy.objects.governing_on(day)
    return (policy.terms, policy.letters) if policy else (Terms(), Letters())


def disbursement_policy_on(day: date) -> DisbursementPolicy:
    """The policy in force. Raises ValidationError where there is none: without one nothing is approved."""
    policy = DisbursementPolicy.objects.governing_on(day)
    if policy is None:
        raise ValidationError(
            f"No disbursement policy of the Board is in force on {in_words(day)}, and disbursements are approved under "
            "one (Bylaws Art. X). Record the policy first."
        )
    return policy  # type: ignore[no-any-return]


def general_fund() -> Fund:
    """The fund that belongs to no team: the first one."""
    return Fund.objects.filter(team__isnull=True).order_by("pk")[0]


def fund_of(team: SpecializedTeam | None) -> Fund:
    """The team's own fund, made when it is first needed; the general fund for no team."""
    if team is None:
        return general_fund()
    known = Fund.objects.filter(team=team).first()
    return known or saved(Fund(name=team.name, team=team))
