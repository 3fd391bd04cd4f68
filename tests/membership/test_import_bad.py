"""Bad tables, through the admin and through the command: words a person can act on, and nothing written."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from membership.management.commands.load_example import TABLES
from membership.models import (
    Agency,
    AgreementVersion,
    Approval,
    Execution,
    InsuranceCertificate,
    Official,
    Participation,
    SpecializedTeam,
    TeamParticipation,
)
from tests.membership import factories as made
from tests.membership.importing import administrator, confirm, export, problems_of, snapshot, table, upload

pytestmark = pytest.mark.django_db

NAUGHTY = json.loads((Path(__file__).parents[1] / "data" / "naughty.json").read_text())
NAME_OF = {resource._meta.model: name for name, resource in TABLES.items()}
ELM, OAK = "IL0160001", "IL0160002"


def by_hand(client, tmp_path, model, data, suffix):
    """What the admin says is wrong with a file."""
    answer = upload(administrator(client), model, data, f"table{suffix}")
    assert answer.status_code == 200
    problems = problems_of(answer)
    assert 'name="token" value="' not in answer.content.decode(), "there is nothing to confirm"
    return problems


def by_command(client, tmp_path, model, data, suffix):
    """What the command says is wrong with a file."""
    (tmp_path / f"1-{NAME_OF[model]}{suffix}").write_bytes(data.encode() if isinstance(data, str) else data)
    with pytest.raises(CommandError) as refusal:
        call_command("load_example", str(tmp_path))
    first, *lines = str(refusal.value).split("\n")
    if lines:
        return [line.strip() for line in lines]
    return [first.partition(": ")[2].removesuffix(" Nothing was imported.")]


@pytest.fixture(params=[by_hand, by_command], ids=["admin", "command"])
def refused(request, client, tmp_path):
    """A file is refused: says why, and that nothing was written."""

    def refuse(model, data, suffix=".csv"):
        before = snapshot()
        problems = request.param(client, tmp_path, model, data, suffix)
        assert snapshot() == before
        assert problems
        return problems

    return refuse


@pytest.fixture
def register(db):
    """Two agencies, Elmwood with a stint that lasts since 2021, a chief, and papers."""
    elm = made.agency("Elmwood Police Department", ori=ELM)
    made.agency("Oakdale Police Department", ori=OAK)
    made.official(elm, name="Kim Oak")
    made.team()
    made.approval(elm, date(2021, 3, 1), edition="amended", number="ORD-21-1")
    Participation.objects.create(
        agency=elm, path="new", attested_on=date(2021, 3, 10), attested_by="minutes of the Board",
        approval=elm.approvals.get(), execution=made.execution(elm, date(2021, 3, 5), edition="amended"),
        board_approved_on=date(2021, 3, 10), dues_paid_on=date(2021, 3, 10),
    )  # fmt: skip


OFFICIALS = "agency,name,capacity,from_on,until_on"
APPROVALS = "agency,agreement,kind,number,event,event_on,event_not_before_on,event_not_after_on"
STINTS = "agency,stint,path,attested_on,attested_by"
BAD_CELLS = [
    # Days
    (Official, OFFICIALS, [ELM, "Pat Lee", "clerk", "2018-02-30", ""],
     "Row 2, from_on: “2018-02-30” is not a day: there is no 30 February 2018."),
    (Official, OFFICIALS, [ELM, "Pat Lee", "clerk", "13/1/2018", ""],
     "Row 2, from_on: “13/1/2018” is not a day: there is no month 13."),
    (Official, OFFICIALS, [ELM, "Pat Lee", "clerk", "1/2/49", ""],
     "Row 2, from_on: “1/2/49” leaves the century open. Give the year four digits: 5/1/2026 or 2026-05-01."),
    (Official, OFFICIALS, [ELM, "Pat Lee", "clerk", "May 4th", ""],
     "Row 2, from_on: “May 4th” is not a day. Write it as 5/1/2026 or 2026-05-01."),
    (Official, OFFICIALS, [ELM, "Pat Lee", "clerk", "1982-12-31", ""],
     "Row 2, from_on: 31 December 1982 is outside the register: its days run from 1 January 1983 to"),
    (Official, OFFICIALS, [ELM, "Pat Lee", "clerk", "2020-05-01", "2020-05-01"],
     "Row 2: The day the person left must come after the day the person began."),
    (Approval, APPROVALS, [ELM, "amended", "Ordinance", "7", "passed", "4 May 2018", "", ""],
     "Row 2, event_on: “4 May 2018” is not a day. Write it as 5/1/2026 or 2026-05-01."),
    (Approval, APPROVALS, [ELM, "amended", "Ordinance", "7", "passed", "", "2018-06-30", "2018-06-01"],
     "Row 2: The last possible day cannot come before the first."),
    (Approval, APPROVALS, [ELM, "amended", "Ordinance", "7", "", "2018-06-30", "", ""],
     "Row 2, event: This field cannot be blank."),
    (Approval, APPROVALS, [ELM, "amended", "Ordinance", "7", "ratified", "2018-06-30", "", ""],
     "Row 2, event: “ratified” is not one of: "),
    # Names
    (Agency, "ori,name", ["WI0130100", "Beloit Police Department"],
     "Row 2, ori: An ORI of Illinois has nine characters and begins with IL"),
    (Agency, "ori,name", ["IL01601", "Beloit Police Department"],
     "Row 2, ori: An ORI of Illinois has nine characters and begins with IL"),
    (Agency, "ori,name", ["IL0169999", "elmwood POLICE department"],
     "Row 2: An agency of this name is already in the register."),
    (Agency, "ori,name", ["IL0169999", "x" * 10_000],
     "Row 2, name: Ensure this value has at most 150 characters (it has 10000)."),
    (Agency, "ori,name", ["IL0169999", ""], "Row 2, name: This field cannot be blank."),
    (Agency, "ori,name,counties", [ELM, "Elmwood Police Department", "Cook; Kuk"],
     "Row 2, counties: There is no county with the name “Kuk”"),
    (Agency, "ori,name,kind", [ELM, "Elmwood Police Department", "Village"], "Row 2, kind: “Village” is not one of: Municipal;"),
    (Agency, "ori,name,email", [ELM, "Elmwood Police Department", "chief at elm"],
     "Row 2, email: Enter a valid email address."),
    (Agency, "ori,name,zip_code", [ELM, "Elmwood Police Department", "6005"], "Row 2, zip_code: A ZIP code has five digits"),
    # Figures
    (Agency, "ori,name,sworn_officers", [ELM, "Elmwood Police Department", "forty"],
     "Row 2, sworn_officers: “forty” is not a whole number. Write it in digits, for example 45."),
    (Agency, "ori,name,sworn_officers", [ELM, "Elmwood Police Department", "-5"],
     "Row 2, sworn_officers: Ensure this value is greater than or equal to 0."),
    (Agency, "ori,name,sworn_officers", [ELM, "Elmwood Police Department", "9" * 30],
     "Row 2, sworn_officers: “999999999999999999999999999999” is not a whole number."),
    (Agency, "ori,name,latitude", [ELM, "Elmwood Police Department", "42.1"],
     "Row 2: Give both latitude and longitude, or neither."),
    (Agency, "ori,name,latitude,longitude", [ELM, "Elmwood Police Department", "95", "-88"],
     "Row 2, latitude: Ensure this value is less than or equal to 90."),
    # What is pointed to
    (Official, OFFICIALS, ["IL0169999", "Pat Lee", "clerk", "", ""],
     "Row 2, agency: There is no agency with the ORI or name “IL0169999”"),
    (Official, OFFICIALS, ["", "Pat Lee", "clerk", "", ""], "Row 2, agency: This field cannot be null."),
    (Approval, APPROVALS, [ELM, "revised", "Ordinance", "7", "", "", "", ""],
     "Row 2, agreement: There is no agreement version with the edition “revised”"),
    (Approval, "agency,agreement,kind,number,rescinds", [ELM, "amended", "Ordinance", "7", "ORD-3"],
     "Row 2, rescinds: Elmwood Police Department has no approval “ORD-3”. It has: ORD-21-1."),
    (Approval, "agency,agreement,kind,number,rescinds", [OAK, "amended", "Ordinance", "7", "ORD-21-1"],
     "Row 2, rescinds: Oakdale Police Department has no approval “ORD-21-1”. It has no approval."),
    (Approval, "agency,agreement,kind,number,rescinds", [ELM, "amended", "Ordinance", "ORD-21-1", "ORD-21-1"],
     "Row 2, rescinds: A paper cannot rescind itself."),
    (Approval, APPROVALS, [ELM, "original", "Ordinance", "ORD-21-1", "", "", "", ""],
     "Row 2: This body already has an ordinance or resolution of this number."),
    (Approval, "agency,agreement,number,chosen_on", [ELM, "amended", "ORD-21-1", "2021-03-01"],
     "Row 2: Say why this date governs: the choice and its reason go on the record."),
    (TeamParticipation, "agency,stint,team", [ELM, 1, "K-9"],
     "Row 2, team: There is no specialized team with the short name “K-9”"),
    (TeamParticipation, "agency,stint,team", [OAK, 1, "EST"],
     "Row 2, agency: Oakdale Police Department has no stint 1 of participation in the register. Import its stint first."),
    # Executions
    (Execution, "agency,agreement,which,head_signed,head_name,chief_signed,chief",
     [ELM, "amended", 2, "yes", "KIM OAK", "yes", "Kim Oak"],
     "Row 2, chief: One person cannot sign as head and as commanding officer"),
    (Execution, "agency,agreement,which,head_signed,head_signed_on", [ELM, "amended", 2, "no", "2021-03-01"],
     "Row 2: A day for the head's signature needs the signature: tick that it was signed."),
    (Execution, "agency,agreement,which,head_signed", [ELM, "amended", 2, "maybe"],
     "Row 2, head_signed: “maybe” is neither yes nor no. Write yes or no."),
    (Execution, "agency,agreement,which,chief", [ELM, "amended", 2, "Robin Vale"],
     "Row 2, chief: Elmwood Police Department has no official “Robin Vale”. It has: Kim Oak."),
    # Stints
    (Participation, "agency,stint,path,board_approved_on,dues_required,attested_on", [ELM, 2, "New", "", "no", "2024-05-01"],
     "Row 2: Stints never overlap (Agreement §5.B): stint 2 would last from 1 May 2024, and stint 1 lasts from 10 March 2021."),
    (Participation, STINTS, [ELM, 1, "Sideways", "", ""], "Row 2, path: “Sideways” is not one of: Original; New."),
    (Participation, "agency,stint,path,settlement,settled_on,settled_because", [ELM, 1, "New", "Remains", "2022-01-01", "so decided"],
     "Row 2: Only a stint under the Original Agreement can need a person's decision (Reading R19)."),
    # The collective date
    (AgreementVersion, "edition,collective_state", ["amended", "known"], "Row 2: A known collective date needs its day."),
    (AgreementVersion, "edition,collective_not_before_on,collective_not_after_on", ["amended", "2019-01-02", "2019-01-01"],
     "Row 2: The latest possible collective date cannot come before the earliest."),
    (InsuranceCertificate, "agency,coverage,carrier,policy_number,from_on,until_on",
     [ELM, "Automobile liability", "Mutual", "1", "2026-01-01", "2025-01-01"],
     "Row 2: A certificate expires after it begins."),
    (SpecializedTeam, "short_name,name", ["X" * 21, "Team"],
     "Row 2, short_name: Ensure this value has at most 20 characters (it has 21)."),
]  # fmt: skip


@pytest.mark.parametrize(("model", "headings", "row", "said"), BAD_CELLS, ids=[case[3][:70] for case in BAD_CELLS])
def test_a_bad_cell_is_named_in_words_and_nothing_is_written(register, refused, model, headings, row, said):
    problems = refused(model, table(headings, row))
    assert any(problem.startswith(said) for problem in problems), problems
    assert len(problems) == 1, problems


BAD_TABLES = [
    (Agency, table("ori,name", ["IL0169991", "A PD"], ["il0169991 ", "B PD"]),
     "Row 3: It repeats row 2. Keep one of them.", "an ORI twice, spelled otherwise"),
    (Agency, table("ori,name", ["IL0169991", "A PD"], ["IL0169992", "a pd"]),
     "Row 3: It repeats row 2. Keep one of them.", "a name twice, spelled otherwise"),
    (Agency, table("ori,name", ["IL0169991", "A PD"], ["IL0169992", "A  PD"]),
     "Row 3: An agency of this name is already in the register.", "a name twice, spaced otherwise"),
    (Approval, table("agency,agreement,kind,number", [ELM, "amended", "Ordinance", "7"], [ELM, "amended", "Resolution", "7"]),
     "Row 3, kind: Row 2, of the same paper, says “Ordinance”.", "two rows of a paper that contradict each other"),
    (Participation, table("agency,stint,path,attested_on,attested_by,dues_required", [OAK, 1, "New", "2019-05-01", "minutes", "no"],
                          [OAK, 2, "New", "2020-05-01", "minutes", "no"]),
     "Row 3: Stints never overlap (Agreement §5.B)", "two stints of one table overlap"),
    (Agency, table("ori,nmae", ["IL0169991", "A PD"]), "The column “nmae” is not known.", "an unknown column"),
    (Agency, table("kind,counties", ["Municipal", "Cook"]),
     "The table must say which record each row is: it needs", "no column that names the agency"),
    (Approval, table("agency,number", [ELM, "7"]),
     "The table must say which record each row is: it needs", "no column that names the agreement"),
    (Agency, "", ("The file is empty.", "The submitted file is empty."), "empty"),
    (Agency, " \n\n", "The file is empty. Its first row must name the columns.", "blank lines only"),
    (Agency, "ori,name\n", "There are headings but no rows under them.", "headings only"),
    (Agency, "ori,name\nIL0169991,A PD,Cook\n", "Row 2 has 3 cells, but there are 2 columns.", "ragged"),
    (Agency, "ori;name\nIL0169991;A PD\n", "The columns are separated by semicolons.", "semicolons"),
    (Agency, 'ori,name\nIL0169991,"A PD\n', "Row 2 has a quotation mark that is not closed", "a quotation mark left open"),
    (Agency, "ori,name\nIL0169991,Señor PD\n".encode("latin-1"), "Row 2 holds a character that is not UTF-8", "Latin-1"),
    (Agency, "ori,name\nIL0169991,A PD\n".encode("utf-16-le"), "The file holds zero bytes", "UTF-16 without its mark"),
    (Agency, "ori,name\nIL0169991,A\0PD\n", "The file holds zero bytes", "a zero byte"),
    (Agency, b"<html>\n<body>Not found</body></html>", "The column “<html>” is not known.", "a web page"),
    (Agency, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "Row 2 holds a character that is not UTF-8", "a PDF"),
    (Agency, "ori,name\n" + "".join(f"IL{n:07d},A{n} PD\n" for n in range(30_000)),
     "There are more than 20,000 rows. Split the file.", "30,000 rows"),
    (Agency, "ori,name\n" + "x" * (5 * 1024 * 1024), "The file has 5 MiB; at most 5 MiB can be imported at once.", "too large"),
    (Agency, "ori,name\nIL0169991,\"" + "x" * 200_000 + '"\n', "Row 2 holds a cell that is too long", "a cell without end"),
]  # fmt: skip


@pytest.mark.parametrize(("model", "data", "said", "why"), BAD_TABLES, ids=[case[3] for case in BAD_TABLES])
def test_a_bad_table_is_refused_in_words_and_nothing_is_written(register, refused, model, data, said, why):
    problems = refused(model, data)
    assert any(problem.startswith(said) for problem in problems), problems


def workbook(*rows, **marks):
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for name, value in marks.items():
        getattr(sheet, name)(value) if callable(getattr(sheet, name)) else setattr(sheet, name, value)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def bomb():
    """A workbook of a megabyte that unpacks to hundreds."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(["ori", "name"]))) as good,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for part in good.infolist():
            content = good.read(part)
            bad.writestr(part.filename, content + b" " * 300_000_000 if "sheet1" in part.filename else content)
    return stream.getvalue()


