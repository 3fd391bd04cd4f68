"""The commands at the office's console: the roll, one agency's standing, the instruments, and the verification."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.utils import timezone

from membership.models import (
    Agency,
    AgreementVersion,
    County,
    Participation,
)
from nipas_admin.shared import tables
from tests.membership.conftest import said_by

pytestmark = pytest.mark.django_db


# The roll


@pytest.mark.parametrize(
    ("on", "status", "names"),
    [
        pytest.param("1990-03-18", None, [], id="nobody the day before the head signed"),
        pytest.param(
            "1990-03-19", None, ["Fernley", "Foxfield", "Larkfield"], id="the active ones unless asked otherwise"
        ),
        pytest.param("3/31/2014", None, ["Foxfield", "Larkfield"], id="who is suspended is not on the roll"),
        pytest.param("2014-04-01", None, ["Fernley", "Foxfield", "Larkfield"], id="back on the first day back"),
        pytest.param("2016-04-30", None, ["Foxfield", "Larkfield"], id="on the roll until its notice takes effect"),
        pytest.param("2016-05-01", None, ["Larkfield"], id="off the roll on the first day out"),
        pytest.param("2016-05-01", ["withdrawn", "terminated"], ["Fernley", "Foxfield"], id="two statuses asked for"),
        pytest.param("2016-05-01", ["lapsed"], [], id="a status nobody has"),
        pytest.param("2016-05-01", ["all"], ["Fernley", "Foxfield", "Larkfield", "Yewdale"], id="every agency"),
    ],
)
def test_the_roll_names_who_has_the_status_on_the_day(register, on, status, names):
    found = json.loads(said_by("roll", on=on, status=status, format="json"))
    assert [row["agency"].split()[0] for row in found["agencies"]] == names
    assert found["count"] == len(names)


def test_the_three_formats_of_the_roll_say_the_same(register):
    rows = json.loads(said_by("roll", on="2015-12-31", status=["all"], format="json"))["agencies"]
    table = said_by("roll", on="2015-12-31", status=["all"])
    lines = list(
        csv.DictReader(io.StringIO(said_by("roll", on="2015-12-31", status=["all"], format="csv").lstrip("\ufeff")))
    )
    assert [(line["agency"], line["status"], line["notice_ends_on"]) for line in lines] == [
        ("Fernley Police Department", "terminated", ""),
        ("Foxfield Police Department", "active", "2016-05-01"),
        ("Larkfield Police Department", "active", ""),
        ("Yewdale Police Department", "prospect", ""),
    ]
    assert [(row["agency"], row["status"], row["notice_ends_on"] or "") for row in rows] == [
        (line["agency"], line["status"], line["notice_ends_on"]) for line in lines
    ]
    assert table.splitlines()[0] == "On 31 December 2015: every agency. 4 of 4 agencies."
    assert "IL0ZZ0020  Foxfield Police Department   Lake            Active (notice pending, ends 1 May 2016)" in table
    assert "no ORI     Yewdale Police Department" in table


def test_without_a_day_the_roll_is_that_of_today_in_chicago(register, monkeypatch):
    # 04:30 of 1 May in London is 23:30 of 30 April in Chicago: Foxfield is still active.
    monkeypatch.setattr(timezone, "now", lambda: datetime(2016, 5, 1, 4, 30, tzinfo=UTC))
    assert "On 30 April 2016: active. 2 of 4 agencies." in said_by("roll")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_a_formula_in_a_name_stays_text_in_the_csv(name):
    Agency.objects.create(name=name)
    written = said_by("roll", on="2020-01-01", status=["all"], format="csv")
    cell = next(csv.DictReader(io.StringIO(written.lstrip("\ufeff"))))["agency"]
    assert cell == f"'{name}"
    assert tables.unescape(cell) == name


def test_the_roll_takes_as_many_queries_for_one_agency_as_for_many(register, django_assert_num_queries):
    with django_assert_num_queries(4):  # terms, agencies, their counties, how many there are
        said_by("roll", on="2015-12-31", status=["all"])
    for number in range(20):
        Agency.objects.create(name=f"Agency {number}").counties.add(County.objects.get(name="Cook"))
    with django_assert_num_queries(4):
        said_by("roll", on="2015-12-31", status=["all"])


@pytest.mark.parametrize(
    ("on", "words"),
    [
        pytest.param("2026-02-30", "there is no 30 February 2026", id="no such day"),
        pytest.param("1/2/49", "leaves the century open", id="two digits of a year"),
        pytest.param("next May", "is not a day", id="words"),
        pytest.param("", "is not a day", id="blank"),
        pytest.param("0001-01-01", "outside the register", id="before the register"),
        pytest.param("9999-12-31", "outside the register", id="after the register"),
    ],
)
@pytest.mark.parametrize("command", [("roll",), ("standing", "Larkfield")])
def test_a_day_that_is_none_is_refused_in_words(register, command, on, words):
    with pytest.raises(CommandError, match=words):
        said_by(*command, on=on)


# The standing of one agency


@pytest.mark.parametrize(
    "asked",
    [
        "Foxfield Police Department",
        "foxfield police department",
        "  FOXFIELD   police department ",
        "foxfield",
        "il0zz0020",
    ],
)
def test_an_agency_is_found_by_name_or_ori_whatever_the_capitals(register, asked):
    assert said_by("standing", asked, on="2015-12-31").startswith("Foxfield Police Department (IL0ZZ0020)\n")


def test_a_name_goes_before_a_name_with_the_usual_ending(register):
    Agency.objects.create(name="Foxfield")
    assert said_by("standing", "foxfield", on="2015-12-31").startswith("Foxfield (no ORI)\n")


def test_the_standing_is_said_whole(register):
    said = said_by("standing", "foxfield", on="2015-12-31")
    for line in (
        "On 31 December 2015: Active",
        "  - approved by Ordinance 90-1: 5 March 1990 (on file) [Bylaws Art. III §1]",
        "  - 1 May 2016: Withdrawn",
        "Because:",
        "Will happen:",
        "With the ending:",
    ):
        assert f"{line}\n" in said
    assert "Termination Notice received 1 June 2015: participation ends on 1 May 2016" in said


def test_what_is_missing_is_said(register):
    Participation.objects.create(agency=Agency.objects.get(name="Yewdale Police Department"), path="original")
    said = said_by("standing", "yewdale", on="2015-12-31")
    assert "On 31 December 2015: Not determined\n" in said
    assert "Missing:\n  - the Approval by which it began: not on file\n" in said


def test_the_standing_as_json_is_the_finding_whole(register):
    found = json.loads(said_by("standing", "fernley", on="2014-03-01", json=True))
    assert (found["agency"], found["ori"], found["on"], found["status"]) == (
        "Fernley Police Department", "IL0ZZ0030", "2014-03-01", "suspended",
    )  # fmt: skip
    assert found["finding"]["value"] == "suspended"
    assert {"text", "on", "citations"} <= set(found["finding"]["because"][0])
    assert found["ahead"] == [{"on": "2014-04-01", "status": "active"}, {"on": "2015-03-11", "status": "terminated"}]
    assert found["consequences"]


@pytest.mark.parametrize(
    ("asked", "advice"),
    [
        pytest.param("Foxfeild", "Did you mean Foxfield Police Department", id="misspelled"),
        pytest.param("fern", "Did you mean Fernley Police Department", id="a part of the name"),
        pytest.param(
            "police", "Fernley Police Department or Foxfield Police Department or Larkfield", id="a part of many"
        ),
        pytest.param("zzz", "Give its ORI or its name as the roll shows it", id="nothing near"),
        pytest.param("  ", "Give its ORI or its name as the roll shows it", id="blank: not the one without an ORI"),
        pytest.param("%", "Give its ORI or its name as the roll shows it", id="no wildcard"),
    ],
)
def test_an_agency_that_is_not_there_brings_suggestions(register, asked, advice):
    with pytest.raises(CommandError, match=advice):
        said_by("standing", asked, on="2015-12-31")


def test_an_empty_register_says_so():
    with pytest.raises(CommandError, match="holds no agencies yet"):
        said_by("standing", "Foxfield", on="2015-12-31")
    assert said_by("roll", on="2015-12-31") == "On 31 December 2015: active. 0 of 0 agencies.\n"


# The instruments


def test_an_instrument_is_stored_without_its_comments_and_with_history(tmp_path):
    path = tmp_path / "agreement.md"
    path.write_bytes(
        "\ufeff<!-- transcribed\nby hand -->\r\n# Agreement\r\n\r\nWHEREAS  \r\nso.<!-- sic -->\r\n".encode()
    )
    said = said_by("load_instrument", str(path), edition="amended")
    version = AgreementVersion.objects.amended()
    assert version.text == "# Agreement\n\nWHEREAS  \nso.\n"
    assert "2 comments left out." in said
    assert "It had no text before." in said
    entry = version.history.latest()
    assert entry.text == version.text
    assert entry.history_change_reason.startswith("Text loaded from agreement.md, SHA-256 ")
    assert entry.history_change_reason.split()[-1] in said


def test_loading_the_same_text_again_writes_nothing(tmp_path):
    path = tmp_path / "agreement.md"
    path.write_text("# Agreement\n")
    said_by("load_instrument", str(path), edition="original")
    entries = AgreementVersion.history.count()
    assert "nothing was written" in said_by("load_instrument", str(path), edition="original")
    assert AgreementVersion.history.count() == entries


def test_a_new_text_says_what_changed_and_keeps_the_old_one(tmp_path):
    path = tmp_path / "agreement.md"
    path.write_text("one\ntwo\nthree\n")
    before = AgreementVersion.objects.get(edition="original").history.count()
    said_by("load_instrument", str(path), edition="original")
    path.write_text("one\n2\nthree\nfour\n")
    said = said_by("load_instrument", str(path), edition="original")
    assert "2 lines added, 1 removed" in said
    version = AgreementVersion.objects.get(edition="original")
    assert [entry.text for entry in version.history.order_by("history_id")[before:]] == [
        "one\ntwo\nthree\n",
        "one\n2\nthree\nfour\n",
    ]
    assert AgreementVersion.objects.amended().text == ""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "is empty; nothing was written", id="empty"),
        pytest.param(b" \n\n", "is empty; nothing was written", id="blank"),
        pytest.param(b"<!-- only this -->\n", "is empty but for its comments", id="nothing but a comment"),
        pytest.param(
            b"# A\n\n<!-- never\nclosed\n", "the comment that begins on line 3 never ends", id="an open comment"
        ),
        pytest.param(b"# A\n\xe9t\xe9\n", r"not text in UTF-8 \(line 2\)", id="Latin-1"),
        pytest.param("# Agreement\n".encode("utf-16"), "not text in UTF-8", id="UTF-16"),
        pytest.param(b"# A\nb\x00c\n", "line 2 holds a control character", id="binary"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "not text in UTF-8", id="a PDF"),
        pytest.param(b"<!DOCTYPE html><p>Agreement</p>", "is an HTML page", id="an HTML page"),
        pytest.param(b"a" * (1024 * 1024 + 1), "has 1,048,577 bytes", id="too large"),
    ],
)
def test_what_is_no_text_is_refused_in_words_and_nothing_is_written(tmp_path, content, words):
    path = tmp_path / "agreement.md"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=words):
        said_by("load_instrument", str(path), edition="amended")
    assert AgreementVersion.objects.amended().text == ""


def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path):
    for path in (tmp_path, tmp_path / "missing.md"):
        with pytest.raises(CommandError, match="cannot be read"):
            said_by("load_instrument", str(path), edition="amended")


def test_the_console_gets_exit_status_1_and_words_instead_of_a_traceback(tmp_path):
    """As a process of its own: what a script that calls the command sees."""
    environment = {
        **os.environ,
        "NIPAS_VAR_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}",
    }
    arguments = [sys.executable, "manage.py", "roll", "--on", "2026-02-30"]
    done = subprocess.run(
        arguments, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert (
        done.stderr.strip().splitlines()[-1]
        == "CommandError: --on: “2026-02-30” is not a day: there is no 30 February 2026."
    )
    assert "Traceback" not in done.stderr
