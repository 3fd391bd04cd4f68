"""What SQL says of resources and aid equals what the rules say of the same records."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from django.db.models import QuerySet
from geopy.distance import great_circle

from operations import services
from operations.models import Aid, Resource
from operations.rules.freshness import Schedule, freshness, months_after
from operations.rules.incidents import FOLLOWS, Step
from tests.board import factories as board
from tests.operations import factories as make

pytestmark = pytest.mark.django_db
SCHEDULES = [Schedule(6, 30), Schedule(1, 0), Schedule(12, 365), Schedule(7, 3)]
CONFIRMED = [
    None, date(2025, 8, 28), date(2025, 8, 29), date(2025, 8, 30), date(2025, 8, 31), date(2025, 9, 1),
    date(2027, 8, 31), date(2028, 2, 29), date(2025, 12, 31),
]  # fmt: skip


def write(rows):
    """Straight into the table: history is not what is tried here."""
    rows = list(rows)
    return QuerySet(type(rows[0])).bulk_create(rows)


@pytest.mark.parametrize(
    "schedule", SCHEDULES, ids=lambda one: f"every {one.months} months, {one.due_days} days before"
)
def test_how_fresh_resources_are_on_every_day_about_the_days_that_decide(schedule, bylaws):
    rows = write(
        Resource(agency=of, type=make.kind(), quantity=1, deployable=1, confirmed_on=on)
        for of, on in zip(board.agencies(len(CONFIRMED)), CONFIRMED, strict=True)
    )
    stale = {months_after(on, schedule.months) for on in CONFIRMED if on}
    about = {
        day - timedelta(days=back + near) for day in stale for back in (0, schedule.due_days) for near in (-1, 0, 1)
    }
    for day in sorted(about):
        found = dict(Resource.objects.with_freshness_on(day, schedule).values_list("pk", "freshness"))
        assert found == {row.pk: freshness(row.confirmed_on, day, schedule).value.value for row in rows}, day


def every_way() -> list[list[Step]]:
    """Every way that aid can go, from asked on."""
    ways = [[Step.ASKED]]
    for way in ways:
        ways += [[*way, step] for step in FOLLOWS[way[-1]]]
    return ways


def test_what_is_committed_and_free_after_every_way_that_aid_can_go(bylaws):
    row = make.incident()
    line = make.wants(row)
    ways = every_way()
    # Who was released went home because it was needed no more, or by its own decision.
    ways = [(way, why) for way in ways for why in ((*Aid.Released.values,) if Step.RELEASED in way else ("",))]
    given = [make.holds(of, 5) for of in board.agencies(len(ways))]
    because = {"declined_because": "local"}
    aid = write(
        Aid(
            line=line, agency=held.agency, resource=held, quantity=2, asked_by=make.person(), released_because=why,
            **{f"{step.value}_at": make.at(minute) for minute, step in enumerate(way)},
            **(because if Step.DECLINED in way else {}),
        )
        for held, (way, why) in zip(given, ways, strict=True)
    )  # fmt: skip
    assert set(Aid.objects.holding()) == {one for one in aid if one.step.holds}
    found = {row.pk: (row.committed, row.free) for row in Resource.objects.with_committed()}
    assert found == {one.resource_id: (2, 3) if one.step.holds else (0, 5) for one in aid}
    assert all(services.free_of(held) == found[held.pk][1] for held in given)
    assert set(Aid.objects.accepted()) == {one for one in aid if one.counts}
    assert {one.left_itself for one in aid if one.step is Step.RELEASED} == {True, False}


def test_more_than_the_register_knows_of_leaves_nothing_free(bylaws):
    near = make.helper(deployable=2)
    make.ask(make.wants(make.incident(), 3), near, 3, beyond=True)
    row = Resource.objects.with_committed().get(agency=near)
    assert (row.committed, row.free, services.free_of(row)) == (3, 0, 0)


def test_the_nearest_are_the_nearest_by_great_circle_but_for_a_hundredth(bylaws):
    """A flat map shortens a degree of longitude as at the scene: further north or south it errs, by so much at most.

    Over a hundred and fifty miles from the scene two agencies may change places where their distances differ by less.
    """
    steps = (-2.0, -1.1, -0.6, -0.31, -0.1, 0.0, 0.07, 0.3, 0.55, 1.0, 1.9)
    places = [(make.SCENE[0] + north, make.SCENE[1] + east) for north, east in product(steps, steps)]
    rows = board.agencies(len(places))
    for of, (latitude, longitude) in zip(rows, places, strict=True):
        of.latitude, of.longitude = latitude, longitude
    QuerySet(type(rows[0])).bulk_update(rows, ["latitude", "longitude"])
    write(Resource(agency=of, type=make.kind(), quantity=1, deployable=1, confirmed_on=make.DAY) for of in rows)
    found = Resource.objects.nearest_for([make.kind().pk], make.SCENE, make.DAY, Schedule(), None).select_related(
        "agency"
    )
    in_order = sorted(found.order_by(), key=lambda row: row.place)
    miles = [great_circle(make.SCENE, (row.agency.latitude, row.agency.longitude)).miles for row in in_order]
    assert len(miles) == len(places)
    furthest = 0.0
    for each in miles:
        assert each >= furthest * (1 - 0.015), each
        furthest = max(furthest, each)
    near = [each for each in miles if each <= 15]
    assert near == sorted(near)


def test_the_card_takes_as_many_queries_for_two_agencies_as_for_forty(bylaws, django_assert_num_queries):
    wanted = [services.cards.Wanted(1, "canine", 1, 2), services.cards.Wanted(2, "squad", 1, 1)]
    for more in (2, 38):
        write(
            Resource(agency=of, type=make.kind(key), quantity=1, deployable=1, confirmed_on=make.DAY)
            for of in board.agencies(more)
            for key in ("canine", "squad")
        )
        with django_assert_num_queries(5):
            services.card_for(wanted, scene=make.SCENE, day=make.DAY)
