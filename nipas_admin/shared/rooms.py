"""The rooms of the register and what stands in each: the navigation, declared by the apps themselves.

An app declares its room in ``AppConfig.ready()``::

    rooms.register(Room("membership", "Membership", 10, (
        rooms.records("membership.Agency", "Agencies"),
        rooms.page("membership:adoption", "Adoption progress", "membership.view_agency"),
    )))

A record entry is shown to those who may see that record in the admin; a page entry to those who hold
its permission. Nothing here knows a model: names are resolved when a page is drawn (``nipas_admin.site``).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One line of the navigation: either the admin list of a record, or a page by its URL name.

    ``limited`` shows a page only to those who sign in for an agency (True), or only to all others (False).
    """

    label: str
    model: str = ""
    url_name: str = ""
    permission: str = ""
    limited: bool | None = None


@dataclass(frozen=True)
class Room:
    """A room: ``app_label`` is the app whose index page the title leads to; rooms stand in the order of ``order``.

    ``seldom`` are the entries that few people need in a week: they are folded away below the others.
    """

    app_label: str
    title: str
    order: int
    entries: tuple[Entry, ...]
    seldom: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class SearchTarget:
    """The list that the search field in the header leads to, as ``?q=…``."""

    model: str
    label: str


_rooms: dict[str, Room] = {}
_search: list[SearchTarget] = []


def records(model: str, label: str) -> Entry:
    """An entry for the admin list of ``app.Model``, shown to those who may view it."""
    return Entry(label, model=model)


def page(url_name: str, label: str, permission: str = "", limited: bool | None = None) -> Entry:
    """An entry for a page, shown to those who hold ``permission`` (``app.codename``); to everyone when it is empty.

    ``limited``: only to those who sign in for an agency (True), only to those who work for the whole body (False).
    """
    return Entry(label, url_name=url_name, permission=permission, limited=limited)


def register(room: Room) -> None:
    """Declare a room. Declaring the same one again replaces it."""
    _rooms[room.app_label] = room


def search_in(model: str, label: str) -> None:
    """Send the header's search field to the admin list of ``app.Model``; ``label`` says what it finds."""
    _search[:] = [SearchTarget(model, label)]


def all_rooms() -> list[Room]:
    """Every room, in order."""
    return sorted(_rooms.values(), key=lambda room: (room.order, room.title))


def search_target() -> SearchTarget | None:
    """Where the header's search field leads; None while no app has said."""
    return _search[0] if _search else None
