"""The agencies of the demonstration register: invented names in five real counties. None of these places exists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from membership.models import Agency

VILLAGES = {
    "Cook": (
        "Alder Crossing, Amberfield, Aspen Ridge, Barley Mill, Bellhaven, Blackthorn, Briar Glen, "
        "Clearbourne, Copper Bend, Cranewood, Dunmere, East Harrow, Elderfield, Fenwick Park, Glenharrow, "
        "Hazelbrook, Kestrel Park, Linden Ferry, Mossbank, North Bellhaven, Pinemere, Rookwood, South "
        "Amberfield, Turnstone"
    ),
    "Lake": (
        "Ashgrove, Birch Hollow, Brightwater, Cedar Fork, Eagle's Rest, Fernley, Foxfield, Grange Hollow, "
        "Heron Marsh, Kingsmere, Loon Landing, Maple Harbor, Otter Ford, Pebble Run, Sedgewater, Sparrow "
        "Lake, Summerlea, Tamarack Bluff, Upper Fernley, Walnut Shore, White Egret"
    ),
    "DuPage": (
        "Bluestem, Bramblewood, Cherry Knoll, Heatherton, Hollis Grove, Juniper Hills, Meadowmere, New "
        "Cardiff, Plum Thicket, Quail Crossing, Silver Willow, Stonecrop, Thornmere, Twin Sycamores, Violet "
        "Glen, Willowmarsh"
    ),
    "Kane": (
        "Barrowfield, Coralton, Fallowdale, Goldfinch, Longmarsh, Millstead, Prairie Lantern, Rosehaven, "
        "Sandhill, Snowberry, Thistledown, Timberlea, Wildrye, Yarrow"
    ),
    "McHenry": (
        "Beacon Prairie, Hawkstead, Heath End, Oxbow Prairie, Painted Prairie, Reedmarsh, Sorrel Bluff, "
        "Swallowtail, Tallstem, Wheatmere, Winterberry, Yewdale"
    ),
}
CITIES = {
    "Cook": "Larkfield, West Larkfield, Rushmoor",
    "Lake": "St. Aldric, Vesper Hill",
    "DuPage": "Oakhollow, Whisper Creek",
    "Kane": "Quarrytown, Warblerton",
    "McHenry": "Wrenfield",
}
IN_TWO_COUNTIES = {"Barley Mill": "Lake", "Alder Crossing": "DuPage", "Barrowfield": "DuPage", "Heath End": "Kane"}

# South, north, west and east bounds of land well inside each county, in degrees.
INSIDE = {
    "Cook": ("42.010", "42.140", "-88.180", "-87.810"),
    "Lake": ("42.170", "42.470", "-88.080", "-87.870"),
    "DuPage": ("41.750", "41.970", "-88.240", "-87.960"),
    "Kane": ("41.750", "42.130", "-88.580", "-88.290"),
    "McHenry": ("42.170", "42.470", "-88.680", "-88.260"),
}
# Steps of the two-dimensional golden sequence: evenly scattered, never twice in one spot.
STEP_NORTH, STEP_EAST = Decimal("0.754878"), Decimal("0.569840")

AREA_CODE = {"Cook": "847", "Lake": "224", "DuPage": "630", "Kane": "331", "McHenry": "815"}


@dataclass(frozen=True)
class Place:
    """One invented agency. ``key`` is the short name by which the stories call it; ``number`` counts from 1."""

    number: int
    key: str
    name: str
    kind: str
    body: str
    governing: str
    head_title: str
    chief_title: str
    county: str
    other_county: str = ""
    has_ori: bool = True
    statute: str = ""

    @property
    def ori(self) -> str:
        """Of the form that Illinois uses, in a range that it does not use; blank where the agency has none."""
        return f"IL0ZZ{self.number:03}0" if self.has_ori else ""

    @property
    def telephone(self) -> str:
        """A number kept free for fiction: 555-0100 to 555-0199."""
        return f"({AREA_CODE[self.county]}) 555-01{self.number % 100:02}"

    @property
    def spot(self) -> tuple[Decimal, Decimal]:
        """Latitude and longitude, in degrees, somewhere inside its county."""
        south, north, west, east = map(Decimal, INSIDE[self.county])
        up, across = self.number * STEP_NORTH % 1, self.number * STEP_EAST % 1
        fine = Decimal("0.000001")
        return (south + (north - south) * up).quantize(fine), (west + (east - west) * across).quantize(fine)

    @property
    def sworn(self) -> int:
        """Full-time sworn officers."""
        return 9 + self.number * 17 % 71


KIND = Agency.Kind
INSTITUTIONS = (
    Place(
        0,
        "Marlow County",
        "Marlow County Sheriff's Office",
        KIND.COUNTY,
        "County of Marlow",
        "County Board",
        "County Board Chair",
        "Sheriff",
        "Kane",
    ),
    Place(
        0,
        "Harrow Valley",
        "Harrow Valley Community College Police Department",
        KIND.COLLEGE,
        "Harrow Valley Community College District",
        "Board of Trustees",
        "Board Chair",
        "Chief of Police",
        "McHenry",
        statute="745 ILCS 10/2-302",
    ),
    Place(
        0,
        "Bellhaven University",
        "Bellhaven University Police Department",
        KIND.COLLEGE,
        "Bellhaven University",
        "Board of Trustees",
        "University President",
        "Chief of Police",
        "Cook",
    ),
    Place(
        0,
        "St. Aldric College",
        "St. Aldric College Department of Public Safety",
        KIND.COLLEGE,
        "St. Aldric College",
        "Board of Trustees",
        "College President",
        "Director of Public Safety",
        "Lake",
    ),
    Place(
        0,
        "Tamarack Park",
        "Tamarack Park District Police Department",
        KIND.OTHER,
        "Tamarack Park District",
        "Board of Commissioners",
        "Board President",
        "Chief of Police",
        "DuPage",
        statute="745 ILCS 10/2-302",
    ),
    Place(
        0,
        "Great Sedge",
        "Great Sedge Conservation District Police Department",
        KIND.OTHER,
        "Great Sedge Conservation District",
        "Board of Trustees",
        "Board President",
        "Chief of Police",
        "McHenry",
    ),
    Place(
        0,
        "Sandhill Railway",
        "Sandhill & Northern Railway Police",
        KIND.OTHER,
        "Sandhill & Northern Railway",
        "Board of Directors",
        "Board Chair",
        "Chief of Police",
        "Kane",
    ),
    Place(
        0,
        "Waterways",
        "State Waterways Patrol, Northern Division",
        KIND.STATE,
        "State Waterways Authority",
        "Waterways Commission",
        "Commission Chair",
        "Superintendent",
        "Lake",
        has_ori=False,
    ),
)


def places() -> Iterator[Place]:
    """Every agency of the demonstration, always in this order."""
    number = 0
    for forms, body, governing, head in (
        (VILLAGES, "Village of", "President and Board of Trustees", "Village President"),
        (CITIES, "City of", "Mayor and City Council", "Mayor"),
    ):
        for county, names in forms.items():
            for town in names.split(", "):
                number += 1
                yield Place(
                    number, town, f"{town} Police Department", Agency.Kind.MUNICIPAL, f"{body} {town}", governing, head,
                    "Chief of Police", county, IN_TWO_COUNTIES.get(town, ""),
                )  # fmt: skip
    for offset, institution in enumerate(INSTITUTIONS, start=1):
        yield replace(institution, number=number + offset)
