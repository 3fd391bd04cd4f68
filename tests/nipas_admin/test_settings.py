"""What the environment may say, what is said back, and what each environment then does."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.core.checks import run_checks
from django.db import connection
from django.utils import formats
from environs import ValidationError

from nipas_admin import checks
from nipas_admin.settings import _mail_server

CHECKOUT = Path(__file__).resolve().parents[2]
KEY = "a-key-for-tests-of-more-than-fifty-different-characters-0123456789"
PRODUCTION = {
    "NIPAS_ENV": "production",
    "DJANGO_SECRET_KEY": KEY,
    "DJANGO_ALLOWED_HOSTS": "register.example.org",
    "DATABASE_URL": "postgres://register:secret@127.0.0.1:5432/register",
}
OURS = ("NIPAS_", "DJANGO_", "DATABASE_", "EMAIL_")


def manage(var_dir: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """``manage.py`` in a process of its own, with nothing of ours in the environment but what is given."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith((*OURS, "PYTEST", "COV_"))}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=CHECKOUT,
        env={**inherited, "NIPAS_VAR_DIR": str(var_dir), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_production_settings_pass_the_deployment_checks_without_a_warning(tmp_path: Path) -> None:
    result = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert (result.returncode, result.stdout.strip()) == (0, "System check identified no issues (0 silenced).")
    assert result.stderr == ""


def test_local_settings_start_from_an_empty_environment(tmp_path: Path) -> None:
    result = manage(tmp_path / "new", "check", "--fail-level", "WARNING")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        pytest.param(
            {**PRODUCTION, "DJANGO_SECRET_KEY": ""},
            ["DJANGO_SECRET_KEY:", "at least 50 random characters"],
            id="production with an empty key",
        ),
        pytest.param(
            {**PRODUCTION, "DJANGO_SECRET_KEY": "short"},
            ["DJANGO_SECRET_KEY:", "Shorter than minimum length 50"],
            id="production with a short key",
        ),
        pytest.param(
            {**PRODUCTION, "DJANGO_ALLOWED_HOSTS": "*"},
            ["DJANGO_ALLOWED_HOSTS:", "would answer to any", "register.example.org"],
            id="production for any host",
        ),
        pytest.param(
            {**PRODUCTION, "DJANGO_ALLOWED_HOSTS": ""},
            ["DJANGO_ALLOWED_HOSTS:", "must name each host"],
            id="production for no host",
        ),
        pytest.param(
            {**PRODUCTION, "DJANGO_DEBUG": "true"},
            ["DJANGO_DEBUG:", "in production it must be false"],
            id="production with debug pages",
        ),
        pytest.param(
            {"NIPAS_ENV": "production"},
            ["DJANGO_SECRET_KEY:", "DJANGO_ALLOWED_HOSTS:", "DATABASE_URL:"],
            id="production with nothing set names everything at once",
        ),
        pytest.param(
            {"NIPAS_ENV": "prod", "DJANGO_DEBUG": "maybe"},
            ["NIPAS_ENV:", "local (the default", "DJANGO_DEBUG: Not a valid boolean. Use true or false"],
            id="words that mean nothing",
        ),
        pytest.param(
            {"DATABASE_URL": "postgrs://typo"},
            ["DATABASE_URL: Not a valid database URL.", "postgres://user:password@host:5432/name"],
            id="a database address with a slip",
        ),
        pytest.param(
            {"DATABASE_URL": "oracle://user@host/name"},
            ["DATABASE_URL: The register runs on SQLite and PostgreSQL only."],
            id="a database that we do not test",
        ),
        pytest.param(
            {**PRODUCTION, "EMAIL_URL": "smtp://mail.example.org:25"},
            ["NIPAS_MAIL_FROM: Environment variable not set. Give the address that mail is sent from"],
            id="production with a mail server and no sender",
        ),
        pytest.param(
            {"EMAIL_URL": "smtps://mail.example.org", "NIPAS_MAIL_FROM": "treasurer", "NIPAS_BODY_EMAIL": "office@"},
            [
                "EMAIL_URL: Not the address of a mail server. Give submission://",
                "NIPAS_MAIL_FROM: Not an e-mail address. Give",
                "NIPAS_BODY_EMAIL: Not an e-mail address. Give",
            ],
            id="mail from nobody by no server",
        ),
        pytest.param(
            {"NIPAS_VAR_DIR": "/proc/nowhere"},
            ["NIPAS_VAR_DIR:", "No such file or directory", "as an absolute path"],
            id="a folder that cannot be made",
        ),
    ],
)
def test_a_wrong_environment_is_refused_in_words(tmp_path: Path, environment: dict[str, str], said: list[str]) -> None:
    result = manage(tmp_path, "check", **environment)
    assert result.returncode != 0
    for words in said:
        assert words in result.stderr
    assert "Traceback" not in result.stderr


