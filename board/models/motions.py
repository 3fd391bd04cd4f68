"""Motions and the votes on them."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from board.models.bylaws import BylawsVersion
from board.models.meetings import AgendaItem, Meeting, RollEntry
from board.models.seats import Seat
from board.querysets import MotionQuerySet, VoteQuerySet
from board.rules.motions import KINDS, REMOVALS, Kind
from board.rules.quorum import House
from board.rules.terms import Body, Decision
from board.rules.votes import Tally
from membership.models import Application, Official, Proceeding
from membership.models.fields import choices, day, one_of, paper
from membership.rules.leaving import Outcome
from nipas_admin.shared.dated import day_after, in_words
from nipas_admin.shared.records import Record


class Motion(Record):
    """A motion from its being made to its outcome, and what the outcome did."""

    class State(models.TextChoices):
        """Where a motion is."""

        PENDING = "pending", "Pending"
        VOTING = "voting", "Voting"
        CARRIED = "carried", "Carried"
        FAILED = "failed", "Failed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Method(models.TextChoices):
        """How the vote was taken."""

        ROLL_CALL = "roll_call", "Roll call"
        COUNTED = "counted", "Counted"
        VOICE = "voice", "Voice"
        BY_HAND = "by_hand", "Recorded by hand"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="motions")
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="motions", verbose_name="agenda item"
    )
    number = models.PositiveSmallIntegerField(editable=False)
    kind = models.CharField(max_length=24, choices=choices(Kind), default=Kind.ORDINARY.value)
    text = models.TextField("text of the motion", help_text="As the presiding officer states it.")
    mover = models.ForeignKey(
        RollEntry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="moved by"
    )
    seconder = models.ForeignKey(
        RollEntry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="seconded by"
    )
    amends = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="amendments")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING, editable=False)

    # What it is about
    application = models.ForeignKey(Application, models.PROTECT, null=True, blank=True, related_name="motions")
    proceeding = models.ForeignKey(Proceeding, models.PROTECT, null=True, blank=True, related_name="motions")
    proposes = models.CharField(
        max_length=12,
        choices=[(Outcome.TERMINATED.value, "Termination"), (Outcome.SUSPENDED.value, "Suspension")],
        blank=True,
        default="",
    )
    named_on = day("first day named", "Blank: the day after the vote (Reading R20).")
    back_on = day("first day back", "Of a suspension; blank while it is open.")
    objection = models.ForeignKey("board.Objection", models.PROTECT, null=True, blank=True, related_name="motions")
    minutes = models.ForeignKey("board.Minutes", models.PROTECT, null=True, blank=True, related_name="motions")
    proposed_bylaws = models.ForeignKey(
        BylawsVersion, models.PROTECT, null=True, blank=True, related_name="proposed_in",
        help_text="The version as it would read, recorded as not in force yet.",
    )  # fmt: skip
    sent_on = day("text sent to all on", "To all participating agencies (Bylaws Art. XV §1).")
    sent_paper = paper("paper of the sending")
    recommended_on = day("Board's recommendation reported on", "Bylaws Art. XV §2.")
    recommendation = models.CharField("Board's recommendation", max_length=300, blank=True)
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, blank=True, related_name="motions")
    nominee = models.ForeignKey(Official, models.PROTECT, null=True, blank=True, related_name="appointment_motions")
    payee = models.CharField(max_length=120, blank=True, help_text="Who is to be paid (Bylaws Art. IX).")

    # The vote
    method = models.CharField(max_length=10, choices=Method.choices, blank=True, default="", editable=False)
    bylaws = models.ForeignKey(
        BylawsVersion, models.PROTECT, null=True, blank=True, related_name="motions", editable=False,
        verbose_name="decided under",
    )  # fmt: skip
    put_at = models.DateTimeField("put to the vote", null=True, blank=True, editable=False)
    decided_at = models.DateTimeField("result declared", null=True, blank=True, editable=False)
    ayes = models.PositiveIntegerField("for", null=True, blank=True, editable=False)
    nays = models.PositiveIntegerField("against", null=True, blank=True, editable=False)
    abstentions = models.PositiveIntegerField("abstained", null=True, blank=True, editable=False)
    present = models.PositiveIntegerField("present at the vote", null=True, blank=True, editable=False)
    entitled = models.PositiveIntegerField("entitled", null=True, blank=True, editable=False)
    seats = models.PositiveSmallIntegerField("seats of the Board", null=True, blank=True, editable=False)
    by_hand_because = models.CharField(
        "recorded by hand because", max_length=300, blank=True, editable=False,
        help_text="Under bylaws whose figures are not known: what shows the outcome.",
    )  # fmt: skip

    # What became of it
    out_of_order = models.BooleanField(default=False, editable=False)
    out_of_order_because = models.TextField("out of order because", blank=True, editable=False)
    stands = models.BooleanField("a person decided that it stands", null=True, blank=True, editable=False)
    stands_because = models.CharField("because", max_length=300, blank=True, editable=False)
    acted_at = models.DateTimeField("took effect in the register", null=True, blank=True, editable=False)
    acted = models.CharField("what it did", max_length=300, blank=True, editable=False)

    objects: ClassVar = MotionQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["meeting", "number"]
        constraints = [
            one_of(Kind, "motion_kind_known", "kind"),
            models.UniqueConstraint(fields=["meeting", "number"], name="motion_number_once"),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=models.Q(state="voting"),
                name="motion_one_at_a_time",
                violation_error_message="Another motion is being voted on.",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["carried", "failed"])
                | models.Q(decided_at__isnull=False, bylaws__isnull=False),
                name="motion_decided_has_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(acted_at__isnull=True) | models.Q(state="carried"), name="motion_acts_when_carried"
            ),
            models.CheckConstraint(
                condition=models.Q(stands__isnull=True) | ~models.Q(stands_because=""),
                name="motion_settled_with_reason",
                violation_error_message="Say why: the decision and its reason go on the record.",
            ),
        ]

    def __str__(self) -> str:
        return f"Motion {self.number}, {self.meeting}"

    def clean(self) -> None:
        """What the kind asks for; who moves is on the roll of this meeting."""
        wanted = {
            Kind.ADMISSION: ("application", "the application that the Board decides (Bylaws Art. III §4)"),
            Kind.TERMINATION_OBLIGATIONS: ("proceeding", "the proceeding against the agency (Agreement §4.B)"),
            Kind.REMOVAL_DETRIMENT: ("proceeding", "the proceeding against the agency (Agreement §4.C)"),
            Kind.BYLAWS_AMENDMENT: ("proposed_bylaws", "the version as it would read (Bylaws Art. XV)"),
            Kind.ADOPTION: ("proposed_bylaws", "the version to be adopted (Agreement §5.A.5)"),
            Kind.APPOINTMENT: ("nominee", "who is appointed (Bylaws Art. V)"),
            Kind.OBJECTION: ("objection", "the objection (Bylaws Art. IV §8)"),
            Kind.MINUTES: ("minutes", "the minutes to approve (Bylaws Art. VI §3)"),
            Kind.AMEND_MOTION: ("amends", "the motion that it would change"),
        }.get(Kind(self.kind))
        if wanted and getattr(self, f"{wanted[0]}_id") is None:
            raise ValidationError({wanted[0]: f"Choose {wanted[1]}."})
        if Kind(self.kind) is Kind.APPOINTMENT and self.seat_id is None:
            raise ValidationError({"seat": "Choose the seat that is filled (Bylaws Art. V)."})
        if Kind(self.kind) in REMOVALS and not self.proposes:
            raise ValidationError({"proposes": "Say whether it proposes suspension or termination."})
        if Kind(self.kind) is Kind.TERMINATION_OBLIGATIONS and self.proposes == Outcome.SUSPENDED.value:
            raise ValidationError(
                {"proposes": "For unmet obligations the Board may terminate, never suspend (Bylaws Art. III §8)."}
            )
        self._days_in_order()
        for name in ("mover", "seconder"):
            entry = getattr(self, name)
            if entry is not None and entry.meeting_id != self.meeting_id:
                raise ValidationError({name: "Choose somebody on the roll of this meeting."})
        if self.mover_id and self.mover_id == self.seconder_id:
            raise ValidationError({"seconder": "A motion is seconded by another than its mover."})
        if self.item is not None and self.item.meeting_id != self.meeting_id:
            raise ValidationError({"item": "Choose an item on the agenda of this meeting."})
        if self.amends is not None and self.amends.meeting_id != self.meeting_id:
            raise ValidationError({"amends": "Choose a motion of this meeting."})

    def _days_in_order(self) -> None:
        """Nothing takes effect before the vote (Reading R20), and who is suspended comes back after leaving."""
        if not self.meeting_id:
            return
        met: date = self.meeting.on
        first: date | None = self.named_on
        back: date | None = self.back_on
        if first is not None and first < met:
            raise ValidationError(
                {"named_on": f"The vote is on {in_words(met)}: it cannot take effect before (Reading R20)."}
            )
        if back is not None and back <= (first or day_after(met)):
            raise ValidationError({"back_on": "The first day back comes after the first day out."})

    @property
    def what(self) -> Kind:
        """Its kind, for the rules."""
        return Kind(self.kind)

    @property
    def decision(self) -> Decision:
        """Which threshold governs it."""
        return KINDS[self.what].decided_by(self.meeting.body)

    @property
    def decided(self) -> bool:
        """Has its result been declared?"""
        return self.state in (self.State.CARRIED, self.State.FAILED)

    @property
    def effective(self) -> bool:
        """Did it carry, and does it count: in order, or held by a person to stand?"""
        return self.state == self.State.CARRIED and (not self.out_of_order or self.stands is True)

    @property
    def tally(self) -> Tally | None:
        """The votes as counted; None for one by voice, or not taken. A roll call is counted from its votes."""
        if self.method == self.Method.ROLL_CALL:
            if "counted_ayes" in vars(self):  # as MotionQuerySet.with_tally annotates it
                return Tally(*(vars(self)[name] for name in ("counted_ayes", "counted_nays", "counted_abstentions")))
            return Vote.objects.filter(motion=self.pk).tally()
        if self.ayes is None or self.nays is None:
            return None
        return Tally(self.ayes, self.nays, self.abstentions or 0)

    @property
    def house(self) -> House | None:
        """Who was entitled and present when it was decided; None before."""
        if self.present is None or self.entitled is None:
            return None
        body: Body = self.meeting.body
        return House(body, self.present, self.entitled, seats=self.seats or 0)


class Vote(Record):
    """One vote of one entitled member on one motion (Bylaws Art. III §6): one each, no proxies."""

    class Choice(models.TextChoices):
        """What was voted."""

        FOR = "for", "For"
        AGAINST = "against", "Against"
        ABSTAIN = "abstain", "Abstain"

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="votes")
    entry = models.ForeignKey(RollEntry, models.PROTECT, related_name="votes")
    choice = models.CharField(max_length=8, choices=Choice.choices)
    cast_at = models.DateTimeField("cast")

    objects: ClassVar = VoteQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["motion", "entry__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["motion", "entry"],
                name="vote_once",
                violation_error_message="The vote of this member is already recorded.",
            ),
            models.CheckConstraint(
                condition=models.Q(choice__in=["for", "against", "abstain"]), name="vote_choice_known"
            ),
        ]
        indexes = [models.Index(fields=["motion", "choice"], name="votes_by_choice")]

    def __str__(self) -> str:
        return f"{self.entry}: {self.get_choice_display()}"


def about(motion: Motion) -> Any:
    """The record that a motion is about; None for an ordinary one."""
    for name in ("application", "proceeding", "objection", "minutes", "proposed_bylaws", "nominee", "amends"):
        if getattr(motion, f"{name}_id"):
            return getattr(motion, name)
    return None
