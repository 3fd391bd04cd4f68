"""Incidents: who asked for aid and why, what was asked for, and who was asked, came, and went home, each timed."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from membership.models import Agency
from nipas_admin.shared.records import Record
from operations.models.cards import AlarmAssignment
from operations.models.catalogue import ResourceType
from operations.querysets import AidQuerySet, IncidentQuerySet
from operations.rules.cards import Wanted
from operations.rules.incidents import Course, Step, counts, step_of

USER = settings.AUTH_USER_MODEL


class Incident(Record):
    """An Emergency Situation for which a stricken agency asked for Mutual Aid (Agreement §2, 3.A)."""

    class Authority(models.TextChoices):
        """By whose authority aid was asked for."""

        SENIOR_OFFICER = "senior", "Senior officer present"
        DESIGNEE = "designee", "Designee of the senior officer present"

    year = models.PositiveSmallIntegerField(editable=False)
    number = models.PositiveIntegerField(editable=False)
    stricken = models.ForeignKey(Agency, models.PROTECT, related_name="incidents", verbose_name="stricken agency")
    nature = models.CharField(max_length=150, help_text="What happened: missing child, barricade, flood.")
    exceeds = models.CharField(
        "why it exceeds the agency's own capability", max_length=300, blank=True,
        help_text="Aid is asked for only in such an emergency (Agreement §3.D).",
    )  # fmt: skip
    requested_by = models.CharField(max_length=120, help_text="Who called, with rank and number.")
    authority = models.CharField(max_length=8, choices=Authority.choices, default=Authority.SENIOR_OFFICER)
    address = models.CharField("place", max_length=200, blank=True)
    latitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        max_digits=9, decimal_places=6, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip
    staging = models.CharField("staging area", max_length=200, blank=True)
    radio = models.CharField("radio channel", max_length=60, blank=True)
    hazards = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField("opened", editable=False)
    opened_by = models.ForeignKey(USER, models.PROTECT, related_name="+", editable=False)
    closed_at = models.DateTimeField("closed", null=True, blank=True, editable=False)
    assignment = models.ForeignKey(
        AlarmAssignment, models.PROTECT, null=True, blank=True, related_name="incidents", editable=False,
        verbose_name="alarm card",
    )  # fmt: skip
    level = models.PositiveSmallIntegerField("alarm level", null=True, blank=True, editable=False)
    note = models.TextField(blank=True)

    objects: ClassVar = IncidentQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="incident_number_once"),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="incident_both_coordinates",
                violation_error_message="Give both latitude and longitude, or neither.",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | models.Q(closed_at__gte=models.F("opened_at")),
                name="incident_closed_after_opened",
                violation_error_message="An incident is closed after it was opened.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}, {self.stricken}"

    @property
    def reference(self) -> str:
        """As spoken and printed: ``2026-0031``."""
        return f"{self.year}-{self.number:04}"

    @property
    def is_open(self) -> bool:
        """True until it is closed."""
        return self.closed_at is None

    @property
    def scene(self) -> tuple[float, float] | None:
        """Where it is, in degrees: its own coordinates, or else those of the stricken agency; None without either."""
        for place in (self, self.stricken):
            if place.latitude is not None and place.longitude is not None:
                return float(place.latitude), float(place.longitude)
        return None


class RequestLine(Record):
    """What the stricken agency wants: so many of a type, at least and at most."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="lines")
    type = models.ForeignKey(ResourceType, models.PROTECT, related_name="+", verbose_name="what")
    least = models.PositiveIntegerField("at least", validators=[MinValueValidator(1), MaxValueValidator(10_000)])
    most = models.PositiveIntegerField("at most", validators=[MinValueValidator(1), MaxValueValidator(10_000)])
    note = models.CharField("exactly", max_length=200, blank=True, help_text="What to send, and for what.")
    requested_at = models.DateTimeField("asked for", editable=False)

    class Meta(Record.Meta):
        ordering = ["incident", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(most__gte=models.F("least")), name="request_line_range_in_order",
                violation_error_message="A range goes from fewer to more: 15–20.",
            ),
            models.CheckConstraint(condition=models.Q(least__gte=1), name="request_line_at_least_one"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.wanted.said} {self.type}"

    @property
    def wanted(self) -> Wanted:
        """For the rules."""
        return Wanted(self.pk or 0, self.type.key, self.least, self.most)


