"""Workers that are killed, or told to stop, in the midst of their work: the next one goes on, each part once."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.database import DATABASES

ROOT = Path(__file__).parents[2]
PARTS = [f"part-{number}" for number in range(12)]
PATIENCE = 60

Run = Callable[..., subprocess.Popen[bytes]]


@dataclass(frozen=True)
class Database:
    """A database for one test: its address, and a way to look into it from outside."""

    url: str
    connect: Callable[[], Any]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the query finds."""
        with closing(self.connect()) as connected:
            return list(connected.execute(query).fetchall())

    def state(self) -> dict[str, Any]:
        """Where the work stands."""
        ((state, attempt, done, total),) = self.rows("SELECT state, attempt, done, total FROM jobs_job")
        users = self.rows("SELECT username FROM accounts_user WHERE username <> 'asker' ORDER BY id")
        return {"state": state, "attempt": attempt, "done": done, "total": total, "users": [name for (name,) in users]}


@pytest.fixture
def database(migrated: str, tmp_path: Path) -> Iterator[Database]:
    """A migrated database of the kind that the tests run on."""
    if connection.vendor == "sqlite":
        file = tmp_path / "register.sqlite3"
        DATABASES.copy(migrated, into=str(file))
        yield Database(f"sqlite:///{file}", lambda: sqlite3.connect(file, timeout=30))
        return
    server = settings.DATABASES["default"]
    where = {"user": server["USER"], "password": server["PASSWORD"], "host": server["HOST"] or "localhost"}
    where["port"] = str(server["PORT"] or 5432)
    name = f"killed_worker_{os.getpid()}"
    # Quoted, because a host may be the folder of a socket.
    quoted = {part: quote(value, safe="") for part, value in where.items()}
    url = "postgres://{user}:{password}@{host}:{port}/".format(**quoted) + name
    DATABASES.copy(migrated, into=name)
    yield Database(url, lambda: psycopg.connect(dbname=name, **where))
    DATABASES.drop(name)


@pytest.fixture
def run(database: Database, tmp_path: Path) -> Iterator[Run]:
    """Starts a process on that database; whatever still runs at the end is ended."""
    environment = {
        **os.environ,
        "DATABASE_URL": database.url,
        "NIPAS_VAR_DIR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "nipas_admin.settings",
    }
    started: list[subprocess.Popen[bytes]] = []

    def start(*command: str, **options: Any) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, **options)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def finish(process: subprocess.Popen[bytes]) -> None:
    """Wait for the process. It must end well."""
    assert process.wait(timeout=PATIENCE) == 0


def until(happened: Callable[[], bool]) -> None:
    """Wait until it has happened. Fails after a minute."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)


@pytest.mark.django_db
def test_work_of_a_worker_that_ends_is_finished_by_the_next_each_part_once(
    run: Run, database: Database, tmp_path: Path
) -> None:
    watched = tmp_path / "watched"
    watched.touch()
    finish(run("manage.py", "migrate", "-v0"))
    finish(run("-m", "tests.jobs.worker", "ask", str(watched)))

    first = run("-m", "tests.jobs.worker", "work")
    until(lambda: watched.read_text().count("\n") >= 3)
    first.kill()
    first.wait()

    abandoned = database.state()
    assert abandoned["state"] == "running"
    assert 2 <= len(abandoned["users"]) < len(PARTS)

    # The control: a worker that takes only what is due at this moment finds nothing, and the work stays unfinished.
    finish(run("-c", CONTROL))
    assert database.state() == abandoned

    second = run("-m", "tests.jobs.worker", "work")
    until(lambda: watched.read_text().count("\n") >= 7)
    second.terminate()
    finish(second)

    handed_back = database.state()
    assert (handed_back["state"], handed_back["attempt"]) == ("waiting", 3)
    assert len(abandoned["users"]) < len(handed_back["users"]) < len(PARTS)

    third = run("-m", "tests.jobs.worker", "work")
    until(lambda: database.state()["state"] == "done")
    third.terminate()
    finish(third)

    assert database.state() == {"state": "done", "attempt": 3, "done": 12, "total": 12, "users": PARTS}
    # The part under way when the first worker was killed was begun twice; the database holds it once.
    begun = watched.read_text().split()
    assert set(begun) == set(PARTS)
    assert len(begun) <= len(PARTS) + 1


# Without those who look after it, nobody takes up the work of a dead worker.
CONTROL = """
from tests.jobs import worker
from django_tasks_db.models import DBTaskResult
from django.core.management import call_command
left = DBTaskResult.objects.filter(task_path__endswith="look_after")
kept = list(left.values())
assert len(kept) == 1, kept
left.delete()
call_command("db_worker", reload=False, startup_delay=False, interval=0, verbosity=0, batch=True)
DBTaskResult.objects.bulk_create([DBTaskResult(**row) for row in kept])
"""
