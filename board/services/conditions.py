"""What must have happened before a motion may be put, by its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from board.models import (
    BylawsVersion,
    Motion,
)
from board.rules import motions as rules
from board.rules.motions import KINDS, Kind
from board.services.motions import in_call
from board.services.seats import board_on, eligibility, lost_by_agency
from membership.models import AgreementVersion
from membership.rules.leaving import Ground, proceeding_in_order
from membership.services import (
    adoption_progress,
    packet_of,
)
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact, Finding


def preconditions(motion: Motion) -> Finding[bool]:
    """May the motion be put: right body, named in the call, and what its kind asks for; with every why."""
    meeting = motion.meeting
    found = [rules.right_body(motion.what, meeting.gathering), in_call(motion), *_done_before(motion)]
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
