"""Incidents: opened, asked for, answered, arrived, released, closed (Agreement §3.A–D)."""

from datetime import date, datetime, timedelta

import pytest

from operations import services
from operations.models import Aid, Incident
from operations.rules.incidents import Step
from tests.board import factories as board
from tests.operations import factories as make

pytestmark = pytest.mark.django_db
at = make.at

# --- Opened -----------------------------------------------------------------------------------------------------------


def test_numbers_run_without_a_gap_within_the_year_of_chicago(bylaws):
    of = make.agency()
    last_minute = datetime(2026, 12, 31, 23, 59, tzinfo=make.CHICAGO)
    moments = [at(), last_minute, last_minute + timedelta(minutes=1), last_minute + timedelta(hours=9)]
    assert [make.incident(of, moment).reference for moment in moments] == [
        "2026-0001", "2026-0002", "2027-0001", "2027-0002",
    ]  # fmt: skip


def test_a_refused_incident_takes_no_number(bylaws, said):
    of = make.agency()
    assert "both latitude and longitude" in said(make.incident, of, latitude="42.1")
    assert make.incident(of).reference == "2026-0001"


def test_a_suspended_agencys_call_is_warned_about_and_its_card_is_made_all_the_same(bylaws):
    stricken, near = make.agency(0), make.helper()
    board.suspended(stricken, make.DAY)
    row = make.incident(stricken)
    found = services.standing_to_call(row)
    assert found.value is True
    assert "suspended" in str(found.flags[0])
    make.wants(row)
    assert make.asked(row) == [(near.name, 1)]
    squads = make.helper(key="squad")
    assert make.alarm(row, make.card(stricken, (1, squads, 1))) == [(squads.name, 1)]


# --- The card on the fly ----------------------------------------------------------------------------------------------


def test_without_coordinates_the_place_of_the_stricken_agency_is_meant(bylaws):
    far, near = make.helper(60), make.helper(2)
    row = make.incident(make.agency(0))
    make.wants(row, 2)
    assert make.asked(row) == [(near.name, 1), (far.name, 1)]
    assert services.card_of(row, make.DAY).warnings == ()


def test_with_no_place_at_all_agencies_stand_by_name_and_the_card_says_so(bylaws):
    first, second = make.helper(60), make.helper(2)
    row = make.incident(make.agency())
    make.wants(row, 2)
    assert make.asked(row) == [(first.name, 1), (second.name, 1)]
    assert "No place is known" in services.card_of(row, make.DAY).warnings[0]


def test_three_canines_are_asked_and_two_exist(bylaws):
    make.helper(5), make.helper(9)
    suspended, stale = make.helper(1), make.helper(7, key="boat", on=None)
    board.suspended(suspended, make.DAY)
    row = make.incident()
    make.wants(row, 3)
    make.wants(row, 1, key="boat")
    canines, boats = services.card_of(row, make.DAY).filled
    assert (canines.quantity, canines.shortfall, canines.because[0].text) == (2, 1, "2 of 3: none left")
    assert [(one.candidate.name, one.candidate.freshness.value) for one in boats.offers] == [(stale.name, "stale")]


def test_what_is_committed_to_another_incident_is_not_offered_and_the_card_says_who_holds_it(bylaws):
    near = make.helper(5)
    make.ask(make.wants(make.incident()), near)
    row = make.incident()
    make.wants(row)
    (line,) = services.card_of(row, make.DAY).filled
    assert (line.offers, line.shortfall) == ((), 1)
    assert line.because[1].text == f"1 committed already ({near.name}, 1)"


def test_a_chosen_agency_is_on_the_card_however_far(bylaws, monkeypatch):
    monkeypatch.setattr(services.cards, "NEAREST", 1)
    near, far = make.helper(2), make.helper(90)
    row = make.incident()
    make.wants(row)
    (line,) = services.card_of(row, make.DAY, [far.pk]).filled
    assert [one.candidate.name for one in line.offers] == [far.name]
    assert make.asked(row) == [(near.name, 1)]


