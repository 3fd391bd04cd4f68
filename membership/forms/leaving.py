"""The acts by which participation ends or rests: notices and the Board's proceedings."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget

from documents.forms import ActWithPapers, ScanField
from membership import services
from membership.models import Agency, AgreementVersion, Participation, Proceeding, TerminationNotice
from membership.rules import leaving
from nipas_admin.shared.acts import ActForm, Effect, Fieldset, day, number, with_clauses
from nipas_admin.shared.choosing import OneRecord
from nipas_admin.shared.dated import in_words


def consequences(ends_on: date, participation: Participation) -> list[str]:
    """What falls away on the first day out, each with its clauses."""
    ends = services.what_ends(participation.agency, ends_on)
    return [with_clauses(consequence.text, consequence.citations) for consequence in ends]


def what_stays() -> list[str]:
    """What outlives participation, with its clauses."""
    return [with_clauses(fact.text, fact.citations) for fact in leaving.obligations_after_ending()]


class NoticeForm(ActWithPapers):
    """A Termination Notice that came in (Agreement §4.A)."""

    slug = "notice"
    label = "Record Termination Notice"
    permission = "membership.add_terminationnotice"
    intro = (
        "The day the Board, its Secretary or the office received it decides when participation ends (Agreement §4.A)."
    )
    previews = True

    agency = OneRecord(
        queryset=Agency.objects.none(),
        label="Agency",
        error_messages={"invalid_choice": "Choose an agency of the register."},
    )
    received_on = day("Received on", "The day it reached the Board, its Secretary or the office. This day governs.")
    received_by = forms.ChoiceField(
        label="Received by",
        choices=TerminationNotice.Received.choices,
        initial=TerminationNotice.Received.OFFICE,
        help_text="Received by the Secretary or the office is received by the Board (Reading R7).",
    )
    dated_on = day("Date of the letter", "Recorded; it decides nothing.", required=False)
    signed_by = forms.CharField(label="Signed by", max_length=120, required=False, widget=AdminTextInputWidget())
    scan = ScanField(label="Scan of the notice", required=False)

    def __init__(self, *args: Any, agencies: Any, agency_widget: forms.Widget, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["agency"]
        field.queryset = agencies  # type: ignore[attr-defined]
        field.widget = agency_widget
        agency_widget.choices = field.choices  # type: ignore[attr-defined]

    @property
    def fieldsets(self) -> list[Fieldset]:
        """The agency and the two days together, then the letter."""
        return [
            (None, {"fields": ["agency", "received_on", "received_by"]}),
            ("The letter", {"fields": ["dated_on", "signed_by", "scan"]}),
        ]

    def clean(self) -> dict[str, Any]:
        """Find the stint that the notice would end."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("agency") and cleaned.get("received_on"):
            stint = services.stint_on(cleaned["agency"], cleaned["received_on"])
            if stint is None:
                self.add_error(
                    "agency", f"{cleaned['agency']} has never participated: it has nothing to withdraw from."
                )
            cleaned["participation"] = stint
        return cleaned

    def effect(self) -> Effect | None:
        """The first day out and why, what falls away then, and what stays owed."""
        data = self.cleaned_data
        finding = services.preview_notice(
            data["participation"], received_on=data["received_on"], dated_on=data.get("dated_on")
        )
        if finding.value is None:
            return Effect("First day out", finding)
        happens = consequences(finding.value, data["participation"])
        return Effect("First day out", finding, finding.value, happens, what_stays())

    def act(self) -> TerminationNotice:
        """Receive the notice."""
        data = self.cleaned_data
        scan = self.paper(
            "scan",
            f"Termination Notice of {data['agency']}",
            dated_on=data["dated_on"],
            received_on=data["received_on"],
        )
        return services.receive_notice(
            participation=data["participation"],
            received_on=data["received_on"],
            dated_on=data["dated_on"],
            received_by=data["received_by"],
            signed_by=data["signed_by"],
            scan=scan,
        )

    def said(self, record: TerminationNotice) -> str:
        """The day that was fixed."""
        agency, ends = record.participation.agency, in_words(record.participation.withdrawn_on)
        return f"The Termination Notice of {agency} is recorded. Its participation ends on {ends}, the first day out."


