"""Payments: received as they came, and applied to invoices. Nothing is ever edited or paid twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from documents.models import Paper
from finance.models import (
    Allocation,
    Category,
    DisbursementPayment,
    FiscalYear,
    Fund,
    Invoice,
    Payment,
)
from finance.querysets import sum_of
from finance.rules.dues import Charge
from finance.rules.receivables import Applied, Bill, balance_on, may_apply, oldest_first
from finance.services.years import posting_year
from membership.models import Agency, Participation
from membership.services import pay_joining_dues
from nipas_admin.shared import money
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.records import saved

# As things stand now, whatever day was entered.
EVER = date.max
AT_ONCE = 5_000


class PossibleDuplicate(ValidationError):
    """The same payer, number and amount are on record; ``payments`` are those found. Confirm it, or leave it."""

    def __init__(self, payments: Sequence[Payment]) -> None:
        self.payments = payments
        known = "; ".join(f"{one.reference} of {in_words(one.received_on)}" for one in payments)
        super().__init__(
            f"A payment of this payer with this number and amount is on record already ({known}). If this is another "
            "one, confirm it; if it is the same, there is nothing to do.",
            code="duplicate",
        )


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Money received, as it is to be recorded: ``receive_payment`` says what each part is.

    In ``pays``, None stands for what is open on that invoice, and on the last for all that is left of the payment.
    """

    received_on: date
    amount: Decimal
    payer: str = ""
    agency: Agency | None = None
    method: str = "check"
    check_number: str = ""
    pays: Mapping[Invoice, Decimal | None] = field(default_factory=dict)
    oldest_of: Sequence[Agency] = ()
    category: Category | None = None
    fund: Fund | None = None
    scan: Paper | None = None
    confirmed: bool = False
    note: str = ""

    @property
    def who(self) -> str:
        """Whose name is on it, with single spaces; the agency's where none is given."""
        return " ".join(self.payer.split()) or (self.agency.name if self.agency else "")


class NotReceived(ValidationError):
    """Some of several payments were refused, so none was recorded; ``refusals`` gives each by its place in the list."""

    def __init__(self, refusals: Mapping[int, ValidationError]) -> None:
        self.refusals = refusals
        super().__init__([message for refusal in refusals.values() for message in refusal.messages])


def receive_payment(
    *,
    received_on: date,
    amount: Decimal,
    payer: str = "",
    agency: Agency | None = None,
    method: str = "check",
    check_number: str = "",
    pays: Mapping[Invoice, Decimal] | None = None,
    oldest_of: Iterable[Agency] = (),
    category: Category | None = None,
    fund: Fund | None = None,
    scan: Paper | None = None,
    confirmed: bool = False,
    note: str = "",
    by: Any,
) -> Payment:
    """Record money received, and apply it: to the invoices of ``pays``, or to the oldest open ones of these agencies.

    What is left over is credit of ``agency``. Raises PossibleDuplicate unless ``confirmed``, ValidationError otherwise.
    """
    receipt = Receipt(
        received_on=received_on, amount=amount, payer=payer, agency=agency, method=method, check_number=check_number,
        pays=dict(pays or {}), oldest_of=tuple(oldest_of), category=category, fund=fund, scan=scan,
        confirmed=confirmed, note=note,
    )  # fmt: skip
    try:
        return receive_payments([receipt], by=by)[0]
    except NotReceived as refused:
        raise refused.refusals[0] from None


@transaction.atomic
def receive_payments(receipts: Sequence[Receipt], *, by: Any, reason: str = "") -> list[Payment]:
    """Record several payments in their order, each as ``receive_payment`` does: all of them, or none.

    What they ask of the books is looked up together. ``reason`` is kept in the history of each. Raises NotReceived.
    """
    till = _Till(receipts, by, reason)
    received, refusals = [], {}
    for place, receipt in enumerate(receipts):
        try:
            received.append(till.receive(receipt))
        except ValidationError as refusal:
            refusals[place] = refusal
    if refusals:
        raise NotReceived(refusals)
    return received


