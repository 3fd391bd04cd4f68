"""Who sits on the Board of the demonstration, by the short names of their agencies, and since when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from board.models import OfficeTerm, Seat
from board.rules.terms import Office
from board.services import board_on, end_term, install
from membership.demo.clerk import keep
from membership.demo.places import places
from membership.models import Agency, Official

BY_HAND = "From the minutes book of 2021, whose meetings are not in this register."
FIRST_ELECTED, FIRST_APPOINTED = date(2021, 5, 13), date(2021, 6, 8)
RESIGNED = date(2022, 6, 1)

# Each at-large seat with the agency whose chief, or designee, the President appoints at each annual meeting.
AT_LARGE = {
    date(2021, 5, 13): ("North Bellhaven", "White Egret", "Barrowfield", "South Amberfield", "Heath End", "Tallstem"),
    date(2023, 5, 11): ("North Bellhaven", "White Egret", "Barrowfield", "South Amberfield", "Great Sedge", "Tallstem"),
    date(2024, 5, 9): ("North Bellhaven", "White Egret", "Barrowfield", "South Amberfield", "Timberlea", "Tallstem"),
    date(2025, 5, 8): ("North Bellhaven", "White Egret", "Barrowfield", "South Amberfield", "Millstead", "Tallstem"),
    date(2026, 5, 14): ("North Bellhaven", "White Egret", "Barrowfield", "East Harrow", "Millstead", "Tallstem"),
}
SITS_AS_DESIGNEE = ("White Egret",)

# Who never misses an annual meeting: the Board, and those who move, second, nominate or stand for election.
ALWAYS_THERE = (
    *dict.fromkeys(key for members in AT_LARGE.values() for key in members),
    *("Alder Crossing", "Bellhaven", "Meadowmere", "Prairie Lantern", "Sandhill Railway", "Oxbow Prairie"),
    *("Bramblewood", "Thornmere", "Loon Landing", "Marlow County", "Briar Glen", "Beacon Prairie", "West Larkfield"),
    *("Larkfield", "St. Aldric", "Wheatmere"),
)

# The agencies of which the register cannot say whether they are active; the Secretary settles it before each meeting.
PAPERS_SERVE = "Both papers are on file, only a date is wanting; it pays its dues and answers calls."
SETTLED = {
    "Stonecrop": (True, PAPERS_SERVE),
    "Vesper Hill": (True, PAPERS_SERVE),
    "Bluestem": (True, PAPERS_SERVE),
    "Thistledown": (True, PAPERS_SERVE),
    "Tamarack Bluff": (True, PAPERS_SERVE),
    "Cedar Fork": (False, "Whether it is an original agency is open; it has been asked for the missing signature."),
    "Juniper Hills": (False, "It joined on 1 May 2018 itself: the two texts conflict, and counsel has been asked."),
    "Quarrytown": (False, "The Board has not decided yet whether it remains."),
    "Amberfield": (False, "Its approval bears two dates, one of them too late; nobody has chosen yet."),
}


@dataclass
class Cast:
    """The agencies by their short names, and who acts for them."""

    agencies: dict[str, Agency] = field(default_factory=dict)

    @classmethod
    def of_the_demonstration(cls) -> Cast:
        """All of them, as loaded."""
        by_name = {agency.name: agency for agency in Agency.objects.all()}
        return cls({place.key: by_name[place.name] for place in places()})

    def agency(self, key: str) -> Agency:
        """The agency. Raises KeyError for a name that no story uses."""
        return self.agencies[key]

    def chief(self, key: str, on: date) -> Official:
        """The chief executive officer on the day."""
        return self._official(key, Official.Capacity.CHIEF, on)

    def member(self, key: str, on: date) -> Official:
        """Who may sit on the Board for the agency: its chief, or the designee where that one sits."""
        as_designee = key in SITS_AS_DESIGNEE and on < date(2025, 3, 3)
        return self._official(key, Official.Capacity.DESIGNEE if as_designee else Official.Capacity.CHIEF, on)

    def _official(self, key: str, capacity: str, on: date) -> Official:
        found: Official = Official.objects.in_office_on(on).get(agency=self.agency(key), capacity=capacity)
        return found

    def holder(self, office: Office, on: date) -> Official | None:
        """Who holds an office on the day; None while it is vacant or nobody is recorded."""
        return board_on(on).holder(office)


def seat(office: Office, number: int = 1) -> Seat:
    """A seat of the Board."""
    found: Seat = Seat.objects.get(office=office.value, number=number)
    return found


def appoint_at_large(cast: Cast, on: date, note: str = "") -> None:
    """The President appoints the six at-large members at the annual meeting (Bylaws Art. IV §4)."""
    for number, key in enumerate(AT_LARGE[on], 1):
        term = install(
            seat=seat(Office.AT_LARGE, number), holder=cast.member(key, on), from_on=on, how=OfficeTerm.How.APPOINTED,
            appointed_by=OfficeTerm.AppointedBy.PRESIDENT,
        )  # fmt: skip
        if note:
            term.note = note
            keep(term)


def seat_the_first(cast: Cast) -> None:
    """The Board as it sat before the first annual meeting of the register, recorded by hand."""
    how, by = OfficeTerm.How, OfficeTerm.AppointedBy
    for office, key, on, came, appointed_by in (
        (Office.PRESIDENT, "Bellhaven", FIRST_ELECTED, how.ELECTED, ""),
        (Office.VICE_PRESIDENT, "Meadowmere", FIRST_ELECTED, how.ELECTED, ""),
        (Office.PAST_PRESIDENT, "Alder Crossing", FIRST_ELECTED, how.BY_OFFICE, ""),
        (Office.SECRETARY, "Prairie Lantern", FIRST_APPOINTED, how.APPOINTED, by.PRESIDENT_AND_BOARD),
        (Office.TREASURER, "Sandhill Railway", FIRST_APPOINTED, how.APPOINTED, by.PRESIDENT_AND_BOARD),
    ):
        term = install(seat=seat(office), holder=cast.chief(key, on), from_on=on, how=came, appointed_by=appointed_by)
        term.note = BY_HAND
        keep(term)
    appoint_at_large(cast, FIRST_ELECTED, BY_HAND)
    left = OfficeTerm.objects.get(holder__agency=cast.agency("Heath End"), ended_on__isnull=True)
    note = "Nobody was appointed before the next annual meeting: on this cause of a vacancy the bylaws are silent."
    end_term(term=left, ended_on=RESIGNED, why=OfficeTerm.Ended.RESIGNED, note=note)
