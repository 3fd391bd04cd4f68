"""Confirming resources, readiness by link, the lists; and an agency that sees its own rows only, whatever is tried."""

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
from operations.models import ReadinessInquiry, ReadinessInvitation, Resource
from operations.rules.freshness import months_before
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


def stale_from_in(days):
    """The day of confirmation of what is stale from so many days after that evening."""
    return months_before(make.DAY + timedelta(days=days), 6)


def signed_in(role, of=None):
    client = Client()
    client.force_login(person(role, of))
    return client


@pytest.fixture
def ours(bylaws):
    row = make.agency(1)
    make.holds(row, 3)
    return row


@pytest.fixture
def theirs(bylaws):
    row = make.agency(2)
    make.holds(row, 7, key="drone")
    return row


@pytest.fixture
def client(ours):
    return signed_in(roles.AGENCY_REPRESENTATIVE, ours)


def page_of(agency):
    return reverse("operations:confirm", args=[agency.pk])


# Confirming


def test_nothing_changed_confirms_all_in_one_press(client, ours):
    shown = re.search(r'name="unchanged" value="(\w+)"', client.get(page_of(ours)).content.decode())[1]

    said = text_of(client.post(page_of(ours), {"unchanged": shown}, follow=True))

    assert "fresh until" in said
    assert Resource.objects.get().confirmed_on == make.DAY


def test_what_somebody_else_changed_meanwhile_is_shown_and_not_confirmed(client, ours):
    page = client.post(page_of(ours), {"unchanged": "as it was this morning"})

    assert "Somebody changed a figure while this page was open" in text_of(page)
    assert Resource.history.count() == 1


def test_what_changed_is_saved_and_a_type_is_added(client, ours):
    row = Resource.objects.get()
    sent = {f"quantity-{row.pk}": "5", f"deployable-{row.pk}": "2", f"note-{row.pk}": "One ill"}
    client.post(page_of(ours), sent | {"type": make.kind("drone").pk, "quantity": "1", "deployable": "1"})

    found = set(Resource.objects.values_list("type__key", "quantity", "deployable", "note"))
    assert found == {("canine", 5, 2, "One ill"), ("drone", 1, 1, "")}


@pytest.mark.parametrize(
    ("has", "sends", "said"),
    [("-1", "0", "is no number"), ("2", "3", "No more can be deployed"), ("x", "1", "is no number"),
     ("10001", "1", "check the figure")],
)  # fmt: skip
def test_a_figure_that_cannot_be_is_refused_and_nothing_is_lost(client, ours, has, sends, said):
    row = Resource.objects.get()
    page = client.post(page_of(ours), {f"quantity-{row.pk}": has, f"deployable-{row.pk}": sends, f"note-{row.pk}": "n"})

    assert said in text_of(page)
    assert f'value="{has}"' in page.content.decode()
    assert 'name="unchanged"' not in page.content.decode()
    assert Resource.objects.get().quantity == 3


def test_an_agency_that_has_left_changes_nothing_any_more(client, ours):
    board.withdrawn(ours, date(2025, 5, 1))

    said = text_of(client.post(page_of(ours), {"unchanged": "1"}))

    assert "does not participate any more" in said
    assert "Canine teams: 3" in said
    assert "Nothing changed" not in said
    assert "Confirm your resources" not in text_of(client.get("/"))
    assert Resource.history.count() == 1


def test_an_agency_that_recorded_nothing_is_asked_for_it(bylaws):
    silent = make.agency(3)
    said = text_of(signed_in(roles.AGENCY_REPRESENTATIVE, silent).get("/"))

    assert "Enter what your agency can send" in said
    assert silent.name in text_of(signed_in(roles.SYSTEM_MANAGER).get(reverse("operations:to_confirm")))


def test_the_portal_needs_few_queries(client, ours):
    client.get(page_of(ours))
    with CaptureQueriesContext(connection) as found:
        client.get(page_of(ours))
    assert len(found) <= 15


# An agency and the rows of others


