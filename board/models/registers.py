"""What else the Board and its Secretary keep: objections, committees, plans, staff, correspondence, dissolution."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from board.models.motions import Motion
from board.querysets import CommitteeMemberQuerySet, ObjectionQuerySet, OperationalPlanQuerySet
from membership.models import Agency, Official
from membership.models.fields import day, ends_after, paper
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.records import Record


class Objection(Record):
    """A participating agency's objection to a rule or action of the Board (Bylaws Art. IV §8)."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="objections")
    received_on = day("received on", required=True)
    against = models.TextField("objects to", help_text="The rule or action of the Board.")
    motion = models.ForeignKey(
        Motion, models.PROTECT, null=True, blank=True, related_name="objections",
        verbose_name="action objected to", help_text="The Board's motion, if it is in the register.",
    )  # fmt: skip
    reason = models.TextField(blank=True)
    letter = paper("letter")
    decided_on = day("voted on", editable=False)
    upheld = models.BooleanField(null=True, blank=True, editable=False)
    set_aside_on = day("set aside from", "The action stands until the vote.", editable=False)
    taken_back_on = day("taken back on")

    objects: ClassVar = ObjectionQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(upheld__isnull=True) | models.Q(decided_on__isnull=False),
                name="objection_decision_has_day",
            ),
            models.CheckConstraint(
                condition=models.Q(set_aside_on__isnull=True) | models.Q(upheld=True),
                name="objection_set_aside_when_upheld",
            ),
        ]

    def __str__(self) -> str:
        return f"Objection of {self.agency}, {in_words(self.received_on)}"

    @property
    def is_open(self) -> bool:
        """Does it wait for a vote of the agencies?"""
        return self.decided_on is None and self.taken_back_on is None


class Committee(Record):
    """A committee that the President created (Bylaws Art. XII), or the Nominating Committee (Art. V §8)."""

    class Kind(models.TextChoices):
        """What kind it is."""

        NOMINATING = "nominating", "Nominating Committee"
        OTHER = "other", "Committee"

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OTHER)
    purpose = models.TextField(blank=True)
    created_on = day("created on", required=True)
    created_by = models.CharField(max_length=120, blank=True, help_text="The President who created it.")
    dissolved_on = day("dissolved on")

    class Meta(Record.Meta):
        ordering = ["name", "-created_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "created_on"],
                name="committee_once",
                violation_error_message="A committee of this name was already created on this day.",
            ),
            ends_after("created_on", "dissolved_on", "committee_ends_after_start", "It ends after the day it began."),
        ]

    def __str__(self) -> str:
        return self.name


