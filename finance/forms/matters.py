"""Costs between agencies and claims: records with their papers, and the acts by which something is settled."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.widgets import AdminTextInputWidget

from documents.forms import ActWithPapers, AttachesScans, ScanField
from finance import services
from finance.forms.acts import TreasurersAct, words
from finance.forms.applying import not_ahead
from finance.models import Claim, ClaimCost, CostRequest
from nipas_admin.shared import money
from nipas_admin.shared.acts import day
from nipas_admin.shared.fields import DollarsFormField
from nipas_admin.shared.forms import RecordForm


class CostRequestForm(AttachesScans):
    """A request for costs with its paper."""

    request_upload = ScanField(label="Scan of the request", required=False)
    uploads = {"request_upload": "request_paper"}

    class Meta:
        model = CostRequest
        exclude = ["request_paper", "decision_paper", "decided_on", "granted", "decided_by", "paid_on"]
        help_texts = {
            "aiding": "Who gave aid, and asks.",
            "stricken": "Who was aided, and decides at its discretion: aid is given without reimbursement.",
        }

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


class ClaimForm(AttachesScans):
    """A claim with its paper."""

    claim_upload = ScanField(label="Scan of the claim", required=False)
    uploads = {"claim_upload": "claim_paper"}

    class Meta:
        model = Claim
        exclude = ["claim_paper"]

    def dated_on(self, upload: str) -> Any:
        """The day it was filed."""
        return self.instance.filed_on


class CostLine(RecordForm):
    """A cost of a claim, in a row."""

    class Meta:
        model = ClaimCost
        fields = ["on", "kind", "text", "amount"]
        widgets = {"text": AdminTextInputWidget()}
