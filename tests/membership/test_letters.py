"""Every paper of membership: what all of them keep to, how they are filed, and many in one run."""

from __future__ import annotations

import hashlib
import re
import socket
import zipfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.template.loader import get_template

from documents.letters import Letter, issue_letter, print_letter
from documents.models import Paper
from documents.printing import print_many
from membership.models import Agency, Participation, TerminationNotice
from nipas_admin.jobs import tasks
from nipas_admin.jobs.models import Job
from tests.membership import factories as make
from tests.membership.reading import DAY, LETTERS, member_in_full, notice_of, pages, words

pytestmark = pytest.mark.django_db
elmwood = pytest.fixture(member_in_full)


# --- Every kind ------------------------------------------------------------------------------------------------------


def record_for(kind: str, stint: Participation) -> Any:
    """What this kind of paper is printed for."""
    model = LETTERS[kind].record
    if model is TerminationNotice:
        return notice_of(stint, date(2026, 2, 2))
    return stint.agency if model is Agency else None


@pytest.mark.parametrize("kind", LETTERS)
def test_every_kind_names_a_template_and_a_permission_that_exist(kind: str) -> None:
    known = LETTERS[kind]
    app, _, codename = known.permission.partition(".")

    assert known.key == kind
    assert get_template(known.template)
    assert Permission.objects.filter(content_type__app_label=app, codename=codename).exists()


@pytest.mark.parametrize("kind", LETTERS)
def test_every_kind_is_archivable_tagged_and_carries_its_fonts(kind: str, elmwood: Participation) -> None:
    pdf = print_letter(LETTERS[kind], record_for(kind, elmwood), DAY)

    with pikepdf.open(BytesIO(pdf)) as paper:
        with paper.open_metadata() as said:
            assert (said["pdfaid:part"], said["pdfaid:conformance"], said["pdfuaid:part"]) == ("3", "U", "1")
        assert paper.Root.MarkInfo.Marked
        assert len(paper.Root.StructTreeRoot.K) > 0
        descriptors = list(font_descriptors(paper))
        assert descriptors
        assert all("/FontFile3" in found or "/FontFile2" in found for found in descriptors)
        names = {str(found.FontName).partition("+")[2] for found in descriptors}
    assert all(name.startswith(("Source-Serif", "Source-Sans", "SourceSerif", "SourceSans")) for name in names), names


