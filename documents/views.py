"""The letters of every room, to look at and to issue."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from documents.letters import LetterKind, issue_letter, kind_of, print_letter
from documents.pdf import PressError
from nipas_admin.shared.day import day_of
from nipas_admin.shared.downloads import as_download
from nipas_admin.shared.pages import address, must, must_see_all


def letter_addresses(room: str) -> list[URLPattern]:
    """The addresses of a room's letters, behind the sign-in, for its ``urlpatterns``."""
    view = admin.site.admin_view(letter)
    return [
        path("letters/<slug:key>/", view, {"room": room}, name="letter"),
        path("letters/<slug:key>/<int:pk>/", view, {"room": room}, name="letter"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, room: str, key: str, pk: int | None = None) -> HttpResponseBase:
    """A paper as PDF, as the register stands in law on the day. What cannot be printed is said.

    To look at it files nothing; to post issues it, under a register reference, for good.
    """
    kind = _kind(f"{room}.{key}", of_one_record=pk is not None)
    must(request, kind.permission)
    record = None
    if pk is None:
        if not kind.shared_with_agencies:
            must_see_all(request)
    else:
        record = kind.records_for(request.user).filter(pk=pk).first()
        if record is None:
            raise Http404("There is no such record, or it is not among those you may see.")
    chosen = day_of(request).chosen
    back_to = address(record) if record else reverse("admin:app_list", args=[room])
    return printed(request, kind, record, chosen, back_to)


def printed(
    request: HttpRequest, kind: LetterKind, record: Any, day: date, back_to: str, *, name: str = "", **options: Any
) -> HttpResponseBase:
    """The paper as PDF, saved under ``name`` or under its own; to post issues and files it for good.

    What cannot be printed is said on the page at ``back_to``.
    """
    try:
        if request.method == "POST":
            return _filed(request, kind, record, day, **options)
        name = name or kind.filename(kind.build(record, day, **options))
        content = io.BytesIO(print_letter(kind, record, day, **options))
    except ValidationError as refusal:
        for said in refusal.messages:
            messages.error(request, said)
    except PressError as fault:
        messages.error(request, str(fault))
    else:
        return as_download(content, name, "application/pdf")
    return redirect(back_to)


def _kind(name: str, *, of_one_record: bool) -> LetterKind:
    """The kind of this name. Raises Http404 when there is none, or it is not asked for in the way it is printed."""
    try:
        kind = kind_of(name)
    except LookupError as unknown:
        raise Http404("There is no such paper.") from unknown
    if (kind.record is not None) is not of_one_record:
        raise Http404("There is no such paper.")
    return kind


def _filed(request: HttpRequest, kind: LetterKind, record: Any, day: date, **options: Any) -> HttpResponseRedirect:
    """The paper printed under a register reference of its own and filed for good; then its page."""
    must(request, "documents.add_paper")
    filed = issue_letter(kind, record, day, request.user, **options)
    messages.success(request, f"{filed.title} is issued and filed as {filed.reference}. It is never printed anew.")
    return redirect("admin:documents_paper_change", filed.pk)
