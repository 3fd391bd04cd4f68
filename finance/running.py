"""Invoice runs outside the request: the work that makes the invoices of a confirmed run, and how far it is."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from finance.models import InvoiceRun
from finance.services import carry_out_run
from nipas_admin.jobs import services as jobs
from nipas_admin.jobs.handlers import JobFailed, Progress, Work, handler
from nipas_admin.jobs.models import Job

KIND = "finance.invoice_run"


def start_run(run: InvoiceRun, user: Any) -> Job:
    """The work that makes what is not made yet of the run; it begins when the transaction is committed."""
    return jobs.start(KIND, title=str(run), user=user, run=run.pk)


def work_on(run: InvoiceRun) -> Job | None:
    """The latest work on the run; None where nobody asked for any."""
    return Job.objects.filter(kind=KIND, parameters__run=run.pk).first()


@handler(KIND)
def make_invoices(job: Job) -> Work:
    """Make them, a chunk at a time; each chunk is there whole or not at all, and none is made twice."""
    run = InvoiceRun.objects.filter(pk=job.parameters["run"]).first()
    if run is None:
        raise JobFailed("This invoice run is no longer in the register.")
    for done, whole in carry_out_run(run, timezone.now()):  # noqa: TID251 - a job reads the clock
        yield Progress(done, whole, "Invoices made")
    return None
