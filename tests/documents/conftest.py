"""Papers of each test lie in a folder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group

from nipas_admin.accounts.models import User
from nipas_admin.accounts.roles import AGENCY_REPRESENTATIVE, SYSTEM_MANAGER, TELECOMMUNICATOR


@pytest.fixture(autouse=True)
def own_storage(settings: Any, tmp_path: Path) -> Path:
    """The storage, empty."""
    folder = tmp_path / "papers"
    local = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    settings.STORAGES = {**settings.STORAGES, "default": local}
    return folder


def person(name: str, role: str) -> User:
    """Somebody who signs in with this role."""
    user = User.objects.create_user(name, password="a password for tests", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def manager(db: None) -> User:
    """The System Manager."""
    return person("manager", SYSTEM_MANAGER)


@pytest.fixture
def representative(db: None) -> User:
    """An Agency Representative."""
    return person("representative", AGENCY_REPRESENTATIVE)


@pytest.fixture
def telecommunicator(db: None) -> User:
    """A Telecommunicator, who has no business with papers."""
    return person("telecommunicator", TELECOMMUNICATOR)
