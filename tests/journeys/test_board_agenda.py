"""The Secretary arranges an agenda and reads a vote without a mouse, in every look."""

from __future__ import annotations

from playwright.sync_api import expect

from board import services
from board.models import Motion
from tests.board import factories as make


def agenda(page) -> list[str]:
    """The items as they stand on the page, each with its number."""
    return page.locator(".agenda > li").evaluate_all(
        "rows => rows.map(row => row.querySelector('.agenda-number').textContent + ' '"
        " + row.querySelector('.agenda-title').textContent.trim())"
    )


def test_an_agenda_is_written_and_arranged_from_the_keyboard(signed_in_page, axe, fits):
    make.bylaws_in_force()
    make.board()
    ahead = make.meeting("board")
    page = signed_in_page("Secretary")
    page.goto(f"/board/meeting/{ahead.pk}/change/")

    page.focus("#new_item_title")
    for title in ("Minutes", "Radios", "Towers"):
        expect(page.locator("#new_item_title")).to_have_value("")
        expect(page.locator("#new_item_title")).to_be_focused()
        page.keyboard.type(title)
        page.keyboard.press("Enter")
        page.locator(".agenda-title", has_text=title).wait_for()
    assert agenda(page) == ["1 Minutes", "2 Radios", "3 Towers"]

    towers = ahead.agenda.get(title="Towers").pk
    page.focus(f"#up-{towers}")
    page.keyboard.press("Enter")
    page.locator(".agenda > li:nth-child(2)", has_text="Towers").wait_for()
    expect(page.locator(f"#up-{towers}")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # past "down" to "in"
    page.keyboard.press("Enter")
    page.locator(".agenda > li:nth-child(2)", has_text="1.1").wait_for()
    assert agenda(page) == ["1 Minutes", "1.1 Towers", "2 Radios"]

    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        fits(page)
        axe(page)


def test_a_vote_that_depends_on_the_reading_says_so_in_every_look(signed_in_page, in_every_look):
    make.bylaws_in_force()
    make.board()
    held = make.opened("board", present=6)
    make.voted(make.moved(held), 5, 1, 0)
    page = signed_in_page("Board Member")

    def reads_it(page) -> None:
        page.get_by_text("Failed, depends on the reading").wait_for()

    in_every_look(page, f"/board/motion/{Motion.objects.get().pk}/change/", reads_it)
    assert services.outcome_of(Motion.objects.get()).value is False
