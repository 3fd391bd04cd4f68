"""The forms of records that point to papers: the scan is chosen on the same page."""

from __future__ import annotations

from typing import Any

from documents.forms import AttachesScans, ScanField
from membership.models import (
    Application,
    Approval,
    Execution,
    InsuranceCertificate,
    Participation,
    Proceeding,
    TeamParticipation,
    TerminationNotice,
)


class ApprovalForm(AttachesScans):
    """An ordinance or resolution with its scan."""

    scan_upload = ScanField(label="Scan of the ordinance or resolution", required=False)
    uploads = {"scan_upload": "scan"}

    class Meta:
        model = Approval
        exclude = ["scan", "chosen_on", "chosen_because"]


class ExecutionForm(AttachesScans):
    """The signed page with its scan."""

    scan_upload = ScanField(label="Scan of the signed page", required=False)
    uploads = {"scan_upload": "scan"}

    class Meta:
        model = Execution
        exclude = ["scan"]

    def dated_on(self, upload: str) -> Any:
        """The date on the form."""
        return self.instance.form_dated_on


class ParticipationForm(AttachesScans):
    """A stint with the paper of the Board's decision."""

    board_upload = ScanField(label="Scan of the Board's decision", required=False)
    uploads = {"board_upload": "board_paper"}

    class Meta:
        model = Participation
        exclude = ["board_paper"]

    def dated_on(self, upload: str) -> Any:
        """The day the Board approved."""
        return self.instance.board_approved_on


class ApplicationForm(AttachesScans):
    """An application with its letters."""

    letter_upload = ScanField(label="Scan of the letter of request", required=False)
    recommendation_upload = ScanField(label="Scan of the recommendation", required=False)
    uploads = {"letter_upload": "letter", "recommendation_upload": "recommendation"}

    class Meta:
        model = Application
        exclude = ["letter", "recommendation"]

    def dated_on(self, upload: str) -> Any:
        """The day of the letter."""
        return self.instance.letter_on if upload == "letter_upload" else self.instance.recommended_on


class NoticeRecordForm(AttachesScans):
    """What may be mended of a Termination Notice once it is recorded: its scan and the note."""

    scan_upload = ScanField(label="Scan of the notice", required=False)
    uploads = {"scan_upload": "scan"}

    class Meta:
        model = TerminationNotice
        fields = ["note"]

    def dated_on(self, upload: str) -> Any:
        """The date of the letter."""
        return self.instance.dated_on


class ProceedingForm(AttachesScans):
    """A proceeding with the notification of the agency."""

    notification_upload = ScanField(label="Scan of the notification", required=False)
    uploads = {"notification_upload": "notification"}

    class Meta:
        model = Proceeding
        exclude = ["notification"]

    def dated_on(self, upload: str) -> Any:
        """The day the agency was notified."""
        return self.instance.notified_on


class TeamParticipationForm(AttachesScans):
    """A place in a team with its separate agreement."""

    agreement_upload = ScanField(label="Scan of the separate agreement", required=False)
    uploads = {"agreement_upload": "agreement_paper"}

    class Meta:
        model = TeamParticipation
        exclude = ["agreement_paper"]

    def dated_on(self, upload: str) -> Any:
        """The date of the separate agreement."""
        return self.instance.agreement_on


class InsuranceForm(AttachesScans):
    """A certificate with its scan."""

    scan_upload = ScanField(label="Scan of the certificate", required=False)
    uploads = {"scan_upload": "scan"}

    class Meta:
        model = InsuranceCertificate
        exclude = ["scan"]
