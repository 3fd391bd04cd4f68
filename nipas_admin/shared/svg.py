"""Pictures drawn by the server as SVG: pure functions from figures to markup, colored by classes in ``furniture.css``.

Every picture has a title and a description for those who do not see it, and tells its lines apart by dash and by
shape as well as by color. Nothing here carries a style of its own, so a strict content policy lets it pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from nipas_admin.shared.dated import in_words

Steps = Sequence[tuple[date, int]]


@dataclass(frozen=True)
class Series:
    """A count that changes by steps: ``steps`` are the days on which it became so much."""

    label: str
    steps: Steps


@dataclass(frozen=True)
class Threshold:
    """A level to be reached, drawn across the whole chart."""

    label: str
    value: int


def picture(
    name: str, look: str, size: tuple[int, int], title: str, description: str, body: Iterable[SafeString]
) -> SafeString:
    """The frame of every picture; ``name`` must be unique on the page, ``look`` is the class of its kind."""
    return format_html(
        '<svg class="picture {0}" viewBox="0 0 {1} {2}" role="img"'
        ' aria-labelledby="{3}-title" aria-describedby="{3}-desc">'
        '<title id="{3}-title">{4}</title><desc id="{3}-desc">{5}</desc>{6}</svg>',
        look,
        *size,
        name,
        title,
        description,
        format_html_join("", "{}", ((part,) for part in body)),
    )


def first_of_months(start: date, end: date) -> list[date]:
    """The first days of the months that lie in ``start`` … ``end``, both included."""
    months = []
    year, month = start.year, start.month
    while (day := date(year, month, 1)) <= end:
        if day >= start:
            months.append(day)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return months


# --- the year strip --------------------------------------------------------------------------------------------------

STRIP_WIDTH, SHORTEST_YEAR, ROW_HEIGHT, MOST_ROWS, LETTER, LONGEST = 960, 760, 20, 5, 6.9, 40


def year_strip(day: date, markers: Iterable[tuple[date, str]]) -> SafeString:
    """Twelve months from the day as a line, with a diamond and, where there is room, a label on each marker."""
    end = day + timedelta(days=366)
    dated = sorted((on, label) for on, label in markers if day <= on < end)
    width = _room_for_labels(dated, day, end)
    places = [_along(on, day, end, width) for on, _ in dated]
    shorts = [_short(label, at) for (_, label), at in zip(dated, places, strict=True)]
    rows = _rows(places, shorts)
    line = max((row + 1 for row in rows if row is not None), default=0) * ROW_HEIGHT + 16
    body = [format_html('<line class="axis" x1="0" y1="{0}" x2="{1}" y2="{0}"/>', line, width)]
    for first in first_of_months(day, end):
        at = _along(first, day, end, width)
        name = f"{first:%b %Y}" if first.month == 1 else f"{first:%b}"
        body.append(format_html('<line class="axis" x1="{0}" y1="{1}" x2="{0}" y2="{2}"/>', at, line, line + 8))
        if at >= 12:
            body.append(format_html('<text class="tick" x="{}" y="{}">{}</text>', at, line + 26, name))
    body.append(format_html('<circle class="today" cx="5" cy="{}" r="5"/>', line))
    for (on, label), at, short, row in zip(dated, places, shorts, rows, strict=True):
        if row is not None:
            base = line - 16 - row * ROW_HEIGHT
            body.append(format_html('<line class="leader" x1="{0}" y1="{1}" x2="{0}" y2="{2}"/>', at, line, base - 10))
            body.append(format_html('<text class="label" x="{}" y="{}">{}</text>', at + 5, base, short))
        body.append(
            format_html(
                '<path class="marker" d="M{} {}l6 6-6 6-6-6z"><title>{}: {}</title></path>',
                at,
                line - 6,
                in_words(on),
                label,
            )
        )
    said = "; ".join(f"{in_words(on)}: {label}" for on, label in dated) or "nothing dated"
    return picture("coming", "year-strip", (STRIP_WIDTH, line + 36), f"The year from {in_words(day)}", said, body)


def _room_for_labels(dated: Iterable[tuple[date, str]], day: date, end: date) -> float:
    """How long the year is drawn, so that the last labels still fit to the right of their marks."""
    width = float(STRIP_WIDTH - 16)
    for on, label in dated:
        needed = min(len(label), LONGEST) * LETTER + 12
        share = max((on - day) / (end - day), 0.1)
        width = min(width, (STRIP_WIDTH - needed) / share)
    return max(width, SHORTEST_YEAR)


def _rows(places: Sequence[float], labels: Sequence[str]) -> list[int | None]:
    """The row of each label above the line, so that no leader crosses a label; None where there is no row left."""
    rows: list[int | None] = [None] * len(places)
    for number in reversed(range(len(places))):
        reach = places[number] + len(labels[number]) * LETTER + 12
        under = [row for row, at in zip(rows[number + 1 :], places[number + 1 :], strict=True) if at < reach]
        row = max((row for row in under if row is not None), default=-1) + 1
        rows[number] = row if row < MOST_ROWS else None
    return rows


def _short(label: str, at: float) -> str:
    """The label, cut to what fits between its place and the right edge."""
    fits = min(LONGEST, int((STRIP_WIDTH - at - 5) / LETTER))
    return label if len(label) <= fits else label[: fits - 1].rstrip() + "…"


def _along(day: date, start: date, end: date, width: float) -> float:
    """Where the day lies on a line of this width, to a tenth of a unit."""
    return round((day - start).days / max((end - start).days, 1) * width, 1)


# --- the step chart --------------------------------------------------------------------------------------------------

CHART_WIDTH, CHART_HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 560, 320, 44, 44, 16, 34


def step_chart(
    name: str, title: str, description: str, series: Sequence[Series], thresholds: Sequence[Threshold] = ()
) -> SafeString:
    """Counts that change by steps, against levels to be reached; ``name`` is unique on the page.

    Each series holds from a day until its next step, and its last value to the right edge. Raises ValueError when
    there is no step to draw: say so in words instead.
    """
    days = [day for line in series for day, _ in line.steps]
    if not days:
        raise ValueError("There is no step to draw.")
    start, end = min(days) - timedelta(days=15), max(days) + timedelta(days=15)
    top = _round_up(max([count for line in series for _, count in line.steps] + [level.value for level in thresholds]))
    plot = Plot(start, end, top)
    body = [*plot.grid(), *map(plot.level, thresholds)]
    body.extend(plot.line(number, line.steps) for number, line in enumerate(series, 1))
    body.extend(map(plot.level_label, thresholds))
    body.extend(_legend(series))
    return picture(name, "step-chart", (CHART_WIDTH, CHART_HEIGHT), title, description, body)


@dataclass(frozen=True)
class Plot:
    """The field on which a chart is drawn: days to the right, counts upward from 0 to ``top``."""

    start: date
    end: date
    top: int
    right: int = CHART_WIDTH - RIGHT
    bottom: int = CHART_HEIGHT - BOTTOM

    def x(self, day: date) -> float:
        """How far to the right the day lies."""
        return round(LEFT + _along(day, self.start, self.end, self.right - LEFT), 1)

    def y(self, count: int) -> float:
        """How far down the count lies."""
        return round(self.bottom - count / self.top * (self.bottom - TOP), 1)

    def grid(self) -> Iterable[SafeString]:
        """Lines across for counts, ticks below for months: about half a dozen of each."""
        for count in range(0, self.top + 1, max(self.top // 5, 1)):
            yield format_html(
                '<line class="grid" x1="{0}" y1="{1}" x2="{2}" y2="{1}"/>', LEFT, self.y(count), self.right
            )
            yield format_html('<text class="tick end" x="{}" y="{}">{}</text>', LEFT - 8, self.y(count) + 5, count)
        months = first_of_months(self.start, self.end)
        every = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120) if len(months) / step <= 6 or step == 120)
        for first in (month for month in months if ((month.year * 12 + month.month - 1) % every) == 0):
            name = (
                f"{first:%Y}"
                if every >= 12
                else f"{first:%b %Y}"
                if first.month == 1 or first == months[0]
                else f"{first:%b}"
            )
            yield format_html(
                '<line class="axis" x1="{0}" y1="{1}" x2="{0}" y2="{2}"/>', self.x(first), self.bottom, self.bottom + 6
            )
            yield format_html('<text class="tick" x="{}" y="{}">{}</text>', self.x(first), self.bottom + 22, name)

    def level(self, threshold: Threshold) -> SafeString:
        """A level to be reached, across the field."""
        y = self.y(threshold.value)
        return format_html('<line class="threshold" x1="{0}" y1="{1}" x2="{2}" y2="{1}"/>', LEFT, y, self.right)

    def level_label(self, threshold: Threshold) -> SafeString:
        """What the level is, at its right end."""
        at, y = self.right - 8, self.y(threshold.value) - 6
        return format_html('<text class="threshold-label" x="{}" y="{}">{}</text>', at, y, threshold.label)

    def line(self, number: int, steps: Steps) -> SafeString:
        """One stepped line from 0, with a mark of its own shape at its end."""
        path = f"M{LEFT} {self.y(0)}"
        for day, count in sorted(steps):
            path += f"H{self.x(day)}V{self.y(count)}"
        last = max(steps, default=(self.start, 0))[1]
        return format_html(
            '<path class="series s{}" d="{}H{}"/>{}', number, path, self.right, _mark(number, self.right, self.y(last))
        )


def _mark(number: int, x: float, y: float) -> SafeString:
    """A circle for the first series, a square for the second, a diamond for others."""
    if number == 1:
        return format_html('<circle class="mark s{}" cx="{}" cy="{}" r="5"/>', number, x, y)
    if number == 2:
        return format_html('<rect class="mark s{}" x="{}" y="{}" width="10" height="10"/>', number, x - 5, y - 5)
    return format_html('<path class="mark s{}" d="M{} {}l6 6-6 6-6-6z"/>', number, x, y - 6)


def _legend(series: Sequence[Series]) -> Iterable[SafeString]:
    at = float(LEFT)
    for number, line in enumerate(series, 1):
        yield format_html('<path class="series s{}" d="M{} 16h30"/>{}', number, at, _mark(number, at + 36, 16))
        yield format_html('<text class="label" x="{}" y="21">{}</text>', at + 50, line.label)
        at += 50 + len(line.label) * 8.5 + 28


def _round_up(count: int) -> int:
    """The next round figure above the count, so that the grid has whole numbers: 5, 10, 15, 20, 25, 30, 40, 50 …"""
    power = 1
    while True:
        for base in (5, 10, 15, 20, 25, 30, 40):
            if base * power >= max(count, 1) * 1.02:
                return base * power
        power *= 10
