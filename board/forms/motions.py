"""The acts of a motion: made, put to the vote, voted on, declared, settled, withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet

from board import services
from board.forms.fields import BoardAct, ByName, lines, moment, words
from board.models import BylawsVersion, Meeting, Minutes, Motion, Objection, RollEntry, Seat, Vote
from board.rules.motions import KINDS, REMOVALS, Kind
from board.rules.terms import APPOINTED, Office
from documents.forms import ActWithPapers, ScanField
from membership.models import Application, Official, Proceeding
from membership.rules.leaving import Outcome
from nipas_admin.shared.acts import Effect, Fieldset, day, number
from nipas_admin.shared.choosing import FindOne, OneRecord
from nipas_admin.shared.findings import Finding

NOT_YET = {"state": BylawsVersion.InForce.NOT_YET}
FILLED_BY_MOTION = (Office.VICE_PRESIDENT, *APPOINTED, Office.AT_LARGE)


@dataclass(frozen=True)
class About:
    """The record that a kind of motion is about: its field, what may be chosen, its label, and what the text says."""

    field: str
    rows: Callable[[Meeting], QuerySet[Any]]
    label: str
    text: Callable[[Any], str] = lambda record: ""


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
    "proposed_bylaws", _versions, "Version as it would read", lambda record: f"To adopt the {record} as sent to all."
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
        chosen = OneRecord(queryset=self.about.rows(meeting), label=self.about.label, empty_label="Choose")
        self.fields = {self.about.field: chosen, **self.fields}
        key = self.asked.get(self.about.field, "")
        if key.isdecimal() and len(key) < 19:
            self.initial[self.about.field] = key
            record = self.about.rows(meeting).filter(pk=key).first()
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


def may_be_put(found: Finding[bool]) -> str:
    """The answer in words."""
    return "" if found.value is None else "Yes" if found.value else "No: it would be out of order"


class PutForm(BoardAct):
    """The motion is put to the vote."""

    slug = "put"
    label = "Put to the vote"
    permission = "board.change_motion"
    intro = (
        "Quorum and conditions are tested at this moment. A vote in fact taken all the same is recorded out of order."
    )
    previews = True

    at = moment("Put at")
    method = forms.ChoiceField(label="How the vote is taken", choices=())
    out_of_order = forms.BooleanField(
        label="The vote was taken all the same",
        required=False,
        help_text="Where a condition or the quorum is wanting: it is without effect until a person decides.",
    )
    because = words("What was said of it", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["method"].choices = [("", "Choose"), *self._methods()]  # type: ignore[attr-defined]

    def _methods(self) -> list[tuple[str, str]]:
        """By hand where no figures are known, and only there; by voice where nobody need be counted."""
        methods = Motion.Method
        if services.terms_of(self.subject.meeting) is None:
            return [(methods.BY_HAND.value, str(methods.BY_HAND.label))]
        counted = [methods.ROLL_CALL, methods.COUNTED]
        voice = [] if KINDS[self.subject.what].counted else [methods.VOICE]
        return [(method.value, str(method.label)) for method in (*counted, *voice)]

    @classmethod
    def applies_to(cls, subject: Motion) -> bool:
        """While it is pending at a meeting in session."""
        return subject.state == Motion.State.PENDING and subject.meeting.in_session

    def act(self) -> Motion:
        """Put it."""
        names = ("at", "method", "out_of_order", "because")
        return services.put(motion=self.subject, **{name: self.cleaned_data[name] for name in names})

    def effect(self) -> Effect:
        """Whether it is in order, and what the quorum is."""
        self.rehearse()
        found = services.preconditions(self.subject)
        return Effect("May it be put to the vote?", found, value=may_be_put(found))

    def said(self, record: Motion) -> str:
        """What is next."""
        wrong = " as out of order" if record.out_of_order else ""
        return f"The vote is open{wrong}. Record the votes, then declare the result."


class VotesForm(BoardAct):
    """The votes of a roll call, as they were called."""

    slug = "votes"
    label = "Record the votes"
    permission = "board.change_motion"
    intro = "One vote each, no proxies (Bylaws Art. III §6, XIII §1). Leave blank who did not answer."

    at = moment("Cast at")
    rest = forms.ChoiceField(
        label="All others present", required=False, choices=[("", "did not answer"), *Vote.Choice.choices]
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.there = list(self.subject.meeting.roll.with_presence().filter(here=True, entitled=True))
        given = dict(self.subject.votes.values_list("entry", "choice"))
        for entry in self.there:
            self.fields[f"vote_{entry.pk}"] = forms.ChoiceField(
                label=entry.name, required=False, choices=[("", "—"), *Vote.Choice.choices],
                initial=given.get(entry.pk, ""),
            )  # fmt: skip
        self.given = given

    @classmethod
    def applies_to(cls, subject: Motion) -> bool:
        """While a roll call is open."""
        return subject.state == Motion.State.VOTING and subject.method == Motion.Method.ROLL_CALL

    @property
    def fieldsets(self) -> list[Fieldset]:
        """The hour, then everybody there."""
        votes = [f"vote_{entry.pk}" for entry in self.there]
        return [(None, {"fields": ["at", "rest"]}), (f"{len(votes)} present", {"fields": votes, "classes": ["votes"]})]

    def act(self) -> Motion:
        """Record each vote, and change those that were recorded otherwise."""
        at, rest = self.cleaned_data["at"], self.cleaned_data["rest"]
        for entry in self.there:
            choice, before = self.cleaned_data[f"vote_{entry.pk}"] or rest, self.given.get(entry.pk)
            if choice and before is None:
                services.cast(motion=self.subject, entry=entry, choice=choice, at=at)
            elif choice and choice != before and self.cleaned_data[f"vote_{entry.pk}"]:
                services.change_vote(motion=self.subject, entry=entry, choice=choice, at=at)
        return self.subject  # type: ignore[no-any-return]

    def said(self, record: Motion) -> str:
        """The count so far."""
        return f"Recorded: {record.tally}. Declare the result when all have answered."


class DeclareForm(BoardAct):
    """The vote is closed and its result declared."""

    slug = "declare"
    label = "Declare the result"
    permission = "board.change_motion"
    intro = "What the outcome does, it does at once and only once."
    previews = True

    at = moment("Declared at")
    ayes = number("For")
    nays = number("Against")
    abstentions = number("Abstained", "Blank: all others present.")
    carried = forms.TypedChoiceField(
        label="The presiding officer declared it",
        choices=[("", "Choose"), ("yes", "carried"), ("no", "lost")],
        coerce=lambda answer: answer == "yes",
    )
    by_hand_because = words("What shows the outcome", "Minutes, a letter, a tally sheet.")
    of_method: Mapping[str, tuple[str, ...]] = {
        Motion.Method.COUNTED.value: ("ayes", "nays", "abstentions"),
        Motion.Method.VOICE.value: ("carried",),
        Motion.Method.BY_HAND.value: ("carried", "by_hand_because"),
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kept = ("at", *self.of_method.get(self.subject.method, ()))
        for name in set(self.fields) - set(kept):
            del self.fields[name]
        for name in ("ayes", "nays"):
            if name in self.fields:
                self.fields[name].required = True

    @classmethod
    def applies_to(cls, subject: Motion) -> bool:
        """While the vote is open."""
        return subject.state == Motion.State.VOTING

    def act(self) -> Motion:
        """Declare it."""
        return services.declare(motion=self.subject, **self.cleaned_data)

    def effect(self) -> Effect:
        """The outcome, with its arithmetic, and what it would do."""
        declared = self.rehearse()
        happens = [declared.acted] if declared.acted else []
        found = services.outcome_of(declared)
        return Effect("Outcome", found, declared.meeting.on if happens else None, happens, (), carried_or_not(found))

    def said(self, record: Motion) -> str:
        """What it is, and what it did."""
        did = f": {record.acted}" if record.acted else ""
        return f"Motion {record.number} {record.get_state_display().lower()}{did}."


def carried_or_not(found: Finding[bool]) -> str:
    """The outcome in a word."""
    return "" if found.value is None else "Carried" if found.value else "Failed"


class SettleMotionForm(BoardAct):
    """A person decides what becomes of a vote taken out of order."""

    slug = "settle"
    label = "Decide about the vote"
    permission = "board.change_motion"
    intro = "The vote was taken out of order and has no effect yet. A person decides, once, on the record."

    stands = forms.TypedChoiceField(
        label="The vote",
        choices=[("", "Choose"), ("yes", "stands, from its own day"), ("no", "does not stand")],
        coerce=lambda answer: answer == "yes",
    )
    because = words("Because", "For example: the packet was complete, only its scan was missing.")
    at = moment("Decided at")

    @classmethod
    def applies_to(cls, subject: Motion) -> bool:
        """While it waits."""
        return subject.decided and subject.out_of_order and subject.stands is None

    def act(self) -> Motion:
        """Settle it."""
        names = ("stands", "because", "at")
        return services.settle_motion(motion=self.subject, **{name: self.cleaned_data[name] for name in names})

    def said(self, record: Motion) -> str:
        """What follows."""
        did = f": {record.acted}" if record.acted else ""
        return f"The decision is recorded: the vote {'stands' if record.stands else 'does not stand'}{did}."


class WithdrawForm(BoardAct):
    """The mover takes the motion back."""

    slug = "withdraw"
    label = "Withdraw"
    permission = "board.change_motion"
    intro = "Until its result is declared the mover may take it back, as Robert's Rules allow (Bylaws Art. XIII §1)."

    @classmethod
    def applies_to(cls, subject: Motion) -> bool:
        """Until it is decided."""
        return subject.state in (Motion.State.PENDING, Motion.State.VOTING)

    def act(self) -> Motion:
        """Withdraw it."""
        return services.withdraw(motion=self.subject)

    def said(self, record: Motion) -> str:
        """That it is withdrawn."""
        return f"Motion {record.number} is withdrawn."
