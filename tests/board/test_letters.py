"""The Board's papers: what each says, what all keep to, and what they refuse to say."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.contrib.auth.models import Permission
from django.db import transaction

from board import services
from board.models import Election, Meeting, Minutes, Motion, OfficeTerm, RollEntry
from documents.letters import print_letter
from membership.models import Agency
from tests.board import factories as make
from tests.board.factories import at
from tests.board.papers import BOARD_DAY, COMING, LATER, LETTERS, LINES, Year, build, hold_a_year, refused
from tests.membership.reading import pages, words
from tests.membership.test_letters import font_descriptors

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: Any) -> Any:
    """The year, held once for all tests of this file, which leave it as it is."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield hold_a_year()
        transaction.set_rollback(True)


@pytest.fixture
def year(held: Year, db: None) -> Year:
    """The year, to print from."""
    return held


# --- Every kind ------------------------------------------------------------------------------------------------------


@pytest.fixture
def next_ballot(year: Year) -> Election:
    """An election whose first ballot is still to be taken."""
    meeting = make.meeting(on=date(2027, 5, 19))
    return make.election(meeting, "vice_president", make.chief(Agency.objects.order_by("pk")[20]))[0]


def record_for(kind: str, year: Year, next_ballot: Election) -> Any:
    """What this kind of paper is printed for."""
    return {
        "notice": year.special,
        "agency_notice": year.annual.roll.first().agency,
        "roll_sheet": year.special,
        "meeting_minutes": year.annual,
        "ballots": next_ballot,
        "tally_sheet": next_ballot,
        "minutes": year.board.minutes,
        "certificate": year.dues,
        "roster": None,
    }[kind]


@pytest.mark.parametrize("kind", LETTERS)
def test_every_kind_is_archivable_tagged_and_says_its_day_and_pages(
    kind: str, year: Year, next_ballot: Election
) -> None:
    known = LETTERS[kind]
    app, _, codename = known.permission.partition(".")
    record = record_for(kind, year, next_ballot)
    assert known.key == kind
    assert record is None or isinstance(record, known.record)  # type: ignore[arg-type]
    assert known.address(record).startswith(f"/board/letters/{kind}/")
    assert Permission.objects.filter(content_type__app_label=app, codename=codename).exists()

    pdf = print_letter(known, record, LATER)

    with pikepdf.open(BytesIO(pdf)) as paper:
        with paper.open_metadata() as said:
            assert (said["pdfaid:part"], said["pdfaid:conformance"], said["pdfuaid:part"]) == ("3", "U", "1")
        assert paper.Root.MarkInfo.Marked
        assert all("/FontFile3" in found or "/FontFile2" in found for found in font_descriptors(paper))
    read = pages(pdf)
    for number, page in enumerate(read, start=1):
        assert "As of 1 July 2026" in page
        assert f"Page {number} of {len(read)}" in page


# --- The notice ------------------------------------------------------------------------------------------------------


def test_the_notice_of_a_special_meeting_says_where_when_and_what_only(year: Year) -> None:
    read = year.read("notice", year.special)

    for part in (
        "1 July 2026 To the chief executive officers and designees of all participating agencies",
        "Notice of the special meeting, 9 September 2026",
        "is called by the President",
        "It may take up only the business named here.",
        "Wednesday, 9 September 2026, 6:00 PM",
        "Village Hall, 1 Main Street",
        "Telephone 312-555-0100",
        "18, of 35 active agencies (Bylaws Art. XIII §2)",
        "To fill the seat of an at-large member.",
        "For the President, Chief",
        "At-large member The Board",
        "3 Good of the order",
        "Not named in the call: no motion may be made",
    ):
        assert part in read, part


def test_the_agenda_marks_what_came_on_it_by_itself_and_numbers_its_tree(year: Year) -> None:
    found = {item.title: item for item in build("notice", year.special).agenda}

    assert found["Uniforms"].marks[0] == "Carried over from the Annual General Meeting, 20 May 2026"
    annual = build("notice", year.annual).agenda
    assert [(item.number, item.depth) for item in annual] == [("1", 0), ("2", 0), ("2.1", 1), ("3", 0)]


