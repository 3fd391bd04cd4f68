"""An invoice run that is killed in its midst: each invoice is there with its lines or not at all, and none twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.jobs.test_killed_worker import Database, Run, database, finish, run, until  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
CHUNK, AGENCIES = 3, 12


def killed(run: Run, what: str, tmp_path: Path) -> None:  # noqa: F811
    """Start a run and kill it between the invoices of its second chunk and their lines."""
    watched = tmp_path / "watched"
    worker = run("-m", "tests.finance.run_worker", what, str(watched))
    until(watched.exists)
    worker.kill()
    assert worker.wait() != 0


def numbers(of: Database) -> list[int]:
    """The numbers of the invoices that are there."""
    return [number for (number,) in of.rows("SELECT number FROM finance_invoice ORDER BY number")]


def without_lines(of: Database) -> int:
    """How many invoices have no lines, or lines that do not sum to them."""
    ((found,),) = of.rows(
        "SELECT COUNT(*) FROM finance_invoice i WHERE i.total <> COALESCE("
        "(SELECT SUM(l.amount) FROM finance_invoiceline l WHERE l.invoice_id = i.id), 0)"
    )
    return int(found)


def drawn(of: Database) -> int:
    """How many numbers the year has given out."""
    ((found,),) = of.rows("SELECT invoices_drawn FROM finance_fiscalyear")
    return int(found)


def test_a_killed_run_leaves_whole_invoices_and_is_completed_by_taking_it_up(database, run, tmp_path):  # noqa: F811
    killed(run, "hang", tmp_path)
    assert (numbers(database), without_lines(database), drawn(database)) == ([1, 2, 3], 0, CHUNK)

    finish(run("-m", "tests.finance.run_worker", "make"))
    assert (numbers(database), without_lines(database)) == ([*range(1, AGENCIES + 1)], 0)
    assert drawn(database) == AGENCIES
    ((agencies, linked, finished),) = database.rows(
        "SELECT COUNT(DISTINCT i.agency_id), COUNT(DISTINCT t.invoice_id), COUNT(DISTINCT r.finished_at) "
        "FROM finance_invoice i JOIN finance_runitem t ON t.invoice_id = i.id JOIN finance_invoicerun r ON r.id = t.run_id"
    )
    assert (agencies, linked, finished) == (AGENCIES, AGENCIES, 1)


def test_without_the_transaction_the_killed_run_leaves_invoices_without_lines(database, run, tmp_path):  # noqa: F811
    killed(run, "torn", tmp_path)
    assert without_lines(database) == CHUNK
