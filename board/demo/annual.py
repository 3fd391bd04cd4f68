"""Stories of the agencies' own meetings: the adoption of 2019, four annual meetings and a special one."""

from __future__ import annotations

from datetime import date

from board.demo.people import Cast, appoint_at_large, seat
from board.demo.secretary import Session
from board.demo.stories import event, meeting
from board.models import Ballot, BylawsVersion, Motion, Objection
from board.rules.motions import Gathering, Kind
from board.rules.terms import Office
from board.services import declare, draft_amendment, move, put, settle_tie
from membership.demo.clerk import keep

ANNUAL, SPECIAL = Gathering.ANNUAL, Gathering.SPECIAL
AT_LARGE_APPOINTED = "The President appointed the six at-large members, each for one year (Bylaws Art. IV §4)."


@meeting(
    SPECIAL,
    date(2019, 2, 5),
    "The meeting that adopted the amended bylaws. It opened under the bylaws of 2009, of which there is no copy: "
    "quorum and outcome are recorded by hand. Its roll is that of the Original Participating Agencies (Reading R4). "
    "The motion put after the adoption was decided under the new version.",
    hour="13:00",
    purpose="To adopt the amended bylaws (Agreement §5.A.5).",
)
def _(session: Session) -> None:
    item = session.item("Adoption of the amended bylaws", "The text had been sent to all in December 2018.")
    bylaws = BylawsVersion.objects.get(title="Amended bylaws of 2018")
    # On record before the call to order: so the roll is that of the Original Participating Agencies (Reading R4).
    adoption = move(
        meeting=session.meeting, kind=Kind.ADOPTION.value, text="To adopt the amended bylaws.", item=item,
        proposed_bylaws=bylaws,
    )  # fmt: skip
    session.opens("13:06", present=66)
    adoption.mover, adoption.seconder = session.entry("Alder Crossing"), session.entry("Bellhaven")
    keep(adoption)
    put(motion=adoption, at=session.at("13:40"), method=Motion.Method.BY_HAND)
    because = "The tally sheet in the binder: 61 for, 3 against, 2 abstained, of 66 present."
    declare(motion=adoption, at=session.at("13:44"), carried=True, by_hand_because=because)
    thanks = session.moves(
        "That the specialized teams go on for the agencies that have adopted.", "Meadowmere", "Loon Landing", item=item
    )
    session.counted(thanks, "13:52", 66, 0, 0)
    session.adjourns("14:10")


@meeting(
    ANNUAL,
    date(2023, 5, 11),
    "An election with a second ballot: three nominees for President, none with a majority of the votes cast, then a "
    "ballot between the first two (Bylaws Art. V §9). One ballot was blank, one illegal (Reading R11).",
    hour="19:00",
)
def _(session: Session) -> None:
    late = ("Rushmoor", "Copper Bend", "Reedmarsh")
    session.opens("19:02", present=55, absent=late, remote=("Sandhill Railway",))
    session.comes("19:11", *late)
    session.approves_minutes("19:14", "Bellhaven", "Loon Landing")
    session.says("Treasurer's report", "The Treasurer gave a full report; the accounts of FY 2022–23 were received.")
    item = session.item("Election of President and Vice-President", "Two tellers were appointed.")
    on = session.meeting.on
    president = session.election(Office.PRESIDENT, item)
    bramblewood = session.presents(president, session.cast.chief("Bramblewood", on), date(2023, 4, 20))
    meadowmere = session.from_the_floor(president, session.cast.chief("Meadowmere", on), "St. Aldric")
    great_sedge = session.from_the_floor(president, session.cast.chief("Great Sedge", on), "Briar Glen")
    vice = session.election(Office.VICE_PRESIDENT, item)
    thornmere = session.presents(vice, session.cast.chief("Thornmere", on), date(2023, 4, 20))
    session.ballot(president, "19:38", {bramblewood: 26, meadowmere: 21, great_sedge: 9}, blanks=1, illegal=1)
    session.ballot(president, "19:55", {bramblewood: 33, meadowmere: 24}, blanks=1)
    session.ballot(vice, "20:04", {thornmere: 55}, blanks=3)
    session.item("Appointment of the at-large members", AT_LARGE_APPOINTED)
    appoint_at_large(session.cast, on)
    session.goes("20:20", "Reedmarsh", "Copper Bend")
    session.adjourns("20:41")


