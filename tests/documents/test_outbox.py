"""The outbox: each mail is sent once, and what nobody knows is decided by a person."""

from __future__ import annotations

import smtplib
import socketserver
import threading
from collections.abc import Iterator
from contextlib import closing, nullcontext
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend as Memory
from django.core.management import CommandError, call_command
from django.db import DatabaseError, models, transaction
from django.test import Client
from django.urls import reverse

from documents import services
from documents.mail import outbox, sending
from documents.mail.startpage import OutboxStart
from documents.models import OutgoingMail, Paper
from nipas_admin.accounts.models import User
from nipas_admin.accounts.roles import TREASURER
from nipas_admin.jobs.handlers import JobFailed
from nipas_admin.jobs.models import Job
from tests.documents import scans
from tests.documents.conftest import person
from tests.jobs.test_killed_worker import Database, Run, database, finish, run, until  # noqa: F401 - fixtures
from tests.races import GUARDED, UNGUARDED, at_once

MOMENT = datetime(2026, 5, 1, 12, tzinfo=ZoneInfo("America/Chicago"))
SECOND = timedelta(seconds=1)
State = OutgoingMail.State


@pytest.fixture
def treasurer(db: None) -> User:
    """The Treasurer, who sends invoices."""
    return person("treasurer", TREASURER)


def queued(user: User, number: int = 1, **said: Any) -> OutgoingMail:
    """A mail that waits."""
    usual = {"to": "clerk@elmwood.example.org", "subject": f"Invoice {number}", "body": "Enclosed is your invoice."}
    return outbox.queue(key=f"test.invoice:{number}", user=user, **{**usual, **said})


def standing(mail: OutgoingMail, state: str, **known: Any) -> OutgoingMail:
    """The mail, as if it had come to this state."""
    known = {"claimed_at": MOMENT, "claimed_by": "worker", "attempts": 1, **known}
    left = OutgoingMail.objects.move(mail.pk, list(State), state=state, **known)
    assert left is not None
    return left


def invoice(user: User, note: str = "one") -> Paper:
    """A paper that the register issued."""
    return services.issue(
        title=f"Invoice {note}", pdf=scans.pdf(note=note), template="invoice.html", as_on=date(2026, 5, 1), user=user
    )


def send(name: str = "worker", at: datetime = MOMENT) -> list[tuple[str, str]]:
    """Send what waits; state and remark of each mail, as it was left."""
    return [(mail.state, mail.remark) for mail in sending.send_waiting(name, lambda: at)]


# --- Queuing ----------------------------------------------------------------------------------------------------------


def test_asking_twice_queues_once_and_the_first_words_stand(treasurer: User, mailoutbox: list[Any]) -> None:
    first = queued(treasurer)
    second = queued(treasurer, subject="Something else", to="not even an address")

    assert (second.pk, second.subject, second.state) == (first.pk, "Invoice 1", State.WAITING)
    assert OutgoingMail.objects.count() == 1
    assert mailoutbox == []


