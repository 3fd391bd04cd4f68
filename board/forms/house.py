"""What is asked on the page of a meeting itself: what if, and a new item of the agenda."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError

from board import services
from board.models import Meeting
from membership.models import Agency, Official
from nipas_admin.shared.choosing import FindSeveral, SeveralRecords


class WhatIfForm(forms.Form):
    """A house that is not there: so many present, so many against, without these agencies."""

    present = forms.IntegerField(label="If so many are present", min_value=0, max_value=99999, required=False)
    against = forms.IntegerField(label="and so many vote against", min_value=0, max_value=99999, required=False)
    without = SeveralRecords(
        queryset=Agency.objects.none(), label="and these agencies withdraw", required=False,
        error_messages={"invalid_choice": "Choose agencies of the register."},
    )  # fmt: skip

    def __init__(self, request: Any, meeting: Meeting, **options: Any) -> None:
        asked = {"present", "against", "without"} & set(request.GET)
        super().__init__(request.GET if asked else None, **options)
        self.meeting = meeting
        if not asked and meeting.called_to_order_at is None:
            self.initial["present"] = _needed(meeting)
        field: Any = self.fields["without"]
        field.queryset = Agency.objects.all()
        field.widget = FindSeveral(Official._meta.get_field("agency"), admin.site)
        field.widget.choices = field.choices
        for name in ("present", "against"):
            self.fields[name].widget.attrs.update({"inputmode": "numeric", "class": "vIntegerField"})

    def answer(self) -> services.WhatIf | None:
        """What the house could do; None where the figures of the bylaws are not known, or nothing sound was asked."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return services.what_if(
            self.meeting,
            present=data.get("present") if self.is_bound else self.initial.get("present"),
            without={agency.pk for agency in data.get("without", ())},
            against=data.get("against") or 0,
        )


def _needed(meeting: Meeting) -> int | None:
    """Just a quorum; None where it is not known."""
    try:
        return services.quorum_needed(meeting)
    except ValidationError:
        return None


class QuickItemForm(forms.Form):
    """A new item at the end of the agenda."""

    title = forms.CharField(label="New item", max_length=200, widget=AdminTextInputWidget())
    sponsor = forms.CharField(label="Sponsor", max_length=120, required=False, widget=AdminTextInputWidget())
    minutes_allotted = forms.IntegerField(label="Minutes", min_value=0, max_value=600, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="new_item_%s")
