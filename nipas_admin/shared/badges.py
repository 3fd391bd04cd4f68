"""Status badges: shape, word and color, so that no one of the three has to be seen. The one place that draws them."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

_SHAPES = {
    "full": '<circle cx="6" cy="6" r="5"/>',
    "half": '<circle class="line" cx="6" cy="6" r="4.4"/><path d="M6 1.6a4.4 4.4 0 0 0 0 8.8z"/>',
    "pause": '<rect x="2" y="1.5" width="3" height="9" rx=".6"/><rect x="7" y="1.5" width="3" height="9" rx=".6"/>',
    "empty": '<circle class="line" cx="6" cy="6" r="4.4"/>',
    "question": '<path class="line" d="M3.4 4.2a2.6 2.6 0 1 1 3.9 2.2Q6 7 6 8"/><circle cx="6" cy="10.6" r="1"/>',
    "diamond": '<path class="line" d="M6 1.3 10.7 6 6 10.7 1.3 6z"/>',
    "dot": '<circle cx="6" cy="6" r="2"/>',
    "check": '<path class="line" d="m2 6.4 2.7 2.7L10 3.3"/>',
    "cross": '<path class="line" d="m2.5 2.5 7 7m0-7-7 7"/>',
}

_LOOKS = {
    "active": ("full", "good"),
    "notice_pending": ("half", "warn"),
    "suspended": ("pause", "bad"),
    "ended": ("empty", "quiet"),
    "withdrawn": ("empty", "quiet"),
    "terminated": ("empty", "quiet"),
    "lapsed": ("empty", "quiet"),
    "not_determined": ("question", "open"),
    "applicant": ("diamond", "info"),
    "prospect": ("dot", "quiet"),
    "done": ("check", "good"),
    "missing": ("cross", "warn"),
    "overdue": ("cross", "bad"),
    "held": ("full", "good"),
    "holding_over": ("half", "warn"),
    "vacant": ("empty", "bad"),
    "open": ("diamond", "info"),
    "closed": ("empty", "quiet"),
}

STATUSES = tuple(_LOOKS)


@lru_cache(maxsize=512)
def badge(status: str | Enum, label: str = "") -> SafeString:
    """The badge for a status; ``label`` replaces its word (``Notice pending, ends 1 May 2027``).

    Raises LookupError for a status without a look: give it one in this file.
    """
    name = str(status.value if isinstance(status, Enum) else status)
    if name not in _LOOKS:
        raise LookupError(f"No badge for {name!r}; the known ones are {', '.join(STATUSES)}.")
    shape, tone = _LOOKS[name]
    return format_html(
        '<span class="badge badge-{tone}"><svg class="shape" viewBox="0 0 12 12" aria-hidden="true">'
        + _SHAPES[shape]
        + "</svg><span>{word}</span></span>",
        tone=tone,
        word=label or name.replace("_", " ").capitalize(),
    )
