"""The course of aid: asked, accepted or lawfully declined, on the way, on scene, released; each in its order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from nipas_admin.shared.citations import AGREEMENT, cites
from nipas_admin.shared.findings import Fact, Finding

REQUEST = AGREEMENT.at("3.A")
LAWFUL_NO = AGREEMENT.at("3.B")
COMMAND = AGREEMENT.at("3.C")
RELEASE = AGREEMENT.at("3.D")
# After so long without an answer somebody calls again, or goes on to the next.
PATIENCE = timedelta(minutes=5)


class Step(str, Enum):
    """Where the aid of one agency for one line is."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    RELEASED = "released"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    CALLED_OFF = "called_off"

    @property
    def label(self) -> str:
        """In words: ``En route``."""
        return self.value.replace("_", " ").capitalize()

    @property
    def holds(self) -> bool:
        """True while the agency's resources are committed to the incident."""
        return self in (Step.ASKED, Step.ACCEPTED, Step.EN_ROUTE, Step.ON_SCENE)


# Aid on these steps was promised and given.
GIVEN = (Step.ACCEPTED, Step.EN_ROUTE, Step.ON_SCENE, Step.RELEASED)


@dataclass(frozen=True)
class Course:
    """The moments on record of one agency's aid for one line."""

    asked_at: datetime
    accepted_at: datetime | None = None
    en_route_at: datetime | None = None
    on_scene_at: datetime | None = None
    released_at: datetime | None = None
    declined_at: datetime | None = None
    no_answer_at: datetime | None = None
    called_off_at: datetime | None = None

    @property
    def last(self) -> datetime:
        """The last moment on record."""
        moments = (
            self.asked_at, self.accepted_at, self.en_route_at, self.on_scene_at, self.released_at, self.declined_at,
            self.no_answer_at, self.called_off_at,
        )  # fmt: skip
        return max(moment for moment in moments if moment is not None)


# What may follow what. Local conditions may prohibit a response until the agency has arrived (Agreement §3.B).
FOLLOWS: dict[Step, tuple[Step, ...]] = {
    Step.ASKED: (Step.ACCEPTED, Step.DECLINED, Step.NO_ANSWER, Step.CALLED_OFF),
    Step.NO_ANSWER: (Step.ACCEPTED, Step.DECLINED),
    Step.ACCEPTED: (Step.EN_ROUTE, Step.ON_SCENE, Step.DECLINED, Step.CALLED_OFF),
    Step.EN_ROUTE: (Step.ON_SCENE, Step.DECLINED, Step.CALLED_OFF),
    Step.ON_SCENE: (Step.RELEASED,),
    Step.RELEASED: (),
    Step.DECLINED: (),
    Step.CALLED_OFF: (),
}


@cites(REQUEST, LAWFUL_NO, RELEASE)
def step_of(course: Course) -> Step:
    """Where the aid is: the furthest step on record."""
    for step, moment in (
        (Step.CALLED_OFF, course.called_off_at),
        (Step.DECLINED, course.declined_at),
        (Step.RELEASED, course.released_at),
        (Step.ON_SCENE, course.on_scene_at),
        (Step.EN_ROUTE, course.en_route_at),
        (Step.ACCEPTED, course.accepted_at),
        (Step.NO_ANSWER, course.no_answer_at),
    ):
        if moment is not None:
            return step
    return Step.ASKED


@cites(REQUEST, LAWFUL_NO, COMMAND, RELEASE)
def may_follow(course: Course, step: Step, at: datetime) -> Finding[bool]:
    """May this step be recorded at the moment: in its order, and not before what is on record already?"""
    now = step_of(course)
    clause = (LAWFUL_NO if step is Step.DECLINED else COMMAND if step is Step.ON_SCENE else RELEASE,)
    if step not in FOLLOWS[now]:
        said = f"it is {now.label.lower()}"
        wanted = " or ".join(one.label.lower() for one in FOLLOWS[now])
        follows = f"next it can be {wanted}" if wanted else "nothing follows"
        return Finding(False, (Fact(f"{said}: {follows}, not {step.label.lower()}", citations=clause),))
    if at < course.last:
        return Finding(False, (Fact("something later is on record already: give a later time", citations=clause),))
    return Finding(True, (Fact(f"{now.label.lower()}, then {step.label.lower()}", citations=clause),))


@cites(RELEASE)
def counts(step: Step, *, left_itself: bool = False) -> bool:
    """Does aid that came this far fill its line?

    What went home because it was needed no more had filled it. What left by its own decision did not: the stricken
    agency still wants as much, and others are asked.
    """
    return step in GIVEN and not (step is Step.RELEASED and left_itself)


@cites(REQUEST)
def waited(course: Course, at: datetime) -> int | None:
    """For how many whole minutes an agency has been asked and has not answered; None once it has."""
    if step_of(course) is not Step.ASKED:
        return None
    return max(0, int((at - course.asked_at) / timedelta(minutes=1)))


@cites(REQUEST)
def is_silent(course: Course, at: datetime) -> bool:
    """Has an agency been silent for so long that somebody should call again or ask the next?"""
    return step_of(course) is Step.ASKED and at - course.asked_at >= PATIENCE


@cites(RELEASE)
def emergency(exceeds: str) -> Finding[bool]:
    """Is the request one for an emergency that exceeds the agency's own capability? It must say why."""
    if exceeds.strip():
        return Finding(True, (Fact(f"exceeds its own capability: {exceeds.strip()}", citations=(RELEASE,)),))
    return Finding(None, (), ("why the emergency exceeds the stricken agency's own capability",))
