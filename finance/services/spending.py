"""Disbursements step by step: asked for, reviewed, approved, paid, reported; each by another door (Bylaws Art. X)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from board.models import Meeting, Motion
from board.rules.motions import Gathering, Kind
from board.services import board_on
from documents.models import Paper
from finance.models import (
    Category,
    Disbursement,
    DisbursementApproval,
    DisbursementPayment,
    DisbursementReport,
    DisbursementReview,
    FiscalYear,
    Fund,
    Institution,
    Payment,
)
from finance.rules.spending import Nature, Step, may_approve, may_compensate, may_review, step_of
from finance.services.payments import free_on, left_of
from finance.services.years import disbursement_policy_on, general_fund, posting_year
from membership.models import Official
from nipas_admin.accounts.roles import SYSTEM_MANAGER, TEAM_COORDINATOR, TREASURER
from nipas_admin.shared import money
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Finding
from nipas_admin.shared.records import saved

REVIEWERS = (SYSTEM_MANAGER, TEAM_COORDINATOR)
UNTIL_REVIEWED = (
    "nature", "payee", "payee_official", "payee_user", "purpose", "amount", "fund", "category", "refunds", "motion",
    "voucher", "note",
)  # fmt: skip


def capacity_of(person: Any) -> str:
    """As what this person reviews: System Manager or Team Coordinator; empty for neither (Bylaws Art. X)."""
    return next((role for role in REVIEWERS if role in person.roles), "")


def is_treasurer(person: Any) -> bool:
    """Does this person approve and sign (Bylaws Art. VI §4, X)?"""
    return TREASURER in person.roles


def may_decline(disbursement: Disbursement, person: Any) -> bool:
    """May this person decline it as it stands: a reviewer before the review, the Treasurer until it is paid,
    whoever asked for it until the review?
    """
    step = step_of(disbursement.course)
    if step is Step.REQUESTED and (capacity_of(person) or disbursement.requested_by_id == person.pk):
        return True
    return step in (Step.REQUESTED, Step.REVIEWED, Step.APPROVED) and is_treasurer(person)


def may_correct(disbursement: Disbursement, person: Any) -> bool:
    """May this person correct what was asked for: whoever asked, or the Treasurer? Whoever reviews it does not."""
    return disbursement.requested_by_id == person.pk or is_treasurer(person)


def compensation_of(disbursement: Disbursement, day: date) -> Finding[bool]:
    """May this person be paid for this on the day (Bylaws Art. IX)? Raises ValidationError where no bylaws cover it."""
    motion = disbursement.motion
    approved = motion.effective and motion.what is Kind.COMPENSATION if motion else None
    return may_compensate(Nature(disbursement.nature), _seat_of(disbursement, day), day, approved)


def _seat_of(disbursement: Disbursement, day: date) -> str:
    """The seat on the Board that the payee holds on the day, by record or by name; empty for none."""
    named = {disbursement.payee.strip().casefold()}
    if disbursement.payee_user is not None:
        named.add(disbursement.payee_user.get_full_name().strip().casefold())
    for seat in board_on(day).in_office:
        if seat.holder is None:
            continue
        if seat.holder.pk == disbursement.payee_official_id or seat.holder.name.strip().casefold() in named:
            return str(seat.seat)
    return ""


def _must_be_payable(disbursement: Disbursement, day: date) -> None:
    """Compensation only as Bylaws Art. IX has it; goods and expenses without asking who sits."""
    if disbursement.nature != Nature.COMPENSATION.value:
        return
    found = compensation_of(disbursement, day)
    if found.missing:
        raise ValidationError(
            {"motion": "Name the motion by which the Board approved this compensation (Bylaws Art. IX §2)."}
        )
    motion = disbursement.motion
    if found.value is False:
        names = "payee" if _seat_of(disbursement, day) else "motion"
        refused = " ".join(_sentence(fact) for fact in found.because)
        if names == "motion" and motion is not None and motion.what is not Kind.COMPENSATION:
            refused = f"{motion} approves no compensation: name the motion that does (Bylaws Art. IX §2)."
        raise ValidationError({names: refused})
    if motion is None:
        return
    if motion.meeting.on > day:
        raise ValidationError(
            {"motion": f"The Board approved it only on {in_words(motion.meeting.on)} (Bylaws Art. IX §2)."}
        )
    if motion.payee and motion.payee.strip().casefold() != disbursement.payee.strip().casefold():
        raise ValidationError({"payee": f"The Board approved to pay “{motion.payee}”, and nobody else, by {motion}."})


def _sentence(fact: Any) -> str:
    text = f"{fact.text} ({'; '.join(map(str, fact.citations))})."
    return text[0].upper() + text[1:]


@transaction.atomic
def request_disbursement(
    *,
    purpose: str,
    amount: Decimal,
    requested_by: Any,
    requested_on: date,
    payee: str = "",
    nature: str = Nature.PURCHASE.value,
    fund: Fund | None = None,
    category: Category | None = None,
    payee_official: Official | None = None,
    payee_user: Any = None,
    refunds: Payment | None = None,
    motion: Motion | None = None,
    voucher: Paper | None = None,
    note: str = "",
) -> Disbursement:
    """Ask for funds, under the next number of the fiscal year. Raises ValidationError, saying what is not in order."""
    year = posting_year(requested_on, "a request for a disbursement")
    row = Disbursement(
        fiscal_year=year, number=year.disbursements_drawn + 1, nature=nature, payee=" ".join(payee.split()),
        payee_official=payee_official, payee_user=payee_user, purpose=purpose.strip(), amount=amount,
        fund=fund or general_fund(), category=category, refunds=refunds, motion=motion, voucher=voucher,
        requested_by=requested_by, requested_on=requested_on, note=note,
    )  # fmt: skip
    _must_be_in_order(row)
    FiscalYear.objects.filter(pk=year.pk).update_with_history(
        reason="Disbursement number drawn", disbursements_drawn=row.number
    )
    return saved(row)


def _must_be_in_order(row: Disbursement) -> None:
    """Who is paid, by name; compensation as the bylaws have it; of a credit no more than is left."""
    if not row.payee:
        row.payee = row.payee_official.name if row.payee_official else row.refunds.payer if row.refunds else ""
    if row.nature == Nature.REFUND.value:
        row.category = None
    _must_be_payable(row, row.requested_on)
    if row.refunds is not None and row.amount is not None and row.amount > (left := left_of(row.refunds)):
        raise ValidationError(
            {"amount": f"{money.shown(left)} is left of {row.refunds.reference}: no more can be refunded."}
        )


@transaction.atomic
def correct_request(*, disbursement: Disbursement, by: Any, **changes: Any) -> Disbursement:
    """Correct what was asked for, before the review only. Raises ValidationError afterwards, TypeError for a field
    that is none of ``UNTIL_REVIEWED``.
    """
    if unknown := set(changes) - set(UNTIL_REVIEWED):
        raise TypeError(f"A request has no such field to correct: {', '.join(sorted(unknown))}.")
    row = _locked(disbursement)
    _must_be_at(row, Step.REQUESTED, "corrected")
    if not may_correct(row, by):
        raise ValidationError(
            "It is corrected by whoever asked for it, or by the Treasurer: who reviews it reviews what another person "
            "asked for (Bylaws Art. X)."
        )
    for name, value in changes.items():
        setattr(row, name, value)
    _must_be_in_order(row)
    return saved(row)


@transaction.atomic
def attach_voucher(*, disbursement: Disbursement, voucher: Paper) -> Disbursement:
    """The invoice or receipt of a disbursement that has none yet; the one it has stays."""
    row = _locked(disbursement)
    if row.voucher_id is not None or row.declined_on is not None:
        why = "was declined" if row.declined_on else "has its invoice on file, which stays"
        raise ValidationError({"voucher_upload": f"{row.reference} {why}."})
    row.voucher = voucher
    return saved(row)


@transaction.atomic
def review(*, disbursement: Disbursement, by: Any, on: date, note: str = "") -> DisbursementReview:
    """The review by the System Manager or a Team Coordinator, under the policy in force."""
    row = _locked(disbursement)
    _must_hold(may_review(row.course, by.pk))
    capacity = capacity_of(by)
    if not capacity:
        raise ValidationError("It is reviewed by the System Manager or a Team Coordinator (Bylaws Art. X).")
    _not_before(on, row.requested_on, "asked for")
    policy = disbursement_policy_on(on)
    return saved(
        DisbursementReview(
            disbursement=row, by=by, capacity=capacity, requester=row.requested_by, on=on, policy=policy, note=note
        )
    )


@transaction.atomic
def approve(*, disbursement: Disbursement, by: Any, on: date, note: str = "") -> DisbursementApproval:
    """The Treasurer's approval, under the policy in force."""
    row = _locked(disbursement)
    _must_hold(may_approve(row.course, by.pk))
    _must_be_treasurer(by, "approved")
    _not_before(on, row.review.on, "reviewed")
    _must_be_payable(row, on)
    policy = disbursement_policy_on(on)
    return saved(
        DisbursementApproval(
            review=row.review, by=by, reviewer=row.review.by, payee=row.payee_user, on=on, policy=policy, note=note
        )
    )