def font_descriptors(paper: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Of every font on every page."""
    for page in paper.pages:
        for font in page.Resources.Font.values():
            yield font.DescendantFonts[0].FontDescriptor if "/DescendantFonts" in font else font.FontDescriptor


@pytest.mark.parametrize("kind", LETTERS)
def test_every_page_says_its_day_and_which_page_it_is_of_how_many(kind: str, elmwood: Participation) -> None:
    read = pages(print_letter(LETTERS[kind], record_for(kind, elmwood), DAY))

    for number, page in enumerate(read, start=1):
        assert "As of 1 June 2026" in page
        assert f"Page {number} of {len(read)}" in page


HOSTILE = {
    "name": '<script>alert(1)</script> &amp; <b>"Dept"</b>',
    "public_body": '<img src="http://127.0.0.1:9/x.png"><link rel="attachment" href="file:///etc/hosts">',
    "governing_body": "{{ sheet }} {% include 'x' %} '); --",
    "street": "شرطة \u202eecilop\u202c מִשְׁטָרָה",
    "city": "🚓 Zürich 👮‍♀️ 警察",
}
READ_BACK = {
    "agreement": ("name", "public_body"),
    "ordinance": ("name", "public_body", "governing_body"),
    "resolution": ("name", "public_body", "governing_body"),
    "certificate": ("name", "public_body"),
    "roster": ("name",),
    "acknowledgement": ("name",),
}


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a connection fails the test."""

    def refuse(*_: Any) -> None:
        raise AssertionError("The press opened a connection.")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize("kind", LETTERS)
def test_hostile_text_prints_as_the_characters_typed(kind: str, no_network: None) -> None:
    stint = make.new_member(HOSTILE["name"])
    for field, text in HOSTILE.items():
        setattr(stint.agency, field, text)
    stint.agency.save()
    for capacity, text in zip(("chief", "head", "clerk"), HOSTILE.values(), strict=False):
        make.official(stint.agency, capacity, text, title=text[:80])

    pdf = print_letter(LETTERS[kind], record_for(kind, stint), DAY)

    with pikepdf.open(BytesIO(pdf)) as paper:
        assert "/Names" not in paper.Root or "/EmbeddedFiles" not in paper.Root.Names
        assert "/AF" not in paper.Root
    read = "".join(words(pdf).split())
    for field in READ_BACK[kind]:
        assert "".join(HOSTILE[field].split())[:40] in read, field


NARROWEST_W = 6.5  # points, in the smallest type of any paper


@pytest.mark.parametrize("kind", LETTERS)
def test_a_long_name_stays_between_the_margins(kind: str) -> None:
    stint = make.new_member("W" * 150)
    stint.agency.public_body = "W" * 150
    stint.agency.save()
    for capacity in ("chief", "head", "clerk"):
        make.official(stint.agency, capacity, "W" * 120, title="W" * 80)

    pdf = print_letter(LETTERS[kind], record_for(kind, stint), DAY)

    for page in pypdf.PdfReader(BytesIO(pdf)).pages:
        runs = re.findall("W+", page.extract_text(extraction_mode="layout"))
        between_margins = float(page.mediabox.width) - 2 * 72
        assert max(map(len, runs), default=0) * NARROWEST_W <= between_margins


# --- Issued papers, and many in one run ------------------------------------------------------------------------------


@pytest.fixture
def own_storage(settings: Any, tmp_path: Path) -> None:
    """The storage of papers, empty."""
    local = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": local}


def test_an_issued_paper_is_filed_with_its_reference_on_every_page(elmwood: Participation, own_storage: None) -> None:
    user = make.person("superuser")

    paper = issue_letter(LETTERS["agreement"], elmwood.agency, DAY, user)
    second = issue_letter(LETTERS["agreement"], elmwood.agency, DAY, user)

    with paper.file.open() as file:
        filed = file.read()
    assert hashlib.sha256(filed).hexdigest() == paper.sha256
    assert paper.title == "Specimen Agreement: Elmwood Police Department"
    assert paper.dated_on == DAY
    assert paper.kind == Paper.Kind.ISSUED
    assert all(f"{paper.reference} · As of 1 June 2026" in page for page in pages(filed))
    assert second.reference != paper.reference
    assert second.sha256 != paper.sha256


def test_a_preview_and_a_refusal_file_nothing(elmwood: Participation, own_storage: None) -> None:
    print_letter(LETTERS["certificate"], elmwood.agency, DAY)
    with pytest.raises(ValidationError):
        issue_letter(LETTERS["certificate"], elmwood.agency, date(2020, 1, 1), make.person("superuser"))

    assert not Paper.objects.exists()


@pytest.mark.parametrize(
    ("kind", "about", "name"),
    [
        ("agreement", "McHenry Police Department", "mchenry-police-department-agreement-2026-06-01.pdf"),
        ("agreement", "../../etc/passwd", "etcpasswd-agreement-2026-06-01.pdf"),
        ("agreement", "🚓", "agreement-2026-06-01.pdf"),
        ("agreement", "W" * 300, "w" * 100 + "-agreement-2026-06-01.pdf"),
    ],
)
def test_a_paper_is_saved_under_a_plain_name(kind: str, about: str, name: str) -> None:
    letter = Letter(title="", as_on=DAY, about=about)

    assert LETTERS[kind].filename(letter) == name


def run(job: Job) -> Job:
    """The job, done."""
    tasks.run.call(job.pk, job.attempt)
    job.refresh_from_db()
    return job


def test_many_papers_come_in_one_file_and_those_that_would_not_be_true_are_named(
    elmwood: Participation, own_storage: None
) -> None:
    left = make.new_member("Foxfield Police Department")
    notice_of(left, date(2025, 12, 31))
    ids = [elmwood.agency.pk, left.agency.pk]

    job = run(print_many(LETTERS["certificate"], ids, DAY, make.person("superuser")))

    assert job.state == Job.State.DONE, job.error
    assert job.title == "Certificate of participation, 2 papers, as of 1 June 2026"
    with job.result.open() as file, zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["elmwood-police-department-certificate-2026-06-01.pdf"]
        assert "Elmwood Police Department" in words(archive.read(archive.namelist()[0]))
    assert "Foxfield Police Department does not participate on 1 June 2026" in job.error


def test_a_representative_s_run_prints_only_for_the_own_agency(elmwood: Participation, own_storage: None) -> None:
    other = make.new_member("Foxfield Police Department")
    user = make.person("Agency Representative", elmwood.agency)

    job = run(print_many(LETTERS["agreement"], [elmwood.agency.pk, other.agency.pk], DAY, user))

    with job.result.open() as file, zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["elmwood-police-department-agreement-2026-06-01.pdf"]
    assert "not among those you may see" in job.error
    assert "Foxfield" not in job.error


def test_letters_are_printed_for_records_of_this_room_only() -> None:
    models = {kind.record for kind in LETTERS.values() if kind.record is not None}

    assert models <= set(apps.get_app_config("membership").get_models())
