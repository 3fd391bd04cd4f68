"""What may be put to the vote, where, and what must have come before: B III.4, IV.4, IV.8, V, IX, XI.4, XV, XVII, R4."""

import pytest

from board.rules import motions
from board.rules.motions import AGENCIES, ANYWHERE, BOARD, KINDS, REMOVALS, Gathering, Kind
from board.rules.terms import Body, Decision, Office
from membership.rules.joining import Packet, packet_complete
from membership.rules.leaving import Ground, Outcome, ProceedingFacts, proceeding_in_order
from nipas_admin.shared.citations import BYLAWS, READING
from nipas_admin.shared.findings import Fact, Finding
from tests.membership.rules.terms import TERMS as AGREEMENT_TERMS

from .terms import TERMS, d, said, warned

G, K = Gathering, Kind
WHERE = {
    K.ORDINARY: ANYWHERE,
    K.ADMISSION: BOARD,
    K.TERMINATION_OBLIGATIONS: BOARD,
    K.REMOVAL_DETRIMENT: BOARD,
    K.BYLAWS_AMENDMENT: AGENCIES,
    K.ADOPTION: (G.SPECIAL,),
    K.DISSOLUTION: AGENCIES,
    K.APPOINTMENT: (G.SPECIAL, G.BOARD),
    K.OBJECTION: AGENCIES,
    K.DUES: BOARD,
    K.COMPENSATION: BOARD,
    K.DISBURSEMENT_POLICY: BOARD,
    K.MINUTES: ANYWHERE,
    K.AMEND_MOTION: ANYWHERE,
    K.OTHER: ANYWHERE,
}


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.label)
def test_each_kind_of_motion_belongs_to_its_body(kind):
    found = {gathering: motions.right_body(kind, gathering) for gathering in Gathering}
    assert {gathering for gathering, finding in found.items() if finding.value} == set(WHERE[kind])
    assert all(finding.because[0].citations == KINDS[kind].citations for finding in found.values())


def test_a_motion_before_the_wrong_body_is_told_where_it_belongs():
    assert "Dissolution: decided at an Annual General Meeting or Special meeting, not at this Board meeting" in said(
        motions.right_body(K.DISSOLUTION, G.BOARD)
    )
    assert "decided at a Board meeting, not at this Special meeting" in said(motions.right_body(K.ADMISSION, G.SPECIAL))


@pytest.mark.parametrize(
    ("kind", "body", "decision", "clauses"),
    [
        pytest.param(K.ORDINARY, Body.BOARD, Decision.BOARD, "Bylaws Art. XIII §4; Bylaws Art. XIII", id="the Board's general majority"),
        pytest.param(K.ORDINARY, Body.ASSEMBLY, Decision.ASSEMBLY, "Bylaws Art. XIII §3; Bylaws Art. XIII", id="the agencies' general majority"),
        pytest.param(K.ADMISSION, Body.BOARD, Decision.BOARD, "Bylaws Art. XIII §4; Bylaws Art. III §4", id="an admission takes the general majority"),
        pytest.param(K.TERMINATION_OBLIGATIONS, Body.BOARD, Decision.REMOVAL, "Agreement §4.B; Bylaws Art. III §8", id="unmet obligations cite their own clauses"),
        pytest.param(K.REMOVAL_DETRIMENT, Body.BOARD, Decision.REMOVAL, "Agreement §4.C; Bylaws Art. III §9", id="detriment cites its own"),
        pytest.param(K.DISSOLUTION, Body.ASSEMBLY, Decision.DISSOLUTION, "Bylaws Art. XVII §1", id="dissolution has its own share"),
    ],
)  # fmt: skip
def test_each_kind_has_its_threshold_and_clauses(kind, body, decision, clauses):
    assert KINDS[kind].decided_by(body) is decision
    assert "; ".join(map(str, KINDS[kind].clauses(body))) == clauses


