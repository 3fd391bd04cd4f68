"""The alarm desk by keyboard: from the call to the card, an answer in one press, and a network that is gone awhile."""

from __future__ import annotations

from django.utils import timezone

from operations.models import Aid, Incident
from tests.board import factories as board
from tests.operations import factories as make


def test_a_call_at_night_is_on_the_screen_by_the_keyboard_alone(signed_in_page, axe, fits, in_every_look, monkeypatch):
    now = make.at(60)
    monkeypatch.setattr(timezone, "now", lambda: now)
    board.bylaws_in_force()
    stricken = make.agency(0)
    first, second = make.helper(2, 2), make.helper(9, 2)
    page = signed_in_page("Telecommunicator")

    page.goto("/operations/desk/new/")
    for typed in (stricken.name, "Barricade", "two cani", "Sgt. Low"):
        page.keyboard.type(typed)
        if typed == "two cani":  # the type is proposed: the arrow picks it, Enter puts it in
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
        page.keyboard.press("Tab" if typed != "Sgt. Low" else "Enter")
    page.get_by_text("0 of 2, not filled").wait_for()
    in_every_look(page, page.url)

    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("button", name=f"Ask 2 of {first.name}").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name=f"No: local conditions {first.name}").click()
    page.get_by_role("button", name=f"Ask 2 of {second.name}").click()
    page.get_by_role("button", name=f"Accepted {second.name}").wait_for()

    # The network is gone for one press, while a note is half typed: the press is kept and recorded, the note stays.
    page.get_by_label("Note").fill("Shots from the ro")
    page.route("**/aid/**", lambda route: route.abort("aborted"), times=1)
    page.get_by_role("button", name=f"Accepted {second.name}").dblclick()
    page.get_by_text("1 not recorded yet, kept here and tried again").wait_for()
    page.evaluate("dispatchEvent(new Event('online'))")
    page.get_by_text("2 of 2, filled").wait_for()
    assert page.locator("#unsent").is_hidden()
    assert page.get_by_label("Note").input_value() == "Shots from the ro"
    in_every_look(page, page.url)

    assert Incident.objects.get().stricken == stricken
    assert {aid.agency: aid.step.value for aid in Aid.objects.all()} == {first: "declined", second: "accepted"}
