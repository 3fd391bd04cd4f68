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

WIDE, SMALL = (720, 560), (420, 380)
EDGE = 30
MILES_PER_DEGREE = 69.05
RINGS = (5, 10, 20, 40, 80)
# So wide is what is shown at least: somebody's next neighbors are on it.
LEAST_SPAN = 16.0
LABELS = 24
# Room for a letter and a line, with some to spare: on a telephone they are written larger.
LETTER, TALL, ROW = 9.0, 20.0, 24
SCALES = (1, 2, 5, 10, 20, 50)
SHORTEST_SCALE, FOR_SCALE = 50, 220
# What most names end with is left away on the map itself.
COMMON = " Police Department"


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
            Mark.STALE: "Resources stale",
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
FONT = SafeString('fill="#222" font-family="Source Sans Pro, sans-serif" font-size="15"')


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
    width: int
    height: int

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        east = (longitude - self.longitude) * MILES_PER_DEGREE * math.cos(math.radians(self.latitude))
        north = (latitude - self.latitude) * MILES_PER_DEGREE
        return round(self.width / 2 + east * self.scale, 1), round(self.height / 2 - north * self.scale, 1)

    def of(self, place: Place) -> tuple[float, float]:
        return self.at(place.latitude, place.longitude)

    def shows(self, place: Place) -> bool:
        x, y = self.of(place)
        return 4 <= x <= self.width - 4 and 4 <= y <= self.height - 4


