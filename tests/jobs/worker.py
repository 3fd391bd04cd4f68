"""A worker in a process of its own, to be killed: ``python -m tests.jobs.worker ask|work``.

It works on the database that DATABASE_URL names. Its one kind of work writes a line per part, slowly.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nipas_admin.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from nipas_admin.accounts.models import User  # noqa: E402
from nipas_admin.jobs import models, services, tasks  # noqa: E402
from nipas_admin.jobs.handlers import Work, each, handler  # noqa: E402
from nipas_admin.jobs.models import Job  # noqa: E402

# Death is noticed after a second here, so that the test need not wait for half a minute.
tasks.SILENCE = models.SILENCE = timedelta(seconds=1)
tasks.SIGN_OF_LIFE_EVERY = 0.2
tasks.SHOW_PROGRESS_EVERY = 0


@handler("test.slow")
def slow(job: Job) -> Work:
    """Note each part, in the database and, to be watched, in a file."""

    def act(name: str) -> None:
        User.objects.create_user(name)
        with Path(job.parameters["watched"]).open("a") as watched:
            watched.write(f"{name}\n")
        time.sleep(0.3)

    yield from each(job, job.parameters["names"], key=str, act=act)
    return None


def main(what: str, watched: str = "") -> None:
    """Ask for the work, or do what waits."""
    if what == "ask":
        asker = User.objects.create_user("asker")
        names = [f"part-{number}" for number in range(12)]
        services.start("test.slow", title="Slow", user=asker, names=names, watched=watched)
    else:
        call_command("db_worker", reload=False, startup_delay=False, interval=0.1, verbosity=0)


if __name__ == "__main__":
    main(*sys.argv[1:])
