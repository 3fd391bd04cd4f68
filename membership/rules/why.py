"""Why an agency stands where it stands: the Finding that the screen, the letter, the CSV and the JSON all show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from membership.rules.facts import Adoption, Notice, Path, Request, Settlement, Status, Stint
from membership.rules.leaving import notice_pending
from membership.rules.standing import (
    ACTIVE,
    BY_5A,
    BY_5B,
    agreement_in_force_on,
    amended_complete_on,
    applying_on,
    begins,
    begun_by,
    clauses_of,
    endings_by,
    governing_stint,
    lapsed_by,
    original_participating_agency,
    papers_complete_on,
    status_on,
    straggled_by,
    suspended_on,
)
from nipas_admin.shared.citations import AGREEMENT, BYLAWS, READING, Citation, cites
from nipas_admin.shared.dated import Dated, in_words
from nipas_admin.shared.findings import Fact, Finding, dated_fact


@dataclass(frozen=True)
class History:
    """All that the register knows of one agency's participation, for the rules."""

    stints: tuple[Stint, ...] = ()
    requests: tuple[Request, ...] = ()
    notices: tuple[Notice, ...] = ()


@cites(ACTIVE, READING.at("R17"))
def standing_on(history: History, adoption: Adoption, day: date) -> Finding[Status]:
    """Where the agency stands on a day, and why.

    The value is a Status, never None: *not determined* is a status like any other, and ``missing`` then says what
    would settle it. Flags carry what is odd without changing the answer.
    """
    status = status_on(history.stints, history.requests, adoption, day)
    governing = governing_stint(history.stints, adoption, day)
    if governing is None:
        return _outside(history, status, day)
    stint = governing[0]
    because = [*_beginning(stint, day), *_adoption(stint, adoption, day), *_ending(stint, adoption, day)]
    if status is Status.SUSPENDED:
        period = next(p for p in stint.suspensions if day in p)
        because.append(Fact(f"suspended {period}", period.start, citations=clauses_of(status)))
    because += _other(history, stint, status, day)
    missing = tuple(_missing(stint, adoption, day)) if status is Status.NOT_DETERMINED else ()
    return Finding(
        status, tuple(because), missing, tuple(_flags(stint, adoption, day)), tuple(_readings(stint, adoption, status))
    )


def _outside(history: History, status: Status, day: date) -> Finding[Status]:
    if status is Status.APPLICANT:
        letter = max(r.letter_on for r in history.requests if r.letter_on <= day)
        fact = Fact(
            f"its request to participate is dated {in_words(letter)} and is open",
            letter,
            citations=(BYLAWS.at("III", 4),),
        )
        waiting = [stint for stint in history.stints if begun_by(stint, day) is False]
        return Finding(status, (fact, *(f for stint in waiting for f in _papers(stint))))
    upcoming = [stint for stint in history.stints if papers_complete_on(stint).happened]
    if upcoming:
        return Finding(
            status,
            tuple(
                Fact(f"participation begins later: {begins(s)}", begins(s).day, citations=_path_clauses(s))
                for s in upcoming
            ),
        )
    return Finding(status, (Fact("no participation and no open application is recorded", citations=(ACTIVE,)),))


def _path_clauses(stint: Stint) -> tuple[Citation, ...]:
    return (BYLAWS.at("III", 1),) if stint.path is Path.ORIGINAL else BY_5B


def _papers(stint: Stint) -> Iterator[Fact]:
    clauses = _path_clauses(stint)
    if stint.approval.happened:
        by = stint.approved_by
        yield dated_fact(
            f"approved by {by.name}" if by.name else "approved",
            stint.approval,
            *clauses,
            evidence=by.evidence,
            source=by.source,
        )
    signatures = [("head of the corporate authorities signed", stint.head_signed)]
    if stint.path is Path.NEW or stint.chief_signed.happened:
        signatures.append(("commanding officer signed", stint.chief_signed))
    for text, when in signatures:
        if when.happened:
            yield dated_fact(text, when, *clauses)
    if stint.path is Path.NEW:
        if stint.board_approved.happened:
            yield dated_fact("approved by the Board", stint.board_approved, *BY_5B)
        if not stint.dues_required:
            yield Fact("no joining dues are required", citations=(BYLAWS.at("III", "2.c.iv"),))
        elif stint.dues_paid.happened:
            yield dated_fact("joining dues paid", stint.dues_paid, BYLAWS.at("III", "2.c.iv"))