@pytest.mark.parametrize("state", [State.SENT, State.FAILED, State.CANCELLED, State.NOT_KNOWN])
def test_asking_again_later_does_not_send_again(treasurer: User, mailoutbox: list[Any], state: str) -> None:
    standing(queued(treasurer), state)

    assert queued(treasurer).state == state
    assert send("another") == []
    assert mailoutbox == []


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        pytest.param({"to": ""}, "to", "Give an e-mail address", id="nobody to send to"),
        pytest.param({"to": [" ", ";"]}, "to", "Give an e-mail address", id="only signs between addresses"),
        pytest.param({"to": "clerk"}, "to", "Not an e-mail address: “clerk”", id="a name instead of an address"),
        pytest.param({"to": "a@example.org, b@"}, "to", "“b@”", id="one good and one bad address"),
        pytest.param({"to": "Clerk <a@example.org>"}, "to", "Not an e-mail", id="a name before the address"),
        pytest.param({"to": "a@example.org\nBcc: b@example.org"}, "to", "Not an e-mail", id="a header in the address"),
        pytest.param({"to": "a@example.org\r\nb@example.org"}, "to", "Not an e-mail", id="a line break in the address"),
        pytest.param({"to": "a\0@example.org"}, "to", "Not an e-mail", id="a zero byte in the address"),
        pytest.param({"to": [f"a{n}@example.org" for n in range(51)]}, "to", "at most 50", id="51 addresses"),
        pytest.param({"subject": "  "}, "subject", "Give the mail a subject", id="no subject"),
        pytest.param({"subject": "Dues\nBcc: b@example.org"}, "subject", "one line", id="a header in the subject"),
        pytest.param({"subject": "Dues\rBcc: b@example.org"}, "subject", "one line", id="a bare return in the subject"),
        pytest.param({"subject": "Dues\u2028Bcc: b@example.org"}, "subject", "one line", id="a line separator"),
        pytest.param({"subject": "Dues\x85Bcc: b@example.org"}, "subject", "one line", id="a next-line character"),
        pytest.param({"subject": "D" * 201}, "subject", "has 201 characters", id="a subject of 201 characters"),
        pytest.param({"body": "\n"}, "body", "Give the mail a text", id="no text"),
        pytest.param({"body": "Dues\0"}, "body", "control characters", id="a zero byte in the text"),
        pytest.param({"body": "D" * 50_001}, "body", "50,001 characters", id="a text of 50,001 characters"),
    ],
)
def test_what_cannot_be_sent_is_refused_in_words(treasurer: User, said: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        queued(treasurer, **said)

    assert words in refusal.value.message_dict[field][0]
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("to", "addresses"),
    [
        ("a@example.org", ["a@example.org"]),
        (" a@example.org; b@example.org ,c@example.org,", ["a@example.org", "b@example.org", "c@example.org"]),
        (["a@example.org", "A@Example.org", "b@example.org"], ["a@example.org", "b@example.org"]),
        ([f"a{n}@example.org" for n in range(50)], [f"a{n}@example.org" for n in range(50)]),
    ],
    ids=["one", "several in one line", "one twice", "fifty"],
)
def test_each_address_is_taken_once(treasurer: User, to: Any, addresses: list[str]) -> None:
    assert queued(treasurer, to=to).addresses == addresses