def test_a_share_that_must_be_shown_is_counted_and_not_voiced():
    assert {kind for kind in Kind if KINDS[kind].counted} == {
        K.ADMISSION, K.BYLAWS_AMENDMENT, K.ADOPTION, K.DISSOLUTION, K.OBJECTION, *REMOVALS,
    }  # fmt: skip


def test_meetings_are_named_as_the_bylaws_name_them():
    assert [(gathering.label, gathering.body) for gathering in Gathering] == [
        ("Annual General Meeting", Body.ASSEMBLY),
        ("Special meeting", Body.ASSEMBLY),
        ("Board meeting", Body.BOARD),
    ]


@pytest.mark.parametrize(
    ("gathering", "named", "may"),
    [
        pytest.param(G.SPECIAL, True, True, id="a special meeting does the business named in its call"),
        pytest.param(G.SPECIAL, False, False, id="and no other"),
        pytest.param(G.ANNUAL, False, True, id="the annual meeting takes up new business"),
        pytest.param(G.BOARD, False, True, id="so does the Board"),
    ],
)
def test_a_special_meeting_does_only_what_its_call_names(gathering, named, may):
    assert motions.named_in_call(gathering, named=named).value is may


@pytest.mark.parametrize(
    ("office", "gathering", "agency_out", "may"),
    [
        pytest.param(Office.SECRETARY, G.BOARD, False, True, id="the Board approves the Secretary"),
        pytest.param(Office.TREASURER, G.BOARD, False, True, id="and the Treasurer"),
        pytest.param(Office.VICE_PRESIDENT, G.BOARD, False, True, id="and who fills the Vice-Presidency"),
        pytest.param(Office.SECRETARY, G.SPECIAL, True, False, id="a special meeting appoints no Secretary"),
        pytest.param(Office.AT_LARGE, G.SPECIAL, True, True, id="a special meeting replaces an at-large member whose agency is out"),
        pytest.param(Office.AT_LARGE, G.SPECIAL, False, None, id="on a vacancy for another cause the bylaws are silent"),
        pytest.param(Office.AT_LARGE, G.BOARD, True, False, id="the Board does not replace it"),
        pytest.param(Office.PRESIDENT, G.BOARD, False, False, id="nobody appoints a President"),
        pytest.param(Office.PAST_PRESIDENT, G.SPECIAL, True, False, id="nobody appoints a past President"),
    ],
)  # fmt: skip
def test_an_appointment_is_decided_where_the_bylaws_put_it(office, gathering, agency_out, may):
    finding = motions.appointment_in_order(office, gathering, agency_out=agency_out)
    assert finding.value is may
    assert bool(finding.missing) is (may is None)
    assert bool(finding.citations) is (may is not None)


@pytest.mark.parametrize(
    ("office", "clauses"),
    [
        (Office.VICE_PRESIDENT, "Bylaws Art. V §6"),
        (Office.SECRETARY, "Bylaws Art. V §3; Bylaws Art. V §7"),
        (Office.TREASURER, "Bylaws Art. V §3; Bylaws Art. V §7"),
        (Office.AT_LARGE, "Bylaws Art. IV §4"),
        (Office.PAST_PRESIDENT, "Bylaws Art. IV §3"),
        (Office.PRESIDENT, "Bylaws Art. V §5; Bylaws Art. V §9"),
    ],
    ids=lambda value: getattr(value, "label", ""),
)
def test_an_appointment_names_the_clause_of_its_seat(office, clauses):
    finding = motions.appointment_in_order(office, G.BOARD, agency_out=False)
    assert "; ".join(map(str, finding.citations)) == clauses


@pytest.mark.parametrize(
    ("meeting", "last"),
    [
        pytest.param("2026-05-20", "2026-05-05", id="fifteen days before 20 May"),
        pytest.param("2026-03-10", "2026-02-23", id="across the end of February"),
        pytest.param("2028-03-10", "2028-02-24", id="across a leap day"),
    ],
)
def test_the_last_day_to_send_an_amendment(meeting, last):
    assert motions.last_day_to_send(d(meeting), TERMS) == d(last)