class Aid(Record):
    """One agency asked for one line: what it answered, and its way to the scene and home (Agreement §3.A–D)."""

    class Declined(models.TextChoices):
        """Why an agency does not come (Agreement §3.B)."""

        LOCAL_CONDITIONS = "local", "Local conditions prohibit response"
        OTHER = "other", "Another reason"

    class Released(models.TextChoices):
        """Why it went home (Agreement §3.D)."""

        RESOLVED = "resolved", "The stricken agency can handle it"
        OWN_DECISION = "own", "The aiding agency so decided"

    line = models.ForeignKey(RequestLine, models.PROTECT, related_name="aid")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="aid_given", verbose_name="aiding agency")
    resource = models.ForeignKey(
        "operations.Resource", models.PROTECT, null=True, blank=True, related_name="aid", editable=False
    )
    quantity = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    miles = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True, editable=False)
    was_stale = models.BooleanField("stale when asked", default=False, editable=False)
    beyond = models.BooleanField(
        "beyond the register", default=False, editable=False,
        help_text="A person's word: more than its list says it can send.",
    )  # fmt: skip
    asked_at = models.DateTimeField("asked", editable=False)
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+", editable=False)
    accepted_at = models.DateTimeField("accepted", null=True, blank=True, editable=False)
    en_route_at = models.DateTimeField("en route", null=True, blank=True, editable=False)
    on_scene_at = models.DateTimeField("on scene", null=True, blank=True, editable=False)
    position = models.CharField("position assigned", max_length=120, blank=True)
    released_at = models.DateTimeField("released", null=True, blank=True, editable=False)
    released_because = models.CharField(max_length=8, choices=Released.choices, blank=True, default="", editable=False)
    declined_at = models.DateTimeField("declined", null=True, blank=True, editable=False)
    declined_because = models.CharField(max_length=8, choices=Declined.choices, blank=True, default="", editable=False)
    reason = models.CharField("in words", max_length=200, blank=True)
    told_stricken_at = models.DateTimeField("stricken agency told", null=True, blank=True, editable=False)
    no_answer_at = models.DateTimeField("no answer", null=True, blank=True, editable=False)
    called_off_at = models.DateTimeField("called off", null=True, blank=True, editable=False)

    objects: ClassVar = AidQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["line", "pk"]
        verbose_name_plural = "aid"
        constraints = [
            models.UniqueConstraint(
                fields=["line", "agency"], name="aid_asked_once",
                violation_error_message="This agency was asked for this already: its answer stands on its line.",
            ),
            models.CheckConstraint(
                condition=models.Q(released_at__isnull=True) | models.Q(on_scene_at__isnull=False),
                name="aid_released_after_arrival",
                violation_error_message="An agency is released after it arrived; before, it is called off.",
            ),
            models.CheckConstraint(
                condition=models.Q(declined_at__isnull=True) | ~models.Q(declined_because=""),
                name="aid_declined_with_reason",
                violation_error_message="A lawful no has its reason (Agreement §3.B).",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.agency}: {self.quantity} {self.line.type}"

    def clean(self) -> None:
        """Nobody comes to its own aid."""
        if self.line_id and self.agency_id == self.line.incident.stricken_id:
            raise ValidationError({"agency": "The stricken agency is not asked for aid to itself."})

    @property
    def course(self) -> Course:
        """The moments on record, for the rules."""
        return Course(
            self.asked_at, self.accepted_at, self.en_route_at, self.on_scene_at, self.released_at, self.declined_at,
            self.no_answer_at, self.called_off_at,
        )  # fmt: skip

    @property
    def step(self) -> Step:
        """Where it is."""
        return step_of(self.course)

    @property
    def left_itself(self) -> bool:
        """True once it went home by its own decision, so that what it sent is wanted again."""
        return self.step is Step.RELEASED and self.released_because == self.Released.OWN_DECISION

    @property
    def counts(self) -> bool:
        """True where it fills its line."""
        return counts(self.step, left_itself=self.left_itself)


class IncidentNote(Record):
    """A remark on the timeline of an incident."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="notes")
    at = models.DateTimeField(editable=False)
    text = models.CharField(max_length=500)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", editable=False)

    class Meta(Record.Meta):
        ordering = ["incident", "at", "pk"]

    def __str__(self) -> str:
        return self.text
