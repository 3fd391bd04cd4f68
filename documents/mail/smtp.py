"""Django's SMTP, remembering what it forgets: whether a mail was begun, and who was refused beside others."""

from __future__ import annotations

import smtplib
from typing import Any

from django.core.mail.backends import smtp

Answers = dict[str, tuple[int, bytes]]


class Watched(smtplib.SMTP):
    """A talk with a mail server.

    ``in_doubt``: the text was begun and the server has not answered for it. ``refused``: the addresses of the last mail
    that the server refused while it took others, with its answers.
    """

    in_doubt = False
    refused: Answers = {}

    def sendmail(self, *args: Any, **options: Any) -> Answers:
        """Send. Returns whom the server refused beside others; raises SMTPException when nobody gets it."""
        self.in_doubt, self.refused = False, {}
        self.refused = super().sendmail(*args, **options)
        return self.refused

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand over the text. Returns the server's answer to it."""
        self.in_doubt = True
        answer = super().data(msg)
        self.in_doubt = False
        return answer


class WatchedOverTLS(Watched, smtplib.SMTP_SSL):
    """The same, encrypted from the first word."""


class EmailBackend(smtp.EmailBackend):
    """Django's own, over a watched talk."""

    @property
    def connection_class(self) -> type[Watched]:
        """The kind of talk."""
        return WatchedOverTLS if self.use_ssl else Watched

    @property
    def in_doubt(self) -> bool:
        """Was the last mail begun and not answered for?"""
        return bool(getattr(self.connection, "in_doubt", False))

    @property
    def refused(self) -> Answers:
        """Whom the server refused of the last mail's receivers, while it took it for others."""
        return getattr(self.connection, "refused", {})
