"""Settings, all from the environment; what is wrong there is said at start, all of it, in words."""

from __future__ import annotations

import secrets
import sqlite3
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import dj_database_url
import dj_email_url  # type: ignore[import-untyped]
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.exceptions import ValidationError as NotAnAddress
from django.core.validators import validate_email
from environs import Env, EnvValidationError, ValidationError, validate
from import_export.formats.base_formats import CSV, XLSX

from nipas_admin.formats.en import formats

BASE_DIR = Path(__file__).resolve().parent.parent

# --- The environment: every variable that is read, with what to say when its value will not do. -----------------------

WHAT_TO_DO = {
    "NIPAS_ENV": "Use local (the default, for one machine) or production.",
    "NIPAS_VAR_DIR": "Name the folder that holds the papers, the key and the SQLite file, as an absolute path.",
    "NIPAS_DEMO": "Use true (the default) to fill an empty local register with the demonstration, or false.",
    "NIPAS_BODY_NAME": "Give the name of the body as it stands on its papers.",
    "DJANGO_DEBUG": "Use true or false, or leave it out; in production it must be false.",
    "DJANGO_SECRET_KEY": "Give at least 50 random characters, for example from: "
    "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'",
    "DJANGO_ALLOWED_HOSTS": "Give the host names people type, separated by commas, for example register.example.org.",
    "EMAIL_URL": "Give submission://user:password@mail.example.org:587, smtp://mail.example.org:25 or "
    "submission://user:password@mail.example.org:465?ssl=true, with @ and / in a password as %40 and %2F.",
    "NIPAS_MAIL_FROM": "Give the address that mail is sent from, for example treasurer@example.org.",
    "NIPAS_BODY_EMAIL": "Give the address that people answer to, as it stands on the body's papers, or leave it out.",
    "DATABASE_URL": "Give postgres://user:password@host:5432/name, or sqlite:////absolute/path/register.sqlite3.",
}


def _not_in_production(value: bool) -> None:
    if PRODUCTION and value:
        raise ValidationError("It shows the program's insides to visitors.")


def _named_hosts(hosts: list[str]) -> None:
    if not hosts or "*" in hosts:
        raise ValidationError("It must name each host; * would answer to any.")


def _database_that_we_test(url: str) -> dict[str, Any]:
    try:
        database = dict(dj_database_url.parse(url))
    except ValueError:
        raise ValidationError("Not a valid database URL.") from None
    if database["ENGINE"] not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"}:
        raise ValidationError("The register runs on SQLite and PostgreSQL only.")
    return database


def _mail_server(url: str) -> dict[str, Any]:
    """Django's mail settings; none where no server is given."""
    if not url:
        return {}
    try:
        mail = dict(dj_email_url.parse(url)) if url.startswith(("smtp://", "submission://")) else {}
    except ValueError:
        mail = {}
    if not mail.get("EMAIL_HOST"):
        raise ValidationError("Not the address of a mail server.")
    return mail


def _mail_address(address: str, *, optional: bool = False) -> str:
    if optional and not address:
        return ""
    try:
        validate_email(address)
    except NotAnAddress:
        raise ValidationError("Not an e-mail address.") from None
    return address


env = Env(eager=False)
env.add_parser("mail_server", _mail_server)
env.add_parser("mail_address", _mail_address)
env.add_parser("database", _database_that_we_test)
PRODUCTION = env.str("NIPAS_ENV", "local", validate=validate.OneOf(["local", "production"])) == "production"
_required: dict[str, Any] = {} if PRODUCTION else {"default": None}

