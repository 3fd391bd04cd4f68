"""The register of papers: what was received and scanned, and what the register itself issued."""

from __future__ import annotations

from django.core.files.storage import storages
from django.core.files.storage.base import Storage
from django.core.validators import MinLengthValidator
from django.db import models

from nipas_admin.shared.records import Record


def paper_storage() -> Storage:
    """Where the bytes of papers lie: Django's default storage."""
    return storages["default"]


def path_of(paper: Paper, original_name: str) -> str:
    """The stored name: from the bytes' sha-256, never from what the sender called the file."""
    return f"{paper.sha256[:2]}/{paper.sha256}{Paper.MediaType(paper.media_type).ending}"


class PaperNumber(models.Model):
    """Draws register numbers, each once. A number drawn for a paper that was never filed stays unused."""

    def __str__(self) -> str:
        return reference(self.pk)


def reference(number: int) -> str:
    """The register reference as printed on papers: ``P-000123``."""
    return f"P-{number:06d}"


class Paper(Record):
    """One paper, stored once and never rewritten; its owners point to it."""

    class Kind(models.TextChoices):
        """Where a paper comes from."""

        SCAN = "scan", "Scan"
        ISSUED = "issued", "Issued by the register"

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

    number = models.PositiveBigIntegerField("register reference", unique=True, editable=False)
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
    dated_on = models.DateField(
        "dated", null=True, blank=True, help_text="The day the paper itself bears. Leave blank when it bears none."
    )
    received_on = models.DateField("received", null=True, blank=True, help_text="The day it reached the office.")
    filed_at = models.DateTimeField("filed", editable=False)
    note = models.TextField(blank=True)
    template = models.CharField(max_length=100, blank=True, editable=False)
    content_sha256 = models.CharField("SHA-256 of the text printed", max_length=64, blank=True, editable=False)

    class Meta:
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
