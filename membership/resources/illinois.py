"""The FBI's list of Illinois law-enforcement agencies, with its own column names, as a table of agencies.

What is taken, and how its known faults are met:

- ``ori``, ``agency_name``, ``counties``: as they are; county names are spelled as the register spells them.
- ``agency_type``: municipal, county, university_college, other; state_police and state_other are both *state*.
- ``street_address``, ``city``, ``telephone``: from the building survey joined to the list; capitals are undone.
- coordinates: only the building's own. The FBI's point is often a county's centroid, so it is left out.
- ``sworn_officers`` with ``sworn_year``: as of 31 October of that year, when the FBI counts. A 0 there means *not
  reported*, so it is left blank. Total employees and population are not officers and are not taken.
"""

from __future__ import annotations

import string
from collections.abc import Collection, Iterable

from nipas_admin.shared.columns import text_of
from nipas_admin.shared.tables import Line, Table

TAKEN = {"ori", "agency_name", "agency_type", "counties", "street_address", "city", "telephone", "sworn_officers"}
MARKS = {"ori", "agency_name", "agency_type", "coord_source"}
HEADINGS = [
    "ori", "name", "kind", "counties", "street", "city", "telephone", "latitude", "longitude", "sworn_officers",
    "sworn_as_of",
]  # fmt: skip
STATE = {"state_police", "state_other"}
SIX_PLACES = 6


def is_the_list(headings: Iterable[str]) -> bool:
    """Are these the column names of the FBI's list?"""
    return {heading.strip().casefold() for heading in headings} >= MARKS


def as_agencies(table: Table, known: Collection[str], counties: Iterable[str]) -> tuple[Table, list[str]]:
    """The agencies of the list that are not known by ORI or name yet, and what to say about the rest.

    ``known`` holds ORIs and names in small letters; row numbers stay those of the list.
    """
    names = [heading.strip().casefold() for heading in table.headings]
    spelled = {_letters(county): county for county in counties}
    lines = []
    for line in table.lines:
        row = dict(zip(names, map(text_of, line.cells), strict=True))
        if row["ori"].casefold() not in known and row["agency_name"].casefold() not in known:
            lines.append(Line(line.number, _agency(row, spelled)))
    notes = ["This is the FBI's list of Illinois agencies: it adds agencies and changes none that the register has."]
    if left := len(table.lines) - len(lines):
        notes.append(f"{left} of its {len(table.lines)} agencies are in the register already and stay as they are.")
    if unused := [name for name in names if name not in TAKEN and not name.startswith(("hifld_l", "sworn_"))]:
        notes.append(f"Not taken, because they do not say what the register asks: {', '.join(unused)}.")
    return Table(HEADINGS, lines), notes


def _agency(row: dict[str, str], spelled: dict[str, str]) -> list[str]:
    kind = row["agency_type"]
    surveyed = row.get("coord_source") == "hifld"
    counties = [spelled.get(_letters(name), name.strip()) for name in row.get("counties", "").split(";")]
    sworn = row.get("sworn_officers", "")
    counted = sworn not in ("", "0")
    year = row.get("sworn_year", "")
    return [
        row["ori"],
        row["agency_name"],
        "state" if kind in STATE else kind,
        "; ".join(name for name in counties if name),
        string.capwords(row.get("street_address", "")),
        _city(row.get("city", ""), row["agency_name"]),
        row.get("telephone", ""),
        _degrees(row.get("hifld_latitude", "")) if surveyed else "",
        _degrees(row.get("hifld_longitude", "")) if surveyed else "",
        sworn if counted else "",
        f"{year}-10-31" if counted and year else "",
    ]


def _letters(name: str) -> str:
    return "".join(filter(str.isalpha, name)).casefold()


def _city(city: str, agency: str) -> str:
    """The city as its own agency spells it, else with small letters: MCHENRY is McHenry."""
    start = agency.casefold().find(city.casefold())
    return agency[start : start + len(city)] if start >= 0 else string.capwords(city)


def _degrees(said: str) -> str:
    """Six places of a degree are four inches; the register keeps no more."""
    try:
        return f"{round(float(said), SIX_PLACES):f}"
    except ValueError:
        return said
