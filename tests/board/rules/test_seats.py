"""The eleven seats: B IV.1–4, V.1–8, VI.1–2, R13, R15, R22."""

import pytest

from board.rules import seats
from board.rules.seats import Seating, Tenure
from board.rules.terms import Office
from nipas_admin.shared.citations import READING
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.periods import Period

from .terms import NEVER, TERMS, UNKNOWN, between, d, on, said, warned

H, OVER, VACANT, OPEN = Seating.HELD, Seating.HOLDING_OVER, Seating.VACANT, Seating.NOT_DETERMINED


def tenure(office=Office.SECRETARY, holder="Ann Weber", **facts):
    term = {"from_on": d("2026-05-14"), "until_on": d("2027-05-14")}
    return Tenure(office, holder, "Ashford PD", **{**term, **facts})


@pytest.mark.parametrize(
    ("office", "begins", "ends"),
    [
        pytest.param(Office.PRESIDENT, "2026-05-14", "2028-05-14", id="two years for the President"),
        pytest.param(Office.VICE_PRESIDENT, "2026-05-14", "2028-05-14", id="two years for the Vice-President"),
        pytest.param(Office.SECRETARY, "2026-05-14", "2027-05-14", id="one year for the Secretary"),
        pytest.param(Office.TREASURER, "2026-05-14", "2027-05-14", id="one year for the Treasurer"),
        pytest.param(Office.PAST_PRESIDENT, "2026-05-14", "2028-05-14", id="two years for the immediate past President"),
        pytest.param(Office.AT_LARGE, "2026-05-14", "2027-05-14", id="one year at large"),
        pytest.param(Office.SECRETARY, "2028-02-29", "2029-02-28", id="one year from a leap day"),
        pytest.param(Office.SECRETARY, "2027-02-28", "2028-02-28", id="one year to the day before a leap day"),
    ],
)  # fmt: skip
def test_a_full_term_has_its_years(office, begins, ends):
    assert seats.nominal_end(office, d(begins), TERMS) == d(ends)


LOST = tenure(agency_out=on("2026-09-01"))
RESIGNED = tenure(ended_on=d("2026-09-01"), ended_why="resigned")


