"""Stories of the Board's meetings of 2025 and 2026, and of those yet to come."""

from __future__ import annotations

from datetime import date

from board.demo.board2023 import appoints, proceeding
from board.demo.people import Cast, seat
from board.demo.secretary import Session, moment
from board.demo.stories import event, meeting
from board.models import Minutes, MinutesCorrection, Motion, OfficeTerm
from board.rules.motions import Gathering, Kind
from board.rules.terms import Office
from board.services import cancel, end_term, move, settle_motion, succeed
from membership.demo.clerk import keep
from membership.rules.leaving import Outcome
from membership.services import admit

BOARD = Gathering.BOARD


def minutes_of(on: date) -> Minutes:
    """The minutes of the Board meeting of a day."""
    found: Minutes = Minutes.objects.get(meeting__kind=BOARD.value, meeting__called_to_order_at__date=on)
    return found


@meeting(BOARD, date(2025, 1, 14), "A meeting cancelled before it was called to order.")
def _(session: Session) -> None:
    because = "A snowstorm: most members were needed at home."
    cancel(meeting=session.meeting, on=date(2025, 1, 13), because=because)


@meeting(
    BOARD,
    date(2025, 3, 18),
    "Approved minutes corrected: the correction stands beside them, they stay as they were (Bylaws Art. VI §3). A "
    "Termination Notice let go (Reading R8), and the Board's recommendation on an amendment of the bylaws (Art. "
    "XV §2).",
)
def _(session: Session) -> None:
    session.opens("10:00", absent=("Tallstem",), remote=("Barrowfield",))
    session.approves_minutes("10:04", "White Egret", "South Amberfield")
    item = session.item("Correction of the minutes of 8 October 2024")
    corrects = session.moves(
        "To correct the minutes of 8 October 2024: the barricade was in Meadowmere.", "White Egret", "Barrowfield",
        item=item,
    )  # fmt: skip
    corrects = session.by_voice(corrects, "10:12")
    keep(
        MinutesCorrection(
            minutes=minutes_of(date(2024, 10, 8)), corrected_on=session.meeting.on, motion=corrects,
            text="For “A barricade in Loon Landing” read “A barricade in Meadowmere”.",
        )
    )  # fmt: skip
    item = session.item("Mossbank", "Its new chief asked the Board to let the notice of October go.")
    lets_go = session.moves("To let the Termination Notice of Mossbank go.", "Millstead", "Bellhaven", item=item)
    session.counted(lets_go, "10:25", 10, 0)
    item = session.item("Amendment of the bylaws: 20 days of notice")
    advice = session.moves("To recommend the amendment to the agencies.", "Millstead", "White Egret", item=item)
    session.counted(advice, "10:41", 9, 1)
    session.adjourns("11:00", circulated=False)


@meeting(
    BOARD,
    date(2025, 6, 10),
    "Minutes approved though they had not been circulated: out of order, and held to stand a week later. The "
    "Treasurer's year begins, the last one to which he was appointed: from 10 June 2026 on he holds over.",
)
def _(session: Session) -> None:
    session.opens("10:00")
    item = session.meeting.agenda.get(minutes_of__isnull=False)
    motion = session.moves(
        "To approve the minutes of 18 March 2025, as laid on the table.", "White Egret", "Barrowfield",
        kind=Kind.MINUTES, item=item, minutes=item.minutes_of,
    )  # fmt: skip
    session.by_voice(motion, "10:06", out_of_order=True, because="they were first read at the table")
    appoints(session, Office.SECRETARY, "Prairie Lantern", "10:12", 10)
    appoints(session, Office.TREASURER, "Oxbow Prairie", "10:16", 10)
    session.adjourns("10:40")


@event(date(2025, 6, 17))
def _(cast: Cast) -> None:
    taken = Motion.objects.get(kind=Kind.MINUTES.value, out_of_order=True)
    because = "Every member had read them at the table, and nobody has objected since."
    settle_motion(motion=taken, stands=True, because=because, at=moment(date(2025, 6, 17), "09:30"))
    opened = minutes_of(date(2025, 3, 18))
    opened.public_on = date(2025, 6, 18)
    keep(opened)


@meeting(
    BOARD,
    date(2025, 7, 8),
    "A quorum lost and regained: 7 present, 5 from 10:31 on, 6 again at 10:52 (Bylaws Art. IV §7). Nothing was put to "
    "the vote in between.",
)
def _(session: Session) -> None:
    session.opens("10:02", absent=("Bellhaven", "Prairie Lantern", "Tallstem", "Millstead"))
    session.approves_minutes("10:08", "White Egret", "Barrowfield")
    session.goes("10:31", "Loon Landing", "South Amberfield")
    session.comes("10:52", "Millstead")
    item = session.item("Joint exercise", "The Board waited from 10:31 to 10:52 for a quorum.")
    motion = session.moves("To hold a joint exercise in October.", "White Egret", "Millstead", item=item)
    session.counted(motion, "11:04", 6, 0)
    session.adjourns("11:10")