def _beginning(stint: Stint, day: date) -> Iterator[Fact]:
    attested = stint.attested_on
    if attested is not None and attested <= day:
        proof = stint.attestation
        yield Fact(
            f"attested as participating on {in_words(attested)}",
            attested,
            proof.evidence,
            proof.source,
            _path_clauses(stint),
        )
    yield from _papers(stint)
    begun = begins(stint)
    if begun.day is not None:
        under = "under the Original Agreement" if stint.path is Path.ORIGINAL else "by Agreement §5.B"
        yield Fact(f"participating {under} from {in_words(begun.day)}", begun.day, citations=_path_clauses(stint))
    elif begun_by(stint, day):
        yield Fact(
            f"participating by {in_words(begun.latest)}; the first day is not determined",
            citations=_path_clauses(stint),
        )


def _adoption(stint: Stint, adoption: Adoption, day: date) -> Iterator[Fact]:
    if stint.path is not Path.ORIGINAL:
        return
    original = original_participating_agency(stint, adoption.terms)
    clause = (AGREEMENT.at("2"), READING.at("R19"))
    cutoff = adoption.terms.original_before_on
    if day >= cutoff:
        said = {
            True: "an Original Participating Agency",
            False: "not an Original Participating Agency",
            None: "whether it is an Original Participating Agency is not determined",
        }
        yield Fact(
            f"{said[original]} (approved and executed before {in_words(cutoff)}, and participating on it)",
            citations=clause,
        )
    if stint.settlement is not Settlement.OPEN:
        text = (
            "remains a participating agency"
            if stint.settlement is Settlement.REMAINS
            else f"ended, first day out {in_words(stint.settled_on)}"
        )
        yield Fact(
            f"a person decided that it {text}: {stint.settled_because}",
            stint.settled_on,
            citations=(READING.at("R19"),),
        )
    superseded = adoption.collective.by(day)
    if superseded is False:
        return
    yield Fact(
        f"amended agreement, collective date: {_collective(adoption.collective)}",
        adoption.collective.day,
        citations=BY_5A,
    )
    if stint.amended_approval.happened:
        by = stint.amended_by
        yield dated_fact(
            f"amended agreement approved by {by.name or 'its corporate authorities'}",
            stint.amended_approval,
            AGREEMENT.at("5.A.1"),
            evidence=by.evidence,
            source=by.source,
        )
    if stint.amended_execution.happened:
        yield dated_fact("amended agreement executed", stint.amended_execution, AGREEMENT.at("5.A.2"))


def _collective(collective: Dated) -> str:
    return f"it came; {collective}" if collective.day is None else str(collective)


def _ending(stint: Stint, adoption: Adoption, day: date) -> Iterator[Fact]:
    words = {
        Status.WITHDRAWN: "withdrawn by Termination Notice",
        Status.TERMINATED: "terminated by the Board",
        Status.LAPSED: "lapsed: the amended agreement was not approved and executed in time",
    }
    for on, status in endings_by(stint, adoption, day):
        text = (
            "ended by decision" if status is Status.LAPSED and stint.settlement is Settlement.ENDED else words[status]
        )
        yield Fact(f"{text}; first day out {in_words(on)}", on, citations=clauses_of(status))


def _other(history: History, stint: Stint, status: Status, day: date) -> Iterator[Fact]:
    running = notice_pending(day, history.notices)
    if running is not None and not status.has_ended:
        yield Fact(
            f"Termination Notice received {in_words(running.received_on)}: participation ends on "
            f"{in_words(running.effective_on)}, and until then it is active",
            running.effective_on, citations=clauses_of(Status.WITHDRAWN),
        )  # fmt: skip
    if applying_on(history.requests, day):
        yield Fact(
            "it has applied again; until it is admitted its old status stays",
            citations=(BYLAWS.at("III", 11), AGREEMENT.at("5.B")),
        )


def _missing(stint: Stint, adoption: Adoption, day: date) -> Iterator[str]:
    if begun_by(stint, day) is None:
        yield from _missing_papers(stint, day)
    if lapsed_by(stint, adoption, day) is None:
        yield from _missing_adoption(stint, adoption, day)


def _missing_papers(stint: Stint, day: date) -> Iterator[str]:
    if papers_complete_on(stint).by(day) is False:
        yield "which is right: the papers say it had not begun, the attestation says it had"
        return
    needed = [
        ("the Approval", stint.approval),
        ("the signature of the head of the corporate authorities", stint.head_signed),
    ]
    if stint.path is Path.NEW:
        needed += [
            ("the signature of the commanding officer", stint.chief_signed),
            ("the Board's approval", stint.board_approved),
        ]
        needed += [("payment of joining dues", stint.dues_paid)] if stint.dues_required else []
    for name, when in needed:
        if not when.happened:
            yield f"{name} by which it began: not on file"
        elif when.by(day) is None:
            yield f"the day of {name.removeprefix('the ')} by which it began ({when})"