class _Till:
    """What is known of the books while payments are received: locked, looked up once, and kept up with each."""

    def __init__(self, receipts: Sequence[Receipt], by: Any, reason: str) -> None:
        self.by, self.reason = by, reason
        self.years: list[FiscalYear] = []
        self.refused: dict[date, ValidationError] = {}
        for day in sorted({receipt.received_on for receipt in receipts}):
            if not any(day in year.year for year in self.years):
                try:
                    self.years.append(posting_year(day, "a payment"))
                except ValidationError as refusal:
                    self.refused[day] = refusal
        numbers = {receipt.check_number.lower() for receipt in receipts if receipt.check_number}
        self.known: dict[tuple[str, str, Decimal], list[Payment]] = defaultdict(list)
        for payment in _each(Payment.objects.numbered, numbers):
            self.known[_told_by(payment)].append(payment)
        self.invoices: dict[int, Invoice] = {}
        self.of: dict[int, list[int]] = defaultdict(list)
        for invoice in _each(_locked, self._wanted_by(receipts)):
            self.invoices[invoice.pk] = invoice
            self.of[invoice.agency_id].append(invoice.pk)
        self.bills = {pk: invoice.bill for pk, invoice in self.invoices.items()}

    @staticmethod
    def _wanted_by(receipts: Sequence[Receipt]) -> set[int]:
        wanted = {invoice.pk for receipt in receipts for invoice in receipt.pays}
        agencies = {agency.pk for receipt in receipts for agency in receipt.oldest_of}
        for pk in _each(lambda some: Invoice.objects.filter(agency__in=some).open_on(EVER).values("pk"), agencies):
            wanted.add(pk["pk"])
        return wanted

    def receive(self, receipt: Receipt) -> Payment:
        """Record one, and apply it. Raises PossibleDuplicate, ValidationError."""
        on = receipt.received_on
        if on in self.refused:
            raise self.refused[on]
        payment = Payment(
            received_on=on, amount=_dollars(receipt.amount), payer=receipt.who, agency=receipt.agency,
            method=receipt.method, check_number=receipt.check_number, category=receipt.category, fund=receipt.fund,
            scan=receipt.scan, confirmed=receipt.confirmed, note=receipt.note, received_by=self.by,
        )  # fmt: skip
        like = self.known[_told_by(payment)]
        if like and receipt.check_number and not receipt.confirmed:
            raise PossibleDuplicate(like)
        saved(payment, reason=self.reason, by=self.by)
        like.append(payment)
        if receipt.category is not None and (receipt.pays or receipt.oldest_of):
            raise ValidationError("A receipt with a category of its own pays no invoice: leave the category blank.")
        wanted = self._oldest_first(receipt, payment.amount) if receipt.oldest_of else self._named(receipt, payment)
        paid = [self.invoices[pk] for pk in sorted(wanted)]
        for row in _parts(payment, wanted, paid, self.bills, (), on):
            saved(row, reason=self.reason, by=self.by)
            bill = self.bills[row.invoice_id]
            self.bills[row.invoice_id] = replace(bill, applied=(*bill.applied, Applied(row.amount, on)))
        for invoice in paid:
            _joining_dues_paid(invoice)
        return payment

    def _oldest_first(self, receipt: Receipt, amount: Decimal) -> dict[int, Decimal]:
        keys = [key for agency in receipt.oldest_of for key in self.of[agency.pk]]
        bills = {key: self.bills[key] for key in keys if self.bills[key].issued_on <= receipt.received_on}
        return dict(oldest_first(amount, [(key, bill.due_on, balance_on(bill, EVER)) for key, bill in bills.items()]))

    def _named(self, receipt: Receipt, payment: Payment) -> dict[int, Decimal]:
        wanted: dict[int, Decimal] = {}
        left = payment.amount
        for place, (invoice, amount) in enumerate(receipt.pays.items(), 1):
            if amount is None:
                bill = self.bills[invoice.pk]
                amount = left if place == len(receipt.pays) else min(left, balance_on(bill, EVER))
                if amount <= 0:
                    open_ = money.shown(balance_on(bill, EVER))
                    raise ValidationError(
                        f"Nothing can go to {bill.reference}: {open_} is open on it, and {money.shown(left)} is left "
                        "of the payment. Leave it out."
                    )
            wanted[invoice.pk] = _dollars(amount)
            left -= wanted[invoice.pk]
        return wanted


