"""Every kind of page, light and dark, wide and on a narrow phone: no fault by WCAG 2.1 AA or the content policy.

What the pages wear is also tried: the menu without scripts, the theme, the day chooser, print.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.contrib import admin

from membership.models import Agency, County, Official
from membership.models.agencies import agencies_of
from nipas_admin.shared import scope, startpage
from nipas_admin.shared.startpage import Figure, Marker, Need, Provider, QuickLink

pytestmark = pytest.mark.once  # a page looks as it looks, whatever database its records came from


class Told(Provider):
    def figures(self, user, day):
        return [Figure("Active agencies", "98", "/membership/agency/", "of 105"), Figure("Vacant seats", "1")]

    def needs(self, user, day):
        return [
            Need(day.replace(year=day.year - 1), "Minutes of the annual meeting", "Bylaws Art. V §7", "/", "Open"),
            Need(None, "Approval of Foxfield: two dates disagree", "Agreement §5.A.1", "/", "Choose the date"),
        ]

    def coming(self, user, day):
        return [Marker(day, "Board meeting", "/"), Marker(day, "A certificate lapses")]

    def links(self, user, day):
        return [QuickLink("Record a Termination Notice", "/")]


@pytest.fixture
def _screens(settings, monkeypatch):
    """Screens of every kind, with a provider that has something to say."""
    settings.ROOT_URLCONF = "tests.journeys.screens"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [Path(__file__).parent / "templates"]}]
    scope.set_provider(agencies_of)
    monkeypatch.setattr(startpage, "_providers", [Told()])


@pytest.fixture
def records(db):
    """Seven agencies, two pages of them, with an official and some history."""
    agencies = [
        Agency.objects.create(name=f"Town {number} Police Department", ori=f"IL056000{number}", sworn_officers=number)
        for number in range(7)
    ]
    first = agencies[0]
    first.counties.set([County.objects.get_or_create(name="McHenry")[0]])
    Official.objects.create(
        agency=first, name="Ada Ash", title="Chief of Police", capacity="chief", from_on=date(2015, 1, 1)
    )
    first.city = "McHenry"
    first.save()
    return first


def open_filters(page):
    if page.locator(".filter-button").is_visible():
        page.click(".filter-button")


def open_menu(page):
    if page.locator(".rooms-button").is_visible():
        page.click(".rooms-button")


def choose_all(page):
    page.check("#action-toggle")


def open_autocomplete(page):
    page.click(".select2-selection")
    page.wait_for_selector(".select2-results__option[aria-selected]")


def choose_one(page):
    open_autocomplete(page)
    page.fill(".select2-search__field", "Town 3")
    page.wait_for_selector(".select2-results__option >> text=Town 3")
    page.locator(".select2-results__option[aria-selected]").nth(1).wait_for(state="detached")
    page.keyboard.press("Enter")
    page.wait_for_selector(".select2-selection__rendered >> text=Town 3")


def open_calendar(page):
    page.click(".datetimeshortcuts a:has(.date-icon) >> nth=0")


def add_row(page):
    page.click(".tabular .add-row a")


def save_empty(page):
    page.click("input[name=_save]")
    page.wait_for_selector(".errornote")


def nothing(page):
    pass


KINDS = [
    pytest.param("/", nothing, id="start page"),
    pytest.param("/", open_menu, id="start page with the menu open"),
    pytest.param("/", lambda page: page.click(".person"), id="start page with the person's menu open"),
    pytest.param("/membership/", nothing, id="a room"),
    pytest.param("/membership/agency/", nothing, id="list"),
    pytest.param("/membership/agency/?on=2018-06-04&kind__exact=municipal&q=Town", choose_all, id="list, all chosen"),
    pytest.param("/membership/agency/?o=1.-2&_facets=1", open_filters, id="list, sorted twice, filters open"),
    pytest.param("/membership/agency/?q=nothing-like-it", nothing, id="list without a match"),
    pytest.param("/membership/official/", nothing, id="list with a drill-down by date"),
    pytest.param("/membership/agency/add/", nothing, id="form for a new record"),
    pytest.param("/membership/agency/add/", save_empty, id="form with errors"),
    pytest.param("/membership/agency/add/?_popup=1", nothing, id="form in a window of its own"),
    pytest.param("/membership/agency/{pk}/change/?on=2018-06-04", add_row, id="record with rows and cards"),
    pytest.param("/membership/official/add/", open_autocomplete, id="form, autocomplete open"),
    pytest.param("/membership/official/add/", choose_one, id="form, one chosen by keyboard"),
    pytest.param("/membership/official/add/", open_calendar, id="form, date picker open"),
    pytest.param("/membership/agency/{pk}/history/", nothing, id="history"),
    pytest.param("/membership/agency/{pk}/history/{version}/", nothing, id="one state of history"),
    pytest.param("/membership/agency/import/", nothing, id="import"),
    pytest.param("/membership/agency/export/", nothing, id="export"),
    pytest.param("/membership/agency/{pk}/delete/", nothing, id="delete what others point to"),
    pytest.param("/membership/official/{official}/delete/", nothing, id="delete"),
    pytest.param("/auth/group/add/", nothing, id="two lists to choose from"),
    pytest.param("/password_change/", nothing, id="change of password"),
    pytest.param("/furniture/", nothing, id="record page"),
    pytest.param("/furniture/?on=nonsense", nothing, id="record page, bad day"),
]


@pytest.mark.parametrize(("kind", "then"), KINDS)
@pytest.mark.usefixtures("_screens")
def test_every_kind_of_page_is_accessible_and_fits(signed_in_page, records, in_every_look, kind, then):
    page = signed_in_page("superuser")
    official = records.officials.get()
    address = kind.format(pk=records.pk, version=records.history.first().pk, official=official.pk)
    in_every_look(page, address, then)


@pytest.mark.parametrize(
    ("where", "status"), [("/nothing/", 404), ("/refuse/", 403), ("/fail/", 500)], ids=["unknown", "refused", "fault"]
)
def test_pages_that_say_what_went_wrong_are_accessible_and_fit(
    signed_in_page, settings, watch, in_every_look, where, status
):
    settings.ROOT_URLCONF = "tests.nipas_admin.frame_urls"
    watch.expected = {status}
    in_every_look(signed_in_page("superuser"), where, nothing)


def test_signing_in_and_out_is_accessible_and_fits(open_page, person, in_every_look):
    def fail(page):
        page.fill("#id_username", user.username)
        page.fill("#id_password", "wrong")
        page.keyboard.press("Enter")
        page.wait_for_selector("[role=alert]")

    def sign_in_and_out(page):
        page.fill("#id_username", user.username)
        page.fill("#id_password", "a long enough password")
        page.keyboard.press("Enter")
        page.click(".person")
        page.click("text=Log out")
        page.wait_for_selector("text=You are signed out")

    user = person("superuser")
    page = open_page()
    for then in (nothing, fail, sign_in_and_out):
        in_every_look(page, "/login/?next=/", then)


def test_every_screen_of_the_register_obeys_the_content_policy_and_fits(signed_in_page, fits):
    page = signed_in_page("superuser", width=320)
    for model in admin.site._registry:
        options = model._meta
        if options.app_label == "django_tasks_database":
            continue
        base = f"/{options.app_label}/{options.model_name}/"
        page.goto(base)
        fits(page)
        if page.locator(".object-tools .addlink").count():
            page.goto(f"{base}add/")
            fits(page)


OF_THE_DEMONSTRATION = {
    "start page": "/",
    "agencies": "/membership/agency/",
    "agencies on the day after the collective date": "/membership/agency/?on=2019-02-06",
    "an agency": "/membership/agency/{agency}/change/",
    "an agency before it was one": "/membership/agency/{agency}/change/?on=1990-01-01",
    "adoption progress": "/membership/adoption/",
    "what if": "/membership/what-if/?agency={agency}&received_on=2026-05-01",
    "an approval": "/membership/approval/{approval}/change/",
    "a notice to record": "/membership/terminationnotice/add/?agency={agency}",
}


@pytest.fixture
def demonstration(load_demonstration, db):
    load_demonstration()
    first = Agency.objects.order_by("name").first()
    return {"agency": first.pk, "approval": first.approvals.first().pk}


def test_the_pages_of_the_demonstration_register_are_accessible_and_fit(signed_in_page, demonstration, in_every_look):
    page = signed_in_page("superuser")
    for address in OF_THE_DEMONSTRATION.values():
        in_every_look(page, address.format(**demonstration))


# --- what the frame promises -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("_screens")
def test_on_a_phone_the_rooms_open_and_close_without_any_script(signed_in_page):
    page = signed_in_page("superuser", width=320, javascript=False)
    page.goto("/")
    rooms = page.locator("#rooms")
    assert not rooms.is_visible()
    page.click(".rooms-button")
    assert rooms.is_visible()
    page.keyboard.press("Escape")
    assert not rooms.is_visible()
    page.click(".rooms-button")
    page.click("#rooms .sheet-close")
    assert not rooms.is_visible()


@pytest.mark.usefixtures("_screens")
def test_on_a_phone_a_row_of_a_list_names_each_of_its_cells(signed_in_page, records):
    page = signed_in_page("superuser", width=320)
    page.goto("/membership/agency/?q=Town 0")
    label = "getComputedStyle(document.querySelector('td.field-sworn_officers'), '::before').content"
    assert page.evaluate(label) == '"Sworn officers"'


@pytest.mark.usefixtures("_screens")
def test_the_keyboard_reaches_the_content_in_one_step(signed_in_page):
    page = signed_in_page("superuser")
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content-start"


@pytest.mark.usefixtures("_screens")
def test_what_has_the_keyboard_shows_a_ring(signed_in_page, records):
    page = signed_in_page("superuser")
    page.goto("/membership/agency/")
    rings = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        rings.add(page.evaluate("getComputedStyle(document.activeElement).outline.replace(/^.*\\)/, '').trim()"))
    assert rings == {"solid 3px"}


@pytest.mark.usefixtures("_screens")
def test_the_theme_can_be_chosen_and_is_remembered(signed_in_page):
    page = signed_in_page("superuser", theme="light")
    page.goto("/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.click(".person")
    page.click(".theme-toggle")
    page.wait_for_selector("html[data-theme=dark]")
    dark = page.evaluate(ground)
    assert dark != light
    page.goto("/membership/agency/")
    assert page.evaluate(ground) == dark


@pytest.mark.usefixtures("_screens")
def test_the_day_is_chosen_above_the_list_and_kept_in_the_address(signed_in_page, records):
    page = signed_in_page("superuser")
    page.goto("/membership/agency/?q=Town")
    page.fill("#day-on", "2018-06-04")
    page.click(".day-chooser button")
    page.wait_for_url("**/membership/agency/?q=Town&on=2018-06-04")
    page.click("#result_list tbody th a >> nth=0")
    assert page.locator("#day-on").input_value() == "2018-06-04"
    page.click(".day-chooser >> text=Today")
    assert "on=" not in page.url.split("?")[-1].replace("_changelist_filters=q%3DTown%26on%3D2018-06-04", "")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.usefixtures("_screens")
def test_paper_shows_the_content_alone_dark_on_white(signed_in_page, records, theme):
    page = signed_in_page("superuser", theme=theme)
    page.goto("/membership/agency/")
    page.emulate_media(media="print")
    for hidden in (
        "#rooms",
        ".header-search",
        "#changelist-filter",
        ".actions",
        ".object-tools",
        ".day-chooser button",
    ):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.locator("#result_list").is_visible()
    ink = page.evaluate("getComputedStyle(document.querySelector('#result_list td')).color")
    assert sum(map(int, ink.removeprefix("rgb(").removesuffix(")").split(","))) < 200


@pytest.mark.usefixtures("_screens")
def test_a_live_page_changes_in_place_and_runs_no_code_from_attributes_or_answers(signed_in_page, watch, axe):
    watch.expected = {422}
    page = signed_in_page("superuser")
    policy = page.goto("/live/").headers["content-security-policy"]
    assert "script-src 'self';" in f"{policy};"
    assert "unsafe" not in policy
    title = page.title()
    page.click("text=Arrived")
    page.wait_for_selector("#present >> text=McHenry is here.")
    page.click("text=Refused")
    page.wait_for_selector("#present >> text=Nowhere is not on the roll.")
    assert page.title() == title
    axe(page)
    assert {problem.partition(" (")[0] for problem in watch.problems} == {"console error: htmx:evalDisallowedError"}
    watch.problems.clear()


def test_the_watch_on_pages_does_see_what_the_policy_refuses(signed_in_page, watch):
    page = signed_in_page("superuser")
    page.goto("/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">inline</p>')")
    page.wait_for_timeout(100)
    assert any("style-src" in problem for problem in watch.problems)
    watch.problems.clear()


def test_the_check_for_faults_does_see_a_picture_without_words(signed_in_page, axe):
    page = signed_in_page("superuser")
    page.goto("/")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)
