"""The great adoption of 2018: the two counts to three fourths, the special meeting, and the collective date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from membership.rules.facts import Adoption, Terms
from membership.rules.standing import late_for
from nipas_admin.shared.citations import AGREEMENT, BYLAWS, READING, Citation, cites
from nipas_admin.shared.dated import Dated, day_before, in_words, last_of, negation
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.shares import Share, more_than_half

APPROVALS = AGREEMENT.at("5.A.3")
EXECUTIONS = AGREEMENT.at("5.A.4")
MEETING = AGREEMENT.at("5.A.5")


@dataclass(frozen=True)
class Member:
    """An Original Participating Agency as the counts see it.

    ``original``: True, or None where the class is not determined. ``ends_on``: first day out, None while it stays.
    ``approved`` and ``executed`` are as far as known; ``rescinded_on`` undoes the approval from its day.
    """

    name: str
    original: bool | None = True
    ends_on: date | None = None
    approved: Dated = Dated.never()
    executed: Dated = Dated.never()
    rescinded_on: date | None = None

    def in_base(self, day: date) -> bool:
        """True while it participates: an agency that has left is in no base (Reading R2)."""
        return self.ends_on is None or day < self.ends_on

    def approved_by(self, day: date) -> bool | None:
        """Had it approved by this day, and does the approval still stand?"""
        if self.rescinded_on is not None and self.rescinded_on <= day:
            return False
        return self.approved.by(day)

    def executed_by(self, day: date) -> bool | None:
        """Had it executed by this day?"""
        return self.executed.by(day)


@dataclass(frozen=True)
class Count:
    """How far a count has come on a day: sure and possible numbers, of which base, and how many are needed."""

    on: date
    sure: int
    possible: int
    base: int
    needed: int


Question = Callable[[Member, date], "bool | None"]


@cites(APPROVALS, EXECUTIONS, READING.at("R2"))
def count_on(members: Iterable[Member], question: Question, share: Share, day: date) -> Count:
    """The count on a day. Agencies whose class is not determined are counted in the base (see ``reached_on``)."""
    base = [m for m in members if m.in_base(day) and m.original is not False]
    answers = [question(m, day) for m in base]
    sure = sum(answer is True for answer in answers)
    possible = sum(answer is not False for answer in answers)
    return Count(day, sure, possible, len(base), share.needed(len(base)))


def _reached(members: Sequence[Member], question: Question, share: Share, day: date, *, surely: bool) -> bool:
    """Surely: open facts count against, and an agency of open class only as it hurts. Possibly: the other way round."""
    votes = base = 0
    for member in members:
        if not member.in_base(day) or member.original is False:
            continue
        answer = question(member, day)
        voted = answer is True if surely else answer is not False
        if member.original is None and voted is surely:
            continue
        base += 1
        votes += voted
    return share.reached_by(votes, base)


def days_of(members: Iterable[Member]) -> list[date]:
    """Every recorded day on which a count could change, in order."""
    days: set[date] = set()
    for m in members:
        days |= {
            d
            for d in (
                m.ends_on,
                m.rescinded_on,
                m.approved.earliest,
                m.approved.latest,
                m.executed.earliest,
                m.executed.latest,
            )
            if d
        }
    return sorted(days)


@cites(APPROVALS, EXECUTIONS, READING.at("R2"))
def reached_on(members: Sequence[Member], question: Question, share: Share) -> Dated:
    """The first day on which the share of the agencies participating that day had done it; never while it cannot have.

    Once reached it stays reached. With undated acts, or agencies whose class is open, the day lies between the
    first on which it may have been reached and the first on which it surely was, open while it is not sure.
    """
    days = days_of(members)
    possibly = next((d for d in days if _reached(members, question, share, d, surely=False)), None)
    surely = next((d for d in days if _reached(members, question, share, d, surely=True)), None)
    if possibly is None:
        return Dated.never()
    undated = any(question(m, days[0] - timedelta(days=1)) is None for m in members)
    return Dated(None if undated and possibly == days[0] else possibly, surely)


@cites(APPROVALS, READING.at("R1"), READING.at("R2"))
def approvals_reached_on(members: Sequence[Member], terms: Terms) -> Dated:
    """When three fourths, in the terms of 2018, of the Original Participating Agencies had approved."""
    return reached_on(members, Member.approved_by, terms.adoption_share)


@cites(EXECUTIONS, READING.at("R2"))
def executions_reached_on(members: Sequence[Member], terms: Terms) -> Dated:
    """When three fourths, in the terms of 2018, of the Original Participating Agencies had executed."""
    return reached_on(members, Member.executed_by, terms.adoption_share)


@cites(MEETING, READING.at("R4"))
def earliest_meeting_on(approvals: Dated, executions: Dated, terms: Terms) -> Finding[date]:
    """The first lawful day of the special meeting: 60 days, in the terms of 2018, after the later count was reached."""
    later = last_of([approvals, executions])
    because = tuple(
        Fact(
            f"{what} by {terms.adoption_share} of the agencies: {when if when.happened else 'not reached yet'}",
            when.day,
            citations=(clause,),
        )
        for what, when, clause in (("Approval", approvals, APPROVALS), ("Execution", executions, EXECUTIONS))
    )
    if not later.happened:
        missing = tuple(
            f"{terms.adoption_share} of the {what}"
            for what, when in (("Approvals", approvals), ("Executions", executions))
            if not when.happened
        )
        return Finding(None, because, missing, readings=(READING.at("R4"),))
    if later.day is None:
        return Finding(None, because, (f"the day the later count was reached ({later})",), readings=(READING.at("R4"),))
    first = later.day + timedelta(days=terms.adoption_meeting_days)
    sum_ = Fact(
        f"{in_words(later.day)} + {terms.adoption_meeting_days} days = {in_words(first)}",
        first,
        citations=(MEETING, READING.at("R4")),
    )
    return Finding(first, (*because, sum_), readings=(READING.at("R4"),))


@cites(MEETING, BYLAWS.at("XV", 1), READING.at("R4"))
def bylaws_adopted(meeting_on: date, votes_for: int, present: int, earliest: Finding[date]) -> Finding[bool]:
    """Did the special meeting adopt the amended bylaws: late enough, and by more than half of those present?

    None while the earliest lawful day is not determined.
    """
    needed = more_than_half(present)
    carried = votes_for >= needed and votes_for > 0
    vote = Fact(
        f"{votes_for} for, of {present} present; needed {needed}", meeting_on, citations=(MEETING, BYLAWS.at("XV", 1))
    )
    if not carried:
        return Finding(False, (vote,))
    if earliest.value is None:
        return Finding(None, (vote, *earliest.because), earliest.missing, readings=earliest.readings)
    early = meeting_on < earliest.value
    when = Fact(
        f"held on {in_words(meeting_on)}; the earliest lawful day was {in_words(earliest.value)}",
        meeting_on,
        citations=(MEETING, READING.at("R4")),
    )
    return Finding(not early, (vote, *earliest.because, when), readings=earliest.readings)


@cites(AGREEMENT.at("5.A"), READING.at("R3"))
def collective_date(approvals: Dated, executions: Dated, adopted: Dated) -> Dated:
    """The last of the three collective events of Agreement §5.A.3–5; never while one has not happened."""
    return last_of([approvals, executions, adopted])


@cites(AGREEMENT.at("5.A"), BYLAWS.at("III", "2.a"), BYLAWS.at("III", "2.b"), READING.at("R3"))
def effect_on_original(complete: Dated, adoption: Adoption) -> Finding[date]:
    """The day on which the amended agreement is in force for an Original Participating Agency, or its lapse.

    The value is the collective date when the agency was complete the day before; None with the reason otherwise.
    A ``because`` fact carries the first day out of a straggler.
    """
    clause = (AGREEMENT.at("5.A"), READING.at("R3"))
    collective = adoption.collective
    if not collective.happened:
        return Finding(None, (), ("the collective date: it has not come",), readings=(READING.at("R3"),))
    in_time = negation(late_for(complete, collective))
    done = Fact(f"Approval and Execution complete: {complete}", complete.day, citations=clause)
    day = Fact(f"collective date: {collective}", collective.day, citations=clause)
    if in_time is None:
        return Finding(
            None,
            (done, day),
            ("whether both were complete on the day before the collective date",),
            readings=(READING.at("R3"),),
        )
    if not in_time:
        out = collective.day + timedelta(days=1) if collective.day else None
        late = Fact(
            f"not complete by {in_words(day_before(collective.day))}: participation ended on {in_words(out)}, the "
            "day after"
            if collective.day and out
            else "not complete in time: participation ended the day after the collective date",
            out,
            citations=clause,
        )
        flags = (
            (
                Fact(
                    "completed on the collective date itself: the cut-off clause is the specific one, so late",
                    complete.day,
                    citations=(READING.at("R3"),),
                ),
            )
            if complete.day and complete.day == collective.day
            else ()
        )
        return Finding(
            None, (done, day, late), ("participation again under Agreement §5.B",), flags, (READING.at("R3"),)
        )
    if collective.day is None:
        return Finding(None, (done, day), ("the collective date",), readings=(READING.at("R3"),))
    return Finding(collective.day, (done, day), readings=(READING.at("R3"),))


@cites(AGREEMENT.at("5.A"), BYLAWS.at("XVIII"), BYLAWS.at("I"))
def original_still_governs(adoption: Adoption, day: date) -> bool | None:
    """Does the Original Agreement govern on this day? Until the collective date; None between its bounds."""
    return negation(adoption.collective.by(day))


class NoTerms(LookupError):
    """No version of the agreement surely governs on the day; the message says why, and what to do."""


@cites(AGREEMENT.at("4"), AGREEMENT.at("5.A"), BYLAWS.at("XVIII"))
def terms_on(original: Terms, original_from: date, adoption: Adoption, day: date) -> Terms:
    """The figures by which agencies leave on a day: the Original Agreement's until the collective date, then the new.

    While it is open which one governs, the answer stands if both have the same figures. Raises NoTerms for a day that
    no version covers, and where the two differ and it is open which governs.
    """
    if day < original_from:
        raise NoTerms(f"No version of the agreement covers {in_words(day)}: the first is of {in_words(original_from)}.")
    governs = original_still_governs(adoption, day)
    if governs is None and original.of_leaving != adoption.terms.of_leaving:
        raise NoTerms(
            f"It is not determined which agreement governed on {in_words(day)}, and their figures differ: first record "
            "the collective date on the amended version (Agreement §5.A)."
        )
    return original if governs else adoption.terms


def citation_of(question: Question) -> Citation:
    """The clause under which a count is taken."""
    return APPROVALS if question is Member.approved_by else EXECUTIONS
