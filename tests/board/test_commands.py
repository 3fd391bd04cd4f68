"""The commands about the Board at the office's console, asked of the demonstration; and what the verification finds."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError
from django.db import connection

from board.models import ApprovedMinutes, BylawsVersion, Meeting, Motion
from board.verification import _seal, drift_of_the_board
from tests.membership.conftest import said_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


# The quorum of a meeting


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        pytest.param("10:02", "10:02: a quorum is present", id="from the call to order"),
        pytest.param("2025-07-08 10:30", "10:30: a quorum is present", id="the minute before two left"),
        pytest.param("2025-07-08 10:31", "10:31: no quorum is present", id="the minute in which two left"),
        pytest.param("7/8/2025 10:51", "10:51: no quorum is present", id="the minute before one came"),
        pytest.param("10:52", "10:52: a quorum is present", id="the minute in which one came"),
        pytest.param(None, "10:02: a quorum is present", id="without a moment: when it was first gained"),
    ],
)
def test_the_quorum_is_told_for_any_minute_of_the_meeting(at, answer):
    said = said_by("quorum", "board:2025-07-08", at=at)
    assert said.startswith(f"Board meeting, 8 July 2025, {answer}\n")
    assert "  - 10:31: lost, 5 present\n  - 10:52: gained, 6 present\n" in said


def test_the_quorum_as_json_is_the_finding_whole():
    found = json.loads(said_by("quorum", "annual:2026-05-14", at="2026-05-14 19:42", json=True))
    assert (found["meeting"], found["at"]) == ("Annual General Meeting, 14 May 2026", "2026-05-14T19:42-05:00")
    assert (found["value"], found["determined"], found["missing"]) == (True, True, [])
    assert found["because"] == [
        {
            "text": "60 of 74 active agencies present; more than half of 74 is 38",
            "citations": ["Bylaws Art. XIII §2"],
        }
    ]
    assert [(turn["present"], turn["stands"]) for turn in found["turns"]] == [(57, True)]


def test_a_meeting_under_bylaws_without_figures_tells_what_was_recorded_by_hand():
    said = said_by("quorum", "special:2019-02-05")
    assert "a quorum is present" in said
    assert "recorded by hand: a quorum was present" in said


# The outcome of a motion


@pytest.mark.parametrize("asked", ["annual:2026-05-14/3", "Annual:5/14/2026/3", " annual:2026-05-14/3 ", "pk"])
def test_a_motion_is_found_as_a_person_types_it(asked):
    motion = Motion.objects.get(text__startswith="To ask the Board for a second general meeting")
    said = said_by("outcome", str(motion.pk) if asked == "pk" else asked)
    assert said.startswith("Motion 3, Annual General Meeting, 14 May 2026 (Ordinary motion): Failed\n")
    assert "more than half of 60 active agencies present is 31; 30 for: not carried [Bylaws Art. XIII §3" in said


def test_the_outcome_as_json_is_the_finding_whole_and_says_what_it_depends_on():
    found = json.loads(said_by("outcome", "board:2026-03-10/2", json=True))
    assert (found["motion"], found["state"], found["value"]) == (
        "Motion 2, Board meeting, 10 March 2026",
        "failed",
        False,
    )
    assert found["flags"][0]["text"].startswith("depends on the reading (R10)")
    assert "Reading R10" in found["readings"]


# The Board on a day


def test_the_board_on_a_day_names_each_seat_and_why_one_is_vacant():
    said = said_by("board", on="2026-12-01")
    assert said.startswith("On 1 December 2026, under Bylaws as amended in 2025: 9 members in office.\n")
    assert "vacant since 9 September 2026: East Harrow Police Department was no longer active" in said
    found = json.loads(said_by("board", on="2026-12-01", json=True))
    assert (found["in_office"], len(found["seats"])) == (9, 11)
    assert [seat["state"] for seat in found["seats"]].count("vacant") == 2


def test_between_the_resignation_and_the_succession_the_board_says_who_succeeds():
    assert "the Vice-President succeeds for the remainder of the term" in said_by("board", on="2026-01-10")


# What is meant by nothing


@pytest.mark.parametrize(
    ("command", "words"),
    [
        pytest.param(
            ("quorum", "annual:2026-05-15"), "The nearest are annual:2025-05-08, annual:2026-05-14", id="no such day"
        ),
        pytest.param(("quorum", "agm:2026-05-14"), "The kinds are: annual, special, board", id="no such kind"),
        pytest.param(("quorum", "annual"), "names no meeting", id="no day"),
        pytest.param(("quorum", "annual:2026-02-30"), "there is no 30 February 2026", id="no day of the calendar"),
        pytest.param(("quorum", "999999999"), "No meeting has the number 999999999", id="no such number"),
        pytest.param(("quorum", ""), "names no meeting", id="blank"),
        pytest.param(("quorum", "board:2025-07-08", "--at", "25:00"), "is no hour", id="no hour"),
        pytest.param(("quorum", "board:2025-07-08", "--at", "noon"), "is no moment", id="no moment"),
        pytest.param(("quorum", "board:2025-07-08", "--at", "10:01"), "was held from 2025-07-08 10:02 to", id="before"),
        pytest.param(("quorum", "board:2025-07-08", "--at", "11:11"), "to 2025-07-08 11:10", id="after"),
        pytest.param(
            ("quorum", "board:2026-12-08", "--at", "10:01"), "has not been called to order", id="not held yet"
        ),
        pytest.param(("outcome", "annual:2026-05-14/9"), "its motions are 1 to 3", id="no such motion"),
        pytest.param(("outcome", "board:2025-01-14/1"), "it has no motions", id="a cancelled meeting"),
        pytest.param(("outcome", "annual:2026-05-14"), "names no motion", id="a meeting for a motion"),
        pytest.param(("board", "--on", "1985-01-01"), "No version of the bylaws covers 1 January 1985", id="no bylaws"),
    ],
)
def test_what_names_nothing_is_refused_in_words_that_teach(command, words):
    with pytest.raises(CommandError, match=words):
        said_by(*command)


def test_two_meetings_of_a_kind_on_one_day_are_told_apart_by_their_numbers():
    first = Meeting.objects.get(kind="board", starts_at__date="2026-12-08")
    first.pk, first._state.adding = None, True
    first.starts_at = first.starts_at.replace(hour=20)
    first.save()
    with pytest.raises(CommandError, match=f"2 meetings of this kind .* type the number, .*{first.pk} at 14:00"):
        said_by("quorum", "board:2026-12-08")


# The bylaws' text


def test_the_text_of_the_bylaws_is_stored_with_its_version(tmp_path):
    path = tmp_path / "bylaws.md"
    path.write_text("<!-- transcribed -->\n# Bylaws\n\nArticle I.\n")
    said = said_by("load_instrument", str(path), bylaws="2025")
    assert "Stored the text, Bylaws as amended in 2025" in said
    version = BylawsVersion.objects.get(title="Bylaws as amended in 2025")
    assert version.text == "# Bylaws\n\nArticle I.\n"
    assert version.history.first().history_change_reason.startswith("Text loaded from bylaws.md, SHA-256 ")
    assert "nothing was written" in said_by("load_instrument", str(path), bylaws="bylaws as  amended in 2025")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(
            {"bylaws": "1776"}, "There are no bylaws “1776”. Give one title: Bylaws of 1988", id="no such year"
        ),
        pytest.param({}, "one of the arguments --edition --bylaws is required", id="neither"),
    ],
)
def test_a_text_without_its_version_is_refused(tmp_path, arguments, words):
    path = tmp_path / "bylaws.md"
    path.write_text("# Bylaws\n")
    with pytest.raises(CommandError, match=words):
        said_by("load_instrument", str(path), **arguments)


# The verification


OF = "id = (SELECT m.id FROM board_motion m JOIN board_meeting g ON g.id = m.meeting_id WHERE "


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        pytest.param(
            "UPDATE board_motion SET present = 61 WHERE ayes = 30 AND nays = 20",
            "Motion 3, Annual General Meeting, 14 May 2026: 61 are stored as present at the vote; attendance gives 60",
            id="present",
        ),
        pytest.param(
            "UPDATE board_motion SET entitled = 70 WHERE ayes = 30 AND nays = 20",
            "70 are stored as entitled; the frozen roll gives 74",
            id="entitled",
        ),
        pytest.param(
            "UPDATE board_motion SET seats = 9 WHERE method = 'roll_call' AND ayes = 5",
            "9 seats of the Board are stored; the bylaws give 11",
            id="seats",
        ),
        pytest.param(
            "UPDATE board_motion SET ayes = 6 WHERE method = 'roll_call' AND ayes = 5",
            "stored are 6 for, 1 against, 0 abstained; the votes of the roll call give 5 for, 1 against, 0 abstained",
            id="the count of a roll call",
        ),
        pytest.param(
            "UPDATE board_motion SET state = 'carried' WHERE ayes = 30 AND nays = 20",
            "it is stored as carried; the rules give failed",
            id="the outcome",
        ),
        pytest.param(
            "UPDATE board_officeterm SET until_on = '2030-01-01' WHERE from_on = '2026-06-09'",
            "it is stored as running to 1 January 2030; a full term runs to 9 June 2027",
            id="the end of a full term",
        ),
        pytest.param(
            "UPDATE board_officeterm SET ended_on = '2026-01-20' WHERE ended_on = '2026-01-06'",
            "it is stored as ended on 20 January 2026; Quentin Sizemore's term in the seat begins on 13 January 2026",
            id="two terms that overlap",
        ),
        pytest.param(
            "UPDATE board_election SET winner_id = NULL WHERE winner_id = (SELECT min(winner_id) FROM board_election)",
            "nobody is stored as elected; the ballots elect",
            id="the winner of an election",
        ),
        pytest.param(
            "UPDATE membership_proceeding SET outcome = 'dismissed' WHERE effective_on = '2025-01-01'",
            "the register does not hold what it did (Termination for unmet obligations)",
            id="an act undone",
        ),
        pytest.param(
            "UPDATE membership_participation SET terminated_on = '2026-05-14' WHERE terminated_on = '2025-01-01'",
            "Timberlea Police Department is not on it and counts that day by today's records",
            id="a roll that today's records would not give",
        ),
    ],
)
def test_what_was_changed_behind_the_registers_back_is_found(statement, line):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 1
    found = [drift for _name, _count, drifts in drift_of_the_board() for drift in drifts]
    assert any(line in str(drift) for drift in found), [str(drift) for drift in found]


def test_a_seal_that_does_not_fit_its_content_is_found():
    row = ApprovedMinutes.objects.first()
    assert list(_seal(row)) == []
    row.content += " "
    (drift,) = _seal(row)
    assert "its SHA-256 was stored as" in str(drift)


def test_a_roll_that_differs_is_a_remark_and_leaves_the_register_in_order():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE board_rollentry SET entitled = FALSE, settled_because = '' WHERE name LIKE 'Larkfield%'")
        cursor.execute("UPDATE board_motion SET entitled = entitled - 1 WHERE seats = 0")
    report = json.loads(said_by("verify_register", json=True))
    assert (report["in_order"], len(report["remarks"])) == (True, 6)


def test_the_demonstration_as_loaded_is_in_order():
    assert said_by("verify_register").endswith("Everything is in order.\n")
