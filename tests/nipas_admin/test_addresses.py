"""Addresses and forms that no page ever offered: refused in words or led elsewhere, never a broken page."""

from __future__ import annotations

import pytest

from membership.models import Agency
from tests.nipas_admin.conftest import client_of

pytestmark = pytest.mark.django_db

HUGE = "9" * 40
ODD = ["0", "-1", HUGE, "abc", "%00", "1_2F", "²"]


@pytest.fixture
def client(superuser, ours, our_chief):
    return client_of(superuser)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("way", ["change/", "delete/", "history/", "history/1/", ""])
@pytest.mark.parametrize("key", ODD)
def test_a_key_that_is_none_leads_nowhere(key, way, method, client):
    page = getattr(client, method)(f"/membership/agency/{key}/{way}", {"name": "x"} if method == "post" else {})

    assert page.status_code in {301, 302, 404, 405}


@pytest.mark.parametrize("entry", ODD)
def test_a_state_that_is_none_leads_nowhere(entry, client, ours):
    assert client.get(f"/membership/agency/{ours.pk}/history/{entry}/").status_code in {301, 302, 404}


QUERIES = [
    "q={}",
    "id__exact={}",
    "id__in={}",
    "pk={}",
    "p={}",
    "o={}",
    "kind__exact={}",
    "all={}",
    "e={}",
    "_to_field={}",
]


@pytest.mark.parametrize("value", ["-1", HUGE, "abc", "%00"])
@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("page", ["/membership/agency/?", "/membership/agency/export/?format=csv&"])
def test_a_query_that_is_odd_breaks_no_list(page, query, value, client):
    answer = client.get(page + query.format(value), follow=False)

    assert answer.status_code in {200, 302, 400}


@pytest.mark.parametrize("value", ODD)
def test_a_search_that_is_odd_breaks_no_autocomplete(value, client):
    address = "/autocomplete/?app_label=membership&model_name=official&field_name=agency&"

    assert client.get(f"{address}term={value}").status_code == 200
    assert client.get(f"{address}page={value}").status_code in {200, 404}


@pytest.mark.parametrize("value", ODD)
def test_a_selection_that_is_odd_acts_on_nothing(value, client):
    sent = {"action": "delete_selected", "_selected_action": [value, value], "post": "yes"}

    assert client.post("/membership/agency/", sent).status_code in {200, 302}
    assert Agency.objects.count() == 1


@pytest.mark.parametrize("value", ODD)
def test_an_add_form_filled_from_an_odd_address_is_shown(value, client):
    page = client.get(f"/membership/official/add/?agency={value}&from_on={value}&name={value}&capacity={value}")

    assert page.status_code == 200


@pytest.mark.parametrize("value", ["", "-1", HUGE, "abc"])
def test_a_count_of_inline_rows_that_is_odd_is_refused(value, client, ours):
    sent = {"name": "x", "kind": "other", "officials-TOTAL_FORMS": value, "officials-INITIAL_FORMS": value}

    assert client.post(f"/membership/agency/{ours.pk}/change/", sent).status_code in {200, 400}
    ours.refresh_from_db()
    assert ours.name == "Ashbury Police Department"
