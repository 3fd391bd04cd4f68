"""What a worker does with the outbox: claim one mail, commit that, hand it over, write down what became of it.

A mail is handed over only by whoever won its claim, and the claim is on record before the mail server hears of it. So
whatever ends a worker in between, the mail stays "being sent"; a later run sets it aside as "not known", and nothing
but a person sends it again.
"""

from __future__ import annotations

import smtplib
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import timezone

from documents.body import body
from documents.mail.outbox import KIND
from documents.models import OutgoingMail
from nipas_admin.jobs.handlers import JobFailed, Progress, Work, handler
from nipas_admin.jobs.models import Job

# Far longer than a mail server takes to answer (EMAIL_TIMEOUT). Whoever is slower still writes down what became of it.
PATIENCE = timedelta(minutes=15)
MOST_ATTEMPTS = 5
MAILS_PER_CONNECTION = 20

State = OutgoingMail.State
Clock = Callable[[], datetime]

# Until it is claimed anew, the one who handed it over knows best.
OUTCOME_UNKNOWN: tuple[str, ...] = (State.SENDING, State.NOT_KNOWN)

WORKER_DIED = (
    "The work ended between handing this mail to the mail server and hearing its answer, so nobody knows whether it "
    "went out. Ask the receiver, or look for the Message-ID in the mail server's log; then decide."
)
LINE_LOST = (
    "The mail server was lost in the midst of this mail ({error}), so nobody knows whether it took it. Ask the "
    "receiver, or look for the Message-ID in the mail server's log; then decide."
)


class MailServerUnreachable(Exception):
    """No mail can be handed over now; the message says why. Nothing was claimed, and all mail waits."""


@dataclass(frozen=True)
class Outcome:
    """What became of a mail that was handed over, and what there is to say of it."""

    state: str
    remark: str = ""


@handler(KIND)
def send_queue(job: Job) -> Work:
    """Send what waits."""
    left: Counter[str] = Counter()
    total = OutgoingMail.objects.waiting().count()
    yield Progress(0, total)
    clock = timezone.now  # noqa: TID251 - a job is an edge, and each mail has its own moment
    try:
        with closing(send_waiting(f"job {job.pk}", clock)) as mails:
            for mail in mails:
                left[mail.state] += 1
                yield Progress(left.total(), total, mail.subject)
    except MailServerUnreachable as trouble:
        raise JobFailed(f"{trouble} {in_words(left)} What was not sent waits; continue this work later.") from trouble
    if left.total() > left[State.SENT]:
        raise JobFailed(f"{in_words(left)} Open each of the others under “Outgoing mail”: it says why.")
    return None


def in_words(left: Counter[str]) -> str:
    """How many mails were left in which state: ``Sent: 103. Failed: 2.``"""
    return " ".join(f"{state.label}: {left[state]}." for state in State if left[state] or state == State.SENT)


def send_waiting(name: str, clock: Clock) -> Generator[OutgoingMail]:
    """Send what waits at this moment, oldest first; each mail as it was left. Raises MailServerUnreachable.

    ``name`` is the worker's own: what an earlier life of it left behind, this one sets aside at once.
    """
    set_aside(name, clock())
    if not settings.MAIL_IS_SENT:
        raise MailServerUnreachable("This register has no mail server yet: EMAIL_URL is not set.")
    line = Line()
    try:
        for key, attempts in list(OutgoingMail.objects.waiting().values_list("pk", "attempts")):
            line.make_ready()
            mail = claim(key, attempts, name, clock())
            if mail is not None:
                yield _hand_over(mail, line, clock)
    finally:
        line.close()


def set_aside(name: str, now: datetime) -> list[OutgoingMail]:
    """The mails whose worker is dead: from now on nobody knows of them, until a person decides."""
    abandoned = OutgoingMail.objects.abandoned(now - PATIENCE, by=name)
    moved = [
        abandoned.move(
            key, (State.SENDING,), reason=f"Not known. {WORKER_DIED}", state=State.NOT_KNOWN, remark=WORKER_DIED
        )
        for key in list(abandoned.values_list("pk", flat=True))
    ]
    return [mail for mail in moved if mail is not None]


def claim(key: int, attempts: int, name: str, now: datetime) -> OutgoingMail | None:
    """The mail, now this worker's alone and on record as such; None when somebody was quicker, or it was canceled.

    ``attempts``: how many there were when the worker chose it.
    """
    with transaction.atomic(durable=True):
        return OutgoingMail.objects.filter(attempts=attempts).move(
            key,
            (State.WAITING,),
            reason="Begun.",
            state=State.SENDING,
            claimed_at=now,
            claimed_by=name,
            attempts=attempts + 1,
        )


