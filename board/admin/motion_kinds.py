"""Before a motion is recorded: which kinds this meeting may decide, and under which clauses."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from board.models import Meeting
from board.rules.motions import KINDS, Kind
from nipas_admin.shared.pages import address, framed


def choose_kind(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """The page on which the kind is chosen; the kinds that are decided elsewhere are named below."""
    url = reverse("admin:board_meeting_move", args=[meeting.pk])
    here, elsewhere = [], []
    for kind in Kind:
        known = KINDS[kind]
        query = QueryDict(mutable=True)
        query.update(request.GET)
        query["kind"] = kind.value
        clauses = known.citations
        if meeting.gathering in known.gatherings:
            here.append((known.label, f"{url}?{query.urlencode()}", clauses))
        else:
            elsewhere.append((known.label, " or ".join(place.label for place in known.gatherings), clauses))
    page = {
        "title": "Record a motion",
        "meeting": meeting,
        "meeting_url": address(meeting),
        "here": here,
        "elsewhere": elsewhere,
    }
    return framed(request, "board/motion_kind.html", page)
