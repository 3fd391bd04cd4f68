"""Meetings: called, copied, opened with a frozen roll, watched, adjourned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.timezone import localtime

from board.models import (
    AgendaItem,
    Attendance,
    BylawsVersion,
    Election,
    Meeting,
    Minutes,
    Motion,
    Objection,
    OperationalPlan,
    Pause,
    RollEntry,
)
from board.querysets import AsItStands
from board.rules import quorum as rules
from board.rules.motions import Gathering
from board.rules.quorum import House, Presence, Turn
from board.rules.terms import Body, BylawsTerms
from board.services.seats import board_on, terms_on
from documents.models import Paper
from membership.models import Agency, Official
from membership.rules.facts import Status
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.records import saved


def locked(meeting: Meeting) -> Meeting:
    """The meeting, locked so that what two clerks do in it follows one after the other."""
    return Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)  # type: ignore[no-any-return]


# Calling


@transaction.atomic
def call_meeting(*, copy_of: Meeting | None = None, **fields: Any) -> Meeting:
    """Call a meeting and begin its agenda: what the last one like it had, and what waits for a meeting of this body.

    ``fields`` are those of the Meeting. Raises ValidationError when no bylaws cover the day.
    """
    meeting = Meeting(copied_from=copy_of, **fields)
    saved(meeting)
    if copy_of is not None:
        _copy_agenda(copy_of, meeting)
    refresh_coming()
    return meeting


def _copy_agenda(source: Meeting, meeting: Meeting) -> None:
    copies: dict[int, AgendaItem] = {}
    # What was not finished comes by itself.
    entered = source.agenda.standing().filter(source=AgendaItem.Source.ENTERED, carry_over=False)
    items = entered.order_by("parent_id", "position", "pk")
    for item in sorted(items, key=_depth):
        copy = AgendaItem(
            meeting=meeting, parent=copies.get(item.parent_id or 0), position=item.position, title=item.title,
            detail=item.detail, minutes_allotted=item.minutes_allotted, sponsor=item.sponsor,
        )  # fmt: skip
        copies[item.pk] = saved(copy)


def _depth(item: AgendaItem) -> tuple[int, int, int]:
    depth, above = 0, item.parent
    while above is not None:
        depth, above = depth + 1, above.parent
    return depth, item.position, item.pk


def refresh_coming() -> None:
    """Put what waits on the agenda of the next meeting of each body; called whenever something begins to wait."""
    for kind in (Gathering.BOARD.value, Gathering.ANNUAL.value):
        of_body = Meeting.objects.standing().of_body(kind)
        coming = of_body.filter(called_to_order_at__isnull=True)
        last_held = of_body.filter(called_to_order_at__isnull=False).aggregate(last=Max("starts_at"))["last"]
        next_one = coming.filter(**{"starts_at__gt": last_held} if last_held else {}).order_by("starts_at").first()
        if next_one is not None:
            refresh_agenda(next_one)


@transaction.atomic
def refresh_agenda(meeting: Meeting, *, opening: bool = False) -> list[AgendaItem]:
    """Put on the agenda what belongs there by itself and is not there yet; what was left out stays out.

    Items carried over from the last meeting of the same body, open objections (Bylaws Art. IV §8), minutes to
    approve, and operational plans that are due. Returns what was added. Nothing happens once called to order. What
    comes on the agenda of a special meeting after its call, or as it opens, is not named in the call.
    """
    meeting = locked(meeting)
    if meeting.called_to_order_at is not None or meeting.cancelled_on:
        return []
    wanted: list[AgendaItem] = []
    same = Meeting.objects.standing().of_body(meeting.kind)
    held = same.filter(called_to_order_at__isnull=False, starts_at__lt=meeting.starts_at)
    known = meeting.agenda.all()
    carried = AgendaItem.objects.standing().waiting().filter(meeting__in=held)
    for item in carried.select_related("meeting").order_by("meeting__starts_at", "position"):
        wanted.append(
            AgendaItem(title=item.title, detail=item.detail, sponsor=item.sponsor, came_from=item,
                       source=AgendaItem.Source.CARRIED_OVER)
        )  # fmt: skip
    if meeting.body is Body.ASSEMBLY:
        here = known.filter(objection__isnull=False).values("objection")
        for objection in Objection.objects.open_on(meeting.on).exclude(pk__in=here).select_related("agency"):
            title = f"Objection of {objection.agency}"
            wanted.append(
                AgendaItem(title=title[:200], detail=objection.against, sponsor=objection.agency.name[:120],
                           objection=objection, source=AgendaItem.Source.OBJECTION)
            )  # fmt: skip
    here = known.filter(minutes_of__isnull=False).values("minutes_of")
    for minutes in (
        Minutes.objects.unapproved().filter(meeting__in=held.filter(adjourned_at__isnull=False)).exclude(pk__in=here)
    ):
        wanted.append(
            AgendaItem(title=f"Approve: {minutes}"[:200], minutes_of=minutes, source=AgendaItem.Source.MINUTES)
        )
    if meeting.body is Body.BOARD:
        here = known.filter(plan__isnull=False).values("plan")
        due = OperationalPlan.objects.in_use_on(meeting.on).with_next_due().filter(due_on__lte=meeting.on)
        for plan in due.exclude(pk__in=here):
            wanted.append(
                AgendaItem(title=f"{plan}: review due {in_words(plan.due_on)}"[:200], plan=plan,
                           source=AgendaItem.Source.PLAN)
            )  # fmt: skip
    last = known.filter(parent__isnull=True).aggregate(last=Max("position"))["last"] or 0
    for offset, item in enumerate(wanted, 1):
        item.meeting, item.position = meeting, last + offset
        item.named_in_call = not (meeting.call_is_out or (opening and meeting.gathering is Gathering.SPECIAL))
        saved(item)
    return wanted


@transaction.atomic
def send_notice(*, meeting: Meeting, on: date, to: str) -> Meeting:
    """Record that the notice was sent, and to whom. Raises ValidationError for a day after the meeting."""
    meeting = locked(meeting)
    if meeting.cancelled_on:
        raise ValidationError(f"This meeting was cancelled on {in_words(meeting.cancelled_on)}.")
    if on > meeting.on:
        raise ValidationError({"on": f"The meeting is on {in_words(meeting.on)}: its notice is sent before."})
    meeting.notice_on, meeting.notice_to = on, to
    return saved(meeting)


@transaction.atomic
def cancel(*, meeting: Meeting, on: date, because: str) -> Meeting:
    """Cancel a meeting that was not called to order yet."""
    meeting = locked(meeting)
    if meeting.called_to_order_at is not None:
        raise ValidationError("A meeting that was called to order is adjourned, not cancelled.")
    if not because.strip():
        raise ValidationError({"because": "Say why: those who were invited will ask."})
    meeting.cancelled_on, meeting.cancelled_because = on, because.strip()
    return saved(meeting)


# The roll


@dataclass(frozen=True)
class Roll:
    """Who would be entitled on a day: those who surely are, and those whose status is not determined."""

    entitled: tuple[RollEntry, ...]
    undetermined: tuple[RollEntry, ...]
    seats: int = 0


def roll_on(meeting: Meeting, day: date | None = None) -> Roll:
    """The roll of the meeting as it would be frozen: active agencies, or Board members in office, on the day.

    Entries are not saved. Raises ValidationError where no bylaws cover the day.
    """
    day = day or meeting.on
    if meeting.body is Body.BOARD:
        board = board_on(day)
        return Roll(
            tuple(_seat_entry(meeting, one) for one in board.in_office),
            tuple(_seat_entry(meeting, one) for one in board.undetermined),
            board.terms.seats,
        )
    rows: Any = Agency.objects.all()
    statuses = (Status.ACTIVE.value, Status.NOT_DETERMINED.value)
    found = rows.with_status_on(day).filter(status__in=statuses).order_by("name")
    entries: dict[str, list[RollEntry]] = {status: [] for status in statuses}
    for agency in found:
        entries[agency.status].append(RollEntry(meeting=meeting, agency=agency, name=agency.name))
    return Roll(tuple(entries[statuses[0]]), tuple(entries[statuses[1]]))


def _seat_entry(meeting: Meeting, one: Any) -> RollEntry:
    holder = one.term.holder
    return RollEntry(
        meeting=meeting, agency=holder.agency, seat=one.seat, name=f"{holder.name}, {one.seat}",
        representative=holder.name, official=holder,
    )  # fmt: skip


Settled = Mapping[int, tuple[bool, str]]


@transaction.atomic
def call_to_order(
    *,
    meeting: Meeting,
    at: datetime,
    presiding: Official | None = None,
    presiding_as: str = "",
    secretary: Official | None = None,
    settled: Settled | None = None,
) -> Meeting:
    """Call the meeting to order: its bylaws and its entitled roll are fixed from here on.

    ``settled`` says, by agency's primary key, whether an agency of undetermined status counts, and why: the Secretary
    settles it on the record beforehand. Raises ValidationError, naming them, while one is open.
    """
    meeting = locked(meeting)
    if meeting.called_to_order_at is not None:
        raise ValidationError(f"This meeting was already called to order at {clock(meeting.called_to_order_at)}.")
    if meeting.cancelled_on:
        raise ValidationError(f"This meeting was cancelled on {in_words(meeting.cancelled_on)}.")
    refresh_agenda(meeting, opening=True)
    if localtime(at).date() != meeting.on:
        raise ValidationError(
            f"This meeting is called for {in_words(meeting.on)}. If it was put off, change the hour it is called for "
            "first: the day decides who is entitled (Bylaws Art. XIII §2)."
        )
    meeting.called_to_order_at = at
    meeting.bylaws = BylawsVersion.objects.governing_on(meeting.on)
    roll = roll_on(meeting)
    entries = [*roll.entitled, *_settled(roll.undetermined, settled or {})]
    if not any(entry.entitled for entry in entries):
        raise ValidationError(
            "Nobody is entitled to vote on this day: there is no active agency, or no Board member in office."
        )
    meeting.entitled = sum(entry.entitled for entry in entries)
    meeting.presiding, meeting.presiding_as, meeting.secretary = presiding, presiding_as, secretary
    saved(meeting)
    people = (
        representatives_on((entry.agency_id for entry in entries), meeting.on) if meeting.body is Body.ASSEMBLY else {}
    )
    for entry in entries:
        official = people.get(entry.agency_id)
        if official is not None:
            entry.official, entry.representative = official, official.name
    RollEntry.objects.bulk_create_with_history(entries, reason="Roll frozen at the call to order")
    Minutes.objects.get_or_create(meeting=meeting)
    return meeting


def representatives_on(agencies: Iterable[int], day: date) -> dict[int, Official]:
    """The chief executive officer of each agency on the day, by its primary key. One query."""
    rows = Official.objects.in_office_on(day).filter(agency__in=list(agencies), capacity=Official.Capacity.CHIEF)
    return {row.agency_id: row for row in rows.order_by("from_on", "pk")}


def _settled(open_ones: tuple[RollEntry, ...], settled: Settled) -> list[RollEntry]:
    wanting = [entry for entry in open_ones if not settled.get(entry.agency_id, (False, ""))[1].strip()]
    if wanting:
        raise ValidationError(
            [
                f"Whether {entry.name} is entitled is not determined. Settle it on the record before the call to "
                "order: count it or not, and say why (Bylaws Art. XIII §2)."
                for entry in wanting
            ]
        )
    for entry in open_ones:
        entry.entitled, entry.settled_because = settled[entry.agency_id]
    return list(open_ones)


def clock(moment: datetime) -> str:
    """The hour in Chicago as people write it: ``6:21 PM``."""
    return f"{localtime(moment):%I:%M %p}".lstrip("0")


# In session


def must_be_open(meeting: Meeting) -> None:
    """Raises ValidationError, in words, unless the meeting is in session."""
    said = {
        Meeting.State.SCHEDULED: "The meeting has not been called to order yet.",
        Meeting.State.SUSPENDED: "The meeting is suspended: resume it first (Bylaws Art. XI §3).",
        Meeting.State.ADJOURNED: "The meeting is adjourned: its roll and its votes stay as they are.",
        Meeting.State.CANCELLED: "The meeting was cancelled.",
    }.get(Meeting.State(meeting.state))
    if said:
        raise ValidationError(said)


def must_not_be_over(meeting: Meeting) -> Meeting:
    """The meeting. Raises ValidationError, in words, once it is adjourned or cancelled."""
    if meeting.adjourned_at is not None or meeting.cancelled_on is not None:
        over = "adjourned" if meeting.adjourned_at is not None else "cancelled"
        raise ValidationError(f"The meeting was {over}: bring it to a later one.")
    return meeting


def _in_session(entry: RollEntry, at: datetime) -> AsItStands:
    """The meeting locked and open, and all that a change of its roll at this moment asks about. Two queries."""
    here = RollEntry.objects.as_it_stands(entry.pk, at)
    if not here.opened:
        must_be_open(Meeting.objects.get(pk=entry.meeting_id))
    return here


@transaction.atomic
def arrive(*, entry: RollEntry, at: datetime, remote: bool = False) -> House:
    """Mark a member as present from this moment. Returns the house as it then is. The same few queries for any roll.

    Raises ValidationError when the member is not entitled, is there already, or a vote was declared after that moment.
    """
    here = _in_session(entry, at)
    if not entry.entitled:
        raise ValidationError(f"{entry.name} does not count at this meeting: {entry.settled_because}.")
    if here.stay_id is not None:
        raise ValidationError(f"{entry.name} is already marked as present.")
    _not_before(entry.meeting, here)
    if here.left_later:
        left = Attendance.objects.filter(entry=entry, undone=False).aggregate(last=Max("left_at"))["last"]
        raise ValidationError(
            f"{entry.name} left at {clock(left)}: nobody comes back before leaving. Give a later time."
        )
    try:
        Attendance(meeting_id=entry.meeting_id, entry=entry, arrived_at=at, remote=remote).save()
    except IntegrityError as error:
        raise ValidationError(f"{entry.name} is already marked as present.") from error
    return _house(entry.meeting, here.present + 1)


@transaction.atomic
def leave(*, entry: RollEntry, at: datetime) -> House:
    """Mark a member as gone from this moment. Refused while a vote of theirs stands in a vote being taken."""
    here = _in_session(entry, at)
    stay = _stay_of(entry, here)
    _not_before(entry.meeting, here)
    if at < stay.arrived_at:
        raise ValidationError(f"{entry.name} arrived at {clock(stay.arrived_at)}: nobody leaves before arriving.")
    stay.left_at = at
    stay.save()
    return _house(entry.meeting, here.present - 1)


@transaction.atomic
def undo_arrival(*, entry: RollEntry) -> House:
    """Take back a slip of the hand: the member never came. Refused once a vote was declared or cast in that stay."""
    here = _in_session(entry, entry.meeting.starts_at)
    stay = _stay_of(entry, here)
    declared = last_vote(entry.meeting)
    if declared is not None and declared >= stay.arrived_at:
        raise ValidationError(
            f"A vote was declared at {clock(declared)} with {entry.name} present: record that it left, instead."
        )
    stay.undone = True
    stay.save()
    return _house(entry.meeting, here.present - 1)


def _stay_of(entry: RollEntry, here: AsItStands) -> Attendance:
    """The stay that ends. Raises ValidationError for a member who is not there, or whose vote still stands."""
    if here.stay_id is None:
        raise ValidationError(f"{entry.name} is not marked as present.")
    if here.running is not None:
        raise ValidationError(
            f"{entry.name} has voted on motion {here.running}, whose result is not declared yet: nobody is marked "
            "absent while a vote of theirs stands."
        )
    stay: Attendance = Attendance.objects.get(pk=here.stay_id)
    return stay


def last_vote(meeting: Meeting) -> datetime | None:
    """The last moment at which a result was declared or a ballot taken; None before the first."""
    decided = Motion.objects.filter(meeting=meeting).aggregate(last=Max("decided_at"))["last"]
    balloted = Election.objects.filter(meeting=meeting).aggregate(last=Max("ballots__taken_at"))["last"]
    return max((moment for moment in (decided, balloted) if moment), default=None)


def _not_before(meeting: Meeting, here: AsItStands) -> None:
    if here.early:
        begun = Meeting.objects.get(pk=meeting.pk).called_to_order_at or meeting.starts_at
        raise ValidationError(f"The meeting was called to order at {clock(begun)}: give a later time.")
    declared = last_vote(meeting) if here.declared_later else None
    if declared is not None:
        raise ValidationError(
            f"A vote was declared at {clock(declared)}, with those present then: give a later time, so that its "
            "quorum stays as it was."
        )


def last_recorded(meeting: Meeting) -> datetime | None:
    """The last moment on record: the call to order, who came or left, a vote, a ballot or a pause; None before all."""
    moments = [meeting.called_to_order_at]
    for rows, *names in (
        (meeting.attendances.filter(undone=False), "arrived_at", "left_at"),
        (meeting.motions.all(), "put_at", "decided_at"),
        (Election.objects.filter(meeting=meeting), "ballots__taken_at", "decided_at"),
        (meeting.pauses.all(), "from_at", "until_at"),
    ):
        moments += rows.order_by().aggregate(*map(Max, names)).values()
    return max((moment for moment in moments if moment), default=None)


def must_follow(meeting: Meeting, at: datetime, what: str) -> None:
    """Raises ValidationError when something later is on record than the moment ``what`` happens."""
    last = last_recorded(meeting)
    if last is not None and at < last:
        raise ValidationError(f"Something is recorded at {clock(last)}: {what} at that time or later.")


@transaction.atomic
def represent(
    *, entry: RollEntry, representative: str, official: Official | None = None, designation: Paper | None = None
) -> RollEntry:
    """Record who answers for the member: its chief executive officer, or a designee with the paper on file."""
    meeting = locked(entry.meeting)
    must_be_open(meeting)
    if official is not None and official.agency_id != entry.agency_id:
        raise ValidationError(
            {"official": f"{official.name} is of another agency; there are no proxies (Bylaws Art. XIII §1)."}
        )
    entry = RollEntry.objects.select_related("meeting", "agency").get(pk=entry.pk)
    entry.representative = (representative or (official.name if official else "")).strip()
    entry.official = official
    entry.designation = designation or entry.designation
    return saved(entry)


@transaction.atomic
def recuse(*, entry: RollEntry, note: str) -> RollEntry:
    """Note a recusal; the member stays in the base (Reading R12)."""
    must_be_open(locked(entry.meeting))
    entry.recused = note.strip()
    return saved(entry)


@transaction.atomic
def suspend(*, meeting: Meeting, at: datetime, why: str, note: str = "") -> Meeting:
    """Let the meeting stand still: for law-enforcement activities (Bylaws Art. XI §3), or a recess."""
    meeting = locked(meeting)
    must_be_open(meeting)
    if meeting.motions.filter(state=Motion.State.VOTING).exists():
        raise ValidationError("A vote is being taken: declare its result, or take the motion back, first.")
    must_follow(meeting, at, "suspend it")
    saved(Pause(meeting=meeting, why=why, from_at=at, note=note))
    return meeting


@transaction.atomic
def resume(*, meeting: Meeting, at: datetime) -> Meeting:
    """Let the meeting go on."""
    meeting = locked(meeting)
    pause = meeting.pauses.filter(until_at__isnull=True).first()
    if pause is None:
        raise ValidationError("The meeting does not stand still.")
    must_follow(meeting, at, "resume")
    pause.until_at = at
    saved(pause)
    return meeting


@transaction.atomic
def adjourn(*, meeting: Meeting, at: datetime) -> Meeting:
    """Adjourn: everybody still there leaves, and roll and votes stay as they are."""
    meeting = locked(meeting)
    must_be_open(meeting)
    if meeting.motions.filter(state=Motion.State.VOTING).exists():
        raise ValidationError("A vote is being taken: declare its result, or take the motion back, first.")
    stays = list(Attendance.objects.in_the_room().filter(meeting=meeting))
    late = max((stay.arrived_at for stay in stays), default=at)
    last = max(moment for moment in (late, last_vote(meeting), at) if moment)
    if at < last:
        raise ValidationError(f"Something is recorded at {clock(last)}: adjourn at that time or later.")
    for stay in stays:
        stay.left_at = at
    Attendance.objects.bulk_update_with_history(stays, ["left_at"], reason="Adjourned")
    meeting.adjourned_at = at
    saved(meeting)
    refresh_coming()
    return meeting


# Quorum


def house_now(meeting: Meeting) -> House:
    """Those entitled and those in the room at this moment. One query once the roll is frozen."""
    present = Attendance.objects.in_the_room().filter(meeting=meeting).count()
    return _house(meeting, present)


def house_at(meeting: Meeting, moment: datetime) -> House:
    """Those entitled and those in the room at a moment of the meeting."""
    return _house(meeting, Attendance.objects.at(moment).filter(meeting=meeting).count())


def _house(meeting: Meeting, present: int) -> House:
    return House(meeting.body, present, meeting.entitled or 0, seats=_seats(meeting))


def _seats(meeting: Meeting) -> int:
    """All seats of the Board at its own meetings; 0 at others, and where the figures are not known."""
    if meeting.body is not Body.BOARD or meeting.bylaws is None:
        return 0
    return meeting.bylaws.seats


def house_before(meeting: Meeting, day: date | None = None) -> House:
    """The house as it would be on the day, before the call to order: nobody there yet."""
    roll = roll_on(meeting, day)
    return House(meeting.body, 0, len(roll.entitled), len(roll.undetermined), roll.seats)


def terms_of(meeting: Meeting) -> BylawsTerms | None:
    """The figures under which the meeting runs; None where they are not known. Before it opens, those of its day."""
    if meeting.bylaws is not None:
        return meeting.bylaws.terms
    try:
        return terms_on(meeting.on)[1]
    except ValidationError:
        return None


def quorum_of(meeting: Meeting, at: datetime | None = None) -> Finding[bool]:
    """Is a quorum present: now, at a moment, or, before the call to order, how many would be needed; and why."""
    terms = terms_of(meeting)
    if terms is None:
        return _by_hand(meeting)
    if meeting.called_to_order_at is None:
        return rules.quorum(house_before(meeting), terms)
    return rules.quorum(house_at(meeting, at) if at else house_now(meeting), terms)


def _by_hand(meeting: Meeting) -> Finding[bool]:
    if meeting.quorum_by_hand is None:
        return Finding(None, (), ("the quorum, recorded by hand: the figures of the bylaws in force are not known",))
    said = "a quorum was present" if meeting.quorum_by_hand else "no quorum was present"
    return Finding(meeting.quorum_by_hand, (Fact(f"recorded by hand: {said} ({meeting.by_hand_because})"),))


def quorum_needed(meeting: Meeting) -> int | None:
    """How many must be there; None where the figures are not known."""
    terms = terms_of(meeting)
    if terms is None:
        return None
    house = house_now(meeting) if meeting.called_to_order_at else house_before(meeting)
    return rules.quorum_needed(meeting.body, house.entitled, terms)


def quorum_turns(meeting: Meeting) -> tuple[Turn, ...]:
    """Each moment at which the quorum was gained or lost; empty where the figures are not known.

    The adjournment, with which all who are still there leave, loses no quorum.
    """
    needed = quorum_needed(meeting) if meeting.called_to_order_at else None
    if needed is None:
        return ()
    stays = Attendance.objects.filter(meeting=meeting, undone=False).order_by().values_list("arrived_at", "left_at")
    end = meeting.adjourned_at
    presences = [Presence(arrived, None if left == end else left) for arrived, left in stays]
    return rules.quorum_turns(presences, needed)
