"""Sound scans and everything that only looks like one, made here byte by byte."""

from __future__ import annotations

import hashlib
import struct
import zlib
from io import BytesIO

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def upload(content: bytes, name: str = "scan.pdf") -> SimpleUploadedFile:
    """The bytes as a browser sends them; the type it claims is a lie, as it may be."""
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def pdf(pages: int = 1, note: str = "") -> bytes:
    """A sound PDF with blank pages; the note makes its bytes its own."""
    out = BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page(page_size=(612, 792))
        document.Root.Note = pikepdf.String(note)
        document.save(out, deterministic_id=True)
    return out.getvalue()


def pdf_of_size(size: int) -> bytes:
    """A sound PDF of exactly this many bytes, by a stream of filling."""

    def filled(filling: int) -> bytes:
        out = BytesIO()
        with pikepdf.new() as document:
            document.add_blank_page()
            document.Root.Filling = document.make_stream(b" " * filling)
            document.save(out, compress_streams=False, deterministic_id=True)
        return out.getvalue()

    return filled(2 * size - len(filled(size)))


def locked_pdf() -> bytes:
    """A PDF that asks for a password."""
    out = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(out, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    return out.getvalue()


def picture(kind: str, size: tuple[int, int] = (120, 80), frames: int = 1) -> bytes:
    """A sound picture with some detail in it."""
    out = BytesIO()
    grain = b"".join(hashlib.sha256(str(number).encode()).digest() for number in range(size[0] * size[1] // 32 + 1))
    image = Image.frombytes("L", size, grain[: size[0] * size[1]])
    more = {"save_all": True, "append_images": [image] * (frames - 1)} if frames > 1 else {}
    image.save(out, kind, **more)
    return out.getvalue()


def png_that_unpacks_to(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to hold a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00" * 9)) + chunk(b"IEND", b"")
    )


def pdf_that_unpacks_to(mebibytes: int) -> bytes:
    """A small PDF whose catalog lies at the head of a stream of this size once unpacked."""
    catalog = b"<< /Type /Catalog /Pages 4 0 R >>".ljust(40)
    index = b"3 0 4 40 "
    packed = zlib.compress(
        index + catalog + b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>" + b" " * (mebibytes * 1024 * 1024), 9
    )
    out = b"%PDF-1.5\n"
    at_stream = len(out)
    out += b"1 0 obj\n<< /Type /ObjStm /N 2 /First %d /Filter /FlateDecode /Length %d >>\nstream\n" % (
        len(index),
        len(packed),
    )
    out += packed + b"\nendstream\nendobj\n"
    at_page = len(out)
    out += b"5 0 obj\n<< /Type /Page /Parent 4 0 R /MediaBox [0 0 10 10] >>\nendobj\n"
    at_index = len(out)
    rows = [(0, 0, 0), (1, at_stream, 0), (1, at_index, 0), (2, 1, 0), (2, 1, 1), (1, at_page, 0)]
    table = b"".join(bytes([kind]) + place.to_bytes(4, "big") + bytes([third]) for kind, place, third in rows)
    out += b"2 0 obj\n<< /Type /XRef /Size 6 /W [1 4 1] /Root 3 0 R /Length %d >>\nstream\n" % len(table)
    return out + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % at_index
