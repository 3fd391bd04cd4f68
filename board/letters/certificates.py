"""The certificate of one vote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.timezone import localtime

from board.letters.parts import Step, named, officer, on_a_reading, on_day, steps
from board.models import Motion
from board.rules.motions import KINDS
from board.rules.terms import Office
from board.services import clock, outcome_of
from documents.letters import Letter
from membership.letters.parts import Signer
from nipas_admin.shared.citations import Citation
from nipas_admin.shared.dated import in_words


@dataclass(frozen=True, kw_only=True)
class VoteCertificate(Letter):
    """What was decided on one motion, when, and why it carried or failed. ``depends``: on which reading, or empty."""

    meeting: str
    on: str
    place: str
    bylaws: str
    number: int
    kind: str
    text: str
    moved_by: str
    seconded_by: str
    method: str
    declared: str
    tally: str
    carried: bool
    depends: str
    because: tuple[Step, ...]
    flags: tuple[Step, ...]
    remarks: tuple[str, ...]
    clauses: tuple[Citation, ...]
    secretary: Signer


def is_decided(motion: Motion) -> bool:
    """Was its result declared, and does it not wait for a person?"""
    return motion.decided and (not motion.out_of_order or motion.stands is True)


def certificate(motion: Motion, day: date) -> VoteCertificate:
    """The certificate as of the day.

    Raises ValidationError, saying why, for a motion that was not decided by the day, and for a vote taken out of order
    unless a person held that it stands.
    """
    decided_at = motion.decided_at
    if decided_at is None or motion.bylaws is None or localtime(decided_at).date() > day:
        raise ValidationError(_undecided(motion, day))
    if not is_decided(motion):
        raise ValidationError(_of_no_effect(motion))
    found = outcome_of(motion)
    flags, tally = steps(found.flags), motion.tally
    return VoteCertificate(
        title=f"Certificate of a vote: motion {motion.number}, {named(motion.meeting)}, {in_words(motion.meeting.on)}",
        as_on=day,
        about=f"{motion.meeting} motion {motion.number}",
        meeting=named(motion.meeting),
        on=on_day(motion.meeting.on),
        place=motion.meeting.place,
        bylaws=motion.bylaws.title,
        number=motion.number,
        kind=motion.what.label,
        text=motion.text,
        moved_by=motion.mover.name if motion.mover else "",
        seconded_by=motion.seconder.name if motion.seconder else "",
        method=motion.get_method_display().lower(),
        declared=clock(decided_at),
        tally=str(tally) if tally else "",
        carried=motion.state == Motion.State.CARRIED,
        depends=on_a_reading(flags),
        because=steps(found.because),
        flags=flags,
        remarks=tuple(_remarks(motion, day)),
        clauses=KINDS[motion.what].clauses(motion.meeting.body),
        secretary=officer(Office.SECRETARY, day),
    )


def _undecided(motion: Motion, day: date) -> str:
    if motion.state == Motion.State.WITHDRAWN:
        return f"{motion} was withdrawn: nothing was decided, so there is nothing to certify."
    if motion.decided_at is not None:
        voted_on = in_words(localtime(motion.decided_at).date())
        return f"{motion} was decided on {voted_on}: there is nothing to certify on {in_words(day)}."
    return f"The result of {motion} is not declared: there is nothing to certify yet."


def _of_no_effect(motion: Motion) -> str:
    why = f"The vote on {motion} was taken out of order ({motion.out_of_order_because})"
    if motion.stands is None:
        return f"{why}, and no person has decided whether it stands. Settle it on the record first."
    return f"{why}, and a person decided that it does not stand: {motion.stands_because}. There is nothing to certify."


def _remarks(motion: Motion, day: date) -> Iterator[str]:
    """What became of the decision by the day, and how sure its record is."""
    if motion.acted:
        yield f"In the register: {motion.acted}."
    for objection in motion.objections.filter(set_aside_on__lte=day).select_related("agency"):
        yield (
            f"Set aside from {in_words(objection.set_aside_on)}, on the objection of {objection.agency} "
            "(Bylaws Art. IV §8)."
        )
    minutes = motion.meeting.minutes
    if not minutes.frozen or minutes.approved.approved_on > day:
        yield "The minutes of this meeting are not approved yet."