@pytest.mark.parametrize(
    ("tenures", "day", "seating", "words"),
    [
        pytest.param([], "2026-05-14", VACANT, "nobody is recorded in this seat", id="nobody ever"),
        pytest.param([tenure()], "2026-05-13", VACANT, "nobody is recorded", id="the day before the first day in office"),
        pytest.param([tenure()], "2026-05-14", H, "Ann Weber, Ashford PD, since 14 May 2026", id="the first day in office"),
        pytest.param([tenure()], "2027-05-13", H, "the term runs to 14 May 2027", id="the last day of the term"),
        pytest.param([tenure()], "2027-05-14", OVER, "holding over since 14 May 2027, until a successor is in", id="the day the term is over"),
        pytest.param([tenure()], "2030-01-01", OVER, "holding over", id="years later, still no successor"),
        pytest.param([tenure(until_on=None)], "2030-01-01", H, "no end of the term is recorded", id="no end recorded"),
        pytest.param([tenure(), tenure(holder="Bob Klein", from_on=d("2026-11-01"))], "2026-11-01", H, "Bob Klein", id="a successor ends the term early"),
        # B IV–V "provided": the agency
        pytest.param([LOST], "2026-08-31", H, "the term runs to", id="the day before the agency stops being active"),
        pytest.param([LOST], "2026-09-01", VACANT, "vacant since 1 September 2026: Ashford PD was no longer active", id="the day it stops"),
        pytest.param([LOST], "2026-12-31", VACANT, "vacant since 1 September 2026", id="a seat once lost stays lost"),
        pytest.param([LOST], "2027-06-01", VACANT, "vacant since", id="and nobody holds over in it"),
        # B IV.1: the holder
        pytest.param([tenure(capacity_out=on("2026-09-01"))], "2026-09-01", VACANT, "neither chief executive officer nor designee of Ashford PD", id="the holder is chief no more"),
        pytest.param([tenure(capacity_out=on("2026-09-01"), agency_out=on("2026-10-01"))], "2026-09-15", VACANT, "neither chief executive officer nor designee", id="the holder first, the agency later"),
        # an end on record
        pytest.param([RESIGNED], "2026-08-31", H, "the term runs to", id="the day before leaving"),
        pytest.param([RESIGNED], "2026-09-01", VACANT, "left the seat on 1 September 2026: resigned", id="the day of leaving"),
        pytest.param([tenure(ended_on=d("2026-09-01"))], "2026-09-01", VACANT, "no reason recorded", id="no reason recorded"),
        pytest.param([tenure(ended_on=d("2026-08-01"), ended_why="resigned", agency_out=on("2026-09-01"))], "2026-09-01", VACANT, "left the seat on 1 August 2026", id="who left before the agency stopped has left"),
        pytest.param([tenure(ended_on=d("2026-10-01"), ended_why="agency out", agency_out=on("2026-09-01"))], "2026-10-01", VACANT, "vacant since 1 September 2026", id="an end recorded after the loss changes nothing"),
        pytest.param([tenure(ended_on=d("2026-09-01"), ended_why="agency out", agency_out=on("2026-09-01"))], "2026-09-01", VACANT, "vacant since 1 September 2026", id="an end recorded on the day of the loss tells of the loss"),
        # not determined
        pytest.param([tenure(agency_out=between("2026-09-01", None))], "2026-08-31", H, "the term runs", id="before the status of the agency is open"),
        pytest.param([tenure(agency_out=between("2026-09-01", None))], "2026-09-01", OPEN, "Ann Weber", id="while the status of the agency is open"),
        pytest.param([tenure(agency_out=between("2026-09-01", "2026-12-01"))], "2026-11-30", OPEN, "Ann Weber", id="the day before it surely is out"),
        pytest.param([tenure(agency_out=between("2026-09-01", "2026-12-01"))], "2026-12-01", VACANT, "vacant since 1 December 2026", id="once it surely is out"),
        pytest.param([tenure(capacity_out=between("2026-09-01", None))], "2026-09-01", OPEN, "Ann Weber", id="while the capacity of the holder is open"),
        pytest.param([tenure(agency_out=between("2026-09-01", None), ended_on=d("2026-10-01"), ended_why="resigned")], "2026-10-01", VACANT, "resigned", id="who resigned is out whatever became of the agency"),
    ],
)  # fmt: skip
def test_a_seat_on_a_day(tenures, day, seating, words):
    finding = seats.seat_on(Office.SECRETARY, tenures, d(day))
    assert finding.value is seating
    assert words in said(finding)
    assert bool(finding.missing) is (seating is OPEN)


def test_what_would_settle_a_seat_is_said():
    open_ones = tenure(agency_out=between("2026-09-01", None), capacity_out=between("2026-09-01", None))
    assert seats.seat_on(Office.SECRETARY, [open_ones], d("2026-09-01")).missing == (
        "whether Ashford PD was active on every day through 1 September 2026",
        "whether Ann Weber was chief executive officer or designee on every day through 1 September 2026",
    )


def test_the_past_president_stays_beyond_two_years_while_the_successor_is_in_office():
    past = tenure(Office.PAST_PRESIDENT, until_on=d("2028-05-14"))
    finding = seats.seat_on(Office.PAST_PRESIDENT, [past], d("2028-05-14"))
    assert finding.value is OVER
    assert "two years ended on 14 May 2028; stays while the President who succeeded is in office" in said(finding)
    assert "Reading R22" in said(finding)


def test_a_seat_is_filled_or_not():
    assert {seating for seating in Seating if seating.filled} == {H, OVER}
    assert OVER.label == "Holding over"


