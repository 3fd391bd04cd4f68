"""Papers without one day: unknown, or given differently by different sources."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from membership.models import Approval, Execution


def undated_approvals() -> QuerySet[Approval]:
    """Approvals whose day is not one day: unknown, or sources disagree."""
    return Approval.objects.exclude(earliest_on__isnull=False, latest_on=F("earliest_on"))


def disagreeing_approvals() -> QuerySet[Approval]:
    """Approvals to which sources give more than one day, and nobody has chosen."""
    return Approval.objects.filter(earliest_on__isnull=False, latest_on__gt=F("earliest_on"), chosen_on__isnull=True)


def undated_executions() -> QuerySet[Execution]:
    """Executions with a signature that bears no day."""
    head = Q(head_signed=True, head_signed_on__isnull=True)
    return Execution.objects.filter(head | Q(chief_signed=True, chief_signed_on__isnull=True))
