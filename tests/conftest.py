"""What every test stands on. Days are fixed everywhere; nothing here reads a clock."""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import settings

gc.set_threshold(100_000, 20, 20)  # a twentieth of the time went into looking for what nobody uses

settings.register_profile("register", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("register")

# --- What cannot differ by database. ----------------------------------------------------------------------------------

ASKS_FOR_A_DATABASE = {"db", "transactional_db", "django_db_setup"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as ``once`` each test that asks for no database, or for a browser.

    What the server answers is asked on each database, without a browser; what a browser makes of it, on one.
    """
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        of_a_database = asked & ASKS_FOR_A_DATABASE or item.get_closest_marker("django_db")
        if not of_a_database or "browser" in asked:
            item.add_marker("once")


# --- The database, and the demonstration register in it. --------------------------------------------------------------

from tests.database import django_db_setup, migrated  # noqa: E402, F401
from tests.demonstration import demo, load_demonstration  # noqa: E402, F401

# --- Several people at once. ------------------------------------------------------------------------------------------
from tests.races import meet, unguarded  # noqa: E402, F401
