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
from nipas_admin.settings import STATIC_ROOT, STORAGES, TEMPLATES  # noqa: E402
from tests.template_variables import FailsInOurTemplates  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT.mkdir()
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = FailsInOurTemplates()
