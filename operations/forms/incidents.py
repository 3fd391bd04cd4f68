"""A call for aid: what the telecommunicator types while somebody speaks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from nipas_admin.shared.acts import ActForm, Fieldset
from operations import services
from operations.forms.fields import AgencyField, PlaceField, Wanted
from operations.models import Incident, ResourceType
from operations.rules.asking import Asked, read_request

EXAMPLE = "15-20 officers, 2 canines, a light tower"
# Who presses twice opens one incident: the same words within so long are the same call.
SAME_CALL = timedelta(minutes=2)


class SameCall(Exception):
    """The call is open already: by a second press, or the same one sent again."""

    def __init__(self, incident: Incident) -> None:
        super().__init__(str(incident))
        self.incident = incident


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


class NewIncidentForm(ActForm):
    """A new incident, with what is wanted in one line."""

    slug = "new"
    label = "New incident"
    permission = "operations.add_incident"
    intro = "Enter opens the incident and shows whom to call. Only the first four fields are needed."
    stricken = AgencyField(label="Stricken agency", help_text="The first letters, then choose.")
    nature = _text("What happened", 150, "Missing child, barricade, flood.", required=True)
    wanted = _text("What is wanted", 20_000, "In one line; types are proposed while you type.", required=True)
    requested_by = _text("Who calls", 120, "Rank, name, number to call back.", required=True)
    exceeds = _text("Why it exceeds the agency's own capability", 300, "Agreement §3.D.")
    authority = forms.ChoiceField(label="By authority of", choices=Incident.Authority.choices)
    address = _text("Place", 200, "As it is told to those who come.")
    scene = PlaceField(
        label="Coordinates, or an agency nearby", required=False, max_length=160,
        help_text="42.31, -88.01. Left blank, miles are from the stricken agency's own place.",
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )  # fmt: skip
    staging = _text("Staging area", 200)
    radio = _text("Radio channel", 60)
    hazards = _text("Hazards", 300)

    def __init__(self, *args: Any, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.at = at
        stricken: Any = self.fields["stricken"]
        stricken.propose()
        stricken.widget.attrs |= {"autofocus": True, "class": "vTextField"}
        self.fields["wanted"].widget = Wanted(attrs={"class": "vTextField", "placeholder": EXAMPLE})

    @property
    def fieldsets(self) -> list[Fieldset]:
        """What is asked first, and what can wait."""
        return [
            ("The call", {"fields": ["stricken", "nature", "wanted", "requested_by"]}),
            ("If known", {"fields": ["exceeds", "authority", "address", "scene"]}),
            ("Where to come", {"fields": ["staging", "radio", "hazards"]}),
        ]

    def clean_wanted(self) -> list[tuple[ResourceType, Asked]]:
        """What is wanted, by the catalogue."""
        return read_wanted(self.cleaned_data["wanted"])

    def act(self) -> Incident:
        """Open it, and record what is wanted. Raises SameCall where it is open already."""
        kept = dict(self.cleaned_data)
        wanted, scene = kept.pop("wanted"), kept.pop("scene")
        if scene:
            kept["latitude"], kept["longitude"] = scene
        incident = services.open_incident(at=self.at, by=self.user, **kept)
        same = {name: kept[name] for name in ("stricken", "nature", "requested_by")}
        before = Incident.objects.open().filter(**same, opened_at__gte=self.at - SAME_CALL).exclude(pk=incident.pk)
        if twin := before.first():
            raise SameCall(twin)
        for what, one in wanted:
            services.request(incident=incident, what=what, least=one.least, most=one.most, at=self.at)
        return incident

    def said(self, record: Incident) -> str:
        """It is open."""
        return f"Incident {record.reference} is open. Call the agencies below."
