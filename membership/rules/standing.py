"""Standing on a day: has a stint begun, has it ended, is it suspended, and where does the agency stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from membership.rules.facts import Adoption, Path, Request, Settlement, Status, Stint, Terms
from membership.rules.instruments import participating_under_the_original
from nipas_admin.shared.citations import AGREEMENT, BYLAWS, READING, Citation, cites
from nipas_admin.shared.dated import Dated, day_after, day_before, every, last_of

ACTIVE = BYLAWS.at("III", 11)
BY_5A = (AGREEMENT.at("5.A"), BYLAWS.at("III", "2.b"))
BY_5B = (AGREEMENT.at("5.B"), BYLAWS.at("III", "2.c"))
ORIGINAL_AGENCY = AGREEMENT.at("2")


def _paper(stint: Stint, when: Dated) -> Dated:
    """A paper's day; where papers may exist unrecorded, a missing one is unknown rather than absent."""
    return when if when.happened or not stint.papers_may_exist_unrecorded else Dated.unknown()


@cites(*BY_5B, READING.at("R5"))
def agreement_in_force_on(stint: Stint) -> Dated:
    """A new agency's New Participating Agency Effective Date: the last of Approval, Execution and Board approval."""
    return last_of(
        _paper(stint, when) for when in (stint.approval, stint.head_signed, stint.chief_signed, stint.board_approved)
    )


@cites(BYLAWS.at("III", 1), *BY_5B, READING.at("R5"))
def papers_complete_on(stint: Stint) -> Dated:
    """When the papers alone make a stint begin: by Art. III §1, or on the new path the last of four events."""
    if stint.path is Path.ORIGINAL:
        return participating_under_the_original(_paper(stint, stint.approval), _paper(stint, stint.head_signed))
    if not stint.dues_required:
        return agreement_in_force_on(stint)
    return last_of([agreement_in_force_on(stint), _paper(stint, stint.dues_paid)])


@cites(BYLAWS.at("III", 1), *BY_5B)
def begun_by(stint: Stint, day: date) -> bool | None:
    """Had the stint begun by this day? Attested participation answers yes from its day on.

    None while neither the papers nor an attestation settle it, and when they contradict each other.
    """
    by_papers = papers_complete_on(stint).by(day)
    if stint.attested_on is not None and stint.attested_on <= day:
        return None if by_papers is False else True
    return by_papers


@cites(BYLAWS.at("III", 1), *BY_5B)
def begins(stint: Stint) -> Dated:
    """The first day of a stint as far as it is known; an attestation is a day by which it had begun."""
    papers = papers_complete_on(stint)
    attested = stint.attested_on
    if attested is None or not papers.happened or (papers.earliest and papers.earliest > attested):
        return papers
    return Dated(papers.earliest, min(attested, papers.latest) if papers.latest else attested)


@cites(AGREEMENT.at("4.A"), AGREEMENT.at("4.B"), AGREEMENT.at("4.C"))
def ended_by_act(stint: Stint, day: date) -> bool:
    """Had a withdrawal or a termination by the Board taken effect by this day, its first day out?"""
    return any(ended is not None and ended <= day for ended in (stint.withdrawn_on, stint.terminated_on))


@cites(ORIGINAL_AGENCY, BYLAWS.at("III", 2), READING.at("R19"))
def original_participating_agency(stint: Stint, terms: Terms) -> bool | None:
    """Is this stint that of an Original Participating Agency?

    Yes: approved and executed by both (or attested) before the day the class closes, and still participating on it.
    No: not participating on that day. None where the two texts conflict, or a fact is open.
    """
    if stint.path is not Path.ORIGINAL:
        return False
    cutoff = terms.original_before_on
    eve = day_before(cutoff)
    still_there = every(begun_by(stint, cutoff), not ended_by_act(stint, cutoff))
    if still_there is not True:
        return still_there
    executed = every(*(_paper(stint, when).by(eve) for when in (stint.approval, stint.head_signed, stint.chief_signed)))
    attested = stint.attested_on is not None and stint.attested_on <= eve
    return True if attested or executed else None


@cites(*BY_5A, READING.at("R3"))
def amended_complete_on(stint: Stint) -> Dated:
    """When an Original Participating Agency had both approved and executed the amended agreement."""
    return last_of([stint.amended_approval, stint.amended_execution])


@cites(*BY_5A, READING.at("R3"))
def straggled_by(complete: Dated, collective: Dated, day: date) -> bool | None:
    """Had a straggler's participation ended by this day: not complete on the day before the collective date?

    The first day out is the day after the collective date. None while the answer depends on an unknown day.
    """
    if not collective.happened:
        return False
    if collective.earliest is not None and collective.earliest >= day:
        return False
    late = late_for(complete, collective)
    if late is False:
        return False
    passed = collective.latest is not None and collective.latest < day
    return True if passed and late else None


def late_for(complete: Dated, collective: Dated) -> bool | None:
    """Was it not complete on the day before the collective date? None while that depends on an unknown day."""
    if not complete.happened:
        return True
    if collective.earliest and complete.latest and complete.latest < collective.earliest:
        return False
    if collective.latest and complete.earliest and complete.earliest >= collective.latest:
        return True
    return None


