"""Membership's papers, read back out of the PDF: what they say, what they refuse to say, and how they are filed."""

from __future__ import annotations

import hashlib
import re
import socket
import zipfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.template.loader import get_template

from documents.models import Paper
from membership import letters
from membership.letters.base import Signer, with_article
from membership.letters.instruments import TESTIMONIUM, divided, specimen
from membership.models import Agency, Participation, TerminationNotice
from membership.services import receive_notice, rescind_notice
from nipas_admin.jobs import tasks
from nipas_admin.jobs.models import Job
from tests.membership import factories as make

pytestmark = pytest.mark.django_db

DAY = date(2026, 6, 1)
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


def pages(pdf: bytes) -> list[str]:
    """The text of each page, on one line."""
    return [
        " ".join(page.extract_text(extraction_mode="layout").split()) for page in pypdf.PdfReader(BytesIO(pdf)).pages
    ]


def words(pdf: bytes) -> str:
    """The text of all pages, on one line."""
    return " ".join(pages(pdf))


def printed(kind: str, record: Any, day: date = DAY) -> str:
    """The words of a paper."""
    return words(letters.print_letter(kind, record, day))


def load(text: str = TEXT) -> None:
    """Give the amended agreement this text."""
    version = make.version("amended")
    version.text = text
    version.save()


@pytest.fixture
def elmwood() -> Participation:
    """A member with all its officials and a place in a team."""
    stint = make.new_member("Elmwood Police Department")
    of = stint.agency
    of.public_body, of.governing_body = "Village of Elmwood", "President and Board of Trustees"
    of.street, of.city, of.zip_code = "12 Oak Street", "Elmwood", "60001"
    of.save()
    make.official(of, "chief", "Ada Stone", title="Chief of Police")
    make.official(of, "head", "Ben Marsh", title="Village President")
    make.official(of, "clerk", "Cy Holm", title="Village Clerk")
    make.in_team(stint)
    return stint


def notice_of(stint: Participation, received_on: date, **known: Any) -> TerminationNotice:
    """A Termination Notice, received."""
    return receive_notice(participation=stint, received_on=received_on, **known)


# --- Every kind ------------------------------------------------------------------------------------------------------


def record_for(kind: str, stint: Participation) -> Any:
    """What this kind of paper is printed for."""
    model = letters.LETTERS[kind].record
    if model is TerminationNotice:
        return notice_of(stint, date(2026, 2, 2))
    return stint.agency if model is Agency else None


@pytest.mark.parametrize("kind", letters.LETTERS)
def test_every_kind_names_a_template_and_a_permission_that_exist(kind: str) -> None:
    known = letters.LETTERS[kind]
    app, _, codename = known.permission.partition(".")

    assert known.key == kind
    assert get_template(known.template)
    assert Permission.objects.filter(content_type__app_label=app, codename=codename).exists()


@pytest.mark.parametrize("kind", letters.LETTERS)
def test_every_kind_is_archivable_tagged_and_carries_its_fonts(kind: str, elmwood: Participation) -> None:
    pdf = letters.print_letter(kind, record_for(kind, elmwood), DAY)

    with pikepdf.open(BytesIO(pdf)) as paper:
        with paper.open_metadata() as said:
            assert (said["pdfaid:part"], said["pdfaid:conformance"], said["pdfuaid:part"]) == ("3", "U", "1")
        assert paper.Root.MarkInfo.Marked
        assert len(paper.Root.StructTreeRoot.K) > 0
        descriptors = list(font_descriptors(paper))
        assert descriptors
        assert all("/FontFile3" in found or "/FontFile2" in found for found in descriptors)
        names = {str(found.FontName).partition("+")[2] for found in descriptors}
    assert all(name.startswith(("Source-Serif", "Source-Sans", "SourceSerif", "SourceSans")) for name in names), names


