"""What the desk of an incident shows: each line, how far it is filled, whom to ask next and who was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.safestring import SafeString

from membership.models import Agency
from nipas_admin.shared.badges import badge
from nipas_admin.shared.findings import Finding
from operations import services
from operations.map import SMALL, area_map
from operations.models import Aid, AlarmAssignment, DispatchCenter, Incident, IncidentNote, RequestLine, ResourceType
from operations.rules.cards import Filled
from operations.rules.freshness import Freshness
from operations.rules.incidents import FOLLOWS, PATIENCE, Step, is_silent, waited
from operations.services.cards import Card, Checked
from operations.timeline import agencies_around, events_of, places_of

FRESH = {
    Freshness.FRESH: badge("done", Freshness.FRESH.label),
    Freshness.DUE: badge("notice_pending", Freshness.DUE.label),
    Freshness.STALE: badge("overdue", Freshness.STALE.label),
}
LONG = 120  # minutes
STEPS = {
    Step.ASKED: "open",
    Step.ACCEPTED: "notice_pending",
    Step.EN_ROUTE: "notice_pending",
    Step.ON_SCENE: "active",
    Step.RELEASED: "closed",
    Step.DECLINED: "overdue",
    Step.NO_ANSWER: "missing",
    Step.CALLED_OFF: "closed",
}
WIDTH = 100
# What may be typed at the desk, form by form, as it stands before anything is: what was refused stays typed.
BLANK: dict[str, dict[str, str]] = {
    "line": {"wanted": ""},
    "choose": {"agency": "", "line": "", "quantity": "1", "beyond": ""},
    "note": {"text": ""},
    "learn": {"scene": "", **dict.fromkeys(("address", "staging", "radio", "hazards", "exceeds"), "")},
    "step": dict.fromkeys(("at", "quantity", "position", "reason", "beyond", "told", "own"), ""),
}


@dataclass(frozen=True)
class Typed:
    """What was typed into a form of the desk that was refused; ``aid`` for which agency."""

    form: str = ""
    sent: Mapping[str, str] = field(default_factory=dict)
    aid: int = 0

    def of(self, form: str) -> dict[str, str]:
        """What stands in the form: what was typed, else what is blank. An unpressed box is not sent."""
        if form != self.form:
            return BLANK[form]
        return {name: self.sent.get(name, "")[:2_000] for name in BLANK[form]}


@dataclass(frozen=True)
class Offered:
    """An agency to ask: with its number, how far, how fresh, for how many."""

    agency: Agency
    quantity: int
    miles: float | None
    fresh: SafeString
    stale: bool


@dataclass(frozen=True)
class Asked:
    """An agency that was asked, where it stands and what can follow."""

    aid: Aid
    badge: SafeString
    steps: tuple[tuple[str, str], ...]
    may_tell: bool
    waited: int | None
    is_silent: bool
    typed: Mapping[str, str] | None

    def _may(self, *steps: Step) -> bool:
        return any(step in FOLLOWS[self.aid.step] for step in steps)

    @property
    def waits(self) -> str:
        """How long it has not answered: ``4 min``; ``over 2 h`` once minutes say nothing any more."""
        return "over 2 h" if (self.waited or 0) > LONG else f"{self.waited} min"

    @property
    def may_accept(self) -> bool:
        """Can it be accepted, and so for how many?"""
        return self._may(Step.ACCEPTED)

    @property
    def may_arrive(self) -> bool:
        """Can it arrive, and so at which position?"""
        return self._may(Step.ON_SCENE)

    @property
    def may_decline(self) -> bool:
        """Can it be declined, of which the stricken agency is told?"""
        return self._may(Step.DECLINED)

    @property
    def may_release(self) -> bool:
        """Can it go home, and so by whose decision?"""
        return self._may(Step.RELEASED)

    @property
    def may_end(self) -> bool:
        """Can it end for a reason?"""
        return self.may_decline or self.may_release

    @property
    def fields(self) -> Mapping[str, str]:
        """What stands in its form."""
        return self.typed or BLANK["step"]


@dataclass(frozen=True)
class Line:
    """One line: the bar, whom to ask next, who was asked, what is short and why."""

    line: RequestLine
    finding: Finding[bool]
    accepted: int
    waiting: int
    offers: tuple[Offered, ...]
    asked: tuple[Asked, ...]
    shortfall: int
    because: str

    @property
    def key(self) -> str:
        """As a form sends it."""
        return str(self.line.pk)

    @property
    def state(self) -> str:
        """``filled``, ``waiting`` or ``short``: its color."""
        if self.finding.value:
            return "filled"
        return "short" if self.shortfall else "waiting"

    @property
    def words(self) -> str:
        """``17 of 15–20, filled``."""
        said = f"{self.accepted} of {self.line.wanted.said}"
        if self.finding.value:
            return f"{said}, filled"
        return f"{said}, {f'{self.waiting} asked' if self.waiting else 'not filled'}"

    @property
    def bar(self) -> tuple[int, int, int]:
        """Of a hundred: accepted, asked and not answered, and where enough is reached."""
        most = max(self.line.most, self.accepted + self.waiting)
        return (WIDTH * self.accepted // most, WIDTH * self.waiting // most, WIDTH * self.line.least // most)


def _choices(aid: Aid) -> tuple[tuple[str, str], ...]:
    """What can be pressed next; a no with its reason."""
    found = []
    for step in FOLLOWS[aid.step]:
        if step is Step.DECLINED:
            found += [("declined:local", "No: local conditions"), ("declined:other", "No: other")]
        else:
            found.append((step.value, step.label))
    return tuple(found)


def lines_of(incident: Incident, card: Card, now: datetime, typed: Typed) -> list[Line]:
    """The lines as the desk shows them now."""
    filled = {one.wanted.key: one for one in card.filled}
    rows = incident.lines.select_related("type", "incident").prefetch_related("aid__agency")
    return [_line(row, filled.get(row.pk), card, now, typed) for row in rows]


def _line(row: RequestLine, filled: Filled | None, card: Card, now: datetime, typed: Typed) -> Line:
    aids = list(row.aid.all())
    for aid in aids:
        aid.line = row
    offers = tuple(
        Offered(
            card.agencies[one.candidate.agency], one.quantity, one.candidate.miles, FRESH[one.candidate.freshness],
            one.candidate.freshness is Freshness.STALE,
        )
        for one in (filled.offers if filled else ())
    )  # fmt: skip
    asked = tuple(
        Asked(
            aid, badge(STEPS[aid.step], aid.step.label), _choices(aid),
            aid.step is Step.DECLINED and aid.told_stricken_at is None, waited(aid.course, now),
            is_silent(aid.course, now), typed.of("step") if typed.aid == aid.pk else None,
        )
        for aid in aids
    )  # fmt: skip
    return Line(
        row, services.filled(row), sum(aid.quantity for aid in aids if aid.counts),
        sum(aid.quantity for aid in aids if aid.step is Step.ASKED), offers, asked,
        filled.shortfall if filled else 0, "; ".join(map(str, filled.because)) if filled else "",
    )  # fmt: skip


def levels_of(incident: Incident, day: date) -> tuple[Checked | None, list[int]]:
    """The stricken agency's card in effect on the day with what is wrong with it, and the levels not raised yet."""
    card = AlarmAssignment.objects.in_effect_on(day).filter(agency=incident.stricken).select_related("agency").first()
    if card is None:
        return None, []
    checked = services.check_assignments([card], day, suggest=False)[0]
    raised = incident.level or 0
    return checked, sorted({line.level for line in checked.lines if line.level > raised})


