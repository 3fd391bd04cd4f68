"""Fields for hurried hands: an agency by the first letters of its name, a minute of the last hours."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from membership.models import Agency
from operations.rules.places import read_place

SHOWN = 4
AHEAD = timedelta(minutes=1)


class Proposing(forms.TextInput):
    """A text field for which the browser proposes these texts."""

    proposals: tuple[str, ...] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The field, and the list that it proposes."""
        known = f"{name}-proposed"
        field = super().render(name, value, {**(attrs or {}), "list": known, "autocomplete": "off"}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((text,) for text in self.proposals))
        return format_html('{}<datalist id="{}">{}</datalist>', field, known, options)


class Wanted(forms.TextInput):
    """A text field with room below for the types that are proposed while somebody types."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The field in its frame."""
        known = {**(attrs or {}), "data-wanted": "", "autocomplete": "off"}
        return format_html('<span class="combo">{}</span>', super().render(name, value, known, renderer))


def agency_named(text: str) -> Agency:
    """The agency of this name, or the only one that begins so. Raises ValidationError, naming those that do."""
    text = " ".join(text.replace("\0", "").split())
    rows = Agency.objects.filter(name__istartswith=text).order_by("name")
    found: list[Agency] = list(rows[:50])
    same = [row for row in found if row.name.casefold() == text.casefold()] or found
    if len(same) == 1:
        return same[0]
    if same:
        more = f" and {len(same) - SHOWN} more" if len(same) > SHOWN else ""
        raise ValidationError(f"Several begin so: {'; '.join(row.name for row in same[:SHOWN])}{more}. Type more.")
    raise ValidationError(f"No agency begins with “{text[:60]}”. Type the first letters, then choose.")


class AgencyField(forms.CharField):
    """An agency, by typing its name."""

    widget = Proposing

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=160, **options)

    def propose(self) -> None:
        """Let the browser propose the agencies on the roll."""
        self.widget.proposals = tuple(Agency.objects.order_by("name").values_list("name", flat=True))

    def prepare_value(self, value: Any) -> Any:
        """The name of an agency, or what was typed."""
        return str(value) if isinstance(value, Model) else value

    def clean(self, value: Any) -> Any:
        """The agency; None for none. Raises ValidationError."""
        text = super().clean(value)
        return agency_named(text) if text else None


def place_named(text: str) -> tuple[Decimal, Decimal] | None:
    """Latitude and longitude, typed, or those of the agency nearby whose name is; None for nothing.

    Raises ValidationError, in words.
    """
    text = text.replace("\0", "").strip()
    if not text:
        return None
    if text[0].isalpha():
        agency = agency_named(text)
        if agency.latitude is None or agency.longitude is None:
            raise ValidationError(f"No coordinates of {agency} are on record: name another agency near the scene.")
        return agency.latitude, agency.longitude
    place = read_place(text)
    if place.refused:
        raise ValidationError(place.refused)
    return Decimal(str(round(place.north, 6))), Decimal(str(round(place.east, 6)))


class PlaceField(forms.CharField):
    """A place: coordinates as a map copies them, or the name of an agency nearby."""

    def clean(self, value: Any) -> Any:
        """Latitude and longitude; None for none. Raises ValidationError."""
        return place_named(super().clean(value))


def minute(text: str, now: datetime) -> datetime:
    """The last moment at which the clock showed this minute (``02:45`` or ``0245``); now where none is given.

    Raises ValidationError for what is no time.
    """
    text = text.strip()
    if not text:
        return now
    digits = text.replace(":", "").zfill(4)
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 4):
        raise ValidationError("Give the time as 02:45.")
    hour, of_hour = int(digits[:2]), int(digits[2:])
    if hour > 23 or of_hour > 59:
        raise ValidationError("Give the time as 02:45.")
    here = localtime(now)
    found = datetime.combine(here.date(), time(hour, of_hour), tzinfo=here.tzinfo)
    if found > now + AHEAD:
        return datetime.combine(here.date() - timedelta(days=1), time(hour, of_hour), tzinfo=here.tzinfo)
    # The minute that runs now is this very moment.
    return now if found + AHEAD > now else found
