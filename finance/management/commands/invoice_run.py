"""``manage.py invoice_run --year 2026 --on DATE``: who is to be invoiced what and why; with ``--confirm``, done."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from finance.management.commands._meant import YEAR, person_meant, year_meant
from finance.models import FiscalYear, InvoiceRun
from finance.services import Plan, carry_out_run, confirm_run, plan, prepare_run
from membership.management.commands._day import add_on, day_asked_for
from membership.models import Agency, SpecializedTeam
from nipas_admin.shared import money
from nipas_admin.shared.dated import in_words


class Command(BaseCommand):
    """Say who is to be invoiced for a fiscal year and why, and who is not; confirmed, make the invoices.

    Given again it makes what is left: nothing is ever invoiced twice.
    """

    help = (
        "Says who is to be invoiced for a fiscal year what and why, and who is not. With --confirm the invoices are "
        "made; given again, it makes what is left of a run that was broken off, and nothing twice."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """``--year``, ``--on``, ``--confirm``, ``--by``, ``--only``, ``--json``."""
        parser.add_argument("--year", required=True, help=f"The fiscal year: {YEAR}.")
        add_on(parser)
        parser.add_argument("--only", choices=["dues", "teams"], help="Annual dues or team fees alone.")
        parser.add_argument("--confirm", action="store_true", help="Make the invoices. Without it nothing is written.")
        parser.add_argument("--by", metavar="NAME", help="Who confirms it, by the name the person signs in with.")
        parser.add_argument("--json", action="store_true", help="Every line with its why, as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the preview, and make the invoices where confirmed. Raises CommandError in words."""
        year, day = year_meant(options["year"]), day_asked_for(options["on"])
        if day not in year.year:
            raise CommandError(
                f"--on: {in_words(day)} does not lie in {year}: give a day from {in_words(year.starts_on)} through "
                f"{in_words(year.year.last_day)}, which the invoices bear."
            )
        annual, teams = options["only"] != "teams", options["only"] != "dues"
        by = person_meant(options["by"]) if options["confirm"] else None
        try:
            said = self._taken_up(year) if by else []
            plans = plan(year, day, annual=annual, teams=teams)
            report = as_dict(year, day, plans)
            if by and report["invoices"]:
                now = timezone.now()
                run = prepare_run(year=year, as_on=day, annual=annual, teams=teams, at=now, by=by)
                said.append(self._carried_out(confirm_run(run=run, at=now, by=by)))
        except ValidationError as refusal:
            raise CommandError("\n".join(refusal.messages)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps({**report, "made": said}, indent=2, ensure_ascii=False))
        else:
            self.stdout.write("\n".join([*lines(report), *_end(report, said, confirmed=by is not None)]))

    def _taken_up(self, year: FiscalYear) -> list[str]:
        """Make what is left of a run of the year that was confirmed and broken off."""
        left = InvoiceRun.objects.filter(fiscal_year=year, confirmed_at__isnull=False, finished_at__isnull=True)
        return [self._carried_out(run) for run in left.order_by("pk")]

    def _carried_out(self, run: InvoiceRun) -> str:
        """Make the invoices of a confirmed run, saying how far it is where an error would be said."""
        first = done = 0
        for step, (done, whole) in enumerate(carry_out_run(run, timezone.now())):
            first = first if step else done
            self.stderr.write(f"{run}: {done:,} of {whole:,} invoices")
        return f"{run}: {done - first:,} made."


def as_dict(year: FiscalYear, day: date, plans: Sequence[Plan]) -> dict[str, Any]:
    """The preview: each line with its amount or why there is none, and the totals. Amounts as ``1234.50``."""
    names = Agency.objects.in_bulk([one.agency for one in plans])
    teams = SpecializedTeam.objects.in_bulk([one.team for one in plans if one.team])
    made = [one for one in plans if one.decided.invoiced]
    return {
        "year": str(year),
        "on": day.isoformat(),
        "invoices": len(made),
        "amount": f"{money.total(one.amount or money.ZERO for one in made):f}",
        "not_determined": sum(bool(one.decided.missing) for one in plans),
        "lines": [
            {
                "agency": names[one.agency].name,
                "for": one.charge.label,
                "team": teams[one.team].short_name if one.team else None,
                "invoiced": one.decided.invoiced,
                "amount": f"{one.amount:f}" if one.amount is not None else None,
                "why": [str(fact) for fact in one.decided.because],
                "missing": list(one.decided.missing),
            }
            for one in plans
        ],
    }


def lines(report: dict[str, Any]) -> Iterator[str]:
    """The preview as text: who is invoiced, who is not and why not, what is missing."""
    yield (
        f"{report['year']}, invoices dated {in_words(date.fromisoformat(report['on']))}: "
        f"{_count(report['invoices'])}, {_shown(report['amount'])} in all."
    )
    for title, rows in (
        ("To be invoiced", [row for row in report["lines"] if row["invoiced"]]),
        ("Not determined", [row for row in report["lines"] if row["missing"]]),
        ("No invoice", [row for row in report["lines"] if not row["invoiced"] and not row["missing"]]),
    ):
        if rows:
            yield ""
            yield f"{title}:"
        for row in rows:
            what = f"{row['for']}, {row['team']}" if row["team"] else row["for"]
            amount = f" {_shown(row['amount'])}" if row["invoiced"] else ""
            missing = [f"missing: {'; '.join(row['missing'])}"] if row["missing"] else []
            yield f"  - {row['agency']}, {what}{amount}: {'; '.join([*missing, *row['why']])}"


def _end(report: dict[str, Any], said: Sequence[str], *, confirmed: bool) -> Iterator[str]:
    yield ""
    if not confirmed:
        again = "Give --confirm --by NAME to make them." if report["invoices"] else "There is nothing to confirm."
        yield f"Nothing was written. {again}"
        return
    yield from said or ["Nobody is left to be invoiced: nothing was written."]


def _shown(amount: str) -> str:
    return money.shown(Decimal(amount))


def _count(invoices: int) -> str:
    return "1 invoice" if invoices == 1 else f"{invoices:,} invoices"
