"""The alarm desk: from the call to the answers, by plain posts; what a hurried hand may press wrong."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from nipas_admin.accounts import roles
from operations import services
from operations.forms.fields import minute
from operations.models import Aid, Incident
from tests.board import factories as board
from tests.membership.factories import person
from tests.nipas_admin.conftest import text_of
from tests.operations import factories as make

pytestmark = pytest.mark.django_db
NOW = make.at(60)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """An hour into that evening."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def desk(bylaws):
    client = Client()
    client.force_login(person(roles.TELECOMMUNICATOR))
    return client


def call(desk, **changed):
    sent = {
        "stricken": make.agency(0).name, "nature": "Barricade", "requested_by": "Sgt. Low", "authority": "senior",
        "wanted": "canine 2",
    }  # fmt: skip
    return desk.post(reverse("operations:new"), sent | changed)


def now_incident(**more):
    row = make.incident(moment=NOW - timedelta(hours=3), **more)
    services.request(incident=row, what=make.kind(), least=1, most=2, at=row.opened_at)
    return row


def press(desk, incident, slug, **sent):
    url = reverse("operations:desk_act", args=[incident.pk, slug])
    return text_of(desk.post(url, sent, follow=True))


def answer(desk, aid, step, **sent):
    url = reverse("operations:desk_step", args=[aid.line.incident_id, aid.pk])
    return text_of(desk.post(url, {"step": step, **sent}, follow=True))


def ask(desk, incident, agency, quantity=1):
    return press(desk, incident, "ask", line=incident.lines.get().pk, one=f"{agency.pk}:{quantity}")


def test_a_call_opens_the_incident_and_shows_whom_to_ask(desk):
    near, far = make.helper(2, 1, on=make.DAY), make.helper(9, 1, on=make.DAY)

    answered = call(desk)

    incident = Incident.objects.get()
    assert answered.url == reverse("operations:desk", args=[incident.pk])
    said = text_of(desk.get(answered.url))
    assert "0 of 2, not filled" in said
    asks = said.partition("of 2, not filled")[2]
    assert asks.index(near.name) < asks.index(far.name)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"wanted": "unicorn 2"}, "“unicorn” is not in the catalogue of resources"),
        ({"wanted": "canine -2"}, "is not understood"),
        ({"wanted": "canine 0"}, "ask for one to 10,000"),
        ({"wanted": ", ".join(f"unknown{'x' * (n % 9)} {n}" for n in range(900))}, "more parts that are not understood"),
        ({"stricken": "Nowhere"}, "No agency begins with “Nowhere”"),
        ({"wanted": "2 canins"}, "did you mean canine (Canine teams)?"),
        ({"scene": "42"}, "“42” is no place: give latitude and longitude in degrees, as 42.31, -88.01."),
        ({"scene": "-88.01, 42.31"}, "Latitude comes first, then longitude; did you mean 42.31, -88.01?"),
        ({"scene": "Nowhere"}, "No agency begins with “Nowhere”"),
        ({"nature": ""}, "This field is required."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_and_nothing_is_opened(desk, changed, said):
    assert said in text_of(call(desk, **changed))
    assert not Incident.objects.exists()


def test_a_call_of_a_suspended_agency_is_answered_with_a_warning(desk):
    agency = make.agency(0)
    board.suspended(agency, make.DAY - timedelta(days=9))

    call(desk, stricken=agency.name)

    incident = Incident.objects.get()
    assert "its call for aid is answered all the same" in text_of(
        desk.get(reverse("operations:desk", args=[incident.pk]))
    )


def test_without_any_place_the_desk_says_so_and_asks_by_name(desk):
    helper = make.helper(on=make.DAY)

    call(desk, stricken=make.agency().name)

    said = text_of(desk.get(reverse("operations:desk", args=[Incident.objects.get().pk])))
    assert "No place is known" in said
    assert "distance not known" in said
    assert helper.name in said


def test_a_no_brings_the_next_agency_by_itself(desk):
    today = make.DAY
    first, second = make.helper(2, 2, on=today), make.helper(9, 2, on=today)
    incident = now_incident()

    said = ask(desk, incident, first, 2)
    assert f"of {second.name}" not in said
    said = answer(desk, Aid.objects.get(), "declined:local", reason="Crash", told="1")

    assert f"of {second.name}" in said
    aid = Aid.objects.get()
    assert (aid.declined_because, aid.reason, aid.told_stricken_at) == ("local", "Crash", aid.declined_at)


def test_all_shown_are_asked_at_once_and_a_shortfall_says_why(desk):
    today = make.DAY
    make.helper(2, 1, on=today)
    incident = now_incident()
    services.request(incident=incident, what=make.kind("officer"), least=5, at=incident.opened_at)
    line = incident.lines.first()

    said = press(desk, incident, "ask", line=line.pk, offer=[f"{Aid.agency.field.related_model.objects.last().pk}:9"])
    assert "free" in said
    assert "Short by 5" in said


def test_who_was_asked_is_not_asked_twice(desk):
    helper = make.helper(2, 2, on=make.DAY)
    incident = now_incident()

    ask(desk, incident, helper)
    said = ask(desk, incident, helper)

    assert "was asked for this already" in said
    assert Aid.objects.count() == 1


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("released", "next it can be"),
        ("on_scene", "not on scene"),
        ("told", "has not declined"),
        ("nonsense", "press one of the answers"),
        ("declined", "A lawful no has its reason"),
    ],
)
def test_a_step_out_of_its_order_is_refused_in_words(desk, step, said):
    helper = make.helper(2, 2, on=make.DAY)
    incident = now_incident()
    ask(desk, incident, helper)

    assert said in answer(desk, Aid.objects.get(), step)
    assert Aid.objects.get().step.value == "asked"


