"""Does the Board's part of the register still hold what the rules give? Counts, outcomes, terms and seals, again."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import pairwise

from django.db.models import Count, Model

from board.models import (
    ApprovedMinutes,
    Attendance,
    BylawsVersion,
    Dissolution,
    Election,
    Meeting,
    Motion,
    OfficeTerm,
    RollEntry,
    Vote,
)
from board.rules.elections import Stage
from board.rules.motions import Kind, dissolved_by
from board.rules.seats import nominal_end
from board.rules.terms import Body, BylawsTerms, NoBylaws, governing
from board.rules.votes import Tally
from board.services import outcome_of, roll_on
from board.services.elections import standing_of
from membership.models import Application
from membership.verification import CHUNK, Drift, Verified
from nipas_admin.shared.dated import in_words

Stays = Mapping[int, list[tuple[datetime, datetime | None]]]


def drift_of_the_board() -> Iterator[Verified]:
    """For each kind of thing that the Board's room stores and a rule gives: its name, how many, and the drift."""
    yield _motions()
    yield _terms()
    yield _elections()
    approved = ApprovedMinutes.objects.select_related("minutes__meeting").order_by("pk")
    yield "approved minutes", len(approved), [drift for row in approved for drift in _seal(row)]
    dissolutions = Dissolution.objects.select_related("motion__bylaws").prefetch_related("motion__bylaws__thresholds")
    yield "dissolutions", len(dissolutions), [drift for row in dissolutions for drift in _dissolution(row)]
    yield _rolls()


def _drift(row: Model, stored: str, computed: str, *, remark: bool = False) -> Drift:
    return Drift(row._meta.label_lower, row.pk, str(row), stored, computed, remark)


# Motions


def _motions() -> Verified:
    of_motion = ("meeting__bylaws", "bylaws", "application", "proceeding", "proposed_bylaws", "objection")
    rows = (
        Motion.objects.decided()
        .select_related(*of_motion)
        .prefetch_related("bylaws__thresholds", "meeting__bylaws__thresholds", "terms", "approved_minutes")
        .order_by("pk")
    )
    stays: dict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    counted = Attendance.objects.filter(undone=False).values_list("meeting", "arrived_at", "left_at")
    for meeting, arrived_at, left_at in counted.iterator(CHUNK):
        stays[meeting].append((arrived_at, left_at))
    entitled = dict(RollEntry.objects.entitled_to_vote().order_by().values_list("meeting").annotate(Count("pk")))
    votes = _votes()
    found: list[Drift] = []
    for row in rows:
        found += _house(row, stays, entitled.get(row.meeting_id, 0))
        found += _tally(row, votes)
        found += _outcome(row)
        found += _acted(row)
    return "decided motions", len(rows), found


def _votes() -> Mapping[int, Tally]:
    """The votes of every roll call, counted again. One query."""
    cast: dict[int, dict[str, int]] = defaultdict(dict)
    for motion, choice, number in Vote.objects.order_by().values_list("motion", "choice").annotate(Count("pk")):
        cast[motion][choice] = number
    choice = Vote.Choice
    return {
        motion: Tally(by.get(choice.FOR, 0), by.get(choice.AGAINST, 0), by.get(choice.ABSTAIN, 0))
        for motion, by in cast.items()
    }


def _house(row: Motion, stays: Stays, entitled: int) -> Iterator[Drift]:
    """Present, entitled and seats, against attendance and roll.

    Who came or left in the very minute of the vote may have been counted or not: the register cannot tell.
    """
    at = row.decided_at
    if at is None or row.present is None:
        return
    here = stays.get(row.meeting_id, [])
    surely = sum(arrived < at and (left is None or left > at) for arrived, left in here)
    perhaps = sum(arrived <= at and (left is None or left >= at) for arrived, left in here)
    if not surely <= row.present <= perhaps:
        shown = str(surely) if surely == perhaps else f"{surely} to {perhaps}"
        yield _drift(
            row, f"{row.present} are stored as present at the vote", f"attendance gives {shown} (Bylaws Art. XIII §3)"
        )
    if row.entitled != entitled:
        yield _drift(row, f"{row.entitled} are stored as entitled", f"the frozen roll gives {entitled}")
    terms = row.meeting.bylaws.terms if row.meeting.bylaws is not None else None
    seats = terms.seats if terms is not None and row.meeting.body is Body.BOARD else 0
    if row.seats != seats:
        yield _drift(row, f"{row.seats} seats of the Board are stored", f"the bylaws give {seats} (Bylaws Art. IV §1)")


def _tally(row: Motion, votes: Mapping[int, Tally]) -> Iterator[Drift]:
    if row.method != Motion.Method.ROLL_CALL:
        return
    stored, given = Tally(row.ayes or 0, row.nays or 0, row.abstentions or 0), votes.get(row.pk, Tally(0, 0, 0))
    if stored != given:
        yield _drift(row, f"stored are {stored}", f"the votes of the roll call give {given} (Bylaws Art. III §6)")


def _outcome(row: Motion) -> Iterator[Drift]:
    finding = outcome_of(row)
    state = None if finding.value is None else Motion.State.CARRIED if finding.value else Motion.State.FAILED
    if state != row.state:
        why = "; ".join(map(str, finding.because)) or "; ".join(finding.missing)
        given = state.label.lower() if state else "not determined"
        yield _drift(row, f"it is stored as {row.get_state_display().lower()}", f"the rules give {given}: {why}")


