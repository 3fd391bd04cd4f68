"""The papers of an incident, and the summary of a readiness inquiry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from documents.letters import Letter
from nipas_admin.shared import parts
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.furniture import Related
from nipas_admin.shared.numbers import INCIDENT
from operations.letters.cards import Number, numbers_on
from operations.map import area_map
from operations.models import Aid, Incident, ReadinessInquiry, RequestLine
from operations.numbers import numbered
from operations.rules.incidents import Step
from operations.rules.readiness import HOURS, Reply
from operations.services import card_of, filled, tally_of
from operations.timeline import Event, agencies_around, events_of, places_of


def clock(moment: datetime | None) -> str:
    """The hour in Chicago, as on the radio log: ``18:42``; empty for None."""
    return f"{localtime(moment):%H:%M}" if moment else ""


@dataclass(frozen=True)
class Came:
    """One agency asked for a line: how many, and its moments; ``why`` is its reason or position."""

    agency: str
    telephone: str
    quantity: int
    miles: str
    step: str
    asked: str
    answered: str
    arrived: str
    released: str
    why: str


@dataclass(frozen=True)
class Line:
    """One line of what was asked for, with who was asked, and what that comes to."""

    what: str
    wanted: str
    note: str
    result: str
    came: tuple[Came, ...]


@dataclass(frozen=True)
class ToAsk:
    """One agency the card on the fly would have asked next."""

    what: str
    agency: str
    telephone: str
    quantity: int
    miles: str
    fresh: str


@dataclass(frozen=True, kw_only=True)
class IncidentPaper(Letter):
    """An incident as it stands: what, where, by whose authority, what was asked, who came, and when."""

    reference: str
    stricken: str
    nature: str
    exceeds: str
    requested_by: str
    authority: str
    place: str
    staging: str
    radio: str
    hazards: str
    opened: str
    closed: str
    lines: tuple[Line, ...]
    to_ask: tuple[ToAsk, ...]
    short: tuple[str, ...]
    warnings: tuple[str, ...]
    numbers: tuple[Number, ...]
    events: tuple[tuple[str, tuple[Event, ...]], ...]
    picture: SafeString
    tables: tuple[Related, ...]


def running_card(row: Incident, day: date) -> IncidentPaper:
    """The card of an incident as it stands: who was asked, and whom to ask next."""
    return _paper(row, day, f"Alarm card of incident {row.reference}", with_next=row.is_open)


def after_action(row: Incident, day: date) -> IncidentPaper:
    """The after-action report. Raises ValidationError while the incident is open."""
    if row.closed_at is None or localtime(row.closed_at).date() > day:
        raise ValidationError(f"Incident {row.reference} is open on {in_words(day)}: close it first.")
    return _paper(row, day, f"After-action report, incident {row.reference}", with_next=False)


def _paper(row: Incident, day: date, title: str, *, with_next: bool) -> IncidentPaper:
    lines = list(row.lines.select_related("type").prefetch_related("aid__agency"))
    card = card_of(row, day) if with_next else None
    by_key = {line.pk: line for line in lines}
    events, places = events_of(row), places_of(row)
    return IncidentPaper(
        title=title,
        as_on=day,
        about=f"incident {row.reference}",
        reference=row.reference,
        stricken=row.stricken.name,
        nature=row.nature,
        exceeds=row.exceeds,
        requested_by=row.requested_by,
        authority=row.get_authority_display(),
        place=row.address,
        staging=row.staging,
        radio=row.radio,
        hazards=row.hazards,
        opened=_in_full(row.opened_at),
        closed=_in_full(row.closed_at),
        lines=tuple(_line(line) for line in lines),
        to_ask=tuple(
            ToAsk(
                str(by_key[one.wanted.key].type), offer.candidate.name, card.agencies[offer.candidate.agency].telephone,
                offer.quantity, "" if offer.candidate.miles is None else f"{offer.candidate.miles:.1f}",
                offer.candidate.freshness.label,
            )
            for one in (card.filled if card else ())
            for offer in one.offers
            if card
        ),
        short=tuple(
            f"{by_key[one.wanted.key].type}: {'; '.join(fact.text for fact in one.because)}"
            for one in (card.filled if card else ())
            if one.shortfall
        ),
        warnings=card.warnings if card else (),
        numbers=numbers_on(day),
        events=tuple(
            (in_words(on), tuple(found)) for on, found in groupby(events, key=lambda event: localtime(event.at).date())
        ),
        picture=area_map(
            places, f"Incident {row.reference}: who was sent from where", beneath=agencies_around(row, places)
        ),
        tables=() if with_next or row.is_open else _of_rooms(row, day),
    )  # fmt: skip


def _of_rooms(row: Incident, day: date) -> tuple[Related, ...]:
    """What the other rooms have on the incident."""
    known = numbered(row, None)
    return tuple(table for part in parts.of(INCIDENT) for table in part.printed(known, day))


def _in_full(moment: datetime | None) -> str:
    return f"{in_words(localtime(moment).date())}, {clock(moment)}" if moment else ""


def _line(line: RequestLine) -> Line:
    result = filled(line)
    return Line(
        str(line.type), line.wanted.said, line.note, "; ".join(fact.text for fact in result.because),
        tuple(_came(aid) for aid in line.aid.all()),
    )  # fmt: skip


def _came(aid: Aid) -> Came:
    why = aid.position
    if aid.step is Step.DECLINED:
        why = ": ".join(part for part in (aid.get_declined_because_display(), aid.reason) if part)
    elif aid.left_itself:
        why = "; ".join(part for part in (why, "left by its own decision", aid.reason) if part)
    if aid.beyond:
        why = "; ".join(part for part in (why, "beyond its list, on its own word") if part)
    return Came(
        aid.agency.name, aid.agency.telephone, aid.quantity, "" if aid.miles is None else str(aid.miles),
        aid.step.label, clock(aid.asked_at), clock(aid.accepted_at or aid.declined_at), clock(aid.on_scene_at),
        clock(aid.released_at), why,
    )  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One agency's answer."""

    agency: str
    reply: str
    people: str
    hours: str
    reason: str
    by: str


@dataclass(frozen=True, kw_only=True)
class InquirySummary(Letter):
    """What agencies answered, added up by reply and by hour. Not binding."""

    inquiry: str
    scenario: str
    asked_for: str
    asked: str
    closes: str
    counts: tuple[tuple[str, int], ...]
    hours: tuple[tuple[int, int, int], ...]
    answers: tuple[Said, ...]


def inquiry_summary(row: ReadinessInquiry, day: date) -> InquirySummary:
    """The answers as they stand."""
    found = tally_of(row)
    rows = row.invitations.select_related("agency").order_by("agency__name")
    counts = [(reply.label, found.replies[reply]) for reply in Reply] + [("No answer", found.silent)]
    return InquirySummary(
        title=f"Readiness inquiry: {row.title}",
        as_on=day,
        about=row.title,
        notice="An answer binds nobody; it is asked for emergencies only",
        inquiry=row.title,
        scenario=row.scenario,
        asked_for=row.asked_for,
        asked=_in_full(row.asked_at),
        closes=_in_full(row.closes_at),
        counts=tuple(counts),
        hours=tuple((hour, found.sure[hour], found.conditional[hour]) for hour in HOURS),
        answers=tuple(
            Said(
                one.agency.name, one.get_reply_display() or "No answer", "" if one.people is None else str(one.people),
                "" if one.hours is None else str(one.hours), one.reason, one.replied_by,
            )
            for one in rows
        ),
    )  # fmt: skip
