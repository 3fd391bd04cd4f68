"""The screens of meetings: agenda, motions, elections and minutes, as those who use them press and read them."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from board import services
from board.models import AgendaItem, Election, Meeting, Minutes, Motion
from board.startpage import BoardStart
from nipas_admin.accounts.models import User
from nipas_admin.accounts.roles import ROLES
from tests.board import factories as make
from tests.board.factories import DAY, at

pytestmark = pytest.mark.django_db

LISTS = ["meeting", "motion", "election", "minutes", "agendaitem"]


def signed_in(role: str = "Secretary", name: str = "") -> Client:
    """A browser in which someone of this role has signed in."""
    name = name or role.lower().replace(" ", ".")
    user, _new = User.objects.get_or_create(username=name, defaults={"is_staff": True})
    user.groups.set([Group.objects.get(name=role)])
    client = Client()
    client.force_login(user)
    return client


def list_of(name: str) -> str:
    return reverse(f"admin:board_{name}_changelist")


def page_of(record: Any) -> str:
    return reverse(f"admin:board_{record._meta.model_name}_change", args=[record.pk])


def act_on(record: Any, slug: str, query: str = "") -> str:
    return reverse(f"admin:board_{record._meta.model_name}_{slug}", args=[record.pk]) + query


def text(response: Any) -> str:
    return " ".join(unescape(response.content.decode()).split())


def when(moment: Any, name: str = "at") -> dict[str, str]:
    """What the two boxes of a moment send."""
    return {f"{name}_0": f"{moment:%m/%d/%Y}", f"{name}_1": f"{moment:%I:%M %p}"}


def done(client: Client, url: str, sent: dict[str, Any]) -> str:
    """The page after an act that was accepted."""
    response = client.post(url, sent, follow=True)
    assert response.redirect_chain, text(response)[:2000]
    return text(response)


@pytest.fixture
def board(bylaws):
    """A full Board, and with its members' agencies the eleven that may vote."""
    return make.board()


def a_year(day: Any = DAY) -> Meeting:
    """An annual meeting with a tied ballot, a roll call and a vote by voice, adjourned; and its minutes."""
    held = make.opened(on=day, present=8)
    election, _nominees = make.election(held, "president", *(make.chief(entry.agency) for entry in make.roll(held)[:2]))
    make.ballot(election, 3, 3)
    motion = make.put(make.moved(held, item=make.item(held)), "roll_call")
    make.cast(motion, "for", make.roll(held)[:6])
    services.declare(motion=motion, at=held.called_to_order_at + timedelta(minutes=40))
    spoken = make.put(make.moved(held), "voice", minute=41)
    services.declare(motion=spoken, at=held.called_to_order_at + timedelta(minutes=42), carried=True)
    return make.adjourned(held)


# --- The same number of queries whatever the rows ---------------------------------------------------------------------


def test_no_list_and_no_start_page_asks_more_of_the_database_for_more_meetings(board, monkeypatch):
    monkeypatch.setattr("board.startpage.MOST", 2)
    client = signed_in("Secretary")

    def counted():
        found = {}
        for url in ["/", *map(list_of, LISTS)]:
            client.get(url)  # what is asked once and kept
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200, url
            found[url] = len(asked)
        return found

    def more(first, last):
        for number in range(first, last):
            make.meeting("special", on=DAY + timedelta(days=300 + number))
            a_year(DAY - timedelta(days=number * 7))

    more(0, 3)
    with_three = counted()
    more(3, 6)
    assert counted() == with_three


# --- Every page and every act, for every role -------------------------------------------------------------------------


