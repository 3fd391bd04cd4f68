"""What a motion may be, which body decides it, and what must have happened before it may be put."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from board.rules.terms import APPOINTED, Body, BylawsTerms, Decision, Office
from board.rules.votes import CLAUSES
from nipas_admin.shared.citations import AGREEMENT, BYLAWS, READING, Citation, cites
from nipas_admin.shared.dated import every, in_words
from nipas_admin.shared.findings import Fact, Finding


class Gathering(str, Enum):
    """The kinds of meeting (Bylaws Art. XI)."""

    ANNUAL = "annual"
    SPECIAL = "special"
    BOARD = "board"

    @property
    def label(self) -> str:
        """In words, as the bylaws name them."""
        return {
            Gathering.ANNUAL: "Annual General Meeting",
            Gathering.SPECIAL: "Special meeting",
            Gathering.BOARD: "Board meeting",
        }[self]

    @property
    def body(self) -> Body:
        """Who meets."""
        return Body.BOARD if self is Gathering.BOARD else Body.ASSEMBLY


class Kind(str, Enum):
    """The kinds of motion that the register tells apart."""

    ORDINARY = "ordinary"
    ADMISSION = "admission"
    TERMINATION_OBLIGATIONS = "termination_obligations"
    REMOVAL_DETRIMENT = "removal_detriment"
    BYLAWS_AMENDMENT = "bylaws_amendment"
    ADOPTION = "adoption"
    DISSOLUTION = "dissolution"
    APPOINTMENT = "appointment"
    OBJECTION = "objection"
    DUES = "dues"
    COMPENSATION = "compensation"
    DISBURSEMENT_POLICY = "disbursement_policy"
    MINUTES = "minutes"
    AMEND_MOTION = "amend_motion"
    OTHER = "other"

    @property
    def label(self) -> str:
        """In words."""
        return KINDS[self].label


@dataclass(frozen=True)
class KindOfMotion:
    """What the texts say of a kind: its name, where it may be decided, by which threshold, under which clauses.

    ``counted``: a vote by voice cannot show that the share was reached.
    """

    label: str
    gatherings: tuple[Gathering, ...]
    citations: tuple[Citation, ...]
    decision: Decision | None = None
    counted: bool = False

    def decided_by(self, body: Body) -> Decision:
        """The threshold that governs when this body decides."""
        return self.decision or (Decision.BOARD if body is Body.BOARD else Decision.ASSEMBLY)

    def clauses(self, body: Body) -> tuple[Citation, ...]:
        """The clauses under which this body decides: the kind's own, and the general one where it sets no share."""
        if self.decision is not None:
            return self.citations
        return tuple(dict.fromkeys((*CLAUSES[self.decided_by(body)], *self.citations)))


ANYWHERE = (Gathering.ANNUAL, Gathering.SPECIAL, Gathering.BOARD)
AGENCIES = (Gathering.ANNUAL, Gathering.SPECIAL)
BOARD = (Gathering.BOARD,)

