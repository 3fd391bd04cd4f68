"""The base of every record: history on each row, nothing deleted, nothing changed behind history's back."""

from __future__ import annotations

from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords


class RecordQuerySet(models.QuerySet[Any]):
    """A queryset without back doors: what would leave no history is refused."""


class Record(models.Model):
    """A row that keeps what it said before. Ended, voided or reversed; never deleted."""

    history = HistoricalRecords(inherit=True)
    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
