"""The verification: whatever is changed behind the register's back is found, named, and ends with exit status 1."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection

from documents.services import file_scan
from membership.models import Participation
from tests.membership.conftest import said_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(register):
    """A scan on file."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    written = io.BytesIO()
    pdf.save(written)
    clerk = get_user_model().objects.create_superuser("clerk")
    return file_scan(uploaded=ContentFile(written.getvalue(), "scan.pdf"), title="Ordinance 90-1", user=clerk)


PROCEEDING = (
    "Proceeding against Fernley Police Department, opened 3 December 2013: the Board's decision is stored as taking "
)


def in_sql(statement, *values):
    """Change the database behind the register's back."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount != 0


def verified():
    """The lines of the report; the exit status is 1 when there are any, and without any it says all is in order."""
    out, status = io.StringIO(), 0
    try:
        call_command("verify_register", stdout=out)
    except CommandError as error:
        status = error.returncode
    *lines, last = [line for line in out.getvalue().splitlines() if not line.startswith("Verified: ")] or [""]
    if status == 0:
        assert (lines, last) == ([], "Everything is in order.")
        return []
    assert status == 1
    return [*lines, last]


def test_a_register_in_order_is_found_in_order(paper):
    said = said_by("verify_register")
    assert "approvals 3, Termination Notices 1, proceedings 2, participations 3" in said
    assert "papers 1" in said
    assert said.endswith("Everything is in order.\n")
    report = json.loads(said_by("verify_register", json=True))
    assert (report["in_order"], report["drift"], report["verified"]["papers"]) == (True, [], 1)


@pytest.mark.parametrize(
    ("statement", "lines"),
    [
        pytest.param(
            "UPDATE membership_approval SET latest_on = '1990-06-05' WHERE agency_id = {foxfield}",
            ["Ordinance 90-1, Foxfield Police Department: the Approval is stored as between 5 March 1990 and "
             "5 June 1990; the dates recorded for it give 5 March 1990."],
            id="the bounds of an approval",
        ),
        pytest.param(
            "UPDATE membership_approvaldate SET \"on\" = '1990-06-05' WHERE approval_id = {approval}",
            ["Ordinance 90-1, Foxfield Police Department: the Approval is stored as 5 March 1990; "
             "the dates recorded for it give 5 June 1990."],
            id="a date that an approval rests on",
        ),
        pytest.param(
            "UPDATE membership_terminationnotice SET effective_on = '2017-05-01'",
            ["Termination Notice of Foxfield Police Department, received 1 June 2015: it is stored as taking effect on "
             "1 May 2017; received on 1 June 2015, it takes effect on 1 May 2016 (Agreement §4.A).",
             "Foxfield Police Department, stint 1: its first day out by withdrawal is stored as 1 May 2016; "
             "its Termination Notices give 1 May 2017."],
            id="the day a notice takes effect",
        ),
        pytest.param(
            "UPDATE membership_participation SET withdrawn_on = NULL WHERE agency_id = {foxfield}",
            ["Foxfield Police Department, stint 1: its first day out by withdrawal is stored as no day; "
             "its Termination Notices give 1 May 2016."],
            id="a withdrawal undone",
        ),
        pytest.param(
            "UPDATE membership_participation SET terminated_on = '2020-01-01' WHERE agency_id = {larkfield}",
            ["Larkfield Police Department, stint 1: its first day out by termination is stored as 1 January 2020; "
             "its proceedings give no day."],
            id="a termination that the Board never decided",
        ),
        pytest.param(
            "UPDATE membership_proceeding SET effective_on = '2014-02-20' WHERE outcome = 'suspended'",
            [f"{PROCEEDING}effect on 20 February 2014; the vote and the motion give 12 February 2014 (Reading R20)."],
            id="the first day of a suspension",
        ),
        pytest.param(
            "UPDATE membership_proceeding SET named_on = '2014-01-01' WHERE outcome = 'suspended'",
            [f"{PROCEEDING}effect on 12 February 2014; a decision of 11 February 2014 cannot take effect on 1 January 2014, "
             "before the vote (Reading R20)."],
            id="a day named before the vote",
        ),
        pytest.param(
            "UPDATE membership_proceeding SET outcome = 'dismissed' WHERE outcome = 'terminated'",
            [f"{PROCEEDING}effect on 11 March 2015; nothing was decided that takes effect.",
             "Fernley Police Department, stint 1: its first day out by termination is stored as 11 March 2015; "
             "its proceedings give no day."],
            id="a termination turned into a dismissal",
        ),
    ],
)  # fmt: skip
def test_a_date_changed_behind_the_registers_back_is_found(register, statement, lines):
    larkfield, foxfield, _fernley = register
    approval = foxfield.approvals.get().pk
    in_sql(statement.format(larkfield=larkfield.pk, foxfield=foxfield.pk, approval=approval))
    assert verified() == lines


def test_changed_bytes_of_a_paper_are_found(paper):
    Path(paper.file.path).write_bytes(b"%PDF-1.7 something else")
    (line,) = verified()
    assert line.startswith(f"{paper}: its SHA-256 was filed as {paper.sha256}; the stored file gives ")


def test_a_paper_whose_file_is_gone_is_found(paper):
    Path(paper.file.path).unlink()
    (line,) = verified()
    assert line.startswith(f"{paper}: its file {paper.file.name} cannot be read; ")


def test_a_guard_that_was_taken_away_is_found(register):
    table = "membership_historicalagency"
    if connection.vendor == "postgresql":
        in_sql("SET CONSTRAINTS ALL IMMEDIATE")
        in_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            names = [name for (name,) in cursor.fetchall()]
        assert names
        for name in names:
            in_sql(f'DROP TRIGGER "{name}"')
    lines = verified()
    assert len(lines) == 3
    assert all(line.startswith(f"The database's guard {table}: ") and "is not there" in line for line in lines)


def test_stints_that_share_a_day_are_found(register):
    larkfield, _foxfield, _fernley = register
    papers = larkfield.participations.get()
    Participation.objects.create(
        agency=larkfield, number=2, path="new", approval=papers.approval, execution=papers.execution,
        board_approved_on=date(2017, 3, 7), dues_required=False,
    )  # fmt: skip
    assert verified() == [
        "Larkfield Police Department: two stints share a day, one from 19 March 1990 and one from 7 March 2017; "
        "stints never overlap (Agreement §5.B)."
    ]


def test_stints_that_only_meet_are_in_order(register):
    _larkfield, foxfield, _fernley = register
    papers = foxfield.participations.get()
    Participation.objects.create(
        agency=foxfield, number=2, path="new", approval=papers.approval, execution=papers.execution,
        board_approved_on=date(2016, 5, 1), dues_required=False,
    )  # fmt: skip
    assert verified() == []


def test_the_report_as_json_names_the_record_and_both_days(register, capsys):
    in_sql("UPDATE membership_participation SET withdrawn_on = '2016-05-02' WHERE withdrawn_on IS NOT NULL")
    out = io.StringIO()
    with pytest.raises(CommandError, match="drifted in 1 thing"):
        call_command("verify_register", json=True, stdout=out)
    report = json.loads(out.getvalue())
    (drift,) = report["drift"]
    assert report["in_order"] is False
    assert (drift["kind"], drift["record"]) == ("membership.participation", "Foxfield Police Department, stint 1")
    assert drift["key"] == Participation.objects.get(withdrawn_on__isnull=False).pk
    assert ("2 May 2016" in drift["stored"], "1 May 2016" in drift["computed"]) == (True, True)
