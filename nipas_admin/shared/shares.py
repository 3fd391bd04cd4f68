"""How many votes are needed: a share of a base, in whole numbers. No floats: 2 of 3 is two thirds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Share:
    """A fraction such as three fourths. Raises ValueError unless 0 < numerator <= denominator."""

    numerator: int
    denominator: int

    def __post_init__(self) -> None:
        if not 0 < self.numerator <= self.denominator:
            raise ValueError(f"{self.numerator}/{self.denominator} is not a share between nothing and all.")

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"

    def reached_by(self, votes: int, base: int) -> bool:
        """True when the votes are at least this share of the base; a vote with no votes cast never carries."""
        return votes > 0 and self.denominator * votes >= self.numerator * base

    def needed(self, base: int) -> int:
        """The least whole number of votes that is at least this share of the base, and never less than one."""
        return max(1, -(-self.numerator * base // self.denominator))


def more_than_half(base: int) -> int:
    """The least whole number that is more than half of the base."""
    return base // 2 + 1
