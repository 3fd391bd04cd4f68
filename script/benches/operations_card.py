"""The card on the fly for 12 request lines among 18,000 agencies × 40 holdings, against hand-written SQL.

As many queries for 10 agencies as for all of them, and six at most.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from membership.models import Agency, Participation
from operations.models import Resource, ResourceCategory, ResourceType
from operations.rules.cards import Wanted
from operations.rules.freshness import months_before
from operations.services.cards import NEAREST, Card, card_for
from script.benches.ratio import Ratio, compare
from script.benches.register import AGENCIES, COLLECTIVE, DAY
from script.benches.register import fill as fill_register
from script.benches.roll import BY_HAND as ROLL

HOLDINGS, LINES, FEW = 40, 12, 10
SCENE = (42.3, -88.0)
# The roll once, with how far each agency is; then the nearest of each type, fresh before stale.
BY_HAND = f"""
WITH roll AS MATERIALIZED ({ROLL}), near AS MATERIALIZED (
  SELECT a.id, a.name, a.telephone, a.latitude, a.longitude, (a.latitude - %(lat)s) * (a.latitude - %(lat)s)
    + (a.longitude - %(lon)s) * (a.longitude - %(lon)s) * %(short)s AS away
  FROM roll JOIN membership_agency a ON a.id = roll.id
), ranked AS (
  SELECT r.id, r.type_id, r.deployable, near.id AS agency, near.name, near.telephone, near.latitude, near.longitude,
    r.confirmed_on IS NULL OR r.confirmed_on <= %(stale)s AS is_stale,
    ROW_NUMBER() OVER (PARTITION BY r.type_id
      ORDER BY r.confirmed_on IS NULL OR r.confirmed_on <= %(stale)s, near.away, near.name) AS place
  FROM operations_resource r JOIN near ON near.id = r.agency_id
  WHERE r.type_id IN ({", ".join(f"%(t{n})s" for n in range(LINES))}) AND r.deployable > 0
)
SELECT * FROM ranked WHERE place <= {NEAREST} ORDER BY type_id, place
"""  # noqa: S608 - made of our own words only


def fill() -> list[ResourceType]:
    """Write what every agency holds, straight into the tables: forty types each. Returns the types asked for."""
    fill_register()
    if not ResourceType.objects.filter(key="bench-0").exists():
        category = QuerySet(ResourceCategory).create(name="Bench", position=99)
        types = QuerySet(ResourceType).bulk_create(
            ResourceType(category=category, name=f"Bench {n}", key=f"bench-{n}") for n in range(HOLDINGS)
        )
        agencies = list(Agency.objects.order_by("pk"))
        for n, agency in enumerate(agencies):
            agency.latitude, agency.longitude = 40 + n * 37 % 5000 / 1000, -90 + n * 91 % 4000 / 1000  # type: ignore[assignment]
        QuerySet(Agency).bulk_update(agencies, ["latitude", "longitude"], batch_size=900)
        for agencies_now in (agencies[start : start + 1000] for start in range(0, len(agencies), 1000)):
            QuerySet(Resource).bulk_create(
                [
                    Resource(
                        agency_id=agency.pk, type=type_, quantity=4, deployable=(agency.pk + number) % 3,
                        confirmed_on=DAY - timedelta(days=(agency.pk * 7 + number) % 240),
                    )
                    for agency in agencies_now
                    for number, type_ in enumerate(types)
                ],
                batch_size=2000,
            )  # fmt: skip
    return list(ResourceType.objects.filter(key__startswith="bench-").order_by("pk")[:LINES])


def ours(types: list[ResourceType]) -> Card:
    """The card by the register's own door."""
    wanted = [Wanted(number, type_.key, 15, 20) for number, type_ in enumerate(types)]
    return card_for(wanted, scene=SCENE, day=DAY)


def by_hand(types: list[ResourceType]) -> dict[int, list[tuple[int, int]]]:
    """By type the agencies to ask, each with how many, in order."""
    stale: date | str = months_before(DAY, 6)
    day, collective = DAY, COLLECTIVE
    if connection.vendor == "sqlite":
        day, collective, stale = (str(one) for one in (DAY, COLLECTIVE, stale))  # type: ignore[assignment]
    given = {
        "day": day, "collective": collective, "stale": stale, "lat": SCENE[0], "lon": SCENE[1],
        "short": 0.5470396, **{f"t{number}": type_.pk for number, type_ in enumerate(types)},
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, given)
        rows = cursor.fetchall()
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    left = Counter({type_.pk: 20 for type_ in types})
    for _pk, type_pk, deployable, agency, *_rest in rows:
        if take := min(left[type_pk], deployable):
            found[type_pk].append((agency, take))
            left[type_pk] -= take
    return found


def queries(types: list[ResourceType]) -> int:
    """How many queries the card takes. Raises AssertionError where they are not as many for ten agencies."""
    with CaptureQueriesContext(connection) as seen:
        ours(types)
    with transaction.atomic():
        few = Agency.objects.active_on(DAY).order_by("pk")[:FEW]
        others = QuerySet(Participation).exclude(agency__in=[agency.pk for agency in few])
        others.update(withdrawn_on=date(2020, 5, 1))
        with CaptureQueriesContext(connection) as of_few:
            asked = {offer.candidate.agency for line in ours(types).filled for offer in line.offers}
        transaction.set_rollback(True)
    if len(of_few) != len(seen) or not 0 < len(asked) <= FEW:
        raise AssertionError(f"{len(of_few)} queries for {FEW} agencies, {len(seen)} for {AGENCIES:,}.")
    return len(seen)


def measure() -> list[Ratio]:
    """The ratio and the queries, after checking that both ways ask the same agencies for as many."""
    types = fill()
    asked = {
        type_.pk: Counter({offer.candidate.agency: offer.quantity for offer in line.offers})
        for type_, line in zip(types, ours(types).filled, strict=True)
    }
    if asked != {pk: Counter(dict(of_type)) for pk, of_type in by_hand(types).items()}:
        raise AssertionError("The two cards differ.")
    mine, best, ratio = compare(lambda: ours(types), lambda: by_hand(types))
    note = f"{mine * 1e3:.0f} ms against {best * 1e3:.0f} ms"
    return [
        Ratio(f"card on the fly, {LINES} lines, {AGENCIES:,} agencies × {HOLDINGS} holdings", ratio, 2, note),
        Ratio("queries it takes", queries(types), 6),
    ]
