"""What an uploaded file is, by its content. What it is called plays no part."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import pikepdf
from django.core.exceptions import ValidationError
from PIL import Image, UnidentifiedImageError

from documents.models import Paper

if TYPE_CHECKING:
    from django.core.files.base import File

MEBIBYTE = 1024 * 1024
LARGEST = 25 * MEBIBYTE
MOST_PIXELS = 89_478_485  # Pillow's own: a page of 11 by 17 inches at 600 dots an inch has 67 million
MOST_PICTURES = 1000

WANTED = "Upload the scan as PDF, PNG, JPEG or TIFF."

PICTURES = {
    b"\x89PNG\r\n\x1a\n": Paper.MediaType.PNG,
    b"\xff\xd8\xff": Paper.MediaType.JPEG,
    b"II*\x00": Paper.MediaType.TIFF,
    b"MM\x00*": Paper.MediaType.TIFF,
}

# How files begin that people take for a scan.
SEEMS = {
    b"PK\x03\x04": "a ZIP archive or an Office document",
    b"\xd0\xcf\x11\xe0": "an older Word or Excel document",
    b"GIF8": "a GIF picture",
    b"BM": "a Windows bitmap",
    b"RIFF": "a WebP picture or a recording",
    b"\x00\x00\x00": "a phone picture (HEIC) or a video",
    b"II+\x00": "a TIFF of the large kind",
    b"MM\x00+": "a TIFF of the large kind",
    b"MZ": "a Windows program",
    b"\x7fELF": "a program",
}
SEEMS_IN_TEXT = {
    b"<!doctype html": "an HTML page",
    b"<html": "an HTML page",
    b"<head": "an HTML page",
    b"<body": "an HTML page",
    b"<script": "an HTML page",
    b"<svg": "an SVG drawing",
    b"<?xml": "an XML document",
    b"%!ps": "a PostScript file",
    b"{\\rtf": "an RTF document",
}

# A small file can unpack to gigabytes. The limits hold for the whole process, so they are set once, on loading.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=64 * MEBIBYTE,
    run_length_max_memory=64 * MEBIBYTE,
    png_max_memory=64 * MEBIBYTE,
    tiff_max_memory=64 * MEBIBYTE,
)


@dataclass(frozen=True)
class Scan:
    """What an upload turned out to be. ``pages`` is the number of pages or pictures."""

    media_type: Paper.MediaType
    size: int
    sha256: str
    pages: int


def examine(uploaded: File[bytes]) -> Scan:
    """What the file is. Raises ValidationError, saying what it seems to be and what to do, for all but sound scans."""
    size = uploaded.size or 0
    if size > LARGEST:
        raise ValidationError(
            f"This file has {size / MEBIBYTE:,.1f} MiB; a paper may have {LARGEST // MEBIBYTE}. "
            "Scan it in black and white or at 300 dots an inch, or split it.",
            code="too_large",
        )
    if not size:
        raise ValidationError("This file is empty. Scan the paper again.", code="empty")
    uploaded.seek(0)
    head = uploaded.read(2048)
    media_type = next((kind for start, kind in PICTURES.items() if head.startswith(start)), None)
    if head.startswith(b"%PDF-"):
        media_type, pages = Paper.MediaType.PDF, _pages_of_pdf(uploaded)
    elif media_type:
        pages = _pictures_in(uploaded, media_type)
    else:
        raise ValidationError(f"This is {_seems_to_be(head)}, not a scan. {WANTED}", code="unknown_kind")
    return Scan(media_type, size, sha256_of(uploaded), pages)


def sha256_of(uploaded: IO[bytes] | File[bytes]) -> str:
    """The SHA-256 of the whole file, in hexadecimal; the file is left at its beginning."""
    uploaded.seek(0)
    digest = hashlib.sha256()
    while chunk := uploaded.read(MEBIBYTE):
        digest.update(chunk)
    uploaded.seek(0)
    return digest.hexdigest()


def _pages_of_pdf(uploaded: File[bytes]) -> int:
    """The number of pages. A PDF that only opens after repairs is not the paper that was sent, so it is refused."""
    uploaded.seek(0)
    try:
        with pikepdf.open(_readable(uploaded), attempt_recovery=False, suppress_warnings=True) as pdf:
            pages = len(pdf.pages)
    except pikepdf.PasswordError:
        raise ValidationError(
            "This PDF is locked with a password. Open it, save it without the password, and upload that.",
            code="locked",
        ) from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise ValidationError(_damaged("PDF"), code="damaged") from None
    if not pages:
        raise ValidationError("This PDF has no pages. Scan the paper again.", code="damaged")
    return pages


def _pictures_in(uploaded: File[bytes], media_type: Paper.MediaType) -> int:
    """The number of pictures in the file, each of a size that can be shown."""
    kind = media_type.label.split()[0]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            uploaded.seek(0)
            with Image.open(_readable(uploaded), formats=[kind]) as picture:
                picture.verify()
            uploaded.seek(0)
            with Image.open(_readable(uploaded), formats=[kind]) as picture:
                if kind == "TIFF":
                    return _pages_of_tiff(picture, uploaded.size or 0)
                if kind == "JPEG":
                    _check_jpeg(picture, uploaded)
                return 1
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(
            f"This {kind} picture unpacks to more than {MOST_PIXELS // 1_000_000} million dots. "
            "Scan the page at 300 dots an inch.",
            code="too_large",
        ) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError, TypeError, EOFError, OverflowError):
        raise ValidationError(_damaged(f"{kind} picture"), code="damaged") from None


def _check_jpeg(picture: Image.Image, uploaded: File[bytes]) -> None:
    """Raises OSError when the picture does not decode or ends too soon.

    Pillow alone would not tell: the press switches it, for the whole process, to take what is cut short.
    """
    picture.draft("L", (64, 64))  # decodes at an eighth of the size
    picture.load()
    uploaded.seek(0)
    content = uploaded.read()
    at = 2
    while content[at : at + 1] == b"\xff" and content[at + 1 : at + 2] != b"\xda":
        at += 1 if content[at + 1 : at + 2] == b"\xff" else 2 + int.from_bytes(content[at + 2 : at + 4])
    # Within the picture's data, which begins here, an end mark can be nothing else.
    if b"\xff\xd9" not in content[at:]:
        raise OSError


def _pages_of_tiff(picture: Any, size: int) -> int:
    """The number of pictures. Raises OSError when one of them lies outside the file, or there are too many."""
    pages = 0
    while True:
        pages += 1
        offsets = picture.tag_v2.get(273) or picture.tag_v2.get(324) or ()
        lengths = picture.tag_v2.get(279) or picture.tag_v2.get(325) or ()
        if not offsets or len(offsets) != len(lengths) or pages > MOST_PICTURES:
            raise OSError
        if any(start + length > size for start, length in zip(offsets, lengths, strict=True)):
            raise OSError
        try:
            picture.seek(pages)
        except EOFError:
            return pages


def _readable(uploaded: File[bytes]) -> Any:
    """The open file under Django's wrapper, which lacks some of what the libraries ask for."""
    return uploaded.file if uploaded.file is not None else uploaded


def _damaged(kind: str) -> str:
    return f"This {kind} is damaged or incomplete. Open it, save or print it as a new file, and upload that."


def _seems_to_be(head: bytes) -> str:
    """What the beginning of a file suggests, in words."""
    if b"%PDF-" in head:
        return "a PDF with something else in front of it"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    known, beginning, otherwise = (
        (SEEMS, head, "a file of a kind the register does not know")
        if b"\x00" in head
        else (SEEMS_IN_TEXT, text, "a text file")
    )
    return next((name for start, name in known.items() if beginning.startswith(start)), otherwise)