@transaction.atomic
def decline(*, disbursement: Disbursement, by: Any, on: date, because: str) -> Disbursement:
    """Decline it, with the reason, at any step before payment; its number stays used."""
    row = _locked(disbursement)
    step = step_of(row.course)
    if step in (Step.PAID, Step.REPORTED, Step.DECLINED):
        undo = " Void the check first." if step is not Step.DECLINED else ""
        raise ValidationError(f"{row.reference} is {step.label.lower()}: it cannot be declined.{undo}")
    if not may_decline(row, by):
        raise ValidationError(
            "It is declined by the Treasurer, or before the review by those who review it or by whoever asked for it "
            "(Bylaws Art. X)."
        )
    if not because.strip():
        raise ValidationError({"because": "Say why it is declined: the reason stays on record with it."})
    approval = getattr(getattr(row, "review", None), "approval", None)
    voided = [payment.voided_on for payment in approval.payments.all()] if approval else []
    last = max(
        [row.requested_on, *voided, *(done for done in (row.course.reviewed_on, row.course.approved_on) if done)]
    )
    if on < last:
        raise ValidationError({"on": f"The last step was taken on {in_words(last)}: decline it then or later."})
    row.declined_on, row.declined_by, row.declined_because = on, by, because.strip()
    return saved(row)


