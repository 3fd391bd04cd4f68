"""The Board's papers where a meeting of its own is needed: names that try the page, ballots in session, odd minutes."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pypdf
import pytest

from board import services
from board.models import AgendaItem, Meeting, Motion, OfficeTerm
from documents.letters import print_letter
from membership.models import Agency
from tests.board import factories as make
from tests.board.factories import DAY, at
from tests.board.papers import LETTERS, build, refused
from tests.membership import factories as members
from tests.membership.reading import words

pytestmark = pytest.mark.django_db


def test_a_long_or_hostile_name_prints_as_typed_and_stays_between_the_margins() -> None:
    make.bylaws_in_force()
    make.board()
    hostile = '<script>alert(1)</script> & {{ sheet }} <img src="http://127.0.0.1:9/x.png">'
    for row, name in zip(Agency.objects.order_by("pk"), ("W" * 150, hostile), strict=False):
        row.name = name
        row.save()
    for row in OfficeTerm.objects.all()[:1]:
        row.holder.name, row.holder.email = "W" * 120, f"{'w' * 60}@{'w' * 60}.example"
        row.holder.save()
    meeting = make.meeting(place="W" * 200, remote_access="W" * 300)
    make.item(meeting, "W" * 200, sponsor="W" * 120, detail="W" * 400)
    chiefs = [term.holder for term in OfficeTerm.objects.order_by("pk")[:2]]
    election, _nominees = make.election(meeting, "vice_president", *chiefs[:1])
    papers = [
        print_letter(LETTERS[kind], record, DAY)
        for kind, record in (
            *(("notice", meeting), ("roll_sheet", meeting), ("ballots", election), ("tally_sheet", election)),
            ("roster", None),
        )
    ]
    services.call_to_order(meeting=meeting, at=at(18))
    entries = make.arrived(Meeting.objects.get(pk=meeting.pk), 11)
    make.voted(make.moved(meeting, text="W" * 300, mover=entries[0], seconder=entries[1]), 9)
    papers += [
        print_letter(LETTERS["meeting_minutes"], meeting, DAY),
        print_letter(LETTERS["certificate"], meeting.motions.get(), DAY),
    ]

    narrowest = 6.5  # points, a W in the smallest type
    for pdf in papers:
        for page in pypdf.PdfReader(BytesIO(pdf)).pages:
            runs = re.findall("W+", page.extract_text(extraction_mode="layout"))
            assert max(map(len, runs), default=0) * narrowest <= float(page.mediabox.width) - 2 * 54
    read = ["".join(words(pdf).split()) for pdf in papers]
    assert "".join(hostile.split()) in read[5]


def test_the_notice_names_objections_and_minutes_that_wait() -> None:
    make.bylaws_in_force()
    objecting = make.agencies(3)[0]
    objecting.objections.create(received_on=date(2026, 3, 2), against="The dues of 2026")
    first = make.meeting(on=date(2026, 4, 1))
    services.call_to_order(meeting=first, at=at(18, on=date(2026, 4, 1)))
    make.adjourned(first, 1)

    found = build("notice", make.meeting()).agenda

    assert [(item.marks, item.detail) for item in found] == [
        (("Open objection",), "The dues of 2026"),
        (("Minutes to approve",), ""),
    ]


def test_the_roll_sheet_says_whom_the_secretary_must_settle_and_later_how_it_was_settled() -> None:
    make.bylaws_in_force()
    settled, unsure = make.agencies(2)
    stint = make.stint(unsure)
    stint.execution.chief_signed_on = stint.execution.head_signed_on = None
    stint.execution.save()
    meeting = make.meeting()

    before = build("roll_sheet", meeting)
    services.call_to_order(meeting=meeting, at=at(18), settled={unsure.pk: (False, "papers not found")})
    after = build("roll_sheet", Meeting.objects.get(pk=meeting.pk))
    minuted = build("meeting_minutes", meeting, DAY).attendance

    assert [line.note for line in before.lines] == ["", "Not determined: settle it before the call to order"]
    assert before.quorum.text == "1, of 1 active agencies; 2 if the 1 whose status is not determined are active too"
    assert [line.note for line in after.lines] == ["", "Not counted: papers not found"]
    assert (before.frozen, after.frozen) == (False, True)
    assert minuted.settled == (f"{unsure.name}, not counted: papers not found",)
    assert (minuted.entitled, minuted.absent) == (1, (settled.name,))


def test_in_session_there_is_a_ballot_for_each_agency_present_and_a_second_one_between_two() -> None:
    make.bylaws_in_force()
    make.agencies(9)
    meeting = make.opened(present=7)
    people = [make.chief(entry.agency) for entry in make.roll(meeting)[:3]]
    election, _nominees = make.election(meeting, "president", *people)
    first = build("ballots", election).paper
    make.ballot(election, 3, 1, 2, blanks=1)

    second = build("ballots", election).paper
    tally = build("tally_sheet", election)

    assert (first.round, first.voters, [one.name for one in first.standing]) == (
        *("First ballot", 7),
        [person.name for person in people],
    )
    assert (second.round, [one.name for one in second.standing]) == ("Second ballot", [people[0].name, people[2].name])
    assert first.why_so_many == "one for each agency present, of 9 entitled"
    assert tally.needed == "more than half of the votes cast: divide by 2, drop the fraction and add 1"
    assert tally.example == "of 7: 4"
    assert len(tally.boxes) * 5 >= 7


def test_no_ballot_is_printed_while_a_tie_waits_for_the_assembly() -> None:
    make.bylaws_in_force()
    make.agencies(9)
    meeting = make.opened(present=9)
    election, _nominees = make.election(
        meeting, "president", *(make.chief(entry.agency) for entry in make.roll(meeting)[:3])
    )
    make.ballot(election, 3, 3, 3)

    assert "Missing: a decision of the assembly" in refused("ballots", election)


def test_minutes_of_a_meeting_without_business_say_so() -> None:
    make.bylaws_in_force()
    make.agencies(2)

    found = build("meeting_minutes", make.opened(present=2), DAY)

    assert (found.items, found.adjourned, found.secretary_signs.name) == ((), "", "")
    assert "No business was taken up." in words(print_letter(LETTERS["meeting_minutes"], Meeting.objects.get(), DAY))


def test_a_motion_that_was_amended_says_by_which_one_and_one_on_an_item_left_out_is_kept() -> None:
    make.bylaws_in_force()
    make.agencies(3)
    meeting = make.opened(present=3)
    left_out = make.item(meeting, "Left out")
    main = make.moved(meeting, text="To meet in May.", item=left_out)
    make.voted(make.moved(meeting, "amend_motion", "To meet in June.", amends=main), 3)
    make.voted(Motion.objects.get(pk=main.pk), 3, minute=32)
    AgendaItem.objects.filter(pk=left_out.pk).update_with_history(dropped=True)

    (business,) = build("meeting_minutes", meeting, DAY).items

    assert business.title == "Business"
    assert sorted((row.number, row.text, row.amends, row.amended_by) for row in business.motions) == [
        (1, "To meet in June.", None, 2),
        (2, "To meet in June.", 1, None),
    ]


@pytest.mark.parametrize(
    ("kind", "on", "addressee", "only_named", "quorum"),
    [
        pytest.param(
            "annual", DAY, "To the chief executive officers and designees", False, "6, of 11 active agencies", id="annual"
        ),
        pytest.param(
            "special", DAY, "To the chief executive officers and designees", True, "6, of 11 active agencies", id="special"
        ),
        pytest.param("board", DAY, "To the members of the Board", False, "6, of 11 members in office", id="Board"),
        pytest.param(
            "annual", date(2015, 5, 20), "To the chief executive officers and designees", False,
            "recorded by hand: the figures of the bylaws in force are not known", id="under bylaws we hold no copy of",
        ),
    ],
)  # fmt: skip
def test_each_kind_of_meeting_is_called_in_its_own_way(
    kind: str, on: date, addressee: str, only_named: bool, quorum: str
) -> None:
    make.bylaws_in_force()
    make.board()

    letter = build("notice", make.meeting(kind, on=on), on)

    assert (letter.addressee[0], letter.only_named, letter.quorum.text) == (addressee, only_named, quorum)


def test_under_bylaws_whose_figures_are_not_known_minutes_and_tally_sheet_say_so() -> None:
    on = date(2015, 5, 20)
    nominee = members.official(members.original_member().agency)
    meeting = make.meeting(on=on)
    election, _nominees = make.election(meeting, "president", nominee)

    tally = build("tally_sheet", election, on)
    services.call_to_order(meeting=meeting, at=at(18, on=on))
    minuted = build("meeting_minutes", meeting, on)

    assert (tally.needed, tally.example) == ("as the bylaws in force say; the register does not know their figures", "")
    assert not tally.second_follows
    assert minuted.quorum[0].text.startswith("not determined; missing: the quorum, recorded by hand")
    assert minuted.items[0].elections[0].result.startswith("No result: the result, recorded by hand")


def test_an_election_by_voice_and_a_recusal_are_minuted() -> None:
    make.bylaws_in_force()
    make.agencies(3)
    meeting = make.opened(present=3)
    entries = make.roll(meeting)
    make.election(meeting, "president", make.chief(entries[0].agency))
    services.elect_by_voice(meeting=meeting, at=at(18, 30))
    services.recuse(entry=entries[1], note="its own claim")

    found = build("meeting_minutes", meeting, DAY)

    (election,) = found.items[0].elections
    assert election.result == f"{make.chief(entries[0].agency).name} was elected President"
    assert (election.ballots, election.rows) == ((), ())
    assert "by voice, every office having one nominee" in election.because[0].text
    assert [row.note for row in found.attendance.came] == ["", "Recused: its own claim", ""]
