"""The import of a thousand agencies against full_clean() and save() on the same rows, and the memory it takes."""

from __future__ import annotations

import csv
import io
import resource
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal

from django.db import transaction

from script.benches.ratio import Ratio, compare

ROWS = 1_000
MOST_MEMORY = 200
COUNTIES = ("Cook", "DuPage", "Kane", "Lake", "McHenry")
HEADINGS = [
    "ori", "name", "kind", "public_body", "counties", "street", "city", "zip_code", "telephone", "latitude",
    "longitude", "sworn_officers", "note",
]  # fmt: skip


def rows() -> list[list[str]]:
    """A thousand agencies that the register does not have."""
    return [
        [
            f"IL9{n:06d}", f"Benchfield {n} Police Department", "Municipal", f"Village of Benchfield {n}",
            "; ".join(sorted({COUNTIES[n % 5], COUNTIES[n % 3]})), f"{n} Main Street", f"Benchfield {n}", "60050",
            "815 555 0100", f"42.{n:06d}", f"-88.{n:06d}", str(n % 90), "As measured",
        ]
        for n in range(ROWS)
    ]  # fmt: skip


def as_csv() -> bytes:
    """The same as a file."""
    text = io.StringIO()
    csv.writer(text).writerows([HEADINGS, *rows()])
    return text.getvalue().encode()


def undone(work: Callable[[], None]) -> Callable[[], None]:
    """The work, taken back at its end."""

    def run() -> None:
        with transaction.atomic():
            work()
            transaction.set_rollback(True)

    return run


def by_import() -> None:
    """Read the file, check every row, write all of them with their history."""
    from membership.resources import AgencyResource
    from nipas_admin.shared.tables import read

    data = as_csv()
    outcome = AgencyResource().take(read(io.BytesIO(data), len(data)), dry_run=False)
    if outcome.problems or outcome.new != ROWS:
        raise AssertionError(f"{outcome.new} new; {outcome.problems[:3]}")


def by_hand() -> None:
    """The least a person would write: make each row, check it, save it, set its counties."""
    from membership.models import Agency, County

    counties = {county.name: county for county in County.objects.all()}
    for row in rows():
        said = dict(zip(HEADINGS, row, strict=True))
        named = said.pop("counties").split("; ")
        agency = Agency(**{**said, "kind": "municipal"})
        agency.latitude, agency.longitude = Decimal(said["latitude"]), Decimal(said["longitude"])
        agency.sworn_officers = int(said["sworn_officers"])
        agency.full_clean()
        agency.save()
        agency.counties.set([counties[name] for name in named])


def megabytes() -> float:
    """The most memory a process of its own holds while it imports."""
    command = "import django; django.setup(); from script.benches import import_agencies as bench; bench.print_memory()"
    python = [sys.executable, "-c", command]
    said = subprocess.run(python, check=True, capture_output=True, text=True)  # noqa: S603 - our own words
    return float(said.stdout)


def print_memory() -> None:
    """Import, and print the peak in MB."""
    undone(by_import)()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)  # noqa: T201 - the caller reads it


def measure() -> list[Ratio]:
    """Time against the least a person would write, and peak memory against what a small server can spare."""
    mine, best, ratio = compare(undone(by_import), undone(by_hand), rounds=3)
    peak = megabytes()
    return [
        Ratio(f"import of {ROWS:,} agencies against saving each", ratio, 2, f"{mine:.1f} s against {best:.1f} s"),
        Ratio(f"memory of it against {MOST_MEMORY} MB", peak / MOST_MEMORY, 1, f"{peak:.0f} MB at its peak"),
    ]  # fmt: skip
