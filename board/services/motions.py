"""Motions: moved, put, voted on, declared; and what the outcome does, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from board.models import (
    Attendance,
    BylawsVersion,
    DecisionThreshold,
    Dissolution,
    DissolutionStep,
    Meeting,
    Motion,
    OfficeTerm,
    RollEntry,
    Vote,
)
from board.rules import motions as rules
from board.rules import votes
from board.rules.motions import KINDS, REMOVALS, Kind
from board.rules.quorum import House, quorum
from board.rules.terms import Body, Office
from board.rules.votes import Tally
from board.services.meetings import clock, house_now, locked, must_be_open, must_follow, must_not_be_over
from board.services.minutes import approve
from board.services.seats import board_on, eligibility, install, lost_by_agency
from membership.models import AgreementVersion
from membership.rules.leaving import Ground, proceeding_in_order
from membership.services import (
    admit,
    adoption_progress,
    decide_proceeding,
    packet_of,
    record_collective_date,
    settle_vote,
)
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.records import saved


def _locked_motion(motion: Motion) -> Motion:
    """The motion, locked after its meeting, always in this order."""
    locked(motion.meeting)
    found: Motion = (
        Motion.objects.select_for_update(of=("self",)).select_related("meeting__bylaws", "bylaws").get(pk=motion.pk)
    )
    return found


# Making a motion


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
    for finding in (rules.right_body(motion.what, meeting.gathering), _in_call(motion)):
        if finding.value is False:
            raise ValidationError({"kind": [f"{fact}." for fact in finding.because]})
    last = meeting.motions.aggregate(last=Max("number"))["last"] or 0
    motion.number = last + 1
    return saved(motion)


def _in_call(motion: Motion) -> Finding[bool]:
    named = motion.item is not None and motion.item.named_in_call
    if motion.what in (Kind.MINUTES, Kind.AMEND_MOTION):
        named = True
    return rules.named_in_call(motion.meeting.gathering, named=named)


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


# Conditions


def preconditions(motion: Motion) -> Finding[bool]:
    """May the motion be put: right body, named in the call, and what its kind asks for; with every why."""
    meeting = motion.meeting
    found = [rules.right_body(motion.what, meeting.gathering), _in_call(motion), *_done_before(motion)]
    asked = _CONDITIONS.get(motion.what)
    if asked is not None:
        found.append(asked(motion))
    pending = [other for other in motion.amendments.all() if not other.decided and other.state != "withdrawn"]
    if pending:
        text = f"an amendment to it, motion {pending[0].number}, is decided first"
        found.append(Finding(False, (Fact(text, citations=KINDS[Kind.AMEND_MOTION].citations),)))
    return rules.all_in_order(found)


def _done_before(motion: Motion) -> Iterator[Finding[bool]]:
    """What the motion asks for was decided already, elsewhere or by an earlier motion: nothing is decided twice."""
    if motion.decided:
        return
    said = ""
    if motion.application is not None and motion.application.decision:
        said = f"{motion.application} was decided on {in_words(motion.application.decided_on)}"
    elif motion.proceeding is not None and motion.proceeding.outcome:
        said = f"{motion.proceeding} was decided on {in_words(motion.proceeding.decided_on)}"
    elif motion.objection is not None and not motion.objection.is_open:
        ended = motion.objection.decided_on or motion.objection.taken_back_on
        said = f"{motion.objection} was voted on or taken back on {in_words(ended)}"
    elif motion.minutes is not None and motion.minutes.frozen:
        said = f"{motion.minutes} are approved already"
    elif motion.proposed_bylaws is not None and motion.proposed_bylaws.state != BylawsVersion.InForce.NOT_YET:
        said = f"{motion.proposed_bylaws} are in force already"
    elif motion.amends is not None and motion.amends.state != Motion.State.PENDING:
        said = f"motion {motion.amends.number}, which it would change, is no longer pending"
    if said:
        yield Finding(False, (Fact(said, citations=KINDS[motion.what].citations),))


def _packet(motion: Motion) -> Finding[bool]:
    found = packet_of(motion.application) if motion.application is not None else None
    if found is None:
        return Finding(None, (), ("the application",))
    return found


def _notified_and_heard(motion: Motion) -> Finding[bool]:
    proceeding = motion.proceeding
    if proceeding is None:
        return Finding(None, (), ("the proceeding",))
    ground = Ground.OBLIGATIONS if motion.what is Kind.TERMINATION_OBLIGATIONS else Ground.DETRIMENT
    if proceeding.ground != ground.value:
        text = f"the proceeding is on another ground: {proceeding.get_ground_display()}"
        return Finding(False, (Fact(text, citations=KINDS[motion.what].citations),))
    facts = replace(proceeding.facts, decided_on=motion.meeting.on)
    return proceeding_in_order(facts, AgreementVersion.objects.terms_on(motion.meeting.on))


def _sent_and_recommended(motion: Motion) -> Finding[bool]:
    version: BylawsVersion = motion.meeting.bylaws or BylawsVersion.objects.governing_on(motion.meeting.on)
    if version.terms is None:
        return Finding(None, (), (f"the days of notice that {version.title} asked for: its figures are not known",))
    return rules.amendment_in_order(motion.sent_on, motion.recommended_on, motion.meeting.on, version.terms)


def _late_enough(motion: Motion) -> Finding[bool]:
    return rules.adoption_in_order(motion.meeting.on, adoption_progress(motion.meeting.on).meeting)


def _circulated(motion: Motion) -> Finding[bool]:
    if motion.minutes is None:
        return Finding(None, (), ("the minutes",))
    return rules.minutes_in_order(motion.minutes.meeting.on, motion.minutes.circulated_on, motion.meeting.on)


def _not_of_the_board(motion: Motion) -> Finding[bool]:
    sitting = [one.holder.name for one in board_on(motion.meeting.on).in_office if one.holder is not None]
    return rules.compensation_in_order(motion.payee, sitting)


def _objection(motion: Motion) -> Finding[bool]:
    if motion.objection is None:
        return Finding(None, (), ("the objection",))
    return rules.objection_in_order(motion.objection.received_on, motion.meeting.on)


def _nominee(motion: Motion) -> Finding[bool]:
    if motion.nominee is None or motion.seat is None:
        return Finding(None, (), ("the seat and who is to fill it",))
    on = motion.named_on or motion.meeting.on
    agency_out = lost_by_agency(motion.seat, on)
    here = rules.appointment_in_order(motion.seat.kind, motion.meeting.gathering, agency_out=agency_out)
    return rules.all_in_order([here, eligibility(motion.nominee, motion.seat.kind, on)])


_CONDITIONS: Mapping[Kind, Callable[[Motion], Finding[bool]]] = {
    Kind.ADMISSION: _packet,
    Kind.TERMINATION_OBLIGATIONS: _notified_and_heard,
    Kind.REMOVAL_DETRIMENT: _notified_and_heard,
    Kind.BYLAWS_AMENDMENT: _sent_and_recommended,
    Kind.ADOPTION: _late_enough,
    Kind.MINUTES: _circulated,
    Kind.COMPENSATION: _not_of_the_board,
    Kind.OBJECTION: _objection,
    Kind.APPOINTMENT: _nominee,
}


# The vote


@transaction.atomic
def put(*, motion: Motion, at: datetime, method: str, out_of_order: bool = False, because: str = "") -> Motion:
    """Put the motion to the vote. Refused, with the clause, while a condition is not met or no quorum is present.

    A vote in fact taken can be recorded all the same as ``out_of_order``: it has no effect until a person decides.
    Where the register sees nothing wrong, ``because`` says what is.
    """
    motion = _locked_motion(motion)
    meeting = motion.meeting
    must_be_open(meeting)
    if motion.state != Motion.State.PENDING:
        raise ValidationError(f"This motion is not pending: {motion.get_state_display().lower()}.")
    if meeting.motions.filter(state=Motion.State.VOTING).exists():
        raise ValidationError("Another motion is being voted on: declare its result first.")
    motion.bylaws = _bylaws_at(meeting)
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


def _bylaws_at(meeting: Meeting) -> BylawsVersion:
    """The version under which a motion put now is decided: one adopted at this very meeting governs from then on."""
    here = BylawsVersion.objects.filter(adopted_by__meeting=meeting, in_force_on=meeting.on).order_by("-pk").first()
    return here or meeting.bylaws or BylawsVersion.objects.governing_on(meeting.on)


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
    motion = _locked_motion(motion)
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
    motion = _locked_motion(motion)
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
    motion = _locked_motion(motion)
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


def outcome_of(motion: Motion) -> Finding[bool]:
    """Did the motion carry, and why: quorum, base, share, votes, and every other base where it would differ.

    Not determined while it is not decided.
    """
    if motion.state == Motion.State.WITHDRAWN:
        return Finding(None, (), ("a vote: the motion was withdrawn",))
    house, terms = motion.house, motion.bylaws.terms if motion.bylaws is not None else None
    if motion.decided_at is None:
        return Finding(None, (), ("the vote: its result is not declared",))
    if motion.method == Motion.Method.BY_HAND or terms is None:
        carried = motion.state == Motion.State.CARRIED
        text = f"recorded by hand as {'carried' if carried else 'lost'}: {motion.by_hand_because}"
        title = motion.bylaws.title if motion.bylaws is not None else "the bylaws in force"
        why = f"the figures of {title} are not known" if terms is None else "the register keeps no roll of this meeting"
        return Finding(carried, (Fact(text), Fact(why)))
    if house is None:
        return Finding(None, (), ("the vote: its result is not declared",))
    if motion.method == Motion.Method.VOICE:
        found = votes.declared_by_voice(house, terms, carried=motion.state == Motion.State.CARRIED)
    else:
        clauses = KINDS[motion.what].clauses(motion.meeting.body)
        found = votes.outcome(motion.decision, motion.tally or Tally(0, 0), house, terms, clauses)
    return found.flagged(_order_flags(motion))


def _order_flags(motion: Motion) -> tuple[Fact, ...]:
    if not motion.out_of_order:
        return ()
    if motion.stands is None:
        return (Fact(f"out of order, without effect until a person decides: {motion.out_of_order_because}"),)
    decided = "stands" if motion.stands else "does not stand"
    return (
        Fact(
            f"out of order ({motion.out_of_order_because}); a person decided that it {decided}: {motion.stands_because}"
        ),
    )


@transaction.atomic
def withdraw(*, motion: Motion) -> Motion:
    """The mover takes the motion back before its result is declared."""
    motion = _locked_motion(motion)
    if motion.decided or motion.state == Motion.State.WITHDRAWN:
        raise ValidationError(f"This motion is already {motion.get_state_display().lower()}.")
    motion.state = Motion.State.WITHDRAWN
    return saved(motion)


@transaction.atomic
def settle_motion(*, motion: Motion, stands: bool, because: str, at: datetime) -> Motion:
    """Decide what becomes of a vote taken out of order. One that stands does its act now, dated as the vote was."""
    motion = _locked_motion(motion)
    if not (motion.decided and motion.out_of_order) or motion.stands is not None:
        raise ValidationError("Only a vote recorded as out of order waits for a person's decision.")
    if not because.strip():
        raise ValidationError({"because": "Say why: the decision and its reason go on the record."})
    motion.stands, motion.stands_because = stands, because.strip()
    saved(motion)
    return carry_out(motion=motion, at=at) if stands else motion


# What the outcome does


@transaction.atomic
def carry_out(*, motion: Motion, at: datetime) -> Motion:
    """Let the outcome do its act, once: admit, suspend, terminate, adopt, install, approve, set aside.

    Raises ValidationError when the act is refused where it is done; then nothing of the vote is recorded either.
    """
    motion = _locked_motion(motion)
    if motion.acted_at is not None:
        raise ValidationError(f"This motion took effect already: {motion.acted}.")
    if motion.what is Kind.OBJECTION and motion.decided:
        _decide_objection(motion)
    if not motion.effective:
        return motion
    act = _ACTS.get(motion.what)
    if act is None:
        return motion
    motion.acted, motion.acted_at = act(motion), at
    return saved(motion)


def _admit(motion: Motion) -> str:
    application = motion.application
    if application is None:
        raise ValidationError({"application": "Choose the application."})
    on = motion.meeting.on
    if motion.out_of_order:
        known = application.out_of_order  # the vote may be recorded with the application already
        if known or admit(application=application, decided_on=on, out_of_order=True) is None:
            settle_vote(application=application, stands=True, because=motion.stands_because)
    else:
        admit(application=application, decided_on=on)
    return f"{application.agency} is approved as a participating agency"


def _remove(motion: Motion) -> str:
    proceeding, house, tally = motion.proceeding, motion.house, motion.tally
    if proceeding is None or house is None:
        raise ValidationError({"proceeding": "Choose the proceeding."})
    decided = decide_proceeding(
        proceeding=proceeding, outcome=motion.proposes, decided_on=motion.meeting.on,
        votes_for=tally.ayes if tally else None, votes_against=tally.nays if tally else None,
        in_office=house.entitled, named_on=motion.named_on, suspended_until_on=motion.back_on,
    )  # fmt: skip
    return f"{decided.participation.agency}: {decided.get_outcome_display().lower()}"


def _amend(motion: Motion) -> str:
    version = motion.proposed_bylaws
    if version is None:
        raise ValidationError({"proposed_bylaws": "Choose the version."})
    version = BylawsVersion.objects.select_for_update().get(pk=version.pk)
    if version.state != BylawsVersion.InForce.NOT_YET:
        raise ValidationError({"proposed_bylaws": f"{version} is in force already."})
    version.state = BylawsVersion.InForce.KNOWN
    version.adopted_on, version.in_force_on = motion.meeting.on, motion.named_on or motion.meeting.on
    version.adopted_by = motion
    version.source = version.source or str(motion)
    saved(version)
    if motion.what is Kind.ADOPTION:
        record_collective_date(on=motion.meeting.on, source=str(motion))
    return f"{version} are in force"


def _install(motion: Motion) -> str:
    if motion.seat is None or motion.nominee is None:
        raise ValidationError({"nominee": "Choose the seat and who fills it."})
    by_meeting = motion.meeting.body is Body.ASSEMBLY
    term = install(
        seat=motion.seat, holder=motion.nominee, from_on=motion.named_on or motion.meeting.on,
        how=OfficeTerm.How.APPOINTED, motion=motion, remainder=_fills_a_vacancy(motion),
        appointed_by=OfficeTerm.AppointedBy.MEETING if by_meeting else OfficeTerm.AppointedBy.PRESIDENT_AND_BOARD,
    )  # fmt: skip
    return f"{term.holder.name} is {motion.seat}"


def _fills_a_vacancy(motion: Motion) -> bool:
    """Is it for the remainder: the last term in the seat would still be running (Bylaws Art. IV §4, V §6–7)?"""
    on = motion.named_on or motion.meeting.on
    last = OfficeTerm.objects.filter(seat=motion.seat, from_on__lte=on).first()
    runs = last is not None and last.until_on is not None and last.until_on > on
    in_place = motion.seat is not None and board_on(on).seat(motion.seat.kind).seating.filled
    return runs and ((motion.seat is not None and motion.seat.kind is Office.AT_LARGE) or not in_place)


def _decide_objection(motion: Motion) -> None:
    objection = motion.objection
    if objection is None or (motion.out_of_order and not motion.stands):
        return
    if objection.decided_on is not None:
        raise ValidationError({"objection": f"{objection} was already voted on."})
    objection.decided_on, objection.upheld = motion.meeting.on, motion.state == Motion.State.CARRIED
    objection.set_aside_on = motion.meeting.on if objection.upheld else None
    saved(objection)


def _set_aside(motion: Motion) -> str:
    return "the action objected to is set aside from this day"


def _approve_minutes(motion: Motion) -> str:
    if motion.minutes is None:
        raise ValidationError({"minutes": "Choose the minutes."})
    approve(minutes=motion.minutes, motion=motion)
    return f"{motion.minutes} are approved"


def _reword(motion: Motion) -> str:
    main = motion.amends
    if main is None or main.decided:
        raise ValidationError({"amends": "Choose a motion that is still pending."})
    main.text = motion.text
    main._change_reason = f"Amended by motion {motion.number}"
    saved(main)
    return f"motion {main.number} now reads as amended"


def _dissolve(motion: Motion) -> str:
    terms = motion.bylaws.terms if motion.bylaws is not None else None
    if terms is None:
        raise ValidationError("The figures of the bylaws in force are not known.")
    by_on = rules.dissolved_by(motion.meeting.on, terms)
    dissolution = Dissolution(motion=motion, voted_on=motion.meeting.on, by_on=by_on)
    saved(dissolution)
    for step in DissolutionStep.Step:
        saved(DissolutionStep(dissolution=dissolution, step=step))
    return "the body is to be dissolved within the time the bylaws set"


_ACTS: Mapping[Kind, Callable[[Motion], str]] = {
    Kind.ADMISSION: _admit,
    **dict.fromkeys(REMOVALS, _remove),
    Kind.BYLAWS_AMENDMENT: _amend,
    Kind.ADOPTION: _amend,
    Kind.APPOINTMENT: _install,
    Kind.OBJECTION: _set_aside,
    Kind.MINUTES: _approve_minutes,
    Kind.AMEND_MOTION: _reword,
    Kind.DISSOLUTION: _dissolve,
}
