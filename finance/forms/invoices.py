"""One invoice at a time: issued by the rates or with typed lines, and voided with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from finance import services
from finance.forms.acts import TreasurersAct, as_facts, lines, words
from finance.models import FiscalYear, Fund, Invoice
from finance.rules.dues import Charge, Line, Owed
from finance.rules.years import DUES
from finance.services.payments import EVER
from membership.models import Agency, Participation, SpecializedTeam
from membership.rules.facts import Path
from nipas_admin.shared import money
from nipas_admin.shared.acts import Effect, Fieldset, day
from nipas_admin.shared.choosing import FindOne, OneRecord
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.fields import DollarsFormField
from nipas_admin.shared.findings import Fact, Finding

MOST_LINES = 4
BY_HAND = ("other", "forward")


@dataclass(frozen=True)
class Asked:
    """What an invoice is to ask for, and why; ``stint`` waits for it where it is for joining dues."""

    lines: Sequence[Line]
    because: Sequence[str]
    stint: Participation | None = None


class IssueForm(TreasurersAct):
    """A single invoice: what the rates say of one agency, or lines typed by hand."""

    slug = "issue"
    label = "Issue an invoice"
    permission = "finance.add_invoice"
    intro = (
        "For one agency: what is due when it joins, what a run left out because something was missing, or another "
        "charge. All agencies are invoiced together by a run (Bylaws Art. III §7, Agreement §3.J–K)."
    )
    previews = True

    agency = OneRecord(queryset=Agency.objects.order_by("name"), label="Agency")
    charge = forms.ChoiceField(label="For")
    team = OneRecord(
        queryset=SpecializedTeam.objects.all(), label="Team", required=False, help_text="Only for a team fee."
    )
    issued_on = day("Dated", "The rates of this day count, and its fiscal year takes the invoice.")
    due_on = day("Due", "Blank: after the Board's days from its date; joining dues on its date.", required=False)
    because = words(
        "Why", "For typed lines: what the amount rests on. It stays on record and is printed.", required=False
    )
    fund = OneRecord(
        queryset=Fund.objects.all(), label="Fund", required=False,
        help_text="For typed lines. Blank: the fund of the team, or the general fund.",
    )  # fmt: skip
    note = lines("Note", "For the office only; not printed.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for number in range(1, MOST_LINES + 1):
            self.fields[f"text_{number}"] = words(f"Line {number}", required=False, most=200)
            self.fields[f"amount_{number}"] = DollarsFormField(
                label="Dollars", required=False, help_text="" if number > 1 else "For example 1,234.50."
            )
        charges = Invoice._meta.get_field("charge").choices or ()
        kinds = [(value, label) for value, label in charges if value != Charge.TEAM_START.value]
        self._field("charge").choices = [("", "Choose"), *kinds]
        self.fields["agency"].widget = FindOne(Invoice._meta.get_field("agency"), admin.site)
        self._field("agency").widget.choices = self._field("agency").choices
        self.initial.setdefault("issued_on", self.now.date())

    def _field(self, name: str) -> Any:
        return self.fields[name]

    @property
    def fieldsets(self) -> list[Fieldset]:
        """Whom and what for; when; lines by hand; note."""
        typed = [(f"text_{number}", f"amount_{number}") for number in range(1, MOST_LINES + 1)]
        by_hand = {
            "fields": [*typed, "because", "fund"],
            "description": "Leave blank to ask for what the rates say. For another charge, say here what it is.",
        }
        return [
            (None, {"fields": ["agency", "charge", "team"]}),
            ("When", {"fields": ["issued_on", "due_on"]}),
            ("Lines typed by hand", by_hand),
            ("Note", {"fields": ["note"]}),
        ]

    def clean(self) -> dict[str, Any]:
        """Each line whole; a team where it is for one; a reason for what no rate says."""
        data = super().clean() or self.cleaned_data
        charge, team = data.get("charge"), data.get("team")
        if charge == Charge.TEAM.value and not team and "team" not in self.errors:
            self.add_error("team", "Choose the team whose fee it is (Agreement §3.K).")
        if charge and charge != Charge.TEAM.value and charge != "other" and team:
            self.add_error("team", "Only a team fee, or another charge, names a team.")
        for number in range(1, MOST_LINES + 1):
            text, amount = data.get(f"text_{number}", ""), data.get(f"amount_{number}")
            if text and amount is None and f"amount_{number}" not in self.errors:
                self.add_error(f"amount_{number}", "Give the amount of this line.")
            if amount is not None and not text and f"text_{number}" not in self.errors:
                self.add_error(f"text_{number}", "Say what this amount is for.")
        typed = list(self._typed())
        if charge in BY_HAND and not typed and not self.errors:
            self.add_error("text_1", "No rate says what this is: type at least one line with its amount.")
        if typed and not data.get("because", "").strip():
            self.add_error("because", "Say what the typed amount rests on: a motion, a letter, an earlier statement.")
        return data

    def _typed(self) -> Iterator[Line]:
        charge = self.cleaned_data.get("charge")
        for number in range(1, MOST_LINES + 1):
            text, amount = self.cleaned_data.get(f"text_{number}"), self.cleaned_data.get(f"amount_{number}")
            if text and amount is not None:
                kind = Charge.TEAM if charge == Charge.TEAM.value else Charge.ANNUAL
                yield Line(kind, text, amount, 1, amount)

    def asked_for(self) -> Asked:
        """The lines and their why. Raises ValidationError, saying what is missing, where the rates do not tell."""
        data = self.cleaned_data
        stint = _waiting(data["agency"]) if data["charge"] == Charge.JOINING.value else None
        if typed := list(self._typed()):
            return Asked(typed, [data["because"].strip()], stint)
        if data["charge"] == Charge.JOINING.value:
            if stint is None:
                raise ValidationError(
                    {"agency": f"{data['agency']} was not admitted, or paid its joining dues (Bylaws Art. III §2.c)."}
                )
            found = services.joining_dues_of(stint, data["issued_on"])
            owed, because, missing = found.value, found.because, found.missing
        else:
            owed, because, missing = _by_the_rates(data["agency"], data["charge"], data["team"], data["issued_on"])
        if owed is None:
            why = f"missing: {'; '.join(missing)}" if missing else "; ".join(fact.text for fact in because)
            raise ValidationError(f"The rates ask for nothing here: {why}. If the Board decided so, type the lines.")
        return Asked(owed.lines, [str(fact) for fact in because], stint)

    def effect(self) -> Effect:
        """What it asks for and why, once nothing stands in its way."""
        asked = self.asked_for()
        invoice: Invoice = self.rehearse()
        facts = [Fact(f"{line.text}: {money.shown(line.amount)}") for line in asked.lines]
        owes = money.total(row.balance for row in Invoice.objects.filter(agency=invoice.agency_id).open_on(EVER))
        happens = [
            f"{invoice.agency} is asked for {money.shown(invoice.total)}, due {in_words(invoice.due_on)}.",
            f"It then owes {money.shown(owes + invoice.total)} in all.",
        ]
        if asked.stint is not None:
            happens.append("When it is paid in full, the condition of the joining dues is met by itself.")
        why = Finding(invoice.total, (*facts, *as_facts(asked.because)))
        return Effect("What is asked for", why, invoice.issued_on, happens, value=money.shown(invoice.total))

    def act(self) -> Invoice:
        """Issue it."""
        data, asked = self.cleaned_data, self.asked_for()
        due_on = data["due_on"] or (data["issued_on"] if asked.stint is not None else None)
        return services.issue_invoice(
            agency=data["agency"], charge=data["charge"], lines=asked.lines, issued_on=data["issued_on"],
            due_on=due_on, team=data["team"], fund=data["fund"], participation=asked.stint, because=asked.because,
            note=data["note"],
        )  # fmt: skip

    def said(self, record: Invoice) -> str:
        """Its number, and what it asks for."""
        return f"{record.reference} asks {record.agency} for {money.shown(record.total)}."


def _waiting(agency: Agency) -> Participation | None:
    """The agency's latest stint whose joining dues are required and not paid; None where there is none."""
    waiting = agency.participations.filter(path=Path.NEW.value, dues_required=True, dues_paid_on__isnull=True)
    return waiting.order_by("-number").first()


