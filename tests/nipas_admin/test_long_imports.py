"""A table too long for a request is imported in the background: all of it or nothing, whatever happens between."""

from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from membership.models import Agency
from nipas_admin.accounts.models import User
from nipas_admin.jobs import imports
from nipas_admin.jobs.models import Job
from nipas_admin.shared import transfer
from tests.nipas_admin.conftest import client_of, text_of

pytestmark = pytest.mark.django_db

IMPORT = "/membership/agency/import/"


@pytest.fixture(autouse=True)
def real_site(settings, monkeypatch, tmp_path):
    """The register's own screens, with work done at once and three rows too many for a request."""
    settings.ROOT_URLCONF = "nipas_admin.urls"
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    local = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": local}
    monkeypatch.setattr(transfer, "AT_ONCE", 2)


@pytest.fixture
def client(superuser):
    return client_of(superuser)


def upload(client, *rows):
    text = "\n".join(["name,kind", *rows])
    return client.post(IMPORT, {"import_file": SimpleUploadedFile("long.csv", text.encode())})


def confirm(client, page):
    token = re.search(r'name="token" value="([^"]+)"', page.content.decode())[1]
    return client.post("/membership/agency/process_import/", {"token": token}, follow=True)


def test_a_long_table_is_looked_into_then_imported_in_the_background(client, superuser):
    page = upload(client, "A,other", "B,other", "C,other")
    assert "This counts the first 2 of 3 rows." in text_of(page)
    assert not Agency.objects.exists()

    answer = confirm(client, page)

    assert answer.request["PATH_INFO"].startswith("/jobs/job/")
    assert "Imported from long.csv: 3 new, 0 changed, 0 as they were." in text_of(answer)
    job = Job.objects.get()
    assert (job.state, job.done, job.total) == (Job.State.DONE, 3, 3)
    assert {agency.history.get().history_user for agency in Agency.objects.all()} == {superuser}
    assert LogEntry.objects.get().user == superuser
    assert not default_storage.exists(job.parameters["file"])


if connection.vendor == "postgresql":

    @pytest.mark.django_db(transaction=True)
    def test_others_see_how_far_it_is_while_nothing_is_written_yet(superuser, monkeypatch):
        seen = []
        say = imports._tell

        def told(job, done, total):
            say(job, done, total)
            seen.append((Job.objects.get().progress, Agency.objects.count()))
            connection.close()

        monkeypatch.setattr(imports, "ROWS_BETWEEN", 1)
        monkeypatch.setattr(imports, "_tell", told)
        file = default_storage.save("table", SimpleUploadedFile("x", b"name,kind\nA,other\nB,other\nC,other\n"))
        asked = {"model": "membership.agency", "name": "long.csv", "file": file}
        for _progress in imports.import_table(Job.objects.create(requested_by=superuser, parameters=asked)):
            pass

        assert seen == [("1 of 3", 0), ("2 of 3", 0), ("3 of 3", 0)]
        assert Agency.objects.count() == 3


def test_a_fault_below_what_was_looked_into_takes_everything_back_and_is_told(client):
    answer = confirm(client, upload(client, "A,other", "B,other", "C,othr", "D,othr"))

    said = text_of(answer)
    assert "Nothing was imported." in said
    assert "Row 4, kind: “othr” is not one of" in said
    assert "Row 5, kind" in said
    assert Job.objects.get().state == Job.State.FAILED
    assert not Agency.objects.exists()


def test_begun_again_after_it_was_done_it_imports_nothing_twice(client):
    confirm(client, upload(client, "A,other", "B,other", "C,other"))
    job = Job.objects.get()
    default_storage.save(job.parameters["file"], SimpleUploadedFile("x", b"name,kind\nA,other\nB,other\nC,other\n"))
    before = Agency.history.count()
    Job.objects.update(state=Job.State.CANCELLED)

    client.post(f"/jobs/job/{job.pk}/continue/")

    assert Job.objects.get().state == Job.State.DONE
    assert Agency.history.count() == before


def test_who_may_no_longer_import_when_the_work_begins_imports_nothing(client, superuser, monkeypatch):
    page = upload(client, "A,other", "B,other", "C,other")
    screen = type(admin.site.get_model_admin(Agency))
    answers = iter([True, False])
    monkeypatch.setattr(screen, "has_import_permission", lambda self, request: next(answers, False))

    answer = confirm(client, page)

    assert "You may no longer import these records" in text_of(answer)
    assert not Agency.objects.exists()
    assert User.objects.count() == 1
