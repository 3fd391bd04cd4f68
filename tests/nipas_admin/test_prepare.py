"""What a start does to a new register, and that a second start does nothing."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from pytest_django import Settings

from nipas_admin.management.commands import prepare


@pytest.fixture
def static_root(settings: Settings, tmp_path: Path) -> Path:
    """Where the static files of a register without demonstration are collected: a new folder."""
    settings.LOAD_DEMO = False
    settings.STATIC_ROOT = tmp_path / "static"
    return tmp_path / "static"


def said_by(command: str) -> str:
    """What a command writes."""
    said = StringIO()
    call_command(command, stdout=said)
    return said.getvalue()


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that has a model."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_models(include_auto_created=True)
    }


@pytest.mark.django_db
def test_a_second_start_changes_nothing(static_root: Path) -> None:
    said_by("prepare")
    before = everything()
    files = {path: path.stat().st_mtime_ns for path in static_root.rglob("*")}
    assert said_by("prepare") == ""
    assert everything() == before
    assert {path: path.stat().st_mtime_ns for path in static_root.rglob("*")} == files


@pytest.mark.django_db
def test_the_first_administrator_can_sign_in_with_the_password_that_is_shown() -> None:
    said = said_by("create_first_administrator")
    password = said.split("password")[1].split()[0]
    administrator = get_user_model().objects.get()
    assert (administrator.username, administrator.is_superuser, administrator.is_staff) == ("admin", True, True)
    assert administrator.check_password(password)
    assert len(password) == 20


@pytest.mark.django_db
def test_where_somebody_can_sign_in_no_administrator_is_made() -> None:
    get_user_model().objects.create_user(username="secretary")
    assert said_by("create_first_administrator") == ""
    assert list(get_user_model().objects.values_list("username", flat=True)) == ["secretary"]


@pytest.mark.parametrize(
    ("wanted", "agencies", "loaded"),
    [
        pytest.param(True, False, True, id="an empty register gets the demonstration"),
        pytest.param(True, True, False, id="a register with agencies is left alone"),
        pytest.param(False, False, False, id="nobody asked for a demonstration"),
    ],
)
def test_the_demonstration_is_only_for_an_empty_register(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, wanted: bool, agencies: bool, loaded: bool
) -> None:
    ran: list[str] = []
    agency = apps.get_model("membership", "Agency")
    settings.LOAD_DEMO = wanted
    monkeypatch.setattr(prepare, "call_command", lambda name, **options: ran.append(name))
    monkeypatch.setattr(prepare.Command, "collect_static_files", lambda self: None)
    monkeypatch.setattr(agency._default_manager.__class__, "exists", lambda self: agencies)
    call_command("prepare", stdout=StringIO())
    assert ("load_demo" in ran) is loaded
    assert ran[0] == "migrate"


def test_a_changed_static_file_is_collected_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    style = tmp_path / "style.css"
    style.write_text("a {}")
    finder = next(iter(get_finders()))
    monkeypatch.setattr(finder, "list", lambda ignored: [("style.css", FileSystemStorage(tmp_path))])
    monkeypatch.setattr(prepare, "get_finders", lambda: [finder])
    before = prepare.fingerprint_of_static_files()
    assert prepare.fingerprint_of_static_files() == before
    style.write_text("a { }")
    assert prepare.fingerprint_of_static_files() != before