def test_where_the_nearest_do_not_fill_a_line_all_are_looked_at(bylaws, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(services.cards, "NEAREST", 1)
    names = [make.helper(miles).name for miles in (2, 4, 6)]
    wanted = [services.cards.Wanted(1, "canine", 3, 3)]
    with django_assert_max_num_queries(6):
        card = services.card_for(wanted, scene=make.SCENE, day=make.DAY)
    assert [offer.candidate.name for offer in card.filled[0].offers] == names


def test_what_the_catalogue_does_not_offer_is_said(bylaws):
    retired = make.kind("boat")
    retired.retired_on = make.DAY
    retired.save()
    make.helper(key="boat")
    wanted = [services.cards.Wanted(n, key, 1, 1) for n, key in enumerate(("boat", "dragon"))]
    card = services.card_for(wanted, scene=make.SCENE, day=make.DAY)
    assert [one.shortfall for one in card.filled] == [1, 1]
    assert card.warnings == (
        "Boats is no longer in the catalogue of resources; ask for another type.",
        "“dragon” is not in the catalogue of resources.",
    )


# --- Asked ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quantity", "more", "words"),
    [
        pytest.param(3, {}, "has 2 Canine teams free", id="more than it has free"),
        pytest.param(0, {}, "greater than or equal to 1", id="none"),
        pytest.param(-1, {}, "greater than or equal to", id="fewer than none"),
        pytest.param(1, {"minute": -1}, "give a later time", id="before the stricken agency asked"),
    ],
)
def test_an_agency_is_not_asked_for(quantity, more, words, bylaws, said):
    line = make.wants(make.incident(), 3)
    assert words in said(make.ask, line, make.helper(deployable=2), quantity, **more)


@pytest.mark.parametrize(("least", "most"), [pytest.param(0, 0, id="none"), pytest.param(-2, 3, id="fewer than none"),
                                             pytest.param(5, 3, id="a range that goes down")])  # fmt: skip
def test_nothing_is_wanted_that_cannot_be(least, most, bylaws, said):
    assert said(make.wants, make.incident(), least, most)


def test_an_agency_that_offers_more_itself_is_asked_for_more(bylaws):
    line = make.wants(make.incident(), 3)
    more = make.ask(line, make.helper(deployable=2), 3, beyond=True)
    assert (more.quantity, more.beyond) == (3, True)
    unknown = make.ask(line, make.agency(3), 1, beyond=True)
    assert (unknown.resource, unknown.was_stale, unknown.beyond) == (None, True, True)
    enough = make.ask(line, make.helper(deployable=2), 2, beyond=True)
    assert enough.beyond is False, "said, and not needed"


def test_an_agency_is_asked_once_for_a_line(bylaws, said):
    row, near = make.incident(), make.helper(deployable=5)
    line = make.wants(row, 3)
    make.ask(line, near)
    assert "asked for this already" in said(make.ask, line, near)
    assert make.ask(make.wants(row), near).quantity == 1


def test_a_suspended_agency_and_the_stricken_one_are_refused_in_words(bylaws, said):
    row, suspended = make.incident(), make.helper()
    board.suspended(suspended, make.DAY)
    line = make.wants(row)
    assert "suspended, not active: it is not asked" in said(make.ask, line, suspended)
    make.holds(row.stricken)
    assert "not asked for aid to itself" in said(make.ask, line, row.stricken)


def test_a_retired_type_is_not_asked_for_from_its_day(bylaws, said):
    what, row = make.kind("boat"), make.incident()
    what.retired_on = make.DAY
    what.save()
    assert "choose another type" in said(make.wants, row, key="boat")


# --- Answered ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer", [pytest.param("declined", id="a lawful no"), pytest.param("no_answer", id="silence")]
)
def test_a_no_and_a_silence_move_on_to_the_next_and_free_what_was_held(answer, bylaws):
    near, next_ = make.helper(2), make.helper(9)
    row = make.incident()
    line = make.wants(row)
    aid = make.ask(line, near)
    assert make.asked(row) == []
    make.goes(aid, answer)
    assert make.asked(row) == [(next_.name, 1)]
    assert services.free_of(aid.resource) == 1


def test_who_did_not_answer_may_accept_later_while_it_is_free(bylaws, said):
    near = make.helper()
    silent = make.goes(make.ask(make.wants(make.incident()), near), "no_answer")
    other = make.ask(make.wants(make.incident()), near, minute=3)
    accept = {"aid": silent, "step": Step.ACCEPTED, "at": at(9)}
    assert "asked elsewhere meanwhile" in said(services.record_step, **accept)
    make.goes(other, "called_off", minute=5)
    accepted = services.record_step(**accept)
    assert (accepted.step, accepted.no_answer_at) == (Step.ACCEPTED, at(2))
    assert services.free_of(accepted.resource) == 0


def test_a_lawful_no_has_its_reason(bylaws, said):
    aid = make.ask(make.wants(make.incident()), make.helper())
    assert "has its reason" in said(services.record_step, aid=aid, step=Step.DECLINED, at=at(5))


def test_nobody_is_released_before_it_arrived(bylaws, said):
    aid = make.goes(make.ask(make.wants(make.incident()), make.helper()), "accepted", "en_route")
    assert "not released" in said(services.record_step, aid=aid, step=Step.RELEASED, at=at(9))
    home = make.goes(aid, "on_scene", "released", minute=5)
    assert (home.step, home.released_because) == (Step.RELEASED, Aid.Released.RESOLVED)


