"""What a worker does: run a job, and look after the jobs of other workers."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from types import FrameType

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_tasks import task

from nipas_admin.jobs.handlers import JobFailed, Progress, Result, handler_of
from nipas_admin.jobs.models import SILENCE, Job, JobQuerySet

SIGN_OF_LIFE_EVERY = 5.0
SHOW_PROGRESS_EVERY = 0.5
MOST_INTERRUPTIONS = 1

log = logging.getLogger(__name__)


INTERRUPTED_AGAIN = (
    "The worker was ended from outside twice, perhaps for lack of memory. What was done is kept. "
    "Continue the work to do the rest; if it stops again, do it in smaller parts."
)
UNEXPECTED = (
    "Something unexpected stopped the work ({kind}); the details are in the server's log. "
    "What was done is kept. Continue the work, or show this to whoever looks after the server."
)


class NotOurs(Exception):
    """The job was canceled, or another worker took it up."""


@task()
def run(job_id: int, attempt: int) -> None:
    """Do the job, if this attempt at it is still wanted."""
    job = _claim(job_id, attempt, timezone.now())
    if job is None:
        return
    _look_after(job_id, attempt)
    try:
        with _signs_of_life(job), _told_to_stop() as told:
            result = _drive(job, told)
        _finish(job, result)
    except NotOurs:
        return
    except (JobFailed, ValidationError) as refusal:
        said = "\n".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
        _give_up(job, said)
    except (KeyboardInterrupt, SystemExit):
        _hand_back(job)
        raise
    except Exception as error:
        log.exception("Job %s (%s) failed", job.pk, job.kind)
        _give_up(job, UNEXPECTED.format(kind=type(error).__name__))


@task()
def look_after(job_id: int, attempt: int) -> None:
    """See that the worker of a job is alive, and look again later while the job runs."""
    if rescue(job_id, attempt, timezone.now()):
        _look_after(job_id, attempt)


def rescue(job_id: int, attempt: int, moment: datetime) -> bool:
    """If the worker of this attempt is dead, leave the job to another; after a second time, give it up in words.

    Returns True while the attempt runs and should be looked after.
    """
    silent = Job.objects.filter(pk=job_id, attempt=attempt).silent_since(moment - SILENCE)
    with transaction.atomic():
        if wait_again(silent.filter(interruptions__lt=MOST_INTERRUPTIONS), interruptions=F("interruptions") + 1):
            enqueue(job_id)
            return False
        silent.update(state=Job.State.FAILED, finished_at=moment, error=INTERRUPTED_AGAIN)
    return Job.objects.filter(pk=job_id, attempt=attempt, state=Job.State.RUNNING).exists()


def wait_again(jobs: JobQuerySet, **changes: object) -> int:
    """Make these jobs wait for a new attempt. Returns how many there were."""
    return jobs.update(state=Job.State.WAITING, attempt=F("attempt") + 1, error="", finished_at=None, **changes)


def enqueue(job_id: int) -> None:
    """Let a worker take up the job's present attempt."""
    run.enqueue(job_id, Job.objects.values_list("attempt", flat=True).get(pk=job_id))


def _look_after(job_id: int, attempt: int) -> None:
    if look_after.get_backend().supports_defer:
        look_after.using(run_after=timezone.now() + SILENCE).enqueue(job_id, attempt)


def _claim(job_id: int, attempt: int, moment: datetime) -> Job | None:
    wanted = Job.objects.filter(pk=job_id, attempt=attempt, state=Job.State.WAITING)
    claimed = wanted.update(
        state=Job.State.RUNNING, started_at=Coalesce("started_at", moment), heartbeat_at=moment, message=""
    )
    return Job.objects.get(pk=job_id) if claimed else None


def _drive(job: Job, told_to_stop: threading.Event) -> Result | None:
    """Let the handler work, showing its progress, until it is through.

    Raises NotOurs when the job is no longer this worker's, SystemExit when the worker itself was told to stop.
    """
    work = handler_of(job.kind)(job)
    shown_at = 0.0
    try:
        while True:
            progress = next(work)
            if time.monotonic() - shown_at > SHOW_PROGRESS_EVERY or progress.done == progress.total:
                _show(job, progress)
                shown_at = time.monotonic()
            if told_to_stop.is_set():
                raise SystemExit
    except StopIteration as end:
        result: Result | None = end.value
        return result
    finally:
        work.close()


def _show(job: Job, progress: Progress) -> None:
    job.done, job.total = progress.done, progress.total
    _update(job, done=progress.done, total=progress.total, message=progress.message[:200], heartbeat_at=timezone.now())


def _finish(job: Job, result: Result | None) -> None:
    if result is not None:
        with result.content:
            job.result.save(result.name, result.content, save=False)
    remarks = result.remarks if result else ""
    _update(
        job, state=Job.State.DONE, finished_at=timezone.now(), result=job.result.name or "", message="", error=remarks
    )
    if result is not None:
        result.tidy()


def _give_up(job: Job, error: str) -> None:
    _mine(job).update(state=Job.State.FAILED, finished_at=timezone.now(), error=error)


def _hand_back(job: Job) -> None:
    """The worker was told to stop: leave the job to the next one."""
    if wait_again(_mine(job)):
        enqueue(job.pk)


def _mine(job: Job) -> JobQuerySet:
    """The job while it is this worker's; nothing once it was canceled or another took it up."""
    return Job.objects.filter(pk=job.pk, attempt=job.attempt, state=Job.State.RUNNING)


def _update(job: Job, **changes: object) -> None:
    """Write to the job while it is this worker's. Raises NotOurs when it no longer is."""
    if not _mine(job).update(**changes):
        raise NotOurs


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """Set when the worker gets the signal to stop: it need not see a long job through, the next one takes it up."""
    told = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield told
        return
    before = signal.getsignal(signal.SIGTERM)

    def note(number: int, frame: FrameType | None) -> None:
        told.set()
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGTERM, note)
    try:
        yield told
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


@contextmanager
def _signs_of_life(job: Job) -> Iterator[None]:
    """Tell the register every few seconds that this worker lives, however long one part of the work takes."""
    ended = threading.Event()

    def tell() -> None:
        while not ended.wait(SIGN_OF_LIFE_EVERY):
            try:
                _update(job, heartbeat_at=timezone.now())
            except NotOurs:
                return
            except DatabaseError:
                log.warning("Job %s could not give a sign of life", job.pk)
            finally:
                connection.close()

    teller = threading.Thread(target=tell, name=f"job-{job.pk}", daemon=True)
    teller.start()
    try:
        yield
    finally:
        ended.set()
        teller.join(timeout=1)
