"""What the start page says of the Board: where we stand, what waits for a person, what is coming up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime, make_aware

from board import portal, services
from board.letters.parts import in_text
from board.models import (
    Committee,
    Dissolution,
    Meeting,
    Minutes,
    MinutesRequest,
    Motion,
    Objection,
    OfficeTerm,
    OperationalPlan,
)
from board.rules import seats as rules
from board.rules.motions import Gathering, Kind
from board.rules.seats import Seating
from board.rules.terms import Office
from board.services.seats import lost_by_agency
from nipas_admin.shared import scope
from nipas_admin.shared.startpage import Figure, Marker, Need, Provider, QuickLink

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

SOON = timedelta(days=60)
NOTICE_AHEAD = timedelta(days=30)
AGENDA_AHEAD = timedelta(days=10)
NOMINATING_AHEAD = timedelta(days=120)
MOST = 8
MOST_MEETINGS = 24
MOST_NAMED = 2
ASSEMBLIES = (Gathering.ANNUAL.value, Gathering.SPECIAL.value)


def _list(model: str, query: str = "") -> str:
    return reverse(f"admin:board_{model}_changelist") + query


def _page(record: Any) -> str:
    return reverse(f"admin:board_{record._meta.model_name}_change", args=[record.pk])


def _act(record: Any, slug: str, query: str = "") -> str:
    return reverse(f"admin:board_{record._meta.model_name}_{slug}", args=[record.pk]) + query


def _hour(meeting: Meeting) -> str:
    return services.clock(meeting.starts_at)


def _papers(reader: portal.Reader) -> Iterator[Figure]:
    """What an agency reads first: the next meeting, one of the agencies before one of the Board; the latest minutes."""
    if not reader.may_read:
        return
    ahead, minuted = reader.at_a_glance
    following = next((meeting for meeting in ahead if meeting.kind in ASSEMBLIES), ahead[0] if ahead else None)
    papers = reverse("board:papers")
    if following is None:
        yield Figure("Next meeting", "none called", papers)
    else:
        note = f"{following.gathering.label}, {_hour(following)}"
        yield Figure("Next meeting", date_format(following.on, "j M Y"), portal.page_of(following), note)
    if minuted is not None:
        note = f"{minuted.gathering.label}, PDF"
        yield Figure("Latest minutes", date_format(minuted.on, "j M Y"), portal.minutes_address(minuted), note)


def works_for_the_body(user: Any) -> bool:
    """Those who sign in for one agency see only the papers that go to all agencies."""
    return scope.agencies_of(user) is None


class Days:
    """What the day's lines are written from, each asked for once."""

    def __init__(self, day: date) -> None:
        self.day = day

    @cached_property
    def ahead(self) -> list[Meeting]:
        """The next meetings that are not over, soonest first."""
        begins = make_aware(datetime.combine(self.day, time()))
        still = Q(starts_at__gte=begins) | Q(called_to_order_at__isnull=False)
        rows = Meeting.objects.standing().filter(still, adjourned_at__isnull=True)
        return list(rows.order_by("starts_at").prefetch_related("pauses")[:MOST_MEETINGS])

    def next_of(self, *kinds: str) -> Meeting | None:
        """The next meeting of one of these kinds."""
        return next((meeting for meeting in self.ahead if meeting.kind in kinds), None)

    @cached_property
    def board(self) -> services.BoardOnDay | None:
        """The Board on the day; None where no bylaws cover it."""
        try:
            return services.board_on(self.day)
        except ValidationError:
            return None

    @cached_property
    def unfinished(self) -> list[Minutes]:
        """Minutes that are not approved, or not open to the public yet, oldest first; a few."""
        waiting = Q(approved__isnull=True) | Q(public_on__isnull=True)
        rows = Minutes.objects.filter(waiting, meeting__adjourned_at__isnull=False)
        return list(rows.select_related("meeting", "approved").order_by("meeting__starts_at")[:MOST])


