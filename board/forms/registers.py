"""The Secretary's registers: records with their scans, and the acts by which something in them is settled."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet

from board import services
from board.forms.fields import BoardAct, lines, words
from board.models import (
    Committee,
    Correspondence,
    LegalDocument,
    MinutesRequest,
    Objection,
    OperationalPlan,
    PlanReview,
)
from documents.forms import ActWithPapers, AttachesScans, ScanField
from nipas_admin.shared.acts import day
from nipas_admin.shared.dated import in_words


class ObjectionForm(AttachesScans):
    """An objection with its letter."""

    letter_upload = ScanField(label="Scan of the letter", required=False)
    uploads = {"letter_upload": "letter"}

    class Meta:
        model = Objection
        exclude = ["letter", "taken_back_on"]
        help_texts = {
            "agency": "Any participating agency may object; a suspended one too (Reading R17).",
            "received_on": "It goes on the agenda of the next annual or special meeting by itself (Bylaws Art. IV §8).",
        }

    def dated_on(self, upload: str) -> Any:
        """The day it came."""
        return self.instance.received_on


class TakeBackForm(BoardAct):
    """The agency takes its objection back."""

    slug = "take-back"
    label = "Record that it was taken back"
    permission = "board.change_objection"
    intro = "An objection that was taken back leaves the agenda; the Board's action stands (Bylaws Art. IV §8)."

    on = day("Taken back on")

    @classmethod
    def applies_to(cls, subject: Objection) -> bool:
        """While it waits for a vote."""
        return subject.is_open

    def act(self) -> Objection:
        """Take it back."""
        return services.take_back(objection=self.subject, on=self.cleaned_data["on"])

    def said(self, record: Objection) -> str:
        """That it no longer waits."""
        return "The objection is taken back. It is on no agenda any more."


class MembersFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The members of a committee; of the Nominating Committee only those who may serve on it (Bylaws Art. V §8)."""

    def clean(self) -> None:
        """Refuse an Officer, and whoever does not sit on the Board, at the row itself."""
        super().clean()
        if self.instance.kind != Committee.Kind.NOMINATING:
            return
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            person, since = data.get("official"), data.get("from_on")
            if person is None or since is None or data.get("DELETE"):
                continue
            try:
                finding = services.may_nominate(person, since)
            except ValidationError as refusal:
                form.add_error("from_on", refusal.messages)
                continue
            if finding.value is not True:
                for fact in finding.because:
                    form.add_error("official", f"On {in_words(since)}: {fact}.")


class PlanForm(AttachesScans):
    """A version of an operational plan with the document."""

    document_upload = ScanField(label="Scan or PDF of the document", required=False)
    uploads = {"document_upload": "paper"}

    class Meta:
        model = OperationalPlan
        exclude = ["paper"]
        help_texts = {
            "edition": "As it is marked: 3, or 2026.",
            "replaced_on": "The day a newer version took its place. Blank while it is in use.",
        }

    def dated_on(self, upload: str) -> Any:
        """The day it was adopted."""
        return self.instance.adopted_on


class ReviewForm(BoardAct):
    """A review or a test that was done (Agreement §3.I, Bylaws Art. IV §9)."""

    slug = "review"
    label = "Record a review or test"
    permission = "board.change_operationalplan"

    kind = forms.ChoiceField(label="What was done", choices=PlanReview.Kind.choices)
    on = day("Done on")
    result = lines("What it showed", "What was found, and what is to be changed.")
    next_due_on = day("Next one due on", "Blank: after the interval the Board chose.", required=False)

    @classmethod
    def applies_to(cls, subject: OperationalPlan) -> bool:
        """A plan in use."""
        return subject.replaced_on is None

    def act(self) -> OperationalPlan:
        """Record it."""
        data = self.cleaned_data
        services.record_review(
            plan=self.subject, kind=data["kind"], done_on=data["on"], result=data["result"],
            next_due_on=data["next_due_on"],
        )  # fmt: skip
        plan: OperationalPlan = self.subject
        return plan

    def said(self, record: OperationalPlan) -> str:
        """When the next one is due."""
        return f"It is recorded. The next one is due on {in_words(services.next_review_of(record).value)}."


