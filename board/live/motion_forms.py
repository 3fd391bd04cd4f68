"""Motions on the live page: moved, put, declared, taken back, and settled when out of order."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import fields_for_model
from django.http import QueryDict

from board import services
from board.live.forms import LiveForm, Typed, officials, with_agency
from board.live.page import motions_of, proposals
from board.models import AgendaItem, BylawsVersion, Minutes, Motion, Objection
from board.rules.motions import KINDS, Kind
from membership.models import Application, Proceeding
from membership.rules.leaving import Outcome
from nipas_admin.shared.acts import number

ASKED: dict[Kind, tuple[str, ...]] = {
    Kind.ADMISSION: ("application",),
    Kind.TERMINATION_OBLIGATIONS: ("proceeding", "named_on"),
    Kind.REMOVAL_DETRIMENT: ("proceeding", "proposes", "named_on", "back_on"),
    Kind.BYLAWS_AMENDMENT: ("proposed_bylaws", "sent_on", "recommended_on", "recommendation", "named_on"),
    Kind.ADOPTION: ("proposed_bylaws",),
    Kind.APPOINTMENT: ("seat", "named_on"),
    Kind.OBJECTION: ("objection",),
    Kind.MINUTES: ("minutes",),
    Kind.COMPENSATION: ("payee",),
    Kind.AMEND_MOTION: ("amends",),
}
EMPTY = "Choose"


class MotionForm(LiveForm):
    """A motion: its kind, its words, who moved and seconded it, and what its kind asks for."""

    slug = "move"
    heading = "New motion"
    label = "Record the motion"
    kind = forms.ChoiceField(label="Kind")
    text = forms.CharField(
        label="Text of the motion", widget=forms.Textarea(attrs={"rows": 3}),
        help_text="As the presiding officer states it.", max_length=20_000,
    )  # fmt: skip
    item = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        """The fields that the kind asks for; what the item already says is filled in."""
        asked: Any = self.data or self.initial
        self.agenda_item = self._item(asked.get("item"))
        here = [kind for kind in Kind if self.meeting.gathering in KINDS[kind].gatherings]
        kind: Any = self.fields["kind"]
        kind.choices = [(one.value, one.label) for one in here]
        named = asked.get("kind") or self._kind_of_the_item().value
        self.chosen = Kind(named) if named in {one.value for one in here} else Kind.ORDINARY
        kind.widget.attrs.update(
            {"hx-get": self.url, "hx-trigger": "change", "hx-target": "closest form", "hx-include": "closest form"}
        )
        wanted = ASKED.get(self.chosen, ())
        extra = fields_for_model(Motion, fields=wanted)
        for name in wanted:
            self.fields[name] = extra[name]
            if isinstance(extra[name], forms.ModelChoiceField):
                self._narrow(name, extra[name])
        if self.chosen is Kind.APPOINTMENT:
            self.fields["nominee"] = Typed(officials(self.meeting), with_agency, label="Who is appointed")
        roll = proposals(self.meeting)
        self.fields["mover"] = Typed(roll, label="Moved by", required=False)
        self.fields["seconder"] = Typed(roll, label="Seconded by", required=False)
        self.order_fields(["kind", *wanted, "nominee", "text", "mover", "seconder"])
        self._fill_in()

    def _item(self, key: Any) -> AgendaItem | None:
        items = AgendaItem.objects.filter(meeting=self.meeting).select_related(
            "objection__agency", "minutes_of__meeting"
        )
        text = str(key or "")
        return items.filter(pk=int(text)).first() if text.isascii() and text.isdecimal() and len(text) < 18 else None

    def _kind_of_the_item(self) -> Kind:
        item = self.agenda_item
        if item is None:
            return Kind.ORDINARY
        if item.objection_id:
            return Kind.OBJECTION
        if item.minutes_of_id:
            return Kind.MINUTES
        return Kind.ADMISSION if self._applicants_named(item.title) else Kind.ORDINARY

    def _applicants_named(self, title: str) -> list[Application]:
        open_ones = Application.objects.filter(decision="").select_related("agency")
        here = KINDS[Kind.ADMISSION].gatherings
        if self.meeting.gathering not in here:
            return []
        return [row for row in open_ones if row.agency.name.casefold() in title.casefold()]

    def _narrow(self, name: str, field: forms.ModelChoiceField[Any]) -> None:
        """Only what can still be decided."""
        rows: dict[str, QuerySet[Any]] = {
            "application": Application.objects.filter(decision="").select_related("agency"),
            "proceeding": Proceeding.objects.filter(outcome="").select_related("participation__agency"),
            "proposed_bylaws": BylawsVersion.objects.filter(state=BylawsVersion.InForce.NOT_YET),
            "objection": Objection.objects.open_on(self.meeting.on).select_related("agency"),
            "minutes": Minutes.objects.unapproved().exclude(meeting=self.meeting).select_related("meeting"),
            "amends": Motion.objects.filter(meeting=self.meeting, state=Motion.State.PENDING),
        }
        if name in rows:
            field.queryset = rows[name]
        field.empty_label = EMPTY
        field.required = True

    def _fill_in(self) -> None:
        """What the item says; where only one record can be meant, that one; and words for the motion."""
        if self.is_bound:
            return
        known: dict[str, Any] = {"kind": self.chosen.value}
        item = self.agenda_item
        if item is not None:
            known |= {"item": item.pk, "objection": item.objection_id, "minutes": item.minutes_of_id}
            known["application"] = next((row.pk for row in self._applicants_named(item.title)), None)
        main = Motion.objects.filter(meeting=self.meeting, state=Motion.State.PENDING).last()
        known["amends"] = main.pk if main is not None else None
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and not known.get(name) and not self.initial.get(name):
                only = list(field.queryset[:2]) if field.queryset is not None else []
                known[name] = only[0].pk if len(only) == 1 else None
        given = {name: value for name, value in self.initial.items() if value}
        self.initial = {**{name: value for name, value in known.items() if value}, **given, "kind": self.chosen.value}
        self.initial.setdefault("text", self._words())

    def _words(self) -> str:
        """How such a motion is stated, where that is plain."""
        field = {Kind.ADMISSION: "application", Kind.OBJECTION: "objection", Kind.MINUTES: "minutes"}.get(self.chosen)
        key = self.initial.get(field) if field else None
        queryset: Any = getattr(self.fields.get(field or ""), "queryset", None)
        row = queryset.filter(pk=key).first() if key and queryset is not None else None
        if row is None:
            return ""
        if self.chosen is Kind.ADMISSION:
            return f"To approve {row.agency} as a participating agency."
        if self.chosen is Kind.OBJECTION:
            return f"To uphold the objection of {row.agency}: {row.against}"
        return f"To approve the minutes of the {row.meeting}, as circulated."

    @classmethod
    def asked_for(cls, query: QueryDict) -> dict[str, Any]:
        """What was typed so far, when another kind is chosen."""
        return {name: query.get(name) for name in query}

    def act(self) -> Motion:
        """Record it."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "item" and value is not None}
        if self.chosen is Kind.TERMINATION_OBLIGATIONS:
            said["proposes"] = Outcome.TERMINATED.value
        return services.move(meeting=self.meeting, item=self.agenda_item, **said)


