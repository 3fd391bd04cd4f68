"""Stories of the Board's meetings of 2023 and 2024."""

from __future__ import annotations

from datetime import date

from board.demo.people import seat
from board.demo.secretary import Session
from board.demo.stories import meeting
from board.models import Motion, StaffAppointment
from board.rules.motions import Gathering, Kind
from board.rules.terms import Office
from board.services import resume, suspend, withdraw
from membership.demo.clerk import keep
from membership.models import Proceeding
from membership.rules.leaving import Outcome
from membership.services import close_application, end_suspension

BOARD = Gathering.BOARD
MANAGER, COORDINATOR, SUCCESSOR = "Ottilie Brandt", "Rufus Engstrom", "Winona Applegate"


def appoints(session: Session, office: Office, key: str, clock: str, ayes: int, nays: int = 0) -> Motion:
    """The Board approves whom the President appoints to an office."""
    nominee = session.cast.chief(key, session.meeting.on)
    text = f"To approve the President's appointment of {nominee.name} as {office.label}."
    item = session.item(f"Appointment of the {office.label}")
    motion = session.moves(
        text, "Barrowfield", "Tallstem", kind=Kind.APPOINTMENT, item=item, seat=seat(office), nominee=nominee
    )
    return session.counted(motion, clock, ayes, nays)


def proceeding(session: Session, key: str) -> Proceeding:
    """The proceeding against an agency that the Board has not decided yet."""
    found: Proceeding = Proceeding.objects.get(participation__agency=session.cast.agency(key), outcome="")
    return found


@meeting(
    BOARD,
    date(2023, 6, 13),
    "The first meeting of a new President: Secretary and Treasurer appointed with the Board's approval (Bylaws Art. V "
    "§3), the System Manager appointed (Art. VIII) and paid, who is no member of the Board (Art. IX).",
)
def _(session: Session) -> None:
    session.opens("10:02", absent=("White Egret",))
    item = session.item("Appointment of the System Manager", "Her duties are those of the Critical Incident Plans.")
    appointed = session.moves(f"To appoint {MANAGER} as System Manager.", "Barrowfield", "North Bellhaven", item=item)
    session.by_voice(appointed, "10:20")
    post = StaffAppointment.Post
    keep(
        StaffAppointment(
            name=MANAGER, post=post.SYSTEM_MANAGER, from_on=date(2023, 7, 3), appointed_by=appointed,
            duties="Runs the office, keeps the roll, reviews disbursements (Bylaws Art. X).",
        )
    )  # fmt: skip
    keep(
        StaffAppointment(
            name=COORDINATOR, post=post.TEAM_COORDINATOR, from_on=date(2016, 3, 1),
            duties="Coordinates the Prairie Response Team.",
        )
    )  # fmt: skip
    pay = session.moves(
        f"To pay {MANAGER} for her services as the budget provides.", "North Bellhaven", "Barrowfield",
        kind=Kind.COMPENSATION, item=item, payee=MANAGER,
    )  # fmt: skip
    session.by_voice(pay, "10:26")
    appoints(session, Office.SECRETARY, "Prairie Lantern", "10:31", 9)
    appoints(session, Office.TREASURER, "Oxbow Prairie", "10:36", 9)
    session.adjourns("10:55")


@meeting(
    BOARD,
    date(2023, 9, 12),
    "A suspension by exactly two thirds: 8 of 11 members in office (Bylaws Art. III §9, Reading R9). The carried "
    "motion suspended Winterberry.",
)
def _(session: Session) -> None:
    session.opens("10:01")
    session.approves_minutes("10:06", "White Egret", "Barrowfield")
    item = session.item("Winterberry", "Its chief was heard; the members put their questions.")
    motion = session.moves(
        "To suspend Winterberry for leaving its post without release.", "South Amberfield", "Thornmere",
        kind=Kind.REMOVAL_DETRIMENT, item=item, proceeding=proceeding(session, "Winterberry"),
        proposes=Outcome.SUSPENDED.value,
    )  # fmt: skip
    session.by_roll_call(motion, "10:48", against=("Great Sedge", "North Bellhaven", "Tallstem"))
    session.adjourns("11:10")


