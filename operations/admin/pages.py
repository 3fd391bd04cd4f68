"""What the pages of mutual aid share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from documents.admin import RecordPage


class ReadPage(RecordPage):
    """A record that only acts write: its page shows it; nothing is typed over. ``adds_at`` is where one is made."""

    adds_at = ""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Those who may, where one is made on a page of its own; else nobody."""
        return bool(self.adds_at) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: what an act wrote is corrected by another act."""
        return False

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page of its own."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        return redirect(self.adds_at)
