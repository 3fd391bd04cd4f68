"""The Board on a day and the registers, as the Secretary uses them; who sees them, and what they refuse."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.utils.html import strip_tags

from board import services
from board.models import (
    AgendaItem,
    BylawsVersion,
    Committee,
    Correspondence,
    MinutesRequest,
    Objection,
    OfficeTerm,
    OperationalPlan,
)
from nipas_admin.accounts import roles
from tests.board import factories as make
from tests.membership.factories import person

pytestmark = pytest.mark.django_db

DAY = make.DAY


def signed_in(role, of=None):
    client = Client()
    client.force_login(person(role, of))
    return client


@pytest.fixture
def secretary(bylaws):
    return signed_in(roles.SECRETARY)


def text_of(answer):
    return " ".join(strip_tags(answer.content.decode()).split())


def board_page(client, on=DAY):
    return client.get(f"/board/board/?on={on.isoformat()}")


def cards_of(page):
    """Each seat's badge and buttons, by its name."""
    cards = [card for _title, group in page.context["groups"] for card in group]
    return {card.name: (card.badge_label, [button.label for button in card.buttons]) for card in cards}


# The Board on a day


def test_each_seat_says_how_it_stands_and_what_comes_next(secretary):
    terms = make.board(11)
    make.suspended(terms[4].holder.agency, date(2026, 3, 1))
    services.end_term(term=terms[3], ended_on=date(2026, 4, 1), why="resigned")
    services.end_term(term=terms[5], ended_on=date(2026, 4, 1), why="resigned")

    page = board_page(secretary)
    cards = cards_of(page)

    assert list(cards) == [str(seat) for seat in make.Seat.objects.order_by("pk")]
    assert cards["President"] == ("Held", [])
    assert cards["Treasurer"] == ("Vacant", ["Appoint", "Approve at a Board meeting"])
    assert cards["At-large member 1"] == ("Vacant", ["Appoint", "Call a special meeting"])
    assert cards["At-large member 2"] == ("Vacant", ["Appoint"])
    figures = {label: (value, note) for label, value, note in page.context["figures"]}
    assert figures["Members in office"] == ("8", "of 11 seats; 3 vacant")
    assert [figures[name][0] for name in ("Quorum of the Board", "Majority", "To suspend or terminate")] == [
        "6",
        "5",
        "6",
    ]


def test_an_appointment_that_waits_for_the_board_leads_to_its_motion(secretary):
    make.board(7)
    meeting = make.opened("board", present=7)
    motion = make.moved(
        meeting, "appointment", seat=make.seat("treasurer"), nominee=make.chief(make.agency()), named_on=DAY
    )
    services.end_term(term=OfficeTerm.objects.get(seat__office="treasurer"), ended_on=date(2026, 4, 1), why="died")

    assert cards_of(board_page(secretary))["Treasurer"] == ("Vacant", [f"Approve: {motion}"])


@pytest.mark.parametrize(
    ("on", "label"),
    [
        (date(2028, 1, 4), "Held"),
        (date(2028, 1, 5), "Holding over since 5 January 2028"),
    ],
    ids=["the last day of the term", "the first day after it"],
)
def test_a_term_that_is_over_is_held_over_until_a_successor_is_in(on, label, secretary):
    make.board(1)

    assert cards_of(board_page(secretary, on))["President"][0] == label


def test_a_vacant_presidency_offers_the_succession_which_fills_it(secretary):
    president, vice = make.board(2)
    services.end_term(term=president, ended_on=date(2026, 4, 1), why="died")

    page = board_page(secretary)
    assert cards_of(page)["President"] == ("Vacant", ["Record the succession"])
    act = f"/board/seat/{president.seat_id}/succeed/"
    looked = secretary.post(act, {"on": "4/1/2026", "preview": "1"})
    assert f"{vice.holder.name}, {vice.agency}, is President from 1 April 2026" in text_of(looked)
    assert OfficeTerm.objects.count() == 2
    secretary.post(act, {"on": "4/1/2026"})

    cards = cards_of(board_page(secretary))
    assert (cards["President"][0], cards["Vice-President"][0]) == ("Held", "Vacant")


