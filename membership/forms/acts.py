"""The forms of legal acts: what each asks for, what it would do, and the one service that does it.

An act is refused by its service, in words; ``refuse`` puts them at the field they name, and nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminIntegerFieldWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import transaction
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from documents.forms import ScanField
from documents.models import Paper
from documents.services import file_scan
from membership import services
from membership.models import AgreementVersion, Application, Approval, Participation, Proceeding, TerminationNotice
from membership.rules import leaving, standing
from membership.rules.facts import Settlement
from membership.rules.instruments import Event
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.fields import LegalDateFormField, within_the_register
from nipas_admin.shared.findings import Finding

HOW_TO_WRITE = "As 5/1/2026 or 2026-05-01."
Fieldset = tuple[str | None, dict[str, Any]]


def day(label: str, help_text: str = "", *, required: bool = True) -> LegalDateFormField:
    """A day to be typed, within the register's bounds."""
    return LegalDateFormField(
        label=label,
        help_text=help_text or HOW_TO_WRITE,
        required=required,
        widget=AdminDateWidget(),
        validators=[within_the_register],
    )


def number(label: str, help_text: str = "") -> forms.IntegerField:
    """A whole number, or blank."""
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=0,
        validators=[MaxValueValidator(999)],
        widget=AdminIntegerFieldWidget(),
    )


@dataclass(frozen=True)
class Effect:
    """What an act would do, said beforehand: the answer with its why, and what follows from it."""

    question: str
    finding: Finding[Any]
    on: date | None = None
    happens: Sequence[str] = ()
    keeps: Sequence[str] = ()
    value: str = ""


def with_clauses(text: str, citations: Iterable[object]) -> SafeString:
    """A sentence and its clauses, as the pages show them."""
    chips = format_html_join(" ", '<span class="chip">{}</span>', ((citation,) for citation in citations))
    return format_html("{} {}", text, chips)


def consequences(ends_on: date, participation: Participation) -> list[str]:
    """What falls away on the first day out, each with its clauses."""
    teams = services.teams_on(participation.agency, ends_on)
    return [with_clauses(c.text, c.citations) for c in leaving.consequences_of_ending(ends_on, teams)]


def what_stays() -> list[str]:
    """What outlives participation, with its clauses."""
    return [with_clauses(fact.text, fact.citations) for fact in leaving.obligations_after_ending()]