@pytest.mark.parametrize(
    ("agency_out", "capacity_out", "lost"),
    [
        pytest.param(NEVER, NEVER, NEVER, id="both qualify"),
        pytest.param(on("2026-09-01"), NEVER, on("2026-09-01"), id="the agency alone"),
        pytest.param(NEVER, on("2026-09-01"), on("2026-09-01"), id="the holder alone"),
        pytest.param(on("2026-10-01"), on("2026-09-01"), on("2026-09-01"), id="the earlier of two"),
        pytest.param(between("2026-08-01", None), on("2026-09-01"), between("2026-08-01", "2026-09-01"), id="perhaps the agency before"),
        pytest.param(UNKNOWN, on("2026-09-01"), between(None, "2026-09-01"), id="the agency on a day unknown"),
        pytest.param(between("2026-08-01", None), NEVER, between("2026-08-01", None), id="perhaps the agency, sometime"),
    ],
)  # fmt: skip
def test_the_seat_is_lost_on_the_first_day_either_fails(agency_out, capacity_out, lost):
    assert seats.lost_on(tenure(agency_out=agency_out, capacity_out=capacity_out)) == lost


FROM, TO = d("2026-05-14"), d("2026-12-31")


@pytest.mark.parametrize(
    ("capacities", "stops"),
    [
        pytest.param([], on("2026-05-14"), id="never one of the two"),
        pytest.param([("2020-01-01", None)], NEVER, id="chief throughout"),
        pytest.param([(None, None)], NEVER, id="first day unknown: taken as begun"),
        pytest.param([("2026-05-15", None)], on("2026-05-14"), id="chief from the day after"),
        pytest.param([("2020-01-01", "2026-12-31")], on("2026-12-31"), id="chief until the last day asked"),
        pytest.param([("2020-01-01", "2027-01-01")], NEVER, id="chief until the day after"),
        pytest.param([("2026-08-01", None), ("2020-01-01", "2026-08-01")], NEVER, id="a designee who becomes chief the same day keeps the seat"),
        pytest.param([("2026-08-01", None), (None, "2026-08-01")], NEVER, id="one whose first day is unknown comes first"),
        pytest.param([("2026-08-02", None), ("2020-01-01", "2026-08-01")], on("2026-08-01"), id="one day between the two loses it"),
        pytest.param([("2020-01-01", "2026-09-01"), ("2024-01-01", "2026-08-01")], on("2026-09-01"), id="two that overlap: the longer one counts"),
        pytest.param([("2010-01-01", "2012-01-01")], on("2026-05-14"), id="chief years ago"),
    ],
)  # fmt: skip
def test_the_holder_stops_qualifying_on_the_first_day_in_neither_capacity(capacities, stops):
    asked = [(start and d(start), end and d(end)) for start, end in capacities]
    assert seats.stops_qualifying(asked, FROM, TO) == stops


@pytest.mark.parametrize(
    ("chosen", "first"),
    [
        pytest.param("2026-05-14", "2025-05-14", id="an election on 14 May"),
        pytest.param("2028-02-29", "2027-02-28", id="on a leap day"),
        pytest.param("2029-02-28", "2028-02-28", id="a year after a leap February"),
        pytest.param("2026-01-31", "2025-01-31", id="at a month's end"),
    ],
)
def test_the_twelve_months_before_an_election(chosen, first):
    assert seats.twelve_months_before(d(chosen), TERMS) == Period(d(first), d(chosen))


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        pytest.param("2026-03-31", -1, "2026-02-28", id="no 31 February"),
        pytest.param("2026-01-15", -1, "2025-12-15", id="into the year before"),
        pytest.param("2026-12-15", 1, "2027-01-15", id="into the next year"),
    ],
)
def test_months_are_counted_by_the_calendar(day, months, found):
    assert seats.months_after(d(day), months) == d(found)


