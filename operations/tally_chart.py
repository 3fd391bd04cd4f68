"""How many people could be there within how many hours, as bars drawn by the server."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from nipas_admin.shared.svg import picture
from operations.rules.readiness import Tally

WIDTH, ROW, LEFT, RIGHT = 480, 26, 70, 60


def tally_chart(tally: Tally) -> SafeString:
    """The bars: sure, then on a condition; empty text where nobody would come."""
    most = max((tally.sure[hour] + tally.conditional[hour] for hour in tally.sure), default=0)
    if not most:
        return SafeString("")
    room = WIDTH - LEFT - RIGHT
    body: list[SafeString] = []
    for turn, hour in enumerate(tally.sure):
        y, sure, maybe = turn * ROW, tally.sure[hour], tally.conditional[hour]
        wide, more = room * sure // most, room * maybe // most
        body.append(
            format_html(
                '<text class="tally-hour" font-size="13" x="0" y="{}">{} h</text>'
                '<rect class="tally-sure" x="{}" y="{}" width="{}" height="18"/>'
                '<rect class="tally-maybe" x="{}" y="{}" width="{}" height="18"/>'
                '<text class="tally-sum" font-size="13" x="{}" y="{}">{}</text>',
                y + 17, hour, LEFT, y + 4, wide, LEFT + wide, y + 4, more, LEFT + wide + more + 6, y + 17,
                f"{sure} + {maybe}" if maybe else sure,
            )
        )  # fmt: skip
    said = "; ".join(f"{tally.sure[hour]} sure within {hour} hours" for hour in tally.sure)
    height = ROW * len(tally.sure) + 4
    return picture("tally", "tally", (WIDTH, height), "People by hour", said, body)
