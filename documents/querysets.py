"""Questions to the register of papers and to the outbox."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, ForeignObjectRel, OuterRef, Q

from nipas_admin.shared.records import Record, RecordQuerySet

if TYPE_CHECKING:
    from documents.models import OutgoingMail, Paper


class PaperQuerySet(RecordQuerySet["Paper"]):
    """Papers."""

    def with_bytes(self, sha256: str) -> Paper | None:
        """The paper that holds exactly these bytes, or None."""
        return self.filter(sha256=sha256).first()

    def unattached(self) -> PaperQuerySet:
        """Papers that no record points to."""
        papers = self
        for link in self.links():
            papers = papers.exclude(
                Exists(link.related_model._base_manager.filter(**{link.field.name: OuterRef("pk")}))
            )
        return papers

    def links(self) -> list[ForeignObjectRel]:
        """Every field of a record that points to papers; histories and link tables are no records."""
        fields = self.model._meta.get_fields(include_hidden=True)
        links = [field for field in fields if isinstance(field, ForeignObjectRel)]
        return [link for link in links if issubclass(link.related_model, Record)]


class OutgoingMailQuerySet(RecordQuerySet["OutgoingMail"]):
    """Outgoing mail."""

    def waiting(self) -> OutgoingMailQuerySet:
        """What waits to be sent, oldest first."""
        return self.filter(state="waiting").order_by("queued_at", "pk")

    def abandoned(self, begun_before: datetime, by: str) -> OutgoingMailQuerySet:
        """What is being sent in name only: begun before that moment, or by an earlier life of this same worker."""
        return self.filter(Q(claimed_at__lt=begun_before) | Q(claimed_by=by), state="sending")

    def move(
        self, key: int, expected: Collection[str], *, reason: str = "", user: Any = None, **values: Any
    ) -> OutgoingMail | None:
        """The mail, changed, if it is among these and still in an expected state; None, and no change, if not.

        Of two who move the same mail from the same state at the same moment, one gets it.
        """
        with transaction.atomic(using=self.db):
            mail = self.select_for_update().filter(pk=key, state__in=expected).first()
            if mail is None:
                return None
            for name, value in values.items():
                setattr(mail, name, value)
            mail._change_reason = reason
            if user is not None:
                mail._history_user = user
            mail.save(update_fields=list(values))
        return mail