MEETING = d("2026-05-20")


@pytest.mark.parametrize(
    ("sent", "recommended", "may", "words", "missing", "flags"),
    [
        pytest.param("2026-05-04", "2026-05-01", True, "20 May 2026 less 15 days is 5 May 2026", "", "", id="sent the day before the last"),
        pytest.param("2026-05-05", "2026-05-19", True, "the text was sent on 5 May 2026", "", "", id="sent on the last day"),
        pytest.param("2026-05-06", "2026-05-01", False, "less 15 days is 5 May 2026: too late", "", "", id="sent a day late"),
        pytest.param(None, "2026-05-01", None, "", "sent to all participating agencies, by 5 May 2026", "", id="not sent yet"),
        pytest.param("2026-05-05", "2026-05-20", True, "reported on 20 May 2026", "", "it must come before the vote", id="recommended at the meeting itself"),
        pytest.param("2026-05-05", "2026-05-21", False, "21 May 2026, after the meeting", "", "", id="recommended the day after"),
        pytest.param("2026-05-05", None, None, "", "the Board's recommendation", "", id="no recommendation yet"),
        pytest.param("2026-05-06", None, False, "too late", "the Board's recommendation", "", id="late and without one: refused, and both are told"),
    ],
)  # fmt: skip
def test_an_amendment_is_sent_in_time_and_recommended_on(sent, recommended, may, words, missing, flags):
    finding = motions.amendment_in_order(sent and d(sent), recommended and d(recommended), MEETING, TERMS)
    assert finding.value is may
    assert words in said(finding)
    assert missing in " | ".join(finding.missing)
    assert bool(missing) is bool(finding.missing)
    assert flags in warned(finding)
    assert bool(flags) is bool(finding.flags)


EARLIEST = Finding(d("2019-01-30"), (Fact("60 days after 1 December 2018"),), readings=(READING.at("R4"),))


@pytest.mark.parametrize(
    ("meeting", "earliest", "may", "words"),
    [
        pytest.param("2019-01-29", EARLIEST, False, "before the earliest lawful day, 30 January 2019", id="the day before"),
        pytest.param("2019-01-30", EARLIEST, True, "not before the earliest lawful day", id="day sixty"),
        pytest.param("2019-01-31", EARLIEST, True, "60 days after 1 December 2018", id="the day after"),
        pytest.param("2019-01-31", Finding(None, (), ("the later count",)), None, "", id="the counts are open"),
    ],
)  # fmt: skip
def test_the_adoption_is_not_put_before_its_earliest_day(meeting, earliest, may, words):
    finding = motions.adoption_in_order(d(meeting), earliest)
    assert finding.value is may
    assert words in said(finding)
    assert finding.readings == earliest.readings
    assert bool(finding.missing) is (may is None)


@pytest.mark.parametrize(
    ("minutes_of", "circulated", "may"),
    [
        pytest.param("2026-05-19", "2026-05-20", True, id="of the day before, circulated at the meeting"),
        pytest.param("2026-05-20", "2026-05-20", False, id="a meeting does not approve its own minutes"),
        pytest.param("2026-05-21", "2026-05-20", False, id="nor those of a later one"),
        pytest.param("2026-04-01", "2026-05-21", False, id="circulated the day after"),
        pytest.param("2026-04-01", None, None, id="not circulated yet"),
    ],
)
def test_minutes_are_approved_at_a_later_meeting_once_circulated(minutes_of, circulated, may):
    finding = motions.minutes_in_order(d(minutes_of), circulated and d(circulated), MEETING)
    assert finding.value is may
    assert bool(finding.missing) is (may is None)


