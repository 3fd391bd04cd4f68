"""Fiscal years, funds and categories, and what the Board set: rates, policies, the budget, the banks."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models

from board.models import Motion
from finance.querysets import DatedQuerySet, FiscalYearQuerySet, RateQuerySet
from finance.rules import dues
from finance.rules.dues import Basis, Charge
from finance.rules.receivables import Letters
from finance.rules.years import FirstYear, Year
from membership.models import SpecializedTeam
from membership.models.fields import choices, day, ends_after, one_of, paper
from nipas_admin.shared import money
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.fields import DollarsField
from nipas_admin.shared.records import Record

FIRST_YEARS = [(one.value, one.label.capitalize()) for one in FirstYear]


def motion(help_text: str = "") -> models.ForeignKey[Motion | None, Motion | None]:
    """A pointer to the motion of the Board that set it."""
    return models.ForeignKey(
        Motion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="set by motion",
        help_text=help_text or "The Board's motion. Older than the register: say in the source what shows it.",
    )  # fmt: skip


class FiscalYear(Record):
    """A fiscal year of the books: 1 May through 30 April (Bylaws Art. XIV). A closed one takes nothing more."""

    starts_on = day("first day", required=True, unique=True)
    ends_on = day("first day of the next year", required=True, unique=True)
    source = models.CharField(
        max_length=300, blank=True, help_text="Where the bylaws of the time are not on file: what shows its first day."
    )
    invoices_drawn = models.PositiveIntegerField("invoice numbers drawn", default=0, editable=False)
    disbursements_drawn = models.PositiveIntegerField("disbursement numbers drawn", default=0, editable=False)
    closed_at = models.DateTimeField("closed", null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    note = models.TextField(blank=True)

    objects: ClassVar = FiscalYearQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["-starts_on"]
        constraints = [
            ends_after("starts_on", "ends_on", "fiscal_year_ends_after_start", "A year ends after it began."),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, closed_by__isnull=True)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False),
                name="fiscal_year_closed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)

    def clean(self) -> None:
        """Years never overlap."""
        if not self.starts_on or not self.ends_on:
            return
        others = FiscalYear.objects.exclude(pk=self.pk).filter(starts_on__lt=self.ends_on, ends_on__gt=self.starts_on)
        if other := others.first():
            raise ValidationError(f"{other} runs from {in_words(other.starts_on)}: years follow one another.")

    @property
    def year(self) -> Year:
        """For the rules."""
        return Year(self.starts_on, self.ends_on)

    @property
    def is_closed(self) -> bool:
        """True when it takes nothing more."""
        return self.closed_at is not None


class Fund(Record):
    """Money kept apart: the general fund, and one for each team that has fees (Bylaws Art. VII §2)."""

    name = models.CharField(max_length=100, unique=True)
    team = models.OneToOneField(
        SpecializedTeam, models.PROTECT, null=True, blank=True, related_name="fund",
        help_text="Blank for the general fund and for others that belong to no team.",
    )  # fmt: skip
    note = models.TextField(blank=True)

    class Meta(Record.Meta):
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Category(Record):
    """What money came in for, or went out for."""

    class Flow(models.TextChoices):
        """Which way the money goes."""

        RECEIPT = "receipt", "Receipts"
        DISBURSEMENT = "disbursement", "Disbursements"

    name = models.CharField(max_length=60, unique=True)
    flow = models.CharField(max_length=12, choices=Flow.choices)
    charge = models.CharField(
        "paid by invoices for", max_length=12, choices=choices(Charge), blank=True, default="",
        help_text="Only for receipts that come in through invoices.",
    )  # fmt: skip

    class Meta(Record.Meta):
        ordering = ["flow", "name"]
        verbose_name_plural = "categories"
        constraints = [
            models.UniqueConstraint(
                fields=["charge"], condition=~models.Q(charge=""), name="category_one_per_charge",
                violation_error_message="Another category already stands for these invoices.",
            ),
            models.CheckConstraint(
                condition=models.Q(charge="") | models.Q(flow="receipt"), name="category_of_charge_is_receipt",
                violation_error_message="What invoices bring in is a receipt.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Institution(Record):
    """A bank or other financial institution that the Board approved for deposits (Bylaws Art. VI §4)."""

    name = models.CharField(max_length=100, unique=True)
    account = models.CharField("account ending in", max_length=8, blank=True, help_text="The last four digits only.")
    approved_on = day("approved by the Board on", required=True)
    motion = motion()
    until_on = day("until", "First day it no longer holds our money.")

    objects: ClassVar = DatedQuerySet.as_manager()
    since = "approved_on"

    class Meta(Record.Meta):
        ordering = ["name"]
        verbose_name = "financial institution"
        constraints = [
            ends_after("approved_on", "until_on", "institution_ends_after_start", "It ends after it was approved.")
        ]

    def __str__(self) -> str:
        return f"{self.name} …{self.account}" if self.account else self.name


class OpeningBalance(Record):
    """What a fund held when the register's books began. Every later balance follows from the documents."""

    fund = models.OneToOneField(Fund, models.PROTECT, related_name="opening")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    on = day("on", "The first day of the first fiscal year in the register.", required=True)
    amount = DollarsField(least=money.ZERO)
    source = models.CharField(max_length=300, help_text="The statement or report that shows it.")

    class Meta(Record.Meta):
        ordering = ["on", "fund"]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gte=0), name="opening_balance_not_negative")]

    def __str__(self) -> str:
        return f"{self.fund}: {money.shown(self.amount)} on {in_words(self.on)}"


