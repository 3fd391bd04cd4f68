"""What is wanted, typed in one line: understood part by part, and refused part by part (Agreement §3.A)."""

import pytest

from operations.rules.asking import Asked, read_request

CATALOGUE = {
    "officer": "Officers", "canine": "Canine teams", "boat": "Boats", "translator-pl": "Translators, Polish",
    "squad": "Marked squad cars", "light-tower": "Light towers", "bicycle": "Bicycle officers", "atv": "All-terrain vehicles",
    "armored": "Armored vehicles", "prisoner-bus": "Prisoner buses", "radio": "Radios, caged and charged",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        pytest.param("officer 15-20", [("officer", 15, 20)], id="a range after"),
        pytest.param("15–20 officers", [("officer", 15, 20)], id="a range before, with a dash, of many"),
        pytest.param("Canine teams=2", [("canine", 2, 2)], id="by its name"),
        pytest.param("canine", [("canine", 1, 1)], id="without a number: one"),
        pytest.param(
            "boat: 3; canine x 2\nsquad 1", [("boat", 3, 3), ("canine", 2, 2), ("squad", 1, 1)], id="three parts"
        ),
        pytest.param("light tower 2", [("light-tower", 2, 2)], id="with a space for the hyphen"),
        pytest.param("15 to 20 officers", [("officer", 15, 20)], id="a range in a sentence"),
        pytest.param("fifteen to twenty officers", [("officer", 15, 20)], id="a range in words"),
        pytest.param("two canines", [("canine", 2, 2)], id="a number in words"),
        pytest.param("a canine, an armored vehicle", [("canine", 1, 1), ("armored", 1, 1)], id="one, in words"),
        pytest.param("20 officers and 2 K-9s", [("officer", 20, 20), ("canine", 2, 2)], id="as officers say it"),
        pytest.param("3 radios, 2 boats", [("radio", 3, 3), ("boat", 2, 2)], id="by its short name, of many"),
        pytest.param("radios caged and charged 4", [("radio", 4, 4)], id="an “and” that belongs to the name"),
        pytest.param(
            "2x squad cars + 1 prisoner bus", [("squad", 2, 2), ("prisoner-bus", 1, 1)], id="by words of its name"
        ),
        pytest.param("2 polish translators", [("translator-pl", 2, 2)], id="by its words in another order"),
        pytest.param("2 or 3 boats.", [("boat", 2, 3)], id="one or the other, with a full stop"),
        pytest.param("officer 10000", [("officer", 10_000, 10_000)], id="the most"),
    ],
)
def test_what_is_understood(text, asked):
    found = read_request(text, CATALOGUE)
    assert found.asked == tuple(Asked(*one) for one in asked)
    assert found.refused == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "Say what is wanted", id="nothing"),
        pytest.param(" , ;", "Say what is wanted", id="only commas"),
        pytest.param("2 canine 3", "“2 canine 3” is not understood", id="two numbers"),
        pytest.param("-5", "“-5” is not understood", id="no type"),
        pytest.param("canin 2", "did you mean canine (Canine teams)?", id="misspelt"),
        pytest.param("oficers 20", "did you mean officer or bicycle (Bicycle officers)?", id="misspelt, of many"),
        pytest.param(
            "4 vehicles", "did you mean armored (Armored vehicles) or atv (All-terrain vehicles)?", id="several"
        ),
        pytest.param("2 teams", "did you mean canine (Canine teams)?", id="a word that says too little"),
        pytest.param("ten", "“ten” is not in the catalogue", id="a number alone"),
        pytest.param("dragon and unicorn 2", "“unicorn” is not in the catalogue", id="the second of two"),
        pytest.param("dragon 2", "“dragon” is not in the catalogue of resources", id="not in the catalogue"),
        pytest.param("officer 0", "ask for one to 10,000", id="none"),
        pytest.param("officer 10001", "ask for one to 10,000", id="more than the most"),
        pytest.param("officer 20-15", "from fewer to more", id="a range that goes down"),
        pytest.param("officer 2, officers 3", "Officers is asked for twice", id="twice"),
    ],
)
def test_what_is_refused(text, words):
    assert words in "; ".join(read_request(text, CATALOGUE).refused)


def test_one_part_that_is_refused_leaves_the_others():
    found = read_request("canine 2, dragon 1", CATALOGUE)
    assert found.asked == (Asked("canine", 2, 2),)
    assert len(found.refused) == 1


def test_only_the_first_few_refusals_are_shown():
    found = read_request(", ".join(f"dragon{letter} 1" for letter in "abcdefghij"), CATALOGUE)
    assert len(found.refused) == 6
    assert found.refused[-1] == "and 5 more parts that are not understood."
