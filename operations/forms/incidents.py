"""A call for aid: what the telecommunicator types while somebody speaks."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from nipas_admin.shared.acts import ActForm, Fieldset
from operations import services
from operations.forms.fields import AgencyField
from operations.models import Incident, ResourceType
from operations.rules.asking import Asked, read_request

EXAMPLE = "officer 15-20, canine 2, translator-pl 1"


def read_wanted(text: str) -> list[tuple[ResourceType, Asked]]:
    """What the line asks for, with the types of the catalogue. Raises ValidationError, part by part."""
    types = {row.key: row for row in ResourceType.objects.filter(retired_on__isnull=True)}
    read = read_request(text, {key: row.name for key, row in types.items()})
    if read.refused:
        raise ValidationError(list(read.refused))
    return [(types[one.key], one) for one in read.asked]


def _text(label: str, length: int, help_text: str = "", *, required: bool = False) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=length, help_text=help_text, required=required, widget=widget)


def _degrees(label: str, limit: int) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, max_digits=9, decimal_places=6, min_value=-limit, max_value=limit,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip


class NewIncidentForm(ActForm):
    """A new incident, with what is wanted in one line."""

    slug = "new"
    label = "New incident"
    permission = "operations.add_incident"
    intro = "Enter opens the incident and shows whom to call. Only the first four fields are needed."
    stricken = AgencyField(label="Stricken agency", help_text="The first letters, then choose.")
    nature = _text("What happened", 150, "Missing child, barricade, flood.", required=True)
    wanted = _text("What is wanted", 20_000, f"In one line: {EXAMPLE}", required=True)
    requested_by = _text("Who calls", 120, "Rank, name, number to call back.", required=True)
    exceeds = _text("Why it exceeds the agency's own capability", 300, "Agreement §3.D.")
    authority = forms.ChoiceField(label="By authority of", choices=Incident.Authority.choices)
    address = _text("Place", 200, "Left blank, distances are from the agency's own place.")
    latitude = _degrees("Latitude", 90)
    longitude = _degrees("Longitude", 180)
    staging = _text("Staging area", 200)
    radio = _text("Radio channel", 60)
    hazards = _text("Hazards", 300)

    def __init__(self, *args: Any, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.at = at
        stricken: Any = self.fields["stricken"]
        stricken.propose()
        stricken.widget.attrs |= {"autofocus": True, "class": "vTextField"}
        self.fields["wanted"].widget.attrs |= {"data-wanted": "", "placeholder": EXAMPLE}

    @property
    def fieldsets(self) -> list[Fieldset]:
        """What is asked first, and what can wait."""
        return [
            ("The call", {"fields": ["stricken", "nature", "wanted", "requested_by"]}),
            ("If known", {"fields": ["exceeds", "authority", "address", ("latitude", "longitude")]}),
            ("Where to come", {"fields": ["staging", "radio", "hazards"]}),
        ]

    def clean_wanted(self) -> list[tuple[ResourceType, Asked]]:
        """What is wanted, by the catalogue."""
        return read_wanted(self.cleaned_data["wanted"])

    def clean(self) -> dict[str, Any]:
        """Both coordinates, or neither."""
        kept: dict[str, Any] = super().clean() or self.cleaned_data
        known: list[Decimal | None] = [kept.get("latitude"), kept.get("longitude")]
        if (known[0] is None) != (known[1] is None) and not {"latitude", "longitude"} & self.errors.keys():
            self.add_error("latitude", "Give both latitude and longitude, or neither.")
        return kept

    def act(self) -> Incident:
        """Open it, and record what is wanted."""
        kept = dict(self.cleaned_data)
        wanted = kept.pop("wanted")
        incident = services.open_incident(at=self.at, by=self.user, **kept)
        for what, one in wanted:
            services.request(incident=incident, what=what, least=one.least, most=one.most, at=self.at)
        return incident

    def said(self, record: Incident) -> str:
        """It is open."""
        return f"Incident {record.reference} is open. Call the agencies below."
