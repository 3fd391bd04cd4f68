"""The acts of a motion once it is made: put to the vote, voted on, declared, settled, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from board import services
from board.forms.fields import BoardAct, moment, words
from board.models import Motion, Vote
from board.rules.motions import KINDS
from nipas_admin.shared.acts import Effect, Fieldset, number
from nipas_admin.shared.findings import Finding


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
