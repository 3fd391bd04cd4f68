"""Tables of the Board: what a body brings from its binders comes in, and everything goes out."""

from __future__ import annotations

from datetime import date

import pytest

from board import services
from board.models import (
    Attendance,
    BylawsVersion,
    Committee,
    Correspondence,
    Election,
    LegalDocument,
    Meeting,
    Minutes,
    MinutesRequest,
    Motion,
    Objection,
    OfficeTerm,
    OperationalPlan,
    RollEntry,
    Seat,
    StaffAppointment,
    Vote,
)
from tests.board import factories as make
from tests.membership.importing import (
    administrator,
    bring_in,
    export,
    problems_of,
    rows_of,
    table,
    upload,
)

pytestmark = pytest.mark.django_db

MEETING = "Board meeting 2011-03-10 18:30"
HEAD_OF_TERMS = "seat,agency,holder,how,appointed_by,from_on,until_on,ended_on,ended_why"
HEAD_OF_MEETINGS = "kind,starts_at,place,called_to_order_at,adjourned_at,quorum_by_hand,by_hand_because"
HEAD_OF_MOTIONS = "meeting,number,kind,text,outcome,ayes,nays,by_hand_because"
EARLIER = ["Board meeting", "2011-03-10 18:30", "Station 1", "3/10/2011 6:35 PM", "2011-03-10 20:00", "yes", "Book"]
CARRIED = [MEETING, "1", "Ordinary motion", "To buy a radio.", "Carried", "6", "1", "Minute book, page 12"]


@pytest.fixture
def registrar(client, bylaws):
    return administrator(client)


@pytest.fixture
def held(registrar):
    """An earlier meeting, brought in."""
    bring_in(registrar, Meeting, table(HEAD_OF_MEETINGS, EARLIER))
    return Meeting.objects.get()


# In


def test_terms_of_earlier_years_come_in_and_the_board_of_that_day_is_known(registrar):
    ash = make.agency()
    chief = make.chief(ash)
    rows = [
        ["President", ash.ori, chief.name, "Elected", "", "2020-05-13", "2022-05-13", "2021-01-04", "Resigned"],
        ["At-large member 3", ash.name, chief.name, "Appointed", "The President", "5/12/2021", "", "", ""],
    ]

    bring_in(registrar, OfficeTerm, table(HEAD_OF_TERMS, *rows))

    board = services.board_on(date(2020, 6, 1))
    assert board.seats[0].holder == chief
    assert [str(one.seat) for one in services.board_on(date(2021, 6, 1)).in_office] == ["At-large member 3"]
    assert "agency_name" in rows_of(export(registrar, OfficeTerm))[0]


def test_an_earlier_meeting_comes_in_with_its_outcomes_by_hand_and_does_nothing_again(registrar, held):
    bring_in(registrar, Motion, table(HEAD_OF_MOTIONS, CARRIED))

    motion = Motion.objects.get()
    outcome = services.outcome_of(motion)
    assert (held.bylaws.title, services.clock(held.called_to_order_at)) == ("Bylaws of 2009", "6:35 PM")
    assert (motion.state, motion.method, motion.acted_at) == ("carried", "by_hand", None)
    assert outcome.value is True
    assert "Minute book, page 12" in str(outcome.because[0])


def test_bylaws_come_in_with_their_thresholds_in_words(registrar):
    head = "title,state,in_force_on,figures_known,board_quorum,votes_removal,votes_board"
    row = [
        "Bylaws of 2030",
        "in force",
        "2030-05-14",
        "yes",
        "7",
        "at least 3/4 of all seats",
        "more than 1/2 of votes cast",
    ]

    bring_in(registrar, BylawsVersion, table(head, row))

    version = BylawsVersion.objects.get(title="Bylaws of 2030")
    assert version.board_quorum == 7
    assert sorted(map(str, version.thresholds.all())) == [
        "Decision of the Board: more than half of votes cast",
        "Suspension or termination: at least 3/4 of all seats of the Board",
    ]


SIMPLE = {
    "staff": (
        StaffAppointment,
        "name,post,duties,from_on,until_on",
        ["Ida Moss", "System Manager", "", "2019-01-07", ""],
    ),
    "correspondence": (
        Correspondence,
        "on,direction,party,agency,subject,answer_due_on,note",
        ["2026-03-02", "Received", "Village of Elm", "", "A question", "2026-03-16", ""],
    ),
    "legal documents": (
        LegalDocument,
        "title,dated_on,parties,in_force_until_on,kept_where,note",
        ["Charter", "1983-06-01", "", "", "Safe", ""],
    ),
    "operational plans": (
        OperationalPlan,
        "title,edition,kind,adopted_on,review_months,replaced_on",
        ["Operational plan", "3", "Operational plan", "2025-02-03", "6", ""],
    ),
}


