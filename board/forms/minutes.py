"""The acts of minutes: circulated, corrected, opened to the public; and the draft as the Secretary writes it."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget

from board import services
from board.forms.fields import BoardAct, lines, words
from board.models import AgendaItem, Minutes, Motion
from nipas_admin.shared.acts import day
from nipas_admin.shared.choosing import OneRecord
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.forms import RecordForm, VersionField

SHOWN = 300


def _plain(text: str) -> str:
    """The text with one kind of line end, as browsers and people differ in them."""
    return text.replace("\r\n", "\n").strip()


def _mark(text: str) -> str:
    return hashlib.sha256(_plain(text).encode()).hexdigest()[:16]


class MinutesForm(RecordForm):
    """The draft on one page: what stands before the first item, a paragraph for each item, what stands after the last.

    A paragraph that somebody else changed since the page was opened is not overwritten: what is stored is said beside
    what was typed, and saving again is accepted. One that the person left alone takes over what is stored.
    """

    class Meta:
        model = Minutes
        fields = ["opening", "closing"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.items: dict[str, AgendaItem] = {}
        if self.instance.pk and not self.instance.frozen:
            motions = _motions_by_item(self.instance)
            for line in services.outline(self.instance.meeting):
                self._add(line, motions.get(line.item.pk, ""))

    def _add(self, line: services.Line, motions: str) -> None:
        name = f"paragraph_{line.item.pk}"
        self.items[name] = line.item
        self.fields[name] = forms.CharField(
            label=f"{line.number}. {line.item.title}", required=False, initial=line.item.minutes_text,
            widget=AdminTextareaWidget(attrs={"rows": 3}), help_text=motions,
        )  # fmt: skip
        self.fields[f"was_{line.item.pk}"] = VersionField(required=False, initial=_mark(line.item.minutes_text))

    @property
    def paragraphs(self) -> list[str]:
        """The names of the fields, each paragraph with its mark."""
        return [name for item in self.items.values() for name in (f"paragraph_{item.pk}", f"was_{item.pk}")]

    def clean(self) -> dict[str, Any]:
        """No paragraph overwrites what somebody else wrote meanwhile."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, item in self.items.items():
            typed, opened_with = _plain(cleaned.get(name, "")), cleaned.get(f"was_{item.pk}", "")
            stored = _mark(item.minutes_text)
            cleaned[name] = typed
            if opened_with == stored or _mark(typed) == stored:
                continue
            if _mark(typed) == opened_with:
                cleaned[name] = item.minutes_text
                continue
            self._hold(f"was_{item.pk}", stored)
            now = _plain(item.minutes_text)[:SHOWN]
            self.add_error(
                name,
                f"Somebody changed this paragraph since you opened the page. It now reads: “{now}”. Take over what you "
                "need; saving again puts yours in its place.",
            )
        return cleaned

    def write(self) -> None:
        """Write the paragraphs that were changed."""
        for name, item in self.items.items():
            if _mark(self.cleaned_data[name]) != _mark(item.minutes_text):
                services.write_paragraph(item=item, text=self.cleaned_data[name], carry_over=item.carry_over, seen=None)


def _motions_by_item(minutes: Minutes) -> dict[int, str]:
    """What was decided under each item, in a line, for the Secretary to write by."""
    said: dict[int, list[str]] = {}
    motions = Motion.objects.filter(meeting=minutes.meeting_id, item__isnull=False).order_by("number")
    for motion in motions.select_related("meeting").with_tally():
        tally = f", {motion.tally}" if motion.decided and motion.tally is not None else ""
        said.setdefault(motion.item_id, []).append(
            f"Motion {motion.number}, {motion.get_state_display().lower()}{tally}: {motion.text}"
        )
    return {item: " ".join(lines) for item, lines in said.items()}


class CirculateForm(BoardAct):
    """The draft goes out."""

    slug = "circulate"
    label = "Record as circulated"
    permission = "board.change_minutes"
    intro = "A draft is circulated before a later meeting approves it (Bylaws Art. VI §3)."

    on = day("Circulated on")
    to = words("To whom and how", "For example: all members of the Board, by e-mail.")

    @classmethod
    def applies_to(cls, subject: Minutes) -> bool:
        """Once the meeting is adjourned, until they are approved."""
        return not subject.frozen and subject.meeting.adjourned_at is not None

    def act(self) -> Minutes:
        """Record it."""
        return services.circulate(minutes=self.subject, on=self.cleaned_data["on"], to=self.cleaned_data["to"])

    def said(self, record: Minutes) -> str:
        """What is next."""
        return (
            f"Circulated on {in_words(record.circulated_on)}. The next meeting of this body approves them by a motion."
        )


class CorrectMinutesForm(BoardAct):
    """A correction of approved minutes stands beside them."""

    slug = "correct"
    label = "Record a correction"
    permission = "board.add_minutescorrection"
    intro = "Approved minutes stay as they are. A correction is an amendment beside them (Bylaws Art. VI §3)."

    on = day("Corrected on")
    text = lines("Correction", "What is to be read instead of what.")
    motion = OneRecord(
        queryset=Motion.objects.none(), label="By motion", required=False, empty_label="None",
        help_text="A motion that carried at a later meeting.",
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        later = Motion.objects.effective().filter(meeting__starts_at__gt=self.subject.meeting.starts_at)
        self.fields["motion"].queryset = later.select_related("meeting")  # type: ignore[attr-defined]

    @classmethod
    def applies_to(cls, subject: Minutes) -> bool:
        """Once they are approved."""
        return subject.frozen

    def act(self) -> Minutes:
        """Record it."""
        names = ("on", "text", "motion")
        services.correct(minutes=self.subject, **{name: self.cleaned_data[name] for name in names})
        return self.subject  # type: ignore[no-any-return]

    def said(self, record: Minutes) -> str:
        """That it stands beside them."""
        return "The correction is recorded beside the approved minutes."


class OpenToPublicForm(BoardAct):
    """Approved minutes are opened to the public."""

    slug = "open-to-public"
    label = "Record as open to the public"
    permission = "board.change_minutes"

    on = day("Posted or laid open on")

    @classmethod
    def applies_to(cls, subject: Minutes) -> bool:
        """Once they are approved, until they are open."""
        return subject.frozen and subject.public_on is None

    def act(self) -> Minutes:
        """Record it."""
        return services.open_to_public(minutes=self.subject, on=self.cleaned_data["on"])

    def said(self, record: Minutes) -> str:
        """Since when."""
        return f"Open to the public since {in_words(record.public_on)}."