YES = Finding(True, (Fact("active throughout"),))
NO = Finding(False, (Fact("not active on 3 March 2026"),))
WHO_KNOWS = Finding(None, (), ("its status on 3 March 2026",))
GOOD = Finding(True, (Fact("nothing past due"),), (), (Fact("dues were not asked"),), (READING.at("R13"),))
BAD = Finding(False, (Fact("dues past due"),), (), (), (READING.at("R13"),))


@pytest.mark.parametrize(
    ("office", "qualifies", "active", "standing", "may", "words"),
    [
        pytest.param(Office.PRESIDENT, True, YES, GOOD, True, "chief executive officer or official designee of the agency on 14 May 2026", id="all is well"),
        pytest.param(Office.PRESIDENT, False, YES, GOOD, False, "neither chief executive officer nor official designee", id="holds neither office in the agency"),
        pytest.param(Office.PRESIDENT, True, NO, GOOD, False, "not active on 3 March 2026", id="the agency was not active throughout"),
        pytest.param(Office.PRESIDENT, True, YES, BAD, False, "dues past due", id="the agency is not in good standing"),
        pytest.param(Office.PRESIDENT, True, WHO_KNOWS, GOOD, None, "nothing past due", id="a status is open"),
        pytest.param(Office.PRESIDENT, None, YES, GOOD, None, "active throughout", id="the person's office is open"),
        pytest.param(Office.PRESIDENT, None, NO, GOOD, False, "not active", id="one no settles it"),
        pytest.param(Office.AT_LARGE, True, YES, BAD, True, "active throughout", id="an at-large member needs no good standing"),
    ],
)  # fmt: skip
def test_who_may_be_chosen(office, qualifies, active, standing, may, words):
    finding = seats.eligible(office, qualifies, active, standing, d("2026-05-14"))
    assert finding.value is may
    assert words in said(finding)
    assert bool(finding.missing) is (may is None)


def test_of_a_candidate_who_may_not_be_chosen_what_fails_is_said_first():
    assert seats.eligible(Office.PRESIDENT, True, YES, BAD, d("2026-05-14")).because[0].text == "dues past due"


def test_the_finding_on_a_candidate_carries_warnings_and_readings():
    finding = seats.eligible(Office.TREASURER, True, YES, GOOD, d("2026-05-14"))
    assert "dues were not asked" in warned(finding)
    assert [reading.place for reading in finding.readings] == ["R13"]


@pytest.mark.parametrize(
    ("president", "vice_president", "succeeds", "words", "missing"),
    [
        pytest.param(H, H, False, "the office of President is filled", "", id="there is a President"),
        pytest.param(OVER, H, False, "is filled", "", id="a President who holds over"),
        pytest.param(VACANT, H, True, "succeeds for the remainder of the term", "", id="the Vice-President succeeds"),
        pytest.param(VACANT, OVER, True, "succeeds", "", id="one who holds over succeeds too"),
        pytest.param(VACANT, VACANT, None, "the office of President is vacant", "both vacant, and the bylaws name nobody else", id="both vacant: stop"),
        pytest.param(VACANT, OPEN, None, "is vacant", "whether the office of Vice-President is vacant", id="the Vice-Presidency is open"),
        pytest.param(OPEN, H, None, "", "whether the office of President is vacant", id="the Presidency is open"),
    ],
)  # fmt: skip
def test_the_vice_president_succeeds_when_the_presidency_is_vacant(president, vice_president, succeeds, words, missing):
    finding = seats.succession(president, vice_president)
    assert finding.value is succeeds
    assert words in said(finding)
    assert missing in " | ".join(finding.missing)
    assert bool(missing) is bool(finding.missing)