@pytest.mark.parametrize(
    ("sent_on", "said"),
    [
        pytest.param(date(2026, 5, 4), "the text was sent on 4 May 2026; 20 May 2026 less 15 days is 5 May 2026", id="before the last day"),
        pytest.param(date(2026, 5, 5), "the text was sent on 5 May 2026; 20 May 2026 less 15 days is 5 May 2026", id="on the last day"),
        pytest.param(date(2026, 5, 6), "less 15 days is 5 May 2026: too late", id="a day late"),
        pytest.param(None, "to be sent to all participating agencies by 5 May 2026: 20 May 2026 less 15 days", id="not sent"),
    ],
)  # fmt: skip
def test_the_notice_says_by_when_the_text_of_an_amendment_goes_out(sent_on: date | None, said: str, year: Year) -> None:
    year.amendment.sent_on = sent_on
    year.amendment.save()

    (amendment,) = build("notice", year.annual).amendments

    assert amendment.sent is (sent_on is not None)
    assert any(said in step.text for step in amendment.why), amendment.why


def test_a_notice_goes_to_one_agency_for_the_next_meeting_of_the_agencies(year: Year) -> None:
    agency = year.annual.roll.first().agency
    agency.street, agency.city, agency.zip_code = "12 Oak Street", "Elmwood", "60001"
    agency.save()

    letter = build("agency_notice", agency)

    assert letter.title == "Notice of the special meeting, 9 September 2026"
    assert letter.addressee[1:] == (agency.name, "12 Oak Street", "Elmwood, Illinois 60001")
    assert "No annual or special meeting is called" in refused("agency_notice", agency, date(2026, 9, 10))
    make.withdrawn(agency, date(2026, 6, 30))
    assert "does not participate on 1 July 2026" in refused("agency_notice", agency)


@pytest.mark.parametrize("kind", ["notice", "roll_sheet"])
def test_nothing_is_printed_for_a_meeting_that_was_cancelled(kind: str, year: Year) -> None:
    services.cancel(meeting=year.special, on=LATER, because="No quorum was to be had")

    said = refused(kind, Meeting.objects.get(pk=year.special.pk))

    assert said == "Special meeting, 9 September 2026 was cancelled on 1 July 2026: No quorum was to be had"


# --- The roll-call sheet ----------------------------------------------------------------------------------------------


def test_the_roll_sheet_has_a_line_for_each_agency_by_name_and_its_head_on_every_page(year: Year) -> None:
    read = pages(print_letter(LETTERS["roll_sheet"], year.special, LATER))

    names = [line.name for line in build("roll_sheet", year.special).lines]
    assert len(names) == 35
    assert names == sorted(names)
    assert all(" ".join(read).count(name) == 1 for name in names)
    assert len(read) > 1
    assert all("Represented by Signature person afar Arrived Left" in page for page in read)


def test_the_roll_sheet_of_the_board_has_all_seats_and_says_which_are_vacant(year: Year) -> None:
    services.end_term(term=OfficeTerm.objects.get(seat__office="treasurer"), ended_on=date(2026, 6, 15), why="resigned")

    lines = build("roll_sheet", make.meeting("board", on=date(2026, 7, 8))).lines

    assert len(lines) == 11
    assert [(line.name, line.note) for line in lines if line.note] == [("Treasurer", "Vacant")]


def test_the_roll_sheet_is_over_once_the_meeting_is(year: Year) -> None:
    assert "is adjourned: who was there stands in its minutes" in refused("roll_sheet", year.annual)


# --- Ballots and tally sheet ------------------------------------------------------------------------------------------


def test_there_are_as_many_ballots_as_may_vote_all_alike_and_none_named(year: Year, next_ballot: Election) -> None:
    letter = build("ballots", next_ballot)
    read = year.read("ballots", next_ballot)

    assert sum(len(row) for row in letter.rows) == letter.paper.voters == 35
    assert "35 ballots, one for each active agency" in read
    assert read.count("Mark one box.") == 35
    assert read.count(letter.paper.standing[0].name) == 35
    others = [agency.name for agency in Agency.objects.exclude(name=letter.paper.standing[0].agency)]
    assert not any(name in read for name in others), "a ballot names no voter"


