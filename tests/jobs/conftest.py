"""Jobs of each test run at once, in the test's own process, unless it says otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nipas_admin.accounts.models import User
from nipas_admin.jobs import handlers


@pytest.fixture(autouse=True)
def own_storage(settings: Any, tmp_path: Path) -> Path:
    """The storage, empty."""
    folder = tmp_path / "papers"
    local = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    settings.STORAGES = {**settings.STORAGES, "default": local}
    return folder


@pytest.fixture(autouse=True)
def own_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kinds of work that a test registers are forgotten after it."""
    monkeypatch.setattr(handlers, "_handlers", dict(handlers._handlers))


@pytest.fixture
def at_once(settings: Any) -> None:
    """Work is done the moment it is asked for."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def by_a_worker(settings: Any) -> None:
    """Work waits in the database for a worker."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def asker(db: None) -> User:
    """Somebody who asks for work."""
    return User.objects.create_user("asker", password="x", is_staff=True)
