"""What agencies hold: recorded, corrected, and confirmed on a schedule, in one press where nothing changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q

from membership.models import Agency
from nipas_admin.shared.records import saved
from operations.models import FreshnessRule, Resource, ResourceType
from operations.rules.freshness import Freshness

LATER = "A later day is on record already: confirm as of that day or later."


@transaction.atomic
def record_resource(
    *, agency: Agency, what: ResourceType, quantity: int, deployable: int, on: date, by: Any, note: str = ""
) -> Resource:  # fmt: skip
    """What the agency holds of the type, as of the day, which confirms it. A second time corrects the first."""
    known = Resource.objects.select_for_update().filter(agency=agency, type=what).first()
    row = known or Resource(agency=agency, type=what)
    if known is None and what.retired_on is not None and what.retired_on <= on:
        raise ValidationError({"type": f"{what} is no longer in the catalogue; choose another type."})
    if known is not None and known.confirmed_on is not None and known.confirmed_on > on:
        raise ValidationError(LATER)
    row.quantity, row.deployable, row.note = quantity, deployable, note
    row.confirmed_on, row.confirmed_by = on, by
    return saved(row)


def figures_of(rows: Iterable[Resource]) -> str:
    """What a person sees of these resources, as a short text that changes when a figure or a note does."""
    return hashlib.sha256(
        "\n".join(f"{row.pk}:{row.quantity}:{row.deployable}:{row.note}" for row in rows).encode()
    ).hexdigest()[:16]


@transaction.atomic
def confirm_unchanged(*, agency: Agency, on: date, by: Any, seen: str) -> int:
    """Confirm everything the agency holds as it was ``seen`` (``figures_of``), in one press. Returns how many lines.

    Raises ValidationError when a figure was changed since, when nothing is recorded, or when a later day is on record.
    """
    rows = Resource.objects.filter(agency=agency)
    held = list(rows.select_for_update().order_by("pk"))
    if held and figures_of(held) != seen:
        raise ValidationError("Somebody changed a figure while this page was open: look at what stands here now.")
    if not held:
        raise ValidationError(f"Nothing is recorded yet for {agency}: enter first what it can send.")
    if rows.filter(confirmed_on__gt=on).exists():
        raise ValidationError(LATER)
    return rows.update_with_history(reason="Confirmed, nothing changed", confirmed_on=on, confirmed_by=by)


@dataclass(frozen=True)
class Confirming:
    """How fresh one agency's resources are: lines in all, and how many are due or stale on the day.

    ``oldest_on`` is None where something was never confirmed; no ``lines``: nothing was ever recorded.
    """

    agency: Agency
    lines: int
    due: int
    stale: int
    oldest_on: date | None


def to_confirm(day: date, agencies: Iterable[int] | None = None) -> list[Confirming]:
    """Of these agencies, or of all that are active: those with something due or stale on the day, the stalest first.

    Then those that never recorded anything. A fixed number of queries.
    """
    schedule = FreshnessRule.objects.schedule_on(day)
    offered = Q(type__retired_on__isnull=True) | Q(type__retired_on__gt=day)
    of = Agency.objects.active_on(day) if agencies is None else Agency.objects.filter(pk__in=list(agencies))
    rows = Resource.objects.filter(offered, agency__in=of.order_by().values("pk"))
    rows = rows.with_freshness_on(day, schedule).order_by()
    counted = rows.values("agency").annotate(
        lines=Count("pk"),
        due=Count("pk", filter=Q(freshness=Freshness.DUE.value)),
        stale=Count("pk", filter=Q(freshness=Freshness.STALE.value)),
    )
    silent = of.exclude(pk__in=Resource.objects.order_by().values("agency")).order_by("name")
    wanted = {row["agency"]: row for row in counted if row["due"] or row["stale"]}
    oldest: dict[int, date | None] = {}
    for agency, on in rows.filter(agency__in=wanted).values_list("agency", "confirmed_on"):
        before = oldest.get(agency, on)
        oldest[agency] = None if on is None or before is None else min(before, on)
    found = [
        Confirming(agency, row["lines"], row["due"], row["stale"], oldest[agency.pk])
        for agency in Agency.objects.filter(pk__in=wanted).order_by("name")
        for row in [wanted[agency.pk]]
    ]
    found.sort(key=lambda one: (-one.stale, one.oldest_on or date.min, one.agency.name))
    return [*found, *(Confirming(agency, 0, 0, 0, None) for agency in silent)]
