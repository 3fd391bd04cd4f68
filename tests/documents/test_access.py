"""Who may open which paper, and how its bytes are given out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from documents import access, services
from documents.models import Paper
from membership.models import Agency, InsuranceCertificate, Representative
from membership.models.agencies import agencies_of
from nipas_admin.accounts.models import User
from nipas_admin.shared import scope
from tests.documents import scans


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Certificates of insurance own papers, and nothing else does."""
    monkeypatch.setattr(access, "_owners", [])
    monkeypatch.setattr(scope, "_provider", [agencies_of])
    access.register_owner(InsuranceCertificate, "scan", agency="agency")
    return


@pytest.fixture
def elmwood(representative: User) -> Agency:
    """The agency that the representative signs in for."""
    agency = Agency.objects.create(name="Elmwood Police Department", kind="municipal")
    Representative.objects.create(user=representative, agency=agency)
    return agency


@pytest.fixture
def foxfield(db: None) -> Agency:
    """Another agency."""
    return Agency.objects.create(name="Foxfield Police Department", kind="municipal")


def certificate_of(agency: Agency, user: User) -> Paper:
    """A certificate of insurance with its scan, on file."""
    paper = services.file_scan(
        uploaded=scans.upload(scans.pdf(note=agency.name)), title=f"Certificate of {agency}", user=user
    )
    InsuranceCertificate.objects.create(
        agency=agency, coverage="auto", from_on=date(2026, 1, 1), until_on=date(2027, 1, 1), scan=paper
    )
    return paper


def get(user: User, paper: Paper, query: str = "") -> Any:
    """What this person is answered when asking for the bytes."""
    client = Client()
    client.force_login(user)
    return client.get(reverse("admin:documents_paper_file", args=[paper.pk]) + query)


def body_of(response: Any) -> bytes:
    """The bytes of a streamed answer; the test client closes it at their end."""
    return b"".join(response.streaming_content)


def test_a_representative_opens_the_papers_of_its_own_agency_only(
    elmwood: Agency, foxfield: Agency, representative: User, manager: User
) -> None:
    own, other = certificate_of(elmwood, manager), certificate_of(foxfield, manager)
    loose = services.file_scan(uploaded=scans.upload(scans.pdf(note="loose")), title="Loose", user=manager)

    assert list(access.papers_visible_to(representative)) == [own]
    assert body_of(get(representative, own)) == own.content()
    for paper in (other, loose):
        assert get(representative, paper).status_code == 404
        assert get(representative, paper, "?inline=1").status_code == 404


def test_a_paper_whose_owner_nobody_registered_stays_closed(
    elmwood: Agency, representative: User, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = certificate_of(elmwood, manager)
    monkeypatch.setattr(access, "_owners", [])

    assert get(representative, paper).status_code == 404


def test_those_who_work_for_the_body_open_every_paper_their_role_lets_them(
    elmwood: Agency, manager: User, telecommunicator: User
) -> None:
    paper = certificate_of(elmwood, manager)

    assert body_of(get(manager, paper)) == paper.content()
    assert get(telecommunicator, paper).status_code == 404


def test_a_visitor_is_asked_to_sign_in(elmwood: Agency, manager: User) -> None:
    answer = Client().get(reverse("admin:documents_paper_file", args=[certificate_of(elmwood, manager).pk]))

    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_lists_pages_and_histories_keep_to_the_same_bounds(
    elmwood: Agency, foxfield: Agency, representative: User, manager: User
) -> None:
    own, other = certificate_of(elmwood, manager), certificate_of(foxfield, manager)
    client = Client()
    client.force_login(representative)

    listed = client.get(reverse("admin:documents_paper_changelist")).content.decode()

    assert own.title in listed
    assert other.title not in listed
    assert client.get(reverse("admin:documents_paper_change", args=[own.pk])).status_code == 200
    for page in ("change", "history"):
        assert client.get(reverse(f"admin:documents_paper_{page}", args=[other.pk])).status_code == 302


@pytest.mark.parametrize("query", ["", "?inline=1"])
def test_bytes_are_given_out_as_what_they_are_and_cannot_act(query: str, elmwood: Agency, manager: User) -> None:
    paper = certificate_of(elmwood, manager)

    answer = get(manager, paper, query)

    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"].startswith("private, no-store")
    kind, name = answer["Content-Disposition"].split("; ")
    assert kind == ("inline" if query else "attachment")
    assert name == f'filename="{paper.reference}_Certificate_of_Elmwood_Police_Department.pdf"'
    body_of(answer)


def test_a_title_never_breaks_out_of_the_header(manager: User) -> None:
    title = 'x"; filename="evil.html"\r\nSet-Cookie: a=b'
    paper = services.file_scan(uploaded=scans.upload(scans.pdf()), title=title, user=manager)

    answer = get(manager, paper)

    assert answer["Content-Disposition"] == f'attachment; filename="{paper.download_name}"'
    assert not set('"\r\n;/') & set(paper.download_name)
    assert paper.download_name.endswith(".pdf")
    body_of(answer)


def test_a_tiff_is_only_saved_because_browsers_cannot_show_it(manager: User) -> None:
    paper = services.file_scan(uploaded=scans.upload(scans.picture("TIFF")), title="Fax", user=manager)

    answer = get(manager, paper, "?inline=1")

    assert answer["Content-Disposition"].startswith("attachment")
    body_of(answer)


def test_missing_bytes_are_said_on_the_papers_page(elmwood: Agency, manager: User) -> None:
    paper = certificate_of(elmwood, manager)
    paper.file.storage.delete(paper.file.name)
    client = Client()
    client.force_login(manager)

    page = client.get(reverse("admin:documents_paper_file", args=[paper.pk]), follow=True).content.decode()

    assert "is missing from storage. Restore it from a backup." in page


def test_uploading_what_another_agency_filed_tells_nothing_and_opens_nothing(
    elmwood: Agency, foxfield: Agency, representative: User, manager: User
) -> None:
    paper = certificate_of(foxfield, manager)

    with pytest.raises(ValidationError, match="among papers you may not open") as refusal:
        services.file_scan(uploaded=scans.upload(paper.content()), title="Mine", user=representative)

    assert "Foxfield" not in refusal.value.message
    assert get(representative, paper).status_code == 404


def test_the_papers_no_record_points_to_can_be_found(elmwood: Agency, manager: User) -> None:
    certificate_of(elmwood, manager)
    loose = services.file_scan(uploaded=scans.upload(scans.pdf(note="loose")), title="Loose", user=manager)

    assert list(Paper.objects.unattached()) == [loose]
