"""The figures of a bylaws version, and which version governs on a day. Never law in code: the figures are data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from membership.rules.continuity import GoodStanding
from nipas_admin.shared.citations import BYLAWS, cites
from nipas_admin.shared.dated import Dated, in_words
from nipas_admin.shared.shares import Share


class Office(str, Enum):
    """The seats of the Board (Bylaws Art. IV §1)."""

    PRESIDENT = "president"
    VICE_PRESIDENT = "vice_president"
    SECRETARY = "secretary"
    TREASURER = "treasurer"
    PAST_PRESIDENT = "past_president"
    AT_LARGE = "at_large"

    @property
    def label(self) -> str:
        """In words, as the bylaws write it."""
        return {
            Office.VICE_PRESIDENT: "Vice-President",
            Office.PAST_PRESIDENT: "Immediate past President",
            Office.AT_LARGE: "At-large member",
        }.get(self, self.value.capitalize())

    @property
    def is_officer(self) -> bool:
        """True for the four Officers of Bylaws Art. V §1."""
        return self in OFFICERS

    @property
    def is_elected(self) -> bool:
        """True for the two whom the annual meeting elects (Bylaws Art. V §2)."""
        return self in ELECTED


ELECTED = (Office.PRESIDENT, Office.VICE_PRESIDENT)
APPOINTED = (Office.SECRETARY, Office.TREASURER)
OFFICERS = (*ELECTED, *APPOINTED)


class Body(str, Enum):
    """Who meets: the Board, or the participating agencies at an annual or special meeting."""

    BOARD = "board"
    ASSEMBLY = "assembly"


class Base(str, Enum):
    """Of what number a share is taken. There is no default: every threshold names its base."""

    CAST = "cast"
    PRESENT = "present"
    ENTITLED = "entitled"
    SEATS = "seats"

    def label(self, body: Body) -> str:
        """In words, for the body that votes."""
        if self is Base.CAST:
            return "votes cast"
        if self is Base.SEATS:
            return "seats of the Board"
        if body is Body.BOARD:
            return "members present" if self is Base.PRESENT else "members in office"
        return "active agencies present" if self is Base.PRESENT else "active agencies"


class Decision(str, Enum):
    """The kinds of decision for which the bylaws and the agreement set how many votes carry."""

    BOARD = "board"
    ASSEMBLY = "assembly"
    REMOVAL = "removal"
    AMENDMENT = "amendment"
    OBJECTION = "objection"
    DISSOLUTION = "dissolution"
    ELECTION = "election"

    @property
    def label(self) -> str:
        """In words: ``Bylaws amendment``."""
        return {
            Decision.BOARD: "Decision of the Board",
            Decision.ASSEMBLY: "Decision of the agencies",
            Decision.REMOVAL: "Suspension or termination",
            Decision.AMENDMENT: "Bylaws amendment",
            Decision.OBJECTION: "Objection to an action of the Board",
            Decision.DISSOLUTION: "Dissolution",
            Decision.ELECTION: "Election",
        }[self]


@dataclass(frozen=True)
class Threshold:
    """How many votes carry: a share of a base, to be reached, or to be exceeded where ``exceeds``."""

    share: Share
    base: Base
    exceeds: bool = False

    def needed(self, number: int) -> int:
        """The least number of votes that carries, when the base is this number; never less than one."""
        if self.exceeds:
            return self.share.numerator * number // self.share.denominator + 1
        return self.share.needed(number)

    def reached_by(self, votes: int, number: int) -> bool:
        """Do the votes carry? With no votes they never do."""
        return votes >= self.needed(number)

    def __str__(self) -> str:
        if self.exceeds and self.share == Share(1, 2):
            return "more than half"
        return f"{'more than' if self.exceeds else 'at least'} {self.share}"


@dataclass(frozen=True)
class BylawsTerms:
    """The figures of one bylaws version: numbers of members, days, months and years, and the thresholds."""

    board_quorum: int
    at_large_seats: int
    notice_days: int
    eligibility_months: int
    dissolution_days: int
    nominating_members: int
    fiscal_month: int
    fiscal_day: int
    good_standing: GoodStanding
    years: Mapping[Office, int]
    thresholds: Mapping[Decision, Threshold]

    @property
    def seats(self) -> int:
        """How many seats the Board has (Bylaws Art. IV §1)."""
        return len(Office) - 1 + self.at_large_seats


@dataclass(frozen=True)
class Version:
    """A bylaws version as the rules see it. ``terms`` None: we hold no copy, its figures are not known."""

    key: int
    title: str
    in_force: Dated
    terms: BylawsTerms | None


class NoBylaws(LookupError):
    """No version of the bylaws surely governs on the day; the message says why, and what to do."""


@cites(BYLAWS.at("XV"), BYLAWS.at("XVIII"))
def governing(versions: Iterable[Version], day: date) -> Version:
    """The version in force on a day: the last to come into force by then; of two on one day the one recorded later.

    Raises NoBylaws for a day that none covers, and where it is open which one was the last.
    """
    known = list(versions)
    in_force = [version for version in known if version.in_force.by(day)]
    if not in_force:
        raise NoBylaws(
            f"No version of the bylaws covers {in_words(day)}. Record the version that was in force then, with its "
            "first day."
        )
    open_ones = [version for version in known if version.in_force.by(day) is None]
    if open_ones:
        raise NoBylaws(
            f"It is not determined whether {open_ones[0].title} was in force on {in_words(day)}: record its first day "
            "(Bylaws Art. XVIII)."
        )
    last = max(in_force, key=lambda version: (version.in_force.latest or day, version.key))
    rivals = [version for version in in_force if version is not last and _perhaps_later(version, last)]
    if rivals:
        raise NoBylaws(
            f"It is not determined which came into force last, {last.title} or {rivals[0].title}: record the first "
            "day of each (Bylaws Art. XVIII)."
        )
    return last


def _perhaps_later(version: Version, than: Version) -> bool:
    earliest, latest = than.in_force.earliest, version.in_force.latest
    return latest is not None and (earliest is None or earliest < latest)