@pytest.mark.parametrize(("model", "headings", "row"), SIMPLE.values(), ids=SIMPLE)
def test_what_comes_in_goes_out_and_changes_nothing_when_it_comes_back(model, headings, row, registrar):
    bring_in(registrar, model, table(headings, row))
    exported = export(registrar, model)
    outcome = upload(registrar, model, exported).context["outcome"]

    assert model.objects.count() == 1
    assert (outcome.new, outcome.changed, outcome.same, outcome.problems) == (0, 0, 1, [])


def test_terms_bylaws_meetings_and_motions_come_back_unchanged(registrar, held):
    bring_in(registrar, Motion, table(HEAD_OF_MOTIONS, CARRIED))
    make.board(3)

    for model in (OfficeTerm, BylawsVersion, Meeting, Motion):
        outcome = upload(registrar, model, export(registrar, model)).context["outcome"]
        assert (outcome.new, outcome.changed, outcome.problems) == (0, 0, []), model
        assert outcome.same == model.objects.count()


def test_a_plan_that_comes_in_has_a_day_for_its_next_review(registrar):
    model, headings, row = SIMPLE["operational plans"]

    bring_in(registrar, model, table(headings, row))

    assert [review.due_on for review in OperationalPlan.objects.get().reviews.all()] == [date(2025, 8, 3)]


# Bad rows, each named by its row and column

