"""The FBI's list of Illinois agencies as it is: its agencies come in as prospects, and distances work among them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from membership.models import Agency
from membership.resources import AgencyResource
from nipas_admin.shared import tables
from operations import services
from operations.rules.incidents import Step
from tests.board import factories as board
from tests.operations import factories as make

pytestmark = pytest.mark.django_db

FILE = Path(__file__).parents[1] / "data" / "illinois" / "agencies.csv"
# By miles from Mount Prospect; the last two have no place of their own in the list.
NEAR_TO_FAR = [
    "Addison Police Department", "Elgin Police Department", "Lake County Sheriff's Office",
    "McHenry Police Department", "Illinois Commerce Commission", "Belleville Police Department",
    "Chicago Heights Park District", "Illinois State Police",
]  # fmt: skip


@pytest.fixture
def illinois(bylaws):
    """The agencies of the list, by name: prospects, all of them."""
    data = FILE.read_bytes()
    with FILE.open("rb") as file:
        outcome = AgencyResource().take(tables.read(file, len(data)), dry_run=False)
    assert outcome.good
    assert outcome.new == 9
    return {agency.name: agency for agency in Agency.objects.all()}


def joined(agency):
    """The prospect joins: its papers are those of an agency that did."""
    other = board.agency()
    for kind in ("approvals", "executions", "participations"):
        getattr(other, kind).update_with_history(agency=agency)
    return agency


def test_distances_work_on_the_list_and_no_place_is_no_fault(illinois):
    scene = tuple(
        float(getattr(illinois["Mount Prospect Police Department"], name)) for name in ("latitude", "longitude")
    )
    miles = {name: services.miles_between(scene, illinois[name]) for name in NEAR_TO_FAR}
    assert {name: round(far, 1) for name, far in miles.items() if far is not None} == {
        "Addison Police Department": 9.5,
        "Elgin Police Department": 18.0,
        "Lake County Sheriff's Office": 21.1,
        "McHenry Police Department": 24.9,
        "Illinois Commerce Commission": 180.2,
        "Belleville Police Department": 268.0,
    }
    assert list(miles.values())[-2:] == [None, None]


def test_prospects_are_not_asked(illinois):
    for name in NEAR_TO_FAR:
        make.holds(illinois[name], 2, "officer")
    night = make.incident(illinois["Mount Prospect Police Department"])
    make.wants(night, 1, key="officer")
    assert make.asked(night) == []


def test_agencies_without_a_place_are_ranked_last(illinois):
    for name in NEAR_TO_FAR:
        make.holds(joined(illinois[name]), 2, "officer")
    night = make.incident(illinois["Mount Prospect Police Department"])
    make.wants(night, 16, key="officer")
    assert make.asked(night) == [(name, 2) for name in NEAR_TO_FAR]
    assert services.card_of(night, make.DAY).warnings == ()


def test_a_scene_without_a_place_is_warned_about_and_the_card_is_made_all_the_same(illinois):
    for name in NEAR_TO_FAR[:-1]:
        make.holds(joined(illinois[name]), 2, "officer")
    night = make.incident(joined(illinois["Illinois State Police"]))
    make.wants(night, 4, key="officer")
    card = services.card_of(night, make.DAY)
    (warning,) = card.warnings
    assert warning.startswith("No place is known, neither of the scene nor of the stricken agency")
    assert make.asked(night) == [("Addison Police Department", 2), ("Belleville Police Department", 2)]


def test_fifteen_to_twenty_officers_are_filled_by_seventeen(illinois):
    """The worked check: officers for the first hours of an exercise."""
    held = {
        "Addison Police Department": 6, "Elgin Police Department": 8, "Lake County Sheriff's Office": 4,
        "McHenry Police Department": 3,
    }  # fmt: skip
    for name, officers in held.items():
        make.holds(joined(illinois[name]), officers, "officer", on=date(2026, 8, 1))
    night = make.incident(joined(illinois["Mount Prospect Police Department"]))
    line = make.wants(night, 15, 20, "officer")

    card = services.card_of(night, make.DAY).filled[0]
    assert [(offer.candidate.name, offer.quantity) for offer in card.offers] == [
        ("Addison Police Department", 6), ("Elgin Police Department", 8), ("Lake County Sheriff's Office", 4),
        ("McHenry Police Department", 2),
    ]  # fmt: skip
    assert (card.quantity, card.shortfall) == (20, 0)

    asked = {
        offer.candidate.name: make.ask(line, illinois[offer.candidate.name], offer.quantity) for offer in card.offers
    }

    def says() -> str:
        return str(services.filled(type(line).objects.get(pk=line.pk)).because[0])

    assert "not filled, 0 of 15–20, 20 asked and not answered" in says()
    make.goes(asked["Addison Police Department"], "accepted")
    make.goes(asked["Elgin Police Department"], "accepted")
    assert "not filled, 14 of 15–20, 6 asked and not answered" in says()
    make.goes(asked["McHenry Police Department"], "declined")
    services.record_step(aid=asked["Lake County Sheriff's Office"], step=Step.ACCEPTED, at=make.at(9), quantity=3)
    assert "filled, 17 of 15–20" in says()
    assert "not filled" not in says()
    assert services.filled(line).value is True
