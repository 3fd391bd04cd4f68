"""The acts on an agency's Police Alarm Assignment."""

from __future__ import annotations

from typing import Any

from membership.models import Official
from nipas_admin.shared.acts import ActForm, day
from nipas_admin.shared.choosing import OneRecord
from operations import services
from operations.models import AlarmAssignment


class DraftCardForm(ActForm):
    """A new version, to be changed and approved."""

    slug = "draft"
    label = "Draft new version"
    permission = "operations.add_alarmassignment"
    intro = "The new version begins as a copy of this agency's last one. It is in use once it is approved."
    effective_on = day("In effect from")

    @classmethod
    def applies_to(cls, subject: AlarmAssignment) -> bool:
        """While no draft is open."""
        return not AlarmAssignment.objects.filter(agency=subject.agency, approved_on__isnull=True).exists()

    def act(self) -> AlarmAssignment:
        """Draft it."""
        return services.draft_card(agency=self.subject.agency, effective_on=self.cleaned_data["effective_on"])

    def said(self, record: AlarmAssignment) -> str:
        """It is a draft."""
        return f"Version {record.version} is a draft: change its lines, then have it approved."


class ApproveCardForm(ActForm):
    """The commanding officer approves."""

    slug = "approve"
    label = "Approve"
    permission = "operations.change_alarmassignment"
    intro = "The commanding officer approves the card (Agreement §2). Afterwards its lines are closed."
    on = day("Approved on")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        chiefs = Official.objects.filter(agency=self.subject.agency, capacity=Official.Capacity.CHIEF)
        self.fields["officer"] = OneRecord(queryset=chiefs, label="Commanding officer", empty_label="Choose")

    @classmethod
    def applies_to(cls, subject: AlarmAssignment) -> bool:
        """A draft."""
        return subject.approved_on is None

    def act(self) -> AlarmAssignment:
        """Record it."""
        return services.approve_card(card=self.subject, **self.cleaned_data)

    def said(self, record: AlarmAssignment) -> str:
        """It is approved."""
        return f"{record} is approved."
