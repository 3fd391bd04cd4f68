"""The agreement for execution and the model ordinance and resolution, read back out of the PDF."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from documents.letters import print_letter
from membership.letters.instruments import TESTIMONIUM, divided, specimen
from membership.letters.parts import Signer, with_article
from membership.models import Participation
from tests.membership import factories as make
from tests.membership.reading import DAY, LETTERS, member_in_full, pages, printed, words

pytestmark = pytest.mark.django_db
elmwood = pytest.fixture(member_in_full)

TEXT = """# Agreement of the Towns

EXHIBIT A

## Section 1. What It Is For

The towns help one another.

## Section 2. Who Is Who

**Town:** a place that signs.

## Section 3. Leaving & Coming Back

A. Whoever leaves says so.

B. Whoever comes back asks first.

IN WITNESS WHEREOF, the towns sign:

- Name of Town
- (seal)
- Mayor

<!-- transcriber: read from a copy -->
"""
SIGNING = "IN WITNESS WHEREOF, we sign."


def load(text: str = TEXT) -> None:
    """Give the amended agreement this text."""
    version = make.version("amended")
    version.text = text
    version.save()


# --- The agreement ---------------------------------------------------------------------------------------------------


def test_the_agreement_holds_every_section_of_the_text_that_is_loaded(elmwood: Participation) -> None:
    load()

    read = printed("agreement", elmwood.agency)

    headings = [line.lstrip("# ") for line in TEXT.splitlines() if line.startswith("#")]
    assert len(headings) == 4
    assert [heading for heading in headings if heading not in read] == []
    for part in (
        "EXHIBIT A",
        "A. Whoever leaves",
        "B. Whoever comes back",
        "For execution by Elmwood Police Department",
    ):
        assert part in read
    assert "transcriber" not in read
    assert "Specimen" not in read


def test_the_agreement_s_own_blank_form_is_printed_once_and_filled(elmwood: Participation) -> None:
    load()

    read = printed("agreement", elmwood.agency)

    assert read.count("IN WITNESS WHEREOF, the towns sign:") == 1
    assert "Name of Town" not in read
    assert read.count("(seal)") == 1
    after = read[read.index("IN WITNESS WHEREOF") :]
    for part in (
        "Elmwood Police Department",
        "Name of Law Enforcement Agency",
        "Ben Marsh",
        "Village President, Head of Corporate Authorities",
        "Ada Stone",
        "Chief of Police, Commanding Officer",
        "ATTEST:",
        "Cy Holm",
        "Village Clerk",
    ):
        assert part in after
    assert after.count("Date") == 1, "the form has one Date line for both signatures"


@pytest.mark.parametrize(
    ("text", "kept", "clause"),
    [
        pytest.param(f"One.\n\n{SIGNING}\n\n- Name\n- Date\n", "One.\n\n", SIGNING, id="clause and form"),
        pytest.param(f"One.\n\n{SIGNING}\n", "One.\n\n", SIGNING, id="clause alone"),
        pytest.param("One.\n", "One.\n", TESTIMONIUM, id="neither: ours is used"),
        pytest.param(
            f"One.\n\n{SIGNING}\n\n- Name\n\n## Exhibit B\n\nTwo.\n",
            f"One.\n\n{SIGNING}\n\n- Name\n\n## Exhibit B\n\nTwo.\n",
            TESTIMONIUM,
            id="text after the form: nothing is cut away",
        ),
        pytest.param("<!-- a note -->\nOne.\n\n<!-- end", "One.\n", TESTIMONIUM, id="transcriber's notes are left out"),
    ],
)  # fmt: skip
def test_only_the_blank_form_at_the_end_is_taken_off_the_text(text: str, kept: str, clause: str) -> None:
    assert divided(text) == (kept, clause)


def test_without_a_text_the_specimen_prints_and_every_page_says_what_it_is(elmwood: Participation) -> None:
    read = pages(print_letter(LETTERS["agreement"], elmwood.agency, DAY))

    headings = [line.lstrip("# ") for line in specimen("agreement").splitlines() if line.startswith("#")]
    assert len(headings) == 10
    assert [heading for heading in headings if heading not in " ".join(read)] == []
    assert len(read) > 1
    assert all("Specimen, not the official text" in page for page in read)


def test_a_text_of_nothing_but_spaces_is_no_text(elmwood: Participation) -> None:
    load(" \n\t\n")

    assert "Specimen, not the official text" in printed("agreement", elmwood.agency)


@pytest.mark.parametrize(("kind", "blanks"), [("agreement", 3), ("ordinance", 2), ("resolution", 2)])
def test_where_no_official_is_known_there_is_a_blank_to_write_the_name_in(kind: str, blanks: int) -> None:
    read = printed(kind, make.agency("Foxfield Police Department"))

    assert len(re.findall(r"\bName\b(?! of)", read)) == blanks
    assert "Head of Corporate Authorities" in read
    assert "None" not in read


@pytest.mark.parametrize(
    ("terms", "signs"),
    [
        pytest.param([("Old", date(2015, 1, 1), DAY)], "", id="left on the day itself: first day out"),
        pytest.param([("Old", date(2015, 1, 1), date(2026, 6, 2))], "Old", id="leaves the next day: still in office"),
        pytest.param([("New", DAY, None)], "New", id="begins on the day"),
        pytest.param([("New", date(2026, 6, 2), None)], "", id="begins the next day"),
        pytest.param([("Old", date(2015, 1, 1), None), ("New", date(2026, 1, 1), None)], "New", id="the latest"),
        pytest.param([("Old", None, None), ("New", date(1999, 1, 1), None)], "New", id="one whose first day is known"),
        pytest.param([("Old", None, None)], "Old", id="first day unknown, not gone: in office"),
    ],
)  # fmt: skip
def test_who_signs_is_who_is_in_office_on_the_day(
    terms: list[tuple[str, date | None, date | None]], signs: str
) -> None:
    of = make.agency()
    for name, from_on, until_on in terms:
        make.official(of, "chief", name, from_on=from_on, until_on=until_on)

    letter: Any = LETTERS["agreement"].build(of, DAY)

    assert letter.chief.name == signs


@pytest.mark.parametrize(
    ("signer", "words_under"),
    [
        (Signer("Clerk", "Cy Holm", "City Clerk"), "City Clerk"),
        (Signer("Clerk", "Cy Holm", "Deputy"), "Deputy, Clerk"),
        (Signer("Commanding Officer", "Ada Stone"), "Commanding Officer"),
        (Signer("Head of Corporate Authorities"), "Head of Corporate Authorities"),
    ],
)
def test_what_stands_under_a_signature(signer: Signer, words_under: str) -> None:
    assert signer.signs_as == words_under


# --- The model ordinance and resolution ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "said", "not_said"),
    [("ordinance", "Be it ordained", "esolution"), ("resolution", "Be it resolved", "rdinance")],
)
def test_the_model_is_filled_for_the_body_and_leaves_number_days_and_votes_open(
    kind: str, said: str, not_said: str, elmwood: Participation
) -> None:
    pdf = print_letter(LETTERS[kind], elmwood.agency, DAY)
    read = words(pdf)

    for part in (
        "Village of Elmwood, Illinois",
        f"{kind.capitalize()} No.",
        f"{said} by the President and Board of Trustees of the Village of Elmwood:",
        "The participation of the Agency in NIPAS is approved.",
        "Amended Mutual Aid Agreement and Plan of 2018",
        "Amended NIPAS Bylaws",
        "The Village President and the Chief of Police shall both sign",
        "the Village Clerk shall attest it",
        "Passed on",
        "Approved on",
        "ATTEST:",
        "Ben Marsh",
        "Cy Holm",
    ):
        assert part in read, part
    assert not_said not in read
    for vote in ("Aye", "Nay", "Abstaining", "Not voting", "Absent"):
        assert vote in read
    assert all("Model, to be reviewed by the body’s counsel" in page for page in pages(pdf))


def test_a_body_that_is_not_recorded_is_a_blank_with_its_name_beneath() -> None:
    read = printed("ordinance", make.agency("Foxfield Police Department"))

    assert read.count("(public body)") == 3
    assert "(corporate authorities)" in read
    assert "The Head of Corporate Authorities and the Commanding Officer shall both sign" in read


@pytest.mark.parametrize(
    ("body", "in_text"),
    [
        ("City of McHenry", "the City of McHenry"),
        ("Village of Elmwood", "the Village of Elmwood"),
        ("Lake County", "Lake County"),
        ("Citywide College", "Citywide College"),
        ("", ""),
    ],
)
def test_a_public_body_in_running_text(body: str, in_text: str) -> None:
    assert with_article(body) == in_text
