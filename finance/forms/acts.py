"""What the acts of the Treasurer's room share: they know the hour, and what the address says beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.http import QueryDict

from nipas_admin.shared.acts import ActForm, Fieldset
from nipas_admin.shared.citations import Citation
from nipas_admin.shared.findings import Fact


class TreasurersAct(ActForm):
    """An act of the Treasurer's room. ``now`` fills in its day; ``asked`` is what the address says beforehand."""

    def __init__(self, *args: Any, now: datetime, asked: QueryDict | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = now
        self.asked = asked or QueryDict()
        if "on" in self.fields:
            self.initial.setdefault("on", now.date())
        for name, value in self.asked.items():
            if name in self.fields and value:
                self.initial[name] = value

    @property
    def fieldsets(self) -> list[Fieldset]:
        """The fields in groups; none where nothing is asked."""
        return [(None, {"fields": list(self.fields)})] if self.fields else []


def words(label: str, help_text: str = "", *, required: bool = True, most: int = 300) -> forms.CharField:
    """A line of text."""
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=most, widget=AdminTextInputWidget()
    )


def lines(label: str, help_text: str = "", *, required: bool = False, rows: int = 3) -> forms.CharField:
    """A text of several lines."""
    widget = AdminTextareaWidget(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, required=required, widget=widget)


def as_facts(because: Sequence[str]) -> tuple[Fact, ...]:
    """Stored reasons as the facts of a why: the clauses in brackets at the end of each are its citations."""
    facts = []
    for reason in because:
        text, _, clauses = reason.removesuffix("]").rpartition(" [") if reason.endswith("]") else (reason, "", "")
        named = (clause.strip().partition(" ") for clause in clauses.split(";") if clause.strip())
        facts.append(Fact(text, citations=tuple(Citation(instrument, place) for instrument, _, place in named)))
    return tuple(facts)
