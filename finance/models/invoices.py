"""Invoices, the runs that make them, and the reminders that follow."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from finance.models.years import FiscalYear, Fund
from finance.querysets import InvoiceQuerySet, RunItemQuerySet
from finance.rules.dues import Charge
from finance.rules.receivables import Applied, Bill
from membership.models import Agency, Participation, SpecializedTeam
from membership.models.fields import choices, day, paper
from nipas_admin.shared import money
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.fields import DollarsField
from nipas_admin.shared.records import Record


class InvoiceRun(Record):
    """One run of invoices: what it would make is previewed, then confirmed; taken up again, it makes what is left."""

    fiscal_year = models.ForeignKey(FiscalYear, models.PROTECT, related_name="runs")
    as_on = day("invoices dated", "The day the invoices bear, and on which it is asked who owes.", required=True)
    due_on = day("due on", required=True)
    annual = models.BooleanField("annual dues", default=True)
    teams = models.BooleanField("team fees", default=True)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    prepared_at = models.DateTimeField("previewed", editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    confirmed_at = models.DateTimeField("confirmed", null=True, blank=True, editable=False)
    finished_at = models.DateTimeField("finished", null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        ordering = ["-prepared_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year"],
                condition=models.Q(confirmed_at__isnull=False, finished_at__isnull=True),
                name="invoice_run_one_under_way",
                violation_error_message="Another run of this year is under way: let it finish first.",
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("as_on")), name="invoice_run_due_after_its_day",
                violation_error_message="Invoices are due on their day or later.",
            ),
            models.CheckConstraint(
                condition=models.Q(annual=True) | models.Q(teams=True), name="invoice_run_for_something",
                violation_error_message="Choose annual dues, team fees, or both.",
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at__isnull=True) | models.Q(confirmed_at__isnull=False),
                name="invoice_run_confirmed_before_it_ends",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        what = " and ".join(word for word, on in (("dues", self.annual), ("team fees", self.teams)) if on)
        return f"Invoice run of {in_words(self.as_on)}: {what} of {self.fiscal_year}"


class Invoice(Record):
    """What NIPAS asks of one agency for one thing in one fiscal year. Issued once; a wrong one is voided, with why."""

    fiscal_year = models.ForeignKey(FiscalYear, models.PROTECT, related_name="invoices")
    number = models.PositiveIntegerField(editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="invoices")
    charge = models.CharField(
        "for", max_length=12, choices=[*choices(Charge), ("forward", "Balance brought forward"), ("other", "Other")]
    )
    team = models.ForeignKey(SpecializedTeam, models.PROTECT, null=True, blank=True, related_name="invoices")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="invoices")
    participation = models.ForeignKey(
        Participation, models.PROTECT, null=True, blank=True, related_name="invoices",
        help_text="The stint that waits for these joining dues.",
    )  # fmt: skip
    run = models.ForeignKey(InvoiceRun, models.PROTECT, null=True, blank=True, related_name="invoices", editable=False)
    issued_on = day("dated", required=True)
    due_on = day("due", required=True)
    total = DollarsField()
    because = models.JSONField("why", default=list, blank=True, editable=False)
    voided_on = day("void since", editable=False)
    void_reason = models.CharField("void because", max_length=300, blank=True, editable=False)
    note = models.TextField(blank=True)

    objects: ClassVar = InvoiceQuerySet.as_manager()
    FIXED = (
        "fiscal_year", "number", "agency", "charge", "team", "fund", "participation", "run", "issued_on", "due_on",
        "total", "because",
    )  # fmt: skip

    class Meta(Record.Meta):
        ordering = ["-issued_on", "-number"]
        indexes = [models.Index(fields=["due_on"], name="invoice_by_due_date")]
        constraints = [
            models.UniqueConstraint(fields=["fiscal_year", "number"], name="invoice_number_once"),
            models.UniqueConstraint(
                fields=["agency", "fiscal_year", "charge"],
                condition=models.Q(voided_on__isnull=True, team__isnull=True) & ~models.Q(charge="other"),
                name="invoice_once",
                violation_error_message="This agency has been invoiced for this in this year: void that invoice first.",
            ),
            models.UniqueConstraint(
                fields=["agency", "fiscal_year", "charge", "team"],
                condition=models.Q(voided_on__isnull=True, team__isnull=False) & ~models.Q(charge="other"),
                name="invoice_once_per_team",
                violation_error_message="This agency has been invoiced for this team in this year: void that first.",
            ),
            models.CheckConstraint(condition=models.Q(total__gt=0), name="invoice_above_zero"),
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("issued_on")), name="invoice_due_after_its_day",
                violation_error_message="An invoice is due on its day or later.",
            ),
            models.CheckConstraint(
                condition=models.Q(voided_on__isnull=True, void_reason="")
                | (models.Q(voided_on__gte=models.F("issued_on")) & ~models.Q(void_reason="")),
                name="invoice_void_with_reason",
                violation_error_message="Say why it is void, on a day not before its own.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.reference}, {self.agency}"

    @property
    def reference(self) -> str:
        """As printed: ``2026-0014``, the fiscal year by its first calendar year."""
        return f"{self.fiscal_year.starts_on.year}-{self.number:04}"

    @property
    def in_full(self) -> str:
        """The invoice, its agency, what for and how much, to choose by."""
        return f"{self}: {self.what}, {money.shown(self.total)}, due {in_words(self.due_on)}"

    @property
    def what(self) -> str:
        """What it is for: ``Team fee, PRT``."""
        label: str = self.get_charge_display()
        return f"{label}, {self.team.short_name}" if self.team else label

    @property
    def bill(self) -> Bill:
        """For the rules. Uses prefetched ``allocations`` when there."""
        applied = tuple(Applied(row.amount, row.on, row.undone_on) for row in self.allocations.all())
        return Bill(self.reference, self.total, self.issued_on, self.due_on, self.voided_on, applied)


class InvoiceLine(Record):
    """One line of an invoice."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField(default=1)
    text = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField(default=1)
    unit = DollarsField("each", least=money.ZERO)
    amount = DollarsField(least=money.ZERO)

    class Meta(Record.Meta):
        ordering = ["invoice", "position"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_line_position_once"),
            models.CheckConstraint(condition=models.Q(amount__gte=0, unit__gte=0), name="invoice_line_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.text}: {money.shown(self.amount)}"


class RunItem(Record):
    """What a run decided of one agency and one charge: an invoice, or why none."""

    run = models.ForeignKey(InvoiceRun, models.PROTECT, related_name="items")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    charge = models.CharField("for", max_length=12, choices=choices(Charge))
    team = models.ForeignKey(SpecializedTeam, models.PROTECT, null=True, blank=True, related_name="+")
    invoiced = models.BooleanField("to be invoiced")
    amount = DollarsField(null=True, blank=True, least=money.ZERO)
    lines = models.JSONField(default=list, blank=True)
    because = models.JSONField("why", default=list, blank=True)
    missing = models.JSONField(default=list, blank=True)
    invoice = models.OneToOneField(Invoice, models.PROTECT, null=True, blank=True, related_name="run_item")

    objects: ClassVar = RunItemQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["run", "-invoiced", "agency__name", "pk"]
        verbose_name = "line of a run"
        verbose_name_plural = "lines of runs"
        constraints = [
            models.UniqueConstraint(fields=["run", "agency", "charge", "team"], name="run_item_once_per_team"),
            models.UniqueConstraint(
                fields=["run", "agency", "charge"], condition=models.Q(team__isnull=True), name="run_item_once"
            ),
            models.CheckConstraint(
                condition=models.Q(invoiced=True, amount__gt=0) | models.Q(invoiced=False, invoice__isnull=True),
                name="run_item_invoiced_has_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.get_charge_display()}"

    @property
    def why(self) -> str:
        """Why, and what is missing, in a sentence."""
        missing = [f"not determined; missing: {'; '.join(self.missing)}"] if self.missing else []
        return "; ".join([*missing, *self.because])


class Reminder(Record):
    """A letter that reminds an agency of what is past due; each names its level and what stood open."""

    class How(models.TextChoices):
        """How it was sent."""

        MAIL = "mail", "Mail"
        EMAIL = "email", "E-mail"

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="reminders")
    level = models.PositiveSmallIntegerField()
    sent_on = day("sent on", required=True)
    how = models.CharField("sent by", max_length=5, choices=How.choices, default=How.MAIL)
    amount = DollarsField("past due")
    letter = paper("letter on file")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta(Record.Meta):
        ordering = ["-sent_on", "agency__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "level", "sent_on"], name="reminder_once",
                violation_error_message="This reminder was already sent on this day.",
            ),
            models.CheckConstraint(condition=models.Q(level__gte=1, level__lte=3), name="reminder_level_known"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Reminder {self.level} to {self.agency}, {in_words(self.sent_on)}"


class ReminderItem(Record):
    """One invoice named in a reminder, with what stood open then."""

    reminder = models.ForeignKey(Reminder, models.PROTECT, related_name="items")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="reminders")
    balance = DollarsField()

    class Meta(Record.Meta):
        ordering = ["reminder", "invoice"]
        constraints = [models.UniqueConstraint(fields=["reminder", "invoice"], name="reminder_item_once")]

    def __str__(self) -> str:
        return f"{self.invoice}: {money.shown(self.balance)}"
