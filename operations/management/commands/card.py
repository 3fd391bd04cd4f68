"""``manage.py card``: the alarm card on the fly, of an incident or for a place, at the console."""

from __future__ import annotations

import json
import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from membership.management.commands._day import add_on, day_asked_for
from operations.models import Incident, ResourceType
from operations.rules.asking import read_request
from operations.rules.cards import Filled, Wanted
from operations.rules.places import read_place
from operations.services import Card, card_for, card_of

EXAMPLE = "card --at 42.31,-88.01 --need officer=20,canine=2"


class Command(BaseCommand):
    """Whom to ask, in which order, for what, with telephone numbers; and what nobody can send, and why."""

    help = "Builds an alarm card on the fly: for an incident by its number, or for a place and what is needed there."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--incident``, or ``--at`` with ``--need``; ``--on``, ``--json``."""
        parser.add_argument("--incident", metavar="N", help="Its number, as 2026-0003 or in the register.")
        parser.add_argument("--at", metavar="LAT,LON", help="The scene, in degrees: 42.31,-88.01.")
        parser.add_argument("--need", metavar="TYPES", help="What is wanted: officer=20,canine=2 or officer 15-20.")
        add_on(parser)
        parser.add_argument("--json", action="store_true", help="The whole card as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the card. Raises CommandError, in words, when it is not clear what is asked."""
        day = day_asked_for(options["on"])
        if options["incident"]:
            incident = _incident(options["incident"])
            card = card_of(incident, day)
            about = f"Incident {incident}"
        elif options["at"] and options["need"]:
            card = card_for(_wanted(options["need"]), scene=_scene(options["at"]), day=day)
            about = f"At {options['at']}"
        else:
            raise CommandError(f"Give an incident, or a place and what is needed: {EXAMPLE}.")
        if options["json"]:
            self.stdout.write(json.dumps(as_dict(card), indent=2, ensure_ascii=False))
            return
        self.stdout.write(about)
        for said in card.warnings:
            self.stdout.write(f"  ! {said}")
        for filled in card.filled:
            self._line(filled, card)

    def _line(self, filled: Filled, card: Card) -> None:
        self.stdout.write(f"\n{filled.wanted.said} {filled.wanted.type}: {filled.quantity} can be asked for")
        for offer in filled.offers:
            one = offer.candidate
            miles = "  ?  mi" if one.miles is None else f"{one.miles:5.1f} mi"
            telephone = card.agencies[one.agency].telephone or "no telephone"
            self.stdout.write(f"  {offer.quantity:3}  {miles}  {one.name}, {telephone} ({one.freshness.label.lower()})")
        for fact in filled.because:
            self.stdout.write(f"  short: {fact}")


def as_dict(card: Card) -> dict[str, Any]:
    """The card as plain data."""
    return {
        "warnings": list(card.warnings),
        "lines": [
            {
                "type": filled.wanted.type,
                "least": filled.wanted.least,
                "most": filled.wanted.most,
                "offered": filled.quantity,
                "shortfall": filled.shortfall,
                "because": [fact.as_dict() for fact in filled.because],
                "offers": [
                    {
                        "agency": offer.candidate.name,
                        "telephone": card.agencies[offer.candidate.agency].telephone,
                        "quantity": offer.quantity,
                        "miles": None if offer.candidate.miles is None else round(offer.candidate.miles, 1),
                        "freshness": offer.candidate.freshness.value,
                    }
                    for offer in filled.offers
                ],
            }
            for filled in card.filled
        ],
    }


def _incident(text: str) -> Incident:
    rows = Incident.objects.select_related("stricken")
    found: Incident | None = None
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{1,6})", text.strip()):
        found = rows.filter(year=int(match[1]), number=int(match[2])).first()
    elif re.fullmatch(r"[0-9]{1,9}", text.strip()):
        found = rows.filter(pk=int(text)).first()
    if found is None:
        latest = rows.order_by("-opened_at").first()
        known = f" The latest is {latest.reference}." if latest else " The register holds none."
        raise CommandError(f"No incident has the number {text}.{known}")
    return found


def _scene(text: str) -> tuple[float, float]:
    place = read_place(text)
    if place.refused:
        raise CommandError(place.refused)
    return place.north, place.east


def _wanted(text: str) -> list[Wanted]:
    read = read_request(text, dict(ResourceType.objects.values_list("key", "name")))
    if read.refused:
        raise CommandError(" ".join(read.refused))
    return [Wanted(number, one.key, one.least, one.most) for number, one in enumerate(read.asked, 1)]
