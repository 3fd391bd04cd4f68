"""What every test stands on. Days are fixed everywhere; nothing here reads a clock."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("register", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("register")

# --- Emptying the database between tests in spite of the guards of history; the demonstration register. ----------------

from tests.append_only import flush_without_triggers  # noqa: E402, F401
from tests.demonstration import demo, load_demonstration  # noqa: E402, F401
