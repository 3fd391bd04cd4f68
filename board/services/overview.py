"""What is to be seen of one meeting at a glance: notice of amendments, and votes that wait for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from board.models import Meeting, Motion
from board.rules.motions import KINDS, Kind, last_day_to_send, right_body
from board.services.quorum import quorum_needed, terms_of
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact, Finding

CLAUSES = KINDS[Kind.BYLAWS_AMENDMENT].citations


def last_day_for_amendments(meeting: Meeting) -> Finding[date]:
    """The last day on which the text of an amendment may be sent for this meeting (Bylaws Art. XV §1).

    None where the figures of the bylaws are not known. What was sent too late, or has no day yet, is flagged.
    """
    terms = terms_of(meeting)
    if terms is None:
        return Finding(None, (), ("the days of notice: the figures of the bylaws in force are not known",))
    last = last_day_to_send(meeting.on, terms)
    said = f"{in_words(meeting.on)} less {terms.notice_days} days is {in_words(last)}"
    proposed = Motion.objects.filter(meeting=meeting, kind=Kind.BYLAWS_AMENDMENT.value).select_related("meeting")
    flags = [
        Fact(f"motion {motion.number}: {_sent(motion.sent_on, last)}", motion.sent_on, citations=CLAUSES)
        for motion in proposed
        if motion.sent_on is None or motion.sent_on > last
    ]
    return Finding(last, (Fact(said, last, citations=CLAUSES),), (), tuple(flags))


def _sent(sent_on: date | None, last: date) -> str:
    if sent_on is None:
        return "no day is recorded on which its text was sent to all"
    return f"its text was sent on {in_words(sent_on)}, after {in_words(last)}"


def out_of_order(meeting: Meeting) -> Sequence[Motion]:
    """The votes of the meeting that were taken out of order and wait for a person's decision."""
    return list(Motion.objects.waiting().filter(meeting=meeting).select_related("meeting"))


@dataclass(frozen=True)
class Attended:
    """How a meeting was attended: who came at all, who was entitled, how many a quorum needs (None: not known)."""

    came: int
    entitled: int
    needed: int | None

    def __str__(self) -> str:
        quorum = f", quorum {self.needed}" if self.needed is not None else ""
        return f"{self.came} of {self.entitled} came{quorum}"


def attended(meeting: Meeting) -> Attended:
    """Who came to the meeting, whenever and for how long. One or two queries."""
    counted = meeting.roll.filter(entitled=True).aggregate(
        came=Count("pk", filter=Q(attendances__undone=False), distinct=True)
    )
    return Attended(counted["came"], meeting.entitled or 0, quorum_needed(meeting))


def gives_notice_of_amendments(meeting: Meeting) -> bool:
    """May this meeting amend the bylaws, so that the day of sending matters?"""
    return right_body(Kind.BYLAWS_AMENDMENT, meeting.gathering).value is True and not meeting.cancelled_on
