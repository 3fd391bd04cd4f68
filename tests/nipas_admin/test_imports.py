"""Import through the admin: all of a table or none of it, previewed, and every fault in words."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.contrib.admin.models import LogEntry
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from membership.models import Agency, County, Official
from nipas_admin.accounts import roles
from nipas_admin.shared import tables
from nipas_admin.shared.tables import Line, Table
from tests.nipas_admin.conftest import client_of, person, text_of
from tests.nipas_admin.screens import AgencyResource, OfficialResource

pytestmark = pytest.mark.django_db

IMPORT, PROCESS = "/membership/agency/import/", "/membership/agency/process_import/"


@pytest.fixture
def client(manager):
    return client_of(manager)


def upload(client, content, name="agencies.csv", url=IMPORT):
    data = content if isinstance(content, bytes) else content.encode()
    return client.post(url, {"import_file": SimpleUploadedFile(name, data)})


def token_of(page):
    return re.search(r'name="token" value="([^"]+)"', page.content.decode())[1]


def confirm(client, page, url=PROCESS):
    return client.post(url, {"token": token_of(page)}, follow=True)


def problems_of(page):
    """The faults listed on a page: row, column, cell, message."""
    section = re.search(r'<section class="nipas-problems".*?</section>', page.content.decode(), re.DOTALL)[0]
    rows = re.findall(r"<tr>\s*<td>(.*?)</tr>", section, re.DOTALL)
    return [[unescape(" ".join(re.sub(r"<[^>]+>", "", cell).split())) for cell in row.split("<td>")] for row in rows]


def table(headings, *rows):
    return Table(headings, [Line(number, list(row)) for number, row in enumerate(rows, 2)])


GOOD = "ori,name,kind,counties,city,latitude,longitude,sworn_officers,sworn_as_of\nIL0030300,Cedar PD,Municipal,Cook; Lake,Cedar,42.1,-88.2,45,5/1/2026\n,Dale Park District,other,,Dale,,,,\n"


def test_a_preview_writes_nothing_and_says_what_would_happen(client, ours):
    page = upload(client, GOOD + "IL0010100,Ashbury Police Department,municipal,,Moved,,,,\n")

    said = text_of(page)
    assert "2 new, 1 changed, 0 as they are. Nothing is written yet." in said
    assert "city: Ashbury becomes Moved" in said
    assert Agency.objects.count() == 1
    ours.refresh_from_db()
    assert ours.city == "Ashbury"
    assert Agency.history.count() == 1


def test_a_confirmed_import_writes_all_and_history_says_who_and_from_where(client, manager):
    page = confirm(client, upload(client, GOOD))

    assert "Imported from agencies.csv: 2 new, 0 changed, 0 as they were." in text_of(page)
    cedar = Agency.objects.get(name="Cedar PD")
    assert (cedar.kind, cedar.latitude, cedar.sworn_officers) == ("municipal", Decimal("42.1"), 45)
    assert cedar.sworn_as_of == date(2026, 5, 1)
    assert sorted(county.name for county in cedar.counties.all()) == ["Cook", "Lake"]
    created = cedar.history.last()
    assert (created.history_user, created.history_change_reason) == (manager, "Imported from agencies.csv")
    assert LogEntry.objects.get().user == manager


def test_the_same_table_again_changes_nothing_and_leaves_no_history(client):
    confirm(client, upload(client, GOOD))
    before = Agency.history.count()

    page = upload(client, GOOD)

    assert "0 new, 0 changed, 2 as they are" in text_of(page)
    confirm(client, page)
    assert Agency.history.count() == before


def test_a_confirmed_file_cannot_be_confirmed_twice(client):
    page = upload(client, GOOD)
    confirm(client, page)

    assert "was imported already, or its preview is too old" in text_of(confirm(client, page))
    assert Agency.objects.count() == 2


@pytest.mark.parametrize(
    "token", ["", "nothing", "../../etc/passwd", "x" * 5000, "\x00", "import:1:membership.agency:x"]
)
def test_a_token_made_up_confirms_nothing(token, client):
    assert "Upload it again" in text_of(client.post(PROCESS, {"token": token}, follow=True))


def test_a_token_of_one_record_does_not_serve_for_another(client):
    page = upload(client, GOOD)

    answer = confirm(client, page, "/membership/official/process_import/")

    assert "Upload it again" in text_of(answer)
    assert cache.get("nothing") is None


def test_only_a_post_confirms(client):
    assert client.get(PROCESS).status_code == 405


MAY_IMPORT = {roles.SYSTEM_MANAGER: 200, roles.SECRETARY: 200} | dict.fromkeys(
    (roles.TREASURER, roles.BOARD_MEMBER, roles.AUDITOR, roles.TEAM_COORDINATOR, roles.TELECOMMUNICATOR), 403
)


@pytest.mark.parametrize(("role", "code"), MAY_IMPORT.items())
def test_import_is_for_those_who_keep_the_records(role, code, db):
    client = client_of(person("somebody", role))

    assert client.get(IMPORT).status_code == code
    assert upload(client, GOOD).status_code == code
    assert client.post(PROCESS, {"token": "x"}).status_code == (302 if code == 200 else 403)
    assert ("/membership/agency/import/" in client.get("/membership/agency/", follow=True).content.decode()) == (
        code == 200
    )


FAULTY = {
    "an ORI of another state": (
        "ori,name\nWI0561200,Cedar PD\n",
        ["2", "ori", "WI0561200", "An ORI of Illinois has nine"],
    ),
    "a two-digit year": (
        "name,sworn_as_of\nCedar PD,05/01/26\n",
        ["2", "sworn_as_of", "05/01/26", "leaves the century open"],
    ),
    "a day that is none": (
        "name,sworn_as_of\nCedar PD,2/30/2018\n",
        ["2", "sworn_as_of", "2/30/2018", "no 30 February"],
    ),
    "a day before the register": (
        "name,sworn_as_of\nCedar PD,1/1/1949\n",
        ["2", "sworn_as_of", "1/1/1949", "outside the register"],
    ),
    "a fraction of an officer": (
        "name,sworn_officers\nCedar PD,1.5\n",
        ["2", "sworn_officers", "1.5", "not a whole number"],
    ),
    "a number that is none": ("name,latitude\nCedar PD,north\n", ["2", "latitude", "north", "not a number"]),
    "a number without end": ("name,latitude\nCedar PD,1e999999999\n", ["2", "latitude", "1e999999999", "not a number"]),
    "a choice that is none": (
        "name,kind\nCedar PD,muncipal\n",
        ["2", "kind", "muncipal", "is not one of: Municipal; County"],
    ),
    "a county that is none": (
        "name,counties\nCedar PD,Cook; Lak\n",
        ["2", "counties", "Cook; Lak", "Did you mean “Lake”?"],
    ),
    "a text too long": (f"name\n{'x' * 151}\n", ["2", "name", "x" * 20, "at most 150 characters"]),
    "a required cell left blank": ("ori,name\nIL0030300,\n", ["2", "name", "", "This field cannot be blank"]),
    "coordinates by half": ("name,latitude\nCedar PD,42\n", ["2", "", "", "Give both latitude and longitude"]),
    "a row that repeats another": ("ori,name\nIL0030300,A\n,B\nIL0030300,C\n", ["4", "", "", "It repeats row 2"]),
    "a name that repeats another": ("ori,name\nIL0030300,A\nIL0030301,A\n", ["3", "", "", "It repeats row 2"]),
    "a name that differs in capitals only": ("name\nCedar PD\nCEDAR pd\n", ["3", "", "", "It repeats row 2"]),
    "a column that is not known": ("name,chief\nCedar PD,X\n", ["all", "", "", "The column “chief” is not known"]),
    "a column given twice by other spelling": ("name,Name\nA,B\n", ["all", "", "", "are the same. Keep one"]),
    "no column that says which": ("city\nCedar\n", ["all", "", "", "it needs a column “ori”, or a column “name”"]),
    "HTML": ("<!DOCTYPE html>\n<html>\n", ["all", "", "", "The column “<!DOCTYPE html>” is not known"]),
    "an unknown number": ("id,name\n1,Taken over\n", ["all", "", "", "The column “id” is not known"]),
}


@pytest.mark.parametrize(("text", "fault"), FAULTY.values(), ids=FAULTY)
def test_a_faulty_cell_is_named_by_row_and_column_and_nothing_is_written(text, fault, client):
    page = upload(client, text + "\n")

    listed = problems_of(page)
    assert any(all(part in said for part, said in zip(fault, problem, strict=True)) for problem in listed), listed
    assert "None" not in str(listed)
    assert "Import these rows" not in text_of(page)
    assert not Agency.objects.exists()


def test_every_fault_of_a_table_is_told_at_once_with_the_numbers_a_spreadsheet_shows(client):
    text = "name,kind,sworn_officers\nA,municipal,1\nB,municipl,1.5\n\nC,county,2\nD,count,2\n"

    told = sorted((row, column) for row, column, *_ in problems_of(upload(client, text)))

    assert told == [("3", "kind"), ("3", "sworn_officers"), ("6", "kind")]


def test_a_thousand_faults_do_not_fill_the_page(client):
    page = upload(client, "name,kind\n" + "".join(f"A{n},none\n" for n in range(1000)))

    assert len(problems_of(page)) == 200
    assert "And 800 more." in text_of(page)


UNREADABLE = {
    "Latin-1": ("name\nNiño\n".encode("latin-1"), "CSV UTF-8"),
    "UTF-16 without mark": ("name\nA\n".encode("utf-16-le"), "UTF-16 without its mark"),
    "ragged": (b"name,city\nA,B,C\n", "Row 2 has 3 cells"),
    "empty": (b"\n", "The file is empty"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "not UTF-8"),
    "random bytes": (bytes(range(256)) * 10, "not UTF-8"),
    "the beginning of a zip": (b"PK\x03\x04" + b"\0" * 100, "damaged"),
}


@pytest.mark.parametrize(("data", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_is_no_table_is_refused_at_the_field(data, words, client):
    page = upload(client, data, "strange.csv")

    assert page.status_code == 200
    assert words in text_of(page)
    assert "Import these rows" not in text_of(page)


def test_an_upload_without_a_file_or_with_an_empty_one_is_refused_in_words(client):
    assert "This field is required." in text_of(client.post(IMPORT, {}))
    assert "empty" in text_of(upload(client, b""))


def test_utf_16_with_its_mark_and_a_workbook_are_taken_whatever_they_are_called(client):
    assert "1 new" in text_of(upload(client, "name\nNiño PD\n".encode("utf-16"), "export.txt"))
    book = Workbook()
    book.active.append(["name", "sworn_as_of", "sworn_officers", "note"])
    book.active.append(["Cedar PD", date(2026, 5, 1), 45.0, 60050])
    stream = io.BytesIO()
    book.save(stream)

    page = upload(client, stream.getvalue(), "export.bin")

    confirm(client, page)
    cedar = Agency.objects.get()
    assert (cedar.sworn_as_of, cedar.sworn_officers, cedar.note) == (date(2026, 5, 1), 45, "60050")


def test_a_formula_in_a_workbook_is_refused_by_its_cell(client):
    book = Workbook()
    book.active.append(["name", "city"])
    book.active.append(["Cedar PD", '=HYPERLINK("http://example.org")'])
    stream = io.BytesIO()
    book.save(stream)

    assert "B2 holds a formula" in text_of(upload(client, stream.getvalue(), "a.xlsx"))


def test_what_changed_between_preview_and_confirmation_is_told_and_nothing_is_written(client):
    page = upload(client, "name,ori\nCedar PD,IL0030300\nElm PD,IL0040400\n")
    Agency.objects.create(name="Elm Police", ori="IL0099900")
    Agency.objects.create(name="CEDAR PD", ori="IL0088800")

    answer = confirm(client, page)

    assert "An agency of this name is already in the register." in text_of(answer)
    assert Agency.objects.count() == 2


@pytest.mark.parametrize(
    "fault", [IntegrityError("UNIQUE constraint failed: index 'agency_name_once'"), DatabaseError("odd")]
)
def test_what_only_the_database_refuses_takes_everything_back_and_is_said_at_its_row(fault, monkeypatch, db):
    save = Agency.save

    def refused(agency, *args, **kwargs):
        if agency.name == "B":
            raise fault
        return save(agency, *args, **kwargs)

    monkeypatch.setattr(Agency, "save", refused)
    outcome = AgencyResource().take(table(["name"], ["A"], ["B"], ["C"]), dry_run=False)

    assert [(problem.row, bool(problem.message)) for problem in outcome.problems] == [(3, True)]
    assert not Agency.objects.exists()
    assert not Agency.history.exists()


def test_a_fault_of_the_program_is_not_blamed_on_the_row_and_takes_everything_back(monkeypatch, db, caplog):
    def broken(agency):
        raise ZeroDivisionError

    monkeypatch.setattr(Agency, "clean", broken)
    outcome = AgencyResource().take(table(["name"], ["A"]), dry_run=False)

    assert "it is not the row's fault" in str(outcome.problems[0])
    assert "ZeroDivisionError" in caplog.text
    assert not Agency.objects.exists()


def test_a_blank_cell_blanks_and_a_column_left_out_keeps(client, ours):
    ours.telephone = "847 555 0100"
    ours.save()

    confirm(client, upload(client, "ori,city\nIL0010100,\n"))

    ours.refresh_from_db()
    assert (ours.city, ours.telephone, ours.name) == ("", "847 555 0100", "Ashbury Police Department")


def test_an_agency_is_found_by_its_name_where_it_has_no_ori_yet(client):
    Agency.objects.create(name="Cedar PD")

    page = upload(client, "ori,name\nIL0030300,Cedar PD\n")

    assert "0 new, 1 changed" in text_of(page)
    confirm(client, page)
    assert Agency.objects.get().ori == "IL0030300"


def test_rows_of_one_table_are_checked_against_each_other_in_order(ours, monkeypatch):
    """What the second row may do can depend on the first: each is saved before the next is checked."""
    seen = []
    monkeypatch.setattr(Official, "clean", lambda official: seen.append(Official.objects.count()))

    outcome = OfficialResource().take(
        table(["agency", "name", "capacity", "from_on"], *[["IL0010100", name, "clerk", ""] for name in "ABC"]),
        dry_run=True,
    )

    assert (outcome.new, seen, Official.objects.count()) == (3, [0, 1, 2], 0)


def test_a_record_is_named_by_any_of_its_names(ours, theirs, db):
    rows = [["IL0010100", "A", "clerk", ""], ["Birchwood Police Department", "B", "clerk", ""], ["", "C", "clerk", ""]]
    outcome = OfficialResource().take(
        table(["agency", "name", "capacity", "from_on"], *rows, ["IL00101OO", "D", "clerk", ""]), dry_run=False
    )

    assert [(problem.row, problem.column) for problem in outcome.problems] == [(4, "agency"), (5, "agency")]
    assert "There is no agency with the ORI or name “IL00101OO” that you may use." in outcome.problems[1].message


def test_the_number_of_queries_for_finding_does_not_grow_with_the_table(ours):
    Agency.objects.bulk_create_with_history([Agency(name=f"Agency {n}") for n in range(60)])
    Official.objects.bulk_create_with_history(
        [Official(agency=agency, name="X", capacity="clerk") for agency in Agency.objects.all()]
    )

    def queries(count):
        names = Agency.objects.exclude(pk=ours.pk).values_list("name", flat=True)[:count]
        same = table(["agency", "name", "capacity", "from_on"], *[[name, "X", "clerk", ""] for name in names])
        with CaptureQueriesContext(connection) as seen:
            assert OfficialResource().take(same, dry_run=True).same == count
        return len([query for query in seen if "SAVEPOINT" not in query["sql"]])

    assert queries(60) == queries(10)


def test_an_export_imported_again_changes_nothing_whatever_the_texts_begin_with(client, db):
    texts = ["=1+1", "+1", "-1", "@x", "'=1", "\tx", "a,b", 'say "hi"', "two\nlines", "’"]
    for number, text in enumerate(texts):
        agency = Agency.objects.create(name=f"Agency {number}", note=text, latitude="42.333400", longitude="-88.266800")
        agency.counties.set(County.objects.filter(name__in=["Cook", "Lake"]))
    for kind in ("csv", "xlsx"):
        exported = client.get(f"/membership/agency/export/?format={kind}").content

        assert f"0 new, 0 changed, {len(texts)} as they are" in text_of(upload(client, exported, f"a.{kind}"))


def test_a_file_above_the_limit_is_refused_in_words(client, monkeypatch):
    monkeypatch.setattr(tables, "MAX_BYTES", 1000)

    assert "at most" in text_of(upload(client, "name\n" + "x" * 2000))


NAUGHTY = [
    "undefined", "NULL", "'; DROP TABLE membership_agency; --", "<script>alert(1)</script>", "{{ 7*7 }}", "%s%s%n",
    "Ω≈ç√∫˜µ≤≥÷", "田中さんにあげて下さい", "❤️ 💔 💌", "\u202etest\u202d", "ﺍﻹﻃﻼﻕ", "\u200b", "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮", "1;DROP",
    "${jndi:ldap://x}", "../../etc/passwd", "\ufeffmark", "a\u0085b", "\u2028", "CON",
]  # fmt: skip


@pytest.mark.parametrize("text", NAUGHTY, ids=ascii)
def test_naughty_strings_are_taken_and_given_back_as_they_are(text, client):
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([["name", "note"], ["Cedar PD", text]])

    page = upload(client, stream.getvalue())
    confirm(client, page)

    assert Agency.objects.get().note == text
    assert "<script>alert" not in page.content.decode()
