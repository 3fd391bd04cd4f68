"""What the Secretary keeps beside the meetings: objections taken back, answers, reviews done, who may nominate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from board.models import (
    BylawsVersion,
    Committee,
    Correspondence,
    Dissolution,
    MinutesRequest,
    Objection,
    OperationalPlan,
    PlanReview,
)
from board.rules import plans
from board.rules import seats as rules
from board.services.seats import board_on
from membership.models import Official
from nipas_admin.shared.citations import BYLAWS
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact, Finding, not_determined
from nipas_admin.shared.records import saved


@transaction.atomic
def take_back(*, objection: Objection, on: date) -> Objection:
    """The agency takes its objection back before the vote; it no longer goes on an agenda (Bylaws Art. IV §8)."""
    objection = Objection.objects.select_for_update().get(pk=objection.pk)
    if objection.decided_on is not None:
        raise ValidationError(
            f"The agencies voted on this objection on {in_words(objection.decided_on)} (Bylaws Art. IV §8)."
        )
    if objection.taken_back_on is not None:
        raise ValidationError(f"This objection was already taken back on {in_words(objection.taken_back_on)}.")
    if on < objection.received_on:
        raise ValidationError({"on": f"It was received on {in_words(objection.received_on)}: give a later day."})
    objection.taken_back_on = on
    saved(objection)
    for item in objection.agenda_items.filter(dropped=False, meeting__called_to_order_at__isnull=True):
        item.dropped = True
        saved(item)
    return objection


@transaction.atomic
def answer_request(*, request: MinutesRequest, on: date, answer: str) -> MinutesRequest:
    """Record what was sent to somebody who asked for minutes (Bylaws Art. IV §6, VI §3)."""
    request = MinutesRequest.objects.select_for_update().get(pk=request.pk)
    if request.answered_on is not None:
        raise ValidationError(f"This request was already answered on {in_words(request.answered_on)}.")
    request.answered_on, request.answer = on, answer.strip()
    return saved(request)


@transaction.atomic
def answer_letter(
    *, letter: Correspondence, on: date, subject: str, paper: Any = None, note: str = ""
) -> Correspondence:
    """Record the answer to a letter received, as a letter sent (Bylaws Art. VI §3)."""
    letter = Correspondence.objects.select_for_update().get(pk=letter.pk)
    if letter.direction != Correspondence.Direction.IN:
        raise ValidationError("This letter was sent: only one received is answered.")
    if on < letter.on:
        raise ValidationError({"on": f"The letter came on {in_words(letter.on)}: the answer is not older."})
    return saved(
        Correspondence(
            direction=Correspondence.Direction.OUT, on=on, party=letter.party, agency=letter.agency, subject=subject,
            paper=paper, answers=letter, note=note,
        )
    )  # fmt: skip


def next_review_of(plan: OperationalPlan) -> Finding[date]:
    """The day of the plan's next review or test, and why."""
    due = plan.reviews.filter(done_on__isnull=True).order_by("due_on").values_list("due_on", flat=True).first()
    last = plan.reviews.filter(done_on__isnull=False).aggregate(last=Max("done_on"))["last"]
    return plans.next_review(plan.adopted_on, last, plan.review_months, due)


@transaction.atomic
def schedule_review(*, plan: OperationalPlan) -> PlanReview | None:
    """See to it that a plan in use has a day for its next review, so that it comes on an agenda by itself.

    Returns what was added; None where a day is set already, and for a plan that was replaced.
    """
    plan = OperationalPlan.objects.select_for_update().get(pk=plan.pk)
    if plan.replaced_on is not None or plan.reviews.filter(done_on__isnull=True).exists():
        return None
    return saved(PlanReview(plan=plan, kind=PlanReview.Kind.REVIEW, due_on=next_review_of(plan).value))


@transaction.atomic
def record_review(
    *, plan: OperationalPlan, kind: str, done_on: date, result: str, next_due_on: date | None = None
) -> PlanReview:
    """Record a review or test done, in the place of the one that was due, and the day of the next (Agreement §3.I)."""
    plan = OperationalPlan.objects.select_for_update().get(pk=plan.pk)
    if next_due_on is not None and next_due_on <= done_on:
        raise ValidationError({"next_due_on": "The next one is due after this one was done."})
    due = plan.reviews.filter(kind=kind, done_on__isnull=True).order_by("due_on").first()
    review: PlanReview = due or PlanReview(plan=plan, kind=kind)
    review.done_on, review.result = done_on, result.strip()
    saved(review)
    if next_due_on is not None:
        saved(PlanReview(plan=plan, kind=kind, due_on=next_due_on))
    schedule_review(plan=plan)
    return review


