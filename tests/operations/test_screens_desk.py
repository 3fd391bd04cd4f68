"""The alarm desk: from the call to the answers, by plain posts; what a hurried hand may press wrong."""

from __future__ import annotations

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
    row = make.incident(moment=NOW - timedelta(hours=1), **more)
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
        ({"latitude": "42"}, "Give both latitude and longitude, or neither."),
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


def test_a_further_line_that_is_not_understood_stays_typed(desk):
    incident = now_incident()
    url = reverse("operations:desk_act", args=[incident.pk, "line"])

    page = desk.post(url, {"wanted": "unicorn 3"}, follow=True)

    assert 'value="unicorn 3"' in page.content.decode()
    press(desk, incident, "line", wanted="officer 2-3")
    assert incident.lines.count() == 2


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
