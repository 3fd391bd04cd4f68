"""A place typed in degrees: read as maps show it; what is wrong is said, with what was probably meant."""

import pytest

from operations.rules.places import read_place


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("42.31,-88.01", id="as a command takes it"),
        pytest.param(" 42.31, -88.01 ", id="as a map copies it"),
        pytest.param("42.31 -88.01", id="with a space"),
        pytest.param("42.31° N, 88.01° W", id="with the letters of the compass"),
        pytest.param("42.31, −88.01", id="with a true minus"),
    ],
)
def test_a_place_is_read(text):
    place = read_place(text)
    assert (place.north, place.east, place.refused) == (42.31, -88.01, "")


@pytest.mark.parametrize(
    ("text", "near"),
    [("36, -88", True), ("35.99, -88", False), ("44, -88", True), ("44.01, -88", False),
     ("42, -93", True), ("42, -93.01", False), ("42, -86", True), ("42, -85.99", False)],
)  # fmt: skip
def test_illinois_and_around_it_is_near(text, near):
    assert (read_place(text).refused == "") is near


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "“” is no place: give latitude and longitude in degrees, as 42.31, -88.01", id="nothing"),
        pytest.param("42.31", "is no place", id="one number"),
        pytest.param("nan,nan", "“nan,nan” is no place", id="not a number"),
        pytest.param("42.31,inf", "is no place", id="without end"),
        pytest.param("1e1,-88", "is no place", id="a power"),
        pytest.param("Main Street", "“Main Street” is no place", id="an address"),
        pytest.param("91,-88", "Latitude 91 is beyond the pole, it ends at 90", id="beyond the pole"),
        pytest.param("42,-181", "Longitude -181 is beyond the date line, it ends at 180", id="beyond the date line"),
        pytest.param("-88.01,42.31", "Latitude comes first, then longitude; did you mean 42.31, -88.01?", id="swapped"),
        pytest.param("88.01,42.31", "Latitude comes first", id="swapped, without its minus"),
        pytest.param("42.31,88.01", "is east of Greenwich; here it has a minus; did you mean 42.31, -88.01?",
                     id="without its minus"),
        pytest.param("41.9,2.2", "41.9, 2.2 is far from Illinois", id="the other side of the ocean"),
        pytest.param("0,0", "0, 0 is far from Illinois", id="nought"),
    ],
)  # fmt: skip
def test_what_is_no_place_here_is_refused_with_what_was_meant(text, words):
    assert words in read_place(text).refused
