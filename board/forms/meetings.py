"""The acts of a meeting once it begins: called to order, suspended, resumed, adjourned; and its elections."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from board import services
from board.forms.fields import BoardAct, moment, words
from board.models import Election, Meeting, Pause, Seat
from board.rules.motions import Gathering
from board.rules.terms import ELECTED, Office
from membership.models import Official
from nipas_admin.shared.acts import Fieldset
from nipas_admin.shared.choosing import FindOne, OneRecord

COUNTS, DOES_NOT = "yes", "no"


class CallToOrderForm(BoardAct):
    """The meeting is called to order: its roll is frozen (Bylaws Art. XIII §2)."""

    slug = "call-to-order"
    label = "Call to order"
    permission = "board.change_meeting"
    intro = "From here on the roll of those entitled to vote is fixed, and the bylaws in force on this day govern."

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