def _as_nominators(people: Iterable[Official], day: date) -> tuple[list[tuple[str, bool, bool]], Any]:
    """Each person's name, whether the person sits on the Board, and as an Officer; and the terms that govern."""
    board = board_on(day)
    sits = {(seat.holder.agency_id, seat.holder.name): seat.seat.kind for seat in board.seats if seat.holder}
    members = [(person.name, sits.get((person.agency_id, person.name))) for person in people]
    return [(name, office is not None, office is not None and office.is_officer) for name, office in members], board


def nominating_committee_on(committee: Committee, day: date) -> Finding[bool]:
    """Is the Nominating Committee in order on the day (Bylaws Art. V §8)? Raises where no bylaws cover the day."""
    rows = committee.members.on(day).select_related("official")
    members, board = _as_nominators([row.official for row in rows], day)
    return rules.nominating_committee(members, board.terms)


def may_nominate(person: Official, day: date) -> Finding[bool]:
    """May this person serve on the Nominating Committee: on the Board that day, and no Officer (Bylaws Art. V §8)?"""
    members, board = _as_nominators([person], day)
    return rules.nominating_committee(members, replace(board.terms, nominating_members=1))


def standing_of_objection(objection: Objection) -> Finding[str]:
    """Where an objection stands, in words, and why (Bylaws Art. IV §8)."""
    clause = (BYLAWS.at("IV", 8),)
    came = Fact(f"received on {in_words(objection.received_on)}", objection.received_on, citations=clause)
    if objection.taken_back_on is not None:
        back = Fact(f"the agency took it back on {in_words(objection.taken_back_on)}", objection.taken_back_on)
        return Finding("Taken back", (came, back))
    if objection.decided_on is None:
        next_one = "the next annual or special meeting votes on it; until then the Board's action stands"
        return Finding("Waits for the vote of the agencies", (came, Fact(next_one, citations=clause)))
    vote = Fact(f"the agencies voted on {in_words(objection.decided_on)}", objection.decided_on, citations=clause)
    if not objection.upheld:
        return Finding("Not upheld", (came, vote, Fact("the Board's action stands", citations=clause)))
    aside = Fact(f"the Board's action is set aside from {in_words(objection.set_aside_on)}", objection.set_aside_on)
    return Finding("Upheld", (came, vote, aside))


def last_day_of(dissolution: Dissolution) -> Finding[date]:
    """The day by which the body is dissolved, with its arithmetic (Bylaws Art. XVII §1)."""
    days = (dissolution.by_on - dissolution.voted_on).days
    text = f"voted on {in_words(dissolution.voted_on)}, + {days} days"
    left = [str(step).lower() for step in dissolution.steps.all() if step.done_on is None]
    flags = (Fact(f"still to do: {'; '.join(left)}", citations=(BYLAWS.at("XVII"),)),) if left else ()
    return Finding(dissolution.by_on, (Fact(text, dissolution.voted_on, citations=(BYLAWS.at("XVII", 1),)),), (), flags)


def governs(version: BylawsVersion, day: date) -> Finding[bool]:
    """Does this version of the bylaws govern on the day, and which one does if not (Bylaws Art. XV, XVIII)?"""
    clause = (BYLAWS.at("XV"), BYLAWS.at("XVIII"))
    try:
        governing = BylawsVersion.objects.governing_on(day)
    except ValidationError as open_:
        return not_determined(*open_.messages)
    since = Fact(f"{governing.title}: in force from {governing.in_force}", governing.in_force.day, citations=clause)
    if governing.pk == version.pk:
        return Finding(True, (since,))
    if version.in_force.by(day) is False:
        text = (
            "no motion has adopted it yet" if version.state == version.InForce.NOT_YET else "its first day lies ahead"
        )
        return Finding(False, (Fact(text, citations=clause), since))
    return Finding(False, (since,))
