"""The acts on an agency's Police Alarm Assignment."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminIntegerFieldWidget
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator
from django.db.models import Case, When

from membership.models import Agency, Official
from nipas_admin.shared import scope
from nipas_admin.shared.acts import ActForm, day
from nipas_admin.shared.choosing import OneRecord, SeveralRecords
from operations import services
from operations.models import AlarmAssignment, AlarmLine, ResourceType


class DraftCardForm(ActForm):
    """A new version, to be changed and approved."""

    slug = "draft"
    label = "Draft new version"
    permission = "operations.add_alarmassignment"
    intro = "The new version begins as a copy of this agency's last one. It is in use once it is approved."
    effective_on = day("In effect from")

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("effective_on", today)

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


class AddNearbyForm(ActForm):
    """Agencies nearby come onto the card: into its draft, or a new one."""

    slug = "nearby"
    label = "Add agencies nearby"
    permission = "operations.add_alarmassignment"
    intro = (
        "They come at the end of the level, into the draft of this card or a new one that begins as its copy. The "
        "commanding officer approves it (Agreement §2)."
    )

    agencies = SeveralRecords(queryset=Agency.objects.none(), label="Nearby", widget=forms.CheckboxSelectMultiple())
    level = forms.IntegerField(min_value=1, widget=AdminIntegerFieldWidget(), validators=[MaxValueValidator(20)])
    what = OneRecord(
        queryset=ResourceType.objects.filter(retired_on__isnull=True), label="Each sends", empty_label=None
    )
    quantity = forms.IntegerField(min_value=1, label="How many", widget=AdminIntegerFieldWidget())
    on = day("In effect from", "Of the new version, where none is drafted yet. As 5/1/2026 or 2026-05-01.")

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        if scope.agencies_of(self.user) is not None:
            raise PermissionDenied("Who is near is for those who work for the whole body.")
        checked = services.check_assignments([self.subject], today)[0]
        drafted = AlarmLine.objects.filter(
            assignment__agency=self.subject.agency_id, assignment__approved_on__isnull=True
        )
        new = {flag.agency: flag.text for flag in checked.suggestions if flag.agency is not None}
        nearest = Case(*(When(pk=pk, then=place) for place, pk in enumerate(new)), default=len(new))
        agencies: Any = self.fields["agencies"]
        agencies.queryset = (
            Agency.objects.filter(pk__in=list(new)).exclude(pk__in=drafted.values("agency")).order_by(nearest)
        )
        agencies.label_from_instance = lambda agency: new[agency.pk].removesuffix(", is on no line")
        # As the agencies of the last level do.
        last = max((line.level for line in checked.lines), default=1)
        sends = Counter((line.type_id, line.quantity) for line in checked.lines if line.level == last)
        what, quantity = sends.most_common(1)[0][0] if sends else (None, 1)
        # Who came since is meant for it; a first card is put together level by level.
        ticked = list(new) if checked.lines else []
        usual = {"agencies": ticked, "level": last, "what": what, "quantity": quantity, "on": today}
        self.initial = {**usual, **self.initial}

    @classmethod
    def applies_to(cls, subject: AlarmAssignment) -> bool:
        """While no later version is approved: what is superseded is not added to."""
        later = AlarmAssignment.objects.filter(agency=subject.agency_id, version__gt=subject.version)
        return not later.filter(approved_on__isnull=False).exists()

    def act(self) -> AlarmAssignment:
        """Add them."""
        return services.add_nearby(card=self.subject, **self.cleaned_data)

    def said(self, record: AlarmAssignment) -> str:
        """How many, and what comes next."""
        added = len(self.cleaned_data["agencies"])
        return (
            f"{added} {'agency' if added == 1 else 'agencies'} added to version {record.version}, a draft: have it "
            "approved by the commanding officer."
        )
