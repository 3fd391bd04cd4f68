"""The documented instruments of 2018: what the register says of each agency, and why, by hand from the papers.

Each expectation was derived from the papers in examples/nipas-2018 and the rules, not from a run of the program.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from membership.models import Agency, AgreementVersion, Approval, Participation
from membership.rules.facts import Status
from membership.rules.standing import original_participating_agency
from membership.services import choose_date, standing_of
from nipas_admin.shared.dated import Dated

FOLDER = Path(__file__).parents[2] / "examples" / "nipas-2018"
ACTIVE, OPEN = Status.ACTIVE, Status.NOT_DETERMINED
EVE, CUTOFF = date(2018, 4, 30), date(2018, 5, 1)
EARLIEST, DAY_AFTER = date(2018, 6, 30), date(2018, 7, 1)


@pytest.fixture(scope="module")
def example(django_db_setup, django_db_blocker):
    """The example, imported once for all tests here; each test writes within its own transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_example", str(FOLDER))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(example, db):
    """The register with the example in it."""


def of(name):
    return Agency.objects.get(name=f"{name} Police Department")


def finding(name, day):
    return standing_of(of(name), day).finding


def test_every_approval_and_stint_says_how_it_is_known(loaded):
    assert not Approval.objects.filter(source="").exists()
    unsourced = {stint.agency.name for stint in Participation.objects.filter(attested_by="")}
    assert unsourced == {f"{name} Police Department" for name in ("Deerfield", "Elk Grove Village", "Elgin")}


# Agency; on the eve of 1 May 2018, on 15 May, on the earliest possible collective date, the day after it; OPA.
# By recital, report or paper it participates until the adoption may have ended it: amended papers lack days.
BY_RECITAL = (ACTIVE, ACTIVE, ACTIVE, OPEN, True)
# Attested on 11 May 2018 only: before, and whether it is an original agency, open; so open from the collective date.
SINCE_MAY = (OPEN, ACTIVE, OPEN, OPEN, None)
# No day of participation before July 2018 is attested, and the signatures are not on file.
NEVER_SURE = (OPEN, OPEN, OPEN, OPEN, None)

ROLL = [
    ("McHenry", *BY_RECITAL),
    ("Buffalo Grove", *BY_RECITAL),
    ("Oak Brook", *BY_RECITAL),
    ("Evanston", *BY_RECITAL),
    ("Mount Prospect", *BY_RECITAL),
    ("Palatine", *BY_RECITAL),
    ("Waukegan", *BY_RECITAL),
    ("Schaumburg", *BY_RECITAL),
    ("Winnetka", *BY_RECITAL),
    ("Bannockburn", *BY_RECITAL),
    ("Riverside", *SINCE_MAY),
    ("Libertyville", *SINCE_MAY),
    ("Addison", *SINCE_MAY),
    ("Deerfield", *NEVER_SURE),
    ("Elk Grove Village", *NEVER_SURE),
    ("Elgin", *NEVER_SURE),
    ("Mundelein", *NEVER_SURE),
    ("North Riverside", *NEVER_SURE),
    ("Streamwood", *NEVER_SURE),
    ("River Forest", *NEVER_SURE),
    ("La Grange", *NEVER_SURE),
    ("Burr Ridge", *NEVER_SURE),
    ("Highland Park", *NEVER_SURE),
    # A stint on the new path is never that of an original agency; an undated article leaves every day open.
    ("Harper College", OPEN, OPEN, OPEN, OPEN, False),
]


@pytest.mark.parametrize(
    ("name", "on_eve", "in_may", "on_earliest", "day_after", "original"), ROLL, ids=[row[0] for row in ROLL]
)
def test_each_agency_stands_where_its_papers_put_it(loaded, name, on_eve, in_may, on_earliest, day_after, original):
    days = (EVE, date(2018, 5, 15), EARLIEST, DAY_AFTER)
    assert [finding(name, day).value for day in days] == [on_eve, in_may, on_earliest, day_after]
    terms = AgreementVersion.objects.adoption().terms
    assert original_participating_agency(of(name).participations.get().stint, terms) is original


