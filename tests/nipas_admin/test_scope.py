"""A person who signs in for an agency reaches that agency's rows only, by whatever way is tried.

The representative of these tests holds every permission there is on agencies and officials, so that nothing but
scope can be what stops the attack.
"""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from membership.models import Agency, Official, Participation, Representative, SpecializedTeam, TeamParticipation
from nipas_admin.accounts import roles
from nipas_admin.accounts.models import User
from nipas_admin.shared import scope
from tests.nipas_admin.conftest import client_of, fields_of, permissions, person, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(representative):
    return client_of(representative)


@pytest.fixture(autouse=True)
def officials(our_chief, their_chief):
    return our_chief, their_chief


def test_the_list_shows_ones_own_rows(client):
    for model, own, other in (("agency", "Ashbury", "Birchwood"), ("official", "Ada Ash", "Bo Birch")):
        said = text_of(client.get(f"/membership/{model}/"))
        assert own in said
        assert other not in said


@pytest.mark.parametrize("query", ["q=Birch", "id__exact={theirs}", "pk={theirs}", "id__in={theirs}", "o=1"])
def test_no_search_or_filter_in_the_address_shows_anothers(query, client, theirs):
    page = client.get(f"/membership/agency/?{query.format(theirs=theirs.pk)}", follow=True)

    assert "Birchwood" not in text_of(page)


WAYS = ["change/", "delete/", "history/", "history/{entry}/", ""]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("way", WAYS)
def test_the_address_of_anothers_row_leads_nowhere(way, method, client, theirs, their_chief):
    for row in (theirs, their_chief):
        url = f"/membership/{row._meta.model_name}/{row.pk}/{way.format(entry=row.history.get().history_id)}"
        sent = {"name": "Taken over", "kind": "municipal", "row_version": str(row.version), "post": "yes"}
        page = getattr(client, method)(url, sent)
        assert page.status_code in {301, 302, 403, 404, 405}
        assert row.name not in text_of(client.get(url, follow=True)).replace(f"“{row.pk}”", "")
        row.refresh_from_db()
        assert row.name in {"Birchwood Police Department", "Bo Birch"}


def test_ones_own_row_can_be_changed(client, ours):
    url = f"/membership/agency/{ours.pk}/change/"

    assert client.post(url, fields_of(client.get(url)) | {"city": "Moved"}).status_code == 302
    ours.refresh_from_db()
    assert ours.city == "Moved"


def test_a_row_cannot_be_given_to_another_agency(client, our_chief, theirs):
    url = f"/membership/official/{our_chief.pk}/change/"

    page = client.post(url, fields_of(client.get(url)) | {"agency": str(theirs.pk)})

    assert page.status_code == 200
    assert "Select a valid choice" in text_of(page)
    our_chief.refresh_from_db()
    assert our_chief.agency != theirs


def test_a_row_cannot_be_added_to_another_agency(client, theirs):
    sent = fields_of(client.get("/membership/official/add/"))
    page = client.post("/membership/official/add/", sent | {"agency": theirs.pk, "name": "Spy", "capacity": "clerk"})

    assert page.status_code == 200
    assert not Official.objects.filter(name="Spy").exists()


def test_an_inline_row_cannot_be_aimed_at_anothers_record(client, ours, theirs, their_chief):
    url = f"/membership/agency/{ours.pk}/change/"
    sent = fields_of(client.get(url))
    assert not any(str(value) == "Bo Birch" for value in sent.values())

    sent |= {
        "officials-0-id": str(their_chief.pk),
        "officials-0-name": "Taken over",
        "officials-0-agency": str(ours.pk),
    }
    client.post(url, sent)

    their_chief.refresh_from_db()
    assert (their_chief.name, their_chief.agency) == ("Bo Birch", theirs)


def test_a_shared_record_shows_only_ones_own_related_rows(representative, ours, theirs):
    team = SpecializedTeam.objects.create(name="Emergency Services Team", short_name="EST")
    for agency in (ours, theirs):
        stint = Participation.objects.create(agency=agency, path="original")
        TeamParticipation.objects.create(team=team, participation=stint)
    representative.user_permissions.add(
        *permissions("membership.view_specializedteam", "membership.view_teamparticipation")
    )

    said = text_of(client_of(representative).get(f"/membership/specializedteam/{team.pk}/change/"))

    assert "Ashbury Police Department" in said
    assert "Birchwood" not in said


