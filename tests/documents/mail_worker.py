"""A worker of the outbox in a process of its own, to be killed: ``python -m tests.documents.mail_worker queue|hang|send``.

It works on the database that DATABASE_URL names and writes mail to files under NIPAS_VAR_DIR.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nipas_admin.settings")

import django

django.setup()

from django.core.mail.backends.filebased import EmailBackend  # noqa: E402

from documents.mail import outbox, sending  # noqa: E402
from nipas_admin.accounts.models import User  # noqa: E402


def main(what: str, watched: str = "") -> None:
    """Queue one mail; or hand over what waits and hang before the outcome is written down; or send as usual."""
    if what == "queue":
        asker = User.objects.create_user("asker")
        outbox.queue(key="test:1", to="clerk@example.org", subject="Invoice 1", body="Enclosed.", user=asker)
        return
    if what == "hang":
        hand_over = EmailBackend.send_messages

        def and_hang(self: EmailBackend, messages: list[object]) -> int:
            sent = int(hand_over(self, messages))
            Path(watched).touch()
            time.sleep(60)
            return sent

        EmailBackend.send_messages = and_hang  # type: ignore[method-assign]
    # Death is noticed at once here, so that the test need not wait.
    sending.PATIENCE = timedelta(seconds=-1)
    for _mail in sending.send_waiting(f"test {os.getpid()}", lambda: datetime(2026, 5, 1, tzinfo=UTC)):
        pass


if __name__ == "__main__":
    main(*sys.argv[1:])
