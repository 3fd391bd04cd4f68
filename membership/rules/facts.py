"""The recorded facts that the rules read: what a stint, an application or a paper says, without a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from nipas_admin.shared.dated import Dated
from nipas_admin.shared.findings import Evidence
from nipas_admin.shared.periods import Period
from nipas_admin.shared.shares import Share


class Path(str, Enum):
    """How a stint of participation begins: under the Original Agreement, or by Agreement §5.B."""

    ORIGINAL = "original"
    NEW = "new"


class Status(str, Enum):
    """Where an agency, or one stint, stands on a day."""

    PROSPECT = "prospect"
    APPLICANT = "applicant"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    LAPSED = "lapsed"
    NOT_DETERMINED = "not_determined"

    @property
    def label(self) -> str:
        """In words, as the screens show it: ``Not determined``."""
        return self.value.replace("_", " ").capitalize()

    @property
    def has_ended(self) -> bool:
        """True for the three ways in which participation ends."""
        return self in ENDINGS


ENDINGS = (Status.WITHDRAWN, Status.TERMINATED, Status.LAPSED)


class Settlement(str, Enum):
    """What a person decided of a stint to which the texts give no clear ending."""

    OPEN = ""
    REMAINS = "remains"
    ENDED = "ended"


@dataclass(frozen=True)
class Terms:
    """The figures of an agreement version that the rules need; days, months and shares, never law in code."""

    ends_month: int
    ends_day: int
    original_before_on: date
    adoption_share: Share
    adoption_meeting_days: int
    board_share: Share

    @property
    def of_leaving(self) -> tuple[int, int, Share]:
        """The figures by which an agency leaves; two versions that share them give the same days."""
        return self.ends_month, self.ends_day, self.board_share


@dataclass(frozen=True)
class Adoption:
    """The terms of the amended agreement, and what is known of the collective date (never, bounds, or the day)."""

    terms: Terms
    collective: Dated = field(default_factory=Dated.never)


@dataclass(frozen=True)
class Evidenced:
    """What stands behind a fact: a name for the paper or act, its grade and its source."""

    name: str = ""
    evidence: Evidence | None = None
    source: str = ""


@dataclass(frozen=True)
class Stint:
    """One stint of participation. ``never()`` stands for a paper or act that is not recorded."""

    path: Path
    number: int = 1
    attested_on: date | None = None
    attestation: Evidenced = Evidenced()
    approval: Dated = field(default_factory=Dated.never)
    approved_by: Evidenced = Evidenced()
    head_signed: Dated = field(default_factory=Dated.never)
    chief_signed: Dated = field(default_factory=Dated.never)
    board_approved: Dated = field(default_factory=Dated.never)
    dues_paid: Dated = field(default_factory=Dated.never)
    dues_required: bool = True
    amended_approval: Dated = field(default_factory=Dated.never)
    amended_by: Evidenced = Evidenced()
    amended_execution: Dated = field(default_factory=Dated.never)
    withdrawn_on: date | None = None
    terminated_on: date | None = None
    suspensions: tuple[Period, ...] = ()
    settlement: Settlement = Settlement.OPEN
    settled_on: date | None = None
    settled_because: str = ""

    @property
    def papers_may_exist_unrecorded(self) -> bool:
        """True where a missing paper is unknown rather than absent: old binders, or attested participation."""
        return self.path is Path.ORIGINAL or self.attested_on is not None or bool(self.attestation.name)


@dataclass(frozen=True)
class Notice:
    """A Termination Notice: the day the Board received it, the day it takes effect, and a rescission if any."""

    received_on: date
    effective_on: date
    rescinded_on: date | None = None


@dataclass(frozen=True)
class Request:
    """An application: pending from its letter until the stint it led to began, or it was refused or taken back."""

    letter_on: date
    closed_on: date | None = None
    stint: Stint | None = None
