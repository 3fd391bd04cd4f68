"""Tables in and out: what a list exports comes back unchanged, and the FBI's list comes in as it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from membership.management.commands.load_example import TABLES
from membership.models import (
    Agency,
    Approval,
    ApprovalDate,
    County,
    Execution,
    Official,
    Participation,
    SpecializedTeam,
    TeamParticipation,
)
from tests.membership import factories as made
from tests.membership.importing import (
    RECORDS,
    administrator,
    bring_in,
    confirm,
    export,
    page_of,
    problems_of,
    rows_of,
    snapshot,
    table,
    upload,
)

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[1] / "data"
FOLDER = Path(__file__).parents[2] / "examples" / "nipas-2018"
IN_TABLES = [model for model in RECORDS if model is not ApprovalDate]


@pytest.fixture
def registrar(client):
    return administrator(client)


@pytest.fixture
def register():
    """A register with one of everything that is hard to put in a table."""
    elm = made.agency("Elmwood Police Department", "Cook", "Lake", note="=1+1, and\n a second line; “quoted”")
    nameless = made.agency("Northern Police Authority", ori="", kind="state")
    for who in (elm, nameless):
        made.official(who, "head", "Robin Vale", from_on=None)
    made.official(elm, "head", "Robin Vale", from_on=date(2020, 1, 2))
    made.official(elm, "chief", "Kim Oak", until_on=date(2024, 5, 1))
    first = made.approval(elm, date(1990, 5, 1), number="12-90")
    second = made.approval(elm, date(1995, 5, 1), number="1-95", rescinds=first)
    unnumbered = [
        made.approval(nameless, day, number="", kind="unknown") for day in (date(1999, 1, 1), date(2001, 1, 1))
    ]
    disputed = made.approval(elm, date(2018, 5, 4), date(2018, 6, 4), edition="amended", number="ORD-18-1")
    ApprovalDate.objects.create(
        approval=disputed, event="heading", not_before_on=date(2018, 6, 1), not_after_on=date(2018, 6, 30),
        source="archive", evidence="reported",
    )  # fmt: skip
    signed = [made.execution(elm, day) for day in (date(1990, 6, 1), date(1995, 6, 1))]
    amended = made.execution(elm, None, edition="amended", chief=elm.officials.get(capacity="chief"), chief_name="")
    stint = Participation.objects.create(
        agency=elm, path="original", approval=second, execution=signed[1], amended_approval=disputed, amended_execution=amended,
        attested_on=date(1996, 1, 1), attested_by="annual report", attested_evidence="reported",
    )  # fmt: skip
    Participation.objects.create(agency=nameless, path="original", approval=unnumbered[1], note="-2 days")
    made.in_team(stint)
    made.in_team(stint, made.team("MFF", "Mobile Field Force"), elected_on=None, officers_committed=None)
    made.certificate(elm, "liability")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("model", IN_TABLES, ids=lambda model: model.__name__)
def test_what_a_list_exports_changes_nothing_when_it_comes_back(registrar, register, model, kind):
    before = snapshot()
    answer = upload(registrar, model, export(registrar, model, kind), f"again.{kind}")
    assert problems_of(answer) == []
    outcome = answer.context["outcome"]
    assert (outcome.new, outcome.changed) == (0, 0)
    assert outcome.same > 0
    confirm(registrar, model, answer)
    assert snapshot() == before


def test_the_exports_of_one_register_make_the_same_register_elsewhere(registrar, register, tmp_path):
    names = [
        "agreement-versions", "agencies", "officials", "approvals", "executions", "participations", "specialized-teams",
        "team-participations", "insurance-certificates",
    ]  # fmt: skip
    for number, (name, model) in enumerate(zip(names, IN_TABLES, strict=True)):
        (tmp_path / f"{number}-{name}.csv").write_bytes(export(registrar, model))
    before = snapshot()
    for model in (TeamParticipation, Participation, Execution):
        _remove(model)
    _remove(ApprovalDate)
    Approval.objects.filter(rescinds__isnull=False).update_with_history(rescinds=None)
    for model in (Approval, Official, made.InsuranceCertificate, Agency, SpecializedTeam):
        _remove(model)
    assert snapshot() != before
    call_command("load_example", str(tmp_path))
    assert snapshot() == before


def _remove(model):
    root = made.User.objects.filter(is_superuser=True).first()
    for row in model.objects.all():
        row.delete_as(root)


def test_an_export_holds_the_rows_the_list_shows(registrar, register):
    shown = rows_of(export(registrar, Agency, q="Elmwood"))
    assert [row["name"] for row in shown] == ["Elmwood Police Department"]
    assert shown[0]["counties"] == "Cook; Lake"


@pytest.mark.parametrize(
    ("day", "status"),
    [
        pytest.param("1995-05-31", "prospect", id="the day before the head signed"),
        pytest.param("1995-06-01", "active", id="the day the head signed"),
    ],
)
def test_an_exported_roll_says_the_status_on_the_day_of_the_list(registrar, register, day, status):
    answer = registrar.get(page_of(Agency, "export"), {"format": "csv", "on": day})
    assert {row["name"]: row["status"] for row in rows_of(answer.content)}["Elmwood Police Department"] == status
    assert f"agencies-{day}.csv" in answer["Content-Disposition"]


def test_an_approval_with_two_dates_has_two_rows_and_keeps_each_source(registrar, register):
    rows = [row for row in rows_of(export(registrar, Approval)) if row["number"] == "ORD-18-1"]
    assert {(row["event"], row["event_on"], row["event_not_after_on"], row["event_source"]) for row in rows} == {
        ("passed and approved", "2018-05-04", "", "text"),
        ("passed and approved", "2018-06-04", "", "text"),
        ("archive heading", "", "2018-06-30", "archive"),
    }
    assert {(row["agency_name"], row["kind"], row["source"]) for row in rows} == {
        ("Elmwood Police Department", "Ordinance", ""),
    }


APPROVALS = "agency,agreement,kind,number,event,event_on,event_source"


def test_a_second_row_of_a_paper_may_leave_out_what_the_first_says(registrar):
    made.agency("Elmwood Police Department", ori="IL0160001")
    bring_in(
        registrar, Approval,
        table(APPROVALS,
              ["IL0160001", "amended", "Ordinance", "7", "passed and approved", "2018-05-04", "text"],
              ["IL0160001", "amended", "", "7", "archive heading", "6/4/2018", ""]),
    )  # fmt: skip
    paper = Approval.objects.get()
    assert [str(said) for said in paper.statements()] == [
        "text: passed and approved 4 May 2018", "archive heading 4 June 2018",
    ]  # fmt: skip
    assert (paper.earliest_on, paper.latest_on) == (date(2018, 5, 4), date(2018, 6, 4))


def test_a_date_of_the_same_event_and_source_is_corrected_and_another_is_added(registrar):
    elm = made.agency("Elmwood Police Department", ori="IL0160001")
    paper = made.approval(elm, date(2018, 5, 4), edition="amended", number="7", kind="ordinance")
    answer = upload(
        registrar, Approval,
        table(APPROVALS,
              ["IL0160001", "amended", "Ordinance", "7", "passed and approved", "2018-05-05", "text"],
              ["IL0160001", "amended", "Ordinance", "7", "presented", "2018-04-01", "minutes"]),
    )  # fmt: skip
    (change,) = answer.context["outcome"].changes
    assert [(cell.column, cell.before, cell.after) for cell in change.cells if cell.changed] == [
        ("dates", "text: passed and approved 4 May 2018",
         "text: passed and approved 5 May 2018; minutes: presented 1 April 2018"),
    ]  # fmt: skip
    assert paper.dates.count() == 1, "a preview writes nothing"
    confirm(registrar, Approval, answer)
    assert sorted(map(str, paper.dates.all())) == [
        "minutes: presented 1 April 2018", "text: passed and approved 5 May 2018",
    ]  # fmt: skip
    paper.refresh_from_db()
    assert paper.earliest_on == date(2018, 5, 5)


def test_a_paper_may_stand_above_the_one_it_rescinds(registrar):
    elm = made.agency("Elmwood Police Department", ori="IL0160001")
    bring_in(
        registrar, Approval,
        table("agency,agreement,kind,number,rescinds",
              ["IL0160001", "original", "Resolution", "3-95", "2-93"],
              ["IL0160001", "original", "Resolution", "2-93", "1-90"],
              ["IL0160001", "original", "Resolution", "1-90", ""]),
    )  # fmt: skip
    assert {a.number: a.rescinds and a.rescinds.number for a in elm.approvals.all()} == {
        "1-90": None, "2-93": "1-90", "3-95": "2-93",
    }  # fmt: skip


def test_a_second_signing_is_told_by_its_number(registrar):
    elm = made.agency("Elmwood Police Department", ori="IL0160001")
    headings = "agency,agreement,which,form_dated_on,head_signed,chief_signed"
    bring_in(
        registrar, Execution,
        table(headings, ["IL0160001", "amended", 2, "2024-03-01", "yes", "yes"],
              ["IL0160001", "amended", "", "2018-06-01", "yes", "yes"]),
    )  # fmt: skip
    assert [str(row.form_dated_on) for row in elm.executions.order_by("pk")] == ["2018-06-01", "2024-03-01"]
    answer = upload(registrar, Execution, table(headings, ["IL0160001", "amended", 4, "", "yes", "no"]))
    assert problems_of(answer) == [
        "Row 2, which: The register has 2 of these for Elmwood Police Department: a new one is number 3."
    ]


def test_papers_that_come_in_serve_the_stint_of_their_agency(registrar):
    elm = made.agency("Elmwood Police Department", ori="IL0160001")
    stint = Participation.objects.create(agency=elm, path="original")
    bring_in(
        registrar, Approval,
        table(APPROVALS, ["IL0160001", "amended", "Ordinance", "7", "passed and approved", "2018-05-04", "text"]),
    )  # fmt: skip
    stint.refresh_from_db()
    assert stint.amended_approval.number == "7"


def test_history_says_who_imported_what_from_where(registrar):
    bring_in(registrar, Agency, table("ori,name", ["IL0160001", "Elmwood Police Department"]), "agencies of May.csv")
    entry = Agency.objects.get().history.earliest()
    assert entry.history_change_reason == "Imported from agencies of May.csv"
    assert entry.history_user.username == "registrar"


def test_notices_proceedings_and_applications_go_out_and_do_not_come_in(registrar):
    from membership.models import Application, Proceeding, TerminationNotice
    from membership.services import receive_notice

    stint = made.new_member("Elmwood Police Department")
    receive_notice(participation=stint, received_on=date(2026, 3, 2))
    made.proceeding(stint)
    made.application(made.agency())
    for model in (TerminationNotice, Proceeding, Application):
        assert len(rows_of(export(registrar, model))) == 1
        assert registrar.get(page_of(model, "import")).status_code == 403
    (row,) = rows_of(export(registrar, TerminationNotice))
    assert (row["agency_name"], row["received_on"], row["effective_on"]) == (
        "Elmwood Police Department", "2026-03-02", "2027-05-01",
    )  # fmt: skip


def test_the_import_page_says_what_a_row_is_and_which_columns_are_read(registrar):
    page = registrar.get(page_of(Approval, "import")).content.decode()
    assert "A paper with two dates has two rows" in page
    assert "event_source" in page
    assert "agency_name" not in page, "columns for the reader only are not asked for"


# The FBI's list


def test_the_list_of_illinois_agencies_comes_in_as_it_is(registrar):
    made.agency("McHenry Police Department", "McHenry", ori="IL0561200", telephone="815 555 0100", city="McHenry")
    answer = upload(registrar, Agency, (DATA / "illinois" / "agencies.csv").read_bytes(), "illinois_agencies.csv")
    assert problems_of(answer) == []
    notes = answer.context["outcome"].notes
    assert "it adds agencies and changes none that the register has" in answer.content.decode()
    assert "1 of its 9 agencies are in the register already and stay as they are." in notes
    confirm(registrar, Agency, answer)
    assert Agency.objects.count() == 9
    mchenry = Agency.objects.get(ori="IL0561200")
    assert (mchenry.telephone, mchenry.city) == ("815 555 0100", "McHenry"), "what the register has stays"
    assert set(Agency.objects.with_status_on(date(2026, 5, 1)).values_list("status", flat=True)) == {"prospect"}
    again = upload(registrar, Agency, (DATA / "illinois" / "agencies.csv").read_bytes())
    assert (again.context["outcome"].new, again.context["outcome"].changed) == (0, 0)


def excerpt(name):
    call_command("load_example", str(DATA / "illinois"))
    return Agency.objects.get(name=name)


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        pytest.param("Illinois State Police", "kind", "state", id="the state police are of the state"),
        pytest.param("Illinois Commerce Commission", "kind", "state", id="other state agencies too"),
        pytest.param("Illinois Commerce Commission", "city", "Springfield", id="capitals are undone"),
        pytest.param("Chicago Heights Park District", "latitude", None, id="no point is known"),
        pytest.param("Illinois State Police", "latitude", None, id="the FBI's point is often a centroid: left out"),
        pytest.param("Mount Prospect Police Department", "sworn_officers", 86, id="sworn officers, where counted"),
        pytest.param("Mount Prospect Police Department", "sworn_as_of", date(2023, 10, 31), id="as of 31 October"),
        pytest.param("Addison Police Department", "sworn_officers", None, id="a 0 means not reported"),
        pytest.param("McHenry Police Department", "city", "McHenry", id="a city is spelled as its agency spells it"),
    ],
)
def test_the_known_faults_of_the_list_are_met(name, field, value):
    assert getattr(excerpt(name), field) == value


def test_counties_of_the_list_are_those_of_the_register():
    assert [c.name for c in excerpt("Belleville Police Department").counties.all()] == ["St. Clair"]
    assert not excerpt("Illinois State Police").counties.exists()
    assert County.objects.count() == 102


# The documented records of 2018


def files():
    """Each file, with the record that it holds."""
    return [(file, TABLES[file.stem.split("-", 1)[1]]._meta.model) for file in sorted(FOLDER.glob("*.csv"))]


def test_the_admin_and_the_command_make_the_same_register(client):
    administrator(client)
    for file, model in files():
        answer = upload(client, model, file.read_bytes(), file.name)
        assert problems_of(answer) == [], file.name
        confirm(client, model, answer)
    by_hand = snapshot()
    call_command("load_example", str(FOLDER))
    assert snapshot() == by_hand, "the command finds nothing to change in what the admin imported"
    assert Agency.objects.count() == Participation.objects.count() == 24


def test_the_command_alone_makes_that_register_too_and_twice_is_once(client):
    call_command("load_example", str(FOLDER))
    alone = snapshot()
    call_command("load_example", str(FOLDER))
    assert snapshot() == alone
    administrator(client)
    for file, model in files():
        outcome = upload(client, model, file.read_bytes(), file.name).context["outcome"]
        assert (outcome.new, outcome.changed, outcome.problems) == (0, 0, []), file.name


# The command


def test_the_command_names_the_file_and_the_row_and_writes_nothing(tmp_path):
    (tmp_path / "1-agencies.csv").write_text(table("ori,name", ["IL0160001", "Elmwood Police Department"]))
    (tmp_path / "2-officials.csv").write_text(
        table("agency,name,capacity", ["IL0160001", "Kim Oak", "Boss"], ["IL0160002", "Robin Vale", "clerk"])
    )
    with pytest.raises(CommandError) as refusal:
        call_command("load_example", str(tmp_path))
    said = str(refusal.value)
    assert "2-officials.csv is not good; nothing was imported." in said
    assert "Row 2, capacity: “Boss” is not one of: Chief executive officer (commanding officer);" in said
    assert "Row 3, agency: There is no agency with the ORI or name “IL0160002”" in said
    assert not Agency.objects.exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "3-members.csv",
            "3-members.csv: nothing of this name is imported. The names are: agreement-versions, agencies",
        ),
        (
            "3-agencies.csv",
            "3-agencies.csv: The file is empty. Its first row must name the columns. Nothing was imported.",
        ),
    ],
)
def test_the_command_says_what_it_cannot_read(tmp_path, name, said):
    (tmp_path / name).write_text("")
    with pytest.raises(CommandError, match=said):
        call_command("load_example", str(tmp_path))


def test_the_command_wants_a_folder_with_tables(tmp_path):
    with pytest.raises(CommandError, match="holds no CSV or XLSX file"):
        call_command("load_example", str(tmp_path))
    with pytest.raises(CommandError, match="is not a folder"):
        call_command("load_example", str(tmp_path / "nowhere"))
