"""The database that tests start from: migrated once, kept until a migration changes, copied for each process of a run.

What is kept is the work of the migrations alone. What follows each migrate (permissions, roles, the triggers that guard
history) is done anew in every process. A test that commits gets the database back as it was, as a copy too: emptying
the tables would have to get past those triggers, and the product has no way past them.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState
from django.test import TransactionTestCase
from django.test.utils import setup_databases, teardown_databases

CHECKOUT = Path(__file__).resolve().parent.parent


class Databases(Protocol):
    """Where databases are: each has a name, and can be had again under another."""

    def known(self, family: str) -> set[str]:
        """The names that begin with this."""

    def make(self, name: str) -> None:
        """Make an empty one."""

    def copy(self, name: str, into: str) -> None:
        """Copy one that nobody uses, over what is there."""

    def rename(self, name: str, into: str) -> None:
        """Give one that nobody uses another name."""

    def drop(self, name: str) -> None:
        """Do away with one, whoever uses it."""


class Files:
    """On SQLite a database is a file."""

    def known(self, family: str) -> set[str]:
        folder = Path(family).parent
        return {str(path) for path in folder.iterdir() if str(path).startswith(family)}

    def make(self, name: str) -> None:
        Path(name).touch()

    def copy(self, name: str, into: str) -> None:
        shutil.copyfile(name, f"{into}.draft")
        self.rename(f"{into}.draft", into)

    def rename(self, name: str, into: str) -> None:
        Path(name).replace(into)

    def drop(self, name: str) -> None:
        Path(name).unlink(missing_ok=True)


class Server:
    """On PostgreSQL a database is the server's."""

    def known(self, family: str) -> set[str]:
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [family])
            return {name for (name,) in cursor.fetchall()}

    def make(self, name: str) -> None:
        self.say(f'CREATE DATABASE "{name}"')

    def copy(self, name: str, into: str) -> None:
        self.drop(into)
        self.say(f'CREATE DATABASE "{into}" TEMPLATE "{name}"')

    def rename(self, name: str, into: str) -> None:
        self.say(f'ALTER DATABASE "{name}" RENAME TO "{into}"')

    def drop(self, name: str) -> None:
        self.say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def say(self, statement: str) -> None:
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)


DATABASES: Databases = Files() if connection.vendor == "sqlite" else Server()


def digest_of_migrations() -> str:
    """Names the migrations as they stand, ours and those of the packages."""
    files = [CHECKOUT / "requirements-dev.lock", *CHECKOUT.glob("[a-z]*/**/migrations/*.py")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(files))).hexdigest()[:12]


def add_model(state: ProjectState, model: ModelState) -> None:
    """What Django does for a new model, but for building every model related to it anew."""
    key = model.app_label, model.name_lower
    state.models[key] = model
    if state._relations is not None:
        state.resolve_model_relations(key)
    if "apps" in vars(state):
        state.apps.render_multiple([model])


def append_option(state: ProjectState, app_label: str, model_name: str, option: str, added: object) -> None:
    """What Django does for a new constraint or index, but for building the model and its neighbors anew."""
    options = state.models[app_label, model_name].options
    options[option] = [*options[option], added]
    if "apps" in vars(state):
        setattr(state.apps.get_model(app_label, model_name)._meta, option, options[option])


def migrate(name: str) -> None:
    """Run the migrations, and nothing else, on the database of this name.

    They make the same tables as in use, in a fifth of the time: most of it goes into models built again and again.
    """
    settings = connection.settings_dict
    usual, settings["NAME"] = settings["NAME"], name
    connection.close()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ProjectState, "add_model", add_model)
            patch.setattr(ProjectState, "_append_option", append_option)
            executor = MigrationExecutor(connection)
            executor.migrate(executor.loader.graph.leaf_nodes())
    finally:
        connection.close()
        settings["NAME"] = usual


@contextmanager
def one_at_a_time(file: Path) -> Iterator[None]:
    """Holds up the other processes that would make this file."""
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def migrated(pytestconfig: pytest.Config, django_test_environment: None, django_db_blocker: Any) -> str:
    """The name of a database that is migrated and empty, to be copied and never used."""
    folder = pytestconfig.cache.mkdir("databases")
    name = str(connection.settings_dict["NAME"])
    family = str(folder / "migrated-") if connection.vendor == "sqlite" else f"{name}-migrated-"
    migrated, draft = family + digest_of_migrations(), f"{family}draft"
    with django_db_blocker.unblock(), one_at_a_time(folder / connection.vendor):
        known = DATABASES.known(family)
        if migrated not in known:
            for old in known:
                DATABASES.drop(old)
            DATABASES.make(draft)
            migrate(draft)
            DATABASES.rename(draft, migrated)
    return migrated


@pytest.fixture(scope="session")
def django_db_setup(django_db_modify_db_settings: None, migrated: str, django_db_blocker: Any) -> Iterator[None]:
    """The tests' own database, in place of pytest-django's fixture, which migrates in every process of every run."""
    name = connection.creation._get_test_db_name()
    untouched = f"{name}-untouched"

    def as_it_was(case: TransactionTestCase) -> None:
        connection.close()
        DATABASES.copy(untouched, into=name)

    with django_db_blocker.unblock():
        DATABASES.copy(migrated, into=name)
        made = setup_databases(verbosity=0, interactive=False, keepdb=True, serialized_aliases=set())
        connection.close()
        DATABASES.copy(name, into=untouched)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", as_it_was)
        yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)
        DATABASES.drop(untouched)
