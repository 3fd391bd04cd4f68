"""The invoice run: what is asked before its preview, the confirmation of what was seen, and taking it up again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from documents.letters import kind_of
from documents.mailing import start_mailing
from documents.printing import AS_ZIP, BOUND, print_many
from finance import services
from finance.forms.acts import TreasurersAct
from finance.models import FiscalYear, InvoiceRun
from finance.running import start_run, work_on
from nipas_admin.jobs.models import Job
from nipas_admin.shared.acts import day
from nipas_admin.shared.dated import in_words

INVOICE = "finance.invoice"


class PrepareRunForm(TreasurersAct):
    """The preview of a run: nothing is issued by it."""

    slug = "prepare"
    label = "Preview the invoices"
    permission = "finance.add_invoicerun"
    intro = (
        "First you see which agencies are invoiced what and why, and which are not. Nothing is issued before you "
        "confirm it, and nothing is ever asked twice (Bylaws Art. III §7, Agreement §3.J–K)."
    )

    year = forms.ChoiceField(label="Fiscal year")
    as_on = day("Dated", "Blank: the first day of the year. Who takes part on this day is invoiced.")
    due_on = day("Due", "Blank: after the Board's days from their date.", required=False)
    annual = forms.BooleanField(label="Annual dues", required=False, initial=True)
    teams = forms.BooleanField(label="Team fees", required=False, initial=True)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        years = list(_years(self.now.date()))
        year: Any = self.fields["year"]
        year.choices = years or [("", "No open year")]
        self.fields["as_on"].required = False
        if proposed := self._proposed([value for value, _label in years]):
            self.initial.setdefault("year", proposed)

    def _proposed(self, years: list[str]) -> str:
        """The year that has begun last; the next one from a month before it begins."""
        today = self.now.date().isoformat()
        return next((value for value in years if value <= today), years[-1] if years else "")

    def clean(self) -> dict[str, Any]:
        """Annual dues, team fees, or both."""
        data = super().clean() or self.cleaned_data
        if not data.get("annual") and not data.get("teams"):
            self.add_error("annual", "Choose annual dues, team fees, or both.")
        return data

    def act(self) -> InvoiceRun:
        """Prepare it; a year that is not in the books yet is opened."""
        data = self.cleaned_data
        first = date.fromisoformat(data["year"])
        year = services.open_year(day=first)
        return services.prepare_run(
            year=year, as_on=data["as_on"] or first, due_on=data["due_on"], annual=data["annual"],
            teams=data["teams"], at=self.now, by=self.user,
        )  # fmt: skip

    def said(self, record: InvoiceRun) -> str:
        """What to do with it."""
        return "This is the preview. Nothing is issued yet: look through it, then confirm."


def _years(today: date) -> list[tuple[str, str]]:
    """The open years, and those of today and thereafter that the bylaws tell, the latest first."""
    found = {
        year.starts_on: f"{year}, from {in_words(year.starts_on)}"
        for year in FiscalYear.objects.filter(closed_at__isnull=True)
    }
    try:
        now = services.year_of(today)
        for year in (now, services.year_of(now.ends_on)):
            if not FiscalYear.objects.filter(starts_on=year.starts_on).exists():
                found[year.starts_on] = f"{year}, from {in_words(year.starts_on)}: opened by this"
    except ValidationError:
        pass  # the bylaws of the time are not on file: such a year is opened by hand
    return [(on.isoformat(), found[on]) for on in sorted(found, reverse=True)]


class ConfirmRunForm(TreasurersAct):
    """The invoices of the preview are issued, exactly as it shows them."""

    slug = "confirm"
    label = "Confirm and issue"
    permission = "finance.add_invoicerun"
    intro = "The invoices are issued exactly as the preview shows them; if the register has changed, nothing is."

    @classmethod
    def applies_to(cls, subject: InvoiceRun) -> bool:
        """A preview with something to issue."""
        return subject.confirmed_at is None and subject.items.to_make().exists()

    def act(self) -> InvoiceRun:
        """Confirm it and have it carried out."""
        run = services.confirm_run(run=self.subject, at=self.now, by=self.user)
        start_run(run, self.user)
        return run

    def said(self, record: InvoiceRun) -> str:
        """That it is under way."""
        return "Confirmed. The invoices are being issued; you may leave this page."


class TakeUpForm(TreasurersAct):
    """What a crash left of a run is made; what is made already is passed over."""

    slug = "take-up"
    label = "Take up again"
    permission = "finance.add_invoicerun"
    intro = "Makes the invoices of this run that are not made yet. Those that are there stay as they are."

    @classmethod
    def applies_to(cls, subject: InvoiceRun) -> bool:
        """One that was confirmed, did not finish, and on which nobody works."""
        if subject.confirmed_at is None or subject.finished_at is not None:
            return False
        job = work_on(subject)
        return job is None or job.is_finished

    def act(self) -> InvoiceRun:
        """Have the rest carried out."""
        start_run(self.subject, self.user)
        return self.subject  # type: ignore[no-any-return]

    def said(self, record: InvoiceRun) -> str:
        """That it goes on."""
        return "The run goes on where it stopped."


class PapersOfRun(TreasurersAct):
    """What is done with the papers of a run that issued its invoices."""

    @classmethod
    def applies_to(cls, subject: InvoiceRun) -> bool:
        """One that issued something."""
        return subject.finished_at is not None and subject.invoices.exists()

    @property
    def _day(self) -> date:
        """Today; the day of the invoices where that is still ahead."""
        day: date = max(self.now.date(), self.subject.as_on)
        return day

    @property
    def _keys(self) -> list[int]:
        """Its invoices that stand, in the order of their numbers."""
        rows = self.subject.invoices.filter(voided_on__isnull=True).order_by("number")
        return list(rows.values_list("pk", flat=True))


class PrintRunForm(PapersOfRun):
    """All invoices of a run as papers."""

    slug = "print"
    label = "Print all"
    permission = "finance.view_invoice"
    intro = "In the order of their numbers. Void ones are left out."

    output = forms.ChoiceField(
        label="As", choices=[(BOUND, "One PDF, to print"), (AS_ZIP, "A ZIP file with one PDF each")], initial=BOUND
    )
    file_them = forms.BooleanField(
        label="Issue and file each under a register reference", required=False,
        help_text="Keeps each for good, exactly as it was sent.",
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.user.has_perm("documents.add_paper"):
            del self.fields["file_them"]

    def act(self) -> Job:
        """Start the run of the press."""
        return print_many(
            kind_of(INVOICE), self._keys, self._day, self.user, output=self.cleaned_data["output"],
            file_them=self.cleaned_data.get("file_them", False),
        )  # fmt: skip

    def said(self, record: Job) -> str:
        """Where it will be."""
        return f"Being printed as of {in_words(self._day)}: the file is here when it is done."


class MailRunForm(PapersOfRun):
    """All invoices of a run by e-mail."""

    slug = "mail"
    label = "E-mail all"
    permission = "documents.add_outgoingmail"
    intro = (
        "Each is issued and filed, and goes to its agency's address; those of one agency travel in one mail. Who was "
        "sent these already is passed over, and agencies without an address are named: print theirs."
    )

    def act(self) -> Job:
        """Start the run that puts the mails into the outbox."""
        return start_mailing(kind_of(INVOICE), self._keys, self._day, self.user)

    def said(self, record: Job) -> str:
        """Where to look."""
        return "The mails are being made ready: this page says how far it is, the outbox what became of each."
