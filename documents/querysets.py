"""Questions to the register of papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, ForeignObjectRel, OuterRef
from simple_history.models import HistoricalChanges

from nipas_admin.shared.records import RecordQuerySet

if TYPE_CHECKING:
    from documents.models import Paper


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
        """Every foreign key that points to papers, those of histories left out."""
        fields = self.model._meta.get_fields(include_hidden=True)
        links = [field for field in fields if isinstance(field, ForeignObjectRel)]
        return [link for link in links if not issubclass(link.related_model, HistoricalChanges)]