@cites(*BY_5A, AGREEMENT.at("5.A"), READING.at("R3"), READING.at("R19"))
def lapsed_by(stint: Stint, adoption: Adoption, day: date) -> bool | None:
    """Has the adoption of the amended agreement ended this stint by this day?

    Only original-path stints can lapse. For one that is not an Original Participating Agency the texts give no
    ending: open from the collective date until a person settles it. Attested participation rules out a lapse by
    then; where the papers say otherwise, the two conflict and it is open.
    """
    if stint.path is not Path.ORIGINAL:
        return False
    if stint.settlement is Settlement.REMAINS:
        return False
    if stint.settlement is Settlement.ENDED:
        return stint.settled_on is not None and stint.settled_on <= day
    superseded = adoption.collective.by(day)
    if superseded is False:
        return False
    lapsed = None
    if original_participating_agency(stint, adoption.terms):
        lapsed = straggled_by(amended_complete_on(stint), adoption.collective, day)
    if attested_past_adoption(stint, adoption.collective, day):
        return None if lapsed else False
    return lapsed


def attested_past_adoption(stint: Stint, collective: Dated, day: date) -> bool:
    """Is it attested as participating on this day or a later one, or after the last day the adoption can have come?"""
    attested = stint.attested_on
    if attested is None:
        return False
    return day <= attested or (collective.latest is not None and collective.latest < attested)


def lapse_day(stint: Stint, adoption: Adoption) -> date | None:
    """The day by which a lapse had surely happened: the day settled, or the day after the latest collective date."""
    if stint.settlement is Settlement.ENDED:
        return stint.settled_on
    latest = adoption.collective.latest
    return day_after(latest) if latest else None


@cites(AGREEMENT.at("4"), AGREEMENT.at("5.A"))
def endings_by(stint: Stint, adoption: Adoption, day: date) -> tuple[tuple[date, Status], ...]:
    """Every ending that has surely taken effect, earliest first; on one day withdrawn, terminated, lapsed."""
    endings = [(stint.withdrawn_on, Status.WITHDRAWN), (stint.terminated_on, Status.TERMINATED)]
    if lapsed_by(stint, adoption, day):
        endings.append((lapse_day(stint, adoption), Status.LAPSED))
    taken = [(on, status) for on, status in endings if on is not None and on <= day]
    return tuple(sorted(taken, key=lambda ending: ending[0]))


@cites(ACTIVE, AGREEMENT.at("4.C"), BYLAWS.at("III", 9))
def suspended_on(stint: Stint, day: date) -> bool:
    """Does a suspension cover this day? Its end is the first day back."""
    return any(day in period for period in stint.suspensions)


@cites(ACTIVE, READING.at("R17"))
def status_of_stint(stint: Stint, adoption: Adoption, day: date) -> Status | None:
    """Where one stint stands on a day; None before it has begun."""
    begun = begun_by(stint, day)
    if begun is False:
        return None
    endings = endings_by(stint, adoption, day)
    if endings:
        return endings[0][1]
    if begun is None or lapsed_by(stint, adoption, day) is None:
        return Status.NOT_DETERMINED
    return Status.SUSPENDED if suspended_on(stint, day) else Status.ACTIVE


@cites(ACTIVE, BYLAWS.at("III", 4))
def applying_on(requests: Iterable[Request], day: date) -> bool:
    """Is an application pending: its letter is in, it is not closed, and the stint it led to has not surely begun?"""
    return any(
        request.letter_on <= day
        and (request.closed_on is None or day < request.closed_on)
        and not (request.stint is not None and begun_by(request.stint, day))
        for request in requests
    )


_RANK = {Status.ACTIVE: 4, Status.SUSPENDED: 3, Status.NOT_DETERMINED: 2}


@cites(ACTIVE)
def governing_stint(stints: Sequence[Stint], adoption: Adoption, day: date) -> tuple[Stint, Status] | None:
    """The stint that gives the agency its status: one that stands before one not determined before the latest ended.

    None when no stint has begun by this day.
    """
    standing = [(stint, status) for stint in stints if (status := status_of_stint(stint, adoption, day)) is not None]
    return max(standing, key=lambda pair: (_RANK.get(pair[1], 1), pair[0].number), default=None)


@cites(ACTIVE)
def status_on(stints: Sequence[Stint], requests: Iterable[Request], adoption: Adoption, day: date) -> Status:
    """Where the agency stands on a day. Who left and applies again keeps the old status; ``applying_on`` tells."""
    governing = governing_stint(stints, adoption, day)
    if governing is not None:
        return governing[1]
    return Status.APPLICANT if applying_on(requests, day) else Status.PROSPECT


def clauses_of(status: Status) -> tuple[Citation, ...]:
    """The clauses under which an agency has this status."""
    return {
        Status.WITHDRAWN: (AGREEMENT.at("4.A"), BYLAWS.at("III", 10)),
        Status.TERMINATED: (AGREEMENT.at("4.B"), AGREEMENT.at("4.C")),
        Status.LAPSED: BY_5A,
        Status.SUSPENDED: (AGREEMENT.at("4.C"), BYLAWS.at("III", 9)),
        Status.APPLICANT: (BYLAWS.at("III", 4),),
    }.get(status, (ACTIVE,))
