"""The papers of mutual aid, printed from the demonstration and read back."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import ValidationError

from documents.letters import LetterKind, print_letter
from membership.models import Agency, Participation
from operations.letters import KINDS
from operations.models import AlarmAssignment, Incident, PocketCard, ReadinessInquiry
from tests.membership.reading import pages, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

DAY = date(2026, 11, 21)
LETTERS: dict[str, LetterKind] = {kind.key: kind for kind in KINDS}


def pdf(key: str, record: Any, day: date = DAY) -> bytes:
    """The PDF."""
    return print_letter(LETTERS[key], record, day)


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