def _told_by(payment: Payment) -> tuple[str, str, Decimal]:
    """What tells a check: whose, which number, how much."""
    return payment.payer.strip().lower(), payment.check_number.lower(), payment.amount


def _each(find: Callable[[list[Any]], Iterable[Any]], keys: set[Any]) -> Iterator[Any]:
    """What is found for the keys, in their order, a few thousand at a time."""
    ordered = sorted(keys)
    for start in range(0, len(ordered), AT_ONCE):
        yield from find(ordered[start : start + AT_ONCE])


def _locked(keys: Sequence[int]) -> Iterable[Invoice]:
    """These invoices, locked, with what was applied to them."""
    rows = Invoice.objects.select_for_update(of=("self",)).filter(pk__in=keys).select_related("fiscal_year", "agency")
    return rows.prefetch_related("allocations").order_by("pk")


@transaction.atomic
def apply_payment(*, payment: Payment, pays: Mapping[Invoice, Decimal], on: date) -> list[Allocation]:
    """Apply parts of a payment to invoices on a day. Two people at once: one is done, the other is told what is left.

    Raises ValidationError, naming the invoice, for more than is open on it or left of the payment.
    """
    posting_year(on, "applying a payment")
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    _must_stand(payment, on)
    wanted = {invoice.pk: _dollars(amount) for invoice, amount in pays.items()}
    invoices = list(_locked(sorted(wanted)))
    bills = {invoice.pk: invoice.bill for invoice in invoices}
    rows = _parts(payment, wanted, invoices, bills, parts_of(payment), on)
    for row in rows:
        saved(row)
    for invoice in invoices:
        _joining_dues_paid(invoice)
    return rows


def _parts(
    payment: Payment, wanted: Mapping[int, Decimal], invoices: Sequence[Invoice], bills: Mapping[int, Bill],
    parts: Sequence[Applied], on: date,
) -> list[Allocation]:  # fmt: skip
    """The allocations to make of a payment, of which these parts are gone. Raises ValidationError, naming invoices."""
    refusals, rows = [], []
    left, free = payment.amount - standing(parts), payment.amount - most_since(parts, on)
    for invoice in invoices:
        amount, bill = wanted[invoice.pk], bills[invoice.pk]
        if invoice.issued_on > on:
            refusals.append(f"{bill.reference} is dated {in_words(invoice.issued_on)}: apply it from that day on.")
            continue
        found = may_apply(amount, balance_on(bill, EVER), left, bill.reference)
        if not found.value:
            *reasons, _arithmetic = found.because
            refusals += [f"{fact.text}." for fact in reasons]
            continue
        if amount > min(free, bill.total - most_since(bill.applied, on)):  # it fits today, and did not on the day
            refusals.append(f"{bill.reference}: {_from_when_it_fits([*parts, *bill.applied])}")
            continue
        left, free = left - amount, free - amount
        rows.append(Allocation(payment=payment, invoice=invoice, amount=amount, on=on))
    if refusals:
        raise ValidationError([f"Nothing was applied. {refusals[0]}", *refusals[1:]])
    return rows


def _dollars(amount: Decimal) -> Decimal:
    """The amount, once it surely is whole cents. Raises ValidationError, in words, where it is not."""
    whole: Decimal = Payment._meta.get_field("amount").to_python(amount)
    return whole


def standing(parts: Iterable[Applied]) -> Decimal:
    """What stands applied now, in US dollars."""
    return money.total(part.amount for part in parts if part.undone_on is None)


