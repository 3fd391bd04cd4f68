"""Who may see which paper.

documents knows no owners. Each room that points to papers says so in ``AppConfig.ready()``::

    access.register_owner(Approval, "scan", agency="agency")

People who work for the whole body see every paper their role lets them see. People limited to agencies see the papers
that records of their agencies point to; a paper nobody registered stays closed to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q

from documents.models import Paper
from documents.querysets import PaperQuerySet
from nipas_admin.shared import scope


@dataclass(frozen=True)
class Owner:
    """A record that points to a paper: its model, the field that does, and the way from it to its agency."""

    model: type[Model]
    paper: str
    agency: str


_owners: list[Owner] = []


def register_owner(model: type[Model], paper: str, *, agency: str) -> None:
    """Let people limited to agencies see the papers in this field of their agencies' records.

    ``agency`` leads from the record to its agency: ``agency``, ``participation__agency``.
    """
    owner = Owner(model, paper, agency)
    if owner not in _owners:
        _owners.append(owner)


def owners() -> Iterator[Owner]:
    """Every registered owner, in the order of registration."""
    yield from _owners


def papers_visible_to(user: Any) -> PaperQuerySet:
    """The papers this person may open; none without the permission to view papers."""
    papers: PaperQuerySet = Paper.objects.all()
    if not user.has_perm("documents.view_paper"):
        return papers.none()
    agencies = scope.agencies_of(user)
    if agencies is None:
        return papers
    theirs = Q(pk__in=())
    for owner in _owners:
        rows = owner.model._base_manager.filter(**{f"{owner.agency}__in": agencies, f"{owner.paper}__isnull": False})
        theirs |= Q(pk__in=rows.values(owner.paper))
    return papers.filter(theirs)
