"""Certificates of the insurance that Agreement §3.H asks for."""

from __future__ import annotations

from typing import Any

from django.db import models

from membership.models.agencies import Agency
from membership.models.fields import day, ends_after, one_of, paper
from membership.rules.insurance import Certificate, Coverage
from nipas_admin.shared.periods import Period
from nipas_admin.shared.records import Record


def dollars(verbose_name: str, help_text: str = "") -> models.DecimalField[Any, Any]:
    """A limit in US dollars; blank when the certificate does not state it."""
    return models.DecimalField(
        verbose_name, max_digits=14, decimal_places=2, null=True, blank=True, help_text=help_text
    )


class InsuranceCertificate(Record):
    """One certificate: a line of insurance, its carrier, its period and its limits in US dollars."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="certificates")
    coverage = models.CharField(
        max_length=10,
        choices=[
            (Coverage.LIABILITY.value, "Commercial general liability"),
            (Coverage.AUTO.value, "Automobile liability"),
            (Coverage.WORKERS.value, "Workers' compensation and employer's liability"),
        ],
    )
    carrier = models.CharField(max_length=120)
    policy_number = models.CharField(max_length=60, blank=True)
    from_on = day("from", required=True)
    until_on = day("until", "The day it expires: first day no longer covered.", required=True)
    occurrence = dollars("each occurrence or accident", "Combined single limit.")
    personal_injury = dollars("personal injury")
    general_aggregate = dollars("general aggregate")
    project_aggregate = dollars("project aggregate")
    employers_liability = dollars("employer's liability, each accident")
    contractual_liability = models.BooleanField("includes contractual liability", null=True, blank=True)
    statutory = models.BooleanField("workers' compensation at statutory limits", null=True, blank=True)
    pooled = models.BooleanField(
        "pool or self-insurance", default=False, help_text="The text is silent on it; it is flagged."
    )
    scan = paper("certificate")
    note = models.TextField(blank=True)

    class Meta(Record.Meta):
        ordering = ["agency__name", "coverage", "-from_on"]
        constraints = [
            one_of(Coverage, "insurance_coverage_known", "coverage"),
            ends_after("from_on", "until_on", "insurance_ends_after_start", "A certificate expires after it begins."),
        ]

    def __str__(self) -> str:
        return f"{self.get_coverage_display()}, {self.agency}"

    @property
    def certificate(self) -> Certificate:
        """For the rules."""
        return Certificate(
            coverage=Coverage(self.coverage),
            period=Period(self.from_on, self.until_on),
            carrier=self.carrier,
            occurrence=self.occurrence,
            personal_injury=self.personal_injury,
            general_aggregate=self.general_aggregate,
            project_aggregate=self.project_aggregate,
            employers_liability=self.employers_liability,
            contractual_liability=self.contractual_liability,
            statutory=self.statutory,
            pooled=self.pooled,
        )
