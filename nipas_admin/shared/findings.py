"""A Finding: an answer together with its why. Screens, letters, CSV and JSON all show this one object."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from typing import Any, Generic, TypeVar

from nipas_admin.shared.citations import Citation
from nipas_admin.shared.dated import Dated, in_words

Value = TypeVar("Value")


class Evidence(str, Enum):
    """How well a fact is known, best first."""

    ON_FILE = "on_file"
    RECITAL = "recital"
    REPORTED = "reported"
    INFERRED = "inferred"

    @property
    def label(self) -> str:
        """In words: ``on file``."""
        return self.value.replace("_", " ")


@dataclass(frozen=True)
class Fact:
    """One step of a why: what is so, since or on which day, by what evidence, under which clauses."""

    text: str
    on: date | None = None
    evidence: Evidence | None = None
    source: str = ""
    citations: tuple[Citation, ...] = ()

    def __str__(self) -> str:
        said = self.text
        if self.evidence or self.source:
            grade = self.evidence.label if self.evidence else ""
            said += f" ({': '.join(part for part in (grade, self.source) if part)})"
        if self.citations:
            said += f" [{'; '.join(map(str, self.citations))}]"
        return said

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON; empty parts are left out."""
        return {
            key: value
            for key, value in {
                "text": self.text,
                "on": self.on.isoformat() if self.on else None,
                "evidence": self.evidence.label if self.evidence else None,
                "source": self.source or None,
                "citations": [str(citation) for citation in self.citations] or None,
            }.items()
            if value is not None
        }


@dataclass(frozen=True)
class Finding(Generic[Value]):
    """An answer and its why.

    ``value`` is None when the question is not determined; ``missing`` then says what would settle it.
    ``flags`` are warnings that do not change the answer; ``readings`` name the documented choices it rests on.
    """

    value: Value | None
    because: tuple[Fact, ...] = ()
    missing: tuple[str, ...] = ()
    flags: tuple[Fact, ...] = ()
    readings: tuple[Citation, ...] = field(default=())

    @property
    def determined(self) -> bool:
        """False when the register cannot answer yet."""
        return self.value is not None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every clause the answer rests on, once each, in the order first used."""
        return tuple(dict.fromkeys(citation for fact in self.because for citation in fact.citations))

    def flagged(self, flags: Iterable[Fact]) -> Finding[Value]:
        """The same answer with more warnings."""
        return replace(self, flags=self.flags + tuple(flags))

    def as_dict(self) -> dict[str, Any]:
        """The whole Finding as plain data, for JSON."""
        return {
            "value": plain(self.value),
            "determined": self.determined,
            "because": [fact.as_dict() for fact in self.because],
            "missing": list(self.missing),
            "flags": [fact.as_dict() for fact in self.flags],
            "readings": [str(reading) for reading in self.readings],
        }


def plain(value: Any) -> Any:
    """A value as JSON can carry it: ISO days, enum values, the words of a ``Dated``."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Dated):
        return value.day.isoformat() if value.day else str(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    return value


def not_determined(*missing: str, because: Iterable[Fact] = (), readings: tuple[Citation, ...] = ()) -> Finding[Any]:
    """A Finding without an answer, saying what is missing. Raises ValueError when nothing is named."""
    if not missing:
        raise ValueError("Say what is missing.")
    return Finding(None, tuple(because), tuple(missing), (), readings)


def dated_fact(
    text: str, when: Dated, *citations: Citation, evidence: Evidence | None = None, source: str = ""
) -> Fact:
    """A fact that carries what is known of its day, in its words and as data when exact."""
    return Fact(f"{text}: {when}", when.day, evidence, source, citations)


__all__ = ["Evidence", "Fact", "Finding", "dated_fact", "in_words", "not_determined", "plain"]
