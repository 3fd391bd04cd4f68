"""History is read, by those who may, of the rows they may see; it is never a way to write."""

from __future__ import annotations

import pytest
from django.urls import reverse

from membership.models import Agency, County
from nipas_admin.accounts import roles
from nipas_admin.shared.records import Record
from tests.nipas_admin.conftest import client_of, person, text_of

pytestmark = pytest.mark.django_db


def history_url(row: Record) -> str:
    return f"/membership/{row._meta.model_name}/{row.pk}/history/"


def state_url(row: Record, entry: int | str | None = None) -> str:
    return f"{history_url(row)}{entry or row.history.last().history_id}/"


@pytest.fixture
def changed(ours):
    """An agency with an earlier state."""
    ours.city = "Moved"
    ours._change_reason = "The office moved"
    ours.save()
    return ours


SEES_HISTORY = {roles.AUDITOR: True, roles.SYSTEM_MANAGER: True} | dict.fromkeys(
    (roles.BOARD_MEMBER, roles.SECRETARY, roles.TREASURER, roles.TEAM_COORDINATOR, roles.TELECOMMUNICATOR), False
)


@pytest.mark.parametrize(("role", "sees"), SEES_HISTORY.items())
def test_history_is_seen_by_auditor_and_system_manager_and_no_other_role(role, sees, changed):
    client = client_of(person("somebody", role))

    codes = [client.get(url).status_code for url in (history_url(changed), state_url(changed))]

    assert codes == ([200, 200] if sees else [403, 403])


def test_history_tells_what_changed_when_by_whom_and_why(changed, manager):
    changed._history_user = manager
    changed.counties.add(County.objects.get(name="Lake"))

    said = text_of(client_of(manager).get(history_url(changed)))

    assert "City: Ashbury became Moved" in said
    assert "The office moved" in said
    assert "manager" in said
    assert "None" not in said


def test_an_earlier_state_is_shown_and_offers_nothing_to_type_into(changed, superuser):
    page = client_of(superuser).get(state_url(changed))

    assert "Ashbury Police Department" in text_of(page)
    content = page.content.decode().split('id="content-main"')[1]
    assert not any(tag in content for tag in ("<input", "<select", "<textarea", "<button", "<form"))


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("who", ["view-only", "manager", "superuser"])
def test_nobody_writes_through_a_history_page(who, method, changed, manager, superuser):
    """The library lets a view-only user save an old state over the record."""
    reader = person("reader", may=("membership.view_agency", "membership.view_historicalagency"))
    reader.groups.add(manager.groups.get())
    reader.groups.set([])
    client = client_of({"view-only": reader, "manager": manager, "superuser": superuser}[who])
    before = Agency.history.count()

    for url in (history_url(changed), state_url(changed)):
        sent = {"name": "Forged", "city": "Forged", "kind": "municipal", "_save": "Revert"}
        assert getattr(client, method)(url, sent).status_code == 405

    changed.refresh_from_db()
    assert (changed.city, Agency.history.count()) == ("Moved", before)


def test_a_deleted_row_is_not_brought_back(changed, superuser):
    url, state = history_url(changed), state_url(changed)
    key = changed.pk
    changed.delete_as(superuser)
    client = client_of(superuser)

    assert client.post(state, {"name": "Back again", "kind": "municipal"}).status_code == 405
    assert client.get(state).status_code == 302
    assert client.get(url).status_code == 302
    assert not Agency.objects.filter(pk=key).exists()


@pytest.mark.parametrize("entry", ["999999", "abc", "0", "99999999999999999999", "²"], ids=repr)
def test_a_state_that_is_not_there_is_not_found(entry, changed, superuser):
    assert client_of(superuser).get(state_url(changed, entry)).status_code == 404


def test_a_state_of_one_row_is_not_shown_as_a_state_of_another(ours, theirs, superuser):
    url = f"{history_url(ours)}{theirs.history.get().history_id}/"

    assert client_of(superuser).get(url).status_code == 404


def test_the_address_of_history_stays_the_librarys(ours):
    assert reverse("admin:membership_agency_history", args=[ours.pk]) == history_url(ours)
