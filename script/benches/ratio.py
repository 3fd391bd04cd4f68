"""One figure: how our way compares with the best hand-written one, measured in the same run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True)
class Ratio:
    """Ours over theirs; ``limit`` is the most (or, with ``at_least``, the least) it should be."""

    name: str
    value: float
    limit: float
    note: str = ""
    at_least: bool = False

    @property
    def within(self) -> bool:
        """True when the figure is on the right side of its limit."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        verdict = "ok" if self.within else "OVER"
        return (
            f"{verdict:4} {self.name}: {self.value:.2f} (should be {sign} "
            f"{self.limit:g}){'; ' + self.note if self.note else ''}"
        )


def seconds(work: Callable[[], object]) -> float:
    """How long one run takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def compare(ours: Callable[[], object], theirs: Callable[[], object], rounds: int = 7) -> tuple[float, float, float]:
    """Least seconds of ours and theirs, run in turn after one warm-up each, and the ratio of the two."""
    ours(), theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _round in range(rounds)]
    mine, best = min(p[0] for p in pairs), min(p[1] for p in pairs)
    return mine, best, mine / best
