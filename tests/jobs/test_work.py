"""Work is done once, in parts that stay done; it says how far it is and what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from nipas_admin.accounts.models import User
from nipas_admin.jobs import services, tasks
from nipas_admin.jobs.handlers import JobFailed, Progress, Result, Work, each, handler
from nipas_admin.jobs.models import SILENCE, Job

NOON = datetime(2026, 5, 1, 12, tzinfo=ZoneInfo("America/Chicago"))
Counting = Callable[..., list[str]]


@pytest.fixture
def counting() -> Counting:
    """A kind of work that acts on the names it is given; what it acted on is in the list it returns."""

    def register(fail_at: str = "") -> list[str]:
        acted_on: list[str] = []

        def act(name: str) -> None:
            if name == fail_at:
                raise JobFailed(f"{name} has no address.")
            acted_on.append(name)

        @handler("test.counting")
        def count(job: Job) -> Work:
            yield from each(job, job.parameters["names"], key=str, act=act)
            return Result("names.txt", ContentFile(b"done"))

        return acted_on

    return register


def start(asker: User, *names: str) -> Job:
    return services.start("test.counting", title="Count the agencies", user=asker, names=list(names))


def test_work_done_shows_its_figures_and_its_result(at_once: None, asker: User, counting: Counting) -> None:
    acted_on = counting()

    job = start(asker, "Elmwood", "Foxfield", "Glen")

    assert acted_on == ["Elmwood", "Foxfield", "Glen"]
    assert (job.state, job.progress, job.percent, job.error) == ("done", "3 of 3", 100, "")
    assert job.result.name == f"jobs/{job.pk}/names.txt"
    assert job.started_at is not None
    assert job.finished_at is not None
    assert job.started_at <= job.finished_at


def test_work_that_cannot_be_done_says_why_and_goes_on_where_it_stopped(
    at_once: None, asker: User, counting: Counting
) -> None:
    first = counting(fail_at="Foxfield")
    job = start(asker, "Elmwood", "Foxfield", "Glen")
    assert (job.state, job.error) == ("failed", "Foxfield has no address.")

    second = counting()
    services.carry_on(job)

    job.refresh_from_db()
    assert (job.state, job.progress, job.error) == ("done", "3 of 3", "")
    assert (first, second) == (["Elmwood"], ["Foxfield", "Glen"])


FAULTS: dict[str, tuple[Exception, str]] = {
    "a refusal in words": (
        ValidationError("No members are active on 1 May 2026."),
        "No members are active on 1 May 2026.",
    ),
    "a fault of ours": (
        ZeroDivisionError("division by zero"),
        "Something unexpected stopped the work (ZeroDivisionError)",
    ),
}


@pytest.mark.parametrize(("fault", "words"), FAULTS.values(), ids=FAULTS)
def test_every_fault_is_told_in_words(
    fault: Exception, words: str, at_once: None, asker: User, caplog: pytest.LogCaptureFixture
) -> None:
    @handler("test.faulty")
    def fail(job: Job) -> Work:
        yield Progress(0, 1)
        raise fault

    job = services.start("test.faulty", title="Fail", user=asker)

    assert job.state == "failed"
    assert job.error.startswith(words)
    assert "division" not in job.error
    assert ("division by zero" in caplog.text) == isinstance(fault, ZeroDivisionError)


def test_work_that_nobody_knows_any_more_says_so(at_once: None, asker: User) -> None:
    job = services.start("test.forgotten", title="Old work", user=asker)

    assert (job.state, job.error) == (
        "failed",
        "The register no longer knows how to do this work (test.forgotten). Start it anew.",
    )


def test_a_part_that_fails_keeps_nothing_of_what_it_wrote(at_once: None, asker: User) -> None:
    def act(name: str) -> None:
        User.objects.create_user(name)
        if name == "second":
            raise JobFailed("stop")

    @handler("test.writing")
    def write(job: Job) -> Work:
        yield from each(job, ["first", "second"], key=str, act=act)
        return None

    job = services.start("test.writing", title="Write", user=asker)

    assert set(User.objects.values_list("username", flat=True)) == {"asker", "first"}
    assert list(job.steps.values_list("key", flat=True)) == ["first"]


def test_two_handlers_for_one_kind_of_work_are_refused() -> None:
    def another(job: Job) -> Work:
        yield Progress(0)
        return None

    handler("test.twice")(another)
    with pytest.raises(ValueError, match="is already done by"):
        handler("test.twice")(lambda job: another(job))


# --- With a worker ---------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker would close the connection that holds the test's transaction."""
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)


