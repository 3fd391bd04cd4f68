"""The forms of legal acts: what each asks for, what it would do, and the one service that does it.

An act is refused by its service, in words; ``refuse`` puts them at the field they name, and nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminIntegerFieldWidget
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import transaction
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from nipas_admin.shared.fields import LegalDateFormField, within_the_register
from nipas_admin.shared.findings import Finding
from nipas_admin.shared.refusals import by_field

HOW_TO_WRITE = "As 5/1/2026 or 2026-05-01."
Fieldset = tuple[str | None, dict[str, Any]]


def day(label: str, help_text: str = "", *, required: bool = True) -> LegalDateFormField:
    """A day to be typed, within the register's bounds."""
    return LegalDateFormField(
        label=label,
        help_text=help_text or HOW_TO_WRITE,
        required=required,
        widget=AdminDateWidget(),
        validators=[within_the_register],
    )


def number(label: str, help_text: str = "") -> forms.IntegerField:
    """A whole number, or blank."""
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=0,
        validators=[MaxValueValidator(999)],
        widget=AdminIntegerFieldWidget(),
    )


@dataclass(frozen=True)
class Effect:
    """What an act would do, said beforehand: the answer with its why, and what follows from it."""

    question: str
    finding: Finding[Any]
    on: date | None = None
    happens: Sequence[str] = ()
    keeps: Sequence[str] = ()
    value: str = ""


def with_clauses(text: str, citations: Iterable[object]) -> SafeString:
    """A sentence and its clauses, as the pages show them."""
    chips = format_html_join(" ", '<span class="chip">{}</span>', ((citation,) for citation in citations))
    return format_html("{} {}", text, chips)


class ActForm(forms.Form):
    """One legal act on one record. A subclass names its address, its button, who may do it and what it asks for.

    ``slug`` ends its address, ``label`` stands on its button, ``permission`` lets a person do it, ``intro`` says what
    it is. With ``previews`` its page asks for the ``effect`` while the form is filled in.
    """

    slug = ""
    label = ""
    permission = ""
    intro = ""
    previews = False

    def __init__(self, *args: Any, subject: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.subject = subject
        self.user = user
        self.rehearsing = False

    @classmethod
    def applies_to(cls, subject: Any) -> bool:
        """May this act be done to the record as it now stands?"""
        return True

    @property
    def fieldsets(self) -> list[Fieldset]:
        """The fields in groups, as the page shows them."""
        return [(None, {"fields": list(self.fields)})]

    def effect(self) -> Effect | None:
        """What the act would do, as far as it can be said. Raises ValidationError when it cannot be done."""
        return None

    def act(self) -> Any:
        """Do it. Returns the record it left. Raises ValidationError when it cannot be done."""
        raise NotImplementedError

    def said(self, record: Any) -> str:
        """What to tell the person once it is done."""
        raise NotImplementedError

    def refuse(self, refusal: ValidationError) -> None:
        """Show what the service refused at the field it names, or above the form."""
        for name, errors in by_field(refusal).items():
            self.add_error(name if name in self.fields else None, errors)

    @transaction.atomic
    def rehearse(self) -> Any:
        """The record as the act would leave it, with nothing kept. Raises ValidationError when it cannot be done."""
        self.rehearsing = True
        try:
            return self.act()
        finally:
            self.rehearsing = False
            transaction.set_rollback(True)