@meeting(
    BOARD,
    date(2023, 11, 14),
    "The suspension of Winterberry ended, with its first day back; and a policy for disbursements (Bylaws Art. X).",
)
def _(session: Session) -> None:
    session.opens("10:00", absent=("Great Sedge", "Tallstem"))
    session.approves_minutes("10:04", "White Egret", "Barrowfield")
    item = session.item("Winterberry", "It has answered every call since September.")
    back = session.moves("To let Winterberry back on 1 December 2023.", "Thornmere", "South Amberfield", item=item)
    session.counted(back, "10:15", 9, 0)
    agency = session.cast.agency("Winterberry")
    decided = Proceeding.objects.get(participation__agency=agency, outcome=Outcome.SUSPENDED.value)
    end_suspension(proceeding=decided, back_on=date(2023, 12, 1))
    policy = session.moves(
        "That no disbursement above $2,500 be approved without two quotes.", "Oxbow Prairie", "Barrowfield",
        kind=Kind.DISBURSEMENT_POLICY, item=session.item("Disbursements"),
    )  # fmt: skip
    session.counted(policy, "10:31", 8, 1)
    session.adjourns("10:50")


@meeting(
    BOARD,
    date(2024, 1, 9),
    "An amendment to a motion, which is decided first and rewords it; and a motion that its mover took back.",
)
def _(session: Session) -> None:
    session.opens("10:03", absent=("Bellhaven",))
    session.approves_minutes("10:07", "White Egret", "Barrowfield")
    item = session.item("Equipment trailer")
    main = session.moves("To buy an equipment trailer for $18,000.", "Tallstem", "Great Sedge", item=item)
    less = session.moves(
        "To buy an equipment trailer for at most $15,000.", "Oxbow Prairie", "White Egret", kind=Kind.AMEND_MOTION,
        item=item, amends=main,
    )  # fmt: skip
    session.counted(less, "10:25", 7, 3)
    session.counted(main, "10:29", 8, 2)
    item = session.item("Newsletter", "After discussion the mover took the motion back.")
    withdraw(motion=session.moves("To print the newsletter in color.", "North Bellhaven", item=item))
    session.adjourns("10:45")


@meeting(
    BOARD,
    date(2024, 3, 12),
    "The Board sets the dues (Bylaws Art. III §7). An agency objected, and the annual meeting set them aside.",
)
def _(session: Session) -> None:
    session.opens("10:00", absent=("South Amberfield",))
    session.approves_minutes("10:05", "White Egret", "Barrowfield")
    motion = session.moves(
        "To set the dues at $1,450 for each agency from FY 2024–25 on.", "Oxbow Prairie", "Bellhaven", kind=Kind.DUES,
        item=session.item("Dues"),
    )  # fmt: skip
    session.counted(motion, "10:40", 8, 2)
    session.adjourns("11:02")


@meeting(
    BOARD,
    date(2024, 4, 9),
    "An admission refused: the packet of Twin Sycamores was complete, and 3 of 11 voted for it (Bylaws Art. III §4).",
)
def _(session: Session) -> None:
    session.opens("10:00")
    session.approves_minutes("10:05", "White Egret", "Barrowfield")
    item = session.item("Application of Twin Sycamores", "Capability and proximity were weighed (Bylaws Art. III §5).")
    application = session.cast.agency("Twin Sycamores").applications.get()
    motion = session.moves(
        "To approve Twin Sycamores as a participating agency.", "Great Sedge", "Tallstem", kind=Kind.ADMISSION,
        item=item, application=application,
    )  # fmt: skip
    session.counted(motion, "10:33", 3, 8)
    close_application(application=application, decision="disapproved", decided_on=session.meeting.on)
    session.adjourns("10:51")