def _by_the_rates(
    agency: Agency, charge: str, team: SpecializedTeam | None, on: date
) -> tuple[Owed | None, tuple[Fact, ...], tuple[str, ...]]:
    """What a run dated on the day would ask of the agency for this; None, with why or what is missing, for nothing."""
    year = FiscalYear.objects.of_day(on)
    annual = charge == Charge.ANNUAL.value
    wanted = (agency.pk, charge, team.pk if team else None)
    plans = [one for one in services.plan(year, on, annual=annual, teams=not annual) if one.agency == agency.pk]
    ours = next((one for one in plans if one.key == wanted), next((one for one in plans if one.team is None), None))
    if ours is None:
        where = f"has no place in {team}" if team else "takes no part"
        return None, (Fact(f"{agency} {where} on {in_words(on)}"),), ()
    return ours.decided.owed, ours.decided.because, ours.decided.missing


class VoidForm(TreasurersAct):
    """A wrong invoice made void; its number stays used."""

    slug = "void"
    label = "Void it"
    permission = "finance.add_invoice"
    intro = "An invoice is never edited. A wrong one is made void, with the reason; the right one is then issued anew."
    previews = True

    on = day("Void since")
    because = words("Why it is void", "Stays on record with it.")

    @classmethod
    def applies_to(cls, subject: Invoice) -> bool:
        """One that stands."""
        return subject.voided_on is None

    def effect(self) -> Effect:
        """What the agency owes without it."""
        agency = self.subject.agency
        before = _owes(agency)
        self.rehearse()
        after = before - services.open_on(self.subject)
        facts = (
            Fact(f"{agency} owes {money.shown(before)} today, this invoice included", citations=(DUES,)),
            Fact(f"without it, it owes {money.shown(after)}"),
        )
        happens = [f"{self.subject.reference} is void. Its number is not used again.", *self._follows()]
        return Effect(
            "What the agency owes then", Finding(after, facts), self.cleaned_data["on"], happens,
            value=money.shown(after),
        )  # fmt: skip

    def _follows(self) -> Iterator[str]:
        if self.subject.charge in (Charge.ANNUAL.value, Charge.TEAM.value):
            yield "A run, or a single invoice, can ask for the same anew: nobody is asked twice while one stands."

    def act(self) -> Invoice:
        """Make it void."""
        return services.void_invoice(
            invoice=self.subject, on=self.cleaned_data["on"], because=self.cleaned_data["because"]
        )

    def said(self, record: Invoice) -> str:
        """That it is void."""
        return f"{record.reference} is void."


def _owes(agency: Agency) -> Any:
    return money.total(row.balance for row in Invoice.objects.filter(agency=agency).open_on(EVER))
