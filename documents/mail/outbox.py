"""The doors of the outbox: queue a mail, start sending, cancel, try again, decide what became of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from email.utils import make_msgid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.template.defaultfilters import filesizeformat

from documents.models import OutgoingMail, Paper
from nipas_admin.jobs import services as jobs
from nipas_admin.jobs.models import Job

KIND = "documents.mail"
MOST_ADDRESSES = 50
MOST_LETTERS = 50_000
# Encoded for the way a file grows by a third, and many servers take no mail above 25 MB.
MOST_BYTES = 18 * 1024 * 1024
HOW_DO_YOU_KNOW = "Say how you know: what the receiver or the mail server's log said."

State = OutgoingMail.State


@transaction.atomic
def queue(
    *, key: str, to: str | Iterable[str], subject: str, body: str, papers: Iterable[Paper] = (), user: Any
) -> OutgoingMail:
    """The mail, waiting to be sent; or the one already queued under this key, as it is, whatever became of it.

    ``key`` says what the mail is for (``finance.invoice:2026-17``). ``to`` is one or more addresses, in a list or with
    commas or semicolons between them. Nothing goes out before ``start_sending``. Raises ValidationError, in words, by
    field.
    """
    if on_file := OutgoingMail.objects.filter(key=key).first():
        return on_file
    enclosed = list(dict.fromkeys(papers))
    mail = OutgoingMail(
        key=key,
        to=", ".join(_addresses(to)),
        subject=_subject(subject),
        body=_body(body),
        requested_by=user,
        message_id=make_msgid(domain=settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]),
    )
    _must_fit(enclosed)
    mail._history_user = user
    mail._change_reason = "Queued."
    mail.full_clean(validate_unique=False)  # the database decides who was first
    try:
        with transaction.atomic():
            mail.save()
            mail.papers.set(enclosed)
    except IntegrityError:
        on_file = OutgoingMail.objects.filter(key=key).first()
        if on_file is None:
            raise
        return on_file
    return mail


def start_sending(*, user: Any) -> Job | None:
    """A job that sends what waits now; None while nothing waits, or this register cannot send mail."""
    waiting = OutgoingMail.objects.waiting().count()
    if not waiting or not settings.MAIL_IS_SENT:
        return None
    # Mail that joins the queue while a job runs gets a job of its own.
    as_of = OutgoingMail.history.order_by("-history_id").values_list("history_id", flat=True).first()
    title = "Send one mail" if waiting == 1 else f"Send {waiting} mails"
    return jobs.start(KIND, title=title, user=user, outbox_as_of=as_of)


def where_mail_goes() -> str:
    """What a person must know of the way mail takes from here; empty when it goes to a mail server as it should."""
    if not settings.MAIL_IS_SENT:
        return (
            "This register cannot send mail yet, so mail waits here and nothing is lost. Whoever looks after the "
            "server sets EMAIL_URL and NIPAS_MAIL_FROM; then it is sent from here."
        )
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        return f"Mail does not leave this machine: each one “sent” is written to a file in {settings.EMAIL_FILE_PATH}."
    return ""


def cancel(*, mail: OutgoingMail, because: str = "", user: Any) -> OutgoingMail:
    """Never send it. Raises ValidationError when it no longer waits and has not failed."""
    return _move(mail, (State.WAITING, State.FAILED), "Canceled", because, user, state=State.CANCELLED)


def try_again(*, mail: OutgoingMail, user: Any) -> OutgoingMail:
    """Let a failed mail wait again. Raises ValidationError when it has not failed."""
    return _move(mail, (State.FAILED,), "To be tried again", "", user, state=State.WAITING)


def was_sent(*, mail: OutgoingMail, because: str, user: Any) -> OutgoingMail:
    """Decide that a mail of which nobody knew went out. Raises ValidationError when it is known, or without a why."""
    _must_say_why(because)
    return _move(mail, (State.NOT_KNOWN,), "Decided that it was sent", because, user, state=State.SENT)


def send_again(*, mail: OutgoingMail, because: str, user: Any) -> OutgoingMail:
    """Decide that it did not go out, and let it wait again. Raises ValidationError as ``was_sent`` does."""
    _must_say_why(because)
    said = "Decided that it was not sent, and to send it again"
    return _move(mail, (State.NOT_KNOWN,), said, because, user, state=State.WAITING)


def _move(
    mail: OutgoingMail, expected: Collection[str], said: str, because: str, user: Any, **values: Any
) -> OutgoingMail:
    remark = f"{said}: {because.strip()}" if because.strip() else f"{said}."
    left = OutgoingMail.objects.move(mail.pk, expected, reason=remark, user=user, remark=remark, **values)
    if left is None:
        now = OutgoingMail.objects.get(pk=mail.pk).get_state_display().lower()
        raise ValidationError(f"This mail is in another state by now ({now}). Nothing was changed; look at it again.")
    return left


def _must_say_why(because: str) -> None:
    if not because.strip():
        raise ValidationError({"because": HOW_DO_YOU_KNOW})


def _addresses(to: str | Iterable[str]) -> list[str]:
    """Each address once, as given. Raises ValidationError naming those that are none."""
    given = [to] if isinstance(to, str) else list(to)
    parts = [part.strip() for text in given for part in text.replace(";", ",").split(",")]
    found = list({part.lower(): part for part in reversed(parts) if part}.values())[::-1]
    if not found:
        raise ValidationError({"to": "Give an e-mail address to send to."})
    if len(found) > MOST_ADDRESSES:
        raise ValidationError({"to": f"One mail goes to at most {MOST_ADDRESSES} addresses; send several."})
    wrong = [part for part in found if not _is_address(part)]
    if wrong:
        named = ", ".join(f"“{_printable(part)}”" for part in wrong)
        raise ValidationError({"to": f"Not an e-mail address: {named}. Write it as clerk@example.org."})
    return found


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _subject(text: str) -> str:
    """The subject. Raises ValidationError when it would not be one line of text: a second line is a header."""
    subject = text.strip()
    if not subject:
        raise ValidationError({"subject": "Give the mail a subject."})
    if _has_control(subject):
        raise ValidationError({"subject": "The subject is one line: take out line breaks and control characters."})
    if len(subject) > 200:
        raise ValidationError({"subject": f"The subject has {len(subject)} characters; the most is 200."})
    return subject


def _body(text: str) -> str:
    body = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not body:
        raise ValidationError({"body": "Give the mail a text: say what it is and whom to ask."})
    if _has_control(body.replace("\n", "").replace("\t", "")):
        raise ValidationError({"body": "The text holds control characters; type it anew instead of pasting it."})
    if len(body) > MOST_LETTERS:
        raise ValidationError({"body": f"The text has {len(body):,} characters; the most is {MOST_LETTERS:,}."})
    return body


def _must_fit(papers: Collection[Paper]) -> None:
    size = sum(paper.size for paper in papers)
    if size > MOST_BYTES:
        raise ValidationError(
            {
                "papers": f"The papers have {filesizeformat(size)} together; mail takes at most "
                f"{filesizeformat(MOST_BYTES)}. Send several mails, or a scan of lower resolution."
            }
        )


def _has_control(text: str) -> bool:
    """Does it hold what ends a line anywhere, or cannot be printed or stored?"""
    return any(unicodedata.category(letter) in {"Cc", "Zl", "Zp", "Cs"} for letter in text)


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)[:100]
