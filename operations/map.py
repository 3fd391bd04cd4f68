"""A map drawn by the server: agencies, the scene and who was sent, with rings of miles around the scene. No tiles.

Places lie on a plane around the middle of what is shown: true to a fraction of a percent over the width of a county.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from django.utils.html import format_html
from django.utils.safestring import SafeString

from nipas_admin.shared.svg import picture

WIDTH, HEIGHT, EDGE = 720, 560, 28
MILES_PER_DEGREE = 69.05
RINGS = (5, 10, 20, 40, 80)
LEAST_SPAN = 6.0
LABELS = 24


class Mark(str, Enum):
    """What a place on the map is."""

    AGENCY = "agency"
    STALE = "stale"
    ASKED = "asked"
    COMING = "coming"
    THERE = "there"
    SCENE = "scene"

    @property
    def label(self) -> str:
        """In words, for the legend."""
        return {
            Mark.AGENCY: "Agency",
            Mark.STALE: "Agency, resources stale",
            Mark.ASKED: "Asked",
            Mark.COMING: "Coming",
            Mark.THERE: "On scene",
            Mark.SCENE: "Scene",
        }[self]


# Each mark has a shape of its own, drawn around 0,0.
SHAPES = {
    Mark.AGENCY: "M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0z",
    Mark.STALE: "M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0z",
    Mark.ASKED: "M0-6 5.5 4H-5.5z",
    Mark.COMING: "M-5-5H5V5H-5z",
    Mark.THERE: "M0-7 7 0 0 7-7 0z",
    Mark.SCENE: "M-8 0H8M0-8V8",
}


# Fill, line and its width, carried by the picture itself: paper has no style sheet for pictures; a screen may differ.
PAINT = {
    Mark.AGENCY: ("#777", "#fff", "0.8"),
    Mark.STALE: ("#fff", "#777", "1.2"),
    Mark.ASKED: ("#fff", "#000", "1.4"),
    Mark.COMING: ("#666", "#000", "1"),
    Mark.THERE: ("#000", "#fff", "0.8"),
    Mark.SCENE: ("none", "#000", "3"),
}
FONT = SafeString('fill="#222" font-family="Source Sans Pro, sans-serif" font-size="11"')


@dataclass(frozen=True)
class Place:
    """One place: where, what it is, and what is said of it; ``named`` puts its name beside it."""

    name: str
    latitude: float
    longitude: float
    mark: Mark = Mark.AGENCY
    said: str = ""
    named: bool = False


@dataclass(frozen=True)
class _Plane:
    """From degrees to points of the picture."""

    latitude: float
    longitude: float
    scale: float

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        east = (longitude - self.longitude) * MILES_PER_DEGREE * math.cos(math.radians(self.latitude))
        north = (latitude - self.latitude) * MILES_PER_DEGREE
        return round(WIDTH / 2 + east * self.scale, 1), round(HEIGHT / 2 - north * self.scale, 1)


def area_map(places: Sequence[Place], title: str, name: str = "map") -> SafeString:
    """The map of these places; empty text for none. Distances are miles."""
    if not places:
        return SafeString("")
    plane = _plane(places)
    scene = next((place for place in places if place.mark is Mark.SCENE), None)
    body: list[SafeString] = [format_html('<rect class="land" fill="#fff" width="{}" height="{}"/>', WIDTH, HEIGHT)]
    if scene:
        body += _rings(plane, scene)
    order = list(Mark)
    drawn = sorted(places, key=lambda place: order.index(place.mark))
    body += [_drawn(plane, place) for place in drawn]
    body += _names(plane, drawn)
    body += _legend([mark for mark in Mark if any(place.mark is mark for place in places)])
    counted = (f"{sum(place.mark is mark for place in places)} {mark.label.lower()}" for mark in Mark)
    said = "; ".join(text for text in counted if not text.startswith("0 "))
    return picture(name, "area-map", (WIDTH, HEIGHT), title, said, body)


def _plane(places: Iterable[Place]) -> _Plane:
    latitudes, longitudes = zip(*((place.latitude, place.longitude) for place in places), strict=True)
    middle = (min(latitudes) + max(latitudes)) / 2
    narrow = math.cos(math.radians(middle))
    north = max((max(latitudes) - min(latitudes)) * MILES_PER_DEGREE, LEAST_SPAN)
    east = max((max(longitudes) - min(longitudes)) * MILES_PER_DEGREE * narrow, LEAST_SPAN)
    scale = min((WIDTH - 2 * EDGE) / east, (HEIGHT - 2 * EDGE) / north)
    return _Plane(middle, (min(longitudes) + max(longitudes)) / 2, scale)


def _rings(plane: _Plane, scene: Place) -> Iterable[SafeString]:
    x, y = plane.at(scene.latitude, scene.longitude)
    for miles in RINGS:
        radius = round(miles * plane.scale, 1)
        if 30 < radius < WIDTH:
            yield format_html(
                '<circle class="ring" fill="none" stroke="#aaa" stroke-dasharray="3 4" cx="{}" cy="{}" r="{}"/>',
                x, y, radius,
            )  # fmt: skip
            if radius < y - 8:
                yield format_html(
                    '<text class="ring" {} x="{}" y="{}">{} mi</text>', FONT, x + 3, round(y - radius - 3, 1), miles
                )


def _drawn(plane: _Plane, place: Place) -> SafeString:
    x, y = plane.at(place.latitude, place.longitude)
    said = f"{place.name}: {place.said}" if place.said else place.name
    return format_html(
        '<path class="mark {}" {} transform="translate({} {})" d="{}"><title>{}</title></path>',
        place.mark.value, _paint(place.mark), x, y, SHAPES[place.mark], said,
    )  # fmt: skip


def _paint(mark: Mark) -> SafeString:
    return format_html('fill="{}" stroke="{}" stroke-width="{}"', *PAINT[mark])


def _names(plane: _Plane, places: Iterable[Place]) -> Iterable[SafeString]:
    """Names beside their marks, as many as find room without crossing another."""
    taken: list[tuple[float, float, float]] = []
    for place in reversed(list(places)):
        if not place.named or len(taken) == LABELS:
            continue
        x, y = plane.at(place.latitude, place.longitude)
        wide = len(place.name) * 6.2
        x = x - wide - 9 if x + wide + 9 > WIDTH else x + 9
        if all(abs(y - other) > 13 or x > right or x + wide < left for left, right, other in taken):
            taken.append((x, x + wide, y))
            yield format_html('<text class="name" {} x="{}" y="{}">{}</text>', FONT, round(x, 1), y + 4, place.name)


def _legend(marks: Sequence[Mark]) -> Iterable[SafeString]:
    for turn, mark in enumerate(marks):
        y = HEIGHT - 12 - 18 * (len(marks) - 1 - turn)
        yield format_html(
            '<path class="mark {}" {} transform="translate(16 {})" d="{}"/>',
            mark.value,
            _paint(mark),
            y - 4,
            SHAPES[mark],
        )
        yield format_html('<text class="legend" {} x="30" y="{}">{}</text>', FONT, y, mark.label)