def test_sql_says_the_same(loaded):
    for day in (EVE, date(2018, 5, 15), EARLIEST, DAY_AFTER, date(2022, 7, 13)):
        said = dict(Agency.objects.with_status_on(day).values_list("name", "status"))
        assert said == {agency.name: standing_of(agency, day).status.value for agency in Agency.objects.all()}


FIRST_DAYS = [
    ("McHenry", date(2003, 8, 18), ACTIVE, "the day its recital names"),
    ("McHenry", date(2003, 8, 17), Status.PROSPECT, "the day before: not approved yet, so not participating"),
    ("Buffalo Grove", date(2003, 2, 18), ACTIVE, "the later of its two papers"),
    ("Buffalo Grove", date(1983, 10, 17), OPEN, "the earlier of its two papers: approved, but was it signed?"),
    ("Buffalo Grove", date(1983, 10, 16), Status.PROSPECT, "before both papers"),
    ("Evanston", date(1986, 8, 10), Status.PROSPECT, "before its ordinance"),
    ("Waukegan", date(2000, 8, 31), OPEN, "the newspaper says that it will join"),
    ("Waukegan", date(2001, 6, 26), ACTIVE, "the newspaper says that it has joined"),
    ("La Grange", date(2022, 7, 12), OPEN, "the day before the column"),
    ("La Grange", date(2022, 7, 13), ACTIVE, "attested is participating on that day, whatever the adoption did"),
    ("La Grange", date(2022, 7, 14), OPEN, "the day after the column"),
    ("Highland Park", date(2022, 7, 4), ACTIVE, "the team was called there"),
]


@pytest.mark.parametrize(("name", "day", "status", "why"), FIRST_DAYS, ids=[f"{r[0]}: {r[3]}" for r in FIRST_DAYS])
def test_participation_is_attested_from_the_day_its_source_bears(loaded, name, day, status, why):
    assert finding(name, day).value is status


MISSING = [
    ("McHenry", DAY_AFTER, (
        "the collective date of the amended agreement (Agreement §5.A)",
        "the Approval of the amended agreement: which day it was, between 4 May 2018 and 4 June 2018",
        "the Execution of the amended agreement: date of it unknown",
    )),
    ("Evanston", DAY_AFTER, (
        "the collective date of the amended agreement (Agreement §5.A)",
        "the Execution of the amended agreement: not recorded",
    )),
    ("Elgin", EVE, (
        "the signature of the head of the corporate authorities by which it began: not on file",
    )),
    ("Deerfield", EVE, (
        "the day of Approval by which it began (date unknown)",
        "the signature of the head of the corporate authorities by which it began: not on file",
    )),
    ("Mundelein", EVE, (
        "the Approval by which it began: not on file",
        "the signature of the head of the corporate authorities by which it began: not on file",
    )),
]  # fmt: skip


@pytest.mark.parametrize(("name", "day", "missing"), MISSING, ids=[f"{row[0]} on {row[1]}" for row in MISSING])
def test_what_is_missing_is_named(loaded, name, day, missing):
    assert finding(name, day).missing == missing


def test_mchenry_is_an_original_agency_by_recital_with_its_execution_not_on_file(loaded):
    said = finding("McHenry", CUTOFF)
    assert said.value is ACTIVE
    attested, approved, begun, original = said.because
    assert str(attested).startswith(
        "attested as participating on 18 August 2003 (recital: ORD-18-1868, which says that"
    )
    assert str(approved).startswith(
        "approved by Ordinance ORD-03-1165: 18 August 2003 (recital: https://lf.cityofmchenry"
    )
    assert begun.on == date(2003, 8, 18)
    assert original.text.startswith("an Original Participating Agency (approved and executed before 1 May 2018")
    assert [flag.text for flag in said.flags] == ["its instruments under the Original Agreement are not all on file"]


def test_mchenrys_two_dates_are_kept_until_a_person_chooses_and_then_the_execution_is_what_is_missing(loaded):
    paper = Approval.objects.get(number="ORD-18-1868")
    found = paper.finding()
    assert found.value is None
    assert set(found.missing[0].removeprefix("which date governs: ").split(", ")) == {
        "archive heading 4 June 2018", "text: passed and approved 4 May 2018",
    }  # fmt: skip
    assert paper.when == Dated(date(2018, 5, 4), date(2018, 6, 4))

    choose_date(approval=paper, on=date(2018, 6, 4), because="4 June 2018 was a Monday, the day the council meets")
    paper.refresh_from_db()
    assert paper.finding().value == date(2018, 6, 4)
    said = finding("McHenry", DAY_AFTER)
    assert said.value is OPEN
    assert said.missing == (
        "the collective date of the amended agreement (Agreement §5.A)",
        "the Execution of the amended agreement: date of it unknown",
    )
    execution = of("McHenry").executions.get()
    assert execution.when == Dated.unknown()
    assert execution.finding(paper).missing == (
        "the day the head of the corporate authorities signed", "the day the commanding officer signed",
    )  # fmt: skip


