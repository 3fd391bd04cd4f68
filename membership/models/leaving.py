"""Termination Notices and the Board's proceedings against an agency."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from membership.models.fields import day, paper
from membership.models.participation import Participation
from membership.querysets import NoticeQuerySet
from membership.rules.facts import Notice
from membership.rules.leaving import Ground, Outcome, ProceedingFacts
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.records import Record


class TerminationNotice(Record):
    """A written notice by which an agency withdraws (Agreement §4.A); its receipt fixes its effective day."""

    class Received(models.TextChoices):
        """Who took it in; received by the Secretary or the office is received by the Board."""

        BOARD = "board", "The Board"
        SECRETARY = "secretary", "The Secretary"
        OFFICE = "office", "The office"

    participation = models.ForeignKey(Participation, models.PROTECT, related_name="notices")
    dated_on = day("date of the letter", "Recorded; the day of receipt governs.")
    received_on = day("received on", "The day it reached the Board, its Secretary or the office.", required=True)
    received_by = models.CharField(max_length=10, choices=Received.choices, default=Received.OFFICE)
    signed_by = models.CharField(max_length=120, blank=True)
    scan = paper("scan")
    effective_on = day("first day out", editable=False, required=True)
    rescinded_on = day("rescinded on", "The day the Board agreed to let it go (Reading R8).")
    rescission_paper = paper("paper of the rescission")
    note = models.TextField(blank=True)

    objects: ClassVar = NoticeQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = "Termination Notice"
        verbose_name_plural = "Termination Notices"
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "received_on"],
                name="notice_once_a_day",
                violation_error_message="A notice received on this day is already recorded.",
            ),
            models.CheckConstraint(
                condition=models.Q(effective_on__gt=models.F("received_on")), name="notice_effective_after_receipt"
            ),
            models.CheckConstraint(
                condition=models.Q(rescinded_on__isnull=True)
                | (
                    models.Q(rescinded_on__lt=models.F("effective_on"))
                    & models.Q(rescinded_on__gte=models.F("received_on"))
                ),
                name="notice_rescinded_while_it_runs",
                violation_error_message="A notice can be rescinded only from the day it was received until the "
                "day before it takes effect (Reading R8).",
            ),
        ]

    def __str__(self) -> str:
        return f"Termination Notice of {self.participation.agency}, received {in_words(self.received_on)}"

    @property
    def notice(self) -> Notice:
        """For the rules."""
        return Notice(self.received_on, self.effective_on, self.rescinded_on)


class Proceeding(Record):
    """The Board's proceeding to suspend or terminate (Agreement §4.B–C, Bylaws Art. III §8–9)."""

    participation = models.ForeignKey(Participation, models.PROTECT, related_name="proceedings")
    ground = models.CharField(
        max_length=12,
        choices=[
            (Ground.OBLIGATIONS.value, "Obligations not met (Bylaws Art. III §8)"),
            (Ground.DETRIMENT.value, "Detrimental behavior (Bylaws Art. III §9)"),
        ],
    )
    opened_on = day("opened on", required=True)
    reason = models.TextField(help_text="What the agency is said to have done or left undone.")
    notified_on = day("agency notified on")
    notification = paper("scan of the notification")
    hearing_on = day("hearing", "The day the agency had an opportunity to appear, whether it came or not.")
    waived_on = day("hearing waived on")
    outcome = models.CharField(
        max_length=12,
        choices=[
            (Outcome.TERMINATED.value, "Terminated"),
            (Outcome.SUSPENDED.value, "Suspended"),
            (Outcome.DISMISSED.value, "Dismissed"),
        ],
        blank=True,
        default="",
    )
    decided_on = day("decided on")
    votes_for = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(null=True, blank=True)
    in_office = models.PositiveSmallIntegerField("Board members in office", null=True, blank=True)
    decision_paper = paper("paper of the decision")
    named_on = day(
        "day the motion names",
        "First day of the suspension or termination. Blank: the day after the vote (Reading R20).",
    )
    effective_on = day("first day", editable=False)
    suspended_until_on = day("first day back", "Blank while the suspension is open.")
    note = models.TextField(blank=True)

    class Meta(Record.Meta):
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(suspended_until_on__isnull=True)
                | (models.Q(outcome="suspended") & models.Q(suspended_until_on__gt=models.F("effective_on"))),
                name="proceeding_first_day_back_after_first_day",
                violation_error_message="The first day back must come after the first day of the suspension.",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome__in=["terminated", "suspended"])
                | models.Q(effective_on__isnull=False, decided_on__isnull=False),
                name="proceeding_decision_has_days",
                violation_error_message="A suspension or termination needs the day of the decision.",
            ),
            models.CheckConstraint(
                condition=~models.Q(ground="obligations", outcome="suspended"),
                name="proceeding_no_suspension_for_obligations",
                violation_error_message="For unmet obligations the Board may terminate, never suspend (Bylaws "
                "Art. III §8).",
            ),
        ]

    def __str__(self) -> str:
        return f"Proceeding against {self.participation.agency}, opened {in_words(self.opened_on)}"

    def clean(self) -> None:
        """Notified before the hearing."""
        if self.notified_on and self.hearing_on and self.hearing_on <= self.notified_on:
            raise ValidationError({"hearing_on": "The agency must be notified before the hearing (Agreement §4.C)."})

    @property
    def suspends(self) -> bool:
        """True for a decided suspension."""
        return self.outcome == Outcome.SUSPENDED.value

    @property
    def facts(self) -> ProceedingFacts:
        """For the rules."""
        return ProceedingFacts(
            ground=Ground(self.ground),
            outcome=Outcome(self.outcome),
            notified_on=self.notified_on,
            hearing_on=self.hearing_on,
            waived_on=self.waived_on,
            decided_on=self.decided_on,
            votes_for=self.votes_for,
            in_office=self.in_office,
        )