def test_papers_too_large_for_mail_are_refused(treasurer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = invoice(treasurer)
    monkeypatch.setattr(outbox, "MOST_BYTES", paper.size)
    assert queued(treasurer, papers=[paper, paper]).papers.get() == paper
    monkeypatch.setattr(outbox, "MOST_BYTES", paper.size - 1)
    with pytest.raises(ValidationError, match="Send several mails"):
        queued(treasurer, 2, papers=[paper])


@pytest.mark.parametrize("field", OutgoingMail.FIXED)
def test_the_database_keeps_what_a_mail_says(treasurer: User, field: str) -> None:
    mail = queued(treasurer)
    changed = treasurer.pk + 1 if field == "requested_by" else MOMENT if field == "queued_at" else "changed"
    rows = models.QuerySet(OutgoingMail).filter(pk=mail.pk)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(**{field: changed})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows._raw_delete(rows.db)


# --- Sending ----------------------------------------------------------------------------------------------------------


def test_a_mail_carries_its_papers_and_whom_to_answer(treasurer: User, mailoutbox: list[Any], settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL, settings.NIPAS_BODY_EMAIL = "treasurer@example.org", "office@example.org"
    papers = [invoice(treasurer, "one"), invoice(treasurer, "two")]
    mail = queued(treasurer, to="a@example.org; b@example.org", papers=papers[::-1])

    assert send() == [(State.SENT, "")]

    (sent,) = mailoutbox
    message = sent.message()
    assert message["To"] == "a@example.org, b@example.org"
    assert message["From"] == "Northern Illinois Police Alarm System <treasurer@example.org>"
    assert message["Reply-To"] == "office@example.org"
    assert message["Message-ID"] == mail.message_id
    assert mail.message_id.endswith("@example.org>")
    assert sent.attachments == [
        (f"{paper.reference}_Invoice_{note}.pdf", paper.content(), "application/pdf")
        for paper, note in zip(papers, ("one", "two"), strict=True)
    ]
    mail.refresh_from_db()
    assert (mail.attempts, mail.claimed_at, mail.sent_at) == (1, MOMENT, MOMENT)
    assert send() == []


def test_history_says_who_queued_and_each_step(treasurer: User, mailoutbox: list[Any]) -> None:
    mail = queued(treasurer, papers=[invoice(treasurer)])
    send()

    steps = mail.history.order_by("history_id").values_list("state", "history_user", "history_change_reason")
    assert list(dict.fromkeys(steps)) == [
        ("waiting", treasurer.pk, "Queued."),
        ("sending", None, "Begun."),
        ("sent", None, "Sent."),
    ]


def test_a_claim_is_on_record_before_the_mail_server_is_asked(treasurer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = queued(treasurer)
    seen = []
    monkeypatch.setattr(
        Memory, "send_messages", lambda *_: seen.append(OutgoingMail.objects.get(pk=mail.pk).state) or 1
    )

    send()

    assert seen == [State.SENDING]


def test_mail_is_not_sent_inside_somebody_elses_transaction(treasurer: User, mailoutbox: list[Any]) -> None:
    queued(treasurer)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        send()
    assert mailoutbox == []


def test_a_paper_missing_from_storage_fails_its_mail_and_no_other(treasurer: User, mailoutbox: list[Any]) -> None:
    paper = invoice(treasurer)
    queued(treasurer, 1, papers=[paper])
    queued(treasurer, 2)
    paper.file.storage.delete(str(paper.file.name))

    (lost, sent) = send()

    assert lost[0] == State.FAILED
    assert "could not be put together: [Errno 2] No such file" in lost[1]
    assert sent == (State.SENT, "")


# --- What a mail server may say ---------------------------------------------------------------------------------------


class Talk(socketserver.StreamRequestHandler):
    """A mail server that answers as its ``manners`` say, by verb; None hangs up."""

    def handle(self) -> None:
        manners, got = self.server.manners, self.server.got  # type: ignore[attr-defined]
        self.say("220 test")
        while line := self.rfile.readline():
            verb = line[:4].decode().upper()
            address = line.decode().partition("<")[2].partition(">")[0]
            answer = manners.get(address) or manners.get(verb, "250 ok")
            if answer is None:
                return
            self.say("354 go on" if verb == "DATA" else answer)
            if verb == "QUIT":
                return
            if verb == "DATA":
                text = b""
                while (line := self.rfile.readline()) != b".\r\n":
                    text += line
                got.append(text)
                if (answer := manners.get("text", "250 taken")) is None:
                    return
                self.say(answer)

    def say(self, answer: str) -> None:
        self.wfile.write(answer.encode() + b"\r\n")


@pytest.fixture
def server(settings: Any) -> Iterator[SimpleNamespace]:
    """A mail server of our own, and what it got."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as listening:
        listening.daemon_threads = True
        listening.manners, listening.got = {}, []  # type: ignore[attr-defined]
        settings.EMAIL_BACKEND = "documents.mail.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", listening.server_address[1], 10
        threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True).start()
        yield listening  # type: ignore[misc]
        listening.shutdown()


GREYLISTED = {"a@example.org": "451 come back later"}


@pytest.mark.parametrize(
    ("manners", "state", "words", "taken"),
    [
        pytest.param({}, "sent", "", 1, id="it takes the mail"),
        pytest.param(
            {"a@example.org": "550 no such user"},
            "sent",
            "The mail server refused a@example.org: 550 no such user.",
            1,
            id="it refuses one of two addresses",
        ),
        pytest.param({"RCPT": "550 unknown"}, "failed", "refused b@example.org: 550 unknown.", 0, id="it refuses both"),
        pytest.param({"MAIL": "553 not you"}, "failed", "refused it: 553 not you.", 0, id="it refuses the sender"),
        pytest.param({"text": "552 too large"}, "failed", "refused it: 552 too large.", 1, id="it refuses the text"),
        pytest.param({"RCPT": "451 later"}, "waiting", "tried again by the next run", 0, id="it asks to come later"),
        pytest.param({"text": "452 full"}, "waiting", "452 full. It is tried again", 1, id="it is full after the text"),
        pytest.param({"MAIL": None}, "waiting", "lost before the mail was begun", 0, id="it hangs up before the mail"),
        pytest.param(
            {"text": None}, "not_known", "nobody knows whether it took it", 1, id="it hangs up after the text"
        ),
    ],
)
def test_what_the_mail_server_says_is_said_in_words(
    treasurer: User, server: Any, manners: dict[str, str | None], state: str, words: str, taken: int
) -> None:
    queued(treasurer, to="a@example.org; b@example.org")
    server.manners = manners

    ((left, remark),) = send()

    assert (left, words in remark) == (state, True), remark
    assert len(server.got) == taken


def test_what_nobody_knows_is_not_sent_again_and_the_next_mail_finds_a_new_line(treasurer: User, server: Any) -> None:
    queued(treasurer, 1)
    server.manners = {"text": None}
    send()
    server.manners = {}
    queued(treasurer, 2)

    assert [send("next"), send("and next")] == [[(State.SENT, "")], []]

    subjects = [message_from_bytes(text, policy=policy.default)["Subject"] for text in server.got]
    assert subjects == ["Invoice 1", "Invoice 2"]


def test_a_line_carries_some_mails_and_is_then_opened_anew(
    treasurer: User, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "MAILS_PER_CONNECTION", 2)
    opened = []
    monkeypatch.setattr(sending, "get_connection", lambda real=sending.get_connection: opened.append(1) or real())
    for number in range(5):
        queued(treasurer, number)

    assert send() == [(State.SENT, "")] * 5
    assert len(opened) == 3


def test_a_mail_put_off_too_often_fails(treasurer: User, server: Any) -> None:
    queued(treasurer, to="a@example.org")
    server.manners = GREYLISTED

    states = [send()[0] for _ in range(sending.MOST_ATTEMPTS)]

    assert [state for state, _ in states] == ["waiting"] * 4 + ["failed"]
    assert states[-1][1].endswith("It was tried 5 times.")
    assert send() == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "cannot be reached: [Errno 111] Connection refused."),
        (TimeoutError("timed out"), "cannot be reached: timed out."),
        (smtplib.SMTPAuthenticationError(535, b"bad\r\npassword"), "user name and password: 535 bad password."),
    ],
    ids=["nobody answers", "it takes too long", "it refuses our password"],
)
def test_while_the_server_cannot_be_reached_no_mail_is_begun(
    treasurer: User, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    mail = queued(treasurer)

    def fail(_self: object) -> None:
        raise error

    monkeypatch.setattr(Memory, "open", fail, raising=False)
    with pytest.raises(sending.MailServerUnreachable, match=r"mail server") as trouble:
        send()

    assert words in str(trouble.value)
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (State.WAITING, 0)


# --- What a dead worker leaves ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "after", "state"),
    [
        pytest.param("another", sending.PATIENCE - SECOND, "sending", id="another worker may still be at it"),
        pytest.param("another", sending.PATIENCE, "sending", id="to the second"),
        pytest.param("another", sending.PATIENCE + SECOND, "not_known", id="nobody takes that long"),
        pytest.param("worker", SECOND, "not_known", id="the worker itself is back, so it had died"),
    ],
)
def test_what_was_being_sent_is_set_aside_and_never_sent_again(
    treasurer: User, mailoutbox: list[Any], by: str, after: timedelta, state: str
) -> None:
    mail = standing(queued(treasurer), State.SENDING, claimed_by="worker")

    assert send(by, MOMENT + after) == []

    mail.refresh_from_db()
    assert (mail.state, "nobody knows" in mail.remark) == (state, state == "not_known")
    assert mailoutbox == []


@pytest.mark.parametrize(
    ("meanwhile", "attempts", "left"),
    [
        pytest.param(State.NOT_KNOWN, 1, State.SENT, id="it was set aside: the worker knows better"),
        pytest.param(State.WAITING, 1, State.SENT, id="it was to be sent again: no longer"),
        pytest.param(State.SENDING, 2, State.SENDING, id="it was begun again: that attempt speaks for itself"),
        pytest.param(State.CANCELLED, 1, State.CANCELLED, id="it was canceled"),
    ],
)
def test_a_worker_thought_dead_still_says_that_it_sent(
    treasurer: User, monkeypatch: pytest.MonkeyPatch, meanwhile: str, attempts: int, left: str
) -> None:
    mail = queued(treasurer)
    monkeypatch.setattr(Memory, "send_messages", lambda *_: bool(standing(mail, meanwhile, attempts=attempts)))

    assert [state for state, _ in send()] == [left]


# --- Two workers at once ----------------------------------------------------------------------------------------------


def handed_over_twice(names: str = "ab") -> list[str]:
    return at_once(*[lambda name=name: send(name) for name in names])


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_sends(treasurer: User, mailoutbox: list[Any], meet: Any) -> None:
    queued(treasurer)
    meet(GUARDED, (OutgoingMail, "save"))

    assert handed_over_twice() == ["done", "done"]
    assert len(mailoutbox) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_row_locked_both_send_or_one_meets_an_error(
    treasurer: User, mailoutbox: list[Any], meet: Any, unguarded: None
) -> None:
    queued(treasurer)
    meet(UNGUARDED, (OutgoingMail, "save"))

    outcomes = handed_over_twice()

    assert len(mailoutbox) == 2 or outcomes == ["OperationalError", "done"]


@pytest.mark.django_db(transaction=True)
def test_without_a_claim_before_sending_both_send(
    treasurer: User, mailoutbox: list[Any], meet: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control on both databases: a queue that only marks what was sent."""
    queued(treasurer)
    monkeypatch.setattr(sending, "claim", lambda key, *_: OutgoingMail.objects.get(pk=key))
    meet(UNGUARDED, (Memory, "send_messages"))

    handed_over_twice()

    assert len(mailoutbox) == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_queue_the_same_at_once_both_get_the_one_mail(treasurer: User, meet: Any) -> None:
    meet(GUARDED, (OutgoingMail, "save"))

    assert at_once(lambda: queued(treasurer), lambda: queued(treasurer)) == ["done", "done"]
    assert OutgoingMail.objects.count() == 1


# --- A worker that is killed ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_worker_killed_after_handing_over_leaves_a_mail_that_is_never_sent_twice(
    run: Run,  # noqa: F811
    database: Database,  # noqa: F811
    tmp_path: Path,
) -> None:
    def state() -> list[tuple[Any, ...]]:
        return database.rows("SELECT state, attempts FROM documents_outgoingmail")

    def written() -> int:
        return sum(path.read_text().count("Message-ID: ") for path in (tmp_path / "var" / "mail").iterdir())

    def worker(what: str, *more: str) -> Any:
        return run("-m", "tests.documents.mail_worker", what, *more)

    finish(worker("queue"))
    first = worker("hang", str(tmp_path / "handed-over"))
    until((tmp_path / "handed-over").exists)
    first.kill()
    first.wait()
    assert (state(), written()) == ([("sending", 1)], 1)

    for _ in range(2):
        finish(worker("send"))
        assert (state(), written()) == ([("not_known", 1)], 1)

    # The control: left as a queue that marks only what was sent would have left it, it is sent a second time.
    with closing(database.connect()) as connected:
        connected.execute("UPDATE documents_outgoingmail SET state = 'waiting'")
        connected.commit()
    finish(worker("send"))
    assert (state(), written()) == ([("sent", 2)], 2)


# --- What a person may do ---------------------------------------------------------------------------------------------

ACTS = {
    "cancel": ({"waiting", "failed"}, "cancelled", "Canceled: It was paid."),
    "try_again": ({"failed"}, "waiting", "To be tried again."),
    "was_sent": ({"not_known"}, "sent", "Decided that it was sent: It was paid."),
    "send_again": ({"not_known"}, "waiting", "Decided that it was not sent, and to send it again: It was paid."),
}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("act", ACTS)
def test_each_act_is_done_from_its_own_states_only(treasurer: User, act: str, state: str) -> None:
    states, then, remark = ACTS[act]
    mail = standing(queued(treasurer), state)
    why = {} if act == "try_again" else {"because": "It was paid."}

    with nullcontext() if state in states else pytest.raises(ValidationError, match="in another state by now"):
        getattr(outbox, act)(mail=mail, user=treasurer, **why)

    mail.refresh_from_db()
    assert mail.state == (then if state in states else state)
    if state in states:
        last = mail.history.first()
        assert (mail.remark, last.history_user, last.history_change_reason) == (remark, treasurer, remark)


@pytest.mark.parametrize("act", ["was_sent", "send_again"])
def test_a_decision_says_why(treasurer: User, act: str) -> None:
    mail = standing(queued(treasurer), State.NOT_KNOWN)
    with pytest.raises(ValidationError, match="Say how you know"):
        getattr(outbox, act)(mail=mail, because=" ", user=treasurer)


def test_sending_starts_one_job_until_something_changes(treasurer: User) -> None:
    assert outbox.start_sending(user=treasurer) is None
    queued(treasurer)
    first = outbox.start_sending(user=treasurer)
    assert first is not None
    assert (first.title, outbox.start_sending(user=treasurer)) == ("Send one mail", first)
    queued(treasurer, 2)
    second = outbox.start_sending(user=treasurer)
    assert second is not None
    assert (second.title, second == first) == ("Send 2 mails", False)


def test_the_job_says_how_far_it_is_and_what_failed(treasurer: User, server: Any) -> None:
    queued(treasurer, 1, to="a@example.org")
    queued(treasurer, 2)
    job = outbox.start_sending(user=treasurer)
    assert isinstance(job, Job)
    server.manners = {"a@example.org": "550 no such user"}

    work = sending.send_queue(job)
    assert [(step.done, step.total, step.message) for step in (next(work), next(work), next(work))] == [
        (0, 2, ""),
        (1, 2, "Invoice 1"),
        (2, 2, "Invoice 2"),
    ]
    with pytest.raises(JobFailed, match=r"^Sent: 1\. Failed: 1\. Open each of the others"):
        next(work)


def test_the_command_sends_and_says_what_became_of_it(treasurer: User, mailoutbox: list[Any], capsys: Any) -> None:
    call_command("send_mail_queue")
    assert capsys.readouterr().out == ""
    queued(treasurer)
    call_command("send_mail_queue")
    assert capsys.readouterr().out == "Sent: 1.\n"
    assert len(mailoutbox) == 1


def test_without_a_mail_server_mail_waits_and_everybody_is_told(treasurer: User, settings: Any) -> None:
    settings.MAIL_IS_SENT = False
    mail = queued(treasurer)

    assert outbox.start_sending(user=treasurer) is None
    with pytest.raises(CommandError, match="no mail server yet"):
        call_command("send_mail_queue")
    page = browser(treasurer).get(LIST).content.decode()
    assert "This register cannot send mail yet, so mail waits here" in page
    mail.refresh_from_db()
    assert mail.state == State.WAITING


# --- The screens ------------------------------------------------------------------------------------------------------

LIST = "/documents/outgoingmail/"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_list_says_what_waits_and_sends_it(treasurer: User) -> None:
    client = browser(treasurer)
    assert "No mail has been sent yet. Invoices" in client.get(LIST).content.decode()
    mail = queued(treasurer)
    standing(queued(treasurer, 2), State.NOT_KNOWN)

    page = client.get(LIST).content.decode()
    assert "Send the 1 mail that waits" in page
    assert "Of 1 mail nobody knows" in page
    answer = client.post(f"{LIST}send/")
    job = Job.objects.get()
    assert answer["Location"] == reverse("admin:jobs_job_change", args=[job.pk])
    assert client.get(f"{LIST}{mail.pk}/change/").status_code == 200


def test_a_person_decides_on_the_mails_page(treasurer: User) -> None:
    mail = standing(queued(treasurer, papers=[invoice(treasurer)]), State.NOT_KNOWN, remark=sending.WORKER_DIED)
    client = browser(treasurer)
    url = f"{LIST}{mail.pk}/"

    page = client.get(f"{url}change/").content.decode()
    assert "Decide what became of it" in page
    assert "Try again" not in page
    assert "nobody knows whether it went out" in page
    assert "Say how you know" in client.post(f"{url}decide/", {"decision": "sent"}).content.decode()
    answer = client.post(f"{url}decide/", {"decision": "again", "because": "The clerk has not got it."}, follow=True)

    assert "It waits to be sent again." in answer.content.decode()
    mail.refresh_from_db()
    assert mail.state == State.WAITING
    assert Job.objects.get().kind == outbox.KIND


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (State.WAITING, ["Cancel this mail"]),
        (State.SENDING, []),
        (State.SENT, []),
        (State.FAILED, ["Try again", "Cancel this mail"]),
        (State.NOT_KNOWN, ["Decide what became of it"]),
        (State.CANCELLED, []),
    ],
)
def test_a_page_offers_the_acts_of_its_state_and_no_field_to_type(
    treasurer: User, state: str, offered: list[str]
) -> None:
    mail = standing(queued(treasurer), state)
    page = browser(treasurer).get(f"{LIST}{mail.pk}/change/").content.decode()

    acts = ["Decide what became of it", "Try again", "Cancel this mail"]
    assert [act for act in acts if act in page] == offered
    assert 'name="_save"' not in page
    assert browser(treasurer).post(f"{LIST}{mail.pk}/change/", {"subject": "Other"}).status_code == 403
    assert browser(treasurer).get(f"{LIST}add/").status_code == 403


