"""The live pages: presses that count once, refusals in words, two clerks, who may look and who may record, and cost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from board import services
from board.models import Attendance, BylawsVersion, Meeting, Motion, RollEntry, Vote
from membership.models import Agency
from tests.board import factories as make
from tests.board.factories import at
from tests.documents import scans
from tests.membership.factories import person

pytestmark = pytest.mark.django_db
NOW = at(18, 40)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The hour of the live pages: forty minutes after the call to order, unless a test moves it."""
    hour = SimpleNamespace(now=lambda: hour.at, at=NOW)
    monkeypatch.setattr("board.live.views.timezone", hour)
    return hour


@pytest.fixture
def meeting() -> Meeting:
    """An annual meeting of seven agencies in session, five of them there since the call to order."""
    make.bylaws_in_force()
    make.agencies(7)
    return make.opened("annual", present=5)


@pytest.fixture
def secretary(client: Client) -> Client:
    client.force_login(person("Secretary"))
    return client


def press(client: Client, entry: RollEntry, act: str, moment: datetime = NOW, **more: Any) -> Any:
    data = {"entry": entry.pk, "act": act, "at": moment.isoformat(), "since": "", **more}
    return client.post(reverse("board:live_press", args=[entry.meeting_id]), data)


def do(client: Client, of: Meeting, slug: str, key: int | None = None, **data: Any) -> Any:
    address = reverse("board:live_act", args=[of.pk, slug, *([] if key is None else [key])])
    return client.post(address, {"since": "", **data})


