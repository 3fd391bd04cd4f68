"""Joining: who may ask, what the packet holds, when participation begins, and whether stints overlap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from membership.rules.facts import Adoption, Stint
from membership.rules.standing import (
    agreement_in_force_on,
    begins,
    endings_by,
    lapsed_by,
    papers_complete_on,
)
from nipas_admin.shared.citations import AGREEMENT, BYLAWS, READING, cites
from nipas_admin.shared.dated import Dated, day_after, in_words
from nipas_admin.shared.findings import Fact, Finding, dated_fact
from nipas_admin.shared.periods import Period

NEW_AGENCY = (AGREEMENT.at("5.B"), BYLAWS.at("III", "2.c"))


@cites(BYLAWS.at("III", 3))
def eligible(ori: str) -> Finding[bool]:
    """May the agency participate: Illinois law-enforcement agencies only. Not determined without an ORI."""
    clause = (BYLAWS.at("III", 3),)
    if not ori:
        return Finding(None, (), ("the agency's ORI, which shows that it is an Illinois law-enforcement agency",))
    of_illinois = ori.upper().startswith("IL")
    return Finding(
        of_illinois, (Fact(f"its ORI is {ori}, {'of' if of_illinois else 'not of'} Illinois", citations=clause),)
    )


@dataclass(frozen=True)
class Packet:
    """The packet of Bylaws Art. III §4. ``recommender_good`` is None while its standing is not determined."""

    letter_on: date | None
    recommender: str = ""
    recommended_on: date | None = None
    recommender_good: bool | None = None
    recommender_good_at_vote: bool | None = None
    ordinance_copy: bool = False
    executed_copy: bool = False
    other_wanted: str = ""
    other_received: bool = False


@cites(BYLAWS.at("III", 4))
def packet_complete(packet: Packet) -> Finding[bool]:
    """Is everything in that the Board needs before it approves *or* disapproves? Missing pieces carry their letter."""
    clause = BYLAWS.at("III", 4)
    items = [
        (packet.letter_on is not None, "a) letter of request", packet.letter_on),
        (
            bool(packet.recommender and packet.recommended_on),
            "b) letter of recommendation from a participating agency",
            packet.recommended_on,
        ),
        (packet.ordinance_copy, "c) copy of the ordinance or resolution", None),
        (packet.executed_copy, "d) copy of the agreement, executed by both", None),
        (
            not packet.other_wanted or packet.other_received,
            f"e) other materials: {packet.other_wanted or 'none asked for'}",
            None,
        ),
    ]
    because = [Fact(f"{text}: in", on, citations=(clause,)) for done, text, on in items if done]
    missing = [text for done, text, _on in items if not done]
    flags: list[Fact] = []
    if packet.recommender and packet.recommended_on:
        if packet.recommender_good is False:
            missing.append(
                f"b) a recommender that was active and in good standing on {in_words(packet.recommended_on)}: "
                f"{packet.recommender} was not"
            )
        elif packet.recommender_good is None:
            missing.append(
                f"b) whether {packet.recommender} was active and in good standing on {in_words(packet.recommended_on)}"
            )
        if packet.recommender_good and packet.recommender_good_at_vote is False:
            flags.append(
                Fact(
                    f"{packet.recommender} recommended while in good standing and has lost it since",
                    citations=(clause, READING.at("R13")),
                )
            )
    open_only = (
        packet.recommender_good is None and len(missing) == 1 and bool(packet.recommender and packet.recommended_on)
    )
    if missing and not open_only:
        because.insert(0, Fact("the packet is not complete", citations=(clause,)))
    return Finding(True if not missing else None if open_only else False, tuple(because), tuple(missing), tuple(flags))


@cites(BYLAWS.at("III", 5), formalised=False)
def capability_and_proximity() -> str:
    """What the Board weighs, capability and proximity, is its judgement; the register only computes distances."""
    return "The Board weighs capability and proximity; the register gives the distance to the nearest active agencies."


@cites(BYLAWS.at("III", 9), formalised=False)
def detrimental() -> str:
    """Whether behavior is detrimental is for the Board to find; the register records what it found."""
    return "Whether behavior is detrimental is for the Board to find."


@cites(AGREEMENT.at("6.A"), AGREEMENT.at("6.C"), BYLAWS.at("II"), formalised=False)
def immunities_law_and_venue() -> str:
    """Immunities, governing law, venue and purpose bind the agencies; the register acts on none of them."""
    return "Immunities, law, venue and purpose are not acted on by the register."


@cites(*NEW_AGENCY, READING.at("R5"))
def admission(stint: Stint) -> Finding[date]:
    """The first day of participation of a new agency: the last of four events, three where no dues are required.

    The agreement may be in force earlier; both days are shown where they differ.
    """
    events = [
        ("Approval by the corporate authorities", stint.approval, AGREEMENT.at("5.B.1")),
        ("signature of the head of the corporate authorities", stint.head_signed, AGREEMENT.at("5.B.2")),
        ("signature of the commanding officer", stint.chief_signed, AGREEMENT.at("5.B.2")),
        ("approval by the Board", stint.board_approved, AGREEMENT.at("5.B.3")),
    ]
    if stint.dues_required:
        events.append(("payment of joining dues", stint.dues_paid, BYLAWS.at("III", "2.c.iv")))
    because = [dated_fact(text, when, clause) for text, when, clause in events if when.happened]
    missing = [f"{text} [{clause}]" for text, when, clause in events if not when.happened]
    missing += [f"the day of {text} [{clause}]" for text, when, clause in events if when.happened and when.day is None]
    in_force, participating = agreement_in_force_on(stint), papers_complete_on(stint)
    if in_force.day and in_force.day != participating.day:
        because.append(
            Fact(
                f"agreement in force from {in_words(in_force.day)}; participation waits for the dues",
                in_force.day,
                citations=NEW_AGENCY,
            )
        )
    flags = []
    executed = max((w.day for w in (stint.head_signed, stint.chief_signed) if w.day), default=None)
    if stint.board_approved.day and executed and stint.board_approved.day < executed:
        flags.append(
            Fact(
                f"the Board approved on {in_words(stint.board_approved.day)}, before the Execution of "
                f"{in_words(executed)}",
                stint.board_approved.day,
                citations=(BYLAWS.at("III", "4.d"),),
            )
        )
    return Finding(participating.day, tuple(because), tuple(missing), tuple(flags), (READING.at("R5"),))


@cites(*NEW_AGENCY)
def surely_lasted(stint: Stint, adoption: Adoption) -> Period | None:
    """The days on which a stint stood beyond doubt: from the day by which it had begun until its first sure ending.

    Where it is open whether it lapsed, only that first day counts. None when no day is sure.
    """
    begun = begins(stint).latest
    if begun is None or lapsed_by(stint, adoption, begun) is not False:
        return None
    ended = next((on for on, _status in endings_by(stint, adoption, date.max)), None)
    if ended is not None:
        return Period(begun, ended) if begun < ended else None
    return Period(begun, None if lapsed_by(stint, adoption, date.max) is False else day_after(begun))


@cites(*NEW_AGENCY)
def overlapping(stints: Sequence[Period]) -> tuple[Period, Period] | None:
    """The first two stints that share a day; None when each ends before the next begins."""
    ordered = sorted(stints, key=lambda period: period.start)
    return next(((a, b) for i, a in enumerate(ordered) for b in ordered[i + 1 :] if a.overlaps(b)), None)


@cites(AGREEMENT.at("5.A"), AGREEMENT.at("5.B"), READING.at("R21"))
def papers_serve_again(lapsed: bool, approved: Dated, ended_on: date) -> Finding[bool]:
    """May an earlier paper serve for coming back? A straggler's late papers may; who left needs fresh ones."""
    clause = (AGREEMENT.at("5.B"), READING.at("R21"))
    if lapsed:
        return Finding(
            True,
            (Fact("participation lapsed; papers completed late may serve", citations=clause),),
            readings=(READING.at("R21"),),
        )
    fresh = None if approved.latest is None else approved.latest >= ended_on
    fact = Fact(f"the agency left on {in_words(ended_on)}; its paper bears {approved}", approved.day, citations=clause)
    missing = ("the day of the paper",) if fresh is None else () if fresh else ("fresh Approval and Execution",)
    return Finding(fresh, (fact,), missing, readings=(READING.at("R21"),))


@cites(BYLAWS.at("III", 6), BYLAWS.at("XIII", 1))
def votes_of(active: bool) -> int:
    """One vote for each active agency, whatever its size; no weights and no proxies."""
    return 1 if active else 0


@cites(BYLAWS.at("III", 6))
def casts_the_vote(capacities: Iterable[str]) -> bool:
    """May this official cast the agency's vote: its chief executive officer or official designee."""
    return bool({"chief", "designee"} & set(capacities))