def test_the_tally_sheet_says_what_must_add_up(year: Year, next_ballot: Election) -> None:
    read = year.read("tally_sheet", next_ballot)

    for part in (
        "Ballots printed: 35",
        "Illegal",
        "Blank not counted",
        "It must equal the ballots handed in (a); else count again.",
        "More than half of the votes cast: divide by 2, drop the fraction and add 1 (of 35: 18).",
        "(Bylaws Art. V §9; Reading R11)",
    ):
        assert part in read, part


@pytest.mark.parametrize("kind", ["ballots", "tally_sheet"])
def test_no_ballot_is_printed_where_there_is_none_to_take(kind: str, year: Year) -> None:
    assert "Ada Stone is elected" in refused(kind, year.election)

    make.meeting(on=date(2027, 5, 19))
    unnamed, _none = make.election(Meeting.objects.get(starts_at=at(18, on=date(2027, 5, 19))))
    assert refused(kind, unnamed) == "There is no ballot to take. Missing: a nomination."


# --- Minutes ---------------------------------------------------------------------------------------------------------


def test_minutes_tell_the_meeting_as_a_secretary_would(year: Year) -> None:
    read = year.read("meeting_minutes", year.annual)

    for part in (
        "Minutes of the Annual General Meeting Wednesday, 20 May 2026",
        "at Village Hall, 1 Main Street, under the Amended bylaws of 2018.",
        "called to order at 6:02 PM and adjourned at 8:10 PM",
        ", President, Agency",
        "20 of 35 active agencies attended, 1 of them from afar.",
        "19 of 35 active agencies present; more than half of 35 is 18 (Bylaws Art. XIII §2)",
        "The quorum was gained at 6:03 PM, 19 present; lost at 7:00 PM, 10 present.",
        "Suspended for law-enforcement activities from 6:50 PM until 6:55 PM: A call from Elmwood.",
        "The President welcomed the new members.",
        "1. Election of officers",
        "Ada Stone, Agency",
        "(by the Nominating Committee)",
        "(from the floor)",
        "Tellers’ report Ballot 1, 6:32 PM Ballot 2, 6:42 PM",
        "Ada Stone 8 12 Ben Marsh 7 8 Cy Holm 3 – Illegal, counted as cast 1 0 Blank, not counted 1 0 "
        "Ballots handed in 20 20 Agencies present 20 20",
        "Ada Stone was elected President.",
        "No majority: a second ballot between Ada Stone and Ben Marsh (Bylaws Art. V §9)",
        "2. Reports The Treasurer reported in full.",
        "2.1 Operational plan Sponsor: The System Manager",
        "30. Line 30 of the plan reads as sent.",
        "Vote: roll call, 12 for, 5 against, 2 abstained; declared at 6:25 PM. The motion carried.",
        "For (12): Agency",
        "Abstained (2): Agency",
        "1 present did not answer",
        "More than half of 20 active agencies present is 11; 12 for: carried",
        "3. Uniforms Carried over to the next meeting.",
        "Other business",
        "The motion was not put to a vote.",
        "10 for, 0 against, 1 abstained; declared at 7:11 PM. The motion failed; out of order.",
        "Out of order, without effect until a person decides: no quorum:",
        "The meeting was adjourned at 8:10 PM.",
        "Secretary of the meeting",
        "Presiding officer",
        "Roll of the meeting",
        "From afar",
        "Absent (15):",
    ):
        assert part in read, part
    assert "lost at 8:10 PM" not in read, "that everybody leaves on adjourning goes without saying"
    assert LINES.splitlines()[0] in read


def test_a_member_who_came_back_has_two_stays(year: Year) -> None:
    came = build("minutes", year.annual.minutes).attendance.came

    assert came[0].stays == (("6:03 PM", "7:00 PM", "In person"), ("7:05 PM", "8:10 PM", "In person"))
    assert came[1].stays == (("6:03 PM", "7:00 PM", "In person"),)


