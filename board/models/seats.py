"""The seats of the Board and the terms of office of those who sat in them."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models

from board.querysets import OfficeTermQuerySet, SeatQuerySet
from board.rules.terms import Office
from membership.models import Official
from membership.models.fields import choices, day, ends_after, one_of
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.records import Record

QUALIFYING = (Official.Capacity.CHIEF.value, Official.Capacity.DESIGNEE.value)


class Seat(Record):
    """One seat of the Board (Bylaws Art. IV §1). Who holds it on a day is computed from its terms of office."""

    office = models.CharField(max_length=16, choices=choices(Office))
    number = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1)], help_text="1 to 6 for the at-large seats."
    )

    objects: ClassVar = SeatQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "number"], name="seat_once", violation_error_message="There is such a seat already."
            ),
            one_of(Office, "seat_office_known", "office"),
        ]

    def __str__(self) -> str:
        label = self.kind.label
        return f"{label} {self.number}" if self.kind is Office.AT_LARGE else label

    @property
    def kind(self) -> Office:
        """The office, for the rules."""
        return Office(self.office)


class OfficeTerm(Record):
    """One person's term in one seat: how it began, when it would end, and how it did."""

    class How(models.TextChoices):
        """How a person came into the seat."""

        ELECTED = "elected", "Elected"
        APPOINTED = "appointed", "Appointed"
        SUCCEEDED = "succeeded", "Succeeded"
        BY_OFFICE = "by_office", "As the President who was succeeded"

    class AppointedBy(models.TextChoices):
        """Who appointed (Bylaws Art. IV §4, V §3)."""

        PRESIDENT = "president", "The President"
        PRESIDENT_AND_BOARD = "president_and_board", "The President, approved by the Board"
        MEETING = "meeting", "A special meeting"

    class Ended(models.TextChoices):
        """Why a term ended."""

        SUCCESSOR = "successor", "A successor was installed"
        RESIGNED = "resigned", "Resigned"
        SUCCEEDED = "succeeded", "Succeeded to the office of President"
        AGENCY = "agency", "The agency was no longer active"
        CAPACITY = "capacity", "No longer chief executive officer or designee"
        OTHER_SEAT = "other_seat", "Took another seat"
        DIED = "died", "Died"
        OTHER = "other", "Another reason"

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="terms")
    holder = models.ForeignKey(
        Official, models.PROTECT, related_name="office_terms", limit_choices_to={"capacity__in": QUALIFYING}
    )
    how = models.CharField("came in", max_length=10, choices=How.choices)
    appointed_by = models.CharField(max_length=20, choices=AppointedBy.choices, blank=True, default="")
    from_on = day("from", "First day in office.", required=True)
    until_on = day("term runs to", "First day out if nothing intervenes; the holder stays until a successor is in.")
    ended_on = day("left on", "First day out.")
    ended_why = models.CharField("why", max_length=10, choices=Ended.choices, blank=True, default="")
    remainder = models.BooleanField("for the remainder of a term", default=False)
    motion = models.ForeignKey(
        "board.Motion", models.PROTECT, null=True, blank=True, related_name="terms", verbose_name="by motion"
    )
    election = models.OneToOneField(
        "board.Election", models.PROTECT, null=True, blank=True, related_name="term", verbose_name="by election"
    )
    note = models.TextField(blank=True)

    objects: ClassVar = OfficeTermQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = "term of office"
        verbose_name_plural = "terms of office"
        ordering = ["seat", "-from_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seat"],
                condition=models.Q(ended_on__isnull=True),
                name="term_one_open_per_seat",
                violation_error_message="Somebody's term in this seat has not ended yet.",
            ),
            models.UniqueConstraint(
                fields=["seat", "from_on"],
                name="term_once_per_day",
                violation_error_message="A term in this seat already begins on this day.",
            ),
            ends_after("from_on", "ended_on", "term_ends_after_start", "The day out must come after the first day in."),
            ends_after("from_on", "until_on", "term_runs_after_start", "A term runs to a day after its first."),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True) | ~models.Q(ended_why=""),
                name="term_end_has_reason",
                violation_error_message="Say why the term ended.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.holder.name}, from {in_words(self.from_on)}"

    def clean(self) -> None:
        """Only a chief executive officer or designee sits on the Board; terms in one seat never overlap."""
        if self.holder_id and self.holder.capacity not in QUALIFYING:
            raise ValidationError(
                {
                    "holder": "A member of the Board is the chief executive officer or official designee of a "
                    "participating agency (Bylaws Art. IV §1)."
                }
            )
        if self.seat_id and self.from_on:
            self._must_not_overlap(self.from_on)

    def _must_not_overlap(self, from_on: date) -> None:
        others: models.QuerySet[Any] = OfficeTerm.objects.filter(seat=self.seat_id).exclude(pk=self.pk)
        if self.ended_on:
            others = others.filter(from_on__lt=self.ended_on)
        clash = others.filter(models.Q(ended_on__isnull=True) | models.Q(ended_on__gt=from_on)).first()
        if clash:
            raise ValidationError(
                f"{clash.holder.name} is in this seat from {in_words(clash.from_on)}"
                + (f" until {in_words(clash.ended_on)}" if clash.ended_on else " and has not left it")
                + ": terms in one seat never overlap."
            )

    @property
    def agency(self) -> Any:
        """The holder's agency."""
        return self.holder.agency