def test_another_agencys_rows_are_reached_by_no_path(client, ours, theirs):
    resource = Resource.objects.get(agency=theirs)
    incident = make.incident(theirs)
    card = make.card(theirs, (1, ours, 1))
    tokens = make.inquiry(theirs)
    inquiry = ReadinessInquiry.objects.get()
    rows = (resource, incident, card, inquiry)
    assert tokens
    for row in rows:
        name = f"admin:operations_{row._meta.model_name}"
        for way in ("change", "history", "delete"):
            said = text_of(client.get(reverse(f"{name}_{way}", args=[row.pk]), follow=True))
            assert theirs.name not in said
        listed = client.get(reverse(f"{name}_changelist"), {"q": theirs.name}, follow=True)
        assert theirs.name not in text_of(listed).replace(f"“{theirs.name}”", "")
    assert client.get(page_of(theirs)).status_code == 404
    assert client.post(page_of(theirs), {"unchanged": "1"}).status_code == 404
    assert client.get(reverse("operations:desk", args=[incident.pk])).status_code == 403
    for key, row in (("card", card), ("running", incident), ("inquiry", inquiry)):
        assert client.get(reverse("operations:letter", args=[key, row.pk])).status_code in {403, 404}
    for url in (reverse("operations:new"), reverse("operations:ask_readiness")):
        assert client.get(url).status_code == 403
    found = client.get(
        reverse("admin:autocomplete"),
        {"app_label": "operations", "model_name": "alarmline", "field_name": "agency", "term": theirs.name},
    )
    assert theirs.name not in found.content.decode()


def test_an_incident_that_concerns_an_agency_shows_its_own_part_only(client, ours, theirs):
    incident = make.incident(note=f"{theirs} came late")
    line = make.wants(incident, 2)
    make.ask(line, ours)
    make.holds(theirs, 1)
    make.ask(line, theirs)

    said = text_of(client.get(reverse("admin:operations_incident_change", args=[incident.pk])))

    assert ours.name in said
    assert theirs.name not in said


def test_an_inquiry_shows_an_agency_its_own_answer_only(client, ours, theirs):
    make.inquiry(ours, theirs)

    said = text_of(
        client.get(reverse("admin:operations_readinessinquiry_change", args=[ReadinessInquiry.objects.get().pk]))
    )

    assert ours.name in said
    assert theirs.name not in said
    assert "By answer" not in said


# Readiness


@pytest.fixture
def link(ours):
    now = NOW
    _inquiry, tokens = services.ask_readiness(
        title="Flood", scenario="The river", agencies=[ours], at=now, closes_at=now + timedelta(hours=2),
        by=make.person(),
    )  # fmt: skip
    return reverse("operations:answer", args=[tokens[ours.pk]])


YES = {"reply": "yes", "people": "3", "hours": "2", "replied_by": "Chief Ash"}


def test_a_link_is_answered_once_without_signing_in(link):
    page = Client().get(link)
    assert "Not binding" in text_of(page)

    assert "is recorded" in text_of(Client().post(link, YES))
    assert ReadinessInvitation.objects.get().people == 3
    again = Client().post(link, YES | {"people": "9"})
    assert again.status_code == 410
    assert "used already" in text_of(again)
    assert ReadinessInvitation.objects.get().people == 3


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"people": ""}, "how many would come"), ({"people": "-2"}, "greater than or equal to 1"),
     ({"reply": "condition"}, "Name the condition."), ({"replied_by": " "}, "required"), ({"reply": "maybe"}, "Select a valid")],
)  # fmt: skip
def test_an_answer_that_says_too_little_is_asked_for_again(link, changed, said):
    assert said in text_of(Client().post(link, YES | changed))
    assert ReadinessInvitation.objects.get().reply == ""


def test_a_forged_link_says_where_to_ask(bylaws):
    page = Client().get(reverse("operations:answer", args=["forged"]))
    assert page.status_code == 404
    assert "leads nowhere" in text_of(page)


def test_a_link_past_its_time_says_whom_to_call(ours, monkeypatch):
    token = make.inquiry(ours)[ours.pk]
    monkeypatch.setattr(timezone, "now", lambda: make.at(120))
    page = Client().post(reverse("operations:answer", args=[token]), YES)
    assert page.status_code == 410
    assert "Call the coordinator" in text_of(page)


