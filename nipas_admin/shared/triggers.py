"""History that nobody can rewrite: triggers in the database itself, on SQLite and on PostgreSQL.

Every history table is append-only by itself. An app adds its own tables, or some of their columns::

    triggers.append_only(Paper, columns=("sha256", "file", "size"))

and refuses rows that no constraint can judge, because it sees one table only::

    triggers.refuse(Approval, "insert", "NEW.by_id = (SELECT r.by_id FROM …)", "Approved by another person.")

The triggers are created after every migrate, so a table that was rebuilt gets them back. The product has no way
around them: a migration that must rewrite history drops them itself, and the next migrate restores them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig, apps
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from simple_history.models import HistoricalChanges

PREFIX = "nipas_keep_"


@dataclass(frozen=True)
class AppendOnly:
    """A table whose rows stay. ``columns`` empty: no column ever changes; otherwise these never do."""

    model: type[models.Model]
    columns: tuple[str, ...] = ()
    entirely_when: str = ""

    @property
    def table(self) -> str:
        """The table's name."""
        return self.model._meta.db_table

    @property
    def refusal(self) -> str:
        """What the database answers to an attempt."""
        return f"{self.table} is append-only: what is written stays."


@dataclass(frozen=True)
class Trigger:
    """One trigger: its name carries a digest of its definition, so that a changed one is seen as missing."""

    table: str
    name: str
    create: str


@dataclass(frozen=True)
class Refusal:
    """Rows that the table does not take: those inserted, or updated, for which a condition holds."""

    model: type[models.Model]
    event: str
    when: str
    because: str

    @property
    def table(self) -> str:
        """The table's name."""
        return self.model._meta.db_table


_declared: dict[type[models.Model], AppendOnly] = {}
_refusals: dict[tuple[type[models.Model], str, str], Refusal] = {}


def append_only(model: type[models.Model], columns: tuple[str, ...] = (), entirely_when: str = "") -> None:
    """Refuse deletes of the model's rows, and changes to them or to these fields of them.

    ``entirely_when``: a condition in SQL on the row as stored, ``OLD``, that both databases read alike; rows for
    which it holds do not change at all.
    """
    _declared[model] = AppendOnly(model, columns, entirely_when)


def refuse(model: type[models.Model], event: str, when: str, because: str) -> None:
    """Refuse what is inserted into the model's table, or updated in it (``event``), where a condition holds.

    ``when``: SQL that both databases read alike, on ``NEW`` and, of an update, ``OLD``; it may ask other tables.
    ``because``: what the database answers.
    """
    _refusals[model, event, because] = Refusal(model, event, when, because)


def is_append_only(model: type[models.Model]) -> bool:
    """True when the database refuses to delete the model's rows."""
    return model in _declared or issubclass(model, HistoricalChanges)


def all_append_only() -> list[AppendOnly]:
    """Every table that is kept, in the order of its name."""
    history = [AppendOnly(model) for model in apps.get_models() if issubclass(model, HistoricalChanges)]
    return sorted([*history, *_declared.values()], key=lambda kept: kept.table)


