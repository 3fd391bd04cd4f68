"""A place typed in degrees: read, or refused with what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nipas_admin.shared.citations import AGREEMENT, cites

SCENE = AGREEMENT.at("3.A")
EXAMPLE = "42.31, -88.01"
# Illinois and the states around it, in whole degrees: who calls from further away mistyped.
SOUTH, NORTH, WEST, EAST = 36.0, 44.0, -93.0, -86.0
_DEGREES = r"[-+−]?[0-9]{1,3}(?:\.[0-9]{0,12})?"
_PLACE = re.compile(rf"\s*({_DEGREES})\s*°?\s*([NS]?)\s*(?:,|;|\s)\s*({_DEGREES})\s*°?\s*([EW]?)\s*", re.ASCII | re.I)


@dataclass(frozen=True)
class Place:
    """Degrees north and east; or what is wrong with what was typed, in words."""

    north: float = 0.0
    east: float = 0.0
    refused: str = ""


@cites(SCENE)
def read_place(text: str) -> Place:
    """Where the scene is, of latitude and longitude in degrees, as maps show them: ``42.31, -88.01``.

    What lies beyond the poles, has its two numbers in the wrong order or the wrong sign, or is far from Illinois, is
    refused with the place that was probably meant.
    """
    found = _PLACE.fullmatch(text)
    if not found:
        return Place(
            refused=f"“{text.strip()[:40]}” is no place: give latitude and longitude in degrees, as {EXAMPLE}."
        )
    north, east = (float(found[part].replace("−", "-")) for part in (1, 3))
    north = -abs(north) if found[2].upper() == "S" else north
    east = -abs(east) if found[4].upper() == "W" else east
    if _near(north, east):
        return Place(north, east)
    meant = next((one for one in ((north, -east), (east, north), (east, -north)) if _near(*one)), None)
    hint = f"; did you mean {meant[0]:g}, {meant[1]:g}?" if meant else f"; give it as {EXAMPLE}."
    if abs(north) > 90:
        return Place(refused=f"Latitude {north:g} is beyond the pole, it ends at 90{hint}")
    if abs(east) > 180:
        return Place(refused=f"Longitude {east:g} is beyond the date line, it ends at 180{hint}")
    if _near(east, north) or _near(east, -north):
        return Place(refused=f"Latitude comes first, then longitude{hint}")
    if _near(north, -east):
        return Place(refused=f"Longitude {east:g} is east of Greenwich; here it has a minus{hint}")
    return Place(refused=f"{north:g}, {east:g} is far from Illinois: look at the numbers again{hint}")


def _near(north: float, east: float) -> bool:
    return SOUTH <= north <= NORTH and WEST <= east <= EAST