def test_with_both_vacant_the_page_stops_and_says_so(secretary):
    for term in make.board(2):
        services.end_term(term=term, ended_on=date(2026, 4, 1), why="died")

    page = board_page(secretary)
    refused = secretary.post(f"/board/seat/{make.seat().pk}/succeed/", {"on": "4/1/2026"})

    assert cards_of(page)["President"] == cards_of(page)["Vice-President"] == ("Vacant", [])
    assert "The register stops here" in text_of(page)
    assert "the bylaws name nobody else" in text_of(page)
    assert "Nothing has been recorded yet" in text_of(refused)


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(1985, 5, 1), "No version of the bylaws covers 1 May 1985"),
        (date(2010, 5, 1), "the register holds no copy of Bylaws of 2009"),
    ],
    ids=["before all bylaws", "under bylaws whose figures are not known"],
)
def test_a_day_without_known_bylaws_says_so(on, said, secretary):
    page = board_page(secretary, on)

    assert page.status_code == 200
    assert said in text_of(page)


def test_the_picture_shows_gaps_and_holding_over_and_says_who_sits(secretary):
    first = make.term(make.chief(make.agency()), "treasurer", from_on=date(2022, 5, 9), until_on=date(2023, 5, 9))
    services.end_term(term=first, ended_on=date(2024, 5, 9), why="resigned")
    second = make.term(make.chief(make.agency()), "treasurer", from_on=date(2025, 5, 9), until_on=date(2026, 5, 9))

    drawn = str(board_page(secretary).context["chart"])

    assert drawn.count('class="bar runs"') == 3  # two terms, and the legend
    assert drawn.count('class="bar over"') == 3  # the first held over, the second does
    assert f"{second.holder.name}, {second.agency}: holding over from 9 May 2026" in drawn
    assert "Treasurer: " + second.holder.name in drawn
    assert 'style="' not in drawn


def test_who_is_chosen_again_is_drawn_as_one_and_who_comes_back_later_is_not(secretary):
    holder = make.chief(make.agency())
    make.withdrawn(holder.agency, date(2026, 5, 1))
    days = [date(2022, 5, 9), date(2023, 5, 9), date(2024, 5, 9), date(2025, 6, 9)]
    for start, end in ((days[0], days[1]), (days[1], days[2]), (days[3], None)):
        ended = {"ended_on": end, "ended_why": "successor"} if end else {}
        make.term(holder, "secretary", from_on=start, **ended)

    drawn = str(board_page(secretary).context["chart"])

    assert f"{holder.name}, {holder.agency}: from 9 May 2022 until 9 May 2024<" in drawn
    assert f"{holder.name}, {holder.agency}: from 9 June 2025 until 1 May 2026<" in drawn


def test_the_page_asks_as_much_of_the_database_however_long_the_history(secretary, django_assert_max_num_queries):
    def queries():
        with django_assert_max_num_queries(80) as asked:
            board_page(secretary)
        return len(asked)

    make.board(11)
    few = queries()
    for year in range(2001, 2015):
        make.term(
            make.chief(make.agency()),
            "secretary",
            from_on=date(year, 5, 9),
            ended_on=date(year, 9, 9),
            ended_why="died",
        )

    assert queries() == few


@pytest.mark.parametrize("role", [roles.AGENCY_REPRESENTATIVE, roles.TELECOMMUNICATOR])
@pytest.mark.parametrize("page", ["board/", "officeterm/", "objection/", "vote/", "meeting/"])
def test_the_board_is_closed_to_those_whose_work_it_is_not(page, role, bylaws):
    of = make.agency() if role == roles.AGENCY_REPRESENTATIVE else None

    assert signed_in(role, of).get(f"/board/{page}").status_code == 403


@pytest.mark.parametrize("role", [roles.SYSTEM_MANAGER, roles.BOARD_MEMBER])
def test_who_only_reads_is_offered_no_act(role, bylaws):
    president, _vice = make.board(2)
    services.end_term(term=president, ended_on=date(2026, 4, 1), why="died")
    client = signed_in(role)

    assert not any(buttons for _label, buttons in cards_of(board_page(client)).values())
    assert client.get("/board/officeterm/add/").status_code == 403
    assert client.post(f"/board/seat/{president.seat_id}/succeed/", {"on": "4/1/2026"}).status_code == 403


# Appointing


def appointment(holder, seat=("secretary", 1), on="5/20/2026", **others):
    known = {"how": "appointed", "appointed_by": "president_and_board", **others}
    return {"seat": make.seat(*seat).pk, "holder": holder.pk, "from_on": on, **known}


