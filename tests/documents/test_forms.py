"""Uploading a scan on a page: what is wrong is said at its field, and nothing typed or chosen is lost."""

from __future__ import annotations

import os
import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from documents import kept, services
from documents.forms import AttachesScans, ScanField
from documents.models import Paper
from membership.models import Agency, InsuranceCertificate
from nipas_admin.accounts.models import User
from tests.documents import scans

ADD = "/documents/paper/add/"
EMPTY = {"title": "", "dated_on": "", "received_on": "", "note": ""}


@pytest.fixture
def browser(manager: User) -> Client:
    """The System Manager's."""
    client = Client()
    client.force_login(manager)
    return client


def send(browser: Client, content: bytes | None = None, name: str = "scan.pdf", **typed: str) -> Any:
    """The page that answers the form for a new paper."""
    data: dict[str, Any] = {**EMPTY, "title": "Ordinance 18-1868", **typed}
    if content is not None:
        data["upload"] = scans.upload(content, name)
    return browser.post(ADD, data, follow=True)


def said(page: Any) -> str:
    """The page as one reads it."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


def token_in(page: Any) -> str:
    """What the page carries to find a kept upload again."""
    found = re.search(r'name="upload-kept" value="([^"]+)"', page.content.decode())
    return unescape(found[1]) if found else ""


def test_a_scan_is_filed_from_one_page(browser: Client, manager: User) -> None:
    page = send(browser, scans.pdf(2), dated_on="6/4/2018", note="by mail")

    paper = Paper.objects.get()
    assert (paper.title, paper.dated_on, paper.note) == ("Ordinance 18-1868", date(2018, 6, 4), "by mail")
    assert paper.pages == 2
    assert paper.history.get().history_user == manager
    assert "Ordinance 18-1868" in said(page)


REFUSED = {
    "nothing chosen": (None, "Choose the scan. Upload the scan as PDF, PNG, JPEG or TIFF."),
    "an HTML page renamed .pdf": (b"<!DOCTYPE html><html>", "This is an HTML page, not a scan."),
    "a file of thirty megabytes": (b"%PDF-1.7" + b" " * 30_000_000, "a paper may have 25"),
    "an empty file": (b"", "This file is empty."),
    "a PDF cut in half": (scans.pdf(3)[:400], "This PDF is damaged or incomplete."),
}


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_with_the_file_is_said_and_the_rest_of_the_form_stays(
    content: bytes | None, words: str, browser: Client
) -> None:
    page = send(browser, content, note="typed with care", dated_on="2018-06-04")

    assert page.status_code == 200
    assert words in said(page)
    assert "typed with care" in page.content.decode()
    assert not Paper.objects.exists()


def test_a_sound_scan_stays_chosen_while_the_rest_is_corrected(browser: Client, own_storage: Path) -> None:
    content = scans.pdf(2)
    page = send(browser, content, "Ord & Co.pdf", dated_on="01/02/49")
    assert "leaves the century open" in said(page)
    assert "Ord & Co.pdf" in said(page)
    assert "is kept. Choose another file only to replace it." in said(page)
    assert " required" not in re.search(r'<input type="file"[^>]*>', page.content.decode())[0]  # type: ignore[index]

    page = send(browser, None, dated_on="still wrong", **{"upload-kept": token_in(page)})
    assert "is kept" in said(page)
    send(browser, None, dated_on="2018-06-04", **{"upload-kept": token_in(page)})

    paper = Paper.objects.get()
    assert (paper.content(), paper.original_name) == (content, "Ord & Co.pdf")


def test_a_file_that_is_no_scan_is_not_kept(browser: Client, own_storage: Path) -> None:
    page = send(browser, b"<html>", dated_on="wrong")

    assert token_in(page) == ""
    assert not (own_storage / "kept").exists()


FORGED = {
    "nothing": "",
    "made up": "kept/x:y:z",
    "signed for something else": signing.dumps(["kept/x", "x.pdf"], salt="other"),
    "signed by another key": signing.dumps(["../../etc/passwd", "x.pdf"], key="guess", salt=kept.SALT),
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED)
def test_a_forged_token_leads_nowhere(token: str, browser: Client) -> None:
    page = send(browser, None, **{"upload-kept": token})

    assert "Choose the scan." in said(page)


@pytest.mark.django_db
def test_a_kept_upload_is_let_go_once_it_is_filed_and_after_a_day(
    own_storage: Path, manager: User, django_capture_on_commit_callbacks: Any
) -> None:
    token = kept.keep(scans.upload(scans.pdf(1)))
    old = kept.keep(scans.upload(scans.pdf(2)))
    upload = kept.take(token)
    assert upload is not None
    with django_capture_on_commit_callbacks(execute=True):
        services.file_scan(uploaded=upload, title="Filed", user=manager)
    assert kept.take(token) is None

    (left,) = (own_storage / "kept").iterdir()
    os.utime(left, (0, 0))
    kept.keep(scans.upload(scans.pdf(3)))

    assert kept.take(old) is None
    assert len(list((own_storage / "kept").iterdir())) == 1


def test_bytes_on_file_are_pointed_out_by_name(browser: Client) -> None:
    send(browser, scans.pdf())
    first = Paper.objects.get()

    page = send(browser, scans.pdf(), title="Again")

    assert f"This file is already in the register as {first}, filed" in said(page)
    assert Paper.objects.count() == 1


def test_particulars_are_corrected_without_touching_the_scan(browser: Client) -> None:
    send(browser, scans.pdf())
    paper = Paper.objects.get()
    address = reverse("admin:documents_paper_change", args=[paper.pk])
    page = browser.get(address)
    version = re.search(r'name="row_version" value="(\d+)"', page.content.decode())
    assert version

    browser.post(address, {**EMPTY, "title": "Ordinance ORD-18-1868", "row_version": version[1]})

    paper.refresh_from_db()
    assert paper.title == "Ordinance ORD-18-1868"
    assert paper.content() == scans.pdf()


def test_an_issued_paper_has_no_form(browser: Client, manager: User) -> None:
    paper = services.issue(
        title="Certificate", pdf=scans.pdf(), template="pdf/letter.html", as_on=date(2026, 5, 1), user=manager
    )
    address = reverse("admin:documents_paper_change", args=[paper.pk])

    page = browser.get(address).content.decode()

    assert 'name="title"' not in page
    assert paper.sha256 in page
    assert browser.post(address, {**EMPTY, "title": "Forged"}).status_code == 403


SEARCHES = ["ordinance", "P-{number:06d}", "p-{number}", "P{number}", "{sha256}", "scan.pdf"]


@pytest.mark.parametrize("search", SEARCHES)
def test_a_paper_is_found_by_what_people_remember(search: str, browser: Client) -> None:
    send(browser, scans.pdf())
    paper = Paper.objects.get()

    found = browser.get("/documents/paper/", {"q": search.format(number=paper.number, sha256=paper.sha256)})

    assert paper.reference in said(found)


@pytest.mark.parametrize("search", ["nothing", "P-999999999999999999999", "'; DROP TABLE x; --"])
def test_a_search_that_finds_nothing_says_so(search: str, browser: Client) -> None:
    send(browser, scans.pdf())

    page = browser.get("/documents/paper/", {"q": search})

    assert page.status_code == 200
    assert Paper.objects.get().reference not in said(page)


# --- Scans of other records -------------------------------------------------------------------------------------------


class CertificateForm(AttachesScans):
    """A certificate of insurance with its scan."""

    scan_upload = ScanField(label="Scan of the certificate", required=False)
    uploads = {"scan_upload": "scan"}

    class Meta:
        model = InsuranceCertificate
        fields = ["agency", "coverage", "carrier", "from_on", "until_on"]


@pytest.fixture
def fill(manager: User) -> Any:
    """Fills in a certificate's form, as the System Manager unless somebody else is named."""
    elmwood = Agency.objects.create(name="Elmwood Police Department", kind="municipal")

    def filling(content: bytes, user: User = manager, **typed: str) -> CertificateForm:
        data = {"agency": elmwood.pk, "coverage": "auto", "carrier": "Mutual", **typed}
        data = {"from_on": "2026-01-01", "until_on": "2027-01-01", **data}
        form = CertificateForm(data, {"scan_upload": scans.upload(content)})
        form.user = user
        return form

    return filling