BAD_WORKBOOKS = [
    (["agency", "name", "capacity", "from_on"], [ELM, "Pat Lee", "clerk", datetime(2020, 5, 1, 9, 30)], {},
     "Row 2, from_on: “2020-05-01 09:30” has a time of day. Give the day alone.", "a time of day"),
    (["agency", "name", "capacity", "from_on"], [ELM, "Pat Lee", "clerk", 43_952], {},
     "Row 2, from_on: “43952” is a number. Format the cell as a date, or write 2026-05-01.", "a day as a number"),
    (["agency", "name", "capacity"], [ELM, "=A1", "clerk"], {}, "B2 holds a formula.", "a formula"),
    (["agency", "name", "capacity"], [ELM, '=HYPERLINK("http://example.com","x")', "clerk"], {}, "B2 holds a formula.", "a link"),
    (["agency", "name", "capacity"], [ELM, "#REF!", "clerk"], {}, "B2 holds the error #REF!.", "an error"),
    (["agency", "name", "capacity"], [ELM, "Pat Lee", "clerk"], {"merge_cells": "A2:B2"},
     "Row 2, name: This field cannot be blank.", "merged cells hold one value"),
]  # fmt: skip


@pytest.mark.parametrize(("headings", "row", "marks", "said", "why"), BAD_WORKBOOKS, ids=[c[4] for c in BAD_WORKBOOKS])
def test_a_bad_workbook_is_refused_in_words(register, refused, headings, row, marks, said, why):
    assert refused(Official, workbook(headings, row, **marks), ".xlsx")[0].startswith(said)


