"""The live pages of a meeting: run it, watch it, show it on the wall. Here the clock is read, and nowhere below.

A page asks every two seconds what changed since it last asked, and gets small parts of itself, or nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from board import services
from board.live import desk, page
from board.live.acts import ACTS, buttons_of, floor_forms
from board.live.cursor import AHEAD, CLOSED, OPENED, Cursor, changed_entries, cursor_of, phase_of
from board.live.forms import LiveForm, OrderForm
from board.live.motion_forms import MotionForm
from board.live.presses import Press, record
from board.models import AgendaItem, Election, Meeting, RollEntry
from nipas_admin.shared.admin import REFUSED
from nipas_admin.shared.pages import address, framed, may, must, must_see_all
from nipas_admin.shared.refusals import in_words

MANY = 150
PARTS = frozenset({"bar", "floor", "figures", "agenda"})
REFUSAL = 422


def _seen(request: HttpRequest, pk: int) -> Meeting:
    """The meeting, for those who work for the whole body and may see it."""
    must(request, "board.view_meeting")
    must_see_all(request)
    meeting: Meeting = get_object_or_404(page.meetings(), pk=pk)
    return meeting


def _run(request: HttpRequest, pk: int) -> Meeting:
    """The meeting, for those who may run it."""
    must(request, "board.change_meeting")
    return _seen(request, pk)


def _timed(response: HttpResponse) -> HttpResponse:
    """The answer with the hour of the register, by which a page sets its presses."""
    response["X-Moment"] = timezone.now().isoformat(timespec="milliseconds")
    response["Cache-Control"] = "no-store"
    return response


# The pages


@require_safe
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """The page on which the Secretary runs the meeting; read-only for those who may only look."""
    meeting = _seen(request, pk)
    runs = may(request, "change", Meeting)
    context: dict[str, Any] = {
        "title": str(meeting),
        "meeting": meeting,
        "meeting_url": address(meeting),
        "runs": runs,
        "phase": phase_of(meeting),
        "cursor": cursor_of(meeting),
        "now": timezone.now(),
    }
    if context["phase"] == AHEAD:
        context["what"] = services.what_if(meeting)
        context["form"] = (
            OrderForm(subject=meeting, user=request.user, meeting=meeting, at=timezone.now()) if runs else None
        )
        return _timed(framed(request, "board/live/ahead.html", context))
    floor = page.floor_of(meeting)
    cells = page.cells_of(meeting, floor.motion)
    context |= _parts(request, meeting, floor, runs) | {
        "cells": cells,
        "whole": page.whole(meeting),
        "closed": context["phase"] == CLOSED,
        "buttons": buttons_of(meeting) if runs else (),
    }
    return _timed(framed(request, "board/live/session.html", context))


def _parts(
    request: HttpRequest, meeting: Meeting, floor: page.Floor, runs: bool, only: Collection[str] = PARTS
) -> dict[str, Any]:
    """What stands around the roll; each part is asked for only where it is shown."""
    runs = runs and phase_of(meeting) == OPENED
    context: dict[str, Any] = {"meeting": meeting, "runs": runs, "floor": floor}
    if "bar" in only:
        context["bar"] = page.bar_of(meeting)
    if "floor" in only:
        context["floor_forms"] = floor_forms(meeting, floor, request.user, timezone.now()) if runs else {}
    if "floor" in only or "figures" in only:
        context["figures"] = page.figures_of(meeting, floor.motion)
    if "agenda" in only:
        context |= {
            "agenda": page.agenda_of(meeting, floor.item),
            "loose": page.motions_without_item(meeting),
            "elections": list(Election.objects.filter(meeting=meeting).select_related("seat", "winner__official")),
            "holds_elections": meeting.kind == "annual",
        }
    return context


@require_safe
def projector(request: HttpRequest, pk: int) -> HttpResponse:
    """The wall: figures to be read at ten meters. It asks for itself anew, and is told when nothing changed."""
    meeting = _seen(request, pk)
    cursor = cursor_of(meeting)
    asked = getattr(request, "htmx", None)
    if asked and request.GET.get("since") == str(cursor):
        return _timed(HttpResponse(status=204))
    floor = page.floor_of(meeting)
    context = {
        "title": str(meeting),
        "meeting": meeting,
        "cursor": cursor,
        "phase": phase_of(meeting),
        "bar": page.bar_of(meeting),
        "floor": floor,
        "figures": page.figures_of(meeting, floor.motion),
    }
    if asked:
        return _timed(TemplateResponse(request, "board/live/_wall.html", context))
    return _timed(framed(request, "board/live/projector.html", context))


# What changed


@require_safe
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """The parts of the session page that changed since it last asked; 204 when none did."""
    meeting = _seen(request, pk)
    return _changes(request, meeting)


def _changes(
    request: HttpRequest, meeting: Meeting, also: RollEntry | None = None, extra: str = "", status: int = 200
) -> HttpResponse:
    """Parts that changed since the page's cursor, the cell of one entry in any case, and ``extra``."""
    since = Cursor.read(str(request.POST.get("since") or request.GET.get("since", "")))
    now = cursor_of(meeting)
    if since.state and since.state != now.state:
        return _timed(HttpResponse(headers={"HX-Refresh": "true"}))
    if now == since and also is None and not extra:
        return _timed(HttpResponse(status=204))
    runs = may(request, "change", Meeting)
    differ = {
        "bar": (now.stays, now.pauses) != (since.stays, since.pauses),
        "floor": (now.floor, now.pauses) != (since.floor, since.pauses),
        "figures": (now.stays, now.votes) != (since.stays, since.votes),
        "agenda": (now.agenda, now.floor) != (since.agenda, since.floor),
    }
    shown = {part for part, differs in differ.items() if differs}
    before_it = shown & {"floor", "agenda"}
    floor = page.floor_of(meeting) if before_it else page.Floor(page.motion_on_the_floor(meeting))
    context: dict[str, Any] = {"cursor": now, "oob": True, "shown": shown}
    context |= _parts(request, meeting, floor, runs, shown)
    changed = changed_entries(meeting, since, now)
    if also is not None:
        changed.add(also.pk)
    whole = page.whole(meeting)
    anew = now.floor != since.floor or len(changed) > MANY or (bool(changed) and not whole)
    if whole and (also is not None or not anew):
        context["cells"] = page.cells_of(meeting, floor.motion, {also.pk} if anew and also else changed)
    parts = render_to_string("board/live/_changes.html", context, request=request)
    response = HttpResponse(parts + extra, status=status)
    response["HX-Reswap"] = "none"
    if anew:
        response["HX-Trigger"] = "roll-changed"
    return _timed(response)


