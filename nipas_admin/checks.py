"""Settings that would lose data or open a door are refused at start: ids nipas.E001 and on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import Error, register

FIRST_SQLITE_WITH_A_SAFE_LOG = (3, 51, 3)


def databases_are_safe(app_configs: object, **kwargs: object) -> list[Error]:
    """Errors for a database without the guards that our tests rely on; none when all is well."""
    return [error for alias, database in settings.DATABASES.items() for error in _faults_of(alias, database)]


def _faults_of(alias: str, database: dict[str, Any]) -> Iterator[Error]:
    if database.get("ATOMIC_REQUESTS"):
        yield Error(
            f"Database {alias}: ATOMIC_REQUESTS is on.",
            hint="Turn it off: a page that only reads would lock the whole register, and every act opens its own.",
            id="nipas.E001",
        )
    engine = database.get("ENGINE", "")
    if engine == "django.db.backends.sqlite3":
        yield from _faults_of_sqlite(alias, database.get("OPTIONS", {}))
    elif engine != "django.db.backends.postgresql":
        yield Error(
            f"Database {alias}: the register runs on SQLite and PostgreSQL, not on {engine}.",
            hint="Give another DATABASE_URL.",
            id="nipas.E002",
        )


def _faults_of_sqlite(alias: str, options: dict[str, Any]) -> Iterator[Error]:
    pragmas = options.get("init_command", "").replace(" ", "").lower()
    guards = {
        'transaction_mode is not "IMMEDIATE"': options.get("transaction_mode") == "IMMEDIATE",
        "timeout is less than 20 seconds": options.get("timeout", 5) >= 20,
        "init_command does not set PRAGMA synchronous=FULL": "synchronous=full" in pragmas,
        "init_command sets a write-ahead log, which can corrupt the file in this version of SQLite": (
            "journal_mode=wal" not in pragmas or sqlite3.sqlite_version_info >= FIRST_SQLITE_WITH_A_SAFE_LOG
        ),
    }
    for fault, well in guards.items():
        if not well:
            yield Error(
                f"Database {alias}: {fault}.",
                hint="Keep the OPTIONS of nipas_admin.settings: without them, saves of two people collide or are lost.",
                id="nipas.E003",
            )


def pages_carry_a_strict_policy(app_configs: object, **kwargs: object) -> list[Error]:
    """Errors for a Content-Security-Policy that is missing, only reported, or lets inline code run."""
    policy = getattr(settings, "CONTENT_SECURITY_POLICY", None) or {}
    directives = policy.get("DIRECTIVES", {})
    allowed = {str(source) for sources in directives.values() for source in sources}
    faults = [f"it allows {source}" for source in sorted(allowed) if "unsafe" in source or source in {"*", "https:"}]
    if not {"default-src", "base-uri", "form-action", "frame-ancestors"} <= directives.keys():
        faults.append("default-src, base-uri, form-action and frame-ancestors must all be set")
    if "csp.middleware.CSPMiddleware" not in settings.MIDDLEWARE:
        faults.append("csp.middleware.CSPMiddleware is not installed, so no page carries it")
    return [
        Error(f"CONTENT_SECURITY_POLICY: {fault}.", hint="Scripts and styles are files of our own.", id="nipas.E004")
        for fault in faults
    ]


def imports_ask_for_permission(app_configs: object, **kwargs: object) -> list[Error]:
    """Errors for import and export that any member of staff could use, or that keep files on one web node."""
    faults = [
        f"{name} is not set: everyone who signs in could do it."
        for name in ("IMPORT_EXPORT_IMPORT_PERMISSION_CODE", "IMPORT_EXPORT_EXPORT_PERMISSION_CODE")
        if not getattr(settings, name, None)
    ]
    if "TempFolderStorage" in str(getattr(settings, "IMPORT_EXPORT_TMP_STORAGE_CLASS", "TempFolderStorage")):
        faults.append("IMPORT_EXPORT_TMP_STORAGE_CLASS keeps the file on one machine, where another cannot read it.")
    return [Error(fault, hint="Keep the value of nipas_admin.settings.", id="nipas.E005") for fault in faults]


def nothing_is_kept_in_a_process(app_configs: object, **kwargs: object) -> list[Error]:
    """Errors for sessions, cache or background work that live in one process and die with it."""
    kept = {
        "SESSION_ENGINE": [settings.SESSION_ENGINE],
        "CACHES": [cache["BACKEND"] for cache in settings.CACHES.values()],
    }
    return [
        Error(f"{name} must keep its data in the database.", hint="Several web processes share it.", id="nipas.E006")
        for name, engines in kept.items()
        if not all(".backends.db" in engine or ".backends.dummy" in engine for engine in engines)
    ]


def years_have_four_digits(app_configs: object, **kwargs: object) -> list[Error]:
    """Errors for a date format that reads 01/02/49 as a day in 2049."""
    return [
        Error(f"DATE_INPUT_FORMATS accepts the two-digit years of {form}.", hint="Use %Y.", id="nipas.E007")
        for form in settings.DATE_INPUT_FORMATS
        if "%y" in form
    ]


for _check in (
    databases_are_safe,
    pages_carry_a_strict_policy,
    imports_ask_for_permission,
    nothing_is_kept_in_a_process,
    years_have_four_digits,
):
    register(_check, "settings")
