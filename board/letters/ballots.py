"""Ballots to cut and hand out, and the sheet on which the tellers count them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError

from board.letters.parts import may_meet, must_stand, named
from board.models import Election
from board.rules.terms import Body, Decision, Threshold
from board.services import candidates_next, house_before, house_now, standing_of, terms_of
from documents.letters import Letter
from nipas_admin.shared.citations import BYLAWS, READING, Citation
from nipas_admin.shared.dated import in_words

ROUNDS = ("First ballot", "Second ballot", "Third ballot")
IN_A_ROW = 2
TELLERS = 3
MARKS_IN_A_BOX = 5


@dataclass(frozen=True)
class Standing:
    """Somebody who stands on a ballot."""

    name: str
    agency: str


@dataclass(frozen=True)
class BallotPaper:
    """What every ballot of one round says, and how many may vote in it."""

    office: str
    round: str
    meeting: str
    standing: tuple[Standing, ...]
    voters: int
    why_so_many: str


@dataclass(frozen=True, kw_only=True)
class Ballots(Letter):
    """Ballots of one round, all alike, in rows of two; they bear no name and no number, so that the vote is secret."""

    paper: BallotPaper
    rows: tuple[range, ...]


@dataclass(frozen=True, kw_only=True)
class TallySheet(Letter):
    """Where the tellers count one round. ``boxes``: each takes five strokes, enough for every ballot there can be.

    ``second_follows``: is a second ballot taken where nobody reaches the number?
    """

    paper: BallotPaper
    boxes: range
    few_boxes: range
    needed: str
    example: str
    clauses: tuple[Citation, ...]
    second_follows: bool
    tellers: range


def has_ballot_ahead(election: Election) -> bool:
    """May another ballot of this election be taken, between somebody?"""
    if election.winner_id is not None or not may_meet(election.meeting):
        return False
    return bool(election.nominees.filter(declined=False).exists())


def ballots(election: Election, day: date) -> Ballots:
    """As many ballots of the next round as may vote. Raises ValidationError, saying why, when there is no next round.

    Nominees stand in the order in which they were nominated.
    """
    paper = _paper(election)
    rows = tuple(range(min(IN_A_ROW, paper.voters - cut)) for cut in range(0, paper.voters, IN_A_ROW))
    title = f"Ballots: {paper.office}, {paper.round.lower()}, {paper.meeting}"
    return Ballots(title=title, as_on=day, about=f"{election.meeting} {paper.office}", paper=paper, rows=rows)


def tally_sheet(election: Election, day: date) -> TallySheet:
    """The tally sheet of the next round. Raises ValidationError as ``ballots`` does."""
    paper = _paper(election)
    terms = terms_of(election.meeting)
    needed, example = _needed(terms.thresholds[Decision.ELECTION], paper.voters) if terms else _unknown()
    return TallySheet(
        title=f"Tally sheet: {paper.office}, {paper.round.lower()}, {paper.meeting}",
        as_on=day,
        about=f"{election.meeting} {paper.office}",
        paper=paper,
        boxes=range(-(-paper.voters // MARKS_IN_A_BOX)),
        few_boxes=range(2),
        needed=needed,
        example=example,
        clauses=(BYLAWS.at("V", 9), READING.at("R11")),
        second_follows=paper.round == ROUNDS[0] and len(paper.standing) > 1,
        tellers=range(TELLERS),
    )


def _paper(election: Election) -> BallotPaper:
    meeting = election.meeting
    must_stand(meeting)
    if election.winner is not None:
        raise ValidationError(f"{election.winner} is elected: there is no ballot to take.")
    if meeting.adjourned_at is not None:
        raise ValidationError(f"{meeting} is adjourned: no more ballots are taken.")
    whole = Election.objects.whole().get(pk=election.pk)
    standing = candidates_next(whole)
    if not standing:
        raise ValidationError([f"There is no ballot to take. Missing: {item}." for item in standing_of(whole).missing])
    taken = len(whole.ballots.all())
    voters, why = _voters(election)
    if not voters:
        raise ValidationError("Nobody is entitled to vote: there is no active agency on that day.")
    return BallotPaper(
        office=str(election.seat),
        round=ROUNDS[taken] if taken < len(ROUNDS) else f"Ballot {taken + 1}",
        meeting=f"{named(meeting)}, {in_words(meeting.on)}",
        standing=tuple(Standing(one.official.name, one.official.agency.name) for one in standing),
        voters=voters,
        why_so_many=why,
    )


def _voters(election: Election) -> tuple[int, str]:
    """How many may vote, and who they are: those in the room once the roll is called, before that all who may come."""
    meeting = election.meeting
    opened = meeting.called_to_order_at is not None
    house = house_now(meeting) if opened else house_before(meeting)
    if opened and house.present:
        return house.present, f"one for each agency present, of {house.entitled} entitled"
    if house.undetermined:
        why = (
            f"one for each of {house.entitled} active agencies, and {house.undetermined} whose status is not determined"
        )
        return house.entitled + house.undetermined, why
    return house.entitled, "one for each entitled agency" if opened else "one for each active agency"


def _needed(threshold: Threshold, voters: int) -> tuple[str, str]:
    """How the tellers find the number that elects, and what it is when everybody votes."""
    share = threshold.share
    times = f"multiply by {share.numerator}, " if share.numerator > 1 else ""
    how = "drop the fraction and add 1" if threshold.exceeds else "round a fraction up"
    text = f"{threshold} of the {threshold.base.label(Body.ASSEMBLY)}: {times}divide by {share.denominator}, {how}"
    return text, f"of {voters}: {threshold.needed(voters)}"


def _unknown() -> tuple[str, str]:
    return "as the bylaws in force say; the register does not know their figures", ""
