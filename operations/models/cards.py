"""Police Alarm Assignments: what will respond to aid one stricken agency, by level, versioned (Agreement §2, 3.A)."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from membership.models import Agency, Official
from membership.models.fields import day, paper
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.records import Record
from operations.models.catalogue import ResourceType
from operations.querysets import AlarmAssignmentQuerySet
from operations.rules.cards import Assigned


class AlarmAssignment(Record):
    """One version of the Police Alarm Assignments of one agency, approved by its commanding officer."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="alarm_assignments", verbose_name="stricken agency")
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    effective_on = day("in effect from", required=True)
    approved_on = day("approved on", "By the commanding officer; without it the version is a draft.")
    approved_by = models.ForeignKey(
        Official, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="commanding officer"
    )
    approval_paper = paper("approval on file")
    note = models.TextField(blank=True)

    objects: ClassVar = AlarmAssignmentQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["agency__name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "version"], name="alarm_assignment_version_once"),
            models.CheckConstraint(
                condition=models.Q(approved_on__isnull=True, approved_by__isnull=True)
                | models.Q(approved_on__isnull=False, approved_by__isnull=False),
                name="alarm_assignment_approved_by_someone",
                violation_error_message="An approval has its day and the commanding officer who gave it.",
            ),
        ]

    def __str__(self) -> str:
        return f"Alarm card of {self.agency}, version {self.version}, from {in_words(self.effective_on)}"

    def clean(self) -> None:
        """The commanding officer is the agency's own."""
        if self.approved_by is not None and self.approved_by.agency_id != self.agency_id:
            raise ValidationError(
                {"approved_by": f"{self.approved_by} acts for another agency; its own commanding officer approves."}
            )


class AlarmLine(Record):
    """One line of a card: at this level, in this order, this agency sends so many of this type."""

    assignment = models.ForeignKey(AlarmAssignment, models.PROTECT, related_name="lines")
    level = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(20)])
    order = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="alarm_lines", verbose_name="aiding agency")
    type = models.ForeignKey(ResourceType, models.PROTECT, related_name="+", verbose_name="what it sends")
    quantity = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    note = models.CharField(max_length=200, blank=True)
    dropped = models.BooleanField("left out", default=False, help_text="Kept for the record, asked for nothing.")

    class Meta(Record.Meta):
        ordering = ["assignment", "level", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "level", "order"], name="alarm_line_order_once",
                violation_error_message="This place at this level is taken: give the next number.",
            ),
            models.UniqueConstraint(
                fields=["assignment", "agency", "type", "level"], name="alarm_line_agency_once",
                violation_error_message="This agency already sends this at this level: change its quantity.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Level {self.level}: {self.agency}, {self.quantity} {self.type}"

    def clean(self) -> None:
        """No agency comes to its own aid, and what the commanding officer approved stays as approved."""
        if self.assignment_id and self.assignment.approved_on is not None:
            raise ValidationError(
                f"Version {self.assignment.version} is approved: draft a new version to change it (Agreement §2, §3.A)."
            )
        if self.assignment_id and self.agency_id == self.assignment.agency_id:
            raise ValidationError({"agency": "The stricken agency is not on its own card: others come to its aid."})

    @property
    def assigned(self) -> Assigned:
        """For the rules."""
        return Assigned(self.level, self.order, self.agency_id, self.agency.name, self.type.key, self.quantity)