def font_descriptors(paper: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Of every font on every page."""
    for page in paper.pages:
        for font in page.Resources.Font.values():
            yield font.DescendantFonts[0].FontDescriptor if "/DescendantFonts" in font else font.FontDescriptor


@pytest.mark.parametrize("kind", letters.LETTERS)
def test_every_page_says_its_day_and_which_page_it_is_of_how_many(kind: str, elmwood: Participation) -> None:
    read = pages(letters.print_letter(kind, record_for(kind, elmwood), DAY))

    for number, page in enumerate(read, start=1):
        assert "As of 1 June 2026" in page
        assert f"Page {number} of {len(read)}" in page


HOSTILE = {
    "name": '<script>alert(1)</script> &amp; <b>"Dept"</b>',
    "public_body": '<img src="http://127.0.0.1:9/x.png"><link rel="attachment" href="file:///etc/hosts">',
    "governing_body": "{{ sheet }} {% include 'x' %} '); --",
    "street": "شرطة \u202eecilop\u202c מִשְׁטָרָה",
    "city": "🚓 Zürich 👮‍♀️ 警察",
}
READ_BACK = {
    "agreement": ("name", "public_body"),
    "ordinance": ("name", "public_body", "governing_body"),
    "resolution": ("name", "public_body", "governing_body"),
    "certificate": ("name", "public_body"),
    "roster": ("name",),
    "acknowledgement": ("name",),
}


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a connection fails the test."""

    def refuse(*_: Any) -> None:
        raise AssertionError("The press opened a connection.")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize("kind", letters.LETTERS)
def test_hostile_text_prints_as_the_characters_typed(kind: str, no_network: None) -> None:
    stint = make.new_member(HOSTILE["name"])
    for field, text in HOSTILE.items():
        setattr(stint.agency, field, text)
    stint.agency.save()
    for capacity, text in zip(("chief", "head", "clerk"), HOSTILE.values(), strict=False):
        make.official(stint.agency, capacity, text, title=text[:80])

    pdf = letters.print_letter(kind, record_for(kind, stint), DAY)

    with pikepdf.open(BytesIO(pdf)) as paper:
        assert "/Names" not in paper.Root or "/EmbeddedFiles" not in paper.Root.Names
        assert "/AF" not in paper.Root
    read = "".join(words(pdf).split())
    for field in READ_BACK[kind]:
        assert "".join(HOSTILE[field].split())[:40] in read, field


NARROWEST_W = 6.5  # points, in the smallest type of any paper


@pytest.mark.parametrize("kind", letters.LETTERS)
def test_a_long_name_stays_between_the_margins(kind: str) -> None:
    stint = make.new_member("W" * 150)
    stint.agency.public_body = "W" * 150
    stint.agency.save()
    for capacity in ("chief", "head", "clerk"):
        make.official(stint.agency, capacity, "W" * 120, title="W" * 80)

    pdf = letters.print_letter(kind, record_for(kind, stint), DAY)

    for page in pypdf.PdfReader(BytesIO(pdf)).pages:
        runs = re.findall("W+", page.extract_text(extraction_mode="layout"))
        between_margins = float(page.mediabox.width) - 2 * 72
        assert max(map(len, runs), default=0) * NARROWEST_W <= between_margins


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
    assert after.count("Date") == 2


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
    read = pages(letters.print_letter("agreement", elmwood.agency, DAY))

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

    letter: Any = letters.LETTERS["agreement"].build(of, DAY)

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
    pdf = letters.print_letter(kind, elmwood.agency, DAY)
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


# --- The certificate -------------------------------------------------------------------------------------------------


def test_an_active_agency_is_certified_with_the_why(elmwood: Participation) -> None:
    read = printed("certificate", elmwood.agency)

    for part in (
        "Certificate of Participation",
        "Elmwood Police Department",
        "of the Village of Elmwood",
        "is a Participating Agency of this body on 1 June 2026.",
        "Participating by Agreement §5.B from 10 March 2021",
        "(on file; Agreement §5.B; Bylaws Art. III §2.c)",
        "Status under Bylaws Art. III §11",
        "Reading R5",
    ):
        assert part in read, part
    assert "suspended" not in read
    assert "Termination Notice" not in read


@pytest.mark.parametrize(
    ("day", "suspended"),
    [
        pytest.param(date(2026, 3, 31), False, id="the day before"),
        pytest.param(date(2026, 4, 1), True, id="the first day"),
        pytest.param(date(2026, 4, 30), True, id="the last day"),
        pytest.param(date(2026, 5, 1), False, id="the first day back"),
    ],
)
def test_a_suspension_is_certified_as_what_it_is(day: date, suspended: bool, elmwood: Participation) -> None:
    make.proceeding(
        elmwood,
        outcome="suspended",
        decided_on=date(2026, 3, 25),
        effective_on=date(2026, 4, 1),
        suspended_until_on=date(2026, 5, 1),
    )

    read = printed("certificate", elmwood.agency, day)

    assert ("Its participation is suspended on that day." in read) is suspended
    assert ("it has no vote" in read) is suspended


def test_a_certificate_tells_of_the_notice_that_runs(elmwood: Participation) -> None:
    notice_of(elmwood, date(2026, 2, 2))

    assert "Its participation ends on 1 May 2027." in printed("certificate", elmwood.agency)


def refused(kind: str, record: Any, day: date = DAY) -> str:
    """The words with which a paper is refused."""
    with pytest.raises(ValidationError) as refusal:
        letters.print_letter(kind, record, day)
    return " ".join(refusal.value.messages)


def test_no_certificate_for_an_agency_that_has_left(elmwood: Participation) -> None:
    notice_of(elmwood, date(2025, 12, 31))

    assert "is a Participating Agency" in printed("certificate", elmwood.agency, date(2026, 4, 30))
    said = refused("certificate", elmwood.agency, date(2026, 5, 1))
    assert "Elmwood Police Department does not participate on 1 May 2026 (withdrawn)" in said
    assert "first day out 1 May 2026 [Agreement §4.A; Bylaws Art. III §10]" in said


def test_no_certificate_before_participation_began(elmwood: Participation) -> None:
    said = refused("certificate", elmwood.agency, date(2021, 3, 9))

    assert "does not participate on 9 March 2021 (prospect)" in said
    assert "participation begins later: 10 March 2021" in said


def test_no_certificate_where_it_is_not_determined_and_it_says_what_is_missing() -> None:
    stint = make.new_member("Foxfield Police Department")
    Participation.objects.filter(pk=stint.pk).update_with_history(
        execution=make.execution(stint.agency, None, edition="amended")
    )

    said = refused("certificate", stint.agency)

    assert "is not determined" in said
    assert "Missing: " in said


# --- The acknowledgement ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received_on", "last_day", "first_day_out"),
    [
        pytest.param(date(2025, 12, 31), "30 April 2026", "1 May 2026", id="31 December: the next 1 May"),
        pytest.param(date(2026, 1, 1), "30 April 2027", "1 May 2027", id="1 January: 1 May of the year after"),
        pytest.param(date(2026, 4, 30), "30 April 2027", "1 May 2027", id="the eve of 1 May: a year more"),
        pytest.param(date(2026, 5, 1), "30 April 2027", "1 May 2027", id="1 May itself"),
    ],
)
def test_the_acknowledgement_gives_the_days_and_the_arithmetic(
    received_on: date, last_day: str, first_day_out: str, elmwood: Participation
) -> None:
    notice = notice_of(elmwood, received_on)

    read = printed("acknowledgement", notice, received_on)

    for part in (
        "Ada Stone, Chief of Police Elmwood Police Department 12 Oak Street Elmwood, Illinois 60001",
        "Dear Ada Stone:",
        f"Its participation ends on {first_day_out}; {last_day} is its last day.",
        "Date of the letter not dated",
        f"First day out under this notice {first_day_out}",
        f"Received in {received_on.year}, so participation ends on {first_day_out}",
        "Agreement §4.A; Bylaws Art. III §10",
        f"What happens on {first_day_out}",
        "Its place in Emergency Services Team ends",
        "What stays owed: dues, cost requests, claims and shares already owed remain owed",
    ):
        assert part in read, part