KINDS: dict[Kind, KindOfMotion] = {
    Kind.ORDINARY: KindOfMotion("Ordinary motion", ANYWHERE, (BYLAWS.at("XIII"),)),
    Kind.ADMISSION: KindOfMotion("Admission of an agency", BOARD, (BYLAWS.at("III", 4),), counted=True),
    Kind.TERMINATION_OBLIGATIONS: KindOfMotion(
        "Termination for unmet obligations",
        BOARD,
        (AGREEMENT.at("4.B"), BYLAWS.at("III", 8)),
        Decision.REMOVAL,
        counted=True,
    ),
    Kind.REMOVAL_DETRIMENT: KindOfMotion(
        "Suspension or termination for detriment",
        BOARD,
        (AGREEMENT.at("4.C"), BYLAWS.at("III", 9)),
        Decision.REMOVAL,
        counted=True,
    ),
    Kind.BYLAWS_AMENDMENT: KindOfMotion(
        "Amendment of the bylaws", AGENCIES, (BYLAWS.at("XV"),), Decision.AMENDMENT, counted=True
    ),
    Kind.ADOPTION: KindOfMotion(
        "Adoption of amended bylaws", (Gathering.SPECIAL,), (AGREEMENT.at("5.A.5"),), Decision.AMENDMENT, counted=True
    ),
    Kind.DISSOLUTION: KindOfMotion(
        "Dissolution", AGENCIES, (BYLAWS.at("XVII", 1),), Decision.DISSOLUTION, counted=True
    ),
    Kind.APPOINTMENT: KindOfMotion(
        "Approval of an appointment",
        (Gathering.BOARD, Gathering.SPECIAL),
        (BYLAWS.at("IV", 4), BYLAWS.at("V", 3), BYLAWS.at("V", 6), BYLAWS.at("V", 7)),
    ),
    Kind.OBJECTION: KindOfMotion(
        "Objection to an action of the Board", AGENCIES, (BYLAWS.at("IV", 8),), Decision.OBJECTION, counted=True
    ),
    Kind.DUES: KindOfMotion("Dues, fees and rates", BOARD, (BYLAWS.at("III", 7),)),
    Kind.COMPENSATION: KindOfMotion("Compensation", BOARD, (BYLAWS.at("IX", 2),)),
    Kind.DISBURSEMENT_POLICY: KindOfMotion("Disbursement policy", BOARD, (BYLAWS.at("X"),)),
    Kind.MINUTES: KindOfMotion("Approval of minutes", ANYWHERE, (BYLAWS.at("VI", 3),)),
    Kind.AMEND_MOTION: KindOfMotion("Amendment to a motion", ANYWHERE, (BYLAWS.at("XIII", 1),)),
    Kind.OTHER: KindOfMotion("Other", ANYWHERE, (BYLAWS.at("XIII"),)),
}
REMOVALS = (Kind.TERMINATION_OBLIGATIONS, Kind.REMOVAL_DETRIMENT)


@cites(
    AGREEMENT.at("4.B"), AGREEMENT.at("4.C"), AGREEMENT.at("5.A.5"), BYLAWS.at("III", 4), BYLAWS.at("III", 7),
    BYLAWS.at("III", 8), BYLAWS.at("III", 9), BYLAWS.at("IV", 4), BYLAWS.at("IV", 8), BYLAWS.at("V", 3),
    BYLAWS.at("V", 6), BYLAWS.at("V", 7), BYLAWS.at("IX", 2), BYLAWS.at("X"), BYLAWS.at("XV", 1), BYLAWS.at("XVII", 1),
)  # fmt: skip
def right_body(kind: Kind, gathering: Gathering) -> Finding[bool]:
    """May this kind of motion be decided at this kind of meeting?"""
    known = KINDS[kind]
    if gathering in known.gatherings:
        return Finding(True, (Fact(f"{known.label}: decided at this {gathering.label}", citations=known.citations),))
    places = " or ".join(place.label for place in known.gatherings)
    article = "an" if places[0] in "AEIOU" else "a"
    text = f"{known.label}: decided at {article} {places}, not at this {gathering.label}"
    return Finding(False, (Fact(text, citations=known.citations),))