def cursor_of(incident: Incident) -> str:
    """How far the history of the incident has come. Four small queries."""
    parts = (
        Incident.history.filter(id=incident.pk),
        RequestLine.history.filter(incident=incident),
        Aid.history.filter(line__incident=incident),
        IncidentNote.history.filter(incident=incident),
    )
    latest = [part.order_by("-history_id").values_list("history_id", flat=True).first() or 0 for part in parts]
    return ".".join(map(str, latest))


def _map(incident: Incident) -> SafeString:
    """The scene and who was asked, among the agencies around; nothing where the scene is not known."""
    places = places_of(incident)
    beneath = agencies_around(incident, places)
    title = f"Incident {incident.reference}: the scene, who was asked and who came"
    return area_map(places, title, beneath=beneath, size=SMALL)


def context_of(incident: Incident, now: datetime, *, runs: bool, typed: Typed) -> dict[str, Any]:
    """Everything on the desk at the moment, in the time of Chicago."""
    runs, day = runs and incident.is_open, now.date()
    card = services.card_of(incident, day) if runs else Card(())
    checked, levels = levels_of(incident, day) if runs else (None, [])
    return {
        "incident": incident,
        "runs": runs,
        "standing": services.standing_to_call(incident),
        "centers": list(DispatchCenter.objects.filter(until_on__isnull=True)),
        "lines": lines_of(incident, card, now, typed),
        "typed_form": typed.form,
        "typed": {form: typed.of(form) for form in BLANK},
        "types": list(ResourceType.objects.filter(retired_on__isnull=True)) if runs else [],
        "patience": int(PATIENCE.total_seconds() // 60),
        "warnings": card.warnings,
        "checked": checked,
        "levels": levels,
        "events": list(reversed(events_of(incident))),
        "map": _map(incident),
        "cursor": cursor_of(incident),
        "own_place": incident.latitude is None and incident.scene is not None,
    }