@transaction.atomic
def pay(
    *,
    disbursement: Disbursement,
    institution: Institution,
    paid_on: date,
    check_number: str,
    signed_by: Any,
    method: str = DisbursementPayment.Method.CHECK.value,
) -> DisbursementPayment:
    """The check or transfer, of the amount approved, from an institution that the Board approved (Bylaws Art. VI §4).

    Of a credit no more is refunded than is left. Raises ValidationError.
    """
    posting_year(paid_on, "a check")
    row = _locked(disbursement)
    _must_be_at(row, Step.APPROVED, "paid")
    _must_be_treasurer(signed_by, "signed", "Bylaws Art. VI §4")
    approval = row.review.approval
    _not_before(paid_on, approval.on, "approved", "paid_on")
    _must_be_payable(row, paid_on)
    if not Institution.objects.in_force_on(paid_on).filter(pk=institution.pk).exists():
        raise ValidationError(
            {
                "institution": f"{institution} is none that the Board had approved on {in_words(paid_on)} "
                "(Bylaws Art. VI §4)."
            }
        )
    if row.refunds_id:
        _must_be_left(row, paid_on)
    return saved(
        DisbursementPayment(
            approval=approval, institution=institution, paid_on=paid_on, method=method,
            check_number=check_number.strip(), amount=row.amount, signed_by=signed_by,
        )
    )  # fmt: skip


def _must_be_left(row: Disbursement, paid_on: date) -> None:
    """As much of the payment must be left, now and on the day, under its lock."""
    payment = Payment.objects.select_for_update().get(pk=row.refunds_id)
    if paid_on < payment.received_on:
        raise ValidationError(
            {"paid_on": f"{payment.reference} came in on {in_words(payment.received_on)}: refund it then or later."}
        )
    left = min(left_of(payment), free_on(payment, paid_on))
    if row.amount > left:
        raise ValidationError(
            f"{money.shown(left)} is left of {payment.reference}, and {money.shown(row.amount)} was to be refunded: "
            f"decline {row.reference}, and ask for what is left."
        )


