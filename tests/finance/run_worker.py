"""A worker of invoice runs in a process of its own, to be killed: ``python -m tests.finance.run_worker …``.

It works on the database that DATABASE_URL names, three invoices at a time. ``hang`` prepares and confirms a run for
twelve agencies and hangs in its second chunk, between the invoices and their lines; ``torn`` does so without the
transaction; ``make`` takes up what is left.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nipas_admin.settings")

import django

django.setup()

from django.db.models import QuerySet  # noqa: E402

from finance.models import InvoiceLine, InvoiceRun  # noqa: E402
from finance.services import runs  # noqa: E402
from nipas_admin.shared.records import RecordQuerySet  # noqa: E402
from tests.board import factories as board  # noqa: E402
from tests.finance import factories as make  # noqa: E402

runs.CHUNK = 3


def prepared() -> InvoiceRun:
    """A confirmed run for twelve agencies."""
    board.bylaws_in_force()
    board.agencies(12)
    make.rate("100.00")
    return make.confirmed(make.run(make.year()))


def hang_in_second_chunk(watched: str) -> None:
    """Before the lines of the second chunk are written, say so and wait to be killed."""
    write = RecordQuerySet.bulk_create_with_history
    chunks = []

    def and_hang(self: Any, rows: Any, reason: str = "") -> Any:
        if self.model is InvoiceLine:
            chunks.append(1)
            if len(chunks) == 2:
                Path(watched).touch()
                time.sleep(60)
        return write(self, rows, reason)

    RecordQuerySet.bulk_create_with_history = and_hang  # type: ignore[method-assign]


def main(what: str, watched: str = "") -> None:
    """Prepare a run and hang in its midst, or take it up."""
    if what == "make":
        run = InvoiceRun.objects.get()
    else:
        run = prepared()
        hang_in_second_chunk(watched)
    if what == "torn":
        QuerySet.select_for_update = lambda self, **_options: self.all()  # type: ignore[method-assign, assignment]
        runs._make = runs._make.__wrapped__  # type: ignore[attr-defined]
    list(runs.carry_out_run(run, make.NOON))


if __name__ == "__main__":
    main(*sys.argv[1:])
