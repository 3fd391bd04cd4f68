"""``manage.py prepare``: everything the register needs before it serves; a second run changes nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Bring the database and the static files up to date, and give an empty register someone and something."""

    help = "Migrates, collects static files, and fills an empty local register with the demonstration register."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run each step; every one of them finds nothing to do the second time."""
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        self.collect_static_files()
        call_command("create_first_administrator", stdout=self.stdout)
        if settings.LOAD_DEMO and not apps.get_model("membership", "Agency")._default_manager.exists():
            self.stdout.write("The register is empty: loading the demonstration register.")
            call_command("load_demo", stdout=self.stdout)

    def collect_static_files(self) -> None:
        """Collect and compress the static files, which takes seconds, only when one of them has changed."""
        note = Path(settings.STATIC_ROOT) / "collected-from"
        fingerprint = fingerprint_of_static_files()
        if not note.exists() or note.read_text() != fingerprint:
            call_command("collectstatic", verbosity=0, interactive=False)
            note.write_text(fingerprint)


def fingerprint_of_static_files() -> str:
    """A digest of every static file's name, size and time of change, and of how they are stored."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
            about = Path(storage.path(name)).stat()
            digest.update(f"{name}:{about.st_size}:{about.st_mtime_ns}\n".encode())
    return digest.hexdigest()