def test_minutes_of_the_board_say_what_depends_on_a_reading_beside_the_result(year: Year) -> None:
    read = year.read("minutes", year.board.minutes)

    for part in (
        "Draft, not approved",
        "7 of 11 members in office attended.",
        "5 for, 2 against, 0 abstained; declared at 9:06 AM. The motion failed; depends on the reading (R10).",
        "More than half of 11 members in office is 6; 5 for: not carried",
        "Counted on votes cast: more than half of 7 votes cast is 4; 5 for: carried (Reading R10)",
        "Vote: voice; declared at 9:11 AM. The motion carried.",
        "Minutes of the Annual General Meeting, 20 May 2026 are approved.",
    ):
        assert part in read, part
    assert "Represented by" not in read, "a member of the Board answers in person"


@pytest.mark.parametrize(
    ("day", "approved", "corrections"),
    [
        pytest.param(date(2026, 6, 9), False, 0, id="the day before they were approved"),
        pytest.param(BOARD_DAY, True, 0, id="the day they were approved"),
        pytest.param(date(2026, 6, 30), True, 0, id="the day before they were corrected"),
        pytest.param(LATER, True, 1, id="the day they were corrected"),
    ],
)
def test_minutes_are_a_draft_until_approved_and_list_corrections_after(
    day: date, approved: bool, corrections: int, year: Year
) -> None:
    minutes = Minutes.objects.get(meeting=year.annual)
    minutes.corrections.create(corrected_on=LATER, text="For *Elmwood* read *Foxfield*.")

    found = build("minutes", minutes, day)

    assert (found.approved is not None, len(found.corrections)) == (approved, corrections)
    assert found.notice == ("Approved on 10 June 2026" if approved else "Draft, not approved")


def test_approved_minutes_print_what_was_frozen_with_its_sum(year: Year) -> None:
    minutes = Minutes.objects.get(meeting=year.annual)
    before = year.read("meeting_minutes", year.annual)
    RollEntry.objects.filter(meeting=year.annual).update_with_history(name="Renamed since")

    after = words(print_letter(LETTERS["minutes"], minutes, LATER))

    assert after == before
    assert f"SHA-256 {minutes.approved.sha256}" in after
    assert "Approved on 10 June 2026 by Motion 2, Board meeting, 10 June 2026; printed" in after


def test_a_meeting_that_was_not_called_to_order_has_no_minutes(year: Year) -> None:
    assert refused("meeting_minutes", year.special) == (
        "Special meeting, 9 September 2026 has not been called to order: there are no minutes yet."
    )


# --- The certificate of a vote ----------------------------------------------------------------------------------------


def test_a_vote_is_certified_with_quorum_count_clause_and_arithmetic(year: Year) -> None:
    read = year.read("certificate", year.dues)

    for part in (
        "Motion 1, Board meeting, Wednesday, 10 June 2026",
        "under the Amended bylaws of 2018, this motion (dues, fees and rates) was put to the vote",
        "That the dues be $500.00 a year.",
        "The motion failed; the result depends on the reading (R10).",
        "Wednesday, 10 June 2026, 9:06 AM",
        "Roll call: 5 for, 2 against, 0 abstained",
        "Bylaws Art. XIII §4; Bylaws Art. III §7",
        "7 of 11 members in office present; quorum is 6 (Bylaws Art. IV §7)",
        "More than half of 11 members in office is 6; 5 for: not carried",
        "Counted on members present: more than half of 7 members present is 4; 5 for: carried",
        "The minutes of this meeting are not approved yet.",
        "Secretary",
        "(seal)",
    ):
        assert part in read, part


def test_nothing_is_certified_that_was_not_decided(year: Year) -> None:
    withdrawn = services.withdraw(motion=make.moved(make.opened("board", 7, on=LATER, hour=9), text="To wait."))

    assert refused("certificate", year.amendment) == (
        "The result of Motion 1, Annual General Meeting, 20 May 2026 is not declared: there is nothing to certify yet."
    )
    assert "was withdrawn: nothing was decided" in refused("certificate", withdrawn)
    assert "was decided on 10 June 2026: there is nothing to certify on 9 June 2026" in refused(
        "certificate", year.dues, date(2026, 6, 9)
    )