def autocomplete(client, term=""):
    address = "/autocomplete/?app_label=membership&model_name=official&field_name=agency"
    return client.get(f"{address}&term={term}")


def test_autocomplete_offers_ones_own_agency_only(client):
    assert [found["text"] for found in autocomplete(client).json()["results"]] == ["Ashbury Police Department"]
    assert autocomplete(client, "Birch").json()["results"] == []


def test_autocomplete_asks_for_permission_to_see_what_it_offers(ours):
    stranger = person("stranger", roles.SECRETARY)
    stranger.groups.set([])
    assert autocomplete(client_of(stranger)).status_code == 403


def exported(client, model="agency", query=""):
    page = client.get(f"/membership/{model}/export/?format=csv{query}")
    return list(csv.DictReader(io.StringIO(page.content.decode("utf-8-sig"))))


def test_export_holds_ones_own_rows_only(client):
    assert [row["name"] for row in exported(client)] == ["Ashbury Police Department"]
    assert [row["name"] for row in exported(client, "official")] == ["Ada Ash"]
    assert exported(client, query="&q=Birch") == []


def imported(client, model, text):
    return client.post(f"/membership/{model}/import/", {"import_file": SimpleUploadedFile("t.csv", text.encode())})


def test_import_changes_ones_own_row(client, ours):
    page = imported(client, "agency", "ori,city\nIL0010100,Moved\n")
    assert "0 new, 1 changed" in text_of(page)


REJECTED = {
    "another agency by its ORI": ("agency", "ori,name,city\nIL0020200,Birchwood Police Department,Taken\n"),
    "another agency by its name": ("agency", "name,city\nBirchwood Police Department,Taken\n"),
    "a new agency": ("agency", "name,city\nBrand New Police Department,Anywhere\n"),
    "an official of another agency": ("official", "agency,name,capacity,from_on\nIL0020200,Spy,clerk,\n"),
    "an official of another agency that is stored": (
        "official",
        "agency,name,capacity,from_on\nIL0020200,Bo Birch,chief,\n",
    ),
}


@pytest.mark.parametrize(("model", "text"), REJECTED.values(), ids=REJECTED)
def test_import_rejects_rows_of_others_in_words_and_shows_nothing_of_them(model, text, client):
    before = (list(Agency.objects.values()), list(Official.objects.values()))

    page = imported(client, model, text)

    said = text_of(page)
    assert "Nothing was imported" in said
    assert "your own agency only" in said or "that you may use" in said
    assert "Import these rows" not in said
    assert (list(Agency.objects.values()), list(Official.objects.values())) == before


def test_a_suggestion_does_not_name_an_agency_of_others(client):
    said = text_of(
        imported(client, "official", "agency,name,capacity,from_on\nBirchwood Police Departmen,Spy,clerk,\n")
    )

    assert "that you may use" in said
    assert "Did you mean" not in said


def test_a_preview_of_somebody_else_cannot_be_confirmed(client, superuser, ours):
    page = imported(client_of(superuser), "agency", "name\nBrand New Police Department\n")
    token = fields_of(page).get("token") or page.context["token"]

    answer = client.post("/membership/agency/process_import/", {"token": token}, follow=True)

    assert "Upload it again" in text_of(answer)
    assert Agency.objects.count() == 2


def test_the_narrower_role_wins_and_nobody_without_a_role_of_the_office_sees_all(ours, theirs):
    both = person("both", roles.AGENCY_REPRESENTATIVE, roles.SECRETARY)
    none = person("none", may=("membership.view_agency",))
    office = person("office", roles.SECRETARY)

    assert scope.agencies_of(both) == frozenset()
    assert scope.agencies_of(none) == frozenset()
    assert scope.agencies_of(office) is None
    Representative.objects.create(user=both, agency=ours)
    assert scope.agencies_of(User.objects.get(pk=both.pk)) == {ours.pk}


def test_a_row_without_an_agency_is_seen_by_the_limited_only_when_it_is_shared(representative):
    rows = Official.objects.all()

    assert not scope.limit(rows, representative, "").exists()
    assert scope.limit(rows, representative, "", shared=True).count() == 2
    assert scope.limit(rows, representative, "agency").count() == 1
