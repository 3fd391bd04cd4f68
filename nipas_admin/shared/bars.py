"""A picture of figures side by side: groups of bars over one line, each with its figure, drawn by the server.

Bars of one kind are told apart by their ground as well as by color: full, hatched, outlined. The colors for paper
stand on each part; style sheets may replace them on a screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from nipas_admin.shared.svg import picture

HEIGHT, TOP, FOOT, EDGE, GAP, LETTER = 300, 52, 44, 8, 6, 7.2
INKS = ("#1d4f91", "#a26d08", "#14643a")
SANS = "Source Sans Pro, sans-serif"
Shown = Callable[[int], str]


@dataclass(frozen=True)
class Group:
    """What stands together: its name and a figure for each kind of bar, None where there is none."""

    label: str
    values: Sequence[int | None]


@dataclass(frozen=True)
class Scale:
    """The field of the picture: figures upward from ``low`` to ``high``, groups of equal width to the right."""

    low: int
    high: int
    width: int
    groups: int
    kinds: int

    def y(self, value: int) -> float:
        """How far down the figure lies."""
        share = (self.high - value) / max(self.high - self.low, 1)
        return round(TOP + share * (HEIGHT - TOP - FOOT), 1)

    def left(self, group: int) -> float:
        """Where a group begins."""
        return EDGE + group * self.whole

    @property
    def whole(self) -> float:
        """How wide a group is, with the room to the next."""
        return (self.width - 2 * EDGE) / max(self.groups, 1)

    @property
    def bar(self) -> float:
        """How wide a bar is."""
        return round((self.whole * 0.86 - GAP * (self.kinds - 1)) / max(self.kinds, 1), 1)

    def x(self, group: int, kind: int) -> float:
        """Where a bar begins."""
        return round(self.left(group) + self.whole * 0.07 + kind * (self.bar + GAP), 1)


def bar_chart(
    name: str, title: str, description: str, kinds: Sequence[str], groups: Sequence[Group], shown: Shown,
    *, narrow: bool = False,
) -> SafeString:  # fmt: skip
    """Groups of bars, each with its figure above it as ``shown`` writes it; ``narrow`` draws it for a phone.

    Raises ValueError when there is no figure to draw: say so in words instead.
    """
    values = [value for group in groups for value in group.values if value is not None]
    if not values:
        raise ValueError("There is no figure to draw.")
    scale = Scale(min(0, *values), max(1, *values), 400 if narrow else 720, len(groups), len(kinds))
    body = [
        _hatch(name),
        *_legend(name, kinds),
        *(part for number, group in enumerate(groups) for part in _group(name, scale, number, group, shown)),
        format_html(
            '<line class="axis" x1="{0}" y1="{2}" x2="{1}" y2="{2}" stroke="#333"/>',
            EDGE, scale.width - EDGE, scale.y(0),
        ),
    ]  # fmt: skip
    look = f"bar-chart {'bar-chart-narrow' if narrow else 'bar-chart-wide'}"
    return picture(name, look, (scale.width, HEIGHT), title, description, body)


def _hatch(name: str) -> SafeString:
    return format_html(
        '<defs><pattern id="{}-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="hatch-ground" width="7" height="7" fill="#fff"/>'
        '<rect class="hatch" width="3.5" height="7" fill="{}"/></pattern></defs>',
        name,
        INKS[1],
    )


def _ground(name: str, kind: int) -> str:
    """What a kind of bar is filled with."""
    return (INKS[0], f"url(#{name}-hatch)", "#fff")[kind % 3]


def _text(look: str, x: float, y: float, text: str, anchor: str = "middle", ink: str = "#000") -> SafeString:
    return format_html(
        '<text class="{}" x="{}" y="{}" text-anchor="{}" font-family="{}" font-size="13" fill="{}">{}</text>',
        look, round(x, 1), round(y, 1), anchor, SANS, ink, text,
    )  # fmt: skip


def _group(name: str, scale: Scale, number: int, group: Group, shown: Shown) -> Iterator[SafeString]:
    middle = scale.left(number) + scale.whole / 2
    yield _text("label", middle, HEIGHT - 10, group.label)
    if all(value is None for value in group.values):
        yield _text("label quiet", middle, scale.y(0) - 10, "Not in the register", ink="#444")
        return
    for kind, value in enumerate(group.values):
        if value is None:
            continue
        left, ends = scale.x(number, kind), (scale.y(0), scale.y(value))
        yield format_html(
            '<rect class="bar b{}" x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}"/>',
            kind + 1, left, min(ends), scale.bar, max(round(max(ends) - min(ends), 1), 1), _ground(name, kind),
            INKS[kind % 3],
        )  # fmt: skip
        below = value < 0
        yield _text("figure", left + scale.bar / 2, max(ends) + 15 if below else min(ends) - 6, shown(value))


def _legend(name: str, kinds: Sequence[str]) -> Iterator[SafeString]:
    at = float(EDGE)
    for kind, label in enumerate(kinds):
        yield format_html(
            '<rect class="bar b{}" x="{}" y="8" width="20" height="13" fill="{}" stroke="{}"/>',
            kind + 1, at, _ground(name, kind), INKS[kind % 3],
        )  # fmt: skip
        yield _text("label", at + 27, 19, label, "start")
        at += 27 + len(label) * LETTER + 22
