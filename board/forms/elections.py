"""The acts of an election: nominations, ballots, ties that a person settles (Bylaws Art. V §8–9)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin

from board import services
from board.forms.fields import BoardAct, ByName, moment, words
from board.models import Ballot, Election, Nominee, RollEntry
from board.rules.elections import Stage
from membership.models import Official
from nipas_admin.shared.acts import Effect, Fieldset, day, number
from nipas_admin.shared.choosing import FindOne, OneRecord, SeveralRecords


def standing(subject: Election) -> Any:
    """Where it stands; None where that is not determined."""
    return services.standing_of(Election.objects.whole().get(pk=subject.pk)).value


class OfElection(BoardAct):
    """An act that leads back to its election."""

    def act(self) -> Election:
        """Do it, and go back to the election."""
        self.do()
        found: Election = Election.objects.whole().get(pk=self.subject.pk)
        return found

    def do(self) -> None:
        """The act itself."""
        raise NotImplementedError


class NominateForm(OfElection):
    """A nomination, by the Nominating Committee or from the floor."""

    slug = "nominate"
    label = "Record a nomination"
    permission = "board.add_nominee"
    intro = "The Committee presents one nominee who consented; any active agency nominates from the floor."
    previews = True

    official = OneRecord(
        queryset=Official.objects.none(), label="Nominee",
        error_messages={"invalid_choice": "Choose a chief executive or designee in office (Bylaws Art. IV §1)."},
    )  # fmt: skip
    by = forms.ChoiceField(label="Nominated by", choices=Nominee.By.choices)
    consented_on = day(
        "Consented on", "A condition for the Committee's nominee only (Bylaws Art. V §8).", required=False
    )
    nominated_by = ByName(
        label="Agency that nominates", help_text="From the floor: type a few letters of its name.", required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["official"]
        field.queryset = services.candidates_on(self.subject.meeting.on)
        field.widget = FindOne(Nominee._meta.get_field("official"), admin.site)
        field.widget.choices = field.choices
        entries = list(RollEntry.objects.filter(meeting=self.subject.meeting, entitled=True))
        if entries:
            self.fields["nominated_by"].offer(entries)  # type: ignore[attr-defined]
        else:
            del self.fields["nominated_by"]
            self.fields["by"].choices = [(Nominee.By.COMMITTEE.value, Nominee.By.COMMITTEE.label)]  # type: ignore[attr-defined]

    @classmethod
    def applies_to(cls, subject: Election) -> bool:
        """Until a ballot is taken."""
        return subject.winner_id is None and not subject.ballots.exists()

    def do(self) -> None:
        """Record it."""
        data = self.cleaned_data
        self.nominee = services.nominate(
            election=self.subject, official=data["official"], by=data["by"], nominated_by=data.get("nominated_by"),
            consented_on=data["consented_on"],
        )  # fmt: skip

    def effect(self) -> Effect:
        """Whether the person may be elected (Bylaws Art. V §1)."""
        self.rehearse()
        found = services.eligibility_of(self.nominee)
        return Effect("May the person be elected?", found, value=may_be_elected(found))

    def said(self, record: Election) -> str:
        """Who is nominated."""
        return f"{self.nominee} is nominated for {record.seat}."


def may_be_elected(found: Any) -> str:
    """The answer in words."""
    return "" if found.value is None else "Eligible" if found.value else "Not eligible"


class DeclineForm(OfElection):
    """A nominee takes the name back."""

    slug = "decline"
    label = "Nominee declines"
    permission = "board.change_nominee"

    nominee = OneRecord(queryset=Nominee.objects.none(), label="Nominee", empty_label="Choose")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["nominee"].queryset = self.subject.nominees.filter(declined=False)  # type: ignore[attr-defined]

    @classmethod
    def applies_to(cls, subject: Election) -> bool:
        """Until a ballot is taken, when somebody is nominated."""
        return NominateForm.applies_to(subject) and subject.nominees.filter(declined=False).exists()

    def do(self) -> None:
        """Take the name back."""
        services.decline(nominee=self.cleaned_data["nominee"])

    def said(self, record: Election) -> str:
        """Who declined."""
        return f"{self.cleaned_data['nominee']} declined."


class BallotForm(OfElection):
    """A ballot as the tellers counted it."""

    slug = "ballot"
    label = "Record a ballot"
    permission = "board.add_ballot"
    intro = "A majority of the votes cast elects; blanks are not counted, illegal ballots are (Reading R11)."
    previews = True

    at = moment("Counted at")
    blanks = number("Blank")
    illegal = number("Illegal", "Of entitled voters, for nobody who can be elected.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.candidates = services.candidates_next(Election.objects.whole().get(pk=self.subject.pk))
        for nominee in self.candidates:
            field = number(f"{nominee}, {nominee.official.agency}")
            field.required = True
            self.fields[f"votes_{nominee.pk}"] = field

    @classmethod
    def applies_to(cls, subject: Election) -> bool:
        """In session, while somebody stands and nothing is tied."""
        return subject.meeting.in_session and bool(
            services.candidates_next(Election.objects.whole().get(pk=subject.pk))
        )

    @property
    def fieldsets(self) -> list[Fieldset]:
        """Each nominee, then the rest."""
        votes = [f"votes_{nominee.pk}" for nominee in self.candidates]
        return [("Votes for", {"fields": votes}), ("The rest", {"fields": ["blanks", "illegal", "at"]})]

    def do(self) -> None:
        """Record the ballot."""
        data = self.cleaned_data
        votes = {nominee.pk: data[f"votes_{nominee.pk}"] for nominee in self.candidates}
        services.take_ballot(
            election=self.subject, at=data["at"], votes=votes, blanks=data["blanks"] or 0, illegal=data["illegal"] or 0
        )

    def act(self) -> Election:
        """Record the ballot, and see where the election stands."""
        left = super().act()
        self.found = services.standing_of(left)
        return left

    def effect(self) -> Effect:
        """Where the election would stand."""
        election = self.rehearse()
        happens = [f"{election.winner} is installed as {election.seat}."] if election.winner else []
        on = election.meeting.on if happens else None
        return Effect("The election", self.found, on, happens, (), stage_of(self.found))

    def said(self, record: Election) -> str:
        """Where it stands."""
        return f"The ballot is recorded. {stage_of(self.found)}."


def stage_of(found: Any) -> str:
    """Where an election stands, in words."""
    if found.value is None:
        return ""
    if found.value.stage is Stage.ELECTED:
        return f"{found.value.elected} is elected"
    between = " and ".join(found.value.between)
    return f"{found.value.stage.label} between {between}" if between else str(found.value.stage.label)


class SettleTieForm(OfElection):
    """What the assembly decided of a tie (Reading R16)."""

    slug = "settle-tie"
    label = "Record what the assembly decided"
    permission = "board.change_election"
    intro = "The bylaws break no tie. Choose one to elect, or several between whom a further ballot is taken."

    nominees = SeveralRecords(
        queryset=Nominee.objects.none(), label="Decided for", widget=forms.CheckboxSelectMultiple()
    )
    because = words("What the assembly decided", "For example: by lot, drawn by the tellers.")
    at = moment("Decided at")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["nominees"].queryset = self.subject.nominees.filter(declined=False)  # type: ignore[attr-defined]

    @classmethod
    def applies_to(cls, subject: Election) -> bool:
        """While a tie stops it."""
        found = standing(subject)
        return subject.winner_id is None and found is not None and found.stage.stopped

    def do(self) -> None:
        """Settle the last ballot."""
        ballot: Ballot = self.subject.ballots.order_by("-number")[0]
        data = self.cleaned_data
        services.settle_tie(ballot=ballot, nominees=list(data["nominees"]), because=data["because"], at=data["at"])

    def said(self, record: Election) -> str:
        """What follows."""
        return f"The decision is recorded. {stage_of(services.standing_of(record))}."


class ByHandForm(OfElection):
    """The result under bylaws whose figures are not known."""

    slug = "by-hand"
    label = "Record the result by hand"
    permission = "board.change_election"
    intro = "The figures of the bylaws in force are not known: the result is recorded with what shows it."

    nominee = OneRecord(queryset=Nominee.objects.none(), label="Elected", empty_label="Choose")
    because = words("What shows it", "Minutes, a letter, a tally sheet.")
    at = moment("Declared at")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["nominee"].queryset = self.subject.nominees.filter(declined=False)  # type: ignore[attr-defined]

    @classmethod
    def applies_to(cls, subject: Election) -> bool:
        """Where no figures are known."""
        return subject.winner_id is None and services.terms_of(subject.meeting) is None and subject.nominees.exists()

    def do(self) -> None:
        """Record it."""
        data = self.cleaned_data
        services.declare_by_hand(election=self.subject, winner=data["nominee"], because=data["because"], at=data["at"])

    def said(self, record: Election) -> str:
        """Who is elected."""
        return f"{record.winner} is recorded as elected."
