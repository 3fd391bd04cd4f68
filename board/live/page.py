"""What the live pages show: the bar, the roll, the floor and the agenda."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from board import services
from board.live.cursor import CLOSED, phase_of
from board.models import (
    AgendaItem,
    Attendance,
    Election,
    Meeting,
    Motion,
    Pause,
    RollEntry,
    Vote,
)
from board.rules.elections import Standing
from board.rules.quorum import Turn
from board.services.whatif import Needed, WhatIf
from nipas_admin.shared.findings import Finding

# A larger roll is not drawn whole: the field finds the others.
SHOWN = 400
FOUND = 60
NAMED = 12
DEPARTMENT = " Police Department"
BADGES: Mapping[bool | None, str] = {True: "done", False: "overdue", None: "not_determined"}
QUORUM: Mapping[bool | None, str] = {True: "Quorum", False: "No quorum", None: "Quorum not determined"}


def meetings() -> Any:
    """Meetings with all that their pages read, in a fixed number of queries."""
    people = ("bylaws", "presiding__agency", "secretary__agency")
    return Meeting.objects.select_related(*people).prefetch_related("bylaws__thresholds", "pauses")


# The roll


@dataclass(frozen=True)
class Cell:
    """One member of the roll as the page shows it."""

    entry: RollEntry
    stay: Attendance | None
    vote: Vote | None
    voting: bool

    @property
    def short(self) -> str:
        """Its name without what nearly all names end with."""
        return self.entry.name.removesuffix(DEPARTMENT)

    @property
    def here(self) -> bool:
        """In the room now."""
        return self.stay is not None and self.stay.left_at is None

    @property
    def state(self) -> str:
        """``here``, ``left``, ``away``, or ``out`` for one that does not count."""
        if not self.entry.entitled:
            return "out"
        if self.stay is None:
            return "away"
        return "here" if self.here else "left"

    @property
    def word(self) -> str:
        """Its state in words, with the hour."""
        if self.stay is None:
            return "Not here" if self.entry.entitled else "Does not count"
        if self.stay.left_at is not None:
            return f"Left {services.clock(self.stay.left_at)}"
        return f"{'From afar' if self.stay.remote else 'Present'} {services.clock(self.stay.arrived_at)}"

    @property
    def look(self) -> str:
        """Which badge it bears."""
        return {"here": "active", "left": "ended", "away": "prospect", "out": "missing"}[self.state]

    @property
    def vote_word(self) -> str:
        """Its vote in words, while a roll call is taken."""
        if not self.voting or not (self.here or self.vote):
            return ""
        return str(self.vote.get_choice_display()) if self.vote else "No vote yet"

    @property
    def vote_look(self) -> str:
        """Which badge its vote bears."""
        known = {"for": "done", "against": "overdue", "abstain": "suspended"}
        return known[self.vote.choice] if self.vote else "applicant"


def whole(meeting: Meeting) -> bool:
    """Is the whole roll drawn? Of a very long one only what is looked for. One query."""
    return RollEntry.objects.filter(meeting=meeting).count() <= SHOWN


def cells_of(
    meeting: Meeting, motion: Motion | None, only: Collection[int] | None = None, query: str = ""
) -> list[Cell]:
    """The roll by name, with presence and votes: as much as is drawn, some, or those found. At most four queries."""
    rows = RollEntry.objects.filter(meeting=meeting).order_by("name", "pk")
    if only is not None:
        entries = list(rows.filter(pk__in=only))
    elif query:
        word = Q(name__istartswith=query) | Q(name__icontains=f" {query}")
        person = Q(representative__istartswith=query) | Q(representative__icontains=f" {query}")
        entries = list(rows.filter(word | person)[:FOUND])
    else:
        entries = list(rows[: SHOWN if whole(meeting) else FOUND])
    stays: dict[int, Attendance] = {}
    for stay in Attendance.objects.filter(entry__in=entries, undone=False).order_by("arrived_at", "pk"):
        stays[stay.entry_id] = stay
    voting = motion is not None and motion.state == Motion.State.VOTING and motion.method == Motion.Method.ROLL_CALL
    votes: dict[int, Vote] = {}
    if voting:
        votes = {vote.entry_id: vote for vote in Vote.objects.filter(motion=motion, entry__in=entries)}
    return [Cell(entry, stays.get(entry.pk), votes.get(entry.pk), voting) for entry in entries]


def proposals(meeting: Meeting) -> QuerySet[RollEntry]:
    """Those on the roll who count, by name."""
    rows: QuerySet[RollEntry] = RollEntry.objects.filter(meeting=meeting, entitled=True).order_by("name", "pk")
    return rows


# The bar


@dataclass(frozen=True)
class Bar:
    """Present, needed, entitled; whether the quorum stands, and since when."""

    what: WhatIf | None
    by_hand: Finding[bool] | None
    turns: tuple[Turn, ...]
    pause: Pause | None

    @property
    def stands(self) -> bool | None:
        """Is a quorum present? None where it is not determined."""
        finding = self.what.quorum if self.what is not None else self.by_hand
        return finding.value if finding is not None else None

    @property
    def look(self) -> str:
        """Which badge it bears."""
        return BADGES[self.stands]

    @property
    def word(self) -> str:
        """In words."""
        return QUORUM[self.stands]

    @property
    def since(self) -> str:
        """At what minute it was gained or lost; how many are wanting while it never stood."""
        if self.turns:
            last = self.turns[-1]
            return f"{'gained' if last.stands else 'lost'} at {services.clock(last.at)}"
        if self.what is not None and self.what.wanting:
            return f"{self.what.wanting} more must come"
        return ""


def bar_of(meeting: Meeting) -> Bar:
    """The bar above the page."""
    what = services.what_if(meeting)
    by_hand = services.quorum_of(meeting) if what is None else None
    pause = next((one for one in meeting.pauses.all() if one.until_at is None), None)
    return Bar(what, by_hand, services.quorum_turns(meeting), pause)


# The floor


def motions_of(meeting: Meeting) -> QuerySet[Motion]:
    """The motions of the meeting with all that the page reads."""
    about = (
        "application__agency", "proceeding__participation__agency", "objection__agency", "minutes__meeting",
        "proposed_bylaws", "nominee__agency", "amends", "seat",
    )  # fmt: skip
    found = Motion.objects.filter(meeting=meeting).select_related("mover", "seconder", "item", "bylaws", *about)
    return found.prefetch_related("bylaws__thresholds", "amendments")


def motion_on_the_floor(meeting: Meeting) -> Motion | None:
    """The motion being voted on; else the latest one pending; else the one decided last."""
    return _motions_before(meeting)[0]


def _motions_before(meeting: Meeting) -> tuple[Motion | None, Motion | None]:
    """The motion on the floor, and the one decided last."""
    found: list[Motion] = list(motions_of(meeting).exclude(state=Motion.State.WITHDRAWN))
    for motion in found:
        motion.meeting = meeting
    voting = [motion for motion in found if motion.state == Motion.State.VOTING]
    pending = [motion for motion in found if motion.state == Motion.State.PENDING]
    decided = [motion for motion in found if motion.decided_at]
    last: Motion | None = max(decided, key=lambda motion: (motion.decided_at, motion.number), default=None)
    current = voting or pending
    return (current[-1] if current else last), last


@dataclass(frozen=True)
class Floor:
    """What is before the meeting: a motion, or an election."""

    motion: Motion | None
    election: Election | None = None
    standing: Finding[Standing] | None = None
    conditions: Finding[bool] | None = None
    outcome: Finding[bool] | None = None
    before: Motion | None = None
    before_outcome: Finding[bool] | None = None

    @property
    def ballot(self) -> list[tuple[str, int]]:
        """The votes on the last ballot of the election, most first; empty before one is taken."""
        rounds = self.election.rounds_of_rules() if self.election is not None else []
        return rounds[-1].ranked if rounds else []

    @property
    def item(self) -> AgendaItem | None:
        """The item of the agenda that it belongs to; None where it has none."""
        if self.election is not None:
            return self.election.item
        return self.motion.item if self.motion is not None else None

    @property
    def before_matters(self) -> bool:
        """Was the motion decided last made after the one now pending, as an amendment to it is?"""
        return self.before is not None and self.motion is not None and self.before.number > self.motion.number

    @property
    def before_word(self) -> str:
        """The outcome of the motion decided last, in words."""
        return state_word(self.before) if self.before is not None else ""

    @property
    def state_look(self) -> str:
        """Which badge the motion bears."""
        return MOTION_LOOKS[self.motion.state] if self.motion is not None else ""

    @property
    def state_word(self) -> str:
        """Its state in words."""
        return state_word(self.motion) if self.motion is not None else ""


MOTION_LOOKS: Mapping[str, str] = {
    "pending": "applicant",
    "voting": "notice_pending",
    "carried": "done",
    "failed": "overdue",
    "withdrawn": "ended",
}


def state_word(motion: Motion) -> str:
    """The state of a motion as people say it: put to a vote, carried, not carried; out of order where it is."""
    word = {"voting": "Vote being taken", "failed": "Not carried"}.get(motion.state, str(motion.get_state_display()))
    if motion.out_of_order and motion.stands is None and motion.decided:
        return f"{word}, out of order: without effect"
    return word


def floor_of(meeting: Meeting) -> Floor:
    """What is before the meeting, with its Finding: may it be put, or did it carry."""
    motion, last = _motions_before(meeting)
    election = _election_on_the_floor(meeting, motion)
    standing = services.standing_of(election) if election is not None else None
    if motion is None:
        return Floor(None, election, standing)
    if motion.decided:
        return Floor(motion, election, standing, outcome=services.outcome_of(motion))
    pending = motion.state == Motion.State.PENDING and not _closed(meeting)
    conditions = services.preconditions(motion) if pending else None
    before = services.outcome_of(last) if last is not None else None
    return Floor(motion, conditions=conditions, before=last, before_outcome=before)


def _closed(meeting: Meeting) -> bool:
    return phase_of(meeting) == CLOSED


def _election_on_the_floor(meeting: Meeting, motion: Motion | None) -> Election | None:
    """The election balloted on last, where no motion came after that ballot."""
    if motion is not None and not motion.decided:
        return None
    balloted: dict[datetime, Election] = {}
    for election in Election.objects.whole().filter(meeting=meeting):
        election.meeting = meeting
        moments = [ballot.taken_at for ballot in election.ballots.all()]
        last = election.decided_at or max(moments, default=None)
        if last is not None:
            balloted[last] = election
    if not balloted or (motion is not None and motion.decided_at is not None and motion.decided_at > max(balloted)):
        return None
    return balloted[max(balloted)]


@dataclass(frozen=True)
class Figures:
    """What carries the motion on the floor, and how the vote stands; it changes with every arrival and vote."""

    needed: Needed | None
    present: int
    ayes: int | None = None
    nays: int | None = None
    abstentions: int | None = None
    waiting: int = 0
    names: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """How many ayes carry it, in words; empty where nothing is to be carried."""
        if self.needed is None:
            return ""
        if self.needed.ayes is None:
            return f"It cannot carry with {self.present} present: {self.needed.rule}"
        return f"{self.needed.ayes} {'aye carries' if self.needed.ayes == 1 else 'ayes carry'} it: {self.needed.rule}"

    @property
    def more(self) -> int:
        """How many of those who have not voted are not named."""
        return self.waiting - len(self.names)


def figures_of(meeting: Meeting, motion: Motion | None) -> Figures | None:
    """The figures of the motion on the floor; None where none is open."""
    if motion is None or motion.decided or _closed(meeting):
        return None
    voting = motion.state == Motion.State.VOTING and motion.method == Motion.Method.ROLL_CALL
    tally = motion.tally if voting else None
    what = services.what_if(meeting, against=tally.nays if tally else 0)
    needed = next((one for one in what.ayes if one.decision is motion.decision), None) if what else None
    present = what.house.present if what else 0
    if tally is None:
        return Figures(needed, present)
    silent = RollEntry.objects.filter(meeting=meeting).with_presence().filter(here=True)
    silent = silent.exclude(votes__motion=motion).order_by("name", "pk")
    names = tuple(entry.name.removesuffix(DEPARTMENT) for entry in silent[:NAMED])
    waiting = max(len(names), present - tally.cast - tally.abstentions)
    return Figures(needed, present, tally.ayes, tally.nays, tally.abstentions, waiting, names)


# The agenda


@dataclass(frozen=True)
class Line:
    """One item of the agenda with what was moved under it."""

    item: AgendaItem
    number: str
    depth: int
    motions: tuple[tuple[Motion, str, str], ...]
    current: bool


def agenda_of(meeting: Meeting, current: AgendaItem | None = None) -> list[Line]:
    """The agenda in its order, numbered, with the motions of each item. Two queries."""
    items = list(AgendaItem.objects.standing().filter(meeting=meeting).order_by("position", "pk"))
    moved: dict[int | None, list[tuple[Motion, str, str]]] = {}
    for motion in Motion.objects.filter(meeting=meeting).order_by("number"):
        moved.setdefault(motion.item_id, []).append((motion, MOTION_LOOKS[motion.state], state_word(motion)))
    below: dict[int | None, list[AgendaItem]] = {}
    known = {item.pk for item in items}
    for item in items:
        below.setdefault(item.parent_id if item.parent_id in known else None, []).append(item)

    def walk(above: int | None, before: str, depth: int) -> Iterator[Line]:
        for place, item in enumerate(below.get(above, []), 1):
            number = f"{before}{place}"
            here = current is not None and item.pk == current.pk
            yield Line(item, number, depth, tuple(moved.get(item.pk, ())), here)
            yield from walk(item.pk, f"{number}.", depth + 1)

    return list(walk(None, "", 0))


def motions_without_item(meeting: Meeting) -> list[tuple[Motion, str, str]]:
    """Motions that belong to no item of the agenda, with their badges."""
    rows = Motion.objects.filter(meeting=meeting, item__isnull=True).order_by("number")
    return [(motion, MOTION_LOOKS[motion.state], state_word(motion)) for motion in rows]
