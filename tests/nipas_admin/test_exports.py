"""Export gives what the list shows, to those who may copy it out, and nothing in it runs."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from membership.models import Agency
from nipas_admin.accounts import roles
from tests.nipas_admin.conftest import client_of, person, text_of

pytestmark = pytest.mark.django_db

EXPORT = "/membership/agency/export/"


@pytest.fixture
def client(manager):
    return client_of(manager)


@pytest.fixture(autouse=True)
def agencies(ours, theirs):
    ours.note = "=cmd|'/c calc'!A0"
    ours.sworn_officers = 45
    ours.save()
    theirs.kind = "county"
    theirs.save()


def rows(page):
    assert page.status_code == 200
    return list(csv.DictReader(io.StringIO(page.content.decode("utf-8-sig"))))


SHOWN = {
    "": ["Ashbury Police Department", "Birchwood Police Department"],
    "&kind__exact=county": ["Birchwood Police Department"],
    "&q=ash": ["Ashbury Police Department"],
    "&o=-1": ["Birchwood Police Department", "Ashbury Police Department"],
    "&q=nobody": [],
}


@pytest.mark.parametrize(("query", "names"), SHOWN.items())
def test_it_holds_exactly_the_rows_of_the_list_in_its_order(query, names, client):
    assert [row["name"] for row in rows(client.get(f"{EXPORT}?format=csv{query}"))] == names


def test_a_formula_is_written_harmless(client):
    assert rows(client.get(f"{EXPORT}?format=csv"))[0]["note"] == "'=cmd|'/c calc'!A0"
    book = load_workbook(io.BytesIO(client.get(f"{EXPORT}?format=xlsx").content))
    cells = {head.value: cell for head, cell in zip(book.active[1], book.active[2], strict=True)}
    assert (cells["note"].data_type, cells["note"].value) == ("s", "'=cmd|'/c calc'!A0")
    assert (cells["sworn_officers"].data_type, cells["sworn_officers"].value) == ("n", 45)


def test_it_is_sent_as_a_file_and_never_shown(client):
    page = client.get(f"{EXPORT}?format=csv")

    assert page["Content-Disposition"].startswith('attachment; filename="agencies-')
    assert page["Content-Type"] == "text/csv; charset=utf-8"


def test_without_a_format_the_page_asks_and_keeps_the_filter(client):
    page = client.get(f"{EXPORT}?kind__exact=county")

    assert "1 agency, as the list shows them" in text_of(page)
    assert '<input type="hidden" name="kind__exact" value="county">' in page.content.decode()


@pytest.mark.parametrize("format", ["json", "html", "xls", "../x", "%00"])
def test_another_format_is_asked_for_in_vain(format, client):
    page = client.get(f"{EXPORT}?format={format}")

    assert page["Content-Type"].startswith("text/html")
    assert "Ashbury" not in text_of(page)


@pytest.mark.parametrize("query", ["nonsense=1", "id__exact=abc", "name__foo=1", "password=x", "p=abc", "o=x.y"])
def test_a_filter_that_is_none_breaks_no_page(query, client):
    page = client.get(f"{EXPORT}?format=csv&{query}", follow=True)

    assert page.status_code in {200, 400}


MAY_EXPORT = {
    roles.SYSTEM_MANAGER: 200,
    roles.SECRETARY: 200,
    roles.TREASURER: 200,
    roles.AUDITOR: 200,
} | dict.fromkeys(
    (roles.BOARD_MEMBER, roles.TEAM_COORDINATOR, roles.TELECOMMUNICATOR, roles.AGENCY_REPRESENTATIVE), 403
)


@pytest.mark.parametrize(("role", "code"), MAY_EXPORT.items())
def test_the_list_is_copied_out_by_those_who_may(role, code):
    client = client_of(person("somebody", role))

    assert client.get(f"{EXPORT}?format=csv").status_code == code
    assert ("/membership/agency/export/" in client.get("/membership/agency/").content.decode()) == (code == 200)


def test_who_may_export_but_not_see_exports_nothing():
    client = client_of(person("somebody", may=("membership.export_agency",)))

    assert client.get(f"{EXPORT}?format=csv").status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_rows(client):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            rows(client.get(f"{EXPORT}?format=csv"))
        return len(seen)

    queries()
    few = queries()
    Agency.objects.bulk_create_with_history([Agency(name=f"Agency {number}") for number in range(30)])
    assert queries() == few
