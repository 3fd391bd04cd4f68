"""Incidents by their number, for the other rooms."""

from __future__ import annotations

import re
from typing import Any

from django.utils.timezone import localtime

from nipas_admin.shared import scope
from nipas_admin.shared.numbers import Numbered
from nipas_admin.shared.pages import address
from operations.models import Aid, Incident

REFERENCE = re.compile(r"(\d{4})-0*(\d{1,6})", re.ASCII)


def incident_numbered(typed: str, user: Any) -> Numbered | None:
    """The incident of this number (``2026-0031``); None for what is not written so. Raises LookupError for none."""
    match = REFERENCE.fullmatch(typed.strip())
    if match is None:
        return None
    row = Incident.objects.filter(year=int(match[1]), number=int(match[2])).select_related("stricken").first()
    if row is None:
        raise LookupError(f"Incident {typed.strip()} is not on record.")
    return numbered(row, user)


def numbered(incident: Incident, user: Any) -> Numbered:
    """An incident as the other rooms see it, with the way to it for those who may see it."""
    came = Aid.objects.filter(line__incident=incident, on_scene_at__isnull=False).order_by().values_list("agency")
    return Numbered(
        incident.reference,
        f"Incident {incident.reference}: {incident.nature}",
        address(incident) if user is not None and _may_see(incident, user) else "",
        incident.stricken_id,
        localtime(incident.opened_at).date(),
        tuple(sorted({agency for (agency,) in came})),
    )


def _may_see(incident: Incident, user: Any) -> bool:
    own = scope.agencies_of(user)
    seen = own is None or Incident.objects.concerning(own).filter(pk=incident.pk).exists()
    return bool(user.has_perm("operations.view_incident")) and seen