@meeting(
    BOARD,
    date(2024, 6, 11),
    "Secretary and Treasurer appointed for another year (Bylaws Art. V §3); the new dues, after the objection.",
)
def _(session: Session) -> None:
    session.opens("10:02")
    session.approves_minutes("10:07", "White Egret", "Barrowfield")
    appoints(session, Office.SECRETARY, "Prairie Lantern", "10:12", 10)
    appoints(session, Office.TREASURER, "Oxbow Prairie", "10:16", 10)
    motion = session.moves(
        "To set the dues from FY 2024–25 on at $900 for agencies of up to 30 sworn officers, $1,200 for larger ones.",
        "Oxbow Prairie", "Timberlea", kind=Kind.DUES, item=session.item("Dues"),
    )  # fmt: skip
    session.counted(motion, "10:38", 9, 2)
    session.adjourns("10:58")


@meeting(
    BOARD,
    date(2024, 9, 10),
    "A Team Coordinator discharged and another appointed (Bylaws Art. VIII), and a new version of the operational plan "
    "(Art. IV §9).",
)
def _(session: Session) -> None:
    session.opens("10:00", absent=("Bellhaven", "Timberlea"))
    session.approves_minutes("10:05", "White Egret", "Barrowfield")
    item = session.item("Staff")
    thanks = session.moves(f"To discharge {COORDINATOR} with thanks.", "Thornmere", "Tallstem", item=item)
    session.by_voice(thanks, "10:11")
    appointed = session.moves(f"To appoint {SUCCESSOR} as Team Coordinator.", "Thornmere", "Tallstem", item=item)
    session.by_voice(appointed, "10:14")
    before = StaffAppointment.objects.get(name=COORDINATOR)
    before.until_on, before.discharged_by = date(2024, 10, 1), thanks
    keep(before)
    keep(
        StaffAppointment(
            name=SUCCESSOR, post=before.post, from_on=date(2024, 10, 1), appointed_by=appointed, duties=before.duties
        )
    )
    plan = session.moves(
        "To adopt version 3 of the operational plan.", "White Egret", "South Amberfield",
        item=session.item("Operational plan"),
    )  # fmt: skip
    session.counted(plan, "10:44", 9, 0)
    session.item("Timberlea", "The Board opened a proceeding and set the hearing for 10 December (Bylaws Art. III §8).")
    session.adjourns("11:00")


@meeting(
    BOARD,
    date(2024, 10, 8),
    "Suspended for police work at 10:25 and resumed at 11:40, when two members were back and two were not (Bylaws Art. "
    "XI §3).",
)
def _(session: Session) -> None:
    session.opens("10:00")
    session.approves_minutes("10:05", "White Egret", "Barrowfield")
    suspend(
        meeting=session.meeting, at=session.at("10:25"), why="police_work",
        note="A barricade in Loon Landing; four chiefs left for the scene.",
    )  # fmt: skip
    resume(meeting=session.meeting, at=session.at("11:40"))
    session.goes("11:40", "Thornmere", "Tallstem")
    motion = session.moves(
        "To lend the equipment trailer to Loon Landing until the end of the week.", "Bellhaven",
        "White Egret", item=session.item("Equipment trailer"),
    )  # fmt: skip
    session.by_voice(motion, "11:46")
    session.adjourns("11:55")


@meeting(
    BOARD,
    date(2024, 12, 10),
    "A termination for unmet obligations, after notice and hearing (Bylaws Art. III §8, Reading R12): 9 of 11 members "
    "in office, two thirds is 8. Its own chief sat on the Board, was recused, and stays in the base.",
)
def _(session: Session) -> None:
    session.opens("10:00")
    session.approves_minutes("10:05", "White Egret", "Barrowfield")
    session.recuses("Timberlea", "The member's own agency is before the Board.")
    item = session.item("Timberlea", "Notified on 17 September; its chief appeared and was heard.")
    motion = session.moves(
        "To terminate the participation of Timberlea from 1 January 2025 on.", "South Amberfield", "Thornmere",
        kind=Kind.TERMINATION_OBLIGATIONS, item=item, proceeding=proceeding(session, "Timberlea"),
        proposes=Outcome.TERMINATED.value, named_on=date(2025, 1, 1),
    )  # fmt: skip
    session.by_roll_call(motion, "11:12", against=("North Bellhaven",), silent=("Timberlea",))
    session.adjourns("11:30")
