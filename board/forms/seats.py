"""The acts by which a seat of the Board is filled, passed on or left."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db import transaction

from board import services
from board.models import OfficeTerm, Seat
from board.rules.terms import Office
from membership.models import Official
from nipas_admin.shared.acts import ActForm, Effect, Fieldset, day
from nipas_admin.shared.choosing import FindOne, OneRecord
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.forms import RecordForm

Terms = dict[int, OfficeTerm]


def _terms_begun() -> Terms:
    return {term.pk: term for term in OfficeTerm.objects.select_related("seat", "holder__agency")}


def _what_changes(before: Terms, after: Terms) -> list[str]:
    """Whose term begins and whose ends, in words."""
    said = []
    for key, term in after.items():
        was = before.get(key)
        if was is None:
            until = f"; the term runs to {in_words(term.until_on)}" if term.until_on else ""
            said.append(f"{term.holder.name}, {term.agency}, is {term.seat} from {in_words(term.from_on)}{until}.")
        elif was.ended_on != term.ended_on:
            why = term.get_ended_why_display().lower()
            said.append(f"The term of {term.holder.name} as {term.seat} ends on {in_words(term.ended_on)}: {why}.")
    return said


class SeatAct(ActForm):
    """An act on seats whose page says beforehand whose term begins and whose ends."""

    previews = True

    @transaction.atomic
    def changes(self) -> list[str]:
        """What the act would change, with nothing kept. Raises ValidationError when it cannot be done."""
        before = _terms_begun()
        try:
            self.act()
            return _what_changes(before, _terms_begun())
        finally:
            transaction.set_rollback(True)


class InstallForm(SeatAct):
    """A person comes into a seat (Bylaws Art. IV §3–4, V §2–7)."""

    slug = "install"
    label = "Appoint or install"
    permission = "board.add_officeterm"
    intro = (
        "Only a chief executive officer or official designee of an active agency sits on the Board (Bylaws Art. IV "
        "§1). An Officer's agency was active for the whole year before, and is in good standing (Art. V §1)."
    )

    seat = OneRecord(
        queryset=Seat.objects.all(), label="Seat", error_messages={"invalid_choice": "Choose a seat of the Board."}
    )
    holder = OneRecord(
        queryset=Official.objects.none(),
        label="Who",
        help_text="Type two letters of the name or of the agency.",
        error_messages={"invalid_choice": "Choose a chief executive officer or designee from the register."},
    )
    from_on = day("From", "First day in office. Whoever holds the seat leaves it on this day.")
    how = forms.ChoiceField(
        label="Came in", choices=[choice for choice in OfficeTerm.How.choices if choice[0] != OfficeTerm.How.SUCCEEDED]
    )
    appointed_by = forms.ChoiceField(
        label="Appointed by",
        choices=[("", "Nobody: elected or by office"), *OfficeTerm.AppointedBy.choices],
        required=False,
        help_text="The President appoints at-large members at the annual meeting; Secretary, Treasurer and a new "
        "Vice-President with the Board's approval; a special meeting may replace an at-large member.",
    )
    remainder = forms.BooleanField(
        label="For the remainder of the term",
        required=False,
        help_text="When the seat fell vacant before its term was over.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["holder"]
        field.queryset = Official.objects.select_related("agency")
        field.widget = FindOne(OfficeTerm._meta.get_field("holder"), admin.site)
        field.widget.choices = field.choices

    def clean(self) -> dict[str, Any]:
        """The holder is chief executive officer or designee on the first day; an appointment names who made it."""
        cleaned = super().clean() or self.cleaned_data
        holder, from_on = cleaned.get("holder"), cleaned.get("from_on")
        if holder and from_on and not services.candidates_on(from_on).filter(pk=holder.pk).exists():
            self.add_error(
                "holder",
                f"{holder.in_full}: on {in_words(from_on)} the register has this person neither as chief executive "
                "officer nor as official designee (Bylaws Art. IV §1). Record the capacity under Officials first.",
            )
        appointed = cleaned.get("how") == OfficeTerm.How.APPOINTED
        if appointed and not cleaned.get("appointed_by"):
            self.add_error("appointed_by", "Say who appointed (Bylaws Art. IV §4, V §3).")
        if cleaned.get("appointed_by") and cleaned.get("how") and not appointed:
            self.add_error("appointed_by", "Choose Appointed above, or nobody here.")
        return cleaned

    def effect(self) -> Effect:
        """Whether the person may be chosen and why; who begins and who leaves."""
        data = self.cleaned_data
        finding = services.eligibility(data["holder"], data["seat"].kind, data["from_on"])
        question = f"May {data['holder'].name} be {data['seat']}?"
        if not finding.value:
            return Effect(question, finding)
        return Effect(question, finding, data["from_on"], self.changes())

    def act(self) -> OfficeTerm:
        """Install."""
        return services.install(**self.cleaned_data)

    def said(self, record: OfficeTerm) -> str:
        """Who sits where from when."""
        return f"{record.holder.name} is {record.seat} from {in_words(record.from_on)}."


class SucceedForm(SeatAct):
    """The Vice-President succeeds to the vacant office of President (Bylaws Art. V §5, VI §2)."""

    slug = "succeed"
    label = "Record the succession"
    permission = "board.add_officeterm"
    intro = "When the office of President falls vacant, the Vice-President succeeds for the remainder of the term."

    on = day("Succeeds on", "The day the office fell vacant, or the day the Vice-President took it up.")

    @classmethod
    def applies_to(cls, subject: Seat) -> bool:
        """The seat of the President; whether it is vacant on the day, the service says."""
        return subject.kind is Office.PRESIDENT

    def effect(self) -> Effect:
        """Whether the Vice-President succeeds and why; who then holds what."""
        on: date = self.cleaned_data["on"]
        finding = services.board_on(on).succession
        if not finding.value:
            return Effect("Does the Vice-President succeed?", finding)
        return Effect("Does the Vice-President succeed?", finding, on, self.changes())

    def act(self) -> OfficeTerm:
        """Succeed."""
        return services.succeed(on=self.cleaned_data["on"])

    def said(self, record: OfficeTerm) -> str:
        """Who is President, and what is open now."""
        return (
            f"{record.holder.name} is President from {in_words(record.from_on)}. The office of Vice-President is now "
            "vacant: the President appoints, the Board approves (Bylaws Art. V §6)."
        )


class EndTermForm(SeatAct):
    """A holder leaves the seat before a successor comes."""

    slug = "end"
    label = "End the term"
    permission = "board.change_officeterm"
    intro = (
        "For a holder who resigned, died or left for another reason. A seat whose agency is no longer active falls "
        "vacant by itself; a successor's installation ends the term by itself."
    )

    ended_on = day("Left on", "The first day out.")
    ended_why = forms.ChoiceField(
        label="Why",
        choices=[("", "Choose"), *(
            (why.value, why.label)
            for why in (
                OfficeTerm.Ended.RESIGNED,
                OfficeTerm.Ended.DIED,
                OfficeTerm.Ended.CAPACITY,
                OfficeTerm.Ended.OTHER_SEAT,
                OfficeTerm.Ended.OTHER,
            )
        )],
    )  # fmt: skip
    note = forms.CharField(label="Note", required=False, widget=AdminTextareaWidget(attrs={"rows": 3}))

    @classmethod
    def applies_to(cls, subject: OfficeTerm) -> bool:
        """A term that has not ended."""
        return subject.ended_on is None

    def effect(self) -> Effect:
        """How the seat stands on that day, and why."""
        changes = self.changes()
        on = self.cleaned_data["ended_on"]
        return Effect("How the seat stands then", self._seat_then(), on, changes)

    @transaction.atomic
    def _seat_then(self) -> Any:
        try:
            self.act()
            board = services.board_on(self.cleaned_data["ended_on"])
            return next(one.finding for one in board.seats if one.seat.pk == self.subject.seat_id)
        finally:
            transaction.set_rollback(True)

    def act(self) -> OfficeTerm:
        """End it."""
        data = self.cleaned_data
        return services.end_term(term=self.subject, ended_on=data["ended_on"], why=data["ended_why"], note=data["note"])

    def said(self, record: OfficeTerm) -> str:
        """Since when the seat is vacant."""
        return f"{record.holder.name} left the seat {record.seat} on {in_words(record.ended_on)}."


class CorrectTermForm(ActForm):
    """Days of a term that were recorded wrongly."""

    slug = "correct"
    label = "Correct the days"
    permission = "board.change_officeterm"
    intro = "For a slip of the pen only. What was recorded before stays in history, with your reason."

    from_on = day("From", "First day in office.")
    until_on = day("Term runs to", "First day out if nothing intervenes.", required=False)
    ended_on = day("Left on", "First day out. Blank while the holder is in the seat.", required=False)
    ended_why = forms.ChoiceField(
        label="Why", choices=[("", "Has not left"), *OfficeTerm.Ended.choices], required=False
    )
    because = forms.CharField(
        label="How the right days are known",
        max_length=100,
        widget=AdminTextInputWidget(),
        help_text="Kept in history.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("from_on", "until_on", "ended_on", "ended_why"):
            self.fields[name].initial = getattr(self.subject, name)

    @property
    def fieldsets(self) -> list[Fieldset]:
        """The term, its end, the reason."""
        return [
            ("The term", {"fields": ["from_on", "until_on"]}),
            ("Its end", {"fields": ["ended_on", "ended_why"]}),
            ("Why it is corrected", {"fields": ["because"]}),
        ]

    def act(self) -> OfficeTerm:
        """Correct it."""
        return services.correct_term(term=self.subject, **self.cleaned_data)

    def said(self, record: OfficeTerm) -> str:
        """That it is done."""
        return f"The days of {record.holder.name} as {record.seat} are corrected."


class TermForm(RecordForm):
    """What may be mended of a term without an act: who appointed, and the note."""

    class Meta:
        model = OfficeTerm
        fields = ["appointed_by", "note"]

    def clean(self) -> dict[str, Any]:
        """Only an appointment was made by somebody."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("appointed_by") and self.instance.how != OfficeTerm.How.APPOINTED:
            raise ValidationError({"appointed_by": "Nobody appointed: the holder came in another way."})
        return cleaned
