"""The versions of the bylaws: their text, what is known of their first day, and their figures."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from board.querysets import BylawsVersionQuerySet
from board.rules.terms import APPOINTED, ELECTED, Base, BylawsTerms, Decision, Office, Threshold, Version
from membership.models.fields import day, one_of
from membership.rules.continuity import GoodStanding
from nipas_admin.shared.dated import Dated
from nipas_admin.shared.records import Record
from nipas_admin.shared.shares import Share

GOOD_STANDING = [
    (GoodStanding.ACTIVE.value, "Active"),
    (GoodStanding.DUES.value, "Active, and no dues past due"),
    (GoodStanding.EVERYTHING.value, "Active, no dues past due, and insured"),
]


def small(verbose_name: str, default: int, help_text: str = "", least: int = 1, most: int = 999) -> Any:
    """A small whole number."""
    limits = [MinValueValidator(least), MaxValueValidator(most)]
    return models.PositiveSmallIntegerField(verbose_name, default=default, help_text=help_text, validators=limits)


class BylawsVersion(Record):
    """A version of the bylaws. Amending them is the Secretary's act here, never a change of the program."""

    class InForce(models.TextChoices):
        """What is known of its first day in force."""

        NOT_YET = "not_yet", "not in force yet"
        HAPPENED = "happened", "in force, first day unknown"
        KNOWN = "known", "in force"

    title = models.CharField(max_length=200, unique=True)
    adopted_on = day("adopted on", "The day of the vote.")
    state = models.CharField("state", max_length=10, choices=InForce.choices, default=InForce.NOT_YET)
    in_force_on = day("in force from", "From their passage and approval (Bylaws Art. XVIII).")
    not_before_on = day("not before", "The earliest day it can have been, when the day is unknown.")
    not_after_on = day("not after", "The latest day it can have been, when the day is unknown.")
    source = models.CharField("how we know", max_length=300, blank=True)
    text = models.TextField(blank=True, help_text="The whole text in Markdown. Blank until the body loads it.")
    terms_known = models.BooleanField(
        "figures known",
        default=True,
        help_text="Off for a version of which the body holds no copy: a meeting under it records its outcome by hand.",
    )
    board_quorum = small("quorum of the Board", 6, "Members (Art. IV §7).")
    at_large_seats = small("at-large seats", 6, "Art. IV §1.")
    notice_days = small(
        "days of notice for amendments", 15, "Sent to all so many days before the meeting (Art. XV §1)."
    )
    eligibility_months = small("months active before office", 12, "Art. V §1.")
    dissolution_days = small("days to dissolve", 60, "From the vote (Art. XVII §1).")
    nominating_members = small("members of the Nominating Committee", 3, "Art. V §8.")
    elected_years = small("years of President and Vice-President", 2, "Art. V §2.")
    appointed_years = small("years of Secretary and Treasurer", 1, "Art. V §3.")
    past_president_years = small("years of the immediate past President", 2, "Art. IV §3.")
    at_large_years = small("years of at-large members", 1, "Art. IV §4.")
    fiscal_month = small("fiscal year begins in month", 5, "Art. XIV.", most=12)
    fiscal_day = small("on day", 1, most=28)
    good_standing = models.CharField(
        "good standing means",
        max_length=12,
        choices=GOOD_STANDING,
        default=GoodStanding.DUES.value,
        help_text="The bylaws do not define it: the Board's choice (Reading R13).",
    )
    adopted_by = models.OneToOneField(
        "board.Motion", models.PROTECT, null=True, blank=True, related_name="adopts", verbose_name="adopted by motion"
    )
    note = models.TextField(blank=True)

    objects: ClassVar = BylawsVersionQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = "bylaws version"
        ordering = ["-in_force_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="known") | models.Q(in_force_on__isnull=False),
                name="bylaws_known_day_given",
                violation_error_message="Bylaws that are in force need their first day.",
            ),
            models.CheckConstraint(
                condition=models.Q(not_before_on__isnull=True)
                | models.Q(not_after_on__isnull=True)
                | models.Q(not_after_on__gte=models.F("not_before_on")),
                name="bylaws_bounds_in_order",
                violation_error_message="The latest possible day cannot come before the earliest.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def official(self) -> bool:
        """Has the body loaded its own text?"""
        return bool(self.text.strip())

    @property
    def in_force(self) -> Dated:
        """Its first day as far as it is known."""
        if self.state == self.InForce.KNOWN and self.in_force_on:
            return Dated.on(self.in_force_on)
        if self.state == self.InForce.HAPPENED:
            return Dated(self.not_before_on, self.not_after_on)
        return Dated.never()

    @property
    def terms(self) -> BylawsTerms | None:
        """Its figures, for the rules; None when they are not known."""
        if not self.terms_known:
            return None
        years = dict.fromkeys(ELECTED, self.elected_years) | dict.fromkeys(APPOINTED, self.appointed_years)
        years |= {Office.PAST_PRESIDENT: self.past_president_years, Office.AT_LARGE: self.at_large_years}
        return BylawsTerms(
            board_quorum=self.board_quorum,
            at_large_seats=self.at_large_seats,
            notice_days=self.notice_days,
            eligibility_months=self.eligibility_months,
            dissolution_days=self.dissolution_days,
            nominating_members=self.nominating_members,
            fiscal_month=self.fiscal_month,
            fiscal_day=self.fiscal_day,
            good_standing=GoodStanding(self.good_standing),
            years=years,
            thresholds={Decision(row.decision): row.threshold for row in self.thresholds.all()},
        )

    @property
    def seats(self) -> int:
        """How many seats the Board has; 0 when the figures are not known."""
        return len(Office) - 1 + self.at_large_seats if self.terms_known else 0

    @property
    def version_of_rules(self) -> Version:
        """For the rules."""
        return Version(self.pk, self.title, self.in_force, self.terms)


class DecisionThreshold(Record):
    """How many votes carry one kind of decision under one version: a share of a base."""

    bylaws = models.ForeignKey(BylawsVersion, models.PROTECT, related_name="thresholds")
    decision = models.CharField(max_length=12, choices=[(decision.value, decision.label) for decision in Decision])
    exceeds = models.BooleanField("more than", default=False, help_text="Off: at least this share.")
    numerator = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    denominator = models.PositiveSmallIntegerField("of every", validators=[MinValueValidator(1)])
    base = models.CharField(
        "counted on",
        max_length=10,
        choices=[
            (Base.CAST.value, "votes cast"),
            (Base.PRESENT.value, "those present"),
            (Base.ENTITLED.value, "all members in office, or all active agencies"),
            (Base.SEATS.value, "all seats of the Board"),
        ],
    )

    class Meta(Record.Meta):
        verbose_name = "threshold"
        ordering = ["bylaws", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bylaws", "decision"],
                name="threshold_once_per_decision",
                violation_error_message="This version already has a threshold for this kind of decision.",
            ),
            one_of(Decision, "threshold_decision_known", "decision"),
            one_of(Base, "threshold_base_known", "base"),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()}: {self.threshold} of {self.get_base_display()}"

    def clean(self) -> None:
        """The share must be a share; only the Board counts its own seats."""
        if self.numerator and self.denominator and self.numerator > self.denominator:
            raise ValidationError({"numerator": "The share cannot be more than the whole."})
        if self.base == Base.SEATS.value and self.decision not in (Decision.BOARD.value, Decision.REMOVAL.value):
            raise ValidationError({"base": "Only the Board counts its seats: here agencies vote (Bylaws Art. XIII)."})

    @property
    def threshold(self) -> Threshold:
        """For the rules."""
        return Threshold(Share(self.numerator, self.denominator), Base(self.base), self.exceeds)
