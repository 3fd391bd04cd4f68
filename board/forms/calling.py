"""The acts before a meeting: called, its notice sent, its agenda posted; or cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict

from board import services
from board.forms.fields import BoardAct, lines, moment, words
from board.models import AgendaItem, Meeting
from board.rules.motions import Gathering
from board.rules.terms import Body
from nipas_admin.shared.acts import Effect, Fieldset, day
from nipas_admin.shared.dated import in_words

LAST, EMPTY = "last", "empty"


def last_of_kind(kind: str) -> Meeting | None:
    """The latest meeting of this kind that was not cancelled."""
    found: Meeting | None = Meeting.objects.standing().filter(kind=kind).first()
    return found


class CallForm(BoardAct):
    """A meeting is called (Bylaws Art. XI)."""

    slug = "call"
    label = "Call a meeting"
    permission = "board.add_meeting"
    intro = "Open objections, unfinished business and what else waits for this body come on the agenda by themselves."
    previews = True
    waiting: list[str]

    kind = forms.ChoiceField(
        label="Kind", choices=[(kind.value, kind.label) for kind in Gathering], widget=forms.RadioSelect()
    )
    starts_at = moment("Day and hour", "In Chicago. The Board sets them for the annual meeting (Bylaws Art. XI §2).")
    place = words(
        "Place", "With the address. Blank: where the last meeting of this kind met.", required=False, most=200
    )
    remote_access = words("From afar", "How to take part from afar, if that is offered.", required=False)
    called_by = forms.ChoiceField(label="Called by", choices=Meeting.CalledBy.choices)
    regular = forms.BooleanField(
        label="Regular meeting", required=False, initial=True, help_text="Off for one that is called out of turn."
    )
    purpose = lines(
        "Business named in the call",
        "Of a special meeting only, which does no other business (Bylaws Art. XI §4).",
        required=False,
        rows=3,
    )
    agenda = forms.ChoiceField(label="Agenda", choices=())

    def __init__(self, *args: Any, asked: QueryDict | None = None, **options: Any) -> None:
        super().__init__(*args, asked=asked, **options)
        source = self._source()
        kind = source.kind if source is not None else self.asked.get("kind", Gathering.BOARD.value)
        self.initial["kind"] = kind
        like = source or last_of_kind(kind)
        if like is not None:
            for name in ("place", "remote_access", "called_by"):
                self.initial[name] = getattr(like, name)
        choices = [(LAST, "As at the last meeting of this kind"), (EMPTY, "Empty, but for what waits")]
        if source is not None:
            choices.insert(0, (str(source.pk), f"As at the {source}"))
        self.fields["agenda"].choices = choices  # type: ignore[attr-defined]
        self.initial["agenda"] = choices[0][0]

    def _source(self) -> Meeting | None:
        key = self.asked.get("copy", "")
        known = Meeting.objects.filter(pk=key) if key.isdecimal() and len(key) < 19 else Meeting.objects.none()
        found: Meeting | None = known.first()
        return found

    @property
    def fieldsets(self) -> list[Fieldset]:
        """When and where, then the business."""
        return [
            (None, {"fields": ["kind", "starts_at", "place", "remote_access"]}),
            ("The call", {"fields": ["called_by", "regular", "purpose"]}),
            ("The business", {"fields": ["agenda"]}),
        ]

    def clean(self) -> dict[str, Any]:
        """Where no place is given it is the last one of this kind; business is named for a special meeting only."""
        cleaned = super().clean() or self.cleaned_data
        last = last_of_kind(cleaned.get("kind", ""))
        if not cleaned.get("place"):
            if last is None or not last.place:
                self.add_error("place", "Say where it meets: no meeting of this kind is in the register yet.")
            else:
                cleaned["place"] = last.place
        if cleaned.get("purpose") and cleaned.get("kind") != Gathering.SPECIAL.value:
            self.add_error("purpose", "Only the call of a special meeting limits its business (Bylaws Art. XI §4).")
        chosen = cleaned.get("agenda")
        cleaned["copy_of"] = last if chosen == LAST else None if chosen == EMPTY else self._source()
        return cleaned

    def act(self) -> Meeting:
        """Call the meeting."""
        names = ("kind", "starts_at", "place", "remote_access", "called_by", "regular", "purpose", "copy_of")
        meeting = services.call_meeting(**{name: self.cleaned_data[name] for name in names})
        waiting = meeting.agenda.exclude(source=AgendaItem.Source.ENTERED)
        self.waiting = list(waiting.values_list("title", flat=True)) if self.rehearsing else []
        return meeting

    def effect(self) -> Effect:
        """How many a quorum will need, what stands on the agenda, and by when papers must go out."""
        meeting = self.rehearse()
        return Effect(
            "Quorum on that day", services.quorum_of(meeting), meeting.on, list(self._follows(meeting)), (),
            said_of_quorum(meeting),
        )  # fmt: skip

    def _follows(self, meeting: Meeting) -> Iterator[str]:
        copied = self.cleaned_data["copy_of"]
        if copied is not None:
            many = len(services.outline(copied))
            yield f"The agenda begins with the {many} items of the {copied}." if many else "The agenda begins empty."
        yield from (f"On the agenda by itself: {title}." for title in self.waiting)
        if services.gives_notice_of_amendments(meeting):
            last = services.last_day_for_amendments(meeting).value
            if last is not None:
                yield f"Amendments of the bylaws must be sent to all by {in_words(last)} (Bylaws Art. XV §1)."

    def said(self, record: Meeting) -> str:
        """That it is called."""
        return f"The {record} is called. Arrange its agenda, then send the notice."


def said_of_quorum(meeting: Meeting) -> str:
    """How many are needed, in words; empty where that is not known."""
    needed = services.quorum_needed(meeting)
    return f"{needed} needed" if needed is not None else ""


class SendNoticeForm(BoardAct):
    """The notice went out."""

    slug = "send-notice"
    label = "Record the notice as sent"
    permission = "board.change_meeting"
    intro = "No notice period is set for meetings as such; the text of an amendment has one (Bylaws Art. XV §1)."

    on = day("Sent on")
    to = words("To whom and how", "For example: all participating agencies, by e-mail.")

    @classmethod
    def applies_to(cls, subject: Meeting) -> bool:
        """While it is ahead."""
        return subject.state == Meeting.State.SCHEDULED

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        all_of = {
            Body.BOARD: "All members of the Board, by e-mail",
            Body.ASSEMBLY: "All participating agencies, by e-mail",
        }
        self.initial["to"] = self.subject.notice_to or all_of[self.subject.body]

    def act(self) -> Meeting:
        """Record the notice."""
        return services.send_notice(meeting=self.subject, on=self.cleaned_data["on"], to=self.cleaned_data["to"])

    def said(self, record: Meeting) -> str:
        """When."""
        return f"The notice is recorded as sent on {in_words(record.notice_on)}."


class PostAgendaForm(BoardAct):
    """The agenda is posted."""

    slug = "post-agenda"
    label = "Record the agenda as posted"
    permission = "board.change_meeting"
    intro = "The statute asks for 48 hours; whether it binds the body is for its counsel (5 ILCS 120/2.02)."

    at = moment("Posted at")

    @classmethod
    def applies_to(cls, subject: Meeting) -> bool:
        """While it is ahead and not posted, where the clocks of the statute are shown."""
        waits = subject.state == Meeting.State.SCHEDULED and subject.agenda_posted_at is None
        return waits and services.clocks_run()

    def act(self) -> Meeting:
        """Record it."""
        return services.post_agenda(meeting=self.subject, at=self.cleaned_data["at"])

    def said(self, record: Meeting) -> str:
        """When."""
        return "The agenda is recorded as posted."


class CancelForm(BoardAct):
    """A meeting that will not be held."""

    slug = "cancel"
    label = "Cancel"
    permission = "board.change_meeting"
    intro = "What waited for it goes on the agenda of the next meeting of this body."

    on = day("Cancelled on")
    because = words("Because", "Those who were invited will ask.")

    @classmethod
    def applies_to(cls, subject: Meeting) -> bool:
        """While it is ahead."""
        return subject.state == Meeting.State.SCHEDULED

    def act(self) -> Meeting:
        """Cancel the meeting."""
        return services.cancel(meeting=self.subject, **{name: self.cleaned_data[name] for name in ("on", "because")})

    def said(self, record: Meeting) -> str:
        """That it is cancelled."""
        return f"The {record} is cancelled."