def missing_triggers(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """The triggers that should stand in the database and do not, as ``table: trigger``; empty when all is well."""
    standing = _standing(connections[using])
    wanted = [trigger for _model, triggers in _wanted(connections[using]) for trigger in triggers]
    return [f"{trigger.table}: {trigger.name}" for trigger in wanted if trigger.name not in standing]


def create_missing(models_of: AppConfig | None = None, using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Create what is missing, for one app or for all, and drop what is out of date. Returns the names created."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    standing = _standing(connection)
    created = []
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_REFUSE)
        for model, triggers in _wanted(connection):
            table = model._meta.db_table
            ours = models_of is None or model._meta.app_config is models_of
            if not ours or table not in tables:
                continue
            wanted = {trigger.name: trigger for trigger in triggers}
            for name in [name for name, on in standing.items() if on == table and name not in wanted]:
                _drop(name, table, connection)
            for name in wanted.keys() - standing.keys():
                cursor.execute(wanted[name].create)
                created.append(name)
    return sorted(created)


def after_migrate(app_config: AppConfig, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Put the guards on the tables of an app that was just migrated."""
    create_missing(app_config, using)


def before_migrate(app_config: AppConfig, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Take the refusals off an app's tables: SQLite renames no table while a trigger asks one that is being rebuilt."""
    connection = connections[using]
    ours = {refusal.table for refusal in _refusals.values() if refusal.model._meta.app_config is app_config}
    if connection.vendor == "sqlite" and kwargs.get("plan") and ours:
        for name, table in _standing(connection).items():
            if table in ours and "_refuse_" in name:
                _drop(name, table, connection)


def _drop(name: str, table: str, connection: BaseDatabaseWrapper) -> None:
    on = f" ON {_quote(table)}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {_quote(name)}{on}")


def _wanted(connection: BaseDatabaseWrapper) -> Iterator[tuple[type[models.Model], list[Trigger]]]:
    """Every guarded table with the triggers that should stand on it."""
    kept = {one.model: one for one in all_append_only()}
    refusals: dict[type[models.Model], list[Refusal]] = {}
    for refusal in _refusals.values():
        refusals.setdefault(refusal.model, []).append(refusal)
    for model in dict.fromkeys([*kept, *refusals]):
        triggers = list(_triggers(kept[model], connection)) if model in kept else []
        yield model, triggers + [_refusing(refusal, connection) for refusal in refusals.get(model, [])]


def _refusing(refusal: Refusal, connection: BaseDatabaseWrapper) -> Trigger:
    table, event, says = _quote(refusal.table), refusal.event.upper(), refusal.because.replace("'", "''")
    if connection.vendor == "postgresql":  # whose triggers may not ask other tables; their functions may
        template = (
            "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {refusal.when} THEN RAISE EXCEPTION USING MESSAGE = '{says}', ERRCODE = 'check_violation'; END IF; "
            f"RETURN NEW; END $$; CREATE OR REPLACE TRIGGER {{name}} BEFORE {event} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
    else:
        template = (
            f"CREATE TRIGGER {{name}} BEFORE {event} ON {table} WHEN {refusal.when} "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
    digest = hashlib.sha256(template.encode()).hexdigest()[:8]
    name = f"{PREFIX}{refusal.table[:33]}_refuse_{digest}"
    return Trigger(refusal.table, name, template.replace("{name}", _quote(name)))


def _triggers(kept: AppendOnly, connection: BaseDatabaseWrapper) -> Iterator[Trigger]:
    dialect = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    for event, template in dialect(kept):
        digest = hashlib.sha256(template.encode()).hexdigest()[:8]
        # PostgreSQL cuts names at 63 bytes.
        name = f"{PREFIX}{kept.table[:33]}_{event}_{digest}"
        yield Trigger(kept.table, name, template.replace("{name}", _quote(name)))


def _on_sqlite(kept: AppendOnly) -> Iterator[tuple[str, str]]:
    table = _quote(kept.table)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{kept.refusal}'); END"
    changed = _changed(kept, "IS NOT")
    yield "update", f"CREATE TRIGGER {{name}} BEFORE UPDATE ON {table}{_when(changed)} {refuse}"
    yield "delete", f"CREATE TRIGGER {{name}} BEFORE DELETE ON {table} {refuse}"
    # INSERT OR REPLACE deletes the row in its way without waking the trigger on deletes.
    unique = [_quote(str(field.column)) for field in kept.model._meta.local_fields if field.unique]
    same = " OR ".join(f"old.{column} = NEW.{column}" for column in unique)
    clash = f"EXISTS (SELECT 1 FROM {table} AS old WHERE {same})"  # noqa: S608 - names of our own tables
    yield "insert", f"CREATE TRIGGER {{name}} BEFORE INSERT ON {table}{_when(clash)} {refuse}"


_REFUSE = """
CREATE OR REPLACE FUNCTION nipas_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: what is written stays.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def _on_postgresql(kept: AppendOnly) -> Iterator[tuple[str, str]]:
    table = _quote(kept.table)
    refuse = "EXECUTE FUNCTION nipas_refuse()"
    create = "CREATE OR REPLACE TRIGGER {name} BEFORE"
    changed = _when(_changed(kept, "IS DISTINCT FROM"))
    yield "update", f"{create} UPDATE ON {table} FOR EACH ROW{changed} {refuse}"
    yield "delete", f"{create} DELETE ON {table} FOR EACH ROW {refuse}"
    yield "truncate", f"{create} TRUNCATE ON {table} FOR EACH STATEMENT {refuse}"


def _changed(kept: AppendOnly, differs: str) -> str:
    """The condition under which a change is refused; empty when every change is."""
    columns = [_quote(_column(kept.model, name)) for name in kept.columns]
    changes = [f"OLD.{column} {differs} NEW.{column}" for column in columns]
    return " OR ".join([*changes, f"({kept.entirely_when})"] if changes and kept.entirely_when else changes)


def _when(condition: str) -> str:
    return f" WHEN ({condition})" if condition else ""


def _column(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]


def _quote(name: str) -> str:
    return f'"{name}"'


def _standing(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Name and table of our triggers that stand and are switched on."""
    if connection.vendor == "postgresql":
        query = (
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgname LIKE %s AND pg_table_is_visible(c.oid)"
        )
    else:
        query = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s"
    with connection.cursor() as cursor:
        cursor.execute(query, [PREFIX + "%"])
        return dict(cursor.fetchall())