def compose(mail: OutgoingMail, connection: Any) -> EmailMessage:
    """The message, with the bytes of its papers. Raises FileNotFoundError when a paper is missing from storage."""
    replies = body().email
    message = EmailMessage(
        subject=mail.subject,
        body=mail.body,
        from_email=formataddr((settings.NIPAS_BODY_NAME, settings.DEFAULT_FROM_EMAIL)),
        to=mail.addresses,
        reply_to=[replies] if replies else None,
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    for paper in mail.papers.order_by("number"):
        message.attach(paper.download_name, paper.content(), paper.media_type)
    return message


class Line:
    """A connection to the mail server, opened anew where it broke or has carried enough."""

    def __init__(self) -> None:
        self.connection: Any = None
        self.carried = 0

    def make_ready(self) -> None:
        """Be connected. Raises MailServerUnreachable, saying why."""
        if self.connection is not None and self.carried < MAILS_PER_CONNECTION:
            return
        self.close()
        connection = get_connection()
        try:
            connection.open()
        except smtplib.SMTPAuthenticationError as error:
            raise MailServerUnreachable(
                f"The mail server refused our user name and password: {_answer(error.smtp_code, error.smtp_error)}. "
                "Correct EMAIL_URL."
            ) from error
        except OSError as error:
            raise MailServerUnreachable(f"The mail server cannot be reached: {_said(error)}.") from error
        self.connection, self.carried = connection, 0

    def carry(self, message: EmailMessage) -> None:
        """Hand the message to the server. Raises what the back-end raises."""
        self.carried += 1
        self.connection.send_messages([message])

    def close(self) -> None:
        """Hang up; how the server takes that changes nothing any more."""
        connection, self.connection = self.connection, None
        if connection is not None:
            with suppress(OSError):
                connection.close()


def _hand_over(mail: OutgoingMail, line: Line, clock: Clock) -> OutgoingMail:
    """Hand a claimed mail to the mail server. Returns it as its outcome left it."""
    try:
        message = compose(mail, line.connection)
    except (OSError, ValueError) as error:
        return _record(mail, Outcome(State.FAILED, f"It could not be put together: {_said(error)}."), clock)
    try:
        line.carry(message)
    except Exception as error:
        outcome = outcome_of(error, line.connection, mail.attempts)
        line.close()
    else:
        outcome = Outcome(State.SENT, _refusals(getattr(line.connection, "refused", {})))
    return _record(mail, outcome, clock)


def _record(mail: OutgoingMail, outcome: Outcome, clock: Clock) -> OutgoingMail:
    """Write down what became of this attempt, unless a person decided or another attempt was begun meanwhile."""
    known = (*OUTCOME_UNKNOWN, State.WAITING) if outcome.state == State.SENT else OUTCOME_UNKNOWN
    sent = {"sent_at": clock()} if outcome.state == State.SENT else {}
    left = OutgoingMail.objects.filter(attempts=mail.attempts).move(
        mail.pk,
        known,
        reason=f"{State(outcome.state).label}. {outcome.remark}".strip(),
        state=outcome.state,
        remark=outcome.remark,
        **sent,
    )
    return left or OutgoingMail.objects.get(pk=mail.pk)


def outcome_of(error: Exception, connection: Any, attempts: int) -> Outcome:
    """What a failed hand-over means for the mail: refused, to be tried later, or not known."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _answer in error.recipients.values()]
        return _refused(_refusals(error.recipients), attempts, temporary=all(map(_is_temporary, codes)))
    if isinstance(error, smtplib.SMTPResponseException):
        said = f"The mail server refused it: {_answer(error.smtp_code, error.smtp_error)}."
        return _refused(said, attempts, temporary=_is_temporary(error.smtp_code))
    if getattr(connection, "in_doubt", True):
        return Outcome(State.NOT_KNOWN, LINE_LOST.format(error=_said(error)))
    if isinstance(error, ValueError | smtplib.SMTPNotSupportedError):
        return Outcome(State.FAILED, f"The mail could not be written as mail servers want it: {_said(error)}.")
    return _refused(f"The mail server was lost before the mail was begun: {_said(error)}.", attempts, temporary=True)


def _refused(said: str, attempts: int, *, temporary: bool) -> Outcome:
    if not temporary:
        return Outcome(State.FAILED, said)
    if attempts < MOST_ATTEMPTS:
        return Outcome(State.WAITING, f"{said} It is tried again by the next run.")
    return Outcome(State.FAILED, f"{said} It was tried {attempts} times.")


def _is_temporary(code: int) -> bool:
    """Does the server ask to come again later?"""
    return 400 <= code < 500


def _refusals(answers: dict[str, tuple[int, bytes]]) -> str:
    """Whom the server refused, with what it said; empty for nobody."""
    return " ".join(f"The mail server refused {address}: {_answer(*said)}." for address, said in answers.items())


def _answer(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}".strip().rstrip(".")


def _said(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
