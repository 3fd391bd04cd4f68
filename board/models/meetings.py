"""Meetings, their agenda, the entitled roll and who was there."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from board.models.bylaws import BylawsVersion
from board.models.seats import Seat
from board.querysets import AgendaItemQuerySet, AttendanceQuerySet, MeetingQuerySet, RollEntryQuerySet
from board.rules.motions import Gathering
from board.rules.quorum import Presence
from board.rules.terms import Body
from membership.models import Agency, Official
from membership.models.fields import choices, day, one_of, paper
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.records import Record


class Meeting(Record):
    """A meeting of the Board or of the agencies, from its call to its adjournment (Bylaws Art. XI)."""

    class State(models.TextChoices):
        """Where a meeting is; each state follows from the moments recorded."""

        SCHEDULED = "scheduled", "Scheduled"
        IN_SESSION = "in_session", "In session"
        SUSPENDED = "suspended", "Suspended"
        ADJOURNED = "adjourned", "Adjourned"
        CANCELLED = "cancelled", "Cancelled"

    class CalledBy(models.TextChoices):
        """Who called it (Bylaws Art. XI §1–4)."""

        PRESIDENT = "president", "The President"
        BOARD = "board", "The Board"

    kind = models.CharField(max_length=10, choices=choices(Gathering))
    called_by = models.CharField(max_length=10, choices=CalledBy.choices, default=CalledBy.PRESIDENT)
    starts_at = models.DateTimeField("called for", help_text="Day and hour in Chicago.")
    place = models.CharField(max_length=200, help_text="Where it meets, with the address.")
    remote_access = models.CharField(
        max_length=300, blank=True, help_text="How to take part from afar, if that is offered."
    )
    regular = models.BooleanField(
        "regular meeting",
        default=True,
        help_text="Off for one called out of turn; the open-meetings clocks count regular ones.",
    )
    purpose = models.TextField(
        "business named in the call", blank=True, help_text="A special meeting does only this business."
    )
    notice_on = day("notice sent on")
    notice_to = models.CharField("sent to", max_length=300, blank=True, help_text="To whom and how.")
    agenda_posted_at = models.DateTimeField("agenda posted", null=True, blank=True)
    bylaws = models.ForeignKey(
        BylawsVersion, models.PROTECT, null=True, blank=True, related_name="meetings", editable=False,
        verbose_name="runs under",
    )  # fmt: skip
    called_to_order_at = models.DateTimeField("called to order", null=True, blank=True, editable=False)
    adjourned_at = models.DateTimeField("adjourned", null=True, blank=True, editable=False)
    cancelled_on = day("cancelled on", editable=False)
    cancelled_because = models.CharField("because", max_length=300, blank=True, editable=False)
    entitled = models.PositiveIntegerField(
        "entitled members",
        null=True,
        blank=True,
        editable=False,
        help_text="On the roll, as frozen at the call to order.",
    )
    presiding = models.ForeignKey(
        Official, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="presiding officer"
    )
    presiding_as = models.CharField("presides as", max_length=80, blank=True)
    secretary = models.ForeignKey(
        Official, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="secretary of the meeting"
    )
    quorum_by_hand = models.BooleanField(
        "quorum, as recorded by hand",
        null=True,
        blank=True,
        help_text="Only under bylaws whose figures are not known.",
    )
    by_hand_because = models.CharField("source of what is recorded by hand", max_length=300, blank=True)
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    note = models.TextField(blank=True)

    objects: ClassVar = MeetingQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["-starts_at", "-pk"]
        constraints = [
            one_of(Gathering, "meeting_kind_known", "kind"),
            models.UniqueConstraint(
                fields=["kind", "starts_at"],
                name="meeting_once",
                violation_error_message="A meeting of this kind is already called for this hour.",
            ),
            models.CheckConstraint(
                condition=models.Q(adjourned_at__isnull=True)
                | models.Q(adjourned_at__gte=models.F("called_to_order_at")),
                name="meeting_adjourned_after_order",
                violation_error_message="A meeting is adjourned after it was called to order.",
            ),
            models.CheckConstraint(
                condition=models.Q(called_to_order_at__isnull=True) | models.Q(bylaws__isnull=False),
                name="meeting_runs_under_bylaws",
            ),
            models.CheckConstraint(
                condition=models.Q(cancelled_on__isnull=True) | models.Q(called_to_order_at__isnull=True),
                name="meeting_cancelled_before_order",
                violation_error_message="A meeting that was called to order is adjourned, not cancelled.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gathering.label}, {in_words(self.on)}"

    def clean(self) -> None:
        """A special meeting names its business; no meeting on a day that no bylaws cover."""
        if self.kind == Gathering.SPECIAL.value and not self.purpose.strip():
            raise ValidationError(
                {"purpose": "Name the business: a special meeting does only what its call names (Bylaws Art. XI §4)."}
            )
        called_for: datetime | None = self.starts_at
        if self.pk and self.called_to_order_at is not None:
            before = Meeting.objects.get(pk=self.pk)
            if before.called_to_order_at is not None and (before.kind, before.starts_at) != (self.kind, called_for):
                raise ValidationError("The meeting was called to order: its kind and its hour stay as they were.")
        if called_for is not None and not self.bylaws_id:
            try:
                BylawsVersion.objects.governing_on(self.on)
            except ValidationError as refusal:
                raise ValidationError({"starts_at": refusal.messages}) from refusal

    @property
    def gathering(self) -> Gathering:
        """Its kind, for the rules."""
        return Gathering(self.kind)

    @property
    def body(self) -> Body:
        """Who meets, for the rules."""
        return self.gathering.body

    @property
    def on(self) -> date:
        """Its day in Chicago: the day it was called to order, before that the day it is called for."""
        return timezone.localtime(self.called_to_order_at or self.starts_at).date()

    @property
    def call_is_out(self) -> bool:
        """True for a special meeting whose notice was sent, or which has begun: its call names nothing more."""
        begun = self.called_to_order_at is not None or self.notice_on is not None
        return self.gathering is Gathering.SPECIAL and begun

    @property
    def state(self) -> str:
        """Where it is, from the moments recorded."""
        if self.cancelled_on:
            return self.State.CANCELLED
        if self.adjourned_at:
            return self.State.ADJOURNED
        if self.called_to_order_at is None:
            return self.State.SCHEDULED
        if any(pause.until_at is None for pause in self.pauses.all()):
            return self.State.SUSPENDED
        return self.State.IN_SESSION

    @property
    def in_session(self) -> bool:
        """True between call to order and adjournment, unless suspended."""
        return self.state == self.State.IN_SESSION


class Pause(Record):
    """A time in which a meeting stood still: suspended for police work (Bylaws Art. XI §3), or a recess."""

    class Why(models.TextChoices):
        """Why it stood still."""

        POLICE_WORK = "police_work", "Suspended for law-enforcement activities"
        RECESS = "recess", "Recess"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="pauses")
    why = models.CharField(max_length=12, choices=Why.choices)
    from_at = models.DateTimeField("from")
    until_at = models.DateTimeField("until", null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta(Record.Meta):
        ordering = ["meeting", "from_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=models.Q(until_at__isnull=True),
                name="pause_one_open",
                violation_error_message="The meeting already stands still.",
            ),
            models.CheckConstraint(
                condition=models.Q(until_at__isnull=True) | models.Q(until_at__gt=models.F("from_at")),
                name="pause_ends_after_start",
                violation_error_message="The meeting goes on after it stood still: give a later time.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_why_display()


class AgendaItem(Record):
    """One item of the agenda; items lie in a tree. The Secretary's paragraph for the minutes hangs on it."""

    class Source(models.TextChoices):
        """How it came on the agenda."""

        ENTERED = "entered", "Entered"
        CARRIED_OVER = "carried_over", "Carried over"
        OBJECTION = "objection", "Open objection"
        MINUTES = "minutes", "Minutes to approve"
        PLAN = "plan", "Operational plan due"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    position = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    detail = models.TextField(blank=True)
    minutes_allotted = models.PositiveSmallIntegerField("minutes allotted", null=True, blank=True)
    sponsor = models.CharField(max_length=120, blank=True, help_text="Who brings it.")
    named_in_call = models.BooleanField(
        "named in the call", default=True, help_text="A special meeting may take up only such items."
    )
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.ENTERED, editable=False)
    came_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="carried_to", editable=False,
        verbose_name="carried over from",
    )  # fmt: skip
    objection = models.ForeignKey(
        "board.Objection", models.PROTECT, null=True, blank=True, related_name="agenda_items", editable=False
    )
    minutes_of = models.ForeignKey(
        "board.Minutes", models.PROTECT, null=True, blank=True, related_name="agenda_items", editable=False
    )
    plan = models.ForeignKey(
        "board.OperationalPlan", models.PROTECT, null=True, blank=True, related_name="agenda_items", editable=False
    )
    carry_over = models.BooleanField(
        "carry over", default=False, help_text="Not finished: put it on the next agenda of the same body."
    )
    dropped = models.BooleanField("left out", default=False, help_text="Taken off the agenda.")
    minutes_text = models.TextField(
        "paragraph for the minutes", blank=True, help_text="What was done, not what was said. Markdown."
    )

    objects: ClassVar = AgendaItemQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["meeting", "position", "pk"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """A sub-item belongs to an item of the same meeting, and none lies under itself; approved minutes stay."""
        above = self.parent
        while above is not None:
            if self.pk and above.pk == self.pk:
                raise ValidationError({"parent": "An item cannot lie under itself."})
            if above.meeting_id != self.meeting_id:
                raise ValidationError({"parent": "Choose an item of the same meeting."})
            above = above.parent
        minutes = getattr(self.meeting, "minutes", None) if self.meeting_id else None
        if minutes is not None and minutes.frozen and self._changed_since_frozen():
            raise ValidationError(
                "The minutes of this meeting are approved and stay as they are. Record a correction instead "
                "(Bylaws Art. VI §3)."
            )

    def _changed_since_frozen(self) -> bool:
        before = AgendaItem.objects.filter(pk=self.pk).first() if self.pk else None
        return before is None or (before.title, before.minutes_text) != (self.title, self.minutes_text)


class RollEntry(Record):
    """One entitled member of a meeting's roll, frozen at the call to order: an agency, or a Board member in office."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="roll")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="roll_entries")
    seat = models.ForeignKey(
        Seat, models.PROTECT, null=True, blank=True, related_name="roll_entries", help_text="At a Board meeting."
    )
    name = models.CharField(
        "name on the roll", max_length=200, help_text="As at the call to order: the agency, or the Board member."
    )
    entitled = models.BooleanField(default=True)
    settled_because = models.CharField(
        "settled because", max_length=300, blank=True,
        help_text="Why the Secretary counts it, or does not, where its status was not determined.",
    )  # fmt: skip
    representative = models.CharField(
        max_length=120, blank=True, help_text="Who answers for it: chief executive officer or designee."
    )
    official = models.ForeignKey(
        Official, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="official on record"
    )
    designation = paper("designation on file", "The chief executive officer's paper that names the designee.")
    recused = models.CharField("recusal noted", max_length=300, blank=True)

    objects: ClassVar = RollEntryQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = "entry of the roll"
        verbose_name_plural = "entries of the roll"
        ordering = ["meeting", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "agency"],
                condition=models.Q(seat__isnull=True),
                name="roll_agency_once",
                violation_error_message="This agency is already on the roll of this meeting.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "seat"],
                condition=models.Q(seat__isnull=False),
                name="roll_seat_once",
                violation_error_message="This seat is already on the roll of this meeting.",
            ),
        ]
        indexes = [models.Index(fields=["meeting", "name"], name="roll_by_name")]

    def __str__(self) -> str:
        return self.name


class Attendance(Record):
    """One stay of an entitled member in the room: arrived and left, in person or from afar."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendances", editable=False)
    entry = models.ForeignKey(RollEntry, models.PROTECT, related_name="attendances")
    arrived_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    remote = models.BooleanField("from afar", default=False)
    undone = models.BooleanField(
        default=False, help_text="A slip of the hand: it counts for nothing, and stays in history."
    )

    objects: ClassVar = AttendanceQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name_plural = "attendance"
        ordering = ["meeting", "arrived_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"],
                condition=models.Q(left_at__isnull=True, undone=False),
                name="attendance_one_open",
                violation_error_message="Already marked as present.",
            ),
            models.CheckConstraint(
                condition=models.Q(left_at__isnull=True) | models.Q(left_at__gte=models.F("arrived_at")),
                name="attendance_leaves_after_arriving",
                violation_error_message="Nobody leaves before arriving.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["meeting"],
                condition=models.Q(left_at__isnull=True, undone=False),
                name="attendance_in_the_room",
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry}"

    @property
    def presence(self) -> Presence:
        """For the rules."""
        return Presence(self.arrived_at, self.left_at)