def test_a_letter_dated_in_one_year_and_received_in_the_next_counts_from_its_receipt(elmwood: Participation) -> None:
    notice = notice_of(elmwood, date(2026, 1, 2), dated_on=date(2025, 12, 30))

    read = printed("acknowledgement", notice)

    assert "Date of the letter 30 December 2025" in read
    assert "The letter is dated 30 December 2025; the day it was received governs" in read
    assert "Its participation ends on 1 May 2027" in read


def test_a_second_notice_while_one_runs_changes_nothing(elmwood: Participation) -> None:
    notice_of(elmwood, date(2025, 11, 3))
    second = notice_of(elmwood, date(2026, 1, 5))

    read = printed("acknowledgement", second, date(2026, 1, 6))

    assert "Its participation ends on 1 May 2026" in read
    assert "A notice received on 3 November 2025 already runs; the second changes nothing" in read


def test_a_rescinded_notice_has_no_effect_from_the_day_it_was_let_go(elmwood: Participation) -> None:
    notice = rescind_notice(notice=notice_of(elmwood, date(2025, 12, 31)), decided_on=date(2026, 3, 2))

    before = printed("acknowledgement", notice, date(2026, 3, 1))
    after = printed("acknowledgement", notice, date(2026, 3, 2))

    assert "Its participation ends on 1 May 2026" in before
    assert "rescinded" not in before
    assert "On 2 March 2026 the Board agreed to let it go. The notice has no effect" in after
    assert "Notice rescinded 2 March 2026" in after
    assert "What happens on" not in after


