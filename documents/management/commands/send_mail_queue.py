"""``manage.py send_mail_queue``: sends the mail that waits. For cron, every few minutes; two at once do no harm."""

from __future__ import annotations

import os
import socket
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from documents.mail.sending import MailServerUnreachable, in_words, send_waiting


class Command(BaseCommand):
    """Send what waits, each mail once, and say what became of it."""

    help = "Sends the mail that waits in the outbox. What a crash left undecided is set aside and never sent again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Send; nothing is said when nothing waited."""
        left: Counter[str] = Counter()
        worker = f"send_mail_queue {os.getpid()} on {socket.gethostname()}"[:100]
        try:
            for mail in send_waiting(worker, timezone.now):
                left[mail.state] += 1
        except MailServerUnreachable as trouble:
            raise CommandError(f"{trouble} {in_words(left)} What was not sent waits.") from trouble
        if left:
            self.stdout.write(in_words(left))
