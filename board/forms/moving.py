"""A motion is made: its kind decides what is asked for, and what must have happened before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet

from board import services
from board.forms.fields import BoardAct, ByName, lines, words
from board.forms.motions import may_be_put
from board.models import BylawsVersion, Meeting, Minutes, Motion, Objection, RollEntry, Seat
from board.rules.motions import KINDS, REMOVALS, Kind
from board.rules.terms import APPOINTED, Office
from documents.forms import ActWithPapers, ScanField
from membership.models import Application, Official, Proceeding
from membership.rules.leaving import Outcome
from nipas_admin.shared.acts import Effect, Fieldset, day
from nipas_admin.shared.choosing import FindOne, OneRecord

NOT_YET = {"state": BylawsVersion.InForce.NOT_YET}
FILLED_BY_MOTION = (Office.VICE_PRESIDENT, *APPOINTED, Office.AT_LARGE)


@dataclass(frozen=True)
class About:
    """The record that a kind of motion is about: its field, what may be chosen, its label, and what the text says."""

    field: str
    rows: Callable[[Meeting], QuerySet[Any]]
    label: str
    text: Callable[[Any], str] = lambda record: ""
    first: str = "Record it first."


def _versions(meeting: Meeting) -> QuerySet[Any]:
    rows: QuerySet[Any] = BylawsVersion.objects.filter(**NOT_YET)
    return rows


APPLICATION = About(
    "application",
    lambda meeting: Application.objects.filter(decision="").select_related("agency"),
    "Application",
    lambda record: f"To approve the application of {record.agency}.",
)
PROCEEDING = About(
    "proceeding",
    lambda meeting: Proceeding.objects.filter(outcome="").select_related("participation__agency"),
    "Proceeding",
)
BYLAWS = About(
    "proposed_bylaws",
    _versions,
    "Version as it would read",
    lambda record: f"To adopt the {record} as sent to all.",
    "Draft it first, among the Bylaws versions.",
)
ABOUT: Mapping[Kind, About] = {
    Kind.ADMISSION: APPLICATION,
    Kind.TERMINATION_OBLIGATIONS: PROCEEDING,
    Kind.REMOVAL_DETRIMENT: PROCEEDING,
    Kind.BYLAWS_AMENDMENT: BYLAWS,
    Kind.ADOPTION: BYLAWS,
    Kind.OBJECTION: About(
        "objection",
        lambda meeting: Objection.objects.open_on(meeting.on).select_related("agency"),
        "Objection",
        lambda record: f"To uphold the objection of {record.agency} to: {record.against}",
    ),
    Kind.MINUTES: About(
        "minutes",
        lambda meeting: Minutes.objects.unapproved().exclude(meeting=meeting.pk).select_related("meeting"),
        "Minutes",
        lambda record: f"To approve the {str(record)[0].lower()}{str(record)[1:]} as circulated.",
    ),
    Kind.AMEND_MOTION: About(
        "amends",
        lambda meeting: Motion.objects.filter(meeting=meeting, state=Motion.State.PENDING).select_related("meeting"),
        "Motion to be changed",
    ),
}
DETAILS: Mapping[Kind, tuple[str, ...]] = {
    Kind.TERMINATION_OBLIGATIONS: ("named_on",),
    Kind.REMOVAL_DETRIMENT: ("proposes", "named_on", "back_on"),
    Kind.BYLAWS_AMENDMENT: ("sent_on", "sent_scan", "recommended_on", "recommendation", "named_on"),
    Kind.APPOINTMENT: ("seat", "nominee", "named_on"),
    Kind.COMPENSATION: ("payee",),
}
FIRST_DAY = {
    Kind.BYLAWS_AMENDMENT: ("In force from", "Blank: the day of the vote (Bylaws Art. XVIII)."),
    Kind.APPOINTMENT: ("In office from", "Blank: the day of the vote."),
}


class MoveForm(ActWithPapers, BoardAct):
    """A motion is made. Its kind is chosen beforehand and decides what is asked for."""

    slug = "move"
    label = "Record a motion"
    permission = "board.add_motion"
    previews = True

    item = OneRecord(queryset=Motion.objects.none(), label="Under agenda item", required=False, empty_label="None")
    text = lines("Text", "As the presiding officer states it.", rows=3)
    mover = ByName(label="Moved by", help_text="Type a few letters of the name.", required=False)
    seconder = ByName(label="Seconded by", required=False)
    proposes = forms.ChoiceField(
        label="Proposes",
        choices=[("", "Choose"), (Outcome.SUSPENDED.value, "suspension"), (Outcome.TERMINATED.value, "termination")],
    )
    named_on = day("First day named", "Blank: the day after the vote (Reading R20).", required=False)
    back_on = day("First day back", "Of a suspension; blank while it is open (Bylaws Art. III §9).", required=False)
    sent_on = day("Text sent to all on", "To all participating agencies (Bylaws Art. XV §1).", required=False)
    sent_scan = ScanField(label="Paper of the sending", required=False)
    recommended_on = day("Board's recommendation reported on", "Before the vote (Bylaws Art. XV §2).", required=False)
    recommendation = words("What the Board recommends", required=False)
    seat = OneRecord(queryset=Seat.objects.none(), label="Seat", empty_label="Choose")
    nominee = OneRecord(
        queryset=Official.objects.none(), label="Who is appointed",
        help_text="A chief executive officer or official designee in office (Bylaws Art. IV §1).",
        error_messages={
            "invalid_choice": "Choose a chief executive officer or designee who is in office on the day of the meeting "
            "(Bylaws Art. IV §1)."
        },
    )  # fmt: skip
    payee = words("Who is to be paid", "Nobody who sits on the Board (Bylaws Art. IX §1).", most=120)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        asked = self.asked.get("kind", "")
        self.kind = Kind(asked) if asked in [kind.value for kind in Kind] else Kind.ORDINARY
        self.about = ABOUT.get(self.kind)
        clauses = ", ".join(map(str, KINDS[self.kind].citations))
        self.intro = f"{KINDS[self.kind].label} ({clauses})."
        self._keep(DETAILS.get(self.kind, ()))
        self._offer()
        if self.kind in FIRST_DAY:
            self.fields["named_on"].label, self.fields["named_on"].help_text = FIRST_DAY[self.kind]

    @classmethod
    def applies_to(cls, subject: Meeting) -> bool:
        """Until it is adjourned or cancelled."""
        return subject.adjourned_at is None and not subject.cancelled_on

    def _keep(self, details: tuple[str, ...]) -> None:
        """Only the fields that this kind asks for."""
        for name in {detail for some in DETAILS.values() for detail in some} - set(details):
            del self.fields[name]
        if "nominee" in details:
            field: Any = self.fields["nominee"]
            field.queryset = services.candidates_on(self.subject.on)
            field.widget = FindOne(Motion._meta.get_field("nominee"), admin.site)
            field.widget.choices = field.choices
            self.fields["seat"].queryset = Seat.objects.filter(office__in=[o.value for o in FILLED_BY_MOTION])  # type: ignore[attr-defined]

    def _offer(self) -> None:
        meeting = self.subject
        self.fields["item"].queryset = meeting.agenda.standing().order_by("position", "pk")  # type: ignore[attr-defined]
        entries = list(RollEntry.objects.filter(meeting=meeting, entitled=True))
        for name in ("mover", "seconder"):
            if entries:
                self.fields[name].offer(entries)  # type: ignore[attr-defined]
            else:
                del self.fields[name]
        if self.about is None:
            return
        rows = self.about.rows(meeting)
        wanting = "" if rows.exists() else f"There is none to choose. {self.about.first}"
        chosen = OneRecord(queryset=rows, label=self.about.label, empty_label="Choose", help_text=wanting)
        self.fields = {self.about.field: chosen, **self.fields}
        key = self.asked.get(self.about.field, "")
        if key.isdecimal() and len(key) < 19:
            self.initial[self.about.field] = key
            record = rows.filter(pk=key).first()
            self.initial["text"] = self.about.text(record) if record is not None else ""
            if self.about.field in ("minutes", "objection"):
                on_it = {"minutes": "minutes_of", "objection": "objection"}[self.about.field]
                item = self.fields["item"].queryset.filter(**{on_it: key}).first()  # type: ignore[attr-defined]
                self.initial.setdefault("item", item.pk if item is not None else None)

    @property
    def fieldsets(self) -> list[Fieldset]:
        """What it is about, then the text and who makes it."""
        of_kind = [self.about.field] if self.about else []
        details = [name for name in DETAILS.get(self.kind, ()) if name in self.fields]
        makers = [name for name in ("mover", "seconder") if name in self.fields]
        shown: list[Fieldset] = [(None, {"fields": [*of_kind, *details]})] if of_kind or details else []
        return [*shown, ("The motion", {"fields": ["text", *makers, "item"]})]

    def act(self) -> Motion:
        """Record the motion."""
        fields = {name: value for name, value in self.cleaned_data.items() if name != "sent_scan"}
        if self.kind in REMOVALS and "proposes" not in fields:
            fields["proposes"] = Outcome.TERMINATED.value
        if "sent_scan" in self.fields:
            fields["sent_paper"] = self.paper(
                "sent_scan", f"Amendment sent to all: {self.subject}", dated_on=fields["sent_on"]
            )
        return services.move(meeting=self.subject, kind=self.kind.value, **fields)

    def effect(self) -> Effect:
        """Whether it may be put as things stand."""
        found = services.preconditions(self.rehearse())
        return Effect("May it be put to the vote?", found, value=may_be_put(found))

    def said(self, record: Motion) -> str:
        """Its number."""
        return f"Motion {record.number} is recorded. Put it to the vote when the debate is closed."
