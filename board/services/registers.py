"""What the Secretary keeps beside the meetings: objections taken back, answers given, reviews done, who may nominate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from board.models import Committee, Correspondence, MinutesRequest, Objection, OperationalPlan, PlanReview
from board.rules import seats as rules
from board.services.seats import board_on
from membership.models import Official
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Finding
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


@transaction.atomic
def record_review(
    *, plan: OperationalPlan, kind: str, done_on: date, result: str, next_due_on: date | None = None
) -> PlanReview:
    """Record a review or test done, in the place of the one that was due, and the day of the next (Agreement §3.I)."""
    plan = OperationalPlan.objects.select_for_update().get(pk=plan.pk)
    due = plan.reviews.filter(kind=kind, done_on__isnull=True).order_by("due_on").first()
    review = due or PlanReview(plan=plan, kind=kind)
    review.done_on, review.result = done_on, result.strip()
    saved(review)
    if next_due_on is not None:
        if next_due_on <= done_on:
            raise ValidationError({"next_due_on": "The next one is due after this one was done."})
        saved(PlanReview(plan=plan, kind=kind, due_on=next_due_on))
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