class DuesPolicy(Record):
    """How dues are asked for: the Board's setting, from one day until the next one begins (Agreement §3.J)."""

    from_on = day("from", required=True, unique=True)
    first_year = models.CharField(
        "first year of an agency", max_length=8, choices=FIRST_YEARS, default=FirstYear.FULL.value,
        help_text="What is owed for a year that had begun when the agency joined.",
    )  # fmt: skip
    joining_covers_year = models.BooleanField(
        "joining fee covers the first year", default=True,
        help_text="Off: the annual dues of the first year are owed beside the joining fee.",
    )  # fmt: skip
    due_days = models.PositiveSmallIntegerField(
        "days until due", default=30, help_text="From the day of the invoice.", validators=[MaxValueValidator(365)]
    )
    first_letter = models.PositiveSmallIntegerField("first reminder, days past due", default=1)
    second_letter = models.PositiveSmallIntegerField("second reminder, days past due", default=31)
    third_letter = models.PositiveSmallIntegerField("third reminder, days past due", default=61)
    motion = motion()
    source = models.CharField(max_length=300, blank=True)

    objects: ClassVar = DatedQuerySet.as_manager()
    since = "from_on"

    class Meta(Record.Meta):
        ordering = ["-from_on"]
        verbose_name_plural = "dues policies"
        constraints = [
            one_of(FirstYear, "dues_policy_first_year_known", "first_year"),
            models.CheckConstraint(
                condition=models.Q(first_letter__gte=1, second_letter__gt=models.F("first_letter"))
                & models.Q(third_letter__gt=models.F("second_letter")),
                name="dues_policy_letters_in_order",
                violation_error_message="Each reminder comes later than the one before, the first after the due date.",
            ),
        ]

    def __str__(self) -> str:
        return f"Dues policy from {in_words(self.from_on)}"

    @property
    def terms(self) -> dues.Terms:
        """For the rules."""
        return dues.Terms(FirstYear(self.first_year), self.joining_covers_year, self.due_days)

    @property
    def letters(self) -> Letters:
        """When which reminder may be sent, for the rules."""
        return Letters((self.first_letter, self.second_letter, self.third_letter))


class DisbursementPolicy(Record):
    """The Board's policy by which disbursements are approved (Bylaws Art. X), from one day until the next begins."""

    title = models.CharField(max_length=200)
    from_on = day("from", required=True, unique=True)
    text = models.TextField(blank=True)
    policy_paper = paper("policy on file")
    motion = motion()
    source = models.CharField(max_length=300, blank=True)

    objects: ClassVar = DatedQuerySet.as_manager()
    since = "from_on"

    class Meta(Record.Meta):
        ordering = ["-from_on"]
        verbose_name_plural = "disbursement policies"

    def __str__(self) -> str:
        return f"{self.title}, from {in_words(self.from_on)}"


