"""Writes the roles of the code to the groups of the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connections, models, transaction

from nipas_admin.accounts.roles import ROLES, Role, codenames
from nipas_admin.shared.records import Record

COPYING = ("import", "export")


@dataclass(frozen=True)
class Synced:
    """What a sync changed in one role."""

    role: str
    added: int
    removed: int

    def __str__(self) -> str:
        return f"{self.role}: {self.added} added, {self.removed} removed" if self.added or self.removed else self.role


def sync_roles(using: str = "default") -> list[Synced]:
    """Make each role's group hold exactly what the code grants. Returns one line for each role; idempotent."""
    with transaction.atomic(using=using):
        _create_import_and_export_permissions(using)
        known = {
            (permission.content_type.app_label, permission.codename): permission.pk
            for permission in Permission.objects.using(using).select_related("content_type")
        }
        return [_sync(name, role, known, using) for name, role in ROLES.items()]


def _sync(name: str, role: Role, known: dict[tuple[str, str], int], using: str) -> Synced:
    group, _ = Group.objects.using(using).get_or_create(name=name)
    held = set(group.permissions.values_list("pk", flat=True))
    wanted = {known[label] for label in _granted(role) if label in known}
    group.permissions.add(*wanted - held)
    group.permissions.remove(*held - wanted)
    return Synced(name, len(wanted - held), len(held - wanted))


def _granted(role: Role) -> set[tuple[str, str]]:
    """(app label, codename) of everything the role is granted on the records that exist."""
    return {(model._meta.app_label, codename) for model in apps.get_models() for codename in _codenames(role, model)}


def _codenames(role: Role, model: type[models.Model]) -> set[str]:
    options = model._meta
    of_record = getattr(model, "instance_type", None)
    if of_record is None:
        return set(codenames(role, options.app_label, str(options.model_name)))
    return set(codenames(role, options.app_label, of_record._meta.model_name, of_history=True))


def _create_import_and_export_permissions(using: str) -> None:
    """Django creates the permissions to view, add, change and delete; records can be copied in and out too."""
    wanted = []
    for model in apps.get_models():
        if issubclass(model, Record):
            content_type = ContentType.objects.db_manager(using).get_for_model(model)
            wanted += [
                Permission(
                    content_type=content_type,
                    codename=f"{action}_{model._meta.model_name}",
                    name=f"Can {action} {model._meta.verbose_name}",
                )
                for action in COPYING
            ]
    Permission.objects.using(using).bulk_create(wanted, ignore_conflicts=True)


def after_migrate(app_config: AppConfig, using: str = "default", **kwargs: Any) -> None:
    """Sync once, when the last app has been migrated; nothing while the tables of roles are not all there."""
    last = [config for config in apps.get_app_configs() if config.models_module][-1]
    if app_config.label != last.label:
        return
    needed = {model._meta.db_table for model in (Group, Permission, ContentType)}
    connection = connections[using]
    with connection.cursor() as cursor:
        if not needed <= set(connection.introspection.table_names(cursor)):
            return
    create_permissions(app_config, verbosity=0, using=using)
    sync_roles(using)