def test_appointing_shows_the_twelve_months_and_whose_term_ends_before_it_is_recorded(secretary):
    old, new = make.term(make.chief(make.agency()), "secretary"), make.chief(make.agency())

    looked = text_of(secretary.post("/board/officeterm/add/", {**appointment(new), "preview": "1"}))
    assert "20 May 2025" in looked
    assert f"The term of {old.holder.name} as Secretary ends on 20 May 2026: a successor was installed." in looked
    assert OfficeTerm.objects.count() == 1
    done = secretary.post("/board/officeterm/add/", appointment(new))

    assert done.status_code == 302
    old.refresh_from_db()
    assert (old.ended_on, OfficeTerm.objects.get(holder=new).until_on) == (date(2026, 5, 20), date(2027, 5, 20))


REFUSED = {
    "an agency that joined within the year": (
        lambda: make.chief(make.agency(joined=date(2025, 5, 21))),
        {},
        "cannot be Secretary",
    ),
    "somebody who no longer is chief": (
        lambda: _left(make.chief(make.agency())),
        {},
        "neither as chief executive officer nor as official designee",
    ),
    "nobody who appointed": (lambda: make.chief(make.agency()), {"appointed_by": ""}, "Say who appointed"),
    "an election that somebody appointed": (
        lambda: make.chief(make.agency()),
        {"how": "elected"},
        "Choose Appointed above",
    ),
}


def _left(official):
    official.until_on = date(2026, 5, 20)
    official.save()
    return official


@pytest.mark.parametrize(("who", "others", "said"), REFUSED.values(), ids=REFUSED)
def test_an_appointment_that_the_bylaws_do_not_allow_is_refused_in_words(who, others, said, secretary):
    answer = secretary.post("/board/officeterm/add/", appointment(who(), **others))

    assert said in text_of(answer)
    assert not OfficeTerm.objects.exists()


def test_the_search_offers_only_chiefs_and_designees_each_with_the_agency(secretary):
    of = make.agency()
    make.Official.objects.create(agency=of, name="Mayor Mossel", capacity="head")
    asked = "/autocomplete/?app_label=board&model_name=officeterm&field_name=holder&term="

    [found] = secretary.get(asked + make.chief(of).name).json()["results"]
    assert found["text"] == f"{make.chief(of).name}, Chief of Police, {of.name}"
    assert secretary.get(asked + "Mossel").json()["results"] == []


# Registers


def committee(*people, kind="nominating", since="2026-02-02"):
    sent = {"name": "Nominating Committee", "kind": kind, "created_on": since, "members-INITIAL_FORMS": 0}
    for place, official in enumerate(people):
        sent |= {f"members-{place}-official": official.pk, f"members-{place}-from_on": since}
    return {**sent, "members-TOTAL_FORMS": len(people)}


def test_the_nominating_committee_takes_no_officer_and_nobody_from_outside_the_board(secretary):
    president, *_officers, first, second, third = make.board(7)
    outside = make.chief(make.agency())

    answer = text_of(secretary.post("/board/committee/add/", committee(president.holder, outside, first.holder)))
    assert f"{president.holder.name} is an Officer" in answer
    assert f"{outside.name} is not a current member of the Board" in answer
    assert not Committee.objects.exists()

    secretary.post("/board/committee/add/", committee(first.holder, second.holder))
    made = Committee.objects.get()
    page = f"/board/committee/{made.pk}/change/"
    assert "it has 2 members; the bylaws ask for 3" in text_of(secretary.get(page))
    made.members.create(official=third.holder, from_on=date(2026, 2, 2))
    assert "3 members of the Board, none an Officer" in text_of(secretary.get(page))


def test_another_committee_may_have_anybody(secretary):
    answer = secretary.post("/board/committee/add/", committee(make.chief(make.agency()), kind="other"))

    assert (answer.status_code, Committee.objects.get().members.count()) == (302, 1)


def test_an_objection_goes_on_the_next_agenda_by_itself_and_leaves_it_when_taken_back(secretary):
    of = make.agency()
    meeting = make.meeting("annual")

    sent = {"agency": of.pk, "received_on": "5/4/2026", "against": "The radio rule."}
    page = secretary.post("/board/objection/add/", sent, follow=True)
    objection = Objection.objects.get()
    assert str(meeting) in text_of(page)
    assert "Waits for the vote of the agencies" in text_of(page)
    secretary.post(f"/board/objection/{objection.pk}/take-back/", {"on": "5/11/2026"})

    assert AgendaItem.objects.get(objection=objection).dropped
    assert "Taken back" in text_of(secretary.get(f"/board/objection/{objection.pk}/change/"))


