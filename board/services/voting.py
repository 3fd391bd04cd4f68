"""Votes: a motion put, votes recorded, the result declared; and what a person decides of one out of order."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from board.models import (
    Attendance,
    Meeting,
    Motion,
    RollEntry,
    Vote,
)
from board.rules import votes
from board.rules.motions import KINDS
from board.rules.quorum import House, quorum
from board.rules.votes import Tally
from board.services.conditions import preconditions
from board.services.meetings import clock, must_be_open, must_follow
from board.services.motions import locked_motion
from board.services.outcomes import carry_out, outcome_of
from board.services.quorum import bylaws_at, house_now
from nipas_admin.shared.records import saved


@transaction.atomic
def put(*, motion: Motion, at: datetime, method: str, out_of_order: bool = False, because: str = "") -> Motion:
    """Put the motion to the vote. Refused, with the clause, while a condition is not met or no quorum is present.

    A vote in fact taken can be recorded all the same as ``out_of_order``: it has no effect until a person decides.
    Where the register sees nothing wrong, ``because`` says what is.
    """
    motion = locked_motion(motion)
    meeting = motion.meeting
    must_be_open(meeting)
    if motion.state != Motion.State.PENDING:
        raise ValidationError(f"This motion is not pending: {motion.get_state_display().lower()}.")
    if meeting.motions.filter(state=Motion.State.VOTING).exists():
        raise ValidationError("Another motion is being voted on: declare its result first.")
    motion.bylaws = bylaws_at(meeting)
    terms = motion.bylaws.terms
    known = terms is not None
    if not known and method != Motion.Method.BY_HAND:
        raise ValidationError(
            f"{motion.bylaws.title} governs, and its figures are not known: record the outcome by hand, with what "
            "shows it."
        )
    if known and method == Motion.Method.BY_HAND:
        raise ValidationError(f"{motion.bylaws.title} governs, and its figures are known: count the vote.")
    if method == Motion.Method.VOICE and KINDS[motion.what].counted:
        raise ValidationError(
            f"{motion.what.label} needs a count: a vote by voice cannot show that the share was reached "
            f"({', '.join(map(str, KINDS[motion.what].citations))})."
        )
    if terms is not None and motion.decision not in terms.thresholds:
        raise ValidationError(
            f"{motion.bylaws.title} do not say how many votes carry this: {motion.decision.label}. Record the "
            "threshold with that version."
        )
    wrong = _what_is_wrong(motion)
    if wrong and not out_of_order:
        raise ValidationError(
            [f"{said[0].upper()}{said[1:]}." for said in wrong]
            + ["If the vote was in fact taken all the same, record it as out of order."]
        )
    if out_of_order and not wrong and not because.strip():
        raise ValidationError({"because": "The register sees nothing out of order here: say what is."})
    motion.out_of_order = out_of_order
    motion.out_of_order_because = "; ".join(said for said in (*wrong, because.strip()) if said) if out_of_order else ""
    motion.method, motion.put_at, motion.state = method, at, Motion.State.VOTING
    try:
        with transaction.atomic():
            return saved(motion)
    except IntegrityError as error:
        raise ValidationError("Another motion is being voted on: declare its result first.") from error


def _what_is_wrong(motion: Motion) -> list[str]:
    """Why the motion may not be put now, in words with their clauses; empty when all is in order."""
    finding = preconditions(motion)
    wrong: list[str] = []
    if finding.value is False:
        wrong += [str(fact) for fact in finding.because[:1]]
    if not finding.value:
        wrong += [f"missing: {item}" for item in finding.missing]
    terms = motion.bylaws.terms if motion.bylaws is not None else None
    if terms is not None:
        standing = quorum(house_now(motion.meeting), terms)
        if not standing.value:
            wrong += [f"no quorum: {fact}" for fact in standing.because]
    return wrong


@transaction.atomic
def cast(*, motion: Motion, entry: RollEntry, choice: str, at: datetime) -> Vote:
    """Record one member's vote. Whoever comes second with the same vote is told who was first; one row stands."""
    motion = locked_motion(motion)
    must_be_open(motion.meeting)
    if motion.state != Motion.State.VOTING or motion.method != Motion.Method.ROLL_CALL:
        raise ValidationError("No roll-call vote is being taken on this motion.")
    _may_vote(motion.meeting, entry)
    already = Vote.objects.filter(motion=motion, entry=entry).first()
    if already is not None:
        raise ValidationError(_told(entry, already))
    vote = Vote(motion=motion, entry=entry, choice=choice, cast_at=at)
    vote.clean_fields()
    try:
        with transaction.atomic():
            vote.save()
    except IntegrityError as error:
        standing = Vote.objects.filter(motion=motion, entry=entry).first()
        raise ValidationError(_told(entry, standing)) from error
    return vote


