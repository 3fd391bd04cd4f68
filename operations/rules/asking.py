"""What is wanted, typed in one line: ``officer 15-20, canine 2, translator-pl``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from nipas_admin.shared.citations import AGREEMENT, cites

EXACTLY = AGREEMENT.at("3.A")
MOST = 10_000
SHOWN = 5

_PART = re.compile(
    r"(?P<before>[0-9]+(?:\s*[-–]\s*[0-9]+)?)?\s*(?P<name>[A-Za-z](?:[A-Za-z /-]*?[A-Za-z])??)(?:\s*[=:]|\s+x)?\s*"
    r"(?P<after>[0-9]+(?:\s*[-–]\s*[0-9]+)?)?",
    re.ASCII,
)


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

    Each part, between commas, is a type and a number or a range, in either order; without a number, one.
    """
    asked: list[Asked] = []
    refused: list[str] = []
    names = {key.lower(): key for key in catalogue} | {name.lower(): key for key, name in catalogue.items()}
    for part in filter(None, (piece.strip() for piece in re.split(r"[,;\n]", text))):
        found = _PART.fullmatch(part)
        if not found or (found["before"] and found["after"]):
            refused.append(f"“{part}” is not understood: write a type and how many, as officer 15-20 or canine 2")
            continue
        key = _known(found["name"], names)
        if key is None:
            refused.append(_unknown(found["name"], names))
            continue
        least, most = _range(found["before"] or found["after"] or "1")
        if not 1 <= least <= most <= MOST:
            refused.append(f"“{part}”: ask for one to {MOST:,}, and write a range from fewer to more")
        elif any(one.key == key for one in asked):
            refused.append(f"{catalogue[key]} is asked for twice: put it in one part")
        else:
            asked.append(Asked(key, least, most))
    if len(refused) > SHOWN:
        refused = [*refused[:SHOWN], f"and {len(refused) - SHOWN} more parts that are not understood"]
    if not asked and not refused:
        refused.append("Say what is wanted, as officer 15-20, canine 2")
    return Read(tuple(asked), tuple(refused))


def _known(name: str, names: Mapping[str, str]) -> str | None:
    """The type of this name, one or many of it; None where the catalogue has none."""
    said = " ".join(name.lower().split())
    for one in (said, said.removesuffix("s"), f"{said}s", said.replace(" ", "-")):
        if one in names:
            return names[one]
    return None


def _unknown(name: str, names: Mapping[str, str]) -> str:
    near = get_close_matches(name.lower(), names, n=3, cutoff=0.6)
    meant = f"; did you mean {', '.join(dict.fromkeys(names[one] for one in near))}?" if near else ""
    return f"“{name}” is not in the catalogue of resources{meant}"


def _range(text: str) -> tuple[int, int]:
    least, _, most = text.replace("–", "-").partition("-")
    return int(least[:9]), int((most.strip() or least.strip())[:9])
