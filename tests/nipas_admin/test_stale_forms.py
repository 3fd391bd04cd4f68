"""Two people, one record: the second save never undoes the first in silence, and nothing typed is lost."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from membership.models import Agency, County, Official
from nipas_admin.accounts import roles
from nipas_admin.shared.forms import VERSION, RecordForm
from tests.nipas_admin.conftest import client_of, fields_of, person, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(ours):
    return f"/membership/agency/{ours.pk}/change/"


@pytest.fixture
def first(manager):
    return client_of(manager)


@pytest.fixture
def second(db):
    return client_of(person("secretary", roles.SECRETARY))


def conflict_rows(page):
    """The table of differences, by field."""
    table = re.search(r'<table class="nipas-conflict">.*?</table>', page.content.decode(), re.DOTALL)
    assert table, text_of(page)
    rows = [re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL) for row in table[0].split("<tr>")[2:]]
    return {cells[0].strip(): [" ".join(cell.split()) for cell in cells[1:]] for cells in rows}


def test_a_form_nobody_overtook_is_saved(url, first, ours):
    sent = fields_of(first.get(url)) | {"city": "New Ashbury"}

    assert first.post(url, sent).status_code == 302
    ours.refresh_from_db()
    assert ours.city == "New Ashbury"


def test_the_second_save_is_refused_and_shows_both_with_who_and_when(url, first, second, ours):
    opened_by_first, opened_by_second = fields_of(first.get(url)), fields_of(second.get(url))
    assert second.post(url, opened_by_second | {"city": "Theirs", "telephone": "847 555 0101"}).status_code == 302

    page = first.post(url, opened_by_first | {"city": "Mine", "note": "Typed with care"})

    assert page.status_code == 200
    ours.refresh_from_db()
    assert (ours.city, ours.note) == ("Theirs", "")
    rows = conflict_rows(page)
    assert rows["City"][:2] == ["Mine", "Theirs"]
    assert rows["City"][2].startswith("secretary, ")
    assert rows["City"][3] == "what you typed"
    assert rows["Telephone"][:2] == ["blank", "847 555 0101"]
    assert rows["Telephone"][3] == "what is stored: you had not changed it"
    assert set(rows) == {"City", "Telephone", "Note"}


def test_saving_again_keeps_what_was_typed_and_what_the_other_changed_elsewhere(url, first, second, ours):
    opened_by_first, opened_by_second = fields_of(first.get(url)), fields_of(second.get(url))
    cook = County.objects.get(name="Cook")
    second.post(url, opened_by_second | {"telephone": "847 555 0101", "counties": [cook.pk], "sworn_as_of": "5/1/2026"})

    page = first.post(url, opened_by_first | {"city": "Mine"})
    again = fields_of(page)

    assert again["city"] == "Mine"
    assert again["telephone"] == "847 555 0101"
    assert again["sworn_as_of"] == "2026-05-01"
    assert first.post(url, again).status_code == 302
    ours.refresh_from_db()
    assert (ours.city, ours.telephone, ours.sworn_as_of) == ("Mine", "847 555 0101", date(2026, 5, 1))
    assert list(ours.counties.all()) == [cook]


def test_overtaken_a_second_time_it_is_refused_a_second_time(url, first, second):
    mine = fields_of(first.get(url)) | {"city": "Mine"}
    second.post(url, fields_of(second.get(url)) | {"city": "Theirs"})
    again = fields_of(first.post(url, mine))
    second.post(url, fields_of(second.get(url)) | {"city": "Theirs again"})

    rows = conflict_rows(first.post(url, again))

    assert rows["City"][:2] == ["Mine", "Theirs again"]


@pytest.mark.parametrize("sent", ["", "abc", "0", "99999999999999999999999", "-1", "²"], ids=repr)
def test_a_form_that_does_not_say_what_it_was_filled_in_from_is_not_saved(sent, url, first, ours):
    page = first.post(url, fields_of(first.get(url)) | {"city": "Mine", VERSION: sent})

    assert page.status_code == 200
    ours.refresh_from_db()
    assert ours.city == "Ashbury"
    assert conflict_rows(page)["City"][:2] == ["Mine", "Ashbury"]


def test_a_version_of_another_record_does_not_pass_for_this_one(url, first, ours, theirs):
    page = first.post(url, fields_of(first.get(url)) | {"city": "Mine", VERSION: str(theirs.version)})

    assert conflict_rows(page)["City"][:2] == ["Mine", "Ashbury"]


def test_with_the_guard_off_the_first_save_is_lost(url, first, second, ours, monkeypatch):
    """The control: the same two people without the version check."""
    monkeypatch.setattr(RecordForm, "_check_version", lambda form: None)
    opened_by_first, opened_by_second = fields_of(first.get(url)), fields_of(second.get(url))
    second.post(url, opened_by_second | {"telephone": "847 555 0101"})
    first.post(url, opened_by_first | {"city": "Mine"})

    ours.refresh_from_db()
    assert (ours.city, ours.telephone) == ("Mine", "")


def test_a_change_of_many_to_many_rows_alone_is_noticed_too(url, first, second, ours):
    mine = fields_of(first.get(url)) | {"city": "Mine"}
    second.post(url, fields_of(second.get(url)) | {"counties": [County.objects.get(name="Lake").pk]})

    page = first.post(url, mine)

    assert conflict_rows(page)["Counties"][:2] == ["blank", "Lake"]
    assert first.post(url, fields_of(page)).status_code == 302
    ours.refresh_from_db()
    assert [county.name for county in ours.counties.all()] == ["Lake"]


def test_a_faulty_form_that_was_overtaken_says_both(url, first, second):
    mine = fields_of(first.get(url)) | {"sworn_as_of": "01/02/49", "city": "Mine"}
    second.post(url, fields_of(second.get(url)) | {"city": "Theirs"})

    page = first.post(url, mine)

    assert "leaves the century open" in text_of(page)
    assert conflict_rows(page)["City"][:2] == ["Mine", "Theirs"]
    assert fields_of(page)["sworn_as_of"] == "01/02/49"


def test_an_inline_row_that_was_overtaken_is_refused_with_its_own_table(url, first, second, our_chief):
    mine = fields_of(first.get(url)) | {"officials-0-title": "Chief"}
    theirs = fields_of(second.get(url)) | {"officials-0-title": "Chief of Police"}
    assert second.post(url, theirs).status_code == 302

    page = first.post(url, mine)

    our_chief.refresh_from_db()
    assert our_chief.title == "Chief of Police"
    assert conflict_rows(page)["Title"][:2] == ["Chief", "Chief of Police"]
    assert first.post(url, fields_of(page)).status_code == 302
    our_chief.refresh_from_db()
    assert our_chief.title == "Chief"


def test_an_inline_row_changed_on_its_own_page_is_noticed_on_the_agencys(url, first, second, our_chief):
    mine = fields_of(first.get(url)) | {"officials-0-title": "Chief"}
    own = f"/membership/official/{our_chief.pk}/change/"
    assert second.post(own, fields_of(second.get(own)) | {"title": "Sheriff"}).status_code == 302

    assert conflict_rows(first.post(url, mine))["Title"][:2] == ["Chief", "Sheriff"]


def test_a_new_inline_row_can_be_added_and_none_is_deleted(url, first, ours, our_chief):
    sent = fields_of(first.get(url))
    sent |= {"officials-TOTAL_FORMS": "2", "officials-1-agency": str(ours.pk), "officials-1-name": "Cy Clerk"}
    sent |= {"officials-1-capacity": "clerk", "officials-1-id": "", "officials-0-DELETE": "on"}

    assert first.post(url, sent).status_code == 302
    assert sorted(Official.objects.values_list("name", flat=True)) == ["Ada Ash", "Cy Clerk"]


def test_the_form_of_a_reader_carries_no_version(url, db):
    page = client_of(person("board", roles.BOARD_MEMBER)).get(url)

    assert page.status_code == 200
    assert VERSION not in page.content.decode()


def test_a_reader_who_posts_is_refused(url, ours):
    reader = client_of(person("board", roles.BOARD_MEMBER))

    assert reader.post(url, {"name": "Mine", VERSION: str(ours.version)}).status_code == 403


def test_a_duplicate_saved_in_the_same_moment_is_refused_in_words_and_the_form_kept(first, ours, monkeypatch):
    """Both forms were checked before either was saved: the database has the last word, and no page breaks."""
    save_model = Agency.save

    def overtaken(agency, *args, **kwargs):
        monkeypatch.setattr(Agency, "save", save_model)
        raise IntegrityError("UNIQUE constraint failed: index 'agency_name_once'")

    monkeypatch.setattr(Agency, "save", overtaken)
    url = "/membership/agency/add/"
    page = first.post(url, fields_of(first.get(url)) | {"name": "Newtown Police Department", "city": "Newtown"})

    assert page.status_code == 200
    assert "An agency of this name is already in the register." in text_of(page)
    assert fields_of(page)["city"] == "Newtown"
    assert Agency.objects.count() == 1


@pytest.mark.parametrize("key", ["nothing", "999999", "1_2F3", "%00"])
def test_a_record_that_is_not_there_sends_one_back_to_the_start_with_words(key, first, ours):
    page = first.get(f"/membership/agency/{key}/change/")

    assert page.status_code == 302
    [said] = get_messages(page.wsgi_request)
    assert "Perhaps it was deleted?" in str(said)


def test_the_number_of_queries_does_not_grow_with_the_inline_rows(url, first, ours):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            first.get(url)
        return len(seen)

    Official.objects.create(agency=ours, name="One", capacity="clerk")
    queries()
    few = queries()
    for number in range(20):
        Official.objects.create(agency=ours, name=f"Official {number}", capacity="clerk")
    assert queries() == few


def test_a_file_upload_in_an_overtaken_form_asks_for_the_file_again(ours, manager):
    class WithFile(RecordForm):
        scan = forms.FileField()

        class Meta:
            model = Agency
            fields = ["city"]

    form = WithFile({"city": "Mine", VERSION: "0"}, {"scan": SimpleUploadedFile("a.pdf", b"x")}, instance=ours)

    assert "Choose the file again for: Scan." in " ".join(form.non_field_errors())
