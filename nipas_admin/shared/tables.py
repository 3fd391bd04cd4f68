"""Tables as files: CSV and XLSX, read within limits and written so that a spreadsheet runs nothing.

Every refusal is an Unreadable, in words, naming the row or the cell. Row 1 is the row of headings, as in a
spreadsheet. A text that would start a formula is written with a leading apostrophe and read without it.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_CELL = 32_767
MAX_UNZIPPED = 40 * 1024 * 1024
MAX_RATIO = 100
RATIO_FROM = 1024 * 1024
MAX_PARTS = 500
CHUNK = 256 * 1024

CSV = "csv"
XLSX = "xlsx"
CONTENT_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_STARTS_A_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
# Excel's own way to hold characters that XML may not.
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b-\x1f]|_(?=x[0-9A-Fa-f]{4}_)")
_FROM_EXCEL = re.compile(r"_x([0-9A-Fa-f]{4})_")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class Unreadable(ValidationError):
    """A file that cannot be taken as a table, and what to do about it."""


@dataclass(frozen=True)
class Line:
    """A row of a table; ``number`` is the one a spreadsheet shows beside it."""

    number: int
    cells: list[Any]


@dataclass(frozen=True)
class Table:
    """Headings and rows; every row has a cell for every heading."""

    headings: list[str]
    lines: list[Line]


def read(file: BinaryIO, size: int) -> Table:
    """The table in a CSV or XLSX file of ``size`` bytes. Raises Unreadable."""
    if size > MAX_BYTES:
        raise Unreadable(
            f"The file has {_mebibytes(size)}; at most {_mebibytes(MAX_BYTES)} can be imported at once. Split it."
        )
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Unreadable(f"The file has more than {_mebibytes(MAX_BYTES)}. Split it.")
    if not data.strip():
        raise Unreadable("The file is empty. Its first row must name the columns.")
    if data.startswith(_OLD_EXCEL):
        raise Unreadable(
            "This is an old Excel file (.xls) or one protected by a password. Save it as an Excel workbook (.xlsx) "
            "without a password, or as CSV UTF-8."
        )
    rows = _rows_of_xlsx(data) if data.startswith(b"PK") else _rows_of_csv(_text(data))
    return _table(rows)


def write(kind: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "") -> bytes:
    """The table as a file. Text that would start a formula is written so that it does not; figures stay figures."""
    return _write_xlsx(headings, rows, title) if kind == XLSX else _write_csv(headings, rows)


def escape(value: Any) -> Any:
    """The value as written to a file: text that starts with = + - @, a tab or a line end gets an apostrophe in front.

    Text that starts with apostrophes and then one of these gets one more, so that ``unescape`` restores it exactly.
    """
    return f"'{value}" if isinstance(value, str) and _STARTS_A_FORMULA.match(value) else value


def unescape(value: Any) -> Any:
    """The value as it was before ``escape``."""
    return value[1:] if isinstance(value, str) and _ESCAPED.match(value) else value


# From rows to a table


def _table(rows: Iterator[Line]) -> Table:
    head = next(rows, None)
    if head is None:
        raise Unreadable("The file is empty. Its first row must name the columns.")
    headings = _headings(head)
    lines: list[Line] = []
    for line in rows:
        cells = [unescape(cell) for cell in line.cells]
        while len(cells) > len(headings) and cells[-1] in (None, ""):
            cells.pop()
        if all(cell in (None, "") for cell in cells):
            continue
        if len(cells) > len(headings):
            raise Unreadable(
                f"Row {line.number} has {len(cells)} cells, but there {_are(len(headings), 'column')}. "
                "Put text that holds a comma in quotation marks, or remove what is too much."
            )
        if len(lines) == MAX_ROWS:
            raise Unreadable(f"There are more than {MAX_ROWS:,} rows. Split the file.")
        lines.append(Line(line.number, cells + [""] * (len(headings) - len(cells))))
    if not lines:
        raise Unreadable("There are headings but no rows under them. Nothing would be imported.")
    return Table(headings, lines)


def _headings(head: Line) -> list[str]:
    cells = ["" if cell is None else str(cell).strip() for cell in head.cells]
    while cells and not cells[-1]:
        cells.pop()
    if not cells:
        raise Unreadable("The first row is blank. It must name the columns.")
    if len(cells) > MAX_COLUMNS:
        raise Unreadable(f"There are more than {MAX_COLUMNS} columns. Is this the right file?")
    for number, name in enumerate(cells, 1):
        if not name:
            raise Unreadable(
                f"Column {get_column_letter(number)} has no heading. Name it in row 1, or remove the column."
            )
        if cells.index(name) != number - 1:
            raise Unreadable(f"The column “{name[:40]}” stands there twice. Keep one of them.")
    return cells


# CSV


def _text(data: bytes) -> str:
    encoding = "utf-8"
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            encoding = name
            break
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise Unreadable(
            f"Row {row} holds a character that is not {encoding.removesuffix('-sig').upper()}: the file is probably in "
            "the older Windows or Latin-1 encoding. In Excel, save it as “CSV UTF-8 (Comma delimited)” and upload that."
        ) from None
    if "\0" in text:
        raise Unreadable(
            "The file holds zero bytes: it is probably UTF-16 without its mark, or no text at all. "
            "In Excel, save it as “CSV UTF-8 (Comma delimited)” and upload that."
        )
    return text


def _rows_of_csv(text: str) -> Iterator[Line]:
    first = text.partition("\n")[0]
    for other, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if "," not in first and first.count(other) > 0:
            raise Unreadable(f"The columns are separated by {name}. Save the file with commas between them.")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            yield Line(number, cells)
    except csv.Error as error:
        what = (
            "holds a cell that is too long"
            if "limit" in str(error)
            else "has a quotation mark that is not closed or out of place"
        )
        raise Unreadable(
            f"Row {number + 1} {what}. Put the cell in quotation marks and double those inside it."
        ) from None


def _write_csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(map(escape, headings))
    writer.writerows([escape("" if cell is None else cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


# XLSX


def _rows_of_xlsx(data: bytes) -> Iterator[Line]:
    _check_package(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        sheet = next((sheet for sheet in book.worksheets if sheet.sheet_state == "visible"), None)
        if sheet is None:
            raise Unreadable("Every sheet of this workbook is hidden. Show the one to import, and save the file again.")
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), 1):
            if number > 2 * MAX_ROWS:
                raise Unreadable(f"There are cells below row {2 * MAX_ROWS:,}. Delete the blank rows under the table.")
            yield Line(number, [_value(cell) for cell in cells])
    except ValidationError:
        raise
    except Exception as error:
        # openpyxl raises whatever its parsers do; none of it is for the reader.
        raise Unreadable(
            "This is not an Excel workbook that can be read. Open it in Excel, save it as Excel workbook (.xlsx) or as "
            "CSV UTF-8, and upload that."
        ) from error


def _check_package(data: bytes) -> None:
    """Refuse what would unpack to far more than it seems: by its directory first, then while unpacking."""
    bomb = Unreadable(
        f"Unpacked, this workbook is far larger than it seems; at most {_mebibytes(MAX_UNZIPPED)} can be read. "
        "Save the one sheet as CSV UTF-8."
    )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNZIPPED:
                raise bomb
            unpacked = 0
            for part in parts:
                if part.file_size > RATIO_FROM and part.file_size > MAX_RATIO * max(part.compress_size, 1):
                    raise bomb
                seam = b""
                with package.open(part) as stream:
                    while chunk := stream.read(CHUNK):
                        unpacked += len(chunk)
                        if unpacked > MAX_UNZIPPED:
                            raise bomb
                        if b"<!DOCTYPE" in seam + chunk or b"<!ENTITY" in seam + chunk:
                            raise Unreadable(
                                "The workbook holds definitions that no spreadsheet needs. Save it anew in Excel."
                            )
                        seam = chunk[-9:]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise Unreadable("The workbook is damaged. Open it in Excel, save it again, and upload that.") from error


def _value(cell: Any) -> Any:
    """The value of a cell as CSV would give it, dates and figures as themselves. Raises Unreadable for a formula."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise Unreadable(
            f"{cell.coordinate} holds a formula. Replace it by its value: copy the column and paste it as values."
        )
    if cell.data_type == "e":
        raise Unreadable(f"{cell.coordinate} holds the error {value}. Replace it by a value or leave it blank.")
    if isinstance(value, str):
        return _FROM_EXCEL.sub(_character, value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _character(found: re.Match[str]) -> str:
    """The character that Excel wrote by its number; left as it stands when no text may hold it."""
    character = chr(int(found[1], 16))
    return character if character.isascii() and character != "\0" else found[0]


def _write_xlsx(headings: Sequence[str], rows: Iterable[Sequence[Any]], title: str) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = re.sub(r"[\\*?:/\[\]]", " ", title)[:31] or "Register"
    sheet.freeze_panes = "A2"
    widths = [len(heading) for heading in headings]
    for values in ([str(heading) for heading in headings], *rows):
        sheet.append([_cell(value) for value in values])
        widths = [max(width, len(str(value))) for width, value in zip(widths, values, strict=True)]
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = min(width + 2, 60)
        sheet.cell(1, number).font = Font(bold=True)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return _NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", escape(value))[:MAX_CELL]
    return value


def _are(count: int, what: str) -> str:
    return f"is 1 {what}" if count == 1 else f"are {count} {what}s"


def _mebibytes(size: int) -> str:
    return f"{size / 1024 / 1024:.3g} MiB"
