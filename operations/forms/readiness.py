"""Asking who would come, and what is answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin

from membership.models import Agency, SpecializedTeam
from nipas_admin.shared.acts import ActForm
from nipas_admin.shared.choosing import FindSeveral, OneRecord, SeveralRecords
from operations import services
from operations.models import ReadinessInquiry, ReadinessInvitation, Resource
from operations.rules.readiness import Reply


class AskForm(forms.Form):
    """A readiness inquiry: what could happen, who is asked, until when."""

    title = forms.CharField(max_length=150)
    scenario = forms.CharField(
        max_length=4_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What could happen, where, and what would be asked for.",
    )  # fmt: skip
    asked_for = forms.CharField(
        label="Asked by", max_length=150, required=False, help_text="The body that asks; it need not be a member."
    )
    team = OneRecord(
        queryset=SpecializedTeam.objects.all(), required=False, empty_label="Agencies chosen below",
        help_text="All active agencies of the team are asked.",
    )  # fmt: skip
    agencies = SeveralRecords(
        queryset=Agency.objects.none(), required=False, help_text="Only where no team is asked: type to find each."
    )
    closes_at = forms.SplitDateTimeField(
        label="Answers until",
        widget=forms.SplitDateTimeWidget(date_attrs={"type": "date"}, time_attrs={"type": "time"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        agencies: Any = self.fields["agencies"]
        agencies.widget = FindSeveral(Resource._meta.get_field("agency"), admin.site)
        agencies.queryset = Agency.objects.order_by("name")

    def clean(self) -> dict[str, Any]:
        """A team, or agencies; not both."""
        kept: dict[str, Any] = super().clean() or self.cleaned_data
        if kept.get("team") and kept.get("agencies"):
            self.add_error("agencies", "Ask a team or agencies, not both.")
        return kept


class AnswerForm(forms.Form):
    """What the chief or sheriff answers."""

    reply = forms.ChoiceField(
        label="Would you come?", choices=[(one.value, one.label) for one in Reply], widget=forms.RadioSelect
    )
    people = forms.IntegerField(label="How many people", required=False, min_value=1, max_value=999)
    hours = forms.IntegerField(label="Within how many hours", required=False, min_value=0, max_value=240)
    reason = forms.CharField(label="Condition or reason", max_length=300, required=False)
    replied_by = forms.CharField(label="Who answers", max_length=120, help_text="Chief, sheriff, or the one they name.")

    def clean(self) -> dict[str, Any]:
        """A condition is named; a no counts nobody."""
        kept: dict[str, Any] = super().clean() or self.cleaned_data
        if kept.get("reply") == Reply.CONDITION and not kept.get("reason", "").strip():
            self.add_error("reason", "Name the condition.")
        if kept.get("reply") == Reply.NO:
            kept["people"] = kept["hours"] = None
        return kept

    def record(self, invitation: ReadinessInvitation, at: datetime, **more: Any) -> ReadinessInvitation:
        """Record it. Raises ValidationError, in words."""
        kept = dict(self.cleaned_data)
        return services.answer(invitation=invitation, at=at, reply=Reply(kept.pop("reply")), **kept, **more)


class AnswerByPhoneForm(ActForm, AnswerForm):
    """The coordinator enters an answer that came by telephone."""

    slug = "answer"
    label = "Enter an answer"
    permission = "operations.change_readinessinvitation"
    intro = "An answer that came by telephone, or a correction of one."
    now: datetime

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = self.subject.invitations.select_related("agency").order_by("agency__name")
        self.fields["invitation"] = OneRecord(queryset=rows, label="Agency", empty_label="Choose")
        self.order_fields(["invitation"])

    def act(self) -> ReadinessInquiry:
        """Record it."""
        invitation = self.cleaned_data.pop("invitation")
        self.record(invitation, self.now, by_coordinator=True)
        return self.subject  # type: ignore[no-any-return]

    def said(self, record: ReadinessInquiry) -> str:
        """It is recorded."""
        return "The answer is recorded."


class RemindForm(ActForm):
    """Those who have not answered were reminded."""

    slug = "remind"
    label = "Record a reminder"
    permission = "operations.change_readinessinvitation"
    intro = "Records that all agencies that have not answered were reminded, by telephone or with the link they have."
    now: datetime

    @classmethod
    def applies_to(cls, subject: ReadinessInquiry) -> bool:
        """While somebody is silent."""
        return bool(subject.invitations.silent().exists())

    def act(self) -> ReadinessInquiry:
        """Record it."""
        services.remind(inquiry=self.subject, at=self.now)
        return self.subject  # type: ignore[no-any-return]

    def said(self, record: ReadinessInquiry) -> str:
        """They are named on the page."""
        return "The reminder is recorded for every agency that has not answered."
