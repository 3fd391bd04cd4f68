"""The page of one meeting, put together: what it is, its agenda, what the rules say of it, and what belongs to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from board import services
from board.admin.shown import minutes_badge, outcome_badge
from board.forms.house import QuickItemForm, WhatIfForm
from board.models import Attendance, Election, Meeting, Motion, RollEntry
from nipas_admin.shared.badges import badge
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import Answer, Button, add_address, address, may

STATE_BADGES = {
    Meeting.State.SCHEDULED: "applicant",
    Meeting.State.IN_SESSION: "active",
    Meeting.State.SUSPENDED: "suspended",
    Meeting.State.ADJOURNED: "done",
    Meeting.State.CANCELLED: "ended",
}
MOST_LISTED = 12


class MeetingPage:
    """Everything that a meeting's page shows to one person."""

    def __init__(self, request: HttpRequest, meeting: Meeting) -> None:
        self.request = request
        self.meeting = meeting
        self.may_arrange = may(request, "change", Meeting) and services.agenda_is_open(meeting)

    def context(self) -> dict[str, Any]:
        """For ``board/meeting_page.html``, beside the acts."""
        form = WhatIfForm(self.request, self.meeting)
        return {
            "meeting": self.meeting,
            "facts": [(label, value) for label, value in self.facts() if value],
            **self.agenda(),
            "what_if_form": form,
            "what_if": self.what_if(form),
            "clocks": list(self.clocks()),
            "related_tables": list(self.tables()),
        }

    def facts(self) -> Iterator[tuple[str, Any]]:
        """What it is, in a few lines."""
        meeting = self.meeting
        yield "Called for", date_format(localtime(meeting.starts_at), "DATETIME_FORMAT")
        yield "Place", meeting.place
        yield "From afar", meeting.remote_access
        yield "Called by", f"{meeting.get_called_by_display()}{'' if meeting.regular else ', out of turn'}"
        yield "Business named in the call", meeting.purpose
        yield "Notice sent", f"{in_words(meeting.notice_on)}: {meeting.notice_to}" if meeting.notice_on else ""
        yield "Agenda posted", _moment(meeting.agenda_posted_at)
        yield "Runs under", meeting.bylaws
        yield "Called to order", _moment(meeting.called_to_order_at)
        yield "Presiding", ", ".join(filter(None, (_name(meeting.presiding), meeting.presiding_as)))
        yield "Secretary of the meeting", _name(meeting.secretary)
        for pause in meeting.pauses.all():
            until = services.clock(pause.until_at) if pause.until_at else "now"
            yield pause.get_why_display(), f"{services.clock(pause.from_at)} until {until}"
        yield "Adjourned", _moment(meeting.adjourned_at)
        if meeting.cancelled_on:
            yield "Cancelled", f"{in_words(meeting.cancelled_on)}: {meeting.cancelled_because}"
        yield "Note", meeting.note

    # The agenda

    def agenda(self) -> dict[str, Any]:
        """The agenda as the page and its own part show it."""
        waits = self.meeting.state == Meeting.State.SCHEDULED
        return {
            "meeting": self.meeting,
            "agenda": services.outline(self.meeting),
            "left_out": list(self.meeting.agenda.filter(dropped=True)) if self.may_arrange else [],
            "may_arrange": self.may_arrange,
            "agenda_waits": waits,
            "agenda_url": reverse("admin:board_meeting_agenda", args=[self.meeting.pk]),
            "new_item": QuickItemForm() if self.may_arrange else None,
        }

    # What the rules say

    def answers(self) -> Iterator[Answer]:
        """Quorum, notice of amendments, and votes that wait for a person."""
        meeting = self.meeting
        if meeting.cancelled_on:
            return
        yield from self._quorum()
        if services.gives_notice_of_amendments(meeting):
            last = services.last_day_for_amendments(meeting)
            yield Answer("Amendments sent to all by", last)
        for motion in services.out_of_order(meeting):
            why = Fact(motion.out_of_order_because)
            yield Answer(f"Motion {motion.number}, out of order", Finding(None, (why,), ("a person's decision",)))

    def _quorum(self) -> Iterator[Answer]:
        meeting = self.meeting
        try:
            found = services.quorum_of(meeting)
            needed = services.quorum_needed(meeting)
        except ValidationError as open_:
            yield Answer("Quorum", Finding(None, (), tuple(open_.messages)))
            return
        if meeting.called_to_order_at is None or needed is None:
            yield Answer("Quorum", found, f"{needed} needed" if needed is not None else "")
            return
        turns = services.quorum_turns(meeting)
        said = [
            Fact(f"{'gained' if turn.stands else 'lost'} at {services.clock(turn.at)}, {turn.present} present")
            for turn in turns
        ]
        if meeting.adjourned_at is None:
            words = "Present" if found.value else "Not present"
            yield Answer("Quorum now", Finding(found.value, (*found.because, *said), found.missing, found.flags), words)
            return
        reached = any(turn.stands for turn in turns)
        attended = Fact(f"{services.attended(meeting)}", citations=found.citations)
        yield Answer("Quorum", Finding(reached, (attended, *said)), "Was present" if reached else "Never present")

    def clocks(self) -> Iterator[Answer]:
        """The clocks of the Open Meetings Act, which only warn."""
        for clock in services.clocks_of(self.meeting):
            state = {True: "Done in time", False: "Done late", None: "Open"}[clock.done]
            yield Answer(f"{clock.what} by {clock.due}", clock.finding, state)

    def what_if(self, form: WhatIfForm) -> services.WhatIf | None:
        """What the house could do as it is, or as asked for; None where it cannot be said."""
        if self.meeting.adjourned_at is not None or self.meeting.cancelled_on:
            return None
        try:
            return form.answer()
        except ValidationError:
            return None

    # What belongs to it

    def tables(self) -> Iterator[Related]:
        """Motions, elections, who was there, the minutes."""
        yield self._motions()
        elections = Election.objects.whole().filter(meeting=self.meeting)
        if elections:
            yield self._elections(elections)
        if self.meeting.called_to_order_at is not None:
            yield self._minutes()
            yield self._roll()

    def _motions(self) -> Related:
        motions = Motion.objects.filter(meeting=self.meeting).select_related("meeting", "bylaws").order_by("number")
        rows = [
            Row((motion.number, motion.what.label, motion.text, outcome_badge(motion)), address(motion))
            for motion in motions.with_tally().prefetch_related("bylaws__thresholds")
        ]
        adds = may(self.request, "add", Motion) and self.meeting.state in ("scheduled", "in_session", "suspended")
        return Related(
            "Motions",
            [Column("No.", number=True), Column("Kind"), Column("Text"), Column("Outcome")],
            rows,
            "No motion is recorded yet.",
            reverse("admin:board_meeting_move", args=[self.meeting.pk]) if adds else "",
            "Record a motion",
        )

    def _elections(self, elections: Any) -> Related:
        rows = []
        for election in elections:
            standing = services.standing_of(election).value
            names = ", ".join(str(nominee) for nominee in election.nominees.all() if not nominee.declined)
            ahead = f"Next: {standing.stage.label.lower()}" if standing else "Not determined"
            result = badge("done", str(election.winner)) if election.winner else ahead
            rows.append(Row((election.seat, names or "Nobody yet", result), address(election)))
        return Related("Elections", [Column("Office"), Column("Nominees"), Column("Result")], rows, "")

    def _roll(self) -> Related:
        """The first of those who came, with every stay; and the way to all."""
        attended = services.attended(self.meeting)
        stays = Attendance.objects.filter(meeting=self.meeting, undone=False, entry__in=self._first_who_came())
        there: dict[RollEntry, list[str]] = {}
        for stay in stays.select_related("entry").order_by("entry__name", "arrived_at"):
            left = services.clock(stay.left_at) if stay.left_at else "still there"
            afar = ", from afar" if stay.remote else ""
            there.setdefault(stay.entry, []).append(f"{services.clock(stay.arrived_at)} – {left}{afar}")
        rows = [Row((entry.name, entry.representative, "; ".join(times))) for entry, times in there.items()]
        if attended.came > len(rows):
            every = reverse("admin:board_attendance_changelist") + f"?meeting={self.meeting.pk}"
            rows.append(Row((f"All {attended.came}", "", ""), every))
        return Related(
            f"Attendance: {attended.came} of {attended.entitled} entitled",
            [Column("Member"), Column("Answered by"), Column("There")],
            rows,
            "Nobody is marked as present yet.",
        )

    def _first_who_came(self) -> list[int]:
        came = self.meeting.roll.filter(attendances__undone=False).order_by("name").distinct()
        return list(came.values_list("pk", flat=True)[:MOST_LISTED])

    def _minutes(self) -> Related:
        minutes = getattr(self.meeting, "minutes", None)
        rows = [Row(("Minutes", minutes_badge(minutes)), address(minutes))] if minutes is not None else []
        return Related("Minutes", [Column("Record"), Column("State")], rows, "Minutes begin with the call to order.")

    def buttons(self) -> Iterator[Button]:
        """The two screens on which a meeting is run, for those who may; looking at the projector needs no more."""
        if self.meeting.state not in (Meeting.State.SCHEDULED, Meeting.State.IN_SESSION, Meeting.State.SUSPENDED):
            return
        if may(self.request, "change", Meeting):
            yield Button("Run the meeting", reverse("board:live", args=[self.meeting.pk]), primary=True)
        yield Button("Projector", reverse("board:projector", args=[self.meeting.pk]))


def state_badge(meeting: Meeting) -> Any:
    """The badge of a meeting's state."""
    state = Meeting.State(meeting.state)
    return badge(STATE_BADGES[state], state.label)


def call_another(meeting: Meeting) -> Button:
    """Call another like it."""
    return Button("Call another like it", add_address(Meeting, copy=meeting.pk))


def _moment(moment: Any) -> str:
    return date_format(localtime(moment), "DATETIME_FORMAT") if moment else ""


def _name(official: Any) -> str:
    return f"{official.name}, {official.agency}" if official is not None else ""