def test_the_start_page_says_what_needs_a_person(treasurer: User) -> None:
    assert "mail" not in needs_of(treasurer)
    standing(queued(treasurer, 1), State.NOT_KNOWN)
    standing(queued(treasurer, 2), State.FAILED)
    standing(queued(treasurer, 3), State.FAILED)

    assert needs_of(treasurer) == "1 mail may or may not have gone out, 2 mails could not be sent"
    treasurer.groups.clear()
    assert needs_of(User.objects.get(pk=treasurer.pk)) == ""


def needs_of(user: User) -> str:
    return ", ".join(need.title for need in OutboxStart().needs(user, MOMENT.date()))


@pytest.mark.parametrize("may", ["", "view_outgoingmail", "change_outgoingmail"])
def test_people_limited_to_agencies_see_no_mail(treasurer: User, representative: User, may: str) -> None:
    mail = queued(treasurer)
    representative.user_permissions.set(Permission.objects.filter(codename=may))
    client = browser(representative)

    pages = [client.get(address) for address in (LIST, f"{LIST}{mail.pk}/change/", f"{LIST}{mail.pk}/cancel/")]
    sent = client.post(f"{LIST}send/")

    assert [page for page in pages if b"Invoice 1" in page.content] == []
    assert sent.status_code == 403
    assert not Job.objects.exists()


def test_a_papers_page_leads_to_the_mail_that_carried_it(treasurer: User) -> None:
    paper, other = invoice(treasurer), invoice(treasurer, "two")
    mail = queued(treasurer, papers=[paper])

    page = browser(treasurer).get(f"/documents/paper/{paper.pk}/change/").content.decode()

    assert f'<a href="{LIST}{mail.pk}/change/">outgoing mail: Invoice 1</a>' in page
    assert list(Paper.objects.unattached()) == [other]
