"""The demonstration register for every test that reads it: loaded once in a run, then put in place row by row.

Loading takes many seconds, because every record passes all its checks. What it writes is taken down once, by whichever
process of the run needs it first, and written again as rows. That the loading itself does what it should is asked in
the tests of ``load_demo``.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from unittest import mock

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from tests.database import one_at_a_time

LOADED_AT = datetime(2026, 11, 22, 12, tzinfo=UTC)

Rows = dict[str, list[tuple[Any, ...]]]


def tables() -> list[type[Model]]:
    """One model for each table of the database."""
    kinds = apps.get_models(include_auto_created=True)
    return [*{kind._meta.db_table: kind for kind in kinds if kind._meta.managed and not kind._meta.proxy}.values()]


def columns(kind: type[Model]) -> list[str]:
    """The columns of a table, each quoted."""
    return [connection.ops.quote_name(field.column) for field in kind._meta.local_concrete_fields]


def all_rows() -> Rows:
    """What stands in each table, as the database gives it."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for kind in tables():
            cursor.execute(f'SELECT {", ".join(columns(kind))} FROM "{kind._meta.db_table}"')
            found[kind._meta.label] = cursor.fetchall()
    return found


def sweep() -> None:
    """Clear away what was undone: PostgreSQL keeps those rows, and reads past them in all that follows."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")


def take_down() -> Rows:
    """Load the demonstration, see which rows are new or changed, and undo it all."""
    from membership.demo.load import load

    with transaction.atomic(), mock.patch("django.utils.timezone.now", return_value=LOADED_AT):
        before = {label: set(rows) for label, rows in all_rows().items()}
        load()
        after = all_rows()
        transaction.set_rollback(True)
    sweep()
    return {label: new for label, rows in after.items() if (new := [row for row in rows if row not in before[label]])}


def put(rows: Rows) -> None:
    """Write these rows, each over what has its key, and let the database count on from there."""
    kinds = [apps.get_model(label) for label in rows]
    with connection.cursor() as cursor:
        for kind in kinds:
            names, key = columns(kind), connection.ops.quote_name(kind._meta.pk.column)
            values = ", ".join(["%s"] * len(names))
            over = ", ".join(f"{name} = excluded.{name}" for name in names)
            cursor.executemany(
                f'INSERT INTO "{kind._meta.db_table}" ({", ".join(names)}) VALUES ({values}) '
                f"ON CONFLICT ({key}) DO UPDATE SET {over}",
                [[written(value) for value in row] for row in rows[kind._meta.label]],
            )
        for counts_on in connection.ops.sequence_reset_sql(no_style(), kinds):
            cursor.execute(counts_on)
    # PostgreSQL looks at foreign keys at the end; those of all these rows would be looked at after each test anew.
    if connection.vendor == "postgresql":
        connection.check_constraints()


def written(value: Any) -> Any:
    """The value as this database takes it: SQLite keeps days and moments as text."""
    return str(value) if connection.vendor == "sqlite" and isinstance(value, date | time) else value


@pytest.fixture(scope="session")
def load_demonstration(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Callable[[], None]:
    """Puts the demonstration register in place, in the transaction under way; takes a part of a second."""
    folder = tmp_path_factory.getbasetemp()
    file = (folder if worker_id == "master" else folder.parent) / "demonstration.pickle"
    with django_db_blocker.unblock(), one_at_a_time(file):
        if not file.exists():
            file.write_bytes(pickle.dumps(take_down()))
    rows: Rows = pickle.loads(file.read_bytes())
    return lambda: put(rows)


@pytest.fixture(scope="module")
def demo(load_demonstration: Callable[[], None], django_db_blocker: Any) -> Iterator[None]:
    """The demonstration register, put in place once for all tests of a file, which only read it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_demonstration()
        yield
        transaction.set_rollback(True)
