"""Elections: nominations, ballots, a second ballot, ties that a person settles, and installation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from board.models import Ballot, BallotCount, Election, Meeting, Nominee, OfficeTerm, RollEntry, Seat
from board.rules import elections as rules
from board.rules.elections import Stage, Standing
from board.rules.quorum import quorum
from board.rules.terms import BylawsTerms, Decision
from board.services.meetings import locked, must_be_open, must_follow, must_not_be_over
from board.services.quorum import house_now, terms_of
from board.services.seats import eligibility, install, why_not
from membership.models import Official
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.records import saved


def _locked_election(election: Election) -> Election:
    locked(election.meeting)
    found: Election = Election.objects.whole().get(pk=election.pk)
    return found


def _must_be_undecided(election: Election) -> None:
    if election.winner is not None:
        raise ValidationError(f"{election.winner} is already elected: the election is decided.")


@transaction.atomic
def open_election(*, meeting: Meeting, seat: Seat, item: Any = None) -> Election:
    """Prepare the election of one office at an annual meeting (Bylaws Art. V §9)."""
    return saved(Election(meeting=must_not_be_over(locked(meeting)), seat=seat, item=item))


@transaction.atomic
def nominate(
    *,
    election: Election,
    official: Official,
    by: str,
    nominated_by: RollEntry | None = None,
    consented_on: date | None = None,
) -> Nominee:
    """Record a nomination. Raises ValidationError, with the clause, when it cannot stand (Bylaws Art. V §1, §8)."""
    election = _locked_election(election)
    must_not_be_over(election.meeting)
    _must_be_undecided(election)
    if nominated_by is not None and nominated_by.meeting_id != election.meeting_id:
        raise ValidationError({"nominated_by": f"{nominated_by} is not on the roll of this meeting."})
    person = (official.agency_id, official.name)
    if any((other.official.agency_id, other.official.name) == person for other in _candidates(election)):
        raise ValidationError({"official": f"{official.name} is already nominated for this office."})
    if election.ballots.exists():
        raise ValidationError("A ballot was taken: nominations are closed.")
    committee = by == Nominee.By.COMMITTEE
    others = election.nominees.filter(by=Nominee.By.COMMITTEE, declined=False).count() if committee else 0
    finding = rules.nomination_in_order(
        by_committee=committee,
        consented=consented_on is not None,
        agency_active=nominated_by.entitled if nominated_by is not None else None,
        others=others,
    )
    if not finding.value:
        raise ValidationError([f"{said}." for said in (*map(str, finding.because), *finding.missing)])
    if terms_of(election.meeting) is not None:
        may_be = eligibility(official, election.seat.kind, election.meeting.on)
        if may_be.value is False:
            raise ValidationError(why_not(official, election.seat, may_be))
    return saved(
        Nominee(election=election, official=official, by=by, nominated_by=nominated_by, consented_on=consented_on)
    )


@transaction.atomic
def decline(*, nominee: Nominee) -> Nominee:
    """The nominee takes the name back before a ballot is taken."""
    election = _locked_election(nominee.election)
    if election.ballots.exists():
        raise ValidationError("A ballot was taken: the name stays on it.")
    nominee.declined = True
    return saved(nominee)


def eligibility_of(nominee: Nominee) -> Finding[bool]:
    """May the nominee be elected on the day of the meeting (Bylaws Art. V §1), and why."""
    return eligibility(nominee.official, nominee.election.seat.kind, nominee.election.meeting.on)


def standing_of(election: Election) -> Finding[Standing]:
    """Where the election stands, with the arithmetic of every ballot."""
    terms = terms_of(election.meeting)
    candidates = _candidates(election)
    if election.winner is not None and (election.declared_because or terms is None):
        said = Fact(f"{election.winner} declared elected: {election.declared_because}")
        return Finding(Standing(Stage.ELECTED, election.winner.official.name), (said,))
    if terms is None:
        return Finding(
            Standing(Stage.BALLOT), (), ("the result, recorded by hand: the figures of the bylaws are not known",)
        )
    if not candidates:
        return Finding(Standing(Stage.NOMINATIONS), (), ("a nomination",))
    return rules.election(election.rounds_of_rules(), terms)


def _candidates(election: Election) -> list[Nominee]:
    return [nominee for nominee in election.nominees.all() if not nominee.declined]


def candidates_next(election: Election) -> list[Nominee]:
    """Who stands on the next ballot: all nominees, or those between whom it is; empty once it is decided or tied."""
    standing = standing_of(election).value or Standing(Stage.BALLOT)
    if standing.stage is Stage.ELECTED or standing.stage.stopped or election.winner is not None:
        return []
    candidates = _candidates(election)
    if standing.stage is Stage.SECOND_BALLOT:
        return [nominee for nominee in candidates if election.names[nominee.pk] in standing.between]
    return candidates


@transaction.atomic
def take_ballot(
    *, election: Election, at: datetime, votes: Mapping[int, int], blanks: int = 0, illegal: int = 0
) -> Ballot:
    """Record a ballot as the tellers counted it; ``votes`` by nominee's primary key.

    A majority elects and installs. Raises ValidationError without a quorum, when there are more ballots than agencies
    present, when somebody does not stand on this ballot, and after a tie until a person settles it.
    """
    election = _locked_election(election)
    must_be_open(election.meeting)
    _must_be_undecided(election)
    must_follow(election.meeting, at, "take the ballot")
    terms = _known(election.meeting)
    house = house_now(election.meeting)
    standing = quorum(house, terms)
    if not standing.value:
        raise ValidationError([f"No quorum: {fact}." for fact in standing.because])
    before = standing_of(election)
    if before.value is not None and before.value.stage.stopped:
        raise ValidationError([f"Missing: {item}." for item in before.missing])
    candidates = {nominee.pk: nominee for nominee in candidates_next(election)}
    if not candidates:
        raise ValidationError("Nobody is nominated (Bylaws Art. V §8).")
    strangers = set(votes) - set(candidates)
    if strangers:
        names = ", ".join(nominee.official.name for nominee in candidates.values())
        raise ValidationError(f"This ballot is between {names} only (Bylaws Art. V §9).")
    if min([*votes.values(), blanks, illegal]) < 0:
        raise ValidationError("A number of ballots is never below zero.")
    ballot = Ballot(
        election=election, number=election.ballots.count() + 1, taken_at=at, present=house.present, blanks=blanks,
        illegal=illegal,
    )  # fmt: skip
    counted = rules.Round(
        {election.names[key]: votes.get(key, 0) for key in candidates},
        house.present,
        blanks,
        illegal,
    )
    in_order = rules.ballots_in_order(counted)
    if not in_order.value:
        raise ValidationError([f"{fact}." for fact in in_order.because])
    saved(ballot)
    for key, nominee in candidates.items():
        saved(BallotCount(ballot=ballot, nominee=nominee, votes=votes.get(key, 0)))
    _finish(election, at)
    return ballot


def _known(meeting: Meeting) -> BylawsTerms:
    terms = terms_of(meeting)
    if terms is None:
        raise ValidationError("The figures of the bylaws in force are not known: record the result by hand.")
    if Decision.ELECTION not in terms.thresholds:
        raise ValidationError("The bylaws in force do not say how many votes elect: record the threshold with them.")
    return terms


def _finish(election: Election, at: datetime) -> None:
    """Install whoever the ballots elect."""
    election = Election.objects.whole().get(pk=election.pk)
    standing = standing_of(election).value
    if standing is None or standing.stage is not Stage.ELECTED:
        return
    winner = next(nominee for nominee in _candidates(election) if election.names[nominee.pk] == standing.elected)
    _install(election, winner, at)


def _install(election: Election, winner: Nominee, at: datetime) -> None:
    """Elected officers are installed at the annual meeting and take office then (Bylaws Art. V §9)."""
    election.winner, election.decided_at = winner, at
    saved(election)
    install(
        seat=election.seat, holder=winner.official, from_on=election.meeting.on, how=OfficeTerm.How.ELECTED,
        election=election,
    )  # fmt: skip


@transaction.atomic
def settle_tie(*, ballot: Ballot, nominees: Sequence[Nominee], because: str, at: datetime) -> Election:
    """Record what the assembly decided of a tie: who goes on to a further ballot, or who is elected (Reading R16)."""
    election = _locked_election(ballot.election)
    standing = standing_of(election).value
    if standing is None or not standing.stage.stopped:
        raise ValidationError("Nothing is tied, and the bylaws go on.")
    if ballot.number != election.ballots.count():
        raise ValidationError("Only the last ballot waits for a decision.")
    if not because.strip():
        raise ValidationError({"because": "Say what the assembly decided: the register breaks no tie (Reading R16)."})
    if any(nominee.election_id != election.pk for nominee in nominees):
        raise ValidationError({"nominees": "Choose among the nominees for this office."})
    names = {election.names[nominee.pk] for nominee in nominees}
    if not names or (ballot.number > 1 and not names <= set(standing.between)):
        raise ValidationError({"nominees": f"Choose among {', '.join(standing.between)}."})
    ballot.settled_because = because.strip()
    saved(ballot)
    ballot.settled.set(nominees)
    _finish(election, at)
    return Election.objects.whole().get(pk=election.pk)  # type: ignore[no-any-return]


@transaction.atomic
def elect_by_voice(*, meeting: Meeting, at: datetime) -> list[Election]:
    """Elect by voice vote: only when every office has exactly one nominee (Bylaws Art. V §9)."""
    meeting = locked(meeting)
    must_be_open(meeting)
    elections = list(Election.objects.whole().filter(meeting=meeting, winner__isnull=True))
    nominees = {
        str(election.seat): len(_candidates(election)) for election in Election.objects.whole().filter(meeting=meeting)
    }
    allowed = rules.voice_vote_allowed(nominees)
    if not allowed.value:
        raise ValidationError([f"{fact}." for fact in allowed.because])
    standing = quorum(house_now(meeting), _known(meeting))
    if not standing.value:
        raise ValidationError([f"No quorum: {fact}." for fact in standing.because])
    for election in elections:
        election.method = Election.Method.VOICE
        election.declared_because = "by voice, every office having one nominee"
        _install(election, _candidates(election)[0], at)
    return elections


@transaction.atomic
def declare_by_hand(*, election: Election, winner: Nominee, because: str, at: datetime) -> Election:
    """Record the result of an election held under bylaws whose figures are not known, with what shows it."""
    election = _locked_election(election)
    _must_be_undecided(election)
    if terms_of(election.meeting) is not None:
        raise ValidationError("The figures of the bylaws are known: record the ballots.")
    if winner.election_id != election.pk:
        raise ValidationError({"winner": "Choose among the nominees for this office."})
    if not because.strip():
        raise ValidationError({"because": "Say what shows the result: minutes, a letter, a tally sheet."})
    election.winner, election.decided_at, election.declared_because = winner, at, because.strip()
    return saved(election)
