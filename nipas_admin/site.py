"""The admin site: who we are, the rooms a person may enter, and the start page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast

from django.apps import apps
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin import site as admin_site
from django.contrib.admin.forms import AdminAuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from nipas_admin.shared import rooms, scope, startpage, svg
from nipas_admin.shared.choosing import Finder


@dataclass(frozen=True)
class Link:
    """A line of the navigation as drawn; ``current`` marks the page or section one is in."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class RoomLinks:
    """A room as drawn: only the entries this person may use. ``url`` leads to everything in the room, or is empty.

    ``seldom`` are folded away, unless one is in one of them.
    """

    title: str
    url: str
    current: bool
    links: tuple[Link, ...]
    seldom: tuple[Link, ...] = ()

    @property
    def is_unfolded(self) -> bool:
        """Is one in an entry that is seldom needed?"""
        return any(link.current for link in self.seldom)


class SignInForm(AdminAuthenticationForm):
    """Stock's form, which says in plain words why nobody was signed in."""

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": "This user name and password do not open an account here. Capital letters matter in both.",
    }


class RegisterSite(AdminSite):
    """Stock admin, with navigation by room and a start page that says what needs doing."""

    site_title = "NIPAS Register"
    site_header = "NIPAS Register"
    index_title = "Start"
    site_url = None
    enable_nav_sidebar = False
    empty_value_display = "—"
    login_form = SignInForm

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page shows around its content."""
        context = super().each_context(request)
        context["body_name"] = settings.NIPAS_BODY_NAME
        if context["has_permission"]:
            context["rooms"] = self.rooms_for(request, context["available_apps"])
            context["header_search"] = self.search_for(request)
        return context

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The start page of today."""
        page = startpage.start_page(request.user, timezone.localdate())  # type: ignore[arg-type]
        strip = svg.year_strip(page.day, [(marker.on, marker.label) for marker in page.coming])
        return super().index(request, {"page": page, "strip": strip, **(extra_context or {})})

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """What the search of a choice answers."""
        return cast("HttpResponse", Finder.as_view(admin_site=self)(request))

    def rooms_for(self, request: HttpRequest, app_list: list[dict[str, Any]]) -> tuple[RoomLinks, ...]:
        """The rooms this person may enter, each with the entries this person may use."""
        indexes = {app["app_label"]: app["app_url"] for app in app_list}
        drawn = []
        for room in rooms.all_rooms():
            links, seldom = (
                tuple(link for entry in entries if (link := self._link(request, entry)))
                for entries in (room.entries, room.seldom)
            )
            if not links:  # nothing else is there: it is not folded away
                links, seldom = seldom, ()
            index = indexes.get(room.app_label, "")
            if links:
                drawn.append(RoomLinks(room.title, index, request.path == index, links, seldom))
        return _mark_current(request.path, drawn)

    def search_for(self, request: HttpRequest) -> Link | None:
        """The header's search field: its label and where it leads; None for those who may not look there."""
        target = rooms.search_target()
        return self._link(request, rooms.records(target.model, target.label)) if target else None

    def _link(self, request: HttpRequest, entry: rooms.Entry) -> Link | None:
        """The entry as a link, or None when this person may not use it."""
        if not entry.model:
            if entry.permission and not request.user.has_perm(entry.permission):
                return None
            if entry.limited not in (None, scope.agencies_of(request.user) is not None):
                return None
            try:
                return Link(entry.label, reverse(entry.url_name))
            except NoReverseMatch:  # a page that is not mounted here is no entry
                return None
        model = apps.get_model(entry.model)
        model_admin = self._registry.get(model)
        if model_admin is None or not model_admin.has_view_or_change_permission(request):
            return None
        options = model._meta
        name = f"admin:{options.app_label}_{options.model_name}_changelist"
        return Link(entry.label, reverse(name, current_app=self.name))


def _mark_current(path: str, drawn: list[RoomLinks]) -> tuple[RoomLinks, ...]:
    """The rooms with the one entry marked whose address is the longest beginning of the path."""
    urls = (link.url for room in drawn for link in (*room.links, *room.seldom))
    here = max((url for url in urls if path.startswith(url)), key=len, default="")

    def marked(links: tuple[Link, ...]) -> tuple[Link, ...]:
        return tuple(replace(link, current=link.url == here) for link in links)

    return tuple(replace(room, links=marked(room.links), seldom=marked(room.seldom)) for room in drawn)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, inside the frame for those who are signed in."""
    return render(request, "404.html", _frame(request), status=404)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, saying why when the one who refused said so."""
    return render(request, "403.html", {**_frame(request), "reason": str(exception)}, status=403)


def _frame(request: HttpRequest) -> dict[str, Any]:
    """The frame's context; empty when the request failed before anyone could be recognized."""
    return admin_site.each_context(request) if hasattr(request, "user") else {}