def saved(form: CertificateForm) -> InsuranceCertificate:
    """The record of a form without faults."""
    assert form.is_valid(), form.errors
    certificate: InsuranceCertificate = form.save()
    return certificate


def test_a_record_is_saved_with_its_scan(fill: Any, manager: User) -> None:
    certificate = saved(fill(scans.pdf()))

    assert certificate.scan.title == "Scan of the certificate: Automobile liability, Elmwood Police Department"
    assert certificate.scan.history.get().history_user == manager


def test_a_record_that_is_not_saved_files_no_scan(fill: Any) -> None:
    form = fill(scans.pdf(), until_on="2025-01-01")

    assert not form.is_valid()
    assert not Paper.objects.exists()


def test_a_scan_on_file_is_attached_and_said_to_be(fill: Any, manager: User) -> None:
    on_file = services.file_scan(uploaded=scans.upload(scans.pdf()), title="Certificate", user=manager)
    form = fill(scans.pdf())

    assert saved(form).scan == on_file
    assert form.said == [services.said_of_duplicate(on_file)]


def test_a_scan_filed_where_one_may_not_look_is_refused_at_its_field(
    fill: Any, manager: User, representative: User
) -> None:
    services.file_scan(uploaded=scans.upload(scans.pdf()), title="Of another agency", user=manager)
    form = fill(scans.pdf(), user=representative)

    assert list(form.errors) == ["scan_upload"]
    assert "among papers you may not open" in form.errors["scan_upload"][0]


def test_the_scan_stays_chosen_when_somebody_else_saved_the_record_first(fill: Any) -> None:
    certificate = saved(fill(scans.pdf()))
    opened_with = str(certificate.version)
    certificate.carrier = "Other"
    certificate.save()
    data = {**fill(scans.pdf()).data, "carrier": "Mine", "row_version": opened_with}

    form = CertificateForm(data, {"scan_upload": scans.upload(scans.pdf(2))}, instance=certificate)
    form.user = User.objects.get(username="manager")

    assert not form.is_valid()
    assert "Somebody else saved" in str(form.errors)
    assert "Choose the file again" not in str(form.errors)
    assert "is kept. Choose another file only to replace it." in str(form["scan_upload"])
