"""The eleven seats: lost for good, filled by succession and appointment, held over; the odd cases of the past President."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from board import services
from board.models import OfficeTerm
from board.rules.seats import Seating
from board.rules.terms import Office
from membership.models import Official
from tests.board import factories as make

pytestmark = pytest.mark.django_db
DAY = make.DAY
SUSPENDED, BACK = date(2026, 3, 1), date(2026, 4, 1)


@pytest.fixture
def terms(bylaws):
    """A whole Board, the President first and the immediate past President last."""
    return make.board(11)


def seating(office: str, on: date = DAY) -> Seating:
    return services.board_on(on).seat(Office(office)).seating


def install(office: str, on: date = DAY, holder: Official | None = None, how: str = "elected", **known):
    return services.install(
        seat=make.seat(office), holder=holder or make.chief(make.agency()), from_on=on, how=how, **known
    )


# --- Lost and held over -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        pytest.param(SUSPENDED - timedelta(days=1), Seating.HELD, id="the last day before"),
        pytest.param(SUSPENDED, Seating.VACANT, id="the first day suspended"),
        pytest.param(BACK - timedelta(days=1), Seating.VACANT, id="the last day suspended"),
        pytest.param(BACK, Seating.VACANT, id="the first day back: a seat lost stays lost"),
    ],
)
def test_a_seat_is_lost_with_its_agency_and_stays_lost(on, expected, terms):
    make.suspended(terms[0].holder.agency, SUSPENDED, BACK)
    assert seating("president", on) is expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param([("chief", None, SUSPENDED)], Seating.VACANT, id="no longer chief"),
        pytest.param(
            [("chief", None, SUSPENDED), ("designee", SUSPENDED, None)], Seating.HELD, id="chief who becomes designee"
        ),
        pytest.param(
            [("chief", None, SUSPENDED), ("designee", SUSPENDED + timedelta(days=1), None)],
            Seating.VACANT,
            id="designee a day too late",
        ),
    ],
)
def test_a_seat_is_lost_with_the_capacity(changes, expected, terms):
    holder = terms[0].holder
    for capacity, from_on, until_on in changes:
        if capacity == "chief":
            Official.objects.filter(pk=holder.pk).update_with_history(until_on=until_on)
        else:
            Official.objects.create(agency=holder.agency, name=holder.name, capacity=capacity, from_on=from_on)
    assert seating("president") is expected


@pytest.mark.parametrize(
    ("office", "on", "expected"),
    [
        ("president", date(2028, 1, 4), Seating.HELD),
        ("president", date(2028, 1, 5), Seating.HOLDING_OVER),
        ("secretary", date(2027, 1, 4), Seating.HELD),
        ("secretary", date(2027, 1, 5), Seating.HOLDING_OVER),
        ("president", date(2026, 1, 4), Seating.VACANT),
    ],
)
def test_an_officer_holds_over_until_a_successor_is_in(office, on, expected, terms):
    assert seating(office, on) is expected


def test_who_resigned_left_on_that_day(terms, said):
    term = terms[2]
    services.end_term(term=term, ended_on=date(2026, 4, 1), why="resigned", note="By letter")
    assert [seating("secretary", date(2026, 4, day)) for day in (1,)] == [Seating.VACANT]
    assert seating("secretary", date(2026, 3, 31)) is Seating.HELD
    assert "already ended on 1 April 2026" in said(services.end_term, term=term, ended_on=DAY, why="died")
    assert "after the first day in" in said(services.end_term, term=terms[3], ended_on=make.SEATED, why="died")


# --- Filling a seat ---------------------------------------------------------------------------------------------------


def test_terms_in_one_seat_never_overlap(terms, said):
    install("secretary", how="appointed", appointed_by="president_and_board")
    assert "Secretary from 20 May 2026 already" in said(install, "secretary", how="appointed")
    words = said(install, "secretary", DAY - timedelta(days=1), how="appointed")
    assert "terms in one seat never overlap" in words
    assert OfficeTerm.objects.filter(seat__office="secretary").count() == 2


def test_who_may_not_be_chosen_is_not_installed(terms, said):
    late = make.chief(make.agency(joined=date(2025, 5, 21)))
    assert "Bylaws Art. V §1" in said(install, "secretary", holder=late, how="appointed")
    clerk = Official.objects.create(agency=late.agency, capacity="clerk", name="Kim", from_on=date(2020, 1, 1))
    assert "neither chief executive officer" in said(install, "secretary", holder=clerk, how="appointed")
    assert install("at_large", holder=late, how="appointed", appointed_by="president").pk
    assert seating("secretary") is Seating.HELD


def test_nobody_sits_twice(terms):
    at_large = terms[4]
    install("treasurer", holder=at_large.holder, how="appointed", appointed_by="president_and_board")
    at_large.refresh_from_db()
    assert (at_large.ended_on, at_large.ended_why) == (DAY, "other_seat")
    assert len(services.board_on(DAY).in_office) == 10


def test_a_seat_already_lost_is_recorded_as_lost_and_not_as_succeeded(terms):
    make.suspended(terms[2].holder.agency, SUSPENDED)
    install("secretary", how="appointed", appointed_by="president_and_board")
    terms[2].refresh_from_db()
    assert (terms[2].ended_on, terms[2].ended_why) == (SUSPENDED, "agency")


# --- Succession -------------------------------------------------------------------------------------------------------


def test_the_vice_president_succeeds_only_a_vacant_presidency_for_the_remainder(terms, said):
    president, vice = terms[:2]
    assert "President is filled" in said(services.succeed, on=DAY)
    services.end_term(term=president, ended_on=DAY, why="resigned")
    assert "is filled" in said(services.succeed, on=DAY - timedelta(days=1))
    term = services.succeed(on=DAY)
    vice.refresh_from_db()
    assert (term.holder, term.how, term.until_on, term.remainder) == (
        vice.holder, "succeeded", president.until_on, True,
    )  # fmt: skip
    assert (vice.ended_on, vice.ended_why) == (DAY, "succeeded")
    assert seating("vice_president") is Seating.VACANT
    assert services.board_on(DAY).holder(Office.PAST_PRESIDENT) == president.holder


def test_a_vice_president_whose_agency_joined_lately_succeeds_all_the_same(bylaws):
    """Twelve months and good standing are asked of who is chosen (Art. V §1); who succeeds is not chosen."""
    make.term(make.chief(make.agency()), ended_on=DAY, ended_why="resigned")
    make.term(make.chief(make.agency(joined=date(2025, 12, 1))), "vice_president")
    assert services.succeed(on=DAY).seat.kind is Office.PRESIDENT


def test_who_succeeds_one_that_was_holding_over_holds_over(bylaws):
    make.term(
        make.chief(make.agency()), from_on=date(2023, 1, 5), until_on=date(2025, 1, 5), ended_on=DAY, ended_why="died"
    )
    make.term(make.chief(make.agency()), "vice_president")
    assert services.succeed(on=DAY).until_on is None


def test_with_both_vacant_the_register_stops_and_says_so(terms, said):
    for term in terms[:2]:
        services.end_term(term=term, ended_on=DAY, why="resigned")
    assert "both vacant, and the bylaws name nobody else" in said(services.succeed, on=DAY)


# --- The immediate past President (Reading R22) -----------------------------------------------------------------------


def test_a_president_re_elected_leaves_the_past_president_in_place(terms):
    install("president", holder=terms[0].holder)
    board = services.board_on(DAY)
    assert board.holder(Office.PAST_PRESIDENT) == terms[10].holder
    assert board.seat(Office.PRESIDENT).term.from_on == DAY


def test_a_new_president_sends_the_old_one_to_the_seat_of_past_president(terms):
    install("president")
    terms[10].refresh_from_db()
    assert (terms[10].ended_on, terms[10].ended_why) == (DAY, "successor")
    past = services.board_on(DAY).seat(Office.PAST_PRESIDENT)
    assert (past.holder, past.term.how, past.term.until_on) == (terms[0].holder, "by_office", date(2028, 5, 20))


def _suspend(term):
    make.suspended(term.holder.agency, SUSPENDED)


def _retire(term):
    Official.objects.filter(pk=term.holder_id).update_with_history(until_on=SUSPENDED)


def _die(term):
    services.end_term(term=term, ended_on=SUSPENDED, why="died")


@pytest.mark.parametrize("what", [_suspend, _retire, _die])
def test_a_president_who_no_longer_qualifies_leaves_the_seat_vacant_until_another_is_elected(what, terms):
    what(terms[0])
    vice = services.succeed(on=date(2026, 4, 1))
    assert seating("past_president", date(2026, 4, 1)) is Seating.VACANT
    install("president")
    past = services.board_on(DAY)
    assert past.holder(Office.PAST_PRESIDENT) == vice.holder


def test_a_past_president_whose_agency_is_suspended_leaves_the_seat_vacant_until_the_next_election(terms):
    _suspend(terms[10])
    assert seating("past_president", SUSPENDED) is Seating.VACANT
    install("president")
    assert services.board_on(DAY).holder(Office.PAST_PRESIDENT) == terms[0].holder


# --- What an ending takes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "named"),
    [
        pytest.param(date(2026, 4, 29), True, id="the day before the last"),
        pytest.param(date(2026, 4, 30), True, id="the last day in"),
        pytest.param(date(2026, 5, 1), False, id="the first day out"),
    ],
)
def test_the_seats_an_agency_holds_are_named_while_it_holds_them(on, named, terms):
    of = terms[2].holder.agency
    make.withdrawn(of, date(2026, 5, 1))
    install("secretary", how="appointed", appointed_by="president_and_board")
    assert services.seat_names_held_by(of, on) == ([f"the seat Secretary ({terms[2].holder.name})"] if named else [])


def test_where_no_bylaws_cover_the_day_no_seat_is_named(db):
    of = make.agency()
    make.term(make.chief(of), from_on=date(1985, 1, 1))
    assert services.seat_names_held_by(of, date(1987, 1, 1)) == []


# --- The Nominating Committee -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "words"),
    [
        pytest.param(2, "is an Officer", id="the Secretary"),
        pytest.param(4, None, id="an at-large member"),
        pytest.param(10, None, id="the immediate past President"),
        pytest.param(None, "is not a current member of the Board", id="a chief of no seat"),
    ],
)
def test_no_officer_serves_on_the_nominating_committee(place, words, terms):
    person = terms[place].holder if place is not None else make.chief(make.agency())
    finding = services.may_nominate(person, DAY)
    assert finding.value is (words is None)
    if words:
        assert words in str(finding.because[0])
