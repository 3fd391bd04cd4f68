"""Files as tables: what is read, what is refused and in which words, and that nothing written runs as a formula."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from nipas_admin.shared import tables
from nipas_admin.shared.tables import CSV, XLSX, Unreadable, escape, read, unescape, write


def taken(data: bytes) -> list[list[object]]:
    """Headings and rows of a file."""
    table = read(io.BytesIO(data), len(data))
    return [table.headings, *(line.cells for line in table.lines)]


def refusal(data: bytes) -> str:
    """What is said of a file that cannot be read."""
    with pytest.raises(Unreadable) as refused:
        read(io.BytesIO(data), len(data))
    [said] = refused.value.messages
    return said


def workbook(*rows: list[object], **kept: object) -> bytes:
    """An XLSX file of these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The package with one part replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, content if part.filename == name else old.read(part))
    return stream.getvalue()


ENCODED = {
    "UTF-8": "utf-8",
    "UTF-8 with its mark, as Excel writes it": "utf-8-sig",
    "UTF-16 with its mark": "utf-16",
    "UTF-32 with its mark": "utf-32",
}


@pytest.mark.parametrize("encoding", ENCODED.values(), ids=ENCODED)
def test_text_in_an_encoding_that_says_what_it_is_is_read(encoding):
    assert taken("name,city\r\nO’Fallon – Café,Niño\r\n".encode(encoding))[1] == ["O’Fallon – Café", "Niño"]


