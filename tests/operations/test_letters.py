"""The papers of mutual aid, printed from the demonstration and read back."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pikepdf
import pypdf
import pytest
from django.core.exceptions import ValidationError

from documents.letters import LetterKind, print_letter
from membership.models import Agency, Participation
from operations.book import print_book
from operations.letters import KINDS
from operations.models import AlarmAssignment, Incident, PocketCard, ReadinessInquiry
from operations.services import book_on, draft_card
from tests.membership.reading import pages, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

DAY = date(2026, 11, 21)
LETTERS: dict[str, LetterKind] = {kind.key: kind for kind in KINDS}


def pdf(key: str, record: Any, day: date = DAY) -> bytes:
    """The PDF."""
    return print_letter(LETTERS[key], record, day)


def finished(work: Any) -> Any:
    """What comes of the work."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def test_an_alarm_card_shows_levels_numbers_and_who_is_asked_for_nothing() -> None:
    card = AlarmAssignment.objects.select_related("agency").first()
    assert card is not None
    dropped = card.lines.filter(level=1).first().agency
    stint = Participation.objects.filter(agency=dropped).order_by("number").last()
    stint.terminated_on = date(2026, 11, 1)
    stint.save()

    said = words(pdf("card", card))

    for part in (card.agency.name, "Level 1", "Level 3", "847-555-0100", "To look at"):
        assert part in said
    assert f"{dropped.name} is terminated, not active: it is asked for nothing" in said
    assert "Not asked: terminated" in said


def test_an_alarm_card_stands_on_one_page() -> None:
    assert len(pages(pdf("card", AlarmAssignment.objects.order_by("pk")[1]))) == 1


def test_the_book_leads_to_each_card_and_counts_its_pages() -> None:
    first, second, third = AlarmAssignment.objects.order_by("agency__name")[:3]
    draft = draft_card(agency=third.agency, effective_on=DAY)
    job = SimpleNamespace(title="Book", parameters={"as_on": "2026-11-21", "only": [first.pk, second.pk, draft.pk]})

    result = finished(print_book(job))

    assert result.remarks == f"{draft}: left out"
    whole = result.content.read()
    reader = pypdf.PdfReader(BytesIO(whole))
    begins = [(entry.title, reader.get_destination_page_number(entry)) for entry in reader.outline]
    assert begins == [
        ("Contents", 0),
        (first.agency.name, 1),
        (second.agency.name, 2),
        ("Not in the book of alarm cards", 3),
    ]
    contents, one, _two, end = pages(whole)
    assert f"{second.agency.name} 1 1 June 2025 3" in contents
    assert "In the book from page 2" in one
    assert "Page 1 of 1" in one
    assert f"{third.agency.name} 2 A draft" in end
    assert [note.get_object()["/Dest"] for note in reader.pages[0]["/Annots"]] == [
        f"card-{first.pk}",
        f"card-{second.pk}",
    ]


def test_the_book_of_a_day_names_who_has_no_card() -> None:
    book = book_on(DAY)

    assert len(book.cards) == 23
    assert [card.agency.name for card in book.cards] == sorted(card.agency.name for card in book.cards)
    active = set(Agency.objects.active_on(DAY))
    assert set(book.without) == active - {card.agency for card in book.cards}
    assert not book_on(date(2025, 5, 31)).cards, "the day before they take effect"
    assert len(book_on(date(2025, 6, 1)).cards) == 23


def test_ten_pocket_cards_stand_on_a_sheet_with_their_backs_on_the_next() -> None:
    front, back = pages(pdf("pocket", None))

    assert front.count("Primary: 847-555-0100") == 10
    assert back.count("Have ready") == 10
    assert "Officers" in back
    with pikepdf.open(BytesIO(pdf("pocket", None))) as sheet:
        assert [float(side) for side in sheet.pages[0].mediabox] == [0, 0, 612, 792]


def test_no_pocket_card_is_printed_before_its_text_is_in_force(said: Any) -> None:
    assert not PocketCard.objects.filter(from_on__lte=date(2020, 1, 1)).exists()
    assert "Write it first" in said(pdf, "pocket", None, date(2020, 1, 1))


def test_the_after_action_report_tells_the_whole_course_with_a_picture() -> None:
    incident = Incident.objects.get(nature__startswith="Missing child")

    said = words(pdf("after_action", incident))

    for part in (
        "Heron Marsh Police Department", "Search of four square miles", "Filled, 20 of 15–20", "No answer",
        "Local conditions prohibit response: Two of three cars at a fatal crash", "Child found well", "Incident closed",
    ):  # fmt: skip
        assert part in said


def test_the_costs_of_the_demonstration_lead_to_its_incident() -> None:
    incident = Incident.objects.get(nature__startswith="Missing child")

    said = words(pdf("after_action", incident))

    assert "Larkfield Police Department 2 September 2026 $3,870.00 $2,500.00 Paid" in said


def test_no_after_action_report_while_the_incident_is_open(said: Any) -> None:
    assert "close it first" in said(pdf, "after_action", Incident.objects.get(closed_at=None))


def test_the_running_card_says_what_cannot_be_filled_and_why() -> None:
    text = words(pdf("running", Incident.objects.get(closed_at=None)))

    assert "Cannot be filled" in text
    assert "Armored vehicles: 0 of 1: none left" in text


def test_the_summary_of_an_inquiry_adds_up_by_hour_and_binds_nobody() -> None:
    inquiry = ReadinessInquiry.objects.get()

    letter = LETTERS["inquiry"].build(inquiry, DAY)

    yes = [sure for _hour, sure, _more in letter.hours]
    assert yes == sorted(yes)
    assert sum(count for _label, count in letter.counts) == inquiry.invitations.count()
    assert "An answer binds nobody" in words(pdf("inquiry", inquiry))


def test_a_card_is_printed_for_its_own_agency_only(django_user_model: Any) -> None:
    assert LETTERS["card"].agency_path == "agency"
    with pytest.raises(ValidationError):
        LETTERS["card"].order_for(
            Agency.objects.count() + 10_000, DAY, django_user_model(is_superuser=True, is_active=True)
        )
