"""The acts of a meeting as small forms on the live page: each asks for little, and does one act at a moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404
from django.urls import reverse

from board import services
from board.models import AgendaItem, Meeting, Pause, RollEntry
from board.models.seats import QUALIFYING
from board.rules.seats import presides
from board.rules.terms import Office
from documents.forms import ActWithPapers, ScanField
from membership.models import Official

PROPOSED = 400
COUNTS = [("yes", "Counts"), ("no", "Does not count")]


class Typed(forms.CharField):
    """One of some rows, by typing its name; the browser proposes, and the form finds it again."""

    def __init__(
        self, rows: QuerySet[Any], said: Callable[[Any], str] = str, field: str = "name", **options: Any
    ) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(max_length=260, **options)
        self.rows, self.said, self.by = rows, said, field

    @property
    def proposals(self) -> list[str]:
        """What the browser proposes."""
        return [self.said(row) for row in self.rows[:PROPOSED]]

    def prepare_value(self, value: Any) -> Any:
        """The text of a row, or what was typed."""
        return self.said(value) if isinstance(value, Model) else value

    def clean(self, value: Any) -> Any:
        """The row, or None. Raises ValidationError when none, or more than one, begins so."""
        text = super().clean(self.prepare_value(value))
        if not text:
            return None
        found = list(self.rows.filter(**{f"{self.by}__istartswith": text.partition(",")[0].strip()})[:50])
        same = [row for row in found if self.said(row).casefold() == text.casefold()] or [
            row for row in found if self.said(row).casefold().startswith(text.casefold())
        ]
        if len(same) == 1:
            return same[0]
        if same:
            names = "; ".join(self.said(row) for row in same[:4])
            raise ValidationError(f"Several begin so: {names}. Type more.")
        raise ValidationError(f"Nobody here is called “{text[:60]}”. Type the first letters, then choose.")


def officials(meeting: Meeting) -> QuerySet[Any]:
    """Chief executive officers and designees on the day of the meeting, by name."""
    rows: QuerySet[Any] = Official.objects.in_office_on(meeting.on).filter(capacity__in=QUALIFYING)
    return rows.select_related("agency").order_by("name", "pk")


def with_agency(official: Official) -> str:
    """``Dana Quill, McHenry Police Department``."""
    return f"{official.name}, {official.agency.name}"


class LiveForm(ActWithPapers):
    """One act on the live page, at the moment it is sent. ``on`` is the kind of record it is done to."""

    permission = "board.change_meeting"
    on: ClassVar[type[Model]] = Meeting
    heading = ""  # stands above the form where it opens on the desk
    reloads = False  # the whole page is another one afterwards
    clears = True  # the desk has nothing left to show

    def __init__(self, *args: Any, meeting: Meeting, at: datetime, **options: Any) -> None:
        self.meeting, self.at = meeting, at
        super().__init__(*args, auto_id=f"{self.slug}-%s", **options)
        self.prepare()
        for name, field in self.fields.items():
            if isinstance(field, Typed):
                field.widget.attrs["list"] = f"{self.slug}-{name}-proposed"

    def prepare(self) -> None:
        """Fit the fields to the record."""

    @classmethod
    def find(cls, meeting: Meeting, key: int | None) -> Any:
        """The record that the act is done to. Raises Http404 when it is none of this meeting."""
        if cls.on is Meeting:
            return meeting
        rows = cls.rows(meeting).filter(pk=key or 0)
        record = rows.first()
        if record is None:
            raise Http404("There is no such record at this meeting.")
        if hasattr(record, "meeting"):
            record.meeting = meeting
        return record

    @classmethod
    def rows(cls, meeting: Meeting) -> Any:
        """Where the record is looked for."""
        return cls.on._default_manager.filter(meeting=meeting)

    @property
    def url(self) -> str:
        """Where the form is sent."""
        key = [] if self.on is Meeting else [self.subject.pk]
        return reverse("board:live_act", args=[self.meeting.pk, self.slug, *key])

    @property
    def lists(self) -> list[tuple[str, list[str]]]:
        """What the browser proposes while one types, by the list's name."""
        return [
            (f"{self.slug}-{name}-proposed", field.proposals)
            for name, field in self.fields.items()
            if isinstance(field, Typed)
        ]


class OrderForm(LiveForm):
    """Call to order: who presides and who keeps the record; what is not determined is settled first."""

    slug = "order"
    label = "Call to order"
    reloads = True
    presiding_as = forms.CharField(label="Presides as", required=False, max_length=80)

    def prepare(self) -> None:
        """The President presides, the Secretary keeps the record, unless somebody else is typed."""
        people = officials(self.meeting)
        self.fields["presiding"] = Typed(people, with_agency, label="Presiding officer", required=False)
        self.fields["secretary"] = Typed(people, with_agency, label="Secretary of the meeting", required=False)
        self.order_fields(["presiding", "presiding_as", "secretary"])
        self.open_ones = services.roll_on(self.meeting).undetermined
        for entry in self.open_ones:
            self.fields[f"counts_{entry.agency_id}"] = forms.ChoiceField(
                label=entry.name, choices=COUNTS, required=False, widget=forms.RadioSelect
            )
            self.fields[f"why_{entry.agency_id}"] = forms.CharField(
                label="because", max_length=300, required=False,
                help_text="Its status is not determined: the Secretary settles it on the record.",
            )  # fmt: skip
        self._propose()

    def _propose(self) -> None:
        board = services.board_on(self.meeting.on)
        president, vice = board.holder(Office.PRESIDENT), board.holder(Office.VICE_PRESIDENT)
        office = presides(president is not None, vice is not None).value
        holder = {Office.PRESIDENT: president, Office.VICE_PRESIDENT: vice}.get(office) if office else None
        self.initial.setdefault("presiding", holder)
        self.initial.setdefault("presiding_as", office.label if office else "")
        self.initial.setdefault("secretary", board.holder(Office.SECRETARY))

    def act(self) -> Meeting:
        """Call the meeting to order."""
        said = self.cleaned_data
        settled = {
            entry.agency_id: (said[f"counts_{entry.agency_id}"] == "yes", said[f"why_{entry.agency_id}"])
            for entry in self.open_ones
            if said[f"counts_{entry.agency_id}"]
        }
        return services.call_to_order(
            meeting=self.meeting, at=self.at, presiding=said["presiding"], presiding_as=said["presiding_as"],
            secretary=said["secretary"], settled=settled,
        )  # fmt: skip