def test_the_whole_way_is_pressed_and_closing_waits_for_the_last_release(desk):
    helper = make.helper(2, 1, on=make.DAY)
    incident = now_incident()
    ask(desk, incident, helper)
    aid = Aid.objects.get()
    for step in ("accepted", "en_route"):
        answer(desk, aid, step)

    assert "Still committed" in press(desk, incident, "close")
    answer(desk, aid, "on_scene", position="North door")
    assert "1 of 1–2, filled" in answer(desk, aid, "released")
    assert "is closed" in press(desk, incident, "close")
    assert Aid.objects.get().position == "North door"


@pytest.mark.parametrize("quantity", ["-1", "0", "x", "", "9999999", "²"])
def test_what_is_no_number_of_units_is_refused(desk, quantity):
    helper = make.helper(2, 2, on=make.DAY)
    incident = now_incident()

    said = press(desk, incident, "choose", line=incident.lines.get().pk, agency=helper.name, quantity=quantity)

    assert "is no number of units" in said
    assert not Aid.objects.exists()


# --- The way there, and the papers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "large"), [(roles.TELECOMMUNICATOR, True), (roles.SYSTEM_MANAGER, False)])
def test_a_new_incident_is_the_large_button_of_those_who_run_the_desk(bylaws, role, large):
    client = Client()
    client.force_login(person(role))

    start = client.get(reverse("admin:index")).content.decode()

    assert (f'<a class="button" href="{reverse("operations:new")}" accesskey="n">' in start) is large
    assert reverse("operations:new") in start


def test_the_desk_leads_to_its_card_and_to_the_next_call_and_once_closed_to_the_report(desk):
    incident = now_incident()
    url = reverse("operations:desk", args=[incident.pk])
    card, report = (reverse("operations:letter", args=[key, incident.pk]) for key in ("running", "after_action"))

    page = desk.get(url).content.decode()
    assert card in page
    assert f'href="{reverse("operations:new")}" accesskey="n"' in page
    press(desk, incident, "close")
    page = desk.get(url).content.decode()
    assert report in page
    assert card not in page


# --- What was refused stays typed -------------------------------------------------------------------------------------


def kept(response):
    """The fields of the page as they stand: what a browser would send again."""
    found = {}
    for field in re.findall(r"<input [^>]*>", response.content.decode()):
        said = dict(re.findall(r'(\w+)="([^"]*)"', field))
        if said.get("type") != "checkbox" or " checked" in field:
            found[said.get("name", "")] = said.get("value", "")
    return found


def test_a_further_line_that_is_not_understood_stays_typed(desk):
    incident = now_incident()
    url = reverse("operations:desk_act", args=[incident.pk, "line"])

    page = desk.post(url, {"wanted": "unicorn 3"})

    assert (page.status_code, kept(page)["wanted"]) == (422, "unicorn 3")
    press(desk, incident, "line", wanted="2-3 officers")
    assert incident.lines.count() == 2
    assert kept(desk.get(url, follow=True))["wanted"] == ""