def work() -> None:
    """One worker, until nothing waits that is due."""
    call_command("db_worker", batch=True, startup_delay=False, reload=False, verbosity=0, interval=0)


def test_work_waits_for_a_worker_and_is_done_by_it(by_a_worker: None, asker: User, counting: Counting) -> None:
    acted_on = counting()

    job = start(asker, "Elmwood", "Foxfield")
    assert (job.state, acted_on) == ("waiting", [])
    work()

    job.refresh_from_db()
    assert (job.state, job.progress) == ("done", "2 of 2")
    assert acted_on == ["Elmwood", "Foxfield"]


def test_asking_twice_for_the_same_work_starts_it_once(by_a_worker: None, asker: User, counting: Counting) -> None:
    acted_on = counting()
    other = User.objects.create_user("other", is_staff=True)

    first, again = start(asker, "Elmwood"), start(asker, "Elmwood")
    different, of_another = start(asker, "Foxfield"), start(other, "Elmwood")

    assert first == again
    assert len({first, different, of_another}) == 3
    work()
    assert sorted(acted_on) == ["Elmwood", "Elmwood", "Foxfield"]
    assert start(asker, "Elmwood") != first  # it is done: asking again is new work


def test_canceled_before_it_began_it_never_begins(by_a_worker: None, asker: User, counting: Counting) -> None:
    acted_on = counting()
    job = start(asker, "Elmwood")

    services.cancel(job)
    work()

    job.refresh_from_db()
    assert (job.state, acted_on) == ("cancelled", [])
    with pytest.raises(ValidationError, match="already ended"):
        services.cancel(job)


def test_canceled_under_way_it_stops_before_the_next_part_and_can_go_on(
    by_a_worker: None, asker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "SHOW_PROGRESS_EVERY", 0)
    acted_on: list[str] = []

    def act(name: str) -> None:
        acted_on.append(name)
        if name == "Foxfield" and len(acted_on) == 2:
            services.cancel(Job.objects.get())

    @handler("test.counting")
    def count(job: Job) -> Work:
        yield from each(job, job.parameters["names"], key=str, act=act)
        return None

    job = start(asker, "Elmwood", "Foxfield", "Glen")
    work()
    job.refresh_from_db()
    assert (job.state, acted_on) == ("cancelled", ["Elmwood", "Foxfield"])

    services.carry_on(job)
    work()
    job.refresh_from_db()
    assert (job.state, acted_on) == ("done", ["Elmwood", "Foxfield", "Glen"])


def test_work_cannot_be_continued_beside_its_own_double(by_a_worker: None, asker: User, counting: Counting) -> None:
    counting()
    job = start(asker, "Elmwood")
    with pytest.raises(ValidationError, match="Only work that failed or was canceled"):
        services.carry_on(job)
    services.cancel(job)
    start(asker, "Elmwood")

    with pytest.raises(ValidationError, match="started anew and is under way"):
        services.carry_on(job)


def test_a_worker_told_to_stop_leaves_the_work_to_the_next(by_a_worker: None, asker: User) -> None:
    acted_on: list[str] = []
    told: list[bool] = []

    def act(name: str) -> None:
        if name == "Foxfield" and not told:
            told.append(True)
            raise SystemExit(1)
        acted_on.append(name)

    @handler("test.counting")
    def count(job: Job) -> Work:
        yield from each(job, job.parameters["names"], key=str, act=act)
        return None

    job = start(asker, "Elmwood", "Foxfield")
    work()
    work()

    job.refresh_from_db()
    assert (job.state, job.attempt, job.interruptions) == ("done", 2, 0)
    assert acted_on == ["Elmwood", "Foxfield"]


