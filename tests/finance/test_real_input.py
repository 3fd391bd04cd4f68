"""Documented rates: what each agency was asked in those years, by hand from the sources; and a list of who owes."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from finance import services
from finance.models import FiscalYear, Invoice, Payment, Rate
from finance.querysets import sum_of
from membership.models import Agency, County, Participation, TeamParticipation
from tests.board import factories as board
from tests.finance import factories as make

EXAMPLES = Path(__file__).parents[2] / "examples"
ADOPTED = date(1993, 8, 11)


@pytest.fixture(scope="module")
def example(django_db_setup, django_db_blocker):
    """The documented rates, imported once, after the documented agencies; each test writes in its own transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_example", str(EXAMPLES / "nipas-2018"))
        call_command("load_example", str(EXAMPLES / "documented-rates"))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(example, db):
    """The register with both in it."""


def year(first: int) -> FiscalYear:
    return FiscalYear.objects.get(starts_on__year=first)


def asked(name: str, on: date, **more) -> list[tuple[list[str], str]]:
    """What a run dated on the day would ask of the agency: the lines of each invoice, or what is missing."""
    of = Agency.objects.get(name=f"{name} Police Department").pk
    plans = [one for one in services.plan(FiscalYear.objects.of_day(on), on, **more) if one.agency == of]
    return [
        ([f"{line.text}: {line.amount}" for line in one.decided.owed.lines] if one.decided.owed else [], *one.decided.missing)
        for one in plans
    ]  # fmt: skip


def in_all(name: str) -> str:
    return str(sum_of(Invoice.objects.filter(agency__name=f"{name} Police Department"), "total"))


def invoiced(first: int, on: date, **more) -> None:
    make.carried_out(services.prepare_run(year=year(first), as_on=on, at=make.NOON, by=make.person(), **more))


def test_elgin_is_asked_200_the_first_year_and_100_the_next_once_its_first_day_is_known(loaded):
    stint = Participation.objects.get(agency__name="Elgin Police Department")
    assert asked("Elgin", date(1994, 5, 1), teams=False) == [([], "whether it participates on 1 May 1994")]

    first = services.invoice_joining_dues(participation=stint, issued_on=ADOPTED)
    make.payment("200.00", ADOPTED, agency=stint.agency, pays={first: first.total})
    stint.refresh_from_db()
    assert (str(first.total), stint.dues_paid_on) == ("200.00", ADOPTED)
    assert "Resolution 93-217" in " ".join(first.because)

    stint.attested_on, stint.attested_by = ADOPTED, "What a paper found later would show"
    stint.save()
    assert asked("Elgin", date(1993, 9, 1), teams=False) == [([],)], "what it was asked at commencement covers the year"
    invoiced(1994, date(1994, 5, 1), teams=False)

    assert in_all("Elgin") == "300.00"


def test_schaumburg_is_asked_the_fee_and_the_start_in_2001_and_the_fee_alone_in_2002(loaded):
    june, next_year = date(2001, 6, 28), date(2002, 5, 1)
    assert asked("Schaumburg", june, annual=False) == [
        (["EST: team fee, FY 2001–02: 2800.00", "EST: to start: 17000.00"],),
    ]  # fmt: skip
    invoiced(2001, june, annual=False)
    assert asked("Schaumburg", next_year, annual=False) == [(["EST: team fee, FY 2002–03: 2800.00"],)]
    assert in_all("Schaumburg") == "19800.00"


def test_waukegan_is_asked_the_fee_and_the_start_in_2000_once_its_first_day_is_known(loaded):
    fall, spring = date(2000, 10, 2), date(2001, 5, 1)
    [(lines, missing)] = asked("Waukegan", fall, annual=False)
    assert (lines, missing) == ([], "whether it participates on 2 October 2000")

    stint = Participation.objects.get(agency__name="Waukegan Police Department")
    stint.attested_on = fall
    stint.save()
    place = TeamParticipation.objects.get(participation=stint)
    place.elected_on = fall
    place.save()

    assert asked("Waukegan", fall, annual=False) == [
        (["EST: team fee, FY 2000–01: 3600.00", "EST: to start: 22000.00"],),
    ]  # fmt: skip
    invoiced(2000, fall, annual=False)
    assert asked("Waukegan", spring, annual=False) == [(["EST: team fee, FY 2001–02: 3600.00"],)]
    assert in_all("Waukegan") == "25600.00"


def test_every_rate_names_its_source_and_the_one_that_is_not_exact_says_so_first(loaded):
    flagged = [rate.amount for rate in Rate.objects.filter(source__startswith="NOT EXACT: about")]
    assert [str(amount) for amount in flagged] == ["17000.00"]
    assert not Rate.objects.filter(source="").exists()


def test_after_the_documented_agencies_the_example_repeats_them_word_for_word(loaded, capsys):
    call_command("load_example", str(EXAMPLES / "documented-rates"))
    assert [line.partition(": ")[2][:17] for line in capsys.readouterr().out.splitlines()] == ["0 new, 0 changed,"] * 6


# --- The list of who owes, with every column of the report of August 2006 ---------------------------------------------


@pytest.fixture
def august(db):
    """Six agencies in two regions: two have paid, three owe and were sent three letters, one and none; one owes later."""
    board.bylaws_in_force()
    make.year()
    agencies = board.agencies(6)
    for place, agency in enumerate(agencies):
        agency.counties.add(County.objects.get(name="Lake" if place % 2 else "Cook"))
        of = make.of_dues(agency, "52.50", due=date(2026, 10, 1) if place == 5 else make.DUE)
        if place < 2:
            make.payment("52.50", agency=agency, payer=agency.name, pays={of: of.total})
    for sent_on in (date(2026, 6, 1), date(2026, 7, 1), date(2026, 7, 31)):
        services.send_reminder(agency=agencies[2], on=sent_on, by=make.person())
    services.send_reminder(agency=agencies[3], on=date(2026, 6, 1), by=make.person())
    return [agency.name for agency in agencies]


def test_the_list_of_who_owes_has_the_regions_the_letters_sent_and_what_was_paid_in_all(august):
    day = date(2026, 8, 15)
    late = sorted(
        (one for one in services.debtors_on(day) if one.past_due), key=lambda one: (one.region, one.agency.name)
    )
    by_region = {
        region: [(one.agency.name, str(one.past_due), one.letters) for one in of]
        for region, of in groupby(late, key=lambda one: one.region)
    }
    paid = Payment.objects.for_invoices().standing_on(day)

    assert by_region == {
        "Cook": [(august[2], "52.50", 3), (august[4], "52.50", 0)],
        "Lake": [(august[3], "52.50", 1)],
    }
    assert (paid.values("agency").distinct().count(), str(sum_of(paid))) == (2, "105.00")