class PauseForm(LiveForm):
    """Let the meeting stand still."""

    slug = "suspend"
    heading = "Suspend the meeting"
    label = "Suspend"
    why = forms.ChoiceField(label="Why", choices=Pause.Why.choices, widget=forms.RadioSelect)
    note = forms.CharField(label="Note", max_length=300, required=False)

    def act(self) -> Meeting:
        """Suspend it."""
        return services.suspend(
            meeting=self.meeting, at=self.at, why=self.cleaned_data["why"], note=self.cleaned_data["note"]
        )


class ResumeForm(LiveForm):
    """Let the meeting go on."""

    slug = "resume"
    label = "Resume the meeting"
    clears = False

    def act(self) -> Meeting:
        """Resume it."""
        return services.resume(meeting=self.meeting, at=self.at)


class AdjournForm(LiveForm):
    """Adjourn: roll and votes stay as they are from then on."""

    slug = "adjourn"
    heading = "Adjourn"
    label = "Adjourn the meeting"
    intro = (
        "Everybody still in the room leaves at this moment. Roll and votes stay as they are; no arrival or vote can be "
        "added."
    )
    reloads = True

    def act(self) -> Meeting:
        """Adjourn it."""
        return services.adjourn(meeting=self.meeting, at=self.at)


class ParagraphForm(LiveForm):
    """The Secretary's paragraph of one item; it keeps itself while one writes."""

    slug = "paragraph"
    label = "Keep the paragraph"
    on = AgendaItem
    clears = False
    text = forms.CharField(
        label="Paragraph for the minutes", required=False, strip=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}), help_text="What was done, not what was said. It keeps itself.",
    )  # fmt: skip
    carry_over = forms.BooleanField(label="Not finished: put it on the next agenda", required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        """What is kept so far."""
        self.initial = {
            "text": self.subject.minutes_text, "carry_over": self.subject.carry_over, "seen": self.subject.version,
        }  # fmt: skip

    def act(self) -> AgendaItem:
        """Keep it."""
        said = self.cleaned_data
        return services.write_paragraph(
            item=self.subject, text=said["text"].strip(), carry_over=said["carry_over"], seen=said["seen"]
        )


class RepresentForm(LiveForm):
    """Who answers for a member: its chief executive officer, or a designee with the paper on file."""

    slug = "represent"
    heading = "Who answers"
    label = "Record the representative"
    on = RollEntry
    representative = forms.CharField(
        label="Represented by", max_length=120, help_text="The chief executive officer or the official designee."
    )
    designation = ScanField(label="Designation", required=False)

    @classmethod
    def rows(cls, meeting: Meeting) -> Any:
        """The roll of the meeting."""
        return RollEntry.objects.filter(meeting=meeting).select_related("agency", "meeting", "designation")

    def prepare(self) -> None:
        """Who answers so far, and whom the agency has on record."""
        self.initial = {"representative": self.subject.representative}
        self.heading = f"Who answers for {self.subject.name}"
        self.people = list(officials(self.meeting).filter(agency=self.subject.agency_id))
        self.fields["representative"].widget.attrs["list"] = f"{self.slug}-people"
        if self.subject.designation is not None:
            self.fields["designation"].help_text = f"On file: {self.subject.designation}. A new one replaces it."

    @property
    def lists(self) -> list[tuple[str, list[str]]]:
        """The people of the agency."""
        return [(f"{self.slug}-people", [official.name for official in self.people])]

    def act(self) -> RollEntry:
        """Record who answers, and file the designation."""
        name = self.cleaned_data["representative"]
        official = next((one for one in self.people if one.name.casefold() == name.casefold()), None)
        paper = self.paper("designation", f"Designation of {name} by {self.subject.agency}"[:200])
        return services.represent(entry=self.subject, representative=name, official=official, designation=paper)


class RecuseForm(LiveForm):
    """Note a recusal; the member stays in the base."""

    slug = "recuse"
    heading = "Recusal"
    label = "Note the recusal"
    on = RollEntry
    note = forms.CharField(
        label="Recused from, and why", max_length=300, help_text="The member still counts in the base (Reading R12)."
    )

    @classmethod
    def rows(cls, meeting: Meeting) -> Any:
        """The roll of the meeting."""
        return RollEntry.objects.filter(meeting=meeting).select_related("agency", "meeting")

    def act(self) -> RollEntry:
        """Note it."""
        return services.recuse(entry=self.subject, note=self.cleaned_data["note"])
