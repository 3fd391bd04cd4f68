"""Approval and Execution: which day an instrument counts from, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from nipas_admin.shared.citations import AGREEMENT, BYLAWS, READING, cites
from nipas_admin.shared.dated import Dated, in_words, last_of
from nipas_admin.shared.findings import Evidence, Fact, Finding

PASSAGE_AND_APPROVAL = AGREEMENT.at("5.A.1")
EXECUTION = AGREEMENT.at("5.A.2")


class Event(str, Enum):
    """What a paper says happened on a day."""

    PRESENTED = "presented"
    PASSED = "passed"
    APPROVED = "approved"
    ADOPTED = "adopted"
    EXECUTED = "executed"
    HEADING = "heading"

    @property
    def label(self) -> str:
        """In words, as a person reads it off the paper."""
        return {"adopted": "passed and approved", "heading": "archive heading"}.get(self.value, self.value)


@dataclass(frozen=True)
class DateStatement:
    """One source's word on one day: ``text: passed and approved 4 May 2018``."""

    event: Event
    when: Dated
    source: str
    evidence: Evidence = Evidence.ON_FILE

    def __str__(self) -> str:
        return f"{self.source + ': ' if self.source else ''}{self.event.label} {self.when}"


@cites(PASSAGE_AND_APPROVAL, READING.at("R18"))
def approval_candidates(
    statements: Iterable[DateStatement], *, separate_approval_due: bool = False, chosen_on: date | None = None
) -> Dated:
    """Every day the Approval may bear: the later of passage and approval, for each pair of sources.

    A single date, or an archive heading, serves as both. A day a person chose governs. A separate approval that is
    due but not recorded leaves the day open from the passage on. No statement at all: unknown.
    """
    if chosen_on is not None:
        return Dated.on(chosen_on)
    said = list(statements)
    both = [s.when for s in said if s.event in (Event.ADOPTED, Event.HEADING)]
    passed = [s.when for s in said if s.event is Event.PASSED] + both
    approved = [s.when for s in said if s.event is Event.APPROVED] + both
    if passed and not approved and separate_approval_due:
        return Dated(Dated.among(passed).earliest, None)
    return Dated.among(last_of(pair) for pair in _pairs(passed or approved, approved or passed))


def _pairs(passed: Sequence[Dated], approved: Sequence[Dated]) -> Iterable[tuple[Dated, Dated]]:
    return ((passage, approval) for passage in passed for approval in approved)


@cites(PASSAGE_AND_APPROVAL, READING.at("R18"))
def approval_on(
    statements: Iterable[DateStatement],
    *,
    separate_approval_due: bool = False,
    chosen_on: date | None = None,
    chosen_because: str = "",
    cites_itself: bool = False,
) -> Finding[date]:
    """The day of passage and approval; not determined while sources disagree or say nothing.

    Every date is kept with its source. The day a person chose governs, with the reason given.
    """
    said = list(statements)
    because = tuple(Fact(str(s), s.when.day, s.evidence, citations=(PASSAGE_AND_APPROVAL,)) for s in said)
    readings = (READING.at("R18"),)
    if chosen_on is not None:
        chosen = Fact(
            f"{in_words(chosen_on)} was chosen: {chosen_because}", chosen_on, citations=(PASSAGE_AND_APPROVAL,)
        )
        return Finding(chosen_on, (*because, chosen), readings=readings)
    if cites_itself:
        return Finding(None, because, ("the original instrument: the recital cites itself, which proves nothing",))
    when = approval_candidates(said, separate_approval_due=separate_approval_due)
    if when.day is not None:
        return Finding(when.day, because, readings=readings)
    if separate_approval_due and not any(s.event in (Event.APPROVED, Event.ADOPTED, Event.HEADING) for s in said):
        missing = "the day it was approved: passage and approval are separate here, and only passage is recorded"
    elif len({s.when for s in said if s.event is not Event.PRESENTED}) > 1:
        missing = f"which date governs: {', '.join(str(s) for s in said if s.event is not Event.PRESENTED)}"
    else:
        missing = f"the day of passage and approval ({when})"
    return Finding(None, because, (missing,), readings=readings)


@dataclass(frozen=True)
class Ordinance:
    """An approving instrument in a chain: when it was approved, which earlier one it rescinds, whether it approves."""

    key: int
    when: Dated
    rescinds: int | None = None
    approves: bool = True


@cites(PASSAGE_AND_APPROVAL, READING.at("R2"))
def approval_serving(chain: Iterable[Ordinance]) -> Ordinance | None:
    """The instrument whose day counts: the first that still stands, itself or through its replacements.

    Rescind-and-replace breaks nothing; an approval rescinded without a replacement does not count. None when no
    approval stands.
    """
    known = {ordinance.key: ordinance for ordinance in chain}
    rescinded_by = {o.rescinds: o for o in known.values() if o.rescinds is not None}

    def stands(ordinance: Ordinance) -> bool:
        successor = rescinded_by.get(ordinance.key)
        return successor is None or (successor.approves and stands(successor))

    standing = [o for o in known.values() if o.approves and stands(o)]
    firsts = [o for o in standing if o.rescinds is None or o.rescinds not in {s.key for s in standing}]
    return min(firsts, key=lambda o: (o.when.latest or date.max, o.key), default=None)


@dataclass(frozen=True)
class Signature:
    """One signature on the agreement: whose, whether it is there, its day if known, and whether in office then."""

    who: str
    signed: bool
    on: date | None = None
    in_office: bool | None = None

    @property
    def when(self) -> Dated:
        """The day as far as it is known; never when not signed."""
        if not self.signed:
            return Dated.never()
        return Dated.unknown() if self.on is None else Dated.on(self.on)


@cites(EXECUTION)
def execution_candidates(head: Signature, chief: Signature) -> Dated:
    """When the later of the two signatures was made; never while one is wanting; unknown when undated."""
    return last_of([head.when, chief.when])


@cites(EXECUTION)
def execution_on(head: Signature, chief: Signature, approval: Dated | None = None) -> Finding[date]:
    """The day of Execution: head of the corporate authorities and commanding officer, in either order.

    Not determined while a signature is wanting or undated. Signed before the Approval, or by one not then in
    office: it counts, flagged.
    """
    because = tuple(
        Fact(
            f"{s.who} {'signed' if s.signed else 'has not signed'}{f': {s.when}' if s.signed else ''}",
            s.on,
            citations=(EXECUTION,),
        )
        for s in (head, chief)
    )
    missing = [f"the signature of {s.who}" for s in (head, chief) if not s.signed]
    missing += [f"the day {s.who} signed" for s in (head, chief) if s.signed and s.on is None]
    flags = [
        Fact(f"{s.who} was not in office on {in_words(s.on)}", s.on, citations=(EXECUTION,))
        for s in (head, chief)
        if s.signed and s.in_office is False
    ]
    when = execution_candidates(head, chief)
    if when.latest and approval and approval.earliest and when.latest < approval.earliest:
        flags.append(
            Fact(f"signed before the Approval of {approval}", when.day, citations=(EXECUTION, PASSAGE_AND_APPROVAL))
        )
    return Finding(when.day, because, tuple(missing), tuple(flags))


@cites(BYLAWS.at("III", 1))
def participating_under_the_original(approval: Dated, head_signed: Dated) -> Dated:
    """Participation under the Original Agreement: the later of Approval and the signature of the head alone."""
    return last_of([approval, head_signed])
