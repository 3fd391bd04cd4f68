"""A stint of participation from its beginning to its end, and the application that may lead to one."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from membership.models.agencies import Agency
from membership.models.fields import choices, day, evidence, one_of, paper
from membership.models.instruments import Approval, Execution
from membership.querysets import ApplicationQuerySet, ParticipationQuerySet
from membership.rules.facts import Evidenced, Path, Request, Settlement, Stint
from membership.rules.joining import Packet, overlapping, surely_lasted
from nipas_admin.shared.dated import Dated, in_words
from nipas_admin.shared.findings import Evidence
from nipas_admin.shared.periods import Period
from nipas_admin.shared.records import Record


def _dated(on: object) -> Dated:
    return Dated.never() if on is None else Dated.on(on)  # type: ignore[arg-type]


class Participation(Record):
    """One stint: how it began, by which papers, and the acts that ended it. What it amounts to on a day is computed."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="participations")
    number = models.PositiveSmallIntegerField(
        "stint", default=1, help_text="1 for the first time the agency participates, 2 when it comes back."
    )
    path = models.CharField(
        max_length=10,
        choices=choices(Path),
        help_text="Original: under the Original Agreement. New: by Agreement §5.B.",
    )
    attested_on = day("attested as participating on", "A day on which a document shows the agency as participating.")
    attested_by = models.CharField(
        "attested by", max_length=300, blank=True, help_text="The document and its words, in short."
    )
    attested_evidence = evidence(Evidence.RECITAL)
    approval = models.ForeignKey(
        Approval,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="begins",
        help_text="The paper by which this stint began.",
    )
    execution = models.ForeignKey(
        Execution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="begins",
        help_text="The signatures by which this stint began.",
    )
    board_approved_on = day("approved by the Board", "Needed on the new path (Agreement §5.B.3).")
    board_paper = paper("Board's decision", "Minutes or letter that show the Board's approval.")
    dues_required = models.BooleanField("joining dues required", default=True)
    dues_paid_on = day("joining dues paid", "Participation waits for this day (Bylaws Art. III §2.c.iv).")
    amended_approval = models.ForeignKey(
        Approval,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="continues",
        help_text="Original path: the paper that approves the amended agreement.",
    )
    amended_execution = models.ForeignKey(
        Execution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="continues",
        help_text="Original path: the signatures on the amended agreement.",
    )
    withdrawn_on = day("first day out by withdrawal", editable=False)
    terminated_on = day("first day out by the Board's decision", editable=False)
    settlement = models.CharField(
        "a person decided that it",
        max_length=10,
        choices=choices(Settlement),
        blank=True,
        default="",
        help_text="Only where the texts give no ending (Reading R19).",
    )
    settled_on = day("first day out, or day of decision")
    settled_because = models.CharField("because", max_length=300, blank=True)
    note = models.TextField(blank=True)

    objects: ClassVar = ParticipationQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["agency__name", "number"]
        verbose_name = "participation"
        verbose_name_plural = "participations"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "number"],
                name="participation_number_once",
                violation_error_message="This agency already has a stint of this number.",
            ),
            one_of(Path, "participation_path_known", "path"),
            one_of(Settlement, "participation_settlement_known", "settlement", blank=True),
            models.CheckConstraint(
                condition=models.Q(settlement="") | models.Q(path="original"),
                name="participation_settled_only_on_original_path",
                violation_error_message="Only a stint under the Original Agreement can need a person's decision "
                "(Reading R19).",
            ),
            models.CheckConstraint(
                condition=models.Q(settlement="")
                | (models.Q(settled_on__isnull=False) & ~models.Q(settled_because="")),
                name="participation_settled_with_reason",
                violation_error_message="A decision needs its day and its reason.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}, stint {self.number}"

    def clean(self) -> None:
        """Papers must be the agency's own; stints never overlap, as far as their days are known."""
        for name in ("approval", "execution", "amended_approval", "amended_execution"):
            linked = getattr(self, name)
            if linked is not None and linked.agency_id != self.agency_id:
                raise ValidationError({name: f"This paper is of {linked.agency}, not of this agency."})
        if self.agency_id and self.path:
            self._check_overlap()

    def _check_overlap(self) -> None:
        others = list(Participation.objects.filter(agency=self.agency_id).exclude(pk=self.pk))
        if not others:
            return
        adoption = Participation.objects.all().adoption()
        lasted = surely_lasted(self.stint, adoption)
        for other in others:
            theirs = surely_lasted(other.stint, adoption)
            if lasted and theirs and overlapping([lasted, theirs]):
                raise ValidationError(
                    f"Stints never overlap (Agreement §5.B): stint {self.number} would last {lasted}, and stint "
                    f"{other.number} lasts {theirs}. End the earlier one first, or correct the days."
                )

    @property
    def stint(self) -> Stint:
        """The recorded facts, for the rules. Uses prefetched ``proceedings`` when there."""
        approval, execution = self.approval, self.execution
        amended, signed = self.amended_approval, self.amended_execution
        return Stint(
            path=Path(self.path),
            number=self.number,
            attested_on=self.attested_on,
            attestation=Evidenced(self.attested_by, Evidence(self.attested_evidence), self.attested_by),
            approval=approval.when if approval else Dated.never(),
            approved_by=approval.evidenced if approval else Evidenced(),
            head_signed=execution.head_signature.when if execution else Dated.never(),
            chief_signed=execution.chief_signature.when if execution else Dated.never(),
            board_approved=_dated(self.board_approved_on),
            dues_paid=_dated(self.dues_paid_on),
            dues_required=self.dues_required,
            amended_approval=amended.when if amended else Dated.never(),
            amended_by=amended.evidenced if amended else Evidenced(),
            amended_execution=signed.when if signed else Dated.never(),
            withdrawn_on=self.withdrawn_on,
            terminated_on=self.terminated_on,
            suspensions=self.suspensions(),
            settlement=Settlement(self.settlement),
            settled_on=self.settled_on,
            settled_because=self.settled_because,
        )

    def suspensions(self) -> tuple[Period, ...]:
        """The suspensions decided by the Board, each from its first day to the first day back."""
        return (
            tuple(
                Period(p.effective_on, p.suspended_until_on)
                for p in self.proceedings.all()
                if p.suspends and p.effective_on is not None
            )
            if self.pk
            else ()
        )


class Application(Record):
    """A request to participate and its packet (Bylaws Art. III §4)."""

    class Decision(models.TextChoices):
        """How it ended."""

        APPROVED = "approved", "Approved by the Board"
        DISAPPROVED = "disapproved", "Disapproved by the Board"
        TAKEN_BACK = "taken_back", "Taken back by the agency"

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="applications")
    letter_on = day("letter of request", "The day of the letter that asks the Board to participate (a).", required=True)
    letter = paper("scan of the letter")
    recommender = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recommendations",
        help_text="An active agency in good standing (b).",
    )
    recommended_on = day("letter of recommendation")
    recommendation = paper("scan of the recommendation")
    approval = models.ForeignKey(
        Approval, models.PROTECT, null=True, blank=True, related_name="+", help_text="The ordinance or resolution (c)."
    )
    ordinance_copy = models.BooleanField("copy of the ordinance or resolution received", default=False)
    execution = models.ForeignKey(
        Execution, models.PROTECT, null=True, blank=True, related_name="+", help_text="The executed agreement (d)."
    )
    executed_copy = models.BooleanField("copy of the executed agreement received", default=False)
    other_wanted = models.CharField("other materials the Board asked for", max_length=300, blank=True, help_text="(e)")
    other_received = models.BooleanField("other materials received", default=False)
    decision = models.CharField(max_length=12, choices=Decision.choices, blank=True, default="")
    decided_on = day("decided on")
    decision_paper = paper("paper of the decision")
    out_of_order = models.BooleanField(
        default=False,
        help_text="The Board voted though the packet was not complete; without effect until a person decides.",
    )
    participation = models.OneToOneField(
        Participation, models.PROTECT, null=True, blank=True, related_name="application", editable=False
    )
    note = models.TextField(blank=True)

    objects: ClassVar = ApplicationQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["agency__name", "-letter_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency"],
                condition=models.Q(decision=""),
                name="application_one_open",
                violation_error_message="This agency already has an application open; decide or take back that "
                "one first.",
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_on__isnull=True)
                | (~models.Q(decision="") & models.Q(decided_on__isnull=False)),
                name="application_decision_has_day",
                violation_error_message="A decision needs its day, and a day its decision.",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_on__isnull=True) | models.Q(decided_on__gte=models.F("letter_on")),
                name="application_decided_after_letter",
                violation_error_message="The Board cannot decide before the letter of request.",
            ),
        ]

    def __str__(self) -> str:
        return f"Application of {self.agency}, {in_words(self.letter_on)}"

    def clean(self) -> None:
        """Nobody recommends itself; papers are the agency's own."""
        if self.recommender_id is not None and self.recommender_id == self.agency_id:
            raise ValidationError({"recommender": "An agency cannot recommend itself (Bylaws Art. III §4.b)."})
        for name in ("approval", "execution"):
            linked = getattr(self, name)
            if linked is not None and linked.agency_id != self.agency_id:
                raise ValidationError({name: f"This paper is of {linked.agency}, not of this agency."})

    def packet(self, recommender_good: bool | None = None, recommender_good_at_vote: bool | None = None) -> Packet:
        """The packet, for the rules; whether the recommender stood well is for the caller to ask."""
        return Packet(
            letter_on=self.letter_on,
            recommender=str(self.recommender) if self.recommender else "",
            recommended_on=self.recommended_on,
            recommender_good=recommender_good,
            recommender_good_at_vote=recommender_good_at_vote,
            ordinance_copy=self.ordinance_copy,
            executed_copy=self.executed_copy,
            other_wanted=self.other_wanted,
            other_received=self.other_received,
        )

    @property
    def request(self) -> Request:
        """For the rules: closed when disapproved or taken back; approval alone closes nothing."""
        closed = (
            self.decided_on
            if self.decision in (self.Decision.DISAPPROVED, self.Decision.TAKEN_BACK) and not self.out_of_order
            else None
        )
        return Request(self.letter_on, closed, self.participation.stint if self.participation else None)
