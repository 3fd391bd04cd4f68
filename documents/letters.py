"""Papers that a room knows how to write, by name, so that one run can print many of them.

A room registers its builders in ``AppConfig.ready()``::

    letters.register("membership.agreement", agreement_for)

A builder takes a record's primary key, the day the paper speaks of and the person who prints; what that person may
see is its to check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from documents.pdf import Sheet


@dataclass(frozen=True)
class Order:
    """One paper ordered from the press: the template, what it is filled with, and what it says of itself.

    ``file_name`` is what the PDF is saved under; empty means its title.
    """

    template: str
    title: str
    as_on: date
    context: Mapping[str, Any] = field(default_factory=dict)
    notice: str = ""
    file_name: str = ""

    def filled(self, reference: str = "") -> dict[str, Any]:
        """The whole context of the template, under this register reference if the paper is to be filed."""
        return {**self.context, "sheet": Sheet(self.title, self.as_on, reference, self.notice)}


Builder = Callable[[int, date, Any], Order]

_builders: dict[str, Builder] = {}


def register(name: str, builder: Builder) -> None:
    """Name the function that writes this kind of letter. The last one registered under a name counts."""
    _builders[name] = builder


def builder_of(name: str) -> Builder:
    """The function that writes this kind of letter. Raises LookupError, naming those there are, when nobody does."""
    if name not in _builders:
        raise LookupError(f"No letter is called {name}; there are {', '.join(sorted(_builders)) or 'none'}.")
    return _builders[name]