def test_who_may_not_change_a_meeting_sees_its_pages_and_no_act(board):
    held, ahead = a_year(), make.meeting("annual", on=DAY + timedelta(days=365))
    records = [held, ahead, Motion.objects.first(), Election.objects.first(), Minutes.objects.first()]
    acts = (act_on(ahead, "call-to-order"), act_on(ahead, "move"), reverse("admin:board_meeting_add"))
    for role in ROLES:
        client, sees, keeps = signed_in(role), "board" in ROLES[role].grants, role == "Secretary"
        for record in records:
            page = client.get(page_of(record))
            assert page.status_code == (200 if sees else 403), f"{record} as {role}"
            if sees and record == ahead:
                assert ("Run the meeting" in text(page)) is keeps, role
                assert ("Leave out" in text(page)) is keeps, role
        refused = {403} if sees else {302, 403}
        for url in acts:
            assert client.get(url).status_code in ({200} if keeps else refused), f"{url} as {role}"
        if not keeps:
            agenda = client.post(reverse("admin:board_meeting_agenda", args=[ahead.pk]), {"do": "refresh"})
            assert agenda.status_code in refused, role


# --- From the call to the adjournment ---------------------------------------------------------------------------------


def test_the_secretary_calls_a_meeting_like_the_last_and_sees_beforehand_what_will_be_on_its_agenda(board):
    last = a_year()
    make.item(last, "Treasurer's report", position=2, carry_over=True)
    client, url = signed_in(), reverse("admin:board_meeting_add")
    sent = {
        "kind": "annual", **when(at(19, on=DAY + timedelta(days=364)), "starts_at"), "called_by": "president",
        "regular": "on", "agenda": "last", "place": "", "remote_access": "", "purpose": "",
    }  # fmt: skip

    beforehand = text(client.post(url, {**sent, "preview": "1"}, HTTP_X_EFFECT="1"))
    assert "6 needed" in beforehand
    assert "On the agenda by itself: Treasurer's report" in beforehand
    assert "must be sent to all by 4 May 2027 (Bylaws Art. XV §1)" in beforehand
    assert not Meeting.objects.filter(adjourned_at=None).exists()

    page = done(client, url, sent)
    called = Meeting.objects.get(adjourned_at=None)
    assert called.place == last.place
    assert "Annual General Meeting, 19 May 2027" in page
    assert "Minutes to approve" in page
    refused = text(client.post(url, {**sent, "purpose": "Only this"}))
    assert "Only the call of a special meeting limits its business (Bylaws Art. XI §4)." in refused


def test_a_meeting_runs_by_its_acts_and_the_vote_says_that_it_depends_on_the_reading(board):
    ahead, client = make.meeting("board"), signed_in()
    done(client, act_on(ahead, "send-notice"), {"on": "5/1/2026", "to": "All members, by e-mail"})
    done(client, act_on(ahead, "post-agenda"), when(at(18, on=DAY - timedelta(days=3))))
    page = done(client, act_on(ahead, "call-to-order"), when(at(18)))
    assert "11 entitled to vote" in page
    make.arrived(ahead, 6, at(18))
    mover, seconder, *_others = make.roll(ahead)

    kinds = text(client.get(act_on(ahead, "move")))
    assert "Amendment of the bylaws: Annual General Meeting or Special meeting" in kinds
    move = act_on(ahead, "move", "?kind=ordinary")
    ambiguous = text(client.post(move, {"text": "To move the office.", "mover": "Chief", "seconder": "nobody"}))
    assert "type more of the name" in ambiguous
    assert "Nobody on the roll of this meeting is called “nobody”." in ambiguous
    sent = {"text": "To move the office.", "mover": str(mover), "seconder": seconder.name.split(",")[0]}
    done(client, move, sent)
    motion = Motion.objects.get()
    assert motion.seconder == seconder
    done(client, act_on(motion, "put"), {**when(at(18, 30)), "method": "counted"})
    too_many = {**when(at(18, 31)), "ayes": "6", "nays": "1", "abstentions": ""}
    assert "7 answers are more than there are members" in text(client.post(act_on(motion, "declare"), too_many))

    counts = {**when(at(18, 31)), "ayes": "5", "nays": "1", "abstentions": "0"}
    before = text(client.post(act_on(motion, "declare"), {**counts, "preview": "1"}, HTTP_X_EFFECT="1"))
    assert "Failed" in before
    page = done(client, act_on(motion, "declare"), counts)
    assert "Failed, depends on the reading" in page
    assert "counted on votes cast: more than half of 6 votes cast is 4; 5 for: carried" in page
    assert "Depends on the reading" in text(client.get(list_of("motion") + "?outcome=failed"))
    assert client.post(page_of(motion), {"text": "Another text"}).status_code == 403

    done(client, act_on(ahead, "adjourn"), when(at(19)))
    assert client.get(act_on(ahead, "adjourn"), follow=True).redirect_chain, "an act that is over leads back"


