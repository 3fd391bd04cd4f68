"""``manage.py document_rules``: writes docs/rules.md from the rules themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from nipas_admin.rulebook import rulebook


class Command(BaseCommand):
    """Write docs/rules.md, or say whether it still tells the truth."""

    help = "Writes docs/rules.md: clause, function, tests. With --check it only says whether the file is up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--check``: write nothing."""
        parser.add_argument("--check", action="store_true", help="Write nothing; fail when the file is out of date.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or compare. Raises CommandError when ``--check`` finds the file out of date."""
        path = Path(settings.BASE_DIR) / "docs" / "rules.md"
        written = path.read_text(encoding="utf-8") if path.exists() else ""
        current = rulebook()
        if written == current:
            self.stdout.write("docs/rules.md is up to date.")
        elif options["check"]:
            raise CommandError("docs/rules.md is out of date. Run: python manage.py document_rules")
        else:
            path.write_text(current, encoding="utf-8")
            self.stdout.write("Wrote docs/rules.md.")