@event(date(2024, 4, 2))
def _(cast: Cast) -> None:
    raised = Motion.objects.get(kind=Kind.DUES.value, meeting__starts_at__date=date(2024, 3, 12))
    keep(
        Objection(
            agency=cast.agency("Briar Glen"), received_on=date(2024, 4, 2), motion=raised,
            against="The dues of $1,450 for each agency from FY 2024–25 on.",
            reason="Small agencies pay as much as large ones.",
        )
    )  # fmt: skip


@meeting(
    ANNUAL,
    date(2024, 5, 9),
    "An objection upheld: the dues that the Board had set in March were set aside by a majority of those present "
    "(Bylaws Art. IV §8). The objection had put itself on the agenda.",
    hour="19:00",
)
def _(session: Session) -> None:
    session.opens("19:01", present=60)
    session.approves_minutes("19:08", "Barrowfield", "Thornmere")
    item = session.meeting.agenda.get(objection__isnull=False)
    session.says(item.title, "The chief of Briar Glen spoke for the objection, the Treasurer against it.")
    text = "To uphold the objection of Briar Glen to the dues set by the Board on 12 March 2024."
    motion = session.moves(text, "Briar Glen", "Wheatmere", kind=Kind.OBJECTION, item=item, objection=item.objection)
    session.counted(motion, "19:47", 34, 22)
    session.item("Appointment of the at-large members", AT_LARGE_APPOINTED)
    appoint_at_large(session.cast, session.meeting.on)
    session.adjourns("20:25")


@meeting(
    SPECIAL,
    date(2025, 2, 13),
    "A special meeting to replace an at-large member whose agency was terminated, for the remainder of the year "
    "(Bylaws Art. IV §4). It does only the business named in its call.",
    hour="18:00",
    purpose="To appoint a replacement for the at-large member of Timberlea.",
)
def _(session: Session) -> None:
    session.opens("18:03", present=44)
    item = session.item("Replacement of an at-large member")
    motion = session.moves(
        "To appoint the chief of Millstead to at-large seat 5 for the remainder of the year.", "Barrowfield",
        "North Bellhaven", kind=Kind.APPOINTMENT, item=item, seat=seat(Office.AT_LARGE, 5),
        nominee=session.cast.chief("Millstead", session.meeting.on),
    )  # fmt: skip
    session.counted(motion, "18:20", 41, 1)
    session.adjourns("18:31")


@event(date(2025, 3, 11))
def _(cast: Cast) -> None:
    draft = draft_amendment(
        title="Bylaws as amended in 2025", source=BylawsVersion.objects.get(title="Amended bylaws of 2018")
    )
    draft.notice_days = 20
    draft.note = "Amendments are sent to all agencies 20 days before the meeting, no longer 15 (Art. XV §1)."
    keep(draft)


