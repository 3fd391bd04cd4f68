"""The private calendar: whose it is, what stands in it, and that calendar programs can read it."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from board import calendar
from board.models import CalendarAddress, Meeting
from nipas_admin.accounts import roles
from nipas_admin.shared import startpage
from nipas_admin.shared.startpage import Marker, Need
from tests.board import factories as make
from tests.membership.factories import person

TODAY = date(2026, 5, 1)
SITE = "https://register.example.org"


class Rooms(startpage.Provider):
    """A room with one day ahead and one thing to do."""

    def coming(self, user, day):
        return [
            Marker(date(2027, 5, 1), "1 agency leaves", "/membership/agency/", "Notices take effect (Agreement §4.A).")
        ]

    def needs(self, user, day):
        return [
            Need(date(2026, 4, 11), "Minutes of 12 March: approve", "Bylaws Art. VI §3.", "/board/minutes/3/", "Open"),
            Need(None, "Undated", "", "", ""),
        ]


@pytest.fixture
def rooms(monkeypatch):
    monkeypatch.setattr(startpage, "_providers", [Rooms()])


@pytest.fixture
def secretary(bylaws):
    return person(roles.SECRETARY)


@pytest.fixture
def meetings(bylaws):
    """One in winter, one in summer, and one that was cancelled."""
    known = {"kind": "board", "place": "Station 1, 12 Oak Street; upstairs, Elmwood"}
    winter = Meeting.objects.create(starts_at=make.at(18, 30, date(2026, 1, 15)), **known)
    summer = Meeting.objects.create(starts_at=make.at(18, 30, date(2026, 7, 16)), **known)
    off = Meeting.objects.create(starts_at=make.at(9, 0, date(2026, 9, 3)), **known)
    off.cancelled_on, off.cancelled_because = date(2026, 8, 20), "No quorum to be had"
    off.save()
    return winter, summer, off


def read(user, today=TODAY):
    """The calendar as a program reads it: by UID."""
    whole = Calendar.from_ical(calendar.draw(user, today, SITE).content)
    return whole, {str(event["uid"]): event for event in whole.walk("VEVENT")}


def test_meetings_stand_at_their_hour_in_chicago_with_place_state_and_link(rooms, secretary, meetings):
    whole, events = read(secretary)
    winter, summer, off = (events[f"meeting-{meeting.pk}@nipas-register"] for meeting in meetings)

    assert str(whole["version"]) == "2.0"
    assert [zone["tzid"] for zone in whole.walk("VTIMEZONE")] == ["America/Chicago"]
    assert winter["dtstart"].params["TZID"] == "America/Chicago"
    assert [event.decoded("dtstart").astimezone(UTC).hour for event in (winter, summer)] == [0, 23]
    assert winter.decoded("dtstart") == datetime(2026, 1, 15, 18, 30, tzinfo=make.CHICAGO)
    assert str(winter["location"]) == "Station 1, 12 Oak Street; upstairs, Elmwood"
    assert (str(summer["status"]), str(off["status"])) == ("CONFIRMED", "CANCELLED")
    assert "Cancelled: No quorum to be had" in str(off["description"])
    assert str(summer["url"]) == f"{SITE}/board/meeting/{meetings[1].pk}/change/"


@pytest.mark.parametrize(
    ("year", "summer", "winter"),
    [
        (1984, date(1984, 4, 29), date(1984, 10, 28)),
        (2006, date(2006, 4, 2), date(2006, 10, 29)),
        (2007, date(2007, 3, 11), date(2007, 11, 4)),
        (2026, date(2026, 3, 8), date(2026, 11, 1)),
    ],
)
def test_the_time_zone_it_carries_turns_the_clock_when_chicago_does(year, summer, winter, rooms, secretary):
    [zone] = read(secretary)[0].walk("VTIMEZONE")
    carried = zone.to_tz(lookup_tzid=False)

    for turn, offsets in ((summer, (-6, -5)), (winter, (-5, -6))):
        for day, offset in ((turn - timedelta(days=1), offsets[0]), (turn, offsets[1])):
            noon = datetime(day.year, day.month, day.day, 12)
            assert noon.replace(tzinfo=carried).utcoffset() == timedelta(hours=offset)
            assert noon.replace(tzinfo=make.CHICAGO).utcoffset() == timedelta(hours=offset)


def test_deadlines_are_whole_days_with_their_clause_and_link_and_keep_their_name(rooms, secretary):
    _whole, events = read(secretary)
    [leaving] = [event for event in events.values() if str(event["summary"]) == "1 agency leaves"]
    overdue = next(event for event in events.values() if "Minutes of 12 March" in str(event["summary"]))

    assert leaving.decoded("dtstart") == date(2027, 5, 1)
    assert leaving.decoded("dtend") == date(2027, 5, 2)
    assert str(leaving["description"]) == f"Notices take effect (Agreement §4.A).\n{SITE}/membership/agency/"
    assert "Bylaws Art. VI §3" in str(overdue["description"])
    assert not [event for event in events.values() if str(event["summary"]) == "Undated"]
    assert set(events) == set(read(secretary, TODAY + timedelta(days=3))[1])


def test_every_line_is_short_ends_as_it_must_and_every_event_has_its_stamp(rooms, secretary, meetings):
    drawn = calendar.draw(secretary, TODAY, SITE)

    assert drawn.content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in drawn.content.replace(b"\r\n", b"")
    assert max(map(len, drawn.content.split(b"\r\n"))) <= 75
    assert all(event["dtstamp"] for event in Calendar.from_ical(drawn.content).walk("VEVENT"))


def test_one_day_reads_alike_and_a_change_does_not(rooms, secretary, meetings):
    first, again = (calendar.draw(secretary, TODAY, SITE) for _time in range(2))
    meetings[1].place = "Station 2"
    meetings[1].save()
    after = calendar.draw(secretary, TODAY, SITE)

    assert first == again
    assert (after.etag != first.etag, after.changed_at >= first.changed_at) == (True, True)


def test_an_agencys_representative_sees_no_meeting_of_the_board(rooms, bylaws, meetings):
    rep = person(roles.AGENCY_REPRESENTATIVE, make.agency())

    assert not [uid for uid in read(rep)[1] if uid.startswith("meeting")]


# The address


@pytest.fixture
def signed_in(secretary):
    client = Client()
    client.force_login(secretary)
    return client


def made(client):
    """Makes an address on its page, and returns the path that the page shows."""
    page = client.post("/board/calendar/").content.decode()
    return page.split('value="http://testserver')[1].split('"')[0]


def test_the_address_is_shown_once_works_without_signing_in_and_only_its_digest_is_kept(signed_in, rooms, meetings):
    path = made(signed_in)
    token = path.removeprefix("/board/calendar/").removesuffix(".ics")
    answer = Client().get(path)

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"BEGIN:VCALENDAR" in answer.content
    assert token not in signed_in.get("/board/calendar/").content.decode()
    assert CalendarAddress.objects.get().token_sha256 == hashlib.sha256(token.encode()).hexdigest()
    unchanged = Client().get(path, headers={"If-None-Match": answer["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert answer["Last-Modified"]


def test_renewing_silences_the_old_address(signed_in, rooms):
    old, new = made(signed_in), made(signed_in)

    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)
    assert CalendarAddress.objects.count() == 1


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"is_staff": False}], ids=["switched off", "may not sign in to the register"]
)
def test_somebody_who_may_not_sign_in_has_no_calendar(change, signed_in, rooms, secretary):
    path = made(signed_in)
    assert Client().get(path).status_code == 200
    type(secretary).objects.filter(pk=secretary.pk).update(**change)

    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("token", ["x", "0" * 64, "a" * 500], ids=["short", "digest-like", "long"])
def test_an_address_nobody_made_leads_nowhere(token, bylaws):
    assert Client().get(f"/board/calendar/{token}.ics").status_code == 404


def test_making_an_address_asks_for_signing_in_and_for_a_form_of_ours(secretary):
    assert Client().post("/board/calendar/").status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(secretary)
    assert strict.post("/board/calendar/").status_code == 403
    assert not CalendarAddress.objects.exists()