def said(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("&#x27;", "'")


def voting(of: Meeting, method: str = "roll_call") -> Motion:
    return make.put(make.moved(of), method)


# Presses


def test_a_press_marks_presence_and_answers_with_the_cell_and_the_bar(secretary, meeting):
    late = make.roll(meeting)[5]
    answer = press(secretary, late, "afar")
    assert answer.status_code == 200
    assert f'id="entry-{late.pk}"' in answer.content.decode()
    assert "From afar 6:40 PM" in said(answer)
    assert re.search(r"Present 6 Needed 4 Entitled 7", said(answer))
    stay = Attendance.objects.get(entry=late)
    assert (stay.arrived_at, stay.remote) == (NOW, True)


RETRIES = ["arrive", "leave", "back", "for"]


@pytest.mark.parametrize("act", RETRIES)
def test_a_press_that_comes_twice_counts_once(act, secretary, meeting):
    here, away = make.roll(meeting)[0], make.roll(meeting)[6]
    motion = voting(meeting) if act == "for" else None
    entry = away if act == "arrive" else here
    more = {"motion": motion.pk} if motion else {}
    if act == "back":
        more = {"stay": meeting.called_to_order_at.isoformat()}
    answers = [press(secretary, entry, act, **more) for _attempt in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    stays = Attendance.objects.filter(entry=entry)
    rows = Vote.objects.filter(motion=motion) if motion else stays
    assert rows.count() == 1
    assert rows[0].history.count() == (2 if act in ("leave", "back") else 1)
    present = services.house_now(Meeting.objects.get(pk=meeting.pk)).present
    assert present == {"arrive": 6, "leave": 4, "back": 4, "for": 5}[act]


def test_a_press_made_while_the_network_was_down_keeps_its_own_moment(secretary, meeting):
    entry = make.roll(meeting)[6]
    press(secretary, entry, "arrive", at(18, 21))
    assert Attendance.objects.get(entry=entry).arrived_at == at(18, 21)


def test_pressed_again_undoes_a_slip_but_after_a_vote_it_leaves(secretary, meeting):
    slip, voter = make.roll(meeting)[6], make.roll(meeting)[0]
    press(secretary, slip, "arrive", at(18, 10))
    press(secretary, slip, "back", at(18, 11), stay=at(18, 10).isoformat())
    assert Attendance.objects.get(entry=slip).undone
    make.voted(make.moved(meeting), 5)
    press(secretary, voter, "back", stay=meeting.called_to_order_at.isoformat())
    stay = Attendance.objects.get(entry=voter)
    assert (stay.undone, stay.left_at) == (False, NOW)


def _left(of: Meeting) -> dict[str, Any]:
    entry = make.roll(of)[0]
    motion = voting(of)
    services.leave(entry=entry, at=at(18, 35))
    return {"entry": entry, "act": "for", "motion": motion.pk}


def _never_came(of: Meeting) -> dict[str, Any]:
    return {"entry": make.roll(of)[6], "act": "for", "motion": voting(of).pk}


def _counted(of: Meeting) -> dict[str, Any]:
    return {"entry": make.roll(of)[0], "act": "against", "motion": voting(of, "counted").pk}


def _suspended(of: Meeting) -> dict[str, Any]:
    services.suspend(meeting=of, at=at(18, 35), why="police_work")
    return {"entry": make.roll(of)[6], "act": "arrive"}


def _adjourned(of: Meeting) -> dict[str, Any]:
    services.adjourn(meeting=of, at=at(18, 35))
    return {"entry": make.roll(of)[6], "act": "arrive"}


def _voted_already(of: Meeting) -> dict[str, Any]:
    entry, motion = make.roll(of)[0], voting(of)
    services.cast(motion=motion, entry=entry, choice="for", at=at(18, 35))
    return {"entry": entry, "act": "against", "motion": motion.pk}


def _leaves_with_a_vote(of: Meeting) -> dict[str, Any]:
    return {**_voted_already(of), "act": "leave", "motion": ""}


def _declared_meanwhile(of: Meeting) -> dict[str, Any]:
    make.voted(make.moved(of), 5)
    return {"entry": make.roll(of)[6], "act": "arrive", "moment": at(18, 20)}


def _taken_back_by_another(of: Meeting) -> dict[str, Any]:
    return {"entry": make.roll(of)[0], "act": "back", "stay": at(18, 5).isoformat()}


def _first(of: Meeting, **more: Any) -> dict[str, Any]:
    return {"entry": make.roll(of)[6], "act": "arrive", **more}


REFUSED = {
    "an agency that left does not vote": (_left, "is not in the room: only those present vote"),
    "an agency that never came does not vote": (_never_came, "is not in the room: only those present vote"),
    "no roll call while the vote is counted": (_counted, "No roll-call vote is being taken on this motion."),
    "a suspended meeting takes no arrivals": (_suspended, "The meeting is suspended: resume it first"),
    "an adjourned meeting takes no arrivals": (_adjourned, "The meeting is adjourned"),
    "the second clerk is told of the first one's vote": (_voted_already, "already recorded: for, at 6:35 PM"),
    "nobody leaves while a vote of theirs stands": (_leaves_with_a_vote, "nobody is marked absent while a vote"),
    "an arrival before the last vote would change its quorum": (_declared_meanwhile, "A vote was declared at 6:31 PM"),
    "what another took back meanwhile is said": (_taken_back_by_another, "somebody else changed this meanwhile"),
    "already there": (lambda of: {"entry": make.roll(of)[0], "act": "arrive"}, "already marked as present"),
    "a moment ahead of the clock": (lambda of: _first(of, moment=NOW + timedelta(minutes=2)), "clock of this device"),
    "a moment of yesterday": (lambda of: _first(of, moment=NOW - timedelta(hours=13)), "more than twelve hours"),
    "an act there is not": (lambda of: _first(of, act="dance"), "cannot be read"),
    "a vote on nothing": (lambda of: _first(of, act="for", motion="9" * 18), "No roll-call vote is being taken."),
    "a motion that is no key": (lambda of: _first(of, act="for", motion="9" * 40), "cannot be read"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_is_told_in_words_and_changes_nothing(case, secretary, meeting):
    prepare, words = REFUSED[case]
    asked = prepare(meeting)
    before = (Attendance.history.count(), Vote.history.count())
    answer = press(secretary, **asked)
    assert answer.status_code == 422
    assert words in said(answer)
    assert (Attendance.history.count(), Vote.history.count()) == before


def test_two_clerks_with_the_same_vote_leave_one_row(secretary, meeting):
    motion, entry = voting(meeting), make.roll(meeting)[0]
    other = Client()
    other.force_login(person("Secretary"))
    assert press(secretary, entry, "for", motion=motion.pk).status_code == 200
    late = press(other, entry, "for", NOW + timedelta(seconds=1), motion=motion.pk)
    assert late.status_code == 422
    assert "already recorded: for" in said(late)
    assert Vote.objects.filter(motion=motion).count() == 1
    changed = press(other, entry, "against", NOW + timedelta(seconds=2), motion=motion.pk, change="1")
    assert changed.status_code == 200
    assert Vote.objects.get(motion=motion).choice == "against"


def test_a_member_of_another_meeting_is_not_on_this_roll(secretary, meeting):
    other = make.opened("special", hour=20)
    foreign = make.roll(other)[0]
    address = reverse("board:live_press", args=[meeting.pk])
    data = {"entry": foreign.pk, "act": "arrive", "at": NOW.isoformat()}
    assert secretary.post(address, data).status_code == 404


# What watchers get


def test_a_watcher_gets_what_changed_and_nothing_else(secretary, meeting):
    watcher = Client()
    watcher.force_login(person("Board Member"))
    address = reverse("board:live_changes", args=[meeting.pk])
    since = re.search(
        r'id="since" value="([^"]+)"', watcher.get(reverse("board:live", args=[meeting.pk])).content.decode()
    )
    assert since
    assert watcher.get(address, {"since": since[1]}).status_code == 204
    came = make.roll(meeting)[5]
    press(secretary, came, "arrive")
    answer = watcher.get(address, {"since": since[1]}).content.decode()
    assert re.findall(r'id="entry-(\d+)"', answer) == [str(came.pk)]
    assert 'id="bar"' in answer
    assert 'id="agenda"' not in answer
    services.adjourn(meeting=meeting, at=at(18, 50))
    assert watcher.get(address, {"since": since[1]})["HX-Refresh"] == "true"


def test_nonsense_as_a_cursor_is_the_beginning(secretary, meeting):
    for since in ("", "x", "1.2.3", "1.1.1.1.1.-1.open", "9" * 400, "1.1.1.1.1.1.1.1.1"):
        answer = secretary.get(reverse("board:live_changes", args=[meeting.pk]), {"since": since})
        assert answer.status_code == 200


def test_the_wall_tells_when_nothing_changed(secretary, meeting):
    address = reverse("board:projector", args=[meeting.pk])
    page = secretary.get(address).content.decode()
    since = re.search(r'id="since" value="([^"]+)"', page)
    assert since
    assert "<header" in page
    assert secretary.get(address, {"since": since[1]}, headers={"HX-Request": "true"}).status_code == 204
    motion = voting(meeting)
    answer = secretary.get(address, {"since": since[1]}, headers={"HX-Request": "true"})
    assert f"Motion {motion.number}" in said(answer)
    assert "3 ayes carry it" in said(answer)


# Who may


PAGES = ("live", "projector", "live_changes", "live_roll")


def test_those_who_may_only_look_see_no_form_and_record_nothing(client, meeting):
    client.force_login(person("Board Member"))
    voting(meeting)
    assert [client.get(reverse(f"board:{name}", args=[meeting.pk])).status_code for name in PAGES] == [200] * 4
    page = client.get(reverse("board:live", args=[meeting.pk])).content.decode()
    assert 'id="find"' not in page
    assert "hx-post" not in page
    assert press(client, make.roll(meeting)[6], "arrive").status_code == 403
    assert do(client, meeting, "adjourn").status_code == 403
    assert client.get(reverse("board:live_act", args=[meeting.pk, "move"])).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_the_representative_of_an_agency_cannot_open_the_meeting(name, client, meeting):
    client.force_login(person("Agency Representative", Agency.objects.first()))
    assert client.get(reverse(f"board:{name}", args=[meeting.pk])).status_code == 403


def test_who_is_not_signed_in_is_asked_to(client, meeting):
    assert client.get(reverse("board:live", args=[meeting.pk])).status_code == 302


# Acts


def test_the_call_to_order_wants_the_undetermined_settled(secretary, clock):
    make.bylaws_in_force()
    known = make.agencies(3)
    signed = make.stint(known[0]).execution
    signed.head_signed_on = signed.chief_signed_on = None
    signed.save()
    called = make.meeting()
    clock.at = at(18)
    page = said(secretary.get(reverse("board:live", args=[called.pk])))
    assert f"{known[0]} Counts" in page
    refused = do(secretary, called, "order")
    assert refused.status_code == 422
    assert "Settle it on the record before the call to order" in said(refused)
    settled = {f"counts_{known[0].pk}": "yes", f"why_{known[0].pk}": "Minutes of 6 January 2020 on file."}
    assert do(secretary, called, "order", presiding_as="President", **settled)["HX-Refresh"] == "true"
    assert called.roll.get(agency=known[0]).entitled


def test_a_motion_goes_from_the_item_to_its_outcome(secretary, meeting):
    item = make.item(meeting, "Dues")
    form = secretary.get(reverse("board:live_act", args=[meeting.pk, "move"]), {"item": item.pk})
    assert "Ordinary motion" in said(form)
    first, second = make.roll(meeting)[:2]
    moved = {
        "kind": "ordinary",
        "text": "To do so.",
        "item": item.pk,
        "mover": first.name,
        "seconder": second.name[:12],
    }
    assert do(secretary, meeting, "move", **moved).status_code == 200
    motion = Motion.objects.get()
    assert (motion.item, motion.mover, motion.seconder) == (item, first, second)
    assert do(secretary, meeting, "put", motion.pk, method="counted").status_code == 200
    over = do(secretary, meeting, "declare", motion.pk, ayes=4, nays=2)
    assert over.status_code == 422
    assert "5 present: 6 answers are more than there are members" in said(over)
    answer = do(secretary, meeting, "declare", motion.pk, ayes=3, nays=2)
    assert "more than half of 5 active agencies present is 3; 3 for: carried" in said(answer)


def test_without_a_quorum_a_motion_is_put_only_as_out_of_order(secretary, meeting):
    for entry in make.roll(meeting)[:2]:
        services.leave(entry=entry, at=at(18, 30))
    motion = make.moved(meeting)
    refused = do(secretary, meeting, "put", motion.pk, method="counted")
    assert refused.status_code == 422
    assert "No quorum" in said(refused)
    assert "record it as out of order" in said(refused)
    taken = do(secretary, meeting, "put", motion.pk, method="counted", out_of_order="on", because="Nobody counted.")
    assert taken.status_code == 200
    motion.refresh_from_db()
    assert motion.out_of_order
    assert "Nobody counted." in motion.out_of_order_because


WRONG = {
    "a kind that other meetings decide": ("move", {"kind": "admission", "text": "x"}, "Select a valid choice"),
    "a mover nobody knows": ("move", {"kind": "ordinary", "text": "x", "mover": "Nobody"}, "Nobody here is called"),
    "a mover who could be several": ("move", {"kind": "ordinary", "text": "x", "mover": "Agency"}, "Several begin so"),
    "a motion without words": ("move", {"kind": "ordinary", "text": " "}, "This field is required"),
    "suspended for no reason": ("suspend", {}, "This field is required"),
    "an election of a seat that is appointed": ("election", {"seat": "3"}, "Select a valid choice"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_form_that_is_wrong_comes_back_with_what_was_typed(case, secretary, meeting):
    slug, data, words = WRONG[case]
    answer = do(secretary, meeting, slug, **data)
    assert answer.status_code == 422
    assert words in said(answer)
    assert not Motion.objects.exists()


def test_acts_and_records_that_are_not_there_are_not_found(secretary, meeting):
    assert do(secretary, meeting, "dance").status_code == 404
    assert do(secretary, meeting, "put", 999_999).status_code == 404
    foreign = make.item(make.meeting("special", hour=20))
    assert do(secretary, meeting, "paragraph", foreign.pk, text="x").status_code == 404


def test_a_paragraph_keeps_itself_and_never_overwrites_anothers(secretary, meeting):
    item = make.item(meeting)
    seen = item.version
    assert "Kept at 6:40 PM" in said(
        do(secretary, meeting, "paragraph", item.pk, text="The report was received.", seen=seen)
    )
    late = do(secretary, meeting, "paragraph", item.pk, text="Mine.", seen=seen)
    assert late.status_code == 422
    assert "Somebody else changed this item meanwhile" in said(late)
    assert "Mine." in said(late)
    item.refresh_from_db()
    assert item.minutes_text == "The report was received."


def test_an_election_goes_to_a_second_ballot_and_a_tie_stops_it(secretary, meeting):
    people = [make.chief(agency) for agency in Agency.objects.order_by("pk")[:3]]
    assert do(secretary, meeting, "election", seat=make.seat().pk).status_code == 200
    held = meeting.elections.get()
    refused = do(secretary, meeting, "nominate", held.pk, official=people[0].name, by="committee")
    assert refused.status_code == 422
    assert "first obtains the nominee's consent" in said(refused)
    by = make.roll(meeting)[0].name
    for official in people:
        data = {"official": official.name, "by": "floor", "nominated_by": by}
        assert do(secretary, meeting, "nominate", held.pk, **data).status_code == 200
    keys = list(held.nominees.order_by("pk").values_list("pk", flat=True))
    over = do(secretary, meeting, "ballot", held.pk, **{f"votes_{key}": 2 for key in keys})
    assert over.status_code == 422
    assert "6 ballots handed in, 5 agencies present" in said(over)
    first = do(
        secretary, meeting, "ballot", held.pk, **dict(zip([f"votes_{key}" for key in keys], (2, 2, 1), strict=True))
    )
    assert "Second ballot" in said(first)
    second = do(secretary, meeting, "ballot", held.pk, **{f"votes_{key}": 2 for key in keys[:2]}, blanks=1)
    assert "Tied" in said(second)
    stopped = do(secretary, meeting, "ballot", held.pk, **{f"votes_{key}": 2 for key in keys[:2]})
    assert stopped.status_code == 422
    settled = do(secretary, meeting, "tie", held.pk, nominees=[keys[0]], because="By lot, as the assembly decided.")
    assert f"{people[0].name} is elected" in said(settled)


def test_under_bylaws_without_figures_the_page_says_that_results_are_recorded_by_hand(secretary, clock):
    make.bylaws_in_force()
    make.agencies(3)
    BylawsVersion.objects.filter(title="Amended bylaws of 2018").update_with_history(terms_known=False)
    called = make.meeting()
    clock.at = at(18)
    assert "recorded by hand" in said(secretary.get(reverse("board:live", args=[called.pk])))
    do(secretary, called, "order")
    clock.at = NOW
    motion = make.moved(Meeting.objects.get(pk=called.pk))
    page = said(secretary.get(reverse("board:live", args=[called.pk])))
    assert "Record the outcome by hand" in page
    assert do(secretary, called, "put", motion.pk, method="by_hand").status_code == 200
    wanting = do(secretary, called, "declare", motion.pk, carried="yes")
    assert "Say what shows the outcome" in said(wanting)
    answer = do(secretary, called, "declare", motion.pk, carried="yes", by_hand_because="Tally sheet on file.")
    assert "recorded by hand as carried: Tally sheet on file." in said(answer)


# Every state


def _voted(of: Meeting, **more: Any) -> None:
    make.voted(make.moved(of), 4, 1, **more)


def _out_of_order(of: Meeting) -> None:
    for entry in make.roll(of)[:3]:
        services.leave(entry=entry, at=at(18, 20))
    motion = make.put(make.moved(of), out_of_order=True, because="Nobody counted.")
    services.declare(motion=motion, at=at(18, 31), ayes=2, nays=0)


def _amended(of: Meeting) -> None:
    main = make.moved(of, text="To do so.")
    make.voted(make.moved(of, kind="amend_motion", text="To do so in May.", amends=main), 5)


def _tied(of: Meeting) -> None:
    held, _nominees = make.election(of, "president", *(make.chief(row) for row in Agency.objects.order_by("pk")[:2]))
    make.ballot(held, 2, 2)
    make.ballot(held, 2, 2, minute=31)


STATES: dict[str, tuple[Callable[[Meeting], Any], str, str]] = {
    "nothing moved": (lambda of: None, "Nothing is moved.", "4 of 7 needed"),
    "moved": (make.moved, "3 ayes carry it", "3 ayes carry it"),
    "a roll call being taken": (voting, "No vote yet", "Vote being taken"),
    "carried": (_voted, "more than half of 5 active agencies present is 3; 4 for: carried", "Carried"),
    "out of order": (_out_of_order, "Does not stand", "Not carried, out of order: without effect"),
    "a motion amended": (_amended, "Motion 1 now reads as amended", "To do so in May."),
    "a tie": (_tied, "Tied:", "Tied:"),
    "suspended": (
        lambda of: services.suspend(meeting=of, at=at(18, 35), why="recess"), "Resume the meeting", "Recess",
    ),
    "adjourned": (lambda of: services.adjourn(meeting=of, at=at(18, 35)), "Adjourned at 6:35 PM", "Adjourned"),
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_the_page_and_the_wall_show_the_meeting_in_every_state(state, secretary, meeting):
    reach, on_the_page, on_the_wall = STATES[state]
    reach(meeting)
    assert on_the_page in said(secretary.get(reverse("board:live", args=[meeting.pk])))
    assert on_the_wall in said(secretary.get(reverse("board:projector", args=[meeting.pk])))
    watcher = Client()
    watcher.force_login(person("Board Member"))
    assert "hx-post" not in watcher.get(reverse("board:live", args=[meeting.pk])).content.decode()


def test_a_meeting_that_was_cancelled_says_so(secretary, meeting):
    called = make.meeting("special", hour=21)
    services.cancel(meeting=called, on=make.DAY, because="The hall is closed.")
    assert "The hall is closed." in said(secretary.get(reverse("board:live", args=[called.pk])))
    assert "Cancelled" in said(secretary.get(reverse("board:projector", args=[called.pk])))


def test_a_designee_answers_with_the_paper_on_file(secretary, meeting):
    entry = make.roll(meeting)[0]
    form = said(secretary.get(reverse("board:live_act", args=[meeting.pk, "represent", entry.pk])))
    assert f"Who answers for {entry.name}" in form
    refused = do(
        secretary, meeting, "represent", entry.pk, representative="Sam Deputy", designation=scans.upload(b"not a scan")
    )
    assert refused.status_code == 422
    paper = scans.upload(scans.pdf())
    answer = do(secretary, meeting, "represent", entry.pk, representative="Sam Deputy", designation=paper)
    assert answer.status_code == 200
    assert 'data-who="Sam Deputy"' in answer.content.decode()
    entry.refresh_from_db()
    assert (entry.representative, entry.official) == ("Sam Deputy", None)
    assert str(entry.agency) in entry.designation.title


# Cost


def large(size: int, hour: int) -> Meeting:
    """A meeting in session with so many on its roll, half of them there; written without history, for speed."""
    numbers = range(hour * 100_000, hour * 100_000 + size)

    def write(model: type[models.Model], rows: Iterator[Any]) -> list[Any]:
        return models.QuerySet(model).bulk_create(rows, 2000)

    of = make.meeting(hour=hour)
    of.called_to_order_at, of.entitled = at(hour), size
    of.bylaws = BylawsVersion.objects.governing_on(of.on)
    of.save()
    agencies = write(Agency, (Agency(name=f"Agency {n} Police Department", ori=f"IL{n}") for n in numbers))
    entries = write(RollEntry, (RollEntry(meeting=of, agency=row, name=row.name) for row in agencies))
    write(Attendance, (Attendance(meeting=of, entry=row, arrived_at=at(hour)) for row in entries[: size // 2]))
    return of


def asks_of(client: Client, of: Meeting, hour: int) -> dict[str, Callable[[], Any]]:
    """What pages ask while a roll call is taken, for one meeting."""
    motion = services.put(motion=make.moved(of), at=at(hour, 30), method="roll_call", out_of_order=True)
    entries = RollEntry.objects.filter(meeting=of)
    voter, last = entries.earliest("pk"), entries.latest("pk")
    page = client.get(reverse("board:live", args=[of.pk])).content.decode()
    size = of.entitled or 0
    assert page.count('role="option"') == (size if size <= 400 else 60)
    since = re.search(r'id="since" value="([^"]+)"', page)
    assert since
    known = {"since": since[1]}
    polled = reverse("board:live_changes", args=[of.pk])
    return {
        "quiet poll": lambda: client.get(polled, known),
        "arrival": lambda: press(client, last, "arrive", at(hour, 40), **known),
        "vote": lambda: press(client, voter, "for", at(hour, 40), motion=motion.pk, **known),
        "poll": lambda: client.get(polled, known),
        "found": lambda: client.get(reverse("board:live_roll", args=[of.pk]), {"q": last.name[:12]}),
        "wall": lambda: client.get(reverse("board:projector", args=[of.pk])),
    }


def test_a_press_and_a_poll_ask_as_little_for_18000_as_for_10(secretary, clock):
    make.bylaws_in_force()
    costs: dict[str, list[int]] = {}
    for hour, size in ((10, 10), (13, 110), (16, 18_000)):
        clock.at = at(hour, 40)
        for what, ask in asks_of(secretary, large(size, hour), hour).items():
            with CaptureQueriesContext(connection) as asked:
                answer = ask()
            assert answer.status_code in (200, 204), what
            assert len(answer.content) < 60_000, what
            costs.setdefault(what, []).append(len(asked))
    assert all(few == some >= many for few, some, many in costs.values()), costs
