"""One run that prints many papers: in order, once each, left out where they would not be true."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pypdf
import pytest
from django.core.exceptions import ValidationError

from documents import letters, pdf, printing
from documents.letters import Order
from documents.models import Paper
from nipas_admin.accounts.models import User
from nipas_admin.jobs import services as jobs
from nipas_admin.jobs.models import Job
from tests.documents.test_pdf import words

DAY = date(2026, 5, 1)
AGENCIES = {1: "Elmwood", 2: "Foxfield", 3: "Glen & Sons", 4: "Foxfield"}


def certificate(pk: int, as_on: date, user: Any) -> Order:
    """A certificate for an agency; the one of agency 9 would not be true."""
    if pk == 9:
        raise ValidationError("Lapsed Police Department does not participate on 1 May 2026.")
    name = AGENCIES[pk]
    return Order("pdf/letter.html", f"Certificate of {name}", as_on, {"addressee": [name, f"for {user.username}"]})


@pytest.fixture(autouse=True)
def at_once(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work is done the moment it is asked for, and certificates are the one letter there is."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    monkeypatch.setattr(letters, "_kinds", {"test.certificate": SimpleNamespace(order_for=certificate)})


def start(user: User, *ids: int, **options: Any) -> Job:
    return printing.start_printing(
        "test.certificate", ids, title="Certificates of 1 May", as_on=DAY, user=user, **options
    )


def result_of(job: Job) -> BytesIO:
    with job.result.open() as result:
        return BytesIO(result.read())


def parts(folder: Path) -> list[Path]:
    """The single papers that a run keeps while it is under way."""
    return [path for path in folder.rglob("parts/**/*") if path.is_file()]


def test_the_papers_come_as_a_zip_file_each_under_its_own_name(manager: User, own_storage: Path) -> None:
    job = start(manager, 2, 1, 3, 4)

    assert (job.state, job.progress, job.error) == ("done", "4 of 4", "")
    assert job.result.name.endswith("/Certificates_of_1_May.zip")
    with zipfile.ZipFile(result_of(job)) as archive:
        assert archive.namelist() == [
            "Certificate_of_Foxfield.pdf",
            "Certificate_of_Elmwood.pdf",
            "Certificate_of_Glen__Sons.pdf",
            "Certificate_of_Foxfield-2.pdf",
        ]
        elmwood = archive.read("Certificate_of_Elmwood.pdf")
    assert elmwood == pdf.render(*printed(1, manager))
    assert "for manager" in words(elmwood)
    assert parts(own_storage) == []
    assert not Paper.objects.exists()


def printed(pk: int, user: User) -> tuple[str, dict[str, Any]]:
    """What the press is given for one certificate."""
    order = certificate(pk, DAY, user)
    return order.template, order.filled()


def test_the_papers_come_bound_with_a_bookmark_each(manager: User) -> None:
    job = start(manager, 1, 2, output=printing.BOUND)

    with pikepdf.open(result_of(job)) as bound, bound.open_outline() as outline:
        assert len(bound.pages) == 2
        assert [item.title for item in outline.root] == ["Certificate of Elmwood", "Certificate of Foxfield"]


def test_the_bound_papers_keep_their_tags_and_order_and_leave_nothing_else_behind(
    manager: User, own_storage: Path
) -> None:
    job = start(manager, 2, 9, 1, output=printing.BOUND)

    assert (job.state, job.progress) == ("done", "3 of 3")
    assert job.error == "Left out: 1.\nLapsed Police Department does not participate on 1 May 2026."
    with pikepdf.open(result_of(job)) as bound:
        assert bound.Root.MarkInfo.Marked
        assert bound.docinfo.Title == "Certificates of 1 May"
    first, second = (page.extract_text() for page in pypdf.PdfReader(result_of(job)).pages)
    assert "Foxfield" in first
    assert "Elmwood" in second
    assert "Page 1 of 1" in second
    assert parts(own_storage) == []


def test_papers_that_are_filed_and_bound_bear_the_same_references_in_both(manager: User, own_storage: Path) -> None:
    job = start(manager, 1, 2, output=printing.BOUND, file_them=True)

    filed = [paper.content() for paper in Paper.objects.order_by("number")]
    bound = [words_of_page(page) for page in pypdf.PdfReader(result_of(job)).pages]
    assert bound == [words_of_page(pypdf.PdfReader(BytesIO(content)).pages[0]) for content in filed]
    assert all(paper.reference in page for paper, page in zip(Paper.objects.order_by("number"), bound, strict=True))
    assert parts(own_storage) == []


def words_of_page(page: Any) -> str:
    """The text of a page, on one line."""
    return " ".join(page.extract_text().split())


def test_filed_papers_bear_their_references_and_stay(manager: User) -> None:
    job = start(manager, 1, 2, file_them=True)

    papers = list(Paper.objects.order_by("number"))
    assert [paper.title for paper in papers] == ["Certificate of Elmwood", "Certificate of Foxfield"]
    assert all(paper.is_issued and paper.reference in words(paper.content()) for paper in papers)
    assert all(paper.history.get().history_user == manager for paper in papers)
    with zipfile.ZipFile(result_of(job)) as archive:
        assert archive.namelist() == [paper.download_name for paper in papers]
        assert archive.read(papers[0].download_name) == papers[0].content()


def test_a_paper_that_would_not_be_true_is_left_out_and_named(manager: User) -> None:
    job = start(manager, 1, 9, 2)

    assert (job.state, job.progress) == ("done", "3 of 3")
    assert job.error == "Left out: 1.\nLapsed Police Department does not participate on 1 May 2026."
    with zipfile.ZipFile(result_of(job)) as archive:
        assert len(archive.namelist()) == 2


def test_a_run_that_prints_nothing_says_why(manager: User) -> None:
    job = start(manager, 9)

    assert job.state == "failed"
    assert job.error == "Nothing was printed:\nLapsed Police Department does not participate on 1 May 2026."


def test_an_interrupted_run_prints_only_what_is_left(
    manager: User, own_storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine, sent = pdf.print_html, []

    def breaks_down_at_the_third(html: str) -> bytes:
        sent.append(html)
        if len(sent) == 3:
            raise pdf.PressError("The press is out of order.")
        return genuine(html)

    monkeypatch.setattr(pdf, "print_html", breaks_down_at_the_third)
    job = start(manager, 1, 2, 3, file_them=True)
    assert (job.state, job.error, job.steps.count()) == ("failed", "The press is out of order.", 2)

    jobs.carry_on(job)

    job.refresh_from_db()
    assert (job.state, job.progress) == ("done", "3 of 3")
    assert [html.split("<title>")[1].split("<")[0] for html in sent] == [
        "Certificate of Elmwood",
        "Certificate of Foxfield",
        "Certificate of Glen &amp; Sons",
        "Certificate of Glen &amp; Sons",
    ]
    assert Paper.objects.count() == 3


def test_the_same_record_twice_is_printed_once(manager: User) -> None:
    with zipfile.ZipFile(result_of(start(manager, 1, 1, 1))) as archive:
        assert len(archive.namelist()) == 1


@pytest.mark.django_db
def test_a_letter_nobody_writes_is_refused_at_once(manager: User) -> None:
    with pytest.raises(LookupError, match=r"No letter is called other; there are test\.certificate\."):
        printing.start_printing("other", [1], title="x", as_on=DAY, user=manager)
