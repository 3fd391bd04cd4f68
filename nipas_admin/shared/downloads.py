"""Files given out: saved, never run. The browser is told what they are and takes our word for it."""

from __future__ import annotations

from typing import IO, Any

from django.http import FileResponse

# What a file given out may do in a browser: nothing.
SANDBOX = "default-src 'none'; sandbox"


def as_download(content: IO[Any], name: str, media_type: str, *, inline: bool = False) -> FileResponse:
    """The file under this name and type, to be saved; with ``inline``, to be looked at in a page of its own."""
    response = FileResponse(content, as_attachment=not inline, filename=name, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = SANDBOX
    return response
