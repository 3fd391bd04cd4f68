"""Two people press Save in the same moment: one is saved, the other is shown what happened; and with the guard off."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import QuerySet
from django.test import Client

from membership.models import Agency
from nipas_admin.accounts.models import User
from nipas_admin.shared.forms import RecordForm
from tests.nipas_admin.conftest import client_of, fields_of

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 1.5


def pressed_together(clients: list[Client], url: str, sent: list[dict[str, Any]]) -> list[int]:
    """Each posts its form in a thread of its own; the status codes, sorted."""
    codes = []

    def press(client: Client, form: dict[str, Any]) -> None:
        try:
            codes.append(client.post(url, form).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=pair) for pair in zip(clients, sent, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(codes)


@pytest.fixture
def clients(db: None) -> list[Client]:
    return [client_of(User.objects.create_superuser(name, password="x")) for name in ("first", "second")]


@pytest.fixture
def both_check_before_either_saves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold each person after the check until the other has checked too, or cannot."""
    meeting = threading.Barrier(2, timeout=PATIENCE)
    check = RecordForm.full_clean

    def met(form: RecordForm) -> None:
        check(form)
        if form.is_bound and form.prefix is None:
            try:
                meeting.wait()
            except threading.BrokenBarrierError:
                return

    monkeypatch.setattr(RecordForm, "full_clean", met)


def test_of_two_changes_one_is_saved_and_the_other_shown(clients, ours, both_check_before_either_saves):
    url = f"/membership/agency/{ours.pk}/change/"
    forms = [fields_of(client.get(url)) for client in clients]

    codes = pressed_together(clients, url, [forms[0] | {"city": "Mine"}, forms[1] | {"telephone": "847 555 0100"}])

    assert codes == [200, 302]
    assert ours.history.count() == 2


def test_of_two_agencies_of_the_same_name_one_is_added_and_the_other_told(clients, both_check_before_either_saves):
    url = "/membership/agency/add/"
    forms = [fields_of(client.get(url)) | {"name": "Newtown Police Department"} for client in clients]

    assert pressed_together(clients, url, forms) == [200, 302]
    assert Agency.objects.count() == 1


if connection.vendor == "postgresql":

    def test_without_the_lock_the_first_change_is_lost(
        clients, ours, both_check_before_either_saves, monkeypatch: pytest.MonkeyPatch
    ):
        """The control, on the database where two people can write at once."""
        monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **how: rows.all())
        url = f"/membership/agency/{ours.pk}/change/"
        forms = [fields_of(client.get(url)) for client in clients]

        codes = pressed_together(clients, url, [forms[0] | {"city": "Mine"}, forms[1] | {"telephone": "847 555 0100"}])

        ours.refresh_from_db()
        assert codes == [302, 302]
        assert (ours.city, ours.telephone) != ("Mine", "847 555 0100")
