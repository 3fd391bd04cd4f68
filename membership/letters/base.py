"""What every paper of membership carries, and the people who sign and receive it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Model
from django.utils.text import slugify

from membership.models import Agency, Official

LONGEST_FILENAME = 100


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A paper ready to print: plain values that its template shows and never asks further.

    ``about`` is whom or what it concerns, as its file is named; ``notice`` stands at the foot of every page.
    """

    title: str
    as_on: date
    about: str
    notice: str = ""


@dataclass(frozen=True)
class LetterKind:
    """A kind of paper.

    ``record`` is the model it is printed for, None for the whole register; ``permission`` lets a person print it.
    ``build(record, day, **options)`` returns the ``Letter`` as the register stands in law on the day, and raises
    ValidationError, in words, when the paper would not be true.
    """

    key: str
    label: str
    record: type[Model] | None
    permission: str
    template: str
    build: Callable[..., Letter]

    def filename(self, letter: Letter) -> str:
        """What the PDF is saved under: ``mchenry-police-department-agreement-2018-05-04.pdf``."""
        about = slugify(letter.about)[:LONGEST_FILENAME]
        return slugify(f"{about} {self.key} {letter.as_on.isoformat()}") + ".pdf"


@dataclass(frozen=True)
class Signer:
    """A person who signs or is written to; name and title are empty when the register does not know them."""

    capacity: str
    name: str = ""
    title: str = ""

    @property
    def signs_as(self) -> str:
        """What stands under the signature: ``Mayor, Head of Corporate Authorities``."""
        return ", ".join(part for part in (self.title, self.capacity) if part)


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
        # A clerk's title is the capacity already: "City Clerk" needs no second "Clerk".
        words = "" if CAPACITIES[capacity].lower() in official.title.lower() else CAPACITIES[capacity]
        signers[capacity] = Signer(words, official.name, official.title)
    return signers


def context_of(letter: Letter) -> dict[str, Any]:
    """The letter's values by name, as its template finds them."""
    return dict(vars(letter))