def _told(entry: RollEntry, vote: Vote | None) -> str:
    if vote is None:
        return f"The vote of {entry.name} is already recorded."
    return (
        f"The vote of {entry.name} is already recorded: {vote.get_choice_display().lower()}, at {clock(vote.cast_at)}."
    )


def _may_vote(meeting: Meeting, entry: RollEntry) -> None:
    if entry.meeting_id != meeting.pk:
        raise ValidationError(f"{entry.name} is not on the roll of this meeting.")
    if not entry.entitled:
        raise ValidationError(f"{entry.name} does not count at this meeting: {entry.settled_because}.")
    if not Attendance.objects.in_the_room().filter(entry=entry).exists():
        raise ValidationError(f"{entry.name} is not in the room: only those present vote (Bylaws Art. XIII §1, §3).")


@transaction.atomic
def change_vote(*, motion: Motion, entry: RollEntry, choice: str, at: datetime) -> Vote:
    """Change a recorded vote before the result is declared, as Robert's Rules allow (Bylaws Art. XIII §1)."""
    motion = locked_motion(motion)
    must_be_open(motion.meeting)
    if motion.state != Motion.State.VOTING:
        raise ValidationError("The result is declared: votes stay as they are.")
    vote: Vote | None = Vote.objects.filter(motion=motion, entry=entry).first()
    if vote is None:
        raise ValidationError(f"{entry.name} has not voted yet.")
    vote.choice, vote.cast_at = choice, at
    return saved(vote)


@transaction.atomic
def declare(
    *,
    motion: Motion,
    at: datetime,
    ayes: int | None = None,
    nays: int | None = None,
    abstentions: int | None = None,
    carried: bool | None = None,
    by_hand_because: str = "",
) -> Motion:
    """Close the vote and declare its result, which then does its act, once.

    A counted vote takes its numbers; one by voice, or recorded by hand, what was declared. Raises ValidationError when
    there are more votes than members present.
    """
    motion = locked_motion(motion)
    must_be_open(motion.meeting)
    if motion.state != Motion.State.VOTING:
        raise ValidationError("No vote is being taken on this motion.")
    must_follow(motion.meeting, at, "declare the result")
    house = house_now(motion.meeting)
    motion.present, motion.entitled, motion.seats = house.present, house.entitled, house.seats
    if motion.method == Motion.Method.COUNTED:
        _count(motion, house, ayes, nays, abstentions)
    elif motion.method == Motion.Method.ROLL_CALL:
        counted = motion.tally or Tally(0, 0)
        motion.ayes, motion.nays, motion.abstentions = counted.ayes, counted.nays, counted.abstentions
    else:
        if carried is None:
            raise ValidationError({"carried": "Say what the presiding officer declared."})
        if motion.method == Motion.Method.BY_HAND and not by_hand_because.strip():
            raise ValidationError({"by_hand_because": "Say what shows the outcome: minutes, a letter, a tally sheet."})
        motion.by_hand_because = by_hand_because.strip()
    motion.state = Motion.State.CARRIED if carried else Motion.State.FAILED
    motion.decided_at = at
    finding = outcome_of(motion)
    if finding.value is None:
        raise ValidationError([f"The outcome is not determined. Missing: {item}." for item in finding.missing])
    motion.state = Motion.State.CARRIED if finding.value else Motion.State.FAILED
    saved(motion)
    return carry_out(motion=motion, at=at) if not motion.out_of_order else motion


def _count(motion: Motion, house: House, ayes: int | None, nays: int | None, abstentions: int | None) -> None:
    if ayes is None or nays is None:
        raise ValidationError("Give the votes for and against; those who abstained may be left out.")
    if min(ayes, nays, abstentions or 0) < 0:
        raise ValidationError("A number of votes is never below zero.")
    in_order = votes.votes_in_order(Tally(ayes, nays, abstentions or 0), house)
    if not in_order.value:
        raise ValidationError([f"{fact}." for fact in in_order.because])
    rest = house.present - ayes - nays
    motion.ayes, motion.nays = ayes, nays
    motion.abstentions = rest if abstentions is None else abstentions


@transaction.atomic
def settle_motion(*, motion: Motion, stands: bool, because: str, at: datetime) -> Motion:
    """Decide what becomes of a vote taken out of order. One that stands does its act now, dated as the vote was."""
    motion = locked_motion(motion)
    if not (motion.decided and motion.out_of_order) or motion.stands is not None:
        raise ValidationError("Only a vote recorded as out of order waits for a person's decision.")
    if not because.strip():
        raise ValidationError({"because": "Say why: the decision and its reason go on the record."})
    motion.stands, motion.stands_because = stands, because.strip()
    saved(motion)
    return carry_out(motion=motion, at=at) if stands else motion