VAR_DIR = Path(env.str("NIPAS_VAR_DIR", str(BASE_DIR / "var"), validate=validate.Length(min=1)) or "").resolve()
LOAD_DEMO = env.bool("NIPAS_DEMO", True) and not PRODUCTION
# The clocks of the Open Meetings Act only warn; whether the act binds the body is for its counsel.
OPEN_MEETINGS_CLOCKS = env.bool("NIPAS_OPEN_MEETINGS_CLOCKS", True)
NIPAS_BODY_NAME = env.str("NIPAS_BODY_NAME", "Northern Illinois Police Alarm System")
NIPAS_BODY_EMAIL = env.mail_address("NIPAS_BODY_EMAIL", "", optional=True)
_mail = env.mail_server("EMAIL_URL", "")
_sender: dict[str, Any] = {} if _mail else {"default": "register@localhost"}
DEFAULT_FROM_EMAIL = env.mail_address("NIPAS_MAIL_FROM", **_sender)
DEBUG = env.bool("DJANGO_DEBUG", False, validate=_not_in_production)
_given_key = env.str("DJANGO_SECRET_KEY", validate=validate.Length(min=50), **_required)
_given_hosts = env.list("DJANGO_ALLOWED_HOSTS", validate=_named_hosts, **_required)
_file = {} if PRODUCTION else {"default": f"sqlite:///{quote(str(VAR_DIR / 'register.sqlite3'))}"}
_database = env.database("DATABASE_URL", **_file)

try:
    env.seal()
except EnvValidationError as error:
    raise ImproperlyConfigured(
        "The register cannot start with this environment:\n"
        + "\n".join(
            f"  {name}: {' '.join(map(str, messages))} {WHAT_TO_DO[name]}"
            for name, messages in cast("dict[str, list[str]]", error.error_messages).items()
        )
    ) from None


def _key_of_this_machine() -> str:
    """The secret key kept beside the register, drawn on the first start; production names its own."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        draft = VAR_DIR / f"secret_key.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        draft.rename(path)
    return path.read_text()


try:
    VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"NIPAS_VAR_DIR: {error}. {WHAT_TO_DO['NIPAS_VAR_DIR']}") from None
SECRET_KEY = _given_key or _key_of_this_machine()
ALLOWED_HOSTS = _given_hosts or ["localhost", "127.0.0.1", "[::1]"]

# --- What is installed. -----------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "nipas_admin.apps.RegisterConfig",
    "nipas_admin.accounts",
    "nipas_admin.jobs",
    "documents",
    "membership",
    "board",
    "finance",
    "operations",
    "nipas_admin.apps.RegisterAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "import_export",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "nipas_admin.urls"
WSGI_APPLICATION = "nipas_admin.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Where things are kept: nothing in a web process, so that several can share one database. -------------------------

if _database["ENGINE"].endswith("sqlite3"):
    # SQLite's write-ahead log can corrupt a file in the versions before 3.51.3.
    _journal = "WAL" if sqlite3.sqlite_version_info >= (3, 51, 3) else "DELETE"
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": f"PRAGMA journal_mode={_journal}; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True
DATABASES: dict[str, Any] = {"default": _database}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": VAR_DIR / "papers",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"

# --- Mail: to the server that is named. Without one into files, on one machine; in production it waits. ---------------

MAIL_IS_SENT = bool(_mail) or not PRODUCTION
EMAIL_BACKEND = (
    # Django's own, which also says whether a mail was begun when the line broke.
    "documents.mail.smtp.EmailBackend"
    if _mail
    else f"django.core.mail.backends.{'dummy' if PRODUCTION else 'filebased'}.EmailBackend"
)
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_HOST = _mail.get("EMAIL_HOST", "localhost")
EMAIL_PORT = _mail.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = _mail.get("EMAIL_TIMEOUT") or 60
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Days and figures. ------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
TIME_ZONE = "America/Chicago"
USE_I18N = False
USE_TZ = True
FORMAT_MODULE_PATH = "nipas_admin.formats"
# Libraries that read these settings, rather than Django's formats, refuse two-digit years too.
DATE_FORMAT = formats.DATE_FORMAT
DATETIME_FORMAT = formats.DATETIME_FORMAT
DATE_INPUT_FORMATS = formats.DATE_INPUT_FORMATS
DATETIME_INPUT_FORMATS = formats.DATETIME_INPUT_FORMATS

# --- Who may do what. -------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = PRODUCTION
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- What a request may bring. A scan may have 25 MiB (documents); everything else in a form, far less. ---------------

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- Import, export and history: the libraries' defaults are open; ours are not. --------------------------------------

IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"
IMPORT_EXPORT_FORMATS = [CSV, XLSX]
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_TMP_STORAGE_CLASS = "import_export.tmp_storages.CacheStorage"
SIMPLE_HISTORY_REVERT_DISABLED = True

# --- What is said, to standard error. ---------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # Who asks for a host that is not ours is told so; the log need not be.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
