"""What is wanted, typed in one line while somebody speaks: ``15-20 officers, two canines and a light tower``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from nipas_admin.shared.citations import AGREEMENT, cites

EXACTLY = AGREEMENT.at("3.A")
MOST = 10_000
SHOWN = 5
NEAR = 4

_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
}  # fmt: skip
_COUNT = rf"(?:[0-9]+|(?<![a-z])(?:{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})(?![a-z]))"
_RANGE = rf"{_COUNT}(?:\s*(?:[-–]|to(?![a-z])|or(?![a-z]))\s*{_COUNT})?"
_PART = re.compile(
    rf"(?:(?P<before>{_RANGE})(?:\s*x(?![a-z]))?)?\s*"
    rf"(?P<name>[a-z](?:[a-z /-]*?[a-z])??)(?:\s*[=:]|\s+x)?\s*(?P<after>{_RANGE})?",
    re.ASCII | re.IGNORECASE,
)
_BETWEEN = re.compile(r"[,;\n]|\s&\s|\s\+\s|\splus\s", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_K9 = re.compile(r"\bk-?9(s?)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """One part of what is wanted: the type by its short name, at least and at most so many."""

    key: str
    least: int
    most: int


@dataclass(frozen=True)
class Read:
    """What was read of the line, and what could not be, in words."""

    asked: tuple[Asked, ...]
    refused: tuple[str, ...] = ()


@cites(EXACTLY)
def read_request(text: str, catalogue: Mapping[str, str]) -> Read:
    """What the line asks for, by the catalogue (short name to name). What is not understood is said part by part.

    Each part, between commas or “and”, is a type and a number or a range, in either order, in figures or in words up
    to twenty; without a number, one. A type may be said by the words of its name that no other type has.
    """
    asked: list[Asked] = []
    refused: list[str] = []
    names = _Names(catalogue)
    for part in _parts(text, names):
        found = _PART.fullmatch(part)
        if not found or (found["before"] and found["after"]):
            refused.append(f"“{part}” is not understood: write how many of which type, as 15-20 officers or canine 2.")
            continue
        key = names.known(found["name"])
        if key is None:
            refused.append(names.unknown(found["name"]))
            continue
        least, most = _range(found["before"] or found["after"] or "1")
        if not 1 <= least <= most <= MOST:
            refused.append(f"“{part}”: ask for one to {MOST:,}, and write a range from fewer to more.")
        elif any(one.key == key for one in asked):
            refused.append(f"{catalogue[key]} is asked for twice: put it in one part.")
        else:
            asked.append(Asked(key, least, most))
    if len(refused) > SHOWN:
        refused = [*refused[:SHOWN], f"and {len(refused) - SHOWN} more parts that are not understood."]
    if not asked and not refused:
        refused.append("Say what is wanted, as 15-20 officers, 2 canines.")
    return Read(tuple(asked), tuple(refused))


def _parts(text: str, names: _Names) -> Iterator[str]:
    """What stands between commas; “and” divides too, where it belongs to no name."""
    for piece in filter(None, (piece.strip(" .") for piece in _BETWEEN.split(text))):
        said = _K9.sub(r"canine\1", piece)
        found = _PART.fullmatch(said)
        if found and names.known(found["name"]) is not None:
            yield said
        else:
            yield from filter(None, _AND.split(said))


def _words(name: str) -> list[str]:
    """The words of a name, each as one of many: ``buses`` is ``bus``."""
    return [_one(word) for word in re.findall(r"[a-z0-9]+", name.lower())]


def _one(word: str) -> str:
    if word.endswith(("ses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


class _Names:
    """How the types of the catalogue may be said."""

    def __init__(self, catalogue: Mapping[str, str]) -> None:
        self.catalogue = catalogue
        said = [(key, key) for key in catalogue] + [(name, key) for key, name in catalogue.items()]
        self.exact = {" ".join(_words(name)): key for name, key in reversed(said)}
        self.words = {key: frozenset(_words(f"{key} {name}")) for key, name in catalogue.items()}
        # “Teams” alone says too little of canine teams, though no other name has the word.
        self.heads = {key: _words(name.partition(",")[0])[-1:] for key, name in catalogue.items()}

    def known(self, name: str) -> str | None:
        """The only type that is meant; None for none, and for several."""
        words = _words(name)
        if (key := self.exact.get(" ".join(words))) is not None:
            return key
        meant = [key for key, own in self.words.items() if own.issuperset(words)]
        return meant[0] if len(meant) == 1 and words != self.heads[meant[0]] else None

    def unknown(self, name: str) -> str:
        """The refusal, with the types that come near."""
        words = set(_words(name))
        near = [key for key, own in self.words.items() if own & words]
        close = get_close_matches(_one(name.lower()), self.exact, n=NEAR, cutoff=0.6)
        for word in sorted(words):
            every = {one for own in self.words.values() for one in own}
            alike = get_close_matches(word, every, n=2, cutoff=0.8)
            near += [key for key, own in self.words.items() if own.intersection(alike)]
        return (
            f"“{name}” is not in the catalogue of resources{self._meant([*(self.exact[one] for one in close), *near])}"
        )

    def _meant(self, keys: Iterable[str]) -> str:
        said = [
            key if self.catalogue[key].lower() == f"{key}s" else f"{key} ({self.catalogue[key]})"
            for key in list(dict.fromkeys(keys))[:NEAR]
        ]
        return f"; did you mean {' or '.join(said)}?" if said else "."


def _range(text: str) -> tuple[int, int]:
    """The least and the most of ``15-20``, ``fifteen to twenty`` or ``two``."""
    counts = [_number(one) for one in re.findall(_COUNT, text, re.IGNORECASE)]
    return counts[0], counts[-1]


def _number(text: str) -> int:
    return _NUMBERS.get(text.lower()) or int(text[:9] if text.isdecimal() else 0)
