"""What the pages of the Treasurer's room share."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from documents.admin import RecordPage
from finance.forms.acts import TreasurersAct
from nipas_admin.shared.acts import ActForm
from nipas_admin.shared.pages import must_see_all


class TreasurersPage(RecordPage):
    """A record's page whose acts know the hour, and what the address says beforehand."""

    class Media:
        css = {"all": ["finance/finance.css"]}

    def act_form(self, request: HttpRequest, act: type[ActForm], record: Any) -> ActForm:
        """The form of an act, knowing the hour in Chicago."""
        if not issubclass(act, TreasurersAct):
            return super().act_form(request, act, record)
        return act(
            request.POST or None, request.FILES or None, subject=record, user=request.user,
            now=timezone.localtime(), asked=request.GET,
        )  # fmt: skip


class BookedPage(TreasurersPage):
    """A record that only acts write: its page shows it and offers the acts; nothing is typed over."""

    change_form_template = "finance/booked_page.html"
    adds: type[TreasurersAct] | None = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Those who may, where one is added by an act of its own; else nobody."""
        return self.adds is not None and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: what was booked is corrected by another act."""
        return False

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The act that makes one."""
        if self.adds is None or not self.has_add_permission(request):
            raise PermissionDenied
        must_see_all(request)
        return self.run(request, self.act_form(request, self.adds, None))
