"""The register's own settings, in a place of their own and with nothing to build first."""

from __future__ import annotations

import atexit
import os
import tempfile

_var = tempfile.TemporaryDirectory(prefix="nipas-tests-")
atexit.register(_var.cleanup)
os.environ["NIPAS_VAR_DIR"] = _var.name
os.environ["NIPAS_ENV"] = "local"
os.environ["DJANGO_DEBUG"] = "false"

from nipas_admin.settings import *  # noqa: E402, F403
from nipas_admin.settings import DATABASES, STATIC_ROOT, STORAGES, TEMPLATES  # noqa: E402
from tests.template_variables import FailsInOurTemplates  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT.mkdir()
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = FailsInOurTemplates()

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, so that tests of two people at once have two connections and the locks that go with them.
    DATABASES["default"]["TEST"] = {"NAME": f"{_var.name}/test.sqlite3"}
