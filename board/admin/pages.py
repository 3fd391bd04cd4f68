"""What the pages of the Board's room share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.utils import timezone

from board.forms.fields import BoardAct
from board.models import Meeting
from documents.admin import RecordPage
from nipas_admin.shared.acts import ActForm
from nipas_admin.shared.pages import address, may


class BoardPage(RecordPage):
    """A record's page whose acts know the hour, and what the address says beforehand."""

    def act_form(self, request: HttpRequest, act: type[ActForm], record: Any) -> ActForm:
        """The form of an act, knowing the hour in Chicago."""
        if not issubclass(act, BoardAct):
            return super().act_form(request, act, record)
        return act(
            request.POST or None, request.FILES or None, subject=record, user=request.user,
            now=timezone.localtime(), asked=request.GET,
        )  # fmt: skip

    def meeting_of(self, record: Any) -> Meeting | None:
        """The meeting that the record belongs to, where one returns after saving; None to go as stock does."""
        return None

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """Back to the meeting, where what was changed is seen."""
        meeting = self.meeting_of(obj)
        if meeting is not None and may(request, "view", Meeting):
            return HttpResponseRedirect(address(meeting))
        return super().response_post_save_change(request, obj)
