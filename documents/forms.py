"""Uploading a scan in any form of the register.

A form of a record that points to papers declares one upload for each such field::

    class ApprovalForm(AttachesScans):
        scan_upload = ScanField(label="Scan of the ordinance", required=False)
        uploads = {"scan_upload": "scan"}

Saving files the scan and attaches it, in the transaction of the record itself. An act that comes with a paper is an
``ActWithPapers`` with a ``ScanField`` of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat

from documents import kept
from documents.models import Paper
from documents.scans import WANTED, Scan, examine
from documents.services import already_filed, file_scan, said_of_duplicate
from nipas_admin.shared.acts import ActForm
from nipas_admin.shared.forms import RecordForm


class ScanInput(forms.FileInput):
    """Chooses a file; one that was sound stays chosen while the rest of the form is corrected."""

    template_name = "documents/scan_input.html"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The file just sent, or the one kept from before."""
        sent = super().value_from_datadict(data, files, name)
        token = data.get(f"{name}-kept")
        return sent or (kept.take(token) if token else None)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """True when neither came."""
        return super().value_omitted_from_data(data, files, name) and f"{name}-kept" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What the template shows: the kept file's name and size, and the token that leads to it."""
        context = super().get_context(name, value, attrs)
        context["kept"] = None
        was_sound = isinstance(value, kept.KeptUpload) or isinstance(getattr(value, "scan", None), Scan)
        if isinstance(value, UploadedFile) and was_sound:
            context["kept"] = {"token": kept.keep(value), "name": value.name, "size": filesizeformat(value.size or 0)}
            context["widget"]["attrs"].pop("required", None)
        return context


class ScanField(forms.FileField):
    """A scan: PDF, PNG, JPEG or TIFF, told by its content. The cleaned file carries what it is as ``scan``."""

    widget = ScanInput
    keeps_file = True
    default_error_messages = {"required": f"Choose the scan. {WANTED}"}

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "PDF, PNG, JPEG or TIFF, at most 25 MiB.")
        super().__init__(allow_empty_file=True, **options)

    def to_python(self, data: Any) -> Any:
        """The file, examined; None when there is none. Raises ValidationError, saying what the file seems to be."""
        upload: Any = super().to_python(data)
        if upload is not None:
            upload.scan = examine(upload)
        return upload

    def bound_data(self, data: Any, initial: Any) -> Any:
        """The file that was sent, for the widget to keep; stock would show the form as if none had been."""
        return data or initial


class AttachesScans(RecordForm):
    """A record's form with uploads. ``user`` is who saves; ``said`` collects what to tell that person afterwards."""

    uploads: Mapping[str, str] = {}
    user: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.said: list[str] = []

    def clean(self) -> dict[str, Any]:
        """Refuse, at its field, an upload whose bytes belong to a paper this person may not see."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for upload in self.uploads:
            if cleaned.get(upload):
                try:
                    already_filed(cleaned[upload].scan, self.user)
                except ValidationError as refusal:
                    self.add_error(upload, refusal)
        return cleaned

    def title_of_scan(self, upload: str) -> str:
        """The title of the paper to be filed: the label of the upload and the record, unless a form knows better."""
        return f"{self[upload].label}: {self.instance}"

    def dated_on(self, upload: str) -> Any:
        """The day the paper bears, or None where the form does not know it."""
        return None

    def save(self, commit: bool = True) -> Any:
        """The record, with its new scans filed and attached."""
        for upload, attribute in self.uploads.items():
            if self.cleaned_data.get(upload):
                setattr(self.instance, attribute, self._file(upload))
        return super().save(commit)

    def _file(self, upload: str) -> Paper:
        uploaded = self.cleaned_data[upload]
        on_file = already_filed(uploaded.scan, self.user)
        if on_file:
            self.said.append(said_of_duplicate(on_file))
        return file_scan(
            uploaded=uploaded, title=self.title_of_scan(upload), dated_on=self.dated_on(upload), user=self.user
        )


class ActWithPapers(ActForm):
    """An act that comes with a paper, chosen in a ``ScanField`` of its form."""

    def paper(self, field: str, title: str, **known: Any) -> Paper | None:
        """The scan in this field, filed; None when none was chosen, and in a rehearsal."""
        uploaded = None if self.rehearsing else self.cleaned_data.get(field)
        return file_scan(uploaded=uploaded, title=title, user=self.user, **known) if uploaded else None


class PaperForm(RecordForm):
    """A paper: with its scan when it is new, without when its particulars are corrected."""

    upload = ScanField(label="Scan")

    class Meta:
        model = Paper
        fields = ["title", "dated_on", "received_on", "note"]
        widgets = {"note": AdminTextareaWidget(attrs={"rows": 3})}

    user: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("upload", None)

    def clean_upload(self) -> Any:
        """The scan. Raises ValidationError, naming the paper, when its bytes are on file."""
        upload = self.cleaned_data["upload"]
        on_file = already_filed(upload.scan, self.user)
        if on_file:
            raise ValidationError(said_of_duplicate(on_file), code="on_file")
        return upload
