"""What agencies read of meetings: when they are called, their agenda, the notice, and the minutes once approved.

Notices and proposed amendments go to all participating agencies (Bylaws Art. XV §1), and the official minutes are
theirs to read (Art. IV §6, VI §3). Drafts, rolls, votes and ballots are no part of it.
"""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from django.db.models import Q, Subquery
from django.urls import reverse
from django.utils.timezone import localtime, make_aware

from board.letters.notices import RECEIVES
from board.models import Meeting, Motion
from board.querysets import MeetingQuerySet
from board.rules.motions import Gathering, Kind
from membership.models import Agency
from membership.own import own_agencies_on
from nipas_admin.shared import scope

READS = "board.view_approvedminutes"
MOST = 24


class Reader:
    """What one person may read on a day: those who sign in for an agency only while it participates."""

    def __init__(self, user: Any, day: date) -> None:
        self.user = user
        self.day = day

    @cached_property
    def agencies(self) -> list[Agency]:
        """Whom this person represents and the papers go to; none for those who work for the whole body."""
        return [agency for agency in own_agencies_on(self.user, self.day) if agency.status in RECEIVES]

    @property
    def may_read(self) -> bool:
        """Do the papers of meetings go to this person?"""
        if not self.user.has_perm(READS):
            return False
        return scope.agencies_of(self.user) is None or bool(self.agencies)

    def coming(self) -> MeetingQuerySet:
        """The meetings called that are not over, soonest first, those that were cancelled with them."""
        return meetings().filter(self._ahead()).order_by("starts_at", "pk")

    def held(self) -> MeetingQuerySet:
        """The meetings that are over, latest first."""
        return meetings().filter(adjourned_at__isnull=False).order_by("-starts_at", "-pk")

    @cached_property
    def at_a_glance(self) -> tuple[list[Meeting], Meeting | None]:
        """The next meetings that stand, soonest first, and the latest one whose minutes are approved. One query."""
        minuted = Meeting.objects.filter(minutes__approved__isnull=False).order_by("-starts_at").values("pk")[:1]
        standing = self._ahead() & Q(cancelled_on__isnull=True)
        rows = Meeting.objects.filter(standing | Q(pk=Subquery(minuted))).order_by("starts_at")
        found = list(rows.select_related("minutes__approved").defer("minutes__approved__content")[: MOST + 1])
        ahead = [meeting for meeting in found if meeting.adjourned_at is None]
        return ahead, next((meeting for meeting in found if meeting.adjourned_at is not None), None)

    def _ahead(self) -> Q:
        begins = make_aware(datetime.combine(self.day, time()))
        begun = Q(starts_at__gte=begins) | Q(called_to_order_at__isnull=False)
        return begun & Q(adjourned_at__isnull=True)

    def shows_agenda(self, meeting: Meeting) -> bool:
        """Is the agenda for agencies to read: always of their own meetings, of the Board's once it is posted?"""
        if meeting.gathering is not Gathering.BOARD:
            return True
        return meeting.agenda_posted_at is not None and localtime(meeting.agenda_posted_at).date() <= self.day

    def has_notice(self, meeting: Meeting) -> bool:
        """Is there a notice to print: of a meeting of the agencies that has not been called to order?"""
        waits = meeting.cancelled_on is None and meeting.called_to_order_at is None
        return waits and meeting.gathering is not Gathering.BOARD

    def amendments(self, meeting: Meeting) -> list[Motion]:
        """The amendments of the bylaws that were sent to all agencies for this meeting by the day."""
        sent = meeting.motions.filter(kind=Kind.BYLAWS_AMENDMENT.value, sent_on__lte=self.day)
        return list(sent.exclude(state=Motion.State.WITHDRAWN).select_related("proposed_bylaws").order_by("number"))


def reader_on(user: Any, day: date) -> Reader:
    """What this person may read on the day; found out once for one request."""
    known = getattr(user, "_reads_papers", None)
    if known is None or known.day != day:
        known = user._reads_papers = Reader(user, day)
    return known


def meetings() -> MeetingQuerySet:
    """Meetings with what their state and their minutes' are read from, without the long text of the minutes."""
    rows: MeetingQuerySet = Meeting.objects.select_related("minutes__approved").defer("minutes__approved__content")
    return rows.prefetch_related("pauses")


def page_of(meeting: Meeting) -> str:
    """Where agencies read of the meeting."""
    return reverse("board:paper", args=[meeting.pk])


def minutes_address(meeting: Meeting) -> str:
    """Where its approved minutes are printed; empty while they are not approved."""
    minutes = getattr(meeting, "minutes", None)
    return reverse("board:approved_minutes", args=[meeting.pk]) if minutes is not None and minutes.frozen else ""
