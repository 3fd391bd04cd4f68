"""The outcome of a motion and its why; and what the outcome does, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from board.models import (
    BylawsVersion,
    Dissolution,
    DissolutionStep,
    Motion,
    OfficeTerm,
)
from board.rules import motions as rules
from board.rules import votes
from board.rules.motions import KINDS, REMOVALS, Kind
from board.rules.terms import Body, Office
from board.rules.votes import Tally
from board.services.minutes import approve
from board.services.motions import locked_motion
from board.services.seats import board_on, install
from membership.services import (
    admit,
    decide_proceeding,
    record_collective_date,
    settle_vote,
)
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.records import saved


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
def carry_out(*, motion: Motion, at: datetime) -> Motion:
    """Let the outcome do its act, once: admit, suspend, terminate, adopt, install, approve, set aside.

    Raises ValidationError when the act is refused where it is done; then nothing of the vote is recorded either.
    """
    motion = locked_motion(motion)
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
        vote=outcome_of(motion),
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