@pytest.mark.parametrize(
    ("former", "new", "elected", "eligible", "takes", "words"),
    [
        pytest.param("Ann", "Bob", True, True, True, "Bob succeeded Ann", id="another President is elected"),
        pytest.param("Ann", "Ann", True, True, None, "Ann was re-elected: the same past President stays", id="re-elected: nothing changes"),
        pytest.param("Ann", "Bob", False, True, True, "Bob succeeded Ann", id="the Vice-President succeeds: the President who left"),
        pytest.param("Ann", "Bob", False, False, False, "succession is no election", id="the Vice-President succeeds one who no longer qualifies: vacant"),
        pytest.param("Ann", "Bob", True, False, False, "stays vacant until another President is elected", id="elected after one who no longer qualifies: vacant"),
    ],
)  # fmt: skip
def test_who_becomes_immediate_past_president(former, new, elected, eligible, takes, words):
    finding = seats.past_president_follows(former, new, elected=elected, still_eligible=eligible)
    assert finding.value is takes
    assert words in said(finding)
    assert [reading.place for reading in finding.readings] == ["R22"]


def test_whether_the_former_president_qualifies_may_be_open():
    finding = seats.past_president_follows("Ann", "Bob", elected=True, still_eligible=None)
    assert (finding.value, finding.missing) == (None, ("whether Ann still qualifies for a seat",))


@pytest.mark.parametrize(
    ("president", "vice_president", "office", "words"),
    [
        pytest.param(True, True, Office.PRESIDENT, "the President presides", id="the President"),
        pytest.param(True, False, Office.PRESIDENT, "the President presides", id="the President alone"),
        pytest.param(False, True, Office.VICE_PRESIDENT, "in the absence of the President", id="the Vice-President in absence"),
        pytest.param(False, False, None, "President and Vice-President are absent", id="neither: the meeting chooses"),
    ],
)  # fmt: skip
def test_who_presides(president, vice_president, office, words):
    finding = seats.presides(president, vice_president)
    assert finding.value is office
    assert words in said(finding)
    assert bool(finding.missing) is (office is None)


@pytest.mark.parametrize(
    ("office", "agency_out", "words"),
    [
        pytest.param(Office.PRESIDENT, False, "the Vice-President succeeds for the remainder of the term [Bylaws Art. V §5]", id="President"),
        pytest.param(Office.VICE_PRESIDENT, False, "the President appoints, the Board approves [Bylaws Art. V §6]", id="Vice-President"),
        pytest.param(Office.SECRETARY, False, "the President appoints, the Board approves [Bylaws Art. V §7]", id="Secretary"),
        pytest.param(Office.TREASURER, True, "the President appoints, the Board approves [Bylaws Art. V §7]", id="Treasurer"),
        pytest.param(Office.PAST_PRESIDENT, True, "vacant until another President is elected [Bylaws Art. IV §3]", id="immediate past President"),
        pytest.param(Office.AT_LARGE, True, "a special meeting may appoint for the remainder of the year", id="at large, the agency is out"),
        pytest.param(Office.AT_LARGE, False, "the bylaws are silent [Bylaws Art. IV §4]", id="at large, for another cause"),
    ],
)  # fmt: skip
def test_how_a_vacant_seat_is_filled(office, agency_out, words):
    assert words in str(seats.how_filled(office, agency_out=agency_out))


MEMBERS = [("Ann", True, False), ("Bob", True, False), ("Cy", True, False)]


@pytest.mark.parametrize(
    ("members", "in_order", "words"),
    [
        pytest.param(MEMBERS, True, "3 members of the Board, none an Officer", id="three of the Board, none an Officer"),
        pytest.param(MEMBERS[:2], False, "it has 2 members; the bylaws ask for 3", id="two"),
        pytest.param([*MEMBERS, ("Di", True, False)], False, "it has 4 members", id="four"),
        pytest.param([*MEMBERS[:2], ("Di", True, True)], False, "Di is an Officer", id="an Officer among them"),
        pytest.param([*MEMBERS[:2], ("Di", False, False)], False, "Di is not a current member of the Board", id="one who does not sit on the Board"),
        pytest.param([*MEMBERS[:2], MEMBERS[0]], False, "Ann is named twice", id="one named twice"),
    ],
)  # fmt: skip
def test_the_nominating_committee(members, in_order, words):
    finding = seats.nominating_committee(members, TERMS)
    assert finding.value is in_order
    assert words in said(finding)