class BoardStart(Provider):
    """Meetings, seats, minutes, and what waits for a vote."""

    def figures(self, user: AbstractUser, day: date) -> Iterator[Figure]:
        """The next meeting with its quorum, and how many seats are vacant; for an agency the papers it reads."""
        if not works_for_the_body(user):
            yield from _papers(portal.reader_on(user, day))
            return
        days = Days(day)
        if user.has_perm("board.view_meeting"):
            yield self._next_meeting(days)
        if user.has_perm("board.view_officeterm") and days.board is not None:
            yield self._seats(days.board)

    def _next_meeting(self, days: Days) -> Figure:
        if not days.ahead:
            return Figure("Next meeting", "none called", _list("meeting"))
        meeting = days.ahead[0]
        note = meeting.gathering.label
        try:
            needed = services.quorum_needed(meeting)
        except ValidationError:
            needed = None
        if needed is not None:
            note += f", quorum {needed}"
        return Figure("Next meeting", date_format(meeting.on, "j M"), _page(meeting), note)

    def _seats(self, board: services.BoardOnDay) -> Figure:
        over = sum(seat.seating is Seating.HOLDING_OVER for seat in board.seats)
        said = [f"of {len(board.seats)} seats"]
        said += [f"{over} holding over"] if over else []
        said += [f"{len(board.undetermined)} not determined"] if board.undetermined else []
        return Figure("Seats vacant", str(len(board.vacant)), reverse("board:board"), ", ".join(said))

    # What needs a person

    def needs(self, user: AbstractUser, day: date) -> Iterator[Need]:
        """What those who keep the Board's records must do; a few of each kind."""
        if not works_for_the_body(user):
            return
        days, may = Days(day), user.has_perm
        if may("board.change_meeting"):
            yield from self._meetings(days)
        if may("board.change_minutes"):
            yield from self._minutes(days)
        if may("board.change_motion"):
            yield from self._out_of_order()
        if may("board.add_meeting"):
            yield from self._objections(days)
        if may("board.change_officeterm"):
            yield from self._vacancies(days)
        if may("board.change_operationalplan"):
            yield from self._plans(days)
        if may("board.change_minutesrequest"):
            yield from self._requests()
        if may("board.add_committee"):
            yield from self._nominating(days)

    def _meetings(self, days: Days) -> Iterator[Need]:
        for meeting in days.ahead[:MOST]:
            if meeting.state != Meeting.State.SCHEDULED:
                live = reverse("board:live", args=[meeting.pk])
                yield Need(meeting.on, f"The {meeting} is in session", "Adjourn it when it is over.", live, "Run it")
                continue
            if meeting.notice_on is None and meeting.on <= days.day + NOTICE_AHEAD:
                yield Need(
                    meeting.on, f"Notice of the {meeting} is not recorded as sent",
                    "Print the notice with its agenda, send it, and record to whom (Bylaws Art. XI).",
                    _page(meeting), "Open",
                )  # fmt: skip
            if meeting.agenda_posted_at is None and meeting.on <= days.day + AGENDA_AHEAD:
                for clock in services.clocks_of(meeting)[:1]:
                    yield Need(
                        localtime(clock.due_at).date() if clock.due_at else None, f"Post the agenda of the {meeting}",
                        f"By {clock.due}, if the statute binds the body (Open Meetings Act 5 ILCS 120/2.02).",
                        _page(meeting), "Open",
                    )  # fmt: skip
        yield from self._amendments(days)

    def _amendments(self, days: Days) -> Iterator[Need]:
        coming = [meeting.pk for meeting in days.ahead if meeting.kind in ASSEMBLIES]
        unsent = Motion.objects.filter(
            meeting__in=coming, kind=Kind.BYLAWS_AMENDMENT.value, sent_on__isnull=True, state=Motion.State.PENDING
        )
        for motion in unsent.select_related("meeting__bylaws")[:MOST]:
            last = services.last_day_for_amendments(motion.meeting).value
            why = "Its text goes to all participating agencies by this day (Bylaws Art. XV §1)."
            yield Need(last, f"Send the amendment of the {motion.meeting}", why, _page(motion), "Open")

    def _minutes(self, days: Days) -> Iterator[Need]:
        for minutes in days.unfinished:
            yield from self._steps_of(minutes, days)

    def _steps_of(self, minutes: Minutes, days: Days) -> Iterator[Need]:
        due = {clock.what: clock.due_on for clock in services.clocks_of(minutes.meeting) if clock.due_on}
        by = due.get("Approve the minutes")
        clock = ", if the statute binds the body (Open Meetings Act 5 ILCS 120/2.06)" if due else ""
        if minutes.state == Minutes.State.DRAFT:
            why = f"Write them, circulate them, and have them approved by a later meeting{clock}."
            yield Need(by, f"{minutes}: circulate the draft", why, _page(minutes), "Write")
        elif minutes.state == Minutes.State.CIRCULATED:
            coming = days.next_of("board") if minutes.meeting.kind == "board" else days.next_of(*ASSEMBLIES)
            if coming is None:
                why = f"A later meeting approves them; none is called yet (Bylaws Art. VI §3){clock}."
                yield Need(by, f"{minutes}: approve", why, _page(minutes), "Open")
                return
            why = f"By a motion at the {coming} (Bylaws Art. VI §3){clock}."
            move = _act(coming, "move", f"?kind={Kind.MINUTES.value}&minutes={minutes.pk}")
            yield Need(by, f"{minutes}: approve", why, move, "Record the motion")
        elif "Open the minutes to the public" in due:
            why = f"Approved minutes are laid open by this day{clock}."
            opens = _act(minutes, "open-to-public")
            yield Need(due["Open the minutes to the public"], f"{minutes}: open to the public", why, opens, "Record it")

    def _out_of_order(self) -> Iterator[Need]:
        for motion in Motion.objects.waiting().select_related("meeting")[:MOST]:
            why = f"Without effect until a person decides: {motion.out_of_order_because}."
            yield Need(None, f"{motion}: taken out of order", why, _act(motion, "settle"), "Decide")

    def _objections(self, days: Days) -> Iterator[Need]:
        if days.next_of(*ASSEMBLIES) is not None:
            return
        for objection in Objection.objects.open_on(days.day).select_related("agency")[:MOST]:
            why = "No meeting of the agencies is called: it is voted on at the next annual or special one"
            url = reverse("admin:board_meeting_add") + f"?kind={Gathering.SPECIAL.value}"
            yield Need(None, f"{objection} waits for a meeting", f"{why} (Bylaws Art. IV §8).", url, "Call a meeting")

    def _vacancies(self, days: Days) -> Iterator[Need]:
        board, url = days.board, reverse("board:board")
        if board is None:
            return
        for seat in board.vacant:
            if seat.seat.kind is Office.PRESIDENT:
                found = board.succession
                why = f"{(found.missing or tuple(fact.text for fact in found.because))[0]} (Bylaws Art. V §5, VI §2)."
                yield Need(days.day, "The office of President is vacant", _sentence(why), url, "See the Board")
                continue
            out = lost_by_agency(seat.seat, days.day)
            how = rules.how_filled(seat.seat.kind, agency_out=out)
            why = f"{how.text} ({', '.join(map(str, how.citations))})."
            yield Need(None, f"Vacant: {seat.seat}", _sentence(why), url, "See the Board")

    def _plans(self, days: Days) -> Iterator[Need]:
        due = OperationalPlan.objects.in_use_on(days.day).with_next_due().filter(due_on__lte=days.day + SOON)
        for plan in due.order_by("due_on")[:MOST]:
            why = "Review or test it and record the result (Agreement §3.I, Bylaws Art. IV §9)."
            yield Need(plan.due_on, f"{plan}: review", why, _page(plan), "Open")

    def _requests(self) -> Iterator[Need]:
        for request in MinutesRequest.objects.filter(answered_on__isnull=True).order_by("asked_on")[:MOST]:
            why = "Minutes are available on request (Bylaws Art. IV §6, VI §3)."
            yield Need(None, f"{request}: no answer yet", why, _page(request), "Answer")

    def _nominating(self, days: Days) -> Iterator[Need]:
        coming = days.next_of(Gathering.ANNUAL.value)
        if coming is None or coming.on > days.day + NOMINATING_AHEAD:
            return
        before = Meeting.objects.standing().filter(kind=Gathering.ANNUAL.value, starts_at__lt=coming.starts_at).first()
        appointed = Committee.objects.filter(kind=Committee.Kind.NOMINATING, dissolved_on__isnull=True)
        if before is not None:
            appointed = appointed.filter(created_on__gte=before.on)
        if not appointed.exists():
            why = "Current members of the Board, none an officer, appointed by the President (Bylaws Art. V §8)."
            url = reverse("admin:board_committee_add") + f"?kind={Committee.Kind.NOMINATING.value}"
            yield Need(coming.on, f"No Nominating Committee yet for the {coming}", why, url, "Appoint it")

    # What is coming up

    def coming(self, user: AbstractUser, day: date) -> Iterator[Marker]:
        """Meetings, ends of terms, reviews, the last day to send amendments, and the day of dissolution."""
        if not works_for_the_body(user):
            reader = portal.reader_on(user, day)
            for meeting in reader.at_a_glance[0] if reader.may_read else ():
                yield Marker(meeting.on, f"{meeting.gathering.label}, {_hour(meeting)}", portal.page_of(meeting))
            return
        if user.has_perm("board.view_meeting"):
            yield from self._dates_of_meetings(Days(day))
        if user.has_perm("board.view_officeterm"):
            yield from self._ends_of_terms(day)
        if user.has_perm("board.view_operationalplan"):
            plans = OperationalPlan.objects.in_use_on(day).with_next_due().filter(due_on__gt=day + SOON)
            for plan in plans.order_by("due_on")[:MOST]:
                yield Marker(plan.due_on, f"Review: {plan}", _page(plan), "Agreement §3.I")
        if user.has_perm("board.view_dissolution"):
            for dissolution in Dissolution.objects.filter(by_on__gte=day):
                yield Marker(dissolution.by_on, "Last day to dissolve", _page(dissolution), "Bylaws Art. XVII §1")

    def _ends_of_terms(self, day: date) -> Iterator[Marker]:
        terms = OfficeTerm.objects.filter(ended_on__isnull=True, until_on__gt=day).select_related("seat", "holder")
        why = "The holder stays until a successor is installed (Bylaws Art. V §2–4)."
        by_day: dict[date, list[OfficeTerm]] = {}
        for term in terms.order_by("until_on", "seat"):
            by_day.setdefault(term.until_on, []).append(term)
        for on, ending in by_day.items():
            if len(ending) > MOST_NAMED:
                yield Marker(on, f"{len(ending)} terms of office end", reverse("board:board") + f"?on={on}", why)
                continue
            for term in ending:
                yield Marker(on, f"Term ends: {term.holder.name}, {term.seat}", _page(term), why)

    def _dates_of_meetings(self, days: Days) -> Iterator[Marker]:
        for meeting in days.ahead:
            yield Marker(meeting.on, meeting.gathering.label, _page(meeting))
        for meeting in [meeting for meeting in days.ahead if meeting.kind in ASSEMBLIES][:MOST]:
            last = services.last_day_for_amendments(meeting).value
            if last is not None:
                label = f"Last day to send amendments for the {meeting.gathering.label}"
                yield Marker(last, label, _page(meeting), "Bylaws Art. XV §1")

    def links(self, user: AbstractUser, day: date) -> Iterable[QuickLink]:
        """Call a meeting, record a motion at the next one, see the Board today; for an agency the next notice."""
        if not works_for_the_body(user):
            reader = portal.reader_on(user, day)
            ahead = reader.at_a_glance[0] if reader.may_read else []
            for meeting in [meeting for meeting in ahead if reader.has_notice(meeting)][:1]:
                notice = reverse("board:own_notice", args=[meeting.pk])
                yield QuickLink(f"Notice of the {in_text(meeting.gathering.label)}, PDF", notice)
            return
        if user.has_perm("board.add_meeting"):
            yield QuickLink("Call a meeting", reverse("admin:board_meeting_add"))
        if user.has_perm("board.add_motion") and (ahead := Days(day).ahead):
            yield QuickLink("Record a motion", _act(ahead[0], "move"))
        if user.has_perm("board.view_officeterm"):
            yield QuickLink("The Board today", reverse("board:board"))


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
