"""Lets the test suite empty its own database between tests, which the product's triggers rightly refuse.

The product has no way around its triggers. Only here, where tests that need real transactions flush the tables, are
they dropped first; the flush ends like a migrate, which puts them back.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import TransactionTestCase

from nipas_admin.shared import triggers


def drop_all_triggers(alias: str = "default") -> None:
    """Drop every append-only trigger of this database."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        for name, table in triggers._standing(connection).items():
            on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
            cursor.execute(f'DROP TRIGGER "{name}"{on}')


@pytest.fixture(autouse=True, scope="session")
def flush_without_triggers() -> Iterator[None]:
    """Drop the triggers before each flush; ``post_migrate`` after it creates them again.

    Tests that ask for ``serialized_rollback`` have the first rows written again before they begin: the same for those.
    """
    fill, flush = TransactionTestCase._fixture_setup.__func__, TransactionTestCase._fixture_teardown

    def setup(case: Any) -> None:
        if case.serialized_rollback:
            drop_all_triggers()
        fill(case)
        if case.serialized_rollback:
            triggers.create_missing()

    def teardown(case: Any) -> None:
        drop_all_triggers()
        flush(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_setup", classmethod(setup))
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield
