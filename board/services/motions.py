"""Motions as they are made: moved, drafted, withdrawn."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from board.models import (
    BylawsVersion,
    DecisionThreshold,
    Meeting,
    Motion,
)
from board.rules import motions as rules
from board.rules.motions import Kind
from board.services.meetings import locked, must_not_be_over
from nipas_admin.shared.findings import Finding
from nipas_admin.shared.records import saved


def locked_motion(motion: Motion) -> Motion:
    """The motion, locked after its meeting, always in this order."""
    locked(motion.meeting)
    found: Motion = (
        Motion.objects.select_for_update(of=("self",)).select_related("meeting__bylaws", "bylaws").get(pk=motion.pk)
    )
    return found


@transaction.atomic
def move(*, meeting: Meeting, **fields: Any) -> Motion:
    """Record a motion; ``fields`` are those of the Motion. Its number follows the last one of the meeting.

    Raises ValidationError when this kind is not decided at this meeting, or an item is not named in a special call.
    """
    meeting = must_not_be_over(locked(meeting))
    motion = Motion(meeting=meeting, **fields)
    for name in ("mover", "seconder"):
        entry = getattr(motion, name)
        if entry is not None and not entry.entitled:
            raise ValidationError({name: f"{entry} does not count at this meeting: {entry.settled_because}."})
    for finding in (rules.right_body(motion.what, meeting.gathering), in_call(motion)):
        if finding.value is False:
            raise ValidationError({"kind": [f"{fact}." for fact in finding.because]})
    last = meeting.motions.aggregate(last=Max("number"))["last"] or 0
    motion.number = last + 1
    return saved(motion)


def in_call(motion: Motion) -> Finding[bool]:
    named = motion.item is not None and motion.item.named_in_call
    if motion.what in (Kind.MINUTES, Kind.AMEND_MOTION):
        named = True
    return rules.named_in_call(motion.meeting.gathering, named=named)


@transaction.atomic
def withdraw(*, motion: Motion) -> Motion:
    """The mover takes the motion back before its result is declared."""
    motion = locked_motion(motion)
    if motion.decided or motion.state == Motion.State.WITHDRAWN:
        raise ValidationError(f"This motion is already {motion.get_state_display().lower()}.")
    motion.state = Motion.State.WITHDRAWN
    return saved(motion)


@transaction.atomic
def draft_amendment(*, title: str, source: BylawsVersion) -> BylawsVersion:
    """A bylaws version as it would read: a copy of another, its figures too, not in force until a motion adopts it."""
    thresholds = list(source.thresholds.all())
    draft: BylawsVersion = BylawsVersion.objects.get(pk=source.pk)
    draft.pk = None
    draft._state.adding = True
    draft.title, draft.state = title, BylawsVersion.InForce.NOT_YET
    draft.adopted_on = draft.in_force_on = draft.not_before_on = draft.not_after_on = draft.adopted_by = None
    draft.terms_known, draft.source, draft.note = True, "", ""
    saved(draft)
    for row in thresholds:
        saved(
            DecisionThreshold(bylaws=draft, decision=row.decision, exceeds=row.exceeds, numerator=row.numerator,
                              denominator=row.denominator, base=row.base)
        )  # fmt: skip
    return draft