def test_drafting_an_amendment_copies_the_version_and_shows_what_differs(secretary, bylaws):
    answer = secretary.post(
        f"/board/bylawsversion/{bylaws.pk}/draft/", {"title": "Bylaws as amended in 2027"}, follow=True
    )
    draft = BylawsVersion.objects.get(title="Bylaws as amended in 2027")
    assert "it goes to all participating agencies 15 days before the meeting" in text_of(answer)
    draft.notice_days = 20
    draft.save()

    page = secretary.get(f"/board/bylawsversion/{draft.pk}/change/")
    [table] = page.context["related_tables"]
    assert [row.cells for row in table.rows] == [("Days of notice for amendments", "20", "15")]
    again = secretary.post(f"/board/bylawsversion/{bylaws.pk}/draft/", {"title": "bylaws as amended in 2027"})
    assert "There is a version called bylaws as amended in 2027 already" in text_of(again)


def test_a_plan_always_has_a_day_for_its_next_review(secretary):
    sent = {"kind": "plan", "title": "Plan", "edition": "1", "adopted_on": "2026-01-05", "review_months": 12}
    secretary.post("/board/operationalplan/add/", {**sent, "reviews-TOTAL_FORMS": 0, "reviews-INITIAL_FORMS": 0})
    plan = OperationalPlan.objects.get()
    assert services.next_review_of(plan).value == date(2027, 1, 5)

    done = {"kind": "review", "on": "5/4/2026", "result": "Nothing to change."}
    secretary.post(f"/board/operationalplan/{plan.pk}/review/", done)

    reviews = sorted((review.due_on, review.done_on) for review in plan.reviews.all())
    assert reviews == [(date(2027, 1, 5), date(2026, 5, 4)), (date(2027, 5, 4), None)]


def test_letters_and_requests_are_answered_on_a_page_of_their_own(secretary):
    letter = Correspondence.objects.create(
        direction="in",
        on=date(2026, 3, 2),
        party="Village of Elm",
        subject="A question",
        answer_due_on=date(2026, 3, 16),
    )
    asked = MinutesRequest.objects.create(asked_on=date(2026, 3, 2), asked_by="Chief of Elm")

    too_early = secretary.post(f"/board/minutesrequest/{asked.pk}/answer/", {"on": "3/1/2026", "answer": "Sent."})
    assert "The answer cannot come before the request" in text_of(too_early)
    secretary.post(f"/board/minutesrequest/{asked.pk}/answer/", {"on": "3/3/2026", "answer": "Sent."})
    secretary.post(f"/board/correspondence/{letter.pk}/answer/", {"on": "3/9/2026", "subject_line": "Our answer"})

    asked.refresh_from_db()
    assert asked.answered_on == date(2026, 3, 3)
    assert letter.answered_by.get().direction == "out"
    assert "Answered" in text_of(secretary.get("/board/correspondence/"))


EMPTY = [
    "officeterm", "objection", "committee", "operationalplan", "staffappointment", "correspondence", "legaldocument",
    "minutesrequest", "dissolution", "rollentry", "attendance", "vote",
]  # fmt: skip


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_list_says_what_would_be_here_and_how_to_begin(name, secretary):
    page = secretary.get(f"/board/{name}/")
    said = page.context["cl"].model_admin.empty_list

    assert said
    assert said in unescape(text_of(page))


def test_lists_ask_as_much_of_the_database_however_many_their_rows(secretary, django_assert_max_num_queries):
    def fill(number):
        for _row in range(number):
            of = make.agency()
            person = make.chief(of)
            Objection.objects.create(agency=of, received_on=DAY, against="A rule.")
            made = Committee.objects.create(name=f"Committee of {of}", created_on=DAY)
            made.members.create(official=person, from_on=DAY)
            Correspondence.objects.create(direction="in", on=DAY, party=of.name, agency=of, subject="Letter")
            MinutesRequest.objects.create(asked_on=DAY, asked_by=of.name, agency=of)
            OperationalPlan.objects.create(title=of.name, edition="1", adopted_on=DAY)
            make.term(person, from_on=date(1990 + OfficeTerm.objects.count(), 1, 1), ended_on=date(
                1990 + OfficeTerm.objects.count(), 6, 1), ended_why="died")  # fmt: skip

    def queries(name):
        with django_assert_max_num_queries(60) as asked:
            secretary.get(f"/board/{name}/")
        return len(asked)

    names = ["objection", "committee", "correspondence", "minutesrequest", "operationalplan", "officeterm", "seat"]
    fill(1)
    few = {name: queries(name) for name in names}
    fill(6)

    assert {name: queries(name) for name in names} == few