def test_an_ending_that_comes_first_is_said(elmwood: Participation) -> None:
    notice = notice_of(elmwood, date(2026, 1, 5))
    Participation.objects.filter(pk=elmwood.pk).update_with_history(terminated_on=date(2026, 4, 15))

    read = printed("acknowledgement", TerminationNotice.objects.get(pk=notice.pk))

    assert "participation is terminated as of 15 April 2026" in read
    assert "before this notice could end it on 1 May 2027" in read
    assert "What happens on 15 April 2026" in read


def test_after_the_day_the_ending_is_told_as_past(elmwood: Participation) -> None:
    notice = notice_of(elmwood, date(2025, 12, 31))

    assert "Until then it remains" in printed("acknowledgement", notice, date(2026, 4, 30))
    assert "Its participation ended on 1 May 2026" in printed("acknowledgement", notice, date(2026, 5, 1))


def test_a_notice_cannot_be_acknowledged_before_it_came_in(elmwood: Participation) -> None:
    said = refused("acknowledgement", notice_of(elmwood, date(2026, 2, 2)), date(2026, 2, 1))

    assert said == (
        "On 1 February 2026 this notice had not come in: it was received on 2 February 2026. "
        "Choose that day or a later one (Agreement §4.A)."
    )


def test_a_chief_who_is_not_recorded_is_addressed_by_office() -> None:
    stint = make.new_member("Foxfield Police Department")

    read = printed("acknowledgement", notice_of(stint, date(2026, 2, 2)))

    assert "Commanding Officer Foxfield Police Department" in read
    assert "Dear Commanding Officer:" in read


# --- The roster ------------------------------------------------------------------------------------------------------


def test_the_roster_lists_the_active_by_county_and_the_others_apart(elmwood: Participation) -> None:
    both = make.original_member("Barrow Police Department", "Lake", "Cook", joined=date(2020, 1, 6))
    Participation.objects.filter(pk=both.pk).update_with_history(
        settlement="remains", settled_on=date(2020, 1, 6), settled_because="so decided"
    )
    notice_of(elmwood, date(2026, 2, 2))
    away = make.new_member("Dunmere Police Department")
    make.proceeding(away, outcome="suspended", decided_on=date(2026, 4, 1), effective_on=date(2026, 4, 2))
    unsure = make.new_member("Foxfield Police Department")
    Participation.objects.filter(pk=unsure.pk).update_with_history(
        execution=make.execution(unsure.agency, None, edition="amended")
    )
    make.agency("Glenharrow Police Department")

    read = printed("roster", None)

    for part in (
        "Active agencies 2, of which 1 with notice pending",
        "Suspended 1",
        "Not determined 1",
        "2 of 2 Bylaws Art. XIII §2",
        "Cook County (2)",
        "Elmwood Police Department Ada Stone, Chief of Police",
        "EST Notice pending, ends 1 May 2027",
        "Not determined is neither yes nor no",
        "Also in Lake County",
        "Dunmere Police Department Suspended from 2 April 2026",
        "Foxfield Police Department",
    ):
        assert part in read, part
    assert read.index("Cook County (2)") < read.index("Barrow") < read.index("Elmwood") < read.index("Dunmere")
    assert "Lake County (" not in read
    assert "Glenharrow" not in read


@pytest.mark.parametrize(
    ("active", "unsure", "said"),
    [
        pytest.param(2, 0, "2 of 2", id="more than half of two is two"),
        pytest.param(3, 0, "2 of 3", id="more than half of three is two"),
        pytest.param(2, 1, "2 of 2 Bylaws", id="one not determined does not change it"),
        pytest.param(
            3, 1, "2 of 3, and up to 3 if those not determined are active", id="one not determined changes it"
        ),
    ],
)
def test_the_quorum_says_when_it_depends_on_the_agencies_not_determined(active: int, unsure: int, said: str) -> None:
    for _ in range(active):
        make.new_member()
    for _ in range(unsure):
        stint = make.new_member()
        Participation.objects.filter(pk=stint.pk).update_with_history(
            execution=make.execution(stint.agency, None, edition="amended")
        )

    pdf = letters.print_letter("roster", None, DAY)

    first = pypdf.PdfReader(BytesIO(pdf)).pages[0].extract_text()
    assert said in " ".join(first.split())


def test_a_place_in_a_team_ends_with_the_stint_that_held_it() -> None:
    first = make.new_member("Elmwood Police Department", joined=date(2020, 1, 6))
    make.in_team(first)
    notice_of(first, date(2021, 2, 2))
    again = Participation.objects.create(
        agency=first.agency,
        number=2,
        path="new",
        approval=make.approval(first.agency, date(2024, 1, 8), edition="amended"),
        execution=make.execution(first.agency, date(2024, 1, 8), edition="amended"),
        board_approved_on=date(2024, 1, 8),
        dues_required=False,
    )

    assert "EST" not in printed("roster", None)
    make.in_team(again, elected_on=date(2024, 2, 5))
    assert "EST" in printed("roster", None)


