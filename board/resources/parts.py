"""Columns that several tables of the Board share: moments, seats, meetings and motions by what people call them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.timezone import localtime, make_aware
from import_export.fields import Field
from import_export.widgets import Widget

from board.models import Meeting, Motion, Seat
from board.rules.motions import Gathering
from membership.resources.parts import shown
from nipas_admin.shared.columns import text_of
from nipas_admin.shared.dates import read_day
from nipas_admin.shared.resources import RecordResource

WRITTEN = "%Y-%m-%d %H:%M"
HOURS = ("%H:%M", "%I:%M %p", "%I:%M%p", "%H:%M:%S")


class MomentWidget(Widget):
    """A day and an hour in Chicago, written 2026-05-14 18:30 or 5/14/2026 6:30 PM; the day alone is its midnight."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> datetime | None:
        """The moment; None when blank. Raises ValueError in words."""
        if isinstance(value, datetime):
            return make_aware(value) if value.tzinfo is None else value
        if isinstance(value, date):
            return make_aware(datetime.combine(value, time()))
        text = text_of(value)
        if not text:
            return None
        day, _space, hour = text.partition(" ")
        try:
            return make_aware(datetime.combine(read_day(day), _hour(hour.strip())))
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """``2026-05-14 18:30``, in Chicago."""
        return format(localtime(value), WRITTEN) if value is not None else ""


def _hour(text: str) -> time:
    for way in HOURS if text else ():
        try:
            return datetime.strptime(text.upper(), way).time()
        except ValueError:
            continue
    if text:
        raise ValueError(f"“{text}” is no hour of the day. Write it as 18:30 or 6:30 PM.")
    return time()


def moment(attribute: str, *, readonly: bool = False) -> Field:
    """A column that holds a moment."""
    return Field(attribute, attribute, MomentWidget(), readonly=readonly)


class SeatWidget(Widget):
    """A seat of the Board by its name: President, At-large member 3."""

    def __init__(self) -> None:
        super().__init__()
        self.seats: dict[str, Seat] = {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Seat | None:
        """The seat; None when blank. Raises ValueError in words."""
        name = text_of(value)
        if not name:
            return None
        if not self.seats:
            self.seats = {str(seat).casefold(): seat for seat in Seat.objects.all()}
        if name.casefold() not in self.seats:
            known = "; ".join(str(seat) for seat in self.seats.values())
            raise ValueError(f"The Board has no seat “{name}”. It has: {known} (Bylaws Art. IV §1).")
        return self.seats[name.casefold()]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Its name."""
        return str(value) if value is not None else ""


def meeting_name(meeting: Meeting) -> str:
    """What a meeting is called in tables: its kind, and the day and hour it was called for."""
    return f"{meeting.gathering.label} {localtime(meeting.starts_at):{WRITTEN}}"


class MeetingWidget(Widget):
    """A meeting by its kind and the day and hour it was called for: Board meeting 2026-05-14 18:30."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: models.QuerySet[Any] = Meeting.objects.all()
        self.kinds = {gathering.label.casefold(): gathering.value for gathering in Gathering}
        self.known: dict[tuple[str, datetime], Meeting] = {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Meeting | None:
        """The meeting; None when blank. Raises ValueError in words."""
        name = text_of(value)
        if not name:
            return None
        if not self.known:
            self.known = {(meeting.kind, meeting.starts_at): meeting for meeting in self.rows.select_related("bylaws")}
        label = next((label for label in self.kinds if name.casefold().startswith(label)), None)
        if label is None:
            labels = "; ".join(gathering.label for gathering in Gathering)
            raise ValueError(f"“{name}” names no meeting. Begin with its kind ({labels}), then 2026-05-14 18:30.")
        when = MomentWidget().clean(name[len(label) :].strip(" ,"))
        meeting = self.known.get((self.kinds[label], when)) if when else None
        if meeting is None:
            raise ValueError(f"The register has no {name}. Import its meeting first, with the same day and hour.")
        return meeting

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Its name."""
        return meeting_name(value) if value is not None else ""


class OfMeeting(RecordResource):
    """A table whose rows belong to meetings."""

    meeting_path = "meeting"

    @property
    def followed(self) -> list[str]:
        """Attributes that hold another record, the meeting among them."""
        return [*super().followed, self.meeting_path]


def of_meeting(attribute: str = "meeting", *, readonly: bool = False) -> Field:
    """The column that names the meeting."""
    return Field(attribute, "meeting", MeetingWidget(), readonly=readonly)


class MotionWidget(Widget):
    """A motion, to read: its meeting and its number."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """``Board meeting 2026-05-14 18:30, motion 3``."""
        return f"{meeting_name(value.meeting)}, motion {value.number}" if isinstance(value, Motion) else ""


def motion(attribute: str) -> Field:
    """A column that names a motion, written and not read."""
    return Field(attribute, attribute, MotionWidget(), readonly=True)


__all__ = [
    "MeetingWidget",
    "MomentWidget",
    "OfMeeting",
    "SeatWidget",
    "meeting_name",
    "moment",
    "motion",
    "of_meeting",
    "shown",
]
