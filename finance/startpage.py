"""What the start page says of the money: what is open, what waits for the Treasurer, what is coming up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.urls import reverse

from finance.models import FiscalYear, Invoice, InvoiceRun
from finance.rules.dues import Charge
from finance.services import year_of
from membership.models import Agency, Participation
from membership.rules.facts import Path, Status
from nipas_admin.shared import money, scope
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.startpage import Figure, Marker, Need, Provider, QuickLink

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

    from finance.rules.years import Year

MOST = 5
BEFORE_THE_YEAR = timedelta(days=30)
TAKE_PART = (Status.ACTIVE.value, Status.SUSPENDED.value)
OF_THE_YEAR = (Charge.ANNUAL.value, Charge.JOINING.value)


def _list(model: str, query: str = "") -> str:
    return reverse(f"admin:finance_{model}_changelist") + query


def _page(record: Any) -> str:
    return reverse(f"admin:finance_{record._meta.model_name}_change", args=[record.pk])


def _add(model: str, query: str = "") -> str:
    return reverse(f"admin:finance_{model}_add") + query


class FinanceStart(Provider):
    """Dues, invoices and what is past due."""

    def figures(self, user: AbstractUser, day: date) -> Iterator[Figure]:
        """What is open today, and what of it is past due; of an agency's own where a person sees only that."""
        if not user.has_perm("finance.view_invoice"):
            return
        open_ = scope.limit(Invoice.objects.open_on(day).order_by(), user, "agency")
        late = Q(due_on__lt=day)
        found = open_.aggregate(
            sum=Sum("balance"), count=Count("pk"), late=Sum("balance", filter=late),
            agencies=Count("agency", filter=late, distinct=True),
        )  # fmt: skip
        count, agencies = found["count"], found["agencies"]
        note = f"on {count} invoice{'' if count == 1 else 's'}" if count else "nothing is open"
        yield Figure("Open on invoices", _dollars(found["sum"]), _list("invoice", "?state=open"), note)
        owed_by = f"by {agencies} agenc{'y' if agencies == 1 else 'ies'}" if agencies else "nothing is late"
        yield Figure("Past due", _dollars(found["late"]), _list("invoice", "?past_due=yes"), owed_by)

    # What needs a person

    def needs(self, user: AbstractUser, day: date) -> Iterator[Need]:
        """What those who ask for the money must do; a few of each kind."""
        if scope.agencies_of(user) is not None:
            return
        if user.has_perm("finance.add_invoicerun"):
            yield from self._runs(day)
            yield from self._year(day)
        if user.has_perm("finance.add_invoice"):
            yield from self._joining()
        if user.has_perm("finance.add_fiscalyear"):
            yield from self._closing(day)

    def _runs(self, day: date) -> Iterator[Need]:
        """Runs that were confirmed and did not finish, and previews that nobody confirmed."""
        unfinished = InvoiceRun.objects.filter(finished_at__isnull=True).select_related("fiscal_year")
        for run in unfinished.filter(confirmed_at__isnull=False)[:MOST]:
            why = "It was confirmed and has not finished: what is left is made by taking it up again."
            yield Need(run.as_on, f"{run} is unfinished", why, _page(run), "Open")
        issued = InvoiceRun.objects.filter(
            fiscal_year=OuterRef("fiscal_year"), confirmed_at__isnull=False, prepared_at__gte=OuterRef("prepared_at")
        )
        waiting = unfinished.filter(confirmed_at__isnull=True).exclude(Exists(issued)).order_by("-prepared_at")
        latest = waiting.first()
        if latest is not None and latest.as_on <= day + BEFORE_THE_YEAR:
            yield Need(
                latest.as_on, f"{latest} is previewed, not confirmed", "Nothing is issued yet.", _page(latest), "Open"
            )

    def _year(self, day: date) -> Iterator[Need]:
        """Agencies that take part and were not invoiced for the year of the day."""
        year = _year_of(day)
        if year is None:
            return
        rows: Any = Agency.objects.all()
        asked = Invoice.objects.filter(
            agency=OuterRef("pk"), fiscal_year__starts_on=year.starts_on, charge__in=OF_THE_YEAR,
            voided_on__isnull=True,
        )  # fmt: skip
        left = rows.with_status_on(day).filter(status__in=TAKE_PART).exclude(Exists(asked)).count()
        if not left:
            return
        said = "One agency takes part and is" if left == 1 else f"{left} agencies take part and are"
        why = f"{said} not invoiced for it (Bylaws Art. III §7)."
        yield Need(year.starts_on, f"Annual dues of {year}", why, _add("invoicerun"), "Invoice the year")

    def _joining(self) -> Iterator[Need]:
        """Agencies that were admitted, wait for their joining dues, and were not asked for them."""
        asked = Invoice.objects.filter(participation=OuterRef("pk"), voided_on__isnull=True)
        waiting = Participation.objects.filter(
            path=Path.NEW.value, dues_required=True, dues_paid_on__isnull=True, withdrawn_on__isnull=True,
            terminated_on__isnull=True, settlement="",
        ).exclude(Exists(asked))  # fmt: skip
        for stint in waiting.select_related("agency").order_by("agency__name")[:MOST]:
            query = f"?agency={stint.agency_id}&charge={Charge.JOINING.value}"
            why = "Its participation begins when they are paid (Bylaws Art. III §2.c)."
            yield Need(None, f"Joining dues of {stint.agency}", why, _add("invoice", query), "Invoice them")

    def _closing(self, day: date) -> Iterator[Need]:
        """The oldest year that is over and still open, once the annual meeting can have had its report."""
        year = FiscalYear.objects.filter(closed_at__isnull=True, ends_on__lte=day).order_by("starts_on").first()
        if year is not None:
            why = f"It ended on {in_words(year.year.last_day)}. Close it once it is reported (Bylaws Art. VI §4)."
            yield Need(None, f"{year} is still open", why, _page(year), "Open")

    # What is coming up

    def coming(self, user: AbstractUser, day: date) -> Iterator[Marker]:
        """The days on which invoices fall due, and the end of the fiscal year."""
        if not user.has_perm("finance.view_invoice"):
            return
        open_ = scope.limit(Invoice.objects.open_on(day).filter(due_on__gte=day), user, "agency").order_by("due_on")
        for due_on, count, sum_ in open_.values_list("due_on").annotate(Count("pk"), Sum("balance"))[:MOST]:
            label = f"{count} invoice{'' if count == 1 else 's'} due: {money.shown(sum_)}"
            yield Marker(due_on, label, _list("invoice", "?state=open"), "Bylaws Art. III §7")
        if scope.agencies_of(user) is None and (year := _year_of(day)) is not None:
            why = "Bylaws Art. XIV"
            yield Marker(year.last_day, f"Last day of {year}", _list("fiscalyear"), why)
            yield Marker(year.ends_on, "Invoice the year", _list("invoicerun"), "Bylaws Art. III §7")

    def links(self, user: AbstractUser, day: date) -> Iterable[QuickLink]:
        """Invoice the year, issue one invoice, see who is late."""
        if scope.agencies_of(user) is not None:
            return
        if user.has_perm("finance.add_invoicerun"):
            yield QuickLink("Invoice the year", _add("invoicerun"))
        if user.has_perm("finance.add_invoice"):
            yield QuickLink("Issue an invoice", _add("invoice"))


def _dollars(amount: Decimal | None) -> str:
    """The amount, its cents only where there are any: the figure stands large on the page."""
    return money.shown(amount or money.ZERO).removesuffix(".00")


def _year_of(day: date) -> Year | None:
    """The fiscal year of the day; None where it is not determined."""
    known = FiscalYear.objects.filter(starts_on__lte=day, ends_on__gt=day).first()
    if known is not None:
        return known.year  # type: ignore[no-any-return]
    try:
        return year_of(day)
    except ValidationError:
        return None