def test_a_vote_out_of_order_waits_on_the_start_page_until_a_person_decides(board):
    held = make.opened("board", present=6)
    minutes = Minutes.objects.get(meeting=a_year(DAY - timedelta(days=30)))
    client = signed_in()
    done(client, act_on(held, "move", "?kind=minutes"), {"minutes": minutes.pk, "text": "To approve them."})
    motion = Motion.objects.get(meeting=held)
    refused = text(client.post(act_on(motion, "put"), {**when(at(18, 30)), "method": "counted"}))
    assert "Missing: the day the draft minutes of 20 April 2026 were circulated" in refused
    done(client, act_on(motion, "put"), {**when(at(18, 30)), "method": "counted", "out_of_order": "on"})
    page = done(client, act_on(motion, "declare"), {**when(at(18, 31)), "ayes": "6", "nays": "0"})
    assert "Carried, out of order" in page
    needs = [need for need in BoardStart().needs(User.objects.get(username="secretary"), DAY) if "order" in need.title]
    assert [need.button for need in needs] == ["Decide"]
    settle = {**when(at(20)), "stands": "no", "because": "Nobody had read them."}
    assert "does not stand" in done(client, needs[0].url, settle)
    assert not list(Motion.objects.waiting())


def test_a_roll_call_is_recorded_by_name_and_a_slip_is_mended_before_the_result(board):
    held = make.opened("board", present=7)
    motion = make.put(make.moved(held), "roll_call")
    first, second, *_rest = make.roll(held)
    client = signed_in()
    page = done(client, act_on(motion, "votes"), {**when(at(18, 31)), "rest": "for", f"vote_{first.pk}": "against"})
    assert "6 for, 1 against, 0 abstained" in page
    done(client, act_on(motion, "votes"), {**when(at(18, 32)), "rest": "", f"vote_{second.pk}": "abstain"})
    page = done(client, act_on(motion, "declare"), when(at(18, 33)))
    assert "Votes by name: 5 for, 1 against, 1 abstained" in page


# --- The agenda -------------------------------------------------------------------------------------------------------

STEPS = {
    "up: before its elder": ("B", ["up"], "B A C(D)"),
    "up from the top leads nowhere": ("A", ["up"], "A B C(D)"),
    "down: after the next": ("B", ["down"], "A C(D) B"),
    "in: under the one before": ("B", ["in"], "A(B) C(D)"),
    "in, last of those there": ("B", ["down", "in"], "A C(D B)"),
    "the first goes under nothing": ("A", ["in"], "A B C(D)"),
    "out: beside the one it lay under": ("D", ["out"], "A B C D"),
    "out of the top level leads nowhere": ("C", ["out"], "A B C(D)"),
    "in and out again": ("B", ["in", "out"], "A B C(D)"),
}


@pytest.mark.parametrize(("title", "steps", "left"), STEPS.values(), ids=STEPS)
def test_an_item_moves_one_step_with_what_lies_under_it(board, title, steps, left):
    ahead = make.meeting("board")
    rows = {name: make.item(ahead, name, position=place) for place, name in enumerate("ABC", 1)}
    make.item(ahead, "D", parent=rows["C"])
    client, url = signed_in(), reverse("admin:board_meeting_agenda", args=[ahead.pk])
    for step in steps:
        item = AgendaItem.objects.get(title=title)
        part = client.post(url, {"do": step, "item": item.pk}, HTTP_HX_REQUEST="true")
        assert "<html" not in text(part)

    def drawn(parent: int | None = None) -> str:
        rows = ahead.agenda.filter(parent=parent).order_by("position")
        return " ".join(row.title + (f"({drawn(row.pk)})" if row.children.exists() else "") for row in rows)

    assert drawn() == left