def _acted(row: Motion) -> Iterator[Drift]:
    """A carried motion's act is there, and one that has no effect did none."""
    if row.acted_at is not None and not row.effective:
        yield _drift(row, f"it took effect: {row.acted}", "a vote out of order that nobody held to stand has no effect")
    elif row.effective and not _done(row):
        did = row.acted or "nothing is recorded of what it did"
        yield _drift(row, did, f"the register does not hold what it did ({row.what.label})")


def _done(row: Motion) -> bool:
    """Is what the motion did still in the register?"""
    on = row.meeting.on
    if row.what is Kind.ADMISSION:
        wanted = (Application.Decision.APPROVED, on, False)
        one = row.application
        return one is not None and (one.decision, one.decided_on, one.out_of_order) == wanted
    if row.proceeding is not None:
        return (row.proceeding.outcome, row.proceeding.decided_on) == (row.proposes, on)
    if row.what in (Kind.BYLAWS_AMENDMENT, Kind.ADOPTION):
        return row.proposed_bylaws is not None and row.proposed_bylaws.adopted_by_id == row.pk
    if row.what is Kind.APPOINTMENT:
        return bool(row.terms.all())
    if row.what is Kind.OBJECTION:
        return row.objection is not None and row.objection.upheld is True and row.objection.set_aside_on == on
    if row.what is Kind.MINUTES:
        return bool(row.approved_minutes.all())
    if row.what is Kind.DISSOLUTION:
        return hasattr(row, "dissolution")
    return True


# Terms of office and elections


def _terms() -> Verified:
    versions = list(BylawsVersion.objects.prefetch_related("thresholds"))
    rules = [version.version_of_rules for version in versions]
    known: dict[date, BylawsTerms | None] = {}

    def terms_on(day: date) -> BylawsTerms | None:
        if day not in known:
            try:
                known[day] = governing(rules, day).terms
            except NoBylaws:
                known[day] = None
        return known[day]

    rows = list(OfficeTerm.objects.select_related("seat", "holder").order_by("seat", "from_on", "pk"))
    found: list[Drift] = []
    for row in rows:
        terms = None if row.remainder or row.until_on is None else terms_on(row.from_on)
        if terms is None:
            continue
        until_on = nominal_end(row.seat.kind, row.from_on, terms)
        if row.until_on != until_on:
            stored = f"it is stored as running to {in_words(row.until_on)}"
            found.append(_drift(row, stored, f"a full term runs to {in_words(until_on)} (Bylaws Art. IV–V)"))
    for before, after in pairwise(rows):
        if before.seat_id == after.seat_id and (before.ended_on is None or before.ended_on > after.from_on):
            until = in_words(before.ended_on) if before.ended_on else "no day"
            stored = f"it is stored as ended on {until}"
            begins = f"{after.holder.name}'s term in the seat begins on {in_words(after.from_on)}"
            found.append(_drift(before, stored, f"{begins}, and terms in one seat never overlap (Bylaws Art. IV §1)"))
    return "terms of office", len(rows), found


def _elections() -> Verified:
    rows = list(Election.objects.whole().select_related("meeting__bylaws", "seat", "winner__official").order_by("pk"))
    found: list[Drift] = []
    for row in rows:
        if row.declared_because or row.meeting.bylaws is None:
            continue
        standing = standing_of(row).value
        given = standing.elected if standing is not None and standing.stage is Stage.ELECTED else ""
        stored = row.names[row.winner_id] if row.winner_id else ""
        if stored != given:
            said = f"{stored or 'nobody'} is stored as elected"
            found.append(_drift(row, said, f"the ballots elect {given or 'nobody'} (Bylaws Art. V §9)"))
    return "elections", len(rows), found


# Seals and days


def _seal(row: ApprovedMinutes) -> Iterator[Drift]:
    given = hashlib.sha256(row.content.encode()).hexdigest()
    if given != row.sha256:
        yield _drift(row, f"its SHA-256 was stored as {row.sha256}", f"the content gives {given} (Bylaws Art. VI §3)")


def _dissolution(row: Dissolution) -> Iterator[Drift]:
    terms = row.motion.bylaws.terms if row.motion.bylaws is not None else None
    by_on = dissolved_by(row.voted_on, terms) if terms is not None else row.by_on
    if row.by_on != by_on:
        yield _drift(
            row, f"its last day is stored as {in_words(row.by_on)}", f"the vote gives {in_words(by_on)} (Art. XVII §1)"
        )


# Rolls


def _rolls() -> Verified:
    """Each frozen roll of the agencies against membership's records of today.

    A difference is a remark: the meeting went by what was on record then, and that roll stays.
    """
    meetings = Meeting.objects.exclude(kind="board").filter(called_to_order_at__isnull=False).order_by("pk")
    found: list[Drift] = []
    for meeting in meetings:
        rolled = {row.agency_id: row for row in meeting.roll.all()}
        counted = {key for key, row in rolled.items() if row.entitled and not row.settled_because}
        today = {entry.agency_id: entry for entry in roll_on(meeting).entitled}
        names = [
            f"{rolled[key]} is on it and does not count that day by today's records" for key in counted - set(today)
        ]
        names += [
            f"{today[key]} is not on it and counts that day by today's records" for key in set(today) - set(rolled)
        ]
        names += [
            f"{rolled[key]} was settled on it and counts that day by today's records"
            for key in set(today) & set(rolled) - counted
        ]
        if names:
            why = "; ".join(sorted(names))
            stays = f"{why}. The frozen roll stays: records were corrected since (Bylaws Art. XIII §2)"
            found.append(_drift(meeting, f"its frozen roll has {meeting.entitled} entitled", stays, remark=True))
    return "rolls of the agencies", len(meetings), found