@meeting(
    BOARD,
    date(2025, 10, 14),
    "A vote out of order that waits for a person: the packet of Grange Hollow lacked the ordinance, and the Board "
    "voted all the same (Bylaws Art. III §4). It has no effect until it is settled.",
)
def _(session: Session) -> None:
    session.opens("10:00", absent=("Bellhaven", "Tallstem", "Millstead"))
    session.approves_minutes("10:05", "White Egret", "Barrowfield")
    item = session.item("Application of Grange Hollow", "The ordinance is to follow, its chief said.")
    application = session.cast.agency("Grange Hollow").applications.get()
    motion = session.moves(
        "To approve Grange Hollow as a participating agency.", "South Amberfield", "White Egret", kind=Kind.ADMISSION,
        item=item, application=application,
    )  # fmt: skip
    because = "the Board took its chief's word that the ordinance had passed"
    session.counted(motion, "10:24", 7, 1, out_of_order=True, because=because)
    admit(application=application, decided_on=session.meeting.on, out_of_order=True)
    session.item("Operational plan", "The yearly review was reported.")
    session.adjourns("10:50")


@event(date(2026, 1, 6))
def _(cast: Cast) -> None:
    president = OfficeTerm.objects.get(seat=seat(Office.PRESIDENT), ended_on__isnull=True)
    note = "Resigned to lead the regional academy beside his own department."
    end_term(term=president, ended_on=date(2026, 1, 6), why=OfficeTerm.Ended.RESIGNED, note=note)


@event(date(2026, 1, 13))
def _(cast: Cast) -> None:
    succeed(on=date(2026, 1, 13))


@meeting(
    BOARD,
    date(2026, 1, 13),
    "A succession: the President resigned on 6 January, the Vice-President succeeded for the remainder of the term "
    "(Bylaws Art. V §5, VI §2, Reading R15), and the President who left became immediate past President (Reading R22).",
)
def _(session: Session) -> None:
    session.opens("10:00", absent=("Tallstem",))
    session.approves_minutes("10:05", "White Egret", "Barrowfield")
    thanks = session.moves(
        "To thank the past President for his service.", "White Egret", "Millstead", item=session.item("The Presidency")
    )
    session.by_voice(thanks, "10:15")
    session.adjourns("10:32")


@meeting(
    BOARD,
    date(2026, 2, 10),
    "A Vice-President appointed by the President with the Board's approval, for the remainder of the term (Bylaws Art. "
    "V §6): 10 in office at the call to order, 11 after it. And a fee to which an agency objected.",
)
def _(session: Session) -> None:
    session.opens("10:00")
    session.approves_minutes("10:05", "White Egret", "Barrowfield")
    appoints(session, Office.VICE_PRESIDENT, "Marlow County", "10:14", 9, 1)
    fee = session.moves(
        "To set a training fee of $40 for each officer from FY 2026–27 on.", "Oxbow Prairie", "Millstead",
        kind=Kind.DUES, item=session.item("Training fee"),
    )  # fmt: skip
    session.counted(fee, "10:36", 7, 3)
    session.adjourns("10:55")


@meeting(
    BOARD,
    date(2026, 3, 10),
    "A vote that depends on the reading (R10): 6 present, 5 for and 1 against, with 11 in office. It fails on the "
    "members in office, which govern; it would carry on those present and on the votes cast.",
)
def _(session: Session) -> None:
    absent = ("Bramblewood", "Oxbow Prairie", "Tallstem", "Millstead", "South Amberfield")
    session.opens("10:09", absent=absent)
    session.approves_minutes("10:12", "White Egret", "Barrowfield")
    motion = session.moves(
        "To move the office to the county seat.", "Marlow County", "White Egret", item=session.item("The office")
    )
    session.by_roll_call(motion, "10:40", against=("Barrowfield",))
    session.adjourns("10:52")


@meeting(
    BOARD,
    date(2026, 4, 14),
    "A Termination Notice let go while a second one runs (Reading R8), and a proceeding opened against Rushmoor.",
)
def _(session: Session) -> None:
    session.opens("10:00", absent=("Tallstem",))
    session.approves_minutes("10:04", "White Egret", "Barrowfield")
    lets_go = session.moves(
        "To let the first Termination Notice of Wrenfield go.", "Millstead", "Bramblewood",
        item=session.item("Wrenfield", "The second notice stands."),
    )  # fmt: skip
    session.counted(lets_go, "10:18", 8, 2)
    session.item("Rushmoor", "The Board opened a proceeding and set the hearing for 9 June (Bylaws Art. III §9).")
    session.adjourns("10:45")


@meeting(
    BOARD,
    date(2026, 5, 12),
    "An admission voted: the carried motion approved Cherry Knoll, whose participation begins when its joining dues "
    "are paid (Reading R5).",
)
def _(session: Session) -> None:
    session.opens("10:00", absent=("Tallstem", "South Amberfield"))
    session.approves_minutes("10:05", "White Egret", "Barrowfield")
    motion = session.moves(
        "To approve Cherry Knoll as a participating agency.", "Marlow County", "White Egret", kind=Kind.ADMISSION,
        item=session.item("Application of Cherry Knoll"),
        application=session.cast.agency("Cherry Knoll").applications.get(),
    )  # fmt: skip
    session.counted(motion, "10:22", 9, 0)
    session.adjourns("10:40")


