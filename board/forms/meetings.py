"""The acts of a meeting: called, noticed, called to order, suspended, adjourned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.http import QueryDict

from board import services
from board.forms.fields import BoardAct, lines, moment, words
from board.models import AgendaItem, Election, Meeting, Pause, Seat
from board.rules.motions import Gathering
from board.rules.terms import ELECTED, Body, Office
from membership.models import Agency, Official
from nipas_admin.shared.acts import Effect, Fieldset, day
from nipas_admin.shared.choosing import FindOne, FindSeveral, OneRecord, SeveralRecords
from nipas_admin.shared.dated import in_words

LAST, EMPTY = "last", "empty"
COUNTS, DOES_NOT = "yes", "no"


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


class CallToOrderForm(BoardAct):
    """The meeting is called to order: its roll is frozen (Bylaws Art. XIII §2)."""

    slug = "call-to-order"
    label = "Call to order"
    permission = "board.change_meeting"
    intro = "From here on the roll of those entitled to vote is fixed, and the bylaws in force on this day govern."
    previews = True

    at = moment("Called to order at")
    presiding = OneRecord(queryset=Official.objects.none(), label="Presiding officer", required=False)
    presiding_as = words("Presides as", "President, Vice-President, or chosen by the meeting.", required=False, most=80)
    secretary = OneRecord(queryset=Official.objects.none(), label="Secretary of the meeting", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("presiding", "secretary"):
            field: Any = self.fields[name]
            field.queryset = Official.objects.in_office_on(self.subject.on)
            field.widget = FindOne(Meeting._meta.get_field(name), admin.site)
            field.widget.choices = field.choices
        self.open_ones = self._open_ones()
        for entry in self.open_ones:
            self.fields[f"counts_{entry.agency_id}"] = forms.ChoiceField(
                label=entry.name, choices=[("", "Settle it"), (COUNTS, "counts"), (DOES_NOT, "does not count")]
            )
            self.fields[f"why_{entry.agency_id}"] = words("Because", most=300)
        self._fill_in()

    @classmethod
    def applies_to(cls, subject: Meeting) -> bool:
        """While it is ahead."""
        return subject.state == Meeting.State.SCHEDULED

    def _open_ones(self) -> tuple[Any, ...]:
        try:
            return services.roll_on(self.subject).undetermined
        except ValidationError:
            return ()

    def _fill_in(self) -> None:
        try:
            board = services.board_on(self.subject.on)
        except ValidationError:
            return
        for name, office in (("presiding", Office.PRESIDENT), ("secretary", Office.SECRETARY)):
            holder = board.holder(office)
            self.initial.setdefault(name, holder.pk if holder is not None else None)
        if board.holder(Office.PRESIDENT) is not None:
            self.initial.setdefault("presiding_as", Office.PRESIDENT.label)

    @property
    def fieldsets(self) -> list[Fieldset]:
        """The hour and who presides; then those whose status is not determined."""
        shown: list[Fieldset] = [(None, {"fields": ["at", "presiding", "presiding_as", "secretary"]})]
        if self.open_ones:
            pairs = [(f"counts_{entry.agency_id}", f"why_{entry.agency_id}") for entry in self.open_ones]
            text = "Whether these are entitled is not determined: the Secretary settles it (Bylaws Art. XIII §2)."
            shown.append(("To settle beforehand", {"fields": pairs, "description": text}))
        return shown

    def effect(self) -> Effect:
        """The roll and its quorum."""
        meeting = self.subject
        counted = sum(self.cleaned_data[f"counts_{entry.agency_id}"] == COUNTS for entry in self.open_ones)
        many = len(services.roll_on(meeting).entitled) + counted
        happens = [f"The roll is frozen with {many} entitled to vote; minutes are begun."]
        return Effect("Quorum", services.quorum_of(meeting), meeting.on, happens, (), said_of_quorum(meeting))

    def act(self) -> Meeting:
        """Call to order."""
        data = self.cleaned_data
        settled = {
            entry.agency_id: (data[f"counts_{entry.agency_id}"] == COUNTS, data[f"why_{entry.agency_id}"])
            for entry in self.open_ones
        }
        names = ("at", "presiding", "presiding_as", "secretary")
        return services.call_to_order(meeting=self.subject, settled=settled, **{name: data[name] for name in names})

    def said(self, record: Meeting) -> str:
        """How many are on the roll."""
        at = services.clock(self.cleaned_data["at"])
        return f"Called to order at {at}, {record.entitled} entitled to vote."


class SuspendForm(BoardAct):
    """The meeting stands still (Bylaws Art. XI §3)."""

    slug = "suspend"
    label = "Suspend"
    permission = "board.change_meeting"
    intro = "The Board may suspend any meeting for law-enforcement activities (Bylaws Art. XI §3). A recess too."

    at = moment("From")
    why = forms.ChoiceField(label="Why", choices=Pause.Why.choices)
    note = words("Note", required=False)

    @classmethod
    def applies_to(cls, subject: Meeting) -> bool:
        """While it is in session."""
        return subject.in_session

    def act(self) -> Meeting:
        """Suspend the meeting."""
        return services.suspend(
            meeting=self.subject, **{name: self.cleaned_data[name] for name in ("at", "why", "note")}
        )

    def said(self, record: Meeting) -> str:
        """That it stands still."""
        return "The meeting stands still. Resume it when it goes on."


class ResumeForm(BoardAct):
    """The meeting goes on."""

    slug = "resume"
    label = "Resume"
    permission = "board.change_meeting"

    at = moment("Resumed at")

    @classmethod
    def applies_to(cls, subject: Meeting) -> bool:
        """While it stands still."""
        return subject.state == Meeting.State.SUSPENDED

    def act(self) -> Meeting:
        """Resume the meeting."""
        return services.resume(meeting=self.subject, at=self.cleaned_data["at"])

    def said(self, record: Meeting) -> str:
        """That it goes on."""
        return "The meeting goes on."


class AdjournForm(BoardAct):
    """The meeting is adjourned."""

    slug = "adjourn"
    label = "Adjourn"
    permission = "board.change_meeting"
    intro = "Everybody still there leaves at this moment. The roll and the votes stay as they are from then on."

    at = moment("Adjourned at")

    @classmethod
    def applies_to(cls, subject: Meeting) -> bool:
        """While it is in session."""
        return subject.in_session

    def act(self) -> Meeting:
        """Adjourn the meeting."""
        return services.adjourn(meeting=self.subject, at=self.cleaned_data["at"])

    def said(self, record: Meeting) -> str:
        """What is next."""
        at = services.clock(self.cleaned_data["at"])
        return f"Adjourned at {at}. Its minutes can be completed and circulated now."


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


class OpenElectionForm(BoardAct):
    """The election of one office at the annual meeting (Bylaws Art. V §9)."""

    slug = "open-election"
    label = "Prepare an election"
    permission = "board.add_election"
    intro = "President and Vice-President are elected at the Annual General Meeting, by ballot (Bylaws Art. V §2, §9)."

    seat = OneRecord(queryset=Seat.objects.none(), label="Office", empty_label="Choose")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        taken = self.subject.elections.values("seat")
        elected = [office.value for office in ELECTED]
        self.fields["seat"].queryset = Seat.objects.filter(office__in=elected).exclude(pk__in=taken)  # type: ignore[attr-defined]

    @classmethod
    def applies_to(cls, subject: Meeting) -> bool:
        """At an annual meeting that is ahead or in session, until both offices are there."""
        still = subject.state in (Meeting.State.SCHEDULED, Meeting.State.IN_SESSION)
        return still and subject.gathering is Gathering.ANNUAL and subject.elections.count() < len(ELECTED)

    def act(self) -> Election:
        """Prepare the election."""
        return services.open_election(meeting=self.subject, seat=self.cleaned_data["seat"])

    def said(self, record: Election) -> str:
        """What is next."""
        return f"The election of the {record.seat} is prepared. Record the nominations."


class ByVoiceForm(BoardAct):
    """Every office has one nominee: elected by voice (Bylaws Art. V §9)."""

    slug = "elect-by-voice"
    label = "Elect by voice"
    permission = "board.change_election"
    intro = "Only when every office has exactly one nominee (Bylaws Art. V §9). All of them are installed at once."

    at = moment("Declared at")

    @classmethod
    def applies_to(cls, subject: Meeting) -> bool:
        """In session, with an election that is not decided."""
        return subject.in_session and subject.elections.filter(winner__isnull=True).exists()

    def act(self) -> Meeting:
        """Elect all nominees."""
        services.elect_by_voice(meeting=self.subject, at=self.cleaned_data["at"])
        return self.subject  # type: ignore[no-any-return]

    def said(self, record: Meeting) -> str:
        """That they are installed."""
        return "The nominees are elected by voice and installed."


class WhatIfForm(forms.Form):
    """A house that is not there: so many present, so many against, without these agencies."""

    present = forms.IntegerField(label="If so many are present", min_value=0, max_value=99999, required=False)
    against = forms.IntegerField(label="and so many vote against", min_value=0, max_value=99999, required=False)
    without = SeveralRecords(
        queryset=Agency.objects.none(), label="and these agencies withdraw", required=False,
        error_messages={"invalid_choice": "Choose agencies of the register."},
    )  # fmt: skip

    def __init__(self, request: Any, meeting: Meeting, **options: Any) -> None:
        asked = {"present", "against", "without"} & set(request.GET)
        super().__init__(request.GET if asked else None, **options)
        self.meeting = meeting
        if not asked and meeting.called_to_order_at is None:
            self.initial["present"] = _needed(meeting)
        field: Any = self.fields["without"]
        field.queryset = Agency.objects.all()
        field.widget = FindSeveral(Official._meta.get_field("agency"), admin.site)
        field.widget.choices = field.choices
        for name in ("present", "against"):
            self.fields[name].widget.attrs.update({"inputmode": "numeric", "class": "vIntegerField"})

    def answer(self) -> services.WhatIf | None:
        """What the house could do; None where the figures of the bylaws are not known, or nothing sound was asked."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return services.what_if(
            self.meeting,
            present=data.get("present") if self.is_bound else self.initial.get("present"),
            without={agency.pk for agency in data.get("without", ())},
            against=data.get("against") or 0,
        )


def _needed(meeting: Meeting) -> int | None:
    """Just a quorum; None where it is not known."""
    try:
        return services.quorum_needed(meeting)
    except ValidationError:
        return None


class QuickItemForm(forms.Form):
    """A new item at the end of the agenda."""

    title = forms.CharField(label="New item", max_length=200, widget=AdminTextInputWidget())
    sponsor = forms.CharField(label="Sponsor", max_length=120, required=False, widget=AdminTextInputWidget())
    minutes_allotted = forms.IntegerField(label="Minutes", min_value=0, max_value=600, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="new_item_%s")
