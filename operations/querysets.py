"""Questions about resources and aid, in SQL: who could send what from how far, and what is committed already.

The twins of ``operations.rules``: tests/operations/test_parity.py holds each equal to its rule.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce, Greatest, RowNumber

from nipas_admin.shared.records import RecordQuerySet
from operations.rules.freshness import Freshness, Schedule, months_before

NONE = Value(0, IntegerField())
# Resources are committed while this is so (rules.incidents.Step.holds); who did not answer may still accept.
HOLDING = Q(declined_at__isnull=True, released_at__isnull=True, called_off_at__isnull=True) & (
    Q(no_answer_at__isnull=True) | Q(accepted_at__isnull=False)
)
# It went home by its own decision (models.Aid.Released), so that what it sent is wanted again (rules.incidents.counts).
LEFT_ITSELF = Q(released_at__isnull=False, released_because="own")


class FreshnessRuleQuerySet(RecordQuerySet[Any]):
    """Freshness rules."""

    def schedule_on(self, day: date) -> Schedule:
        """The schedule in force on the day: the last to begin by then; six months and thirty days where none is set."""
        rule = self.filter(from_on__lte=day).order_by("-from_on").first()
        return rule.schedule if rule else Schedule()


class PocketCardOrderQuerySet(RecordQuerySet[Any]):
    """Orders of pocket cards."""

    def waiting(self) -> PocketCardOrderQuerySet:
        """Those that were not sent yet."""
        rows: PocketCardOrderQuerySet = self.filter(sent_on__isnull=True)
        return rows

    def waiting_on(self, day: date) -> PocketCardOrderQuerySet:
        """Those ordered by the day and not sent by its end, the oldest first."""
        unsent = Q(sent_on__isnull=True) | Q(sent_on__gt=day)
        rows: PocketCardOrderQuerySet = self.filter(unsent, ordered_on__lte=day).order_by("ordered_on", "pk")
        return rows


class ResourceQuerySet(RecordQuerySet[Any]):
    """What agencies hold."""

    def with_freshness_on(self, day: date, schedule: Schedule) -> ResourceQuerySet:
        """Annotates ``freshness`` (a Freshness value): the twin of the rule, over the day of confirmation."""
        stale_by = months_before(day, schedule.months)
        due_by = months_before(day + timedelta(days=schedule.due_days), schedule.months)
        rows: ResourceQuerySet = self.annotate(
            freshness=Case(
                When(confirmed_on__isnull=True, then=Value(Freshness.STALE.value)),
                When(confirmed_on__lte=stale_by, then=Value(Freshness.STALE.value)),
                When(confirmed_on__lte=due_by, then=Value(Freshness.DUE.value)),
                default=Value(Freshness.FRESH.value),
                output_field=CharField(),
            )
        )
        return rows

    def with_committed(self) -> ResourceQuerySet:
        """Annotates ``committed``, what incidents hold now, and ``free``, what is left of what can be deployed."""
        aid = self.model._meta.get_field("aid").related_model.objects.holding()
        held = aid.filter(resource=OuterRef("pk")).order_by().values("resource").annotate(sum=Sum("quantity"))
        rows = self.annotate(committed=Coalesce(Subquery(held.values("sum")), NONE))
        annotated: ResourceQuerySet = rows.annotate(free=Greatest(F("deployable") - F("committed"), NONE))
        return annotated

    def nearest_for(
        self, types: Iterable[int], scene: tuple[float, float] | None, day: date, schedule: Schedule,
        count: int | None, chosen: Iterable[int] = (),
    ) -> ResourceQuerySet:  # fmt: skip
        """For each of the types the first so many with anything to deploy, fresh before stale, near before far.

        ``away`` orders as distance does (degrees squared, a degree of longitude shortened as at the scene); the exact
        miles are for the caller to compute. What ``chosen`` agencies hold is there however far; all where ``count`` is
        None. Whether an agency is active is a further question.
        """
        rows = self.filter(type__in=list(types), deployable__gt=0).with_freshness_on(day, schedule)
        stale = Case(
            When(freshness=Freshness.STALE.value, then=Value(True)), default=Value(False), output_field=BooleanField()
        )
        away = _away(scene) if scene else Value(None, FloatField())
        rows = rows.annotate(is_stale=stale, away=away)
        placed = Window(
            RowNumber(),
            partition_by=[F("type")],
            order_by=[F("is_stale").asc(), F("away").asc(nulls_last=True), F("agency__name").asc()],
        )
        ranked: ResourceQuerySet = rows.annotate(place=placed)
        return ranked if count is None else ranked.filter(Q(place__lte=count) | Q(agency__in=list(chosen)))


def _away(scene: tuple[float, float]) -> Any:
    latitude, longitude = scene
    shortened = math.cos(math.radians(latitude)) ** 2
    north = Cast(F("agency__latitude"), FloatField()) - Value(latitude)
    east = Cast(F("agency__longitude"), FloatField()) - Value(longitude)
    return ExpressionWrapper(north * north + east * east * Value(shortened), FloatField())


class AlarmAssignmentQuerySet(RecordQuerySet[Any]):
    """Alarm cards."""

    def in_effect_on(self, day: date) -> AlarmAssignmentQuerySet:
        """The version of each agency in effect on the day: the last approved one to begin by then."""
        approved = self.filter(approved_on__isnull=False, effective_on__lte=day)
        later = self.model.objects.filter(
            agency=OuterRef("agency"), approved_on__isnull=False, effective_on__lte=day, version__gt=OuterRef("version")
        )
        rows: AlarmAssignmentQuerySet = approved.filter(~Exists(later))
        return rows


class IncidentQuerySet(RecordQuerySet[Any]):
    """Incidents."""

    def open(self) -> IncidentQuerySet:
        """Those not closed."""
        return self.filter(closed_at__isnull=True)

    def concerning(self, agencies: Iterable[int]) -> IncidentQuerySet:
        """Those in which one of the agencies is stricken, or was asked for aid."""
        keys = list(agencies)
        aid = self.model._meta.get_field("lines").related_model._meta.get_field("aid").related_model.objects
        asked = aid.filter(line__incident=OuterRef("pk"), agency__in=keys)
        return self.filter(Q(stricken__in=keys) | Exists(asked))


class AidQuerySet(RecordQuerySet[Any]):
    """Aid asked for."""

    def holding(self) -> AidQuerySet:
        """That which commits resources now: asked and not answered yet, accepted, on the way or on scene."""
        return self.filter(HOLDING)

    def accepted(self) -> AidQuerySet:
        """That which fills its line: accepted, not called off or declined since, and not gone by its own decision."""
        rows = self.filter(accepted_at__isnull=False, declined_at__isnull=True, called_off_at__isnull=True)
        return rows.exclude(LEFT_ITSELF)


class InvitationQuerySet(RecordQuerySet[Any]):
    """Agencies asked whether they would come."""

    def silent(self) -> InvitationQuerySet:
        """Those that have not answered."""
        return self.filter(reply="")