class CorrespondenceForm(AttachesScans):
    """A letter in or out with its scan."""

    letter_upload = ScanField(label="Scan of the letter", required=False)
    uploads = {"letter_upload": "paper"}

    class Meta:
        model = Correspondence
        exclude = ["paper"]
        help_texts = {
            "on": "The day it came, or went.",
            "agency": "If it is from or to an agency of the register.",
            "answer_due_on": "Of a letter received: by when it is to be answered. Blank where none is expected.",
        }

    def clean(self) -> dict[str, Any]:
        """Only a letter received waits for an answer."""
        cleaned = super().clean()
        if cleaned.get("answer_due_on") and cleaned.get("direction") == Correspondence.Direction.OUT:
            self.add_error("answer_due_on", "Only a letter received waits for our answer. Leave this blank.")
        return cleaned

    def dated_on(self, upload: str) -> Any:
        """The day it came or went."""
        return self.instance.on


class AnswerLetterForm(BoardAct, ActWithPapers):
    """The answer to a letter received."""

    slug = "answer"
    label = "Record the answer"
    permission = "board.add_correspondence"

    on = day("Sent on")
    subject_line = words("Subject")
    scan = ScanField(label="Scan of the answer", required=False)
    note = lines("Note", required=False, rows=3)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("subject_line", f"Answer: {self.subject.subject}"[:300])

    @classmethod
    def applies_to(cls, subject: Correspondence) -> bool:
        """A letter received that was not answered."""
        return subject.direction == Correspondence.Direction.IN and not subject.answered_by.exists()

    def act(self) -> Correspondence:
        """Record it as a letter sent."""
        data = self.cleaned_data
        paper = self.paper("scan", data["subject_line"], dated_on=data["on"])
        return services.answer_letter(
            letter=self.subject, on=data["on"], subject=data["subject_line"], paper=paper, note=data["note"]
        )

    def said(self, record: Correspondence) -> str:
        """To whom it went."""
        return f"The answer to {record.party} is recorded."


class LegalDocumentForm(AttachesScans):
    """A charter, contract or other legal document with its scan."""

    document_upload = ScanField(label="Scan of the document", required=False)
    uploads = {"document_upload": "paper"}

    class Meta:
        model = LegalDocument
        exclude = ["paper"]
        help_texts = {
            "parties": "With whom it was made, as it names them.",
            "kept_where": "Where the signed original lies, and who has it.",
        }

    def dated_on(self, upload: str) -> Any:
        """The day it bears."""
        return self.instance.dated_on


class AnswerRequestForm(BoardAct):
    """The answer to a request for minutes (Bylaws Art. IV §6, VI §3)."""

    slug = "answer"
    label = "Record the answer"
    permission = "board.change_minutesrequest"

    on = day("Answered on")
    answer = words("What was sent, and how", "For example: approved minutes, by e-mail.")

    @classmethod
    def applies_to(cls, subject: MinutesRequest) -> bool:
        """While it is not answered."""
        return subject.answered_on is None

    def act(self) -> MinutesRequest:
        """Record it."""
        return services.answer_request(
            request=self.subject, on=self.cleaned_data["on"], answer=self.cleaned_data["answer"]
        )

    def refuse(self, refusal: ValidationError) -> None:
        """What the record refuses of the day stands at the day."""
        if hasattr(refusal, "error_dict") and "answered_on" in refusal.error_dict:
            refusal = ValidationError({"on": refusal.error_dict["answered_on"]})
        super().refuse(refusal)

    def said(self, record: MinutesRequest) -> str:
        """That it is answered."""
        return f"The request of {record.asked_by} is answered."
