"""Letters sent by e-mail, many in one run: each is issued and filed, then its mail waits in the outbox.

Records that go into one envelope travel in one mail. A run that broke off is taken up where it stopped, and a record
whose letter was queued before is not queued again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from documents.letters import Envelope, LetterKind, issue_letter, kind_of
from documents.mail import outbox
from documents.models import OutgoingMail
from documents.pdf import PressError
from nipas_admin.jobs import services as jobs
from nipas_admin.jobs.handlers import JobFailed, Progress, Result, Work, handler, step
from nipas_admin.jobs.models import Job

KIND = "documents.mailing"
LONGEST = 100
QUEUED, BEFORE = "queued", "queued before"


@dataclass
class Batch:
    """What goes into one envelope."""

    envelope: Envelope
    records: list[Any]

    @property
    def key(self) -> str:
        """What the mail is for: the same records on the same occasion are queued once."""
        records = "+".join(str(record.pk) for record in self.records)
        if len(records) > LONGEST:
            records = hashlib.sha256(records.encode()).hexdigest()
        return f"{self.envelope.occasion}:{records}"


def start_mailing(kind: LetterKind, ids: Sequence[int], day: date, user: Any) -> Job:
    """A job that issues the letter of each record and queues the mails. Raises ValidationError if it is not mailed."""
    if kind.envelope is None:
        raise ValidationError(f"{kind.label} is not sent by e-mail.")
    title = f"E-mail: {kind.label}, {len(ids)} {'paper' if len(ids) == 1 else 'papers'}"
    asked = {"letter": kind.name, "ids": list(dict.fromkeys(ids)), "day": day.isoformat()}
    return jobs.start(KIND, title=title, user=user, **asked)


@handler(KIND)
def mail_letters(job: Job) -> Work:
    """Issue and queue what is not queued yet, then let the outbox send. Who has no address is named."""
    try:
        kind = kind_of(job.parameters["letter"])
    except LookupError as unknown:
        raise JobFailed(str(unknown)) from unknown
    day, user = date.fromisoformat(job.parameters["day"]), job.requested_by
    batches, remarks = _batches(kind, job.parameters["ids"], day, user)
    yield Progress(0, len(batches))
    queued = refused = 0
    for number, batch in enumerate(batches, 1):
        try:
            queued += step(job, batch.key, partial(_queue, kind, batch, day, user)) == QUEUED
        except ValidationError as refusal:
            refused += 1
            remarks.append(f"{batch.envelope.to}: {' '.join(refusal.messages)}")
        except PressError as fault:
            raise JobFailed(str(fault)) from fault
        yield Progress(number, len(batches), batch.envelope.to)
    outbox.start_sending(user=user)
    before = len(batches) - queued - refused
    said = [f"Put into the outbox: {queued}.", *([f"Queued before: {before}."] if before else []), *remarks]
    return Result("what-was-mailed.txt", ContentFile("\n".join(said).encode()), "\n".join(said))


def _queue(kind: LetterKind, batch: Batch, day: date, user: Any) -> str:
    if OutgoingMail.objects.filter(key=batch.key).exists():
        return BEFORE
    papers = [issue_letter(kind, record, day, user) for record in batch.records]
    envelope = batch.envelope
    outbox.queue(key=batch.key, to=envelope.to, subject=envelope.subject, body=envelope.body, papers=papers, user=user)
    return QUEUED


def _batches(kind: LetterKind, ids: Sequence[int], day: date, user: Any) -> tuple[list[Batch], list[str]]:
    """The envelopes in the order of their first record, and why others get none."""
    if kind.envelope is None:
        raise JobFailed(f"{kind.label} is not sent by e-mail.")
    known = {record.pk: record for record in kind.records_for(user).filter(pk__in=ids)}
    batches: dict[tuple[str, str], Batch] = {}
    remarks = []
    for pk in ids:
        if pk not in known:
            remarks.append(f"{kind.label}: one of the records chosen is not among those you may see.")
            continue
        envelope = kind.envelope(known[pk], day)
        if not envelope.to:
            remarks.append(f"{known[pk]}: no e-mail address is known. Print it and send it by mail.")
            continue
        batches.setdefault((envelope.to, envelope.occasion), Batch(envelope, [])).records.append(known[pk])
    return list(batches.values()), remarks