def test_the_coordinator_asks_and_sees_each_link_once(ours):
    coordinator = signed_in(roles.TEAM_COORDINATOR)
    until = NOW + timedelta(days=2)
    sent = {
        "title": "Flood", "scenario": "The river", "agencies": [ours.pk], "closes_at_0": until.date().isoformat(),
        "closes_at_1": "12:00",
    }  # fmt: skip
    page = coordinator.post(reverse("operations:ask_readiness"), sent)

    assert "/operations/answer/" in page.content.decode()
    inquiry = ReadinessInquiry.objects.get()
    url = reverse("admin:operations_readinessinquiry_change", args=[inquiry.pk])
    assert "/operations/answer/" not in coordinator.get(url).content.decode()
    invitation = inquiry.invitations.get()
    coordinator.post(f"{url.removesuffix('change/')}answer/", YES | {"invitation": invitation.pk})
    assert ReadinessInvitation.objects.get().by_coordinator
    assert "by telephone" in text_of(coordinator.get(url))


def test_the_coordinator_gives_new_links_to_the_silent_alone(ours, theirs):
    coordinator = signed_in(roles.TEAM_COORDINATOR)
    inquiry, tokens = services.ask_readiness(
        title="Flood", scenario="The river", agencies=[ours, theirs], at=NOW, closes_at=NOW + timedelta(hours=2),
        by=make.person(),
    )  # fmt: skip
    Client().post(reverse("operations:answer", args=[tokens[ours.pk]]), YES)
    url = reverse("operations:new_links", args=[inquiry.pk])
    assert (
        url in coordinator.get(reverse("admin:operations_readinessinquiry_change", args=[inquiry.pk])).content.decode()
    )
    said = text_of(coordinator.get(url))
    assert theirs.name in said
    assert ours.name not in said

    page = coordinator.post(url).content.decode()

    assert page.count("<code>http") == 1
    assert Client().get(reverse("operations:answer", args=[tokens[theirs.pk]])).status_code == 404
    assert signed_in(roles.TELECOMMUNICATOR).post(url).status_code == 403


# Lists


@pytest.mark.parametrize("model", ["incident", "resource", "alarmassignment", "readinessinquiry", "resourcetype"])
def test_a_list_does_not_ask_more_for_more_rows(ours, theirs, model):
    manager = signed_in(roles.SYSTEM_MANAGER)
    url = reverse(f"admin:operations_{model}_changelist")

    def more():
        one, helper = make.agency(3), make.helper(4)
        make.wants(make.incident(one))
        make.card(one, (1, helper, 1))
        make.inquiry(one)

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert manager.get(url).status_code == 200
        return len(found)

    more()
    queries()
    before = queries()
    more()
    assert queries() == before


def test_a_draft_card_is_open_and_an_approved_one_is_closed(ours, theirs):
    manager = signed_in(roles.SYSTEM_MANAGER)
    card = make.card(ours, (1, theirs, 1))
    url = reverse("admin:operations_alarmassignment_change", args=[card.pk])
    assert "_save" not in manager.get(url).content.decode()

    manager.post(f"{url.removesuffix('change/')}draft/", {"effective_on": "2026-12-01"})

    draft = type(card).objects.get(version=2)
    draft_url = reverse("admin:operations_alarmassignment_change", args=[draft.pk])
    assert "_save" in manager.get(draft_url).content.decode()


def test_the_start_page_leads_each_to_what_waits(ours, client):
    incident = make.incident(moment=NOW)
    assert str(incident) not in text_of(client.get("/"))
    said = text_of(signed_in(roles.TELECOMMUNICATOR).get("/"))
    assert "New incident" in said
    assert f"Incident {incident}" in said
    assert "Stale resources" in text_of(signed_in(roles.SYSTEM_MANAGER).get("/"))


@pytest.mark.parametrize(
    ("confirmed", "by"),
    [
        pytest.param(stale_from_in(31), None, id="fresh: nothing waits"),
        pytest.param(stale_from_in(30), 30, id="to be confirmed, thirty days before"),
        pytest.param(stale_from_in(0), 0, id="stale from today"),
        pytest.param(None, 0, id="never confirmed"),
    ],
)
def test_an_agency_is_asked_to_confirm_once_it_is_due(ours, client, confirmed, by):
    Resource.objects.update_with_history(confirmed_on=confirmed)
    said = text_of(client.get("/"))
    if by is None:
        assert "Confirm your resources" not in said
    else:
        assert f"Confirm your resources by {make.DAY + timedelta(days=by):%-d %B %Y}" in said
