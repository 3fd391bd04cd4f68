"""Asking for long work, canceling it, continuing it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import Truncator

from nipas_admin.jobs import tasks
from nipas_admin.jobs.models import Job


@transaction.atomic
def start(kind: str, *, title: str, user: Any, **parameters: Any) -> Job:
    """The work, asked for; or the same work of the same person that already waits or runs.

    ``parameters`` is what JSON can carry. The work begins when a worker is free, after the transaction is committed.
    """
    said = json.dumps([kind, user.pk, parameters], sort_keys=True)
    job = Job(
        kind=kind,
        title=Truncator(title).chars(200),
        requested_by=user,
        parameters=parameters,
        fingerprint=hashlib.sha256(said.encode()).hexdigest(),
    )
    try:
        with transaction.atomic():
            job.save()
    except IntegrityError:
        return Job.objects.unfinished().get(fingerprint=job.fingerprint)
    tasks.enqueue(job.pk)
    job.refresh_from_db()
    return job


def cancel(job: Job) -> None:
    """Stop the work before its next part; the parts that are done are kept. Raises ValidationError if it has ended."""
    stopped = Job.objects.unfinished().filter(pk=job.pk).update(state=Job.State.CANCELLED, finished_at=timezone.now())
    if not stopped:
        raise ValidationError("This work has already ended; there is nothing to cancel.")


@transaction.atomic
def carry_on(job: Job) -> None:
    """Take up failed or canceled work where it stopped. Raises ValidationError when it has not stopped."""
    ended = Job.objects.filter(pk=job.pk, state__in=[Job.State.FAILED, Job.State.CANCELLED])
    try:
        with transaction.atomic():
            again = tasks.wait_again(ended, interruptions=0)
    except IntegrityError:
        raise ValidationError("The same work has been started anew and is under way.") from None
    if not again:
        raise ValidationError("Only work that failed or was canceled can be continued.")
    tasks.enqueue(job.pk)
