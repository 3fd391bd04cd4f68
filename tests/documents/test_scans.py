"""Uploads are judged by their content, within bounds, and refused in words."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import TemporaryUploadedFile
from PIL import ImageFile

from documents.models import Paper
from documents.scans import LARGEST, examine
from tests.documents import scans

SOUND = {
    "a PDF": (scans.pdf(), Paper.MediaType.PDF, 1),
    "a PDF of three pages": (scans.pdf(3), Paper.MediaType.PDF, 3),
    "a PNG": (scans.picture("PNG"), Paper.MediaType.PNG, 1),
    "a JPEG": (scans.picture("JPEG"), Paper.MediaType.JPEG, 1),
    "a TIFF": (scans.picture("TIFF"), Paper.MediaType.TIFF, 1),
    "a TIFF of four pages": (scans.picture("TIFF", frames=4), Paper.MediaType.TIFF, 4),
}


@pytest.mark.parametrize(("content", "media_type", "pages"), SOUND.values(), ids=SOUND)
@pytest.mark.parametrize("name", ["scan.pdf", "SCAN.EXE", "no ending", "../../etc/passwd"])
def test_what_a_file_is_follows_from_its_content_whatever_it_is_called(
    content: bytes, media_type: Paper.MediaType, pages: int, name: str
) -> None:
    scan = examine(scans.upload(content, name))

    assert (scan.media_type, scan.pages, scan.size) == (media_type, pages, len(content))
    assert scan.sha256 == hashlib.sha256(content).hexdigest()


def test_a_large_upload_that_django_put_on_disk_is_read_as_well() -> None:
    content = scans.pdf(2)
    with TemporaryUploadedFile("scan.pdf", "application/pdf", len(content), None) as uploaded:
        uploaded.write(content)

        assert examine(uploaded).pages == 2


def half(content: bytes) -> bytes:
    """What is left of a file when the line breaks in the midst of it."""
    return content[: len(content) // 2]


HTML = b"<!DOCTYPE html>\n<html><body>Ordinance</body></html>"

REFUSED = {
    "an HTML page renamed .pdf": (HTML, "an HTML page, not a scan"),
    "an HTML page after a byte order mark": (b"\xef\xbb\xbf \n<HTML>", "an HTML page, not a scan"),
    "a script": (b"<script>alert(1)</script>", "an HTML page"),
    "an SVG drawing": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
    "text": (b"BOARD MINUTES\n", "a text file"),
    "a Word document": (b"PK\x03\x04\x14\x00" + b"\x00" * 60, "an Office document"),
    "an old Word document": (b"\xd0\xcf\x11\xe0" + b"\x00" * 60, "older Word"),
    "a GIF": (b"GIF89a\x01\x00\x01\x00", "a GIF picture"),
    "a phone picture": (b"\x00\x00\x00\x18ftypheic", "a phone picture"),
    "a program": (b"MZ\x90\x00" + b"\x00" * 60, "a Windows program"),
    "noise": (bytes(range(256)), "a kind the register does not know"),
    "nothing": (b"", "empty"),
    "a PDF behind other bytes": (b"GIF89a\n" + scans.pdf(), "a PDF with something else in front of it"),
    "a PDF behind an HTML page": (HTML + scans.pdf(), "a PDF with something else in front of it"),
    "a PDF cut in half": (half(scans.pdf(5)), "This PDF is damaged or incomplete"),
    "a PDF without its last line": (scans.pdf()[:-30], "This PDF is damaged or incomplete"),
    "only the first line of a PDF": (b"%PDF-1.7\n", "This PDF is damaged or incomplete"),
    "an HTML page with the first bytes of a PDF": (b"%PDF-1.7\n" + HTML, "This PDF is damaged or incomplete"),
    "a PDF that is locked": (scans.locked_pdf(), "locked with a password"),
    "a PDF without pages": (scans.pdf(0), "has no pages"),
    "a PNG cut in half": (half(scans.picture("PNG")), "This PNG picture is damaged or incomplete"),
    "a PNG with a changed byte": (
        scans.picture("PNG")[:200] + b"\x00\xff" + scans.picture("PNG")[202:],
        "This PNG picture is damaged",
    ),
    "a JPEG cut in half": (half(scans.picture("JPEG")), "This JPEG picture is damaged or incomplete"),
    "a TIFF cut in half": (half(scans.picture("TIFF")), "This TIFF picture is damaged or incomplete"),
    "a JPEG without its last bytes": (scans.picture("JPEG")[:-2], "This JPEG picture is damaged or incomplete"),
    "only the first bytes of a JPEG": (b"\xff\xd8\xff", "This JPEG picture is damaged or incomplete"),
    "only the first bytes of a TIFF": (b"II*\x00", "This TIFF picture is damaged or incomplete"),
    "a picture that unpacks to ten thousand million dots": (
        scans.png_that_unpacks_to(100_000, 100_000),
        "unpacks to more than 89 million dots",
    ),
    "a picture just above what can be shown": (
        scans.png_that_unpacks_to(10_000, 9_000),
        "unpacks to more than 89 million dots",
    ),
}


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("lenient", [False, True], ids=["before the press ran", "after it made Pillow lenient"])
def test_whatever_is_no_sound_scan_is_refused_in_words(
    lenient: bool, content: bytes, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)

    with pytest.raises(ValidationError) as refusal:
        examine(scans.upload(content))

    assert words in refusal.value.message


def test_the_largest_scan_is_taken_and_one_byte_more_is_not() -> None:
    assert examine(scans.upload(scans.pdf_of_size(LARGEST))).size == LARGEST

    with pytest.raises(ValidationError, match=r"This file has 25\.0 MiB; a paper may have 25"):
        examine(scans.upload(scans.pdf_of_size(LARGEST + 1)))


def test_a_scan_of_thirty_megabytes_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pikepdf, "open", lambda *args, **kwargs: pytest.fail("it was opened"))

    with pytest.raises(ValidationError, match=r"This file has 30\.0 MiB.*split it"):
        examine(scans.upload(b"%PDF-1.7" + b"\x00" * (30 * 1024 * 1024 - 8)))


def test_a_small_pdf_that_unpacks_to_gigabytes_is_refused() -> None:
    sound, bomb = scans.pdf_that_unpacks_to(1), scans.pdf_that_unpacks_to(300)

    assert examine(scans.upload(sound)).pages == 1
    assert len(bomb) < 1024 * 1024
    with pytest.raises(ValidationError, match="damaged"):
        examine(scans.upload(bomb))


def test_without_the_limit_the_small_pdf_would_unpack() -> None:
    limits = pikepdf.settings.set_qpdf_limits(flate_max_memory=0)
    try:
        with pikepdf.open(BytesIO(scans.pdf_that_unpacks_to(100))) as pdf:
            assert len(pdf.pages) == 1
    finally:
        pikepdf.settings.set_qpdf_limits(**limits)