def test_seventeen_of_15_to_20_is_filled(bylaws):
    row = make.incident()
    line = make.wants(row, 15, 20, key="officer")
    for many in (10, 7):
        aid = make.ask(line, make.helper(deployable=many, key="officer"), many)
        assert services.filled(line).value is False
        make.goes(aid, "accepted")
    line = row.lines.get()
    found = services.filled(line)
    assert (found.value, found.because[0].text) == (True, "filled, 17 of 15–20")
    make.helper(deployable=9, key="officer")
    (rest,) = services.card_of(row, make.DAY).filled
    assert (rest.wanted.said, rest.quantity) == ("up to 3", 3)


def test_who_leaves_by_its_own_decision_is_wanted_again_of_the_next_and_not_asked_back(bylaws, said):
    near, next_ = make.helper(2), make.helper(9)
    row = make.incident()
    line = make.wants(row)
    there = make.goes(make.ask(line, near), "accepted", "on_scene")
    assert services.filled(line).value is True
    left = services.record_step(
        aid=there, step=Step.RELEASED, at=at(20), released_because=Aid.Released.OWN_DECISION, reason="A robbery at home"
    )
    assert (left.left_itself, left.counts, services.free_of(left.resource)) == (True, False, 1)
    found = services.filled(row.lines.get())
    assert (found.value, found.because[0].text) == (False, "not filled, 0 of 1, 1 left by their own decision")
    assert make.asked(row) == [(next_.name, 1)]
    assert "came and left by its own decision: ask the next agency" in said(make.ask, line, near, minute=21)
    assert make.ask(make.wants(row), near, minute=21).quantity == 1


def test_who_is_released_because_all_is_over_is_not_wanted_again(bylaws):
    make.helper(9)
    row = make.incident()
    line = make.wants(row)
    make.goes(make.ask(line, make.helper(2)), "accepted", "on_scene", "released")
    assert services.filled(line).value is True
    assert make.asked(row) == []


@pytest.mark.parametrize(
    ("asked", "accepted", "said_so", "beyond"),
    [
        pytest.param(2, 1, False, False, id="fewer than asked"),
        pytest.param(1, 2, False, False, id="more than asked, and it has them"),
        pytest.param(1, 3, False, None, id="more than it has"),
        pytest.param(1, 3, True, True, id="more than it has, on its word"),
    ],
)
def test_more_than_the_list_says_is_accepted_on_a_word_only(asked, accepted, said_so, beyond, bylaws, said):
    aid = make.ask(make.wants(make.incident(), 3), make.helper(deployable=2), asked)
    known = {"aid": aid, "step": Step.ACCEPTED, "at": at(5), "quantity": accepted, "beyond": said_so}
    if beyond is None:
        assert "has 2 Canine teams free. Accept no more" in said(services.record_step, **known)
    else:
        row = services.record_step(**known)
        assert (row.quantity, row.beyond) == (accepted, beyond)


def test_what_was_asked_beyond_the_list_may_be_accepted_late(bylaws):
    aid = make.ask(make.wants(make.incident(), 3), make.helper(deployable=2), 3, beyond=True)
    late = make.goes(make.goes(aid, "no_answer"), "accepted", minute=9)
    assert (late.step, late.beyond) == (Step.ACCEPTED, True)


def test_the_stricken_agency_is_told_of_a_no_and_not_before_it(bylaws, said):
    aid = make.ask(make.wants(make.incident()), make.helper())
    assert "has not declined: there is nothing to tell" in said(services.tell_stricken, aid=aid, at=at(5))
    no = make.goes(aid, "declined", minute=6)
    assert no.told_stricken_at is None
    assert "declined later than that" in said(services.tell_stricken, aid=no, at=at(5))
    assert services.tell_stricken(aid=no, at=at(6)).told_stricken_at == at(6)


# --- Closed -----------------------------------------------------------------------------------------------------------


def test_an_incident_is_not_closed_while_an_agency_is_committed(bylaws, said):
    row = make.incident()
    aid = make.goes(make.ask(make.wants(row), make.helper()), "accepted", "on_scene")
    assert "Still committed" in said(services.close_incident, incident=row, at=at(60))
    make.goes(aid, "released", minute=30)
    assert "give a later time" in said(services.close_incident, incident=row, at=at(29))
    closed = services.close_incident(incident=row, at=at(30))
    assert not closed.is_open
    assert "is closed" in said(make.wants, row)
    assert services.add_note(incident=closed, text="Child found well.", at=at(90), by=make.person()).pk


# --- By an alarm card -------------------------------------------------------------------------------------------------


