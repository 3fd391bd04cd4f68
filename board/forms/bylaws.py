"""Versions of the bylaws: the record, and the act that begins an amendment."""

from __future__ import annotations

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget

from board import services
from board.models import BylawsVersion
from nipas_admin.shared.acts import ActForm
from nipas_admin.shared.forms import RecordForm


class BylawsForm(RecordForm):
    """A version of the bylaws with its text."""

    class Meta:
        model = BylawsVersion
        exclude = ["adopted_by"]
        widgets = {"text": AdminTextareaWidget(attrs={"rows": 24})}


class DraftForm(ActForm):
    """A proposed amendment: the version as it would read (Bylaws Art. XV)."""

    slug = "draft"
    label = "Draft an amendment"
    permission = "board.add_bylawsversion"
    intro = (
        "This copies the version, its text and its figures, as a new one that is not in force. Change the copy to what "
        "is proposed. The motion that adopts it brings it into force; until then everything stands as it is."
    )

    title = forms.CharField(
        label="Title of the proposed version",
        max_length=200,
        widget=AdminTextInputWidget(),
        help_text="By which the notice and the motion name it, for example Bylaws as amended in 2027.",
    )

    def clean_title(self) -> str:
        """The title, which no other version has."""
        title: str = self.cleaned_data["title"].strip()
        if BylawsVersion.objects.filter(title__iexact=title).exists():
            raise forms.ValidationError(f"There is a version called {title} already. Give this one another title.")
        return title

    def act(self) -> BylawsVersion:
        """Draft it."""
        return services.draft_amendment(title=self.cleaned_data["title"], source=self.subject)

    def said(self, record: BylawsVersion) -> str:
        """What to do now."""
        days = self.subject.notice_days
        return (
            f"{record.title} is drafted. Change its text and figures to what is proposed; it goes to all participating "
            f"agencies {days} days before the meeting (Bylaws Art. XV §1)."
        )