def test_a_vote_out_of_order_is_certified_only_once_a_person_holds_that_it_stands(year: Year) -> None:
    stray = Motion.objects.get(pk=year.stray.pk)

    waits = refused("certificate", stray)
    Motion.objects.filter(pk=stray.pk).update_with_history(stands=False, stands_because="No quorum")
    falls = refused("certificate", Motion.objects.get(pk=stray.pk))
    Motion.objects.filter(pk=stray.pk).update_with_history(stands=True, stands_because="Ratified")
    stands = build("certificate", Motion.objects.get(pk=stray.pk))

    assert "taken out of order" in waits
    assert "Settle it on the record first." in waits
    assert "a person decided that it does not stand: No quorum" in falls
    assert any("a person decided that it stands: Ratified" in flag.text for flag in stands.flags)


def test_a_certificate_tells_that_the_action_was_set_aside_from_its_day(year: Year) -> None:
    agency = year.annual.roll.first().agency
    agency.objections.create(
        received_on=date(2026, 6, 12), against="The dues", motion=year.dues, decided_on=COMING, upheld=True,
        set_aside_on=COMING,
    )  # fmt: skip

    before = build("certificate", year.dues, date(2026, 9, 8)).remarks
    on_it = build("certificate", year.dues, COMING).remarks

    assert not any("Set aside" in remark for remark in before)
    assert f"Set aside from 9 September 2026, on the objection of {agency.name} (Bylaws Art. IV §8)." in on_it


# --- The roster of the Board, and who signs ---------------------------------------------------------------------------


def test_the_board_roster_says_who_sits_since_when_and_why_a_seat_is_vacant(year: Year) -> None:
    treasurer = OfficeTerm.objects.get(seat__office="treasurer")
    treasurer.holder.telephone, treasurer.holder.email = "815-555-0134", "treasurer@agency.example"
    treasurer.holder.save()
    vice_president = OfficeTerm.objects.get(seat__office="vice_president")
    services.end_term(term=vice_president, ended_on=date(2026, 6, 15), why="resigned")
    make.withdrawn(OfficeTerm.objects.get(seat__number=2).agency, date(2026, 6, 20))

    eve = {line.seat: line for line in build("roster", None, date(2027, 1, 4)).lines}
    read = words(print_letter(LETTERS["roster"], None, date(2027, 1, 5)))

    for part in (
        "As of 5 January 2027, under the Amended bylaws of 2018",
        "9 of 11 seats",
        "6 members (Bylaws Art. IV §7)",
        "Since 20 May 2026, elected",
        "Term runs to 20 May 2028",
        "815-555-0134",
        "treasurer@agency.example",
        "Holding over since 5 January 2027, until a successor is in",
        "Vice-President Vacant",
        "Left the seat on 15 June 2026: Resigned",
        "Vacant since 20 June 2026:",
        "was no longer active",
    ):
        assert part in read, part
    assert (eve["Treasurer"].until, eve["Treasurer"].remark) == ("5 January 2027", "")


def test_there_is_no_roster_for_a_day_that_no_bylaws_cover(year: Year) -> None:
    assert "No version of the bylaws covers 1 January 1985" in refused("roster", None, date(1985, 1, 1))


def test_the_secretary_of_the_day_signs_the_papers_of_membership_too(year: Year) -> None:
    from membership.letters.certificates import certificate

    agency = year.annual.roll.first().agency
    secretary = OfficeTerm.objects.get(seat__office="secretary").holder

    assert certificate(agency, LATER).secretary.name == secretary.name
    assert certificate(agency, make.SEATED).secretary.name == secretary.name
    assert certificate(agency, date(2026, 1, 4)).secretary.name == "", "nobody was Secretary yet"


# --- What a page offers -----------------------------------------------------------------------------------------------


def test_a_page_offers_only_the_papers_that_could_be_true(year: Year, next_ballot: Election) -> None:
    called, held = {"notice", "roll_sheet"}, {"meeting_minutes"}
    decided, waiting = Motion.objects.get(pk=year.dues.pk), Motion.objects.get(pk=year.stray.pk)
    for record, offered in (
        (year.special, called),
        (year.annual, held),
        (Motion.objects.get(pk=year.amendment.pk), set()),
        (decided, {"certificate"}),
        (waiting, set()),
        (next_ballot, {"ballots", "tally_sheet"}),
        (year.election, set()),
    ):
        kinds = {kind.key for kind in LETTERS.values() if kind.record is type(record) and kind.offered(record)}
        assert kinds == offered, record