@require_safe
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    """The roll, or the part of it that begins with what was typed."""
    meeting = _seen(request, pk)
    motion = page.motion_on_the_floor(meeting)
    cells = page.cells_of(meeting, motion, query=request.GET.get("q", "").strip()[:60])
    return _timed(
        TemplateResponse(request, "board/live/_cells.html", {"cells": cells, "meeting": meeting, "oob": False})
    )


# Presses and acts


@require_POST
def press(request: HttpRequest, pk: int) -> HttpResponse:
    """Record one press, once, and answer with what changed. What is refused is told in words, with its clause."""
    meeting = _run(request, pk)
    entry = None
    try:
        made = Press.read(request.POST.dict(), timezone.now())
        entry = get_object_or_404(RollEntry.objects.select_related("meeting__bylaws"), pk=made.entry, meeting=meeting)
        record(made, meeting, entry)
    except REFUSED as refusal:
        said = " ".join(in_words(refusal, RollEntry).messages)
        extra = render_to_string("board/live/_said.html", {"said": said, "refused": True})
        return _changes(request, page.meetings().get(pk=pk), entry, extra, REFUSAL)
    return _changes(request, page.meetings().get(pk=pk), entry)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, slug: str, key: int | None = None) -> HttpResponse:
    """The form of an act, or the act itself: refused, the form comes back with what to do; done, what changed."""
    meeting = _run(request, pk)
    kind = ACTS.get(slug)
    if kind is None:
        raise Http404("There is no such act.")
    known: dict[str, Any] = {
        "subject": kind.find(meeting, key), "user": request.user, "meeting": meeting, "at": timezone.now(),
    }  # fmt: skip
    if request.method != "POST":
        typed: dict[str, Any] = {"initial": MotionForm.asked_for(request.GET)} if kind is MotionForm else {}
        return _timed(_form(request, kind(**known, **typed)))
    form = kind(request.POST, request.FILES, **known)
    if form.is_valid():
        try:
            with transaction.atomic():
                left = form.act()
        except REFUSED as refusal:
            form.refuse(in_words(refusal, type(known["subject"])))
        else:
            return _done(request, form, left)
    return _timed(_form(request, form, REFUSAL))


def _form(request: HttpRequest, form: LiveForm, status: int = 200) -> TemplateResponse:
    name = "board/live/_put.html" if form.slug == "put" else "board/live/_form.html"
    return TemplateResponse(request, name, {"form": form}, status=status)


def _done(request: HttpRequest, form: LiveForm, left: Any) -> HttpResponse:
    """What changed by the act, and what the desk shows next."""
    if form.reloads:
        return _timed(HttpResponse(headers={"HX-Refresh": "true"}))
    meeting = page.meetings().get(pk=form.meeting.pk)
    extra = desk.after(request, meeting, form, left)
    return _changes(request, meeting, left if isinstance(left, RollEntry) else None, extra)


@require_safe
def item(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """One item of the agenda on the desk: its detail, the Secretary's paragraph, what was moved."""
    meeting = _seen(request, pk)
    found = get_object_or_404(AgendaItem.objects.filter(meeting=meeting).select_related("meeting"), pk=key)
    return _timed(HttpResponse(desk.of_item(request, meeting, found, runs=may(request, "change", Meeting))))


@require_safe
def election(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """One election on the desk: nominees, ballots, where it stands."""
    meeting = _seen(request, pk)
    return _timed(HttpResponse(desk.of_election(request, meeting, key, runs=may(request, "change", Meeting))))