def test_an_item_with_a_motion_stays_and_one_left_out_comes_back(board):
    held, client = make.opened("board", present=6), signed_in()
    item, other = make.item(held, "Radios"), make.item(held, "Towers", position=2)
    make.moved(held, item=item)
    url = reverse("admin:board_meeting_agenda", args=[held.pk])
    refused = text(client.post(url, {"do": "leave_out", "item": item.pk}, HTTP_HX_REQUEST="true"))
    assert "“Radios” has a motion: it stays on the agenda" in refused
    client.post(url, {"do": "leave_out", "item": other.pk})
    assert [line.item for line in services.outline(held)] == [item]
    client.post(url, {"do": "put_back", "item": other.pk})
    assert [line.number for line in services.outline(held)] == ["1", "2"]
    for junk in (
        {"do": "up", "item": "9" * 30},
        {"do": "up", "item": "x"},
        {"do": "no such step", "item": item.pk},
        {},
    ):
        assert client.post(url, junk).status_code == 302
    assert "This field is required" in text(client.post(url, {"do": "add", "title": ""}, HTTP_HX_REQUEST="true"))


def test_what_if_answers_by_address_and_takes_no_harm_from_what_is_no_number(board):
    ahead, client = make.meeting("annual"), signed_in("Board Member")
    without = board[0].holder.agency_id
    page = text(client.get(page_of(ahead) + f"?present=5&without={without}"))
    assert "5 of 10 active agencies present; more than half of 10 is 6" in page
    assert "1 more must come" in page
    for junk in ("?present=many", f"?present={'9' * 40}", f"?without={'9' * 40}", "?without=x&against=-1"):
        assert client.get(page_of(ahead) + junk).status_code == 200, junk


# --- Elections --------------------------------------------------------------------------------------------------------


def test_an_election_goes_by_its_page_from_nomination_through_a_tie_to_the_oath(board):
    held, client = make.opened(present=9), signed_in()
    done(client, act_on(held, "open-election"), {"seat": make.seat("president").pk})
    election = Election.objects.get()
    one, two, three, *_rest = (make.chief(entry.agency) for entry in make.roll(held))
    unasked = {"official": one.pk, "by": "committee", "consented_on": "", "nominated_by": ""}
    assert "obtains the nominee's consent" in text(client.post(act_on(election, "nominate"), unasked))
    done(client, act_on(election, "nominate"), {**unasked, "consented_on": "5/1/2026"})
    for official in (two, three):
        by = make.roll(held)[5].name
        done(client, act_on(election, "nominate"), {"official": official.pk, "by": "floor", "nominated_by": by})
    names = {nominee.official_id: nominee for nominee in election.nominees.all()}

    def ballot(minute: int, *votes: int) -> dict[str, str]:
        counted = zip((one, two, three), votes, strict=False)
        by_name = {f"votes_{names[official.pk].pk}": str(number) for official, number in counted}
        return {**when(at(18, minute)), "blanks": "", "illegal": "", **by_name}

    assert "more ballots than agencies" in text(client.post(act_on(election, "ballot"), ballot(10, 9, 1, 0)))
    page = done(client, act_on(election, "ballot"), ballot(10, 3, 3, 3))
    assert "Tied between" in page
    tie = {**when(at(18, 20)), "nominees": [names[one.pk].pk, names[two.pk].pk], "because": "By lot."}
    done(client, act_on(election, "settle-tie"), tie)
    page = done(client, act_on(election, "ballot"), ballot(30, 5, 4))
    election.refresh_from_db()
    assert election.winner == names[one.pk]
    assert f"{one.name} is elected" in page
    assert "depends on the reading" not in page


# --- Minutes ----------------------------------------------------------------------------------------------------------


