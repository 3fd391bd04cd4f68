"""The demonstration register, loaded once for each file of tests that reads it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from membership.demo.load import load
from membership.demo.places import places
from membership.models import Agency

KEYS = {place.key: place.name for place in places()}
TODAY = date(2026, 12, 1)


def day(text):
    return date.fromisoformat(text)


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demonstration, loaded once for all tests of a file, which only read it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load()
        transaction.set_rollback(True)


@pytest.fixture
def agency(demo, db):
    """Finds an agency by the short name that the stories use."""
    return lambda key: Agency.objects.get(name=KEYS[key])