def test_a_workbook_that_unpacks_to_far_more_than_it_seems_is_refused(register, refused):
    assert refused(Official, bomb(), ".xlsx")[0].startswith("Unpacked, this workbook is far larger than it seems")


def test_a_workbook_that_is_no_workbook_is_refused(register, refused):
    assert refused(Official, b"PK\x03\x04 and nothing more", ".xlsx") == [
        "The workbook is damaged. Open it in Excel, save it again, and upload that."
    ]


def test_a_hidden_sheet_is_not_what_the_person_sees_and_not_what_is_imported(register, client):
    book = Workbook()
    book.active.append(["ori", "name"])
    book.active.append(["IL0169991", "Hidden Police Department"])
    book.active.sheet_state = "hidden"
    seen = book.create_sheet("Agencies")
    seen.append(["ori", "name"])
    seen.append(["IL0169992", "Seen Police Department"])
    stream = io.BytesIO()
    book.save(stream)
    confirm(client, Agency, upload(administrator(client), Agency, stream.getvalue(), "agencies.xlsx"))
    assert Agency.objects.filter(name="Seen Police Department").exists()
    assert not Agency.objects.filter(name="Hidden Police Department").exists()


def test_days_typed_in_a_workbook_are_days(register, client):
    data = workbook(["agency", "name", "capacity", "from_on"], [ELM, "Pat Lee", "clerk", date(2020, 5, 1)])
    confirm(client, Official, upload(administrator(client), Official, data, "officials.xlsx"))
    assert Official.objects.get(name="Pat Lee").from_on == date(2020, 5, 1)


