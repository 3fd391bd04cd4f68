"""What is wanted, typed in one line by somebody in a hurry."""

from __future__ import annotations

import pytest

from operations.rules.asking import Asked, read_request

CATALOGUE = {
    "officer": "Officers",
    "canine": "Canine teams",
    "translator-pl": "Translators, Polish",
    "light-tower": "Light towers",
    "boat": "Boats",
}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        pytest.param("officer 15-20", [("officer", 15, 20)], id="a type and a range"),
        pytest.param(
            "15–20 officers", [("officer", 15, 20)], id="a range with a dash of print, then the type in the plural"
        ),
        pytest.param("officer=20,canine=2", [("officer", 20, 20), ("canine", 2, 2)], id="as a command is typed"),
        pytest.param("canine", [("canine", 1, 1)], id="without a number, one"),
        pytest.param("Canine Teams: 3; boat", [("canine", 3, 3), ("boat", 1, 1)], id="by the name in the catalogue"),
        pytest.param("light tower x2", [("light-tower", 2, 2)], id="a short name with a blank for its hyphen"),
        pytest.param("translator-pl 1, ", [("translator-pl", 1, 1)], id="with a comma left over"),
        pytest.param("officer 10000", [("officer", 10_000, 10_000)], id="the most that can be asked for"),
    ],
)
def test_a_line_is_read_part_by_part(text: str, asked: list[tuple[str, int, int]]) -> None:
    read = read_request(text, CATALOGUE)

    assert read.asked == tuple(Asked(*one) for one in asked)
    assert read.refused == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "Say what is wanted", id="nothing"),
        pytest.param(" , ", "Say what is wanted", id="only a comma"),
        pytest.param("wizard 3", "“wizard” is not in the catalogue of resources", id="what the catalogue has not"),
        pytest.param("offcer 3", "did you mean officer?", id="a slip of the finger"),
        pytest.param("officer 0", "ask for one to 10,000", id="none"),
        pytest.param("officer 10001", "ask for one to 10,000", id="one more than the most"),
        pytest.param("officer 20-15", "write a range from fewer to more", id="a range from more to fewer"),
        pytest.param("officer -5", "is not understood", id="below zero"),
        pytest.param("3 officer 4", "is not understood", id="two numbers"),
        pytest.param("officer 3.5", "is not understood", id="a part of an officer"),
        pytest.param("officer ３", "is not understood", id="full-width digits"),
        pytest.param("officer 2, officers 3", "Officers is asked for twice", id="the same type twice"),
    ],
)
def test_what_is_not_understood_is_said_part_by_part(text: str, said: str) -> None:
    refused = read_request(text, CATALOGUE).refused

    assert len(refused) == 1
    assert said in refused[0]


def test_one_bad_part_does_not_lose_the_good_ones() -> None:
    read = read_request("officer 4, wizard 2, canine", CATALOGUE)

    assert [one.key for one in read.asked] == ["officer", "canine"]
    assert len(read.refused) == 1


def test_nine_hundred_unknown_types_are_answered_in_a_few_words() -> None:
    refused = read_request(",".join(f"thing{'x' * (n % 7)} {n + 1}" for n in range(900)), CATALOGUE).refused

    assert len(refused) == 6
    assert refused[-1] == "and 895 more parts that are not understood"