@transaction.atomic
def void_payment(*, payment: DisbursementPayment, on: date, because: str) -> DisbursementPayment:
    """Void a check that was lost or spoiled, with the reason: it may be paid anew. Raises ValidationError."""
    posting_year(on, "voiding a check")
    _locked(Disbursement.objects.get(review__approval__payments=payment))
    row: DisbursementPayment = DisbursementPayment.objects.select_for_update().get(pk=payment.pk)
    if row.voided_on is not None:
        raise ValidationError(f"{row.check_number} is void since {in_words(row.voided_on)}.")
    if not because.strip():
        raise ValidationError({"because": "Say why it is void: the reason stays on record with it."})
    if line := row.bank_lines.first():
        raise ValidationError(
            f"The bank's statement shows it as paid on {in_words(line.on)}: it cannot be void. If that line is "
            "another check's, match it anew first."
        )
    if on < row.paid_on:
        raise ValidationError({"on": f"It was paid on {in_words(row.paid_on)}: void it then or later."})
    row.voided_on, row.void_reason = on, because.strip()
    return saved(row)


def to_report() -> Any:
    """The checks and transfers that stand and were reported to no meeting yet, the oldest first."""
    rows = DisbursementPayment.objects.filter(voided_on__isnull=True, report__isnull=True)
    return rows.select_related("approval__review__disbursement__fiscal_year").order_by("paid_on", "pk")


@transaction.atomic
def report_to_board(
    *, payments: Iterable[DisbursementPayment], meeting: Meeting, by: Any
) -> Sequence[DisbursementReport]:
    """Record that these were reported to a meeting of the Board, all or none. Raises ValidationError."""
    keys = [payment.pk for payment in payments]
    if not keys:
        raise ValidationError("Choose what was reported.")
    if meeting.gathering is not Gathering.BOARD:
        raise ValidationError({"meeting": f"The {meeting} is none of the Board of Officers (Bylaws Art. X)."})
    if meeting.called_to_order_at is None:
        raise ValidationError({"meeting": f"The {meeting} was not held: report it once it is (Bylaws Art. X)."})
    of = Disbursement.objects.filter(review__approval__payments__in=keys).values("pk")
    list(Disbursement.objects.select_for_update().filter(pk__in=of).order_by("pk"))
    rows = list(
        DisbursementPayment.objects.filter(pk__in=keys)
        .select_related("approval__review__disbursement__fiscal_year", "report__meeting").order_by("paid_on", "pk")
    )  # fmt: skip
    refused = [f"{_of(row).reference} {why}." for row in rows for why in _not_to_report(row, meeting)]
    if refused:
        raise ValidationError(refused)
    policy = disbursement_policy_on(meeting.on)
    return [
        saved(DisbursementReport(payment=row, meeting=meeting, on=meeting.on, policy=policy, by=by)) for row in rows
    ]


def _not_to_report(row: DisbursementPayment, meeting: Meeting) -> list[str]:
    if row.voided_on is not None:
        return [f"was paid by {row.check_number}, which is void since {in_words(row.voided_on)}"]
    if (report := getattr(row, "report", None)) is not None:
        return [f"was reported to the {report.meeting} already"]
    if row.paid_on > meeting.on:
        return [f"was paid on {in_words(row.paid_on)}, after the {meeting}"]
    return []


def _of(row: DisbursementPayment) -> Disbursement:
    disbursement: Disbursement = row.approval.review.disbursement
    return disbursement


def _locked(disbursement: Disbursement) -> Disbursement:
    """The disbursement with its steps, as they stand once nobody else can take one: locked first, then read."""
    Disbursement.objects.select_for_update().get(pk=disbursement.pk)
    rows = Disbursement.objects.with_course().select_related("motion__meeting", "refunds", "payee_user")
    row: Disbursement = rows.get(pk=disbursement.pk)
    return row


def _must_be_at(row: Disbursement, wanted: Step, done: str) -> None:
    step = step_of(row.course)
    if step is not wanted:
        raise ValidationError(
            f"{row.reference} is {step.label.lower()}: it is {done} only when it is {wanted.label.lower()} "
            "(Bylaws Art. X)."
        )


def _must_hold(found: Finding[bool]) -> None:
    if not found.value:
        raise ValidationError([_sentence(fact) for fact in found.because])


def _must_be_treasurer(person: Any, done: str, clause: str = "Bylaws Art. X") -> None:
    if not is_treasurer(person):
        raise ValidationError(f"It is {done} by the Treasurer ({clause}).")


def _not_before(on: date, first: date, what: str, field: str = "on") -> None:
    if on < first:
        raise ValidationError({field: f"It was {what} on {in_words(first)}: this comes then or later (Bylaws Art. X)."})
