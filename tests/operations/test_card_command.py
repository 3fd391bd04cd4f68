"""The alarm card at the console, asked of the demonstration."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import CommandError

from operations.models import Incident
from tests.membership.conftest import said_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

ON = "2026-11-21"


def card(**options: Any) -> Any:
    """The card as JSON."""
    return json.loads(said_by("card", json=True, on=ON, **options))


def test_a_card_for_a_place_asks_the_nearest_fresh_agencies_with_their_numbers() -> None:
    officers, canines = card(at="42.31,-88.01", need="officer=20,canine=2")["lines"]

    miles = [offer["miles"] for offer in officers["offers"]]
    assert (officers["offered"], officers["shortfall"]) == (20, 0)
    assert miles == sorted(miles)
    assert all(offer["telephone"] and offer["freshness"] != "stale" for offer in officers["offers"])
    assert sum(offer["quantity"] for offer in canines["offers"]) == 2


def test_what_nobody_has_is_a_shortfall_with_its_reason() -> None:
    (boats,) = card(at="42.31,-88.01", need="boat=3")["lines"]

    assert (boats["offered"], boats["shortfall"]) == (0, 3)
    assert boats["because"][0]["text"] == "0 of 3: none left"


def test_the_card_of_an_incident_asks_only_for_what_is_still_wanted() -> None:
    incident = Incident.objects.get(closed_at=None)

    said = said_by("card", incident=incident.reference, on=ON)

    assert said.startswith(f"Incident {incident}")
    assert "1 armored: 0 can be asked for" in said
    assert "officer" not in said


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param({}, "Give an incident, or a place and what is needed", id="nothing asked"),
        pytest.param({"at": "42.31"}, "Give an incident, or a place and what is needed", id="a place without a need"),
        pytest.param({"at": "north,west", "need": "boat"}, "is no place", id="a place that is none"),
        pytest.param({"at": "91,-88", "need": "boat"}, "beyond the pole, it ends at 90", id="beyond the pole"),
        pytest.param({"at": "nan,nan", "need": "boat"}, "is no place", id="no numbers"),
        pytest.param({"at": "42.31,88.01", "need": "boat"}, "did you mean 42.31, -88.01?", id="without its minus"),
        pytest.param({"at": "-88.01,42.31", "need": "boat"}, "Latitude comes first", id="the wrong way round"),
        pytest.param({"at": "40.7,-74", "need": "boat"}, "is far from Illinois", id="another state"),
        pytest.param({"at": "42,-88", "need": "wizard"}, "is not in the catalogue", id="a type that is none"),
        pytest.param(
            {"incident": "1999-0001"}, "No incident has the number 1999-0001. The latest is", id="no incident"
        ),
        pytest.param({"incident": "1", "on": "1/2/49"}, "", id="a day with two digits for its year"),
    ],
)
def test_what_is_not_clear_is_refused_in_words(options: dict[str, str], words: str) -> None:
    with pytest.raises(CommandError) as refusal:
        said_by("card", **options)
    assert words in str(refusal.value)