@cites(BYLAWS.at("IV", 4), BYLAWS.at("V", 3), BYLAWS.at("V", 6), BYLAWS.at("V", 7))
def appointment_in_order(office: Office, gathering: Gathering, *, agency_out: bool) -> Finding[bool]:
    """May this meeting decide an appointment to this seat?

    The Board approves what the President appoints; a special meeting fills an at-large seat whose holder's agency was
    suspended or terminated (``agency_out``), and on another cause the bylaws are silent: None. To the other two seats
    nobody is appointed.
    """
    if office in (Office.VICE_PRESIDENT, *APPOINTED):
        clause = (BYLAWS.at("V", 6),) if office is Office.VICE_PRESIDENT else (BYLAWS.at("V", 3), BYLAWS.at("V", 7))
        here = gathering is Gathering.BOARD
        text = f"{office.label}: appointed by the President, approved by the Board"
    elif office is Office.AT_LARGE:
        clause = (BYLAWS.at("IV", 4),)
        if gathering is Gathering.SPECIAL and not agency_out:
            return Finding(None, (), ("a decision of the body: on a vacancy for this cause the bylaws are silent",))
        here = gathering is Gathering.SPECIAL
        text = (
            f"{office.label}: appointed by the President at the annual meeting; a special meeting may fill the seat "
            "where the agency was suspended or terminated"
        )
    elif office is Office.PAST_PRESIDENT:
        clause, here = (BYLAWS.at("IV", 3),), False
        text = f"{office.label}: the person whom the President succeeded, appointed by nobody"
    else:
        clause, here = (BYLAWS.at("V", 5), BYLAWS.at("V", 9)), False
        text = f"{office.label}: elected at the annual meeting; a vacancy is filled with the Vice-President"
    return Finding(here, (Fact(text, citations=clause),))


@cites(BYLAWS.at("XI", 4), BYLAWS.at("XIII", 1))
def named_in_call(gathering: Gathering, *, named: bool) -> Finding[bool]:
    """A special meeting does only the business named in its call; other meetings may take up new business."""
    clause = (BYLAWS.at("XI", 4), BYLAWS.at("XIII", 1))
    if gathering is not Gathering.SPECIAL or named:
        return Finding(True, (Fact("the business may be taken up at this meeting", citations=clause),))
    return Finding(False, (Fact("a special meeting does only the business named in its call", citations=clause),))


@cites(BYLAWS.at("XV", 1))
def last_day_to_send(meeting_on: date, terms: BylawsTerms) -> date:
    """The last day on which the text of an amendment may be sent: 15 days, in the terms of 2018, before the meeting."""
    return meeting_on - timedelta(days=terms.notice_days)


@cites(BYLAWS.at("XV", 1), BYLAWS.at("XV", 2))
def amendment_in_order(
    sent_on: date | None, recommended_on: date | None, meeting_on: date, terms: BylawsTerms
) -> Finding[bool]:
    """May an amendment of the bylaws be put: its text sent to all in time, and the Board's recommendation reported?

    The recommendation may be reported at the meeting itself, before the vote; that day is flagged.
    """
    sent, advice = (BYLAWS.at("XV", 1),), (BYLAWS.at("XV", 2),)
    last = last_day_to_send(meeting_on, terms)
    sum_ = f"{in_words(meeting_on)} less {terms.notice_days} days is {in_words(last)}"
    because: list[Fact] = []
    wrong: list[Fact] = []
    missing: list[str] = []
    flags: list[Fact] = []
    if sent_on is None:
        missing.append(f"the day the text was sent to all participating agencies, by {in_words(last)} ({sum_})")
    else:
        late = "" if sent_on <= last else ": too late"
        fact = Fact(f"the text was sent on {in_words(sent_on)}; {sum_}{late}", sent_on, citations=sent)
        (wrong if late else because).append(fact)
    if recommended_on is None:
        missing.append("the Board's recommendation, reported to all before the vote")
    else:
        late = "" if recommended_on <= meeting_on else ", after the meeting"
        text = f"the Board's recommendation was reported on {in_words(recommended_on)}{late}"
        (wrong if late else because).append(Fact(text, recommended_on, citations=advice))
        if recommended_on == meeting_on:
            flags.append(Fact("reported on the day of the meeting: it must come before the vote", citations=advice))
    return _in_order(because, wrong, missing).flagged(flags)