@pytest.mark.parametrize(
    ("payee", "may", "words"),
    [
        pytest.param("Ann Weber", False, "Ann Weber sits on the Board and serves without compensation", id="a member of the Board"),
        pytest.param(" ann weber ", False, "serves without compensation", id="however the name is written"),
        pytest.param("Audit Partners", True, "does not sit on the Board", id="a firm"),
        pytest.param("  ", None, "", id="nobody named"),
    ],
)  # fmt: skip
def test_no_compensation_for_those_who_sit_on_the_board(payee, may, words):
    finding = motions.compensation_in_order(payee, ["Ann Weber", "Bob Klein"])
    assert finding.value is may
    assert words in said(finding)


@pytest.mark.parametrize(
    ("received", "may"),
    [
        pytest.param("2026-05-19", True, id="the day before"),
        pytest.param("2026-05-20", True, id="on the day of the meeting"),
        pytest.param("2026-05-21", False, id="the day after: for the next meeting"),
    ],
)
def test_an_objection_is_voted_on_once_it_is_received(received, may):
    finding = motions.objection_in_order(d(received), MEETING)
    assert finding.value is may
    assert ("after this meeting" in said(finding)) is not may


FINE = Finding(True, (Fact("fine"),), (), (Fact("odd"),), (READING.at("R9"),))
OPEN = Finding(None, (Fact("half"),), ("the rest",), (), (READING.at("R9"),))
WRONG = Finding(False, (Fact("late", citations=(BYLAWS.at("XV", 1),)),))
INCOMPLETE = Finding(False, (), ("c) copy of the ordinance",))


@pytest.mark.parametrize(
    ("findings", "value", "because", "missing"),
    [
        pytest.param([], True, "", (), id="nothing is asked"),
        pytest.param([FINE, FINE], True, "fine | fine", (), id="all is fine"),
        pytest.param([FINE, OPEN], None, "fine | half", ("the rest",), id="one is open"),
        pytest.param([FINE, OPEN, WRONG], False, "late [Bylaws Art. XV §1] | fine | half", ("the rest",), id="what fails comes first"),
        pytest.param([FINE, INCOMPLETE], False, "fine", ("c) copy of the ordinance",), id="a packet that lacks a piece"),
    ],
)  # fmt: skip
def test_several_conditions_make_one_finding(findings, value, because, missing):
    finding = motions.all_in_order(findings)
    assert finding.value is value
    assert said(finding) == because
    assert finding.missing == missing
    assert len(finding.flags) == findings.count(FINE)
    assert len(finding.readings) <= 1


HALF_A_PACKET = packet_complete(Packet(letter_on=d("2026-01-05"), ordinance_copy=True))
UNHEARD = proceeding_in_order(
    ProceedingFacts(
        ground=Ground.OBLIGATIONS, outcome=Outcome.SUSPENDED, notified_on=d("2026-01-05"), hearing_on=d("2026-02-02"),
        decided_on=d("2026-03-02"), votes_for=8, in_office=11,
    ),
    AGREEMENT_TERMS,
)  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        pytest.param(HALF_A_PACKET, "the packet is not complete", id="a packet of which only a part is in"),
        pytest.param(UNHEARD, "for unmet obligations the Board may terminate, never suspend", id="a proceeding with one fault among what is in order"),
        pytest.param(motions.amendment_in_order(d("2026-05-06"), d("2026-05-01"), MEETING, TERMS), "too late", id="an amendment sent late"),
    ],
)  # fmt: skip
def test_a_refusal_begins_with_what_is_wrong(condition, words):
    assert words in motions.all_in_order([FINE, OPEN, condition]).because[0].text


@pytest.mark.parametrize(
    ("voted", "by"),
    [
        pytest.param("2026-05-20", "2026-07-19", id="sixty days on"),
        pytest.param("2027-12-31", "2028-02-29", id="to a leap day"),
    ],
)
def test_the_last_day_of_the_body_after_a_vote_to_dissolve(voted, by):
    assert motions.dissolved_by(d(voted), TERMS) == d(by)
