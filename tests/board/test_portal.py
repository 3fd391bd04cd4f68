"""What agencies read of meetings: those called, their agenda and notice, and minutes once they are approved."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from board import services
from board.models import BylawsVersion, Meeting
from documents import views
from documents.pdf import PressError
from nipas_admin.accounts import roles
from tests.board import factories as make
from tests.membership.factories import person
from tests.nipas_admin.conftest import text_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 22)
NOW = make.at(9, on=TODAY)
COMING = date(2026, 9, 9)
PAPERS = "/board/papers/"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Two days after the Board met."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def printed(monkeypatch):
    """The letters that were asked of the press, which stands still."""
    letters = []

    def press(kind, record, day, **options):
        letters.append(kind.build(record, day, **options))
        return b"%PDF-"

    monkeypatch.setattr(views, "print_letter", press)
    return letters


def reader(of=None, role=roles.AGENCY_REPRESENTATIVE):
    client = Client()
    client.force_login(person(role, of))
    return client


@pytest.fixture
def held(bylaws):
    """A Board meeting whose minutes are not approved."""
    make.board(9)
    meeting = make.opened("board", 8)
    item = make.item(meeting, "Radios", minutes_text="Words of the draft.")
    make.voted(make.moved(meeting, text="To suspend nobody.", item=item), 6)
    return make.adjourned(meeting)


@pytest.fixture
def annual(held):
    """The meeting of the agencies ahead, with one item on its agenda."""
    meeting = make.meeting("annual", COMING)
    make.item(meeting, "Bylaws", sponsor="The Board", position=9)
    return meeting


@pytest.fixture
def ours(annual):
    return make.agency()


@pytest.fixture
def client(ours):
    return reader(ours)


def approve(held):
    services.circulate(minutes=held.minutes, on=TODAY, to="All members")
    later = make.opened("board", 8, on=TODAY, hour=8)
    minutes = Meeting.objects.get(pk=held.pk).minutes
    make.voted(make.moved(later, "minutes", minutes=minutes, text="To approve the minutes."), 8)


def at_paper(meeting, paper=""):
    return f"{PAPERS}{meeting.pk}/{paper}"


# What there is


def test_the_list_tells_what_is_ahead_and_what_was_held(client):
    said = text_of(client.get(PAPERS))

    assert (
        "Wednesday, 9 September 2026, 6:00 PM Annual General Meeting Village Hall, 1 Main Street Scheduled"
        in " ".join(said.replace("◇", " ").split())
    )
    assert "20 May 2026 Board meeting Not approved yet" in said


def test_an_empty_register_says_what_would_be_here(bylaws):
    said = text_of(reader(make.agency()).get(PAPERS))

    assert "No meeting is called." in said
    assert "No meeting was held yet." in said


def test_the_page_of_a_meeting_ahead_shows_its_agenda_and_leads_to_its_notice(client, annual, ours, printed):
    said = text_of(client.get(at_paper(annual)))
    client.get(at_paper(annual, "notice/"))

    assert "Bylaws The Board" in " ".join(said.split())
    assert "Notice with agenda (PDF)" in said
    assert printed[0].addressee[-1:] != ("of all participating agencies",)
    assert ours.name in " ".join(printed[0].addressee)
    assert printed[0].about == f"{ours} {annual}"


def test_each_notice_is_that_of_its_own_meeting(client, annual, printed):
    special = make.meeting("special", COMING + timedelta(days=30))

    client.get(at_paper(special, "notice/"))

    assert printed[0].title.startswith("Notice of the special meeting, 9 October 2026")


@pytest.mark.parametrize(
    ("posted", "shown"),
    [
        pytest.param(None, False, id="not posted"),
        pytest.param(NOW - timedelta(days=1), True, id="posted the day before"),
        pytest.param(NOW, True, id="posted today"),
        pytest.param(NOW + timedelta(days=1), False, id="to be posted the day after"),
    ],
)
def test_the_boards_agenda_is_read_once_it_is_posted_and_its_notice_never(client, posted: datetime | None, shown):
    board = make.meeting("board", COMING)
    make.item(board, "Hearing of one agency", position=9)
    board.agenda_posted_at = posted
    board.save()

    assert ("Hearing of one agency" in text_of(client.get(at_paper(board)))) is shown
    assert client.get(at_paper(board, "notice/")).status_code == 404


def test_a_cancelled_meeting_says_so_and_has_no_notice(client, annual):
    services.cancel(meeting=annual, on=TODAY, because="A flood")

    assert "22 May 2026: A flood" in text_of(client.get(at_paper(annual)))
    assert client.get(at_paper(annual, "notice/")).status_code == 404


def test_an_amendment_is_read_from_the_day_it_is_sent(client, annual):
    source = BylawsVersion.objects.get(adopted_on=make.ADOPTED)
    draft = services.draft_amendment(title="Bylaws as amended in 2026", source=source)
    motion = make.moved(annual, "bylaws_amendment", "That Article XIV read as sent.", proposed_bylaws=draft)
    assert "Article XIV" not in text_of(client.get(at_paper(annual)))

    motion.sent_on = TODAY
    motion.save()

    said = text_of(client.get(at_paper(annual)))
    assert "Proposed amendment: Bylaws as amended in 2026 That Article XIV read as sent." in said
    assert "Sent to all participating agencies on 22 May 2026" in said


# Minutes


def test_minutes_are_read_once_they_are_approved(client, held, printed):
    assert client.get(at_paper(held, "minutes/")).status_code == 404
    page = text_of(client.get(at_paper(held)))
    assert "not approved yet" in page
    assert "Words of the draft" not in page
    assert "Radios" not in page

    approve(held)

    assert client.get(at_paper(held, "minutes/"))["Content-Type"] == "application/pdf"
    assert printed[0].notice == "Approved on 22 May 2026"
    assert f'href="{at_paper(held, "minutes/")}"' in client.get(PAPERS).content.decode()


def test_what_the_press_cannot_print_is_said_on_the_page_of_the_meeting(client, annual, monkeypatch):
    def stopped(*_arguments, **_options):
        raise PressError("The press stands still.")

    monkeypatch.setattr(views, "print_letter", stopped)

    assert "The press stands still." in text_of(client.get(at_paper(annual, "notice/"), follow=True))


# Who reads


@pytest.mark.parametrize("paper", ["", "notice/", "minutes/"])
def test_an_agency_that_has_left_reads_no_papers_and_is_told_whom_to_ask(ours, annual, paper, client):
    make.withdrawn(ours, date(2025, 5, 1))

    assert client.get(at_paper(annual, paper)).status_code == 404
    said = text_of(client.get(PAPERS))
    assert "Ask the Secretary" in said
    assert "9 September" not in said
    assert "Next meeting" not in text_of(client.get("/"))


def test_a_suspended_agency_reads_the_papers_that_go_to_all(ours, client, annual):
    make.suspended(ours, date(2026, 5, 1))

    assert client.get(at_paper(annual)).status_code == 200


def test_the_board_member_reads_the_same_pages_and_the_telecommunicator_none(annual, printed):
    member, desk = reader(role=roles.BOARD_MEMBER), reader(role=roles.TELECOMMUNICATOR)

    assert member.get(at_paper(annual, "notice/")).status_code == 200
    assert printed[0].addressee[-1] == "of all participating agencies"
    for url in (PAPERS, at_paper(annual), at_paper(annual, "notice/"), at_paper(annual, "minutes/")):
        assert desk.get(url).status_code == 403


@pytest.mark.parametrize("key", ["0", "999999", "99999999999999999999"])
def test_a_meeting_that_is_none_is_not_found(client, key):
    assert client.get(f"{PAPERS}{key}/").status_code == 404


@pytest.mark.parametrize("page", ["2", "x", "-1"])
def test_a_page_beyond_the_last_is_the_last(client, page):
    assert "20 May 2026" in text_of(client.get(PAPERS, {"page": page}))


def test_the_start_page_leads_to_the_next_meeting_of_the_agencies_and_the_latest_minutes(client, held, annual):
    make.meeting("board", date(2026, 6, 10))
    approve(held)

    page = client.get("/").content.decode()

    for url in (PAPERS, at_paper(annual), at_paper(annual, "notice/"), at_paper(held, "minutes/")):
        assert f'href="{url}"' in page
    assert "Board meeting, 6:00 PM" in page


# How much it asks


def test_the_pages_ask_no_more_of_a_longer_register(client, annual, django_assert_max_num_queries):
    for weeks in range(1, 9):
        make.item(make.meeting("board", TODAY + timedelta(weeks=weeks)), "Reports")
        make.adjourned(make.opened("board", 0, on=date(2026, 3, 1) + timedelta(weeks=weeks)))

    for url in ("/", PAPERS, at_paper(annual)):
        with django_assert_max_num_queries(15):
            assert client.get(url).status_code == 200


def test_a_refusal_of_the_notice_is_said(client, annual, monkeypatch):
    def refused(*_arguments, **_options):
        raise ValidationError("It is not true.")

    monkeypatch.setattr(views, "print_letter", refused)

    assert "It is not true." in text_of(client.get(at_paper(annual, "notice/"), follow=True))
