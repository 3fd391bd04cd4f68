"""Who may know whom: held for imports by import-linter, and here for foreign keys, which it cannot see."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import PROTECT

from nipas_admin.shared.records import Record

CHECKOUT = Path(__file__).resolve().parents[2]
LINTER = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]
LAYERS: list[str] = next(
    c["layers"] for c in LINTER["contracts"] if c["name"] == "Rooms know only the rooms below them"
)


def rooms_of(layer: str) -> list[str]:
    """The app labels of one layer: ``nipas_admin.jobs : nipas_admin.accounts`` is jobs and accounts."""
    return [part.strip("() ").rpartition(".")[2] for part in layer.replace(":", "|").split("|")]


HEIGHT = {room: -depth for depth, layer in enumerate(LAYERS) for room in rooms_of(layer)}
STRANGERS = {room: set(rooms_of(layer)) - {room} for layer in LAYERS if "|" in layer for room in rooms_of(layer)}


def may_know(room: str, other: str) -> bool:
    """May a record of one room point at a record of another? Rooms that are not ours may always be pointed at."""
    if other not in HEIGHT or room == other:
        return True
    return HEIGHT[other] <= HEIGHT[room] and other not in STRANGERS.get(room, set())


@pytest.mark.parametrize(
    ("room", "other", "allowed"),
    [
        ("membership", "documents", True),
        ("membership", "accounts", True),
        ("membership", "membership", True),
        ("membership", "auth", True),
        ("jobs", "accounts", True),
        ("accounts", "jobs", True),
        ("finance", "board", True),
        ("operations", "membership", True),
        ("documents", "membership", False),
        ("accounts", "membership", False),
        ("jobs", "documents", False),
        ("membership", "board", False),
        ("finance", "operations", False),
        ("operations", "finance", False),
    ],
)
def test_a_room_may_know_only_what_lies_below_it(room: str, other: str, allowed: bool) -> None:
    assert may_know(room, other) is allowed


def links() -> Iterator[tuple[str, str, str, str]]:
    """Every stored link from a record of ours: field, room, the record it points at, that record's room."""
    for model in apps.get_models(include_auto_created=True):
        room = model._meta.app_label
        if room in HEIGHT:
            for field in model._meta.get_fields():
                related = field.related_model
                if field.is_relation and not field.auto_created and related and not isinstance(related, str):
                    yield f"{model._meta.label}.{field.name}", room, related._meta.label, related._meta.app_label


def test_no_record_points_at_a_record_of_a_room_above() -> None:
    upward = [f"{field} -> {target}" for field, room, target, other in links() if not may_know(room, other)]
    assert upward == []


def test_the_walk_over_the_records_sees_links_between_rooms() -> None:
    assert {(room, other) for _, room, _, other in links()} >= {
        ("membership", "documents"),
        ("membership", "membership"),
    }


def test_every_room_that_is_installed_has_its_place_in_the_order() -> None:
    ours = {app.label: app.name for app in apps.get_app_configs() if Path(app.path).is_relative_to(CHECKOUT)}
    installed = {label: name for label, name in ours.items() if ".venv" not in apps.get_app_config(label).path}
    assert set(installed) - {"nipas_admin"} <= set(HEIGHT)
    assert {name.partition(".")[0] for name in installed.values()} <= set(LINTER["root_packages"])


def test_the_rules_of_every_room_are_held_to_plain_python() -> None:
    plain = next(c["source_modules"] for c in LINTER["contracts"] if c["name"] == "Rules are plain Python")
    rules = {f"{path.parent.name}.rules" for path in CHECKOUT.glob("*/rules*") if path.suffix in {"", ".py"}}
    assert rules
    assert rules <= set(plain)


def test_imports_keep_to_the_order() -> None:
    result = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout


def test_no_record_vanishes_with_what_it_points_at() -> None:
    deleting = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if issubclass(model, Record)
        for field in model._meta.concrete_fields
        if field.remote_field and field.remote_field.on_delete is not PROTECT
    ]
    assert deleting == []


def test_tests_mirror_the_rooms() -> None:
    rooms = {Path(app.path).name for app in apps.get_app_configs() if Path(app.path).parent == Path(settings.BASE_DIR)}
    assert rooms <= {folder.name for folder in (CHECKOUT / "tests").iterdir()}