def test_an_own_choice_that_is_refused_stays_typed(desk):
    incident = now_incident()
    make.helper(2, 1, on=make.DAY)
    services.request(incident=incident, what=make.kind("officer"), least=5, at=incident.opened_at)
    line = incident.lines.last()

    page = desk.post(
        reverse("operations:desk_act", args=[incident.pk, "choose"]),
        {"line": line.pk, "agency": "Nowhere", "quantity": "7", "beyond": "1"},
    )

    assert page.status_code == 422
    assert kept(page).items() >= {"agency": "Nowhere", "quantity": "7", "beyond": "1"}.items()
    assert f'<option value="{line.pk}" selected>' in page.content.decode()
    assert kept(page)["text"] == ""


def test_what_is_said_of_an_answer_that_is_refused_stays_typed_with_that_agency(desk):
    first, second = make.helper(2, 1, on=make.DAY), make.helper(9, 1, on=make.DAY)
    incident = now_incident()
    for helper in (first, second):
        ask(desk, incident, helper)
    aid = Aid.objects.get(agency=second)
    typed = {"at": "late", "quantity": "3", "reason": "Crash", "told": "1"}

    page = desk.post(reverse("operations:desk_step", args=[incident.pk, aid.pk]), {"step": "declined:local", **typed})

    assert page.status_code == 422
    assert "Give the time as 02:45." in text_of(page)
    open_, closed = (page.content.decode().partition(f'id="more-{of.pk}"')[2] for of in (aid, Aid.objects.first()))
    assert open_.startswith(" open")
    assert not closed.startswith(" open")
    assert all(f'value="{text}"' in open_ for text in typed.values())
    assert Aid.objects.get(pk=aid.pk).step.value == "asked"


def test_more_than_is_on_record_is_accepted_where_somebody_says_so(desk):
    incident = now_incident()
    ask(desk, incident, make.helper(2, 1, on=make.DAY))
    aid = Aid.objects.get()

    assert "Accept no more, or say that it sends more" in answer(desk, aid, "accepted", quantity="2")
    said = answer(desk, aid, "accepted", quantity="2", beyond="1")

    assert "2 of 1–2, filled" in said
    assert "beyond its list, on its own word" in said


# --- A press that comes twice, because the network was slow ------------------------------------------------------------


def test_a_press_that_comes_twice_counts_once_and_is_not_refused(desk):
    helper = make.helper(2, 2, on=make.DAY)
    incident = now_incident()
    pressed = {"pressed": (NOW - timedelta(minutes=3)).isoformat()}
    line = incident.lines.get()

    for _again in "ab":
        said = press(desk, incident, "ask", line=line.pk, one=f"{helper.pk}:1", **pressed)
        said += press(desk, incident, "note", text="Shots", **pressed)
        said += press(desk, incident, "line", wanted="3 officers", **pressed)
        said += press(desk, incident, "learn", radio="ALARM 2", **pressed)
        assert "already" not in said
    later = {"pressed": (NOW - timedelta(minutes=2)).isoformat()}
    aid = Aid.objects.get()
    for _again in "ab":
        assert "next it can be" not in answer(desk, aid, "declined:local", **later)
        assert "has not declined" not in answer(desk, aid, "told", **later)
    for _again in "ab":
        assert "open a new one" not in press(desk, incident, "close", **later)

    aid.refresh_from_db()
    assert (aid.asked_at, aid.told_stricken_at) == (NOW - timedelta(minutes=3), NOW - timedelta(minutes=2))
    assert [note.text for note in incident.notes.all()] == ["Shots", "Learned: radio channel ALARM 2"]
    assert incident.lines.count() == 2


def test_a_call_that_is_sent_twice_opens_one_incident(desk):
    stricken = make.agency(0).name
    first, again = call(desk, stricken=stricken), call(desk, stricken=stricken)

    assert first.url == again.url
    assert Incident.objects.count() == 1
    call(desk, stricken=stricken, nature="Another matter")
    assert [row.reference for row in Incident.objects.order_by("pk")] == ["2026-0001", "2026-0002"]


