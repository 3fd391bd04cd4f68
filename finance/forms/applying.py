"""What acts on payments share: the table of open invoices, and days in open years that have come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.forms.utils import ErrorDict

from finance import services
from finance.forms.acts import TreasurersAct
from finance.models import Invoice, Payment
from finance.rules.receivables import CUSTODY, oldest_first
from finance.services.payments import EVER
from membership.models import Agency
from nipas_admin.shared import money
from nipas_admin.shared.choosing import FindSeveral, SeveralRecords, is_key
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.fields import DollarsFormField

CHOOSE = {"invalid_choice": "Choose an agency of the register.", "invalid_pk_value": "Choose agencies of the register."}
MOST_AGENCIES = 60
MOST_NAMED = 4


def open_for_postings(form: forms.Form, field: str, what: str) -> None:
    """Put at the field of a day why the fiscal year of that day takes no posting, if it takes none."""
    on = form.cleaned_data.get(field)
    if on is None:
        return
    try:
        with transaction.atomic():
            services.posting_year(on, what)
    except ValidationError as refusal:
        form.add_error(field, refusal)


def not_ahead(form: forms.Form, field: str, today: date) -> None:
    """Refuse a day that has not come: what is in the books has happened."""
    on = form.cleaned_data.get(field)
    if on is not None and on > today:
        form.add_error(field, f"{in_words(on)} has not come yet. Give the day on which it happened.")


@dataclass(frozen=True)
class OpenInvoice:
    """A line of the table of open invoices: what is open, and the fields in which a part is chosen.

    ``later`` says in words why it cannot be paid on this day; empty where it can.
    """

    invoice: Any
    tick: str
    ticked: bool
    field: Any
    later: str = ""

    @property
    def balance(self) -> str:
        """What is open, as a field takes it."""
        return f"{self.invoice.balance:.2f}"

    @property
    def open(self) -> str:
        """What is open, as people write it."""
        return money.shown(self.invoice.balance)


def open_invoices_of(agencies: Iterable[int]) -> QuerySet[Any]:
    """What is open on these agencies' invoices as things stand, the one due first first. One query."""
    rows: QuerySet[Any] = Invoice.objects.filter(agency__in=list(agencies)).open_on(EVER)
    return rows.select_related("fiscal_year", "agency", "team")


