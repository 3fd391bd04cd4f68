"""docs/rules.md tells the truth, and the reader of tests finds the tests that try a rule."""

from __future__ import annotations

import ast
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from nipas_admin import rulebook
from nipas_admin.shared.citations import AGREEMENT, BYLAWS, READING, Citation, Rule

CHECKOUT = Path(__file__).resolve().parents[2]


def test_the_page_of_rules_is_what_the_rules_say_today() -> None:
    assert (CHECKOUT / "docs" / "rules.md").read_text(encoding="utf-8") == rulebook.rulebook(), (
        "Run: manage.py document_rules"
    )


def test_every_rule_that_is_formalised_is_tried_by_a_test() -> None:
    known = rulebook.all_rules()
    tried = rulebook.tests_of(known, rulebook.definitions_in(CHECKOUT))
    assert [rule.name for rule in known if rule.formalised and rule.name not in tried] == []


@pytest.mark.parametrize(
    ("numeral", "number"), [("I", 1), ("III", 3), ("IV", 4), ("IX", 9), ("XIV", 14), ("XVIII", 18), ("XL", 40)]
)
def test_roman_numerals_are_numbers(numeral: str, number: int) -> None:
    assert rulebook.roman_number(numeral) == number


def test_clauses_stand_in_the_order_of_the_text() -> None:
    in_order = [
        AGREEMENT.at("2"),
        AGREEMENT.at("3.H"),
        AGREEMENT.at("5.A.3"),
        AGREEMENT.at("5.A.10"),
        AGREEMENT.at("6.A"),
        BYLAWS.at("II"),
        BYLAWS.at("III", 4),
        BYLAWS.at("III", 10),
        BYLAWS.at("IX"),
        BYLAWS.at("XIII", 1),
        READING.at("R2"),
        READING.at("R10"),
    ]
    assert sorted(sorted(in_order), key=rulebook.reading_order) == in_order


RULES = """
@cites(A)
def ends_on(received):
    return first_of_may(received)

@cites(A)
def first_of_may(day):
    return day

@cites(A)
def nobody_asks():
    return 1
"""

TESTS = """
from room.rules import leaving
from room.rules.joining import eligible as may_join
from elsewhere import something

TABLE = [(leaving.ends_on, 1)]

def helper():
    return may_join("IL0490100")

def test_named_directly():
    assert leaving.ends_on(1)

def test_through_a_helper():
    assert helper()

@parametrize(TABLE)
def test_through_a_table(row):
    assert row

def test_of_something_else():
    assert something()

class TestTogether:
    def test_in_a_class(self):
        assert may_join("")
"""


def definitions() -> rulebook.Names:
    """What a file of tests and a file of rules define."""
    return rulebook.definitions_of(ast.parse(TESTS), "tests.t") | rulebook.definitions_of(
        ast.parse(RULES), "room.rules.leaving"
    )


def rule(module: str, name: str) -> Rule:
    """A rule of that name."""

    def function() -> None: ...

    function.__module__, function.__qualname__ = module, name
    return Rule(function, (AGREEMENT.at("4.A"),))


def test_a_test_tries_the_rules_that_it_names_itself_or_through_helpers_of_the_tests() -> None:
    known = [
        rule("room.rules.leaving", "ends_on"),
        rule("room.rules.leaving", "first_of_may"),
        rule("room.rules.leaving", "nobody_asks"),
        rule("room.rules.joining", "eligible"),
    ]
    assert rulebook.tests_of(known, definitions()) == {
        "room.rules.leaving.ends_on": ["tests.t: named directly", "tests.t: through a table"],
        "room.rules.joining.eligible": ["tests.t: in a class", "tests.t: through a helper"],
        "room.rules.leaving.first_of_may": ["through `room.rules.leaving.ends_on`"],
    }


def test_a_stale_page_is_named_and_left_alone_and_then_rewritten(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    (tmp_path / "docs").mkdir()
    page = tmp_path / "docs" / "rules.md"
    page.write_text("Old.")
    with pytest.raises(CommandError, match=r"out of date. Run: python manage.py document_rules"):
        call_command("document_rules", "--check", stdout=StringIO())
    assert page.read_text() == "Old."
    call_command("document_rules", stdout=StringIO())
    call_command("document_rules", "--check", stdout=StringIO())
    assert page.read_text().startswith("# Rules")


def test_a_citation_of_something_unheard_of_still_finds_a_place() -> None:
    assert rulebook.reading_order(Citation("Ordinance", "5")) == ("Ordinance", [(5, "5")])
