"""Does the room of mutual aid still hold what its acts wrote? Numbers, aid, what was held, and cards, again.

Each check is a query that returns only what drifted, so that years of incidents are verified as fast as one night.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby

from django.db.models import Count, Exists, F, Max, Min, Model, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.timezone import localtime

from membership.verification import Drift, Verified
from nipas_admin.shared.dated import in_words
from operations.models import Aid, AlarmAssignment, AlarmLine, Incident, Resource


def drift_of_mutual_aid() -> Iterator[Verified]:
    """For each kind of record of mutual aid that is verified: its name in the plural, how many, and the drift."""
    yield "incidents", Incident.objects.count(), [*_numbers(), *_closed()]
    yield "aid", Aid.objects.count(), [*_once(), *_itself(), *_of_another()]
    yield "resources of agencies", Resource.objects.count(), list(_held())
    yield "alarm cards", AlarmAssignment.objects.count(), list(_empty())


def _drift(row: Model, stored: str, computed: str, *, remark: bool = False) -> Drift:
    return Drift(row._meta.label_lower, row.pk, str(row), stored, computed, remark)


def _said(moment: datetime) -> str:
    local = localtime(moment)
    return f"{in_words(local.date())}, {local:%H:%M}"


# Incidents


def _numbers() -> Iterator[Drift]:
    """Numbers of each year run from 1, none missing."""
    years = Incident.objects.order_by().values("year").annotate(held=Count("pk"), last=Max("number"))
    for year in years.exclude(held=F("last")).order_by("year"):
        stored = f"{year['held']} are on record, the last one number {year['last']}"
        given = f"numbers run from 1 to {year['last']} with none missing"
        yield Drift(Incident._meta.label_lower, None, f"Incidents of {year['year']}", stored, given)


def _closed() -> Iterator[Drift]:
    """Nobody is committed to what is over."""
    held = Aid.objects.holding().filter(line__incident__closed_at__isnull=False)
    for row in held.select_related("agency", "line__type", "line__incident__stricken").order_by("pk"):
        incident = row.line.incident
        yield _drift(
            incident, f"it is stored as closed on {_said(incident.closed_at)}" if incident.closed_at else "",
            f"{row} is not released, called off or declined (Agreement §3.D)",
        )  # fmt: skip


# Aid


def _aid() -> QuerySet[Aid]:
    rows: QuerySet[Aid] = Aid.objects.select_related("agency", "line__type", "resource__agency", "resource__type")
    return rows


def _once() -> Iterator[Drift]:
    """An agency is asked once for one line; the first asking is the one that stands."""
    earlier = Aid.objects.filter(line=OuterRef("line"), agency=OuterRef("agency"), pk__lt=OuterRef("pk"))
    for row in _aid().filter(Exists(earlier)).order_by("pk"):
        yield _drift(row, f"it was asked again on {_said(row.asked_at)}", "an agency is asked once for one line")


def _itself() -> Iterator[Drift]:
    """Others come to the aid of the stricken agency (Agreement §2)."""
    for row in _aid().filter(agency=F("line__incident__stricken")).order_by("pk"):
        yield _drift(row, "it is stored as asked for aid", "it is the stricken agency itself (Agreement §2)")


def _of_another() -> Iterator[Drift]:
    """What an agency was asked for is its own, and of the type that the line wants."""
    own = Q(resource__agency=F("agency"), resource__type=F("line__type"))
    for row in _aid().filter(resource__isnull=False).exclude(own).order_by("pk"):
        yield _drift(row, f"it holds “{row.resource}”", f"it was asked of {row.agency}, for {row.line.type}")


# What agencies hold


def _held() -> Iterator[Drift]:
    """More held than could be deployed when it was asked for, and nobody said that the agency offers more itself.

    A remark, since moments are told by those who pressed: a press that came late, or a time typed afterwards, may
    stand before the moment at which the register knew. What was asked ``beyond`` the list was so on a person's word.
    """
    kept = Resource.history.filter(id=OuterRef("pk")).order_by().values("id").annotate(fewest=Min("deployable"))
    asked = Aid.objects.filter(resource=OuterRef("pk")).order_by().values("resource").annotate(sum=Sum("quantity"))
    rows = Resource.objects.annotate(fewest=Subquery(kept.values("fewest")), asked=Subquery(asked.values("sum")))
    more = Q(asked__gt=F("deployable")) | Q(asked__gt=F("fewest"))
    suspects = {row.pk: row for row in rows.filter(more).select_related("agency", "type").order_by("pk")}
    known = _known_of(suspects)
    aid = Aid.objects.filter(resource__in=list(suspects)).order_by("resource", "pk")
    for key, of_resource in groupby(aid, key=lambda row: row.resource_id or 0):
        row = suspects[key]
        found = _too_many(of_resource, known[key] or [(datetime.min.replace(tzinfo=UTC), row.deployable)])
        if found:
            held, there, at = found
            stored = f"{held} were held at once on {_said(at)}"
            given = f"{there} could be deployed, as far as the register knew, and nobody said that more were offered"
            yield _drift(row, stored, given, remark=True)


def _known_of(keys: Iterable[int]) -> dict[int, list[tuple[datetime, int]]]:
    """Of each resource how many could be deployed from which moment on, as the register learned it."""
    known: dict[int, list[tuple[datetime, int]]] = {key: [] for key in keys}
    rows = Resource.history.filter(id__in=list(known)).order_by("history_date", "history_id")
    for key, moment, deployable in rows.values_list("id", "history_date", "deployable"):
        known[key].append((moment, deployable))
    return known


def _too_many(aid: Iterable[Aid], known: list[tuple[datetime, int]]) -> tuple[int, int, datetime] | None:
    """The first moment at which aid was asked for that was not there: how many were then held, of how many.

    None where that never was. What ends at a moment frees it at once; before the register knew of it, what it knew
    first counts.
    """
    held = 0
    for moment, by, beyond in sorted(move for row in aid for move in _moves(row)):
        held += by
        there = known[max(0, bisect_right(known, moment, key=lambda one: one[0]) - 1)][1]
        if by > 0 and held > there and not beyond:
            return held, there, moment
    return None


def _moves(row: Aid) -> Iterator[tuple[datetime, int, bool]]:
    """When the row began to hold what it asks for, and when it ceased to; an acceptance after no answer holds again.

    Each with whether it is beyond the list.
    """
    ends = [moment for moment in (row.released_at, row.declined_at, row.called_off_at) if moment is not None]
    end = min(ends, default=None)
    yield row.asked_at, row.quantity, row.beyond
    if row.no_answer_at is not None:
        yield row.no_answer_at, -row.quantity, row.beyond
        if row.accepted_at is None:
            return
        yield row.accepted_at, row.quantity, row.beyond
    if end is not None:
        yield end, -row.quantity, row.beyond


# Cards


def _empty() -> Iterator[Drift]:
    """An approved card names somebody (Agreement §3.A)."""
    lines = AlarmLine.objects.filter(assignment=OuterRef("pk"))
    rows = AlarmAssignment.objects.filter(approved_on__isnull=False).exclude(Exists(lines))
    for row in rows.select_related("agency").order_by("pk"):
        approved = f"it is stored as approved on {in_words(row.approved_on)}" if row.approved_on else ""
        yield _drift(row, approved, "it has no lines, and a card with no lines is not approved (Agreement §3.A)")
