"""``{% load clauses %}``: citations in running text."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from nipas_admin.shared.citations import Citation

NO_BREAK = "\u00a0"

register = template.Library()


@register.filter
def clauses(citations: Iterable[Citation]) -> str:
    """``Agreement §4.A; Bylaws Art. III §10``; lines break only between one citation and the next."""
    return "; ".join(str(citation).replace(" ", NO_BREAK) for citation in citations)
