"""A template of ours that names a variable nobody gave it fails the test; others' templates may."""

from __future__ import annotations

import sys
from pathlib import Path

OURS = Path(__file__).resolve().parent.parent
NOT_OURS = OURS / ".venv"


class UnknownTemplateVariableError(Exception):
    """A template of ours used a variable that its context does not hold."""


class FailsInOurTemplates(str):
    """What Django puts in place of an unknown variable: empty in others' templates, an error in ours.

    Django asks for its truth once per unknown variable, before filters; that is where we look whose template it is.
    Pass a variable on purpose, as None or empty, or ask with ``{% if %}``, which may name what is not there.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        frame = sys._getframe(1)
        variable = frame.f_locals.get("self", "")
        while frame is not None:
            origin = getattr(frame.f_locals.get("self"), "origin", None) if frame.f_code.co_name == "render" else None
            if origin is not None:
                template = Path(str(origin.name))
                if template.is_relative_to(OURS) and not template.is_relative_to(NOT_OURS):
                    expression = getattr(variable, "token", variable)
                    raise UnknownTemplateVariableError(f"{template.relative_to(OURS)} uses {expression!s}, not given.")
                return False
            frame = frame.f_back
        return False