class CommitteeMember(Record):
    """One person on one committee."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="members")
    official = models.ForeignKey(Official, models.PROTECT, related_name="committees", verbose_name="member")
    chairs = models.BooleanField("chairs it", default=False)
    from_on = day("from", required=True)
    until_on = day("until", "First day no longer on it.")

    objects: ClassVar = CommitteeMemberQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["committee", "-chairs", "official__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "official", "from_on"],
                name="committee_member_once",
                violation_error_message="This person is already on the committee from this day.",
            ),
            ends_after("from_on", "until_on", "committee_member_ends_after_start", "It ends after the day it began."),
        ]

    def __str__(self) -> str:
        return f"{self.official.name}, {self.committee}"


class OperationalPlan(Record):
    """A version of the operational plan, or of what goes with it (Agreement §3.I, Bylaws Art. IV §9, VIII §2)."""

    class Kind(models.TextChoices):
        """Which document."""

        PLAN = "plan", "Operational plan"
        CRITICAL = "critical", "Critical Incident Plan"
        TEAM = "team", "Team operating guidelines"

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PLAN)
    title = models.CharField(max_length=200)
    edition = models.CharField("version", max_length=40)
    adopted_on = day("adopted on", required=True)
    motion = models.ForeignKey(
        Motion, models.PROTECT, null=True, blank=True, related_name="plans", verbose_name="adopted by motion"
    )
    paper = paper("document on file")
    review_months = models.PositiveSmallIntegerField(
        "review every so many months", default=12, help_text="The Board's choice; the agreement sets no figure."
    )
    replaced_on = day("replaced on")
    note = models.TextField(blank=True)

    objects: ClassVar = OperationalPlanQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = "operational plan"
        ordering = ["kind", "title", "-adopted_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "edition"],
                name="plan_version_once",
                violation_error_message="This version of this document is already in the register.",
            ),
            ends_after(
                "adopted_on", "replaced_on", "plan_replaced_after_adopted", "It is replaced after its adoption."
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.edition}"


class PlanReview(Record):
    """A review or a test of an operational plan, done or due."""

    class Kind(models.TextChoices):
        """What was done."""

        REVIEW = "review", "Review"
        TEST = "test", "Test"

    plan = models.ForeignKey(OperationalPlan, models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    due_on = day("due on")
    done_on = day("done on")
    result = models.TextField(blank=True)

    class Meta(Record.Meta):
        verbose_name = "review or test"
        verbose_name_plural = "reviews and tests"
        ordering = ["plan", "-done_on", "-due_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_on__isnull=False) | models.Q(done_on__isnull=False),
                name="review_due_or_done",
                violation_error_message="Give the day it is due, or the day it was done.",
            ),
        ]

    def __str__(self) -> str:
        when = f"done {in_words(self.done_on)}" if self.done_on else f"due {in_words(self.due_on)}"
        return f"{self.get_kind_display()}, {when}"


class StaffAppointment(Record):
    """A System Manager, a Team Coordinator or other staff, appointed and discharged by the Board (Bylaws Art. VIII)."""

    class Post(models.TextChoices):
        """Which post."""

        SYSTEM_MANAGER = "system_manager", "System Manager"
        TEAM_COORDINATOR = "team_coordinator", "Team Coordinator"
        OTHER = "other", "Other staff"

    name = models.CharField(max_length=120)
    post = models.CharField(max_length=20, choices=Post.choices)
    duties = models.TextField(blank=True)
    from_on = day("from", required=True)
    until_on = day("until", "First day no longer in the post.")
    appointed_by = models.ForeignKey(Motion, models.PROTECT, null=True, blank=True, related_name="+")
    discharged_by = models.ForeignKey(Motion, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Record.Meta):
        ordering = ["post", "-from_on", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "post", "from_on"],
                name="staff_once",
                violation_error_message="This appointment is already recorded.",
            ),
            ends_after("from_on", "until_on", "staff_ends_after_start", "It ends after the day it began."),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.get_post_display()}"


class Correspondence(Record):
    """A piece of official correspondence (Bylaws Art. VI §3)."""

    class Direction(models.TextChoices):
        """Which way it went."""

        IN = "in", "Received"
        OUT = "out", "Sent"

    direction = models.CharField(max_length=3, choices=Direction.choices)
    on = day("on", required=True)
    party = models.CharField("from or to", max_length=200)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="correspondence")
    subject = models.CharField(max_length=300)
    paper = paper("paper on file")
    answers = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="answered_by")
    answer_due_on = day("answer due on")
    note = models.TextField(blank=True)

    class Meta(Record.Meta):
        verbose_name_plural = "correspondence"
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {in_words(self.on)}: {self.subject}"


class LegalDocument(Record):
    """A charter, contract or other legal document that the Secretary maintains (Bylaws Art. VI §3)."""

    title = models.CharField(max_length=200)
    dated_on = day("dated")
    parties = models.CharField(max_length=300, blank=True)
    in_force_until_on = day("in force until", "First day no longer in force.")
    paper = paper("paper on file")
    kept_where = models.CharField("original kept", max_length=200, blank=True)
    note = models.TextField(blank=True)

    class Meta(Record.Meta):
        ordering = ["title", "-dated_on"]

    def __str__(self) -> str:
        return self.title


class Dissolution(Record):
    """The dissolution that the agencies voted, with its last day and its steps (Bylaws Art. XVII)."""

    motion = models.OneToOneField(Motion, models.PROTECT, related_name="dissolution")
    voted_on = day("voted on", required=True)
    by_on = day("dissolved by", required=True)

    class Meta(Record.Meta):
        ordering = ["-voted_on"]

    def __str__(self) -> str:
        return f"Dissolution voted {in_words(self.voted_on)}"


class DissolutionStep(Record):
    """One step of the winding up, done or to do."""

    class Step(models.TextChoices):
        """The steps in their order (Bylaws Art. XVII §2–5)."""

        SETTLE = "settle", "Settle financial obligations"
        CONTRACTS = "contracts", "Wind down contracts"
        OFFER = "offer", "Offer property to the agencies by sealed bid"
        GIVE = "give", "Give what is unsold to tax-exempt nonprofit organizations"
        FUNDS = "funds", "Distribute the remaining funds"

    dissolution = models.ForeignKey(Dissolution, models.PROTECT, related_name="steps")
    step = models.CharField(max_length=10, choices=Step.choices)
    done_on = day("done on")
    note = models.TextField(blank=True)

    class Meta(Record.Meta):
        ordering = ["dissolution", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["dissolution", "step"], name="dissolution_step_once"),
        ]

    def __str__(self) -> str:
        return self.get_step_display()


class CalendarAddress(models.Model):
    """A person's private calendar address; a new one makes the old one unknown."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_address")
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Calendar of {self.user}"
