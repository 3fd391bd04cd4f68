"""The fiscal year that a command speaks of, and who gives it: what a person would type."""

from __future__ import annotations

from django.core.management.base import CommandError

from finance.models import FiscalYear
from finance.resources.parts import YearWidget
from nipas_admin.accounts.models import User

YEAR = "2026, 2026-27 or “FY 2026-27”, the year that begins in 2026"


def year_meant(text: str) -> FiscalYear:
    """The fiscal year of the books. Raises CommandError, naming those there are, for none."""
    try:
        year = YearWidget().clean(text)
    except ValueError as refusal:
        raise CommandError(f"--year: {refusal}") from None
    if year is None:
        raise CommandError(f"--year: type {YEAR}.")
    return year


def person_meant(name: str | None) -> User:
    """Who gives the command. Raises CommandError for nobody, for one who may not sign in, and for who may not do it."""
    if not name:
        raise CommandError("--by: say who confirms it, by the name the person signs in with. It is kept with the run.")
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise CommandError(f"--by: nobody signs in as “{name}”.")
    if not user.has_perm("finance.add_invoicerun"):
        raise CommandError(f"--by: {name} may not invoice agencies. The Treasurer may (Bylaws Art. VI §4).")
    return user