def test_minutes_are_written_on_one_page_and_no_paragraph_overwrites_another_persons(board):
    minutes = Minutes.objects.get(meeting=a_year())
    item = minutes.meeting.agenda.get()
    first, second = signed_in(name="first"), signed_in(name="second")
    pages = {client: client.get(page_of(minutes)).context["adminform"].form for client in (first, second)}
    assert "carried, 6 for, 0 against, 0 abstained: To do so." in text(first.get(page_of(minutes)))

    def sent(paragraph: str, form: Any) -> dict[str, str]:
        hidden = {name: form[name].value() for name in (f"was_{item.pk}", "row_version")}
        return {"opening": "", "closing": "", f"paragraph_{item.pk}": paragraph, **hidden}

    first.post(page_of(minutes), sent("The radios were bought.", pages[first]))
    refused = second.post(page_of(minutes), sent("No radios were bought.", pages[second]))
    assert "It now reads: “The radios were bought.”" in text(refused)
    assert "No radios were bought." in text(refused)
    again = sent("No radios were bought.", refused.context["adminform"].form)
    assert second.post(page_of(minutes), again).status_code == 302
    item.refresh_from_db()
    assert item.minutes_text == "No radios were bought."


def test_approved_minutes_are_read_only_and_a_correction_stands_beside_them(board):
    minutes = Minutes.objects.get(meeting=a_year(DAY - timedelta(days=28)))
    later, client = make.meeting("annual"), signed_in()
    page = done(client, act_on(minutes, "circulate"), {"on": "5/1/2026", "to": "All agencies, by mail"})
    assert "Move their approval, 20 May 2026" in page
    services.call_to_order(meeting=later, at=at(18))
    later.refresh_from_db()
    make.arrived(later, 6)
    motion = make.voted(make.moved(later, "minutes", minutes=minutes), 6)
    page = text(client.get(page_of(minutes)))
    assert Minutes.objects.get(pk=minutes.pk).approved.sha256 in page
    assert client.post(page_of(minutes), {"opening": "Changed"}).status_code == 403
    assert "They were approved on 20 May 2026." in text(
        client.post(act_on(minutes, "open-to-public"), {"on": "5/19/2026"})
    )
    done(client, act_on(minutes, "open-to-public"), {"on": "5/20/2026"})
    page = done(
        client, act_on(minutes, "correct"), {"on": "5/20/2026", "text": "For “six” read “seven”.", "motion": ""}
    )
    assert "For “six” read “seven”." in page
    assert str(motion.number) in page


# --- The start page ---------------------------------------------------------------------------------------------------


def test_the_start_page_says_what_is_due_by_which_clause_and_only_to_those_who_do_it(bylaws):
    make.board(9)  # two at-large seats and that of the immediate past President stay vacant, less one
    a_year(DAY - timedelta(days=40))
    make.meeting("annual", on=DAY + timedelta(days=20))
    keeper = User.objects.get(pk=signed_in("Secretary").session["_auth_user_id"])
    reader = User.objects.get(pk=signed_in("Board Member").session["_auth_user_id"])

    titles = [need.title for need in BoardStart().needs(keeper, DAY)]
    for said in ("Notice of the Annual General Meeting", "circulate the draft", "Vacant: At-large", "No Nominating"):
        assert any(said in title for title in titles), said
    assert all("Art." in need.why or "ILCS" in need.why or "§" in need.why for need in BoardStart().needs(keeper, DAY))
    assert not list(BoardStart().needs(reader, DAY))
    figures = {figure.label: figure.value for figure in BoardStart().figures(reader, DAY)}
    assert figures["Next meeting"] == "9 Jun"
    markers = {marker.label: marker.on for marker in BoardStart().coming(reader, DAY)}
    assert markers["Last day to send amendments for the Annual General Meeting"] == DAY + timedelta(days=5)

    agency = signed_in("Agency Representative")
    nobody = User.objects.get(pk=agency.session["_auth_user_id"])
    for answer in ("figures", "needs", "coming", "links"):
        assert not list(getattr(BoardStart(), answer)(nobody, DAY)), answer
