"""The pages about money that comes in that are no record's: who owes on a day."""

from __future__ import annotations

import io

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from documents import letters
from finance.receivables_page import ReceivablesPage
from nipas_admin.shared import tables
from nipas_admin.shared.day import day_of
from nipas_admin.shared.downloads import as_download
from nipas_admin.shared.pages import framed, must, must_see_all

STATEMENT = "finance.statement"


@require_safe
def owes(request: HttpRequest) -> HttpResponseBase:
    """Who owes on a day, by region and by how long, with the letters sent to each; or the same as a table."""
    must(request, "finance.view_invoice")
    must_see_all(request)
    chosen = day_of(request)
    kind = letters.kind_of(STATEMENT)
    page = ReceivablesPage(chosen, request.GET, kind if request.user.has_perm(kind.permission) else None)
    may_export = request.user.has_perm("finance.export_invoice")
    if request.GET.get("as") == tables.CSV:
        if not may_export:
            raise PermissionDenied
        data = tables.write(tables.CSV, page.headings(), page.rows())
        name = f"who-owes-{chosen.chosen.isoformat()}.csv"
        return as_download(io.BytesIO(data), name, tables.CONTENT_TYPES[tables.CSV])
    shown = {"title": "Who owes", "day": chosen, "may_export": may_export, **page.context()}
    return framed(request, "finance/owes.html", shown)