# --- A worker that died ----------------------------------------------------------------------------------


@pytest.fixture
def abandoned(by_a_worker: None, asker: User, counting: Counting) -> Job:
    """Work whose worker was last heard of at noon."""
    counting()
    job = start(asker, "Elmwood")
    DBTaskResult.objects.all().delete()
    Job.objects.filter(pk=job.pk).update(state="running", heartbeat_at=NOON)
    job.refresh_from_db()
    return job


@pytest.mark.parametrize(
    ("after", "silent"),
    [(timedelta(0), False), (SILENCE, False), (SILENCE + timedelta(seconds=1), True), (timedelta(days=3), True)],
    ids=["at once", "at the limit", "a second later", "days later"],
)
def test_a_worker_is_taken_for_dead_after_its_silence_and_no_sooner(
    after: timedelta, silent: bool, abandoned: Job
) -> None:
    assert abandoned.is_silent(NOON + after) is silent

    looked_after = tasks.rescue(abandoned.pk, abandoned.attempt, NOON + after)

    abandoned.refresh_from_db()
    assert looked_after is not silent
    assert abandoned.state == ("waiting" if silent else "running")
    assert DBTaskResult.objects.count() == (1 if silent else 0)


def test_abandoned_work_is_taken_up_once_and_then_given_up_in_words(abandoned: Job) -> None:
    late = NOON + timedelta(minutes=5)
    tasks.rescue(abandoned.pk, 1, late)
    Job.objects.update(state="running", heartbeat_at=NOON)
    tasks.rescue(abandoned.pk, 2, late)

    abandoned.refresh_from_db()
    assert (abandoned.state, abandoned.error) == ("failed", tasks.INTERRUPTED_AGAIN)
    services.carry_on(abandoned)
    work()
    abandoned.refresh_from_db()
    assert abandoned.state == "done"


def test_a_worker_that_was_only_slow_finds_that_the_work_is_no_longer_its_own(
    by_a_worker: None, asker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "SHOW_PROGRESS_EVERY", 0)
    acted_on: list[str] = []

    def act(name: str) -> None:
        acted_on.append(name)
        if len(acted_on) == 1:  # it sleeps here; meanwhile it is taken for dead and another does everything
            Job.objects.update(heartbeat_at=NOON)
            tasks.rescue(job.pk, 1, NOON + timedelta(minutes=5))

    @handler("test.counting")
    def count(job: Job) -> Work:
        yield from each(job, job.parameters["names"], key=str, act=act)
        return None

    job = start(asker, "Elmwood", "Foxfield")
    work()

    job.refresh_from_db()
    assert (job.state, job.attempt, job.interruptions) == ("done", 2, 1)
    assert acted_on == ["Elmwood", "Foxfield"]


def test_looking_after_goes_on_while_the_work_runs(abandoned: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    Job.objects.update(heartbeat_at=datetime(2999, 1, 1, tzinfo=ZoneInfo("UTC")))

    tasks.look_after.func(abandoned.pk, 1)

    (again,) = DBTaskResult.objects.all()
    assert again.task_name == "look_after"
    assert again.run_after > NOON


def test_a_long_part_gives_signs_of_life(asker: User, at_once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    signs: list[Any] = []
    monkeypatch.setattr(tasks, "SIGN_OF_LIFE_EVERY", 0.01)
    monkeypatch.setattr(tasks, "_update", lambda job, **changes: signs.append(changes))
    job = Job(pk=1, title="Long", requested_by=asker)

    with tasks._signs_of_life(job):
        import time

        while len(signs) < 3:
            time.sleep(0.01)

    assert all("heartbeat_at" in sign for sign in signs)
