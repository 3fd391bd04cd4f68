"""Import a folder of tables, in the order of their file names: all of them or nothing."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from membership import resources, tables
from nipas_admin.shared.resources import Outcome, RecordResource
from nipas_admin.shared.tables import Unreadable, read

TABLES: dict[str, type[RecordResource]] = {
    "agreement-versions": resources.AgreementVersionResource,
    "agencies": resources.AgencyResource,
    "officials": resources.OfficialResource,
    "approvals": resources.ApprovalResource,
    "executions": resources.ExecutionResource,
    "participations": resources.ParticipationResource,
    "specialized-teams": resources.SpecializedTeamResource,
    "team-participations": resources.TeamParticipationResource,
    "insurance-certificates": resources.InsuranceCertificateResource,
}


def names() -> list[str]:
    """What a file of the folder may be called, those of the rooms above last."""
    return [*TABLES, *tables.names()]


class Command(BaseCommand):
    """``manage.py load_example examples/nipas-2018``: what the admin's import would do with the same files."""

    help = (
        "Imports a folder of CSV or XLSX files, named for what they hold and numbered in the order to import them: "
        f"{', '.join(names())}. All of them or nothing; a second time changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which folder."""
        parser.add_argument("folder", type=Path, help="the folder, for example examples/nipas-2018")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Import every table of the folder. Raises CommandError, and writes nothing, when one is not good."""
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        files = sorted(file for file in folder.iterdir() if file.suffix.lower() in (".csv", ".xlsx"))
        if not files:
            raise CommandError(f"{folder} holds no CSV or XLSX file.")
        with transaction.atomic():
            for file in files:
                said = self._take(file)
                self.stdout.write(f"{file.name}: {said.new} new, {said.changed} changed, {said.same} as they were")

    def _take(self, file: Path) -> Outcome:
        name = re.sub(r"^\d+[-_ ]*", "", file.stem.lower())
        if name not in names():
            raise CommandError(f"{file.name}: nothing of this name is imported. The names are: {', '.join(names())}.")
        resource = TABLES[name] if name in TABLES else tables.resource_of(name)
        try:
            with file.open("rb") as stream:
                table = read(stream, file.stat().st_size)
        except Unreadable as refusal:
            raise CommandError(f"{file.name}: {' '.join(refusal.messages)} Nothing was imported.") from refusal
        outcome = resource().take(table, dry_run=False, source=file.name)
        if outcome.problems:
            problems = "\n".join(f"  {problem}" for problem in outcome.problems)
            raise CommandError(f"{file.name} is not good; nothing was imported.\n{problems}")
        return outcome