TO_FILES = {"MAIL_IS_SENT": True, "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}
NOWHERE = {"MAIL_IS_SENT": False, "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
TO_A_SERVER = {
    "MAIL_IS_SENT": True,
    "EMAIL_BACKEND": "documents.mail.smtp.EmailBackend",
    "EMAIL_HOST": "mail.example.org",
    "EMAIL_PORT": 587,
    "EMAIL_USE_TLS": True,
    "EMAIL_HOST_PASSWORD": "p@ss",
    "EMAIL_TIMEOUT": 60,
    "DEFAULT_FROM_EMAIL": "treasurer@example.org",
}
SERVER = {
    "EMAIL_URL": "submission://register:p%40ss@mail.example.org",
    "NIPAS_MAIL_FROM": "treasurer@example.org",
}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        pytest.param({}, TO_FILES, id="one machine writes mail to files"),
        pytest.param(PRODUCTION, NOWHERE, id="production without a server lets mail wait"),
        pytest.param({**PRODUCTION, **SERVER}, TO_A_SERVER, id="production with a server"),
    ],
)
def test_mail_goes_where_the_environment_says(
    tmp_path: Path, environment: dict[str, str], expected: dict[str, object]
) -> None:
    result = manage(tmp_path, "diffsettings", "--all", **environment)
    said = dict(line.split(" = ", 1) for line in result.stdout.splitlines())
    assert {name: said[name].partition("  ###")[0] for name in expected} == {
        name: repr(value) for name, value in expected.items()
    }


@pytest.mark.parametrize(
    ("url", "port", "encrypted"),
    [
        ("smtp://mail.example.org", 25, (False, False)),
        ("submission://mail.example.org", 587, (True, False)),
        ("submission://mail.example.org:465?ssl=true", 465, (False, True)),
    ],
)
def test_a_mail_server_is_reached_as_its_address_says(url: str, port: int, encrypted: tuple[bool, bool]) -> None:
    mail = _mail_server(url)
    assert (mail["EMAIL_PORT"], (mail["EMAIL_USE_TLS"], mail["EMAIL_USE_SSL"])) == (port, encrypted)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "submission://",
        "smtp://mail.example.org:port",
        "smtps://mail.example.org",
        "dummy://",
        "memory://",
    ],
)
def test_what_is_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="Not the address of a mail server"):
        _mail_server(url)


def test_the_key_of_this_machine_is_drawn_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    manage(tmp_path, "check")
    key = tmp_path / "secret_key"
    first = key.read_text()
    manage(tmp_path, "check")
    assert len(first) >= 50
    assert key.read_text() == first
    assert key.stat().st_mode & 0o777 == 0o600


def test_production_draws_no_key(tmp_path: Path) -> None:
    manage(tmp_path, "check", **PRODUCTION)
    assert not (tmp_path / "secret_key").exists()


# --- Days ---


class DayForm(forms.Form):
    """One day, as any form asks for it."""

    day = forms.DateField()


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        pytest.param("2018-05-04", date(2018, 5, 4), id="ISO"),
        pytest.param("5/4/2018", date(2018, 5, 4), id="month first, as Americans write"),
        pytest.param("05/04/2018", date(2018, 5, 4), id="month first with zeros"),
        pytest.param(" 2018-05-04 ", date(2018, 5, 4), id="with blanks around it"),
        pytest.param("01/02/49", None, id="a two-digit year is nobody's guess"),
        pytest.param("5/4/18", None, id="another two-digit year"),
        pytest.param("2018-02-29", None, id="29 February of a common year"),
        pytest.param("31/12/2018", None, id="day first"),
        pytest.param("4 May 2018", None, id="words"),
        pytest.param("May 4, 2018", None, id="American words"),
        pytest.param("20180504", None, id="digits alone"),
    ],
)
def test_days_are_read_in_two_forms_only(typed: str, day: date | None) -> None:
    form = DayForm({"day": typed})
    assert (form.cleaned_data["day"] if form.is_valid() else None) == day


def test_days_are_written_as_people_write_them() -> None:
    assert formats.date_format(date(2018, 5, 4)) == "4 May 2018"


def test_libraries_that_read_the_settings_refuse_two_digit_years_too() -> None:
    assert [form for form in settings.DATE_INPUT_FORMATS + settings.DATETIME_INPUT_FORMATS if "%y" in form] == []


# --- System checks ---


def ids(found: object) -> list[str]:
    """The ids of check messages."""
    return [message.id for message in found]  # type: ignore[attr-defined]


def test_every_check_is_at_peace_with_the_settings_we_ship() -> None:
    assert ids(run_checks()) == []


SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA synchronous=FULL;"},
}


@pytest.mark.parametrize(
    ("database", "expected"),
    [
        pytest.param(SQLITE, [], id="SQLite with its guards"),
        pytest.param({**SQLITE, "ATOMIC_REQUESTS": True}, ["nipas.E001"], id="a transaction around every page"),
        pytest.param({"ENGINE": "django.db.backends.mysql"}, ["nipas.E002"], id="another engine"),
        pytest.param(
            {**SQLITE, "OPTIONS": {**SQLITE["OPTIONS"], "transaction_mode": "DEFERRED"}},
            ["nipas.E003"],
            id="transactions that find out late that they cannot write",
        ),
        pytest.param(
            {**SQLITE, "OPTIONS": {**SQLITE["OPTIONS"], "timeout": 19}}, ["nipas.E003"], id="one second too impatient"
        ),
        pytest.param(
            {**SQLITE, "OPTIONS": {**SQLITE["OPTIONS"], "init_command": "PRAGMA synchronous = NORMAL"}},
            ["nipas.E003"],
            id="writes that may not reach the disk",
        ),
        pytest.param({"ENGINE": SQLITE["ENGINE"]}, ["nipas.E003"] * 3, id="SQLite as Django sets it up"),
        pytest.param({"ENGINE": "django.db.backends.postgresql"}, [], id="PostgreSQL"),
    ],
)
def test_a_database_without_guards_is_refused(
    monkeypatch: pytest.MonkeyPatch, database: dict[str, object], expected: list[str]
) -> None:
    monkeypatch.setattr(settings, "DATABASES", {"default": database})
    assert ids(checks.databases_are_safe(None)) == expected


@pytest.mark.parametrize(("version", "expected"), [((3, 51, 2), ["nipas.E003"]), ((3, 51, 3), [])])
def test_a_write_ahead_log_is_refused_where_sqlite_can_corrupt_it(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], expected: list[str]
) -> None:
    options = {**SQLITE["OPTIONS"], "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous=FULL"}
    monkeypatch.setattr(settings, "DATABASES", {"default": {**SQLITE, "OPTIONS": options}})
    monkeypatch.setattr(checks.sqlite3, "sqlite_version_info", version)
    assert ids(checks.databases_are_safe(None)) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({"script-src": ["'self'", "'unsafe-inline'"]}, 1, id="inline scripts"),
        pytest.param({"style-src": ["'unsafe-inline'"]}, 1, id="inline styles"),
        pytest.param({"script-src": ["'unsafe-eval'"]}, 1, id="eval"),
        pytest.param({"img-src": ["*"]}, 1, id="anything from anywhere"),
        pytest.param({}, 0, id="nothing more"),
    ],
)
def test_a_loose_content_security_policy_is_refused(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, list[str]], expected: int
) -> None:
    shipped = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    monkeypatch.setattr(settings, "CONTENT_SECURITY_POLICY", {"DIRECTIVES": {**shipped, **change}})
    assert ids(checks.pages_carry_a_strict_policy(None)) == ["nipas.E004"] * expected


def test_a_policy_that_no_page_carries_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MIDDLEWARE", [name for name in settings.MIDDLEWARE if not name.startswith("csp.")])
    assert ids(checks.pages_carry_a_strict_policy(None)) == ["nipas.E004"]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("IMPORT_EXPORT_IMPORT_PERMISSION_CODE", None, "nipas.E005"),
        ("IMPORT_EXPORT_EXPORT_PERMISSION_CODE", "", "nipas.E005"),
        ("IMPORT_EXPORT_TMP_STORAGE_CLASS", "import_export.tmp_storages.TempFolderStorage", "nipas.E005"),
        ("SESSION_ENGINE", "django.contrib.sessions.backends.cache", "nipas.E006"),
        ("SESSION_ENGINE", "django.contrib.sessions.backends.file", "nipas.E006"),
        ("CACHES", {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}, "nipas.E006"),
        ("DATE_INPUT_FORMATS", ["%Y-%m-%d", "%m/%d/%y"], "nipas.E007"),
    ],
)
def test_a_setting_that_opens_a_door_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: object, expected: str
) -> None:
    monkeypatch.setattr(settings, name, value)
    assert ids(run_checks()) == [expected]


# --- What the guards do ---


@pytest.mark.django_db
def test_the_database_keeps_what_it_was_told() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            assert cursor.fetchone() == (2,)
            cursor.execute("PRAGMA foreign_keys")
            assert cursor.fetchone() == (1,)
            assert connection.transaction_mode == "IMMEDIATE"
        else:
            assert connection.settings_dict["CONN_HEALTH_CHECKS"] is True
            assert connection.settings_dict["CONN_MAX_AGE"] == 60
