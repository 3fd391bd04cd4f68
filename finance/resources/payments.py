"""Payments as a table: each new row is received through the same door as a check at the desk, all of them or none.

A payment on record is never changed by a table: a row that speaks of one is left as it was.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models.functions import Lower
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader

from finance import services
from finance.models import Allocation, Category, FiscalYear, Fund, Invoice, Payment
from finance.resources.parts import BooksResource, agency, dollars, invoices_of, reference_of, shown
from finance.rules.receivables import CUSTODY
from nipas_admin.shared import columns, money
from nipas_admin.shared.columns import DayWidget, TextWidget, YesNoWidget, key, text_of
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.resources import SHOWN

OLDEST = "oldest first"
HOW = (
    f"Write 2026-0014, or with amounts 2026-0014: 300.00; 2026-0015: 200.00, or “{OLDEST}”; blank leaves it as credit."
)
TOLD = 20
Told = tuple[str, str, Decimal]


@dataclass(frozen=True)
class Pays:
    """What a row says its money pays: these invoices, with amounts or without, or the oldest open ones first."""

    parts: tuple[tuple[Invoice, Decimal | None], ...] = ()
    oldest: bool = False

    def __str__(self) -> str:
        named = (f"{one.reference}: {amount:f}" if amount else one.reference for one, amount in self.parts)
        return OLDEST if self.oldest else columns.BETWEEN.join(named)


class PaysColumn(Field):
    """The column ``invoices``: what the money pays; out goes what stands applied."""

    def __init__(self) -> None:
        super().__init__("pays", "invoices", TextWidget())
        self.known: dict[tuple[int, int], Invoice] = {}

    def references(self, rows: list[dict[str, Any]]) -> Iterator[tuple[int, int]]:
        """Every year and number that the cells name."""
        for row in rows:
            for part in text_of(row.get(self.column_name)).split(";"):
                if found := reference_of(text_of(part.partition(":")[0])):
                    yield found

    def clean(self, row: dict[str, Any], **kwargs: Any) -> Pays:
        """What it pays. Raises ValueError in words."""
        text = text_of(row[self.column_name])
        if " ".join(text.casefold().split()) == OLDEST:
            return Pays(oldest=True)
        parts = [self._part(said) for part in text.split(";") if (said := text_of(part))]
        twice = [invoice for invoice, count in Counter(invoice for invoice, _amount in parts).items() if count > 1]
        if twice:
            raise ValueError(f"{twice[0].reference} stands there twice. Name each invoice once.")
        return Pays(tuple(parts))

    def _part(self, text: str) -> tuple[Invoice, Decimal | None]:
        name, colon, typed = text.partition(":")
        reference = reference_of(text_of(name))
        if reference is None:
            raise ValueError(f"“{text}” names no invoice. {HOW}")
        invoice = self.known.get(reference)
        if invoice is None:
            raise ValueError(
                f"The books have no invoice {text_of(name)} that you may use. Look in the list of invoices."
            )
        return invoice, money.read(typed) if colon else None

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        """Hold it until the payment is received."""
        instance.pays = self.clean(row)

    def export(self, instance: Any, **kwargs: Any) -> str:
        """As typed in this table, else as it stands applied: ``2026-0014: 500.00``."""
        if instance._state.adding:
            return str(getattr(instance, "pays", ""))
        standing = [row for row in instance.allocations.all() if row.undone_on is None]
        return columns.BETWEEN.join(f"{row.invoice.reference}: {row.amount:f}" for row in standing)


class PaymentLoader(BaseInstanceLoader):
    """Finds the payments on record that a table speaks of: by payer, number and amount; without a number by day too."""

    def __init__(self, resource: PaymentResource, dataset: tablib.Dataset) -> None:
        super().__init__(resource, dataset)
        self.stored: dict[Told, list[Payment]] = defaultdict(list)
        self.used: set[int] = set()
        told = [(row, resource.told_by(row)) for row in dataset.dict]
        numbers = {one[1] for _row, one in told if one and one[1]}
        days = {day for row, one in told if one and not one[1] and (day := resource.read("received_on", row))}
        rows = resource.get_queryset().annotate(lower_number=Lower("check_number")).order_by("confirmed", "pk")
        for payment in (
            *_found(rows, "lower_number", numbers),
            *_found(rows.filter(check_number=""), "received_on", days),
        ):
            self.stored[_told(payment.payer, payment.check_number, payment.amount)].append(payment)

    def get_instance(self, row: dict[str, Any]) -> models.Model | None:
        """The payment on record; None for one that is new.

        The same day, or, for a check that stands, any day: then it is said. A row that is ``confirmed`` to be another
        payment is only ever one that was confirmed on the same day.
        """
        told = self.resource.told_by(row)
        day, confirmed = (self.resource.read(name, row) for name in ("received_on", "confirmed"))
        if told is None or day is None:
            return None
        left = [payment for payment in self.stored[told] if payment.pk not in self.used]
        same_day = [one for one in left if one.received_on == day and (one.confirmed or not confirmed)]
        if not told[1] and (method := self.resource.read("method", row)):
            same_day = [one for one in same_day if one.method == method]
        standing = [one for one in left if one.reversed_on is None] if told[1] and not confirmed else []
        found = next(iter([*same_day, *standing]), None)
        if found is not None:
            self.used.add(found.pk)
        return found


def _found(rows: Any, field: str, values: set[Any]) -> Iterator[Payment]:
    ordered = sorted(values)
    for start in range(0, len(ordered), columns.AT_ONCE):
        yield from rows.filter(**{f"{field}__in": ordered[start : start + columns.AT_ONCE]})


def _told(payer: str, number: str, amount: Decimal) -> Told:
    return " ".join(payer.split()).lower(), number.lower(), amount


class PaymentResource(BooksResource):
    """Payments: by payer, check number and amount; without a number by the day and method too.

    ``today`` is set by the list: no money came in on a later day. None asks nothing.
    """

    today: date | None = None

    about = (
        "A row is money received: the day, payer or agency or both, method, check number, amount, and under invoices "
        f"what it pays. {HOW} Without amounts each invoice is paid in the order given; more than is open on the last "
        "is refused. A payment on record is never changed: a check of the same payer, number and amount is left out as "
        "already on record, unless “confirmed” says yes, that this is another one."
    )
    natural_keys = [("received_on", "payer", "amount"), ("received_on", "agency", "amount")]
    reference = shown("reference", "reference")
    agency = agency()
    agency_name = shown("agency__name", "agency_name")
    pays = PaysColumn()
    category = key("category", Category, "name")
    fund = key("fund", Fund, "name")
    confirmed = Field("confirmed", "confirmed", YesNoWidget())
    credit = dollars("credit", readonly=True)
    deposit = shown("deposit__reference", "deposit")
    deposited_on = Field("deposit__deposited_on", "deposited_on", DayWidget(), readonly=True)
    reversed_on = Field("reversed_on", "reversed_on", DayWidget(), readonly=True)
    reversal = shown("get_reversal_display", "reversed_as")
    reversal_reason = shown("reversal_reason", "reversed_because")
    received_by = shown("received_by", "recorded_by")
    following = ("deposit", "received_by")
    fetching = ("allocations__invoice__fiscal_year",)

    class Meta(BooksResource.Meta):
        model = Payment
        instance_loader_class = PaymentLoader
        fields = [
            "reference", "received_on", "payer", "agency", "agency_name", "method", "check_number", "amount", "pays",
            "category", "fund", "confirmed", "credit", "deposit", "deposited_on", "reversed_on", "reversal",
            "reversal_reason", "received_by", "note",
        ]  # fmt: skip
        export_order = fields
        import_order = fields

    # Telling rows

    def read(self, name: str, row: dict[str, Any]) -> Any:
        """The value of a cell; None where there is none that can be read."""
        field = self.fields[name]
        try:
            return field.clean(row) if field.column_name in row else None
        except ValueError:
            return None

    def told_by(self, row: dict[str, Any]) -> Told | None:
        """Payer, number and amount, by which a payment is told; None where they cannot be read."""
        amount = self.read("amount", row)
        payer = text_of(row.get("payer")) or getattr(self.read("agency", row), "name", "")
        return _told(payer, text_of(row.get("check_number")), amount) if amount is not None and payer else None

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        """Find at once every record that the table names."""
        super().before_import(dataset, **kwargs)
        self.waiting: list[tuple[int, dict[str, Any], services.Receipt]] = []
        self.first: dict[tuple[Any, ...], int] = {}
        self.on_record: list[int] = []
        column = self.fields["pays"]
        if column.column_name in dataset.headers:
            column.known = invoices_of(self.rows_of(Invoice), column.references(dataset.dict))

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        """Nothing is refused yet: whether a row repeats an earlier one depends on what is on record."""
        self.cells = []
        self.number = self.numbers[kwargs["row_number"] - 1]

    def import_instance(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        """Write the cells to the row in memory; one on record stays as it is, and is said to be there."""
        if not instance._state.adding:
            self._say_on_record(instance, row)
            return
        self._refuse_a_repeat(row)
        instance.pays = Pays()
        super().import_instance(instance, row, **kwargs)
        instance.confirmed = bool(instance.confirmed)
        instance.received_by = kwargs.get("user")

    def _say_on_record(self, payment: Payment, row: dict[str, Any]) -> None:
        self.on_record.append(self.number)
        if payment.received_on != self.read("received_on", row) and len(self.outcome.notes) < TOLD:
            self.outcome.notes.append(
                f"Row {self.number}: {payment} is already on record as {payment.reference} of "
                f"{in_words(payment.received_on)}, and is left out. If this is another, write yes under “confirmed”."
            )

    def _refuse_a_repeat(self, row: dict[str, Any]) -> None:
        told = self.told_by(row)
        if told is None:
            return
        by: tuple[Any, ...] = told if told[1] else (*told, self.read("received_on", row), self.read("method", row))
        first = self.first.setdefault(by, self.number)
        if first != self.number and not self.read("confirmed", row):
            what = "check number" if told[1] else "day, method"
            raise ValidationError(
                f"It repeats row {first}: the same payer, {what} and amount. Keep one of them, or write yes under "
                "“confirmed” if money came twice."
            )

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        """True for a payment on record."""
        return not instance._state.adding

    # Receiving

    def validate_instance(self, instance: Any, import_validation_errors: Any = None, **kwargs: Any) -> None:
        """What the cells must say; the rest is asked by the act that receives payments, for all rows together."""
        faults = dict(import_validation_errors or {}) or dict(self._faults(instance))
        if not faults:
            instance.clean_fields(exclude=["category", "fund"])
            self._check_scope(instance)
        if faults:
            raise ValidationError(faults)

    def _faults(self, instance: Any) -> Iterator[tuple[str, ValidationError]]:
        if instance.amount is None:
            yield "amount", ValidationError("Give what was received.")
        if instance.received_on is None:
            yield "received_on", ValidationError("Give the day on which it came in.")
        elif self.today is not None and instance.received_on > self.today:
            said = f"{in_words(instance.received_on)} has not come yet. Give the day on which it came in."
            yield "received_on", ValidationError(said)
        if not instance.payer and instance.agency_id is None:
            yield "payer", ValidationError("Say whose name is on the check, or give the agency that pays.")
        instance.payer = instance.payer or (instance.agency.name if instance.agency else "")
        if instance.received_by is None:
            yield (
                NON_FIELD_ERRORS,
                ValidationError(f"A payment is recorded by a person: sign in to import ({CUSTODY})."),
            )
        if instance.method == Payment.Method.CHECK and not instance.check_number:
            yield "check_number", ValidationError("A check has a number. Give it, or another method.")
        if instance.pays.oldest and instance.agency_id is None:
            yield "agency", ValidationError("Say whose oldest invoices it pays.")
        elif instance.agency_id is None and instance.category_id is None and (left := _left_over(instance)):
            said = f"{money.shown(left)} is left over: give the agency whose credit it is, or its category."
            yield "agency", ValidationError(said)
        if instance.fund_id and not instance.category_id:
            yield "category", ValidationError("A fund goes with what the money is for. Give that too.")

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        """Have it wait until every row was read."""
        receipt = services.Receipt(
            received_on=instance.received_on, amount=instance.amount, payer=instance.payer, agency=instance.agency,
            method=instance.method, check_number=instance.check_number, pays=dict(instance.pays.parts),
            oldest_of=(instance.agency,) if instance.pays.oldest else (), category=instance.category,
            fund=(instance.fund or services.general_fund()) if instance.category else None,
            confirmed=instance.confirmed, note=instance.note,
        )  # fmt: skip
        cells = {cell.column: cell.after for cell in self.cells}
        self.waiting.append((self.number, cells, receipt))

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Receive what waits, all of it or nothing; each refusal is a problem of its row and cell."""
        if count := len(self.on_record):
            rows = ", ".join(map(str, self.on_record[:TOLD])) + (" …" if count > TOLD else "")
            self.outcome.notes.append(
                f"1 payment is already on record and left as it was: row {rows}."
                if count == 1
                else f"{count:,} payments are already on record and left as they were: rows {rows}."
            )
        if not self.waiting:
            return
        receipts = [receipt for _number, _cells, receipt in self.waiting]
        try:
            received = services.receive_payments(receipts, by=kwargs.get("user"), reason=self.reason)
        except services.NotReceived as refused:
            for place, refusal in refused.refusals.items():
                number, cells, receipt = self.waiting[place]
                self.outcome.problems += self._problems(self._at_its_cell(refusal, receipt), cells, number)
            self.outcome.problems.sort(key=lambda problem: problem.row or 0)
            return
        self._describe(received)

    @staticmethod
    def _at_its_cell(refusal: ValidationError, receipt: services.Receipt) -> ValidationError:
        """The refusal under the column it is about."""
        if hasattr(refusal, "error_dict"):
            return refusal
        if isinstance(refusal, services.PossibleDuplicate):
            column = "check_number"
        else:
            column = "pays" if _takes_postings(receipt.received_on) else "received_on"
        named = [invoice.reference for invoice, amount in receipt.pays.items() if amount is None]
        hint = (
            [f"To leave a rest as credit write amounts, as in {named[-1]}: 300.00."]
            if column == "pays" and named
            else []
        )
        return ValidationError({column: [" ".join([*refusal.messages, *hint])]})

    def _describe(self, received: list[Payment]) -> None:
        """Say of the first payments what they pay, and what is left as credit."""
        told = {number: payment for (number, *_rest), payment in zip(self.waiting[:SHOWN], received, strict=False)}
        rows = Allocation.objects.filter(payment__in=list(told.values())).select_related("invoice__fiscal_year")
        parts: dict[int, list[Allocation]] = defaultdict(list)
        for row in rows:
            parts[row.payment_id].append(row)
        self.outcome.changes = [
            replace(change, note=_comes_of_it(payment, parts[payment.pk]))
            if (payment := told.get(change.row))
            else change
            for change in self.outcome.changes
        ]


def _comes_of_it(payment: Payment, parts: list[Allocation]) -> str:
    """``pays 2026-0001: $500.00; credit $20.00``."""
    paid = columns.BETWEEN.join(f"{part.invoice.reference}: {money.shown(part.amount)}" for part in parts)
    left = payment.amount - money.total(part.amount for part in parts)
    if payment.category_id is not None:
        return f"for {payment.category}"
    credit = f"credit {money.shown(left)}" if left else ""
    return columns.BETWEEN.join(said for said in (paid and f"pays {paid}", credit) if said)


def _left_over(payment: Any) -> Decimal:
    """What is left of a payment that names its parts with amounts; nothing where it leaves that open."""
    amounts = [amount for _invoice, amount in payment.pays.parts]
    if payment.amount is None or None in amounts:
        return money.ZERO
    left: Decimal = max(payment.amount - money.total(amounts), money.ZERO)
    return left


def _takes_postings(day: date) -> bool:
    return FiscalYear.objects.filter(starts_on__lte=day, ends_on__gt=day, closed_at__isnull=True).exists()
