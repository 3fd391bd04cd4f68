"""Records and their screens are declared so that every guard holds: ids nipas.E101 and on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.admin import ModelAdmin
from django.contrib.admin.sites import all_sites
from django.core.checks import Error, Tags, register
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from nipas_admin.shared import scope
from nipas_admin.shared.admin import RecordAdmin, RecordInline
from nipas_admin.shared.fields import LegalDateField
from nipas_admin.shared.forms import RecordForm
from nipas_admin.shared.records import Record, RecordQuerySet


@register(Tags.models)
def records_are_guarded(app_configs: object, **kwargs: object) -> list[Error]:
    """Errors for records that could change or vanish unseen."""
    records = [model for model in apps.get_models() if issubclass(model, Record)]
    return [fault for model in records for fault in _faults_of_record(model)]


def _faults_of_record(model: type[Record]) -> Iterator[Error]:
    for manager in (model._base_manager, *model._meta.managers):
        if not isinstance(manager.get_queryset(), RecordQuerySet):
            yield Error(
                f"{manager.name} writes without history.",
                hint="Make its queryset a RecordQuerySet.",
                obj=model,
                id="nipas.E101",
            )
    for field in model._meta.local_fields:
        on_delete = field.remote_field.on_delete if field.remote_field else models.PROTECT
        if on_delete is not models.PROTECT:
            yield Error(
                f"{field.name} is not PROTECT: deleting what it points to would change or delete this record.",
                hint="Use on_delete=models.PROTECT.",
                obj=model,
                id="nipas.E102",
            )
        plain = isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField | LegalDateField)
        if plain:
            yield Error(
                f"{field.name} takes any date, 01/02/49 as well.",
                hint="Use nipas_admin.shared.fields.LegalDateField.",
                obj=model,
                id="nipas.E103",
            )


@register(Tags.admin)
def screens_are_guarded(app_configs: object, **kwargs: object) -> list[Error]:
    """Errors for admin classes that could lose what two people type, or show what is another agency's."""
    screens = [screen for site in all_sites for screen in site._registry.values()]
    return [fault for screen in screens for fault in _faults_of_screen(screen)]


def _faults_of_screen(screen: ModelAdmin[Any]) -> Iterator[Error]:
    if screen.list_editable:
        yield Error(
            "list_editable reverts rows that nobody touched.",
            hint="Offer an action, or the record's own page.",
            obj=screen.__class__,
            id="nipas.E111",
        )
    if not issubclass(screen.model, Record):
        return
    if not isinstance(screen, RecordAdmin):
        yield Error("A record is shown by a RecordAdmin.", obj=screen.__class__, id="nipas.E112")
        return
    for part in (screen, *(inline for inline in screen.inlines if issubclass(inline.model, Record))):
        yield from _faults_of_part(part)


def _faults_of_part(part: Any) -> Iterator[Error]:
    shown_by = part if isinstance(part, type) else part.__class__
    if not issubclass(shown_by, RecordAdmin | RecordInline):
        yield Error("A record stands in a RecordTabular or RecordStacked inline.", obj=shown_by, id="nipas.E113")
        return
    if not issubclass(part.form, RecordForm):
        yield Error(
            f"{part.form.__name__} would let the last save win silently.",
            hint="Derive it from nipas_admin.shared.admin.RecordForm.",
            obj=shown_by,
            id="nipas.E114",
        )
    if part.agency_path and not _leads_to_a_key(part.model, part.agency_path):
        yield Error(
            f"agency_path “{part.agency_path}” does not lead to one agency.",
            hint='Use foreign keys only, for example "participation__agency", or "pk" on the agency itself.',
            obj=shown_by,
            id="nipas.E115",
        )


def _leads_to_a_key(model: type[models.Model], path: str) -> bool:
    if path == scope.ITSELF:
        return True
    for step in path.split("__"):
        try:
            field = model._meta.get_field(step)
        except FieldDoesNotExist:
            return False
        if not isinstance(field, models.ForeignKey):
            return False
        model = field.related_model
    return True