READ = {
    "line ends of any system": (b"a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
    "a cell with a comma, a quotation mark and a line end": (
        b'a,b\n"x, ""y""\nz",2\n',
        [["a", "b"], ['x, "y"\nz', "2"]],
    ),
    "blank lines between and after": (b"a,b\n\n1,2\n,\n\n", [["a", "b"], ["1", "2"]]),
    "cells that are missing at the end": (b"a,b,c\n1\n", [["a", "b", "c"], ["1", "", ""]]),
    "commas too many that hold nothing": (b"a,b,,\n1,2,,,\n", [["a", "b"], ["1", "2"]]),
    "headings with spaces around them": (b" a , b\n1,2\n", [["a", "b"], ["1", "2"]]),
}


@pytest.mark.parametrize(("data", "rows"), READ.values(), ids=READ)
def test_what_is_read(data, rows):
    assert taken(data) == rows


REFUSED = {
    "nothing at all": (b"", "The file is empty"),
    "blank lines only": (b"\n \n\n", "The file is empty"),
    "a blank first row": (b",,\n1,2\n", "The first row is blank"),
    "headings only": (b"a,b\n", "headings but no rows"),
    "Latin-1": ("name,city\nA,B\nNiño,C\n".encode("latin-1"), "Row 3 holds a character that is not UTF-8"),
    "Windows-1252": ("name\nO’Fallon\n".encode("cp1252"), "save it as “CSV UTF-8 (Comma delimited)”"),
    "UTF-16 without its mark": ("name,city\nA,B\n".encode("utf-16-le"), "probably UTF-16 without its mark"),
    "UTF-16 cut in the middle": ("name\nA\n".encode("utf-16")[:-1], "not UTF-16"),
    "zero bytes": (b"a,b\n1,\x002\n", "zero bytes"),
    "a row too long": (b"a,b\n1,2\n1,2,3\n", "Row 3 has 3 cells, but there are 2 columns"),
    "a heading that is missing": (b"a,,c\n1,2,3\n", "Column B has no heading"),
    "a heading that stands there twice": (b"a,b,a\n1,2,3\n", "“a” stands there twice"),
    "a quotation mark not closed": (b'a,b\n1,"2\n3,4\n', "Row 2 has a quotation mark that is not closed"),
    "a quotation mark out of place": (b'a,b\n"1"x,2\n', "Row 2 has a quotation mark"),
    "semicolons": (b"a;b\n1;2\n", "separated by semicolons"),
    "tabs": (b"a\tb\n1\t2\n", "separated by tabs"),
    "an endless cell": (b"a\n" + b"x" * 200_000 + b"\n", "too long"),
    "too many columns": (b",".join(b"c%d" % n for n in range(101)) + b"\n", "more than 100 columns"),
    "an old Excel file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "old Excel file"),
    "a zip that is no workbook": (with_part(workbook(["a"]), "[Content_Types].xml", b"<x/>"), "not an Excel workbook"),
    "a damaged workbook": (workbook(["a"], ["b"])[:2000], "The workbook is damaged"),
    "a workbook whose bytes were turned": (workbook(["a"], ["b"]).replace(b"PK\x01\x02", b"PK\x01\x03"), "damaged"),
    "a workbook with a formula": (
        workbook(["a", "b", "c"], [1, 2, 3], *[[1, 2, 3]] * 4, [1, 2, "=A1+B1"]),
        "C7 holds a formula",
    ),
    "a workbook with an error": (workbook(["a"], ["#REF!"]), "A2 holds the error #REF!"),
    "a workbook without rows": (workbook(["a", "b"]), "headings but no rows"),
    "an empty workbook": (workbook(), "The file is empty"),
    "a workbook with a row too long": (workbook(["a"], ["1"], ["1", "2"]), "Row 3 has 2 cells, but there is 1 column"),
}


@pytest.mark.parametrize(("data", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_refused_in_words(data, words):
    assert words in refusal(data)


def test_a_file_is_refused_by_its_size_before_it_is_read():
    class Untouchable(io.BytesIO):
        def read(self, *args):
            raise AssertionError("read")

    with pytest.raises(Unreadable, match="at most 5 MiB"):
        read(Untouchable(), tables.MAX_BYTES + 1)


def test_a_size_that_lies_is_found_out():
    with pytest.raises(Unreadable, match="more than 5 MiB"):
        read(io.BytesIO(b"a\n" + b"x\n" * tables.MAX_BYTES), 10)


@pytest.mark.parametrize(("rows", "good"), [(20_000, True), (20_001, False)])
def test_twenty_thousand_rows_are_the_most(rows, good):
    data = b"a\n" + b"x\n" * rows
    if good:
        assert len(taken(data)) == 1 + rows
    else:
        assert "more than 20,000 rows" in refusal(data)


# Bombs


def bomb(megabytes: int) -> bytes:
    """A workbook of a few kilobytes whose one sheet unpacks to so many megabytes."""
    row = b'<row><c t="inlineStr"><is><t>' + b"A" * 1000 + b"</t></is></c></row>"
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    content = head + row * (megabytes * 1000) + b"</sheetData></worksheet>"
    return with_part(workbook(["a"], ["b"]), "xl/worksheets/sheet1.xml", content)


def test_a_workbook_that_unpacks_to_far_more_than_it_seems_is_refused_at_once_and_in_little_memory():
    data = bomb(200)
    assert len(data) < 1024 * 1024

    tracemalloc.start()
    started = time.perf_counter()
    said = refusal(data)
    seconds = time.perf_counter() - started
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert "far larger than it seems" in said
    assert seconds < 2
    assert peak < 20 * 1024 * 1024


def test_without_the_guard_such_a_workbook_is_unpacked_and_taken_whole(monkeypatch):
    """The control, with a smaller one."""
    data = bomb(5)
    assert "far larger than it seems" in refusal(data)

    monkeypatch.setattr(tables, "_check_package", lambda data: None)

    assert sum(len(cell) for row in taken(data) for cell in row) == 5_000_000


def test_a_directory_that_understates_is_found_out_while_unpacking():
    data = bytearray(bomb(60))
    at = data.index(b"PK\x01\x02", data.rindex(b"PK\x03\x04"))
    while True:
        length = struct.unpack_from("<H", data, at + 28)[0]
        if data[at + 46 : at + 46 + length] == b"xl/worksheets/sheet1.xml":
            struct.pack_into("<I", data, at + 24, 1000)
            break
        at = data.index(b"PK\x01\x02", at + 4)

    assert refusal(bytes(data)) in {
        "The workbook is damaged. Open it in Excel, save it again, and upload that.",
        "Unpacked, this workbook is far larger than it seems; at most 40 MiB can be read. Save the one sheet as CSV UTF-8.",
    }


def test_many_parts_are_refused_too():
    stream = io.BytesIO(workbook(["a"], ["b"]))
    with zipfile.ZipFile(stream, "a") as package:
        for number in range(tables.MAX_PARTS):
            package.writestr(f"part{number}", b"")

    assert "far larger" in refusal(stream.getvalue())


def test_a_workbook_that_defines_entities_is_refused():
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    content = (
        entities
        + b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
    )

    assert "definitions that no spreadsheet needs" in refusal(
        with_part(workbook(["a"]), "xl/worksheets/sheet1.xml", content)
    )


def test_a_workbook_that_claims_to_be_as_large_as_can_be_is_read_for_what_it_holds():
    data = workbook(["a", "b"], ["1", "2"])
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    claimed = with_part(data, "xl/worksheets/sheet1.xml", sheet.replace(b"A1:B2", b"A1:XFD1048576"))

    assert taken(claimed) == [["a", "b"], ["1", "2"]]


def test_a_stray_cell_at_the_bottom_of_the_sheet_is_not_walked_to():
    data = workbook(["a"], ["1"])
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    stray = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'

    said = refusal(with_part(data, "xl/worksheets/sheet1.xml", sheet.replace(b"</sheetData>", stray)))

    assert "Delete the blank rows under the table" in said


# Values


def test_cells_of_a_workbook_keep_their_kind():
    row = ["text", 45, 42.5, date(2018, 5, 4), datetime(2018, 5, 4, 10, 30), True, 60050.0, None]

    [_, cells] = taken(workbook(list("abcdefgh"), row))

    assert cells == ["text", 45, 42.5, date(2018, 5, 4), datetime(2018, 5, 4, 10, 30), True, 60050, ""]


def test_numbers_of_characters_that_no_text_may_hold_are_left_as_they_stand():
    assert taken(workbook(["a"], ["_x0000_"], ["_xD800_"], ["_x000d_b"]))[1:] == [["_x0000_"], ["_xD800_"], ["\rb"]]


STARTS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "'=1",
    "''=1",
    "'+",
    "=",
    "-",
    "=cmd|'/c calc'!A0",
]


@pytest.mark.parametrize("text", STARTS, ids=repr)
@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_text_that_would_start_a_formula_is_written_harmless_and_comes_back_exactly(kind, text):
    data = write(kind, ["a", "b"], [[text, "x"]])

    if kind == XLSX:
        cell = load_workbook(io.BytesIO(data)).active["A2"]
        assert (cell.data_type, cell.value[0]) == ("s", "'")
    else:
        assert data.decode("utf-8-sig").split("\r\n", 1)[1].lstrip('"').startswith("'")
    assert taken(data)[1][0] == text


@pytest.mark.parametrize(
    "text", ["'", "''", "'hello", "it's", "O'Brien", "a=b", "5-4", " =1", "", "#REF", "{=1}"], ids=repr
)
def test_other_text_is_left_alone(text):
    assert escape(text) == text
    assert unescape(text) == text


@given(st.text(st.sampled_from("'=+-@\t\r\n＝a1 "), max_size=6))
def test_escaping_comes_back_exactly_whatever_the_text(text):
    assert unescape(escape(text)) == text
    assert not escape(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_figures_and_days_are_written_as_themselves():
    row = [-5, Decimal("-88.266800"), date(2018, 5, 4), "-5"]

    assert write(CSV, list("abcd"), [row]).decode("utf-8-sig") == "a,b,c,d\r\n-5,-88.266800,2018-05-04,'-5\r\n"
    cells = next(load_workbook(io.BytesIO(write(XLSX, list("abcd"), [row]))).active.iter_rows(min_row=2))
    assert [cell.data_type for cell in cells] == ["n", "n", "d", "s"]


def test_a_heading_is_written_harmless_too():
    assert write(CSV, ["=1"], [["x"]]).decode("utf-8-sig").startswith("'=1")


def test_characters_that_no_workbook_may_hold_do_not_break_the_file():
    odd = ["bell\x07", "a\rb", "_x000D_", "_x005F_", "tab\tand\nline"]
    data = write(XLSX, ["a"], [*([text] for text in odd), ["x" * 40_000]], title="a/b:c" * 20)

    *kept, [long] = taken(data)[1:]
    assert [text for [text] in kept] == odd
    assert len(long) == tables.MAX_CELL
