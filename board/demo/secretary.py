"""The hand that writes the Board's part: one meeting's records, through the same doors that the office uses."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.timezone import get_default_timezone

from board.demo.people import ALWAYS_THERE, SETTLED, Cast
from board.models import AgendaItem, Election, Meeting, Minutes, Motion, Nominee, RollEntry, Seat
from board.rules.motions import Gathering, Kind
from board.rules.terms import Office
from board.services import (
    adjourn,
    arrive,
    board_on,
    call_to_order,
    cast,
    circulate,
    declare,
    leave,
    move,
    nominate,
    open_election,
    put,
    recuse,
    take_ballot,
)
from board.services.sheets import Stay, record_attendance
from membership.demo.clerk import keep
from membership.models import Official

MINUTE = timedelta(minutes=1)
POSTED_BEFORE = timedelta(days=4)
SENT_AFTER, PUBLIC_AFTER = timedelta(days=8), timedelta(days=6)
STANDING = (
    ("Call to order and roll call", "The President", 5),
    ("Treasurer's report", "The Treasurer", 10),
    ("System Manager's report", "The System Manager", 10),
    ("New business", "", 30),
)
NEW_BUSINESS = STANDING[-1][0]


def moment(on: date, clock: str) -> datetime:
    """The moment of an hour in Chicago: ``19:42``."""
    return datetime.combine(on, time.fromisoformat(clock), get_default_timezone())


@dataclass
class Session:
    """Keeps the records of one meeting."""

    meeting: Meeting
    cast: Cast
    entries: dict[int, RollEntry] = field(default_factory=dict)

    def at(self, clock: str) -> datetime:
        """An hour of the meeting's day."""
        return moment(self.meeting.on, clock)

    # Opening and closing

    def opens(
        self,
        clock: str,
        *,
        absent: Collection[str] = (),
        remote: Collection[str] = (),
        present: int | None = None,
    ) -> None:
        """Call to order and record who is there: all but the absent; of the agencies, so many as ``present`` says."""
        on = self.meeting.on
        board = board_on(on)
        self.meeting = call_to_order(
            meeting=self.meeting, at=self.at(clock), presiding=board.holder(Office.PRESIDENT),
            presiding_as=Office.PRESIDENT.label, secretary=board.holder(Office.SECRETARY), settled=self._settled(),
        )  # fmt: skip
        rows = list(self.meeting.roll.select_related("meeting", "agency"))
        self.entries = {row.agency_id: row for row in rows}
        away = {self.cast.agency(key).pk for key in absent}
        far = {self.cast.agency(key).pk for key in remote}
        entitled = [row for row in rows if row.entitled and row.agency_id not in away]
        come_always = {self.cast.agency(key).pk for key in ALWAYS_THERE}
        ranked = sorted(enumerate(entitled), key=lambda turn: (turn[1].agency_id not in come_always, turn[0] * 5 % 7))
        stays = [Stay(row, self.at(clock), remote=row.agency_id in far) for _turn, row in ranked[:present]]
        record_attendance(meeting=self.meeting, stays=stays)

    def _settled(self) -> Mapping[int, tuple[bool, str]] | None:
        if self.meeting.kind == Gathering.BOARD.value:
            return None
        return {self.cast.agency(key).pk: said for key, said in SETTLED.items()}

    def adjourns(self, clock: str, *, circulated: bool = True) -> None:
        """Adjourn; the draft of the minutes goes out in the week after."""
        self.meeting = adjourn(meeting=self.meeting, at=self.at(clock))
        if circulated:
            to = "The members of the Board" if self.meeting.kind == Gathering.BOARD.value else "All agencies"
            circulate(minutes=self.minutes, on=self.meeting.on + SENT_AFTER, to=f"{to}, by e-mail")

    @property
    def minutes(self) -> Minutes:
        """The minutes of this meeting."""
        found: Minutes = Minutes.objects.select_related("meeting").get(meeting=self.meeting)
        return found

    # Who comes and goes

    def entry(self, key: str) -> RollEntry:
        """The place of an agency on the roll, by the short name that the stories use."""
        return self.entries[self.cast.agency(key).pk]

    def comes(self, clock: str, *keys: str) -> None:
        """They arrive."""
        for key in keys:
            arrive(entry=self.entry(key), at=self.at(clock))

    def goes(self, clock: str, *keys: str) -> None:
        """They leave."""
        for key in keys:
            leave(entry=self.entry(key), at=self.at(clock))

    def recuses(self, key: str, note: str) -> None:
        """Note a recusal."""
        recuse(entry=self.entry(key), note=note)

    # The agenda

    def item(self, title: str, paragraph: str = "", **fields: Any) -> AgendaItem:
        """An item of new business, with the Secretary's paragraph."""
        above = self.meeting.agenda.filter(title=NEW_BUSINESS).first()
        position = 1 + self.meeting.agenda.filter(parent=above).count()
        return keep(
            AgendaItem(
                meeting=self.meeting, parent=above, position=position, title=title, minutes_text=paragraph, **fields
            )
        )

    def says(self, title: str, paragraph: str, **fields: Any) -> None:
        """Write the paragraph of an item that is on the agenda."""
        item = self.meeting.agenda.get(title=title)
        item.minutes_text = paragraph
        for name, value in fields.items():
            setattr(item, name, value)
        keep(item)

    # Motions

    def moves(
        self, text: str, by: str, second: str = "", *, kind: Kind = Kind.ORDINARY, item: AgendaItem | None = None,
        **about: Any,
    ) -> Motion:  # fmt: skip
        """A motion, its mover and seconder by the short names of their agencies."""
        return move(
            meeting=self.meeting, kind=kind.value, text=text, item=item, mover=self.entry(by),
            seconder=self.entry(second) if second else None, **about,
        )  # fmt: skip

    def counted(
        self, motion: Motion, clock: str, ayes: int, nays: int, abstentions: int | None = None, **order: Any
    ) -> Motion:
        """A counted vote, declared a minute after it was put; ``order`` says why it was out of order, where it was."""
        put(motion=motion, at=self.at(clock), method=Motion.Method.COUNTED, **order)
        return declare(motion=motion, at=self.at(clock) + MINUTE, ayes=ayes, nays=nays, abstentions=abstentions)

    def by_voice(self, motion: Motion, clock: str, *, carried: bool = True, **order: Any) -> Motion:
        """A vote by voice."""
        put(motion=motion, at=self.at(clock), method=Motion.Method.VOICE, **order)
        return declare(motion=motion, at=self.at(clock), carried=carried)

    def by_roll_call(
        self, motion: Motion, clock: str, *, against: Collection[str] = (), abstaining: Collection[str] = (),
        silent: Collection[str] = (), **order: Any,
    ) -> Motion:  # fmt: skip
        """A roll call of all who are there: for, but for those named."""
        put(motion=motion, at=self.at(clock), method=Motion.Method.ROLL_CALL, **order)
        choices = dict.fromkeys(against, "against") | dict.fromkeys(abstaining, "abstain")
        by_agency = {self.cast.agency(key).pk: choice for key, choice in choices.items()}
        quiet = {self.cast.agency(key).pk for key in silent}
        for row in self.meeting.roll.with_presence().filter(here=True).exclude(agency__in=quiet).order_by("seat", "pk"):
            cast(motion=motion, entry=row, choice=by_agency.get(row.agency_id, "for"), at=self.at(clock))
        return declare(motion=motion, at=self.at(clock) + MINUTE)

    def approves_minutes(self, clock: str, by: str, second: str) -> None:
        """Approve all minutes that wait, each by its motion; they are open to the public in the week after."""
        for item in self.meeting.agenda.filter(source=AgendaItem.Source.MINUTES).order_by("position"):
            minutes = item.minutes_of
            text = f"To approve the {str(minutes)[0].lower()}{str(minutes)[1:]}, as circulated."
            motion = self.moves(text, by, second, kind=Kind.MINUTES, item=item, minutes=minutes)
            self.by_voice(motion, clock)
            approved = Minutes.objects.get(pk=minutes.pk)
            approved.public_on = self.meeting.on + PUBLIC_AFTER
            keep(approved)

    # Elections

    def election(self, office: Office, item: AgendaItem) -> Election:
        """The election of one office."""
        return open_election(meeting=self.meeting, seat=Seat.objects.get(office=office.value), item=item)

    def presents(self, election: Election, nominee: Official, consented_on: date) -> Nominee:
        """The Nominating Committee's nominee, who consented."""
        by = Nominee.By.COMMITTEE
        return nominate(election=election, official=nominee, by=by, consented_on=consented_on)

    def from_the_floor(self, election: Election, nominee: Official, by: str) -> Nominee:
        """A nomination from the floor, by an agency."""
        return nominate(election=election, official=nominee, by=Nominee.By.FLOOR, nominated_by=self.entry(by))

    def ballot(self, election: Election, clock: str, votes: Mapping[Nominee, int], **aside: int) -> None:
        """A ballot, as the tellers counted it."""
        counts = {nominee.pk: number for nominee, number in votes.items()}
        take_ballot(election=election, at=self.at(clock), votes=counts, **aside)
