"""A picture of who held what from when to when: a row for each place, a bar for each holder, drawn by the server.

Each bar carries its words as a title; shapes tell its states apart as well as colors do: full while the term runs,
hatched beyond its end, outlined where it lies ahead, dashed where it is not known whether it lasts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString

from nipas_admin.shared.svg import picture

RUNS, OVER, AHEAD, OPEN = "runs", "over", "ahead", "open"
WORDS = {RUNS: "Term runs", OVER: "Holding over", AHEAD: "Rest of the term", OPEN: "Not determined"}
BAR, LETTER, TOP, FOOT, EDGE = 22, 7.2, 34, 30, 8


@dataclass(frozen=True)
class Bar:
    """One stretch of time in a row, from a day until another, the first day after it."""

    start: date
    end: date
    label: str
    kind: str = RUNS
    said: str = ""


@dataclass(frozen=True)
class Line:
    """One row: its name and its bars."""

    label: str
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Frame:
    """The field of the picture: the time it covers, how wide it is, and whether a row's name stands above its bars."""

    start: date
    end: date
    width: int
    left: int
    row: int

    @property
    def above(self) -> bool:
        """Does the name of a row stand above its bars?"""
        return self.left <= EDGE

    def x(self, day: date) -> float:
        """How far to the right the day lies; what lies outside is drawn at the edge."""
        inside = min(max(day, self.start), self.end)
        share = (inside - self.start).days / max((self.end - self.start).days, 1)
        return round(self.left + share * (self.width - self.left - EDGE), 1)

    def y(self, number: int) -> int:
        """The top of the bars of a row."""
        return TOP + number * self.row + (18 if self.above else 4)


def span_chart(
    name: str, title: str, description: str, lines: Sequence[Line], *, start: date, end: date, day: date, narrow: bool
) -> SafeString:
    """Rows of bars over years, the day marked by a line; ``narrow`` draws it for a phone, names above the bars."""
    frame = Frame(start, end, 400, EDGE, 48) if narrow else Frame(start, end, 960, 190, 32)
    bottom = TOP + len(lines) * frame.row + 6
    body = [
        _hatch(name),
        *_years(frame, bottom),
        *(part for number, line in enumerate(lines) for part in _row(name, frame, number, line)),
        format_html('<line class="day-line" x1="{0}" y1="{1}" x2="{0}" y2="{2}"/>', frame.x(day), TOP - 4, bottom),
        *_legend(name, frame, bottom + 12, {bar.kind for line in lines for bar in line.bars}),
    ]
    look = f"span-chart {'span-chart-narrow' if narrow else 'span-chart-wide'}"
    return picture(name, look, (frame.width, bottom + FOOT + (24 if narrow else 0)), title, description, body)


def _hatch(name: str) -> SafeString:
    return format_html(
        '<defs><pattern id="{}-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="hatch-ground" width="7" height="7"/><rect class="hatch" width="3" height="7"/></pattern></defs>',
        name,
    )


def _years(frame: Frame, bottom: int) -> Iterator[SafeString]:
    """A line for each first of January, and its year wherever there is room."""
    years = range(frame.start.year + (frame.start > date(frame.start.year, 1, 1)), frame.end.year + 1)
    room = (frame.width - frame.left) / max(len(years), 1)
    step = next((step for step in (1, 2, 5, 10, 20) if room * step >= 46), 50)
    for year in years:
        at = frame.x(date(year, 1, 1))
        yield format_html('<line class="grid" x1="{0}" y1="{1}" x2="{0}" y2="{2}"/>', at, TOP - 6, bottom)
        if year % step == 0:
            yield format_html('<text class="tick" x="{}" y="{}">{}</text>', min(at, frame.width - 24), TOP - 14, year)


def _row(name: str, frame: Frame, number: int, line: Line) -> Iterator[SafeString]:
    top = frame.y(number)
    at, base = (EDGE, top - 6) if frame.above else (0, top + 16)
    yield format_html('<text class="label" x="{}" y="{}">{}</text>', at, base, line.label)
    foot = top + BAR + 3
    yield format_html(
        '<line class="grid" x1="{}" y1="{}" x2="{}" y2="{}"/>', frame.left, foot, frame.width - EDGE, foot
    )
    for bar in line.bars:
        yield from _bar(name, frame, top, bar)


def _bar(name: str, frame: Frame, top: int, bar: Bar) -> Iterator[SafeString]:
    left, right = frame.x(bar.start), frame.x(bar.end)
    if right <= left:
        return
    wide = max(round(right - left - 1, 1), 1)
    fill = format_html(' fill="url(#{}-hatch)"', name) if bar.kind == OVER else ""
    yield format_html(
        '<rect class="bar {}" x="{}" y="{}" width="{}" height="{}" rx="3"{}><title>{}</title></rect>',
        bar.kind, left, top, wide, BAR, fill, bar.said or bar.label,
    )  # fmt: skip
    fits = int((wide - 8) / LETTER)
    label = bar.label if len(bar.label) <= fits else bar.label.rpartition(" ")[2]
    if bar.label and len(label) <= fits:
        yield format_html(
            '<text class="bar-label on-{}" x="{}" y="{}">{}</text>', bar.kind, round(left + 5, 1), top + 16, label
        )


def _legend(name: str, frame: Frame, top: int, kinds: Iterable[str]) -> Iterator[SafeString]:
    """What each kind of bar means, of those drawn."""
    at, line = float(frame.left), top
    for kind in (kind for kind in WORDS if kind in kinds):
        if at + 26 + len(WORDS[kind]) * LETTER > frame.width:
            at, line = float(frame.left), line + 22
        fill = format_html(' fill="url(#{}-hatch)"', name) if kind == OVER else ""
        yield format_html(
            '<rect class="bar {}" x="{}" y="{}" width="18" height="12" rx="2"{}/>', kind, at, line - 10, fill
        )
        yield format_html('<text class="label" x="{}" y="{}">{}</text>', at + 24, line + 1, WORDS[kind])
        at += 24 + len(WORDS[kind]) * LETTER + 20