def test_every_bad_row_is_told_at_once(register, refused):
    rows = [
        [ELM, "Pat Lee", "clerk", "2018-02-30", ""],
        ["IL0", "Kim", "clerk", "", ""],
        [ELM, "", "boss", "1/1/1", ""],
    ]
    problems = refused(Official, table(OFFICIALS, *rows))
    assert [problem.partition(":")[0] for problem in problems] == [
        "Row 2, from_on", "Row 3, agency", "Row 4, capacity", "Row 4, from_on", "Row 4, name",
    ]  # fmt: skip


def test_one_bad_row_among_good_ones_keeps_all_of_them_out(register, refused):
    rows = [[f"IL{n:07d}", f"Good {n} PD"] for n in range(1, 40)]
    assert refused(Agency, table("ori,name", *rows, ["IL1", "Bad PD"]))[0].startswith("Row 41, ori:")


# Naughty strings


def cut(model, field, text):
    limit = model._meta.get_field(field).max_length
    return text if limit is None else text[:limit]


TEXTS = [
    (Agency, "ori,name", lambda n: [f"IL{n:07d}", f"Agency {n} PD"],
     ["public_body", "governing_body", "street", "city", "telephone", "statute", "note"], 1),
    (Approval, "agency,agreement,kind,number", lambda n: [ELM, "original", "Ordinance", f"N-{n}"],
     ["source", "named_votes", "signed_by", "attested_by", "effect_clause", "note"], 3),
    (Official, "agency,capacity,from_on", lambda n: [ELM, "clerk", f"{1990 + n // 300}-{n // 28 % 12 + 1}-{n % 28 + 1}"],
     ["name", "title", "telephone"], 3),
    (SpecializedTeam, "short_name", lambda n: [f"T{n}"], ["name", "scope", "criteria"], 6),
]  # fmt: skip


