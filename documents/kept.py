"""Uploads kept while a form is corrected, because a browser does not send a file twice by itself.

They lie in the storage under a random name for at most a day; the page carries a signed token that leads to one.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from documents.models import paper_storage

FOLDER = "kept"
FOR = timedelta(days=1)
SALT = "documents.kept"


class KeptUpload(UploadedFile[bytes]):
    """An upload from an earlier attempt at the same form."""

    token = ""


def keep(upload: UploadedFile[bytes]) -> str:
    """The token that leads to this upload from now on. What was kept for more than a day is let go."""
    if isinstance(upload, KeptUpload):
        return upload.token
    upload.seek(0)
    path = paper_storage().save(f"{FOLDER}/{secrets.token_hex(16)}", upload)
    _let_go_before(path)
    return signing.dumps([path, upload.name], salt=SALT)


def take(token: str) -> KeptUpload | None:
    """The upload kept under the token; None when the token is not ours or the upload was let go."""
    try:
        path, name = signing.loads(token, salt=SALT, max_age=FOR)
        with paper_storage().open(path) as stored:
            content = stored.read()
    except (signing.BadSignature, OSError):
        return None
    upload = KeptUpload(BytesIO(content), name, size=len(content))
    upload.token = token
    return upload


def let_go(upload: Any) -> None:
    """Delete a kept upload that has found its place; any other is left alone."""
    if isinstance(upload, KeptUpload):
        with suppress(signing.BadSignature):
            path, _ = signing.loads(upload.token, salt=SALT)
            paper_storage().delete(path)


def _let_go_before(path: str) -> None:
    """Delete what was stored more than a day before the upload at this path."""
    storage = paper_storage()
    oldest = storage.get_modified_time(path) - FOR
    for name in storage.listdir(FOLDER)[1]:
        with suppress(OSError):  # another process may have been quicker
            if storage.get_modified_time(f"{FOLDER}/{name}") < oldest:
                storage.delete(f"{FOLDER}/{name}")
