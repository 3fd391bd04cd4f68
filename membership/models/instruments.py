"""The agreement's versions, and the ordinances, resolutions and signatures by which agencies enter it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from membership.models.agencies import Agency, Official
from membership.models.fields import choices, day, evidence, one_of, paper, source
from membership.querysets import AgreementVersionQuerySet
from membership.rules.facts import Adoption, Evidenced, Terms
from membership.rules.instruments import (
    DateStatement,
    Event,
    Signature,
    approval_candidates,
    approval_on,
    execution_candidates,
    execution_on,
)
from nipas_admin.shared.dated import Dated, in_words
from nipas_admin.shared.findings import Evidence, Finding
from nipas_admin.shared.records import Record
from nipas_admin.shared.shares import Share


class AgreementVersion(Record):
    """A version of the mutual aid agreement: its text, its figures, and what is known of the day it took effect."""

    class Edition(models.TextChoices):
        """Which agreement this is."""

        ORIGINAL = "original", "Original Agreement"
        AMENDED = "amended", "Amended Agreement"

    class Collective(models.TextChoices):
        """What is known of the collective date of Agreement §5.A."""

        NOT_YET = "not_yet", "has not come"
        HAPPENED = "happened", "came, day unknown"
        KNOWN = "known", "known"

    edition = models.CharField(max_length=10, choices=Edition.choices, unique=True)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True, help_text="The whole text in Markdown. Blank until the body loads it.")
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    ends_month = models.PositiveSmallIntegerField(
        "withdrawals end in month", default=5, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    ends_day = models.PositiveSmallIntegerField(
        "on day",
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(28)],
        help_text="First day out after a Termination Notice (§4.A).",
    )
    original_before_on = day(
        "original agencies are those before",
        "The day on which the class of Original Participating Agencies closes (§2).",
        required=True,
    )
    adoption_numerator = models.PositiveSmallIntegerField("adopted by", default=3, validators=[MinValueValidator(1)])
    adoption_denominator = models.PositiveSmallIntegerField("of every", default=4, validators=[MinValueValidator(1)])
    adoption_meeting_days = models.PositiveSmallIntegerField(
        "days before the special meeting",
        default=60,
        help_text="Between the later count and the meeting that adopts the bylaws (§5.A.5).",
    )
    board_numerator = models.PositiveSmallIntegerField(
        "Board suspends or terminates by", default=2, validators=[MinValueValidator(1)]
    )
    board_denominator = models.PositiveSmallIntegerField("of every", default=3, validators=[MinValueValidator(1)])
    collective_state = models.CharField(
        "collective date",
        max_length=10,
        choices=Collective.choices,
        default=Collective.NOT_YET,
        help_text="The day the last of the three collective events happened (§5.A.3–5).",
    )
    collective_on = day("collective date is")
    collective_not_before_on = day("not before", "The earliest day it can have been, when the day is unknown.")
    collective_not_after_on = day("not after", "The latest day it can have been, when the day is unknown.")
    collective_source = models.CharField("how we know", max_length=300, blank=True)

    objects: ClassVar = AgreementVersionQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["-edition"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(collective_state="known") | models.Q(collective_on__isnull=False),
                name="agreement_known_date_given",
                violation_error_message="A known collective date needs its day.",
            ),
            models.CheckConstraint(
                condition=models.Q(collective_not_before_on__isnull=True)
                | models.Q(collective_not_after_on__isnull=True)
                | models.Q(collective_not_after_on__gte=models.F("collective_not_before_on")),
                name="agreement_bounds_in_order",
                violation_error_message="The latest possible collective date cannot come before the earliest.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """The shares must be shares."""
        for name in ("adoption", "board"):
            if getattr(self, f"{name}_numerator") > getattr(self, f"{name}_denominator"):
                raise ValidationError({f"{name}_numerator": "The share cannot be more than the whole."})

    @property
    def official(self) -> bool:
        """Has the body loaded its own text? Without it papers print the specimen, and say so."""
        return bool(self.text.strip())

    @property
    def collective(self) -> Dated:
        """The collective date as far as it is known."""
        if self.collective_state == self.Collective.KNOWN and self.collective_on:
            return Dated.on(self.collective_on)
        if self.collective_state == self.Collective.HAPPENED:
            return Dated(self.collective_not_before_on, self.collective_not_after_on)
        return Dated.never()

    @property
    def terms(self) -> Terms:
        """Its figures, for the rules."""
        return Terms(
            ends_month=self.ends_month,
            ends_day=self.ends_day,
            original_before_on=self.original_before_on,
            adoption_share=Share(self.adoption_numerator, self.adoption_denominator),
            adoption_meeting_days=self.adoption_meeting_days,
            board_share=Share(self.board_numerator, self.board_denominator),
        )

    @property
    def adoption(self) -> Adoption:
        """Its figures and the collective date, for the rules."""
        return Adoption(self.terms, self.collective)


class Approval(Record):
    """An ordinance or resolution of the corporate authorities that approves participation and the agreement."""

    class Kind(models.TextChoices):
        """What the paper is."""

        ORDINANCE = "ordinance", "Ordinance"
        RESOLUTION = "resolution", "Resolution"
        UNKNOWN = "unknown", "Ordinance or resolution, not known which"

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="approvals")
    agreement = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="approvals")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.CharField(
        max_length=60, blank=True, help_text="As on the paper: ORD-18-1868, 44-R-18, R-1728, 83-41."
    )
    approves = models.BooleanField(
        "approves participation", default=True, help_text="Off for a paper that only rescinds an earlier one."
    )
    rescinds = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rescinded_by",
        help_text="The earlier paper that this one rescinds.",
    )
    separate_approval_due = models.BooleanField(
        "approval is separate from passage",
        default=False,
        help_text="The mayor or president approves on a day of his or her own.",
    )
    cites_itself = models.BooleanField(
        "recital cites itself",
        default=False,
        help_text="The only evidence is a recital that names this same paper, which proves nothing.",
    )
    aye = models.PositiveSmallIntegerField(null=True, blank=True)
    nay = models.PositiveSmallIntegerField(null=True, blank=True)
    abstain = models.PositiveSmallIntegerField(null=True, blank=True)
    not_voting = models.PositiveSmallIntegerField(null=True, blank=True)
    absent = models.PositiveSmallIntegerField(null=True, blank=True)
    named_votes = models.TextField("votes by name", blank=True)
    signed_by = models.CharField(max_length=120, blank=True)
    attested_by = models.CharField(max_length=120, blank=True, help_text="Clerk or deputy clerk.")
    effect_clause = models.CharField(
        "its own effect clause",
        max_length=200,
        blank=True,
        help_text="Recorded, not used: the agreement sets the effective date.",
    )
    scan = paper("scan", "The ordinance or resolution on file.")
    evidence = evidence()
    source = source()
    note = models.TextField(blank=True)
    chosen_on = day("date that governs", "Only where the dates below disagree: the one a person chose.")
    chosen_because = models.CharField(
        "because", max_length=300, blank=True, help_text="The reason for choosing that date."
    )
    earliest_on = day("not before", editable=False)
    latest_on = day("by", editable=False)

    class Meta(Record.Meta):
        ordering = ["agency__name", "agreement", "latest_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "number"],
                condition=~models.Q(number=""),
                name="approval_number_once_per_body",
                violation_error_message="This body already has an ordinance or resolution of this number.",
            ),
            models.CheckConstraint(
                condition=models.Q(chosen_on__isnull=True) | ~models.Q(chosen_because=""),
                name="approval_choice_has_reason",
                violation_error_message="Say why this date governs: the choice and its reason go on the record.",
            ),
            models.CheckConstraint(
                condition=models.Q(earliest_on__isnull=True)
                | models.Q(latest_on__isnull=True)
                | models.Q(latest_on__gte=models.F("earliest_on")),
                name="approval_bounds_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.agency}"

    @property
    def label(self) -> str:
        """The paper by its kind and number: ``Ordinance ORD-18-1868``."""
        kind = "Instrument" if self.kind == self.Kind.UNKNOWN else self.get_kind_display()
        return f"{kind} {self.number}".strip() if self.number else f"{kind} (number not known)"

    def clean(self) -> None:
        """A paper cannot rescind itself or one of another body."""
        if self.rescinds is not None:
            if self.rescinds.pk == self.pk:
                raise ValidationError({"rescinds": "A paper cannot rescind itself."})
            if self.rescinds.agency_id != self.agency_id:
                raise ValidationError({"rescinds": "A body can rescind only a paper of its own."})

    def statements(self) -> list[DateStatement]:
        """Every date that a source gives, with the source."""
        return [date_.statement for date_ in self.dates.all()] if self.pk else []

    @property
    def when(self) -> Dated:
        """The day of passage and approval as far as it is known, from the stored bounds."""
        return Dated(self.earliest_on, self.latest_on)

    @property
    def evidenced(self) -> Evidenced:
        """What stands behind it."""
        return Evidenced(self.label, Evidence(self.evidence), self.source)

    def compute_when(self) -> Dated:
        """The day from the statements, by the rule; what the stored bounds must equal."""
        if self.cites_itself and self.chosen_on is None:
            return Dated.unknown()
        return approval_candidates(
            self.statements(), separate_approval_due=self.separate_approval_due, chosen_on=self.chosen_on
        )

    def finding(self) -> Finding[Any]:
        """The day of passage and approval, with every source's date and what is missing."""
        return approval_on(
            self.statements(),
            separate_approval_due=self.separate_approval_due,
            chosen_on=self.chosen_on,
            chosen_because=self.chosen_because,
            cites_itself=self.cites_itself,
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the bounds that the rule gives for the dates recorded so far."""
        when = self.compute_when()
        self.earliest_on, self.latest_on = when.earliest, when.latest
        super().save(*args, **kwargs)


class ApprovalDate(Record):
    """One source's word on one day of an Approval; sources that disagree are all kept."""

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="dates")
    event = models.CharField(max_length=10, choices=choices(Event))
    on = day("on", "Leave blank when the source gives no full date.")
    not_before_on = day("not before", "When the source gives only a month or a year: its first day.")
    not_after_on = day("not after", "When the source gives only a month or a year: its last day.")
    evidence = evidence()
    source = source()

    class Meta(Record.Meta):
        ordering = ["approval", "on", "pk"]
        constraints = [
            one_of(Event, "approval_date_event_known", "event"),
            models.CheckConstraint(
                condition=models.Q(not_before_on__isnull=True)
                | models.Q(not_after_on__isnull=True)
                | models.Q(not_after_on__gte=models.F("not_before_on")),
                name="approval_date_bounds_in_order",
                violation_error_message="The last possible day cannot come before the first.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.statement)

    @property
    def when(self) -> Dated:
        """The day as the source gives it."""
        return Dated.on(self.on) if self.on else Dated(self.not_before_on, self.not_after_on)

    @property
    def statement(self) -> DateStatement:
        """For the rules."""
        return DateStatement(Event(self.event), self.when, self.source, Evidence(self.evidence))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The Approval's bounds follow its dates."""
        super().save(*args, **kwargs)
        self.approval.save()


class Execution(Record):
    """The agreement signed for one agency by the head of its corporate authorities and its commanding officer."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="executions")
    agreement = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="executions")
    form_dated_on = day("date on the form", "The form has one Date line: it counts for both signatures.")
    head_signed = models.BooleanField("head of the corporate authorities signed", default=False)
    head = models.ForeignKey(
        Official, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="who signed as head"
    )
    head_name = models.CharField("name, if not among the officials", max_length=120, blank=True)
    head_signed_on = day("signed on")
    chief_signed = models.BooleanField("commanding officer signed", default=False)
    chief = models.ForeignKey(
        Official,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="who signed as commanding officer",
    )
    chief_name = models.CharField("name, if not among the officials", max_length=120, blank=True)
    chief_signed_on = day("signed on")
    attested_by = models.CharField(max_length=120, blank=True, help_text="Recorded, not a condition.")
    sealed = models.BooleanField("seal", default=False, help_text="Recorded, not a condition.")
    scan = paper("scan", "The signed page on file.")
    evidence = evidence()
    source = source()
    note = models.TextField(blank=True)

    class Meta(Record.Meta):
        ordering = ["agency__name", "agreement"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(head_signed=True) | models.Q(head_signed_on__isnull=True),
                name="execution_head_date_needs_signature",
                violation_error_message="A day for the head's signature needs the signature: tick that it was signed.",
            ),
            models.CheckConstraint(
                condition=models.Q(chief_signed=True) | models.Q(chief_signed_on__isnull=True),
                name="execution_chief_date_needs_signature",
                violation_error_message="A day for the commanding officer's signature needs the signature: tick "
                "that it was signed.",
            ),
        ]

    def __str__(self) -> str:
        return f"Execution of the {self.agreement} for {self.agency}"

    @property
    def head_who(self) -> str:
        """The head's name where known, else the capacity."""
        return self.head.name if self.head else self.head_name or "the head of the corporate authorities"

    @property
    def chief_who(self) -> str:
        """The commanding officer's name where known, else the capacity."""
        return self.chief.name if self.chief else self.chief_name or "the commanding officer"

    def clean(self) -> None:
        """Two people sign: the same one cannot sign as both; officials must be the agency's own."""
        names = {
            who: (getattr(self, who).name if getattr(self, who) else getattr(self, f"{who}_name")).strip().casefold()
            for who in ("head", "chief")
        }
        if names["head"] and names["head"] == names["chief"]:
            raise ValidationError(
                {"chief": "One person cannot sign as head and as commanding officer: Agreement §5.A.2 asks for both."}
            )
        for who in ("head", "chief"):
            official = getattr(self, who)
            if official is not None and official.agency_id != self.agency_id:
                raise ValidationError({who: f"{official.name} acts for {official.agency}, not for this agency."})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The form's one date counts for each signature that bears none of its own."""
        for who in ("head", "chief"):
            if self.form_dated_on and getattr(self, f"{who}_signed") and getattr(self, f"{who}_signed_on") is None:
                setattr(self, f"{who}_signed_on", self.form_dated_on)
        super().save(*args, **kwargs)

    def _signature(self, who: str) -> Signature:
        official, on = getattr(self, who), getattr(self, f"{who}_signed_on")
        in_office = official.in_office_on(on) if official is not None and on is not None else None
        return Signature(getattr(self, f"{who}_who"), getattr(self, f"{who}_signed"), on, in_office)

    @property
    def head_signature(self) -> Signature:
        """The head's signature, for the rules."""
        return self._signature("head")

    @property
    def chief_signature(self) -> Signature:
        """The commanding officer's signature, for the rules."""
        return self._signature("chief")

    @property
    def when(self) -> Dated:
        """The day of Execution as far as it is known."""
        return execution_candidates(self.head_signature, self.chief_signature)

    def finding(self, approval: Approval | None = None) -> Finding[Any]:
        """The day of Execution, what is missing, and what is odd."""
        return execution_on(self.head_signature, self.chief_signature, approval.when if approval else None)

    @property
    def label(self) -> str:
        """In words: ``signed 5 March 2018``."""
        return f"signed {in_words(self.when.day)}" if self.when.happened else "not signed by both"
