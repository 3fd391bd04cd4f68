"""A meeting run live in a real browser: by the keyboard alone, watched from elsewhere, and with the network gone."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from board.models import Attendance, Meeting, Motion, Vote
from tests.board import factories as make
from tests.journeys.conftest import Watch

pytestmark = pytest.mark.django_db
NAMES = ("Algonquin", "Barrington", "Cary", "Deerfield", "Elmwood", "Foxfield", "McHenry")


@pytest.fixture(autouse=True)
def _evening(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the live pages ticks from the evening of the meeting on."""
    begun = time.monotonic()
    now = SimpleNamespace(now=lambda: make.at(18, 5) + timedelta(seconds=time.monotonic() - begun))
    monkeypatch.setattr("board.live.views.timezone", now)


@pytest.fixture
def called() -> Meeting:
    """An annual meeting called, with seven agencies active."""
    make.bylaws_in_force()
    for name, agency in zip(NAMES, make.agencies(len(NAMES)), strict=True):
        agency.name = f"{name} Police Department"
        agency.save()
    meeting = make.meeting()
    make.item(meeting, "Dues of the year")
    return meeting


def recorded(page: Page) -> None:
    """Every press is acknowledged."""
    expect(page.locator("#waiting")).to_have_text("")


def test_from_the_call_to_order_to_a_declared_motion_by_the_keyboard_alone(
    signed_in_page: Callable[..., Page], called: Meeting, axe: Callable[..., None], fits: Callable[[Page], None]
) -> None:
    page = signed_in_page("Secretary")
    wall = signed_in_page("Board Member", width=1600)
    page.goto(reverse("board:live", args=[called.pk]))
    wall.goto(reverse("board:projector", args=[called.pk]))
    axe(page)
    page.get_by_label("Presiding officer").focus()
    page.keyboard.press("Enter")
    field = page.get_by_role("combobox", name="Who")
    expect(field).to_be_focused()

    for typed, key in (("al", "Enter"), ("ba", "Enter"), ("ca", "Enter"), ("de", "Alt+Enter"), ("mc", "Enter")):
        page.keyboard.type(typed)
        page.keyboard.press(key)
    recorded(page)
    page.keyboard.type("ba")
    page.keyboard.press("Enter")  # again: it was a slip
    recorded(page)
    expect(page.locator("#bar")).to_contain_text(re.compile(r"Quorum\s+gained at 6:05 PM\s+Present\s*4\s*Needed\s*4"))
    expect(wall.locator("#wall")).to_contain_text(re.compile(r"4\s*present"))
    assert Attendance.objects.filter(undone=True).count() == 1
    assert Attendance.objects.get(entry__name__startswith="Deerfield").remote

    page.keyboard.press("Alt+m")
    expect(page.get_by_label("Kind")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("To keep the dues as they are.")
    page.keyboard.press("Tab")
    page.keyboard.type("Cary Police Department")
    page.keyboard.press("Tab")
    page.keyboard.type("McHenry Police Department")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Roll call")).to_be_focused()
    expect(page.locator("#figures")).to_contain_text("3 ayes carry it: more than half of active agencies present.")
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    expect(page.locator("#picked-name")).to_have_text("Algonquin Police Department")
    axe(page)
    for choice in "1121":  # in the order of the roll
        page.keyboard.press(choice)
    recorded(page)
    expect(page.locator("#figures")).to_contain_text("Everybody in the room has voted.")
    expect(wall.locator(".wall-tally")).to_contain_text(re.compile(r"For\s*3"))
    axe(wall)
    page.keyboard.press("Alt+d")
    expect(page.locator("#floor")).to_contain_text("more than half of 4 active agencies present is 3; 3 for: carried")
    expect(wall.locator("#wall")).to_contain_text("Carried")
    assert Motion.objects.get().state == Motion.State.CARRIED
    assert list(Vote.objects.order_by("entry__name").values_list("choice", flat=True)) == [
        "for",
        "for",
        "against",
        "for",
    ]

    axe(page)
    page.emulate_media(color_scheme="dark")
    axe(page, colors_only=True)
    for width in (820, 320):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page)
    axe(page, colors_only=True)


def test_a_press_outlives_the_network_and_a_reload_and_a_second_clerk_sees_it(
    open_page: Callable[..., Page], person: Callable[[str], object], called: Meeting, watch: Watch
) -> None:
    make.services.call_to_order(meeting=called, at=make.at(18))
    secretary = person("Secretary")
    page, other = open_page(secretary), open_page(secretary)
    for one in (page, other):
        one.goto(reverse("board:live", args=[called.pk]))
    page.route("**/press/", lambda route: route.abort())
    page.keyboard.type("ca")
    page.keyboard.press("Enter")
    expect(page.locator("#waiting")).to_contain_text("1 waiting to be recorded: Cary Police Department present")
    expect(page.locator("#waiting")).to_contain_text("The network does not answer")
    page.reload()
    expect(page.locator("#waiting")).to_contain_text("Cary Police Department present")
    assert not Attendance.objects.exists()
    assert watch.problems
    assert all("press/" in problem for problem in watch.problems)

    page.unroute("**/press/")
    expect(page.locator("#waiting")).to_have_text("", timeout=15_000)
    watch.problems.clear()
    cary = other.get_by_role("option", name=re.compile("Cary"))
    expect(cary).to_contain_text("Present 6:05 PM")
    assert Attendance.objects.count() == 1

    watch.expected = {422}
    held = []
    other.route("**/changes/*", lambda route: held.append(route))  # what the first clerk does is not seen here yet
    other.wait_for_timeout(100)
    page.keyboard.type("el")
    page.keyboard.press("Enter")
    recorded(page)
    other.keyboard.type("el")
    other.keyboard.press("Enter")
    expect(other.get_by_role("alert")).to_contain_text("Elmwood Police Department is already marked as present.")
    expect(other.get_by_role("option", name=re.compile("Elmwood"))).to_contain_text("Present 6:05 PM")
    assert Attendance.objects.count() == 2
    other.unroute("**/changes/*")
    for route in held:  # let go as they are: what is broken off here would still be told after the test
        route.continue_()
