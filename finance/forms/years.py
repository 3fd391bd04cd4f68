"""Opening and closing fiscal years, and the forms of what the Board set: rates and the disbursement policy."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from documents.forms import AttachesScans, ScanField
from finance import services
from finance.forms.acts import TreasurersAct, words
from finance.models import DisbursementPolicy, FiscalYear, Rate
from finance.rules.years import FISCAL_YEAR, Year
from finance.services.books import checks_of
from nipas_admin.shared.acts import Effect, Fieldset, day
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.forms import RecordForm


class OpenYearForm(TreasurersAct):
    """The record of a fiscal year, from which on it takes postings."""

    slug = "open"
    label = "Open a fiscal year"
    permission = "finance.add_fiscalyear"
    intro = "From then on it takes invoices, payments and disbursements, until it is closed (Bylaws Art. XIV)."
    previews = True

    on = day("Any day of the year", "The bylaws that govern on this day say when the year begins.")
    starts_on = day("First day", "For example 5/1/1994.", required=False)
    ends_on = day("First day of the next year", "For example 5/1/1995.", required=False)
    source = words("What shows it", "The bylaws of the time, a report, minutes.", required=False)

    @property
    def fieldsets(self) -> list[Fieldset]:
        """The day; and what to type where the register cannot know."""
        by_hand = {
            "fields": ["starts_on", "ends_on", "source"],
            "description": "Only for a year whose bylaws are not on file, or whose figures are not known.",
        }
        return [(None, {"fields": ["on"]}), ("By hand", by_hand)]

    def clean(self) -> dict[str, Any]:
        """Both days by hand or neither, in their order and around the day."""
        data = super().clean() or self.cleaned_data
        starts_on, ends_on, on = data.get("starts_on"), data.get("ends_on"), data.get("on")
        if self.errors:
            return data
        if bool(starts_on) != bool(ends_on):
            self.add_error("ends_on" if starts_on else "starts_on", "By hand, give both days of the year.")
        elif starts_on and ends_on and on and not starts_on <= on < ends_on:
            self.add_error("on", f"{in_words(on)} does not lie in a year from {in_words(starts_on)}.")
        return data

    def _year(self) -> tuple[Year, bool]:
        data = self.cleaned_data
        by_hand = bool(data["starts_on"])
        year = Year(data["starts_on"], data["ends_on"]) if by_hand else services.year_of(data["on"])
        known = FiscalYear.objects.filter(starts_on__lte=data["on"], ends_on__gt=data["on"]).first()
        if known is not None:
            raise ValidationError({"on": f"{known} holds this day and is in the books already."})
        return year, by_hand

    def effect(self) -> Effect:
        """The year, with its days."""
        year, by_hand = self._year()
        said = "as typed by hand" if by_hand else "by the bylaws that govern on the day"
        why = Fact(f"{in_words(year.starts_on)} through {in_words(year.last_day)}, {said}", citations=(FISCAL_YEAR,))
        return Effect("Which year is opened", Finding(str(year), (why,)), value=str(year))

    def act(self) -> FiscalYear:
        """Open it."""
        year, by_hand = self._year()
        source = self.cleaned_data["source"]
        return services.open_year(day=self.cleaned_data["on"], by_hand=year if by_hand else None, source=source)

    def said(self, record: FiscalYear) -> str:
        """That it is open."""
        return f"{record} is open: it takes invoices, payments and disbursements."


class CloseYearForm(TreasurersAct):
    """The end of postings in a year."""

    slug = "close"
    label = "Close the year"
    permission = "finance.add_fiscalyear"
    intro = (
        "A closed year takes nothing more, for good: what turns out wrong later is reversed in an open year, so that "
        "what was reported to the agencies stays as it was (Bylaws Art. VI §4)."
    )

    @classmethod
    def applies_to(cls, subject: FiscalYear) -> bool:
        """An open year."""
        return not subject.is_closed

    def act(self) -> FiscalYear:
        """Close it."""
        if self.now.date() < self.subject.ends_on:
            raise ValidationError(
                f"{self.subject} runs through {in_words(self.subject.year.last_day)}: close it when it is over."
            )
        return services.close_year(year=self.subject, at=self.now, by=self.user)

    def said(self, record: FiscalYear) -> str:
        """That it is closed."""
        return f"{record} is closed. It takes no more postings."


def figures_agree(year: FiscalYear) -> Finding[bool]:
    """Whether every check of the year's figures holds, each with its arithmetic."""
    checks = checks_of(year.starts_on, year.ends_on)
    missing = tuple(text for check in checks for text in check.missing)
    facts = tuple(fact for check in checks for fact in check.because)
    if missing:
        return Finding(None, facts, missing)
    return Finding(all(check.value for check in checks), facts)


class RateForm(RecordForm):
    """A rate, with what shows it."""

    class Meta:
        model = Rate
        fields = "__all__"

    def clean(self) -> dict[str, Any]:
        """The motion that set it, or what else shows it."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("motion") and not data.get("source", "").strip():
            self.add_error("motion", "Name the Board's motion, or say in the source what shows this rate (§3.J).")
        return data


class PolicyForm(AttachesScans):
    """A disbursement policy with its paper."""

    policy_upload = ScanField(label="Scan or PDF of the policy", required=False)
    uploads = {"policy_upload": "policy_paper"}

    class Meta:
        model = DisbursementPolicy
        exclude = ["policy_paper"]

    def dated_on(self, upload: str) -> Any:
        """The day from which it governs."""
        return self.instance.from_on