@cites(AGREEMENT.at("5.A.5"), READING.at("R4"))
def adoption_in_order(meeting_on: date, earliest: Finding[date]) -> Finding[bool]:
    """May the special meeting adopt the amended bylaws on this day: on or after the earliest lawful one?"""
    if earliest.value is None:
        return Finding(None, earliest.because, earliest.missing, readings=earliest.readings)
    early = meeting_on < earliest.value
    fact = Fact(
        f"the meeting is on {in_words(meeting_on)}, {'before' if early else 'not before'} the earliest lawful day, "
        f"{in_words(earliest.value)}",
        meeting_on,
        citations=(AGREEMENT.at("5.A.5"), READING.at("R4")),
    )
    because = (fact, *earliest.because) if early else (*earliest.because, fact)
    return Finding(not early, because, readings=earliest.readings)


@cites(BYLAWS.at("VI", 3), BYLAWS.at("XIII", 1))
def minutes_in_order(minutes_of: date, circulated_on: date | None, meeting_on: date) -> Finding[bool]:
    """May these minutes be approved here: circulated, and of an earlier meeting?"""
    clause = (BYLAWS.at("VI", 3), BYLAWS.at("XIII", 1))
    if minutes_of >= meeting_on:
        fact = Fact(f"minutes of {in_words(minutes_of)} are approved at a later meeting", minutes_of, citations=clause)
        return Finding(False, (fact,))
    if circulated_on is None:
        return Finding(None, (), (f"the day the draft minutes of {in_words(minutes_of)} were circulated",))
    late = "" if circulated_on <= meeting_on else ", after this meeting"
    fact = Fact(f"draft circulated on {in_words(circulated_on)}{late}", circulated_on, citations=clause)
    return Finding(not late, (fact,))


@cites(BYLAWS.at("IX", 1), BYLAWS.at("IX", 2))
def compensation_in_order(payee: str, board_members: Iterable[str]) -> Finding[bool]:
    """May the Board approve compensation of this person: not of an Officer or a member of the Board?"""
    clause = (BYLAWS.at("IX", 1),)
    if not payee.strip():
        return Finding(None, (), ("who is to be paid",))
    sits = payee.strip().casefold() in {name.casefold() for name in board_members}
    text = (
        f"{payee} sits on the Board and serves without compensation" if sits else f"{payee} does not sit on the Board"
    )
    return Finding(not sits, (Fact(text, citations=clause),))


@cites(BYLAWS.at("IV", 8))
def objection_in_order(received_on: date, meeting_on: date) -> Finding[bool]:
    """May the objection be voted on here: received by the day of the meeting? It needs no other notice."""
    came = received_on <= meeting_on
    late = "" if came else ", after this meeting"
    fact = Fact(f"objection received on {in_words(received_on)}{late}", received_on, citations=(BYLAWS.at("IV", 8),))
    return Finding(came, (fact,))


def all_in_order(findings: Iterable[Finding[bool]]) -> Finding[bool]:
    """Several conditions as one: False where one fails, None where one is open, else True.

    What fails comes first, as each of them says first what is wrong.
    """
    found = sorted(findings, key=lambda finding: finding.value is not False)
    return Finding(
        every(*(finding.value for finding in found)),
        tuple(fact for finding in found for fact in finding.because),
        tuple(item for finding in found if not finding.value for item in finding.missing),
        tuple(flag for finding in found for flag in finding.flags),
        tuple(dict.fromkeys(reading for finding in found for reading in finding.readings)),
    )


def _in_order(because: list[Fact], wrong: list[Fact], missing: list[str]) -> Finding[bool]:
    """What is wrong comes first: it decides."""
    if wrong:
        return Finding(False, (*wrong, *because), tuple(missing))
    return Finding(None if missing else True, tuple(because), tuple(missing))


@cites(BYLAWS.at("XVII", 1))
def dissolved_by(voted_on: date, terms: BylawsTerms) -> date:
    """The last day by which the body is dissolved: 60 days, in the terms of 2018, from the vote."""
    return voted_on + timedelta(days=terms.dissolution_days)