class PaysInvoices(TreasurersAct):
    """An act that applies money to open invoices: of an agency, and of further ones that are added.

    Without script it comes back with the invoices of the agencies chosen: it is ``asking`` then, says so in ``asks``,
    and does nothing.
    """

    day_field = "on"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.unknown: dict[str, str] = {}
        self.initial["others"] = [key for key in self.asked.getlist("others") if is_key(key)]
        if self.is_bound:
            self.data = self._with_names()
        others: Any = self.fields["others"]
        others.queryset = Agency.objects.all()
        others.widget = FindSeveral(Payment._meta.get_field("agency"), admin.site)
        others.widget.choices = others.choices
        others.widget.is_required = True  # no button to clear all, which stands in a list and is no item of it
        self.invoices = list(open_invoices_of(self.chosen()))
        for invoice in self.invoices:
            label = f"Amount for {invoice.reference}"
            self.fields[f"pays_{invoice.pk}"] = DollarsFormField(label=label, required=False, help_text="")
        self.pays: dict[Any, Decimal] = {}
        self.asks = self._ask() if self.is_bound else ""

    # Coming back with the invoices

    def _ask(self) -> str:
        """What to say instead of doing it; empty where it is to be done."""
        if self.unknown:
            return ""
        if "oldest" in self.data:
            return self._oldest_first()
        if not self.invoices:
            return "None of these agencies has an open invoice." if "show" in self.data else ""
        if "show" in self.data or self.data.get("shown", "") != self.shown:
            return "Nothing has been recorded yet. Tick the invoices it pays, or leave them for later, and record it."
        return ""

    @property
    def asking(self) -> bool:
        """True when it comes back with the invoices, and nothing is done."""
        return bool(self.asks)

    @property
    def errors(self) -> ErrorDict:
        """What is wrong; nothing while it is asking."""
        return ErrorDict() if self.asking else super().errors

    def is_valid(self) -> bool:
        """False while it is asking, too."""
        return not self.asking and super().is_valid()

    # Which agencies, and which of their invoices

    def _with_names(self) -> Any:
        """What was sent, with the agencies that were typed by name where no script helps to choose them."""
        typed_in: Any = self.data
        sent = typed_in.copy()
        for field in ("agency", "others"):
            typed = " ".join(sent.get(f"{field}_named", "").split())
            if not typed or field not in self.fields:
                continue
            found = list(Agency.objects.filter(name__iexact=typed)) or list(
                Agency.objects.filter(name__icontains=typed).order_by("name")[: MOST_NAMED + 1]
            )
            if len(found) == 1:
                sent.setlist(field, [*(sent.getlist(field) if field == "others" else ()), str(found[0].pk)])
            elif found:
                names = ", ".join(one.name for one in found[:MOST_NAMED])
                self.unknown[field] = f"“{typed}” fits {names}: type more of the name."
            else:
                self.unknown[field] = f"No agency of the register is called “{typed}”."
        return sent

    def chosen(self) -> list[int]:
        """The keys of the agencies chosen so far."""
        if not self.is_bound:
            known = [self.initial.get("agency"), *self.initial["others"]]
            return [int(key) for key in known if key and is_key(key)]
        sent: Any = self.data
        typed = [sent.get("agency", ""), *sent.getlist("others")]
        return [int(key) for key in dict.fromkeys(typed) if key and is_key(key)][:MOST_AGENCIES]

    @property
    def by_name(self) -> list[tuple[str, str]]:
        """The fields in which an agency is typed by name where no script helps, each with its label."""
        said = {"agency": "Agency that pays, by name", "others": "Another agency whose invoices it pays, by name"}
        return [(f"{field}_named", label) for field, label in said.items() if field in self.fields]

    @property
    def shown(self) -> str:
        """The agencies whose invoices stand on the page."""
        return ",".join(map(str, sorted(self.chosen())))

    @property
    def rows(self) -> list[OpenInvoice]:
        """The table of open invoices."""
        ticked = self.ticked()
        on = self.day_asked()
        return [
            OpenInvoice(
                invoice, f"tick_{invoice.pk}", invoice.pk in ticked, self[f"pays_{invoice.pk}"], _later(invoice, on)
            )
            for invoice in self.invoices
        ]

    def day_asked(self) -> date | None:
        """The day on which it is applied, as far as it was typed; None for one that is none."""
        try:
            found: date | None = self.fields[self.day_field].clean(self[self.day_field].value())
        except ValidationError:
            return None
        return found

    def ticked(self) -> set[int]:
        """The invoices ticked, or given an amount."""
        return {
            invoice.pk
            for invoice in self.invoices
            if self.is_bound and (self.data.get(f"tick_{invoice.pk}") or self.data.get(f"pays_{invoice.pk}"))
        }

    @property
    def holder(self) -> str:
        """Whose credit is what is left over, in words."""
        return "the agency that pays"

    @property
    def there_is(self) -> Decimal | None:
        """What there is to apply, in US dollars; None while it is not known."""
        raise NotImplementedError

    # Amounts

    def clean(self) -> dict[str, Any]:
        """Fill the amount of what is only ticked; refuse more than is open, and more than there is."""
        cleaned = super().clean() or self.cleaned_data
        for field, said in self.unknown.items():
            self.add_error(field, said)
        left = self.there_is
        ticked = self.ticked()
        typed = money.total(cleaned.get(f"pays_{one.pk}") or money.ZERO for one in self.invoices)
        spare = None if left is None else left - typed
        self.pays = {}
        for invoice in self.invoices:
            name = f"pays_{invoice.pk}"
            if invoice.pk not in ticked or name in self.errors:
                continue
            amount = cleaned.get(name)
            if amount is None and spare is not None:
                amount = min(invoice.balance, max(spare, money.ZERO))
                spare -= amount
                if not amount:
                    self.add_error(name, f"Nothing is left for {invoice.reference}: take off its tick, or another's.")
                    continue
            if amount is None:
                continue
            if amount > invoice.balance:
                said = f"{money.shown(amount)} is more than the {money.shown(invoice.balance)} open on it."
                self.add_error(name, f"{said} What is over stays as credit ({CUSTODY}).")
            self.pays[invoice] = amount
        return cleaned

    def _oldest_first(self) -> str:
        """Fill the amounts from the invoice due first on, as far as the money goes. Returns what to say."""
        left, on = self.there_is, self.day_asked()
        if left is None:
            return "Give the amount first: it is then spread over the invoices that are due first."
        payable = [invoice for invoice in self.invoices if not _later(invoice, on)]
        parts = dict(oldest_first(left, [(one.pk, one.due_on, one.balance) for one in payable]))
        sent: Any = self.data
        typed = sent.copy()
        for invoice in self.invoices:
            part = parts.get(invoice.pk)
            typed[f"pays_{invoice.pk}"] = f"{part:.2f}" if part else ""
            typed[f"tick_{invoice.pk}"] = "1" if part else ""
        self.data = typed
        return "Nothing has been recorded yet. The invoices due first are filled in: look at them, and record it."

    def refuse(self, refusal: ValidationError) -> None:
        """What names the day of applying stands at the day that was typed."""
        if hasattr(refusal, "error_dict") and "on" in refusal.error_dict and self.day_field != "on":
            refusal = ValidationError({self.day_field: refusal.error_dict["on"]})
        super().refuse(refusal)


def _later(invoice: Invoice, on: date | None) -> str:
    """Why the invoice cannot be paid on the day, in words; empty where it can."""
    if on is None or invoice.issued_on <= on:
        return ""
    return f"Dated {in_words(invoice.issued_on)}: apply the credit to it from that day on."


def others(help_text: str) -> SeveralRecords:
    """Further agencies whose invoices it pays."""
    return SeveralRecords(
        queryset=Agency.objects.none(), required=False, label="Also pays invoices of", help_text=help_text,
        error_messages=CHOOSE,
    )  # fmt: skip