@dataclass(frozen=True)
class _Box:
    """Room that is taken, so that no name is written over it."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


def area_map(
    places: Sequence[Place], title: str, name: str = "map", beneath: Iterable[Place] = (), size: tuple[int, int] = WIDE
) -> SafeString:
    """The map of these places; empty text for none. Distances are miles.

    What lies ``beneath`` is shown as far as it falls on the map, which is drawn around the places. ``size``: ``WIDE``,
    or ``SMALL`` for a narrow column, where letters keep their size and less is named.
    """
    if not places:
        return SafeString("")
    plane = _plane(places, size)
    known = {place.name for place in places}
    seen = [place for place in beneath if place.name not in known and plane.shows(place)]
    order = list(Mark)
    drawn = [*seen, *sorted(places, key=lambda place: order.index(place.mark))]
    scenes = [place for place in places if place.mark is Mark.SCENE]
    # A name may cover the dot of an agency that has no part in it, and nothing else.
    taken = [_around(plane, place) for place in places if place.mark not in (Mark.AGENCY, Mark.STALE)]
    body: list[SafeString] = [format_html('<rect class="land" fill="#fff" width="{}" height="{}"/>', *size)]
    if len(scenes) == 1:
        body += _rings(plane, scenes[0], taken)
    body += [_drawn(plane, place) for place in drawn]
    body += _names(plane, drawn, taken)
    legend, rows = _legend(plane, [mark for mark in Mark if any(place.mark is mark for place in drawn)])
    body += [*legend, _scale(plane)]
    return picture(name, "area-map", (plane.width, plane.height + 12 + ROW * rows), title, _said(drawn), body)


def _said(drawn: Sequence[Place]) -> str:
    """What is on it, for those who do not see it: how many of each, and who was asked or came."""
    counts = [(mark, sum(place.mark is mark for place in drawn)) for mark in reversed(Mark)]
    many = "; ".join(f"{mark.label}: {count}" for mark, count in counts if count)
    named = "; ".join(
        f"{place.name}{f', {place.said}' if place.said else ''}" for place in reversed(drawn) if place.named
    )
    return f"{many}. {named}" if named else many


def _plane(places: Iterable[Place], size: tuple[int, int]) -> _Plane:
    latitudes, longitudes = zip(*((place.latitude, place.longitude) for place in places), strict=True)
    middle = (min(latitudes) + max(latitudes)) / 2
    narrow = math.cos(math.radians(middle))
    north = max((max(latitudes) - min(latitudes)) * MILES_PER_DEGREE, LEAST_SPAN)
    east = max((max(longitudes) - min(longitudes)) * MILES_PER_DEGREE * narrow, LEAST_SPAN)
    width, height = size
    scale = min((width - 2 * EDGE) / east, (height - 2 * EDGE) / north)
    return _Plane(middle, (min(longitudes) + max(longitudes)) / 2, scale, width, height)


def _around(plane: _Plane, place: Place) -> _Box:
    x, y = plane.of(place)
    return _Box(x - 8, y - 8, x + 8, y + 8)


def _rings(plane: _Plane, scene: Place, taken: list[_Box]) -> Iterable[SafeString]:
    x, y = plane.of(scene)
    for miles in RINGS:
        radius = round(miles * plane.scale, 1)
        if 40 < radius < plane.width:
            yield format_html(
                '<circle class="ring" fill="none" stroke="#999" stroke-dasharray="3 4" cx="{}" cy="{}" r="{}"/>',
                x, y, radius,
            )  # fmt: skip
            if radius < y - TALL:
                text = f"{miles} mi"
                top = y - radius - 4
                taken.append(_Box(x + 3, top - TALL, x + 3 + len(text) * LETTER, top + 3))
                yield format_html('<text class="ring" {} x="{}" y="{}">{}</text>', FONT, x + 3, round(top, 1), text)


def _drawn(plane: _Plane, place: Place) -> SafeString:
    said = f"{place.name}: {place.said}" if place.said else place.name
    return format_html(
        '<path class="mark {}" {} transform="translate({} {})" d="{}"><title>{}</title></path>',
        place.mark.value, _paint(place.mark), *plane.of(place), SHAPES[place.mark], said,
    )  # fmt: skip


def _paint(mark: Mark) -> SafeString:
    return format_html('fill="{}" stroke="{}" stroke-width="{}"', *PAINT[mark])


def _names(plane: _Plane, places: Sequence[Place], taken: list[_Box]) -> Iterable[SafeString]:
    """Names beside their marks, as many as find room; the scene first, then who came, then who was asked."""
    written = 0
    for place in reversed(places):
        if not place.named or written == LABELS:
            continue
        x, y = plane.of(place)
        short = place.name.removesuffix(COMMON)
        wide = len(short) * LETTER
        for anchor, at, left, middle in (
            ("start", x + 10, x + 10, y), ("end", x - 10, x - 10 - wide, y),
            ("middle", x, x - wide / 2, y - TALL), ("middle", x, x - wide / 2, y + TALL),
        ):  # fmt: skip
            box = _Box(left, middle - TALL / 2, left + wide, middle + TALL / 2)
            if left >= 0 and box.right <= plane.width and not any(box.meets(other) for other in taken):
                taken.append(box)
                written += 1
                yield format_html(
                    '<text class="name" {} text-anchor="{}" x="{}" y="{}">{}</text>',
                    FONT, anchor, round(at, 1), round(middle + 5, 1), short,
                )  # fmt: skip
                break


def _legend(plane: _Plane, marks: Sequence[Mark]) -> tuple[list[SafeString], int]:
    """What each mark means, below the map, and in how many rows; the scale stands at the right of the first."""
    body, x, row = [], 0.0, 0
    for mark in marks:
        wide = 44 + len(mark.label) * LETTER
        if x + wide > plane.width - (FOR_SCALE if row == 0 else 0):
            x, row = 0.0, row + 1
        y = plane.height + 20 + ROW * row
        body.append(
            format_html(
                '<path class="mark {}" {} transform="translate({} {})" d="{}"/>', mark.value, _paint(mark), x + 12, y,
                SHAPES[mark],
            )
        )  # fmt: skip
        body.append(format_html('<text class="legend" {} x="{}" y="{}">{}</text>', FONT, x + 27, y + 5, mark.label))
        x += wide
    return body, row + 1


def _scale(plane: _Plane) -> SafeString:
    """A bar of so many whole miles."""
    y = plane.height + 20
    miles = next((miles for miles in SCALES if miles * plane.scale >= SHORTEST_SCALE), SCALES[-1])
    wide = round(miles * plane.scale, 1)
    left = round(plane.width - wide - 80, 1)
    bar = f"M{left} {y - 5}v8h{wide}v-8"
    text = f"{miles} mile{'' if miles == 1 else 's'}"
    drawn = '<path class="scale" fill="none" stroke="#222" stroke-width="1.5" d="{}"/>'
    return format_html(
        drawn + '<text class="legend" {} x="{}" y="{}">{}</text>', bar, FONT, plane.width - 70, y + 5, text
    )
