"""How amounts, states and reasons of the Treasurer's records are shown, alike in lists and on pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from finance.forms.acts import as_facts
from finance.models import FiscalYear, InvoiceRun
from nipas_admin.shared import money
from nipas_admin.shared.acts import with_clauses


def dollars(name: str, label: str, ordering: Any = "") -> Callable[[Any, Any], str]:
    """A column that shows an amount of the record, to the right, and sorts by it."""

    @admin.display(description=label, ordering=ordering or name)
    def shown(self: Any, record: Any) -> str:
        return money.shown(getattr(record, name))

    shown.number = True  # type: ignore[attr-defined]
    return shown


def state_of_year(year: FiscalYear) -> tuple[str, str]:
    """The look and the word of a fiscal year."""
    return ("closed", "Closed") if year.is_closed else ("active", "Open")


def state_of_run(run: InvoiceRun) -> tuple[str, str]:
    """The look and the words of how far a run is."""
    if run.finished_at is not None:
        return "done", "Issued"
    return ("applicant", "Previewed") if run.confirmed_at is None else ("notice_pending", "Under way")


def why_shown(reasons: Iterable[str]) -> SafeString:
    """Stored reasons one below the other, each with its clauses as chips."""
    facts = as_facts(list(reasons))
    return format_html_join("", "<li>{}</li>", ((with_clauses(fact.text, fact.citations),) for fact in facts))
