"""``manage.py verify_register``: does the register still hold what the rules and the papers give?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from documents.models import Paper
from documents.scans import sha256_of
from membership.verification import Drift, Verified, drift_of_dates, drift_of_other_rooms
from nipas_admin.shared import triggers


class Command(BaseCommand):
    """Compute every stored legal date, outcome and SHA-256 again; report what drifted; exit status 1 if any did."""

    help = (
        "Computes every stored legal date, the outcome of every vote and the SHA-256 of every paper again, and looks "
        "for overlapping stints and terms of office and for missing guards of history. Reports what drifted, line by "
        "line, and then exits with status 1. A remark is no drift."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """``--json``."""
        parser.add_argument("--json", action="store_true", help="The report as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and report. Raises CommandError when anything drifted."""
        verified: dict[str, int] = {}
        found: list[Drift] = []
        for name, count, drift in checks():
            verified[name] = count
            found += drift
        drifted = [drift for drift in found if not drift.remark]
        remarks = [drift for drift in found if drift.remark]
        if options["json"]:
            report = {
                "in_order": not drifted,
                "verified": verified,
                "drift": [drift.as_dict() for drift in drifted],
                "remarks": [remark.as_dict() for remark in remarks],
            }
            self.stdout.write(json.dumps(report, indent=2, ensure_ascii=False))
        else:
            self.stdout.writelines(f"{drift}\n" for drift in drifted)
            self.stdout.writelines(f"Remark: {remark}\n" for remark in remarks)
            self.stdout.write(f"Verified: {', '.join(f'{name} {count:,}' for name, count in verified.items())}.")
        if drifted:
            things = "1 thing" if len(drifted) == 1 else f"{len(drifted):,} things"
            raise CommandError(f"The register has drifted in {things}. Look at the history of each record named above.")
        if not options["json"]:
            self.stdout.write("Everything is in order.")


def checks() -> Iterator[Verified]:
    """Each kind of thing verified: its name in the plural, how many there are, and what drifted."""
    yield from drift_of_dates()
    yield from drift_of_other_rooms()
    papers = Paper.objects.order_by("pk")
    yield "papers", papers.count(), [drift for paper in papers.iterator() for drift in drift_of_bytes(paper)]
    missing = triggers.missing_triggers()
    guards = [
        Drift("database", None, f"The database's guard {name}", "it is not there", "manage.py migrate puts it back")
        for name in missing
    ]
    yield "tables guarded", len(triggers.all_append_only()), guards


def drift_of_bytes(paper: Paper) -> Iterator[Drift]:
    """What is wrong with the stored file of a paper: gone, or no longer the bytes that were filed."""

    def drift(stored: str, computed: str) -> Drift:
        return Drift("documents.paper", paper.pk, str(paper), stored, computed)

    try:
        with paper.file.open("rb") as stored:
            found = sha256_of(stored)
    except (OSError, ValueError) as error:
        yield drift(f"its file {paper.file.name or '(none)'} cannot be read", f"{error}")
        return
    if found != paper.sha256:
        yield drift(f"its SHA-256 was filed as {paper.sha256}", f"the stored file gives {found}")
