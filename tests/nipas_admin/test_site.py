"""The frame: rooms by permission, the start page, lists that speak of a day, error pages that say what to do."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db.models import DateField, Value
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import timezone

from nipas_admin.accounts import roles
from nipas_admin.accounts.models import User
from nipas_admin.shared import rooms, startpage
from nipas_admin.shared.day import DayMixin, day_asked_for
from nipas_admin.shared.rooms import Room
from nipas_admin.shared.startpage import Figure, Marker, Need, Provider, QuickLink
from nipas_admin.site import RegisterSite
from tests.nipas_admin.conftest import client_of, person, text_of

TODAY = date(2026, 5, 1)

site = RegisterSite(name="admin")


@admin.register(User, site=site)
class DatedPeople(DayMixin, admin.ModelAdmin):
    list_display = ["username", "asked"]
    list_filter = ["is_staff"]
    search_fields = ["username"]
    list_per_page = 2

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(asked=Value(self.day_of(request), DateField()))

    def asked(self, user):
        return f"asked on {user.asked.isoformat()}"


def plain_page(request):
    return HttpResponse("a page")


urlpatterns = [path("a-page/", plain_page, name="a-page"), path("", site.urls)]


@pytest.fixture(autouse=True)
def _our_screens(represented, settings):
    settings.ROOT_URLCONF = __name__


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)


@pytest.fixture
def only_these_rooms(monkeypatch):
    monkeypatch.setattr(rooms, "_rooms", {})
    monkeypatch.setattr(rooms, "_search", [])


@pytest.fixture
def only_these_providers(monkeypatch):
    monkeypatch.setattr(startpage, "_providers", [])


@pytest.fixture
def root(superuser):
    return client_of(superuser)


def rooms_of(user, address="/"):
    request = RequestFactory().get(address)
    request.user = user
    return site.rooms_for(request, site.get_app_list(request))


# --- rooms -----------------------------------------------------------------------------------------------------------


def test_a_room_stands_where_its_order_puts_it_and_a_second_declaration_replaces_the_first(only_these_rooms, superuser):
    rooms.register(Room("jobs", "Later", 20, (rooms.page("a-page", "Late page"),)))
    rooms.register(Room("accounts", "Old title", 10, (rooms.records("accounts.User", "People"),)))
    rooms.register(Room("accounts", "Earlier", 10, (rooms.records("accounts.User", "People"),)))
    assert [room.title for room in rooms_of(superuser)] == ["Earlier", "Later"]


def test_an_entry_is_shown_only_to_those_who_may_use_it_and_an_empty_room_to_nobody(only_these_rooms, db):
    rooms.register(Room("accounts", "People", 10, (rooms.records("accounts.User", "People"),)))
    rooms.register(
        Room("jobs", "Work", 20, (rooms.page("a-page", "For all"), rooms.page("a-page", "Some", "jobs.view_job")))
    )
    auditor, dispatcher = person("auditor", roles.AUDITOR), person("dispatcher", roles.TELECOMMUNICATOR)
    shown = {
        user.username: [link.label for room in rooms_of(user) for link in room.links] for user in (auditor, dispatcher)
    }
    assert shown == {"auditor": ["People", "For all", "Some"], "dispatcher": ["For all"]}


@pytest.mark.parametrize(
    ("address", "entries", "links", "folded", "unfolded"),
    [
        pytest.param("/", ("Page",), ["Page"], ["People"], False, id="folded away on another page"),
        pytest.param("/accounts/user/", ("Page",), ["Page"], ["People"], True, id="open where one is in it"),
        pytest.param("/", (), ["People"], [], False, id="not folded where it is all there is"),
    ],
)
def test_what_is_seldom_needed_is_folded_away(only_these_rooms, superuser, address, entries, links, folded, unfolded):
    pages = tuple(rooms.page("a-page", label) for label in entries)
    rooms.register(Room("accounts", "People", 10, pages, (rooms.records("accounts.User", "People"),)))
    (room,) = rooms_of(superuser, address)
    assert [link.label for link in room.links] == links
    assert ([link.label for link in room.seldom], room.is_unfolded) == (folded, unfolded)


def test_a_record_without_a_screen_is_no_entry(only_these_rooms, superuser):
    rooms.register(Room("auth", "Roles", 10, (rooms.records("auth.Permission", "Permissions"),)))
    assert rooms_of(superuser) == ()


@pytest.mark.parametrize(
    ("address", "marked"),
    [
        pytest.param("/accounts/user/", ["People"], id="on the list itself"),
        pytest.param("/accounts/user/7/change/", ["People"], id="on a record of the list"),
        pytest.param("/a-page/", ["Page"], id="on a page"),
        pytest.param("/", [], id="on the start page nothing else is marked"),
    ],
)
def test_the_entry_one_is_in_is_marked(only_these_rooms, superuser, address, marked):
    entries = (rooms.records("accounts.User", "People"), rooms.page("a-page", "Page"))
    rooms.register(Room("accounts", "People", 10, entries))
    assert [link.label for room in rooms_of(superuser, address) for link in room.links if link.current] == marked


def test_a_page_for_one_kind_of_reader_is_no_entry_for_the_other(only_these_rooms, superuser):
    entries = (
        rooms.page("admin:index", "Of the body", limited=False),
        rooms.page("a-page", "Of agencies", limited=True),
    )
    rooms.register(Room("accounts", "People", 10, entries))
    representative = person("rep", roles.AGENCY_REPRESENTATIVE)

    shown = {who: [link.label for room in rooms_of(who) for link in room.links] for who in (superuser, representative)}

    assert shown == {superuser: ["Of the body"], representative: ["Of agencies"]}


def test_of_two_entries_that_fit_the_more_exact_one_is_marked(only_these_rooms, superuser):
    entries = (rooms.page("admin:index", "Everything"), rooms.records("accounts.User", "People"))
    rooms.register(Room("accounts", "People", 10, entries))
    links = [link for room in rooms_of(superuser, "/accounts/user/add/") for link in room.links]
    assert [(link.label, link.current) for link in links] == [("Everything", False), ("People", True)]


def test_the_page_marks_the_current_entry_for_a_screen_reader(root):
    page = root.get("/accounts/user/").content.decode()
    assert re.findall(r'<a href="([^"]+)" aria-current="page">', page) == ["/accounts/user/"]


def test_the_search_field_leads_to_its_list_and_is_shown_to_those_who_may_look_there(
    only_these_rooms, only_these_providers, root
):
    rooms.search_in("accounts.User", "Find a person")
    page = root.get("/").content.decode()
    assert '<form class="header-search" action="/accounts/user/" method="get" role="search">' in page
    assert "Find a person" not in text_of(client_of(person("d", roles.TELECOMMUNICATOR)).get("/"))


def test_every_room_leads_somewhere(superuser, settings):
    settings.ROOT_URLCONF = "nipas_admin.urls"
    request = RequestFactory().get("/")
    request.user = superuser
    drawn = admin.site.rooms_for(request, admin.site.get_app_list(request))
    entries = sum(entry.limited is not True for room in rooms.all_rooms() for entry in room.entries)
    assert entries == sum(len(room.links) for room in drawn), "an entry names a record without a screen"
    client = client_of(superuser)
    assert {link.url: client.get(link.url).status_code for room in drawn for link in room.links} == {
        link.url: 200 for room in drawn for link in room.links
    }


def test_every_screen_can_be_reached_from_a_room(superuser, settings):
    settings.ROOT_URLCONF = "nipas_admin.urls"
    request = RequestFactory().get("/")
    request.user = superuser
    in_rooms = {entry.model for room in rooms.all_rooms() for entry in room.entries}
    indexed = {room.app_label for room in rooms.all_rooms()}
    of_others = {"django_tasks_database"}  # the queue's own table, for superusers who know its address
    lost = {
        model._meta.label
        for model in admin.site._registry
        if model._meta.label not in in_rooms and model._meta.app_label not in indexed | of_others
    }
    assert lost == set()


# --- start page ------------------------------------------------------------------------------------------------------


class Told(Provider):
    def figures(self, user, day):
        return [Figure("Active agencies", "98", "/accounts/user/", f"asked for {day.isoformat()} by {user.username}")]

    def needs(self, user, day):
        return [
            Need(None, "Approval of Foxfield: two dates disagree", "Agreement §5.A.1", "/a/", "Choose the date"),
            Need(date(2026, 5, 2), "Due tomorrow", "Bylaws Art. V §7", "/b/", "Open it"),
            Need(date(2026, 5, 1), "Due today", "Bylaws Art. V §7", "/c/", "Open it"),
            Need(date(2026, 4, 30), "Due yesterday", "Bylaws Art. V §7", "/d/", "Open it"),
        ]

    def coming(self, user, day):
        return [
            Marker(date(2027, 5, 1), "A year from today"),
            Marker(date(2027, 4, 30), "The last day of the year"),
            Marker(date(2026, 5, 1), "Today"),
            Marker(date(2026, 4, 30), "Yesterday"),
        ]

    def links(self, user, day):
        return [QuickLink("Record a Termination Notice", "/notice/")]


@pytest.fixture
def told(only_these_providers, root):
    startpage.register(Told())
    return root.get("/")


def test_what_needs_a_person_stands_soonest_first_and_says_in_words_what_is_overdue(told):
    titles = re.findall(r'<p class="need-title">([^<]+)</p>', told.content.decode())
    assert titles == ["Due yesterday", "Due today", "Due tomorrow", "Approval of Foxfield: two dates disagree"]
    overdue = [item for item in re.findall(r"<li[^>]*>.*?</li>", told.content.decode(), re.DOTALL) if "Overdue" in item]
    assert len(overdue) == 1
    assert "Due yesterday" in overdue[0]


def test_each_need_has_one_button_whose_name_says_for_what(told):
    page = " ".join(unescape(re.sub(r"<[^>]+>", "", told.content.decode())).split())
    assert "Open it: Due today" in page
    assert "Choose the date: Approval of Foxfield: two dates disagree" in page


def test_coming_up_spans_the_twelve_months_from_today(told):
    listed = told.content.decode().split('<ol class="coming">')[1].split("</ol>")[0]
    assert re.findall(r"<span>([^<]+)</span>", listed) == ["Today", "The last day of the year"]


def test_the_start_page_is_drawn_for_the_person_and_the_day(told):
    text = text_of(told)
    assert "asked for 2026-05-01 by root" in text
    assert "Friday, 1 May 2026" in text
    assert "Record a Termination Notice" in text


def test_a_start_page_with_nothing_to_do_says_so(only_these_providers, root):
    text = text_of(root.get("/"))
    assert "Nothing needs you today." in text
    assert "Nothing is dated in the next twelve months." in text


def test_a_provider_registered_twice_speaks_once(only_these_providers):
    startpage.register(Told())
    startpage.register(Told())
    assert len(startpage.start_page(AnonymousUser(), TODAY).figures) == 1


@pytest.mark.parametrize(
    ("day", "later"),
    [(date(2026, 5, 1), date(2027, 5, 1)), (date(2028, 2, 29), date(2029, 2, 28))],
    ids=["an ordinary day", "a leap day"],
)
def test_a_year_later(day, later):
    assert startpage.one_year_after(day) == later


# --- the day a list speaks of ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "chosen", "problem"),
    [
        pytest.param("", TODAY, "", id="nothing asked: today"),
        pytest.param("2018-06-04", date(2018, 6, 4), "", id="as computers write it"),
        pytest.param("6/4/2018", date(2018, 6, 4), "", id="as offices write it"),
        pytest.param(" 2018-06-04 ", date(2018, 6, 4), "", id="with spaces around it"),
        pytest.param("1983-01-01", date(1983, 1, 1), "", id="the first day of the register"),
        pytest.param("1982-12-31", TODAY, "outside the register", id="the day before the first"),
        pytest.param("2036-05-01", date(2036, 5, 1), "", id="ten years ahead"),
        pytest.param("2036-05-02", TODAY, "outside the register", id="a day more than ten years ahead"),
        pytest.param("2026-02-30", TODAY, "there is no 30 February", id="no such day"),
        pytest.param("01/02/49", TODAY, "leaves the century open", id="two-digit year"),
        pytest.param("<script>", TODAY, "is not a day", id="no day at all"),
    ],
)
def test_a_day_that_cannot_be_used_is_explained_and_today_is_shown(asked, chosen, problem):
    day = day_asked_for(RequestFactory().get("/", {"on": asked}).GET, TODAY)
    assert day.chosen == chosen
    assert problem in day.problem
    assert bool(day.problem) is bool(problem)
    assert not problem or day.problem.endswith("Today is shown instead.")


@pytest.fixture
def crowd(db):
    for number in range(5):
        User.objects.create_user(f"person{number}", is_staff=True)


def links_in(page):
    return [unescape(link) for link in re.findall(r'href="([^"]+)"', page.content.decode())]


def test_the_list_asks_for_the_chosen_day_and_not_for_a_filter_of_that_name(root, crowd):
    page = root.get("/accounts/user/?on=2018-06-04")
    assert page.status_code == 200
    assert "asked on 2018-06-04" in text_of(page)
    assert "This is how it stood, in law, on 4 June 2018" in text_of(page)


def test_the_chosen_day_survives_filters_pages_sorting_and_search(root, crowd):
    page = root.get("/accounts/user/?on=2018-06-04&is_staff__exact=1&q=person")
    same_list = [link for link in links_in(page) if link.startswith("?")]
    assert {"p=2", "is_staff__exact=0", "o=1"} <= {part for link in same_list for part in link[1:].split("&")}
    leaves_the_day = {link for link in same_list if "on=2018-06-04" not in link}
    assert leaves_the_day == {"?is_staff__exact=1&q=person"}, "only the link named Today leaves the day"
    assert page.content.decode().count('<input type="hidden" name="on" value="2018-06-04">') == 1


def test_choosing_another_day_keeps_filters_and_search_and_begins_at_the_first_page(root, crowd):
    page = root.get("/accounts/user/?on=2018-06-04&is_staff__exact=1&q=person&p=2").content.decode()
    chooser = page.split('<form class="day-chooser"')[1].split("</form>")[0]
    assert dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', chooser)) == {
        "is_staff__exact": "1",
        "q": "person",
    }


def test_a_row_opens_its_record_on_the_day_of_the_list(root, crowd):
    user = User.objects.get(username="person0")
    page = root.get("/accounts/user/?on=2018-06-04&q=person0")
    link = next(link for link in links_in(page) if f"/accounts/user/{user.pk}/change/" in link)
    assert link.endswith("&on=2018-06-04")
    record = root.get(link)
    assert record.context["day"].chosen == date(2018, 6, 4)


def test_the_list_of_today_has_plain_addresses(root, crowd):
    assert not [link for link in links_in(root.get("/accounts/user/")) if "on=" in link]


def test_a_day_ahead_is_said_to_be_ahead(root, crowd):
    assert "This is how it will stand" in text_of(root.get("/accounts/user/?on=2027-05-01"))


def test_a_bad_day_is_answered_in_words_and_not_with_a_redirect(root, crowd):
    page = root.get("/accounts/user/?on=2026-02-30")
    assert page.status_code == 200
    assert "there is no 30 February 2026. Today is shown instead." in text_of(page)


# --- pages that say what went wrong ----------------------------------------------------------------------------------


@pytest.fixture
def whole(settings):
    settings.ROOT_URLCONF = "tests.nipas_admin.frame_urls"


def test_an_unknown_address_is_answered_inside_the_frame(whole, root):
    page = root.get("/nothing/here/")
    assert page.status_code == 404
    assert "There is no such page" in text_of(page)
    assert 'id="rooms"' in page.content.decode()


def test_a_refusal_gives_its_reason_inside_the_frame(whole, root):
    page = root.get("/refuse/")
    assert page.status_code == 403
    assert "Only the Secretary may choose the governing date." in text_of(page)


def test_a_refusal_without_reason_says_what_to_do(whole, db):
    page = client_of(person("d", roles.TELECOMMUNICATOR)).get("/accounts/user/")
    assert page.status_code == 403
    assert "ask the system manager for the role that has it" in text_of(page)


def test_someone_who_is_not_signed_in_learns_nothing_from_an_error_page(whole, db):
    page = Client().get("/refuse/")
    assert page.status_code == 403
    assert 'id="rooms"' not in page.content.decode()


def test_a_fault_of_ours_says_that_nothing_was_saved(whole, superuser):
    client = Client(raise_request_exception=False)
    client.force_login(superuser)
    page = client.get("/fail/")
    assert page.status_code == 500
    assert "What you were saving has not been saved" in text_of(page)


def test_a_form_from_an_old_session_is_explained(superuser):
    client = Client(enforce_csrf_checks=True)
    page = client.post("/login/", {"username": "root", "password": "x"})
    assert page.status_code == 403
    assert "This page was open too long" in text_of(page)


def test_an_unreadable_request_is_answered_in_words(root):
    page = root.get("/accounts/user/?user_permissions__content_type__model=agency")
    assert page.status_code == 400
    assert "could not read this request" in text_of(page)


def test_the_sign_in_page_names_the_body(db, settings):
    settings.NIPAS_BODY_NAME = "Kishwaukee Valley Mutual Aid"
    assert "Sign in Kishwaukee Valley Mutual Aid" in text_of(Client().get("/login/"))


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("wrong", "This user name and password do not open an account here."),
        ("", "Give your user name and your password."),
    ],
    ids=["wrong password", "no password"],
)
def test_a_failed_sign_in_says_what_to_do_and_keeps_the_name(superuser, password, said):
    page = Client().post("/login/", {"username": "root", "password": password})
    assert page.status_code == 200
    assert said in text_of(page)
    assert 'value="root"' in page.content.decode()


def test_an_account_without_a_desk_here_is_not_told_apart_from_a_wrong_password(db):
    User.objects.create_user("outsider", password="x")
    page = Client().post("/login/", {"username": "outsider", "password": "x"})
    assert "This user name and password do not open an account here." in text_of(page)


def test_signing_out_says_so(root):
    assert "You are signed out" in text_of(root.post("/logout/"))