@meeting(
    BOARD,
    date(2026, 6, 9),
    "A suspension without an end named: Rushmoor, from the day after the vote (Bylaws Art. III §9, Reading R20). The "
    "Secretary is appointed again, the Treasurer is not, and holds over from the next day on.",
)
def _(session: Session) -> None:
    session.opens("10:00", absent=("Tallstem", "Millstead"))
    session.approves_minutes("10:04", "White Egret", "Barrowfield")
    motion = session.moves(
        "To suspend Rushmoor for its conduct at a joint operation.", "East Harrow", "Marlow County",
        kind=Kind.REMOVAL_DETRIMENT, item=session.item("Rushmoor", "Its chief appeared and was heard."),
        proceeding=proceeding(session, "Rushmoor"), proposes=Outcome.SUSPENDED.value,
    )  # fmt: skip
    session.by_roll_call(motion, "10:52")
    nominee = session.cast.chief("Prairie Lantern", session.meeting.on)
    secretary = session.moves(
        f"To approve the President's appointment of {nominee.name} as Secretary.", "Barrowfield", "East Harrow",
        kind=Kind.APPOINTMENT, item=session.item("Appointment of the Secretary"), seat=seat(Office.SECRETARY),
        nominee=nominee,
    )  # fmt: skip
    session.counted(secretary, "11:01", 8, 0)
    session.item("Appointment of the Treasurer", "Put off: the President has asked for more time.", carry_over=True)
    session.adjourns("11:10")


@meeting(
    BOARD,
    date(2026, 9, 8),
    "A suspension of a Board member's own agency, by exactly two thirds: 8 for, 2 against, the member recused, 11 in "
    "office (Readings R9, R12). The seat of East Harrow fell vacant the next day.",
)
def _(session: Session) -> None:
    session.opens("10:00")
    session.approves_minutes("10:04", "White Egret", "Barrowfield")
    session.says("Appointment of the Treasurer", "Put off again.", carry_over=True)
    session.recuses("East Harrow", "The member's own agency is before the Board.")
    motion = session.moves(
        "To suspend East Harrow until 1 January 2027 for sending unqualified officers.", "Marlow County", "Millstead",
        kind=Kind.REMOVAL_DETRIMENT, item=session.item("East Harrow", "Its chief appeared and was heard."),
        proceeding=proceeding(session, "East Harrow"), proposes=Outcome.SUSPENDED.value, back_on=date(2027, 1, 1),
    )  # fmt: skip
    session.by_roll_call(motion, "11:20", against=("Tallstem", "North Bellhaven"), silent=("East Harrow",))
    session.adjourns("11:34")


@meeting(
    BOARD,
    date(2026, 10, 13),
    "Two seats vacant, 9 in office: one agency suspended, one chief retired. Its minutes are circulated and wait for "
    "approval, and an item is carried over.",
)
def _(session: Session) -> None:
    session.opens("10:00", absent=("Millstead",))
    session.approves_minutes("10:04", "White Egret", "Barrowfield")
    session.says("Appointment of the Treasurer", "Put off again.", carry_over=True)
    session.item("Cranewood", "The Board opened a proceeding and set the hearing for 12 January 2027.")
    session.item("A second trailer", "Quotes are wanting; carried over.", carry_over=True, sponsor="The Treasurer")
    session.adjourns("10:38")


@meeting(
    BOARD,
    date(2026, 11, 10),
    "Minutes in draft: they have not been circulated yet, and the clock for their approval runs. Those of October were "
    "put off. One agency objects to what was carried here.",
)
def _(session: Session) -> None:
    session.opens("10:00", absent=("White Egret",))
    item = session.meeting.agenda.get(minutes_of__isnull=False)
    session.says(item.title, "Put off to December: two members had asked for time to read them.")
    for carried in ("Appointment of the Treasurer", "A second trailer"):
        session.says(carried, "Put off to December.", carry_over=True)
    motion = session.moves(
        "To ask every agency to buy radios of one make by 2028.", "Marlow County", "Millstead",
        item=session.item("Radios"),
    )  # fmt: skip
    session.counted(motion, "10:47", 6, 2)
    session.adjourns("11:05", circulated=False)


@meeting(
    BOARD,
    date(2026, 12, 8),
    "The next meeting of the Board: minutes of two meetings, what was carried over and a review that is overdue have "
    "put themselves on its agenda.",
)
def _(session: Session) -> None:
    """Called, and not held yet."""


@meeting(
    BOARD,
    date(2027, 1, 12),
    "A meeting with a hearing: the motion about Cranewood is prepared, and can be put once its chief was heard.",
)
def _(session: Session) -> None:
    move(
        meeting=session.meeting, kind=Kind.TERMINATION_OBLIGATIONS.value,
        text="To terminate the participation of Cranewood.", item=session.item("Cranewood"),
        proceeding=proceeding(session, "Cranewood"), proposes=Outcome.TERMINATED.value,
    )  # fmt: skip
