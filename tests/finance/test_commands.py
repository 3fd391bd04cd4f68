"""The Treasurer's commands: who owes, and the invoices of a year, previewed, confirmed, made once."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from finance import services
from finance.models import Invoice, InvoiceRun, Rate
from finance.services import runs
from membership.models import Agency, County
from tests.board import factories as board
from tests.finance import factories as make
from tests.membership import factories as members
from tests.membership.conftest import said_by

pytestmark = pytest.mark.django_db

EXAMPLES = Path(__file__).parents[2] / "examples"
AUGUST = "2026-08-15"


# --- Who owes ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def owing(year):
    """Three agencies: one in Cook past due with a letter, one in Lake not due yet with credit, one that owes nothing."""
    late, later, paid = board.agencies(3)
    late.counties.add(County.objects.get(name="Cook"))
    later.counties.add(County.objects.get(name="Lake"))
    make.of_dues(late, "500.00")
    make.of_dues(later, "250.50", due=date(2026, 9, 1))
    of = make.of_dues(paid, "100.00")
    make.payment("100.00", agency=paid, pays={of: of.total})
    make.payment("20.00", agency=later)
    services.send_reminder(agency=late, on=date(2026, 6, 1), by=make.person())
    return late, later


def test_who_owes_is_told_by_region_with_the_letters_sent(owing):
    late, _later = owing
    said = said_by("receivables", on="8/15/2026").splitlines()
    assert said[0] == "On 15 August 2026: 2 agencies owe $750.50, of which $500.00 is past due."
    assert said[2] == "Cook: $500.00"
    assert said[3].split()[:5] == [*late.name.split(), "$500.00"]
    assert said[3].split("$500.00")[2].strip() == "1 sent, the last on 1 June 2026; number 2 is due"
    assert said[4] == "Lake: $250.50"
    assert said[5].endswith("0 sent")


def test_who_owes_as_json_and_csv_is_the_same_list(owing):
    late, later = owing
    found = json.loads(said_by("receivables", on=AUGUST, json=True))
    rows = list(csv.DictReader(io.StringIO(said_by("receivables", on=AUGUST, csv=True).lstrip("\ufeff"))))
    assert (found["on"], found["count"], found["totals"]["owed"], found["totals"]["past_due"]) == (
        AUGUST, 2, "750.50", "500.00",
    )  # fmt: skip
    assert found["debtors"][0] == {
        "region": "Cook", "agency": late.name, "ori": late.ori, "owed": "500.00", "past_due": "500.00",
        "current": "0.00", "1_30": "0.00", "31_60": "0.00", "61_90": "500.00", "91_120": "0.00", "over_120": "0.00",
        "oldest_due_on": "2026-05-31", "letters": 1, "last_letter_on": "2026-06-01", "next_letter": 2, "credit": "0.00",
    }  # fmt: skip
    assert [(row["agency"], row["owed"], row["credit"], row["next_letter"]) for row in rows] == [
        (late.name, "500.00", "0.00", "2"), (later.name, "250.50", "20.00", ""),
    ]  # fmt: skip


def test_where_nobody_owes_the_list_says_so(year):
    assert said_by("receivables", on="2026-05-01") == "On 1 May 2026 nobody owes anything.\n"


@pytest.mark.parametrize("day", ["2026-13-01", "yesterday", "1/1/26"])
def test_a_day_that_is_none_is_refused_in_words(db, day):
    with pytest.raises(CommandError, match="--on: "):
        said_by("receivables", on=day)


# --- The invoices of a year -------------------------------------------------------------------------------------------


@pytest.fixture
def dues(year):
    """Dues of $100.00, a team fee of $40.00, an agency in the team, one suspended, one that left."""
    make.rate("100.00")
    team = make.team()
    make.rate("40.00", charge="team", team=team)
    agencies = board.agencies(3)
    make.in_team(agencies[0], team)
    board.suspended(agencies[1], date(2026, 4, 1))
    board.withdrawn(agencies[2], date(2026, 5, 1))
    return members.person("Treasurer").username


def run(**options):
    return said_by("invoice_run", year="2026", on="2026-05-01", **options)


def test_the_preview_says_who_is_invoiced_what_and_why_and_writes_nothing(dues):
    names = [agency.name for agency in Agency.objects.order_by("pk")]
    said = run()
    assert said.startswith("FY 2026–27, invoices dated 1 May 2026: 3 invoices, $240.00 in all.\n\nTo be invoiced:\n")
    assert f"  - {names[0]}, Annual dues $100.00: active [Agreement §3.J" in said
    assert f"  - {names[0]}, Team fee, EST $40.00: " in said
    assert f"  - {names[1]}, Annual dues $100.00: suspended: it participates still" in said
    assert f"No invoice:\n  - {names[2]}, Annual dues: withdrawn on 1 May 2026" in said
    assert said.endswith("Nothing was written. Give --confirm --by NAME to make them.\n")
    assert not InvoiceRun.objects.exists()


def test_the_preview_as_json_has_every_line_with_its_why(dues):
    found = json.loads(run(json=True, only="dues"))
    assert (found["year"], found["on"], found["invoices"], found["amount"]) == ("FY 2026–27", "2026-05-01", 2, "200.00")
    assert [(line["invoiced"], line["amount"]) for line in found["lines"]] == [
        (True, "100.00"), (True, "100.00"), (False, None),
    ]  # fmt: skip
    assert all(line["why"] for line in found["lines"])
    assert found["made"] == []


def test_confirmed_it_makes_them_and_a_second_time_nothing(dues, capsys):
    first = said_by("invoice_run", year="2026-27", on="5/1/2026", confirm=True, by=dues)
    assert first.endswith("Invoice run of 1 May 2026: dues and team fees of FY 2026–27: 3 made.\n")
    assert "3 of 3 invoices" in capsys.readouterr().err
    second = run(confirm=True, by=dues)
    assert second.endswith("Nobody is left to be invoiced: nothing was written.\n")
    assert (Invoice.objects.count(), InvoiceRun.objects.count()) == (3, 1)
    assert InvoiceRun.objects.get().confirmed_by.username == dues


def test_a_run_that_broke_off_is_taken_up_before_anything_else(dues, monkeypatch, year):
    monkeypatch.setattr(runs, "CHUNK", 1)
    broken = make.confirmed(make.run(year))
    work = services.carry_out_run(broken, make.NOON)
    next(work), next(work)
    assert Invoice.objects.count() == 1

    said = run(confirm=True, by=dues)

    assert said.endswith("FY 2026–27: 2 made.\n")
    assert (Invoice.objects.count(), InvoiceRun.objects.count()) == (3, 1)


REFUSED = {
    "a year there is not": ({"year": "1999"}, "--year: The books have no one fiscal year 1999. They have: FY 2026–27."),
    "no year at all": ({"year": "soon"}, "--year: “soon” names no fiscal year. Write it as 2026-27."),
    "a day of another year": ({"on": "2026-04-30"}, "--on: 30 April 2026 does not lie in FY 2026–27: give a day from 1 May"),
    "confirmed by nobody": ({"confirm": True}, "--by: say who confirms it"),
    "confirmed by a stranger": ({"confirm": True, "by": "nobody"}, "--by: nobody signs in as “nobody”."),
    "confirmed by one who may not": ({"confirm": True, "by": "reader"}, "--by: reader may not invoice agencies."),
}  # fmt: skip


@pytest.mark.parametrize(("options", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_meant_is_refused_in_words_and_nothing_is_written(dues, options, said):
    make.person("reader")
    with pytest.raises(CommandError) as refusal:
        said_by("invoice_run", **{"year": "2026", "on": "2026-05-01", **options})
    assert str(refusal.value).startswith(said)
    assert not InvoiceRun.objects.exists()


# --- Examples ---------------------------------------------------------------------------------------------------------


def test_the_documented_rates_load_alone_and_a_second_time_changes_nothing(capsys):
    call_command("load_example", str(EXAMPLES / "documented-rates"))
    capsys.readouterr()
    call_command("load_example", str(EXAMPLES / "documented-rates"))
    assert {line.partition(": ")[2][:17] for line in capsys.readouterr().out.splitlines()} == {"0 new, 0 changed,"}
    assert (Rate.objects.count(), Agency.objects.count()) == (6, 3)


def test_a_bad_row_in_a_table_of_the_books_is_named_and_nothing_is_loaded(tmp_path):
    (tmp_path / "1-rates.csv").write_text("charge,amount,from_on\nAnnual dues,1e5,2026-05-01\n")
    with pytest.raises(
        CommandError, match=r"1-rates.csv is not good; nothing was imported.\n  Row 2, amount: “1e5” is not"
    ):
        call_command("load_example", str(tmp_path))
