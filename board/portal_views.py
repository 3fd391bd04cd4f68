"""Meetings and minutes as agencies read them: a list, the page of one meeting, and its papers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from board import services
from board.admin.meeting_page import STATE_BADGES, state_badge
from board.letters.parts import at_hour
from board.models import Meeting
from board.portal import READS, Reader, meetings, minutes_address, page_of, reader_on
from documents.letters import kind_of
from documents.markdown import to_html
from documents.views import printed
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.day import day_of
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import framed, must

TITLE = "Meetings and minutes"
ON_A_PAGE = 24
NOT_YOURS = (
    "Notices and minutes go to participating agencies (Bylaws Art. IV §6, XV §1). Your agency does not participate "
    "today. Ask the Secretary about an earlier meeting."
)


def _reader(request: HttpRequest) -> Reader:
    must(request, READS)
    return reader_on(request.user, day_of(request).today)


@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """The meetings ahead, and those held with their minutes, a page of them at a time."""
    reader = _reader(request)
    page: dict[str, Any] = {"title": TITLE, "tables": [], "held": None, "refusal": NOT_YOURS}
    if reader.may_read:
        held = Paginator(reader.held(), ON_A_PAGE).get_page(request.GET.get("page"))
        page |= {"refusal": "", "held": held, "tables": [_coming(reader), _held(held.object_list)]}
    return framed(request, "board/papers.html", page)


def _coming(reader: Reader) -> Related:
    rows = [
        Row((at_hour(one.starts_at), one.gathering.label, one.place, state_badge(one)), page_of(one))
        for one in reader.coming()
    ]
    columns = [Column("Called for"), Column("Meeting"), Column("Place"), Column("State")]
    return Related("Coming up", columns, rows, "No meeting is called. What is called will be here with its agenda.")


def _held(meetings: Any) -> Related:
    rows = [Row((in_words(one.on), one.gathering.label, _minutes_link(one)), page_of(one)) for one in meetings]
    return Related("Held", [Column("On"), Column("Meeting"), Column("Minutes")], rows, "No meeting was held yet.")


def _minutes_link(meeting: Meeting) -> SafeString | str:
    url = minutes_address(meeting)
    if not url:
        return "Not approved yet"
    return format_html(
        '<a href="{}">Minutes<span class="visually-hidden"> of the {}</span><span class="file-kind">PDF</span></a>',
        url, meeting,
    )  # fmt: skip


def _meeting(request: HttpRequest, pk: int) -> tuple[Reader, Meeting]:
    """The meeting, for those who may read of it. Raises Http404 for others."""
    reader = _reader(request)
    found = meetings().filter(pk=pk).first() if reader.may_read else None
    if found is None:
        raise Http404("There is no such meeting, or its papers do not go to your agency.")
    return reader, found


@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting: when and where, its agenda, the amendments sent for it, and its papers."""
    reader, meeting = _meeting(request, pk)
    over = meeting.adjourned_at is not None
    shows = reader.shows_agenda(meeting) and not over
    state = Meeting.State(meeting.state)
    context = {
        "title": str(meeting), "status": STATE_BADGES[state], "status_label": state.label, "meeting": meeting,
        "facts": [(label, value) for label, value in _facts(meeting) if value], "over": over,
        "has_notice": reader.has_notice(meeting), "minutes_url": minutes_address(meeting),
        "shows_agenda": shows, "agenda": services.outline(meeting) if shows else [], "may_arrange": False,
        "amendments": [
            (motion, to_html(motion.proposed_bylaws.text) if motion.proposed_bylaws else "")
            for motion in reader.amendments(meeting)
        ],
    }  # fmt: skip
    return framed(request, "board/paper.html", context)


def _facts(meeting: Meeting) -> Iterator[tuple[str, str]]:
    yield "Called for", at_hour(meeting.starts_at)
    yield "Place", meeting.place
    if meeting.adjourned_at is None:
        yield "From afar", meeting.remote_access
    yield "Called by", str(meeting.get_called_by_display())
    yield "Business named in the call", meeting.purpose
    yield "Called to order", at_hour(meeting.called_to_order_at) if meeting.called_to_order_at else ""
    yield "Adjourned", at_hour(meeting.adjourned_at) if meeting.adjourned_at else ""
    if meeting.cancelled_on:
        yield "Cancelled", f"{in_words(meeting.cancelled_on)}: {meeting.cancelled_because}"


@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The notice of a meeting as PDF, addressed to the reader's own agency where there is one."""
    reader, meeting = _meeting(request, pk)
    if not reader.has_notice(meeting):
        raise Http404("There is no notice of this meeting.")
    if len(reader.agencies) == 1:
        kind = kind_of("board.agency_notice")
        return printed(request, kind, reader.agencies[0], reader.day, page_of(meeting), meeting=meeting)
    return printed(request, kind_of("board.notice"), meeting, reader.day, page_of(meeting))


@require_safe
def approved_minutes(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The approved minutes of a meeting as PDF; drafts are nobody's here."""
    reader, meeting = _meeting(request, pk)
    if not minutes_address(meeting):
        raise Http404("The minutes of this meeting are not approved yet.")
    return printed(request, kind_of("board.minutes"), meeting.minutes, reader.day, page_of(meeting))
