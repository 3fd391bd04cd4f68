"""Where a rule stands: article and section, carried as data by the function that applies it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

Function = TypeVar("Function", bound=Callable[..., object])

_RULES: dict[str, Rule] = {}


@dataclass(frozen=True, order=True)
class Citation:
    """One place in one instrument, for example ``Agreement §4.A`` or ``Bylaws Art. III §10``."""

    instrument: str
    place: str

    def __str__(self) -> str:
        return f"{self.instrument} {self.place}"


@dataclass(frozen=True)
class Agreement:
    """The mutual aid agreement; its places are sections: ``AGREEMENT.at("4.A")``."""

    name: str = "Agreement"

    def at(self, section: str) -> Citation:
        """The section, as ``Agreement §4.A``."""
        return Citation(self.name, f"§{section}")


@dataclass(frozen=True)
class Bylaws:
    """The bylaws; their places are an article and perhaps a section: ``BYLAWS.at("III", "10")``."""

    name: str = "Bylaws"

    def at(self, article: str, section: str | int | None = None) -> Citation:
        """The article or section, as ``Bylaws Art. III §10``."""
        place = f"Art. {article}" if section is None else f"Art. {article} §{section}"
        return Citation(self.name, place)


@dataclass(frozen=True)
class Readings:
    """Our documented choices where the texts are silent or disagree (docs/open-questions.md)."""

    name: str = "Reading"

    def at(self, number: str) -> Citation:
        """The reading, as ``Reading R9``."""
        return Citation(self.name, number)


AGREEMENT = Agreement()
BYLAWS = Bylaws()
READING = Readings()


@dataclass(frozen=True)
class Rule:
    """A function and the places it applies; ``formalised`` is False where judgement is left to people."""

    function: Callable[..., object]
    citations: tuple[Citation, ...]
    formalised: bool = True

    @property
    def name(self) -> str:
        """Dotted name of the function, without the room's private prefixes."""
        return f"{self.function.__module__}.{self.function.__qualname__}"


def cites(*citations: Citation, formalised: bool = True) -> Callable[[Function], Function]:
    """Register a rule with the clauses it applies. Raises ValueError when no clause is named."""
    if not citations:
        raise ValueError("A rule cites at least one clause, for example cites(AGREEMENT.at('4.A')).")

    def register(function: Function) -> Function:
        rule = Rule(function, citations, formalised)
        _RULES[rule.name] = rule
        function.citations = citations  # type: ignore[attr-defined]
        return function

    return register


def citations_of(function: Callable[..., object]) -> tuple[Citation, ...]:
    """The clauses a rule applies. Raises LookupError for a function that cites none."""
    try:
        return function.citations  # type: ignore[attr-defined, no-any-return]
    except AttributeError:
        raise LookupError(f"{function.__qualname__} cites no clause.") from None


def rules() -> Iterator[Rule]:
    """Every registered rule, in the order of its dotted name."""
    yield from (_RULES[name] for name in sorted(_RULES))
