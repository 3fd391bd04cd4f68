"""Small records for tests of the Board: fixed days, one line each; agencies in bulk, so that 110 cost little."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from board import services
from board.models import (
    AgendaItem,
    Attendance,
    BylawsVersion,
    Election,
    Meeting,
    Motion,
    Nominee,
    OfficeTerm,
    RollEntry,
    Seat,
)
from board.rules.terms import APPOINTED, ELECTED, Office
from membership.models import Agency, AgreementVersion, Approval, Execution, Official, Participation

CHICAGO = ZoneInfo("America/Chicago")
ADOPTED = date(2019, 2, 5)
JOINED = date(2020, 1, 6)
SEATED = date(2026, 1, 5)
DAY = date(2026, 5, 20)
_numbers = count(1)

# In the order in which a Board is filled: the President first, the immediate past President last.
ORDER = [
    *(("president", 1), ("vice_president", 1), ("secretary", 1), ("treasurer", 1)),
    *(("at_large", number) for number in range(1, 7)),
    ("past_president", 1),
]


def at(hour: int, minute: int = 0, on: date = DAY) -> datetime:
    """A moment in Chicago, on the day of the meeting."""
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=CHICAGO)


def bylaws_in_force(on: date = ADOPTED) -> BylawsVersion:
    """The bylaws of 2018, in force from this day, which is the collective date of the agreement too."""
    version = BylawsVersion.objects.get(title="Amended bylaws of 2018")
    version.adopted_on = version.in_force_on = on
    version.state = BylawsVersion.InForce.KNOWN
    version.save()
    agreement = AgreementVersion.objects.amended()
    agreement.collective_state, agreement.collective_on = "known", on
    agreement.save()
    return version


# --- Agencies and people ----------------------------------------------------------------------------------------------


def agencies(number: int, joined: date = JOINED) -> list[Agency]:
    """So many agencies, active from this day under Agreement §5.B, each with a chief of police; a few queries."""
    amended = AgreementVersion.objects.amended()
    names = [next(_numbers) for _agency in range(number)]
    rows = Agency.objects.bulk_create_with_history(
        Agency(name=f"Agency {n:05} Police Department", ori=f"IL9{n:06}", kind="municipal", public_body=f"Village {n}")
        for n in names
    )
    approvals = Approval.objects.bulk_create_with_history(
        Approval(agency=row, agreement=amended, kind="ordinance", number=f"O-{row.pk}", earliest_on=joined,
                 latest_on=joined)
        for row in rows
    )  # fmt: skip
    executions = Execution.objects.bulk_create_with_history(
        Execution(agency=row, agreement=amended, head_signed=True, head_signed_on=joined, chief_signed=True,
                  chief_signed_on=joined)
        for row in rows
    )  # fmt: skip
    Participation.objects.bulk_create_with_history(
        Participation(agency=row, path="new", approval=approval, execution=execution, board_approved_on=joined,
                      dues_paid_on=joined)
        for row, approval, execution in zip(rows, approvals, executions, strict=True)
    )  # fmt: skip
    Official.objects.bulk_create_with_history(
        Official(agency=row, capacity="chief", name=f"Chief {n:05}", title="Chief of Police", from_on=date(2015, 1, 1))
        for row, n in zip(rows, names, strict=True)
    )
    return rows


def agency(joined: date = JOINED) -> Agency:
    """One active agency."""
    return agencies(1, joined)[0]


def chief(of: Agency) -> Official:
    """Its chief executive officer."""
    return Official.objects.select_related("agency").get(agency=of, capacity="chief")


def stint(of: Agency) -> Participation:
    """Its only participation."""
    return Participation.objects.get(agency=of)


def suspended(of: Agency, on: date, back_on: date | None = None) -> None:
    """The agency is suspended from this day by an earlier vote."""
    of.participations.get().proceedings.create(
        ground="detriment", reason="Conduct.", opened_on=on, notified_on=on, hearing_on=on, outcome="suspended",
        decided_on=on, effective_on=on, suspended_until_on=back_on,
    )  # fmt: skip


def withdrawn(of: Agency, on: date) -> None:
    """The agency is out from this day."""
    row = stint(of)
    row.withdrawn_on = on
    row.save()


# --- The Board --------------------------------------------------------------------------------------------------------


def seat(office: str = "president", number: int = 1) -> Seat:
    """One of the eleven seats."""
    return Seat.objects.get(office=office, number=number)


def _term(holder: Official, of: Seat, from_on: date, known: dict[str, Any]) -> OfficeTerm:
    how = {Office.PAST_PRESIDENT: "by_office"}.get(of.kind, "elected" if of.kind in ELECTED else "appointed")
    by = {"appointed_by": "president_and_board" if of.kind in APPOINTED else "president"} if how == "appointed" else {}
    years = 2 if of.kind in (*ELECTED, Office.PAST_PRESIDENT) else 1
    known = {"how": how, "until_on": from_on.replace(year=from_on.year + years), **by, **known}
    return OfficeTerm(seat=of, holder=holder, from_on=from_on, **known)


def term(
    holder: Official, office: str = "president", number: int = 1, from_on: date = SEATED, **known: Any
) -> OfficeTerm:
    """A term of office, in the way its office is filled."""
    made = _term(holder, seat(office, number), from_on, known)
    made.save()
    return made


def board(members: int = 11, from_on: date = SEATED) -> list[OfficeTerm]:
    """A Board with so many seats filled, the President first; each member the chief of an agency of its own."""
    seats = {(row.office, row.number): row for row in Seat.objects.all()}
    chiefs = Official.objects.select_related("agency").filter(agency__in=agencies(members)).order_by("agency")
    return OfficeTerm.objects.bulk_create_with_history(
        _term(holder, seats[place], from_on, {}) for holder, place in zip(chiefs, ORDER[:members], strict=True)
    )


# --- Meetings ---------------------------------------------------------------------------------------------------------


def meeting(kind: str = "annual", on: date = DAY, hour: int = 18, **known: Any) -> Meeting:
    """A meeting called for this day; a special one names its business."""
    purpose = "What the call names" if kind == "special" else ""
    known = {"place": "Village Hall, 1 Main Street", "purpose": purpose, **known}
    return services.call_meeting(kind=kind, starts_at=at(hour, on=on), **known)


def opened(kind: str = "annual", present: int = 0, on: date = DAY, hour: int = 18, **known: Any) -> Meeting:
    """A meeting called to order on the hour, the first so many of its roll there from that moment."""
    called = meeting(kind, on, hour, **known)
    here = services.call_to_order(meeting=called, at=at(hour, on=on))
    arrived(here, present)
    return here


def roll(of: Meeting) -> list[RollEntry]:
    """The entitled entries of its roll, by name."""
    return list(of.roll.filter(entitled=True).select_related("meeting", "agency").order_by("name", "pk"))


def entry(of: Meeting, agency: Agency) -> RollEntry:
    """The entry of one agency."""
    return RollEntry.objects.select_related("meeting", "agency").get(meeting=of, agency=agency)


def arrived(of: Meeting, number: int, moment: datetime | None = None) -> list[RollEntry]:
    """The first so many of the roll who are not in the room come, at once; at the call to order if no moment is given."""
    inside = Attendance.objects.in_the_room().filter(meeting=of).values("entry")
    entries = list(of.roll.filter(entitled=True).exclude(pk__in=inside).order_by("name", "pk")[:number])
    Attendance.objects.bulk_create_with_history(
        Attendance(meeting=of, entry=row, arrived_at=moment or of.called_to_order_at) for row in entries
    )
    return entries


def item(of: Meeting, title: str = "New business", **known: Any) -> AgendaItem:
    """An item of its agenda."""
    return AgendaItem.objects.create(meeting=of, title=title, position=known.pop("position", 1), **known)


def moved(at_meeting: Meeting, kind: str = "ordinary", text: str = "To do so.", **known: Any) -> Motion:
    """A motion, pending; at a special meeting on an item that its call named."""
    if at_meeting.kind == "special" and "item" not in known:
        known["item"] = item(at_meeting, "What the call names")
    return services.move(meeting=at_meeting, kind=kind, text=text, **known)


def put(motion: Motion, method: str = "counted", minute: int = 30, **known: Any) -> Motion:
    """Put to the vote, half an hour after the call to order unless told."""
    return services.put(motion=motion, at=_in(motion, minute), method=method, **known)


def voted(motion: Motion, ayes: int, nays: int = 0, abstentions: int | None = None, minute: int = 30) -> Motion:
    """Put to the vote, counted, and its result declared; ``abstentions`` None: everybody else who is there."""
    motion = put(motion, minute=minute)
    return services.declare(motion=motion, at=_in(motion, minute + 1), ayes=ayes, nays=nays, abstentions=abstentions)


def cast(motion: Motion, choice: str, entries: Sequence[RollEntry], minute: int = 30) -> None:
    """The votes of these members, alike, one after the other."""
    for row in entries:
        services.cast(motion=motion, entry=row, choice=choice, at=_in(motion, minute))


def adjourned(of: Meeting, after_hours: int = 3) -> Meeting:
    """Adjourned so many hours after the call to order."""
    of.refresh_from_db()
    return services.adjourn(meeting=of, at=of.called_to_order_at + timedelta(hours=after_hours))


def _in(motion: Motion, minute: int) -> datetime:
    begun: datetime = motion.meeting.called_to_order_at
    return begun + timedelta(minutes=minute)


# --- Elections --------------------------------------------------------------------------------------------------------


def election(at_meeting: Meeting, office: str = "president", *nominees: Official) -> tuple[Election, list[Nominee]]:
    """The election of an office with these nominees: the Committee's first, who consented; the others from the floor."""
    made = services.open_election(meeting=at_meeting, seat=seat(office))
    by = RollEntry.objects.filter(meeting=at_meeting, entitled=True).order_by("pk").first()
    rows = [
        services.nominate(
            election=made,
            official=official,
            by="floor" if place else "committee",
            nominated_by=by if place else None,
            consented_on=None if place else at_meeting.on - timedelta(days=20),
        )
        for place, official in enumerate(nominees)
    ]
    return made, rows


def ballot(of: Election, *votes: int, minute: int = 30, blanks: int = 0, illegal: int = 0) -> Any:
    """A ballot with these votes, in the order of those who stand on it."""
    of = Election.objects.whole().get(pk=of.pk)
    standing = services.candidates_next(of)
    counted = {nominee.pk: number for nominee, number in zip(standing, votes, strict=True)}
    moment = of.meeting.called_to_order_at + timedelta(minutes=minute)
    return services.take_ballot(election=of, at=moment, votes=counted, blanks=blanks, illegal=illegal)
