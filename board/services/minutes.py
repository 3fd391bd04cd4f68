"""Minutes: composed from agenda, roll and votes; circulated, approved, then frozen; and the clocks that run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localtime

from board.models import (
    AgendaItem,
    ApprovedMinutes,
    Attendance,
    Ballot,
    Election,
    Meeting,
    Minutes,
    MinutesCorrection,
    Motion,
)
from board.rules import clocks
from board.services import quorum
from board.services.meetings import clock
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Finding
from nipas_admin.shared.records import saved

Row = TypeVar("Row", Motion, Election)


def compose(meeting: Meeting) -> dict[str, Any]:
    """What the minutes of the meeting say, as plain data: once approved, exactly what was frozen.

    Attendance with arrivals and departures, every item with the Secretary's paragraph, every vote with its
    arithmetic, and every election ballot by ballot. The same number of queries for 10 and for 18,000 members,
    but for each motion.
    """
    minutes = Minutes.objects.select_related("approved").filter(meeting=meeting).first()
    if minutes is not None and minutes.frozen:
        return minutes.approved.data  # type: ignore[no-any-return]
    motions = _by_item(_motions(meeting))
    elections = _by_item(Election.objects.whole().filter(meeting=meeting))
    return {
        "meeting": {
            "body": meeting.body.value,
            "title": meeting.gathering.label,
            "on": meeting.on.isoformat(),
            "place": meeting.place,
            "called_for": _moment(meeting.starts_at),
            "called_to_order": _moment(meeting.called_to_order_at),
            "adjourned": _moment(meeting.adjourned_at),
            "presiding": _person(meeting.presiding, meeting.presiding_as),
            "secretary": _person(meeting.secretary, ""),
            "bylaws": meeting.bylaws.title if meeting.bylaws else None,
            "purpose": meeting.purpose,
            "notice": f"{in_words(meeting.notice_on)}: {meeting.notice_to}" if meeting.notice_on else None,
        },
        "opening": minutes.opening if minutes else "",
        "closing": minutes.closing if minutes else "",
        "quorum": _quorum(meeting),
        "pauses": [
            {
                "why": pause.get_why_display(),
                "from": _moment(pause.from_at),
                "until": _moment(pause.until_at),
                "note": pause.note,
            }
            for pause in meeting.pauses.all()
        ],
        "attendance": _attendance(meeting),
        "items": _items(meeting, motions, elections),
        "motions": [_motion(motion) for of_item in motions.values() for motion in of_item],
        "elections": [_election(election) for of_item in elections.values() for election in of_item],
    }


def _moment(moment: datetime | None) -> str | None:
    return localtime(moment).isoformat(timespec="minutes") if moment else None


def _person(official: Any, capacity: str) -> str | None:
    if official is None:
        return None
    return ", ".join(part for part in (official.name, capacity, official.agency.name) if part)


def _quorum(meeting: Meeting) -> dict[str, Any]:
    """The quorum as first gained, or as it stood at the call to order, and every moment it was gained or lost."""
    turns = quorum.quorum_turns(meeting)
    gained_at = next((turn.at for turn in turns if turn.stands), meeting.called_to_order_at)
    return {
        "finding": quorum.quorum_of(meeting, gained_at).as_dict(),
        "needed": quorum.quorum_needed(meeting),
        "entitled": meeting.entitled,
        "turns": [{"at": _moment(turn.at), "present": turn.present, "stands": turn.stands} for turn in turns],
    }


def _attendance(meeting: Meeting) -> list[dict[str, Any]]:
    """Every member of the roll with each stay; those who never came with none."""
    stays: dict[int, list[Attendance]] = {}
    for stay in Attendance.objects.filter(meeting=meeting, undone=False):
        stays.setdefault(stay.entry_id, []).append(stay)
    return [
        {
            "name": entry.name,
            "representative": entry.representative,
            "entitled": entry.entitled,
            "settled_because": entry.settled_because,
            "recused": entry.recused,
            "stays": [
                {"arrived": _moment(stay.arrived_at), "left": _moment(stay.left_at), "remote": stay.remote}
                for stay in stays.get(entry.pk, [])
            ],
        }
        for entry in meeting.roll.all()
    ]


def _motions(meeting: Meeting) -> Any:
    return (
        Motion.objects.filter(meeting=meeting)
        .select_related("meeting__bylaws", "bylaws", "mover", "seconder", "amends")
        .prefetch_related("bylaws__thresholds")
        .order_by("number")
    )


def _by_item(rows: Iterable[Row]) -> dict[int | None, list[Row]]:
    found: dict[int | None, list[Row]] = {}
    for row in rows:
        found.setdefault(row.item_id, []).append(row)
    return found


def _items(
    meeting: Meeting, motions: dict[int | None, list[Motion]], elections: dict[int | None, list[Election]]
) -> list[dict[str, Any]]:
    """The agenda as a tree in its order, each item with its paragraph, its motions and its elections.

    What is placed here is taken out of ``motions`` and ``elections``; what hangs on no item, or on one left out, stays.
    """
    below: dict[int | None, list[AgendaItem]] = {}
    for item in meeting.agenda.standing().order_by("position", "pk"):
        below.setdefault(item.parent_id, []).append(item)

    def branch(parent: int | None) -> list[dict[str, Any]]:
        return [
            {
                "title": item.title,
                "sponsor": item.sponsor,
                "paragraph": item.minutes_text,
                "carried_over": item.carry_over,
                "motions": [_motion(motion) for motion in motions.pop(item.pk, [])],
                "elections": [_election(election) for election in elections.pop(item.pk, [])],
                "items": branch(item.pk),
            }
            for item in below.get(parent, [])
        ]

    return branch(None)


def _motion(motion: Motion) -> dict[str, Any]:
    from board.services.outcomes import outcome_of

    tally = motion.tally
    return {
        "number": motion.number,
        "kind": motion.what.label,
        "text": motion.text,
        "moved_by": motion.mover.name if motion.mover else None,
        "seconded_by": motion.seconder.name if motion.seconder else None,
        "amends": motion.amends.number if motion.amends else None,
        "state": motion.get_state_display(),
        "method": motion.get_method_display() if motion.method else None,
        "declared": _moment(motion.decided_at),
        "tally": str(tally) if tally else None,
        "finding": outcome_of(motion).as_dict(),
        "out_of_order": motion.out_of_order,
        "did": motion.acted or None,
        "votes": [
            {"name": vote.entry.name, "choice": vote.get_choice_display()}
            for vote in motion.votes.select_related("entry")
        ]
        if motion.method == Motion.Method.ROLL_CALL
        else [],
    }


def _election(election: Election) -> dict[str, Any]:
    from board.services.elections import standing_of

    finding = standing_of(election)
    standing = finding.value
    return {
        "office": str(election.seat),
        "method": election.get_method_display(),
        "nominees": [
            {"name": nominee.official.name, "agency": nominee.official.agency.name, "by": nominee.get_by_display()}
            for nominee in election.nominees.all()
            if not nominee.declined
        ],
        "ballots": [_ballot(ballot) for ballot in election.ballots.all()],
        "elected": election.winner.official.name if election.winner else None,
        "stage": standing.stage.label if standing else None,
        "because": [fact.as_dict() for fact in finding.because],
        "missing": list(finding.missing),
        "flags": [fact.as_dict() for fact in finding.flags],
    }


def _ballot(ballot: Ballot) -> dict[str, Any]:
    """The report of the tellers."""
    return {
        "number": ballot.number,
        "taken": _moment(ballot.taken_at),
        "present": ballot.present,
        "votes": [{"name": count.nominee.official.name, "votes": count.votes} for count in ballot.counts.all()],
        "blanks": ballot.blanks,
        "illegal": ballot.illegal,
        "settled_because": ballot.settled_because or None,
    }


# From draft to approved


@transaction.atomic
def circulate(*, minutes: Minutes, on: date, to: str) -> Minutes:
    """Record that the draft went out. Raises ValidationError before the meeting is adjourned, and once approved."""
    minutes = Minutes.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=minutes.pk)
    if minutes.frozen:
        raise ValidationError("These minutes are approved already.")
    if minutes.meeting.adjourned_at is None:
        raise ValidationError("The meeting is not adjourned: its minutes are not complete.")
    if on < minutes.meeting.on:
        raise ValidationError({"on": f"The meeting was on {in_words(minutes.meeting.on)}."})
    minutes.circulated_on, minutes.circulated_to = on, to
    return saved(minutes)


@transaction.atomic
def approve(*, minutes: Minutes, motion: Motion) -> ApprovedMinutes:
    """Freeze the minutes as a motion approved them: their content under its SHA-256, never changed again."""
    minutes = Minutes.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=minutes.pk)
    if minutes.frozen:
        raise ValidationError({"minutes": f"{minutes} are approved already."})
    if motion.minutes_id != minutes.pk or not motion.effective:
        raise ValidationError(
            {"motion": f"{minutes} are approved by a motion about them that carried (Bylaws Art. VI §3)."}
        )
    if minutes.meeting.adjourned_at is None:
        raise ValidationError({"minutes": "That meeting is not adjourned: its minutes are not complete."})
    content = json.dumps(compose(minutes.meeting), ensure_ascii=False, sort_keys=True)
    return saved(
        ApprovedMinutes(
            minutes=minutes, motion=motion, approved_on=motion.meeting.on, content=content,
            sha256=hashlib.sha256(content.encode()).hexdigest(),
        )
    )  # fmt: skip


@transaction.atomic
def correct(*, minutes: Minutes, on: date, text: str, motion: Motion | None = None) -> MinutesCorrection:
    """Record a correction beside approved minutes. Raises ValidationError while they are a draft."""
    return saved(MinutesCorrection(minutes=minutes, corrected_on=on, text=text, motion=motion))


@transaction.atomic
def open_to_public(*, minutes: Minutes, on: date) -> Minutes:
    """Record that approved minutes were posted or laid open. Raises ValidationError before their approval."""
    minutes = Minutes.objects.select_for_update(of=("self",)).get(pk=minutes.pk)
    if not minutes.frozen:
        raise ValidationError("These minutes are not approved yet: only approved minutes are opened to the public.")
    if on < minutes.approved.approved_on:
        raise ValidationError({"on": f"They were approved on {in_words(minutes.approved.approved_on)}."})
    minutes.public_on = on
    return saved(minutes)


# Clocks


@dataclass(frozen=True)
class Clock:
    """One clock of the Open Meetings Act on one meeting: what is due, by when, whether it was done, and why."""

    what: str
    due_at: datetime | None
    due_on: date | None
    done: bool | None
    finding: Finding[Any]

    @property
    def due(self) -> str:
        """When it is due, in words."""
        if self.due_at is not None:
            return f"{in_words(localtime(self.due_at).date())}, {clock(self.due_at)}"
        return in_words(self.due_on)


def clocks_run() -> bool:
    """Are the clocks of the Open Meetings Act shown? A setting: whether the act binds the body is for its counsel."""
    return bool(settings.OPEN_MEETINGS_CLOCKS)


def clocks_of(meeting: Meeting) -> list[Clock]:
    """The clocks that run on a meeting; none when the setting turns them off, or the meeting was cancelled."""
    if not clocks_run() or meeting.cancelled_on:
        return []
    return list(_clocks(meeting))


def _clocks(meeting: Meeting) -> Iterator[Clock]:
    due_at = clocks.agenda_due_at(localtime(meeting.starts_at))
    posted = meeting.agenda_posted_at
    yield Clock(
        "Post the agenda",
        due_at,
        None,
        None if posted is None else posted <= due_at,
        clocks.agenda_clock(due_at, posted),
    )
    minutes = Minutes.objects.select_related("approved").filter(meeting=meeting).first()
    if minutes is None or meeting.adjourned_at is None:
        return
    regular = Meeting.objects.standing().of_body(meeting.kind).after(meeting).filter(regular=True)[1:2]
    second = next((found.on for found in regular), None)
    finding = clocks.minutes_due_on(meeting.on, second)
    approved_on = minutes.approved.approved_on if minutes.frozen else None
    done = None if approved_on is None or finding.value is None else approved_on <= finding.value
    yield Clock("Approve the minutes", None, finding.value, done, finding)
    if approved_on is not None:
        public = clocks.public_clock(approved_on)
        done = None if minutes.public_on is None or public.value is None else minutes.public_on <= public.value
        yield Clock("Open the minutes to the public", None, public.value, done, public)
