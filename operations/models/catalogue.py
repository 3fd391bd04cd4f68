"""What agencies can send: the catalogue of types, what each agency holds, and how often it is confirmed."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from membership.models import Agency
from membership.models.fields import day, ends_after
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Finding
from nipas_admin.shared.records import Record
from operations.querysets import FreshnessRuleQuerySet, ResourceQuerySet
from operations.rules.freshness import Freshness, Schedule, freshness

MOST = MaxValueValidator(10_000, "No agency has more than 10,000 of anything; check the figure.")


class ResourceCategory(Record):
    """A group of the catalogue: people, vehicles, equipment, translators."""

    name = models.CharField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta(Record.Meta):
        ordering = ["position", "name"]
        verbose_name_plural = "resource categories"

    def __str__(self) -> str:
        return self.name


class ResourceType(Record):
    """One kind of resource that can be asked for."""

    category = models.ForeignKey(ResourceCategory, models.PROTECT, related_name="types")
    name = models.CharField(max_length=80, unique=True)
    key = models.SlugField(
        "short name",
        max_length=40,
        unique=True,
        help_text="Typed by telecommunicators: officer, canine, translator-pl.",
    )
    unit = models.CharField(max_length=30, default="units", help_text="What is counted: officers, vehicles, teams.")
    on_pocket_card = models.BooleanField("on the pocket card", default=True)
    retired_on = day("retired on", "First day on which it is no longer offered.")

    class Meta(Record.Meta):
        ordering = ["category", "name"]

    def __str__(self) -> str:
        return self.name


class FreshnessRule(Record):
    """How often agencies confirm their resources, from one day until the next rule begins."""

    from_on = day("from", required=True, unique=True)
    months = models.PositiveSmallIntegerField(
        "confirm every so many months", default=6, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    due_days = models.PositiveSmallIntegerField(
        "remind so many days before", default=30, validators=[MaxValueValidator(365)]
    )
    source = models.CharField(max_length=300, blank=True, help_text="Who set it, and where that is recorded.")

    objects: ClassVar = FreshnessRuleQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["-from_on"]

    def __str__(self) -> str:
        return f"Every {self.months} months, from {in_words(self.from_on)}"

    @property
    def schedule(self) -> Schedule:
        """For the rules."""
        return Schedule(self.months, self.due_days)


class Resource(Record):
    """What one agency holds of one type, how much of it can be deployed, and when that was last confirmed."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="resources")
    type = models.ForeignKey(ResourceType, models.PROTECT, related_name="resources")
    quantity = models.PositiveIntegerField(validators=[MOST])
    deployable = models.PositiveIntegerField(
        validators=[MOST], help_text="How many can leave at once without laying the agency bare."
    )
    note = models.CharField(max_length=300, blank=True)
    confirmed_on = day("confirmed on")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects: ClassVar = ResourceQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["agency__name", "type__category", "type__name"]
        indexes = [models.Index(fields=["type", "deployable"], name="resource_by_type")]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "type"], name="resource_once",
                violation_error_message="What this agency holds of this type is already recorded: change that line.",
            ),
            models.CheckConstraint(
                condition=models.Q(deployable__lte=models.F("quantity")), name="resource_deployable_within_quantity",
                violation_error_message="No more can be deployed than the agency has.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.agency}: {self.quantity} {self.type}"

    def freshness_on(self, on: date, schedule: Schedule) -> Finding[Freshness]:
        """How fresh it is on the day."""
        return freshness(self.confirmed_on, on, schedule)


class DispatchCenter(Record):
    """Whom to call: the primary dispatch centre and its back-up, with their numbers."""

    class Role(models.TextChoices):
        """Which one is called first."""

        PRIMARY = "primary", "Primary"
        BACKUP = "backup", "Back-up"

    name = models.CharField(max_length=120)
    role = models.CharField(max_length=8, choices=Role.choices)
    telephone = models.CharField(max_length=40, validators=[RegexValidator(r"\d", "Give a telephone number.")])
    other_telephone = models.CharField("second telephone", max_length=40, blank=True)
    radio = models.CharField("radio channel", max_length=60, blank=True)
    from_on = day("from", required=True)
    until_on = day("until", "First day it no longer answers.")

    class Meta(Record.Meta):
        ordering = ["-role", "name"]
        verbose_name = "dispatch center"
        constraints = [
            ends_after("from_on", "until_on", "dispatch_center_ends_after_start", "It ends after it began."),
            models.UniqueConstraint(
                fields=["role"], condition=models.Q(until_on__isnull=True), name="dispatch_center_one_per_role",
                violation_error_message="Another centre has this role: say first until when.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name} ({self.get_role_display().lower()})"


class PocketCard(Record):
    """What stands on the supervisors' pocket card, from one day on: the steps, and what to have ready."""

    from_on = day("from", required=True, unique=True)
    steps = models.TextField(help_text="How to get help, one step on each line.")
    have_ready = models.TextField("have ready", help_text="What the dispatcher will ask, one on each line.")

    class Meta(Record.Meta):
        ordering = ["-from_on"]

    def __str__(self) -> str:
        return f"Pocket card from {in_words(self.from_on)}"