class Rate(Record):
    """What the Board asks: so many dollars for one charge, from one day until another (Agreement §3.J–K)."""

    charge = models.CharField(max_length=12, choices=choices(Charge))
    team = models.ForeignKey(SpecializedTeam, models.PROTECT, null=True, blank=True, related_name="rates")
    amount = DollarsField("dollars", least=money.ZERO)
    basis = models.CharField(
        max_length=8, choices=[(Basis.FLAT.value, "Flat"), (Basis.OFFICER.value, "For each officer committed")],
        default=Basis.FLAT.value,
    )  # fmt: skip
    least_officers = models.PositiveIntegerField(
        "from sworn officers", null=True, blank=True, help_text="Of a size band, counted in. Blank: no lower bound."
    )
    most_officers = models.PositiveIntegerField(
        "to sworn officers", null=True, blank=True, help_text="Of a size band, counted in. Blank: no upper bound."
    )
    from_on = day("from", required=True)
    until_on = day("until", "First day it no longer holds. Blank: until a later rate begins.")
    motion = motion()
    source = models.CharField(max_length=300, blank=True, help_text="What shows it: minutes, a paper, a report.")

    objects: ClassVar = RateQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["-from_on", "charge", "team", "least_officers"]
        constraints = [
            one_of(Charge, "rate_charge_known", "charge"),
            one_of(Basis, "rate_basis_known", "basis"),
            ends_after("from_on", "until_on", "rate_ends_after_start", "A rate ends after it began."),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="rate_not_negative"),
            models.CheckConstraint(
                condition=models.Q(charge__in=["team", "team_start"], team__isnull=False)
                | models.Q(charge__in=["joining", "annual"], team__isnull=True),
                name="rate_of_team_names_it",
                violation_error_message="A team fee names its team; dues and joining fees name none.",
            ),
            models.CheckConstraint(
                condition=models.Q(least_officers__isnull=True)
                | models.Q(most_officers__isnull=True)
                | models.Q(most_officers__gte=models.F("least_officers")),
                name="rate_band_in_order",
                violation_error_message="A size band goes from fewer officers to more.",
            ),
        ]

    def __str__(self) -> str:
        of_team = f", {self.team}" if self.team else ""
        return f"{self.get_charge_display()}{of_team}: {money.shown(self.amount)} from {in_words(self.from_on)}"

    def clean(self) -> None:
        """No two rates for the same thing from the same day whose bands meet; officers are committed to teams only."""
        if self.basis == Basis.OFFICER.value and self.charge != Charge.TEAM.value:
            raise ValidationError({"basis": "Only a yearly team fee counts officers committed (Agreement §3.K)."})
        same = Rate.objects.exclude(pk=self.pk).filter(charge=self.charge, team=self.team_id, from_on=self.from_on)
        for other in same:
            if self._meets(other):
                raise ValidationError(f"“{other}” is already set for agencies of this size from this day.")

    def _meets(self, other: Rate) -> bool:
        most, others = self.most_officers, other.most_officers
        below = most is not None and most < (other.least_officers or 0)
        return not below and not (others is not None and others < (self.least_officers or 0))

    @property
    def rate(self) -> dues.Rate:
        """For the rules."""
        return dues.Rate(
            Charge(self.charge), self.amount, self.from_on, self.until_on, self.team_id, Basis(self.basis),
            self.least_officers, self.most_officers, str(self.motion) if self.motion_id else self.source,
        )  # fmt: skip


class BudgetLine(Record):
    """What the Board budgeted for a year, in one fund and category."""

    fiscal_year = models.ForeignKey(FiscalYear, models.PROTECT, related_name="budget")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    amount = DollarsField(least=money.ZERO)
    motion = motion()

    class Meta(Record.Meta):
        ordering = ["-fiscal_year__starts_on", "fund", "category__flow", "category__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year", "fund", "category"], name="budget_line_once",
                violation_error_message="This category is already in the budget of this fund and year.",
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="budget_not_negative"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.fiscal_year}, {self.fund}, {self.category}: {money.shown(self.amount)}"