def test_levels_add_up_and_who_was_asked_is_left_out(bylaws, said):
    stricken = make.agency(0)
    first, second, third = (make.helper(deployable=9, key="squad") for _agency in range(3))
    card = make.card(stricken, (1, first, 2), (2, second, 1), (2, first, 3), (3, third, 1))
    row = make.incident(stricken)
    assert make.alarm(row, card) == [(first.name, 2)]
    assert make.alarm(row, card, minute=2) == []
    assert make.alarm(row, card, 2, minute=3) == [(first.name, 3), (second.name, 1)]
    assert [(line.most, line.note) for line in row.lines.all()] == [
        (2, "By the alarm card, level 1"), (4, "By the alarm card, level 2"),
    ]  # fmt: skip
    row.refresh_from_db()
    assert (row.assignment, row.level) == (card, 2)
    assert "has no level 4; it has 1, 2, 3" in said(make.alarm, row, card, 4)


def test_all_levels_at_once_ask_an_agency_once_for_what_it_sends_at_each(bylaws):
    stricken, near = make.agency(0), make.helper(deployable=9, key="squad")
    row = make.incident(stricken)
    assert make.alarm(row, make.card(stricken, (1, near, 2), (2, near, 3)), 2) == [(near.name, 5)]


def test_what_the_card_names_and_cannot_be_had_stays_open_for_others(bylaws):
    stricken = make.agency(0)
    suspended, busy, by_hand = (make.helper(deployable=2, key="squad") for _agency in range(3))
    board.suspended(suspended, make.DAY)
    make.ask(make.wants(make.incident(), key="squad"), busy)
    row = make.incident(stricken)
    make.ask(make.wants(row, key="squad"), by_hand)
    card = make.card(stricken, (1, suspended, 2), (1, busy, 2), (1, by_hand, 2))
    assert make.alarm(row, card, minute=3) == [(busy.name, 1)]
    spare = make.helper(60, deployable=9, key="squad")
    assert make.asked(row) == [(by_hand.name, 1), (spare.name, 2)]


def test_an_alarm_needs_the_approved_card_of_the_stricken_agency(bylaws, said):
    stricken, other = make.agency(0), make.helper(key="squad")
    row = make.incident(stricken)
    assert "the stricken agency is" in said(make.alarm, row, make.card(other, (1, stricken, 1)))
    assert "not in effect" in said(make.alarm, row, make.card(stricken, (1, other, 1), approved=False))


def test_a_card_flags_an_agency_from_the_day_it_is_suspended(bylaws):
    stricken, near = make.agency(0), make.helper(key="squad")
    left_out, new = make.agency(3), make.agency(4)
    board.suspended(new, date(2025, 6, 1), date(2026, 2, 1))
    tomorrow = make.DAY + timedelta(days=1)
    board.suspended(near, tomorrow)
    card = make.card(stricken, (1, near, 1), (2, left_out, 1))
    out = card.lines.get(agency=left_out)
    out.dropped = True
    out.save()

    def flags(on: date) -> list[tuple[str, int | None]]:
        return [(flag.fault.value, flag.agency) for flag in services.check_assignments([card], on)[0].flags]

    assert flags(make.DAY) == [("new_nearby", new.pk)]
    assert flags(tomorrow) == [("not_active", near.pk), ("hole", None), ("new_nearby", new.pk)]
    assert services.check_assignments([card], tomorrow)[0].usable(2) == []


def test_a_card_is_approved_by_the_agencys_own_commanding_officer(bylaws, said):
    stricken, other = make.agency(0), make.helper(key="squad")
    draft = make.card(stricken, (1, other, 1), approved=False)
    assert "acts for another agency" in said(services.approve_card, card=draft, on=make.DAY, officer=board.chief(other))
    approved = services.approve_card(card=draft, on=make.DAY, officer=board.chief(stricken))
    assert "approved already" in said(services.approve_card, card=approved, on=make.DAY, officer=board.chief(stricken))
    copy = services.draft_card(agency=stricken, effective_on=make.DAY)
    assert (copy.version, [line.agency for line in copy.lines.all()]) == (2, [other])
    assert "no lines" in said(
        services.approve_card, card=services.draft_card(agency=other, effective_on=make.DAY), on=make.DAY,
        officer=board.chief(other),
    )  # fmt: skip


def test_incidents_that_concern_an_agency(bylaws):
    near = make.helper()
    row, other = make.incident(), make.incident()
    make.ask(make.wants(row), near)
    assert list(Incident.objects.concerning([near.pk])) == [row]
    assert list(Incident.objects.concerning([other.stricken_id])) == [other]
    assert set(Incident.objects.open()) == {row, other}


def test_the_lines_of_an_approved_card_stay_as_they_were_approved(bylaws, said):
    stricken, aiding = make.agency(), make.agency(5.0)
    approved, draft = make.card(stricken, (1, aiding, 2)), make.card(make.agency(), (1, aiding, 2), approved=False)

    assert "draft a new version" in said(approved.lines.get().full_clean)
    draft.lines.get().full_clean()
