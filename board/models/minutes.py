"""Minutes: draft, circulated, approved at a later meeting, and then frozen; corrections stand beside them."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from board.models.meetings import Meeting
from board.models.motions import Motion
from board.querysets import MinutesQuerySet
from membership.models.fields import day
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.records import Record


class Minutes(Record):
    """The record of a meeting's proceedings (Bylaws Art. VI §3). Its body is drawn from agenda, roll and votes."""

    class State(models.TextChoices):
        """How far they have come."""

        DRAFT = "draft", "Draft"
        CIRCULATED = "circulated", "Circulated"
        APPROVED = "approved", "Approved"

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="minutes")
    opening = models.TextField(blank=True, help_text="What stands before the first item. Markdown.")
    closing = models.TextField(blank=True, help_text="What stands after the last item. Markdown.")
    circulated_on = day("circulated on", editable=False)
    circulated_to = models.CharField(max_length=300, blank=True, editable=False)
    public_on = day("open to the public on", "When the approved minutes were posted or laid open.")

    objects: ClassVar = MinutesQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name_plural = "minutes"
        ordering = ["-meeting__starts_at"]

    def __str__(self) -> str:
        return f"Minutes of the {self.meeting}"

    def clean(self) -> None:
        """Approved minutes stay as they are."""
        if self.pk and self.frozen:
            before = Minutes.objects.get(pk=self.pk)
            if (before.opening, before.closing) != (self.opening, self.closing):
                raise ValidationError(
                    "These minutes are approved and stay as they are. Record a correction instead (Bylaws Art. VI §3)."
                )

    @property
    def frozen(self) -> bool:
        """Are they approved?"""
        return hasattr(self, "approved")

    @property
    def state(self) -> str:
        """How far they have come, from what is recorded."""
        if self.frozen:
            return self.State.APPROVED
        return self.State.CIRCULATED if self.circulated_on else self.State.DRAFT


class ApprovedMinutes(Record):
    """Minutes as approved: their whole content, under its SHA-256. The database itself keeps them."""

    minutes = models.OneToOneField(Minutes, models.PROTECT, related_name="approved")
    motion = models.ForeignKey(
        Motion, models.PROTECT, related_name="approved_minutes", verbose_name="approved by motion"
    )
    approved_on = day("approved on", required=True)
    content = models.TextField(help_text="What the minutes say, as data.")
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta(Record.Meta):
        verbose_name = "approved minutes"
        verbose_name_plural = "approved minutes"
        ordering = ["-approved_on"]

    def __str__(self) -> str:
        return f"{self.minutes}, approved {in_words(self.approved_on)}"

    @property
    def data(self) -> dict[str, Any]:
        """The content, to print from."""
        read: dict[str, Any] = json.loads(self.content)
        return read


class MinutesCorrection(Record):
    """A correction of approved minutes: an amendment beside them, by motion of a later meeting."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="corrections")
    corrected_on = day("corrected on", required=True)
    text = models.TextField(help_text="What is to be read instead of what.")
    motion = models.ForeignKey(
        Motion, models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name="by motion"
    )

    class Meta(Record.Meta):
        ordering = ["minutes", "corrected_on", "pk"]

    def __str__(self) -> str:
        return f"Correction of {in_words(self.corrected_on)}, {self.minutes}"

    def clean(self) -> None:
        """Only approved minutes are corrected this way; a draft is simply changed."""
        if self.minutes_id and not self.minutes.frozen:
            raise ValidationError(
                {"minutes": "These minutes are not approved yet: change the draft itself (Bylaws Art. VI §3)."}
            )
        if self.motion is not None and not self.motion.effective:
            raise ValidationError({"motion": "Choose a motion that carried."})


class MinutesRequest(Record):
    """Somebody asked for minutes, and what was answered (Bylaws Art. IV §6, VI §3)."""

    asked_on = day("asked on", required=True)
    asked_by = models.CharField(max_length=200, help_text="The agency or Board member that asks.")
    agency = models.ForeignKey(
        "membership.Agency", models.PROTECT, null=True, blank=True, related_name="minutes_requests"
    )
    meetings = models.ManyToManyField(Meeting, related_name="minutes_requests", help_text="Whose minutes.")
    answered_on = day("answered on")
    answer = models.CharField(max_length=300, blank=True, help_text="What was sent, and how.")

    class Meta(Record.Meta):
        verbose_name = "request for minutes"
        verbose_name_plural = "requests for minutes"
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_on__isnull=True) | models.Q(answered_on__gte=models.F("asked_on")),
                name="request_answered_after_asked",
                violation_error_message="The answer cannot come before the request.",
            ),
        ]

    def __str__(self) -> str:
        return f"Request of {in_words(self.asked_on)}, {self.asked_by}"
