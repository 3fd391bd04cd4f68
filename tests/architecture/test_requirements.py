"""The locks name what pyproject.toml asks for, each with its hashes, and nothing of the machine they were made on."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
RUNNING = [Requirement(line) for line in PROJECT["dependencies"]]
TESTING = [Requirement(line) for line in PROJECT["optional-dependencies"]["dev"]]


def locked(name: str) -> dict[str, str]:
    """Version per package in a lock."""
    found = re.findall(r"^([\w.-]+)==([^\s;]+)", (CHECKOUT / name).read_text(), flags=re.MULTILINE)
    return {canonicalize_name(package): version for package, version in found}


@pytest.mark.parametrize(
    ("lock", "asked"), [("requirements.lock", RUNNING), ("requirements-dev.lock", [*RUNNING, *TESTING])]
)
def test_each_lock_satisfies_what_is_asked(lock: str, asked: list[Requirement]) -> None:
    versions = locked(lock)
    wrong = [
        str(requirement)
        for requirement in asked
        if not requirement.specifier.contains(versions.get(canonicalize_name(requirement.name), "0.dev0"))
    ]
    assert wrong == []


def test_tests_run_on_the_very_versions_that_serve() -> None:
    running, testing = locked("requirements.lock"), locked("requirements-dev.lock")
    assert {name: testing.get(name) for name in running} == running


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_carries_a_hash_and_no_address(lock: str) -> None:
    text = (CHECKOUT / lock).read_text()
    entries = re.split(r"\n(?=[\w])", text.strip())
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text