@meeting(
    ANNUAL,
    date(2025, 5, 8),
    "A tie: two of four nominees for Vice-President share the second place, the bylaws name no way on, and the "
    "assembly settled it on the record (Reading R16). And an amendment of the bylaws in order (Art. XV): from its day "
    "20 days of notice govern; earlier meetings keep their 15.",
    hour="19:00",
)
def _(session: Session) -> None:
    on = session.meeting.on
    session.opens("19:00", present=60)
    session.approves_minutes("19:09", "South Amberfield", "Millstead")
    item = session.item(
        "Amendment of the bylaws: 20 days of notice", "The Board's recommendation had gone out with the text."
    )
    amendment = session.moves(
        "To amend Art. XV §1 of the bylaws so that amendments are sent to all twenty days before the meeting.",
        "Millstead", "White Egret", kind=Kind.BYLAWS_AMENDMENT, item=item,
        proposed_bylaws=BylawsVersion.objects.get(title="Bylaws as amended in 2025"), sent_on=date(2025, 4, 17),
        recommended_on=date(2025, 4, 17), recommendation="The Board recommends the amendment, 9 for, 1 against.",
    )  # fmt: skip
    session.counted(amendment, "19:24", 45, 9)
    item = session.item("Election of President and Vice-President", "Two tellers were appointed.")
    president = session.election(Office.PRESIDENT, item)
    bramblewood = session.presents(president, session.cast.chief("Bramblewood", on), date(2025, 4, 8))
    vice = session.election(Office.VICE_PRESIDENT, item)
    loon = session.presents(vice, session.cast.chief("Loon Landing", on), date(2025, 4, 8))
    heath = session.from_the_floor(vice, session.cast.chief("Heath End", on), "Wheatmere")
    beacon = session.from_the_floor(vice, session.cast.chief("Beacon Prairie", on), "Great Sedge")
    west = session.from_the_floor(vice, session.cast.chief("West Larkfield", on), "Larkfield")
    session.ballot(president, "19:40", {bramblewood: 57}, blanks=3)
    session.ballot(vice, "19:52", {loon: 23, heath: 14, beacon: 14, west: 9})
    lot = session.moves("That the tie for the second place be settled by lot.", "St. Aldric", "Larkfield", item=item)
    session.counted(lot, "19:58", 48, 9)
    because = "By motion 4 the agencies resolved on a lot, which the tellers drew: Heath End goes on."
    tied = Ballot.objects.get(election=vice, number=1)
    settle_tie(ballot=tied, nominees=[loon, heath], because=because, at=session.at("20:03"))
    session.ballot(vice, "20:12", {loon: 34, heath: 26})
    session.item("Appointment of the at-large members", AT_LARGE_APPOINTED)
    appoint_at_large(session.cast, on)
    session.adjourns("20:50")


@event(date(2026, 3, 3))
def _(cast: Cast) -> None:
    fee = Motion.objects.get(kind=Kind.DUES.value, meeting__starts_at__date=date(2026, 2, 10))
    keep(
        Objection(
            agency=cast.agency("White Egret"), received_on=date(2026, 3, 3), motion=fee,
            against="The training fee of $40 for each officer.", reason="Training has always been free.",
        )
    )  # fmt: skip


@meeting(
    ANNUAL,
    date(2026, 5, 14),
    "An objection that failed on a tie, 30 to 30: a majority of the 60 present is 31 (Bylaws Art. IV §8). And a motion "
    "that failed with 30 for, 20 against and 10 abstaining: an abstention counts against (Art. XIII §3).",
    hour="19:00",
)
def _(session: Session) -> None:
    late = ("Goldfinch", "Hazelbrook", "Maple Harbor")
    session.opens("19:04", present=57, absent=late, remote=("Sandhill Railway", "Great Sedge"))
    session.comes("19:12", *late)
    session.approves_minutes("19:15", "Meadowmere", "St. Aldric")
    item = session.meeting.agenda.get(objection__isnull=False)
    session.says(item.title, "The chiefs of White Egret and of Thornmere spoke.")
    text = "To uphold the objection of White Egret to the training fee set by the Board on 10 February 2026."
    objection = session.moves(
        text, "White Egret", "Larkfield", kind=Kind.OBJECTION, item=item, objection=item.objection
    )
    session.counted(objection, "19:33", 30, 30)
    item = session.item("A second annual meeting", "Brought by Wheatmere.", sponsor="Wheatmere")
    motion = session.moves(
        "To ask the Board for a second general meeting each year.", "Wheatmere", "Heath End", item=item
    )
    session.counted(motion, "19:58", 30, 20, 10)
    session.item(
        "One radio channel for all", "Quotes are wanting; carried over to the next annual meeting.", carry_over=True,
        sponsor="Marlow County",
    )  # fmt: skip
    session.item("Appointment of the at-large members", AT_LARGE_APPOINTED)
    appoint_at_large(session.cast, session.meeting.on)
    session.goes("20:15", "Goldfinch", "Hazelbrook")
    session.adjourns("20:48")
