"""What the Board's papers share: who signs, days and hours in words, and the steps of a why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import localtime

from board.models import Meeting, Nominee
from board.rules.motions import Gathering
from board.rules.quorum import CLAUSES, quorum_needed
from board.rules.terms import Office
from board.services import board_on, clock, house_before, house_now, terms_of
from membership.letters.parts import Signer
from nipas_admin.shared.citations import Citation
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact

ON_A_READING = re.compile(r"depends on the reading \(R\d+\)")


def officer(office: Office, day: date) -> Signer:
    """Who holds the office on the day; without a name where it is vacant, or no bylaws surely cover the day."""
    try:
        holder = board_on(day).holder(office)
    except ValidationError:
        holder = None
    return Signer(office.label, holder.name if holder else "")


def secretary_on(day: date) -> str:
    """The name of the Secretary on the day; empty where the office is vacant, or no bylaws surely cover the day."""
    return officer(Office.SECRETARY, day).name


def on_day(day: date) -> str:
    """The day with its weekday: ``Wednesday, 20 May 2026``."""
    return f"{day:%A}, {in_words(day)}"


def at_hour(moment: datetime) -> str:
    """Day and hour in Chicago: ``Wednesday, 20 May 2026, 6:00 PM``."""
    return f"{on_day(localtime(moment).date())}, {clock(moment)}"


def hour(moment: str | None) -> str:
    """The hour in Chicago of a moment kept as data; empty for none."""
    return clock(datetime.fromisoformat(moment)) if moment else ""


def named(meeting: Meeting) -> str:
    """The kind of meeting in running text: ``Annual General Meeting``, ``special meeting``."""
    return in_text(meeting.gathering.label)


def in_text(label: str) -> str:
    """The label of a kind of meeting in running text; only the annual one is a proper name."""
    return label if label in (Gathering.ANNUAL.label, Gathering.BOARD.label) else label.lower()


def nominated(how: str) -> str:
    """How somebody was nominated, from its label: ``from the floor``, ``by the Nominating Committee``."""
    return how.lower() if how == Nominee.By.FLOOR.label else f"by the {how}"


@dataclass(frozen=True)
class Step:
    """One step of a why, with its clauses in words."""

    text: str
    clauses: str = ""


def steps(facts: Iterable[Fact]) -> tuple[Step, ...]:
    """The facts of a Finding, to print."""
    return stored_steps(fact.as_dict() for fact in facts)


def stored_steps(facts: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """The facts of a Finding as plain data, to print; lines break only between one clause and the next."""
    return tuple(
        Step(fact["text"], "; ".join(clause.replace(" ", "\u00a0") for clause in fact.get("citations", ())))
        for fact in facts
    )


def on_a_reading(flags: Iterable[Step]) -> str:
    """``depends on the reading (R10)`` where the flags say so; empty elsewhere."""
    found = (ON_A_READING.match(flag.text) for flag in flags)
    return next((match[0] for match in found if match), "")


@dataclass(frozen=True)
class QuorumSaid:
    """The quorum of a meeting in words, and the clause that sets it."""

    text: str
    clause: Citation


def quorum_said(meeting: Meeting) -> QuorumSaid:
    """How many must be there, of how many, as the register knows them; with those not determined, how many more."""
    clause, terms = CLAUSES[meeting.body], terms_of(meeting)
    if terms is None:
        return QuorumSaid("recorded by hand: the figures of the bylaws in force are not known", clause)
    house = house_before(meeting) if meeting.called_to_order_at is None else house_now(meeting)
    needed = quorum_needed(house.body, house.entitled, terms)
    most = quorum_needed(house.body, house.entitled + house.undetermined, terms)
    said = f"{needed}, of {house.entitled} {house.who}"
    if most > needed:
        said += f"; {most} if the {house.undetermined} whose status is not determined are active too"
    return QuorumSaid(said, clause)


def may_meet(meeting: Meeting) -> bool:
    """Is the meeting still to come, or in session?"""
    return meeting.cancelled_on is None and meeting.adjourned_at is None


def must_stand(meeting: Meeting) -> None:
    """Raises ValidationError, in words, for a meeting that was cancelled."""
    if meeting.cancelled_on:
        raise ValidationError(
            f"{meeting} was cancelled on {in_words(meeting.cancelled_on)}: {meeting.cancelled_because}"
        )
