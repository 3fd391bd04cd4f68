"""Costs between agencies, claims against NIPAS, and the register of property."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models

from board.models import Motion
from membership.models import Agency
from membership.models.fields import day, ends_after, paper
from nipas_admin.shared import money
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.fields import DollarsField
from nipas_admin.shared.records import Record


class CostRequest(Record):
    """A request for unusual or burdensome costs, from the aiding to the stricken agency (Agreement §3.E)."""

    aiding = models.ForeignKey(Agency, models.PROTECT, related_name="costs_asked", verbose_name="aiding agency")
    stricken = models.ForeignKey(Agency, models.PROTECT, related_name="costs_owed", verbose_name="stricken agency")
    incident = models.CharField(max_length=60, blank=True, help_text="Its number, where it has one.")
    incident_on = day("day of the incident")
    submitted_on = day("submitted on", required=True)
    amount = DollarsField("asked")
    description = models.TextField("what was unusual or burdensome")
    request_paper = paper("request on file")
    decided_on = day("decided on", "By the corporate authorities of the stricken agency, at their discretion.")
    granted = DollarsField(null=True, blank=True, least=money.ZERO)
    decided_by = models.CharField("decided by", max_length=150, blank=True, help_text="Which corporate authorities.")
    decision_paper = paper("decision on file")
    paid_on = day("paid on")
    note = models.TextField(blank=True)

    class Meta(Record.Meta):
        ordering = ["-submitted_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(aiding=models.F("stricken")), name="cost_request_between_two",
                violation_error_message="An agency asks another one, not itself (Agreement §3.E).",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="cost_request_above_zero"),
            models.CheckConstraint(
                condition=models.Q(decided_on__isnull=True, granted__isnull=True)
                | models.Q(decided_on__isnull=False, granted__gte=0, granted__lte=models.F("amount")),
                name="cost_request_granted_when_decided",
                violation_error_message="A decision has its day and grants between nothing and all that was asked.",
            ),
            models.CheckConstraint(
                condition=models.Q(paid_on__isnull=True) | models.Q(granted__gt=0), name="cost_request_paid_if_granted",
                violation_error_message="Only costs that were granted are paid.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.aiding} to {self.stricken}, {in_words(self.submitted_on)}"

    def clean(self) -> None:
        """Days in order."""
        if self.decided_on and self.submitted_on and self.decided_on < self.submitted_on:
            raise ValidationError({"decided_on": "It is decided after it was submitted (Agreement §3.E)."})


class Claim(Record):
    """A lawsuit, claim or action in which NIPAS is named as a separate party (Agreement §3.G)."""

    title = models.CharField(max_length=200, help_text="As the court or the claimant calls it.")
    number = models.CharField("case number", max_length=60, blank=True)
    filed_on = day("filed on")
    stricken = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="claims_defended", verbose_name="stricken agency",
        help_text="It bears the defense of NIPAS.",
    )  # fmt: skip
    named = models.ManyToManyField(
        Agency, blank=True, related_name="claims_named", verbose_name="agencies named as parties",
        help_text="They share equally what NIPAS is made to pay.",
    )  # fmt: skip
    incident = models.CharField(max_length=60, blank=True, help_text="Its number, where it has one.")
    closed_on = day("closed on")
    claim_paper = paper("claim on file")
    note = models.TextField(blank=True)

    class Meta(Record.Meta):
        ordering = ["-filed_on", "-pk"]
        constraints = [
            ends_after("filed_on", "closed_on", "claim_ends_after_start", "A claim closes after it was filed.")
        ]

    def __str__(self) -> str:
        return self.title


class ClaimCost(Record):
    """One cost of a claim: of defense, or what NIPAS was made to pay."""

    class Kind(models.TextChoices):
        """Who bears it (Agreement §3.G)."""

        DEFENSE = "defense", "Defense of NIPAS"
        INDEMNITY = "indemnity", "Damage, cost or expense assessed against NIPAS"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="costs")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    on = day("on", required=True)
    amount = DollarsField()
    text = models.CharField("what for", max_length=200)
    cost_paper = paper("paper on file")

    class Meta(Record.Meta):
        ordering = ["claim", "on", "pk"]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="claim_cost_above_zero")]

    def __str__(self) -> str:
        return f"{self.text}: {money.shown(self.amount)}"


class PropertyItem(Record):
    """A thing that NIPAS owns: title stays with NIPAS, wherever it is (Bylaws Art. XVI)."""

    class Disposal(models.TextChoices):
        """How it left (Bylaws Art. XVII §4 in a dissolution)."""

        SEALED_BID = "sealed_bid", "Sold to an agency by sealed bid"
        NONPROFIT = "nonprofit", "Given to a tax-exempt nonprofit"
        SOLD = "sold", "Sold otherwise"
        SCRAPPED = "scrapped", "Scrapped"
        LOST = "lost", "Lost or stolen"

    tag = models.CharField("property tag", max_length=40, unique=True)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=80, blank=True, help_text="Radio, vehicle, protective equipment …")
    serial = models.CharField("serial number", max_length=80, blank=True)
    acquired_on = day("acquired on")
    cost = DollarsField(null=True, blank=True, least=money.ZERO)
    purchase_paper = paper("purchase on file")
    disposed_on = day("disposed of on")
    disposal = models.CharField("how", max_length=10, choices=Disposal.choices, blank=True, default="")
    disposed_to = models.CharField("to whom", max_length=150, blank=True)
    proceeds = DollarsField(null=True, blank=True, least=money.ZERO)
    motion = models.ForeignKey(
        Motion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Board's motion"
    )
    disposal_paper = paper("disposal on file")
    note = models.TextField(blank=True)

    class Meta(Record.Meta):
        ordering = ["tag"]
        verbose_name = "property item"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(disposed_on__isnull=True, disposal="")
                | (models.Q(disposed_on__isnull=False) & ~models.Q(disposal="")),
                name="property_disposed_how",
                violation_error_message="Say on which day and how it was disposed of (Bylaws Art. XVI, XVII §4).",
            ),
            ends_after("acquired_on", "disposed_on", "property_ends_after_start", "It is disposed of after it came."),
        ]

    def __str__(self) -> str:
        return f"{self.tag} {self.name}"


class Custody(Record):
    """Who keeps a property item, where, from one day until another (the first day no longer)."""

    item = models.ForeignKey(PropertyItem, models.PROTECT, related_name="custody")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="property_kept")
    custodian = models.CharField(max_length=120, help_text="The person who keeps it.")
    place = models.CharField("where", max_length=150, blank=True)
    from_on = day("from", required=True)
    until_on = day("until", "First day no longer. Blank while it lasts.")

    class Meta(Record.Meta):
        ordering = ["item", "-from_on"]
        verbose_name_plural = "custody"
        constraints = [
            ends_after("from_on", "until_on", "custody_ends_after_start", "Custody ends after it began."),
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(until_on__isnull=True), name="custody_one_open",
                violation_error_message="It is in another's custody: say first until when.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.item} with {self.custodian}"
