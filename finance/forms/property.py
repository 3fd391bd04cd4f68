"""The register of property: a thing with its papers, handed over, disposed of (Bylaws Art. XVI, XVII §4)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin

from board.models import Motion
from documents.forms import ActWithPapers, AttachesScans, ScanField
from finance import services
from finance.forms.acts import TreasurersAct, words
from finance.forms.applying import not_ahead
from finance.models import Custody, PropertyItem
from membership.models import Agency
from nipas_admin.shared import money
from nipas_admin.shared.acts import day
from nipas_admin.shared.choosing import FindOne, OneRecord
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.fields import DollarsFormField


class PropertyForm(AttachesScans):
    """A thing with the paper of its purchase."""

    purchase_upload = ScanField(label="Scan of the purchase", required=False)
    uploads = {"purchase_upload": "purchase_paper"}

    class Meta:
        model = PropertyItem
        fields = ["tag", "name", "kind", "serial", "acquired_on", "cost", "note"]
        help_texts = {"tag": "As it is marked on the thing itself.", "cost": "What it cost; blank where not known."}

    def dated_on(self, upload: str) -> Any:
        """The day it came."""
        return self.instance.acquired_on


class OnProperty(TreasurersAct):
    """An act on a thing that is ours, on a day that has come."""

    permission = "finance.change_propertyitem"

    @classmethod
    def applies_to(cls, subject: PropertyItem) -> bool:
        """Until it is disposed of."""
        return subject.disposed_on is None

    def clean(self) -> dict[str, Any]:
        """What is recorded has happened."""
        cleaned = super().clean() or self.cleaned_data
        not_ahead(self, "on", self.now.date())
        return cleaned


class HandOverForm(OnProperty):
    """Another person keeps it (Bylaws Art. XVI)."""

    slug = "hand-over"
    label = "Hand over"
    intro = "Whoever kept it does so until this day. Title stays with NIPAS, wherever it is (Bylaws Art. XVI)."

    on = day("Handed over on")
    custodian = words("Who keeps it now", "The person, by name or post.", most=120)
    agency = OneRecord(queryset=Agency.objects.all(), label="Agency", required=False)
    place = words("Where", required=False, most=150)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["agency"]
        field.widget = FindOne(Custody._meta.get_field("agency"), admin.site)
        field.widget.choices = field.choices

    def act(self) -> PropertyItem:
        """Hand it over."""
        return services.hand_over(item=self.subject, **self.cleaned_data)

    def said(self, record: PropertyItem) -> str:
        """Who keeps it."""
        return f"{record} is with {self.cleaned_data['custodian']} since {in_words(self.cleaned_data['on'])}."


class DisposeForm(OnProperty, ActWithPapers):
    """It is no longer ours (Bylaws Art. XVI, XVII §4)."""

    slug = "dispose"
    label = "Dispose of it"
    intro = "It stays on record with how it left. Name the Board's motion, or attach the paper that shows it."

    on = day("On")
    how = forms.ChoiceField(label="How", choices=[("", "Choose"), *PropertyItem.Disposal.choices])
    to = words("To whom", required=False, most=150)
    proceeds = DollarsFormField(label="For how much", required=False, least=money.ZERO, help_text="Where it was sold.")
    motion = OneRecord(queryset=Motion.objects.all(), label="Board's motion", required=False)
    paper_upload = ScanField(label="Scan of the paper that shows it", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["motion"]
        field.widget = FindOne(PropertyItem._meta.get_field("motion"), admin.site)
        field.widget.choices = field.choices

    def act(self) -> PropertyItem:
        """Dispose of it."""
        data = self.cleaned_data
        paper = self.paper("paper_upload", f"Disposal: {self.subject}"[:200], dated_on=data["on"])
        known = {name: data[name] for name in ("on", "how", "to", "proceeds", "motion")}
        return services.dispose_of_property(item=self.subject, paper=paper, **known)

    def said(self, record: PropertyItem) -> str:
        """How it left."""
        money_in = f" for {money.shown(record.proceeds)}: record it with the payments" if record.proceeds else ""
        return f"{record}: {record.get_disposal_display().lower()}{money_in}."