BAD = {
    "a seat there is not": (
        OfficeTerm, HEAD_OF_TERMS, ["Chairman", "ORI", "CHIEF", "Elected", "", "2020-05-13", "", "", ""],
        "Row 2, seat: The Board has no seat “Chairman”.",
    ),
    "a holder the agency does not have": (
        OfficeTerm, HEAD_OF_TERMS, ["President", "ORI", "Nobody", "Elected", "", "2020-05-13", "", "", ""],
        "Row 2, holder: AGENCY has no official “Nobody”.",
    ),
    "an end before its beginning": (
        OfficeTerm, HEAD_OF_TERMS,
        ["President", "ORI", "CHIEF", "Elected", "", "2020-05-13", "", "2020-05-12", "Resigned"],
        "Row 2: The day out must come after the first day in.",
    ),
    "an end without a reason": (
        OfficeTerm, HEAD_OF_TERMS, ["President", "ORI", "CHIEF", "Elected", "", "2020-05-13", "", "2021-05-12", ""],
        "Row 2: Say why the term ended.",
    ),
    "an hour there is not": (
        Meeting, HEAD_OF_MEETINGS, [EARLIER[0], "2011-03-10 25:30", *EARLIER[2:]],
        "Row 2, starts_at: “25:30” is no hour of the day.",
    ),
    "a meeting opened and never closed": (
        Meeting, HEAD_OF_MEETINGS, [*EARLIER[:4], "", *EARLIER[5:]],
        "Row 2, adjourned_at: Give both when it was called to order and when it was adjourned.",
    ),
    "a meeting that nothing shows": (
        Meeting, HEAD_OF_MEETINGS, [*EARLIER[:6], ""],
        "Row 2, by_hand_because: Say what shows it",
    ),
    "a meeting before all bylaws": (
        Meeting, HEAD_OF_MEETINGS, ["Board meeting", "1985-03-10", "Station 1", "1985-03-10", "1985-03-10", "yes", "Book"],
        "No version of the bylaws covers 10 March 1985.",
    ),
    "a motion of no meeting": (
        Motion, HEAD_OF_MOTIONS, ["Board meeting 2001-01-01 10:00", *CARRIED[1:]],
        "Row 2, meeting: The register has no Board meeting 2001-01-01 10:00.",
    ),
    "a motion without its outcome": (
        Motion, HEAD_OF_MOTIONS, [*CARRIED[:4], "Pending", *CARRIED[5:]],
        "Row 2, outcome: Say what was declared: Carried or Failed.",
    ),
    "a motion that nothing shows": (
        Motion, HEAD_OF_MOTIONS, [*CARRIED[:7], ""],
        "Row 2, by_hand_because: Say what shows the outcome",
    ),
    "a threshold nobody can read": (
        BylawsVersion, "title,votes_removal", ["Bylaws of 2030", "two thirds"],
        "Row 2, votes_removal: “two thirds” cannot be read.",
    ),
    "a share of more than the whole": (
        BylawsVersion, "title,votes_removal", ["Bylaws of 2030", "at least 4/3 of those present"],
        "Row 2, votes_removal: “at least 4/3 of those present”: a share is more than nothing",
    ),
    "a plan of no known kind": (
        OperationalPlan, "title,edition,kind,adopted_on", ["Plan", "1", "Recipe", "2025-01-01"],
        "Row 2, kind: “Recipe” is not one of",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("model", "headings", "row", "said"), BAD.values(), ids=BAD)
def test_a_bad_row_is_named_by_row_and_column_and_nothing_is_written(model, headings, row, said, registrar, held):
    ash = make.agency()
    names = {"ORI": ash.ori, "CHIEF": make.chief(ash).name}
    before = model.objects.count()

    problems = problems_of(upload(registrar, model, table(headings, [names.get(cell, cell) for cell in row])))

    assert any(said.replace("AGENCY", ash.name) in problem for problem in problems), problems
    assert model.objects.count() == before


def test_terms_in_one_seat_that_overlap_are_refused_within_one_table_too(registrar):
    ash, elm = make.agency(), make.agency()
    first = ["President", ash.ori, make.chief(ash).name, "Elected", "", "2020-05-13", "", "2021-05-13", "Resigned"]
    second = ["President", elm.ori, make.chief(elm).name, "Elected", "", "2021-05-12", "", "", ""]

    [problem] = problems_of(upload(registrar, OfficeTerm, table(HEAD_OF_TERMS, first, second)))

    assert problem.startswith("Row 3: ")
    assert "terms in one seat never overlap" in problem
    assert not OfficeTerm.objects.exists()


def test_a_meeting_held_in_the_register_keeps_its_hours_and_its_motions(registrar):
    make.board(7)
    meeting = make.opened("board")
    name = f"Board meeting {make.DAY.isoformat()} {meeting.starts_at.astimezone(make.CHICAGO):%H:%M}"
    hours = ["Board meeting", name[-16:], "Hall", f"{name[-16:-6]} 08:00", f"{name[-16:-6]} 09:00", "yes", "Book"]

    said = problems_of(upload(registrar, Meeting, table(HEAD_OF_MEETINGS, hours)))
    of_motion = problems_of(upload(registrar, Motion, table(HEAD_OF_MOTIONS, [name, *CARRIED[1:]])))

    assert any("This meeting was held in the register" in problem for problem in said)
    assert any("Row 2, meeting: This meeting was held in the register" in problem for problem in of_motion)


# Out

LISTS = [
    Attendance, BylawsVersion, Committee, Correspondence, Election, LegalDocument, Meeting, Minutes, MinutesRequest,
    Motion, Objection, OfficeTerm, OperationalPlan, RollEntry, Seat, StaffAppointment, Vote,
]  # fmt: skip


def test_every_list_goes_out_with_its_rows(registrar):
    make.board(7)
    meeting = make.opened("board")
    first = meeting.roll.first()
    Attendance.objects.create(meeting=meeting, entry=first, arrived_at=make.at(18, 5))
    Committee.objects.create(name="Radio", created_on=make.SEATED).members.create(
        official=make.chief(first.agency), from_on=make.SEATED
    )
    motion = Motion.objects.create(meeting=meeting, number=1, text="To adjourn.")
    Vote.objects.create(motion=motion, entry=first, choice="for", cast_at=make.at(18, 30))
    Objection.objects.create(agency=first.agency, received_on=make.DAY, against="The radio.", motion=motion)
    MinutesRequest.objects.create(asked_on=make.DAY, asked_by="Chief of Elm").meetings.add(meeting)

    out = {model: rows_of(export(registrar, model)) for model in LISTS}

    assert out[Vote][0]["choice"] == "For"
    assert out[Vote][0]["meeting"].startswith("Board meeting 2026-05-20")
    assert out[Attendance][0]["arrived_at"] == "2026-05-20 18:05"
    assert out[Committee][0]["member"] == make.chief(first.agency).name
    assert out[MinutesRequest][0]["meetings"].startswith("Board meeting 2026-05-20")
    assert out[Objection][0]["motion"].endswith("motion 1")
    assert [len(out[model]) for model in (Seat, RollEntry, Motion, Minutes)] == [11, 7, 1, 1]
