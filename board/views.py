"""The pages of the Board's room that are no record's: the Board on a day, and one's private calendar."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import http_date
from django.views.decorators.http import require_http_methods, require_safe

from board import calendar
from board.board_page import BoardPage
from documents import letters
from nipas_admin.shared.day import day_of
from nipas_admin.shared.pages import Button, framed, must, must_see_all

ROSTER = "board.roster"


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The eleven seats as they stood, stand or will stand on a day."""
    must(request, "board.view_officeterm")
    must_see_all(request)
    chosen = day_of(request)
    page = BoardPage(request, chosen).context()
    return framed(
        request,
        "board/board.html",
        {"title": "The Board", "day": chosen, "papers": _roster(request, chosen.query), **page},
    )


def _roster(request: HttpRequest, query: str) -> list[Button]:
    """The paper of this page, for those who may print it."""
    kind = letters.kind_of(ROSTER)
    return [Button(kind.label, kind.address() + query)] if request.user.has_perm(kind.permission) else []


@require_http_methods(["GET", "HEAD", "POST"])
def my_calendar(request: HttpRequest) -> HttpResponse:
    """The page where a person makes or renews the private address of the calendar; the answer alone shows it."""
    url, renewed = "", False
    if request.method == "POST":
        renewed = calendar.has_address(request.user)
        url = request.build_absolute_uri(reverse("board:calendar", args=[calendar.make_address(request.user)]))
    page = {
        "title": "My calendar address",
        "address": url,
        "renewed": renewed,
        "made_at": calendar.made_at(request.user),
    }
    response = framed(request, "board/my_calendar.html", page)
    patch_cache_control(response, private=True, no_store=True)
    return response


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a private address; an address nobody has, or of somebody switched off, leads nowhere."""
    user = calendar.person_of(token)
    if user is None:
        raise Http404("There is no such calendar.")
    drawn = calendar.draw(user, timezone.localdate(), request.build_absolute_uri("/").rstrip("/"))
    if request.headers.get("If-None-Match") == drawn.etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(drawn.content, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="nipas.ics"'
    response["ETag"] = drawn.etag
    response["Last-Modified"] = http_date(drawn.changed_at.timestamp())
    patch_cache_control(response, private=True, max_age=0)
    return response
