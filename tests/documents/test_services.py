"""Filing: bytes are stored once, named by what they are, and nothing rewrites them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from documents import pdf as press
from documents import services
from documents.models import Paper, PaperNumber
from documents.pdf import PressError
from nipas_admin.accounts.models import User
from tests.documents import scans
from tests.documents.test_pdf import words

Filing = Callable[..., Paper]


@pytest.fixture
def file(manager: User) -> Filing:
    """Files a scan as the System Manager."""

    def filing(content: bytes | None = None, name: str = "scan.pdf", **known: Any) -> Paper:
        uploaded = scans.upload(scans.pdf() if content is None else content)
        uploaded._name = name  # as a hostile client sends it, past Django's own cleaning
        return services.file_scan(uploaded=uploaded, user=manager, **{"title": "Ordinance 18-1868", **known})

    return filing


def stored(folder: Path) -> list[str]:
    """Every file under the folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_scan_is_filed_with_all_that_is_known_of_it(file: Filing, own_storage: Path, manager: User) -> None:
    content = scans.pdf(2)
    digest = hashlib.sha256(content).hexdigest()

    paper = file(content, "Ord 18-1868.pdf", dated_on=date(2018, 6, 4), received_on=date(2018, 6, 8), note="by mail")

    paper.refresh_from_db()
    assert (paper.title, paper.kind, paper.original_name) == ("Ordinance 18-1868", "scan", "Ord 18-1868.pdf")
    assert (paper.sha256, paper.size, paper.media_type, paper.pages) == (digest, len(content), "application/pdf", 2)
    assert (paper.dated_on, paper.received_on, paper.note) == (date(2018, 6, 4), date(2018, 6, 8), "by mail")
    assert paper.reference == f"P-{paper.number:06d}"
    assert paper.content() == content
    assert stored(own_storage) == [f"{digest[:2]}/{digest}.pdf"]
    assert paper.history.get().history_user == manager


NAMES = {
    "a path upwards": ("../../../etc/cron.d/job", "job"),
    "a path on Windows": ("..\\..\\windows\\system.ini", "system.ini"),
    "an absolute path": ("/etc/passwd", "passwd"),
    "two dots": ("..", None),
    "control characters": ("ord\n\r\tinance\x1b[31m.pdf", "ordinance[31m.pdf"),
    "a name that turns the reading direction": ("annexe‮fdp.exe", "annexefdp.exe"),
    "a very long name": ("a" * 400 + ".pdf", None),
    "markup": ("<img src=x onerror=alert(1)>.pdf", "<img src=x onerror=alert(1)>.pdf"),
}


@pytest.mark.parametrize(("name", "kept"), NAMES.values(), ids=NAMES)
def test_what_the_sender_calls_a_file_never_names_it_here(
    name: str, kept: str | None, file: Filing, own_storage: Path
) -> None:
    paper = file(name=name)

    assert stored(own_storage) == [paper.file.name]
    assert paper.file.name == f"{paper.sha256[:2]}/{paper.sha256}.pdf"
    assert len(paper.original_name) <= 200
    assert paper.original_name.isprintable()
    if kept is not None:
        assert paper.original_name == kept


def test_the_ending_follows_from_the_content(file: Filing) -> None:
    paper = file(scans.picture("PNG"), "photo.pdf")

    assert paper.file.name.endswith(".png")
    assert paper.download_name.endswith(".png")


def test_the_same_bytes_are_filed_once(file: Filing, own_storage: Path) -> None:
    first = file(title="Ordinance 18-1868", name="one.pdf")
    again = file(title="Something else", name="two.pdf")

    assert again == first
    assert Paper.objects.get().title == "Ordinance 18-1868"
    assert len(stored(own_storage)) == 1
    assert services.said_of_duplicate(again).startswith(f"This file is already in the register as {first.reference}")


