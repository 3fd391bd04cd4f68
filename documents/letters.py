"""Papers that a room knows how to write, by name, so that one run can print many of them.

A room registers its builder in ``AppConfig.ready()``::

    letters.register("membership.agreement", agreement_for)

The builder takes a record's primary key, the day the paper speaks of and the person who prints; what that person may
see is its to check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from documents import services
from documents.models import Paper
from documents.pdf import Sheet


@dataclass(frozen=True)
class Letter:
    """One paper ready to be printed: the template, what it is filled with, and what it says of itself."""

    template: str
    title: str
    as_on: date
    context: Mapping[str, Any] = field(default_factory=dict)
    notice: str = ""

    def sheet(self, reference: str = "") -> Sheet:
        """What the paper says of itself, under this register reference if it is to be filed."""
        return Sheet(self.title, self.as_on, reference, self.notice)

    def filled(self, reference: str = "") -> dict[str, Any]:
        """The whole context of the template."""
        return {**self.context, "sheet": self.sheet(reference)}


Builder = Callable[[int, date, Any], Letter]

_builders: dict[str, Builder] = {}


def register(name: str, builder: Builder) -> None:
    """Name the function that writes this kind of letter. The last one registered under a name counts."""
    _builders[name] = builder


def builder_of(name: str) -> Builder:
    """The function that writes this kind of letter. Raises LookupError, naming those there are, when nobody does."""
    if name not in _builders:
        raise LookupError(f"No letter is called {name}; there are {', '.join(sorted(_builders)) or 'none'}.")
    return _builders[name]


def issue(letter: Letter, user: Any) -> Paper:
    """The letter, printed under a reference of its own and filed for good."""
    return services.print_and_issue(
        letter.template, letter.context, title=letter.title, as_on=letter.as_on, user=user, notice=letter.notice
    )