class ActForm(forms.Form):
    """One legal act on one record. A subclass names its address, its button, who may do it and what it asks for."""

    slug = ""
    label = ""
    permission = ""
    intro = ""
    previews = False

    def __init__(self, *args: Any, subject: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.subject = subject
        self.user = user
        self.rehearsing = False

    @classmethod
    def applies_to(cls, subject: Any) -> bool:
        """May this act be done to the record as it now stands?"""
        return True

    @property
    def fieldsets(self) -> list[Fieldset]:
        """The fields in groups, as the page shows them."""
        return [(None, {"fields": list(self.fields)})]

    def effect(self) -> Effect | None:
        """What the act would do, as far as it can be said. Raises ValidationError when it cannot be done."""
        return None

    def act(self) -> Any:
        """Do it. Returns the record it left. Raises ValidationError when it cannot be done."""
        raise NotImplementedError

    def said(self, record: Any) -> str:
        """What to tell the person once it is done."""
        raise NotImplementedError

    def refuse(self, refusal: ValidationError) -> None:
        """Show what the service refused at the field it names, or above the form."""
        for name, errors in getattr(refusal, "error_dict", {None: refusal.error_list}).items():
            self.add_error(name if name in self.fields else None, errors)

    def paper(self, field: str, title: str, **known: Any) -> Paper | None:
        """The scan in this field, filed; None when none was chosen, and in a rehearsal."""
        uploaded = None if self.rehearsing else self.cleaned_data.get(field)
        return file_scan(uploaded=uploaded, title=title, user=self.user, **known) if uploaded else None

    @transaction.atomic
    def rehearse(self) -> Any:
        """The record as the act would leave it, with nothing kept. Raises ValidationError when it cannot be done."""
        self.rehearsing = True
        try:
            return self.act()
        finally:
            self.rehearsing = False
            transaction.set_rollback(True)


class NoticeForm(ActForm):
    """A Termination Notice that came in (Agreement §4.A)."""

    slug = "notice"
    label = "Record Termination Notice"
    permission = "membership.add_terminationnotice"
    intro = (
        "The day the Board, its Secretary or the office received it decides when participation ends (Agreement §4.A)."
    )
    previews = True

    agency = forms.ModelChoiceField(
        queryset=None, label="Agency", error_messages={"invalid_choice": "Choose an agency of the register."}
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


class RescindForm(ActForm):
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


class DecideForm(ActForm):
    """The Board's decision in a proceeding (Agreement §4.B–C)."""

    slug = "decide"
    label = "Record the Board's decision"
    permission = "membership.change_proceeding"
    previews = True

    outcome = forms.ChoiceField(label="The Board", choices=[
        ("", "Choose"),
        ("terminated", "terminates participation"),
        ("suspended", "suspends participation"),
        ("dismissed", "dismisses the proceeding"),
    ])  # fmt: skip
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
        finding = leaving.proceeding_in_order(record.facts, AgreementVersion.objects.adoption().terms)
        if record.effective_on is None:
            return Effect("May the Board dismiss it?", finding, keeps=["Participation goes on as before."])
        if record.outcome == "terminated":
            happens = consequences(record.effective_on, record.participation)
            return Effect("Terminated, first day out", finding, record.effective_on, happens, what_stays(),
                          in_words(record.effective_on))  # fmt: skip
        until = in_words(record.suspended_until_on) if record.suspended_until_on else "open"
        happens = ["No vote, not counted for quorum, no team benefits.", f"First day back: {until}."]
        keeps = ["It still owes dues, receives papers and may object (Reading R17)."]
        return Effect("Suspended, first day", finding, record.effective_on, happens, keeps,
                      in_words(record.effective_on))  # fmt: skip

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


class ChooseDateForm(ActForm):
    """Which of the dates that disagree governs an Approval (Reading R18)."""

    slug = "choose-date"
    label = "Choose the date that governs"
    permission = "membership.change_approval"
    intro = "Every date stays on the record with its source. The one you choose counts from now on."

    chosen_on = forms.TypedChoiceField(label="Date", coerce=date.fromisoformat, widget=forms.RadioSelect(), choices=())
    chosen_because = forms.CharField(
        label="Because",
        max_length=300,
        widget=AdminTextInputWidget(),
        help_text="The reason goes on the record, for example: the clerk's certificate bears this day.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        sources = _days_said(self.subject)
        self.fields["chosen_on"].choices = [  # type: ignore[attr-defined]
            (on.isoformat(), f"{in_words(on)} ({'; '.join(said)})") for on, said in sources.items()
        ]
        self.initial.setdefault("chosen_on", self.subject.chosen_on)
        self.initial.setdefault("chosen_because", self.subject.chosen_because)

    @classmethod
    def applies_to(cls, subject: Approval) -> bool:
        """Where sources give more than one day."""
        return len(_days_said(subject)) > 1

    def act(self) -> Approval:
        """Choose the date."""
        data = self.cleaned_data
        return services.choose_date(approval=self.subject, on=data["chosen_on"], because=data["chosen_because"])

    def said(self, record: Approval) -> str:
        """The day that counts."""
        return f"{record.label} now counts from {in_words(record.chosen_on)}."


def _days_said(approval: Approval) -> dict[date, list[str]]:
    """Each exact day that a source gives for passage or approval, with the sources."""
    days: dict[date, list[str]] = {}
    for said in approval.statements():
        if said.when.day and said.event is not Event.PRESENTED:
            days.setdefault(said.when.day, []).append(": ".join(filter(None, (said.source, said.event.label))))
    return dict(sorted(days.items()))


class SettleForm(ActForm):
    """What a person decides where the texts give a stint no ending (Reading R19)."""

    slug = "settle"
    label = "Decide where the texts are silent"
    permission = "membership.change_participation"
    intro = (
        "It joined under the Original Agreement too late to be an Original Participating Agency, and the texts give it "
        "no ending (Reading R19). A person decides, once, on the record."
    )

    settlement = forms.ChoiceField(
        label="This agency",
        choices=[("", "Choose"), (Settlement.REMAINS.value, "remains a participating agency"),
                 (Settlement.ENDED.value, "ended")],
    )  # fmt: skip
    settled_on = day("Day of the decision, or first day out", "If it ended: the first day out.")
    settled_because = forms.CharField(label="Because", max_length=300, widget=AdminTextInputWidget())

    @classmethod
    def applies_to(cls, subject: Participation) -> bool:
        """An original stint whose agency is not an Original Participating Agency, not decided yet."""
        if subject.path != "original" or subject.settlement:
            return False
        adoption = AgreementVersion.objects.adoption()
        return adoption.collective.happened and (
            standing.original_participating_agency(subject.stint, adoption.terms) is False
        )

    def act(self) -> Participation:
        """Settle the stint."""
        data = self.cleaned_data
        return services.settle(
            participation=self.subject,
            settlement=data["settlement"],
            on=data["settled_on"],
            because=data["settled_because"],
        )

    def said(self, record: Participation) -> str:
        """What was decided."""
        return f"The decision is recorded: {record.agency} {record.get_settlement_display().lower()}."


class PayDuesForm(ActForm):
    """The joining dues came in (Bylaws Art. III §2.c.iv)."""

    slug = "joining-dues"
    label = "Record payment of joining dues"
    permission = "membership.change_participation"
    intro = (
        "A new agency participates from the last of Approval, Execution, Board approval and this payment (Reading R5)."
    )

    dues_paid_on = day("Paid on")

    @classmethod
    def applies_to(cls, subject: Participation) -> bool:
        """While dues are required of a new agency and not paid."""
        return subject.path == "new" and subject.dues_required and subject.dues_paid_on is None

    def act(self) -> Participation:
        """Record the payment."""
        return services.pay_joining_dues(participation=self.subject, paid_on=self.cleaned_data["dues_paid_on"])

    def said(self, record: Participation) -> str:
        """That it is on record."""
        return f"The joining dues of {record.agency} are recorded as paid on {in_words(record.dues_paid_on)}."


class _Decision(ActForm):
    """What the acts on an application have in common."""

    permission = "membership.change_application"

    decided_on = day("Decided on")
    scan = ScanField(label="Paper of the decision", required=False)

    @classmethod
    def applies_to(cls, subject: Application) -> bool:
        """While it is open."""
        return not subject.decision

    def decision_paper(self) -> Paper | None:
        """The paper of the decision, filed; None when none was chosen."""
        return self.paper("scan", f"Decision: {self.subject}", dated_on=self.cleaned_data["decided_on"])


class AdmitForm(_Decision):
    """The Board approves an application (Agreement §5.B, Bylaws Art. III §4)."""

    slug = "approve"
    label = "Board approves"
    intro = "Opens a stint of participation. It begins with the last of Approval, Execution, Board approval and dues."

    dues_required = forms.BooleanField(label="Joining dues are required", required=False, initial=True)
    dues_paid_on = day("Joining dues paid on", "Blank while they are not paid.", required=False)
    out_of_order = forms.BooleanField(
        label="The Board voted though the packet was not complete",
        required=False,
        help_text="Recorded as out of order: without effect until a person decides.",
    )

    def act(self) -> Application:
        """Admit the agency, or record the vote as out of order."""
        data = self.cleaned_data
        names = ("decided_on", "dues_required", "dues_paid_on", "out_of_order")
        services.admit(
            application=self.subject, board_paper=self.decision_paper(), **{name: data[name] for name in names}
        )
        return Application.objects.get(pk=self.subject.pk)

    def said(self, record: Application) -> str:
        """Whether a stint was opened."""
        if record.participation is None:
            return "The vote is recorded as out of order. It has no effect until a person decides."
        return f"The Board's approval of {in_words(record.decided_on)} is recorded, and the stint is opened."


class DisapproveForm(_Decision):
    """The Board disapproves an application (Bylaws Art. III §4)."""

    slug = "disapprove"
    label = "Board disapproves"
    intro = "The complete packet is a condition of disapproval too (Bylaws Art. III §4)."
    decision = Application.Decision.DISAPPROVED

    out_of_order = forms.BooleanField(
        label="The Board voted though the packet was not complete",
        required=False,
        help_text="Recorded as out of order: the application stays pending.",
    )

    def act(self) -> Application:
        """Close the application."""
        return services.close_application(
            application=self.subject,
            decision=self.decision,
            decided_on=self.cleaned_data["decided_on"],
            paper=self.decision_paper(),
            out_of_order=self.cleaned_data.get("out_of_order", False),
        )

    def said(self, record: Application) -> str:
        """How it ended."""
        return f"Recorded: {record.get_decision_display().lower()} on {in_words(record.decided_on)}."


class TakeBackForm(DisapproveForm):
    """The agency takes its application back."""

    slug = "take-back"
    label = "Agency takes it back"
    intro = "Closes the application. The agency may apply again at any time."
    decision = Application.Decision.TAKEN_BACK

    out_of_order = None  # type: ignore[assignment]
