"""Disbursements step by step (Bylaws Art. X), compensation (Art. IX), costs and claims (Agreement §3.E, 3.G)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from nipas_admin.shared import money
from nipas_admin.shared.citations import AGREEMENT, BYLAWS, Citation, cites
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact, Finding

DISBURSEMENTS = BYLAWS.at("X")
SIGNS_CHECKS = BYLAWS.at("VI", 4)
COMPENSATION = BYLAWS.at("IX", 1)
OTHER_COMPENSATION = BYLAWS.at("IX", 2)
COSTS = AGREEMENT.at("3.E")
DEFENSE = AGREEMENT.at("3.G.1")
INDEMNITY = AGREEMENT.at("3.G.2")


class Nature(str, Enum):
    """What a disbursement is for, as far as the bylaws care."""

    PURCHASE = "purchase"
    EXPENSES = "expenses"
    COMPENSATION = "compensation"
    REFUND = "refund"

    @property
    def label(self) -> str:
        """In words."""
        return {
            Nature.PURCHASE: "Goods or services",
            Nature.EXPENSES: "Refund of expenses",
            Nature.COMPENSATION: "Compensation",
            Nature.REFUND: "Refund of a credit",
        }[self]


class Step(str, Enum):
    """Where a disbursement is; each step follows the one before it."""

    REQUESTED = "requested"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    PAID = "paid"
    REPORTED = "reported"
    DECLINED = "declined"

    @property
    def label(self) -> str:
        """In words: ``Reviewed``."""
        return self.value.capitalize()


@dataclass(frozen=True)
class Course:
    """What is recorded of a disbursement: who asked, who did each step and when. People by their keys.

    ``payee`` is the account of the person paid, None for anyone who does not sign in.
    """

    requested_by: int
    requested_on: date
    payee: int | None = None
    reviewed_by: int | None = None
    reviewed_on: date | None = None
    approved_by: int | None = None
    approved_on: date | None = None
    paid_on: date | None = None
    reported_on: date | None = None
    declined_on: date | None = None


@cites(DISBURSEMENTS)
def step_of(course: Course) -> Step:
    """Where the disbursement is."""
    if course.declined_on:
        return Step.DECLINED
    if course.reported_on:
        return Step.REPORTED
    if course.paid_on:
        return Step.PAID
    if course.approved_on:
        return Step.APPROVED
    return Step.REVIEWED if course.reviewed_on else Step.REQUESTED


@cites(DISBURSEMENTS, SIGNS_CHECKS)
def next_step(course: Course) -> Finding[Step]:
    """What comes next and whose it is; the value is None when nothing does."""
    now = step_of(course)
    if now is Step.REQUESTED:
        return Finding(Step.REVIEWED, (_whose("the System Manager or a Team Coordinator reviews it", DISBURSEMENTS),))
    if now is Step.REVIEWED:
        return Finding(Step.APPROVED, (_whose("the Treasurer approves it", DISBURSEMENTS),))
    if now is Step.APPROVED:
        return Finding(Step.PAID, (_whose("the Treasurer signs the check", SIGNS_CHECKS),))
    if now is Step.PAID:
        return Finding(Step.REPORTED, (_whose("it is reported to a meeting of the Board", DISBURSEMENTS),))
    return Finding(None, (_whose(f"{now.label.lower()}: nothing is left to do", DISBURSEMENTS),))


def _whose(text: str, clause: Citation) -> Fact:
    return Fact(text, citations=(clause,))


@cites(DISBURSEMENTS)
def may_review(course: Course, person: int) -> Finding[bool]:
    """May this person review it? Not the payee, nor whoever asked for it (our control), and only before approval."""
    return _may(course, person, Step.REQUESTED, "reviewed", ())


@cites(DISBURSEMENTS)
def may_approve(course: Course, person: int) -> Finding[bool]:
    """May this person approve it? Not the payee, nor the reviewer (our control), and only once it is reviewed."""
    return _may(course, person, Step.REVIEWED, "approved", ((course.reviewed_by, "whoever reviewed it"),))


def _may(
    course: Course, person: int, wanted: Step, said: str, others: Sequence[tuple[int | None, str]]
) -> Finding[bool]:
    now, refusals = step_of(course), []
    if now is not wanted:
        refusals.append(f"it is {now.label.lower()}: it is {said} only when it is {wanted.label.lower()}")
    apart = ((course.payee, "the person who is paid"), (course.requested_by, "whoever asked for it"), *others)
    refusals += [f"it is not {said} by {who}: another person does this" for key, who in apart if key == person]
    clauses = (DISBURSEMENTS,)
    if refusals:
        return Finding(False, tuple(Fact(refusal, citations=clauses) for refusal in refusals))
    return Finding(True, (Fact(f"it is {now.label.lower()}, and another person asked for it", citations=clauses),))


@cites(COMPENSATION, OTHER_COMPENSATION)
def may_compensate(nature: Nature, seat: str, day: date, board_approved: bool | None) -> Finding[bool]:
    """May this person be paid? ``seat`` is the seat on the Board held on the day, empty for none.

    Members of the Board serve without compensation; refunds of expenses are none. Other compensation needs the
    Board's approval; ``board_approved`` None: no motion is named. Goods bought from a member are flagged.
    """
    if nature is not Nature.COMPENSATION:
        found = Finding(True, (Fact(f"{nature.label.lower()}: no compensation", citations=(COMPENSATION,)),))
        if not seat or nature is not Nature.PURCHASE:
            return found
        said = f"sits on the Board on {in_words(day)} as {seat}: goods may be paid for, services would be compensation"
        return found.flagged([Fact(said, day, citations=(COMPENSATION,))])
    if seat:
        said = f"sits on the Board on {in_words(day)} as {seat}, and serves without compensation"
        return Finding(False, (Fact(said, day, citations=(COMPENSATION,)),))
    if board_approved is None:
        return Finding(None, (), ("the motion by which the Board approved this compensation",))
    said = "the Board approved it" if board_approved else "the motion that is named did not carry"
    return Finding(board_approved, (Fact(said, citations=(OTHER_COMPENSATION,)),))


@dataclass(frozen=True)
class Share:
    """What falls to one agency, in US dollars."""

    agency: str
    amount: Decimal


@cites(INDEMNITY)
def equal_shares(amount: Decimal, named: Sequence[str]) -> Finding[tuple[Share, ...]]:
    """What NIPAS was made to pay, shared equally among the agencies named; extra cents in name order.

    Not determined while no agency is named.
    """
    if not named:
        return Finding(None, (), ("the agencies named as parties",))
    names = sorted(named, key=str.casefold)
    amounts = money.split(amount, [1] * len(names))
    said = f"{money.shown(amount)} among {len(names)}: {' + '.join(map(money.shown, amounts))}"
    shares = tuple(Share(name, part) for name, part in zip(names, amounts, strict=True))
    return Finding(shares, (Fact(said, citations=(INDEMNITY,)),))


@cites(DEFENSE)
def defense_cost(amount: Decimal, stricken: str) -> Finding[Share]:
    """The cost of defending NIPAS, which the Stricken Agency bears alone; not determined while it is not known."""
    if not stricken:
        return Finding(None, (), ("the Stricken Agency",))
    fact = Fact(f"{money.shown(amount)} of defense falls to {stricken} alone", citations=(DEFENSE,))
    return Finding(Share(stricken, amount), (fact,))


@cites(COSTS)
def cost_request(asked: Decimal, decided_on: date | None, granted: Decimal | None, stricken: str) -> Finding[Decimal]:
    """What the Stricken Agency's corporate authorities granted of the costs asked; not determined until they decide.

    Aid is given without reimbursement: they may grant all, a part, or nothing, and owe none of it before. More than
    was asked is flagged.
    """
    if decided_on is None or granted is None:
        return Finding(None, (), (f"the decision of the corporate authorities of {stricken}",))
    said = f"{money.shown(granted)} of {money.shown(asked)} granted on {in_words(decided_on)}"
    found = Finding(granted, (Fact(said, decided_on, citations=(COSTS,)),))
    return found.flagged([Fact("more is granted than was asked", citations=(COSTS,))] if granted > asked else ())