def test_importing_again_leaves_the_date_a_person_chose(loaded):
    paper = Approval.objects.get(number="ORD-18-1868")
    choose_date(approval=paper, on=date(2018, 6, 4), because="4 June 2018 was a Monday, the day the council meets")
    call_command("load_example", str(FOLDER))
    paper.refresh_from_db()
    assert paper.chosen_on == date(2018, 6, 4)


def test_deerfields_recital_cites_itself_and_proves_nothing(loaded):
    original = of("Deerfield").approvals.get(agreement__edition="original")
    found = original.finding()
    assert found.value is None
    assert found.missing == ("the original instrument: the recital cites itself, which proves nothing",)
    assert original.when == Dated.unknown()
    assert of("Deerfield").approvals.get(number="R-18-17").finding().value == date(2018, 10, 15)


@pytest.mark.parametrize("number", ["83-41", "2003-10"])
def test_buffalo_grove_is_an_original_agency_whichever_of_its_two_papers_began_it(loaded, number):
    stint = of("Buffalo Grove").participations.get()
    assert stint.approval.number == "83-41", "the first that stands serves"
    stint.approval = of("Buffalo Grove").approvals.get(number=number)
    stint.full_clean()
    stint.save()
    terms = AgreementVersion.objects.adoption().terms
    assert original_participating_agency(stint.stint, terms) is True
    assert finding("Buffalo Grove", EVE).value is ACTIVE


def test_elk_groves_rescinded_paper_never_approved_nipas(loaded):
    stint = of("Elk Grove Village").participations.get()
    assert stint.approval.number == "21-93"
    assert stint.approval.rescinds.number == "54-83"
    assert not stint.approval.rescinds.approves


AMENDED = [
    ("McHenry", "ORD-18-1868", Dated(date(2018, 5, 4), date(2018, 6, 4))),
    ("Mount Prospect", "23-18", Dated.on(date(2018, 6, 5))),
    ("Oak Brook", "R-1728", Dated.on(date(2018, 6, 12))),
    ("Evanston", "44-R-18", Dated.on(date(2018, 6, 13))),
    ("Deerfield", "R-18-17", Dated.on(date(2018, 10, 15))),
    ("Buffalo Grove", "2018-14", Dated(date(2018, 1, 1), date(2018, 12, 31))),
]


@pytest.mark.parametrize(("name", "number", "when"), AMENDED, ids=[row[0] for row in AMENDED])
def test_approvals_of_the_amended_agreement_bear_the_days_their_sources_give(loaded, name, number, when):
    assert of(name).approvals.get(number=number).when == when
    assert of(name).participations.get().amended_approval.number == number


def test_the_collective_date_came_on_an_unknown_day_sixty_days_after_the_class_closed_at_the_earliest(loaded):
    version = AgreementVersion.objects.amended()
    assert version.collective == Dated(EARLIEST, None)
    assert (EARLIEST - version.original_before_on).days == version.adoption_meeting_days == 60
    assert "Inferred" in version.collective_source


def test_teams_are_as_documented(loaded):
    places = {
        (
            place.participation.agency.name.removesuffix(" Police Department"),
            place.team.short_name,
            place.officers_committed,
        )
        for stint in Participation.objects.all()
        for place in stint.teams.all()
    }
    assert places == {
        ("Evanston", "EST", None), ("North Riverside", "EST", 1), ("North Riverside", "MFF", 2),
        ("Streamwood", "EST", 2), ("Streamwood", "MFF", 1), ("Riverside", "EST", None), ("Riverside", "MFF", None),
        ("Waukegan", "EST", 4), ("Schaumburg", "EST", 3), ("Harper College", "MFF", None),
    }  # fmt: skip
