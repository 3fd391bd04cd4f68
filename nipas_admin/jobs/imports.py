"""Import of a large table outside the request: checked and written in one go, all of it or nothing."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from threading import Thread
from uuid import uuid4

from django.apps import apps
from django.contrib.admin import site
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest
from django.urls import reverse

from nipas_admin.jobs import services
from nipas_admin.jobs.handlers import JobFailed, Progress, Result, Work, handler, step
from nipas_admin.jobs.models import Job
from nipas_admin.shared import tables
from nipas_admin.shared.transfer import Transfer

KIND = "import"
TOLD = 100
ROWS_BETWEEN = 100


def start_import(screen: Transfer, request: HttpRequest, name: str, data: bytes) -> str:
    """Ask for the import of a file. Returns the address of the page that shows how far it is."""
    options = screen.opts
    job = services.start(
        KIND,
        title=f"Import {options.verbose_name_plural} from {name}",
        user=request.user,
        model=options.label_lower,
        name=name,
        file=default_storage.save(f"imports/{uuid4().hex}", ContentFile(data)),
    )
    return reverse("admin:jobs_job_change", args=[job.pk])


@handler(KIND)
def import_table(job: Job) -> Work:
    """Import the file as the person who asked for it may; nothing is written unless every row is good."""
    asked = job.parameters
    screen = site.get_model_admin(apps.get_model(asked["model"]))
    request = HttpRequest()
    request.user = job.requested_by
    if not isinstance(screen, Transfer) or not screen.has_import_permission(request):
        raise JobFailed("You may no longer import these records. Ask an administrator.")
    with default_storage.open(asked["file"]) as file:
        table = tables.read(BytesIO(file.read()), file.size)
    yield Progress(0, len(table.lines), "Checking and writing every row")
    said = step(job, KIND, partial(_take, job, screen, request, table))
    yield Progress(len(table.lines), len(table.lines), said)
    return Result(
        name="imported.txt",
        content=ContentFile(f"{job.title}: {said}\n".encode()),
        remarks=said,
        tidy=partial(default_storage.delete, asked["file"]),
    )


def _take(job: Job, screen: Transfer, request: HttpRequest, table: tables.Table) -> str:
    resource = screen.get_resource(request)
    resource.on_row = partial(_count, job, len(table.lines))
    outcome = resource.take(table, dry_run=False, user=request.user, source=job.parameters["name"])
    if not outcome.good:
        told = [str(problem) for problem in outcome.problems[:TOLD]]
        more = len(outcome.problems) - len(told)
        raise JobFailed("\n".join(["Nothing was imported.", *told, *([f"And {more} more."] if more else [])]))
    return screen.log_import(request, job.parameters["name"], outcome)


def _count(job: Job, total: int) -> None:
    """One row more. Rows are written in one transaction, so that how far it is must be said beside it.

    SQLite lets nobody else write meanwhile: there it is said before and after.
    """
    job.done += 1
    if job.done % ROWS_BETWEEN == 0 and connection.vendor == "postgresql":
        teller = Thread(target=_tell, args=(job, job.done, total))
        teller.start()
        teller.join()


def _tell(job: Job, done: int, total: int) -> None:
    try:
        Job.objects.filter(pk=job.pk, attempt=job.attempt).update(done=done, total=total)
    finally:
        connection.close()
