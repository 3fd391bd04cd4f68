"""The map: what is on it, what is said of it, and how many bytes that takes."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from nipas_admin.accounts import roles
from operations.map import LABELS, Mark, Place, area_map
from tests.membership.factories import person

SCENE = Place("The marsh", 42.0, -88.0, Mark.SCENE, "the scene", named=True)


def places(number: int, mark: Mark = Mark.AGENCY, *, named: bool = False) -> list[Place]:
    """So many on a grid of three miles around the scene."""
    return [
        Place(
            f"Agency {n:03} Police Department", 41.7 + n // 11 * 0.05, -88.3 + n % 11 * 0.06, mark, "2 Officers", named
        )
        for n in range(number)
    ]


def test_a_map_of_all_agencies_with_the_scene_and_who_is_sent_stays_small() -> None:
    sent = [
        Place(f"Sent {n} Police Department", 42.01 + n / 300, -88.02, Mark.COMING, "4 Officers", True)
        for n in range(30)
    ]
    drawn = area_map([SCENE, *places(105, Mark.STALE), *sent], "Region", beneath=places(105))

    assert drawn.count('class="mark stale"') == 105 + 1, "and one in the legend"
    assert len(drawn.encode()) <= 50_000, "half of what it may be"


def test_what_lies_beneath_moves_nothing_and_is_left_out_beyond_the_edge() -> None:
    alone = area_map([SCENE], "Scene")
    beneath = [Place("Near", 42.01, -88.0), Place("Far", 43.5, -88.0), Place("The marsh", 42.0, -88.0)]
    drawn = area_map([SCENE], "Scene", beneath=beneath)

    mark = re.compile(r'class="mark scene"[^>]*transform="([^"]*)"')
    assert mark.findall(drawn)[0] == mark.findall(alone)[0]
    assert "<title>Near</title>" in drawn
    assert "Far" not in drawn
    assert drawn.count("The marsh: the scene") == 1


def boxes(drawn: str) -> list[tuple[float, float, float]]:
    """Each name that is written: from, to, and its line."""
    found = re.findall(r'class="name"[^>]* text-anchor="(\w+)" x="([\d.]+)" y="([\d.]+)">([^<]*)<', drawn)
    before = {"start": 0.0, "middle": 0.5, "end": 1.0}
    starts = [(float(x) - before[anchor] * 9 * len(text), text, float(y)) for anchor, x, y, text in found]
    return [(left, left + 9 * len(text), y) for left, text, y in starts]


def test_no_name_is_written_over_another_nor_over_a_mark() -> None:
    near = [
        Place(f"A{n} Police Department", 42 + n / 900, -88 + n % 3 / 900, Mark.THERE, named=True) for n in range(40)
    ]
    drawn = area_map([SCENE, *near], "Near")
    names = boxes(drawn)

    assert 1 < len(names) <= LABELS
    for at, (left, right, y) in enumerate(names):
        assert left >= 0
        assert right <= 720
        for other_left, other_right, other in names[at + 1 :]:
            assert abs(y - other) >= 20 or left >= other_right or right <= other_left
    assert "The marsh</text>" in drawn, "the scene is named first"


@pytest.mark.parametrize(
    ("north", "scale"),
    [(0.0, "2 miles"), (0.5, "5 miles"), (1.0, "10 miles"), (2.0, "20 miles")],
    ids=["one place", "35 miles", "70 miles", "140 miles"],
)
def test_the_scale_is_a_round_number_of_miles(north: float, scale: str) -> None:
    drawn = area_map([SCENE, Place("Ash", 42.0 + north, -88.0)], "Two")
    assert f">{scale}</text>" in drawn


def test_the_map_tells_what_it_shows_to_those_who_do_not_see_it() -> None:
    drawn = area_map([SCENE, Place("Ash", 42.1, -88.0, Mark.COMING, "2 Officers, en route", True)], "Tonight")
    assert '<title id="map-title">Tonight</title>' in drawn
    assert "Scene: 1; Coming: 1. The marsh, the scene; Ash, 2 Officers, en route" in drawn
    assert area_map([], "Nothing") == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "status"), [(roles.TELECOMMUNICATOR, 200), (roles.SYSTEM_MANAGER, 200), (roles.AGENCY_REPRESENTATIVE, 403)]
)
def test_the_region_is_shown_to_those_who_work_for_all(role: str, status: int) -> None:
    client = Client()
    client.force_login(person(role))
    assert client.get(reverse("operations:region")).status_code == status