# --- Who is silent, and who left -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "said", "silent"),
    [(4, "4 min", False), (5, "5 min", True), (120, "120 min", True), (121, "over 2 h", True)],
)
def test_how_long_ago_an_agency_was_asked_is_in_sight_and_calls_for_another_call(desk, minutes, said, silent):
    helper = make.helper(2, 1, on=make.DAY)
    incident = now_incident()
    services.ask(
        line=incident.lines.get(), agency=helper, quantity=1, at=NOW - timedelta(minutes=minutes), by=make.person()
    )

    page = desk.get(reverse("operations:desk", args=[incident.pk]))

    assert f", {said} ago, no answer." in text_of(page)
    assert ('class="waits silent"' in page.content.decode()) is silent


def test_who_leaves_by_its_own_decision_is_wanted_again_of_the_next(desk):
    first, second = make.helper(2, 2, on=make.DAY), make.helper(9, 2, on=make.DAY)
    incident = now_incident()
    ask(desk, incident, first, 2)
    aid = Aid.objects.get()
    for step in ("accepted", "on_scene"):
        answer(desk, aid, step)

    said = answer(desk, aid, "released", own="1", reason="Robbery at home")

    assert "0 of 1–2, not filled" in said
    assert "Left by its own decision: 2 are wanted again, of others (Agreement §3.D)." in said
    assert f"of {second.name}" in said
    assert "ask the next agency" in press(
        desk, incident, "choose", line=incident.lines.get().pk, agency=first.name, quantity="1"
    )


# --- The place ---------------------------------------------------------------------------------------------------------


def test_the_place_is_learned_while_the_incident_runs(desk):
    far, near = make.helper(40, 1, on=make.DAY), make.helper(2, 1, on=make.DAY)
    incident = now_incident(stricken=make.agency())
    url = reverse("operations:desk", args=[incident.pk])
    assert "No place is known" in text_of(desk.get(url))

    assert "No coordinates of" in press(desk, incident, "learn", scene=incident.stricken.name)
    said = press(desk, incident, "learn", scene=near.name, staging="High school")

    assert "No place is known" not in said
    assert said.index(f"of {near.name}") < said.index(f"of {far.name}")
    assert "Learned: latitude 42.0" in said
    assert "; staging area High school" in said
    assert "Nothing is new" in press(desk, incident, "learn")


def test_an_alarm_level_asks_by_the_card(desk):
    stricken, helper = make.agency(0), make.helper(2, 3, key="squad", on=make.DAY)
    make.card(stricken, (1, helper, 2))
    incident = now_incident(stricken=stricken)

    said = press(desk, incident, "alarm", level="1")

    assert "Alarm level 1: 1 agencies asked" in said
    assert "has no level 7" in press(desk, incident, "alarm", level="7")


def test_the_desk_tells_when_somebody_else_pressed(desk):
    incident = now_incident()
    url = reverse("operations:desk_changed", args=[incident.pk])
    since = desk.get(reverse("operations:desk", args=[incident.pk])).context["cursor"]

    assert desk.get(url, {"since": since}).status_code == 204
    services.add_note(incident=incident, text="Shots", at=NOW, by=make.person())
    assert "Somebody else recorded something" in text_of(desk.get(url, {"since": since}))


def test_the_desk_asks_no_more_of_the_database_for_more_agencies(desk):
    today = make.DAY
    incident = now_incident()
    make.helper(2, 1, on=today)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            desk.get(reverse("operations:desk", args=[incident.pk]))
        return len(found)

    queries()
    before = queries()
    for miles in (3, 4, 5):
        make.helper(miles, 1, on=today)
    assert queries() == before


@pytest.mark.parametrize("role", [roles.BOARD_MEMBER, roles.AUDITOR])
def test_who_only_reads_presses_nothing(bylaws, role):
    client = Client()
    client.force_login(person(role))
    incident = now_incident()

    page = client.get(reverse("operations:desk", args=[incident.pk]))

    assert page.status_code == 200
    assert "Close the incident" not in text_of(page)
    for slug in ("ask", "close", "note", "line", "alarm", "choose"):
        assert client.post(reverse("operations:desk_act", args=[incident.pk, slug])).status_code == 403


EVENING = make.at(0, hour=1, on=date(2026, 8, 16))


@pytest.mark.parametrize(
    ("typed", "found"),
    [("", EVENING), ("01:00", EVENING), ("0055", EVENING - timedelta(minutes=5)),
     ("23:50", EVENING - timedelta(minutes=70))],
)  # fmt: skip
def test_a_minute_is_the_last_one_that_the_clock_showed(typed, found):
    assert minute(typed, EVENING) == found