@pytest.mark.parametrize(("model", "keys", "row", "fields", "step"), TEXTS, ids=[case[0].__name__ for case in TEXTS])
def test_the_big_list_of_naughty_strings_goes_in_and_comes_out_as_it_was(
    register, client, model, keys, row, fields, step
):
    said = [text for text in NAUGHTY[::step] if cut(model, fields[0], text).strip()]
    if model is SpecializedTeam:
        said = list({cut(model, "name", text).strip(): text for text in said}.values())
    rows = [[*row(n), *(cut(model, name, text) for name in fields)] for n, text in enumerate(said)]
    administrator(client)
    answer = upload(client, model, table(",".join([keys, *fields]), *_escaped(rows)))
    assert problems_of(answer) == []
    confirm(client, model, answer)
    assert model.objects.filter(**{f"{fields[-1]}__isnull": False}).count() >= len(rows)
    assert "<script>alert" not in answer.content.decode()
    page = client.get(answer.request["PATH_INFO"].replace("import/", ""))
    assert page.status_code == 200
    again = upload(client, model, export(client, model))
    assert problems_of(again) == []
    assert (again.context["outcome"].new, again.context["outcome"].changed) == (0, 0)


def _escaped(rows):
    """As a spreadsheet program that guards against formulas would write them."""
    from nipas_admin.shared.tables import escape

    return [[escape(cell) for cell in row] for row in rows]
