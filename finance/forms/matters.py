"""Costs between agencies and claims: records with their papers, and the acts by which something is settled."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError

from documents.forms import ActWithPapers, AttachesScans, ScanField
from finance import services
from finance.forms.acts import TreasurersAct, words
from finance.forms.applying import not_ahead
from finance.models import Claim, ClaimCost, CostRequest
from nipas_admin.shared import money, numbers
from nipas_admin.shared.acts import day
from nipas_admin.shared.fields import DollarsFormField
from nipas_admin.shared.forms import RecordForm
from nipas_admin.shared.numbers import Numbered

INCIDENT = "Its number, for example 2026-0031; that of another body with its name."


class NamesIncident(AttachesScans):
    """A record that names the incident it is about: by our number, or as another body does."""

    found: Numbered | None = None

    def clean_incident(self) -> str:
        """Our number as we write it, where there is such an incident; any other text as it is."""
        typed: str = self.cleaned_data["incident"].strip()
        if typed == self.instance.incident:
            return typed
        try:
            self.found = numbers.find(numbers.INCIDENT, typed)
        except LookupError as unknown:
            said = "Look it up in the list of incidents; if another body gave this number, say which"
            raise ValidationError(f"{unknown} {said}: Lake County {typed}.") from None
        return self.found.number if self.found else typed


class CostRequestForm(NamesIncident):
    """A request for costs with its paper."""

    request_upload = ScanField(label="Scan of the request", required=False)
    uploads = {"request_upload": "request_paper"}

    class Meta:
        model = CostRequest
        exclude = ["request_paper", "decision_paper", "decided_on", "granted", "decided_by", "paid_on"]
        help_texts = {
            "aiding": "Who gave aid, and asks.",
            "stricken": "Who was aided, and decides at its discretion: aid is given without reimbursement.",
            "incident": INCIDENT,
        }

    def clean(self) -> Any:
        """Costs are asked of the agency that was stricken in the incident, which knows its day."""
        cleaned = super().clean() or self.cleaned_data
        if self.found is not None:
            stricken = cleaned.get("stricken")
            if stricken is not None and stricken.pk != self.found.agency:
                said = f"{self.found.title}, struck another agency: costs are asked of that one (Agreement §3.E)."
                self.add_error("stricken", said)
            if "incident_on" not in self.errors and cleaned.get("incident_on") is None:
                cleaned["incident_on"] = self.found.on
        return cleaned

    def dated_on(self, upload: str) -> Any:
        """The day it was submitted."""
        return self.instance.submitted_on


class DecideForm(TreasurersAct, ActWithPapers):
    """The decision of the stricken agency (Agreement §3.E)."""

    slug = "decide"
    label = "Record the decision"
    permission = "finance.change_costrequest"
    intro = "The corporate authorities of the stricken agency may grant all, a part, or nothing (Agreement §3.E)."

    on = day("Decided on")
    granted = DollarsFormField(label="Granted", least=money.ZERO, help_text="0.00 where nothing is granted.")
    decided_by = words("Decided by", "Which corporate authorities.", most=150)
    decision_upload = ScanField(label="Scan of the decision", required=False)

    @classmethod
    def applies_to(cls, subject: CostRequest) -> bool:
        """While it is open."""
        return subject.decided_on is None

    def clean(self) -> dict[str, Any]:
        """It was decided."""
        cleaned = super().clean() or self.cleaned_data
        not_ahead(self, "on", self.now.date())
        return cleaned

    def act(self) -> CostRequest:
        """Record it."""
        data = self.cleaned_data
        paper = self.paper("decision_upload", f"Decision on costs: {self.subject}"[:200], dated_on=data["on"])
        return services.decide_costs(
            request=self.subject, on=data["on"], granted=data["granted"], decided_by=data["decided_by"], paper=paper
        )

    def said(self, record: CostRequest) -> str:
        """What was granted."""
        return f"{money.shown(record.granted)} of {money.shown(record.amount)} granted."


class PaidForm(TreasurersAct):
    """What was granted is paid."""

    slug = "paid"
    label = "Record that it was paid"
    permission = "finance.change_costrequest"
    intro = "One agency pays the other: nothing of it passes through our books."

    on = day("Paid on")

    @classmethod
    def applies_to(cls, subject: CostRequest) -> bool:
        """Once something is granted, until it is paid."""
        return bool(subject.granted) and subject.paid_on is None

    def clean(self) -> dict[str, Any]:
        """It was paid."""
        cleaned = super().clean() or self.cleaned_data
        not_ahead(self, "on", self.now.date())
        return cleaned

    def act(self) -> CostRequest:
        """Record it."""
        return services.pay_costs(request=self.subject, on=self.cleaned_data["on"])

    def said(self, record: CostRequest) -> str:
        """How much."""
        return f"{money.shown(record.granted)} paid by {record.stricken} to {record.aiding}."


class ClaimForm(NamesIncident):
    """A claim with its paper."""

    claim_upload = ScanField(label="Scan of the claim", required=False)
    uploads = {"claim_upload": "claim_paper"}

    class Meta:
        model = Claim
        exclude = ["claim_paper"]
        help_texts = {"incident": INCIDENT}

    def dated_on(self, upload: str) -> Any:
        """The day it was filed."""
        return self.instance.filed_on


class CostLine(RecordForm):
    """A cost of a claim, in a row."""

    class Meta:
        model = ClaimCost
        fields = ["on", "kind", "text", "amount"]
        widgets = {"text": AdminTextInputWidget()}
