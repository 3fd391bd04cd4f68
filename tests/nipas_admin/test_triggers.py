"""The database itself refuses to rewrite history."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from simple_history.models import HistoricalChanges

from documents.models import Paper
from membership.models import Agency, County
from nipas_admin.shared import triggers

pytestmark = pytest.mark.django_db

HISTORY = [model for model in apps.get_models() if issubclass(model, HistoricalChanges)]


def execute(sql: str) -> int:
    """Rows that the statement touched."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.rowcount


def drop_all_triggers() -> None:
    """What the product never does."""
    for name, table in triggers._standing(connection).items():
        execute(f'DROP TRIGGER "{name}"' + (f' ON "{table}"' if connection.vendor == "postgresql" else ""))


def test_every_history_table_has_its_triggers_and_many_to_many_history_too():
    assert triggers.missing_triggers() == []
    tables = {kept.table for kept in triggers.all_append_only()}
    assert {model._meta.db_table for model in HISTORY} <= tables
    assert "membership_historicalagency_counties" in tables


@pytest.fixture
def kept(ours):
    """A row of history with its many-to-many row."""
    ours.counties.add(County.objects.get(name="Lake"))
    connection.check_constraints()  # PostgreSQL truncates nothing while checks are still to be made
    return ours


ATTACKS = {
    "update": "UPDATE membership_historicalagency SET name = 'Forged'",
    "update of a key": "UPDATE membership_historicalagency SET history_id = history_id + 1000",
    "delete": "DELETE FROM membership_historicalagency",
    "update of a link": "UPDATE membership_historicalagency_counties SET county_id = 1",
    "delete of a link": "DELETE FROM membership_historicalagency_counties",
}
SQLITE = {
    "replace": "INSERT OR REPLACE INTO membership_historicalagency SELECT * FROM membership_historicalagency",
    "update or replace": "UPDATE OR REPLACE membership_historicalagency SET history_id = 1",
    "upsert": "INSERT INTO membership_historicalagency SELECT * FROM membership_historicalagency WHERE true "
    "ON CONFLICT (history_id) DO UPDATE SET name = 'Forged'",
}
POSTGRESQL = {
    "truncate": "TRUNCATE membership_historicalagency",
    "upsert": SQLITE["upsert"],
}


@pytest.mark.parametrize("sql", ATTACKS.values(), ids=ATTACKS)
def test_raw_sql_cannot_change_or_delete_history(sql, kept):
    with pytest.raises(IntegrityError, match="append-only"):
        execute(sql)

    assert kept.history.count() == 2


OF_THIS_DATABASE = POSTGRESQL if connection.vendor == "postgresql" else SQLITE


@pytest.mark.parametrize("sql", OF_THIS_DATABASE.values(), ids=OF_THIS_DATABASE)
def test_nor_can_the_ways_that_only_this_database_has(sql, kept):
    with pytest.raises(IntegrityError, match="append-only"):
        execute(sql)

    assert kept.history.count() == 2


def test_without_the_triggers_the_same_statement_succeeds(kept):
    drop_all_triggers()

    assert execute("UPDATE membership_historicalagency SET name = 'Forged'") == 2
    assert any("membership_historicalagency: " in missing for missing in triggers.missing_triggers())


def test_adding_to_history_is_what_it_is_for(kept):
    kept.save()
    assert kept.history.count() == 3


def test_creating_what_is_missing_twice_changes_nothing():
    drop_all_triggers()
    missing = triggers.missing_triggers()

    created = triggers.create_missing()

    assert len(created) == len(missing) > 0
    assert triggers.create_missing() == []
    assert triggers.missing_triggers() == []


def test_a_migrate_puts_back_what_was_dropped():
    drop_all_triggers()
    call_command("migrate", verbosity=0)
    assert triggers.missing_triggers() == []


def test_a_trigger_of_another_definition_counts_as_missing_and_is_replaced():
    table = "membership_historicalagency"
    drop_all_triggers()
    name = f"{triggers.PREFIX}{table}_update_00000000"
    if connection.vendor == "postgresql":
        execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION nipas_refuse()")
    else:
        execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} BEGIN SELECT 1; END")
    assert any(table in missing for missing in triggers.missing_triggers())

    triggers.create_missing()

    assert name not in triggers._standing(connection)
    assert triggers.missing_triggers() == []


if connection.vendor == "postgresql":

    def test_a_trigger_switched_off_counts_as_missing_and_is_switched_on(kept):
        execute("ALTER TABLE membership_historicalagency DISABLE TRIGGER USER")
        assert any("membership_historicalagency: " in missing for missing in triggers.missing_triggers())

        triggers.create_missing()

        assert triggers.missing_triggers() == []
        with pytest.raises(IntegrityError, match="append-only"):
            execute("DELETE FROM membership_historicalagency")


def test_an_app_may_keep_some_columns_of_its_own_table(kept, monkeypatch):
    monkeypatch.setitem(triggers._declared, Agency, triggers.AppendOnly(Agency, ("ori",), "OLD.note = 'closed'"))
    Agency.objects.create(name="Closed", note="closed")
    triggers.create_missing()

    kept.city = "Elsewhere"
    kept.save()
    for change in (
        "UPDATE membership_agency SET ori = 'IL9999999' WHERE note = ''",
        "UPDATE membership_agency SET city = 'Elsewhere' WHERE note = 'closed'",
        "DELETE FROM membership_agency WHERE note = ''",
    ):
        with pytest.raises(IntegrityError, match="append-only"):
            execute(change)
    assert execute("UPDATE membership_agency SET city = 'Moved' WHERE note = ''") == 1


def test_papers_are_declared_append_only():
    assert triggers.is_append_only(Paper)
    assert not triggers.is_append_only(Agency)