def most_since(parts: Iterable[Applied], on: date) -> Decimal:
    """The most that stood applied at the end of any day from this one on, in US dollars.

    What was undone later still took its place until then: another part dated before that day would stand beside it.
    """
    known = list(parts)
    days = {on, *(part.on for part in known if part.on > on)}
    return max(money.total(part.amount for part in known if part.counts_on(day)) for day in days)


def free_on(payment: Payment, on: date) -> Decimal:
    """What could still be taken out of a payment at the end of that day and of every later one, in US dollars."""
    free: Decimal = payment.amount - most_since(parts_of(payment), on)
    return free


def parts_of(payment: Payment) -> list[Applied]:
    """What a payment went into, allocations and refunds alike."""
    return [
        *(Applied(row.amount, row.on, row.undone_on) for row in payment.allocations.all()),
        *(Applied(row.amount, row.paid_on, row.voided_on) for row in refunds_of(payment)),
    ]


def _from_when_it_fits(parts: Iterable[Applied]) -> str:
    last = max(part.undone_on for part in parts if part.undone_on)
    return f"another part stood in its place until {in_words(last)}. Apply it on that day or later."


def apply_oldest_first(*, payment: Payment, agencies: Sequence[Agency], on: date) -> list[Allocation]:
    """Apply what is left of a payment to the open invoices of these agencies, the one due first first."""
    with transaction.atomic():
        posting_year(on, "applying a payment")
        payment = Payment.objects.select_for_update().get(pk=payment.pk)
        rows = Invoice.objects.filter(agency__in=agencies, issued_on__lte=on).select_for_update(of=("self",))
        list(rows.order_by("pk"))
        owed = {row.pk: row for row in Invoice.objects.filter(agency__in=agencies, issued_on__lte=on).open_on(EVER)}
        parts = oldest_first(left_of(payment), [(pk, row.due_on, row.balance) for pk, row in owed.items()])
        return apply_payment(payment=payment, pays={owed[pk]: amount for pk, amount in parts}, on=on) if parts else []


def left_of(payment: Payment) -> Decimal:
    """What is left of a payment as things stand now, in US dollars: its credit."""
    if payment.reversed_on is not None or payment.category_id is not None:
        return money.ZERO
    left: Decimal = payment.amount - standing(parts_of(payment))
    return left


def refunds_of(payment: Payment) -> Any:
    """The checks that refunded what was left of it, void ones included."""
    return DisbursementPayment.objects.filter(approval__review__disbursement__refunds=payment)


def open_on(invoice: Invoice) -> Decimal:
    """What is open on an invoice as things stand now, in US dollars."""
    if invoice.voided_on is not None:
        return money.ZERO
    return invoice.total - sum_of(invoice.allocations.standing())  # type: ignore[no-any-return]


def _must_stand(payment: Payment, on: date) -> None:
    if payment.reversed_on is not None:
        raise ValidationError(f"{payment.reference} was reversed on {in_words(payment.reversed_on)}: nothing is left.")
    if payment.category_id is not None:
        raise ValidationError(f"{payment.reference} is a receipt for {payment.category}, not a payment of invoices.")
    if on < payment.received_on:
        raise ValidationError(
            {"on": f"{payment.reference} came in on {in_words(payment.received_on)}: apply it on that day or later."}
        )


def stint_of(invoice: Invoice) -> Participation | None:
    """The stint that waits for these joining dues; None for any other invoice."""
    return invoice.participation if invoice.charge == Charge.JOINING.value else None


def _joining_dues_paid(invoice: Invoice) -> None:
    """When joining dues are paid in full, participation may begin; a day that is on record already stays."""
    stint = stint_of(invoice)
    if stint is not None and stint.dues_paid_on is None and open_on(invoice) <= 0:
        pay_joining_dues(participation=stint, paid_on=invoice.allocations.standing().latest("on").on)


@transaction.atomic
def attach_scan(*, payment: Payment, scan: Paper) -> Payment:
    """The scan of a check that came without one; the one it has stays."""
    row: Payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if row.scan_id is not None:
        raise ValidationError({"scan": f"{row.reference} has its scan on file, which stays."})
    row.scan = scan
    return saved(row)