def test_of_two_uploads_of_the_same_bytes_at_once_one_is_filed_and_both_get_it(
    file: Filing, own_storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine, quicker = services._store, []

    def while_another_is_quicker(*args: Any) -> str:
        if not quicker:
            quicker.append(None)
            quicker[:] = [file(title="The quicker one")]
        return genuine(*args)

    monkeypatch.setattr(services, "_store", while_another_is_quicker)
    slower = file(title="The slower one")

    assert [slower] == quicker
    assert Paper.objects.get().title == "The quicker one"
    assert len(stored(own_storage)) == 1


def test_without_the_second_look_the_slower_upload_would_fail(file: Filing) -> None:
    paper = file()
    twin = Paper(number=services.draw_number(), title="Twin", kind="scan", sha256=paper.sha256, size=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_bytes_left_by_an_upload_that_broke_off_are_written_anew(file: Filing, own_storage: Path) -> None:
    digest = hashlib.sha256(scans.pdf()).hexdigest()
    (own_storage / digest[:2]).mkdir(parents=True)
    (own_storage / digest[:2] / f"{digest}.pdf").write_bytes(scans.pdf()[:100])

    assert file().content() == scans.pdf()
    assert len(stored(own_storage)) == 1


def test_what_is_refused_leaves_nothing_behind(file: Filing, own_storage: Path) -> None:
    with pytest.raises(ValidationError):
        file(b"<html>")
    with pytest.raises(ValidationError, match="outside the register"):
        file(dated_on=date(1881, 1, 1))

    assert not Paper.objects.exists()


def test_a_title_that_is_too_long_is_shortened_rather_than_refused(file: Filing) -> None:
    assert len(file(title="Ordinance " * 50).title) == 200


CHANGES = {
    "the bytes' fingerprint": {"sha256": "0" * 64},
    "the place of the bytes": {"file": "etc/passwd"},
    "the size": {"size": 1},
    "the kind of file": {"media_type": "image/png"},
    "the number": {"number": 999},
    "the name it came with": {"original_name": "other.pdf"},
    "scan into issued": {"kind": "issued"},
    "when it was filed": {"filed_at": "2001-01-01 00:00:00+00:00"},
}


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_database_itself_keeps_what_is_known_of_the_bytes(change: dict[str, Any], file: Filing) -> None:
    paper = file()
    ((column, value),) = change.items()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE documents_paper SET {column} = %s WHERE id = %s", [value, paper.pk])


def test_particulars_of_a_scan_can_be_corrected_and_a_paper_cannot_be_deleted(file: Filing) -> None:
    paper = file()
    paper.title = "Ordinance ORD-18-1868"
    paper.save()

    assert paper.history.count() == 2
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM documents_paper WHERE id = %s", [paper.pk])


# --- Issuing ----------------------------------------------------------------------------------------------------------


def issue(user: User, title: str = "Acknowledgement") -> Paper:
    return services.print_and_issue(
        "pdf/letter.html", {"addressee": ["Chief of Police"]}, title=title, as_on=date(2026, 5, 1), user=user
    )


def test_an_issued_paper_bears_its_own_reference_and_says_what_it_was_printed_from(manager: User) -> None:
    paper = issue(manager)

    assert (paper.kind, paper.template, paper.dated_on, paper.pages) == (
        "issued",
        "pdf/letter.html",
        date(2026, 5, 1),
        1,
    )
    assert len(paper.content_sha256) == 64
    with pikepdf.open(BytesIO(paper.content())) as printed:
        assert printed.docinfo.Title == "Acknowledgement"
    assert f"{paper.reference} · As of 1 May 2026" in words(paper.content())


def test_each_issued_paper_has_a_number_of_its_own(manager: User) -> None:
    numbers = [issue(manager).number for _ in range(3)]

    assert len(set(numbers)) == 3
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("column", ["title", "note", "dated_on", "template"])
def test_nothing_about_an_issued_paper_ever_changes(column: str, manager: User) -> None:
    paper = issue(manager)
    value = "2020-01-01" if column == "dated_on" else "other"

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE documents_paper SET {column} = %s WHERE id = %s", [value, paper.pk])


def test_a_paper_that_cannot_be_printed_is_not_issued(manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(html: str) -> bytes:
        raise PressError("out of order")

    monkeypatch.setattr(press, "print_html", fail)

    with pytest.raises(PressError), transaction.atomic():
        issue(manager)

    assert not Paper.objects.exists()


@pytest.mark.django_db
def test_numbers_are_drawn_once_even_when_a_paper_was_never_filed() -> None:
    drawn = [services.draw_number() for _ in range(3)]
    PaperNumber.objects.all().delete()

    assert services.draw_number() > max(drawn)
