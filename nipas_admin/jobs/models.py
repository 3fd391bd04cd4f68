"""Long work outside the request: what was asked, how far it is, what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import Storage, default_storage
from django.db import models

# A worker says every few seconds that it lives; one silent for this long is taken for dead.
SILENCE = timedelta(seconds=30)


def result_storage() -> Storage:
    """Where results lie: Django's default storage."""
    return default_storage


def result_path(job: Job, name: str) -> str:
    """The stored name of a job's result."""
    return f"jobs/{job.pk}/{name}"


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs."""

    def unfinished(self) -> JobQuerySet:
        """Those that wait or run."""
        return self.filter(state__in=[Job.State.WAITING, Job.State.RUNNING])

    def silent_since(self, moment: datetime) -> JobQuerySet:
        """Those that run in name only: their worker has given no sign of life since the moment."""
        return self.filter(state=Job.State.RUNNING, heartbeat_at__lt=moment)


class Job(models.Model):
    """One piece of work. Its parts that are done stay done, whatever happens to the worker."""

    class State(models.TextChoices):
        """Where the work stands."""

        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Canceled"

    kind = models.CharField(max_length=100, editable=False)
    title = models.CharField("work", max_length=200, editable=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    parameters = models.JSONField(default=dict, editable=False)
    fingerprint = models.CharField(max_length=64, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING, editable=False)
    done = models.PositiveIntegerField(default=0, editable=False)
    total = models.PositiveIntegerField(null=True, editable=False)
    message = models.CharField("now", max_length=200, blank=True, editable=False)
    error = models.TextField("what went wrong", blank=True, editable=False)
    result = models.FileField(storage=result_storage, upload_to=result_path, max_length=200, blank=True, editable=False)
    attempt = models.PositiveIntegerField(default=1, editable=False)
    interruptions = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField("asked", auto_now_add=True)
    started_at = models.DateTimeField("started", null=True, editable=False)
    heartbeat_at = models.DateTimeField("last sign of life", null=True, editable=False)
    finished_at = models.DateTimeField("ended", null=True, editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "piece of work"
        verbose_name_plural = "pieces of work"
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="job_same_work_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_finished(self) -> bool:
        """True when nothing more will happen by itself."""
        return self.state not in (self.State.WAITING, self.State.RUNNING)

    def is_silent(self, moment: datetime) -> bool:
        """True when it should be running and its worker has given no sign of life for ``SILENCE``."""
        silent_since = moment - SILENCE
        return self.state == self.State.RUNNING and self.heartbeat_at is not None and self.heartbeat_at < silent_since

    @property
    def progress(self) -> str:
        """How far it is, in figures: ``12 of 105``; empty before anything is known."""
        if self.total is None:
            return f"{self.done}" if self.done else ""
        return f"{self.done} of {self.total}"

    @property
    def percent(self) -> int | None:
        """Whole percent done; None while the total is unknown."""
        return self.done * 100 // self.total if self.total else None


class JobStep(models.Model):
    """A part of a job that is done, so that it is never done twice. ``result`` says where its outcome lies."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="steps")
    key = models.CharField(max_length=200)
    result = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["job", "key"], name="job_step_once")]

    def __str__(self) -> str:
        return self.key