class OfMotion(LiveForm):
    """An act on a motion of the meeting."""

    on = Motion
    clears = False

    @classmethod
    def rows(cls, meeting: Any) -> Any:
        """The motions of the meeting."""
        return motions_of(meeting)


class PutForm(OfMotion):
    """Put the motion to the vote."""

    slug = "put"
    label = "Put to the vote"
    method = forms.ChoiceField(label="How", choices=Motion.Method.choices, widget=forms.HiddenInput)
    out_of_order = forms.BooleanField(
        label="The vote was in fact taken all the same: record it as out of order", required=False,
        help_text="It has no effect until a person decides that it stands.",
    )  # fmt: skip
    because = forms.CharField(label="How it came to be taken", max_length=300, required=False)

    @property
    def methods(self) -> list[tuple[str, str]]:
        """The ways in which this motion can be voted on."""
        if services.terms_of(self.meeting) is None:
            return [(Motion.Method.BY_HAND.value, "Record the outcome by hand")]
        ways = [(Motion.Method.ROLL_CALL.value, "Roll call"), (Motion.Method.COUNTED.value, "Counted vote")]
        return ways if KINDS[self.subject.what].counted else [*ways, (Motion.Method.VOICE.value, "Voice vote")]

    def act(self) -> Motion:
        """Put it."""
        said = self.cleaned_data
        return services.put(
            motion=self.subject, at=self.at, method=said["method"], out_of_order=said["out_of_order"],
            because=said["because"],
        )  # fmt: skip


class DeclareForm(OfMotion):
    """Close the vote and declare the result: by the roll call, the numbers, or what the presiding officer said."""

    slug = "declare"
    label = "Declare the result"

    def prepare(self) -> None:
        """The fields that the method asks for."""
        method = self.subject.method
        if method == Motion.Method.COUNTED:
            self.fields["ayes"] = number("For")
            self.fields["nays"] = number("Against")
            self.fields["abstentions"] = number("Abstained", "Blank: everybody else who is in the room.")
        elif method in (Motion.Method.VOICE, Motion.Method.BY_HAND):
            choices = [("yes", "Carried"), ("no", "Not carried")]
            self.fields["carried"] = forms.ChoiceField(
                label="Declared", choices=choices, widget=forms.RadioSelect, required=False
            )
        if method == Motion.Method.BY_HAND:
            self.fields["by_hand_because"] = forms.CharField(label="What shows it", max_length=300, required=False)

    def act(self) -> Motion:
        """Declare it; what the outcome does is done with it."""
        said = dict(self.cleaned_data)
        if "carried" in said:
            said["carried"] = {"yes": True, "no": False}.get(said["carried"])
        return services.declare(motion=self.subject, at=self.at, **said)


class WithdrawForm(OfMotion):
    """The mover takes the motion back."""

    slug = "withdraw"
    label = "Withdraw the motion"

    def act(self) -> Motion:
        """Take it back."""
        return services.withdraw(motion=self.subject)


class SettleForm(OfMotion):
    """Decide what becomes of a vote taken out of order."""

    slug = "settle-motion"
    label = "Record the decision"
    stands = forms.ChoiceField(
        label="The vote", choices=[("yes", "Stands"), ("no", "Does not stand")], widget=forms.RadioSelect
    )
    because = forms.CharField(label="Because", max_length=300)

    def act(self) -> Motion:
        """Record the decision."""
        said = self.cleaned_data
        return services.settle_motion(
            motion=self.subject, stands=said["stands"] == "yes", because=said["because"], at=self.at
        )
