"""What agencies owe on a day, whether that keeps them from good standing, and the reminders they are sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max

from documents.models import Paper
from finance.models import Allocation, FiscalYear, Invoice, Payment, Reminder, ReminderItem
from finance.querysets import sum_of
from finance.rules.receivables import Bucket, days_past_due, next_letter, nothing_past_due
from finance.rules.years import Year
from finance.services.years import dues_policy_on
from membership.models import Agency
from nipas_admin.shared import money
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Finding
from nipas_admin.shared.records import saved


def dues_check(agencies: Iterable[int], day: date) -> Mapping[int, Finding[bool]]:
    """For each agency, whether nothing is past due on the day, and what is (Reading R13). Two queries, however many."""
    late: dict[int, list[Any]] = {key: [] for key in agencies}
    rows = Invoice.objects.dues().filter(agency__in=late).past_due_on(day).select_related("fiscal_year")
    for invoice in rows.prefetch_related("allocations"):
        late[invoice.agency_id].append(invoice.bill)
    return {key: nothing_past_due(bills, day) for key, bills in late.items()}


@dataclass(frozen=True)
class Debtor:
    """An agency that owes on the day: what in each column of the aging, how late, and how many letters it was sent.

    ``credit`` is what is left of its payments. ``letter`` is the level of the reminder to send next; None for none.
    ``last_letter_on`` is the day of the latest one; None where it was sent none.
    """

    agency: Agency
    aging: Mapping[Bucket, Decimal]
    oldest_due_on: date
    letters: int
    letter: int | None
    credit: Decimal
    last_letter_on: date | None = None

    @property
    def owed(self) -> Decimal:
        """Everything open, due or not, in US dollars."""
        return money.total(self.aging.values())

    @property
    def past_due(self) -> Decimal:
        """What is past due, in US dollars."""
        return self.owed - self.aging[Bucket.CURRENT]

    @property
    def region(self) -> str:
        """Its counties, by which debtors are listed."""
        return ", ".join(county.name for county in self.agency.counties.all()) or "County not recorded"


def debtors_on(day: date, agencies: Iterable[int] | None = None) -> list[Debtor]:
    """Who owes on the day, in the order of names. A fixed number of queries, whatever their number."""
    invoices = Invoice.objects.all() if agencies is None else Invoice.objects.filter(agency__in=agencies)
    aging = invoices.aging_on(day)
    oldest: dict[int, Any] = {}
    for invoice in invoices.filter(agency__in=aging).open_on(day).values("agency", "due_on", "pk"):
        oldest.setdefault(invoice["agency"], invoice)
    sent = _letters_by(day, [invoice["pk"] for invoice in oldest.values()])
    rows = Reminder.objects.filter(agency__in=aging, sent_on__lte=day).order_by().values_list("agency")
    ever = {key: (letters, last) for key, letters, last in rows.annotate(Count("pk"), Max("sent_on"))}
    credits_ = credits_on(day, aging)
    _terms, letters = dues_policy_on(day)
    found = []
    for agency in Agency.objects.filter(pk__in=aging).prefetch_related("counties").order_by("name"):
        first = oldest[agency.pk]
        level = next_letter(days_past_due(first["due_on"], day), sent.get(first["pk"], 0), letters)
        sent_ever, last = ever.get(agency.pk, (0, None))
        found.append(
            Debtor(
                agency, aging[agency.pk], first["due_on"], sent_ever, level, credits_.get(agency.pk, money.ZERO), last
            )
        )
    return found


@dataclass(frozen=True)
class PaidInYear:
    """How many agencies had paid anything on invoices of a fiscal year by a day, and how much in all, in US dollars."""

    year: Year
    agencies: int
    amount: Decimal


def paid_in_year(day: date) -> PaidInYear | None:
    """What was paid by the day on the invoices of its fiscal year; None where the books have no such year."""
    year = FiscalYear.objects.filter(starts_on__lte=day, ends_on__gt=day).first()
    if year is None:
        return None
    parts = Allocation.objects.standing_on(day).filter(invoice__fiscal_year=year)
    agencies: int = parts.order_by().values("invoice__agency").distinct().count()
    return PaidInYear(year.year, agencies, sum_of(parts))


def _letters_by(day: date, invoices: Iterable[int]) -> dict[int, int]:
    """How many reminders named each invoice by the day."""
    rows = ReminderItem.objects.filter(invoice__in=list(invoices), reminder__sent_on__lte=day)
    return dict(rows.order_by().values_list("invoice").annotate(Count("pk")))


def credits_on(day: date, agencies: Iterable[int] | None = None) -> dict[int, Decimal]:
    """What is left of each agency's payments on the day, in US dollars; agencies without credit are left out."""
    rows = Payment.objects.for_invoices().filter(agency__isnull=False)
    if agencies is not None:
        rows = rows.filter(agency__in=list(agencies))
    found: dict[int, Decimal] = defaultdict(lambda: money.ZERO)
    for agency, credit in rows.with_credit_on(day).values_list("agency", "credit"):
        if credit:
            found[agency] += credit
    return dict(found)


@transaction.atomic
def send_reminder(
    *, agency: Agency, on: date, how: str = Reminder.How.MAIL, letter: Paper | None = None, by: Any
) -> Reminder:  # fmt: skip
    """Record the next reminder to an agency with every invoice past due. Raises ValidationError when it is too soon."""
    Agency.objects.select_for_update().get(pk=agency.pk)
    debtor = next(iter(debtors_on(on, [agency.pk])), None)
    if debtor is None or not debtor.past_due:
        raise ValidationError(f"{agency} owes nothing past due on {in_words(on)}.")
    if debtor.letter is None:
        raise ValidationError(
            f"No reminder is due to {agency} on {in_words(on)}: {debtor.letters} sent, the oldest invoice due "
            f"{in_words(debtor.oldest_due_on)}. When each may be sent is a setting of the Board (Agreement §3.J)."
        )
    reminder = saved(
        Reminder(
            agency=agency, level=debtor.letter, sent_on=on, how=how, amount=debtor.past_due, letter=letter, sent_by=by
        )
    )
    for invoice in Invoice.objects.filter(agency=agency).past_due_on(on):
        saved(ReminderItem(reminder=reminder, invoice=invoice, balance=invoice.balance))
    return reminder
