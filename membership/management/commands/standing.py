"""``manage.py standing AGENCY --on DATE``: where one agency stands on a day, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q
from django.db.models.functions import Length

from membership.management.commands._day import add_on, day_asked_for
from membership.models import Agency
from membership.services import Standing, standing_of
from nipas_admin.shared.dated import in_words

SUGGESTED = 5
USUAL_ENDING = " Police Department"


class Command(BaseCommand):
    """Say where an agency stands on a day: status, why, what is missing, what is odd and what will happen."""

    help = "Says where an agency stands on a day: its status, why, what is missing, what is odd and what will happen."

    def add_arguments(self, parser: CommandParser) -> None:
        """``AGENCY``, ``--on``, ``--json``."""
        parser.add_argument("agency", metavar="AGENCY", help="Its ORI or its name; capitals do not matter.")
        add_on(parser)
        parser.add_argument("--json", action="store_true", help="The whole Finding as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the standing. Raises CommandError, with suggestions, when no agency is meant."""
        day = day_asked_for(options["on"])
        standing = standing_of(agency_meant(options["agency"]), day)
        if options["json"]:
            self.stdout.write(json.dumps(standing.as_dict(), indent=2, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(in_lines(standing)))


def agency_meant(text: str) -> Agency:
    """The agency of this ORI or name; “Police Department” may be left off.

    Raises CommandError, naming the nearest ones, when there is none.
    """
    asked = " ".join(text.split())
    agencies = Agency.objects.filter(
        Q(name__iexact=asked) | Q(name__iexact=asked + USUAL_ENDING) | Q(ori__iexact=asked)
    )
    agency: Agency | None = agencies.order_by(Length("name")).first() if asked else None
    if agency is not None:
        return agency
    known = list(Agency.objects.values_list("name", flat=True))
    if not known:
        raise CommandError("This register holds no agencies yet.")
    near = nearest(asked, known)
    advice = f"Did you mean {' or '.join(near)}?" if near else "Give its ORI or its name as the roll shows it."
    raise CommandError(f"No agency has the name or ORI “{asked}”. {advice}")


def nearest(asked: str, names: list[str]) -> list[str]:
    """Up to five names that hold what was typed, or are spelled like it, best first; none when nothing is near."""
    folded = {name.casefold(): name for name in names}
    holding = sorted(name for name in folded if asked and asked.casefold() in name)
    shortened = {name.removesuffix(USUAL_ENDING.casefold()): name for name in folded}
    alike = get_close_matches(asked.casefold(), [*shortened, *folded], SUGGESTED, 0.6)
    found = dict.fromkeys([*holding, *(shortened.get(name, name) for name in alike)])
    return [folded[name] for name in list(found)[:SUGGESTED]]


def in_lines(standing: Standing) -> Iterator[str]:
    """The standing as text: the answer first, then its why, then what is ahead."""
    agency, finding = standing.agency, standing.finding
    yield f"{agency.name} ({agency.ori or 'no ORI'})"
    yield f"On {in_words(standing.day)}: {standing.status.label}"
    parts = (
        ("Because", [str(fact) for fact in finding.because]),
        ("Missing", list(finding.missing)),
        ("Flagged", [str(fact) for fact in finding.flags]),
        ("Will happen", [f"{in_words(on)}: {status.label}" for on, status in standing.ahead]),
        (
            "With the ending",
            [f"{in_words(c.on)}: {c.text} [{'; '.join(map(str, c.citations))}]" for c in standing.consequences],
        ),
        ("Readings", [str(reading) for reading in finding.readings]),
    )
    for title, said in parts:
        if said:
            yield ""
            yield f"{title}:"
            yield from (f"  - {line}" for line in said)
