"""Readiness inquiries: who would come, and how fast. Not binding, for emergencies only."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models

from membership.models import Agency, SpecializedTeam
from membership.models.fields import choices, one_of
from nipas_admin.shared.records import Record
from operations.querysets import InvitationQuerySet
from operations.rules.readiness import Answered, Reply


class ReadinessInquiry(Record):
    """A question to the agencies of a team, or to agencies chosen: would you come, with how many, how fast?"""

    title = models.CharField(max_length=150)
    scenario = models.TextField(help_text="What could happen, where, and what would be asked for.")
    asked_for = models.CharField(
        "asked by", max_length=150, blank=True, help_text="The body that asks; it need not be a member."
    )
    team = models.ForeignKey(
        SpecializedTeam, models.PROTECT, null=True, blank=True, related_name="inquiries",
        help_text="Blank when agencies are chosen one by one.",
    )  # fmt: skip
    asked_at = models.DateTimeField("asked", editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    closes_at = models.DateTimeField("answers until")

    class Meta(Record.Meta):
        ordering = ["-asked_at"]
        verbose_name_plural = "readiness inquiries"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("asked_at")), name="inquiry_closes_after_it_is_asked",
                violation_error_message="Leave time to answer: it closes after it is asked.",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class ReadinessInvitation(Record):
    """One agency asked, and what its chief or sheriff answered, by the link or through the coordinator."""

    inquiry = models.ForeignKey(ReadinessInquiry, models.PROTECT, related_name="invitations")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="inquiries")
    secret = models.CharField("SHA-256 of its link", max_length=64, unique=True, editable=False)
    reminded_at = models.DateTimeField("reminded", null=True, blank=True, editable=False)
    reply = models.CharField(max_length=10, choices=choices(Reply), blank=True, default="")
    people = models.PositiveSmallIntegerField("how many", null=True, blank=True, validators=[MaxValueValidator(999)])
    hours = models.PositiveSmallIntegerField("within hours", null=True, blank=True, validators=[MaxValueValidator(240)])
    reason = models.CharField("condition or reason", max_length=300, blank=True)
    replied_at = models.DateTimeField("answered", null=True, blank=True, editable=False)
    replied_by = models.CharField("answered by", max_length=120, blank=True, help_text="Chief, sheriff or designee.")
    by_coordinator = models.BooleanField("entered by the coordinator", default=False, editable=False)

    objects: ClassVar = InvitationQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["inquiry", "agency__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["inquiry", "agency"], name="invitation_once",
                violation_error_message="This agency is asked already.",
            ),
            one_of(Reply, "invitation_reply_known", "reply", blank=True),
            models.CheckConstraint(
                condition=~models.Q(reply="condition") | ~models.Q(reason=""), name="invitation_condition_named",
                violation_error_message="Name the condition.",
            ),
            models.CheckConstraint(
                condition=models.Q(reply="") | models.Q(replied_at__isnull=False), name="invitation_reply_has_moment"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.agency}: {self.get_reply_display() or 'no answer yet'}"

    @property
    def answered(self) -> Answered | None:
        """For the rules; None while there is no answer."""
        return Answered(Reply(self.reply), self.people or 0, self.hours) if self.reply else None