def test_an_empty_register_has_a_roster_too() -> None:
    read = printed("roster", None)

    assert "No agency is known to be active on this day." in read
    assert "Quorum" not in read


def test_the_roster_asks_the_same_number_of_questions_for_one_agency_and_for_many(
    django_assert_max_num_queries: Any, elmwood: Participation
) -> None:
    build = letters.LETTERS["roster"].build
    with django_assert_max_num_queries(7) as one:
        build(None, DAY)
    for _ in range(20):
        make.official(make.new_member().agency)
    with django_assert_max_num_queries(len(one.captured_queries)):
        build(None, DAY)


# --- Issued papers, and many in one run ------------------------------------------------------------------------------


@pytest.fixture
def own_storage(settings: Any, tmp_path: Path) -> None:
    """The storage of papers, empty."""
    local = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": local}


def test_an_issued_paper_is_filed_with_its_reference_on_every_page(elmwood: Participation, own_storage: None) -> None:
    user = make.person("superuser")

    paper = letters.issue_letter("agreement", elmwood.agency, DAY, user)
    second = letters.issue_letter("agreement", elmwood.agency, DAY, user)

    with paper.file.open() as file:
        filed = file.read()
    assert hashlib.sha256(filed).hexdigest() == paper.sha256
    assert paper.title == "Specimen Agreement: Elmwood Police Department"
    assert paper.dated_on == DAY
    assert paper.kind == Paper.Kind.ISSUED
    assert all(f"{paper.reference} · As of 1 June 2026" in page for page in pages(filed))
    assert second.reference != paper.reference
    assert second.sha256 != paper.sha256


def test_a_preview_and_a_refusal_file_nothing(elmwood: Participation, own_storage: None) -> None:
    letters.print_letter("certificate", elmwood.agency, DAY)
    with pytest.raises(ValidationError):
        letters.issue_letter("certificate", elmwood.agency, date(2020, 1, 1), make.person("superuser"))

    assert not Paper.objects.exists()


@pytest.mark.parametrize(
    ("kind", "about", "name"),
    [
        ("agreement", "McHenry Police Department", "mchenry-police-department-agreement-2026-06-01.pdf"),
        ("agreement", "../../etc/passwd", "etcpasswd-agreement-2026-06-01.pdf"),
        ("agreement", "🚓", "agreement-2026-06-01.pdf"),
        ("agreement", "W" * 300, "w" * 100 + "-agreement-2026-06-01.pdf"),
    ],
)
def test_a_paper_is_saved_under_a_plain_name(kind: str, about: str, name: str) -> None:
    letter = letters.Letter(title="", as_on=DAY, about=about)

    assert letters.LETTERS[kind].filename(letter) == name


def run(job: Job) -> Job:
    """The job, done."""
    tasks.run.call(job.pk, job.attempt)
    job.refresh_from_db()
    return job


def test_many_papers_come_in_one_file_and_those_that_would_not_be_true_are_named(
    elmwood: Participation, own_storage: None
) -> None:
    left = make.new_member("Foxfield Police Department")
    notice_of(left, date(2025, 12, 31))
    ids = [elmwood.agency.pk, left.agency.pk]

    job = run(letters.print_many("certificate", ids, DAY, make.person("superuser")))

    assert job.state == Job.State.DONE, job.error
    assert job.title == "Certificate of participation, 2 papers, as of 1 June 2026"
    with job.result.open() as file, zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["elmwood-police-department-certificate-2026-06-01.pdf"]
        assert "Elmwood Police Department" in words(archive.read(archive.namelist()[0]))
    assert "Foxfield Police Department does not participate on 1 June 2026" in job.error


def test_a_representative_s_run_prints_only_for_the_own_agency(elmwood: Participation, own_storage: None) -> None:
    other = make.new_member("Foxfield Police Department")
    user = make.person("Agency Representative", elmwood.agency)

    job = run(letters.print_many("agreement", [elmwood.agency.pk, other.agency.pk], DAY, user))

    with job.result.open() as file, zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["elmwood-police-department-agreement-2026-06-01.pdf"]
    assert "not among those you may see" in job.error
    assert "Foxfield" not in job.error


def test_letters_are_printed_for_records_of_this_room_only() -> None:
    models = {kind.record for kind in letters.LETTERS.values() if kind.record is not None}

    assert models <= set(apps.get_app_config("membership").get_models())
