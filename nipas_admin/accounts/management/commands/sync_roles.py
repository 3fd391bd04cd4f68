"""manage.py sync_roles"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from nipas_admin.accounts.sync import sync_roles


class Command(BaseCommand):
    """Make each role hold exactly what the code grants, no more and no less."""

    help = "Make each role hold exactly what the code grants. Runs by itself after every migrate."

    def handle(self, *args: Any, **options: Any) -> None:
        """Sync, and say what changed."""
        for synced in sync_roles():
            self.stdout.write(str(synced))
