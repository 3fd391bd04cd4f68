"""Elections on the live page: nominees, ballots as the tellers counted them, ties that a person settles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator

from board import services
from board.live.forms import LiveForm, Typed, officials, with_agency
from board.live.page import proposals
from board.models import Ballot, Election, Meeting, Nominee, Seat
from board.rules.terms import ELECTED
from nipas_admin.shared.acts import day
from nipas_admin.shared.choosing import OneRecord, SeveralRecords


class OpenElectionForm(LiveForm):
    """Prepare the election of an office."""

    slug = "election"
    heading = "Prepare an election"
    label = "Prepare the election"
    clears = False

    def prepare(self) -> None:
        """The offices not prepared yet."""
        known = Election.objects.filter(meeting=self.meeting).values("seat")
        rows = Seat.objects.filter(office__in=[office.value for office in ELECTED]).exclude(pk__in=known)
        self.fields["seat"] = OneRecord(queryset=rows, label="Office", empty_label="Choose")

    def act(self) -> Election:
        """Prepare it."""
        return services.open_election(meeting=self.meeting, seat=self.cleaned_data["seat"])


class OfElection(LiveForm):
    """An act on an election of the meeting."""

    on = Election
    clears = False

    @classmethod
    def rows(cls, meeting: Meeting) -> Any:
        """The elections of the meeting."""
        return Election.objects.whole().filter(meeting=meeting)


class NominateForm(OfElection):
    """Record a nomination: the Committee's, or from the floor."""

    slug = "nominate"
    label = "Record the nomination"
    by = forms.ChoiceField(label="Nominated by", choices=Nominee.By.choices, initial=Nominee.By.FLOOR.value)
    consented_on = day("Consented on", "The Committee first obtains the nominee's consent.", required=False)

    def prepare(self) -> None:
        """Who can be named, and which agencies can name."""
        self.fields["official"] = Typed(officials(self.meeting), with_agency, label="Nominee")
        self.fields["nominated_by"] = Typed(
            proposals(self.meeting), label="Agency that nominates", required=False,
            help_text="From the floor: an active agency (Bylaws Art. V §8).",
        )  # fmt: skip
        self.order_fields(["official", "by", "nominated_by", "consented_on"])

    def act(self) -> Nominee:
        """Record it."""
        return services.nominate(election=self.subject, **self.cleaned_data)


class DeclineForm(LiveForm):
    """The nominee takes the name back."""

    slug = "decline"
    label = "Declined"
    on = Nominee
    clears = False

    @classmethod
    def rows(cls, meeting: Meeting) -> Any:
        """The nominees of the meeting."""
        return Nominee.objects.filter(election__meeting=meeting).select_related("election__meeting", "official")

    def act(self) -> Nominee:
        """Record it."""
        return services.decline(nominee=self.subject)


def count(label: str, help_text: str = "") -> forms.IntegerField:
    """How many ballots."""
    return forms.IntegerField(
        label=label, help_text=help_text, required=False, min_value=0, validators=[MaxValueValidator(99_999)],
        widget=forms.NumberInput(attrs={"data-counted": "", "inputmode": "numeric"}),
    )  # fmt: skip


class BallotForm(OfElection):
    """The next ballot, as the tellers counted it."""

    slug = "ballot"
    label = "Record the ballot"

    def prepare(self) -> None:
        """One number for each who stands on it."""
        self.candidates = services.candidates_next(self.subject)
        for nominee in self.candidates:
            self.fields[f"votes_{nominee.pk}"] = count(str(nominee))
        self.fields["blanks"] = count("Blank", "Not counted (Reading R11).")
        self.fields["illegal"] = count("Illegal", "Of entitled voters: counted as cast (Reading R11).")
        self.present = services.house_now(self.meeting).present

    def act(self) -> Ballot:
        """Record it; a majority elects and installs."""
        said = self.cleaned_data
        votes = {nominee.pk: said[f"votes_{nominee.pk}"] or 0 for nominee in self.candidates}
        return services.take_ballot(
            election=self.subject, at=self.at, votes=votes, blanks=said["blanks"] or 0, illegal=said["illegal"] or 0
        )


class TieForm(OfElection):
    """What the assembly decided of a tie: the register breaks none."""

    slug = "tie"
    label = "Record the decision"
    because = forms.CharField(label="What the assembly decided", max_length=300, required=False)

    def prepare(self) -> None:
        """Those who may be named."""
        self.fields["nominees"] = SeveralRecords(
            queryset=Nominee.objects.filter(election=self.subject, declined=False).select_related("official"),
            label="One for the office, or those who go on to a further ballot",
            widget=forms.CheckboxSelectMultiple,
        )
        self.order_fields(["nominees", "because"])

    def act(self) -> Election:
        """Record it."""
        last = list(self.subject.ballots.all())[-1:]
        if not last:
            raise forms.ValidationError("No ballot was taken: nothing is tied.")
        last[0].election = self.subject
        chosen = list(self.cleaned_data["nominees"])
        return services.settle_tie(ballot=last[0], nominees=chosen, because=self.cleaned_data["because"], at=self.at)


class VoiceForm(LiveForm):
    """Elect by voice: only when every office has one nominee."""

    slug = "voice"
    label = "Elect by voice vote"
    clears = False

    def act(self) -> Any:
        """Declare them elected."""
        return services.elect_by_voice(meeting=self.meeting, at=self.at)


class ElectedByHandForm(OfElection):
    """The result of an election under bylaws whose figures are not known."""

    slug = "elected"
    label = "Record the result by hand"
    because = forms.CharField(label="What shows it", max_length=300, required=False)

    def prepare(self) -> None:
        """Those who stand."""
        rows = Nominee.objects.filter(election=self.subject, declined=False).select_related("official")
        self.fields["winner"] = OneRecord(queryset=rows, label="Elected", empty_label="Choose")
        self.order_fields(["winner", "because"])

    def act(self) -> Election:
        """Record it."""
        said = self.cleaned_data
        return services.declare_by_hand(
            election=self.subject, winner=said["winner"], because=said["because"], at=self.at
        )
