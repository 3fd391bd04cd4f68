"""The register of papers: what was received and scanned, what the register itself issued, and what went out by mail."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.files.storage import Storage, default_storage
from django.core.validators import MinLengthValidator
from django.db import models
from django.utils.text import get_valid_filename

from documents.querysets import OutgoingMailQuerySet, PaperQuerySet
from nipas_admin.shared.fields import LegalDateField
from nipas_admin.shared.records import Record


def paper_storage() -> Storage:
    """Where the bytes of papers lie: Django's default storage."""
    return default_storage


def path_of(paper: Paper, original_name: str = "") -> str:
    """The stored name: from the SHA-256 of the bytes, never from what the sender called the file."""
    return f"{paper.sha256[:2]}/{paper.sha256}{Paper.MediaType(paper.media_type).ending}"


def reference(number: int) -> str:
    """The register reference as printed on papers: ``P-000123``."""
    return f"P-{number:06d}"


class PaperNumber(models.Model):
    """Draws register references, each once. One drawn for a paper that was never filed stays unused."""

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return reference(self.pk)


class Paper(Record):
    """One paper, stored once and never rewritten; its owners point to it."""

    class Kind(models.TextChoices):
        """Where a paper comes from."""

        SCAN = "scan", "Scan"
        ISSUED = "issued", "Issued"

    class MediaType(models.TextChoices):
        """What a paper may be, found from its content."""

        PDF = "application/pdf", "PDF"
        PNG = "image/png", "PNG picture"
        JPEG = "image/jpeg", "JPEG picture"
        TIFF = "image/tiff", "TIFF picture"

        @property
        def ending(self) -> str:
            """The ending of the stored name: ``.pdf``."""
            return {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}.get(self.value, ".tif")

    number = models.PositiveBigIntegerField("reference", unique=True, editable=False)
    title = models.CharField(max_length=200, help_text="What the paper is, as you would look for it.")
    kind = models.CharField(max_length=10, choices=Kind.choices, editable=False)
    file = models.FileField(storage=paper_storage, upload_to=path_of, max_length=100, editable=False)
    original_name = models.CharField("name of the file as received", max_length=200, blank=True, editable=False)
    sha256 = models.CharField(
        "SHA-256", max_length=64, unique=True, editable=False, validators=[MinLengthValidator(64)]
    )
    size = models.PositiveBigIntegerField("size in bytes", editable=False)
    media_type = models.CharField("kind of file", max_length=20, choices=MediaType.choices, editable=False)
    pages = models.PositiveIntegerField(null=True, blank=True, editable=False)
    dated_on = LegalDateField(
        "dated", null=True, blank=True, help_text="The day the paper itself bears. Leave blank when it bears none."
    )
    received_on = LegalDateField("received", null=True, blank=True, help_text="The day it reached the office.")
    filed_at = models.DateTimeField("filed", auto_now_add=True)
    note = models.TextField(blank=True)
    template = models.CharField("printed from", max_length=100, blank=True, editable=False)
    content_sha256 = models.CharField("SHA-256 of what was printed", max_length=64, blank=True, editable=False)

    objects: ClassVar = PaperQuerySet.as_manager()

    # What the database itself keeps from changing; of issued papers it keeps everything.
    FIXED = (
        "number",
        "kind",
        "file",
        "original_name",
        "sha256",
        "size",
        "media_type",
        "pages",
        "filed_at",
        "template",
        "content_sha256",
    )

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["scan", "issued"]),
                name="paper_kind_known",
                violation_error_message="A paper is either a scan or issued by the register.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def reference(self) -> str:
        """The register reference: ``P-000123``."""
        return reference(self.number)

    @property
    def is_issued(self) -> bool:
        """True for papers the register printed: nothing about them ever changes."""
        return self.kind == self.Kind.ISSUED

    def content(self) -> bytes:
        """The bytes. Raises FileNotFoundError when they are missing from storage."""
        with self.file.storage.open(str(self.file.name)) as stored:
            return bytes(stored.read())

    @property
    def download_name(self) -> str:
        """The name a browser saves the paper under, with the ending of what it is."""
        return get_valid_filename(f"{self.reference} {self.title[:80]}") + self.MediaType(self.media_type).ending


class OutgoingMail(Record):
    """One e-mail, sent once. What it says is fixed when it is queued; ``documents.mail`` moves it on."""

    class State(models.TextChoices):
        """Where it stands. It is handed to the mail server in ``SENDING`` only."""

        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        NOT_KNOWN = "not_known", "Not known"
        CANCELLED = "cancelled", "Canceled"

    key = models.CharField("what it is for", max_length=200, unique=True, editable=False)
    to = models.TextField(editable=False)
    subject = models.CharField(max_length=200, editable=False)
    body = models.TextField("text", editable=False)
    papers = models.ManyToManyField(Paper, blank=True, related_name="mails", editable=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name="asked by"
    )
    message_id = models.CharField("Message-ID", max_length=200, unique=True, editable=False)
    queued_at = models.DateTimeField("queued", auto_now_add=True)
    state = models.CharField(
        "status", max_length=10, choices=State.choices, default=State.WAITING, editable=False, db_index=True
    )
    claimed_at = models.DateTimeField("last begun", null=True, editable=False)
    claimed_by = models.CharField("begun by", max_length=100, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    sent_at = models.DateTimeField("sent", null=True, editable=False)
    remark = models.TextField(blank=True, editable=False)

    objects: ClassVar = OutgoingMailQuerySet.as_manager()

    # What the database itself keeps from changing.
    FIXED = ("key", "to", "subject", "body", "requested_by", "message_id", "queued_at")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-queued_at", "-pk"]
        verbose_name = "outgoing mail"
        verbose_name_plural = "outgoing mail"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "sending", "sent", "failed", "not_known", "cancelled"]),
                name="outgoing_mail_state_known",
                violation_error_message="A mail waits, is being sent, was sent, failed, is not known or is canceled.",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sending") | models.Q(claimed_at__isnull=False, attempts__gt=0),
                name="outgoing_mail_begun_before_sent",
                violation_error_message="A mail that is being sent has been begun at a moment on record.",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def addresses(self) -> list[str]:
        """To whom, one by one."""
        return self.to.split(", ")