class CorrectNoticeForm(ActForm):
    """A day of receipt that was recorded wrongly (Agreement §4.A)."""

    slug = "correct"
    label = "Correct the day received"
    permission = "membership.change_terminationnotice"
    intro = "For a slip of the pen only. What was recorded before stays in history, with your reason."
    previews = True

    received_on = day("Received on", "The day it in fact reached the Board, its Secretary or the office.")
    dated_on = day("Date of the letter", "Recorded; it decides nothing.", required=False)
    because = forms.CharField(
        label="How the right day is known", max_length=100, widget=AdminTextInputWidget(), help_text="Kept in history."
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("received_on", "dated_on"):
            self.fields[name].initial = getattr(self.subject, name)

    def effect(self) -> Effect | None:
        """The first day out under the corrected day."""
        data = self.cleaned_data
        stint = self.subject.participation
        finding = services.preview_notice(
            stint, received_on=data["received_on"], dated_on=data.get("dated_on"), correcting=self.subject
        )
        if finding.value is None:
            return Effect("First day out", finding)
        return Effect("First day out", finding, finding.value, consequences(finding.value, stint), what_stays())

    def act(self) -> TerminationNotice:
        """Correct the notice."""
        data = self.cleaned_data
        return services.correct_notice(
            notice=self.subject,
            received_on=data["received_on"],
            dated_on=data["dated_on"],
            because=data["because"],
        )

    def said(self, record: TerminationNotice) -> str:
        """The day that follows."""
        return f"The day is corrected. The notice takes effect on {in_words(record.effective_on)}, the first day out."


class RescindForm(ActWithPapers):
    """The Board lets a notice go before it takes effect (Reading R8)."""

    slug = "rescind"
    label = "Record rescission"
    permission = "membership.change_terminationnotice"
    intro = "The agreement knows no rescission; the Board's decision is recorded, with a warning (Reading R8)."
    previews = True

    rescinded_on = day("Decided by the Board on")
    scan = ScanField(label="Paper of the decision", required=False)

    @classmethod
    def applies_to(cls, subject: TerminationNotice) -> bool:
        """While it was not rescinded; whether in time, the service says."""
        return subject.rescinded_on is None

    def effect(self) -> Effect:
        """Whether it is in time, with the warning."""
        finding = leaving.rescission(self.subject.notice, self.cleaned_data["rescinded_on"])
        ends = in_words(self.subject.effective_on)
        keeps = [f"Participation does not end on {ends}; everything that would have ended then goes on."]
        return Effect("May the notice be let go?", finding, keeps=keeps if finding.value else ())

    def act(self) -> TerminationNotice:
        """Rescind the notice."""
        on = self.cleaned_data["rescinded_on"]
        scan = self.paper("scan", f"Rescission: {self.subject}", dated_on=on)
        return services.rescind_notice(notice=self.subject, decided_on=on, paper=scan)

    def said(self, record: TerminationNotice) -> str:
        """That it no longer runs."""
        return "The rescission is recorded. The notice no longer ends participation."


class DecideForm(ActWithPapers):
    """The Board's decision in a proceeding (Agreement §4.B–C)."""

    slug = "decide"
    label = "Record the Board's decision"
    permission = "membership.change_proceeding"
    previews = True

    outcome = forms.ChoiceField(
        label="The Board",
        choices=[
            ("", "Choose"),
            ("terminated", "terminates participation"),
            ("suspended", "suspends participation"),
            ("dismissed", "dismisses the proceeding"),
        ],
    )
    decided_on = day("Decided on")
    votes_for = number("Votes for")
    votes_against = number("Votes against")
    in_office = number("Board members in office", "Of eleven seats, those filled on that day (Reading R9).")
    named_on = day("First day the motion names", "Blank: the day after the vote (Reading R20).", required=False)
    suspended_until_on = day("First day back", "Of a suspension only. Blank: open.", required=False)
    scan = ScanField(label="Paper of the decision", required=False)

    @classmethod
    def applies_to(cls, subject: Proceeding) -> bool:
        """Until it is decided."""
        return not subject.outcome

    @property
    def fieldsets(self) -> list[Fieldset]:
        """The decision, the vote, the days."""
        return [
            (None, {"fields": ["outcome", "decided_on", "scan"]}),
            ("The vote", {"fields": ["votes_for", "votes_against", "in_office"]}),
            ("From when until when", {"fields": ["named_on", "suspended_until_on"]}),
        ]

    def clean(self) -> dict[str, Any]:
        """A first day back belongs to a suspension."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("suspended_until_on") and cleaned.get("outcome") != "suspended":
            self.add_error("suspended_until_on", "Only a suspension has a first day back (Bylaws Art. III §9).")
        return cleaned

    def effect(self) -> Effect:
        """The first day, and what follows."""
        record = self.rehearse()
        finding = leaving.proceeding_in_order(record.facts, AgreementVersion.objects.terms_on(record.decided_on))
        if record.effective_on is None:
            return Effect("May the Board dismiss it?", finding, keeps=["Participation goes on as before."])
        if record.outcome == "terminated":
            happens = consequences(record.effective_on, record.participation)
            return Effect(
                "Terminated, first day out",
                finding,
                record.effective_on,
                happens,
                what_stays(),
                in_words(record.effective_on),
            )
        until = in_words(record.suspended_until_on) if record.suspended_until_on else "open"
        happens = ["No vote, not counted for quorum, no team benefits.", f"First day back: {until}."]
        keeps = ["It still owes dues, receives papers and may object (Reading R17)."]
        return Effect(
            "Suspended, first day", finding, record.effective_on, happens, keeps, in_words(record.effective_on)
        )

    def act(self) -> Proceeding:
        """Decide the proceeding."""
        data = self.cleaned_data
        scan = self.paper("scan", f"Decision: {self.subject}", dated_on=data["decided_on"])
        names = ("outcome", "decided_on", "votes_for", "votes_against", "in_office", "named_on", "suspended_until_on")
        return services.decide_proceeding(
            proceeding=self.subject, decision_paper=scan, **{name: data[name] for name in names}
        )

    def said(self, record: Proceeding) -> str:
        """What the Board decided and from when."""
        first = f", first day {in_words(record.effective_on)}" if record.effective_on else ""
        return f"The Board's decision is recorded: {record.get_outcome_display().lower()}{first}."


class EndSuspensionForm(ActForm):
    """A suspension's first day back (Bylaws Art. III §9)."""

    slug = "end-suspension"
    label = "End the suspension"
    permission = "membership.change_proceeding"

    suspended_until_on = day("First day back", "The agency is active again from this day on.")

    @classmethod
    def applies_to(cls, subject: Proceeding) -> bool:
        """A suspension that is open."""
        return subject.suspends and subject.suspended_until_on is None

    def act(self) -> Proceeding:
        """Set the first day back."""
        return services.end_suspension(proceeding=self.subject, back_on=self.cleaned_data["suspended_until_on"])

    def said(self, record: Proceeding) -> str:
        """From when it is active again."""
        return f"{record.participation.agency} is active again from {in_words(record.suspended_until_on)} on."
