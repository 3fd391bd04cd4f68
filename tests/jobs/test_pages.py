"""The pages of running work: figures that move by themselves, and acts for the person who asked."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nipas_admin.accounts.models import User
from nipas_admin.accounts.roles import AGENCY_REPRESENTATIVE, SYSTEM_MANAGER
from nipas_admin.jobs.models import Job

MOMENT = datetime(2026, 5, 1, 12, tzinfo=ZoneInfo("America/Chicago"))


def job(asker: User, state: str = "running", **known: Any) -> Job:
    """Work of this person in this state."""
    known = {"heartbeat_at": datetime(2999, 1, 1, tzinfo=ZoneInfo("UTC")), "started_at": MOMENT, **known}
    return Job.objects.create(
        kind="test", title="Print 105 agreements", requested_by=asker, state=state, fingerprint=token_hex(32), **known
    )


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(work: Job, query: str = "") -> str:
    return reverse("admin:jobs_job_change", args=[work.pk]) + query


def said(page: Any) -> str:
    """The page as one reads it."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


@pytest.fixture
def office(db: None) -> User:
    """The System Manager, who sees all work and asked for none."""
    user = User.objects.create_user("office", is_staff=True)
    user.groups.add(Group.objects.get(name=SYSTEM_MANAGER))
    return user


def test_the_page_shows_how_far_the_work_is_and_looks_again_by_itself(asker: User) -> None:
    page = browser(asker).get(page_of(job(asker, done=12, total=105, message="Elmwood")))

    assert "12 of 105 done: Elmwood." in said(page)
    assert re.search(r'<progress[^>]*max="105"[^>]*value="12"[^>]*>11%</progress>', page.content.decode())
    assert page["Refresh"] == "2"
    assert "<script" not in page.content.decode().split("</head>")[1]


STATES = {
    "waiting": ({}, "Waiting for a worker."),
    "running": ({}, "Begun . You may close this page"),
    "done": ({"finished_at": MOMENT, "done": 3, "total": 3}, "Done: 3 of 3, 1 May 2026"),
    "failed": ({"finished_at": MOMENT, "error": "Foxfield has no address."}, "Foxfield has no address."),
    "cancelled": ({"finished_at": MOMENT, "done": 2, "total": 3}, "2 of 3 done."),
}


@pytest.mark.parametrize(("state", "known", "words"), [(s, *k) for s, k in STATES.items()], ids=STATES)
def test_every_state_is_told_in_words(state: str, known: dict[str, Any], words: str, asker: User) -> None:
    page = browser(asker).get(page_of(job(asker, state, **known)))

    assert words.replace(" .", ".") in said(page).replace(" .", ".")
    assert ("Refresh" in page) == (state in {"waiting", "running"})


def test_a_silent_worker_is_admitted(asker: User) -> None:
    page = said(browser(asker).get(page_of(job(asker, heartbeat_at=MOMENT))))

    assert "Interrupted: the worker has given no sign of life since 12:00:00 PM." in page
    assert "continues by itself when a worker is free" in page


def test_looking_again_can_be_stopped(asker: User) -> None:
    work = job(asker)

    page = browser(asker).get(page_of(work, "?paused=1"))

    assert "Refresh" not in page
    assert "Look again" in said(page)


def test_others_of_the_office_see_the_work_but_cannot_touch_it(asker: User, office: User) -> None:
    work = job(asker)
    work.result.save("papers.zip", ContentFile(b"PK"))
    client = browser(office)

    assert "Print 105 agreements" in said(client.get(reverse("admin:jobs_job_changelist")))
    page = client.get(page_of(work))
    assert page.status_code == 200
    assert "Cancel the work" not in said(page)
    assert "Download the result" not in said(page)
    assert client.post(reverse("admin:jobs_job_cancel", args=[work.pk])).status_code == 403
    assert client.get(reverse("admin:jobs_job_result", args=[work.pk])).status_code == 403
    work.refresh_from_db()
    assert work.state == "running"


def test_a_representative_sees_its_own_work_only(asker: User) -> None:
    representative = User.objects.create_user("representative", is_staff=True)
    representative.groups.add(Group.objects.get(name=AGENCY_REPRESENTATIVE))
    own, other = job(representative), job(asker, done=1)
    client = browser(representative)

    assert client.get(page_of(own)).status_code == 200
    assert client.get(page_of(other)).status_code == 403
    assert client.get(page_of(Job(pk=999_999))).status_code == 403  # as if there were none
    assert client.get(reverse("admin:jobs_job_result", args=[other.pk])).status_code == 404
    assert client.get(reverse("admin:jobs_job_changelist")).status_code == 403


def test_the_person_who_asked_cancels_and_continues(asker: User, by_a_worker: None) -> None:
    work = job(asker)
    client = browser(asker)

    page = client.post(reverse("admin:jobs_job_cancel", args=[work.pk]), follow=True)
    assert "Canceled. What was done is kept." in said(page)
    again = client.post(reverse("admin:jobs_job_cancel", args=[work.pk]), follow=True)
    assert "already ended" in said(again)
    page = client.post(reverse("admin:jobs_job_continue", args=[work.pk]), follow=True)
    assert "The work goes on where it stopped." in said(page)

    work.refresh_from_db()
    assert (work.state, work.attempt) == ("waiting", 2)


@pytest.mark.parametrize("act", ["cancel", "continue"])
def test_acts_are_not_done_by_following_a_link(act: str, asker: User) -> None:
    work = job(asker)

    assert browser(asker).get(reverse(f"admin:jobs_job_{act}", args=[work.pk])).status_code == 405
    work.refresh_from_db()
    assert work.state == "running"


def test_the_result_is_saved_as_what_it_is(asker: User) -> None:
    work = job(asker, "done")
    work.result.save("papers.zip", ContentFile(b"PK\x03\x04"))

    answer = browser(asker).get(reverse("admin:jobs_job_result", args=[work.pk]))

    assert b"".join(answer.streaming_content) == b"PK\x03\x04"  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="papers.zip"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_work_without_a_result_has_none_to_take(asker: User) -> None:
    assert browser(asker).get(reverse("admin:jobs_job_result", args=[job(asker, "done").pk])).status_code == 404


def test_nobody_adds_changes_or_deletes_work_by_hand(db: None) -> None:
    chief = User.objects.create_superuser("chief")
    work = job(chief)
    client = browser(chief)

    assert client.get("/jobs/job/add/").status_code == 403
    assert client.post(page_of(work), {"title": "Other"}).status_code in {200, 403}
    assert client.post(reverse("admin:jobs_job_delete", args=[work.pk]), {"post": "yes"}).status_code == 403
    work.refresh_from_db()
    assert work.title == "Print 105 agreements"


def test_the_list_asks_as_often_for_many_as_for_one(asker: User, office: User) -> None:
    client = browser(office)
    counts = []
    for so_many in (1, 20):
        for number in range(so_many):
            job(asker, "done", done=number, total=100 + so_many)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("admin:jobs_job_changelist"))
        counts.append(len(asked))

    assert counts[0] == counts[1]
