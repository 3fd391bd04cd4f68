"""What every test stands on. Days are fixed everywhere; nothing here reads a clock."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("register", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("register")

# --- What cannot differ by database. ----------------------------------------------------------------------------------

ASKS_FOR_A_DATABASE = {"db", "transactional_db", "django_db_setup"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as ``once`` each test that asks for no database."""
    for item in items:
        asked = ASKS_FOR_A_DATABASE.intersection(getattr(item, "fixturenames", ()))
        if not asked and item.get_closest_marker("django_db") is None:
            item.add_marker("once")


# --- The database, and the demonstration register in it. --------------------------------------------------------------

from tests.database import django_db_setup, migrated  # noqa: E402, F401
from tests.demonstration import demo, load_demonstration  # noqa: E402, F401

# --- Several people at once. ------------------------------------------------------------------------------------------
from tests.races import meet, unguarded  # noqa: E402, F401
