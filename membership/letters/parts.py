"""What the letters of membership share: the people who sign and receive them, and some words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from membership.models import Agency, Official
from membership.rules.facts import Status
from membership.rules.standing import clauses_of
from nipas_admin.shared.findings import Fact

TAKES_ARTICLE = re.compile(r"(?:City|Village|Town|Township|County|Board|State|University) of\b")


@dataclass(frozen=True)
class Signer:
    """Who signs or is written to, in one capacity; name and title are empty where the register knows none."""

    capacity: str
    name: str = ""
    title: str = ""

    @property
    def signs_as(self) -> str:
        """What stands under the signature: ``Mayor, Head of Corporate Authorities``, but only ``City Clerk``."""
        said = self.title if self.capacity.lower() in self.title.lower() else ""
        return said or ", ".join(part for part in (self.title, self.capacity) if part)

    @property
    def office(self) -> str:
        """The office in running text: ``Mayor``, or the capacity where the title is not known."""
        return self.title or self.capacity


CAPACITIES = {
    Official.Capacity.HEAD: "Head of Corporate Authorities",
    Official.Capacity.CHIEF: "Commanding Officer",
    Official.Capacity.CLERK: "Clerk",
}


def signers_of(agency: Agency, day: date) -> Mapping[Official.Capacity, Signer]:
    """Who signs for the agency on the day, by capacity; of several in office the one who came last."""
    officials = Official.objects.in_office_on(day).filter(agency=agency, capacity__in=CAPACITIES)
    signers = {capacity: Signer(words) for capacity, words in CAPACITIES.items()}
    for official in officials.order_by(F("from_on").asc(nulls_first=True), "pk"):
        capacity = Official.Capacity(official.capacity)
        signers[capacity] = Signer(CAPACITIES[capacity], official.name, official.title)
    return signers


_secretary: list[Callable[[date], str]] = []


def tell_secretary(teller: Callable[[date], str]) -> None:
    """Name the function by which the room of the Board says who is Secretary on a day; empty for nobody."""
    _secretary[:] = [teller]


def secretary_on(day: date) -> Signer:
    """The Secretary of the body, who signs its papers; without a name where no room tells it."""
    return Signer("Secretary", _secretary[0](day) if _secretary else "")


def with_article(public_body: str) -> str:
    """The public body in running text: ``the City of McHenry``, but ``Lake County``; empty stays empty."""
    return f"the {public_body}" if TAKES_ARTICLE.match(public_body) else public_body


def in_short(status: Status, because: Iterable[Fact]) -> tuple[Fact, ...]:
    """Of a why, the facts that rest on the very clauses of the status; the whole why where none does."""
    facts = tuple(because)
    return tuple(fact for fact in facts if fact.citations == clauses_of(status)) or facts