def _missing_adoption(stint: Stint, adoption: Adoption, day: date) -> Iterator[str]:
    original = original_participating_agency(stint, adoption.terms)
    if original and straggled_by(amended_complete_on(stint), adoption.collective, day):
        yield "which is right: by the papers it lapsed, the attestation says it still participated"
        return
    if original is False:
        yield (
            "a decision: it joined under the Original Agreement too late to be an Original Participating "
            "Agency, and the texts give it no ending (Reading R19)"
        )
        return
    if original is None:
        yield (
            "whether it had approved, and head and commanding officer had executed, the Original Agreement "
            "before the class closed (Agreement §2, Bylaws Art. III §2)"
        )
    if straggled_by(amended_complete_on(stint), adoption.collective, day) is None:
        if adoption.collective.day is None:
            yield "the collective date of the amended agreement (Agreement §5.A)"
        for name, when in (("Approval", stint.amended_approval), ("Execution", stint.amended_execution)):
            if when.day is None:
                yield f"the {name} of the amended agreement: {_half_known(when)}"


def _half_known(when: Dated) -> str:
    if not when.happened:
        return "not recorded"
    return "date of it unknown" if when == Dated.unknown() else f"which day it was, {when}"


def _flags(stint: Stint, adoption: Adoption, day: date) -> Iterator[Fact]:
    if (
        stint.path is Path.ORIGINAL
        and begun_by(stint, day)
        and not (stint.approval.happened and stint.head_signed.happened)
    ):
        yield Fact("its instruments under the Original Agreement are not all on file", citations=(BYLAWS.at("III", 1),))
    head_only = stint.path is Path.ORIGINAL and stint.head_signed.happened and not stint.chief_signed.happened
    if head_only:
        yield Fact(
            "only the head signed: enough to participate (Art. III §1), but the definition of an original agency "
            "asks for the commanding officer too",
            citations=(BYLAWS.at("III", 1), AGREEMENT.at("2")),
        )
    begun = begins(stint).day
    if stint.path is Path.ORIGINAL and begun == adoption.terms.original_before_on:
        yield Fact(
            f"joined on {in_words(begun)} itself: the two texts conflict",
            begun,
            citations=(AGREEMENT.at("2"), BYLAWS.at("III", 2)),
        )
    complete = amended_complete_on(stint)
    if complete.day is not None and complete.day == adoption.collective.day:
        yield Fact(
            "completed on the collective date itself: the cut-off clause is the specific one, so late",
            complete.day,
            citations=(READING.at("R3"),),
        )
    if stint.withdrawn_on is None and suspended_on(stint, day):
        yield Fact(
            "suspended: no vote, in no quorum base; it still owes dues, receives papers and may object",
            citations=(READING.at("R17"),),
        )


def _readings(stint: Stint, adoption: Adoption, status: Status) -> Iterator[Citation]:
    """The readings under which another answer was possible for this agency."""
    if stint.path is Path.ORIGINAL and original_participating_agency(stint, adoption.terms) is not True:
        yield READING.at("R19")
    if stint.path is Path.NEW and agreement_in_force_on(stint) != papers_complete_on(stint):
        yield READING.at("R5")
    yield from {
        Status.WITHDRAWN: (READING.at("R6"), READING.at("R7")),
        Status.TERMINATED: (READING.at("R20"),),
        Status.LAPSED: (READING.at("R3"),),
        Status.SUSPENDED: (READING.at("R17"),),
    }.get(status, ())


@cites(AGREEMENT.at("4.A"), AGREEMENT.at("4.C"), BYLAWS.at("III", 11))
def changes_ahead(
    history: History, adoption: Adoption, day: date, days: Sequence[date]
) -> tuple[tuple[date, Status], ...]:
    """Each later day, of those given, on which the status becomes another one, with the new status."""
    changes: list[tuple[date, Status]] = []
    now = status_on(history.stints, history.requests, adoption, day)
    for ahead in sorted(set(days)):
        if ahead <= day:
            continue
        then = status_on(history.stints, history.requests, adoption, ahead)
        if then is not now:
            changes.append((ahead, then))
            now = then
    return tuple(changes)


def days_of_change(history: History, adoption: Adoption) -> Iterable[date]:
    """Every recorded day on which the status could change; the candidates for ``changes_ahead``."""
    for stint in history.stints:
        for when in (begins(stint), papers_complete_on(stint)):
            yield from (d for d in (when.earliest, when.latest) if d)
        yield from (d for d in (stint.attested_on, stint.withdrawn_on, stint.terminated_on, stint.settled_on) if d)
        for period in stint.suspensions:
            yield from (d for d in (period.start, period.end) if d)
    yield from (n.effective_on for n in history.notices)
    yield from (r.closed_on for r in history.requests if r.closed_on)
